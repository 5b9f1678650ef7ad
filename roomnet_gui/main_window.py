"""The main window: puts the parts together and says which action does what."""

from __future__ import annotations

import os
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
    QUndoGroup,
)
from PySide6.QtWidgets import QApplication, QMainWindow, QMessageBox, QToolBar, QWidget

from roomnet_core.errors import CatalogError
from roomnet_core.inference.model_file import ModelFile, list_models
from roomnet_core.models.store import SUFFIX as MODEL_SUFFIX
from roomnet_core.photos.thumbnail_cache import ThumbnailCache
from roomnet_gui.about import AboutDialog, Facts
from roomnet_gui.actions import Actions
from roomnet_gui.core_texts import spoken
from roomnet_gui.error_report import ErrorReporter
from roomnet_gui.export.excel_export import ExcelExport, ask_path
from roomnet_gui.export.exports import Exports
from roomnet_gui.help import Help
from roomnet_gui.jobs.classification import Classifier, Source
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.progress_area import ProgressArea
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.language import Language, Retranslating
from roomnet_gui.log_dialog import LogDialog
from roomnet_gui.look import Look
from roomnet_gui.opening import Opening, dropped_paths
from roomnet_gui.pages import Pages
from roomnet_gui.review.catalog_door import CatalogDoor
from roomnet_gui.review.catalog_question import ask_about_catalog
from roomnet_gui.review.commands import retitle_all
from roomnet_gui.review.drop_overlay import DropOverlay
from roomnet_gui.review.empty_state import EmptyState
from roomnet_gui.review.folder_watch import FolderWatch
from roomnet_gui.review.key_list import key_columns
from roomnet_gui.review.key_overlay import KeyOverlay
from roomnet_gui.review.news import News
from roomnet_gui.review.photo_delegate import NORMAL_ZOOM, ZOOMS
from roomnet_gui.review.review_page import ReviewPage
from roomnet_gui.review.run import RunEnd
from roomnet_gui.review.session import ReviewSession
from roomnet_gui.review.thumbnail_source import ThumbnailSource
from roomnet_gui.review.thumbnails import ThumbnailStore
from roomnet_gui.review.unsaved_question import ask_unsaved
from roomnet_gui.sort.sorts import Sorts
from roomnet_gui.train.questions import Leaving, ask_leaving
from roomnet_gui.train.train_page import TrainPage
from roomnet_gui.train.training_status import TrainingStatus
from roomnet_gui.welcome import Welcome
from roomnet_gui.window_state import WindowState

# Longer than any job takes to notice its cancelling; after it the window closes all the same.
_CLOSE_SECONDS = 3.0


class MainWindow(Retranslating, QMainWindow):
    """Composition only: what the parts do is in the parts."""

    def __init__(
        self, classifier: Classifier, settings: QSettings, errors: ErrorReporter, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._errors = errors
        self._closed = False
        self._state = WindowState(settings)
        language = Language.of(QApplication.instance())
        language.use(self._state.language)
        self.setAcceptDrops(True)
        self.setMinimumSize(640, 480)
        self.runner = Runner(errors.report, self)
        ratio = QGuiApplication.primaryScreen().devicePixelRatio()
        self._source = ThumbnailSource(ThumbnailCache.open)
        thumbnails = ThumbnailStore(
            self.runner, ZOOMS[NORMAL_ZOOM], self._source, device_pixel_ratio=ratio, parent=self
        )
        self.door = CatalogDoor(self.runner, lambda error, answered: ask_about_catalog(self, error, answered), self)
        self.session = ReviewSession(classifier, self.door, self.runner, thumbnails, self)
        undo = self._undo = QUndoGroup(self)
        self.actions_ = Actions(undo, self)
        self.review = ReviewPage(self.session, thumbnails, self.runner, self.actions_.fill_label_menu)
        self.empty = EmptyState(self.actions_.open_folder, self.actions_.add_photos, self.actions_.samples)
        self.progress = ProgressArea()
        self.opening = Opening(settings, self._start_with, self.session.add, self)
        self.watch = FolderWatch(self.runner, self._comparison, self)
        self.news = News(self.review.notices, self.session, self)
        self._export = ExcelExport(self.runner, self)
        self.sorts = Sorts(self.session, self.door, self.runner, settings, errors.report, self)
        self.exports = Exports(self.session, self.runner, settings, self.sorts, self)
        self.train = TrainPage(
            self.runner,
            self._source,
            settings,
            self.actions_.fill_training_menu,
            lambda: self.session.model,
            lambda: self.door.catalog,
            self._use_model,
        )
        self.help = Help(self.runner, self)
        self._leaving = Leaving.LATER
        self.pages = Pages(self.actions_, undo, self.session, self.empty, self.review, self.train)
        self.setCentralWidget(self.pages)
        self._overlay = DropOverlay(self)
        self.key_overlay = KeyOverlay(self)
        self.actions_.fill_menu_bar(self.menuBar())
        self.actions_.bind_to(self.review.views)
        self.actions_.set_rooms(self.session.document.rooms)
        self.actions_.set_recent(self.opening.recent())
        self._tool_bar = self._make_tool_bar()
        self.addToolBar(self._tool_bar)
        self.statusBar().setSizeGripEnabled(False)
        self.statusBar().addPermanentWidget(self.progress, 1)
        self.training_status = TrainingStatus(self.train.run)
        self.statusBar().addPermanentWidget(self.training_status)
        self._connect()
        self.retranslate()
        self._look = Look(self.actions_, self._state, language, self)
        self._state.restore(self, self.review, self.session.rooms)
        self.actions_.inspector.setChecked(self._state.inspector)
        self._update_state()
        self.empty.focus_start()
        QTimer.singleShot(0, self, self.door.open)
        QTimer.singleShot(0, self, self.sorts.start)
        QTimer.singleShot(0, self, self.train.unfinished.look)

    def retranslate(self) -> None:
        self._tool_bar.setWindowTitle(self.tr("Tool bar"))
        retitle_all(self._undo)
        self.actions_.retranslate()
        self.empty.retranslate()  # it shows the actions' tooltips
        self.sorts.name_undoable()

    def start(self, paths: Sequence[Path] = ()) -> None:
        """Open `paths`, or without any what was open when the window was closed; the very first time, welcome."""
        if paths:
            self.opening.start_with(paths)
            return
        last = self._state.open_paths
        if not self._state.welcomed:
            self.show_welcome()

        def work(job: Job) -> list[Path]:
            return [path for path in last if os.path.lexists(path)]

        def done(there: list[Path]) -> None:
            if there and not self.session.paths:
                self.session.open(there)
            if gone := [str(path) for path in last if path not in there]:
                self.progress.say(self.news.gone(gone))

        if last:
            self.runner.start(Lane.CATALOG, "look for the last folders", work, Callbacks(done=done))

    def show_welcome(self) -> None:
        self._state.welcomed = True
        dialog = Welcome(self)
        dialog.samples_wanted.connect(self.opening.open_samples)
        dialog.folder_wanted.connect(self.opening.open_folder)
        dialog.open()

    def open_paths(self, paths: Sequence[Path]) -> None:
        """Add folders and photos, as a drop does."""
        self.opening.add(paths)

    # --- putting together

    def _make_tool_bar(self) -> QToolBar:
        bar = QToolBar()
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
        session.replaced.connect(lambda names: self.pages.update_rooms())
        session.replaced.connect(lambda names: self._update_state())
        session.paths_changed.connect(self._paths_changed)
        session.run.running_changed.connect(self._running_changed)
        session.run.progress_changed.connect(self.progress.show_progress)
        session.run.ended.connect(self._run_ended)
        session.run.engine_opened.connect(lambda info: self.progress.show_engine(info, session.model_name))
        self.watch.noticed.connect(self.news.folders_changed)
        self.door.trouble.connect(self.news.catalog_trouble)
        session.undo_stack.cleanChanged.connect(self._show_modified)
        review.said.connect(self.progress.say)
        self.sorts.sorted.connect(self._mark_kept)
        self.exports.exported.connect(self._mark_kept)
        self.sorts.undoable_changed.connect(self.actions_.name_undo_sort)
        self.opening.recent_changed.connect(self.actions_.set_recent)
        self.progress.cancel_requested.connect(session.cancel)
        self.train.said.connect(self.progress.say)
        session.model_changed.connect(self.train.model_changed)
        self.training_status.clicked.connect(self.actions_.show_train.trigger)

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
            (actions.manage_models, self.train.show_models),
            (actions.accept, review.accept_selected),
            (actions.cover, review.toggle_cover),
            (actions.next_unsure, lambda: review.go_to_unsure(1)),
            (actions.previous_unsure, lambda: review.go_to_unsure(-1)),
            (actions.classify_rest, session.look_again),
            (actions.cancel, session.cancel),
            (actions.preview, review.open_preview),
            (actions.actual_size, review.preview.toggle_actual_size),
            (actions.zoom_in, lambda: review.zoom_by(1)),
            (actions.zoom_out, lambda: review.zoom_by(-1)),
            (actions.zoom_normal, review.zoom_normal),
            (actions.keys, lambda: self.key_overlay.open(key_columns(actions, self.pages.rooms))),
            (actions.help, lambda: self.help.open_for(self.pages.currentWidget())),
            (actions.logs, lambda: LogDialog(self.runner, self).open()),
            (actions.welcome, self.show_welcome),
            (actions.samples, self.opening.open_samples),
            (actions.about, lambda: AboutDialog(Facts(session.model.card, self.progress.engine), self).open()),
        ):
            action.triggered.connect(lambda _=False, act=act: act())
        actions.inspector.toggled.connect(review.show_inspector)
        actions.models_wanted.connect(lambda: actions.set_models(list_models(), session.model))
        actions.models.triggered.connect(lambda action: self._use_model(action.data()))
        actions.recent_chosen.connect(lambda folder: self.opening.start_with([folder]))

    def _update_state(self) -> None:
        """After photos came or went."""
        self.pages.update_page()
        photos = len(self.session.document) > 0
        name = self.session.origin.name if photos and self.session.origin else ""
        self.setWindowTitle(f"{name}[*] - RoomNet" if name else "RoomNet[*]")
        self._show_modified()

    def _show_modified(self) -> None:
        self.setWindowModified(self.session.unsaved)

    # --- what the session says

    def _paths_changed(self) -> None:
        self._state.open_paths = self.session.paths
        self.watch.stop()
        self.news.paths_changed()
        if self.session.opening:
            self.progress.say(self.tr("Opening {folder}…").format(folder=str(self.session.paths[-1])))

    def _running_changed(self, running: bool) -> None:
        self.progress.set_running(running)
        self.progress.say("")
        self.news.running_changed()
        self.pages.update_actions()

    def _run_ended(self, end: RunEnd) -> None:
        self.progress.show_end(end, self.session.summary())
        self.watch.watch(self.session.paths)

    def _comparison(self) -> Source | None:
        return None if self.session.busy else self.session.source(self.session.paths)

    def _use_model(self, model: ModelFile) -> None:
        if model.folder != self.session.model.folder:
            self._state.model = model.folder.name
            self.session.use_model(model)

    # --- opening

    def _start_with(self, paths: Sequence[Path]) -> None:
        def start() -> None:
            self.review.show_all()
            self.session.open(paths)

        self._when_kept(start)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if dropped_paths(event):
            event.acceptProposedAction()
            if self.pages.currentWidget() is self.empty:
                self.empty.set_inviting(True)
            else:
                learn, add = self.tr("Drop to learn from this folder"), self.tr("Drop to add these photos")
                self._overlay.cover(learn if self.pages.training else add)

    def dragMoveEvent(self, event: QDragMoveEvent) -> None:
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drag_over()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drag_over()
        if paths := dropped_paths(event):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            if self.pages.training or paths[0].suffix.casefold() == MODEL_SUFFIX:
                self.train.take_drop(paths)
            else:
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
        return ask_unsaved(self, sum(photo.reviewed for photo in self.session.document))

    def closeEvent(self, event: QCloseEvent) -> None:
        """Cancel, wait for a bounded time until everything is saved, accept."""
        if not self._closed and self.session.unsaved:
            answer = self._ask_unsaved()
            if answer == QMessageBox.StandardButton.Save:
                self._export_excel(self._close_now)
            if answer != QMessageBox.StandardButton.Discard:
                event.ignore()
                return
        if self.train.run.busy:
            self._leaving = ask_leaving(self, self.train.run.figures.name)
            if self._leaving is Leaving.STAY:
                self._closed = False
                event.ignore()
                return
        self._state.save(self, self.review, self.session.document)
        self._closed = True
        self.help.close()
        self.hide()  # nobody needs to watch the waiting
        self.watch.stop()
        self.session.finish_marking()
        self.train.leave(self._leaving, _CLOSE_SECONDS)
        if self.runner.shutdown(_CLOSE_SECONDS):
            self.session.close_engine()
            self._source.close()
        try:
            self.door.close(_CLOSE_SECONDS)
        except CatalogError as error:
            QMessageBox.critical(None, self.tr("RoomNet"), spoken(str(error)))
        event.accept()

    def _close_now(self) -> None:
        self._closed = True
        self.close()
