"""CSV export: one line a photo, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from roomnet_core.export.cells import atomic_file, clean_text, room_name, status
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto

# Spreadsheets take a cell that starts with one of these for a formula (OWASP, "CSV Injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def write_csv(path: Path, photos: Sequence[SessionPhoto], rooms: RoomSet) -> None:
    """Write `path` in UTF-8 with the columns file, room, confidence, one a room, and status.

    Raises:
        ExportError: the file cannot be written.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["file", "room", "confidence", *map(_safe, rooms.names), "status"])
    for photo in photos:
        values: list[str] = [""] * (1 + len(rooms))
        if photo.prediction is not None:
            numbers = (photo.prediction.confidence, *photo.prediction.probabilities)
            values = [f"{number:.6f}" for number in numbers]
        writer.writerow(
            [_safe(photo.file.relative), _safe(room_name(photo, rooms)), *values, _safe(status(photo))]
        )
    with atomic_file(path) as stream:
        stream.write(text.getvalue().encode("utf-8"))


def _safe(text: str) -> str:
    cleaned = clean_text(text)
    return f"'{cleaned}" if cleaned.startswith(_FORMULA_STARTS) else cleaned
