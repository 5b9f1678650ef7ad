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

from roomnet_core.cli.catalog import tell_unused
from roomnet_core.cli.console import ProgressBar, native_libraries_quiet
from roomnet_core.errors import CatalogError, PhotoError
from roomnet_core.inference.classify import Classified, classify
from roomnet_core.inference.engine import Engine, open_engine_in_background
from roomnet_core.inference.model_file import ModelFile
from roomnet_core.inference.stages import make_thumbnail
from roomnet_core.photos.decode import decode_photo
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.scan import scan
from roomnet_core.photos.thumbnail_cache import ThumbnailCache, encode_thumbnail
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.session.reconcile import Finding, State, reconcile
from roomnet_core.session.store import Catalog

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


class ThumbnailStore:
    """Thumbnails of this run's photos: from their decode, from an earlier run, or else decoded when they are wanted."""

    def __init__(self, side: int, cache: ThumbnailCache) -> None:
        self.side = side
        self._cache = cache
        self._files: dict[int, bytes] = {}

    def put(self, photo: SessionPhoto, rgb: Pixels) -> None:
        jpeg = encode_thumbnail(rgb)
        self._files[photo.id] = jpeg
        self._cache.put(photo.file, self.side, jpeg)

    def get(self, photo: SessionPhoto) -> Pixels | None:
        """`(h, w, 3) uint8`, or None where the photo has no thumbnail."""
        content = self._files.get(photo.id) or self._cache.get(photo.file, self.side)
        if content is not None:
            return np.asarray(Image.open(io.BytesIO(content)))
        if photo.problem is not None:
            return None
        try:
            decoded = decode_photo(photo.file.path, min_side=self.side)
        except PhotoError:
            return None
        rgb = make_thumbnail(Image.fromarray(decoded.rgb), self.side)
        self._cache.put(photo.file, self.side, encode_thumbnail(rgb))
        return rgb


def run_model(
    args: argparse.Namespace,
    model: ModelFile,
    *,
    catalog: Catalog | None = None,
    thumbnails: ThumbnailStore | None = None,
    exclude: Collection[Path] = (),
    wanted: Callable[[PhotoFile | Problem], bool] = lambda item: True,
) -> SessionDocument:
    """Classify the `wanted` photos below `args.folder`. The session holds them in the order of the scan.

    With a `catalog`, only photos that are new or changed go through the model, what people said of photos is there,
    and every change of the session is written to it until it is closed.

    Raises:
        RoomNetError: the folder does not exist or the model cannot be used.
    """

    def look() -> Iterator[PhotoFile | Problem]:
        return (item for item in scan(args.folder.absolute(), exclude=exclude) if wanted(item))

    # The bar looks at the terminal before the engine's opening covers it.
    with ProgressBar("Classifying") as bar, EngineOpening(model, args.engine) as opening:
        document, findings = _remember(args, model, catalog, look, opening)
        document.keep(photo_id for item in findings if (photo_id := document.id_of(item.item.path)) is not None)
        files = [finding.item for finding in findings if finding.classify and isinstance(finding.item, PhotoFile)]
        if files:
            _classify(args, model, opening, document, files, thumbnails, bar)
    if not len(document):
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

    def at_first_photo(self, findings: Iterable[Finding]) -> Iterator[Finding]:
        """Pass `findings` on; the engine begins to load when the first photo to classify is among them."""
        for finding in findings:
            if finding.classify:
                _ = self.engine
            yield finding

    def wait(self) -> None:
        """Until standard error may be written to."""
        if self._engine is not None:
            self._engine.exception()


def _remember(
    args: argparse.Namespace,
    model: ModelFile,
    catalog: Catalog | None,
    look: Callable[[], Iterator[PhotoFile | Problem]],
    opening: EngineOpening,
) -> tuple[SessionDocument, list[Finding]]:
    """The session as the catalog knows it and a scan finds it, and the findings about photos that are there."""
    roots = [args.folder.absolute()]
    findings: list[Finding] | None = None
    if catalog is not None:
        key = model.key(args.min_confidence)
        try:
            document = catalog.load(roots, model.rooms, key)
            found = catalog.reconcile(document.known(), look(), roots=roots, rooms=document.rooms, model=key)
            findings = list(opening.at_first_photo(found))
        except CatalogError as error:
            opening.wait()
            tell_unused(error)
    if findings is None:
        document = SessionDocument(model.rooms, model=model.name)
        findings = list(opening.at_first_photo(reconcile(document.known(), look(), roots=roots)))
    document.settle(findings)
    return document, [finding for finding in findings if finding.state is not State.MISSING]


def _classify(
    args: argparse.Namespace,
    model: ModelFile,
    opening: EngineOpening,
    document: SessionDocument,
    files: list[PhotoFile],
    thumbnails: ThumbnailStore | None,
    bar: ProgressBar,
) -> None:
    side = None if thumbnails is None else thumbnails.side
    with closing(
        classify(files, model, opening.engine, thumbnail_side=side, min_confidence=args.min_confidence)  # type: ignore[type-var]
    ) as results:
        for number, result in enumerate(results, start=1):
            if number == 1 and (notice := opening.engine.result().notice):
                print(notice, file=sys.stderr)
            _record(document, result, thumbnails)
            bar.show(number, len(files))


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
        thumbnails.put(document[photo_id], result.thumbnail)


def problems_of(document: SessionDocument) -> list[Problem]:
    return [photo.problem for photo in document if photo.problem is not None]
