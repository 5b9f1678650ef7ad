"""The models of the sort dialogs keep Qt's rules, and rooms can be put in any order."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from roomnet_core.sorting.journal import Kind, Run, RunState
from roomnet_gui.jobs.task_dialog import LeftOut, LeftOutModel
from roomnet_gui.sort.earlier_sorts import RunModel
from roomnet_gui.sort.plan_models import FolderModel, PlanModel
from roomnet_gui.sort.preview import EVERYWHERE, STAYING, Folder, Row
from roomnet_gui.sort.room_table import RoomModel, RoomTable
from tests.windows import ROOMS

LISTING = ("Frontyard", "LivingRoom", "Kitchen", "Bedroom", "Bathroom", "Backyard")


def checker(model: QAbstractItemModel) -> QAbstractItemModelTester:
    return QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)


def run(number: int, state: RunState = RunState.DONE, kind: Kind = Kind.MOVE) -> Run:
    moment = datetime(2026, 11, 24, 14, 3, tzinfo=UTC)
    return Run(number, kind, Path("/out"), "", moment, moment, state, photos=212, done=200, failed=0)


def folders(*names: str) -> list[Folder]:
    return [Folder(name, name, number) for number, name in enumerate(names)]


def text(model: QAbstractItemModel, row: int, column: int = 0, parent: QModelIndex | None = None) -> str:
    return str(model.index(row, column, parent or QModelIndex()).data())


def test_the_tree_of_folders(qapp: object) -> None:
    model = FolderModel()
    checked = checker(model)
    model.show(folders(EVERYWHERE, "Kitchen", "Bedroom", STAYING))
    root = model.index(0, 0)
    assert (model.rowCount(), model.rowCount(root)) == (1, 3)
    assert [text(model, row, 0, root) for row in range(3)] == ["Kitchen", "Bedroom", STAYING]
    assert text(model, 1, 1, root) == "2"
    assert model.folder(root) == EVERYWHERE
    assert model.folder(model.index(1, 0, root)) == "Bedroom"
    changed: list[object] = []
    model.modelReset.connect(lambda: changed.append("reset"))
    model.show([Folder(folder.name, folder.name, 9) for folder in folders(EVERYWHERE, "Kitchen", "Bedroom", STAYING)])
    assert changed == []  # only numbers changed
    assert text(model, 1, 1, root) == "9"
    model.show(folders(EVERYWHERE))
    assert changed == ["reset"]
    model.show([])
    assert model.rowCount() == 0
    del checked


def test_the_table_of_names(qapp: object) -> None:
    model = PlanModel()
    checked = checker(model)
    model.show([Row("a.jpg", "Kitchen/01.jpg", "with a.xmp"), Row("bad.jpg", "", "it is damaged", problem=True)])
    assert [text(model, 0, column) for column in range(3)] == ["a.jpg", "Kitchen/01.jpg", "with a.xmp"]
    assert text(model, 1, 1) == "-"
    assert model.index(1, 2).data(Qt.ItemDataRole.FontRole).bold()  # not by its colour alone
    model.show([])
    del checked


def test_the_list_of_runs(qapp: object) -> None:
    model = RunModel()
    checked = checker(model)
    model.show([run(2, RunState.STOPPED), run(1, RunState.UNDONE, Kind.COPY)])
    assert text(model, 0, 1) == "200 photos moved"
    assert text(model, 0, 3) == "Stopped half-way, 200 of 212"
    assert text(model, 1, 1) == "212 photos copied"
    assert text(model, 1, 3) == "Undone"
    assert (model.row_of(1), model.row_of(7)) == (1, None)
    del checked


def test_the_list_of_what_was_left_out(qapp: object) -> None:
    model = LeftOutModel((LeftOut(Path("/in/a.jpg"), "it is gone"),))
    checked = checker(model)
    assert [text(model, 0, column) for column in range(2)] == ["a.jpg", "it is gone"]
    del checked


@pytest.mark.parametrize(("first", "before", "order"), [(0, 3, "bcadef"), (4, 1, "aebcdf"), (0, 6, "bcdefa")])
def test_a_room_is_dragged(qapp: object, first: int, before: int, order: str) -> None:
    model = RoomModel(ROOMS)
    checked = checker(model)
    letters = dict(zip(LISTING, "abcdef", strict=True))
    assert model.order == LISTING
    assert model.moveRows(QModelIndex(), first, 1, QModelIndex(), before)
    assert "".join(letters[name] for name in model.order) == order
    assert text(model, 5).startswith("6. ")
    del checked


def test_moves_that_make_no_sense_change_nothing(qapp: object) -> None:
    model = RoomModel(ROOMS)
    nowhere = QModelIndex()
    for first, count, before in [(0, 1, 0), (0, 1, 1), (5, 2, 0), (-1, 1, 2), (0, 1, 7)]:
        assert not model.moveRows(nowhere, first, count, nowhere, before)
    assert model.order == LISTING


def test_folders_are_renamed_and_remembered_rooms_come_back(qapp: object) -> None:
    model = RoomModel(ROOMS)
    checked = checker(model)
    kitchen = model.index(2, 1)
    assert model.setData(kitchen, "  Küche ")
    assert model.folders["Kitchen"] == "Küche"
    assert not model.flags(model.index(2, 0)) & Qt.ItemFlag.ItemIsEditable
    other = RoomModel(ROOMS)
    other.set_state(["Attic", "Backyard", "Kitchen"], {"Kitchen": "Küche", "Attic": "Attic"})
    assert other.order == ("Backyard", "Kitchen", "Frontyard", "LivingRoom", "Bedroom", "Bathroom")
    assert other.folders["Kitchen"] == "Küche"
    assert other.folders["Bedroom"] == "Bedroom"
    del checked


def test_rooms_are_moved_by_keys_and_buttons(qtbot: QtBot) -> None:
    table = RoomTable(ROOMS)
    qtbot.addWidget(table)
    table.show()
    qtbot.waitExposed(table)
    assert not table.up.isEnabled() and not table.down.isEnabled()
    table.view.setCurrentIndex(table.model.index(0, 0))
    assert not table.up.isEnabled() and table.down.isEnabled()
    table.down.click()
    assert table.model.order[:2] == ("LivingRoom", "Frontyard")
    assert table.view.currentIndex().row() == 1  # it goes with the room
    table.view.setFocus()
    qtbot.waitUntil(table.view.hasFocus)
    qtbot.keyClick(table.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    qtbot.keyClick(table.view, Qt.Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert table.model.order[:4] == ("LivingRoom", "Kitchen", "Bedroom", "Frontyard")
    qtbot.keyClick(table.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert table.model.order[2] == "Frontyard"
