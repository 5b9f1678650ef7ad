"""Sorting from the window: real files, a real journal, the real dialogs."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from roomnet_core.export.embed import embed
from roomnet_core.session.changes import make_cover, reject
from roomnet_core.sorting import carrier, preflight
from roomnet_core.sorting.journal import Journal, RunState
from roomnet_gui.jobs.task_dialog import Outcome, TaskDialog
from roomnet_gui.main_window import MainWindow
from roomnet_gui.sort import sorts
from roomnet_gui.sort.earlier_sorts import EarlierSorts
from roomnet_gui.sort.interrupted import InterruptedBox
from roomnet_gui.sort.preview import STAYING
from roomnet_gui.sort.sort_dialog import SortDialog
from tests.windows import ColourEngine, MakeWindow, wait_idle, write_rooms

REPOSITORY = Path(__file__).resolve().parents[3]
COPY, MOVE, LINK = range(3)
# Three kitchens, a bedroom, a backyard, and one that the model is unsure of.
ROOMS = [4, 4, 2, None, 0, 4]


def files_in(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def opened(qtbot: QtBot, window: MainWindow, folder: Path) -> MainWindow:
    window.open_paths([folder])
    wait_idle(qtbot, window)
    return window


def ready(qtbot: QtBot, dialog: SortDialog) -> SortDialog:
    qtbot.waitUntil(lambda: dialog.preview is not None)
    return dialog


def sort_dialog(qtbot: QtBot, window: MainWindow, mode: int = COPY, template: str = "") -> SortDialog:
    window.actions_.sort.trigger()
    (dialog,) = (one for one in window.findChildren(SortDialog) if one.isVisible())
    dialog.options.modes.button(mode).click()
    dialog.options.template.set_text(template)
    return ready(qtbot, dialog)


def outcome(qtbot: QtBot, window: MainWindow) -> tuple[TaskDialog, Outcome]:
    """The dialog that shows how the task ended."""

    def ended() -> list[TaskDialog]:
        return [one for one in window.findChildren(TaskDialog) if one.outcome is not None and one.isVisible()]

    qtbot.waitUntil(lambda: len(ended()) == 1)
    qtbot.wait(1)
    (dialog,) = ended()
    assert dialog.outcome is not None
    return dialog, dialog.outcome


def press(dialog: TaskDialog, text: str) -> None:
    buttons = {button.text().replace("&", ""): button for button in dialog.findChildren(QPushButton)}
    buttons[text].click()


def sort(qtbot: QtBot, window: MainWindow, mode: int = COPY, template: str = "") -> Outcome:
    """Sort and close everything again."""
    sort_dialog(qtbot, window, mode, template).sort_button.click()
    dialog, result = outcome(qtbot, window)
    dialog.close()
    qtbot.waitUntil(window.actions_.undo_sort.isEnabled)
    return result


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    return write_rooms(tmp_path / "listing", ROOMS)


@pytest.fixture
def opened_window(qtbot: QtBot, window: MainWindow, listing: Path) -> MainWindow:
    return opened(qtbot, window, listing)


# --- the preview


def test_the_preview_is_the_plan(qtbot: QtBot, opened_window: MainWindow, listing: Path) -> None:
    (listing / "IMG_7.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a photo")
    (listing / "IMG_1.xmp").write_text("edits")
    opened_window.open_paths([listing / "IMG_7.jpg"])
    wait_idle(qtbot, opened_window)
    before = files_in(listing.parent)
    dialog = sort_dialog(qtbot, opened_window, template="{order:02}_{room}_{n}")
    tree, root = dialog.folder_model, dialog.folder_model.index(0, 0)
    shown = {tree.index(row, 0, root).data(): tree.index(row, 1, root).data() for row in range(tree.rowCount(root))}
    assert shown == {"Kitchen": "3", "Bedroom": "1", "Backyard": "1", "Unsure": "1", "(stay where they are)": "1"}
    assert root.data() == str(listing.parent / "listing sorted")
    rows = [dialog.plan_model.row(number) for number in range(dialog.plan_model.rowCount())]
    assert rows[0].now == "IMG_7.jpg" and rows[0].problem  # problems first
    assert [(row.now, row.then, row.remark) for row in rows[1:4]] == [
        ("IMG_1.jpg", "Kitchen/01_Kitchen_1.jpg", "with IMG_1.xmp"),
        ("IMG_2.jpg", "Kitchen/02_Kitchen_2.jpg", ""),
        ("IMG_6.jpg", "Kitchen/03_Kitchen_3.jpg", ""),
    ]
    assert dialog.sort_button.text() == "Copy 6 photos"
    assert "01_Kitchen_1.jpg" in dialog.options.template.example
    dialog.tree.setCurrentIndex(tree.index(4, 0, root))
    assert tree.folder(dialog.tree.currentIndex()) == STAYING
    assert [dialog.plan_model.row(number).now for number in range(dialog.plan_model.rowCount())] == ["IMG_7.jpg"]
    dialog.reject()
    assert files_in(listing.parent) == before  # nothing was touched


def test_every_option_changes_the_preview(qtbot: QtBot, opened_window: MainWindow, tmp_path: Path) -> None:
    dialog = sort_dialog(qtbot, opened_window)
    options = dialog.options

    def targets() -> list[str]:
        assert ready(qtbot, dialog).preview.plan is not None
        plan = dialog.preview.plan
        return sorted(item.target.relative_to(plan.destination).as_posix() for item in plan.items)

    assert "Unsure/IMG_4.jpg" in targets()
    options.unsure.box.click()
    assert not dialog.sort_button.isEnabled()  # until the preview is of these options
    assert len(targets()) == 5
    options.unsure.box.click()
    options.unsure.field.setText("To check")
    assert "To check/IMG_4.jpg" in targets()
    opened_window.session.document.apply(_rejecting(opened_window, "IMG_5.jpg"))
    dialog.reject()
    dialog = sort_dialog(qtbot, opened_window)
    options = dialog.options
    assert len(targets()) == 5
    options.rejected.box.click()
    assert "Rejected/IMG_5.jpg" in targets()
    kitchen = options.room_table.model.order.index("Kitchen")
    options.room_table.model.setData(options.room_table.model.index(kitchen, 1), "Küche")
    assert "Küche/IMG_1.jpg" in targets()
    options.destination_box.setEditText(str(tmp_path / "else"))
    assert ready(qtbot, dialog).preview.plan.destination == tmp_path / "else"
    options.template.set_text("{order}")
    bedroom = options.room_table.model.order.index("Bedroom")
    assert "Bedroom/4.jpg" in targets()
    options.room_table.model.moveRow(QModelIndex(), bedroom, QModelIndex(), 0)
    assert "Bedroom/1.jpg" in targets()
    for button, text in enumerate(("Copy 6 photos", "Move 6 photos", "Link 6 photos")):
        options.modes.button(button).click()
        ready(qtbot, dialog)
        assert dialog.sort_button.text() == text
    dialog.reject()


def _rejecting(window: MainWindow, name: str) -> object:
    ids = [photo.id for photo in window.session.document if photo.file.path.name == name]
    return reject(window.session.document, ids, True)


def test_what_cannot_work_is_said_before_anything_starts(
    qtbot: QtBot, opened_window: MainWindow, tmp_path: Path
) -> None:
    dialog = sort_dialog(qtbot, opened_window)
    dialog.options.template.set_text("{rooom}")
    ready(qtbot, dialog)
    assert "{rooom} is no field" in dialog.options.template.example
    assert not dialog.sort_button.isEnabled()
    assert dialog.plan_model.rowCount() == 6  # while a name is being typed the last good preview stays
    dialog.options.template.set_text("")
    (tmp_path / "file").write_bytes(b"")
    for destination, words in ((tmp_path / "file", "not a folder"), (Path("somewhere"), "Choose a destination")):
        dialog.options.destination_box.setEditText(str(destination))
        ready(qtbot, dialog)
        assert words in dialog.message.text()
        assert not dialog.sort_button.isEnabled()
    dialog.accept()  # as the Enter key does
    assert dialog.isVisible()
    dialog.reject()


@pytest.mark.skipif(os.name == "nt", reason="folders have no mode there")
def test_a_destination_that_cannot_be_written_is_said(qtbot: QtBot, opened_window: MainWindow, tmp_path: Path) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o500)
    if os.geteuid() == 0:
        locked = Path("/proc")  # where not even root may write
        if not locked.is_dir():
            pytest.skip("needs a folder that this user may not write to")
    dialog = sort_dialog(qtbot, opened_window)
    dialog.options.destination_box.setEditText(str(locked / "out"))
    ready(qtbot, dialog)
    assert "cannot be written" in dialog.message.text()
    dialog.reject()


# --- sorting


def test_copying(qtbot: QtBot, opened_window: MainWindow, listing: Path) -> None:
    before = files_in(listing)
    result = sort(qtbot, opened_window, template="{order:02}_{room}_{n}")
    out = listing.parent / "listing sorted"
    assert result.headline == f"6 photos copied to {out}"
    assert result.folder == out and not result.warning
    assert files_in(listing) == before
    assert sorted(files_in(out)) == [
        "Backyard/05_Backyard_1.jpg",
        "Bedroom/04_Bedroom_1.jpg",
        "Kitchen/01_Kitchen_1.jpg",
        "Kitchen/02_Kitchen_2.jpg",
        "Kitchen/03_Kitchen_3.jpg",
        "Unsure/06_Unsure_1.jpg",
    ]
    assert {photo.file.root for photo in opened_window.session.document} == {listing}


def test_the_session_follows_a_move_and_its_undo(qtbot: QtBot, opened_window: MainWindow, listing: Path) -> None:
    before = files_in(listing)
    opened_window.review.grid.select_ids([next(iter(opened_window.session.document)).id])
    opened_window.review.label_selected(2)
    sort(qtbot, opened_window, MOVE)
    out = listing.parent / "listing sorted"
    assert files_in(listing) == {}
    photos = list(opened_window.session.document)
    assert {photo.file.path.is_relative_to(out) and photo.file.path.is_file() for photo in photos} == {True}
    assert photos[0].file.relative == "Bedroom/IMG_1.jpg" and photos[0].decided == 2
    pictures = opened_window.session._thumbnails
    pictures.clear()  # they are made anew, of the files where they are now
    qtbot.waitUntil(lambda: all(pictures.get(photo) is not None for photo in photos))
    # A second sort starts from where they are now.
    again = sort_dialog(qtbot, opened_window, MOVE)
    assert "nothing to do" in again.summary.text() and not again.sort_button.isEnabled()
    again.reject()
    opened_window.actions_.undo_sort.trigger()
    dialog, result = outcome(qtbot, opened_window)
    assert result.headline == "6 files back in their old place"
    dialog.close()
    assert files_in(listing) == before
    assert not out.exists()
    assert {photo.file.root for photo in opened_window.session.document} == {listing}
    assert next(iter(opened_window.session.document)).decided == 2
    qtbot.waitUntil(lambda: not opened_window.actions_.undo_sort.isEnabled())


def test_photos_that_change_places_are_not_mixed_up(
    qtbot: QtBot, window: MainWindow, listing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sorts, "_AT_ONCE", 1)
    monkeypatch.setattr(sorts, "_STEPS_SECONDS", 0)
    for number, path in enumerate(sorted(listing.iterdir())):
        path.write_bytes(path.read_bytes() + bytes([number]))  # no two alike
    opened(qtbot, window, listing)
    document = window.session.document
    contents = {photo.id: photo.file.path.read_bytes() for photo in document}

    def all_in_their_place() -> bool:
        return {photo.id: photo.file.path.read_bytes() for photo in document if photo.file.path.exists()} == contents

    sort(qtbot, window, MOVE, "{room}_{n}")
    qtbot.waitUntil(all_in_their_place)
    last = next(photo.id for photo in document if photo.file.path.name == "Kitchen_3.jpg")
    document.apply(make_cover(document, last))  # the third kitchen becomes the first
    sort(qtbot, window, MOVE, "{room}_{n}")
    qtbot.waitUntil(all_in_their_place)
    assert document[last].file.path.name == "Kitchen_1.jpg"


def test_linking(qtbot: QtBot, opened_window: MainWindow, listing: Path) -> None:
    result = sort(qtbot, opened_window, LINK)
    out = listing.parent / "listing sorted"
    assert result.headline.startswith("6 photos linked")
    assert (out / "Kitchen" / "IMG_1.jpg").samefile(listing / "IMG_1.jpg")


def test_a_photo_that_vanished_is_reported_and_the_rest_goes_on(
    qtbot: QtBot, opened_window: MainWindow, listing: Path
) -> None:
    dialog = sort_dialog(qtbot, opened_window, MOVE)
    (listing / "IMG_2.jpg").unlink()
    dialog.sort_button.click()
    shown, result = outcome(qtbot, opened_window)
    assert result.headline.startswith("5 photos moved")
    assert result.warning
    assert [left.path.name for left in result.left] == ["IMG_2.jpg"]
    press(shown, "Copy report")
    copied = QGuiApplication.clipboard().text()
    assert "IMG_2.jpg\t" in copied and result.left[0].reason in copied
    shown.close()


def test_stopping_half_way_and_finishing(
    qtbot: QtBot, opened_window: MainWindow, listing: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = files_in(listing)
    monkeypatch.setattr(carrier, "BATCH_FILES", 2)
    dialog = sort_dialog(qtbot, opened_window, MOVE)
    _stop_at(monkeypatch, 2)
    dialog.sort_button.click()
    task = opened_window.findChild(TaskDialog)
    qtbot.waitUntil(lambda: task.bar.value() == 2)
    qtbot.keyClick(task, Qt.Key.Key_Escape)
    shown, result = outcome(qtbot, opened_window)
    assert "You stopped it" in result.text and result.headline.startswith("2 of 6 photos moved")
    assert len(files_in(listing)) == 4
    press(shown, "Finish")
    shown, result = outcome(qtbot, opened_window)
    assert files_in(listing) == {}
    assert all(photo.file.path.is_file() for photo in opened_window.session.document)
    press(shown, "Undo")
    shown, result = outcome(qtbot, opened_window)
    assert files_in(listing) == before
    shown.close()


def _stop_at(monkeypatch: pytest.MonkeyPatch, count: int) -> None:
    """Hold the sort after so many photos until it is cancelled."""
    real = sorts.execute

    def slow(plan, journal, *, progress, cancelled):  # type: ignore[no-untyped-def]
        def tell(done: int, total: int) -> None:
            progress(done, total)
            while done == count and not cancelled():
                pass

        return real(plan, journal, progress=tell, cancelled=cancelled)

    monkeypatch.setattr(sorts, "execute", slow)


# --- undo, also later


def test_undo_after_the_window_was_closed(
    qtbot: QtBot, make_window: MakeWindow, listing: Path, trash: Path
) -> None:
    first = opened(qtbot, make_window(), listing)
    sort(qtbot, first)
    first.session.undo_stack.setClean()
    first.close()
    second = make_window()
    qtbot.waitUntil(second.actions_.undo_sort.isEnabled)
    assert second.actions_.undo_sort.text().endswith("(6 photos copied)")
    out = listing.parent / "listing sorted"
    (out / "Bedroom" / "IMG_3.jpg").write_bytes(b"edited by somebody since")
    second.actions_.undo_sort.trigger()
    dialog, result = outcome(qtbot, second)
    assert result.headline == "5 files removed from the destination"
    assert [left.path.name for left in result.left] == ["IMG_3.jpg"]
    assert "changed" in result.left[0].reason
    assert files_in(out) == {"Bedroom/IMG_3.jpg": b"edited by somebody since"}
    assert len(list(trash.iterdir())) == 5
    assert len(files_in(listing)) == 6
    dialog.close()


def test_marks_follow_photos_that_are_not_open(qtbot: QtBot, make_window: MakeWindow, listing: Path) -> None:
    window = opened(qtbot, make_window(), listing)
    first = next(iter(window.session.document)).id
    window.review.grid.select_ids([first])
    window.review.label_selected(2)
    sort(qtbot, window, MOVE)
    window.close()
    window = make_window()
    qtbot.waitUntil(window.actions_.undo_sort.isEnabled)
    window.actions_.undo_sort.trigger()
    outcome(qtbot, window)[0].close()
    assert window.door.catalog is not None and window.door.catalog.flush(5)
    opened(qtbot, window, listing)
    photo = window.session.document[first]
    assert photo.file.path == listing / "IMG_1.jpg" and photo.decided == 2


def test_earlier_sorts(qtbot: QtBot, make_window: MakeWindow, listing: Path) -> None:
    window = opened(qtbot, make_window(), listing)
    before = files_in(listing)
    window.actions_.earlier_sorts.trigger()
    dialog = window.findChild(EarlierSorts)
    qtbot.wait(50)
    assert not any(button.isEnabled() for button in (dialog.undo, dialog.redo, dialog.finish, dialog.open_folder))
    dialog.close()
    sort(qtbot, window)
    sort(qtbot, window, MOVE, "{room}_{n}")
    window.session.undo_stack.setClean()
    window.close()
    window = opened(qtbot, make_window(), listing.parent / "listing sorted")
    window.actions_.earlier_sorts.trigger()
    dialog = window.findChild(EarlierSorts)
    qtbot.waitUntil(lambda: dialog.model.rowCount() == 2)
    assert [dialog.model.index(row, 1).data() for row in range(2)] == ["6 photos moved", "6 photos copied"]
    assert dialog.current().id == 2
    assert dialog.undo.isEnabled() and not dialog.redo.isEnabled() and not dialog.finish.isEnabled()
    dialog.undo.click()
    shown, result = outcome(qtbot, window)
    assert not result.left
    shown.close()
    assert files_in(listing) == before
    qtbot.waitUntil(lambda: dialog.model.index(0, 3).data() == "Undone")
    assert dialog.current().id == 2  # what was chosen stays chosen
    qtbot.waitUntil(dialog.redo.isEnabled)
    dialog.redo.click()
    shown, result = outcome(qtbot, window)
    assert result.headline.startswith("6 photos moved")
    shown.close()
    assert files_in(listing) == {}
    dialog.close()


# --- a crash

_KILLED_HALF_WAY = """
import os, sys
from pathlib import Path
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.prediction import Prediction
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.sorting import carrier
from roomnet_core.sorting.execute import execute
from roomnet_core.sorting.journal import Journal
from roomnet_core.sorting.plan import Mode, SortOptions, make_plan

carrier.BATCH_FILES = 2
folder = Path(sys.argv[1])
photos = []
for number, path in enumerate(sorted(folder.iterdir()), start=1):
    status = path.stat()
    file = PhotoFile(path, folder, status.st_size, status.st_mtime_ns)
    photos.append(SessionPhoto(number, file, Prediction((0.9, 0.1), False)))
rooms = RoomSet.from_names(["Kitchen", "Bedroom"])
plan = make_plan(photos, rooms, SortOptions(folder.parent / "out", Mode.MOVE))
execute(plan, Journal.open(), progress=lambda done, total: done < 4 or os._exit(9))
"""


@pytest.fixture
def killed(listing: Path) -> Path:
    """A sort of `listing` by another process that died in the middle of it."""
    command = [sys.executable, "-c", _KILLED_HALF_WAY, str(listing)]
    assert subprocess.run(command, cwd=REPOSITORY, timeout=600).returncode == 9
    assert 0 < len(files_in(listing)) < len(ROOMS)
    return listing


@pytest.mark.parametrize("answer", ["finish", "undo"])
def test_a_sort_that_was_killed_is_finished_or_undone(
    qtbot: QtBot, make_window: MakeWindow, killed: Path, answer: str
) -> None:
    window = make_window()
    qtbot.waitUntil(lambda: window.findChild(InterruptedBox) is not None)
    box = window.findChild(InterruptedBox)
    assert "was stopped" in box.text() and str(killed.parent / "out") in box.text()
    (box.finish_button if answer == "finish" else box.undo_button).click()
    dialog, result = outcome(qtbot, window)
    assert not result.left
    left, sorted_ = len(files_in(killed)), len(files_in(killed.parent / "out"))
    assert (left, sorted_) == ((0, 6) if answer == "finish" else (6, 0))
    dialog.close()
    with Journal.open() as journal:
        assert journal.runs()[0].state is (RunState.DONE if answer == "finish" else RunState.UNDONE)


def test_later_asks_again_at_the_next_start(qtbot: QtBot, make_window: MakeWindow, killed: Path) -> None:
    before = files_in(killed.parent)
    for _ in range(2):
        window = make_window()
        qtbot.waitUntil(lambda window=window: window.findChild(InterruptedBox) is not None)
        qtbot.keyClick(window.findChild(InterruptedBox), Qt.Key.Key_Escape)
        window.close()
    assert files_in(killed.parent) == before


def test_interrupted_runs_are_asked_about_one_after_the_other(
    qtbot: QtBot, make_window: MakeWindow, listing: Path
) -> None:
    window = opened(qtbot, make_window(), listing)
    sort(qtbot, window)
    sort(qtbot, window, MOVE, "{room}_{n}")
    window.close()
    with Journal.open() as journal:
        journal.set_state(1, RunState.DOING)
        journal.set_state(2, RunState.UNDOING)
    window = make_window()

    def asked(words: str) -> InterruptedBox:
        def boxes() -> list[InterruptedBox]:
            return [box for box in window.findChildren(InterruptedBox) if box.isVisible() and words in box.text()]

        qtbot.waitUntil(lambda: len(boxes()) == 1)
        return boxes()[0]

    box = asked("while it undid")
    assert box.finish_button.text() == "&Go on undoing" and not box.undo_button.isVisible()
    box.finish_button.click()
    dialog, result = outcome(qtbot, window)
    assert result.headline == "6 files back in their old place"
    dialog.close()
    qtbot.keyClick(asked("while it copied"), Qt.Key.Key_Escape)
    with Journal.open() as journal:
        assert [run.state for run in journal.runs()] == [RunState.UNDONE, RunState.DOING]


def test_keywords_that_were_cut_off_can_stay(qtbot: QtBot, make_window: MakeWindow, listing: Path) -> None:
    window = opened(qtbot, make_window(), listing)
    photos, rooms = window.session.photos(), window.session.document.rooms
    with Journal.open() as journal:
        report = embed(photos, rooms, journal, listing)
        assert report.run_id is not None
        journal.set_state(report.run_id, RunState.DOING)
    written = files_in(listing)
    window.close()
    window = make_window()
    qtbot.waitUntil(lambda: window.findChild(InterruptedBox) is not None)
    box = window.findChild(InterruptedBox)
    assert box.finish_button.text() == "&Keep them" and box.undo_button.isVisible()
    box.finish_button.click()
    outcome(qtbot, window)[0].close()
    assert files_in(listing) == written
    with Journal.open() as journal:
        assert journal.unfinished() == []


def test_a_full_disk_is_said_before_anything_starts(
    qtbot: QtBot, opened_window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = type("Usage", (), {"free": 10})
    monkeypatch.setattr(preflight.shutil, "disk_usage", lambda path: usage)
    dialog = sort_dialog(qtbot, opened_window)
    assert "Free some space" in dialog.message.text()
    assert not dialog.sort_button.isEnabled()
    assert dialog.plan_model.rowCount() == 6  # what would be done is shown all the same
    dialog.reject()


def test_a_journal_of_a_newer_program_is_said(qtbot: QtBot, make_window: MakeWindow, data_folder: Path) -> None:
    with closing(sqlite3.connect(data_folder / "sorts.sqlite")) as connection:
        connection.execute("PRAGMA user_version = 99")
    window = make_window()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "errorBox") is not None)
    assert "newer RoomNet" in window.findChild(QMessageBox, "errorBox").text()
    window.findChild(QMessageBox, "errorBox").close()
    assert not window.actions_.undo_sort.isEnabled()


def test_a_damaged_journal_is_said_and_the_window_works(
    qtbot: QtBot, make_window: MakeWindow, listing: Path, data_folder: Path
) -> None:
    (data_folder / "sorts.sqlite").write_bytes(b"this is no database at all" * 100)
    window = make_window()
    qtbot.waitUntil(lambda: window.findChild(QMessageBox, "errorBox") is not None)
    assert "damaged" in window.findChild(QMessageBox, "errorBox").text()
    window.findChild(QMessageBox, "errorBox").close()
    opened(qtbot, window, listing)
    sort_dialog(qtbot, window).sort_button.click()
    dialog, result = outcome(qtbot, window)
    assert "damaged" in result.headline and result.warning
    dialog.close()
    assert len(files_in(listing)) == 6


# --- what is remembered


def test_options_destinations_and_presets_are_remembered(
    qtbot: QtBot, opened_window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = sort_dialog(qtbot, opened_window, template="{room} {n:02}")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *arguments: str(tmp_path / "chosen"))
    browse = next(button for button in dialog.options.findChildren(QPushButton) if "wse" in button.text())
    browse.click()
    monkeypatch.setattr(QInputDialog, "getText", lambda *arguments, **more: ("Portal", True))
    dialog._save_preset()
    ready(qtbot, dialog)
    dialog.sort_button.click()
    outcome(qtbot, opened_window)[0].close()
    opened_window.actions_.sort.trigger()
    (again,) = (one for one in opened_window.findChildren(SortDialog) if one.isVisible())
    assert again.options.template.text() == "{room} {n:02}"
    recent = again.options.destination_box
    assert [recent.itemText(number) for number in range(recent.count())] == [str(tmp_path / "chosen")]
    again.options.template.set_text("")
    again.preset_box.setCurrentText("Portal")
    again.preset_box.activated.emit(again.preset_box.currentIndex())
    assert again.options.template.text() == "{room} {n:02}"
    again._delete_preset()
    assert again.preset_box.count() == 0
    again.reject()


def test_moving_waits_until_nothing_is_being_classified(
    qtbot: QtBot, make_window: MakeWindow, listing: Path
) -> None:
    engine = ColourEngine(holds_after=1)
    window = make_window(engine=engine)
    window.open_paths([listing])
    qtbot.waitUntil(window.actions_.sort.isEnabled)
    assert window.session.running
    window.actions_.sort.trigger()
    dialog = window.findChild(SortDialog)
    assert not dialog.options.modes.button(MOVE).isEnabled()
    assert dialog.options.modes.button(MOVE).toolTip()
    dialog.reject()
    engine.go_on.set()
    window.session.cancel()
    wait_idle(qtbot, window)
