"""How the window was left, and taking it up again: geometry, panels, zoom, filter, sort, appearance."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QSize
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow

from roomnet_core.rooms import RoomSet
from roomnet_core.session.document import SessionDocument
from roomnet_gui.appearance import SCHEMES
from roomnet_gui.language import LANGUAGES, SYSTEM
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
    def language(self) -> str:
        """A key of `roomnet_gui.language.LANGUAGES`."""
        choice = str(self._settings.value("language", SYSTEM))
        return choice if choice in LANGUAGES else SYSTEM

    @language.setter
    def language(self, choice: str) -> None:
        self._settings.setValue("language", choice)

    @property
    def welcomed(self) -> bool:
        """Whether the person has seen what RoomNet does."""
        return str(self._settings.value("welcomed", "false")) == "true"

    @welcomed.setter
    def welcomed(self, seen: bool) -> None:
        self._settings.setValue("welcomed", "true" if seen else "false")

    @property
    def model(self) -> str | None:
        """The name of the model that was chosen last."""
        return str(self._settings.value("model", "")) or None

    @model.setter
    def model(self, name: str) -> None:
        self._settings.setValue("model", name)

    @property
    def open_paths(self) -> list[Path]:
        """What was open last."""
        value = self._settings.value("openPaths", [])
        names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return [Path(name) for name in names if isinstance(name, str) and name]

    @open_paths.setter
    def open_paths(self, paths: Sequence[Path]) -> None:
        self._settings.setValue("openPaths", [str(path) for path in paths])

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
        current = str(self._settings.value("current", ""))
        zoom = self._number("zoom", NORMAL_ZOOM)
        review.restore(self._query(rooms), zoom, Path(current) if current else None)

    def save(self, window: QMainWindow, review: ReviewPage, document: SessionDocument) -> None:
        query, rooms, current = review.model.query, document.rooms, review.grid.current_id()
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
            "current": "" if current is None else str(document[current].file.path),
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
