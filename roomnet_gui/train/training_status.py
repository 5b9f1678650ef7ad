"""In the status bar: how far a training is while something else is on the screen. A click goes to it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget

from roomnet_gui import texts
from roomnet_gui.icons import action_icon
from roomnet_gui.language import Retranslating
from roomnet_gui.train import words
from roomnet_gui.train.training_run import State, TrainingRun


class TrainingStatus(Retranslating, QToolButton):
    """There only while a training runs."""

    def __init__(self, run: TrainingRun, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("trainingStatus")
        self._run = run
        self.setIcon(action_icon("train"))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setAutoRaise(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        run.changed.connect(self._changed)
        self.retranslate()

    def retranslate(self) -> None:
        self.setText(self.tr("Training"))
        self.setToolTip(self.tr("Show the training (Ctrl+2)"))
        self._changed()

    def _changed(self) -> None:
        run, figures = self._run, self._run.figures
        self.setVisible(run.busy)
        if not run.busy:
            return
        words_ = {
            State.PAUSED: self.tr("{name}: paused"),
            State.STOPPING: self.tr("{name}: saving the best"),
        }.get(run.state, self.tr("Training {name}: {share}"))
        text = words_.format(name=figures.name, share=texts.per_cent(figures.share))
        if figures.seconds_left is not None and run.state is State.RUNNING:
            text += words.tr(" · {time} left").format(time=texts.duration(figures.seconds_left))
        if text != self.text():
            self.setText(text)
