"""A sort as a value: which file goes where, decided before anything is touched. The plan is also the preview."""

from __future__ import annotations

import enum
import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from roomnet_core.errors import SortError
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.rooms import Room, RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.sorting.companions import Companions, is_raw
from roomnet_core.sorting.naming import collision_key, group_names, safe_name, split_name
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


class Why(enum.Enum):
    """Why a photo is left out of a plan, or of what was done."""

    PROBLEM = "problem"  # it cannot be read
    UNCLASSIFIED = "unclassified"
    UNSURE = "unsure"
    REJECTED = "rejected"
    IN_PLACE = "in place"  # it is where it would go
    DONE_BEFORE = "done before"  # its copy is there
    COMPANION = "companion"  # a raw file that travels with its JPEG
    CHANGED = "changed"  # not the file any more that was looked at
    FAILED = "failed"


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


Listing = Callable[[Path], Iterable[str]]
SameFile = Callable[[PhotoFile, Path], bool]
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


@dataclass(frozen=True, slots=True)
class _Group:
    """A photo and its companions, each with what follows the common `stem` of their new names."""

    photo: SessionPhoto
    folder: str
    stem: str
    files: tuple[tuple[PhotoFile, str], ...]


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

    def _assign(self, groups: list[_Group], staying: set[int]) -> tuple[list[SortItem], list[Skipped]]:
        """Give names to all groups. A move frees the names of those that are not `staying`."""
        moving = [group for group in groups if self._options.mode is Mode.MOVE and group.photo.id not in staying]
        leaving = {file.path.absolute() for group in moving for file, _ in group.files}
        folders = _Folders(self._destination, self._listing, self._same_file, leaving)
        items: list[SortItem] = []
        skipped: list[Skipped] = []
        # Who is in place keeps the name: those come first.
        for group in sorted(groups, key=lambda group: not folders.is_home(group)):
            photo, folder = group.photo, folders.find(group.folder)
            answer = folder.claim(group.files, group.stem, keeps_name=not self._options.template)
            if answer is Why.IN_PLACE:
                skipped.append(Skipped(photo.id, photo.file, "it is in its folder already", answer))
            elif isinstance(answer, Why):
                skipped.append(Skipped(photo.id, photo.file, f"its copy is in {folder.path.name} already", answer))
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
                    wishes.append(((len(places), 0, number), _Wish(photo, options.unsure_folder, options.unsure_folder)))
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

    def _groups(self, wishes: list[tuple[_Wish, str]]) -> list[_Group]:
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
                groups.append(_Group(wish.photo, wish.folder, stem, (own, *companions[wish.photo.id])))
        return groups


def _item(group: _Group, targets: list[Path]) -> SortItem:
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
    day = info.captured if info is not None and info.captured is not None else datetime.fromtimestamp(file.mtime_ns / 1e9)
    return NameFields(
        room=wish.room,
        n=n,
        order=order,
        stem=split_name(file.path.name)[0],
        date=day.date(),
        folder=file.path.parent.name,
        listing=file.root.name,
    )


class _Folders:
    """The room folders of one plan, each listed once."""

    def __init__(self, destination: Path, listing: Listing, same_file: SameFile, leaving: Collection[Path]) -> None:
        self._destination = destination
        self._leaving = leaving
        self._listing, self._same_file = listing, same_file
        self._there: dict[str, str] | None = None
        self._found: dict[str, _Folder] = {}

    def find(self, wanted: str) -> _Folder:
        """The folder for a room; one that is there is used whatever its capitals."""
        if self._there is None:
            self._there = {collision_key(name): name for name in self._listing(self._destination)}
        name = safe_name(wanted) if wanted else ""
        key = collision_key(name)
        if key not in self._found:
            path = self._destination / self._there.get(key, name)
            self._found[key] = _Folder(path, self._listing(path), self._same_file, self._leaving)
        return self._found[key]

    def is_home(self, group: _Group) -> bool:
        """Whether the photo has the place that it is to have."""
        name = group_names(group.stem, [rest for _, rest in group.files], 1)[0]
        return group.photo.file.path.absolute() == self.find(group.folder).path / name


class _Folder:
    """The names in one room folder: those that are there and those that the plan has given away."""

    def __init__(self, path: Path, names: Iterable[str], same_file: SameFile, leaving: Collection[Path]) -> None:
        self.path = path
        self._there: dict[str, list[str]] = defaultdict(list)
        for name in names:
            self._there[collision_key(name)].append(name)
        self._given: set[str] = set()
        self._same_file = same_file
        self._leaving = leaving

    def claim(self, files: Sequence[tuple[PhotoFile, str]], stem: str, *, keeps_name: bool) -> list[Path] | Why:
        """Free targets of one common stem for a photo and its companions, now taken; or why they need none."""
        photo = files[0][0]
        here = photo.path.absolute()
        for number in itertools.count(1):
            names = group_names(stem, [rest for _, rest in files], number)
            keys = [collision_key(name) for name in names]
            if keeps_name and here.parent == self.path:
                self._given.update(collision_key(file.path.name) for file, _ in files)
                return Why.IN_PLACE
            if not self._given.isdisjoint(keys):
                continue
            if here == self.path / names[0]:
                self._given.update(keys)
                return Why.IN_PLACE
            there = [self.path / name for key in keys for name in self._there.get(key, ())]
            if all(path in self._leaving for path in there):
                self._given.update(keys)
                return [self.path / name for name in names]
            if any(self._same_file(photo, path) for path in there if path != here):
                self._given.add(keys[0])
                return Why.DONE_BEFORE
        raise AssertionError("unreachable: numbers do not end")
