"""While a training runs: how far it is, the curves, the confusion matrix, and the buttons that steer it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QSizePolicy,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from roomnet_core.errors import ModelError
from roomnet_core.rooms import RoomSet
from roomnet_gui.appearance import Tone, ToneLabel
from roomnet_gui.core_texts import spoken
from roomnet_gui.language import Retranslating
from roomnet_gui.motion import show_busy
from roomnet_gui.train import words
from roomnet_gui.train.chart import Chart, Line
from roomnet_gui.train.confusion import ConfusionTable
from roomnet_gui.train.training_run import Figures, State, TrainingRun

TRAINING_COLOR, VALIDATION_COLOR = "#1565c0", "#c25700"
_REFRESH_MS = 250
# With fewer, the curve of the steps would say less than that of the epochs.
_STEPS_AN_EPOCH = 3


class RunPage(Retranslating, QWidget):
    """Shows `run` and steers it; what to do after its end is told by the signals."""

    again_wanted = Signal()  # back to the choices
    resume_wanted = Signal()  # go on from the last checkpoint
    cancel_wanted = Signal()

    def __init__(self, run: TrainingRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runPage")
        self._run = run
        self._rooms: RoomSet | None = None
        self._epochs_shown = -1
        self.headline = ToneLabel()
        font = self.headline.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        self.headline.setFont(font)
        self.figures = ToneLabel(Tone.QUIET)
        self.message = ToneLabel(Tone.ERROR)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = QProgressBar()
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.loss, self.accuracy = Chart("", "", shares=False), Chart("", "", shares=True)
        self.confusion = ConfusionTable()
        self._make_buttons()
        self._lay_out()
        # An event a step would paint the curves far more often than anyone can see.
        self._timer = QTimer(self, singleShot=True, interval=_REFRESH_MS)
        self._timer.timeout.connect(self._show_curves)
        run.changed.connect(self._changed)
        self._state: State | None = None
        self.retranslate()

    def retranslate(self) -> None:
        self.bar.setAccessibleName(self.tr("Progress of the training"))
        self.loss.set_titles(self.tr("Loss"), self.tr("Epoch"))
        self.accuracy.set_titles(self.tr("Accuracy"), self.tr("Epoch"))
        for button, text, tip in (
            (self.stop_button, self.tr("&Stop and keep the best"),
             self.tr("End now, with the best epoch so far as the new model")),
            (self.cancel_button, self.tr("Cancel &training…"), self.tr("End now and keep nothing")),
            (self.resume_button, self.tr("&Go on"), self.tr("Go on from the last whole epoch")),
            (self.again_button, self.tr("&Back to the choices"), self.tr("Change something and start afresh")),
        ):  # fmt: skip
            button.setText(text)
            button.setToolTip(tip)
        self.pause_button.setToolTip(self.tr("Give the computer back for a while; nothing is lost"))
        self._matrix_title.setText(self.tr("What the validation photos were called after the last epoch"))
        self._state = None  # the buttons' texts depend on it
        self._changed()
        self._show_curves()

    def _make_buttons(self) -> None:
        self.pause_button, self.stop_button, self.cancel_button = _button(), _button(), _button()
        self.resume_button, self.again_button = _button(), _button()
        self.pause_button.clicked.connect(self._pause_or_resume)
        self.stop_button.clicked.connect(self._run.stop)
        self.cancel_button.clicked.connect(self.cancel_wanted)
        self.resume_button.clicked.connect(self.resume_wanted)
        self.again_button.clicked.connect(self.again_wanted)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (
            self.pause_button, self.stop_button, self.cancel_button, self.resume_button, self.again_button,
        ):
            buttons.addWidget(button)
        buttons.addStretch(1)
        charts = QSplitter(Qt.Orientation.Horizontal)
        charts.addWidget(self.loss)
        charts.addWidget(self.accuracy)
        charts.setChildrenCollapsible(False)
        below = QWidget()
        column = QVBoxLayout(below)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(4)
        self._matrix_title = QLabel()
        self._matrix_title.setBuddy(self.confusion)
        column.addWidget(self._matrix_title)
        column.addWidget(self.confusion, 1)
        parts = QSplitter(Qt.Orientation.Vertical)
        parts.addWidget(charts)
        parts.addWidget(below)
        parts.setStretchFactor(0, 1)
        parts.setStretchFactor(1, 1)
        parts.setChildrenCollapsible(False)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(18, 14, 18, 14)
        layout.setSpacing(8)
        layout.addWidget(self.headline)
        layout.addWidget(self.figures)
        layout.addWidget(self.bar)
        layout.addWidget(self.message)
        layout.addLayout(buttons)
        layout.addWidget(parts, 1)

    def focus_start(self) -> None:
        """Put the keyboard on the first button that can be pressed."""
        for button in (self.pause_button, self.resume_button, self.again_button):
            if button.isVisibleTo(self) and button.isEnabled():
                button.setFocus()
                return

    def parts(self) -> list[QWidget]:
        """What F6 goes through."""
        return [self.pause_button, self.resume_button, self.again_button, self.confusion]

    # --- what is shown

    def _changed(self) -> None:
        state, figures = self._run.state, self._run.figures
        self.headline.setText(words.headline(state, figures))
        self.figures.setText(words.progress(figures))
        self.message.setText(spoken(figures.message))
        self.message.setVisible(bool(figures.message))
        measured = state is not State.STARTING and bool(figures.stage)
        if measured:
            self.bar.setRange(0, 1000)
            self.bar.setValue(round(1000 * figures.share))
        else:
            show_busy(self.bar)
        self.bar.setVisible(self._run.busy)
        if state is not self._state:
            self._state = state
            self._show_buttons(state)
        if self.isVisible() and not self._timer.isActive():
            self._timer.start()

    def _show_buttons(self, state: State) -> None:
        busy, before = self._run.busy, self.cancel_button.hasFocus()
        for button in (self.pause_button, self.stop_button, self.cancel_button):
            button.setVisible(busy)
        paused = state in (State.PAUSED, State.PAUSING)
        self.pause_button.setText(self.tr("Resu&me") if paused else self.tr("Pa&use"))
        self.pause_button.setEnabled(state in (State.STARTING, State.RUNNING, State.PAUSING, State.PAUSED))
        self.stop_button.setEnabled(state in (State.RUNNING, State.PAUSED))
        self.cancel_button.setEnabled(state is not State.CANCELLING)
        begun = bool(self._run.figures.classes)  # else there is nothing to go on from
        self.resume_button.setVisible(state in (State.FAILED, State.STOPPED) and begun)
        self.again_button.setVisible(not busy and state is not State.DONE)
        if self.cancel_button.hasFocus() and not before:
            self.confusion.setFocus()  # Enter must not cancel because the button before it was switched off

    def _show_curves(self) -> None:
        figures = self._run.figures
        end = float(figures.epochs) if figures.epochs else None
        waiting = self.tr("The curves begin with the first epoch.")
        self.loss.show_lines(loss_lines(figures), x_end=end, waiting=waiting)
        self.accuracy.show_lines(accuracy_lines(figures), x_end=end, waiting=waiting)
        if len(figures.history) == self._epochs_shown and self._rooms is not None:
            return
        self._epochs_shown = len(figures.history)
        rooms = _rooms(figures.classes)
        self._rooms = rooms
        counts: Sequence[Sequence[int]] = figures.history[-1]["confusion"] if figures.history else ()
        self.confusion.show_matrix(rooms, counts if rooms is not None else ())

    def _pause_or_resume(self) -> None:
        if self._run.state in (State.PAUSED, State.PAUSING):
            self._run.resume()
        else:
            self._run.pause()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show_curves()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()


def loss_lines(figures: Figures) -> list[Line]:
    return _lines(figures, 1, "loss")


def accuracy_lines(figures: Figures) -> list[Line]:
    return _lines(figures, 2, "accuracy")


def _lines(figures: Figures, column: int, key: str) -> list[Line]:
    """Training by the step, validation by the epoch."""
    training = [(step[0], step[column]) for step in figures.steps]
    if len(training) < _STEPS_AN_EPOCH * len(figures.history):  # resumed, or epochs too quick to be told step by step
        training = [(float(event["epoch"]), float(event[key])) for event in figures.history]
    validation = [(float(event["epoch"]), float(event[f"val_{key}"])) for event in figures.history]
    return [
        Line(words.tr("Training"), TRAINING_COLOR, tuple(training), dashed=True),
        Line(words.tr("Validation"), VALIDATION_COLOR, tuple(validation), dots=True),
    ]


def _rooms(classes: Sequence[str]) -> RoomSet | None:
    try:
        return RoomSet.from_names(classes)
    except ModelError:
        return None


def _button() -> QPushButton:
    button = QPushButton()
    button.setAutoDefault(True)  # Enter presses it
    button.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    return button
