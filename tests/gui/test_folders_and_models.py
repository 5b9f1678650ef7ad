"""Folders that change under the window, several folders, and another model: nothing unasked, no decision lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from roomnet_core.inference.model_file import ModelFile
from roomnet_core.rooms import RoomSet
from roomnet_gui import main_window
from roomnet_gui.main_window import MainWindow
from roomnet_gui.review import folder_watch
from roomnet_gui.review.query import Selection, Show
from tests.windows import COLOURS, GREY, ColourEngine, MakeWindow, colour_model, wait_idle, write_photo, write_rooms


def paths(window: MainWindow) -> list[str]:
    return sorted(photo.file.relative for photo in window.session.document)


def nth(window: MainWindow, number: int) -> int:
    return next(photo.id for photo in window.session.document if photo.file.path.name == f"IMG_{number}.jpg")


@pytest.fixture
def quick_watch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder_watch, "_QUIET_MS", 150)


def test_new_changed_and_gone_photos_are_offered_and_not_taken(
    qtbot: QtBot, quick_watch: None, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window()
    folder = write_rooms(tmp_path / "photos", [0, 1, 2])
    write_photo(folder / "upstairs" / "IMG_4.jpg", COLOURS[3])
    window.open_paths([folder])
    wait_idle(qtbot, window)
    window.session.label([nth(window, 2)], 4)
    qtbot.waitUntil(lambda: len(window.watch._watcher.directories()) == 2)
    write_photo(folder / "upstairs" / "IMG_5.jpg", COLOURS[5])
    notices = window.review.notices
    qtbot.waitUntil(lambda: "1 new photo" in notices.text("folders"))
    assert len(paths(window)) == 4
    write_photo(folder / "IMG_6.jpg", GREY)
    (folder / "IMG_3.jpg").unlink()
    (folder / "IMG_1.jpg").rename(folder / "IMG_7.jpg")
    qtbot.waitUntil(lambda: "2 new photos, 1 changed, 1 gone" in notices.text("folders"), timeout=8000)
    notices.take_offer("folders")
    wait_idle(qtbot, window)
    qtbot.waitUntil(lambda: not notices.text("folders"))
    assert paths(window) == [
        "IMG_2.jpg",
        "IMG_3.jpg",  # gone, and said to be so
        "IMG_6.jpg",
        "IMG_7.jpg",
        "upstairs/IMG_4.jpg",
        "upstairs/IMG_5.jpg",
    ]
    problem = window.session.document[nth(window, 3)].problem
    assert problem is not None and problem.kind == "missing"
    assert window.session.document[nth(window, 7)].room_id == 0
    assert window.session.document[nth(window, 2)].decided == 4


def test_what_was_put_back_is_no_news(
    qtbot: QtBot, quick_watch: None, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window()
    folder = write_rooms(tmp_path / "photos", [0, 1])
    window.open_paths([folder])
    wait_idle(qtbot, window)
    qtbot.waitUntil(lambda: bool(window.watch._watcher.directories()))
    new = write_photo(folder / "IMG_3.jpg", GREY)
    qtbot.waitUntil(lambda: bool(window.review.notices.text("folders")))
    new.unlink()
    qtbot.waitUntil(lambda: not window.review.notices.text("folders"), timeout=8000)


def other_model(folder: Path) -> ModelFile:
    """The same colours in another order, without the kitchen and with an attic."""
    model = colour_model(folder / "models" / "other")
    rooms = RoomSet.from_names(["LivingRoom", "Backyard", "Bathroom", "Bedroom", "Frontyard", "Attic"])
    return ModelFile(model.folder, replace(model.card, name="other", rooms=rooms))


def test_another_model_predicts_anew_and_changes_no_decision(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window()
    window.open_paths([write_rooms(tmp_path / "photos", [0, 1, 2, 3])])
    wait_idle(qtbot, window)
    window.session.label([nth(window, 1), nth(window, 2)], 4)  # the kitchen, which the other model does not know
    window.session.toggle_rejected([nth(window, 3)])
    window.review.grid.select_ids([nth(window, 4)])
    other, first = other_model(tmp_path), window.session.model
    monkeypatch.setattr(main_window, "list_models", lambda: [first, other])
    window.actions_.models_wanted.emit()
    choices = {action.text(): action for action in window.actions_.models.actions()}
    assert choices["colours"].isChecked()
    choices["other"].trigger()
    wait_idle(qtbot, window)
    document = window.session.document
    assert window.session.model_name == "other"
    assert {photo.model for photo in document} == {"other"}
    rooms = document.rooms
    assert rooms.names == ("LivingRoom", "Backyard", "Bathroom", "Bedroom", "Frontyard", "Attic", "Kitchen")
    assert [rooms[document[nth(window, number)].room_id].name for number in (1, 2)] == ["Kitchen"] * 2
    assert document[nth(window, 3)].rejected
    assert rooms[document[nth(window, 4)].room_id].name == "Bedroom"  # the engine's fourth colour, by this model's card
    assert window.review.grid.current_id() == nth(window, 4)
    bar = window.review.side_bar
    assert "Attic" in [bar.item(row).text() for row in range(bar.count())]
    # Its keys work, and going back changes nothing either.
    qtbot.keyClick(window.review.grid, Qt.Key.Key_6)
    assert rooms[document[nth(window, 4)].decided].name == "Attic"
    window.actions_.models_wanted.emit()
    next(action for action in window.actions_.models.actions() if action.text() == "colours").trigger()
    wait_idle(qtbot, window)
    document = window.session.document
    assert document.rooms[document[nth(window, 4)].room_id].name == "Attic"
    assert [document[nth(window, number)].decided for number in (1, 2)] == [4, 4]


def test_another_model_without_a_catalog_keeps_the_decisions_too(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window()
    wait_idle(qtbot, window)
    window.door.close(1)
    window.door.catalog = None
    window.open_paths([write_rooms(tmp_path / "photos", [0, 1, 2])])
    wait_idle(qtbot, window)
    window.session.label([nth(window, 2)], 4)
    window._use_model(other_model(tmp_path))
    wait_idle(qtbot, window)
    document = window.session.document
    assert document.rooms[document[nth(window, 2)].room_id].name == "Kitchen"
    assert len(document) == 3
    assert {photo.model for photo in document} == {"other"}


def test_a_folder_that_is_added_brings_its_labels_along(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window()
    one, two = write_rooms(tmp_path / "one", [0, 1]), write_rooms(tmp_path / "two", [2, 3])
    window.open_paths([two])
    wait_idle(qtbot, window)
    window.session.label([photo.id for photo in window.session.document], 5)
    window.opening.start_with([one])
    wait_idle(qtbot, window)
    assert {photo.file.root for photo in window.session.document} == {one}
    window.open_paths([two])
    wait_idle(qtbot, window)
    assert sorted((photo.file.root.name, photo.decided) for photo in window.session.document) == [
        ("one", None),
        ("one", None),
        ("two", 5),
        ("two", 5),
    ]
    assert window.opening.recent() == [two, one]


def test_the_last_sitting_comes_back_and_a_folder_that_is_gone_is_said(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    first = make_window()
    one, two = write_rooms(tmp_path / "one", [0, 1]), write_rooms(tmp_path / "two", [2])
    first.open_paths([one, two])
    wait_idle(qtbot, first)
    first.review.side_bar.select(Selection(Show.ROOM, 1))
    first.review.grid.set_zoom(4)
    first.actions_.inspector.trigger()
    first.close()
    (two / "IMG_1.jpg").unlink()
    two.rmdir()
    second = make_window(engine=ColourEngine())
    second.start()
    qtbot.waitUntil(lambda: str(two) in second.review.notices.text("gone"))
    wait_idle(qtbot, second)
    assert second.session.paths == (one,)
    assert second.review.model.query.selection == Selection(Show.ROOM, 1)
    assert second.review.model.rowCount() == 1
    assert second.review.grid.zoom == 4
    assert not second.review.inspector.isVisible()


def test_closing_the_photos_is_remembered_too(qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> None:
    first = make_window()
    first.open_paths([write_rooms(tmp_path / "one", [0])])
    wait_idle(qtbot, first)
    first.actions_.close_photos.trigger()
    first.close()
    second = make_window()
    second.start()
    wait_idle(qtbot, second)
    qtbot.wait(200)
    assert second.empty.isVisible()
