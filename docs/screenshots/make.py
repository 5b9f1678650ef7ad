"""Take the pictures of the window: python docs/screenshots/make.py FOLDER [--labelled FOLDER] [--out DIR] [--blur]
                                                                          [--language zh_CN]

Runs the real window on FOLDER with the shipped model until everything is classified, and grabs it scene by scene; for
the scenes of training, really trains on the folder of class folders that `--labelled` names, or on parts of the sample
photos.
`--blur` leaves of each photo only its colours, for photos that may not be shown.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import ai_edge_litert.interpreter  # noqa: F401  (before Qt, as the program does)
from PIL import Image, ImageEnhance, ImageOps
from PySide6.QtCore import QEventLoop, QSize, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QWidget

from roomnet_core.resources import samples_dir
from roomnet_gui import application
from roomnet_gui.error_report import ErrorReporter
from roomnet_gui.main_window import MainWindow
from roomnet_gui.review import thumbnail_source
from roomnet_gui.review.folder_watch import Changes
from roomnet_gui.review.query import Selection, Show, Sort
from roomnet_gui.settings import open_settings
from roomnet_gui.sort.sort_dialog import SortDialog
from roomnet_gui.train.training_run import State

Key = Qt.Key
SIZE = QSize(1280, 800)


def wait(seconds: float, until: Callable[[], bool] = lambda: False) -> None:
    for _ in range(round(seconds * 20)):
        if until():
            return
        loop = QEventLoop()
        QTimer.singleShot(50, loop.quit)
        loop.exec()


def blur_everything() -> None:
    """Reduce what thumbnails and large pictures are made of to a few colours, and enlarge it again."""
    fitted = thumbnail_source._fitted
    smooth, ignore = Qt.TransformationMode.SmoothTransformation, Qt.AspectRatioMode.IgnoreAspectRatio

    def blurred(image: QImage, box: QSize | None) -> QImage:
        image = fitted(image, box)
        return image.scaled(QSize(7, 5), ignore, smooth).scaled(image.size(), ignore, smooth)

    thumbnail_source._fitted = blurred


_ASTRAY = {"bathroom-1": "Kitchen", "bedroom-2": "LivingRoom", "kitchen-1": "Bathroom", "backyard-1": "Frontyard"}


def labelled_samples(folder: Path, *, astray: bool) -> Path:
    """Class folders made of the sample photos: different parts of each, some mirrored, as if taken from elsewhere.

    With `astray` some parts lie in the folder of another room, so that there is something to find.
    """
    chance, saved = random.Random(7), 0
    names = {"backyard": "Backyard", "bathroom": "Bathroom", "bedroom": "Bedroom", "frontyard": "Frontyard",
             "kitchen": "Kitchen", "living-room": "LivingRoom"}  # fmt: skip
    for path in sorted(samples_dir().glob("*-?.jpg")):
        image = ImageOps.exif_transpose(Image.open(path))
        target = folder / names[path.stem[:-2]]
        for name in names.values():
            (folder / name).mkdir(parents=True, exist_ok=True)
        for number in range(12):
            share = chance.uniform(0.35, 0.95)
            width, height = round(image.width * share), round(image.height * share)
            left, top = chance.randrange(image.width - width), chance.randrange(image.height - height)
            part = image.crop((left, top, left + width, top + height)).resize((960, round(960 * height / width)))
            if number % 2:
                part = ImageOps.mirror(part)
            part = ImageEnhance.Brightness(part).enhance(chance.uniform(0.75, 1.25))
            lost = astray and number in (10, 11) and path.stem in _ASTRAY
            part.save((folder / _ASTRAY[path.stem] if lost else target) / f"IMG_{2000 + saved:04}.jpg", quality=88)
            saved += 1
    return folder


def press(window: MainWindow, keys: str) -> None:
    for key in keys:
        QTest.keyClick(window.review.grid, key)


def reviewed(window: MainWindow) -> None:
    """Some photos corrected, accepted, rejected; one is a cover."""
    window.review.grid.setFocus()
    window.review.grid.select_row(1)
    press(window, "1")
    QTest.keyClick(window.review.grid, Key.Key_Return)
    QTest.keyClick(window.review.grid, Key.Key_Return)
    press(window, "X")
    press(window, "C")


def dark(window: MainWindow) -> None:
    reviewed(window)
    dark_scheme(window)


def dark_scheme(window: MainWindow) -> None:
    next(action for action in window.actions_.schemes.actions() if action.data() == "dark").trigger()


def filtered(window: MainWindow) -> None:
    window.review.side_bar.select(Selection(Show.UNSURE))
    window.review.sort(Sort.MARGIN, False)
    window.review.grid.set_zoom(3)
    window.review.grid.select_row(0)


def preview(window: MainWindow) -> None:
    reviewed(window)
    window.review.open_preview()


def enlarged(window: MainWindow) -> None:
    preview(window)
    wait(1)
    QTest.keyClick(window.review.preview, Key.Key_Z)


def problems(window: MainWindow) -> None:
    window.review.side_bar.select(Selection(Show.PROBLEMS))


def keys(window: MainWindow) -> None:
    window.actions_.keys.trigger()


def news(window: MainWindow) -> None:
    window.news.folders_changed(Changes(new=3, changed=0, gone=1))
    window.news.catalog_trouble("There is no space left for the catalog catalog.sqlite. Free some space on that drive.")


def several(window: MainWindow) -> None:
    window.review.grid.set_zoom(0)
    window.review.grid.select_ids([window.review.model.id_at(row) for row in range(3, 12)])


def dialog(window: MainWindow, name: str) -> QWidget:
    getattr(window.actions_, name).trigger()
    shown = next(one for one in window.findChildren(QDialog) if one.isVisible())
    if isinstance(shown, SortDialog):
        shown.options.template.set_text("{order:02}_{room}_{n}")
    return shown


# --- training


def train_photos(window: MainWindow, labelled: Path) -> None:
    window.actions_.show_train.trigger()
    data = window.train.data
    data.set_folder(labelled)
    wait(300, lambda: not data.busy)
    wait(1)


def train_disputed(window: MainWindow, labelled: Path) -> None:
    train_photos(window, labelled)
    window.train.data.panel.choose("Disputed labels")


def train_method(window: MainWindow, labelled: Path) -> None:
    train_photos(window, labelled)
    window.train.data.next_button.click()
    window.train.method.advanced_button.click()


def train_running(window: MainWindow, labelled: Path) -> None:
    train_method(window, labelled)
    train = window.train
    train.method.start_button.click()
    wait(120, lambda: len(train.run.figures.history) >= 12 or not train.run.busy)
    train.running.pause_button.click()


def train_paused(window: MainWindow, labelled: Path) -> None:
    train_running(window, labelled)
    wait(10, lambda: window.train.run.state is State.PAUSED)


def train_result(window: MainWindow, labelled: Path) -> None:
    train_method(window, labelled)
    train = window.train
    train.method.form.fields["validation_share"].setText("0.4")
    train.method.start_button.click()
    wait(300, lambda: not train.run.busy)
    wait(5, lambda: train.result.report is not None)


def train_mistakes(window: MainWindow, labelled: Path) -> None:
    train_result(window, labelled)
    window.train.result.tabs.setCurrentIndex(1)


def train_plots(window: MainWindow, labelled: Path) -> None:
    train_result(window, labelled)
    window.train.result.tabs.setCurrentIndex(2)


def train_dark(window: MainWindow, labelled: Path) -> None:
    train_running(window, labelled)
    dark_scheme(window)


def train_failed(window: MainWindow, labelled: Path) -> None:
    train_method(window, labelled)
    train = window.train
    train.method.start_button.click()
    wait(120, lambda: len(train.run.figures.history) >= 5 or not train.run.busy)
    train.run._process._child.kill()
    wait(20, lambda: not train.run.busy)


def models(window: MainWindow, labelled: Path) -> QWidget:
    train_result(window, labelled)
    shown = window.train.show_models()
    wait(1)
    return shown


TRAINING: dict[str, Callable[[MainWindow, Path], QWidget | None]] = {
    "train-photos": train_photos,
    "train-disputed": train_disputed,
    "train-method": train_method,
    "train-running": train_running,
    "train-paused": train_paused,
    "train-dark": train_dark,
    "train-failed": train_failed,
    "train-result": train_result,
    "train-mistakes": train_mistakes,
    "train-plots": train_plots,
    "models": models,
}

WITHOUT_FAULTS = ("train-method", "train-result", "models")

SCENES: dict[str, Callable[[MainWindow], QWidget | None] | None] = {
    "empty": None,
    "window": reviewed,
    "dark": dark,
    "scaled": reviewed,
    "filtered": filtered,
    "preview": preview,
    "enlarged": enlarged,
    "problems": problems,
    "keys": keys,
    "news": news,
    "small": several,
    "sort": lambda window: dialog(window, "sort"),
    "export": lambda window: dialog(window, "export"),
    "welcome": lambda window: dialog(window, "welcome"),
    "about": lambda window: dialog(window, "about"),
    "earlier": lambda window: dialog(window, "earlier_sorts"),
}


def take(folder: Path, labelled: Path | None, out: Path, name: str, language: str) -> bool:
    """One scene in this process."""
    with tempfile.TemporaryDirectory() as data:
        os.environ["ROOMNET_DATA_DIR"] = data
        app = application.create_application(["roomnet"])
        settings = open_settings()
        settings.setValue("language", language)
        settings.sync()
        window = application.create_window(ErrorReporter(app))
        window.resize(SIZE)
        window.show()
        window.activateWindow()
        wait(0.5)
        act = SCENES.get(name)
        shown: QWidget = window
        if name in TRAINING:
            chosen = labelled or labelled_samples(Path(data) / "my house photos", astray=name not in WITHOUT_FAULTS)
            shown = TRAINING[name](window, chosen) or window
        elif act is not None:
            ended: list[object] = []
            window.session.run.ended.connect(ended.append)
            house = shutil.copytree(folder, Path(data) / "12 Elm Street")
            if name == "problems":
                (house / "IMG_2001.jpg").write_bytes(b"")
                (house / "IMG_2002.jpg").write_bytes((house / "bathroom-1.jpg").read_bytes()[:2000])
                (house / "offer.jpg").write_bytes(b"%PDF-1.7 no photo at all")
            window.open_paths([house])
            wait(300, lambda: bool(ended))
            wait(1)
            shown = act(window) or window
        wait(2)
        saved = shown.grab().save(str(out / f"{name}.png"))
        if shown is not window:
            shown.close()
        window.train.run.cancel()
        wait(20, lambda: not window.train.run.busy)
        window.close()
        QApplication.processEvents()
    return saved


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    parser.add_argument("--labelled", type=Path)
    parser.add_argument("--blur", action="store_true")
    parser.add_argument("--language", default="en")
    parser.add_argument("--only", choices=[*SCENES, *TRAINING], nargs="+")
    args = parser.parse_args()
    names = args.only or [*SCENES, *TRAINING]
    args.out.mkdir(parents=True, exist_ok=True)
    if len(names) == 1:
        if args.blur:
            blur_everything()
        return 0 if take(args.folder, args.labelled, args.out, names[0], args.language) else 1
    failed = 0
    labelled = ["--labelled", str(args.labelled)] if args.labelled else []
    for name in names:  # each in a process of its own: the scale is chosen when Qt starts
        command = [sys.executable, __file__, str(args.folder), *labelled, "--out", str(args.out), "--only", name]
        command += ["--language", args.language]
        environment = {**os.environ, "QT_SCALE_FACTOR": "2"} if name == "scaled" else None
        failed |= subprocess.run([*command, *(["--blur"] if args.blur else [])], env=environment).returncode
    return failed


if __name__ == "__main__":
    sys.exit(main())
