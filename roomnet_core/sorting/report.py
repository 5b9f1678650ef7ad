"""What a sort or an undo did, for the window and the command line to tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.sorting.journal import Kind, Op
from roomnet_core.sorting.plan import Skipped


@dataclass(frozen=True, slots=True)
class Placed:
    """One file that was brought from `old` to `new`: copied, moved, linked or moved back. `photo_id` is None for a
    companion. `file` describes it in its new place."""

    photo_id: int | None
    kind: Kind
    old: Path
    new: Path
    file: PhotoFile


@dataclass(slots=True)
class SortReport:
    """What a sort did. A file's `new` place is not the plan's where that name was taken meanwhile."""

    run_id: int | None = None  # None: there was nothing to do
    placed: list[Placed] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)  # starts with the plan's
    failed: list[Skipped] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cancelled: bool = False  # the run can be finished or undone

    @property
    def photos(self) -> int:
        """How many photos were brought to their place."""
        return sum(placed.photo_id is not None for placed in self.placed)

    def relocated(self) -> dict[int, PhotoFile]:
        """The new place, size and time of every photo that was moved or rewritten: for `SessionDocument.relocate`."""
        return _relocated(self.placed)

    def moves(self) -> dict[Path, Path]:
        """From the old to the new path of every file that was moved, companions too: for `Catalog.moved`."""
        return _moves(self.placed)


@dataclass(frozen=True, slots=True)
class NotUndone:
    """One file that stays as the sort left it. `reason` completes "It was not undone because ..."."""

    path: Path
    reason: str


@dataclass(slots=True)
class UndoReport:
    """What an undo did."""

    run_id: int
    moved_back: list[Placed] = field(default_factory=list)
    removed: list[Path] = field(default_factory=list)  # copies, now in the trash, and hard links
    restored: list[Placed] = field(default_factory=list)  # photos that were rewritten, as they were before
    not_undone: list[NotUndone] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    cancelled: bool = False  # undoing can go on

    @property
    def photos(self) -> int:
        """How many files were put back, removed or restored."""
        return len(self.moved_back) + len(self.removed) + len(self.restored)

    def relocated(self) -> dict[int, PhotoFile]:
        """The place, size and time of every photo that is as it was: for `SessionDocument.relocate`."""
        return _relocated([*self.moved_back, *self.restored])

    def moves(self) -> dict[Path, Path]:
        """From the sorted to the old path of every file that was moved back: for `Catalog.moved`."""
        return _moves(self.moved_back)


def _relocated(placed: Iterable[Placed]) -> dict[int, PhotoFile]:
    changed = (Kind.MOVE, Kind.EMBED)
    return {one.photo_id: one.file for one in placed if one.photo_id is not None and one.kind in changed}


def _moves(placed: Iterable[Placed]) -> dict[Path, Path]:
    return {one.old: one.new for one in placed if one.kind is Kind.MOVE}


def photo_file(op: Op, path: Path, otherwise: Path) -> PhotoFile:
    """The file of `op` at `path`; its root is the folder in which it was found, or `otherwise` if it is elsewhere."""
    root = op.root if path.is_relative_to(op.root) else otherwise
    return PhotoFile(path, root, op.size, op.mtime_ns)
