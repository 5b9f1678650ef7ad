"""How long the Train page holds the window up: python -m benchmarks.train_window [--labels 20000]

Offscreen, with photos made in code and the shipped model: the longest block in ms of each step of a real Quick
training (goal: 50 ms), of classifying meanwhile, and of looking through many labelled photos.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from benchmarks.review import Gaps, new_window, ticking, wait
from tests.labelled import make_labelled

PHOTOS = {"Attic": 100, "Bath": 100, "Cellar": 100, "Den": 100}
LABELS = 20_000


def measure(name: str, act: Callable[[], None], until: Callable[[], bool], seconds: float = 120) -> Gaps:
    with ticking(0.3) as gaps:
        act()
        wait(seconds, until)
    figures = gaps.figures()
    print(
        f"{name:52} longest {figures['max']:6.1f} ms, of it at most {figures['work']:6.1f} ms of work; "
        f"{figures['over']:.0f} over 50",
        flush=True,
    )
    return gaps


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--labels", type=int, default=LABELS, help="photos to look through (default: 20,000)")
    labels = parser.parse_args().labels
    with tempfile.TemporaryDirectory(prefix="roomnet-bench-") as folder:
        os.environ["ROOMNET_DATA_DIR"] = str(Path(folder) / "data")
        photos = make_labelled(Path(folder) / "photos", PHOTOS)
        window = new_window()
        train, run = window.train, window.train.run
        window.actions_.show_train.trigger()
        count = sum(PHOTOS.values())
        measure(f"examine {count} photos", lambda: train.data.set_folder(photos), lambda: not train.data.busy)
        train.data.next_button.click()
        train.method.form.fields["epochs"].setValue(40)
        measure("start a training", train.method.start_button.click, lambda: run.figures.stage != "")
        measure("train, with curves and matrix", lambda: None, lambda: len(run.figures.history) >= 15)
        window.actions_.show_review.trigger()
        measure(
            "train and classify at once",
            lambda: window.open_paths([photos]),
            lambda: window.session.paths != () and not window.session.busy,
        )
        window.actions_.show_train.trigger()
        measure("end and show the result", lambda: None, lambda: not run.busy and train.result.report is not None)
        look_through(window, photos, labels)
        window.close()
    return 0


def look_through(window: object, photos: Path, count: int) -> None:
    """`count` labelled photos: the files are many names of a few photos."""
    from roomnet_core.training.examination import Examination
    from roomnet_core.training.sources import LabelledPhoto
    from roomnet_gui.main_window import MainWindow

    assert isinstance(window, MainWindow)
    train, data = window.train, window.train.data
    real = sorted(photos.rglob("*.jpg"))
    many = photos.parent / "many"
    many.mkdir()
    labelled = []
    for number in range(count):
        path = many / f"IMG_{number}.jpg"
        os.link(real[number % len(real)], path)
        labelled.append(LabelledPhoto(path, real[number % len(real)].parent.name))
    found = Examination(classes=tuple(PHOTOS), photos=tuple(labelled))
    train.show_step(0)
    shown: list[bool] = []
    measure(
        f"show {count:,} labelled photos",
        lambda: data.show_examination(found, then=lambda: shown.append(True)),
        lambda: bool(shown),
    )
    grid = data.panel.grid
    grid.select_row(5)
    wait(1)
    measure("a key relabels one of them", lambda: train.label_selected(1), lambda: data._judging is None)
    grid.selectAll()
    measure("a key relabels all of them", lambda: train.label_selected(2), lambda: data._judging is None, 10)
    measure("undo", window.actions_.undo.trigger, lambda: data._judging is None, 10)


if __name__ == "__main__":
    sys.exit(main())
