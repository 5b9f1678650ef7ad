"""The main window: puts the parts together and says which action does what."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QSettings, QSize, Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDragMoveEvent,
    QDropEvent,
    QGuiApplication,
)
from PySide6.QtWidgets import QMainWindow, QMessageBox, QStackedWidget, QToolBar, QWidget

from roomnet_gui import texts
from roomnet_gui.about import show_about
from roomnet_gui.actions import Actions
from roomnet_gui.appearance import apply_scheme
from roomnet_gui.error_report import ErrorReporter
from roomnet_gui.export.excel_export import ExcelExport, ask_path
from roomnet_gui.export.exports import Exports
from roomnet_gui.jobs.classification import Classifier, EngineInfo
from roomnet_gui.jobs.progress_area import ProgressArea
from roomnet_gui.jobs.runner import Runner
from roomnet_gui.opening import Opening, dropped_paths
from roomnet_gui.review.drop_overlay import DropOverlay
from roomnet_gui.review.empty_state import EmptyState
from roomnet_gui.review.key_list import key_columns
from roomnet_gui.review.key_overlay import KeyOverlay
from roomnet_gui.review.photo_delegate import NORMAL_ZOOM, ZOOMS
from roomnet_gui.review.review_page import ReviewPage
from roomnet_gui.review.session import ReviewSession, RunEnd
from roomnet_gui.review.thumbnails import ThumbnailStore
from roomnet_gui.sort.sorts import Sorts
from roomnet_gui.window_state import WindowState

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
        self._state = WindowState(settings)
        self.setAcceptDrops(True)
        self.setMinimumSize(640, 480)
        self.runner = Runner(errors.report, self)
        ratio = QGuiApplication.primaryScreen().devicePixelRatio()
        self._thumbnails = ThumbnailStore(self.runner, ZOOMS[NORMAL_ZOOM], device_pixel_ratio=ratio, parent=self)
        self.session = ReviewSession(classifier, self.runner, self._thumbnails, self)
        self.actions_ = Actions(self.session.undo_stack, self)
        self.review = ReviewPage(self.session, self._thumbnails, self.runner, self.actions_.fill_label_menu)
        self.empty = EmptyState(self.actions_.open_folder, self.actions_.add_photos)
        self.progress = ProgressArea()
        self.opening = Opening(settings, self._start_with, self.session.add, self)
        self._export = ExcelExport(self.runner, self)
        self.sorts = Sorts(self.session, self.runner, settings, errors.report, self)
        self.exports = Exports(self.session, self.runner, settings, self.sorts, self)
        self._pages = QStackedWidget()
        self._pages.addWidget(self.empty)
        self._pages.addWidget(self.review)
        self.setCentralWidget(self._pages)
        self._overlay = DropOverlay(self)
        self.key_overlay = KeyOverlay(self)
        self.actions_.fill_menu_bar(self.menuBar())
        self.actions_.bind_to(self.review.views)
        self.actions_.set_rooms(self.session.document.rooms)
        self.actions_.set_recent(self.opening.recent())
        self.addToolBar(self._make_tool_bar())
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addPermanentWidget(self.progress, 1)
        self._connect()
        self._restore()
        self._update_state()
        self.empty.focus_start()
        QTimer.singleShot(0, self, self.sorts.start)

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Add folders and photos, as a drop does."""
        self.opening.add(paths)

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
        self._connect_actions()
        session, review = self.session, self.review
        session.changed.connect(self._update_state)
        session.replaced.connect(self._replaced)
        session.running_changed.connect(self._running_changed)
        session.progress_changed.connect(self.progress.show_progress)
        session.run_ended.connect(self._run_ended)
        session.engine_opened.connect(self._engine_opened)
        session.undo_stack.cleanChanged.connect(lambda clean: self.setWindowModified(session.unsaved))
        review.selection_changed.connect(self._update_actions)
        review.previewing_changed.connect(lambda previewing: self._update_actions())
        review.said.connect(self.progress.say)
        self.sorts.sorted.connect(self._mark_kept)
        self.exports.exported.connect(self._mark_kept)
        self.sorts.undoable_changed.connect(self.actions_.name_undo_sort)
        self.opening.recent_changed.connect(self.actions_.set_recent)
        self.progress.cancel_requested.connect(session.cancel)

    def _connect_actions(self) -> None:
        actions, session, review = self.actions_, self.session, self.review
        for action, act in (
            (actions.open_folder, self.opening.open_folder),
            (actions.add_folder, self.opening.add_folder),
            (actions.add_photos, self.opening.add_photos),
            (actions.close_photos, lambda: self._when_kept(session.clear)),
            (actions.export_excel, self._export_excel),
            (actions.export, self.exports.open),
            (actions.sort, self.sorts.open),
            (actions.undo_sort, self.sorts.undo_last),
            (actions.earlier_sorts, self.sorts.show_earlier),
            (actions.quit, self.close),
            (actions.select_all, review.grid.selectAll),
            (actions.find, review.search_field.setFocus),
            (actions.take_back, lambda: review.label_selected(None)),
            (actions.accept, review.accept_selected),
            (actions.reject, review.reject_selected),
            (actions.cover, review.toggle_cover),
            (actions.next_unsure, lambda: review.go_to_unsure(1)),
            (actions.previous_unsure, lambda: review.go_to_unsure(-1)),
            (actions.classify_rest, session.classify_rest),
            (actions.cancel, session.cancel),
            (actions.preview, review.open_preview),
            (actions.actual_size, review.preview.toggle_actual_size),
            (actions.zoom_in, lambda: review.zoom_by(1)),
            (actions.zoom_out, lambda: review.zoom_by(-1)),
            (actions.zoom_normal, review.zoom_normal),
            (actions.next_panel, lambda: review.next_panel(1)),
            (actions.previous_panel, lambda: review.next_panel(-1)),
            (actions.keys, lambda: self.key_overlay.open(key_columns(actions, session.document.rooms))),
            (actions.about, lambda: show_about(self, self._classifier.model.card)),
        ):
            action.triggered.connect(lambda _=False, act=act: act())
        actions.inspector.toggled.connect(review.show_inspector)
        actions.schemes.triggered.connect(lambda action: self._set_scheme(action.data()))
        actions.room_chosen.connect(review.label_selected)
        actions.recent_chosen.connect(lambda folder: self.opening.start_with([folder]))

    def _replaced(self) -> None:
        self.actions_.set_rooms(self.session.document.rooms)
        self._update_state()

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
            previewing=self.review.previewing,
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

    def _start_with(self, paths: Sequence[Path]) -> None:
        def start() -> None:
            self.session.clear()
            self.session.add(paths)

        self._when_kept(start)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event):
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
        if paths := dropped_paths(event):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.open_paths(paths)

    def _drag_over(self) -> None:
        self.empty.set_inviting(False)
        self._overlay.hide()

    # --- export and sort

    def _export_excel(self, then: Callable[[], None] | None = None) -> None:
        path = ask_path(self, Path(self.opening.last_folder()) / "rooms.xlsx")
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
        self._state.save(self, self.review, self.session.document.rooms)
        self._closed = True
        if self.runner.shutdown(_CLOSE_SECONDS):
            self._classifier.close()
        event.accept()

    def _close_now(self) -> None:
        self._closed = True
        self.close()

    # --- settings

    def _restore(self) -> None:
        self._state.restore(self, self.review, self.session.document.rooms)
        self.actions_.inspector.setChecked(self._state.inspector)
        for action in self.actions_.schemes.actions():
            action.setChecked(action.data() == self._state.scheme)
        apply_scheme(self._state.scheme)

    def _set_scheme(self, scheme: str) -> None:
        apply_scheme(scheme)
        self._state.scheme = scheme
