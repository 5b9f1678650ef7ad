"""The Train page: photos, method, training, result, one after the other; and the models that came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings, Qt, Signal
from PySide6.QtGui import QUndoStack
from PySide6.QtWidgets import (
    QFrame,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from roomnet_core.errors import RoomNetError, TrainingError
from roomnet_core.inference.model_file import ModelFile, find_model
from roomnet_core.models.store import SUFFIX, ModelStore
from roomnet_core.rooms import RoomSet
from roomnet_core.session.store import Catalog
from roomnet_core.training.examination import Examination
from roomnet_core.training.history import read_epochs
from roomnet_core.training.options import RECIPES
from roomnet_core.training.plan import make_plan
from roomnet_core.training.process import RunInfo, TrainingProcess, unfinished_runs
from roomnet_core.training.report import read_report
from roomnet_core.training.sources import LabelledPhoto
from roomnet_gui.core_texts import spoken
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.language import Retranslating
from roomnet_gui.review.notices import Notices
from roomnet_gui.review.thumbnail_source import ThumbnailSource
from roomnet_gui.train import words
from roomnet_gui.train.data_page import DataPage
from roomnet_gui.train.examined import judged
from roomnet_gui.train.method_page import MethodPage
from roomnet_gui.train.models_dialog import ModelsDialog
from roomnet_gui.train.photo_panel import PhotoPanel
from roomnet_gui.train.questions import Leaving, ask_cancelling
from roomnet_gui.train.result_page import ReportView, ResultPage, view_of
from roomnet_gui.train.run_page import RunPage
from roomnet_gui.train.save_report import ReportSaver
from roomnet_gui.train.step_bar import METHOD, PHOTOS, RESULT, TRAINING, StepBar
from roomnet_gui.train.training_run import Begun, State, TrainingRun
from roomnet_gui.train.unfinished import Unfinished


class TrainPage(Retranslating, QWidget):
    """Composition: what the four steps do is in their own pages."""

    state_changed = Signal()  # the step, the selection, or whether a training runs
    rooms_changed = Signal()
    said = Signal(str)  # for the status bar
    wanted = Signal()  # the page has something to show

    def __init__(
        self,
        runner: Runner,
        source: ThumbnailSource,
        settings: QSettings,
        fill_menu: Callable[[QMenu], None],
        model: Callable[[], ModelFile],
        catalog: Callable[[], Catalog | None],
        use_model: Callable[[ModelFile], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("trainPage")
        self._runner, self._settings = runner, settings
        self._model, self._use_model = model, use_model
        self.store = ModelStore()
        self.run = TrainingRun(runner, self)
        self.data = DataPage(runner, source, settings, fill_menu)
        self.data.use(model, catalog)
        self.method = MethodPage(self.store.check_name)
        self.running = RunPage(self.run)
        self.result = ResultPage(runner, source, fill_menu)
        self.notices = Notices()
        self.saver = ReportSaver(runner, settings, self.notices)
        self.unfinished = Unfinished(runner, self.run, self)
        self._trained: ModelFile | None = None  # the model whose report is shown
        self._learned: Examination | None = None  # what the training that runs, or ran last, learned from
        self._pages = QStackedWidget()
        for page in (self.data, self.method, self.running, self.result):
            self._pages.addWidget(page)
        self._lay_out()
        self._connect()
        self.show_step(PHOTOS)

    def _lay_out(self) -> None:
        bar = StepBar()
        self.steps, self.models_button = bar.steps, bar.models_button
        line = QFrame()
        line.setFrameShape(QFrame.Shape.HLine)
        line.setFrameShadow(QFrame.Shadow.Sunken)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(bar)
        layout.addWidget(line)
        layout.addWidget(self.notices)
        layout.addWidget(self._pages, 1)
        self.retranslate()

    def retranslate(self) -> None:
        self._say_blocked()
        if self.step == METHOD:
            self._prepare_method()

    def _connect(self) -> None:
        self.steps.idClicked.connect(self.show_step)
        self.models_button.clicked.connect(lambda: self.show_models())
        self.data.changed.connect(self._data_changed)
        self.data.photos.replaced.connect(self.rooms_changed)
        self.data.next_wanted.connect(lambda: self.show_step(METHOD))
        self.data.panel.selection_changed.connect(self.state_changed)
        self.method.back_wanted.connect(lambda: self.show_step(PHOTOS))
        self.method.start_wanted.connect(self._start)
        self.run.changed.connect(self._run_changed)
        self.run.ended.connect(self._ended)
        self.unfinished.chosen.connect(self.resume)
        self.running.again_wanted.connect(lambda: self.show_step(METHOD))
        self.running.resume_wanted.connect(self._resume_last)
        self.running.cancel_wanted.connect(self._ask_cancel)
        self.result.panel.selection_changed.connect(self.state_changed)
        self.result.photos.replaced.connect(self.rooms_changed)
        self.result.activate_wanted.connect(self._activate)
        self.result.again_wanted.connect(self._train_again)
        self.result.new_wanted.connect(lambda: self.show_step(PHOTOS))
        self.result.save_wanted.connect(lambda: self.saver.ask(self.result.report, self))

    # --- steps

    @property
    def step(self) -> int:
        return self._pages.currentIndex()

    def show_step(self, step: int) -> None:
        """Show that step; one that there is nothing to show of yet is left alone."""
        if step == METHOD:
            self._prepare_method()
        self._pages.setCurrentIndex(step)
        self.steps.button(step).setChecked(True)
        self._update_steps()
        self.focus_start()
        self.rooms_changed.emit()
        self.state_changed.emit()

    def focus_start(self) -> None:
        """Put the keyboard where this step begins."""
        if not self.isVisible():
            return
        page = self._pages.currentWidget()
        if page is self.data:
            (self.data.panel.grid if self.data.photos.loaded is not None else self.data.choose_button).setFocus()
        elif isinstance(page, MethodPage | RunPage | ResultPage):
            page.focus_start()

    def _update_steps(self) -> None:
        ready = self.data.examination is not None and not self.data.blocking and not self.data.busy
        for step, there in (
            (METHOD, ready),
            (TRAINING, self.run.state is not State.IDLE),
            (RESULT, self.result.report is not None),
        ):
            self.steps.button(step).setEnabled(there or step == self.step)

    def _data_changed(self) -> None:
        if self.step == METHOD and (self.data.examination is None or self.data.blocking):
            self.show_step(PHOTOS)
        self._update_steps()
        self.state_changed.emit()

    # --- labelling: the window's keys

    @property
    def panel(self) -> PhotoPanel | None:
        """The pictures on the screen now, if any."""
        page = self._pages.currentWidget()
        return page.panel if isinstance(page, DataPage | ResultPage) and page.panel.isVisible() else None

    @property
    def rooms(self) -> RoomSet | None:
        """The classes of the pictures that this step shows."""
        page = self._pages.currentWidget()
        document = page.photos.document if isinstance(page, DataPage | ResultPage) else None
        return None if document is None else document.rooms

    @property
    def undo_stack(self) -> QUndoStack:
        page = self._pages.currentWidget()
        return self.result.photos.undo_stack if page is self.result else self.data.photos.undo_stack

    @property
    def has_selection(self) -> bool:
        return self.panel is not None and self.panel.has_selection

    def next_panel(self, step: int) -> None:
        """Take the keyboard to the next part of the page, round the end."""
        page = self._pages.currentWidget()
        assert isinstance(page, DataPage | MethodPage | RunPage | ResultPage)
        parts: list[QWidget] = [self.steps.button(self.step), *page.parts()]
        parts = [part for part in parts if part.isVisible() and part.isEnabled()]
        focus = self.window().focusWidget()
        inside = [number for number, part in enumerate(parts) if focus is not None and part.isAncestorOf(focus)]
        inside += [number for number, part in enumerate(parts) if part is focus]
        parts[(inside[0] + step if inside else 0) % len(parts)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def label_selected(self, room_id: int) -> None:
        if self.panel is not None:
            self.panel.label_selected(room_id)

    def leave_out_selected(self) -> None:
        if self.panel is not None:
            self.panel.leave_out_selected()

    def take_drop(self, paths: Sequence[Path]) -> None:
        """A folder dropped on the page is what to learn from; a model's file is imported."""
        if paths and paths[0].suffix.casefold() == SUFFIX:
            self.show_models().import_file(paths[0])
        elif paths:
            self.show_step(PHOTOS)
            self.data.set_folder(paths[0])

    # --- starting

    def _prepare_method(self) -> None:
        judgement = self.data.judgement
        if judgement is None:
            return
        seconds = {recipe.name: self._seconds_a_photo(recipe.name) for recipe in RECIPES}
        self.method.set_photos(judgement.used, judgement.classes, {k: v for k, v in seconds.items() if v is not None})
        if not self.method.name:
            wanted = self.data.folder.name if self.data.folder is not None else self.tr("my rooms")
            self.method.name_field.setText(self.store.free_name(wanted))
        self._run_changed()

    def _start(self) -> None:
        found = self.data.examination
        if found is None or self.run.busy:
            return
        labels, said = self.data.photos.snapshot(), self.data.said
        name, recipe, options = self.method.name, self.method.recipe, self.method.options()
        model = self._model()

        def begin() -> Begun:
            examination = judged(found, labels)
            plan = make_plan(examination, name=name, recipe=recipe, options=options, model=model)
            self._learned = examination
            if labels is not None:
                said.remember(labels)
            said.write()
            return TrainingProcess.start(plan), ()

        self.run.start(name, recipe, begin)
        self.show_step(TRAINING)

    def _train_again(self) -> None:
        """Take the corrected mistakes over into the photos, and choose the method again."""
        labels, left_out = self.result.photos.relabelled(), self.result.photos.left_out()
        if self.data.examination is None and self._learned is not None:
            found = self._learned
            self.data.show_examination(found, then=lambda: self._take_mistakes(labels, left_out))
        else:
            self._take_mistakes(labels, left_out)

    def _take_mistakes(self, labels: dict[Path, str], left_out: list[Path]) -> None:
        self.data.photos.take_over(labels, left_out, lambda: self.tr("Correct the mistakes"))
        name = self.run.figures.name or (self.result.report.model if self.result.report else "")
        self.method.name_field.setText(self.store.free_name(name))
        self.show_step(METHOD)

    # --- running

    def _run_changed(self) -> None:
        self._say_blocked()
        self._update_steps()
        self.state_changed.emit()

    def _say_blocked(self) -> None:
        self.method.set_blocked(
            self.tr("{name} is being trained; one training runs at a time.").format(name=self.run.figures.name)
            if self.run.busy
            else ""
        )

    def _ask_cancel(self) -> None:
        if ask_cancelling(self, self.run.figures.name):
            self.run.cancel()

    def _ended(self, state: State) -> None:
        figures = self.run.figures
        self.said.emit(words.headline(state, figures))
        if state is State.DONE and figures.folder is not None:
            photos = figures.training_photos + figures.validation_photos
            if photos and figures.seconds:
                self._settings.setValue(f"train/seconds/{figures.recipe}", figures.seconds / photos)
            self.method.name_field.clear()
            self._show_result(figures.folder, figures.report or figures.folder / "report")
        self.running.focus_start()

    def _resume_last(self) -> None:
        """Go on with the training that came to a stop."""
        name = self.run.figures.name

        def begin() -> Begun:
            run = next((run for run in unfinished_runs() if run.name == name), None)
            if run is None:
                words = self.tr("There is nothing left of the training of {name}. Start it again.")
                raise TrainingError(words.format(name=name))
            return self._resumed(run)

        self.run.start(name, self.run.figures.recipe, begin)

    def resume(self, run: RunInfo) -> None:
        """Go on with a training of an earlier sitting."""
        self.run.start(run.name, run.recipe, lambda: self._resumed(run))
        self.show_step(TRAINING)
        self.wanted.emit()

    def _resumed(self, run: RunInfo) -> Begun:
        """On a worker."""
        plan = run.plan()
        photos = tuple(LabelledPhoto(photo.path, photo.label, photo.group, photo.origin) for photo in plan.photos)
        self._learned = Examination(classes=plan.classes, photos=photos)
        return TrainingProcess.resume(run), read_epochs(run.folder)

    def leave(self, leaving: Leaving, seconds: float) -> None:
        """The window closes; the child gets so long to end, and what was said of photos is kept."""
        self.data.keep()
        if leaving is Leaving.THROW_AWAY:
            self.run.throw_away(seconds)
        else:
            self.run.leave(seconds)

    # --- the result

    def show_report(self, model: ModelFile) -> None:
        """Show again what came of the training of a model."""
        self.wanted.emit()
        self._show_result(model.folder, model.folder / "report")

    def _show_result(self, folder: Path, report: Path) -> None:
        def work(job: Job) -> tuple[ModelFile, ReportView]:
            return find_model(folder), view_of(read_report(report))

        def done(found: tuple[ModelFile, ReportView]) -> None:
            self._trained, view = found
            self.result.show_report(view, active=self._trained.folder == self._model().folder)
            self.show_step(RESULT)

        def failed(error: BaseException) -> None:
            if not isinstance(error, RoomNetError | OSError):
                raise error  # the runner hands it to the one place for errors
            self.notices.say("report", lambda: spoken(str(error)), serious=True)

        self._runner.start(Lane.TRAINING, "read the report", work, Callbacks(done=done, failed=failed))

    def _activate(self) -> None:
        if self._trained is None:
            return
        self._use_model(self._trained)
        self.result.show_active(True)
        self.said.emit(self.tr("{name} is in use.").format(name=self._trained.name))

    def model_changed(self) -> None:
        """Another model is in use."""
        if self._trained is not None:
            self.result.show_active(self._trained.folder == self._model().folder)

    # --- models

    def show_models(self) -> ModelsDialog:
        dialog = self.window().findChild(ModelsDialog)
        if dialog is None:
            dialog = ModelsDialog(
                self.store, self._runner, self._settings, self._model, self._use_model, self.window()
            )
            dialog.report_wanted.connect(self.show_report)
            dialog.open()
        return dialog

    def _seconds_a_photo(self, recipe: str) -> float | None:
        value: Any = self._settings.value(f"train/seconds/{recipe}")
        try:
            return float(value)
        except (TypeError, ValueError):
            return None
