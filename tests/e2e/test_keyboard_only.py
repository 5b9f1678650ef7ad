"""A whole sitting with the keyboard alone and the real model, and the next one, which finds everything as it was."""

from __future__ import annotations

import csv
import os
import shutil
import threading
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from roomnet_core.inference.model_file import find_model
from roomnet_core.inference.stages import Pipeline
from roomnet_gui.main_window import MainWindow
from roomnet_gui.review.query import Query, Selection, Show, Sort
from roomnet_gui.review.run import RunEnd
from tests.conftest import REPOSITORY
from tests.patience import PATIENCE_SECONDS
from tests.pictures import make_picture
from tests.windows import MakeWindow, wait_idle

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
FIRST, SECOND = 24, 90


def take_photos(folder: Path, start: int, count: int) -> Path:
    """Real photos of all rooms where there are some, else pictures made in code."""
    folder.mkdir()
    data = Path(os.environ.get("ROOMNET_SHARED", REPOSITORY.parent / "shared")) / "data"
    paths: list[Path] = []
    if (data / "manifest.csv").is_file():
        with (data / "manifest.csv").open(encoding="utf-8") as stream:
            paths = [data / row["file"] for row in csv.DictReader(stream)]
        paths = paths[:: max(1, len(paths) // (FIRST + SECOND))][start : start + count]
    for number in range(count):
        target = folder / f"IMG_{start + number:03}.jpg"
        if number < len(paths):
            shutil.copyfile(paths[number], target)
        else:
            make_picture(start + number).save(target, quality=85)
    return folder


def hold_after(photos: int, monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Lets no more than about that many be classified until the event is set, however slow this thread is."""
    go_on, infer, seen = threading.Event(), Pipeline._infer, 0

    def holding(self: Pipeline, engine: Any, batch: list[Any]) -> None:
        nonlocal seen
        if seen >= photos:
            go_on.wait(PATIENCE_SECONDS)
        seen += len(batch)
        infer(self, engine, batch)

    monkeypatch.setattr(Pipeline, "_infer", holding)
    return go_on


def press(qtbot: QtBot, key: Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """A key for whatever has the keyboard."""
    qtbot.keyClick(QApplication.focusWidget(), key, modifiers)


def go_to_panel(qtbot: QtBot, name: str) -> None:
    for _ in range(8):
        if QApplication.focusWidget().objectName() == name:
            return
        press(qtbot, Key.Key_F6)
    pytest.fail(f"F6 does not lead to {name}")


def decisions(window: MainWindow) -> dict[str, int]:
    photos = window.session.document
    return {photo.file.path.name: photo.decided for photo in photos if photo.decided is not None}


def shown(window: MainWindow) -> list[str]:
    model = window.review.model
    return [model.photo_at(row).file.path.name for row in range(model.rowCount())]


def test_a_sitting_by_keyboard_and_the_next_one(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = take_photos(tmp_path / "first", 0, FIRST), take_photos(tmp_path / "second", FIRST, SECOND)
    chosen = [str(first), str(second)]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *arguments: chosen.pop(0))
    go_on = hold_after(FIRST + 12, monkeypatch)
    window = make_window(model=find_model())
    press(qtbot, Key.Key_O, CONTROL)
    wait_idle(qtbot, window, 60)
    assert len(shown(window)) == FIRST
    assert all(photo.prediction is not None for photo in window.session.document)

    # Correct twelve, each with a key, which goes on to the next by itself.
    go_to_panel(qtbot, "photoGrid")
    press(qtbot, Key.Key_Home)
    expected: dict[str, int] = {}
    for name in shown(window)[:12]:
        photo = window.review.model.photo_at(window.review.grid.currentIndex().row())
        assert photo.file.path.name == name
        assert photo.prediction is not None
        room = (photo.prediction.room_id + 1) % 6
        press(qtbot, Key(Key.Key_1 + room))
        expected[name] = room
    assert decisions(window) == expected
    for _ in range(5):
        press(qtbot, Key.Key_Z, CONTROL)
    assert len(decisions(window)) == 7
    for _ in range(2):
        press(qtbot, Key.Key_Z, CONTROL | SHIFT)
    kept = dict(list(expected.items())[:9])
    assert decisions(window) == kept

    # Filter and sort.
    go_to_panel(qtbot, "sideBar")
    while window.review.side_bar.selection.show is not Show.NOT_REVIEWED:
        press(qtbot, Key.Key_Down)
    go_to_panel(qtbot, "sortBox")
    press(qtbot, Key.Key_End)
    query = Query(Selection(Show.NOT_REVIEWED), sort=Sort.MARGIN)
    assert window.review.model.query == query
    open_photos = [photo for photo in window.session.document if photo.not_reviewed]
    margins = {photo.file.path.name: photo.prediction.margin for photo in open_photos if photo.prediction}
    assert shown(window) == sorted(margins, key=lambda name: (margins[name], name))
    go_to_panel(qtbot, "photoGrid")
    press(qtbot, Key.Key_Home)
    press(qtbot, Key.Key_Right)
    current = window.review.model.photo_at(window.review.grid.currentIndex().row()).file.path

    # A second folder; close in the middle of it.
    press(qtbot, Key.Key_O, CONTROL | SHIFT)
    in_second = lambda: [p for p in window.session.document if p.file.root == second]  # noqa: E731
    qtbot.waitUntil(lambda: sum(photo.prediction is not None for photo in in_second()) >= 5, timeout=60000)
    done = sum(photo.prediction is not None for photo in window.session.document)
    assert done < FIRST + SECOND
    assert window.session.running
    go_on.set()
    press(qtbot, Key.Key_Q, CONTROL)
    assert not window.isVisible()

    # The next sitting.
    again = make_window(model=find_model())
    ends: list[RunEnd] = []
    again.session.run.ended.connect(ends.append)
    again.start()
    qtbot.waitUntil(lambda: len(again.session.document) >= FIRST)
    assert decisions(again) == kept
    assert again.review.model.query == query
    assert again.review.model.photo_at(again.review.grid.currentIndex().row()).file.path == current
    qtbot.waitUntil(lambda: bool(ends), timeout=60000)
    assert len(again.session.document) == FIRST + SECOND
    assert all(photo.prediction is not None for photo in again.session.document)
    assert 0 < ends[0].classified <= FIRST + SECOND - done  # the rest, and nothing twice
    assert decisions(again) == kept
    assert [path.name for path in again.session.paths] == ["first", "second"]
