"""The classification job: scan, load the engine, classify. Plain functions, no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roomnet_core.photos.photo_file import PhotoFile, Problem

THUMBNAIL_SIDE = 320
"""Long side in pixels of the grid's thumbnails: sharp up to the largest zoom on an ordinary screen."""
_CHUNK = 100


@dataclass(frozen=True, slots=True)
class Found:
    """Files that the scan found."""

    items: tuple[PhotoFile | Problem, ...]


@dataclass(frozen=True, slots=True)
class EngineReady:
    """The engine is loaded; `text` says for people what classifies and on what. `total` photos will be classified."""

    text: str
    notice: str
    total: int


def classify_paths(
    paths: Sequence[Path], model: Any, emit: Callable[[Any], None], cancelled: Callable[[], bool]
) -> int:
    """Emit `Found`, `EngineReady`, then `Classified` and `Problem` items; returns the number of photos found."""
    from roomnet_core.photos.scan import scan_all

    chunk: list[PhotoFile | Problem] = []
    files: list[PhotoFile] = []
    for item in scan_all(paths, cancelled=cancelled):
        chunk.append(item)
        if isinstance(item, PhotoFile):
            files.append(item)
        if len(chunk) >= _CHUNK:
            emit(Found(tuple(chunk)))
            chunk.clear()
    if chunk:
        emit(Found(tuple(chunk)))
    if cancelled() or not files:
        return len(files)

    from roomnet_core.inference.classify import classify
    from roomnet_core.inference.engine import open_engine

    engine = open_engine(model)
    try:
        name = {"litert": "LiteRT", "tensorflow": "TensorFlow"}[engine.name]
        emit(EngineReady(f"{model.name}, {name} on {engine.device}", engine.notice, len(files)))
        for result in classify(files, model, engine, cancelled=cancelled, thumbnail_side=THUMBNAIL_SIDE):
            emit(result)
    finally:
        engine.close()
    return len(files)


def decode_thumbnail(path: Path, side: int = THUMBNAIL_SIDE) -> Any:
    """The `(h, w, 3) uint8` thumbnail of a photo, or None where it cannot be read."""
    from roomnet_core.errors import PhotoError
    from roomnet_core.inference.classify import make_thumbnail
    from roomnet_core.photos.decode import decode_photo

    try:
        # The short side of a long picture is shorter than the thumbnail's long side, never the other way round.
        return make_thumbnail(decode_photo(path, min_side=side).rgb, side)
    except PhotoError:
        return None
