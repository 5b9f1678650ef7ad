"""The runner: results arrive in the GUI thread, errors always arrive, and closing waits for a bounded time."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QThread
from pytestqt.qtbot import QtBot

from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner
from tests.patience import PATIENCE_SECONDS


class Heard:
    """Collects what a job says, and where it says it."""

    def __init__(self) -> None:
        self.items: list[Any] = []
        self.calls: list[int] = []
        self.progress: list[tuple[int, int]] = []
        self.ends: list[tuple[str, Any]] = []
        self.threads: set[QThread] = set()

    def callbacks(self, *, failed: bool = True) -> Callbacks:
        return Callbacks(
            items=self._items,
            progress=lambda done, total: self.progress.append((done, total)),
            done=lambda result: self.ends.append(("done", result)),
            failed=(lambda error: self.ends.append(("failed", error))) if failed else None,
            cancelled=lambda: self.ends.append(("cancelled", None)),
        )

    def _items(self, items: list[Any]) -> None:
        self.threads.add(QThread.currentThread())
        self.calls.append(len(items))
        self.items += items


@pytest.fixture
def unhandled() -> list[BaseException]:
    return []


@pytest.fixture
def runner(qapp: Any, unhandled: list[BaseException]) -> Iterator[Runner]:
    runner = Runner(unhandled.append)
    yield runner
    assert runner.shutdown(PATIENCE_SECONDS)


def test_results_come_in_order_in_the_gui_thread_and_in_batches(qtbot: QtBot, runner: Runner) -> None:
    heard, sent = Heard(), threading.Event()

    def work(job: Job) -> str:
        assert QThread.currentThread() is not runner.thread()
        for number in range(200):
            job.send(number)
            job.progress(number + 1, 200)
        sent.set()
        return "end"

    runner.start(Lane.FILES, "count", work, heard.callbacks())
    assert sent.wait(PATIENCE_SECONDS)
    qtbot.waitUntil(lambda: bool(heard.ends))
    assert heard.items == list(range(200))
    assert heard.threads == {runner.thread()}
    assert len(heard.calls) < 20
    assert heard.progress[-1] == (200, 200)
    assert heard.ends == [("done", "end")]


def test_a_fast_worker_is_held_back(qtbot: QtBot, runner: Runner) -> None:
    heard = Heard()
    sent = []

    def work(job: Job) -> None:
        for number in range(2000):
            job.send(number)
            sent.append(number)

    runner.start(Lane.FILES, "flood", work, heard.callbacks())
    time.sleep(0.3)  # the GUI thread is busy elsewhere
    assert len(sent) < 300
    qtbot.waitUntil(lambda: bool(heard.ends))
    assert heard.items == list(range(2000))


def test_an_exception_reaches_its_callback_and_the_lane_goes_on(
    qtbot: QtBot, runner: Runner, unhandled: list[BaseException]
) -> None:
    heard, after = Heard(), Heard()

    def fail(job: Job) -> None:
        raise ValueError("broken")

    runner.start(Lane.FILES, "fail", fail, heard.callbacks())
    runner.start(Lane.FILES, "next", lambda job: 7, after.callbacks())
    qtbot.waitUntil(lambda: bool(after.ends))
    assert [(kind, str(error)) for kind, error in heard.ends] == [("failed", "broken")]
    assert after.ends == [("done", 7)]
    assert unhandled == []


def test_an_exception_without_a_callback_reaches_the_error_handler(
    qtbot: QtBot, runner: Runner, unhandled: list[BaseException]
) -> None:
    def fail(job: Job) -> None:
        raise KeyboardInterrupt  # not even an Exception may get lost

    runner.start(Lane.FILES, "fail", fail, Heard().callbacks(failed=False))
    qtbot.waitUntil(lambda: bool(unhandled))
    assert isinstance(unhandled[0], KeyboardInterrupt)


def test_a_mistake_in_a_callback_reaches_the_error_handler(
    qtbot: QtBot, runner: Runner, unhandled: list[BaseException]
) -> None:
    def done(result: Any) -> None:
        raise RuntimeError("in the callback")

    runner.start(Lane.FILES, "work", lambda job: 1, Callbacks(done=done))
    qtbot.waitUntil(lambda: bool(unhandled))
    assert str(unhandled[0]) == "in the callback"


def test_cancelling_a_waiting_and_a_running_job(qtbot: QtBot, runner: Runner) -> None:
    first, second, third = Heard(), Heard(), Heard()
    entered = threading.Event()

    def wait(job: Job) -> str:
        entered.set()
        while not job.cancelled():
            time.sleep(0.005)
        return "what it had"

    def complain(job: Job) -> None:
        while not job.cancelled():
            time.sleep(0.005)
        raise OSError("because it was cancelled")

    jobs = [
        runner.start(Lane.FILES, "running", wait, first.callbacks()),
        runner.start(Lane.FILES, "waiting", wait, second.callbacks()),
        runner.start(Lane.PICTURES, "raising", complain, third.callbacks()),
    ]
    assert entered.wait(PATIENCE_SECONDS)
    for job in jobs:
        job.cancel()
    qtbot.waitUntil(lambda: bool(first.ends and second.ends and third.ends))
    assert first.ends == [("done", "what it had")]
    assert second.ends == [("cancelled", None)]
    assert third.ends == [("cancelled", None)]


def test_shutdown_is_bounded_and_nothing_is_called_after_it(
    qtbot: QtBot, qapp: Any, unhandled: list[BaseException]
) -> None:
    runner = Runner(unhandled.append)
    heard = Heard()
    entered, release = threading.Event(), threading.Event()

    def hang(job: Job) -> None:
        entered.set()
        release.wait(PATIENCE_SECONDS)

    runner.start(Lane.FILES, "hang", hang, heard.callbacks())
    assert entered.wait(PATIENCE_SECONDS)
    started = time.monotonic()
    assert not runner.shutdown(0.2)
    assert time.monotonic() - started < 20  # what hangs hangs for longer
    release.set()
    qtbot.wait(100)
    assert heard.ends == []
    late = runner.start(Lane.FILES, "late", lambda job: 1, heard.callbacks())
    assert late.cancelled()


def test_shutdown_while_a_worker_waits_to_send(qapp: Any, unhandled: list[BaseException]) -> None:
    runner = Runner(unhandled.append)

    def flood(job: Job) -> None:
        while not job.cancelled():
            job.send(0)

    runner.start(Lane.CLASSIFY, "flood", flood)
    time.sleep(0.1)
    assert runner.shutdown(PATIENCE_SECONDS)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a priority for each thread")
def test_work_that_takes_all_cores_gives_way_to_the_window(qtbot: QtBot, runner: Runner) -> None:
    found: dict[Lane, int] = {}

    def priority(job: Job) -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    for lane in (Lane.CLASSIFY, Lane.PICTURES, Lane.LARGE):
        runner.start(lane, "look", priority, Callbacks(done=lambda nice, lane=lane: found.update({lane: nice})))
    qtbot.waitUntil(lambda: len(found) == 3)
    own = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    assert found[Lane.LARGE] == own
    assert found[Lane.CLASSIFY] == found[Lane.PICTURES] == max(own, 10)
