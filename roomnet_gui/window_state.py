"""How the window was left, and taking it up again: geometry, panels, zoom, filter, sort, appearance."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from roomnet_core.rooms import RoomSet
from roomnet_gui.appearance import SCHEMES
from roomnet_gui.review.photo_delegate import NORMAL_ZOOM
from roomnet_gui.review.query import Query, Selection, Show, Sort
from roomnet_gui.review.review_page import ReviewPage

# The parts of the splitter before anyone moved them: side bar, photos, details.
_PARTS = [220, 760, 300]


class WindowState:
    """Whatever the settings hold, also nonsense, gives a usable window."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    @property
    def scheme(self) -> str:
        scheme = str(self._settings.value("appearance", "system"))
        return scheme if scheme in SCHEMES else "system"

    @scheme.setter
    def scheme(self, name: str) -> None:
        self._settings.setValue("appearance", name)

    @property
    def inspector(self) -> bool:
        """Whether the details are shown."""
        return str(self._settings.value("inspector", "true")) == "true"

    def restore(self, window: QMainWindow, review: ReviewPage, rooms: RoomSet) -> None:
        geometry = self._settings.value("geometry")
        if not (isinstance(geometry, QByteArray) and window.restoreGeometry(geometry)):
            available = QGuiApplication.primaryScreen().availableGeometry()
            window.resize(QSize(1280, 820).boundedTo(available.size() * 0.9))
        splitter = self._settings.value("panels")
        if not (isinstance(splitter, QByteArray) and review.splitter.restoreState(splitter)):
            review.splitter.setSizes(_PARTS)
        review.inspector.setVisible(self.inspector)
        review.restore(self._query(rooms), self._number("zoom", NORMAL_ZOOM))

    def save(self, window: QMainWindow, review: ReviewPage, rooms: RoomSet) -> None:
        query = review.model.query
        room_id = query.selection.room_id
        values = {
            "geometry": window.saveGeometry(),
            "panels": review.splitter.saveState(),
            "inspector": "true" if review.inspector.isVisibleTo(review) else "false",
            "zoom": review.grid.zoom,
            "show": query.selection.show.value,
            "showRoom": "" if room_id is None else rooms[room_id].name,
            "sort": query.sort.value,
            "descending": "true" if query.descending else "false",
        }
        for key, value in values.items():
            self._settings.setValue(key, value)
        self._settings.sync()

    def _query(self, rooms: RoomSet) -> Query:
        selection = Selection()
        try:
            show = Show(self._settings.value("show", Show.ALL.value))
            sort = Sort(self._settings.value("sort", Sort.NAME.value))
        except ValueError:
            return Query()
        if show is Show.ROOM:
            room = rooms.by_name(str(self._settings.value("showRoom", "")))
            selection = Selection(Show.ROOM, room.id) if room is not None else Selection()
        else:
            selection = Selection(show)
        return Query(selection, sort=sort, descending=self._settings.value("descending") == "true")

    def _number(self, key: str, default: int) -> int:
        try:
            return int(str(self._settings.value(key, default)))
        except ValueError:
            return default
