"""Accepting, rejecting, covers, the large picture's zoom and the overlay of keys: by keys, in the real window."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from roomnet_gui.main_window import MainWindow
from roomnet_gui.review.query import Selection, Show
from tests.pictures import make_picture
from tests.windows import MakeWindow, wait_idle, write_rooms

Key = Qt.Key
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def house(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> MainWindow:
    """Six photos: kitchen, kitchen, unsure, bath, unsure, bedroom."""
    window = make_window()
    window.open_paths([write_rooms(tmp_path / "house", [4, 4, None, 1, None, 2])])
    wait_idle(qtbot, window)
    window.review.grid.setFocus()
    window.review.grid.select_row(0)
    return window


def press(qtbot: QtBot, key: Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    qtbot.keyClick(QApplication.focusWidget(), key, modifiers)


def row(window: MainWindow) -> int:
    return window.review.grid.currentIndex().row()


def state(window: MainWindow) -> str:
    """A letter a photo: accepted, corrected, rejected, Cover, or nothing said."""
    model, letters = window.review.model, ""
    for number in range(model.rowCount()):
        photo = model.photo_at(number)
        said = "a" if photo.accepted else "c" if photo.corrected else "."
        letters += "C" if photo.cover else "r" if photo.rejected else said
    return letters


def test_enter_accepts_and_goes_on(qtbot: QtBot, house: MainWindow) -> None:
    press(qtbot, Key.Key_Return)
    press(qtbot, Key.Key_Enter)
    assert (state(house), row(house)) == ("aa....", 2)
    assert "Accept 1 photo" in house.actions_.undo.text()
    press(qtbot, Key.Key_A, CONTROL)
    press(qtbot, Key.Key_Return)
    assert state(house) == "aaaaaa"
    press(qtbot, Key.Key_Z, CONTROL)
    assert state(house) == "aa...."
    assert house.review.grid.selected_count() == 4


def test_a_letter_labels_as_its_digit_does(qtbot: QtBot, house: MainWindow) -> None:
    press(qtbot, Key.Key_L)
    press(qtbot, Key.Key_6)
    rooms = [house.review.model.photo_at(number).decided for number in (0, 1)]
    assert rooms == [5, 5]


def test_x_rejects_goes_on_and_takes_back(qtbot: QtBot, house: MainWindow) -> None:
    press(qtbot, Key.Key_X)
    assert (state(house), row(house)) == ("r.....", 1)
    press(qtbot, Key.Key_Home)
    press(qtbot, Key.Key_X)
    assert (state(house), row(house)) == ("......", 0)
    house.review.side_bar.select(Selection(Show.NOT_REVIEWED))
    house.review.grid.setFocus()
    press(qtbot, Key.Key_Right)
    press(qtbot, Key.Key_X)
    assert (state(house), row(house)) == (".....", 1)  # it is hidden, and the next one is selected
    press(qtbot, Key.Key_Z, CONTROL)
    assert house.review.model.photo_at(row(house)).file.path.name == "IMG_2.jpg"


def test_c_makes_the_only_cover_of_a_room(qtbot: QtBot, house: MainWindow) -> None:
    press(qtbot, Key.Key_C)
    assert (state(house), row(house)) == ("C.....", 0)
    press(qtbot, Key.Key_Right)
    press(qtbot, Key.Key_C)
    assert state(house) == "aC...."
    assert house.actions_.undo.text().endswith("Make cover of Kitchen")
    press(qtbot, Key.Key_C)
    assert state(house) == "aa...."
    for _ in range(3):
        press(qtbot, Key.Key_Z, CONTROL)
    assert state(house) == "......"


def test_a_photo_without_a_room_is_no_cover(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    window = make_window()
    folder = write_rooms(tmp_path / "house", [4])
    (folder / "IMG_0.jpg").write_bytes(b"")
    window.open_paths([folder])
    wait_idle(qtbot, window)
    window.review.grid.setFocus()
    window.review.grid.select_row(0)
    press(qtbot, Key.Key_C)
    assert "needs a room" in window.progress.message
    press(qtbot, Key.Key_Return)  # nothing to accept either
    assert state(window) == ".."


def test_tab_goes_round_the_unsure_also_in_the_large_picture(qtbot: QtBot, house: MainWindow) -> None:
    press(qtbot, Key.Key_Space)
    assert house.review.previewing
    seen = []
    for _ in range(3):
        press(qtbot, Key.Key_Tab)
        seen.append(row(house))
    press(qtbot, Key.Key_Tab, SHIFT)
    assert [*seen, row(house)] == [2, 4, 2, 4]
    press(qtbot, Key.Key_Return)
    press(qtbot, Key.Key_Tab)
    press(qtbot, Key.Key_K)
    press(qtbot, Key.Key_Tab)
    assert "No photo is unsure any more" in house.progress.message
    assert house.review.previewing


def test_the_large_picture_zooms_pans_and_steps(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    folder = tmp_path / "large"
    folder.mkdir()
    for number in range(3):
        make_picture(number, (2400, 1600)).save(folder / f"IMG_{number}.jpg", quality=80)
    window = make_window()
    window.open_paths([folder])
    wait_idle(qtbot, window)
    window.review.grid.setFocus()
    window.review.grid.select_row(0)
    preview = window.review.preview
    press(qtbot, Key.Key_Space)
    assert not preview.zoomed and window.actions_.actual_size.isEnabled()
    qtbot.waitUntil(lambda: len(preview._pictures._images) >= 2)  # this one, and the next one ahead
    press(qtbot, Key.Key_Z)
    assert preview.zoomed
    assert preview._target().width() == pytest.approx(2400 / preview.devicePixelRatioF())
    qtbot.waitUntil(lambda: preview._image(None) is not None)
    left = preview._target().left()
    press(qtbot, Key.Key_Right)  # pans
    assert preview._target().left() < left
    assert row(window) == 0
    for _ in range(30):
        press(qtbot, Key.Key_Right)
    assert preview._target().right() == pytest.approx(preview.width(), abs=1)  # no further than its edge
    start = preview._target().topLeft()
    middle = QPointF(preview.width() / 2, preview.height() / 2).toPoint()
    qtbot.mousePress(preview, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(preview, middle * 1.2)
    qtbot.mouseRelease(preview, Qt.MouseButton.LeftButton, pos=middle)
    assert preview._target().topLeft() != start
    press(qtbot, Key.Key_PageDown)
    assert row(window) == 1
    qtbot.waitUntil(lambda: not preview.zoomed)
    press(qtbot, Key.Key_Plus, CONTROL)
    assert preview.zoomed
    press(qtbot, Key.Key_0, CONTROL)
    assert not preview.zoomed
    press(qtbot, Key.Key_End)
    assert row(window) == 2
    press(qtbot, Key.Key_Escape)
    assert window.review.grid.hasFocus()


def test_zooming_the_grid_keeps_the_photo_in_sight(qtbot: QtBot, house: MainWindow) -> None:
    press(qtbot, Key.Key_End)
    for _ in range(3):
        press(qtbot, Key.Key_Plus, CONTROL)
    grid = house.review.grid
    assert grid.zoom == house.review.grid_bar.slider.value() == 5
    assert grid.viewport().rect().intersects(grid.visualRect(grid.currentIndex()))
    press(qtbot, Key.Key_Minus, CONTROL)
    assert grid.zoom == 4
    press(qtbot, Key.Key_0, CONTROL)
    assert grid.zoom == 2


def test_the_overlay_shows_the_keys_and_any_key_takes_it_away(qtbot: QtBot, house: MainWindow) -> None:
    press(qtbot, Key.Key_Question, SHIFT)
    overlay = house.key_overlay
    assert overlay.isVisible() and overlay.hasFocus()
    said = overlay.accessibleDescription()
    assert "1 / B: Backyard" in said and "Tab: Next unsure" in said and "F6 / Ctrl+Tab: Next panel" in said
    press(qtbot, Key.Key_1)  # labels nothing
    assert not overlay.isVisible()
    assert house.review.grid.hasFocus()
    assert state(house) == "......"


def test_thousands_are_selected_and_labelled_at_once(qtbot: QtBot, house: MainWindow) -> None:
    grid = house.review.grid
    changes: list[None] = []
    grid.selection_changed.connect(lambda: changes.append(None))
    press(qtbot, Key.Key_A, CONTROL)
    assert grid.selected_count() == 6 and changes
    press(qtbot, Key.Key_B)
    assert house.session.summary().by_room[0] == 6
    assert grid.selected_count() == 1
