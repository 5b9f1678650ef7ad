"""Undoable changes of what a person says of photos."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtGui import QUndoCommand, QUndoGroup

from roomnet_core.session.changes import Change
from roomnet_gui.language import Words, say
from roomnet_gui.review.marking import Marker

Reveal = Callable[[Collection[int]], None]
_LABEL = 1


class MarkCommand(QUndoCommand):
    """Applies a change and takes it back. With `merges`, repeats on the same photos become one command.

    `reveal` is called with the photos after undo and redo, because a filter may have hidden them meanwhile.
    """

    def __init__(
        self, marker: Marker, change: Change, text: Words, reveal: Reveal, *, merges: bool = False
    ) -> None:
        super().__init__(say(text))
        self._words = text
        self._marker = marker
        self._change = change
        self._reveal = reveal
        self._merges = merges
        self._before: Change | None = None

    def redo(self) -> None:
        if self._before is None:
            self._marker.apply(self._change, self._applied)
        else:
            self._marker.apply(self._change, self._shown_again)

    def undo(self) -> None:
        self._marker.finish()
        assert self._before is not None
        self._marker.apply(self._before, self._shown_again)

    def retitle(self) -> None:
        """Say in the language of the moment what this step does."""
        self.setText(say(self._words))

    def id(self) -> int:
        return _LABEL if self._merges else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, MarkCommand) or other._change.marks.keys() != self._change.marks.keys():
            return False
        self._marker.finish()
        self._words = other._words
        self.retitle()
        self._change = other._change
        assert self._before is not None
        # Back to where it started: nothing is left to undo.
        self.setObsolete(self._before.marks == self._change.marks)
        return True

    def _applied(self, before: Change) -> None:
        self._before = before

    def _shown_again(self, _: Change) -> None:
        self._reveal(self._change.marks.keys())


def retitle_all(stacks: QUndoGroup) -> None:
    """After a change of language: every step of every stack."""
    for stack in stacks.stacks():
        for number in range(stack.count()):
            command = stack.command(number)
            if isinstance(command, MarkCommand):
                command.retitle()
