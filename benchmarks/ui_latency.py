"""Measures the window: how soon it is on the screen, and how long its thread is ever blocked while it classifies.

    python -m benchmarks.ui_latency FOLDER [--photos 300]

Uses the real model. Without a display it runs on Qt's offscreen platform.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

STARTS = 5
TICK_MS = 4


def first_window(started: float) -> None:
    """In a process of its own: what `python -m roomnet_gui` does, up to the first painted window."""
    from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

    import roomnet_gui.__main__ as entry

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and watched.objectName() == "emptyState":
                print(f"{time.time() - started:.3f}", flush=True)
                QCoreApplication.instance().removeEventFilter(self)
                QTimer.singleShot(0, QCoreApplication.quit)
            return False

    import roomnet_gui.application as application

    original = application.create_application

    def create(arguments: list[str]) -> object:
        created = original(arguments)
        watch = Watch(created)
        created.installEventFilter(watch)
        return created

    application.create_application = create
    sys.argv = ["roomnet-gui"]
    status = entry.main()
    sys.stdout.flush()
    os._exit(status)


def measure_starts() -> list[float]:
    """Seconds from the start of the process to the first painted window, warm disk."""
    seconds = []
    for _ in range(STARTS + 1):
        command = [sys.executable, "-m", "benchmarks.ui_latency", "--first-window", repr(time.time())]
        seconds.append(float(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[0]))
    return sorted(seconds[1:])


def measure_classifying(folder: Path, limit: int) -> dict[str, float]:
    """Open `limit` photos of `folder` in the real window and watch its event loop tick."""
    import ai_edge_litert.interpreter  # noqa: F401  (before Qt, as the program does)
    from PySide6.QtCore import QEventLoop, Qt, QTimer

    from roomnet_core.photos.photo_file import PhotoFile
    from roomnet_core.photos.scan import scan
    from roomnet_gui.application import create_application, create_window
    from roomnet_gui.error_report import ErrorReporter

    files = [item.path for item in scan(folder) if isinstance(item, PhotoFile)][:limit]
    application = create_application(["roomnet-gui"])
    window = create_window(ErrorReporter(application))
    window.show()
    gaps: list[float] = []
    work: list[float] = []
    last = last_work = 0.0

    def tick() -> None:
        nonlocal last, last_work
        now, worked = time.perf_counter(), time.thread_time()
        gaps.append(now - last - TICK_MS / 1000)
        work.append(worked - last_work)
        last, last_work = now, worked

    timer = QTimer(interval=TICK_MS)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    ended: list[float] = []
    loop = QEventLoop()
    QTimer.singleShot(1000, loop.quit)  # the engine is loaded meanwhile, as while a user looks for the folder
    loop.exec()
    window.session.run.ended.connect(lambda end: (ended.append(time.perf_counter()), QTimer.singleShot(200, loop.quit)))
    last = started = time.perf_counter()
    last_work = time.thread_time()
    timer.start()
    window.open_paths(files)
    loop.exec()
    timer.stop()
    count = len(window.session.document)
    window.close()
    gaps.sort()
    return {
        "photos": count,
        "seconds": ended[0] - started,
        "longest": gaps[-1] * 1000,
        "p99": gaps[int(len(gaps) * 0.99)] * 1000,
        "work": max(work) * 1000,
        "over": sum(gap > 0.05 for gap in gaps),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, help="a folder of photos")
    parser.add_argument("--photos", type=int, default=300, help="how many of them (default: %(default)s)")
    parser.add_argument("--first-window", type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform in ("win32", "darwin")):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    if arguments.first_window is not None:
        first_window(arguments.first_window)
    if arguments.folder is None:
        parser.error("a folder of photos is needed")
    with tempfile.TemporaryDirectory() as data:
        os.environ["ROOMNET_DATA_DIR"] = data
        starts = measure_starts()
        median = starts[len(starts) // 2]
        print(f"window on the screen after   {median:6.2f} s  (median of {STARTS}, worst {starts[-1]:.2f} s)")
        result = measure_classifying(arguments.folder, arguments.photos)
    print(f"photos classified            {result['photos']:6.0f}    in {result['seconds']:.1f} s")
    print(f"longest block of the window  {result['longest']:6.1f} ms (99th percentile {result['p99']:.1f} ms)")
    print(f"most work of its own at once  {result['work']:6.1f} ms (the rest of a block is waiting for a free core)")
    print(f"blocks over 50 ms            {result['over']:6.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
