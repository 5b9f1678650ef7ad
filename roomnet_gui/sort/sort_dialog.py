"""Sort into folders: choose where, see how many photos go to which folder, copy, read the report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QCloseEvent, QDesktopServices
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.sorting.execute import execute
from roomnet_core.sorting.journal import Journal
from roomnet_core.sorting.plan import Skipped, SortOptions, SortPlan, make_plan
from roomnet_core.sorting.report import SortReport
from roomnet_gui import texts
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.tables import set_up_table

UNSURE_FOLDER = "Unsure"


class SortDialog(QDialog):
    """Three pages: the preview, the progress, the report. Copies only; nothing is ever overwritten."""

    sorted = Signal(object)  # the report of a sort that ran to its end

    def __init__(
        self,
        photos: Sequence[SessionPhoto],
        rooms: RoomSet,
        destination: Path,
        runner: Runner,
        report_error: Callable[[BaseException], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Sort into folders"))
        self.resize(600, 540)
        self._photos, self._rooms = tuple(photos), rooms
        self._runner, self._report_error = runner, report_error
        self._plan: SortPlan | None = None
        self._job: Job | None = None
        self._round = 0
        self._pages = QStackedWidget()
        self._pages.addWidget(self._make_preview(destination))
        self._pages.addWidget(self._make_progress())
        self._pages.addWidget(self._make_report())
        self.buttons = QDialogButtonBox()
        self.sort_button = self.buttons.addButton(self.tr("Copy photos"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.sort_button.setDefault(True)
        self._cancel = self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        self._open = self.buttons.addButton(self.tr("&Open folder"), QDialogButtonBox.ButtonRole.ActionRole)
        self._open.clicked.connect(self._open_folder)
        self._close = self.buttons.addButton(QDialogButtonBox.StandardButton.Close)
        self.buttons.accepted.connect(self._execute)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addWidget(self._pages)
        layout.addWidget(self.buttons)
        self._timer = QTimer(self, singleShot=True, interval=200)
        self._timer.timeout.connect(self._make_plan)
        self._show_page(0)
        self._make_plan()

    @property
    def destination(self) -> Path:
        return Path(self.folder_field.text().strip()).expanduser()

    # --- pages

    def _make_preview(self, destination: Path) -> QWidget:
        page = QWidget()
        intro = QLabel(
            self.tr("Every photo is copied into the folder of its room. The originals stay where they are.")
        )
        intro.setWordWrap(True)
        self.folder_field = QLineEdit(str(destination))
        self.folder_field.setAccessibleName(self.tr("Destination folder"))
        self.folder_field.textChanged.connect(self._options_changed)
        folder_label = QLabel(self.tr("&Destination:"))
        folder_label.setBuddy(self.folder_field)
        browse = QPushButton(self.tr("&Browse…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        folder = QHBoxLayout()
        folder.addWidget(folder_label)
        folder.addWidget(self.folder_field, 1)
        folder.addWidget(browse)
        self.unsure_box = QCheckBox(self.tr("Copy &unsure photos into a folder of their own, “{name}”"))
        self.unsure_box.setText(self.unsure_box.text().format(name=UNSURE_FOLDER))
        self.unsure_box.setChecked(True)
        self.unsure_box.toggled.connect(self._options_changed)
        self.table = _table(self.tr("How many photos go where"), [self.tr("Folder"), self.tr("Photos")], stretch=0)
        self._plan_summary = QLabel()
        self._plan_summary.setObjectName("planSummary")
        self._plan_summary.setWordWrap(True)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(intro)
        layout.addLayout(folder)
        layout.addWidget(self.unsure_box)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._plan_summary)
        return page

    def _make_progress(self) -> QWidget:
        page = QWidget()
        self._progress_text = QLabel(self.tr("Copying…"))
        self._bar = QProgressBar()
        self._bar.setAccessibleName(self.tr("Progress of the copying"))
        layout = QVBoxLayout(page)
        layout.addStretch()
        layout.addWidget(self._progress_text)
        layout.addWidget(self._bar)
        layout.addStretch()
        return page

    def _make_report(self) -> QWidget:
        page = QWidget()
        self.report_text = QLabel()
        self.report_text.setObjectName("reportText")
        self.report_text.setWordWrap(True)
        titles = [self.tr("Photo"), self.tr("Why not")]
        self.report_table = _table(self.tr("Photos that were not copied"), titles, stretch=1)
        self.report_table.header().resizeSection(0, 200)
        layout = QVBoxLayout(page)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.report_text)
        layout.addWidget(self.report_table, 1)
        return page

    def _show_page(self, number: int) -> None:
        self._pages.setCurrentIndex(number)
        self.sort_button.setVisible(number == 0)
        self._cancel.setVisible(number < 2)
        self._open.setVisible(number == 2)
        self._close.setVisible(number == 2)
        if number == 2:
            self._close.setDefault(True)
            self._close.setFocus()

    # --- the plan

    def _browse(self) -> None:
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Destination folder"), self.folder_field.text())
        if chosen:
            self.folder_field.setText(chosen)

    def _options_changed(self) -> None:
        self._round += 1  # a plan that is on its way is for other options
        self._plan = None
        self.sort_button.setEnabled(False)
        self._timer.start()

    def _make_plan(self) -> None:
        """In the background: it looks into the folders that are there already."""
        self._round += 1
        this_round = self._round
        self._plan = None
        self.sort_button.setEnabled(False)
        if not self.destination.is_absolute():
            self.table.clear()
            self._plan_summary.setText(self.tr("Choose a destination folder."))
            return
        unsure = UNSURE_FOLDER if self.unsure_box.isChecked() else None
        options = SortOptions(self.destination, unsure_folder=unsure)
        photos, rooms = self._photos, self._rooms

        def done(plan: SortPlan) -> None:
            if this_round == self._round:
                self._show_plan(plan)

        def failed(error: BaseException) -> None:
            if this_round == self._round:
                self.table.clear()
                self._plan_summary.setText(str(error))

        def work(job: Job) -> SortPlan:
            return make_plan(photos, rooms, options)

        self._runner.start(Lane.FILES, "plan the sort", work, Callbacks(done=done, failed=failed))

    def _show_plan(self, plan: SortPlan) -> None:
        self._plan = plan
        self.table.clear()
        counts = dict(plan.counts())
        order = [room.folder for room in self._rooms.in_listing_order()]
        for name in sorted(counts, key=lambda name: (order.index(name) if name in order else len(order), name)):
            self._add_row(name, counts[name])
        if plan.skipped:
            self._add_row(self.tr("(stay where they are)"), len(plan.skipped))
        parts = [
            self.tr("{photos} will be copied, {size} MB.").format(
                photos=texts.photos(len(plan.items)), size=f"{plan.total_bytes / 1e6:,.1f}"
            )
        ]
        problems = sum(photo.problem is not None and photo.decided is None for photo in self._photos)
        if plan.skipped:
            parts.append(
                self.tr("{photos} will not be copied ({problems} of them could not be read).").format(
                    photos=texts.photos(len(plan.skipped)), problems=problems
                )
            )
        parts.append(self.tr("Nothing is overwritten: a name that is taken gets a number."))
        self._plan_summary.setText(" ".join(parts))
        self.sort_button.setEnabled(bool(plan.items))

    def _add_row(self, name: str, count: int) -> None:
        item = QTreeWidgetItem([name, f"{count:,}"])
        item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.table.addTopLevelItem(item)

    # --- copying

    def _execute(self) -> None:
        plan = self._plan
        if plan is None or not plan.items or self._job is not None:
            return
        self._round += 1  # a plan that is still on its way comes too late
        self._bar.setRange(0, len(plan.items))
        self._bar.setValue(0)
        self._progress_text.setText(self.tr("Copying {photos}…").format(photos=texts.photos(len(plan.items))))
        self._show_page(1)
        self._job = self._runner.start(
            Lane.FILES,
            "copy photos",
            lambda job: _copy(plan, job),
            Callbacks(
                progress=lambda done, total: self._bar.setValue(done),
                done=self._show_report,
                failed=self._failed,
                cancelled=self._back,
            ),
        )

    def _back(self) -> None:
        self._job = None
        self._show_page(0)
        self._make_plan()

    def _failed(self, error: BaseException) -> None:
        self._back()
        self._report_error(error)

    def _show_report(self, report: SortReport) -> None:
        self._job = None
        lines = [
            self.tr("{photos} copied to {folder}.").format(
                photos=texts.photos(report.photos), folder=str(self.destination)
            )
        ]
        if report.cancelled:
            lines.insert(0, self.tr("The copying was cancelled; what was copied so far is complete."))
        left = [*report.failed, *report.skipped]
        if left:
            lines.append(self.tr("{photos} not copied:").format(photos=texts.photos(len(left))))
        self.report_text.setText("\n".join(lines))
        self.report_table.setVisible(bool(left))
        self._fill_report(left)
        self._show_page(2)
        if not report.cancelled and not report.failed:
            self.sorted.emit(report)

    def _fill_report(self, left: Sequence[Skipped]) -> None:
        self.report_table.clear()
        for skipped in left:
            item = QTreeWidgetItem([skipped.file.path.name, skipped.reason])
            item.setToolTip(0, str(skipped.file.path))
            item.setToolTip(1, skipped.reason)
            self.report_table.addTopLevelItem(item)

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self.destination)))

    # --- closing

    def reject(self) -> None:
        if self._job is not None:
            self._job.cancel()  # its report comes next
        else:
            self._round += 1
            self._timer.stop()
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._job is not None:
            self._job.cancel()
            event.ignore()
        else:
            self._round += 1
            super().closeEvent(event)


def _copy(plan: SortPlan, job: Job) -> SortReport:
    with Journal.open() as journal:
        return execute(plan, journal, progress=job.progress, cancelled=job.cancelled)


def _table(name: str, titles: list[str], stretch: int) -> QTreeWidget:
    table = QTreeWidget()
    table.setHeaderLabels(titles)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    set_up_table(table, name, stretch)
    return table
