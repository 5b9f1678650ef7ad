"""Between a run and whoever watches it: events go out, and commands are heeded at the next good moment."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

PAUSE, RESUME, STOP, CANCEL, QUIT = "pause", "resume", "stop", "cancel", "quit"
COMMANDS = (PAUSE, RESUME, STOP, CANCEL, QUIT)

_STEP_EVENT_SECONDS = 0.2


class RunEnded(Exception):
    """The run was told to end: `command` is `cancel` or `quit`."""

    def __init__(self, command: str) -> None:
        super().__init__(command)
        self.command = command


class RunControl:
    """Commands may come from any thread; everything else belongs to the thread of the run."""

    def __init__(self, emit: Callable[[dict[str, Any]], None], clock: Callable[[], float] = time.monotonic) -> None:
        self._emit = emit
        self._clock = clock
        self._lock = threading.Condition()
        self._paused = False
        self._ending = ""
        self._stop = False
        self._shown = float("-inf")

    def command(self, name: str) -> None:
        """Heed one of `COMMANDS`; anything else is ignored."""
        with self._lock:
            if name in (PAUSE, RESUME):
                self._paused = name == PAUSE
            elif name == STOP:
                self._stop, self._paused = True, False
            elif name in (CANCEL, QUIT):
                self._ending, self._paused = name, False
            self._lock.notify_all()

    @property
    def stop_asked(self) -> bool:
        """Training should end now with the best that there is."""
        return self._stop

    @property
    def ending(self) -> bool:
        """The run was cancelled, or told to leave the rest for later."""
        return bool(self._ending)

    def emit(self, event: str, **values: Any) -> None:
        self._emit({"event": event, **values})

    def step(self, stage: str, step: int, steps: int, pace: Pace, **values: Any) -> None:
        """A `step` event, at most five times a second."""
        now = self._clock()
        if now - self._shown < _STEP_EVENT_SECONDS and step < steps:
            return
        self._shown = now
        shown = {"epoch": 0, "loss": None, "accuracy": None} | values
        self.emit(
            "step",
            stage=stage,
            step=step,
            steps=steps,
            photos_per_second=pace.photos_per_second,
            seconds_left=pace.seconds_left,
            **shown,
        )

    def check(self) -> float:
        """Wait while paused; returns the seconds that took.

        Raises:
            RunEnded: the run was cancelled or told to end.
        """
        waited = 0.0
        with self._lock:
            if self._paused and not self._ending:
                began = self._clock()
                self.emit("paused")
                self._lock.wait_for(lambda: not self._paused)
                waited = self._clock() - began
                if not self.ending:
                    self.emit("resumed")
            if self.ending:
                raise RunEnded(self._ending)
        return waited


class Pace:
    """Photos a second, and the time left, measured over what was done until now; pauses do not count."""

    def __init__(self, total: int, clock: Callable[[], float] = time.monotonic) -> None:
        """`total`: photos to be seen, one seen twice counting twice."""
        self._total = total
        self._clock = clock
        self._began = clock()
        self._done = 0

    def advance(self, photos: int, *, paused: float = 0.0) -> None:
        self._done += photos
        self._began += paused

    @property
    def photos_per_second(self) -> float | None:
        elapsed = self._clock() - self._began
        return round(self._done / elapsed, 1) if self._done and elapsed > 0 else None

    @property
    def seconds_left(self) -> float | None:
        pace = self.photos_per_second
        return None if not pace else round(max(0, self._total - self._done) / pace, 1)
