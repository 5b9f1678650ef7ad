"""Measures how long the window's thread is ever blocked while a sort is previewed, carried out and undone.

    python -m benchmarks.sort_latency [--photos 10000]

The real window, dialogs, journal and file system; the photos are small files made here, and their rooms are given
instead of classified, because classifying is measured elsewhere. Without a display it runs on Qt's offscreen platform.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

TICK_MS = 4
PER_FOLDER = 500


def write_photos(folder: Path, count: int) -> list[Path]:
    """Small JPEG files in folders of 500; no two have the same content."""
    import io

    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (64, 48), (120, 90, 60)).save(buffer, "JPEG")
    paths = []
    for number in range(count):
        path = folder / f"set {number // PER_FOLDER + 1}" / f"IMG_{number:05}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(buffer.getvalue() + number.to_bytes(4, "big"))  # behind the picture's end
        paths.append(path)
    return paths


class Watch:
    """The gaps between the ticks of a timer, beyond the timer's own, by stage."""

    def __init__(self) -> None:
        from PySide6.QtCore import Qt, QTimer

        self.gaps: dict[str, list[float]] = {}
        self._stage = ""
        self._last = time.perf_counter()
        self._timer = QTimer(interval=TICK_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def _tick(self) -> None:
        now = time.perf_counter()
        if self._stage:
            self.gaps.setdefault(self._stage, []).append(now - self._last - TICK_MS / 1000)
        self._last = now

    def run(self, stage: str, act: Callable[[], object], until: Callable[[], bool], settle: float = 0.3) -> float:
        """Do `act` and watch until it is done and a little longer. Returns the seconds that it took."""
        from PySide6.QtCore import QEventLoop, QTimer

        loop = QEventLoop()
        finished: list[float] = []

        def look() -> None:
            now = time.perf_counter()
            if not finished and until():
                finished.append(now)
            if finished and now - finished[0] > settle:
                loop.quit()

        looker = QTimer(interval=10)
        looker.timeout.connect(look)
        self._stage, self._last = stage, time.perf_counter()
        self._timer.start()
        looker.start()
        started = time.perf_counter()
        QTimer.singleShot(0, act)  # inside the loop, so that what it blocks is counted
        loop.exec()
        looker.stop()
        self._timer.stop()
        self._stage = ""
        return finished[0] - started


def measure(folder: Path, count: int) -> int:
    from PySide6.QtCore import QModelIndex

    from roomnet_core.photos.photo_file import PhotoFile
    from roomnet_core.prediction import Prediction
    from roomnet_gui.application import create_application, create_window
    from roomnet_gui.error_report import ErrorReporter
    from roomnet_gui.jobs.task_dialog import TaskDialog
    from roomnet_gui.sort.sort_dialog import SortDialog

    root = folder / "photos"
    paths = write_photos(root, count)
    application = create_application(["roomnet-gui"])
    window = create_window(ErrorReporter(application))
    window.show()
    watch = Watch()
    watch.run("start", lambda: None, lambda: True, settle=3.0)  # the engine is loaded meanwhile
    document = window.session.document
    files = [PhotoFile(path, root, (found := path.stat()).st_size, found.st_mtime_ns) for path in paths]
    rooms = len(document.rooms)
    predictions = {}
    for number, photo_id in enumerate(document.add(files)):
        share = tuple(0.9 if room == number % rooms else 0.1 / (rooms - 1) for room in range(rooms))
        predictions[photo_id] = Prediction(share, number % 37 == 0)
    document.record(predictions)
    watch.run("fill", lambda: None, lambda: True, settle=1.5)
    del watch.gaps["start"], watch.gaps["fill"]

    def dialog(kind: type) -> object:
        return next(one for one in window.findChildren(kind) if one.isVisible())

    def ended() -> bool:
        return any(one.outcome is not None and one.isVisible() for one in window.findChildren(TaskDialog))

    def previewed() -> bool:
        return any(one.preview is not None for one in window.findChildren(SortDialog) if one.isVisible())

    def choose(options: object) -> None:
        options.modes.button(1).click()
        options.template.set_text("{order:02}_{room}_{n}")
        options.room_table.model.moveRow(QModelIndex(), 3, QModelIndex(), 0)

    seconds = {
        "first preview": watch.run("first preview", window.actions_.sort.trigger, previewed),
        "changed preview": watch.run("changed preview", lambda: choose(dialog(SortDialog).options), previewed),
        "moving": watch.run("moving", lambda: dialog(SortDialog).sort_button.click(), ended, settle=1.0),
    }
    dialog(TaskDialog).close()
    watch.run("", lambda: None, window.actions_.undo_sort.isEnabled)
    seconds["undoing"] = watch.run("undoing", window.actions_.undo_sort.trigger, ended, settle=1.0)
    print(f"{count:,} photos          seconds   longest block   99 % of blocks below")
    for stage, gaps in watch.gaps.items():
        gaps.sort()
        longest, most = gaps[-1] * 1000, gaps[int(len(gaps) * 0.99)] * 1000
        print(f"{stage:20} {seconds[stage]:9.2f} {longest:12.1f} ms {most:12.1f} ms")
    dialog(TaskDialog).close()
    back = sum(path.is_file() for path in paths)
    print(f"{back:,} of {count:,} photos are back in their place")
    window.session.undo_stack.setClean()
    window.close()
    return 0 if back == count else 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=10_000, help="how many (default: %(default)s)")
    arguments = parser.parse_args()
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform in ("win32", "darwin")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder = Path(tempfile.mkdtemp(prefix="roomnet-sort-"))
    try:
        os.environ["ROOMNET_DATA_DIR"] = str(folder / "data")
        return measure(folder, arguments.photos)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
