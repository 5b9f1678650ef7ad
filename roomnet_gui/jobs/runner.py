"""The only way to background work: lanes of threads, and results delivered to the GUI thread in batches."""

from __future__ import annotations

import contextlib
import enum
import os
import queue
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from roomnet_gui.jobs.job import Callbacks, Job

# Results are collected for this long, so that a hundred of them cost one round through the views and not a hundred.
_COLLECT_MS = 33
# The longest that one delivery may hold the GUI thread; what is left comes after the next events.
_DELIVERY_SECONDS = 0.012
_ITEMS_A_CALL = 24


class Lane(enum.Enum):
    """Jobs of one lane wait for each other, lanes do not. `_THREADS` says how wide each is."""

    CLASSIFY = "classify"  # owns the engine, which serves one thread at a time
    FILES = "files"  # exports and sorting
    PICTURES = "pictures"  # thumbnails
    CATALOG = "catalog"  # opens the catalog, reads from it, looks at folders
    LARGE = "large"  # the one picture that someone waits for, and the next
    EXAMINE = "examine"  # looks at labelled photos, for minutes
    TRAINING = "training"  # starts trainings, reads what came of them, keeps the models


_THREADS = {lane: 1 for lane in Lane} | {Lane.PICTURES: 2}

# Lanes that may take all cores there are; a person waits for the others.
_MODEST = (Lane.CLASSIFY, Lane.FILES, Lane.PICTURES, Lane.EXAMINE, Lane.TRAINING)
_MODEST_NICE = 10

Event = tuple[Job, str, Any]


class Runner(QObject):
    """Runs plain callables on daemon threads and owns the one signal that tells the GUI thread of their results.

    The threads are Python's and daemons: a read from a dead network drive cannot keep the program from ending.
    """

    _woken = Signal()

    def __init__(self, on_error: Callable[[BaseException], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._on_error = on_error
        self._queues: dict[Lane, queue.SimpleQueue[Job | None]] = {lane: queue.SimpleQueue() for lane in Lane}
        self._threads: dict[Lane, list[threading.Thread]] = {lane: [] for lane in Lane}
        self._jobs: set[Job] = set()
        self._events: deque[Event] = deque()
        self._wake_pending = False
        self._closed = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._deliver)
        self._woken.connect(self._collect, Qt.ConnectionType.QueuedConnection)

    def start(self, lane: Lane, name: str, work: Callable[[Job], Any], callbacks: Callbacks | None = None) -> Job:
        """Queue `work(job)` on `lane` and return its job. After `shutdown` nothing is started any more."""
        job = Job(name, work, callbacks or Callbacks(), self._post)
        if self._closed:
            job.cancel()
            return job
        self._jobs.add(job)
        threads = self._threads[lane]
        if len(threads) < _THREADS[lane]:
            thread = threading.Thread(
                target=self._serve,
                args=(lane, self._queues[lane]),
                name=f"roomnet-{lane.value}-{len(threads)}",
                daemon=True,
            )
            threads.append(thread)
            thread.start()
        self._queues[lane].put(job)
        return job

    def shutdown(self, timeout: float = 3.0) -> bool:
        """Cancel everything and wait at most `timeout` seconds. Returns whether all threads ended.

        From here on no callback is called, so whoever owns them may go.
        """
        self._closed = True
        self._timer.stop()
        for job in self._jobs:
            job.cancel()
        for lane in Lane:
            for _ in self._threads[lane]:
                self._queues[lane].put(None)
        threads = [thread for lane in Lane for thread in self._threads[lane]]
        deadline = time.monotonic() + timeout
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._events.clear()
        self._jobs.clear()
        return not any(thread.is_alive() for thread in threads)

    # --- on the worker threads

    def _serve(self, lane: Lane, jobs: queue.SimpleQueue[Job | None]) -> None:
        if lane in _MODEST:
            _give_way()
        while (job := jobs.get()) is not None:
            if job.cancelled():
                self._post(job, "cancelled", None)
                continue
            try:
                result = job.work(job)
            except BaseException as error:  # whatever it is, it must be seen: a thread must not die in silence
                self._post(job, "cancelled" if job.cancelled() else "failed", error)
            else:
                self._post(job, "done", result)
                del result
            del job  # else it would keep its callbacks and their pictures until the next job comes

    def _post(self, job: Job, kind: str, payload: Any) -> None:
        if self._closed:
            return
        if kind != "progress":
            self._events.append((job, kind, payload))
        if not self._wake_pending:
            self._wake_pending = True
            with contextlib.suppress(RuntimeError):  # the window was closed between the check and the signal
                self._woken.emit()

    # --- in the GUI thread

    def _collect(self) -> None:
        if not self._closed and not self._timer.isActive():
            self._timer.start(_COLLECT_MS)

    def _deliver(self) -> None:
        """Hand out what has come in, for a bounded time."""
        self._wake_pending = False
        deadline = time.perf_counter() + _DELIVERY_SECONDS
        while self._events and not self._closed and time.perf_counter() < deadline:
            job, kind, payload = self._events.popleft()
            if kind == "item":
                self._call(job.callbacks.items, self._gather(job, payload))
            else:
                self._end(job, kind, payload)
        for job in tuple(self._jobs):
            latest = job.take_progress()
            if latest is not None and not self._closed:
                self._call(job.callbacks.progress, *latest)
        if self._events and not self._closed:
            self._timer.start(1)

    def _gather(self, job: Job, first: Any) -> list[Any]:
        """`first` and the items of the same job right behind it."""
        items = [first]
        job.item_taken()
        while len(items) < _ITEMS_A_CALL and self._events and self._events[0][:2] == (job, "item"):
            items.append(self._events.popleft()[2])
            job.item_taken()
        return items

    def _end(self, job: Job, kind: str, payload: Any) -> None:
        self._jobs.discard(job)
        if kind == "done":
            if (latest := job.take_progress()) is not None:
                self._call(job.callbacks.progress, *latest)
            self._call(job.callbacks.done, payload)
        elif kind == "failed":
            self._call(job.callbacks.failed or self._on_error, payload)
        else:
            self._call(job.callbacks.cancelled)

    def _call(self, callback: Callable[..., None], *arguments: Any) -> None:
        try:
            callback(*arguments)
        except Exception as error:  # a mistake in one callback must not stop the delivery of the others
            self._on_error(error)


def _give_way() -> None:
    """Let the window's thread go first where cores are scarce: this thread, and those that it starts, get the rest.

    Linux alone has a priority for each thread that anyone may lower; elsewhere the system favours the window in front.
    """
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _MODEST_NICE)
