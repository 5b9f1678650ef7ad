"""The window by itself: state, settings, questions before something is lost, names for those who cannot see it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QFileDialog,
    QLineEdit,
    QMenu,
    QMessageBox,
    QProgressBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from roomnet_core.errors import CatalogError, ModelError
from roomnet_core.inference.engine import Engine
from roomnet_core.inference.model_file import ModelFile
from roomnet_gui import main_window
from roomnet_gui.appearance import ToneLabel, apply_scheme
from roomnet_gui.icons import action_icon, app_icon
from roomnet_gui.main_window import MainWindow
from roomnet_gui.review.query import Selection, Show
from roomnet_gui.settings import open_settings
from tests.windows import ColourEngine, MakeWindow, drop, wait_idle, write_rooms

Answer = QMessageBox.StandardButton


def opened(qtbot: QtBot, window: MainWindow, folder: Path, rooms: list[int | None]) -> MainWindow:
    window.open_paths([write_rooms(folder, rooms)])
    wait_idle(qtbot, window)
    return window


def nth(window: MainWindow, number: int) -> int:
    """The id of the photo `IMG_number.jpg`."""
    return next(photo.id for photo in window.session.document if photo.file.path.name == f"IMG_{number}.jpg")


def test_an_empty_window_says_what_to_do(window: MainWindow) -> None:
    assert window.empty.isVisible()
    assert not window.review.isVisible()
    actions = window.actions_
    assert actions.open_folder.isEnabled()
    assert not any(action.isEnabled() for action in (actions.export_excel, actions.sort, actions.cancel))
    assert not any(action.isEnabled() for action in actions.rooms.values())


def test_the_summary_line_after_a_run(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    opened(qtbot, window, tmp_path / "photos", [0, 1, 4, 4, None])
    assert window.progress.message.startswith("5 photos, 1 unsure · done in")
    assert window.windowTitle() == "photos[*] - RoomNet"
    assert window.progress._engine.text() == "colours · LiteRT on CPU (it is a test)"


def test_opening_another_folder_replaces_and_adding_adds(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(qtbot, window, tmp_path / "one", [0, 1])
    two, three = write_rooms(tmp_path / "two", [2, 3, 4]), write_rooms(tmp_path / "three", [5])
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *arguments: str(two))
    window.actions_.open_folder.trigger()
    wait_idle(qtbot, window)
    assert {photo.file.root for photo in window.session.document} == {two}
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *arguments: str(three))
    window.actions_.add_folder.trigger()
    wait_idle(qtbot, window)
    assert len(window.session.document) == 4
    monkeypatch.setattr(QFileDialog, "getOpenFileNames", lambda *arguments: ([str(tmp_path / "one/IMG_1.jpg")], ""))
    window.actions_.add_photos.trigger()
    wait_idle(qtbot, window)
    assert len(window.session.document) == 5


def test_a_folder_that_is_not_there_is_reported_and_the_next_one_works(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.open_paths([tmp_path / "nowhere"])
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "errorBox") is not None)
    box = window.findChild(QMessageBox, "errorBox")
    assert "nowhere" in box.text()
    box.close()
    wait_idle(qtbot, window)
    opened(qtbot, window, tmp_path / "photos", [0])
    assert window.session.document.summary().by_room[0] == 1


def test_a_model_that_cannot_be_loaded_is_reported_and_nothing_is_lost(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    def refuse(model: ModelFile) -> Engine:
        raise ModelError("The model was changed.")

    window.session._classifier._opener = refuse
    window.open_paths([write_rooms(tmp_path / "photos", [0])])
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "errorBox") is not None)
    box = window.findChild(QMessageBox, "errorBox")
    assert box.text() == "The model was changed."
    box.close()
    assert not window.session.running
    window.session._classifier._opener = lambda model: ColourEngine()
    opened(qtbot, window, tmp_path / "photos", [0])
    assert window.session.summary().by_room[0] == 1


def focus_name() -> str:
    focus = QApplication.focusWidget()
    return focus.objectName() or type(focus).__name__


def test_f6_goes_round_the_panels_and_tab_stays_with_the_photos(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    opened(qtbot, window, tmp_path / "photos", [0, None, 2, None])
    window.review.side_bar.setFocus()
    order = []
    for _ in range(7):
        order.append(focus_name())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
    assert order == ["sideBar", "sortBox", "photoGrid", "inspector", "searchField", "sideBar", "sortBox"]
    assert focus_name() == "photoGrid"
    grid = window.review.grid
    seen = []
    for _ in range(3):
        qtbot.keyClick(grid, Qt.Key.Key_Tab)
        seen.append(grid.currentIndex().row())
    qtbot.keyClick(grid, Qt.Key.Key_Tab, Qt.KeyboardModifier.ShiftModifier)
    assert (*seen, grid.currentIndex().row()) == (1, 3, 1, 3)
    assert grid.hasFocus()
    qtbot.keyClick(grid, Qt.Key.Key_Tab, Qt.KeyboardModifier.ControlModifier)
    assert focus_name() == "inspector"
    qtbot.keyClick(window.review.inspector, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert grid.hasFocus()


def test_tab_reaches_everything_outside_the_grid(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    opened(qtbot, window, tmp_path / "photos", [0])
    window.review.inspector.setFocus()
    order = []
    while "photoGrid" not in order and len(order) < 40:
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        order.append(focus_name())
    assert {"searchField", "sideBar", "sortBox", "sortDirection", "zoomSlider", "photoGrid"} <= set(order)


@pytest.fixture
def unsaving(qtbot: QtBot, data_folder: Path, make_window: MakeWindow) -> MainWindow:
    """A window that goes on without saving, because its catalog is damaged."""
    (data_folder / "catalog.sqlite").write_bytes(b"this was a catalog once " * 400)
    window = make_window()
    answer(qtbot, window, "without saving")
    return window


def answer(qtbot: QtBot, window: MainWindow, words: str) -> str:
    """Press the button with these words in the question about the catalog; returns what it said."""
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "catalogBox") is not None)
    box = window.findChild(QMessageBox, "catalogBox")
    said = box.informativeText()
    next(button for button in box.buttons() if words in button.text().replace("&", "")).click()
    return said


def test_labels_are_kept_without_a_question(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(MainWindow, "_ask_unsaved", lambda self: pytest.fail("asked"))
    window = opened(qtbot, make_window(), tmp_path / "photos", [0, 1])
    window.review.grid.select_ids([nth(window, 1)])
    window.review.label_selected(4)
    assert not window.isWindowModified()
    assert window.close()
    again = make_window()
    again.start()
    qtbot.waitUntil(lambda: len(again.session.document) == 2)
    assert again.session.document[nth(again, 1)].decided == 4


def test_a_damaged_catalog_is_told_of_and_can_be_set_aside(
    qtbot: QtBot, data_folder: Path, make_window: MakeWindow, tmp_path: Path
) -> None:
    damaged = b"this was a catalog once " * 400
    (data_folder / "catalog.sqlite").write_bytes(damaged)
    window = make_window()
    window.open_paths([write_rooms(tmp_path / "photos", [0, 1])])  # waits for the answer
    said = answer(qtbot, window, "Start anew")
    assert "catalog.sqlite" in said
    wait_idle(qtbot, window)
    assert window.session.summary().by_room[0] == 1
    assert window.door.catalog is not None
    assert damaged in [path.read_bytes() for path in data_folder.iterdir() if path.is_file()]


def test_a_damaged_catalog_comes_back_from_its_backup(
    qtbot: QtBot, data_folder: Path, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = opened(qtbot, make_window(), tmp_path / "photos", [0, 1])
    window.review.grid.select_ids([nth(window, 2)])
    window.review.label_selected(4)
    window.close()
    catalog = data_folder / "catalog.sqlite"
    catalog.write_bytes(b"damaged" + catalog.read_bytes()[7:])
    again = make_window()
    again.start()
    answer(qtbot, again, "Restore the backup")
    wait_idle(qtbot, again)
    assert again.session.document[nth(again, 2)].decided == 4


def test_a_catalog_that_cannot_be_written_is_said_until_it_can(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, data_folder: Path
) -> None:
    opened(qtbot, window, tmp_path / "photos", [0, 1])
    blocker = sqlite3.connect(data_folder / "catalog.sqlite")
    blocker.execute("PRAGMA busy_timeout = 5000")
    blocker.execute("BEGIN IMMEDIATE")
    assert window.door.catalog is not None
    window.door._write_failed.emit(CatalogError("locked", "Another program holds it."))  # seconds before SQLite says so
    window.review.grid.select_ids([nth(window, 1)])
    window.review.label_selected(4)
    qtbot.waitUntil(lambda: "not being saved" in window.review.notices.text("catalog"))
    qtbot.wait(1200)
    assert window.review.notices.text("catalog")
    blocker.rollback()
    blocker.close()
    qtbot.waitUntil(lambda: not window.review.notices.text("catalog"), timeout=8000)


def test_closing_without_a_catalog_asks(
    qtbot: QtBot, unsaving: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(qtbot, unsaving, tmp_path / "photos", [0, 1])
    window.review.grid.select_ids([nth(window, 1)])
    window.review.label_selected(4)
    assert window.isWindowModified()
    answers = [Answer.Cancel, Answer.Save, Answer.Discard]
    monkeypatch.setattr(MainWindow, "_ask_unsaved", lambda self: answers.pop(0))
    monkeypatch.setattr(main_window, "ask_path", lambda *arguments: None)  # and the file dialog is cancelled too
    assert not window.close()
    assert window.isVisible()
    assert not window.close()
    assert window.isVisible()
    window.close()
    assert not window.isVisible()
    assert answers == []


def test_closing_with_export_exports_and_then_closes(
    qtbot: QtBot, unsaving: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(qtbot, unsaving, tmp_path / "photos", [0, 1])
    window.review.grid.select_ids([nth(window, 1)])
    window.review.label_selected(4)
    monkeypatch.setattr(MainWindow, "_ask_unsaved", lambda self: Answer.Save)
    monkeypatch.setattr(main_window, "ask_path", lambda *arguments: tmp_path / "rooms.xlsx")
    window.close()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert (tmp_path / "rooms.xlsx").is_file()


def test_nothing_is_asked_when_nothing_was_decided(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened(qtbot, window, tmp_path / "photos", [0])
    monkeypatch.setattr(MainWindow, "_ask_unsaved", lambda self: pytest.fail("asked"))
    window.review.grid.select_ids([nth(window, 1)])
    window.review.label_selected(4)
    window.actions_.undo.trigger()
    assert not window.isWindowModified()
    assert window.close()


def test_an_export_that_fails_keeps_the_corrections_unexported(
    qtbot: QtBot, unsaving: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = opened(qtbot, unsaving, tmp_path / "photos", [0, 1])
    window.review.grid.select_ids([nth(window, 1)])
    window.review.label_selected(4)
    monkeypatch.setattr(main_window, "ask_path", lambda *arguments: tmp_path / "no folder" / "rooms.xlsx")
    window.actions_.export_excel.trigger()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "errorBox") is not None)
    window.findChild(QMessageBox, "errorBox").close()
    assert window.session.unsaved


def test_geometry_last_folder_and_appearance_come_back(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    first = make_window()
    first.resize(740, 560)
    first.review.splitter.setSizes([260, 480])
    opened(qtbot, first, tmp_path / "photos", [0])
    next(action for action in first.actions_.schemes.actions() if action.data() == "dark").trigger()
    widths = first.review.splitter.sizes()
    first.close()
    second = make_window()
    assert second.size().toTuple() == (740, 560)
    assert second.opening.last_folder() == str(tmp_path / "photos")
    assert second.opening.recent() == [tmp_path / "photos"]
    assert [action.data() for action in second.actions_.schemes.actions() if action.isChecked()] == ["dark"]
    second.open_paths([tmp_path / "photos"])
    wait_idle(qtbot, second)
    assert second.review.splitter.sizes()[0] == pytest.approx(widths[0], abs=2)
    apply_scheme("system")


def test_broken_settings_do_not_keep_the_window_from_opening(make_window: MakeWindow) -> None:
    settings = open_settings()
    for key in ("geometry", "panels", "appearance", "zoom", "show", "showRoom", "sort", "recentFolders", "inspector"):
        settings.setValue(key, "nonsense")
    settings.sync()
    assert make_window().isVisible()


def test_dark_is_dark_and_light_is_light(qtbot: QtBot, window: MainWindow) -> None:
    try:
        apply_scheme("dark")
        QApplication.processEvents()
        assert window.palette().base().color().lightness() < 90
        assert window.palette().text().color().lightness() > 160
        dark = action_icon("sort").pixmap(24, 24).toImage()
        words = [label.palette().windowText().color() for label in window.findChildren(ToneLabel)]
        assert words and min(color.lightness() for color in words) > 120
        apply_scheme("light")
        QApplication.processEvents()
        assert window.palette().base().color().lightness() > 160
        words = [label.palette().windowText().color() for label in window.findChildren(ToneLabel)]
        assert max(color.lightness() for color in words) < 120
        assert action_icon("sort").pixmap(24, 24).toImage() != dark
    finally:
        apply_scheme("system")


@pytest.mark.parametrize("side", [16, 32, 256])
def test_the_icon_shows_something_at_every_size(qapp: QApplication, side: int) -> None:
    image = app_icon().pixmap(side, side).toImage()
    assert image.pixelColor(side // 2, side // 3).alpha() > 200
    assert image.pixelColor(0, 0).alpha() < 60
    assert len({QColor(image.pixel(x, y)).name() for x in range(side) for y in range(side)}) > 5


def test_everything_that_takes_the_keyboard_has_a_name(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    opened(qtbot, window, tmp_path / "photos", [0])
    window.review.side_bar.select(Selection(Show.PROBLEMS))
    kinds = (QAbstractButton, QLineEdit, QAbstractItemView, QProgressBar)
    nameless = []
    for widget in window.findChildren(QWidget):
        takes_keys = widget.focusPolicy() & Qt.FocusPolicy.TabFocus and isinstance(widget, kinds)
        if takes_keys and widget.objectName() not in ("qt_toolbar_ext_button",):
            name = widget.accessibleName() or (widget.text() if isinstance(widget, QAbstractButton) else "")
            if not name:
                nameless.append(f"{widget!r} in {widget.parentWidget()!r}")
    assert nameless == []


def test_every_menu_entry_has_a_mnemonic_or_a_key_and_a_tip(window: MainWindow) -> None:
    for top in window.menuBar().actions():
        assert "&" in top.text()
        for action in top.menu().actions():
            if action.isSeparator() or action.menu():
                continue
            assert "&" in action.text() or not action.shortcut().isEmpty(), action.text()
            assert action.toolTip(), action.text()


def test_no_two_actions_share_a_key(window: MainWindow) -> None:
    keys: dict[str, str] = {}
    for top in window.menuBar().actions():
        for action in top.menu().actions():
            for shortcut in action.shortcuts():
                assert keys.setdefault(shortcut.toString(), action.text()) == action.text()


def test_the_context_menu_labels(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    opened(qtbot, window, tmp_path / "photos", [0, 1, 2])
    grid = window.review.grid
    grid.select_ids([nth(window, 2)])
    qtbot.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, pos=grid.visualRect(grid.currentIndex()).center())
    menu = QMenu()
    grid._fill_menu(menu)
    kitchen = next(action for action in menu.actions() if action.text() == "Kitchen")
    kitchen.trigger()
    assert window.session.document[nth(window, 2)].decided == 4


def test_a_drop_anywhere_is_a_drop_on_the_window(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    opened(qtbot, window, tmp_path / "photos", [0])
    window.review.side_bar.select(Selection(Show.PROBLEMS))
    greedy = [widget for widget in window.findChildren(QWidget) if widget.isVisible() and widget.acceptDrops()]
    assert greedy == []
    assert window.acceptDrops()


def test_a_second_folder_waits_for_the_first(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    engine = ColourEngine(holds_after=4)
    window = make_window(engine=engine)
    one, two = write_rooms(tmp_path / "one", [0] * 30), write_rooms(tmp_path / "two", [1] * 5)
    drop(window, [one])
    qtbot.waitUntil(lambda: len(window.session.document) > 0)
    drop(window, [two])
    drop(window, [one])  # again, by mistake
    qtbot.waitUntil(lambda: "wait" in window.progress.message)
    engine.go_on.set()
    wait_idle(qtbot, window)
    summary = window.session.summary()
    assert (summary.photos, summary.by_room[0], summary.by_room[1]) == (35, 30, 5)


def test_cancelling_keeps_what_is_done_and_the_rest_can_follow(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    engine = ColourEngine(holds_after=8)
    window = make_window(engine=engine)
    drop(window, [write_rooms(tmp_path / "photos", [3] * 60)])
    qtbot.waitUntil(lambda: window.session.summary().by_room[3] > 5)
    assert window.actions_.cancel.isEnabled()
    qtbot.keyClick(window.review.grid, Qt.Key.Key_Escape)
    wait_idle(qtbot, window)
    engine.go_on.set()
    done = window.session.summary().by_room[3]
    assert 5 < done < 60
    assert "Classify the rest" in window.progress.message
    window.actions_.classify_rest.trigger()
    wait_idle(qtbot, window)
    assert window.session.summary().by_room[3] == len(window.session.document)


def test_results_of_a_folder_that_was_closed_are_dropped(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window(engine=ColourEngine(seconds_a_photo=0.01))
    drop(window, [write_rooms(tmp_path / "one", [0] * 40)])
    qtbot.waitUntil(lambda: window.session.summary().by_room[0] > 3)
    qtbot.waitUntil(window.actions_.close_photos.isEnabled)
    window.actions_.close_photos.trigger()
    assert len(window.session.document) == 0
    assert window.empty.isVisible()
    drop(window, [write_rooms(tmp_path / "two", [1] * 3)])
    wait_idle(qtbot, window)
    assert {photo.file.root.name for photo in window.session.document} == {"two"}
    assert window.session.summary().by_room[1] == 3
