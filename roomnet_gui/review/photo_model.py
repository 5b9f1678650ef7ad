"""The photos of a session as a Qt model: rows come in groups, changes are addressed by photo id."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from roomnet_core.session.document import SessionDocument
from roomnet_core.session.photo import SessionPhoto
from roomnet_gui import texts
from roomnet_gui.review.thumbnails import ThumbnailStore

Index = QModelIndex | QPersistentModelIndex


class Role(enum.IntEnum):
    PHOTO = Qt.ItemDataRole.UserRole + 1
    """The `SessionPhoto`."""
    STATE = Qt.ItemDataRole.UserRole + 2
    """Room id or None; changes of it are what filters look at."""


# Plain ints: what Qt compares with.
_PHOTO, _STATE = int(Role.PHOTO), int(Role.STATE)
_DISPLAY, _DECORATION = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.DecorationRole)
_TOOL_TIP, _ACCESSIBLE = int(Qt.ItemDataRole.ToolTipRole), int(Qt.ItemDataRole.AccessibleTextRole)
_STATE_ROLES = [_PHOTO, _STATE, _TOOL_TIP, _ACCESSIBLE]


class PhotoModel(QAbstractListModel):
    """One row a photo, in the order in which the session got them."""

    def __init__(self, document: SessionDocument, thumbnails: ThumbnailStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        thumbnails.loaded.connect(self._thumbnails_loaded)
        self._ids: list[int] = []
        self._rows: dict[int, int] = {}
        self._document = document
        self.set_document(document)

    def set_document(self, document: SessionDocument) -> None:
        """Show another document."""
        self.beginResetModel()
        self._document = document
        self._ids = [photo.id for photo in document]
        self._rows = {photo_id: row for row, photo_id in enumerate(self._ids)}
        self.endResetModel()
        document.observe(lambda ids: self._changed(document, ids))

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._ids)

    def data(self, index: Index, role: int = _DISPLAY) -> Any:
        if not index.isValid():
            return None
        photo = self._document[self._ids[index.row()]]
        if role == _PHOTO:
            return photo
        if role == _DECORATION:
            return self._thumbnails.get(photo)
        if role == _DISPLAY:
            return photo.file.path.name
        if role == _STATE:
            return photo.room_id
        if role == _TOOL_TIP:
            return self._tool_tip(photo)
        if role == _ACCESSIBLE:
            return f"{photo.file.path.name}, {self.describe(photo)}"
        return None

    def photo_at(self, row: int) -> SessionPhoto:
        return self._document[self._ids[row]]

    def row_of(self, photo_id: int) -> int | None:
        return self._rows.get(photo_id)

    def describe(self, photo: SessionPhoto) -> str:
        """The photo's state in words."""
        if photo.decided is not None:
            name = texts.room_name(self._document.rooms[photo.decided])
            if photo.corrected:
                return self.tr("{room}, corrected by you").format(room=name)
            return self.tr("{room}, confirmed by you").format(room=name)
        if photo.problem is not None:
            return photo.problem.message
        if photo.prediction is None:
            return self.tr("not classified yet")
        room = texts.room_name(self._document.rooms[photo.prediction.room_id])
        confidence = texts.per_cent(photo.prediction.confidence)
        if photo.prediction.unsure:
            return self.tr("perhaps {room}, {confidence}, please check").format(room=room, confidence=confidence)
        return self.tr("{room}, {confidence}").format(room=room, confidence=confidence)

    def _tool_tip(self, photo: SessionPhoto) -> str:
        lines = [photo.file.relative, self.describe(photo)]
        if photo.prediction is not None:
            ranked = sorted(enumerate(photo.prediction.probabilities), key=lambda item: -item[1])[:3]
            lines += [f"{texts.room_name(self._document.rooms[room])}: {texts.per_cent(p)}" for room, p in ranked]
        return "\n".join(lines)

    def _changed(self, document: SessionDocument, ids: tuple[int, ...]) -> None:
        if document is not self._document:
            return
        fresh = [photo_id for photo_id in ids if photo_id not in self._rows]
        if fresh:
            first = len(self._ids)
            self.beginInsertRows(QModelIndex(), first, first + len(fresh) - 1)
            self._ids.extend(fresh)
            self._rows.update((photo_id, first + offset) for offset, photo_id in enumerate(fresh))
            self.endInsertRows()
        if len(fresh) < len(ids):
            new = set(fresh)
            self._emit((photo_id for photo_id in ids if photo_id not in new), _STATE_ROLES)

    def _thumbnails_loaded(self, ids: list[int]) -> None:
        self._emit(ids, [_DECORATION])

    def _emit(self, ids: Iterable[int], roles: list[int]) -> None:
        rows = sorted(self._rows[photo_id] for photo_id in ids if photo_id in self._rows)
        for first, last in _runs(rows):
            self.dataChanged.emit(self.index(first), self.index(last), roles)


def _runs(rows: list[int]) -> Iterator[tuple[int, int]]:
    """Sorted numbers as (first, last) of each gapless run: one signal a run."""
    start = 0
    for position in range(1, len(rows) + 1):
        if position == len(rows) or rows[position] != rows[position - 1] + 1:
            yield rows[start], rows[position - 1]
            start = position
