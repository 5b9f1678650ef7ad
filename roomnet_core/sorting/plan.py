"""A sort as a value: which photo goes where, decided before anything is touched. The plan is also the dry run."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from roomnet_core.errors import SortError
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.sorting.naming import collision_key, numbered, safe_name

# File systems keep times in steps of up to two seconds (FAT).
_SAME_TIME_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class SortOptions:
    """`unsure_folder` takes the photos that the model is unsure of; None leaves them out."""

    destination: Path
    unsure_folder: str | None = "Unsure"


@dataclass(frozen=True, slots=True)
class SortItem:
    """One copy to make, or made. A `file` of size 0 and time 0 was never looked at."""

    photo_id: int
    file: PhotoFile
    target: Path

    @property
    def source(self) -> Path:
        return self.file.path


@dataclass(frozen=True, slots=True)
class Skipped:
    """A photo that is left alone. `reason` completes the sentence "It was not copied because ..."."""

    photo_id: int
    file: PhotoFile
    reason: str


@dataclass(frozen=True, slots=True)
class SortPlan:
    """No two items have one target, on any file system, and no target was there when the plan was made."""

    destination: Path
    items: tuple[SortItem, ...]
    skipped: tuple[Skipped, ...]

    @property
    def total_bytes(self) -> int:
        return sum(item.file.size for item in self.items)

    def counts(self) -> Counter[str]:
        """How many photos go into each folder, in the order of first use: the preview."""
        return Counter(item.target.parent.name for item in self.items)


Listing = Callable[[Path], Iterable[str]]
SameFile = Callable[[PhotoFile, Path], bool]


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


def make_plan(
    photos: Iterable[SessionPhoto],
    rooms: RoomSet,
    options: SortOptions,
    *,
    listing: Listing = list_names,
    same_file: SameFile = looks_like_its_copy,
) -> SortPlan:
    """Decide where each of `photos` is copied. Looks at folders through `listing` and `same_file`; writes nothing.

    The same photos in the same order and the same answers give the same plan. A photo whose copy is there already is
    skipped, so sorting twice copies nothing twice.

    Raises:
        SortError: the destination, or a room folder in it, cannot be listed.
    """
    folders = _Folders(options.destination.absolute(), listing, same_file)
    items: list[SortItem] = []
    skipped: list[Skipped] = []
    for photo in photos:
        result = _place(photo, rooms, options, folders)
        if isinstance(result, str):
            skipped.append(Skipped(photo.id, photo.file, result))
        else:
            items.append(SortItem(photo.id, photo.file, result))
    return SortPlan(folders.destination, tuple(items), tuple(skipped))


def _place(photo: SessionPhoto, rooms: RoomSet, options: SortOptions, folders: _Folders) -> Path | str:
    """The photo's target, or why it has none."""
    if photo.room_id is None:
        return "it was not classified" if photo.problem is None else photo.problem.message
    wanted = rooms[photo.room_id].folder
    if photo.needs_review:
        if options.unsure_folder is None:
            return "the room is not sure"
        wanted = options.unsure_folder
    folder = folders.find(wanted)
    if photo.file.path.absolute().parent == folder.path:
        return "it is in its folder already"
    return folder.claim(photo.file) or f"it was copied to {folder.path.name} before"


class _Folders:
    """The room folders of one plan, each listed once."""

    def __init__(self, destination: Path, listing: Listing, same_file: SameFile) -> None:
        self.destination = destination
        self._listing, self._same_file = listing, same_file
        self._there: dict[str, str] | None = None
        self._found: dict[str, _Folder] = {}

    def find(self, wanted: str) -> _Folder:
        """The folder for a room; one that is there is used whatever its capitals."""
        if self._there is None:
            self._there = {collision_key(name): name for name in self._listing(self.destination)}
        name = safe_name(wanted)
        key = collision_key(name)
        if key not in self._found:
            path = self.destination / self._there.get(key, name)
            self._found[key] = _Folder(path, self._listing(path), self._same_file)
        return self._found[key]


class _Folder:
    """The names in one room folder: those that are there and those that the plan has given away."""

    def __init__(self, path: Path, names: Iterable[str], same_file: SameFile) -> None:
        self.path = path
        self._there = {collision_key(name): name for name in names}
        self._given: set[str] = set()
        self._same_file = same_file

    def claim(self, file: PhotoFile) -> Path | None:
        """A free target for `file`, now taken; None where its copy is there already."""
        wanted = safe_name(file.path.name)
        for number in itertools.count(1):
            name = numbered(wanted, number)
            key = collision_key(name)
            if key in self._given:
                continue
            there = self._there.get(key)
            if there is None:
                self._given.add(key)
                return self.path / name
            if self._same_file(file, self.path / there):
                self._given.add(key)
                return None
        raise AssertionError("unreachable: numbers do not end")
