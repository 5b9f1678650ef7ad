"""At the start: what a crash, a power cut or closing the window has left of trainings, offered one after the other."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from roomnet_core.training.process import RunInfo, discard_run, unfinished_runs
from roomnet_gui.jobs.job import Callbacks
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.train.questions import UnfinishedBox
from roomnet_gui.train.training_run import TrainingRun

# The child of a window that crashed holds its run until it has ended itself, which may take some seconds.
_LATER_MS = (4_000, 16_000)


class Unfinished(QObject):
    """`chosen` carries the run to go on with."""

    chosen = Signal(object)  # RunInfo

    def __init__(self, runner: Runner, run: TrainingRun, page: QWidget) -> None:
        super().__init__(page)
        self._runner, self._run, self._page = runner, run, page
        self._waiting: list[RunInfo] = []
        self._later = list(_LATER_MS)

    def look(self) -> None:
        """Look on a worker, and ask about what is there."""

        def done(runs: list[RunInfo]) -> None:
            self._waiting = runs
            self._offer_next()
            if not runs and self._later:
                QTimer.singleShot(self._later.pop(0), self, self.look)

        self._runner.start(
            Lane.TRAINING, "look for unfinished trainings", lambda job: unfinished_runs(), Callbacks(done=done)
        )

    def _offer_next(self) -> None:
        if not self._waiting or self._run.busy:
            return
        run = self._waiting.pop(0)
        box = UnfinishedBox(run, self._page.window())
        box.go_on_wanted.connect(lambda: self.chosen.emit(run))
        box.discard_wanted.connect(lambda: self._discard(run))
        box.finished.connect(lambda _: self._offer_next())
        box.open()

    def _discard(self, run: RunInfo) -> None:
        self._runner.start(Lane.TRAINING, "throw a training away", lambda job: discard_run(run))
