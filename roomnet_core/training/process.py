"""Training in a process of its own: started, listened to, told what to do, found again after a crash."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from roomnet_core.errors import RoomNetError, TrainingError
from roomnet_core.resources import TRAINING_WORKER, data_dir
from roomnet_core.sorting.lock import WorkLock
from roomnet_core.sorting.naming import safe_name
from roomnet_core.training.control import CANCEL, COMMANDS
from roomnet_core.training.history import HISTORY_NAME
from roomnet_core.training.plan import PLAN_NAME, TrainingPlan
from roomnet_core.training.worker import FINISHED_NAME, LOCK_NAME

STAGES = {
    "reading": "Reading the photos",
    "training": "Training",
    "saving": "Saving the model",
    "measuring": "Checking the model",
}
"""What the stages of a run are called."""

LAST_WORDS = ("done", "cancelled", "stopped", "failed")
"""The events of which exactly one ends a run."""

_LONGEST_ERROR = 2000
_BELOW_NORMAL, _NO_WINDOW = 0x4000, 0x08000000  # Windows


def training_dir() -> Path:
    """Where runs keep their plans and checkpoints."""
    return data_dir() / "training"


@dataclass(frozen=True, slots=True)
class RunInfo:
    """A run that was begun and not ended. `progress` lies in 0..1, in epochs; `running`: a worker holds it now."""

    folder: Path
    name: str
    recipe: str
    started: datetime
    progress: float
    running: bool = False

    def plan(self) -> TrainingPlan:
        """The whole plan.

        Raises:
            TrainingError: it cannot be read.
        """
        return TrainingPlan.load(self.folder)


def begun_runs() -> list[RunInfo]:
    """The runs that have not ended, the latest first.

    One whose window was killed a moment ago is `running` still: its worker ends itself some seconds later.
    """
    found = []
    for folder in _folders():
        try:
            if (folder / FINISHED_NAME).exists():
                continue
            running = WorkLock(folder / LOCK_NAME).is_held()
            plan = TrainingPlan.load(folder)
            started = datetime.fromisoformat(plan.made)
            found.append(RunInfo(folder, plan.name, plan.recipe, started, _progress(folder, plan), running))
        except (RoomNetError, ValueError):
            continue
    return sorted(found, key=lambda run: run.started, reverse=True)


def unfinished_runs() -> list[RunInfo]:
    """The runs that a crash, a power cut or a closed window interrupted, the latest first; not those that run now."""
    return [run for run in begun_runs() if not run.running]


def discard_run(run: RunInfo) -> None:
    """Throw the plan and the checkpoints of `run` away. Photos and models are not touched."""
    shutil.rmtree(run.folder, ignore_errors=True)


class TrainingProcess:
    """A worker and the pipes to it. Everything here returns at once, but for `wait`."""

    def __init__(self, folder: Path) -> None:
        """Use `start` or `resume`."""
        self.folder = folder
        self._events: deque[dict[str, Any]] = deque()
        self._errors: deque[str] = deque(maxlen=40)
        self._ended = False
        self._cancelled = False
        self._send_lock = threading.Lock()
        flags = _BELOW_NORMAL | _NO_WINDOW if sys.platform == "win32" else 0
        environment = {**os.environ, "PYTHONUTF8": "1", "TF_CPP_MIN_LOG_LEVEL": "2"}
        try:
            self._child = subprocess.Popen(
                [*_worker_command(), str(folder)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                creationflags=flags,
                start_new_session=sys.platform != "win32",  # Ctrl-C is for the parent, which says what it means
            )
        except OSError as error:
            raise TrainingError(f"The training could not be started: {error.strerror or error}.") from error
        self._readers = [
            threading.Thread(target=self._read_events, name="training-events", daemon=True),
            threading.Thread(target=self._read_errors, name="training-errors", daemon=True),
        ]
        for reader in self._readers:
            reader.start()

    @classmethod
    def start(cls, plan: TrainingPlan) -> TrainingProcess:
        """Write the plan down and spawn the worker.

        Raises:
            TrainingError: the plan cannot be written, or the worker cannot be started.
        """
        parent = training_dir()
        try:
            parent.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(prefix=f"{safe_name(plan.name)[:40]}-", dir=parent))
            plan.save(folder)
        except OSError as error:
            raise TrainingError(f"{parent} cannot be written: {error.strerror or error}. Free some space.") from error
        return cls(folder)

    @classmethod
    def resume(cls, run: RunInfo) -> TrainingProcess:
        """Go on with a run that was interrupted.

        Raises:
            TrainingError: the worker cannot be started.
        """
        return cls(run.folder)

    def poll(self) -> list[dict[str, Any]]:
        """The events since the last call, in their order."""
        alive = any(reader.is_alive() for reader in self._readers)
        events = []
        while self._events:
            events.append(self._events.popleft())
        if any(event.get("event") in LAST_WORDS for event in events):
            self._ended = True
        elif not alive and not events and not self._ended:
            self._ended = True
            events.append({"event": "failed", "message": self._how_it_died()})
        return events

    @property
    def running(self) -> bool:
        """False once the worker is gone and all its events were polled."""
        alive = self._child.poll() is None or any(reader.is_alive() for reader in self._readers)
        done = not alive and not self._events and self._ended
        if done:
            self._clean_up()
        return not done

    def send(self, command: str) -> None:
        """Tell the worker to `pause`, `resume`, `stop` (keep the best), `cancel` (throw away) or `quit` (for later)."""
        assert command in COMMANDS, command
        self._cancelled = self._cancelled or command == CANCEL
        line = json.dumps({"command": command}).encode() + b"\n"
        with self._send_lock, contextlib.suppress(OSError, ValueError):  # it has ended
            assert self._child.stdin is not None
            self._child.stdin.write(line)
            self._child.stdin.flush()

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for the worker's end; false where that takes longer than `timeout` seconds."""
        try:
            self._child.wait(timeout)
        except subprocess.TimeoutExpired:
            return False
        for reader in self._readers:
            reader.join()
        self._close_pipes()
        return True

    def kill(self) -> None:
        """End the worker at once; the run can be resumed."""
        self._child.kill()
        self.wait()

    def _read_events(self) -> None:
        for line in _lines(self._child.stdout):
            with contextlib.suppress(ValueError):
                event = json.loads(line)
                if isinstance(event, dict) and "event" in event:
                    self._events.append(event)

    def _read_errors(self) -> None:
        self._errors.extend(line.decode("utf-8", "replace") for line in _lines(self._child.stderr))

    def _how_it_died(self) -> str:
        status = self._child.poll()
        text = "".join(self._errors)[-_LONGEST_ERROR:].strip()
        detail = f" It said: {text.splitlines()[-1]}" if text else ""
        return f"The training ended without a word (status {status}). It can be resumed.{detail}"

    def _clean_up(self) -> None:
        """A run that is over leaves nothing behind."""
        self.wait()
        if self._cancelled or (self.folder / FINISHED_NAME).exists():
            shutil.rmtree(self.folder, ignore_errors=True)

    def _close_pipes(self) -> None:
        for pipe in (self._child.stdin, self._child.stdout, self._child.stderr):
            if pipe is not None:
                with contextlib.suppress(OSError):
                    pipe.close()


def _lines(stream: IO[bytes] | None) -> Iterable[bytes]:
    assert stream is not None
    with contextlib.suppress(ValueError, OSError):  # closed under our hands
        yield from stream


def _worker_command() -> list[str]:
    if getattr(sys, "frozen", False):
        return [sys.executable, TRAINING_WORKER]
    return [sys.executable, "-m", "roomnet_core.training.worker"]


def _folders() -> list[Path]:
    try:
        return [folder for folder in training_dir().iterdir() if (folder / PLAN_NAME).is_file()]
    except OSError:
        return []


def _progress(folder: Path, plan: TrainingPlan) -> float:
    try:
        done = len(json.loads((folder / HISTORY_NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        done = 0
    return min(1.0, done / max(1, int(plan.options["epochs"])))
