"""One piece of background work: its cancel token, its way to report, and who wants to know. No Qt in here."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# Partial results that may wait for the GUI thread. A worker that is faster is held back, so memory stays bounded.
_WAITING_ITEMS = 256
_POLL_SECONDS = 0.05


def ignore(*_: Any) -> None:
    """The callback of a caller who does not want to know."""


@dataclass(frozen=True, slots=True)
class Callbacks:
    """All are called in the GUI thread. Exactly one of `done`, `failed` and `cancelled` ends a job.

    `done` gets what the work returned, also when it was cancelled and returned what it had. `cancelled` is called
    when the work never started, or raised because of the cancelling. No `failed` means the runner's error handler.
    """

    items: Callable[[list[Any]], None] = ignore
    progress: Callable[[int, int], None] = ignore
    done: Callable[[Any], None] = ignore
    failed: Callable[[BaseException], None] | None = None
    cancelled: Callable[[], None] = ignore


class Job:
    """Given to the work as its only argument; kept by the starter to cancel it."""

    def __init__(self, name: str, work: Callable[[Job], Any], callbacks: Callbacks, post: Callable[..., None]) -> None:
        self.name = name
        self.work = work
        self.callbacks = callbacks
        self._post = post
        self._cancelled = threading.Event()
        self._room = threading.Semaphore(_WAITING_ITEMS)
        self._progress: tuple[int, int] | None = None

    def cancel(self) -> None:
        """Ask the work to stop; safe from any thread, any number of times."""
        self._cancelled.set()

    def cancelled(self) -> bool:
        return self._cancelled.is_set()

    def send(self, item: Any) -> None:
        """Deliver a partial result, in order. Waits while the GUI thread lags behind; drops it once cancelled."""
        while not self._cancelled.is_set():
            if self._room.acquire(timeout=_POLL_SECONDS):
                self._post(self, "item", item)
                return

    def progress(self, done: int, total: int) -> None:
        """Report how far the work is. Only the latest report is delivered."""
        self._progress = (done, total)
        self._post(self, "progress", None)

    # --- for the runner

    def take_progress(self) -> tuple[int, int] | None:
        latest, self._progress = self._progress, None
        return latest

    def item_taken(self) -> None:
        self._room.release()
