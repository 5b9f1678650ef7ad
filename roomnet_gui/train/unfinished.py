"""At the start: what a crash, a power cut or closing the window has left of trainings, offered one after the other."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from roomnet_core.training.process import RunInfo, begun_runs, discard_run
from roomnet_gui.jobs.job import Callbacks
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.train.questions import UnfinishedBox
from roomnet_gui.train.training_run import TrainingRun

# The worker of a window that crashed holds its run until it has ended itself, which takes some seconds.
_AGAIN_MS, _LOOKS = 1_000, 15


class Unfinished(QObject):
    """`chosen` carries the run to go on with."""

    chosen = Signal(object)  # RunInfo

    def __init__(self, runner: Runner, run: TrainingRun, page: QWidget) -> None:
        super().__init__(page)
        self._runner, self._run, self._page = runner, run, page
        self._waiting: list[RunInfo] = []
        self._offered: set[Path] = set()
        self._box: UnfinishedBox | None = None
        self._looks_left = _LOOKS

    def look(self) -> None:
        """Look on a worker, and ask about what is there; look again while another process holds a run."""

        def done(runs: list[RunInfo]) -> None:
            if self._run.busy:
                return
            new = [run for run in runs if not run.running and run.folder not in self._offered]
            self._offered.update(run.folder for run in new)
            self._waiting += new
            if self._box is None:
                self._offer_next()
            self._looks_left -= 1
            if self._looks_left and any(run.running for run in runs):
                QTimer.singleShot(_AGAIN_MS, self, self.look)

        self._runner.start(
            Lane.TRAINING, "look for unfinished trainings", lambda job: begun_runs(), Callbacks(done=done)
        )

    def _offer_next(self) -> None:
        self._box = None
        if not self._waiting or self._run.busy:
            return
        run = self._waiting.pop(0)
        box = self._box = UnfinishedBox(run, self._page.window())
        box.go_on_wanted.connect(lambda: self.chosen.emit(run))
        box.discard_wanted.connect(lambda: self._discard(run))
        box.finished.connect(lambda _: self._offer_next())
        box.open()

    def _discard(self, run: RunInfo) -> None:
        self._runner.start(Lane.TRAINING, "throw a training away", lambda job: discard_run(run))
