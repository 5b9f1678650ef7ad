"""Folder in, classified session out: what `classify`, `sort` and `evaluate` have in common."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from roomnet_core.cli.console import ProgressBar, native_libraries_quiet
from roomnet_core.inference.classify import Classified, classify
from roomnet_core.inference.engine import Engine, open_engine_in_background
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
    found = (item for item in scan(args.folder.absolute(), exclude=exclude) if wanted(item))
    with EngineOpening(model, args.engine) as opening, ProgressBar("Classifying") as bar:
        document.add(opening.at_first_photo(found))
        files = [photo.file for photo in document if photo.problem is None]
        side = None if thumbnails is None else thumbnails.side
        if files:
            with closing(
                classify(files, model, opening.engine, thumbnail_side=side, min_confidence=args.min_confidence)  # type: ignore[type-var]
            ) as results:
                for number, result in enumerate(results, start=1):
                    if number == 1 and (notice := opening.engine.result().notice):
                        print(notice, file=sys.stderr)
                    _record(document, result, thumbnails)
                    bar.show(number, len(files))
    if not files:
        print(f"There are no photos to classify in {args.folder}.", file=sys.stderr)
    return document


class EngineOpening:
    """Opens the engine on a thread of its own once there is something to classify, and closes it at the end.

    Until `engine` is done nothing may be written to standard error, which is kept free of the libraries' remarks.
    """

    def __init__(self, model: ModelFile, preference: str) -> None:
        self._model, self._preference = model, preference
        self._engine: Future[Engine] | None = None

    def __enter__(self) -> EngineOpening:
        return self

    def __exit__(self, *_: object) -> None:
        if self._engine is not None and self._engine.exception() is None:
            self._engine.result().close()

    @property
    def engine(self) -> Future[Engine]:
        if self._engine is None:
            self._engine = open_engine_in_background(self._model, self._preference, context=native_libraries_quiet())
        return self._engine

    def at_first_photo(self, items: Iterable[PhotoFile | Problem]) -> Iterator[PhotoFile | Problem]:
        """Pass `items` on; the engine begins to load when the first photo is among them."""
        for item in items:
            if isinstance(item, PhotoFile):
                _ = self.engine
            yield item


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
