"""What the tests of the window share: a model that tells rooms by colour, photos for it, and the window itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from roomnet_core.inference.model_file import ModelFile
from roomnet_core.network.card import Calibration, ModelCard, Preprocessing
from roomnet_core.rooms import RoomSet
from roomnet_gui.error_report import ErrorReporter
from roomnet_gui.jobs.classification import Classifier
from roomnet_gui.main_window import MainWindow
from roomnet_gui.settings import open_settings
from tests.patience import PATIENCE_SECONDS

ROOMS = RoomSet.from_names(["Backyard", "Bathroom", "Bedroom", "Frontyard", "Kitchen", "LivingRoom"])
# One colour a room; grey is like none of them, so the model is unsure.
COLOURS = [(20, 160, 40), (30, 120, 220), (130, 40, 160), (230, 150, 20), (210, 30, 30), (240, 240, 230)]
GREY = (110, 110, 110)


class ColourEngine:
    """Stands for a network: logits by the distance of the mean colour to each room's.

    It can stay in the middle of its work, so that a test need not be quicker than it.
    """

    name = "litert"
    device = "CPU"
    notice = ""
    reason = "it is a test"
    batch_size = 4

    def __init__(self, seconds_a_photo: float = 0.0, *, holds_after: int | None = None) -> None:
        self.seconds_a_photo = seconds_a_photo
        self.closed = False
        self.go_on = threading.Event()  # what it waits for after `holds_after` photos
        self._left = holds_after

    def logits(self, batch: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        time.sleep(self.seconds_a_photo * len(batch))
        if self._left is not None:
            if self._left <= 0:
                self.go_on.wait(PATIENCE_SECONDS)
            self._left -= len(batch)
        mean = (batch.mean(axis=(1, 2)) + 1) * 127.5
        distance = np.linalg.norm(mean[:, None] - np.array(COLOURS)[None], axis=2)
        return (-distance / 20).astype(np.float32)

    def close(self) -> None:
        self.closed = True


def colour_model(folder: Path) -> ModelFile:
    card = ModelCard(
        name="colours",
        rooms=ROOMS,
        preprocessing=Preprocessing(input_size=32, decode_side=64),
        calibration=Calibration(threshold=0.8),
        architecture="none",
        parameters=0,
        storage="float32",
        files={},
    )
    return ModelFile(folder, card)


def write_photo(path: Path, colour: tuple[int, int, int], size: tuple[int, int] = (120, 80)) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", size, colour).save(path, quality=90)
    return path


def write_rooms(folder: Path, rooms: Sequence[int | None]) -> Path:
    """`IMG_1.jpg`, `IMG_2.jpg` ... of these rooms; None is a photo that the model is unsure about."""
    for number, room in enumerate(rooms, start=1):
        write_photo(folder / f"IMG_{number}.jpg", GREY if room is None else COLOURS[room])
    return folder


def drop(window: MainWindow, paths: Sequence[Path]) -> None:
    """Drag files in and let go, as the window system reports it."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    action, button, keys = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(60, 60), action, data, button, keys)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    let_go = QDropEvent(QPointF(60, 60), action, data, button, keys)
    QApplication.sendEvent(window, let_go)
    assert let_go.isAccepted()


def wait_idle(qtbot: QtBot, window: MainWindow, seconds: float = 30) -> None:
    """Until nothing is being classified and the counts are up to date."""

    def idle() -> bool:
        session = window.session
        return not session.busy and window.door.decided and not session._changed_timer.isActive()

    qtbot.waitUntil(idle, timeout=round(seconds * 1000))
    qtbot.wait(40)  # thumbnails that came last are painted


MakeWindow = Callable[..., MainWindow]


@pytest.fixture
def errors(qapp: QApplication) -> ErrorReporter:
    return ErrorReporter()


@pytest.fixture
def make_window(
    qtbot: QtBot, tmp_path: Path, errors: ErrorReporter, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MakeWindow]:
    """Opens real windows, active and with the colour model unless another is given; closes them at the end."""
    windows: list[MainWindow] = []
    settings = open_settings()
    settings.setValue("language", "en")  # whatever the computer's is
    settings.setValue("welcomed", "true")
    settings.sync()

    def make(model: ModelFile | None = None, engine: Any = None) -> MainWindow:
        if model is not None:
            classifier = Classifier(model)
        else:
            classifier = Classifier(colour_model(tmp_path / "model"), lambda _: engine or ColourEngine())
        window = MainWindow(classifier, open_settings(), errors)
        errors.set_window(window)
        windows.append(window)
        window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    yield make
    monkeypatch.undo()
    for window in windows:
        window.session.undo_stack.setClean()  # no question
        window.close()
        window.deleteLater()
    QApplication.processEvents()


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    return make_window()
