"""Which photos the grid shows: a room, a state, a piece of the name."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QSortFilterProxyModel

from roomnet_core.session.photo import SessionPhoto
from roomnet_gui.review.photo_model import PhotoModel, Role


class Show(enum.Enum):
    ALL = "all"
    ROOM = "room"
    UNSURE = "unsure"
    CORRECTED = "corrected"
    PROBLEMS = "problems"


@dataclass(frozen=True, slots=True)
class Selection:
    """`room_id` counts only with `Show.ROOM`."""

    show: Show = Show.ALL
    room_id: int | None = None

    def accepts(self, photo: SessionPhoto) -> bool:
        match self.show:
            case Show.ROOM:
                return photo.room_id == self.room_id
            case Show.UNSURE:
                return photo.needs_review
            case Show.CORRECTED:
                return photo.corrected
            case Show.PROBLEMS:
                return photo.problem is not None
        return True


class PhotoFilter(QSortFilterProxyModel):
    """Keeps the order of the photos and hides what the selection or the search leaves out."""

    def __init__(self, model: PhotoModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._selection = Selection()
        self._search = ""
        self.setFilterRole(Role.STATE)
        self.setDynamicSortFilter(True)
        self.setSourceModel(model)

    @property
    def selection(self) -> Selection:
        return self._selection

    def set_selection(self, selection: Selection) -> None:
        if selection != self._selection:
            self._change(selection, self._search)

    def set_search(self, text: str) -> None:
        """Show only photos whose path below the opened folder holds `text`, small and capital letters alike."""
        wanted = text.strip().casefold()
        if wanted != self._search:
            self._change(self._selection, wanted)

    def filterAcceptsRow(self, row: int, parent: QModelIndex | QPersistentModelIndex) -> bool:
        photo = self._model.photo_at(row)
        return self._selection.accepts(photo) and (
            not self._search or self._search in photo.file.relative.casefold()
        )

    def photo_at(self, row: int) -> SessionPhoto:
        return self._model.photo_at(self.mapToSource(self.index(row, 0)).row())

    def index_of(self, photo_id: int) -> QModelIndex:
        """Where the photo is shown; invalid when it is hidden or unknown."""
        row = self._model.row_of(photo_id)
        return QModelIndex() if row is None else self.mapFromSource(self._model.index(row))

    def _change(self, selection: Selection, search: str) -> None:
        if not hasattr(self, "endFilterChange"):  # Qt before 6.10
            self._selection, self._search = selection, search
            self.invalidateRowsFilter()
            return
        self.beginFilterChange()
        self._selection, self._search = selection, search
        self.endFilterChange(QSortFilterProxyModel.Direction.Rows)
