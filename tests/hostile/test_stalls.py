"""A network drive that stalls: a read that never ends blocks neither the window nor a cancel nor the end.

The photo `stalled.jpg` is opened by way of a pipe that nobody writes to, so the thread that reads it really waits in
the operating system, as it does for a server that is gone.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from roomnet_core.inference.classify import classify
from roomnet_core.photos.photo_file import Problem
from roomnet_core.photos.scan import scan
from tests.patience import PATIENCE_SECONDS, wait_for
from tests.windows import ColourEngine, MakeWindow, colour_model, write_rooms

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs pipes")
REPOSITORY = Path(__file__).resolve().parents[2]
# The stall has no end: whatever waited for it would take longer than a crowded machine's share of this.
AWAKE_SECONDS = 30.0


class StalledDrive:
    """`folder` with five photos, the third of which stalls from the `after`-th time on that it is opened."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.folder = write_rooms(folder / "photos", [0, 1, 2, 3, 4])
        (self.folder / "IMG_3.jpg").rename(self.folder / "IMG_3 stalled.jpg")
        self.waiting = threading.Event()
        self.after = 1
        self._pipe = folder / "pipe"
        os.mkfifo(self._pipe)
        self._opened = 0
        original = Path.open

        def stalling(path: Path, *arguments: Any, **options: Any) -> Any:
            if path.name.endswith("stalled.jpg"):
                self._opened += 1
                if self._opened >= self.after:
                    self.waiting.set()
                    return original(self._pipe, *arguments, **options)
            return original(path, *arguments, **options)

        monkeypatch.setattr(Path, "open", stalling)

    def come_back(self) -> None:
        """Let whoever waits go on: the pipe is opened for writing and closed."""
        until = time.monotonic() + PATIENCE_SECONDS
        while self.waiting.is_set() and time.monotonic() < until:
            with contextlib.suppress(OSError):
                os.close(os.open(self._pipe, os.O_WRONLY | os.O_NONBLOCK))
                self.waiting.clear()
            time.sleep(0.01)


@pytest.fixture
def drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[StalledDrive]:
    stalled = StalledDrive(tmp_path, monkeypatch)
    yield stalled
    stalled.come_back()


@pytest.mark.parametrize("after", [1, 2], ids=["at the first look", "while it is read"])
def test_the_core_can_be_cancelled(drive: StalledDrive, tmp_path: Path, after: int) -> None:
    drive.after = after
    stopped = threading.Event()

    def stop() -> None:
        drive.waiting.wait(PATIENCE_SECONDS)
        time.sleep(0.2)
        stopped.set()

    stopper = threading.Thread(target=stop)
    stopper.start()
    results = classify(scan(drive.folder), colour_model(tmp_path), ColourEngine(), cancelled=stopped.is_set)
    with closing(results):  # type: ignore[type-var]
        found = list(results)
    ended = time.monotonic()
    stopper.join()
    assert time.monotonic() - ended < AWAKE_SECONDS
    assert len(found) == 2 and not any(isinstance(result, Problem) for result in found)  # what came before


@pytest.mark.parametrize("after", [1, 2], ids=["at the first look", "while it is read"])
def test_the_window_stays_awake_cancels_and_closes(
    drive: StalledDrive, make_window: MakeWindow, qtbot: QtBot, after: int
) -> None:
    drive.after = after
    window = make_window()
    gaps: list[float] = []
    last = time.monotonic()

    def beat() -> None:
        nonlocal last
        gaps.append(time.monotonic() - last)
        last = time.monotonic()

    timer = QTimer(window, interval=5)
    timer.timeout.connect(beat)
    timer.start()
    window.open_paths([drive.folder])
    qtbot.waitUntil(drive.waiting.is_set, timeout=10_000)
    qtbot.wait(500)
    assert window.session.busy
    if after == 2:  # the folder is listed, and what is there can be worked with
        window.review.grid.selectAll()
        window.review.label_selected(1)
        assert [photo.decided for photo in window.session.document] == [1] * 5
    asked = time.monotonic()
    window.actions_.cancel.trigger()
    qtbot.waitUntil(lambda: not window.session.running, timeout=5_000)
    assert time.monotonic() - asked < AWAKE_SECONDS
    timer.stop()
    assert max(gaps) < AWAKE_SECONDS
    window.session.undo_stack.setClean()
    asked = time.monotonic()
    window.close()
    assert time.monotonic() - asked < AWAKE_SECONDS
    drive.come_back()


_STALLING = """
import sys
from pathlib import Path
from roomnet_core.cli import main
original = Path.open
def stalling(path, *arguments, **options):
    if path.name.endswith("stalled.jpg"):
        path = Path(sys.argv[2])
        path.with_name("waiting").touch()
    return original(path, *arguments, **options)
Path.open = stalling
sys.exit(main(["classify", sys.argv[1], "--model", "roomnet-compact", "--json", "-"]))
"""


def test_ctrl_c_ends_the_command_line(drive: StalledDrive, tmp_path: Path) -> None:
    command = [sys.executable, "-c", _STALLING, str(drive.folder), str(tmp_path / "pipe")]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            assert wait_for((tmp_path / "waiting").exists)
            time.sleep(0.2)
            asked = time.monotonic()
            process.send_signal(signal.SIGINT)
            assert process.wait(PATIENCE_SECONDS) == 130
            assert time.monotonic() - asked < AWAKE_SECONDS
        finally:
            process.kill()
