"""Labels can be taken back, repeats merge, and the menu names what it will do."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QUndoStack
from pytestqt.qtbot import QtBot

from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.session import changes
from roomnet_core.session.changes import Change
from roomnet_core.session.document import SessionDocument
from roomnet_gui import texts
from roomnet_gui.review.commands import MarkCommand
from roomnet_gui.review.marking import Marker
from tests.windows import ROOMS


class Desk:
    def __init__(self, photos: int = 5) -> None:
        self.document = SessionDocument(ROOMS)
        self.ids = self.document.add(PhotoFile(Path(f"/p/{n}.jpg"), Path("/p"), 1, 1) for n in range(photos))
        self.marker = Marker(self.document)
        self.stack = QUndoStack()
        self.revealed: list[set[int]] = []

    def label(self, ids: Collection[int], room: int | None) -> None:
        change = changes.label(self.document, ids, room)
        text = texts.label_action(len(change.marks), None if room is None else ROOMS[room])
        self.push(change, text, merges=True)

    def push(self, change: Change, text: str = "", *, merges: bool = False) -> None:
        if change:
            reveal = lambda ids: self.revealed.append(set(ids))  # noqa: E731
            self.stack.push(MarkCommand(self.marker, change, text, reveal, merges=merges))

    def rooms(self) -> list[int | None]:
        return [self.document[photo_id].decided for photo_id in self.ids]


@pytest.fixture
def desk(qapp: Any) -> Desk:
    return Desk()


def test_undo_and_redo_give_back_every_state(desk: Desk) -> None:
    desk.label(desk.ids[:3], 4)
    desk.label(desk.ids[2:4], 1)
    assert desk.rooms() == [4, 4, 1, 1, None]
    desk.stack.undo()
    assert desk.rooms() == [4, 4, 4, None, None]
    desk.stack.undo()
    assert desk.rooms() == [None] * 5
    desk.stack.redo()
    desk.stack.redo()
    assert desk.rooms() == [4, 4, 1, 1, None]


def test_the_text_says_what_and_how_many(desk: Desk) -> None:
    desk.label(desk.ids[:3], 4)
    assert desk.stack.undoText() == "Label 3 photos as Kitchen"
    desk.label(desk.ids[:1], 5)
    assert desk.stack.undoText() == "Label 1 photo as Living room"
    desk.label(desk.ids[:2], None)
    assert desk.stack.undoText() == "Take back the room of 2 photos"


def test_repeats_on_the_same_photos_become_one_step(desk: Desk) -> None:
    desk.label(desk.ids[:2], 4)
    desk.label(desk.ids[:2], 1)
    desk.label(tuple(reversed(desk.ids[:2])), 3)
    assert desk.stack.count() == 1
    assert desk.stack.undoText() == "Label 2 photos as Front yard"
    desk.stack.undo()
    assert desk.rooms() == [None] * 5
    desk.stack.redo()
    assert desk.rooms() == [3, 3, None, None, None]


def test_going_back_to_the_start_leaves_nothing_to_undo(desk: Desk) -> None:
    desk.label(desk.ids[:2], 4)
    desk.label(desk.ids[:2], None)
    assert desk.stack.count() == 0
    assert desk.rooms() == [None] * 5


def test_other_photos_are_another_step(desk: Desk) -> None:
    desk.label(desk.ids[:2], 4)
    desk.label(desk.ids[:3], 4)
    assert desk.stack.count() == 2


def test_a_step_after_an_export_does_not_merge_into_what_was_exported(desk: Desk) -> None:
    desk.label(desk.ids[:1], 4)
    desk.stack.setClean()
    desk.label(desk.ids[:1], 1)
    assert desk.stack.count() == 2
    assert not desk.stack.isClean()


def test_undo_and_redo_reveal_the_photos_and_labelling_does_not(desk: Desk) -> None:
    desk.label(desk.ids[:2], 4)
    assert desk.revealed == []
    desk.stack.undo()
    desk.stack.redo()
    assert desk.revealed == [set(desk.ids[:2])] * 2


def test_rejections_and_covers_are_undone_as_labels_are(desk: Desk) -> None:
    document, ids = desk.document, desk.ids
    before = list(document)
    desk.label(ids, 4)
    desk.push(changes.make_cover(document, ids[0]))
    desk.push(changes.make_cover(document, ids[1]))
    desk.push(changes.reject(document, ids[1:3], True))
    assert [photo.cover for photo in document] == [False] * 5
    desk.stack.undo()
    assert [photo.cover for photo in document] == [False, True, False, False, False]
    desk.stack.undo()
    assert [photo.cover for photo in document] == [True, False, False, False, False]
    while desk.stack.canUndo():
        desk.stack.undo()
    assert list(document) == before


def test_many_photos_are_marked_in_slices_and_undone_before_the_last(qtbot: QtBot) -> None:
    desk = Desk(4000)
    desk.label(desk.ids, 2)
    assert 0 < desk.document.summary().by_room[2] < 4000
    qtbot.waitUntil(lambda: desk.document.summary().by_room[2] == 4000)
    desk.stack.undo()
    desk.stack.redo()  # long before the undo is through
    desk.stack.undo()
    qtbot.waitUntil(lambda: len(desk.revealed) == 3)
    assert desk.document.summary().by_room[2] == 0
