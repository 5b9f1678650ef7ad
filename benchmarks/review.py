"""Measures the review window against its goals: python -m benchmarks.review [--json FILE]

Runs on Qt's offscreen platform and, where Xvfb is installed, on an X server of its own; each in a fresh process, with a
fresh data folder, photos made in code and the shipped model. `make bench-review` does the same.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from roomnet_gui.main_window import MainWindow

PHOTOS, CLASSIFIED, STARTS = 20_000, 2_000, 5
KEYS, FRAMES = 300, 600
TICK_MS = 4
# name of a figure, what it is, its goal, and whether larger is better
GOALS = [
    ("start", "window visible from process start, s", 1.0, False),
    ("open", "reviewed folder of 20,000 to first paint, s", 1.0, False),
    ("open_block", "longest block meanwhile, ms", 50, False),
    ("key", "key press to label painted, 20,000 photos, ms", 30, False),
    ("query", "filter or sort change, 20,000 photos, ms", 100, False),
    ("all", "longest block: one key labels 20,000, ms", 50, False),
    ("scroll", "scrolling 20,000 with cached thumbnails, frames/s", 50, True),
    ("memory", "memory above the bare window, MB", 600, False),
    ("classify_block", "longest block while 2,000 are classified, ms", 50, False),
]


def figures(values: list[float], *, worst: str = "p95") -> dict[str, float]:
    """Median, 95th percentile and maximum; `figure` is the one that the goal is about."""
    found = {
        "median": float(np.median(values)),
        "p95": float(np.percentile(values, 95)),
        "max": float(np.max(values)),
    }
    return {**found, "figure": found[worst]}


# --- photos


def make_photos(folder: Path, count: int, size: tuple[int, int]) -> None:
    """`count` JPEGs of a few motives; each has a size and a content of its own, as photos do."""
    from io import BytesIO

    from tests.pictures import make_picture

    folder.mkdir(parents=True)
    motives = []
    for seed in range(12):
        buffer = BytesIO()
        make_picture(seed, size).save(buffer, "JPEG", quality=80)
        motives.append(buffer.getvalue())
    for number in range(count):
        # What stands behind the end of the picture is no business of any decoder.
        extra = number.to_bytes(4, "little") * (1 + number // len(motives) % 64)
        (folder / f"IMG_{number:05}.jpg").write_bytes(motives[number % len(motives)] + extra)


def review_in_catalog(folder: Path) -> None:
    """Every photo known, with a prediction and, for two of three, a decision; thumbnails kept on the disk."""
    from datetime import datetime, timedelta

    from roomnet_core.inference.model_file import find_model
    from roomnet_core.photos.info import PhotoInfo
    from roomnet_core.photos.scan import scan
    from roomnet_core.photos.thumbnail_cache import ThumbnailCache
    from roomnet_core.prediction import Prediction, Reading
    from roomnet_core.session import changes
    from roomnet_core.session.store import Catalog
    from roomnet_gui.review.photo_delegate import NORMAL_ZOOM, ZOOMS
    from roomnet_gui.review.thumbnail_source import ThumbnailSource

    model, random = find_model(), np.random.default_rng(1)
    catalog = Catalog.open()
    document = catalog.load([folder], model.rooms, model.key())
    findings = catalog.reconcile(
        document.known(), scan(folder), roots=[folder], rooms=document.rooms, model=model.key()
    )
    document.settle(list(findings))
    results = {}
    for number, photo in enumerate(document):
        shares = random.dirichlet(np.full(len(model.rooms), 0.4))
        info = PhotoInfo(640, 480, datetime(2024, 1, 1) + timedelta(minutes=int(random.integers(500_000))), "Made")
        prediction = Prediction(tuple(map(float, shares)), bool(shares.max() < 0.7))
        results[photo.id] = Reading(prediction, info, number.to_bytes(16, "little"))
    document.record(results)
    document.apply(changes.label(document, [photo.id for photo in document if photo.id % 3], 2))
    catalog.flush()
    catalog.close()
    source = ThumbnailSource(ThumbnailCache.open)
    for photo in document:
        source.make(photo.file, ZOOMS[NORMAL_ZOOM])
    source.close()


# --- measuring


@dataclass
class Gaps:
    """`waited`: between ticks; `worked`: of it, what the thread itself computed. The rest is waiting for a core."""

    waited: list[float]
    worked: list[float]

    def figures(self) -> dict[str, float]:
        return {**figures(self.waited, worst="max"), "work": max(self.worked), "over": sum(w > 50 for w in self.waited)}


@contextmanager
def ticking(seconds_after: float = 0.0) -> Iterator[Gaps]:
    """Yields what gets, in ms, how much longer than asked each gap between two ticks of the loop was."""
    from PySide6.QtCore import Qt, QTimer

    gaps = Gaps([], [])
    last, worked = time.perf_counter(), time.thread_time()

    def tick() -> None:
        nonlocal last, worked
        now, work = time.perf_counter(), time.thread_time()
        gaps.waited.append((now - last) * 1000 - TICK_MS)
        gaps.worked.append((work - worked) * 1000)
        last, worked = now, work

    timer = QTimer(interval=TICK_MS)
    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(tick)
    timer.start()
    yield gaps
    wait(seconds_after)
    timer.stop()


def wait(seconds: float, until: Callable[[], bool] = lambda: False) -> None:
    from PySide6.QtCore import QEventLoop, QTimer

    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and not until():
        loop = QEventLoop()
        QTimer.singleShot(5, loop.quit)
        loop.exec()


class Painted:
    """Counts the paint events of the grid that were carried out while it had photos."""

    def __init__(self, window: MainWindow) -> None:
        from roomnet_gui.review.photo_grid import PhotoGrid

        self.count = 0
        self.at = 0.0
        original = PhotoGrid.paintEvent

        def paint(grid: PhotoGrid, event: Any) -> None:
            original(grid, event)
            if grid is window.review.grid and grid.model().rowCount():
                self.count += 1
                self.at = time.perf_counter()

        PhotoGrid.paintEvent = paint

    def after(self, act: Callable[[], object]) -> float:
        """Milliseconds from `act` to the end of the next paint."""
        from PySide6.QtWidgets import QApplication

        before, started = self.count, time.perf_counter()
        act()
        while self.count == before:
            QApplication.processEvents()
            if time.perf_counter() - started > 10:
                raise RuntimeError("nothing was painted")
        return (self.at - started) * 1000


def new_window() -> MainWindow:
    from PySide6.QtWidgets import QApplication

    from roomnet_gui.application import create_application, create_window
    from roomnet_gui.error_report import ErrorReporter

    application = QApplication.instance() or create_application(["roomnet-gui"])
    window = create_window(ErrorReporter(application))
    window.resize(1280, 820)
    window.show()
    window.activateWindow()
    wait(10, lambda: window.door.decided)
    wait(1.0)  # the engine is loaded meanwhile, as while a user looks for the folder
    return window


def measure_large(folder: Path) -> dict[str, Any]:
    """Everything about a reviewed folder of 20,000."""
    import psutil
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from roomnet_gui.review.query import Selection, Show, Sort

    process = psutil.Process()
    window = new_window()
    bare = process.memory_info().rss
    painted = Painted(window)
    session, review = window.session, window.review
    grid = review.grid
    found: dict[str, Any] = {}
    opens, blocks = [], []
    for _ in range(5):
        with ticking(0.5) as gaps:
            opens.append(painted.after(lambda: session.open([folder])) / 1000)
            wait(60, lambda: not session.busy)
        blocks.append(gaps)
        session.clear()
        wait(0.3)
    found["open"] = figures(opens, worst="median")
    found["open_block"] = max((gaps.figures() for gaps in blocks), key=lambda block: block["figure"])
    session.open([folder])
    wait(60, lambda: bool(len(session.document)) and not session.busy)
    assert len(session.document) == PHOTOS, len(session.document)
    grid.setFocus()
    grid.select_row(0)
    wait(1.0)
    presses = []
    for number in range(KEYS):
        presses.append(painted.after(lambda key=Qt.Key.Key_1 + number % 6: QTest.keyClick(grid, key)))
        wait(0.02)
    found["key"] = figures(presses)
    changes = []
    for _ in range(3):
        for show in (Show.UNSURE, Show.NOT_REVIEWED, Show.CORRECTED, Show.ALL):
            changes.append(painted.after(lambda show=show: review.side_bar.select(Selection(show))))
            wait(0.15)
        for sort in (Sort.MARGIN, Sort.CONFIDENCE, Sort.ROOM, Sort.CAPTURED, Sort.NAME):
            for descending in (True, False):
                changes.append(painted.after(lambda s=sort, d=descending: review.sort(s, d)))
                wait(0.15)
        for text in ("7", "77", "777", ""):
            changes.append(painted.after(lambda text=text: review.search_field.setText(text)))
            wait(0.15)
    found["query"] = figures(changes)
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    wait(0.5)
    with ticking(3.0) as gaps:
        QTest.keyClick(grid, Qt.Key.Key_5)
    found["all"] = gaps.figures()
    assert session.summary().by_room[4] == PHOTOS
    found["scroll"] = measure_scrolling(window, painted)
    found["memory"] = {"figure": (process.memory_info().rss - bare) / 1e6}
    window.close()
    return found


def measure_scrolling(window: MainWindow, painted: Painted) -> dict[str, float]:
    """From the top to the end in equal steps, each painted: the more steps, the finer; here a third of a page."""
    from PySide6.QtWidgets import QApplication

    grid = window.review.grid
    bar = grid.verticalScrollBar()
    thumbnails = window.review._thumbnails
    bar.setValue(0)
    wait(1.0)
    frames, shown = [], []
    step = grid.viewport().height() // 3
    for number in range(1, FRAMES + 1):
        frames.append(painted.after(lambda value=number * step: bar.setValue(value)))
        QApplication.processEvents()
        first, last = grid.visible_rows()
        ids = grid.model().ids_at(first, last)
        shown.append(sum(thumbnails.is_current(photo_id) for photo_id in ids) / max(1, len(ids)))
        time.sleep(max(0.0, 1 / 60 - frames[-1] / 1000))  # a screen asks for no more than 60
    found = figures(frames)
    return {**found, "figure": 1000 / found["p95"], "thumbnails_there": float(np.mean(shown))}


def measure_classifying(folder: Path) -> dict[str, Any]:
    """The real model over 2,000 photos that nobody knows."""
    window = new_window()
    ended: list[float] = []
    window.session.run.ended.connect(lambda end: ended.append(time.perf_counter()))
    with ticking(0.3) as gaps:
        started = time.perf_counter()
        window.opening.start_with([folder])
        wait(600, lambda: bool(ended))
    assert len(window.session.document) == CLASSIFIED
    seconds = ended[0] - started
    window.close()
    return {"classify_block": {**gaps.figures(), "photos_a_second": CLASSIFIED / seconds}}


def first_window(started: float) -> None:
    """In a process of its own: what `python -m roomnet_gui` does, up to the first painted window."""
    from PySide6.QtCore import QCoreApplication, QEvent, QObject, QTimer

    import roomnet_gui.__main__ as entry
    import roomnet_gui.application as application

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint and watched.objectName() == "emptyState":
                print(f"{time.time() - started:.3f}", flush=True)
                QCoreApplication.instance().removeEventFilter(self)
                QTimer.singleShot(0, lambda: os._exit(0))
            return False

    original = application.create_application

    def create(arguments: list[str]) -> object:
        created = original(arguments)
        watch = Watch(created)
        created.installEventFilter(watch)
        return created

    application.create_application = create
    sys.argv = ["roomnet-gui"]
    entry.main()


def measure_starts() -> dict[str, Any]:
    """Seconds from the start of the process to the first painted window, warm disk."""
    seconds = []
    for _ in range(STARTS + 1):
        command = [sys.executable, "-m", "benchmarks.review", "--first-window", repr(time.time())]
        seconds.append(float(subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()[0]))
    return {"start": figures(seconds[1:], worst="median")}


# --- the whole


def measure(work: Path, wanted: set[str]) -> dict[str, Any]:
    """All figures on the platform of this process."""
    import ai_edge_litert.interpreter  # noqa: F401  (before Qt, as the program does)

    found: dict[str, Any] = {}
    os.environ["ROOMNET_DATA_DIR"] = str(work / "empty-data")
    if "start" in wanted:
        found.update(measure_starts())
    if "large" in wanted:
        data = work / f"data-{os.getpid()}"
        shutil.copytree(work / "reviewed-data", data)
        os.environ["ROOMNET_DATA_DIR"] = str(data)
        found.update(measure_large(work / "large"))
    if "classify" in wanted:
        os.environ["ROOMNET_DATA_DIR"] = str(work / f"fresh-data-{os.getpid()}")
        found.update(measure_classifying(work / "classify"))
    return found


def platforms() -> dict[str, list[str]]:
    """By name, what stands before the command."""
    found = {"offscreen": []}
    if shutil.which("xvfb-run"):
        found["xcb"] = ["xvfb-run", "-a", "-s", "-screen 0 1600x1000x24"]
    return found


def show(results: dict[str, dict[str, Any]]) -> None:
    print(f"{'':52}{'goal':>7}" + "".join(f"{name:>26}" for name in results))
    for key, words, goal, more in GOALS:
        cells = []
        for found in results.values():
            if (figure := found.get(key)) is None:
                cells.append(f"{'-':>26}")
                continue
            good = figure["figure"] >= goal if more else figure["figure"] <= goal
            spread = f" ({figure['median']:.3g} / {figure['p95']:.3g})" if "median" in figure else ""
            cells.append(f"{figure['figure']:8.3g}{'' if good else ' !'}{spread}".rjust(26))
        print(f"{words:52}{'>=' if more else '<='}{goal:>5}" + "".join(cells))
    print("figure (median / 95th percentile); ! misses the goal")
    for name, found in results.items():
        if "scroll" in found:
            print(f"{name}: {found['scroll']['thumbnails_there']:.0%} of the cells had their thumbnail while scrolling")
        if "classify_block" in found:
            block = found["classify_block"]
            print(f"{name}: {block['photos_a_second']:.0f} photos/s classified")
        for key, words, *_ in GOALS:
            if (block := found.get(key)) and "work" in block:
                print(f"{name}: {words}: {block['over']} over 50, at most {block['work']:.0f} ms of work at once")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--json", type=Path, help="write every figure to this file too")
    parser.add_argument("--only", choices=["start", "large", "classify"], action="append", help="only these parts")
    parser.add_argument("--platform", choices=["offscreen", "xcb"], help="only this one")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--first-window", type=float, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    wanted = set(arguments.only or ["start", "large", "classify"])
    if arguments.first_window is not None:
        first_window(arguments.first_window)
    if arguments.measure is not None:
        print("FIGURES " + json.dumps(measure(arguments.measure, wanted)), flush=True)
        os._exit(0)
    with tempfile.TemporaryDirectory(prefix="roomnet-bench-") as folder:
        work = Path(folder)
        if "large" in wanted:
            make_photos(work / "large", PHOTOS, (320, 240))
            os.environ["ROOMNET_DATA_DIR"] = str(work / "reviewed-data")
            review_in_catalog(work / "large")
        if "classify" in wanted:
            make_photos(work / "classify", CLASSIFIED, (1280, 960))
        results = {}
        for name, before in platforms().items():
            if arguments.platform in (None, name):
                command = [*before, sys.executable, "-m", "benchmarks.review", "--measure", str(work)]
                command += [part for only in wanted for part in ("--only", only)]
                environment = {**os.environ, "QT_QPA_PLATFORM": name}
                done = subprocess.run(command, capture_output=True, text=True, env=environment)
                lines = [line for line in done.stdout.splitlines() if line.startswith("FIGURES ")]
                if not lines:
                    print(done.stdout, done.stderr, file=sys.stderr)
                    return 1
                results[name] = json.loads(lines[-1].removeprefix("FIGURES "))
    show(results)
    if arguments.json:
        arguments.json.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
