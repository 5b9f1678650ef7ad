"""Models with other rooms than the six: everything in the window works with eight of them, and with fifty."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from roomnet_core.inference.model_file import ModelFile
from roomnet_core.rooms import RoomSet
from roomnet_gui.jobs.task_dialog import TaskDialog
from roomnet_gui.main_window import MainWindow
from roomnet_gui.review.query import Show
from roomnet_gui.sort.sort_dialog import SortDialog
from tests.windows import MakeWindow, colour_model, wait_idle, write_photo

EIGHT = ("Backyard", "Bathroom", "Bedroom", "DiningRoom", "Frontyard", "Garage", "Kitchen", "LivingRoom")
FIFTY = tuple(f"Type {number:02}" for number in range(50))


class GreyEngine:
    """Tells rooms by the grey of the photo: one step of grey a room; what lies between two of them is unsure."""

    name, device, notice, reason, batch_size = "litert", "CPU", "", "it is a test", 4

    def __init__(self, rooms: int) -> None:
        self._rooms = rooms

    def logits(self, batch: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        grey = (batch.mean(axis=(1, 2, 3)) + 1) * 127.5
        return (-np.abs(grey[:, None] - greys(self._rooms)[None]) * 0.5).astype(np.float32)

    def close(self) -> None:
        pass


def greys(rooms: int) -> np.ndarray[Any, Any]:
    return np.linspace(4, 250, rooms)


def model_of(folder: Path, names: tuple[str, ...]) -> ModelFile:
    model = colour_model(folder)
    return ModelFile(folder, replace(model.card, name="many", rooms=RoomSet.from_names(names)))


@pytest.fixture(params=[EIGHT, FIFTY], ids=["eight", "fifty"])
def names(request: pytest.FixtureRequest) -> tuple[str, ...]:
    return request.param


@pytest.fixture
def window(
    qtbot: QtBot, make_window: MakeWindow, names: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> MainWindow:
    """One photo of each room, and one that lies between the first two."""
    steps = greys(len(names))
    for number, grey in enumerate(steps):
        write_photo(tmp_path / "house" / f"IMG_{number:02}.png", (round(grey),) * 3)
    write_photo(tmp_path / "house" / "between.png", (round((steps[0] + steps[1]) / 2),) * 3)
    window = make_window()
    monkeypatch.setattr(window.session._classifier, "_opener", lambda model: GreyEngine(len(model.rooms)))
    window.session.use_model(model_of(tmp_path / "model", names))
    window.open_paths([tmp_path / "house"])
    wait_idle(qtbot, window)
    return window


def rooms_of(window: MainWindow) -> dict[str, str]:
    rooms = window.session.document.rooms
    return {
        photo.file.path.name: rooms[photo.room_id].name
        for photo in window.session.document
        if photo.room_id is not None
    }


def test_every_room_is_shown_told_apart_and_counted(window: MainWindow, names: tuple[str, ...]) -> None:
    assert rooms_of(window) == rooms_of(window) | {f"IMG_{n:02}.png": name for n, name in enumerate(names)}
    rooms = window.session.document.rooms
    assert len({room.color for room in rooms}) == len(names)
    bar = window.review.side_bar
    shown = [bar.item(row).text() for row in range(bar.count())]
    assert all(room.english in shown for room in rooms)
    assert window.session.summary().unsure == 1
    window.grab()


def test_keys_label_and_never_clash(qtbot: QtBot, window: MainWindow, names: tuple[str, ...]) -> None:
    actions = window.actions_.rooms
    keys = [key.toString() for action in actions.values() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))
    assert len(keys) == min(2 * len(names), 9 + min(len(names), 23))
    window.review.grid.setFocus()
    window.review.grid.select_row(0)
    photo = window.review.model.photo_at(0)
    qtbot.keyClick(window.review.grid, Qt.Key.Key_8)
    assert window.session.document[photo.id].room_id == 7
    actions[len(names) - 2].trigger()  # rooms without a key are in the menu
    assert len([p for p in window.session.document if p.decided == len(names) - 2]) == 1
    menu = QMenu()
    window.actions_.fill_label_menu(menu)
    assert len(menu.actions()) < 20  # many rooms have a menu of their own


def test_the_keys_at_a_glance(window: MainWindow) -> None:
    window.actions_.keys.trigger()
    said = window.key_overlay.accessibleDescription()
    for room in window.session.document.rooms[:23]:  # no more letters are free
        assert room.english in said
    window.key_overlay.grab()


def test_the_details_show_the_likely_rooms(window: MainWindow, names: tuple[str, ...]) -> None:
    window.review.grid.select_row(1)
    window.review._show_current()
    bars = window.review.inspector._bars
    assert bars.height() <= 12 * 28
    assert names[0] in bars.accessibleName()
    bars.grab()


def test_excel_has_every_room(
    qtbot: QtBot, window: MainWindow, names: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "rooms.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    window.actions_.export_excel.trigger()
    qtbot.waitUntil(lambda: target.exists() and "Exported" in window.progress.message, timeout=20_000)
    book = load_workbook(target)
    written = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert set(names) <= written


def test_sorting_makes_a_folder_a_room(
    qtbot: QtBot, window: MainWindow, names: tuple[str, ...], tmp_path: Path
) -> None:
    window.actions_.sort.trigger()
    dialog = window.findChild(SortDialog)
    dialog.options.destination_box.setEditText(str(tmp_path / "sorted"))
    dialog.options.template.set_text("{order:02}_{room}_{n}")
    qtbot.waitUntil(lambda: dialog.preview is not None and dialog.preview.can_start, timeout=10_000)
    dialog.sort_button.click()
    qtbot.waitUntil(lambda: window.findChild(TaskDialog) is not None, timeout=10_000)
    qtbot.waitUntil(lambda: window.findChild(TaskDialog).outcome is not None, timeout=20_000)
    window.findChild(TaskDialog).close()
    folders = {path.name for path in (tmp_path / "sorted").iterdir() if path.is_dir()}
    assert set(names[2:]) <= folders


def test_unsure_follows_the_models_threshold(window: MainWindow) -> None:
    window.review.side_bar.select(type(window.review.side_bar.selection)(Show.UNSURE))
    shown = [window.review.model.photo_at(row).file.path.name for row in range(window.review.model.rowCount())]
    assert "between.png" in shown
