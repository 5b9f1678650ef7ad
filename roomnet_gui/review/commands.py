"""Undoable changes of labels."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtGui import QUndoCommand

from roomnet_core.rooms import Room
from roomnet_core.session.document import Decide, SessionDocument
from roomnet_gui import texts

Reveal = Callable[[Collection[int]], None]
_RELABEL = 1


class RelabelCommand(QUndoCommand):
    """Give photos a room (None: back to the model's own). Repeats on the same photos become one command.

    `reveal` is called with the photos on undo and on redo, because a filter may have hidden them meanwhile.
    """

    def __init__(self, document: SessionDocument, ids: Collection[int], room: Room | None, reveal: Reveal) -> None:
        super().__init__(texts.label_action(len(ids), room))
        self._document = document
        self._room = room
        self._reveal = reveal
        self._ids = frozenset(ids)
        self._before: Decide | None = None

    def redo(self) -> None:
        room_id = None if self._room is None else self._room.id
        inverse = self._document.apply(Decide(dict.fromkeys(sorted(self._ids), room_id)))
        if self._before is None:
            self._before = inverse
        else:
            self._reveal(self._ids)

    def undo(self) -> None:
        assert self._before is not None
        self._document.apply(self._before)
        self._reveal(self._ids)

    def id(self) -> int:
        return _RELABEL

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, RelabelCommand) or other._ids != self._ids or other._document is not self._document:
            return False
        self._room = other._room
        self.setText(other.text())
        assert self._before is not None
        room_id = None if self._room is None else self._room.id
        # Back to where it started: nothing is left to undo.
        self.setObsolete(all(before == room_id for before in self._before.decisions.values()))
        return True
