"""Undoable changes of labels."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtGui import QUndoCommand

from roomnet_core.rooms import Room
from roomnet_core.session.changes import Change, label
from roomnet_core.session.document import SessionDocument
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
        self._change: Change | None = None
        self._before: Change | None = None

    def redo(self) -> None:
        if self._change is None:
            self._change = label(self._document, sorted(self._ids), None if self._room is None else self._room.id)
            self._before = self._document.apply(self._change)
        else:
            self._document.apply(self._change)
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
        self.setText(other.text())
        assert self._change and self._before and other._change and other._before
        self._change = Change({**self._change.marks, **other._change.marks})
        self._before = Change({**other._before.marks, **self._before.marks})
        # Back to where it started: nothing is left to undo.
        self.setObsolete(self._before.marks == self._change.marks)
        return True
