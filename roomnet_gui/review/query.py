"""Which photos are shown and in what order: a filter, a piece of the name, a sort. No Qt in here."""

from __future__ import annotations

import enum
import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from roomnet_core.photos.natural_order import natural_key
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto

_EPOCH = datetime(1970, 1, 1)


class Show(enum.Enum):
    ALL = "all"
    ROOM = "room"
    UNSURE = "unsure"
    CORRECTED = "corrected"
    NOT_REVIEWED = "not reviewed"
    REJECTED = "rejected"
    PROBLEMS = "problems"


class Sort(enum.Enum):
    """`MARGIN` is the distance between the two most probable rooms: the order that finds mistakes fastest."""

    NAME = "name"
    CAPTURED = "captured"
    ROOM = "room"
    CONFIDENCE = "confidence"
    MARGIN = "margin"


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
            case Show.NOT_REVIEWED:
                return not photo.reviewed and photo.problem is None
            case Show.REJECTED:
                return photo.rejected
            case Show.PROBLEMS:
                return photo.problem is not None
        return True


@dataclass(frozen=True, slots=True)
class Query:
    """`search` is looked for in the path below the opened folder, small and capital letters alike.

    With `only`, no other photos than those are shown.
    """

    selection: Selection = Selection()
    search: str = ""
    sort: Sort = Sort.NAME
    descending: bool = False
    only: frozenset[int] | None = None

    @property
    def accepts_all(self) -> bool:
        return self.selection.show is Show.ALL and not self.search and self.only is None

    def accepts(self, photo: SessionPhoto, name: PhotoName) -> bool:
        if self.only is not None and photo.id not in self.only:
            return False
        return self.selection.accepts(photo) and (not self.search or self.search in name[-1])


# What a photo is sorted by (opened folder, folder below it and name in natural order, as one string, because strings
# are compared fastest), and the text that a search looks at.
PhotoName = tuple[str, str]


def photo_names(photos: Iterable[SessionPhoto]) -> dict[int, PhotoName]:
    """The names by photo id, in their order.

    For 20,000 photos this takes longer than the window's thread may be held up: call it on a worker.
    """
    folders: dict[tuple[str, str], str] = {}
    names = []
    for photo in photos:
        root, path = str(photo.file.root), str(photo.file.path)
        # By hand, because pathlib takes ten times as long.
        below = path[len(root) :].lstrip(os.sep) if path.startswith(root) else path
        folder, _, name = below.replace(os.sep, "/").rpartition("/")
        if (beginning := folders.get((root, folder))) is None:
            beginning = folders[root, folder] = "\0".join((root, *natural_key(folder)))
        names.append((photo.id, ("\0".join((beginning, *natural_key(name))), f"{folder}/{name}".casefold())))
    names.sort(key=_by_name)
    return dict(names)


def _by_name(named: tuple[int, PhotoName]) -> str:
    return named[1][0]


def sort_value(sort: Sort, rooms: RoomSet) -> Callable[[SessionPhoto], float | None] | None:
    """What a photo is sorted by; None stands for photos that have no such value and come last either way.

    None for the sort by name, which is the order among equals and needs no value.
    """
    if sort is Sort.CAPTURED:
        return _captured
    if sort is Sort.CONFIDENCE:
        return lambda photo: None if photo.prediction is None else photo.prediction.confidence
    if sort is Sort.MARGIN:
        return lambda photo: None if photo.prediction is None else photo.prediction.margin
    if sort is Sort.ROOM:
        places = {room.id: place for place, room in enumerate(rooms.in_listing_order())}
        return lambda photo: None if (room := photo.room_id) is None else places.get(room, len(places))
    return None


def _captured(photo: SessionPhoto) -> float | None:
    if photo.info is None or photo.info.captured is None:
        return None
    return (photo.info.captured - _EPOCH).total_seconds()
