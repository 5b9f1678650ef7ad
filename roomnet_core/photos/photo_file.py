"""The two values that a scan yields: a photo on disk, or a file that cannot be used and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class PhotoFile:
    """A photo as the scan saw it. `root` is the folder that was opened; `mtime_ns` is in nanoseconds.

    `content` is the photo's `content_key`, empty until the file was read.
    """

    path: Path
    root: Path
    size: int
    mtime_ns: int
    content: bytes = b""

    @property
    def relative(self) -> str:
        """The path below `root` with forward slashes: what exports and JSON call `file`."""
        return self.path.relative_to(self.root).as_posix()


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that could not be read. `kind` is one of `roomnet_core.errors.PhotoError`'s words."""

    path: Path
    root: Path
    kind: str
    message: str

    @property
    def relative(self) -> str:
        """The path below `root` with forward slashes; the whole path where it lies outside."""
        inside = self.path.is_relative_to(self.root)
        return (self.path.relative_to(self.root) if inside else self.path).as_posix()
