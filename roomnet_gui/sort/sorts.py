"""Everything about sorting that the window offers, in one place: the window only says which action asks for what."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtWidgets import QWidget

from roomnet_core.photos.formats import PHOTO_SUFFIXES
from roomnet_gui.jobs.runner import Runner
from roomnet_gui.review.session import ReviewSession
from roomnet_gui.sort.sort_dialog import SortDialog


class Sorts(QObject):
    """Opens the sort dialog over `window` for the photos of `session`."""

    sorted = Signal(int)  # place of the undo stack whose labels the sorted files now show

    def __init__(
        self,
        session: ReviewSession,
        runner: Runner,
        settings: QSettings,
        report_error: Callable[[BaseException], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._runner, self._settings = session, runner, settings
        self._report_error, self._window = report_error, window

    def open(self) -> None:
        """The sort dialog."""
        session = self._session
        at_start = session.undo_stack.index()
        dialog = SortDialog(
            session.photos(), session.rooms, self._suggestion(), self._runner, self._report_error, self._window
        )
        dialog.sorted.connect(lambda report: self.sorted.emit(at_start))
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        dialog.open()

    def _suggestion(self) -> Path:
        """Beside the photos and not among them, so that the copies are not found when the folder is opened again."""
        start = self._session.origin or Path(str(self._settings.value("lastFolder", str(Path.home()))))
        folder = folder_of(start)
        return folder.parent / self.tr("{folder} sorted").format(folder=folder.name or "RoomNet")


def folder_of(path: Path) -> Path:
    """The folder of photos that `path` stands for. Without touching the disk: a photo's suffix is a photo."""
    return path.parent if path.suffix.lower() in PHOTO_SUFFIXES else path
