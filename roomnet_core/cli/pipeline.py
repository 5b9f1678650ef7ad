"""Folder in, classified session out: what `classify`, `sort` and `evaluate` have in common."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Collection
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from roomnet_core.cli.console import ProgressBar, native_libraries_quiet
from roomnet_core.inference.classify import Classified, classify
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import ModelFile
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.scan import scan
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.photo import SessionPhoto

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


class ThumbnailStore:
    """Thumbnails by photo id, kept as JPEG: 4 KB each instead of 40."""

    def __init__(self, side: int) -> None:
        self.side = side
        self._files: dict[int, bytes] = {}

    def put(self, photo_id: int, rgb: Pixels) -> None:
        buffer = io.BytesIO()
        Image.fromarray(rgb).save(buffer, "JPEG", quality=92)
        self._files[photo_id] = buffer.getvalue()

    def get(self, photo: SessionPhoto) -> Pixels | None:
        """`(h, w, 3) uint8`, or None where the photo has no thumbnail."""
        content = self._files.get(photo.id)
        return None if content is None else np.asarray(Image.open(io.BytesIO(content)))


def run_model(
    args: argparse.Namespace,
    model: ModelFile,
    *,
    thumbnails: ThumbnailStore | None = None,
    exclude: Collection[Path] = (),
    wanted: Callable[[PhotoFile | Problem], bool] = lambda item: True,
) -> SessionDocument:
    """Classify the `wanted` photos below `args.folder`. The session holds them in the order of the scan.

    Raises:
        RoomNetError: the folder does not exist or the model cannot be used.
    """
    document = SessionDocument(model.rooms, model=model.name)
    document.add(item for item in scan(args.folder.absolute(), exclude=exclude) if wanted(item))
    files = [photo.file for photo in document if photo.problem is None]
    if not files:
        print(f"There are no photos to classify in {args.folder}.", file=sys.stderr)
        return document
    with native_libraries_quiet():
        opened = open_engine(model, args.engine)
    with closing(opened) as engine, ProgressBar("Classifying") as bar:
        if engine.notice:
            print(engine.notice, file=sys.stderr)
        bar.show(0, len(files))
        side = None if thumbnails is None else thumbnails.side
        with closing(
            classify(files, model, engine, thumbnail_side=side, min_confidence=args.min_confidence)  # type: ignore[type-var]
        ) as results:
            for number, result in enumerate(results, start=1):
                _record(document, result, thumbnails)
                bar.show(number, len(files))
    return document


def _record(document: SessionDocument, result: Classified | Problem, thumbnails: ThumbnailStore | None) -> None:
    if isinstance(result, Problem):
        photo_id = document.id_of(result.path)
        outcome: Any = result
    else:
        photo_id = document.id_of(result.file.path)
        outcome = result.reading
    assert photo_id is not None
    document.record({photo_id: outcome})
    if thumbnails is not None and isinstance(result, Classified) and result.thumbnail is not None:
        thumbnails.put(photo_id, result.thumbnail)


def problems_of(document: SessionDocument) -> list[Problem]:
    return [photo.problem for photo in document if photo.problem is not None]
