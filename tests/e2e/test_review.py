"""The real window, driven as a person drives it: drop, look, press keys, undo, export, sort, close."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from roomnet_core.inference.model_file import find_model
from roomnet_gui import main_window
from roomnet_gui.jobs.task_dialog import TaskDialog
from roomnet_gui.main_window import MainWindow
from roomnet_gui.review.query import Selection, Show
from roomnet_gui.sort.sort_dialog import SortDialog
from tests.patience import PATIENCE_SECONDS
from tests.windows import GREY, ColourEngine, MakeWindow, drop, wait_idle, write_photo, write_rooms

KEYS = [Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3, Qt.Key.Key_4, Qt.Key.Key_5, Qt.Key.Key_6]
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """Twelve photos of six rooms, one unsure, in two folders, and four files that cannot be read."""
    folder = write_rooms(tmp_path / "house", [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4])
    write_photo(folder / "attic" / "IMG_12.jpg", GREY)
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "text.jpg").write_text("no photo at all, but named like one")
    whole = (folder / "IMG_1.jpg").read_bytes()
    (folder / "half.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "notes.txt").write_text("not even named like a photo")
    return folder


@pytest.fixture
def reviewed(qtbot: QtBot, window: MainWindow, house: Path) -> MainWindow:
    drop(window, [house])
    wait_idle(qtbot, window)
    window.review.grid.setFocus()
    return window


def names(window: MainWindow) -> list[str]:
    photos = window.review.model
    return [photos.photo_at(row).file.path.name for row in range(photos.rowCount())]


def current(window: MainWindow) -> str:
    index = window.review.grid.currentIndex()
    return window.review.model.photo_at(index.row()).file.path.name


def room(window: MainWindow, name: str) -> int | None:
    return next(photo.room_id for photo in window.session.document if photo.file.path.name == name)


def select(window: MainWindow, *wanted: str) -> None:
    window.review.grid.select_ids([p.id for p in window.session.document if p.file.path.name in wanted])


def counts(window: MainWindow) -> dict[str, int]:
    bar = window.review.side_bar
    rows = [bar.item(row) for row in range(bar.count())]
    selection, count = Qt.ItemDataRole.UserRole + 1, Qt.ItemDataRole.UserRole + 2
    return {item.text(): item.data(count) for item in rows if item.data(selection)}


def test_a_dropped_folder_gets_its_rooms(reviewed: MainWindow) -> None:
    assert reviewed.review.isVisible()
    assert counts(reviewed) == {
        "All photos": 15,
        "Backyard": 2,
        "Bathroom": 2,
        "Bedroom": 3,  # with the one that the model is unsure about
        "Front yard": 2,
        "Kitchen": 2,
        "Living room": 1,
        "Unsure": 1,
        "Not reviewed": 12,
        "Corrected": 0,
        "Rejected": 0,
        "Problems": 3,
    }
    grid = reviewed.review.grid
    painted = grid.grab().toImage()
    centre = grid.visualRect(reviewed.review.model.index(0, 0)).center()
    assert painted.pixelColor(centre).green() > 120  # the thumbnail of a green photo


def test_keys_label_and_go_on(qtbot: QtBot, reviewed: MainWindow) -> None:
    select(reviewed, "IMG_1.jpg")
    qtbot.keyClick(reviewed.review.grid, KEYS[4])
    assert room(reviewed, "IMG_1.jpg") == 4
    assert current(reviewed) == "IMG_2.jpg"
    for key in KEYS[:3]:
        qtbot.keyClick(reviewed.review.grid, key)
    assert [room(reviewed, f"IMG_{n}.jpg") for n in range(1, 5)] == [4, 0, 1, 2]
    assert current(reviewed) == "IMG_5.jpg"
    qtbot.waitUntil(lambda: counts(reviewed)["Corrected"] == 4)


def test_one_key_labels_a_whole_selection_as_one_step(qtbot: QtBot, reviewed: MainWindow) -> None:
    grid = reviewed.review.grid
    select(reviewed, "IMG_2.jpg")
    qtbot.keyClick(grid, Qt.Key.Key_Right, SHIFT)
    qtbot.keyClick(grid, Qt.Key.Key_Right, SHIFT)
    assert len(grid.selected_ids()) == 3
    qtbot.keyClick(grid, KEYS[5])
    assert reviewed.actions_.undo.text() == "&Undo Label 3 photos as Living room"
    assert current(reviewed) == "IMG_5.jpg"
    assert len(grid.selected_ids()) == 1
    qtbot.keyClick(grid, Qt.Key.Key_Z, CONTROL)
    assert [room(reviewed, f"IMG_{n}.jpg") for n in (2, 3, 4)] == [1, 2, 3]
    assert len(grid.selected_ids()) == 3
    qtbot.keyClick(grid, Qt.Key.Key_Z, CONTROL | SHIFT)
    assert [room(reviewed, f"IMG_{n}.jpg") for n in (2, 3, 4)] == [5, 5, 5]


def test_the_key_0_takes_a_decision_back(qtbot: QtBot, reviewed: MainWindow) -> None:
    select(reviewed, "IMG_2.jpg")
    qtbot.keyClick(reviewed.review.grid, KEYS[5])
    select(reviewed, "IMG_2.jpg")
    qtbot.keyClick(reviewed.review.grid, Qt.Key.Key_0)
    assert room(reviewed, "IMG_2.jpg") == 1


def test_a_label_that_hides_the_photo_goes_on_to_the_next(qtbot: QtBot, reviewed: MainWindow) -> None:
    reviewed.review.side_bar.select(Selection(Show.ROOM, 1))
    assert names(reviewed) == ["IMG_2.jpg", "IMG_8.jpg"]
    select(reviewed, "IMG_2.jpg")
    qtbot.keyClick(reviewed.review.grid, KEYS[3])
    assert names(reviewed) == ["IMG_8.jpg"]
    assert current(reviewed) == "IMG_8.jpg"
    qtbot.keyClick(reviewed.review.grid, KEYS[3])
    assert names(reviewed) == []
    # Undo shows what the filter would hide.
    qtbot.keyClick(reviewed.review.grid, Qt.Key.Key_Z, CONTROL)
    qtbot.keyClick(reviewed.review.grid, Qt.Key.Key_Z, CONTROL)
    assert current(reviewed) == "IMG_2.jpg"
    assert room(reviewed, "IMG_2.jpg") == 1


def test_undo_leaves_a_filter_that_hides_the_photo(qtbot: QtBot, reviewed: MainWindow) -> None:
    select(reviewed, "IMG_1.jpg")
    qtbot.keyClick(reviewed.review.grid, KEYS[4])
    reviewed.review.side_bar.select(Selection(Show.ROOM, 2))
    qtbot.keyClick(reviewed.review.grid, Qt.Key.Key_Z, CONTROL)
    assert reviewed.review.model.query.selection == Selection()
    assert current(reviewed) == "IMG_1.jpg"


def test_search_takes_digits_as_text(qtbot: QtBot, reviewed: MainWindow) -> None:
    select(reviewed, "IMG_2.jpg")
    qtbot.keyClick(reviewed.review.grid, Qt.Key.Key_F, CONTROL)
    field = reviewed.review.search_field
    qtbot.waitUntil(field.hasFocus)
    qtbot.keyClicks(field, "g_1")
    assert field.text() == "g_1"
    assert names(reviewed) == ["IMG_1.jpg", "IMG_10.jpg", "IMG_11.jpg", "IMG_12.jpg"]
    assert room(reviewed, "IMG_2.jpg") == 1
    field.clear()
    assert len(names(reviewed)) == 15


def test_the_side_bar_filters_by_mouse(qtbot: QtBot, reviewed: MainWindow) -> None:
    bar = reviewed.review.side_bar
    row = next(bar.item(row) for row in range(bar.count()) if bar.item(row).text() == "Unsure")
    qtbot.mouseClick(bar.viewport(), Qt.MouseButton.LeftButton, pos=bar.visualItemRect(row).center())
    assert names(reviewed) == ["IMG_12.jpg"]
    qtbot.keyClick(bar, KEYS[2])  # the keys work wherever the focus is
    qtbot.waitUntil(lambda: names(reviewed) == [] and counts(reviewed)["Unsure"] == 0)


def test_problems_are_listed_with_their_reasons_and_can_be_labelled(qtbot: QtBot, reviewed: MainWindow) -> None:
    reviewed.review.side_bar.select(Selection(Show.PROBLEMS))
    problems = reviewed.review.problems
    assert problems.isVisible()
    table = problems.model
    listed = {table.data(table.index(row, 0)): table.data(table.index(row, 1)) for row in range(table.rowCount())}
    assert set(listed) == {"empty.jpg", "text.jpg", "half.jpg"}
    assert "empty" in listed["empty.jpg"]
    row = next(row for row in range(3) if table.data(table.index(row, 0)) == "half.jpg")
    problems.view.setCurrentIndex(table.index(row, 0))
    assert current(reviewed) == "half.jpg"
    qtbot.keyClick(reviewed.review.grid, KEYS[4])
    assert room(reviewed, "half.jpg") == 4


def test_the_large_picture_opens_steps_labels_and_leaves(qtbot: QtBot, reviewed: MainWindow) -> None:
    select(reviewed, "IMG_3.jpg")
    grid, preview = reviewed.review.grid, reviewed.review.preview
    qtbot.keyClick(grid, Qt.Key.Key_Space)
    assert preview.isVisible()

    def middle() -> QColor:
        return preview.grab().toImage().pixelColor(preview.width() // 2, preview.height() // 2 - 20)

    qtbot.waitUntil(lambda: middle().red() > middle().green() + 40)  # violet
    qtbot.keyClick(preview, Qt.Key.Key_Right)
    assert current(reviewed) == "IMG_4.jpg"
    qtbot.keyClick(preview, KEYS[0])
    assert room(reviewed, "IMG_4.jpg") == 0
    assert current(reviewed) == "IMG_5.jpg"
    assert preview.isVisible()
    qtbot.keyClick(preview, Qt.Key.Key_Escape)
    assert grid.isVisible() and grid.hasFocus()


def test_export_is_what_the_window_shows(
    qtbot: QtBot, reviewed: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    select(reviewed, "IMG_5.jpg")
    qtbot.keyClick(reviewed.review.grid, KEYS[0])
    target = tmp_path / "rooms.xlsx"
    monkeypatch.setattr(main_window, "ask_path", lambda *arguments: target)
    qtbot.keyClick(reviewed.review.grid, Qt.Key.Key_E, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: "Exported" in reviewed.progress.message, timeout=20000)
    book = load_workbook(target)
    rows = list(book["Photos"].iter_rows(values_only=True))
    file, place = rows[0].index("File"), rows[0].index("Room")
    exported = [(row[file], row[place]) for row in rows[1:]]
    assert len(exported) == 15
    assert ("IMG_5.jpg", "Backyard") in exported
    assert ("IMG_2.jpg", "Bathroom") in exported
    assert len(book["Photos"]._images) == 12
    book.close()


def test_sorting_from_the_window(qtbot: QtBot, reviewed: MainWindow, house: Path, tmp_path: Path) -> None:
    qtbot.keyClick(reviewed.review.grid, Qt.Key.Key_S, CONTROL)
    dialog = reviewed.findChild(SortDialog)
    assert dialog is not None
    dialog.options.destination_box.setEditText(str(tmp_path / "sorted"))
    qtbot.waitUntil(dialog.sort_button.isEnabled)
    with qtbot.waitSignal(reviewed.sorts.sorted):
        qtbot.mouseClick(dialog.sort_button, Qt.MouseButton.LeftButton)
    found = {path.relative_to(tmp_path / "sorted").as_posix() for path in (tmp_path / "sorted").rglob("*.jpg")}
    assert {"Bathroom/IMG_2.jpg", "Bathroom/IMG_8.jpg", "Unsure/IMG_12.jpg"} <= found
    assert len(found) == 12
    assert len(list(house.rglob("*.jpg"))) == 15
    reviewed.findChild(TaskDialog).close()


def test_closing_fifty_times_in_the_middle_of_the_work(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_rooms(tmp_path / "photos", [0, 1, 2, 3] * 8)
    monkeypatch.setattr(main_window, "_CLOSE_SECONDS", PATIENCE_SECONDS)
    worked = 0
    for number in range(50):
        monkeypatch.setenv("ROOMNET_DATA_DIR", str(tmp_path / f"data-{number}"))  # nothing is known yet
        engine = ColourEngine(seconds_a_photo=0.01)
        window = make_window(engine=engine)
        drop(window, [folder])
        qtbot.wait(3 * number)
        worked += window.session.running
        assert window.close()
        # Not so where the window had given up waiting.
        assert engine.closed or window.session._classifier._engine is None
    assert worked > 20


def test_many_photos_come_in_few_steps(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    steps = []
    window.review.model.rowsInserted.connect(lambda parent, first, last: steps.append(last - first + 1))
    drop(window, [write_rooms(tmp_path / "photos", [0, 1, 2, 3, 4] * 60)])
    wait_idle(qtbot, window, 60)
    assert sum(steps) == 300
    assert len(steps) < 150  # not one by one: on a busy computer groups end by time before they are full


# --- with the real model


def real_photos(tmp_path: Path, shared_data: Path, each: int = 4) -> dict[str, str]:
    """Copy a few photos of each room and return the room of each file name."""
    with (shared_data / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["split"] == "test" and row["source"] == "listing_sites"]
    labels: dict[str, str] = {}
    for room_name in find_model().rooms.names:
        for row in [row for row in rows if row["room"] == room_name][:each]:
            name = f"{len(labels)}.jpg"
            (tmp_path / "listing").mkdir(exist_ok=True)
            shutil.copy(shared_data / row["file"], tmp_path / "listing" / name)
            labels[name] = room_name
    return labels


def test_real_photos_with_the_real_model(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    labels = real_photos(tmp_path, shared_data)
    (tmp_path / "listing" / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 cut short")
    window = make_window(model=find_model())
    drop(window, [tmp_path / "listing"])
    wait_idle(qtbot, window, 60)
    rooms = window.session.rooms
    right = sum(
        photo.room_id is not None and rooms[photo.room_id].name == labels[photo.file.path.name]
        for photo in window.session.document
        if photo.problem is None
    )
    assert right / len(labels) >= 0.75
    assert window.session.summary().problems == 1
    monkeypatch.setattr(main_window, "ask_path", lambda *arguments: tmp_path / "rooms.xlsx")
    window.actions_.export_excel.trigger()
    qtbot.waitUntil(lambda: "Exported" in window.progress.message, timeout=30000)
    book = load_workbook(tmp_path / "rooms.xlsx")
    assert book["Photos"].max_row == len(labels) + 2
    book.close()


def test_made_photos_with_the_real_model(qtbot: QtBot, make_window: MakeWindow, photo_folder: Path) -> None:
    window = make_window(model=find_model())
    drop(window, [photo_folder])
    wait_idle(qtbot, window, 60)
    assert [photo.prediction is not None for photo in window.session.document] == [True] * 6
    assert "LiteRT" in window.progress._engine.text() or "TensorFlow" in window.progress._engine.text()
