"""What the tests of the catalog share."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.prediction import ModelKey, Prediction
from roomnet_core.rooms import RoomSet
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.store import Catalog

ROOMS = RoomSet.from_names(["Bathroom", "Kitchen", "LivingRoom"])
MODEL = ModelKey("first", "key of the first model")
ROOT = Path("/listings/12 Elm Street")
PREDICTIONS = [
    Prediction((0.05, 0.9, 0.05), False),
    Prediction((0.4, 0.35, 0.25), True),
    Prediction((0.1, 0.1, 0.8), False),
]


def file(name: str, root: Path = ROOT, size: int = 100) -> PhotoFile:
    return PhotoFile(root / name, root, size, 1_700_000_000_123_456_789)


@contextmanager
def opened(path: Path, **options: Any) -> Iterator[Catalog]:
    """A catalog that fails the test where anything cannot be written."""
    catalog = Catalog.open(path, **{"on_error": pytest.fail, **options})
    try:
        yield catalog
    finally:
        catalog.close()


def load(catalog: Catalog, *roots: Path, rooms: RoomSet = ROOMS, model: ModelKey = MODEL) -> SessionDocument:
    return catalog.load(roots or [ROOT], rooms, model)


def reopened(path: Path, *roots: Path, rooms: RoomSet = ROOMS, model: ModelKey = MODEL) -> SessionDocument:
    """What a later session finds."""
    with opened(path) as catalog:
        return load(catalog, *roots, rooms=rooms, model=model)
