"""CSV export: one line a photo, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import BinaryIO

from roomnet_core.export import cells, target
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto

_FIRST_COLUMNS = ("file", "room", "confidence")
_LAST_COLUMNS = ("status", "decided_by", "predicted", "cover", "rejected", "captured", "camera", "new_place")
_BOM = "\ufeff".encode()
# Spreadsheets take a cell that starts with one of these, or its wide form, for a formula (OWASP, "CSV Injection").
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def check_target(path: Path) -> None:
    """Raises ExportError where `write_csv` would refuse `path`."""
    target.check_target(path, ".csv", _is_ours)


def write_csv(
    path: Path,
    photos: Sequence[SessionPhoto],
    rooms: RoomSet,
    *,
    places: Mapping[int, Path] = MappingProxyType({}),
    bom: bool = False,
) -> None:
    """Write `path` in UTF-8: file, room, confidence, one column a room, and what else is known of each photo.

    `room` is the person's decision where there is one; `confidence` is always the model's, in `predicted`. `places`
    says by photo id where a sort has put them. `bom` begins the file with the mark by which Excel knows UTF-8.

    Raises:
        ExportError: the file cannot be written, or `path` is another file than an earlier export.
    """
    check_target(path)
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([*_FIRST_COLUMNS, *map(_safe, rooms.names), *_LAST_COLUMNS])
    for photo in photos:
        confidence = None if photo.prediction is None else photo.prediction.confidence
        numbers = [confidence, *cells.probabilities(photo, rooms)]
        texts = (
            cells.status(photo),
            cells.decided_by(photo),
            cells.predicted_name(photo, rooms),
            "yes" if photo.cover else "",
            "yes" if photo.rejected else "",
            cells.captured(photo),
            cells.camera(photo),
            cells.new_place(photo, places),
        )
        writer.writerow(
            [
                _safe(photo.file.relative),
                _safe(cells.room_name(photo, rooms)),
                *("" if number is None else f"{number:.6f}" for number in numbers),
                *map(_safe, texts),
            ]
        )
    with target.atomic_file(path) as stream:
        stream.write((_BOM if bom else b"") + text.getvalue().encode("utf-8"))


def _is_ours(stream: BinaryIO) -> bool:
    return stream.readline(200).removeprefix(_BOM).startswith(",".join(_FIRST_COLUMNS).encode())


def _safe(text: str) -> str:
    cleaned = cells.clean_text(text)
    return f"'{cleaned}" if cleaned.startswith(_FORMULA_STARTS) else cleaned
