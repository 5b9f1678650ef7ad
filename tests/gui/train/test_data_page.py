"""The first step: choosing photos, what is found in them, relabelling and leaving out, and bad input."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from roomnet_core.inference.model_file import find_model
from roomnet_gui.main_window import MainWindow
from roomnet_gui.train.data_page import DataPage
from roomnet_gui.train.train_page import METHOD, PHOTOS
from roomnet_gui.train.training_run import State
from tests.labelled import make_labelled
from tests.windows import MakeWindow, drop

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    window = make_window(find_model("roomnet-compact"))
    window.actions_.show_train.trigger()
    return window


def examined(qtbot: QtBot, window: MainWindow, folder: Path) -> DataPage:
    drop(window, [folder])
    page = window.train.data
    qtbot.waitUntil(lambda: not page.busy, timeout=30_000)
    return page


def rows(page: DataPage) -> dict[str, int]:
    """The rows of the list with their counts."""
    items = [page.panel.list.item(row) for row in range(page.panel.list.count())]
    count = Qt.ItemDataRole.UserRole + 2
    return {item.text(): item.data(count) for item in items if item.flags() & Qt.ItemFlag.ItemIsEnabled}


def test_before_anything_was_chosen(window: MainWindow) -> None:
    page = window.train.data
    assert page.isVisible() and page.choose_button.hasFocus()
    assert not page.next_button.isEnabled()
    assert not window.train.steps.button(METHOD).isEnabled()
    assert not any(action.isEnabled() for action in (*window.actions_.rooms.values(), window.actions_.sort))


def test_a_dropped_folder_is_examined_and_shown(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    folder = make_labelled(tmp_path / "house", {"Attic": 7, "Bath": 8})
    (folder / "Bath" / "broken.jpg").write_bytes((folder / "Bath" / "Bath_1_0.jpg").read_bytes()[:900])
    (folder / "Attic" / "twin.jpg").write_bytes((folder / "Attic" / "Attic_0_0.jpg").read_bytes())
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    page = examined(qtbot, window, folder)
    found = rows(page)
    assert (found["All photos"], found["Attic"], found["Bath"]) == (16, 8, 8)
    assert (found["Unreadable"], found["Left out"]) == (1, 0)
    assert found["Duplicates"] == 2
    assert page.blocking == ()
    assert page.next_button.isEnabled()
    assert len(window.session.document) == 0  # it was not opened for review
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before
    page.panel.choose("Unreadable")
    assert page.panel.model.rowCount() == 1
    assert "cannot be read" in page.panel.remark.text()


def test_keys_relabel_and_leave_out_with_undo(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    page = examined(qtbot, window, make_labelled(tmp_path / "house", {"Attic": 6, "Bath": 6}))
    grid = page.panel.grid
    grid.select_row(0)
    first = page.panel.model.photo_at(0).file.path
    qtbot.keyClick(grid, Qt.Key.Key_2)
    assert page.photos.relabelled() == {first: "Bath"}
    assert window.actions_.undo.text() == "&Undo Label 1 photo as Bath"
    qtbot.keyClick(grid, Qt.Key.Key_X)
    second = page.panel.model.photo_at(1).file.path
    assert page.photos.left_out() == [second]
    qtbot.waitUntil(lambda: rows(page)["Left out"] == 1)
    assert rows(page) | {"Attic": 4, "Bath": 7, "Left out": 1} == rows(page)
    qtbot.waitUntil(lambda: page.counts.text() == "11 photos of 2 classes  ·  1 relabelled  ·  1 left out")
    qtbot.keyClick(grid, Qt.Key.Key_Z, CONTROL)
    qtbot.keyClick(grid, Qt.Key.Key_Z, CONTROL)
    assert page.photos.relabelled() == {} and page.photos.left_out() == []
    qtbot.keyClick(grid, Qt.Key.Key_Z, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert page.photos.relabelled() == {first: "Bath"}


def test_the_keys_of_training_touch_no_photo_of_the_review(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.actions_.show_review.trigger()
    review = make_labelled(tmp_path / "review", {"Attic": 2})
    window.open_paths([review])
    qtbot.waitUntil(lambda: len(window.session.document) == 2 and not window.session.busy, timeout=30_000)
    window.review.grid.selectAll()
    window.actions_.show_train.trigger()
    page = examined(qtbot, window, make_labelled(tmp_path / "house", {"Attic": 6, "Bath": 6}))
    page.panel.grid.select_row(0)
    qtbot.keyClick(page.panel.grid, Qt.Key.Key_2)
    qtbot.keyClick(page.panel.grid, Qt.Key.Key_X)
    assert not any(photo.reviewed for photo in window.session.document)
    assert [room.name for room in window.pages.rooms] == ["Attic", "Bath"]
    window.actions_.show_review.trigger()
    assert "Kitchen" in [room.name for room in window.pages.rooms]
    assert not window.actions_.undo.isEnabled()


def test_leaving_a_class_out_forbids_training_until_it_is_taken_in_again(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    page = examined(qtbot, window, make_labelled(tmp_path / "house", {"Attic": 6, "Bath": 6}))
    page.panel.choose("Attic")
    page.panel.grid.selectAll()
    page.panel.leave_out_selected()
    qtbot.waitUntil(lambda: "one class only" in page.message.text(), timeout=5000)
    assert page.message.isVisible() and not page.next_button.isEnabled()
    window.actions_.undo.trigger()
    qtbot.waitUntil(page.next_button.isEnabled, timeout=5000)
    assert not page.message.isVisible()


def empty(folder: Path) -> None:
    folder.mkdir()


def one_class(folder: Path) -> None:
    make_labelled(folder, {"Attic": 6})


def three_photos(folder: Path) -> None:
    make_labelled(folder, {"Attic": 1, "Bath": 2})


def all_unreadable(folder: Path) -> None:
    for name in ("Attic", "Bath"):
        (folder / name).mkdir(parents=True)
        (folder / name / "photo.jpg").write_bytes(b"\xff\xd8\xff\xe0 no more than a beginning")


def case_clash(folder: Path) -> None:
    make_labelled(folder, {"Attic": 6, "attic": 6, "Bath": 6})


def reserved(folder: Path) -> None:
    make_labelled(folder, {"CON": 6, "Bath": 6})


def gone(folder: Path) -> None:
    pass


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (empty, "no folders with photos"),
        (one_class, "one class only"),
        (three_photos, "Too few photos"),
        (all_unreadable, "can be read"),
        (case_clash, "differ only in small and capital letters"),
        (reserved, "CON"),
        (gone, "cannot be opened"),
    ],
)
def test_bad_input_gets_a_clear_sentence(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, make: Callable[[Path], None], words: str
) -> None:
    folder = tmp_path / "house"
    make(folder)
    page = examined(qtbot, window, folder)
    assert words in page.message.text()
    assert page.message.isVisible()
    assert not page.next_button.isEnabled()
    assert window.train.step == PHOTOS


def test_cancelling_the_examination_gives_the_first_page_back(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    folder = make_labelled(tmp_path / "house", {"Attic": 30, "Bath": 30})
    drop(window, [folder])
    page = window.train.data
    assert page.busy and page.cancel_button.isVisible()
    page.cancel_button.click()
    assert not page.busy and page.folder is None
    assert page.choose_button.hasFocus()
    page = examined(qtbot, window, folder)  # and it works the next time
    assert page.next_button.isEnabled()


def test_corrections_without_any_say_so(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.door.decided)
    page = window.train.data
    page.corrections_box.click()
    qtbot.waitUntil(lambda: not page.busy, timeout=10_000)
    assert "no corrections yet" in page.message.text()


def test_corrections_of_the_review_are_learned_from(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.actions_.show_review.trigger()
    folder = make_labelled(tmp_path / "house", {"Attic": 12})
    window.open_paths([folder])
    qtbot.waitUntil(lambda: len(window.session.document) == 12 and not window.session.busy, timeout=30_000)
    ids = [photo.id for photo in window.session.document]
    window.session.label(ids[:6], 0)
    window.session.label(ids[6:], 4)
    window.actions_.show_train.trigger()
    page = window.train.data
    page.corrections_box.click()
    qtbot.waitUntil(lambda: not page.busy, timeout=30_000)
    assert page.blocking == ()
    assert rows(page) | {"All photos": 12, "Backyard": 6, "Kitchen": 6} == rows(page)
    # and together with a folder
    page = examined(qtbot, window, make_labelled(tmp_path / "more", {"Bath": 6}))
    assert rows(page) | {"All photos": 18, "Backyard": 6, "Kitchen": 6, "Bath": 6} == rows(page)


def test_what_was_said_of_photos_outlives_another_folder_and_the_window(
    qtbot: QtBot, window: MainWindow, make_window: MakeWindow, tmp_path: Path
) -> None:
    house, other = tmp_path / "house", tmp_path / "other"
    make_labelled(house, {"Attic": 6, "Bath": 6})
    make_labelled(other, {"Cellar": 6, "Den": 6})
    page = examined(qtbot, window, house)
    first, second = (page.panel.model.photo_at(row).file.path for row in range(2))
    page.panel.grid.select_row(0)
    qtbot.keyClick(page.panel.grid, Qt.Key.Key_2)
    qtbot.keyClick(page.panel.grid, Qt.Key.Key_X)
    page = examined(qtbot, window, other)
    assert page.photos.relabelled() == {} and page.photos.left_out() == []
    page = examined(qtbot, window, house)
    assert page.photos.relabelled() == {first: "Bath"} and page.photos.left_out() == [second]
    window.actions_.undo.trigger()  # one step: as the folder has it
    assert page.photos.relabelled() == {} and page.photos.left_out() == []
    window.actions_.redo.trigger()
    window.close()
    again = make_window(find_model("roomnet-compact"))
    again.actions_.show_train.trigger()
    page = examined(qtbot, again, house)
    assert page.photos.relabelled() == {first: "Bath"} and page.photos.left_out() == [second]
    assert sorted(path.name for path in house.iterdir()) == ["Attic", "Bath"]


def test_what_was_said_is_written_while_the_window_is_open(
    qtbot: QtBot, window: MainWindow, data_folder: Path, tmp_path: Path
) -> None:
    page = examined(qtbot, window, make_labelled(tmp_path / "house", {"Attic": 6, "Bath": 6}))
    page.panel.grid.select_row(0)
    qtbot.keyClick(page.panel.grid, Qt.Key.Key_2)
    qtbot.waitUntil(lambda: (data_folder / "labels-for-training.json").is_file(), timeout=5000)


def test_where_the_model_in_use_cannot_look_at_photos_a_shipped_one_does(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path
) -> None:
    window = make_window()  # the model of the tests has no network of its own
    window.actions_.show_train.trigger()
    page = examined(qtbot, window, make_labelled(tmp_path / "house", {"Attic": 6, "Bath": 6}))
    assert page.next_button.isEnabled()
    page.next_button.click()
    train = window.train
    train.method.start_button.click()
    qtbot.waitUntil(lambda: not train.run.busy, timeout=30_000)
    assert train.run.state is State.DONE, train.run.figures.message
