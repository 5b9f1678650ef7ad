"""What every export says of a photo, and how text is made safe for other programs."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from roomnet_core.errors import ExportError
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto

# Control characters that no spreadsheet may hold (tab and line breaks are allowed), and halves of surrogate pairs,
# which come from file names that are not valid UTF-8.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """`text` without control characters, every lone surrogate replaced by U+FFFD."""
    return _SURROGATES.sub("\ufffd", _ILLEGAL.sub("", text))


def room_name(photo: SessionPhoto, rooms: RoomSet) -> str:
    """The decided or predicted room's name, or an empty text."""
    return "" if photo.room_id is None else str(rooms[photo.room_id].name)


def status(photo: SessionPhoto) -> str:
    """One word on where the photo stands, with the reason of a problem."""
    if photo.decided is not None:
        return "Corrected" if photo.corrected else "Confirmed"
    if photo.problem is not None:
        return f"Problem: {photo.problem.message}"
    if photo.prediction is None:
        return "Not classified"
    return "Unsure" if photo.prediction.unsure else "OK"


@contextmanager
def atomic_file(path: Path) -> Iterator[IO[bytes]]:
    """A binary file that takes the name `path` only when it is whole and on disk; on any error nothing changes.

    Raises:
        ExportError: the folder cannot be written, the disk is full, or another program holds the file open.
    """
    staged: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.stem[:50]}-", suffix=".part", dir=path.parent)
        staged = Path(name)
        with os.fdopen(descriptor, "wb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        mask = os.umask(0)
        os.umask(mask)
        staged.chmod(0o666 & ~mask)  # mkstemp makes a private file
        staged.replace(path)
        staged = None
    except OSError as error:
        reason = error.strerror or str(error)
        raise ExportError(f"{path} cannot be written: {reason}. Close it elsewhere or choose another place.") from error
    finally:
        if staged is not None:
            staged.unlink(missing_ok=True)
