"""Gives away the names in the room folders of a plan, so that no two files meet on any file system."""

from __future__ import annotations

import enum
import itertools
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.sorting.naming import collision_key, group_names, safe_name

Listing = Callable[[Path], Iterable[str]]
SameFile = Callable[[PhotoFile, Path], bool]


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
class Group:
    """A photo and its companions, each with what follows the common `stem` of their new names."""

    photo: SessionPhoto
    folder: str
    stem: str
    files: tuple[tuple[PhotoFile, str], ...]


class RoomFolders:
    """The room folders of one plan, each listed once."""

    def __init__(
        self,
        destination: Path,
        listing: Listing,
        same_file: SameFile,
        leaving: Collection[Path],
        keeps_names: bool,
    ) -> None:
        """`leaving`: the files that the plan moves, whose names will be free. `keeps_names`: there is no template."""
        self._destination = destination
        self._keeps_names = keeps_names
        self._leaving = leaving
        self._listing, self._same_file = listing, same_file
        self._there: dict[str, str] | None = None
        self._found: dict[str, RoomFolder] = {}

    def find(self, wanted: str) -> RoomFolder:
        """The folder for a room; one that is there is used whatever its capitals."""
        if self._there is None:
            self._there = {collision_key(name): name for name in self._listing(self._destination)}
        name = safe_name(wanted) if wanted else ""
        key = collision_key(name)
        if key not in self._found:
            path = self._destination / self._there.get(key, name)
            self._found[key] = RoomFolder(path, self._listing(path), self._same_file, self._leaving)
        return self._found[key]

    def is_home(self, group: Group) -> bool:
        """Whether the photo has the place that it is to have."""
        here, folder = group.photo.file.path.absolute(), self.find(group.folder).path
        if self._keeps_names:
            return here.parent == folder
        return here == folder / group_names(group.stem, [rest for _, rest in group.files], 1)[0]

    def claim(self, group: Group) -> list[Path] | Why:
        """Free targets for a photo and its companions, now taken; or why they need none."""
        if self._keeps_names and self.is_home(group):
            return self.find(group.folder).keep(group.files)
        return self.find(group.folder).claim(group.files, group.stem)


class RoomFolder:
    """The names in one room folder: those that are there and those that the plan has given away."""

    def __init__(self, path: Path, names: Iterable[str], same_file: SameFile, leaving: Collection[Path]) -> None:
        self.path = path
        self._there: dict[str, list[str]] = defaultdict(list)
        for name in names:
            self._there[collision_key(name)].append(name)
        self._given: set[str] = set()  # to files that come, or to the copies of earlier sorts
        self._kept: set[str] = set()  # by files that are in place
        self._same_file = same_file
        self._leaving = leaving

    def keep(self, files: Sequence[tuple[PhotoFile, str]]) -> Why:
        """These files stay in this folder under their names."""
        self._kept.update(collision_key(file.path.name) for file, _ in files)
        return Why.IN_PLACE

    def claim(self, files: Sequence[tuple[PhotoFile, str]], stem: str) -> list[Path] | Why:
        """Free targets of one common stem for a photo and its companions, now taken; or why they need none."""
        photo = files[0][0]
        here = photo.path.absolute()
        for number in itertools.count(1):
            names = group_names(stem, [rest for _, rest in files], number)
            keys = [collision_key(name) for name in names]
            if not self._given.isdisjoint(keys):
                continue
            if here == self.path / names[0]:
                self._kept.update(keys)
                return Why.IN_PLACE
            there = [self.path / name for key in keys for name in self._there.get(key, ())]
            if self._kept.isdisjoint(keys) and all(path in self._leaving for path in there):
                self._given.update(keys)
                return [self.path / name for name in names]
            if any(self._same_file(photo, path) for path in there if path != here):
                self._given.add(keys[0])
                return Why.DONE_BEFORE
        raise AssertionError("unreachable: numbers do not end")
