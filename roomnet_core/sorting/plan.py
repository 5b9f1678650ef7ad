"""A sort as a value: which file goes where, decided before anything is touched. The plan is also the preview."""

from __future__ import annotations

import enum
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from roomnet_core.errors import SortError
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.rooms import Room, RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.sorting.companions import Companions, is_raw
from roomnet_core.sorting.naming import split_name
from roomnet_core.sorting.room_folders import Group, Listing, RoomFolders, SameFile, Why
from roomnet_core.sorting.template import NameFields, NameTemplate

# File systems keep times in steps of up to two seconds (FAT).
_SAME_TIME_NS = 2_000_000_000


class Mode(enum.Enum):
    """How a photo gets to its place."""

    COPY = "copy"
    MOVE = "move"
    LINK = "link"  # a second name of the same file, which takes no space


@dataclass(frozen=True, slots=True)
class SortOptions:
    """What the user chose.

    `template` names the photos (`NameTemplate`); empty keeps their names. `folders` gives rooms other folder names than
    their own; an empty one stands for `destination` itself. `order` lists room names for `{order}`; rooms that it
    leaves out follow as they stand in a listing. `unsure_folder` and `rejected_folder`: None leaves those photos alone.
    `companions`: sidecars and raw files travel with their photo.
    """

    destination: Path
    mode: Mode = Mode.COPY
    template: str = ""
    folders: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    unsure_folder: str | None = "Unsure"
    rejected_folder: str | None = None
    companions: bool = True


@dataclass(frozen=True, slots=True)
class PlannedFile:
    """One file on its way. A `file` of size 0 and time 0 was never looked at."""

    file: PhotoFile
    target: Path

    @property
    def source(self) -> Path:
        return self.file.path


@dataclass(frozen=True, slots=True)
class SortItem(PlannedFile):
    """A photo on its way, with its companions."""

    photo_id: int
    companions: tuple[PlannedFile, ...] = ()

    def files(self) -> Iterator[PlannedFile]:
        """The photo and its companions."""
        yield self
        yield from self.companions


@dataclass(frozen=True, slots=True)
class Skipped:
    """A photo that is left alone. `reason` completes the sentence "It was not sorted because ..."."""

    photo_id: int
    file: PhotoFile
    reason: str
    why: Why = Why.FAILED


@dataclass(frozen=True, slots=True)
class SortPlan:
    """No two files have one target, on any file system, and no target was taken when the plan was made, unless by a
    photo that the plan moves away."""

    destination: Path
    mode: Mode
    items: tuple[SortItem, ...]
    skipped: tuple[Skipped, ...]

    @property
    def total_bytes(self) -> int:
        return sum(planned.file.size for planned in self.files())

    @property
    def problems(self) -> tuple[Skipped, ...]:
        """The photos that are left out because they cannot be read: what a preview shows first."""
        return tuple(skipped for skipped in self.skipped if skipped.why is Why.PROBLEM)

    def files(self) -> Iterator[PlannedFile]:
        """Every photo and companion."""
        for item in self.items:
            yield from item.files()

    def counts(self) -> Counter[str]:
        """How many photos go into each folder, by its path below the destination (empty: into the destination itself),
        in the order of first use."""
        return Counter(_below(item.target.parent, self.destination) for item in self.items)


def _below(folder: Path, destination: Path) -> str:
    return "" if folder == destination else folder.relative_to(destination).as_posix()


Look = Callable[[Path, Path], PhotoFile | None]


def list_names(folder: Path) -> list[str]:
    """The names in `folder`; none where it does not exist.

    Raises:
        SortError: it is there but cannot be listed.
    """
    try:
        return [entry.name for entry in folder.iterdir()]
    except (FileNotFoundError, NotADirectoryError):  # making it, later, says what is wrong
        return []
    except OSError as error:
        raise SortError(f"{folder} cannot be opened: {error.strerror or error}. Choose another folder.") from error


def looks_like_its_copy(file: PhotoFile, other: Path) -> bool:
    """Whether `other` has the size and the time of `file`, as a copy made by us has."""
    try:
        status = other.stat()
    except OSError:
        return False
    same_time = abs(status.st_mtime_ns - file.mtime_ns) <= _SAME_TIME_NS
    return bool(file.mtime_ns) and status.st_size == file.size and same_time


def look_at(path: Path, root: Path) -> PhotoFile | None:
    """The companion at `path` as it is now; None where it cannot be looked at or is no file."""
    try:
        status = path.stat()
    except OSError:
        return None
    return PhotoFile(path, root, status.st_size, status.st_mtime_ns) if path.is_file() else None


def make_plan(
    photos: Iterable[SessionPhoto],
    rooms: RoomSet,
    options: SortOptions,
    *,
    listing: Listing = list_names,
    same_file: SameFile = looks_like_its_copy,
    look: Look = look_at,
) -> SortPlan:
    """Decide where each of `photos` goes. Looks at the disk through `listing`, `same_file` and `look`; writes nothing.

    The same photos in the same order and the same answers give the same plan. A photo that is in its place, or whose
    copy is there already, is skipped, so sorting twice does nothing twice.

    Raises:
        SortError: the destination or a room folder in it cannot be listed, or the name template is wrong.
    """
    return _Planner(list(photos), rooms, options, listing, same_file, look).plan()


@dataclass(frozen=True, slots=True)
class _Wish:
    """A photo that is to go into `folder`, before names are given away; `room` is what the template calls it."""

    photo: SessionPhoto
    folder: str
    room: str


class _Planner:
    """One plan in the making."""

    def __init__(
        self,
        photos: Sequence[SessionPhoto],
        rooms: RoomSet,
        options: SortOptions,
        listing: Listing,
        same_file: SameFile,
        look: Look,
    ) -> None:
        self._photos, self._rooms, self._options = photos, rooms, options
        self._template = NameTemplate(options.template)
        self._destination = options.destination.absolute()
        self._listing, self._same_file, self._look = _remembered(listing), same_file, look
        paths = (photo.file.path for photo in photos)
        self._companions = Companions(self._listing if options.companions else lambda folder: (), paths)
        self._skipped: list[Skipped] = []

    def plan(self) -> SortPlan:
        groups = self._groups(self._in_order(self._wishes()))
        staying: set[int] = set()
        while True:
            items, skipped = self._assign(groups, staying)
            new = {skipped.photo_id for skipped in skipped} - staying
            if self._options.mode is not Mode.MOVE or not new:
                break
            staying |= new  # somebody may have counted on their names
        order = {photo.id: number for number, photo in enumerate(self._photos)}
        return SortPlan(
            self._destination,
            self._options.mode,
            tuple(sorted(items, key=lambda item: order[item.photo_id])),
            tuple(sorted([*self._skipped, *skipped], key=lambda skipped: order[skipped.photo_id])),
        )

    def _assign(self, groups: list[Group], staying: set[int]) -> tuple[list[SortItem], list[Skipped]]:
        """Give names to all groups. A move frees the names of those that are not `staying`."""
        moving = [group for group in groups if self._options.mode is Mode.MOVE and group.photo.id not in staying]
        leaving = {file.path.absolute() for group in moving for file, _ in group.files}
        folders = RoomFolders(
            self._destination, self._listing, self._same_file, leaving, not self._options.template
        )
        items: list[SortItem] = []
        skipped: list[Skipped] = []
        # Who is in place keeps the name: those come first.
        for group in sorted(groups, key=lambda group: not folders.is_home(group)):
            photo, answer = group.photo, folders.claim(group)
            if answer is Why.IN_PLACE:
                skipped.append(Skipped(photo.id, photo.file, "it is in its folder already", answer))
            elif isinstance(answer, Why):
                where = folders.find(group.folder).path.name
                skipped.append(Skipped(photo.id, photo.file, f"its copy is in {where} already", answer))
            else:
                items.append(_item(group, answer))
        return items, skipped

    def _skip(self, photo: SessionPhoto, why: Why, reason: str) -> None:
        self._skipped.append(Skipped(photo.id, photo.file, reason, why))

    def _wishes(self) -> list[tuple[tuple[int, ...], _Wish]]:
        """Every photo that has a folder to go to, with its place in the listing: room, cover first, session order."""
        options = self._options
        places = {room.id: place for place, room in enumerate(_listing_order(self._rooms, options.order))}
        wishes: list[tuple[tuple[int, ...], _Wish]] = []
        for number, photo in enumerate(self._photos):
            if photo.problem is not None and photo.decided is None:
                self._skip(photo, Why.PROBLEM, photo.problem.message)
            elif photo.rejected:
                if options.rejected_folder is None:
                    self._skip(photo, Why.REJECTED, "it is rejected")
                else:
                    wish = _Wish(photo, options.rejected_folder, options.rejected_folder)
                    wishes.append(((len(places) + 1, 0, number), wish))
            elif photo.room_id is None:
                self._skip(photo, Why.UNCLASSIFIED, "it was not classified")
            elif photo.needs_review:
                if options.unsure_folder is None:
                    self._skip(photo, Why.UNSURE, "the room is not sure")
                else:
                    wish = _Wish(photo, options.unsure_folder, options.unsure_folder)
                    wishes.append(((len(places), 0, number), wish))
            else:
                room = self._rooms[photo.room_id]
                folder = options.folders.get(room.name, room.folder)
                place = (places[room.id], 0 if photo.cover else 1, number)
                wishes.append((place, _Wish(photo, folder, folder or room.name)))
        return wishes

    def _in_order(self, wishes: list[tuple[tuple[int, ...], _Wish]]) -> list[tuple[_Wish, str]]:
        """In listing order, each with the stem that the template makes for it."""
        numbers: Counter[int] = Counter()
        named = []
        for order, (place, wish) in enumerate(sorted(wishes, key=lambda pair: pair[0]), start=1):
            numbers[place[0]] += 1
            named.append((wish, self._template.stem(_fields(wish, numbers[place[0]], order))))
        return named

    def _groups(self, wishes: list[tuple[_Wish, str]]) -> list[Group]:
        """Each photo with its companions."""
        taken_by: dict[Path, Path] = {}
        companions: dict[int, list[tuple[PhotoFile, str]]] = {}
        # Raw files last: beside a JPEG, the raw file is the companion.
        for wish, _ in sorted(wishes, key=lambda pair: is_raw(pair[0].photo.file.path.name)):
            path = wish.photo.file.path
            if path in taken_by:
                continue
            files = companions[wish.photo.id] = []
            for companion, rest in self._companions.take(path):
                file = self._look(companion, wish.photo.file.root)
                if file is not None:
                    taken_by[companion] = path
                    files.append((file, rest))
        groups = []
        for wish, stem in wishes:
            path = wish.photo.file.path
            if path in taken_by:
                self._skip(wish.photo, Why.COMPANION, f"it goes with {taken_by[path].name}")
            else:
                own = (wish.photo.file, split_name(path.name)[1])
                groups.append(Group(wish.photo, wish.folder, stem, (own, *companions[wish.photo.id])))
        return groups


def _item(group: Group, targets: list[Path]) -> SortItem:
    planned = [PlannedFile(file, target) for (file, _), target in zip(group.files, targets, strict=True)]
    companions = (companion for companion in planned[1:] if companion.source.absolute() != companion.target)
    return SortItem(group.photo.file, targets[0], group.photo.id, tuple(companions))


def _remembered(listing: Listing) -> Listing:
    """Each folder is listed once."""
    known: dict[Path, list[str]] = {}

    def names(folder: Path) -> list[str]:
        if folder not in known:
            known[folder] = list(listing(folder))
        return known[folder]

    return names


def _listing_order(rooms: RoomSet, order: tuple[str, ...]) -> list[Room]:
    """
    Raises:
        SortError: `order` names a room that is not there.
    """
    chosen: list[Room] = []
    for name in order:
        room = rooms.by_name(name)
        if room is None:
            raise SortError(f"There is no room {name}. The rooms are {', '.join(rooms.names)}.")
        chosen.append(room)
    return list(dict.fromkeys([*chosen, *rooms.in_listing_order()]))


def _fields(wish: _Wish, n: int, order: int) -> NameFields:
    file, info = wish.photo.file, wish.photo.info
    captured = info.captured if info is not None else None
    day = captured or datetime.fromtimestamp(file.mtime_ns / 1e9)
    return NameFields(
        room=wish.room,
        n=n,
        order=order,
        stem=split_name(file.path.name)[0],
        date=day.date(),
        folder=file.path.parent.name,
        listing=file.root.name,
    )
