"""The machine-readable list of photos, schema 2; `docs/export.schema.json` describes it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

from roomnet_core.export import cells, target
from roomnet_core.photos.photo_file import Problem
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto

SCHEMA = 2


def classification_document(
    photos: Sequence[SessionPhoto],
    rooms: RoomSet,
    *,
    model: str,
    places: Mapping[int, Path] = MappingProxyType({}),
) -> dict[str, Any]:
    """`photos` holds every photo that can be read or has a room, `problems` every file that could not be read.

    A human decision, where there is one, is the `room`; `predicted`, `confidence` and `probabilities` are always the
    model's. What is not known is null. `places` says by photo id where a sort has put the files.
    """
    return {
        "schema": SCHEMA,
        "model": model,
        "photos": [
            _entry(photo, rooms, places) for photo in photos if photo.problem is None or photo.room_id is not None
        ],
        "problems": problem_entries(photo.problem for photo in photos if photo.problem is not None),
    }


def _entry(photo: SessionPhoto, rooms: RoomSet, places: Mapping[int, Path]) -> dict[str, Any]:
    prediction = photo.prediction
    taken = None if photo.info is None else photo.info.captured
    return {
        "file": photo.file.relative,
        "room": cells.room_name(photo, rooms) or None,
        "confidence": None if prediction is None else prediction.confidence,
        # Behind the model's rooms may stand some that a person chose under another model.
        "probabilities": {} if prediction is None else dict(zip(rooms.names, prediction.probabilities, strict=False)),
        "unsure": photo.needs_review,
        "decided_by": cells.decided_by(photo) or None,
        "predicted": cells.predicted_name(photo, rooms) or None,
        "model": photo.model or None,
        "cover": photo.cover,
        "rejected": photo.rejected,
        "captured": None if taken is None else taken.isoformat(timespec="seconds"),
        "camera": cells.camera(photo) or None,
        "new_place": cells.new_place(photo, places) or None,
    }


def problem_entries(problems: Iterable[Problem]) -> list[dict[str, str]]:
    """The `problems` of a document."""
    return [{"file": problem.relative, "kind": problem.kind, "message": problem.message} for problem in problems]


def dump(document: dict[str, Any]) -> str:
    """JSON text in ASCII, so that no terminal or encoding can break it; names that are no UTF-8 keep their escapes."""
    return json.dumps(document, indent=2, allow_nan=False) + "\n"


def check_target(path: Path) -> None:
    """Raises ExportError where `write_json` would refuse `path`."""
    target.check_target(path, path.suffix.casefold(), _is_ours)


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Write `document`, whose first key is `schema`, to `path`, whatever its suffix.

    Raises:
        ExportError: the file cannot be written, or `path` is another file than an earlier document.
    """
    check_target(path)
    with target.atomic_file(path) as stream:
        stream.write(dump(document).encode("ascii"))


def _is_ours(stream: BinaryIO) -> bool:
    return re.match(rb'\s*\{\s*"schema"\s*:', stream.read(200)) is not None
