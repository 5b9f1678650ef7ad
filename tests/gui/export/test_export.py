"""Exporting from the window: what the dialog says, and the files that come of it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from roomnet_core.session.changes import reject
from roomnet_gui.export.export_dialog import ExportDialog
from roomnet_gui.export.kinds import ExportKind, ExportOptions, remember, remembered
from roomnet_gui.jobs.task_dialog import Outcome, TaskDialog
from roomnet_gui.main_window import MainWindow
from roomnet_gui.settings import open_settings
from roomnet_gui.sort.sort_dialog import SortDialog
from tests.windows import MakeWindow, wait_idle, write_rooms

CONTROL = Qt.KeyboardModifier.ControlModifier
# Two kitchens, a bedroom, and one that the model is unsure of.
ROOMS = [4, 4, 2, None]


@pytest.fixture
def listing(tmp_path: Path) -> Path:
    return write_rooms(tmp_path / "listing", ROOMS)


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, listing: Path) -> MainWindow:
    window.open_paths([listing])
    wait_idle(qtbot, window)
    return window


def export_dialog(qtbot: QtBot, window: MainWindow, kind: ExportKind) -> ExportDialog:
    window.actions_.export.trigger()
    (dialog,) = (one for one in window.findChildren(ExportDialog) if one.isVisible())
    dialog.kinds.button(list(ExportKind).index(kind)).click()
    return ready(qtbot, dialog)


def ready(qtbot: QtBot, dialog: ExportDialog) -> ExportDialog:
    qtbot.waitUntil(lambda: dialog.finding is not None)
    return dialog


def export(qtbot: QtBot, window: MainWindow, dialog: ExportDialog) -> tuple[TaskDialog, Outcome]:
    assert dialog.export_button.isEnabled(), dialog.message.text()
    dialog.export_button.click()
    return outcome(qtbot, window)


def outcome(qtbot: QtBot, window: MainWindow) -> tuple[TaskDialog, Outcome]:
    def ended() -> list[TaskDialog]:
        return [one for one in window.findChildren(TaskDialog) if one.outcome is not None and one.isVisible()]

    qtbot.waitUntil(lambda: len(ended()) == 1)
    (dialog,) = ended()
    assert dialog.outcome is not None
    return dialog, dialog.outcome


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_excel(qtbot: QtBot, opened: MainWindow, listing: Path) -> None:
    dialog = export_dialog(qtbot, opened, ExportKind.EXCEL)
    assert dialog.field.text() == str(listing.parent / "listing.xlsx")
    assert dialog.export_button.text() == "Export 4 photos"
    shown, result = export(qtbot, opened, dialog)
    assert result.file == listing.parent / "listing.xlsx" and result.folder == listing.parent
    assert {"Open file", "Open folder"} <= {
        button.text().replace("&", "") for button in shown.findChildren(QPushButton)
    }
    book = load_workbook(listing.parent / "listing.xlsx")
    assert book["Photos"].max_row == 5
    assert len(book["Photos"]._images) == 4
    book.close()
    shown.close()
    again = export_dialog(qtbot, opened, ExportKind.EXCEL)
    assert "will be replaced" in again.message.text()
    again.thumbnails.setChecked(False)
    ready(qtbot, again)
    export(qtbot, opened, again)[0].close()
    book = load_workbook(listing.parent / "listing.xlsx")
    assert book["Photos"]._images == []
    book.close()


@pytest.mark.parametrize("bom", [False, True])
def test_csv(qtbot: QtBot, opened: MainWindow, tmp_path: Path, bom: bool) -> None:
    dialog = export_dialog(qtbot, opened, ExportKind.CSV)
    dialog.field.setText(str(tmp_path / "rooms.csv"))
    dialog.bom.setChecked(bom)
    ready(qtbot, dialog)
    export(qtbot, opened, dialog)[0].close()
    content = (tmp_path / "rooms.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf") is bom
    rows = list(csv.DictReader(content.decode("utf-8-sig").splitlines()))
    assert [row["file"] for row in rows] == ["IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg", "IMG_4.jpg"]
    assert rows[0]["room"] == "Kitchen"


def test_json_of_some_of_the_photos(qtbot: QtBot, opened: MainWindow, listing: Path, tmp_path: Path) -> None:
    (listing / "bad.jpg").write_bytes(b"\xff\xd8\xff\xe0 not a photo")
    opened.open_paths([listing / "bad.jpg"])
    wait_idle(qtbot, opened)
    document = opened.session.document
    document.apply(reject(document, [next(iter(document)).id], True))
    dialog = export_dialog(qtbot, opened, ExportKind.JSON)
    assert [box.text() for box in (dialog.unsure, dialog.rejected, dialog.unreadable)] == [
        "U&nsure (1)",
        "&Rejected (1)",
        "Not reada&ble (1)",
    ]
    assert dialog.export_button.text() == "Export 5 photos"
    for box in (dialog.unsure, dialog.rejected, dialog.unreadable):
        assert box.isVisible()
        box.click()
    ready(qtbot, dialog)
    assert dialog.export_button.text() == "Export 2 photos"
    dialog.field.setText(str(tmp_path / "rooms.json"))
    ready(qtbot, dialog)
    export(qtbot, opened, dialog)[0].close()
    exported = json.loads((tmp_path / "rooms.json").read_text())
    assert [photo["file"] for photo in exported["photos"]] == ["IMG_2.jpg", "IMG_3.jpg"]
    assert exported["problems"] == []


def test_labelled_copies(qtbot: QtBot, opened: MainWindow, listing: Path) -> None:
    before = {path: path.read_bytes() for path in listing.iterdir()}
    dialog = export_dialog(qtbot, opened, ExportKind.LABELLED)
    folder = listing.parent / "listing labelled"
    assert dialog.field.text() == str(folder)
    assert not dialog.unreadable.isVisible()
    shown, result = export(qtbot, opened, dialog)
    assert result.headline == f"4 photos copied to {folder}" and result.folder == folder
    shown.close()
    assert names(folder) == ["IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg", "IMG_4.jpg"]
    with Image.open(folder / "IMG_1.jpg") as copy, Image.open(listing / "IMG_1.jpg") as original:
        assert copy.size == original.size and copy.tobytes() != original.tobytes()
    assert {path: path.read_bytes() for path in listing.iterdir()} == before


def test_what_cannot_work_is_said_first(qtbot: QtBot, opened: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "letter.xlsx").write_text("somebody's letter")
    dialog = export_dialog(qtbot, opened, ExportKind.EXCEL)
    for text, words in (
        (str(tmp_path / "nowhere" / "rooms.xlsx"), "does not exist"),
        (str(tmp_path / "rooms.txt"), "does not end in .xlsx"),
        (str(tmp_path / "letter.xlsx"), "Choose another name"),
        ("", "Choose a file"),
    ):
        dialog.field.setText(text)
        ready(qtbot, dialog)
        assert words in dialog.message.text()
        assert not dialog.export_button.isEnabled()
    dialog.accept()
    assert dialog.isVisible()
    dialog.reject()
    assert (tmp_path / "letter.xlsx").read_text() == "somebody's letter"


def test_the_keyboard_is_enough(qtbot: QtBot, opened: MainWindow, listing: Path) -> None:
    qtbot.keyClick(opened.review.grid, Qt.Key.Key_E, CONTROL)
    (dialog,) = (one for one in opened.findChildren(ExportDialog) if one.isVisible())
    qtbot.waitUntil(dialog.kinds.checkedButton().hasFocus)
    qtbot.keyClick(dialog.kinds.checkedButton(), Qt.Key.Key_Down)
    assert dialog.kind is ExportKind.CSV
    ready(qtbot, dialog)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    shown, _ = outcome(qtbot, opened)
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    assert (listing.parent / "listing.csv").is_file()


def test_browsing(qtbot: QtBot, opened: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dialog = export_dialog(qtbot, opened, ExportKind.CSV)
    chosen = str(tmp_path / "rooms")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *arguments, **more: (chosen, ""))
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *arguments: chosen)
    browse = next(button for button in dialog.findChildren(QPushButton) if "wse" in button.text())
    browse.click()
    assert dialog.field.text() == chosen + ".csv"
    dialog.kinds.button(list(ExportKind).index(ExportKind.LABELLED)).click()
    browse.click()
    assert dialog.field.text() == chosen
    dialog.kinds.button(list(ExportKind).index(ExportKind.CSV)).click()
    assert dialog.field.text() == chosen + ".csv"  # each kind keeps what was typed for it
    dialog.reject()


def test_stopping(qtbot: QtBot, opened: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from roomnet_gui.export import exports

    real = exports.write

    def slow(photos, rooms, model, options, job):  # type: ignore[no-untyped-def]
        while not job.cancelled():
            pass
        return real(photos, rooms, model, options, job)

    monkeypatch.setattr(exports, "write", slow)
    dialog = export_dialog(qtbot, opened, ExportKind.EXCEL)
    dialog.field.setText(str(tmp_path / "rooms.xlsx"))
    ready(qtbot, dialog)
    dialog.export_button.click()
    (task,) = (one for one in opened.findChildren(TaskDialog) if one.isVisible())
    qtbot.keyClick(task, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not [one for one in opened.findChildren(TaskDialog) if one.isVisible()])
    assert not (tmp_path / "rooms.xlsx").exists()


def test_the_last_choice_comes_back(qtbot: QtBot, make_window: MakeWindow, listing: Path, tmp_path: Path) -> None:
    (tmp_path / "exports").mkdir()
    window = make_window()
    window.open_paths([listing])
    wait_idle(qtbot, window)
    dialog = export_dialog(qtbot, window, ExportKind.CSV)
    dialog.field.setText(str(tmp_path / "exports" / "rooms.csv"))
    dialog.bom.setChecked(True)
    ready(qtbot, dialog)
    export(qtbot, window, dialog)[0].close()
    window.actions_.export.trigger()
    (again,) = (one for one in window.findChildren(ExportDialog) if one.isVisible())
    assert again.kind is ExportKind.CSV and again.bom.isChecked()
    assert again.field.text() == str(tmp_path / "exports" / "listing.csv")
    again.reject()


@pytest.mark.parametrize("nonsense", ["", "{", "[]", '{"kind": "floppy", "target": "/"}', '{"kind": "csv"}'])
def test_nonsense_in_the_settings_counts_as_nothing(nonsense: str) -> None:
    settings = open_settings()
    settings.setValue("export/last", nonsense)
    assert remembered(settings) == ExportOptions()
    remember(settings, ExportOptions(ExportKind.CSV, Path("/out/rooms.csv"), bom=True))
    assert remembered(settings) == ExportOptions(ExportKind.CSV, Path("/out"), bom=True)


def test_keywords_and_their_undo(qtbot: QtBot, opened: MainWindow, listing: Path) -> None:
    before = {path.name: path.read_bytes() for path in listing.iterdir()}
    document = opened.session.document
    dialog = export_dialog(qtbot, opened, ExportKind.KEYWORDS)
    assert dialog.export_button.text() == "Write into 3 photos"
    assert "undo" in dialog.message.text()
    assert "nobody has looked" in dialog.message.text()  # the unsure one gets none, and why
    assert not dialog.field.isVisible()
    shown, result = export(qtbot, opened, dialog)
    assert result.headline == "Keywords written into 3 photos"
    assert b"Kitchen" in (listing / "IMG_1.jpg").read_bytes()
    with Image.open(listing / "IMG_1.jpg") as written:
        written.load()
    # The session knows the files as they are now, or a sort would take them for somebody else's.
    for photo in document:
        status = photo.file.path.stat()
        assert (photo.file.size, photo.file.mtime_ns) == (status.st_size, status.st_mtime_ns)
    undo = next(button for button in shown.findChildren(QPushButton) if button.text() == "&Undo")
    undo.click()
    qtbot.waitUntil(lambda: not shown.isVisible())
    shown, result = outcome(qtbot, opened)
    assert result.headline == "3 files as they were before"
    shown.close()
    assert {path.name: path.read_bytes() for path in listing.iterdir()} == before
    for photo in document:
        status = photo.file.path.stat()
        assert (photo.file.size, photo.file.mtime_ns) == (status.st_size, status.st_mtime_ns)


def test_a_sort_s_places_are_in_the_table(qtbot: QtBot, opened: MainWindow, listing: Path, tmp_path: Path) -> None:
    opened.actions_.sort.trigger()
    (sort,) = (one for one in opened.findChildren(SortDialog) if one.isVisible())
    qtbot.waitUntil(sort.sort_button.isEnabled)
    sort.sort_button.click()
    outcome(qtbot, opened)[0].close()
    for full, place in ((False, Path("listing sorted")), (True, listing.parent / "listing sorted")):
        dialog = export_dialog(qtbot, opened, ExportKind.CSV)
        assert not dialog.full_paths.isChecked()
        dialog.full_paths.setChecked(full)
        dialog.field.setText(str(tmp_path / "rooms.csv"))
        ready(qtbot, dialog)
        export(qtbot, opened, dialog)[0].close()
        rows = list(csv.DictReader((tmp_path / "rooms.csv").read_text().splitlines()))
        assert str(place / "Kitchen" / "IMG_1.jpg") in rows[0].values()
