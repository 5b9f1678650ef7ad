"""The only way to background work: plain callables on threads, their results delivered to the GUI thread in batches.

A job's function never touches Qt. What it emits waits in a queue that a timer of the GUI thread empties, a few
milliseconds at a time, so that a flood of results cannot block the window.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

_DRAIN_INTERVAL_MS = 30
_DRAIN_BUDGET_SECONDS = 0.012

Emit = Callable[[Any], None]
Cancelled = Callable[[], bool]
JobFunction = Callable[[Emit, Cancelled], Any]


@dataclass(slots=True, eq=False)
class Job:
    """One running piece of work. `cancel` asks it to stop; nothing is delivered after that but its end."""

    name: str
    on_items: Callable[[list[Any]], None]
    on_done: Callable[[Any], None]
    on_end: Callable[[], None]
    stop: threading.Event = field(default_factory=threading.Event)
    results: queue.SimpleQueue[tuple[str, Any]] = field(default_factory=queue.SimpleQueue)
    thread: threading.Thread | None = None

    def cancel(self) -> None:
        self.stop.set()

    @property
    def cancelled(self) -> bool:
        return self.stop.is_set()


class JobRunner(QObject):
    """Starts jobs and delivers what they emit. `failed` carries the job's name and the exception."""

    failed = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: list[Job] = []
        self._timer = QTimer(self)
        self._timer.setInterval(_DRAIN_INTERVAL_MS)
        self._timer.timeout.connect(self._drain)

    @property
    def busy(self) -> bool:
        return bool(self._jobs)

    def start(
        self,
        name: str,
        function: JobFunction,
        *,
        on_items: Callable[[list[Any]], None] = lambda items: None,
        on_done: Callable[[Any], None] = lambda result: None,
        on_end: Callable[[], None] = lambda: None,
    ) -> Job:
        """Run `function(emit, cancelled)` on a thread.

        `on_items` gets what it emits, `on_done` what it returns (unless it was cancelled), `on_end` is called in
        every case, at last. All three are called on the GUI thread.
        """
        job = Job(name, on_items, on_done, on_end)

        def run() -> None:
            try:
                job.results.put(("done", function(lambda item: job.results.put(("item", item)), job.stop.is_set)))
            except BaseException as error:  # every failure reaches `failed`; none dies with the thread
                job.results.put(("error", error))

        job.thread = threading.Thread(target=run, name=f"job-{name}", daemon=True)
        self._jobs.append(job)
        job.thread.start()
        self._timer.start()
        return job

    def shut_down(self, timeout: float = 3.0) -> bool:
        """Cancel every job and wait for its thread; returns whether all have ended in time."""
        self._timer.stop()
        for job in self._jobs:
            job.cancel()
        deadline = time.monotonic() + timeout
        for job in self._jobs:
            assert job.thread is not None
            job.thread.join(max(0.0, deadline - time.monotonic()))
        ended = all(job.thread is not None and not job.thread.is_alive() for job in self._jobs)
        self._jobs.clear()
        return ended

    def _drain(self) -> None:
        deadline = time.monotonic() + _DRAIN_BUDGET_SECONDS
        for job in list(self._jobs):
            items: list[Any] = []
            ending: tuple[str, Any] | None = None
            while time.monotonic() < deadline and len(items) < 64:
                try:
                    kind, value = job.results.get_nowait()
                except queue.Empty:
                    break
                if kind == "item":
                    items.append(value)
                else:
                    ending = (kind, value)
                    break
            if items and not job.cancelled:
                job.on_items(items)
            if ending is not None:
                self._end(job, *ending)
        if not self._jobs:
            self._timer.stop()

    def _end(self, job: Job, kind: str, value: Any) -> None:
        self._jobs.remove(job)
        assert job.thread is not None
        job.thread.join()
        try:
            if kind == "error":
                self.failed.emit(job.name, value)
            elif not job.cancelled:
                job.on_done(value)
        finally:
            job.on_end()
