"""The machine-readable result of a classification, schema 1."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from roomnet_core.export.cells import atomic_file
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto

SCHEMA = 1


def classification_document(photos: Sequence[SessionPhoto], rooms: RoomSet, *, model: str) -> dict[str, Any]:
    """Schema 1: `photos` holds every photo with a prediction, `problems` every file without one.

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
                "probabilities": dict(zip(rooms.names, photo.prediction.probabilities, strict=True)),
                "unsure": photo.needs_review,
            }
            for photo in photos
            if photo.prediction is not None and photo.room_id is not None
        ],
        "problems": [
            {"file": photo.problem.relative, "kind": photo.problem.kind, "message": photo.problem.message}
            for photo in photos
            if photo.problem is not None
        ],
    }


def dump(document: dict[str, Any]) -> str:
    """JSON text in ASCII, so that no terminal or encoding can break it; names that are no UTF-8 keep their escapes."""
    return json.dumps(document, indent=2) + "\n"


def write_json(path: Path, document: dict[str, Any]) -> None:
    """Write `document` to `path`.

    Raises:
        ExportError: the file cannot be written.
    """
    with atomic_file(path) as stream:
        stream.write(dump(document).encode("ascii"))
