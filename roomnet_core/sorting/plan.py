"""A sort as a value: which photo goes where, decided before anything is touched. The plan is also the dry run."""

from __future__ import annotations

import os
import stat
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from roomnet_core.errors import SortError
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.sorting.naming import collision_key, numbered_names, safe_name

# File systems keep times in steps of up to two seconds (FAT).
_SAME_TIME_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class SortOptions:
    """`unsure_folder` takes the photos that the model is unsure of; None leaves them out."""

    destination: Path
    unsure_folder: str | None = "Unsure"


class SkipReason(Enum):
    """Why a photo is left out of a plan, or out of its execution."""

    NO_ROOM = "no room"
    UNSURE = "unsure"
    IN_PLACE = "already in its folder"
    ALREADY_COPIED = "already copied"
    CHANGED = "changed since it was scanned"


@dataclass(frozen=True, slots=True)
class SortItem:
    """One copy to make. `size` and `mtime_ns` are the source's as it was scanned, 0 and 0 where that is not known."""

    photo_id: int
    source: Path
    target: Path
    size: int
    mtime_ns: int

    @property
    def folder(self) -> str:
        """The name of the room folder."""
        return self.target.parent.name


@dataclass(frozen=True, slots=True)
class SortSkip:
    """A photo that stays out. `message` says why, for people."""

    photo_id: int
    source: Path
    reason: SkipReason
    message: str


@dataclass(frozen=True, slots=True)
class SortPlan:
    """No two items have one target, whatever the file system, and no target was there when the plan was made."""

    destination: Path
    items: tuple[SortItem, ...]
    skipped: tuple[SortSkip, ...]

    @property
    def folder_counts(self) -> dict[str, int]:
        """How many photos go into each folder, in the order of first use: the preview."""
        return dict(Counter(item.folder for item in self.items))

    @property
    def total_bytes(self) -> int:
        return sum(item.size for item in self.items)


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder that is there already. `size` is in bytes."""

    is_folder: bool
    size: int
    mtime_ns: int


Listing = Callable[[Path], Mapping[str, Entry]]


def list_folder(folder: Path) -> dict[str, Entry]:
    """What `folder` holds, by name; empty where there is no such folder.

    Raises:
        SortError: it is there but cannot be listed.
    """
    entries: dict[str, Entry] = {}
    try:
        with os.scandir(folder) as found:
            for item in found:
                try:
                    status = item.stat()
                except OSError:  # a broken link holds its name too
                    entries[item.name] = Entry(False, -1, 0)
                else:
                    entries[item.name] = Entry(stat.S_ISDIR(status.st_mode), status.st_size, status.st_mtime_ns)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SortError(f"{folder} cannot be opened: {error.strerror or error}. Choose another folder.") from error
    return entries


def make_plan(
    photos: Iterable[SessionPhoto], rooms: RoomSet, options: SortOptions, *, listing: Listing = list_folder
) -> SortPlan:
    """Decide where each of `photos` is copied. Reads folders through `listing` and writes nothing.

    The same photos in the same order and the same listings give the same plan. A photo whose copy is there already
    (same name, size and time, as a copy made by us has) is skipped, so sorting twice copies nothing twice.

    Raises:
        SortError: the destination, or a room folder in it, cannot be listed.
    """
    planner = _Planner(options.destination.absolute(), listing)
    items: list[SortItem] = []
    skipped: list[SortSkip] = []
    for photo in photos:
        result = _place(photo, rooms, options, planner)
        if isinstance(result, SortItem):
            items.append(result)
        else:
            skipped.append(result)
    return SortPlan(planner.destination, tuple(items), tuple(skipped))


def _place(photo: SessionPhoto, rooms: RoomSet, options: SortOptions, planner: _Planner) -> SortItem | SortSkip:
    source = photo.file.path.absolute()

    def skip(reason: SkipReason, message: str) -> SortSkip:
        return SortSkip(photo.id, source, reason, message)

    if photo.room_id is None:
        why = f": {photo.problem.message}" if photo.problem is not None else ": it was not classified."
        return skip(SkipReason.NO_ROOM, f"{source.name} has no room{why}")
    if photo.needs_review and options.unsure_folder is None:
        return skip(SkipReason.UNSURE, f"{source.name} was left out: the model is unsure of its room.")
    name = options.unsure_folder if photo.needs_review and options.unsure_folder else rooms[photo.room_id].folder
    folder = planner.folder(name)
    if source.parent == folder.path:
        return skip(SkipReason.IN_PLACE, f"{source.name} is in {folder.path.name} already.")
    target = folder.claim(source.name, photo.file.size, photo.file.mtime_ns)
    if target is None:
        return skip(SkipReason.ALREADY_COPIED, f"{source.name} was copied to {folder.path.name} before.")
    return SortItem(photo.id, source, target, photo.file.size, photo.file.mtime_ns)


class _Planner:
    """The folders of one plan, each listed once."""

    def __init__(self, destination: Path, listing: Listing) -> None:
        self.destination = destination
        self._listing = listing
        self._top = {collision_key(name): (name, entry) for name, entry in listing(destination).items()}
        self._folders: dict[str, _TargetFolder] = {}

    def folder(self, wanted: str) -> _TargetFolder:
        """The folder for a room: one that is there under that name, capitals aside, or a new one."""
        found, entry = "", None
        for name in numbered_names(safe_name(wanted)):
            found, entry = self._top.get(collision_key(name), (name, None))
            if entry is None or entry.is_folder:
                break  # else a file has that name
        key = collision_key(found)
        if key not in self._folders:
            path = self.destination / found
            self._folders[key] = _TargetFolder(path, {} if entry is None else self._listing(path))
        return self._folders[key]


class _TargetFolder:
    """The names in one room folder: those on disk and those that the plan has given away."""

    def __init__(self, path: Path, entries: Mapping[str, Entry]) -> None:
        self.path = path
        self._there = {collision_key(name): entry for name, entry in entries.items()}
        self._given: set[str] = set()

    def claim(self, source_name: str, size: int, mtime_ns: int) -> Path | None:
        """A free target for that file, now taken; None where the file's copy is there already."""
        for name in numbered_names(safe_name(source_name)):
            key = collision_key(name)
            if key in self._given:
                continue
            entry = self._there.get(key)
            if entry is None:
                self._given.add(key)
                return self.path / name
            same = entry.size == size and abs(entry.mtime_ns - mtime_ns) <= _SAME_TIME_NS
            if same and not entry.is_folder and mtime_ns:
                self._given.add(key)
                return None
        raise AssertionError("numbered_names never ends")
