"""Small houses to sort: photos of two rooms without a network."""

from __future__ import annotations

from pathlib import Path

from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.prediction import Prediction
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import Marks, SessionPhoto

ROOMS = RoomSet.from_names(["Bath", "Bed"])


def photo(
    path: Path,
    room: int | None = 0,
    *,
    number: int = 1,
    unsure: bool = False,
    root: Path | None = None,
    marks: Marks | None = None,
) -> SessionPhoto:
    """The photo at `path` as a scan sees it, classified; `room` None: it cannot be read."""
    information = path.stat() if path.exists() else None
    size, mtime = (information.st_size, information.st_mtime_ns) if information else (0, 0)
    file = PhotoFile(path, root or path.parent, size, mtime)
    if room is None:
        return SessionPhoto(number, file, problem=Problem(path, path.parent, "damaged", "it is damaged"))
    prediction = Prediction((0.9, 0.1) if room == 0 else (0.1, 0.9), unsure)
    return SessionPhoto(number, file, prediction, marks=marks or Marks())


def write(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def snapshot(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
