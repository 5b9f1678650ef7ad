"""Export to Excel: ask for a name, write in the background, say how it ended."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_gui.export.work import excel_thumbnail, excel_words, places_of
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.progress_dialog import ProgressDialog
from roomnet_gui.jobs.runner import Lane, Runner


def ask_path(parent: QWidget, suggestion: Path) -> Path | None:
    """Let the user name the Excel file; asks before an existing one is replaced. None: cancelled."""
    chosen, _ = QFileDialog.getSaveFileName(
        parent,
        QCoreApplication.translate("ExcelExport", "Export to Excel"),
        str(suggestion),
        QCoreApplication.translate("ExcelExport", "Excel workbook (*.xlsx)"),
    )
    if not chosen:
        return None
    path = Path(chosen)
    if path.suffix.lower() == ".xlsx":
        return path
    # The dialog asked about the name without its suffix; about this one nobody has asked yet.
    path = path.with_name(path.name + ".xlsx")
    return path if not path.exists() or _may_replace(parent, path) else None


def _may_replace(parent: QWidget, path: Path) -> bool:
    question = QCoreApplication.translate("ExcelExport", "{name} is there already. Replace it?").format(name=path.name)
    title = QCoreApplication.translate("ExcelExport", "Export to Excel")
    return QMessageBox.question(parent, title, question) == QMessageBox.StandardButton.Yes


class ExcelExport(QObject):
    """One export at a time, over `window`."""

    def __init__(self, runner: Runner, window: QWidget) -> None:
        super().__init__(window)
        self._runner = runner
        self._window = window

    def run(
        self,
        path: Path,
        photos: Sequence[SessionPhoto],
        rooms: RoomSet,
        model: str,
        done: Callable[[Path], None],
        failed: Callable[[BaseException], None],
    ) -> None:
        """Write `photos` to `path`; `done(path)` when the file is there, nothing when it was cancelled."""
        dialog = ProgressDialog(
            self.tr("Export to Excel"), self.tr("Writing {name}…").format(name=path.name), self._window
        )

        def work(job: Job) -> None:
            from roomnet_core.export.excel import write_excel  # openpyxl is not needed before

            write_excel(
                path,
                photos,
                rooms,
                model=model,
                thumbnail=excel_thumbnail,
                places=places_of(photos),
                words=excel_words(),
                progress=job.progress,
                cancelled=job.cancelled,
            )

        def finished(_: object) -> None:
            dialog.finish()
            done(path)

        def broken(error: BaseException) -> None:
            dialog.finish()
            failed(error)

        dialog.follow(
            self._runner.start(
                Lane.FILES,
                "export to Excel",
                work,
                Callbacks(progress=dialog.show_progress, done=finished, failed=broken, cancelled=dialog.finish),
            )
        )
        dialog.open()
