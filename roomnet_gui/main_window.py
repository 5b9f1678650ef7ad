"""The main window: puts the parts together and says which action does what."""

from __future__ import annotations

import platform
from collections.abc import Callable, Sequence
from pathlib import Path

import PySide6
from PySide6.QtCore import QByteArray, QSettings, QSize, Qt
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
)
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMessageBox, QStackedWidget, QToolBar, QWidget

from roomnet_core.photos.formats import PHOTO_SUFFIXES
from roomnet_gui import texts
from roomnet_gui.actions import Actions
from roomnet_gui.appearance import apply_scheme
from roomnet_gui.error_report import ErrorReporter
from roomnet_gui.export.excel_export import ExcelExport, ask_path
from roomnet_gui.jobs.classification import Classifier, EngineInfo
from roomnet_gui.jobs.progress_area import ProgressArea
from roomnet_gui.jobs.runner import Runner
from roomnet_gui.review.drop_overlay import DropOverlay
from roomnet_gui.review.empty_state import EmptyState
from roomnet_gui.review.photo_delegate import PICTURE
from roomnet_gui.review.review_page import ReviewPage
from roomnet_gui.review.session import ReviewSession, RunEnd
from roomnet_gui.review.thumbnails import ThumbnailStore
from roomnet_gui.sort.sorts import Sorts, folder_of

# Longer than any job takes to notice its cancelling; after it the window closes all the same.
_CLOSE_SECONDS = 3.0


class MainWindow(QMainWindow):
    """Composition only: what the parts do is in the parts."""

    def __init__(
        self, classifier: Classifier, settings: QSettings, errors: ErrorReporter, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._classifier, self._settings, self._errors = classifier, settings, errors
        self._closed = False
        self._rest = False
        self.setAcceptDrops(True)
        self.setMinimumSize(640, 480)
        self.runner = Runner(errors.report, self)
        ratio = QGuiApplication.primaryScreen().devicePixelRatio()
        self._thumbnails = ThumbnailStore(self.runner, PICTURE, device_pixel_ratio=ratio, parent=self)
        self.session = ReviewSession(classifier, self.runner, self._thumbnails, self)
        self.actions_ = Actions(self.session.rooms, self.session.undo_stack, self)
        self.review = ReviewPage(self.session, self._thumbnails, self.runner, self.actions_.fill_label_menu)
        self.empty = EmptyState(self.actions_.open_folder, self.actions_.add_photos)
        self.progress = ProgressArea()
        self._export = ExcelExport(self.runner, self)
        self.sorts = Sorts(self.session, self.runner, settings, errors.report, self)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.review)
        self.setCentralWidget(self._pages)
        self._overlay = DropOverlay(self)
        self.actions_.fill_menu_bar(self.menuBar())
        self.addToolBar(self._make_tool_bar())
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addPermanentWidget(self.progress, 1)
        self._connect()
        self._restore()
        self._update_state()
        self.empty.focus_start()

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Add folders and photos, as a drop does."""
        if paths:
            self.session.add([path.absolute() for path in paths])
            self._settings.setValue("lastFolder", str(folder_of(paths[-1].absolute())))

    # --- putting together

    def _make_tool_bar(self) -> QToolBar:
        bar = QToolBar(self.tr("Tool bar"))
        bar.setObjectName("toolBar")
        bar.setMovable(False)
        bar.setIconSize(QSize(20, 20))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.toggleViewAction().setEnabled(False)
        self.actions_.fill_tool_bar(bar, self.review.search_field)
        return bar

    def _connect(self) -> None:
        actions, session, review = self.actions_, self.session, self.review
        actions.open_folder.triggered.connect(self._open_folder)
        actions.add_folder.triggered.connect(self._add_folder)
        actions.add_photos.triggered.connect(self._add_photos)
        actions.close_photos.triggered.connect(lambda: self._when_kept(session.clear))
        actions.export_excel.triggered.connect(lambda: self._export_excel())
        actions.sort.triggered.connect(self.sorts.open)
        self.sorts.sorted.connect(self._mark_kept)
        actions.quit.triggered.connect(self.close)
        actions.select_all.triggered.connect(review.grid.selectAll)
        actions.find.triggered.connect(review.search_field.setFocus)
        actions.preview.triggered.connect(review.open_preview)
        actions.classify_rest.triggered.connect(session.classify_rest)
        actions.cancel.triggered.connect(session.cancel)
        actions.take_back.triggered.connect(lambda: review.label_selected(None))
        actions.about.triggered.connect(self._about)
        actions.schemes.triggered.connect(lambda action: self._set_scheme(action.data()))
        for room_id, action in actions.rooms.items():
            action.triggered.connect(lambda _=False, room_id=room_id: review.label_selected(room_id))
        session.changed.connect(self._update_state)
        session.replaced.connect(self._update_state)
        session.running_changed.connect(self._running_changed)
        session.progress_changed.connect(self.progress.show_progress)
        session.run_ended.connect(self._run_ended)
        session.engine_opened.connect(self._engine_opened)
        session.undo_stack.cleanChanged.connect(lambda clean: self.setWindowModified(session.unsaved))
        review.grid.selectionModel().selectionChanged.connect(lambda *_: self._update_actions())
        self.progress.cancel_requested.connect(session.cancel)

    def _update_state(self) -> None:
        """After photos came or went."""
        photos = len(self.session.document) > 0
        if photos != (self._pages.currentWidget() is self.review):
            self._pages.setCurrentWidget(self.review if photos else self.empty)
            (self.review.grid if photos else self.empty).setFocus()
            if not photos:
                self.empty.focus_start()
        name = self.session.origin.name if photos and self.session.origin else ""
        self.setWindowTitle(f"{name}[*] - RoomNet" if name else "RoomNet[*]")
        self.setWindowModified(self.session.unsaved)
        self._rest = bool(self.session.unclassified())
        self._update_actions()

    def _update_actions(self) -> None:
        """After each move of the selection: nothing here may count photos."""
        running = self.session.running
        self.actions_.set_state(
            photos=len(self.session.document) > 0,
            selected=self.review.grid.selectionModel().hasSelection(),
            running=running,
            rest=self._rest,
        )

    # --- what the session says

    def _running_changed(self, running: bool) -> None:
        self.progress.set_running(running)
        if not running:
            self.progress.say("")
        self._update_actions()

    def _run_ended(self, end: RunEnd) -> None:
        self.progress.show_end(end, self.session.summary())

    def _engine_opened(self, info: EngineInfo) -> None:
        self.progress.show_engine(info, self.session.model_name)

    # --- opening

    def _open_folder(self) -> None:
        if chosen := self._ask_folder(self.tr("Open a folder of photos")):
            self._when_kept(lambda: self._start_with(chosen))

    def _start_with(self, folder: Path) -> None:
        self.session.clear()
        self.open_paths([folder])

    def _add_folder(self) -> None:
        if chosen := self._ask_folder(self.tr("Add a folder of photos")):
            self.open_paths([chosen])

    def _add_photos(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in sorted(PHOTO_SUFFIXES))
        names, _ = QFileDialog.getOpenFileNames(
            self, self.tr("Add photos"), self._last_folder(), self.tr("Photos ({patterns})").format(patterns=patterns)
        )
        self.open_paths([Path(name) for name in names])

    def _ask_folder(self, title: str) -> Path | None:
        chosen = QFileDialog.getExistingDirectory(self, title, self._last_folder())
        return Path(chosen) if chosen else None

    def _last_folder(self) -> str:
        return str(self._settings.value("lastFolder", str(Path.home())))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _local_paths(event):
            event.acceptProposedAction()
            if self._pages.currentWidget() is self.empty:
                self.empty.set_inviting(True)
            else:
                self._overlay.cover()

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drag_over()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drag_over()
        if paths := _local_paths(event):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.open_paths(paths)

    def _drag_over(self) -> None:
        self.empty.set_inviting(False)
        self._overlay.hide()

    # --- export and sort

    def _export_excel(self, then: Callable[[], None] | None = None) -> None:
        path = ask_path(self, Path(self._last_folder()) / "rooms.xlsx")
        if path is None:
            return
        at_start = self.session.undo_stack.index()

        def done(path: Path) -> None:
            self._mark_kept(at_start)
            self.progress.say(self.tr("Exported to {path}").format(path=str(path)))
            if then is not None:
                then()

        session = self.session
        self._export.run(path, session.photos(), session.rooms, session.model_name, done, self._errors.report)

    def _mark_kept(self, index: int) -> None:
        """The labels as they were at that place of the undo stack are in a file now."""
        if self.session.undo_stack.index() == index:
            self.session.undo_stack.setClean()
        self.setWindowModified(self.session.unsaved)

    # --- closing

    def _when_kept(self, then: Callable[[], None]) -> None:
        """Do `then` once nothing that the user decided can be lost, or not at all."""
        if not self.session.unsaved:
            then()
            return
        answer = self._ask_unsaved()
        if answer == QMessageBox.StandardButton.Save:
            self._export_excel(then)
        elif answer == QMessageBox.StandardButton.Discard:
            then()

    def _ask_unsaved(self) -> QMessageBox.StandardButton:
        decided = sum(photo.decided is not None for photo in self.session.document)
        box = QMessageBox(self)
        box.setIcon(QMessageBox.Icon.Warning)
        box.setWindowTitle(self.tr("RoomNet"))
        box.setText(
            self.tr("You chose the room of {photos} and have not exported or sorted them.").format(
                photos=texts.photos(decided)
            )
        )
        box.setInformativeText(self.tr("Without an export these corrections are lost."))
        buttons = QMessageBox.StandardButton
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.button(buttons.Save).setText(self.tr("&Export…"))
        box.setDefaultButton(buttons.Save)
        return buttons(box.exec())

    def closeEvent(self, event: QCloseEvent) -> None:
        """Cancel, wait for a bounded time, accept."""
        if not self._closed and self.session.unsaved:
            answer = self._ask_unsaved()
            if answer == QMessageBox.StandardButton.Save:
                self._export_excel(self._close_now)
            if answer != QMessageBox.StandardButton.Discard:
                event.ignore()
                return
        self._save_settings()
        self._closed = True
        if self.runner.shutdown(_CLOSE_SECONDS):
            self._classifier.close()
        event.accept()

    def _close_now(self) -> None:
        self._closed = True
        self.close()

    # --- settings

    def _restore(self) -> None:
        geometry = self._settings.value("geometry")
        if not (isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)):
            available = QGuiApplication.primaryScreen().availableGeometry()
            self.resize(QSize(1240, 820).boundedTo(available.size() * 0.9))
        splitter = self._settings.value("splitter")
        if not (isinstance(splitter, QByteArray) and self.review.splitter.restoreState(splitter)):
            self.review.splitter.setSizes([210, 1000])
        scheme = str(self._settings.value("appearance", "system"))
        for action in self.actions_.schemes.actions():
            action.setChecked(action.data() == scheme)
        self._set_scheme(scheme)

    def _set_scheme(self, scheme: str) -> None:
        apply_scheme(scheme)
        self._settings.setValue("appearance", scheme)

    def _save_settings(self) -> None:
        self._settings.setValue("geometry", self.saveGeometry())
        self._settings.setValue("splitter", self.review.splitter.saveState())
        self._settings.sync()

    def _about(self) -> None:
        card = self._classifier.model.card
        lines = [
            self.tr("RoomNet sorts house photos by room."),
            self.tr("Everything stays on this computer: no photo and no name leaves it."),
            "",
            self.tr("Model: {name}. {description}").format(name=card.name, description=card.description),
            self.tr("Python {python}, Qt for Python {qt} (LGPL-3).").format(
                python=platform.python_version(), qt=PySide6.__version__
            ),
        ]
        QMessageBox.about(self, self.tr("About RoomNet"), "\n".join(lines))


def _local_paths(event: QDropEvent) -> list[Path]:
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
