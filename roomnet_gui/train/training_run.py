"""One training: the child process, and what it has said so far. The window asks the child, it never waits for it."""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from roomnet_core.errors import RoomNetError
from roomnet_core.training.process import TrainingProcess
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner

_POLL_MS = 100
Event = Mapping[str, Any]
Begun = tuple[TrainingProcess, Sequence[Event]]


class State(enum.Enum):
    IDLE = "idle"
    STARTING = "starting"
    RUNNING = "running"
    PAUSING = "pausing"
    PAUSED = "paused"
    STOPPING = "stopping"  # the best is being saved
    CANCELLING = "cancelling"
    DONE = "done"
    STOPPED = "stopped"  # left for later
    CANCELLED = "cancelled"
    FAILED = "failed"


BUSY = frozenset(
    {State.STARTING, State.RUNNING, State.PAUSING, State.PAUSED, State.STOPPING, State.CANCELLING}
)


@dataclass(slots=True)
class Figures:
    """What is known of the training that runs, or ran last. `steps` are (epoch as a fraction, loss, accuracy)."""

    name: str = ""
    recipe: str = ""
    classes: tuple[str, ...] = ()
    device: str = ""
    training_photos: int = 0
    validation_photos: int = 0
    epochs: int = 0
    stage: str = ""
    share: float = 0.0  # of the stage, 0..1
    epoch: int = 0
    photos_per_second: float | None = None
    seconds_left: float | None = None
    steps: list[tuple[float, float, float]] = field(default_factory=list)
    history: list[Event] = field(default_factory=list)
    message: str = ""
    folder: Path | None = None
    report: Path | None = None
    seconds: float = 0.0


class TrainingRun(QObject):
    """`changed` tells of every event, `ended` of the last one."""

    changed = Signal()
    ended = Signal(object)  # State

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self.state = State.IDLE
        self.figures = Figures()
        self._process: TrainingProcess | None = None
        self._asked: str | None = None  # before the child was there
        self._last_word: tuple[State, str] | None = None  # what it ended with; told once the child is gone
        self._timer = QTimer(self, interval=_POLL_MS)
        self._timer.timeout.connect(self._poll)

    @property
    def busy(self) -> bool:
        return self.state in BUSY

    def start(self, name: str, recipe: str, begin: Callable[[], Begun]) -> None:
        """`begin` plans and spawns, on a worker, and brings the epochs that are done already."""
        if self.busy:
            return
        self.figures = Figures(name=name, recipe=recipe)
        self._asked = self._last_word = None
        self._go_to(State.STARTING)

        def work(job: Job) -> Begun:
            process, earlier = begin()
            if job.cancelled():  # the window was closed meanwhile
                process.send("quit")
            return process, earlier

        self._runner.start(Lane.TRAINING, "start the training", work, Callbacks(done=self._begun, failed=self._failed))

    def pause(self) -> None:
        self._ask("pause", State.PAUSING)

    def resume(self) -> None:
        self._ask("resume", State.RUNNING)

    def stop(self) -> None:
        """Keep the best and finish properly."""
        self._ask("stop", State.STOPPING)

    def cancel(self) -> None:
        """Throw the run away."""
        self._ask("cancel", State.CANCELLING)

    def leave(self, seconds: float) -> None:
        """The window closes: the child ends, and what it has stays for the next time."""
        self._end_with("quit", seconds)

    def throw_away(self, seconds: float) -> None:
        """The window closes and nothing shall stay."""
        self._end_with("cancel", seconds)

    # --- the child

    def _end_with(self, command: str, seconds: float) -> None:
        self._timer.stop()
        process, self._process = self._process, None
        if self.busy:
            self.state = State.STOPPED  # nobody is left to be told
        if process is None or not process.running:
            return
        process.send(command)
        if not process.wait(seconds):
            process.kill()
        while process.poll() or process.running:  # takes what it said last, and tidies up
            pass

    def _ask(self, command: str, state: State) -> None:
        if not self.busy:
            return
        if self._process is None:
            self._asked = command
        else:
            self._process.send(command)
        self._go_to(state)

    def _begun(self, begun: Begun) -> None:
        self._process, earlier = begun
        self.figures.history.extend(earlier)
        if self._asked is not None:
            self._process.send(self._asked)
        elif self.state is State.STARTING:
            self._go_to(State.STARTING)
        self._timer.start()

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, RoomNetError):
            self._finish(State.FAILED, str(error))
            raise error  # the runner hands it to the one place for errors
        self._finish(State.FAILED, str(error))

    def _poll(self) -> None:
        process = self._process
        if process is None:
            return
        for event in process.poll():
            self._take(event)
        if process.running:
            self.changed.emit()
            return
        lost = self.tr("The training ended without a word. It can go on from its last epoch.")
        self._finish(*(self._last_word or (State.FAILED, lost)))

    def _take(self, event: Event) -> None:
        figures = self.figures
        match event.get("event"):
            case "started":
                figures.recipe = event["recipe"]
                figures.classes = tuple(event["classes"])
                figures.device = event["device"]
                figures.training_photos = event["training_photos"]
                figures.validation_photos = event["validation_photos"]
                figures.epochs = event["epochs"]
                if self.state is State.STARTING:
                    self._go_to(State.RUNNING)
            case "stage":
                figures.stage, figures.share = event["name"], 0.0
                figures.seconds_left = figures.photos_per_second = None
            case "step":
                self._step(event)
            case "epoch":
                figures.epoch, figures.epochs = event["epoch"], event["epochs"]
                figures.history = [one for one in figures.history if one["epoch"] < figures.epoch]  # run again
                figures.share = figures.epoch / max(1, figures.epochs)
                figures.history.append(event)
            case "paused":
                if self.state is State.PAUSING:
                    self._go_to(State.PAUSED)
            case "resumed":
                if self.state in (State.PAUSED, State.PAUSING):
                    self._go_to(State.RUNNING)
            case "done":
                figures.folder = Path(event["folder"])
                figures.report = Path(event["report"]) if event.get("report") else None
                figures.seconds = float(event.get("seconds") or 0.0)
                self._last_word = (State.DONE, "")
            case "cancelled":
                self._last_word = (State.CANCELLED, "")
            case "stopped":
                self._last_word = (State.STOPPED, "")
            case "failed":
                self._last_word = (State.FAILED, str(event["message"]))

    def _step(self, event: Event) -> None:
        figures = self.figures
        share = event["step"] / max(1, event["steps"])
        figures.stage = event.get("stage", figures.stage)
        figures.photos_per_second = event.get("photos_per_second")
        figures.seconds_left = event.get("seconds_left")
        if figures.stage == "training" and figures.epochs:
            place = event["epoch"] - 1 + share
            figures.epoch = event["epoch"]
            figures.share = min(1.0, place / figures.epochs)
            if event.get("loss") is not None:
                figures.steps.append((place, float(event["loss"]), float(event["accuracy"])))
        else:
            figures.share = share

    def _finish(self, state: State, message: str) -> None:
        self._timer.stop()
        self._process = None
        self.figures.message = message
        self._go_to(state)
        self.ended.emit(state)

    def _go_to(self, state: State) -> None:
        self.state = state
        self.changed.emit()
