"""The sort dialog: its preview is the plan, its report is what happened."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QTreeWidget
from pytestqt.qtbot import QtBot

from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.prediction import Prediction
from roomnet_core.session.document import SessionDocument
from roomnet_gui.jobs.runner import Runner
from roomnet_gui.sort import sort_dialog
from roomnet_gui.sort.sort_dialog import SortDialog
from tests.windows import COLOURS, ROOMS, write_photo

REPORT = 2


@pytest.fixture
def document(tmp_path: Path) -> SessionDocument:
    """Three kitchens (two of one name), a bedroom, an unsure photo and a broken one."""
    folder = tmp_path / "in"
    document = SessionDocument(ROOMS)
    for name, room, confidence in [
        ("a/IMG_1.jpg", 4, 0.9),
        ("b/IMG_1.jpg", 4, 0.9),
        ("IMG_2.jpg", 4, 0.9),
        ("IMG_3.jpg", 2, 0.9),
        ("IMG_4.jpg", 2, 0.4),
    ]:
        path = write_photo(folder / name, COLOURS[room])
        status = path.stat()
        (photo_id,) = document.add([PhotoFile(path, folder, status.st_size, status.st_mtime_ns)])
        rest = (1 - confidence) / 5
        probabilities = tuple(confidence if index == room else rest for index in range(6))
        document.record({photo_id: Prediction(probabilities, confidence < 0.6)})
    document.add([Problem(folder / "bad.jpg", folder, "damaged", "bad.jpg is damaged.")])
    return document


Open = Callable[[Path], SortDialog]


@pytest.fixture
def problems() -> list[BaseException]:
    return []


@pytest.fixture
def open_dialog(
    qtbot: QtBot, document: SessionDocument, problems: list[BaseException]
) -> Iterator[Open]:
    runner = Runner(problems.append)
    dialogs = []

    def make(destination: Path) -> SortDialog:
        dialog = SortDialog(tuple(document), ROOMS, destination, runner, problems.append)
        dialogs.append(dialog)
        dialog.open()
        return dialog

    yield make
    assert runner.shutdown()
    for dialog in dialogs:
        if shiboken6.isValid(dialog):  # the test failed half-way
            dialog._job = None
            dialog.close()


def rows(table: QTreeWidget) -> dict[str, str]:
    items = (table.topLevelItem(row) for row in range(table.topLevelItemCount()))
    return {item.text(0): item.text(1) for item in items if item is not None}


def test_the_preview_counts_every_photo(qtbot: QtBot, open_dialog: Open, tmp_path: Path) -> None:
    dialog = open_dialog(tmp_path / "out")
    qtbot.waitUntil(dialog.sort_button.isEnabled)
    assert rows(dialog.table) == {"Kitchen": "3", "Bedroom": "1", "Unsure": "1", "(stay where they are)": "1"}
    assert not (tmp_path / "out").exists()
    dialog.unsure_box.setChecked(False)
    assert not dialog.sort_button.isEnabled()
    qtbot.waitUntil(dialog.sort_button.isEnabled)
    assert rows(dialog.table) == {"Kitchen": "3", "Bedroom": "1", "(stay where they are)": "2"}
    dialog.reject()


def test_sorting_copies_and_reports(qtbot: QtBot, open_dialog: Open, tmp_path: Path) -> None:
    out = tmp_path / "out"
    before = sorted((path, path.read_bytes()) for path in (tmp_path / "in").rglob("*.jpg"))
    dialog = open_dialog(out)
    qtbot.waitUntil(dialog.sort_button.isEnabled)
    with qtbot.waitSignal(dialog.sorted):
        dialog.sort_button.click()
    assert sorted((path, path.read_bytes()) for path in (tmp_path / "in").rglob("*.jpg")) == before
    assert sorted(path.relative_to(out).as_posix() for path in out.rglob("*.jpg")) == [
        "Bedroom/IMG_3.jpg",
        "Kitchen/IMG_1 (2).jpg",
        "Kitchen/IMG_1.jpg",
        "Kitchen/IMG_2.jpg",
        "Unsure/IMG_4.jpg",
    ]
    assert dialog._pages.currentIndex() == REPORT
    assert "5 photos copied" in dialog.report_text.text()
    assert rows(dialog.report_table) == {"bad.jpg": "bad.jpg is damaged."}
    dialog.reject()


def test_what_is_there_is_never_overwritten(qtbot: QtBot, open_dialog: Open, tmp_path: Path) -> None:
    theirs = tmp_path / "out" / "Bedroom" / "IMG_3.jpg"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"somebody's only copy")
    dialog = open_dialog(tmp_path / "out")
    qtbot.waitUntil(dialog.sort_button.isEnabled)
    with qtbot.waitSignal(dialog.sorted):
        dialog.sort_button.click()
    assert theirs.read_bytes() == b"somebody's only copy"
    assert theirs.with_name("IMG_3 (2).jpg").is_file()
    dialog.reject()


def test_cancelling_reports_what_was_copied(
    qtbot: QtBot, open_dialog: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = sort_dialog.execute

    def slow(plan, journal, *, progress, cancelled):  # type: ignore[no-untyped-def]
        def tell(done: int, total: int) -> None:
            progress(done, total)
            while done == 2 and not cancelled():
                pass

        return real(plan, journal, progress=tell, cancelled=cancelled)

    monkeypatch.setattr(sort_dialog, "execute", slow)
    dialog = open_dialog(tmp_path / "out")
    qtbot.waitUntil(dialog.sort_button.isEnabled)
    dialog.sort_button.click()
    qtbot.waitUntil(lambda: dialog._bar.value() == 2)
    dialog.close()  # in the middle of it
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: dialog._pages.currentIndex() == REPORT)
    assert "cancelled" in dialog.report_text.text()
    assert len(list((tmp_path / "out").rglob("*.jpg"))) == 2
    assert not list((tmp_path / "out").rglob("*.part"))
    dialog.reject()


def test_a_destination_that_cannot_be_used_is_an_error_and_the_preview_comes_back(
    qtbot: QtBot, open_dialog: Open, problems: list[BaseException], tmp_path: Path
) -> None:
    dialog = open_dialog(tmp_path / "out")
    qtbot.waitUntil(dialog.sort_button.isEnabled)
    (tmp_path / "out").write_bytes(b"a file where the folder should be")
    dialog.sort_button.click()
    qtbot.waitUntil(lambda: bool(problems))
    assert "not a folder" in str(problems[0])
    assert dialog._pages.currentIndex() == 0
    dialog.folder_field.setText("")
    qtbot.wait(250)
    assert not dialog.sort_button.isEnabled()
    dialog.reject()
