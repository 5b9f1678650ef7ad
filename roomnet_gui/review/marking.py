"""Changes of marks, applied in slices: 20,000 photos in one stroke must not hold the window up."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator

from PySide6.QtCore import QObject, QTimer

from roomnet_core.session.changes import Change
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.photo import Marks

# About 10 ms of work.
_SLICE = 600

_END = object()

Done = Callable[[Change], None]


class Marker(QObject):
    """Applies changes to `document`, one after the other.

    The first slice is there when `apply` returns, the rest comes with the next events.

    Most changes are one slice and so done at once.
    """

    def __init__(self, document: SessionDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self._slices_left: Iterator[None] = iter(())
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._go_on)

    def apply(self, change: Change, done: Done) -> None:
        """Carry out `change` and call `done` with its inverse."""
        self.finish()
        self._slices_left = self._slices(change, done)
        if self._go_on():
            self._timer.start()

    def finish(self) -> None:
        """Carry out at once what still waits."""
        while self._go_on():
            pass

    def _go_on(self) -> bool:
        """One slice; whether there are more."""
        more = next(self._slices_left, _END) is not _END
        if not more:
            self._timer.stop()
        return more

    def _slices(self, change: Change, done: Done) -> Iterator[None]:
        inverse: dict[int, Marks] = {}
        items = iter(change.marks.items())
        left = len(change.marks)
        while left > 0:
            inverse.update(self.document.apply(Change(dict(itertools.islice(items, _SLICE)))).marks)
            left -= _SLICE
            if left > 0:
                yield
        done(Change(inverse))
