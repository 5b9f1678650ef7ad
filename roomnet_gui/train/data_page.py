"""What to learn from: a folder of labelled photos, one's own corrections, or both; and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSettings, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from roomnet_core.errors import ModelError, RoomNetError
from roomnet_core.inference.model_file import ModelFile, find_model
from roomnet_core.session.store import Catalog
from roomnet_core.training.examination import Examination, examine
from roomnet_core.training.sources import Source, corrections_source
from roomnet_gui import texts
from roomnet_gui.appearance import Tone, ToneLabel
from roomnet_gui.core_texts import spoken
from roomnet_gui.icons import action_icon
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.language import Retranslating
from roomnet_gui.motion import show_busy
from roomnet_gui.review.thumbnail_source import ThumbnailSource
from roomnet_gui.train.examined import Examined, Judgement, judge, prepare
from roomnet_gui.train.invitation import Invitation
from roomnet_gui.train.photo_panel import PhotoPanel
from roomnet_gui.train.photo_set import PhotoSet
from roomnet_gui.train.said import Said

_MOST_SENTENCES = 6
# After the last of several quick changes.
_PAUSE_MS = 250


class DataPage(Retranslating, QWidget):
    """`examination` is what was found, `photos` knows what the person changed of it, `judged` puts both together."""

    changed = Signal()  # examination, labels, or whether one is being made
    next_wanted = Signal()

    def __init__(
        self,
        runner: Runner,
        source: ThumbnailSource,
        settings: QSettings,
        fill_menu: Callable[[QMenu], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("dataPage")
        self._runner, self._settings = runner, settings
        self._model: Callable[[], ModelFile] = lambda: None  # type: ignore[assignment,return-value]
        self._catalog: Callable[[], Catalog | None] = lambda: None
        self.folder: Path | None = None
        self.examination: Examination | None = None
        self.blocking: tuple[str, ...] = ()
        self.judgement: Judgement | None = None
        self._job: Job | None = None
        self._judging: Job | None = None
        self.photos = PhotoSet(self)
        self.said = Said()
        self.panel = PhotoPanel(self.photos, runner, source, fill_menu)
        self._make_parts()
        self._lay_out()
        self._pause = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._pause.timeout.connect(self._judge)
        self.photos.changed.connect(self._pause.start)
        self.photos.changed.connect(self.changed)
        self.retranslate()

    def retranslate(self) -> None:
        self.choose_button.setText(self.tr("Choo&se a folder…"))
        self.choose_button.setToolTip(self.tr("A folder with one subfolder of photos for each class"))
        self.forget_button.setToolTip(self.tr("Do not use this folder"))
        self.forget_button.setAccessibleName(self.tr("Do not use this folder"))
        self.corrections_box.setText(self.tr("My &corrections so far"))
        self.corrections_box.setToolTip(
            self.tr("Learn from the photos whose rooms you corrected or confirmed while reviewing")
        )
        self.bar.setAccessibleName(self.tr("Progress of the examination"))
        self.cancel_button.setText(self.tr("Cance&l"))
        self.next_button.setText(self.tr("&Next: how to train"))
        if self.busy:
            self._progress_label.setText(self.tr("Looking at the photos…"))
        self._show_state()

    def use(self, model: Callable[[], ModelFile], catalog: Callable[[], Catalog | None]) -> None:
        """Where to ask for the model in use and for the catalog."""
        self._model, self._catalog = model, catalog

    # --- parts

    def _make_parts(self) -> None:
        self.choose_button = QPushButton(action_icon("open-folder"), "")
        self.choose_button.setAutoDefault(True)
        self.choose_button.clicked.connect(self.choose_folder)
        self.folder_label = ToneLabel()
        self.folder_label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.forget_button = QToolButton()
        self.forget_button.setIcon(action_icon("cancel"))
        self.forget_button.setAutoRaise(True)
        self.forget_button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.forget_button.clicked.connect(lambda: self.set_folder(None))
        self.corrections_box = QCheckBox()
        self.corrections_box.toggled.connect(lambda _: self.examine())
        self.bar = QProgressBar()
        self.bar.setMaximumWidth(420)
        self.bar.setTextVisible(False)
        self._progress_label = QLabel()
        self._progress_label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.cancel_button = QPushButton()
        self.cancel_button.setAutoDefault(True)
        self.cancel_button.clicked.connect(self.cancel)
        self.message = ToneLabel(Tone.ERROR)
        self.message.setObjectName("message")
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.setContentsMargins(18, 6, 18, 6)
        self.counts = ToneLabel(Tone.QUIET)
        self.next_button = QPushButton()
        self.next_button.setMinimumHeight(34)
        self.next_button.setAutoDefault(True)
        self.next_button.clicked.connect(self.next_wanted)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setContentsMargins(18, 12, 18, 8)
        top.setSpacing(10)
        top.addWidget(self.choose_button)
        top.addWidget(self.folder_label, 1)
        top.addWidget(self.forget_button)
        top.addWidget(self.corrections_box)
        self.views = QStackedWidget()
        self._empty, self._busy = Invitation(), self._make_busy()
        for widget in (self._empty, self._busy, self.panel):
            self.views.addWidget(widget)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(18, 8, 18, 12)
        bottom.addWidget(self.counts, 1)
        bottom.addWidget(self.next_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.message)
        layout.addWidget(self.views, 1)
        layout.addLayout(bottom)

    def _make_busy(self) -> QWidget:
        page = QWidget()
        layout = QVBoxLayout(page)
        layout.setSpacing(10)
        layout.addStretch(2)
        layout.addWidget(self._progress_label)
        for widget in (self.bar, self.cancel_button):
            row = QHBoxLayout()
            row.addStretch(1)
            row.addWidget(widget, 2 if widget is self.bar else 0)
            row.addStretch(1)
            layout.addLayout(row)
        layout.addStretch(3)
        return page

    def parts(self) -> list[QWidget]:
        """What F6 goes through."""
        return [self.choose_button, *self.panel.parts(), self.next_button]

    # --- choosing

    def choose_folder(self) -> None:
        start = str(self._settings.value("train/folder", str(Path.home())))
        chosen = QFileDialog.getExistingDirectory(self, self.tr("A folder of labelled photos"), start)
        if chosen:
            self.set_folder(Path(chosen))

    def set_folder(self, folder: Path | None) -> None:
        """Learn from this folder, or from none."""
        self.folder = None if folder is None else folder.absolute()
        if folder is not None:
            self._settings.setValue("train/folder", str(self.folder))
        self.examine()

    @property
    def busy(self) -> bool:
        return self._job is not None

    @property
    def chosen(self) -> bool:
        """Whether there is anything to learn from."""
        return self.folder is not None or self.corrections_box.isChecked()

    # --- examining

    def examine(self) -> None:
        """Look at everything that was chosen, on a worker."""
        self._stop()
        self._forget()
        if not self.chosen:
            self._show_state()
            return
        folder, use_corrections = self.folder, self.corrections_box.isChecked()
        model, catalog, said = self._model(), self._catalog(), self.said
        job: Job

        def work(job: Job) -> Examined:
            if use_corrections and catalog is not None:
                source = corrections_source(catalog, model, folder)
            else:
                source = Source(folder=folder)
            try:
                found = examine(source, model=model, progress=job.progress, cancelled=job.cancelled)
            except ModelError:  # the model in use has no network that can look at photos for this; ours have
                found = examine(source, model=find_model(), progress=job.progress, cancelled=job.cancelled)
            said.read()
            return prepare(found, said)

        def done(examined: Examined) -> None:
            if job is self._job:
                self._job = None
                self._take(examined)

        def failed(error: BaseException) -> None:
            if job is self._job:
                self._job = None
                self.blocking = (str(error),) if isinstance(error, RoomNetError) else ()
                self._show_state()
            if not isinstance(error, RoomNetError):
                raise error  # the runner hands it to the one place for errors

        job = self._job = self._runner.start(
            Lane.EXAMINE,
            "examine the photos",
            work,
            Callbacks(progress=self._show_progress, done=done, failed=failed, cancelled=lambda: None),
        )
        show_busy(self.bar)
        self._progress_label.setText(self.tr("Looking at the photos…"))
        self._show_state()

    def cancel(self) -> None:
        """Stop looking, and choose nothing."""
        self._stop()
        self._forget()
        self.folder = None
        self.corrections_box.blockSignals(True)
        self.corrections_box.setChecked(False)
        self.corrections_box.blockSignals(False)
        self._show_state()
        self.choose_button.setFocus()

    def show_examination(self, found: Examination, then: Callable[[], None]) -> None:
        """Show one that was made elsewhere, the photos of an earlier training, and go on with `then`."""
        self._stop()
        self._forget()
        self.folder, said = found.folder, self.said
        job: Job

        def done(examined: Examined) -> None:
            if job is self._job:
                self._job = None
                self._take(examined)
                then()

        job = self._job = self._runner.start(
            Lane.EXAMINE, "show the photos", lambda job: prepare(found, said), Callbacks(done=done)
        )
        self._show_state()

    def keep(self) -> None:
        """Write down what was said of the photos, so that the next sitting takes it up."""
        self.remember()
        self.said.write()

    def remember(self) -> None:
        """Note what is said of the photos shown now."""
        if (labels := self.photos.snapshot()) is not None:
            self.said.remember(labels)

    def _forget(self) -> None:
        """Show nothing; what was said of the photos is remembered."""
        self.remember()
        self.examination, self.blocking = None, ()
        self.photos.show(None)

    def _stop(self) -> None:
        for job in (self._job, self._judging):
            if job is not None:
                job.cancel()
        self._job = self._judging = None
        self._pause.stop()

    def _take(self, examined: Examined) -> None:
        self.examination, self.judgement = examined.examination, examined.judgement
        self.blocking = examined.judgement.blocking
        self.photos.show(examined.loaded)
        if examined.loaded is not None:
            self.panel.show_photos(examined.filters)
            self.photos.take_over(*examined.said, lambda: self.tr("Take up what you said before"))
        self._show_state()
        if examined.loaded is not None and self.isVisible():
            self.panel.grid.setFocus()

    def _judge(self) -> None:
        """What forbids training may come and go with what the person changes."""
        found, labels, said = self.examination, self.photos.snapshot(), self.said
        if found is None or labels is None:
            return
        if self._judging is not None:
            self._judging.cancel()
        job: Job

        def work(job: Job) -> Judgement:
            said.remember(labels)
            said.write()  # nothing that was said waits for the window to be closed in order
            return judge(found, labels)

        def done(judgement: Judgement) -> None:
            if job is self._judging:
                self._judging = None
                self.judgement, self.blocking = judgement, judgement.blocking
                self._show_state()

        job = self._judging = self._runner.start(Lane.EXAMINE, "judge the labels", work, Callbacks(done=done))

    # --- what is shown

    def _show_progress(self, done: int, total: int) -> None:
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)
        words = self.tr("Looking at the photos: {done} of {total}")
        self._progress_label.setText(words.format(done=texts.number(done), total=texts.number(total)))

    def _show_state(self) -> None:
        self.folder_label.setText("" if self.folder is None else str(self.folder))
        self.folder_label.setToolTip(self.folder_label.text())
        self.forget_button.setVisible(self.folder is not None)
        if self.busy:
            self.views.setCurrentWidget(self._busy)
        else:
            self._progress_label.clear()
            self.views.setCurrentWidget(self._empty if self.photos.loaded is None else self.panel)
        self.message.setText("\n".join(map(spoken, self.blocking[:_MOST_SENTENCES])))
        self.message.setVisible(bool(self.blocking) and not self.busy)
        ready = self.examination is not None and not self.busy
        self.counts.setText(self._count() if ready else "")
        self.next_button.setEnabled(ready and not self.blocking and self._judging is None)
        self.changed.emit()

    def _count(self) -> str:
        judgement = self.judgement
        if judgement is None or self.photos.document is None:
            return ""
        parts = [
            self.tr("{photos} of %Ln class(es)", "", judgement.classes).format(photos=texts.photos(judgement.used))
        ]
        if judgement.relabelled:
            parts.append(self.tr("{count} relabelled").format(count=texts.number(judgement.relabelled)))
        if judgement.left_out:
            parts.append(self.tr("{count} left out").format(count=texts.number(judgement.left_out)))
        return "  ·  ".join(parts)
