"""The photos of a session that a query shows, in its order, as a Qt model; changes are addressed by photo id."""

from __future__ import annotations

import enum
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from roomnet_core.photos.problems import printable
from roomnet_core.rooms import RoomSet
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.photo import SessionPhoto
from roomnet_gui import texts
from roomnet_gui.review.query import PhotoName, Query, photo_names, sort_value
from roomnet_gui.review.thumbnails import ThumbnailStore

Index = QModelIndex | QPersistentModelIndex


class Role(enum.IntEnum):
    PHOTO = Qt.ItemDataRole.UserRole + 1
    """The `SessionPhoto`."""


# Plain ints: what Qt compares with.
_PHOTO = int(Role.PHOTO)
_DISPLAY, _DECORATION = int(Qt.ItemDataRole.DisplayRole), int(Qt.ItemDataRole.DecorationRole)
_TOOL_TIP, _ACCESSIBLE = int(Qt.ItemDataRole.ToolTipRole), int(Qt.ItemDataRole.AccessibleTextRole)
_STATE_ROLES = [_PHOTO, _TOOL_TIP, _ACCESSIBLE]

# Every run of rows that comes or goes costs the view a layout; from here on showing all anew is cheaper.
_MOST_RUNS = 32


class PhotoModel(QAbstractListModel):
    """One row a photo that the query accepts.

    A row whose photo changes goes when the query no longer accepts it, and else stays where it is, also where the
    sort would move it: what someone looks at must not jump. `set_query` and `sort_again` put everything in order.
    """

    reordered = Signal()  # after all rows were shown anew; selections by row are gone

    def __init__(self, document: SessionDocument, thumbnails: ThumbnailStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails
        thumbnails.loaded.connect(self._thumbnails_loaded)
        self._document = document
        self._query = Query()
        self._value = sort_value(self._query.sort, document.rooms)
        self._names: dict[int, PhotoName] = {}
        self._by_name: list[int] = []  # all photos of the document
        self._ranks: dict[int, int] = {}  # of each in `_by_name`
        self._ids: list[int] = []  # the rows
        self._rows: dict[int, int] | None = {}  # the inverse, made when it is asked for
        self.set_document(document)

    # --- what is shown

    @property
    def query(self) -> Query:
        return self._query

    @property
    def rooms(self) -> RoomSet:
        return self._document.rooms

    @property
    def total(self) -> int:
        """How many photos there are, shown or not."""
        return len(self._by_name)

    def set_document(
        self, document: SessionDocument, query: Query | None = None, names: Mapping[int, PhotoName] | None = None
    ) -> None:
        """Show another document. `names` are the `photo_names` of its photos, where a worker has made them."""
        self._document = document
        self._query = query or self._query
        self._names = dict(names) if names is not None else photo_names(document)
        self._show_anew()
        document.observe(lambda ids: self._changed(document, ids))

    def set_query(self, query: Query) -> None:
        if query != self._query:
            self._query = query
            self._show_anew()

    def sort_again(self) -> None:
        """Put photos that changed since the query was set in their places."""
        if self._in_order() != self._ids:
            self._show_anew()

    def photo_at(self, row: int) -> SessionPhoto:
        return self._document[self._ids[row]]

    def id_at(self, row: int) -> int:
        return self._ids[row]

    def ids_at(self, first: int, last: int) -> list[int]:
        """The ids of these rows, both included."""
        return self._ids[first : last + 1]

    def row_of(self, photo_id: int) -> int | None:
        """Where the photo is shown; None when it is hidden or unknown."""
        if self._rows is None:
            self._rows = {shown: row for row, shown in enumerate(self._ids)}
        return self._rows.get(photo_id)

    def index_of(self, photo_id: int) -> QModelIndex:
        """Where the photo is shown; invalid when it is hidden or unknown."""
        row = self.row_of(photo_id)
        return QModelIndex() if row is None else self.index(row)

    def next_to_review(self, row: int, step: int) -> int | None:
        """The next row from `row` in steps of 1 or -1, round the end, whose photo is unsure and not reviewed."""
        count = len(self._ids)
        start = row if row >= 0 or step > 0 else 0
        for distance in range(1, count + 1):
            candidate = (start + step * distance) % count
            if self._document[self._ids[candidate]].needs_review:
                return candidate
        return None

    # --- Qt

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
            return printable(photo.file.path.name)
        if role == _TOOL_TIP:
            return self._tool_tip(photo)
        if role == _ACCESSIBLE:
            return f"{printable(photo.file.path.name)}, {texts.describe(photo, self._document.rooms)}"
        return None

    def _tool_tip(self, photo: SessionPhoto) -> str:
        lines = [printable(photo.file.relative), texts.describe(photo, self._document.rooms)]
        if photo.prediction is not None:
            ranked = sorted(enumerate(photo.prediction.probabilities), key=lambda item: -item[1])[:3]
            lines += [f"{texts.room_name(self._document.rooms[room])}: {texts.per_cent(p)}" for room, p in ranked]
        return "\n".join(lines)

    # --- order

    def _show_anew(self) -> None:
        self.beginResetModel()
        self._value = sort_value(self._query.sort, self._document.rooms)
        self._rank(sorted(self._names, key=self._names.__getitem__))
        self._ids = self._in_order()
        self._rows = None
        self.endResetModel()
        self.reordered.emit()

    def _rank(self, by_name: list[int]) -> None:
        self._by_name = by_name
        self._ranks = {photo_id: rank for rank, photo_id in enumerate(by_name)}

    def _in_order(self) -> list[int]:
        document, query, names = self._document, self._query, self._names
        accepts, value = query.accepts, self._value
        ids = self._by_name
        if not query.accepts_all:
            ids = [photo_id for photo_id in ids if accepts(document[photo_id], names[photo_id])]
        if value is None:
            return ids[::-1] if query.descending else list(ids)
        valued, last = [], []
        for photo_id in ids:
            if (found := value(document[photo_id])) is None:
                last.append(photo_id)
            else:
                valued.append((found, photo_id))
        valued.sort(key=_first, reverse=query.descending)  # stable: equals stay in the order of their names
        return [photo_id for _, photo_id in valued] + last

    def _key(self, photo_id: int) -> tuple[bool, float, int]:
        """Comparing these keys gives the order of `_in_order`."""
        sign = -1 if self._query.descending else 1
        rank = self._ranks[photo_id]
        if self._value is None:
            return False, sign * rank, 0
        found = self._value(self._document[photo_id])
        return (True, 0, rank) if found is None else (False, sign * found, rank)

    # --- changes

    def _changed(self, document: SessionDocument, ids: tuple[int, ...]) -> None:
        if document is not self._document:
            return
        if fresh := [photo_id for photo_id in ids if photo_id not in self._names]:
            self._names.update(photo_names(document[photo_id] for photo_id in fresh))
            self._rank(sorted(self._by_name + fresh, key=self._names.__getitem__))
        accepts = self._query.accepts
        staying: list[int] = []
        leaving: list[int] = []
        entering: list[int] = []
        for photo_id in ids:
            row = self.row_of(photo_id)
            if accepts(document[photo_id], self._names[photo_id]):
                entering.append(photo_id) if row is None else staying.append(row)
            elif row is not None:
                leaving.append(row)
        gone = list(_runs(sorted(leaving)))
        if len(gone) > _MOST_RUNS:
            self._show_anew()
            return
        self._emit(staying, _STATE_ROLES)
        for first, last in reversed(gone):
            self.beginRemoveRows(QModelIndex(), first, last)
            del self._ids[first : last + 1]
            self._rows = None
            self.endRemoveRows()
        if entering:
            self._insert(entering)

    def _insert(self, entering: list[int]) -> None:
        places: dict[int, list[int]] = {}
        for photo_id in sorted(entering, key=self._key):
            place = bisect_left(self._ids, self._key(photo_id), key=self._key)
            places.setdefault(place, []).append(photo_id)
        if len(places) > _MOST_RUNS:
            self._show_anew()
            return
        for place, group in sorted(places.items(), reverse=True):
            self.beginInsertRows(QModelIndex(), place, place + len(group) - 1)
            self._ids[place:place] = group
            self._rows = None
            self.endInsertRows()

    def _thumbnails_loaded(self, ids: list[int]) -> None:
        self._emit([row for row in map(self.row_of, ids) if row is not None], [_DECORATION])

    def _emit(self, rows: Iterable[int], roles: list[int]) -> None:
        for first, last in _runs(sorted(rows)):
            self.dataChanged.emit(self.index(first), self.index(last), roles)


def _first(pair: tuple[float, int]) -> float:
    return pair[0]


def _runs(rows: list[int]) -> Iterator[tuple[int, int]]:
    """Sorted numbers as (first, last) of each gapless run: one signal a run."""
    start = 0
    for position in range(1, len(rows) + 1):
        if position == len(rows) or rows[position] != rows[position - 1] + 1:
            yield rows[start], rows[position - 1]
            start = position
