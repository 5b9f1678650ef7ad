"""The session document: the photos of one sitting, every change to them, and whoever wants to know."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Container, Iterable, Iterator, Mapping
from dataclasses import replace

from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.prediction import Prediction, Reading
from roomnet_core.rooms import RoomSet
from roomnet_core.session.changes import Change
from roomnet_core.session.photo import Marks, SessionPhoto
from roomnet_core.session.reconcile import LASTING, Finding, Remembered, State
from roomnet_core.session.summary import Summary, Tally

Observer = Callable[[tuple[int, ...]], None]


class SessionDocument:
    """Photos by stable id, in the order in which they came. Not thread-safe: it belongs to the thread that shows it.

    Observers are called with the ids that changed, after the change.
    """

    def __init__(self, rooms: RoomSet, *, model: str = "", ids: Iterator[int] | None = None) -> None:
        """
        Args:
            rooms: the model's rooms, and behind them those that photos were decided for under another model.
            model: the name of the model whose readings are recorded.
            ids: where new photos get theirs from; default: 1, 2, 3 ...
        """
        self.rooms = rooms
        self.model = model
        self._photos: dict[int, SessionPhoto] = {}
        self._absent: dict[int, SessionPhoto] = {}
        self._ids: dict[str, int] = {}
        self._covers: set[int] = set()
        self._new_ids = itertools.count(1) if ids is None else ids
        self._observers: list[Observer] = []
        self._tally = Tally()

    def __len__(self) -> int:
        return len(self._photos)

    def __iter__(self) -> Iterator[SessionPhoto]:
        return iter(self._photos.values())

    def __getitem__(self, photo_id: int) -> SessionPhoto:
        return self._photos[photo_id]

    def __contains__(self, photo_id: object) -> bool:
        return photo_id in self._photos

    def observe(self, observer: Observer) -> None:
        self._observers.append(observer)

    def id_of(self, path: object) -> int | None:
        """The id of the photo at that path, or None."""
        return self._ids.get(str(path))

    def cover_of(self, room_id: int) -> int | None:
        """The id of the photo that stands for the room, or None."""
        return next((photo_id for photo_id in self._covers if self._photos[photo_id].room_id == room_id), None)

    def summary(self) -> Summary:
        """Count the photos as they stand; cheap enough to be asked after each change."""
        return self._tally.summary(self.rooms)

    def add(self, files: Iterable[PhotoFile | Problem]) -> tuple[int, ...]:
        """Add files the session does not hold yet (by path) and return their new ids."""
        added = []
        for item in files:
            if str(item.path) in self._ids:
                continue
            photo_id = next(self._new_ids)
            if isinstance(item, Problem):
                photo = SessionPhoto(photo_id, PhotoFile(item.path, item.root, 0, 0), problem=item)
            else:
                photo = SessionPhoto(photo_id, item)
            self._ids[str(item.path)] = photo_id
            self._put(photo)
            added.append(photo_id)
        self._notify(added)
        return tuple(added)

    def admit(self, remembered: Remembered) -> tuple[int, ...]:
        """Show photos of earlier sessions that are not here yet, and return their ids."""
        admitted = []
        for photo in remembered.photos:
            path = str(photo.file.path)
            if photo.id not in self._photos and path not in self._ids:
                self._ids[path] = photo.id
                self._put(photo)
                admitted.append(photo.id)
        self._absent.update((photo.id, photo) for photo in remembered.absent if photo.id not in self._photos)
        self._notify(admitted)
        return tuple(admitted)

    def known(self) -> Remembered:
        """A snapshot for `reconcile`, which may read it on another thread."""
        return Remembered(tuple(self), tuple(self._absent.values()))

    def settle(self, findings: Iterable[Finding]) -> None:
        """Bring the document in line with what a scan found."""
        new: list[PhotoFile | Problem] = []
        back: list[SessionPhoto] = []
        moved: dict[int, PhotoFile] = {}
        changed: dict[int, PhotoFile] = {}
        problems: dict[int, Problem] = {}
        for finding in findings:
            item, photo = finding.item, finding.photo
            if photo is None:
                new.append(item)
            elif isinstance(item, Problem):
                here = self._photos.get(photo.id)
                if here is not None and here.problem != item and here.file.path == item.path:
                    problems[photo.id] = item
            elif photo.id not in self._photos:
                self._absent.pop(photo.id, None)
                back.append(_at(photo, item))
            elif finding.state is State.CHANGED:
                changed[photo.id] = item
            elif finding.state is not State.UNCHANGED or finding.classify:
                moved[photo.id] = item
        self._place(moved | changed, other_pictures=changed.keys())
        self.admit(Remembered(tuple(back)))
        self.add(new)
        self.record(problems)

    def keep(self, ids: Iterable[int]) -> None:
        """Hold only these photos, in this order. The others are not forgotten, and no observer is told."""
        photos = [self._photos[photo_id] for photo_id in ids]
        self._photos, self._ids, self._covers, self._tally = {}, {}, set(), Tally()
        for photo in photos:
            self._ids[str(photo.file.path)] = photo.id
            self._put(photo)

    def record(self, results: Mapping[int, Reading | Prediction | Problem]) -> None:
        """Store what a model, or the decoder, said of photos. A person's marks are not touched."""
        for photo_id, result in results.items():
            photo = self._photos[photo_id]
            if isinstance(result, Problem):
                self._put(replace(photo, prediction=None, model="", problem=result))
                continue
            reading = Reading(result) if isinstance(result, Prediction) else result
            self._put(
                replace(
                    photo,
                    file=replace(photo.file, content=reading.content or photo.file.content),
                    prediction=reading.prediction,
                    model=self.model,
                    problem=None,
                    info=reading.info or photo.info,
                )
            )
        self._notify(results)

    def apply(self, change: Change) -> Change:
        """Carry out `change` and return its inverse."""
        inverse: dict[int, Marks] = {}
        changed = []
        for photo_id, marks in change.marks.items():
            photo = self._photos[photo_id]
            inverse[photo_id] = photo.marks
            if marks != photo.marks:
                self._put(replace(photo, marks=marks))
                changed.append(photo_id)
        self._notify(changed)
        return Change(inverse)

    def relocate(self, files: Mapping[int, PhotoFile]) -> None:
        """The same photos lie at another place now, or their files have another date or size. All else stays."""
        self._place(files, other_pictures=())

    def _place(self, files: Mapping[int, PhotoFile], other_pictures: Container[int]) -> None:
        """Of `other_pictures` only the marks stay."""
        for photo_id in files:
            path = str(self._photos[photo_id].file.path)
            if self._ids.get(path) == photo_id:
                del self._ids[path]
        for photo_id, file in files.items():
            photo = self._photos[photo_id]
            self._ids[str(file.path)] = photo_id
            if photo_id in other_pictures:
                self._put(SessionPhoto(photo_id, file, marks=photo.marks))
            else:
                self._put(_at(photo, file))
        self._notify(files)

    def _put(self, photo: SessionPhoto) -> None:
        earlier = self._photos.get(photo.id)
        if earlier is not None:
            self._tally.remove(earlier)
        self._tally.add(photo)
        self._photos[photo.id] = photo
        if photo.marks.cover:
            self._covers.add(photo.id)
        else:
            self._covers.discard(photo.id)

    def _notify(self, ids: Iterable[int]) -> None:
        changed = tuple(ids)
        if changed:
            for observer in self._observers:
                observer(changed)


def _at(photo: SessionPhoto, file: PhotoFile) -> SessionPhoto:
    if not file.content and file.size == photo.file.size:
        file = replace(file, content=photo.file.content)
    lasting = photo.problem is not None and photo.problem.kind in LASTING
    return replace(photo, file=file, problem=photo.problem if lasting else None)
