"""CSV export: one line a photo, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO

from roomnet_core.export import target
from roomnet_core.export.cells import clean_text, room_name, status
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto

_FIRST_COLUMNS = ("file", "room", "confidence")
# Spreadsheets take a cell that starts with one of these, or its wide form, for a formula (OWASP, "CSV Injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def check_target(path: Path) -> None:
    """Raises ExportError where `write_csv` would refuse `path`."""
    target.check_target(path, ".csv", _is_ours)


def write_csv(path: Path, photos: Sequence[SessionPhoto], rooms: RoomSet) -> None:
    """Write `path` in UTF-8 with the columns file, room, confidence, one a room, and status.

    Raises:
        ExportError: the file cannot be written, or `path` is another file than an earlier export.
    """
    check_target(path)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*_FIRST_COLUMNS, *map(_safe, rooms.names), "status"])
    for photo in photos:
        values: list[str] = [""] * (1 + len(rooms))
        if photo.prediction is not None:
            numbers = (photo.prediction.confidence, *photo.prediction.probabilities)
            values = [f"{number:.6f}" for number in numbers]
        writer.writerow([_safe(photo.file.relative), _safe(room_name(photo, rooms)), *values, _safe(status(photo))])
    with target.atomic_file(path) as stream:
        stream.write(text.getvalue().encode("utf-8"))


def _is_ours(stream: BinaryIO) -> bool:
    return stream.readline(200).startswith(",".join(_FIRST_COLUMNS).encode())


def _safe(text: str) -> str:
    cleaned = clean_text(text)
    return f"'{cleaned}" if cleaned.startswith(_FORMULA_STARTS) else cleaned
