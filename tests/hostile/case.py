"""What one hostile file is: its kind, its place in the corpus, how it is made, and what must come of it."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

CLASSIFIED, PASSED_OVER = "classified", "passed over"
"""The outcomes beside `PhotoError`'s kinds; what is passed over is no photo, and neither a result nor a problem."""

Make = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile file, or one place in the file system. `name` is its path in the folder of its kind.

    Mostly one outcome is right; where a decoder may do either (a flipped bit in the pixels shows, or does not),
    `expected` holds both. `heavy` cases need seconds or a gigabyte: they are in the whole corpus only.
    """

    kind: str
    name: str
    expected: frozenset[str]
    make: Make
    heavy: bool = False

    @property
    def place(self) -> str:
        """The path below the corpus, as exports spell it."""
        return f"{self.kind}/{self.name}"


def case(kind: str, name: str, content: bytes | Make, *expected: str, heavy: bool = False) -> Case:
    """A `Case` whose file holds `content`, or is made by it."""

    def write(path: Path) -> None:
        assert isinstance(content, bytes)
        path.write_bytes(content)

    make = write if isinstance(content, bytes) else content
    return Case(kind, name, frozenset(expected or {CLASSIFIED}), make, heavy)


def write_corpus(folder: Path, cases: Iterable[Case]) -> list[Case]:
    """Make every case below `folder`; returns those that this system can make (some cannot hold every name)."""
    made = []
    for one in cases:
        path = folder / one.place
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            one.make(path)
        except (OSError, UnicodeError, AttributeError, NotImplementedError):  # no such names, devices or links here
            continue
        made.append(one)
    return made


def tree_hash(folder: Path) -> str:
    """Of everything below `folder`: names, kinds, sizes, times, permissions, links and contents."""
    digest = hashlib.blake2b()
    for parent, folders, files in os.walk(os.fsencode(folder)):
        folders.sort()
        for name in sorted([*files, *folders]):
            path = os.path.join(parent, name)  # noqa: PTH118 (bytes)
            status = os.lstat(path)
            seen = (path, status.st_mode, status.st_size, status.st_mtime_ns, status.st_ino)
            digest.update(b"%b\0%o %d %d %d\0" % seen)
            if stat.S_ISLNK(status.st_mode):
                digest.update(os.fsencode(Path(os.fsdecode(path)).readlink()))
            elif stat.S_ISREG(status.st_mode) and status.st_size < 64 << 20 and os.access(path, os.R_OK):
                digest.update(Path(os.fsdecode(path)).read_bytes())
    return digest.hexdigest()


def amiss(cases: Iterable[Case], found: dict[str, str]) -> list[str]:
    """Where the outcome in `found` (by place) is not an expected one, in words."""
    return [
        f"{one.place!r}: {found.get(one.place, PASSED_OVER)} instead of {' or '.join(sorted(one.expected))}"
        for one in cases
        if found.get(one.place, PASSED_OVER) not in one.expected
    ]
