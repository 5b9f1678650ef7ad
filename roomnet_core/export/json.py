"""The machine-readable result of a classification, schema 1."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from roomnet_core.export import target
from roomnet_core.photos.photo_file import Problem
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto

SCHEMA = 1


def classification_document(photos: Sequence[SessionPhoto], rooms: RoomSet, *, model: str) -> dict[str, Any]:
    """Schema 1: `photos` holds every photo with a prediction, `problems` every file that could not be read.

    A human decision, where there is one, is the `room`; `confidence` and `probabilities` are always the model's.
    """
    return {
        "schema": SCHEMA,
        "model": model,
        "photos": [
            {
                "file": photo.file.relative,
                "room": rooms[photo.room_id].name,
                "confidence": photo.prediction.confidence,
                # Behind the model's rooms may stand some that a person chose under another model.
                "probabilities": dict(zip(rooms.names, photo.prediction.probabilities, strict=False)),
                "unsure": photo.needs_review,
            }
            for photo in photos
            if photo.prediction is not None and photo.room_id is not None
        ],
        "problems": problem_entries(photo.problem for photo in photos if photo.problem is not None),
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
