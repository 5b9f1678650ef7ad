"""Fixtures for every test: an isolated data folder, no leftover threads, photos made in code, the shared photos."""

from __future__ import annotations

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # before anything imports Qt
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")

import signal
import threading
import time
import weakref
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QThread, QThreadPool
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from roomnet_core.inference.cores import available_cores
from tests.patience import PATIENCE_SECONDS
from tests.pictures import write_photo_folder

# The same examples in every run, and no limits by the clock: two busy cores must not fail a test.
hypothesis.settings.register_profile(
    "roomnet",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("roomnet")

# A shell starts what it puts in the background with Ctrl-C ignored, and every process that a test starts inherits that.
if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

REPOSITORY = Path(__file__).resolve().parent.parent
GRACE_SECONDS = 20.0  # a thread that is about to end may wait for its turn on a crowded computer
# Each process of a parallel run may come to hold TensorFlow: a gigabyte.
_MOST_PROCESSES = 6


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """`--numprocesses auto`: two at least, because the tests wait a good deal; one a core otherwise.

    Not xdist's own count, which leaves out the second thread of a core and does not know of containers' limits.
    """
    return max(2, min(available_cores(), _MOST_PROCESSES))


@pytest.fixture(autouse=True)
def data_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The program's own data folder, fresh and empty for each test (and outside its `tmp_path`)."""
    folder = tmp_path_factory.mktemp("roomnet-data")
    monkeypatch.setenv("ROOMNET_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def photo_folder(tmp_path: Path) -> Path:
    """A folder with six small JPEGs made in code, two of them in a subfolder."""
    return write_photo_folder(tmp_path / "photos")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of labelled photos and reference weights beside the repository; skips where it is not."""
    folder = Path(os.environ.get("ROOMNET_SHARED", REPOSITORY.parent / "shared"))
    if not folder.is_dir():
        pytest.skip(f"needs the labelled photos and the reference weights in {folder} (ROOMNET_SHARED moves it)")
    return folder


@pytest.fixture(scope="session")
def shared_data(shared: Path) -> Path:
    """The labelled photos: manifest.csv and photos/."""
    folder = shared / "data"
    if not (folder / "manifest.csv").is_file():
        pytest.skip(f"needs the labelled photos in {folder}")
    return folder


@pytest.fixture(scope="session")
def shared_reference(shared: Path) -> Path:
    """The reference network's checkpoint and its measured outputs (parity.npz)."""
    folder = shared / "reference"
    if not (folder / "parity.npz").is_file():
        pytest.skip(f"needs the reference network in {folder}")
    return folder


class PatientBot(QtBot):
    """Waits longer than pytest-qt's five seconds for what must come."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = 0) -> None:
        super().waitUntil(callback, timeout=max(timeout, round(PATIENCE_SECONDS * 1000)))

    def waitSignal(self, signal: Any, *, timeout: int = 0, **options: Any) -> Any:
        return super().waitSignal(signal, timeout=max(timeout, round(PATIENCE_SECONDS * 1000)), **options)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    return PatientBot(request)


# --- leftover threads

_started: weakref.WeakSet[Any] = weakref.WeakSet()  # QThreads and QThreadPools that were given work


def _remember_starts(owner: type, method: str) -> None:
    original: Callable[..., Any] = getattr(owner, method)

    def start(self: Any, *args: Any, **kwargs: Any) -> Any:
        _started.add(self)
        return original(self, *args, **kwargs)

    setattr(owner, method, start)


_remember_starts(QThread, "start")
_remember_starts(QThreadPool, "start")
_remember_starts(QThreadPool, "tryStart")


def _running() -> dict[int, str]:
    """What runs beside the main thread now: an id that no two of them share, and words for it."""
    found = {
        # A dummy stands for a thread that Python did not start, and stays in the list after that thread's end.
        id(thread): f"thread {thread.name!r}{' (daemon)' if thread.daemon else ''}"
        for thread in threading.enumerate()
        if thread is not threading.main_thread() and not isinstance(thread, threading._DummyThread)
    }
    # Nothing in Python holds the global pool's wrapper, so the set may have lost it.
    for item in {QThreadPool.globalInstance(), *_started}:
        if not shiboken6.isValid(item):
            continue
        name = item.objectName() or type(item).__name__
        (key,) = shiboken6.getCppPointer(item)
        if isinstance(item, QThread) and item.isRunning():
            found[key] = f"QThread {name!r}"
        elif isinstance(item, QThreadPool) and item.activeThreadCount():
            found[key] = f"QThreadPool {name!r} with {item.activeThreadCount()} running jobs"
    return found


@pytest.fixture(autouse=True)
def no_leftover_threads() -> Iterator[None]:
    """Fails a test that leaves a thread, a QThread or a pool's job running, and names it."""
    before = _running()
    yield
    deadline = time.monotonic() + GRACE_SECONDS
    while True:
        leftover = [words for key, words in _running().items() if key not in before]
        if not leftover:
            return
        if time.monotonic() > deadline:
            pytest.fail(f"still running after the test: {', '.join(leftover)}")
        if QCoreApplication.instance() is not None:
            QCoreApplication.processEvents()
        time.sleep(0.02)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Names that are no Unicode may be in what a test said; the processes tell each other nothing but Unicode."""
    report = yield
    report.sections = [(name, _unicode(text)) for name, text in report.sections]
    if report.longrepr is not None and (text := str(report.longrepr)) != _unicode(text):
        report.longrepr = _unicode(text)
    return report


def _unicode(text: str) -> str:
    return text.encode("utf-8", "backslashreplace").decode()
