"""The session document: the photos of one sitting, every change to them, and whoever wants to know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.prediction import Prediction
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto


@dataclass(frozen=True, slots=True)
class Decide:
    """A change: set the decided room (or None: back to the prediction) of each photo id."""

    decisions: Mapping[int, int | None]


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts for a side bar or the end of a run."""

    photos: int
    by_room: Mapping[int, int]
    unsure: int
    corrected: int
    problems: int


Observer = Callable[[tuple[int, ...]], None]


class SessionDocument:
    """Photos by stable id. Not thread-safe: it belongs to the thread that shows it.

    Observers are called with the ids that changed, after the change.
    """

    def __init__(self, rooms: RoomSet) -> None:
        self.rooms = rooms
        self._photos: dict[int, SessionPhoto] = {}
        self._ids: dict[str, int] = {}
        self._observers: list[Observer] = []

    def __len__(self) -> int:
        return len(self._photos)

    def __iter__(self) -> Iterator[SessionPhoto]:
        return iter(self._photos.values())

    def __getitem__(self, photo_id: int) -> SessionPhoto:
        return self._photos[photo_id]

    def observe(self, observer: Observer) -> None:
        self._observers.append(observer)

    def add(self, files: Iterable[PhotoFile | Problem]) -> tuple[int, ...]:
        """Add files the session does not hold yet (by path) and return their new ids."""
        added = []
        for item in files:
            key = str(item.path)
            if key in self._ids:
                continue
            photo_id = len(self._photos) + 1
            self._ids[key] = photo_id
            if isinstance(item, Problem):
                file = PhotoFile(item.path, item.root, 0, 0)
                self._photos[photo_id] = SessionPhoto(photo_id, file, problem=item)
            else:
                self._photos[photo_id] = SessionPhoto(photo_id, item)
            added.append(photo_id)
        self._notify(added)
        return tuple(added)

    def id_of(self, path: object) -> int | None:
        """The id of the photo at that path, or None."""
        return self._ids.get(str(path))

    def record(self, results: Mapping[int, Prediction | Problem]) -> None:
        """Store what a model, or the decoder, said of photos. A person's decisions are not touched."""
        for photo_id, result in results.items():
            photo = self._photos[photo_id]
            if isinstance(result, Prediction):
                self._photos[photo_id] = replace(photo, prediction=result, problem=None)
            else:
                self._photos[photo_id] = replace(photo, prediction=None, problem=result)
        self._notify(results)

    def apply(self, change: Decide) -> Decide:
        """Carry out `change` and return its inverse."""
        inverse: dict[int, int | None] = {}
        for photo_id, room_id in change.decisions.items():
            photo = self._photos[photo_id]
            inverse[photo_id] = photo.decided
            self._photos[photo_id] = replace(photo, decided=room_id)
        self._notify(inverse)
        return Decide(inverse)

    def summary(self) -> Summary:
        """Count the photos as they stand. Photos with a problem and no decision belong to no room."""
        rooms: Counter[int] = Counter()
        for photo in self:
            if photo.room_id is not None:
                rooms[photo.room_id] += 1
        return Summary(
            photos=len(self),
            by_room={room.id: rooms[room.id] for room in self.rooms},
            unsure=sum(photo.needs_review for photo in self),
            corrected=sum(photo.corrected for photo in self),
            problems=sum(photo.problem is not None for photo in self),
        )

    def _notify(self, ids: Iterable[int]) -> None:
        changed = tuple(ids)
        if changed:
            for observer in self._observers:
                observer(changed)
