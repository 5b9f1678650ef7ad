"""Photos to logits in stages that overlap: read ahead in order, decode on every core, batch what is ready, infer."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from roomnet_core.errors import PhotoError
from roomnet_core.inference.channel import ByteBudget, Channel
from roomnet_core.inference.cores import available_cores, run_in_background
from roomnet_core.inference.engine import Engine
from roomnet_core.inference.preprocessing import Pixels, prepare, scale_pixels
from roomnet_core.network.card import ModelCard
from roomnet_core.photos.decode import decode_photo
from roomnet_core.photos.identity import content_key, content_key_of
from roomnet_core.photos.info import PhotoInfo
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.problems import as_problem
from roomnet_core.photos.reading import read_photo, reasons

Logits = np.ndarray[Any, np.dtype[np.float32]]

# Files that are read and wait for a decoder. Larger ones are left to the decoder, which reads them piece by piece.
_READ, _READ_AHEAD_BYTES = 8, 48 << 20
_LARGEST_READ_AHEAD = 32 << 20
# Decoded photos that may wait for the engine, and results that may wait for the caller: about 150 KB each.
_DECODED, _RESULTS = 32, 16
_POLL_SECONDS = 0.05
_STOP_SECONDS = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class PreparedPhoto:
    """A photo ready for the network: `views` is `(V, S, S, 3) uint8`, `thumbnail` `(h, w, 3) uint8` or None.

    `content` is the photo's `content_key`.
    """

    file: PhotoFile
    views: Pixels
    info: PhotoInfo
    content: bytes
    thumbnail: Pixels | None


@dataclass(frozen=True, slots=True, eq=False)
class _ReadPhoto:
    """A photo on its way to a decoder; `content` is None where the file is too large to be held."""

    file: PhotoFile
    content: bytes | None


class Pipeline:
    """One run over `photos`. `engine` may still be loading: photos are read and decoded meanwhile.

    The threads: one reads files whole and in their order, which is what spinning disks and network drives are quickest
    at; `workers` (default: one a core) decode, and give way to everything else on the computer; one runs the engine,
    with whatever is decoded when it is free, at most one engine batch; the caller uses the results.
    """

    def __init__(
        self,
        photos: Iterable[PhotoFile | Problem],
        card: ModelCard,
        engine: Engine | Future[Engine],
        *,
        cancelled: Callable[[], bool],
        thumbnail_side: int | None = None,
        workers: int | None = None,
    ) -> None:
        self._photos = photos
        self._card = card
        self._engine = engine
        self._cancelled = cancelled
        self._thumbnail_side = thumbnail_side
        self._stop = threading.Event()
        count = workers or available_cores()
        self._read: Channel[_ReadPhoto | Problem | BaseException] = Channel(max(_READ, count), 1, self._stopping)
        self._held = ByteBudget(_READ_AHEAD_BYTES, self._stopping)
        self._decoded: Channel[PreparedPhoto | Problem | BaseException] = Channel(_DECODED, count, self._stopping)
        self._results: Channel[tuple[PreparedPhoto, Logits] | Problem | BaseException] = Channel(
            _RESULTS, 1, self._stopping
        )
        stages: list[tuple[str, Callable[[], None], Channel[Any]]] = [
            ("infer", self._infer_all, self._results),
            *((f"decode-{number}", self._decode_all, self._decoded) for number in range(count)),
            ("read", self._read_all, self._read),
        ]
        # Daemons: a read that hangs must not keep the program from ending.
        self._threads = [
            threading.Thread(target=_run_stage, args=(work, output), name=name, daemon=True)
            for name, work, output in stages
        ]

    def run(self) -> Generator[tuple[PreparedPhoto, Logits] | Problem]:
        """Each photo with its `(outputs,)` float32 logits, the mean of its views, as it is done; then stop the threads.

        Raises:
            Whatever `photos` or the engine raises.
        """
        for thread in self._threads:
            thread.start()
        try:
            while (item := self._results.get()) is not None:
                if isinstance(item, BaseException):
                    raise item
                yield item
        finally:
            self._stop.set()
            # A thread in the middle of a decode ends right after it; a read that hangs must not hang the caller.
            deadline = time.monotonic() + _STOP_SECONDS
            for thread in self._threads:
                thread.join(max(0.0, deadline - time.monotonic()))

    def _stopping(self) -> bool:
        return self._stop.is_set() or self._cancelled()

    def _read_all(self) -> None:
        for item in self._photos:
            if self._stopping():
                return
            self._read.put(item if isinstance(item, Problem) else self._read_ahead(item))

    def _read_ahead(self, file: PhotoFile) -> _ReadPhoto | Problem:
        try:
            content = read_ahead(file)
        except PhotoError as error:
            return as_problem(file.path, file.root, error)
        self._held.take(len(content or b""))
        return _ReadPhoto(file, content)

    def _decode_all(self) -> None:
        run_in_background()
        while (item := self._read.get()) is not None:
            if not isinstance(item, _ReadPhoto):
                self._decoded.put(item)
                continue
            self._decoded.put(self._decode(item))
            self._held.give(len(item.content or b""))

    def _decode(self, photo: _ReadPhoto) -> PreparedPhoto | Problem:
        return prepare_photo(photo.file, photo.content, self._card, self._thumbnail_side)

    def _infer_all(self) -> None:
        engine = self._opened_engine()
        while engine is not None and (item := self._decoded.get()) is not None:
            batch: list[PreparedPhoto] = []
            views = 0
            while item is not None:  # what is ready, at most one engine batch: nothing waits for a full one
                if isinstance(item, PreparedPhoto):
                    batch.append(item)
                    views += len(item.views)
                else:
                    self._results.put(item)
                item = self._decoded.get_ready() if views < engine.batch_size else None
            if batch and not self._stopping():
                self._infer(engine, batch)

    def _infer(self, engine: Engine, batch: list[PreparedPhoto]) -> None:
        for item in infer_batch(engine, batch, self._card):
            self._results.put(item)

    def _opened_engine(self) -> Engine | None:
        """The engine, waited for; None when the run was stopped meanwhile."""
        if not isinstance(self._engine, Future):
            return self._engine
        while not self._stopping():
            try:
                return self._engine.result(_POLL_SECONDS)
            except TimeoutError:
                if self._engine.done():  # opening itself ended in one
                    raise
        return None


def read_ahead(file: PhotoFile) -> bytes | None:
    """The photo's content, or None where it is too large to be held: the decoder then reads it piece by piece.

    Raises:
        PhotoError: the file cannot be read.
    """
    return None if file.size > _LARGEST_READ_AHEAD else read_photo(file.path)


def prepare_photo(
    file: PhotoFile, content: bytes | None, card: ModelCard, thumbnail_side: int | None = None
) -> PreparedPhoto | Problem:
    """Decode one photo into what the network of `card` takes. With `content`, only the name of `file` is used."""
    spec = card.preprocessing
    side = spec.decode_side
    if side is not None and thumbnail_side is not None:
        side = max(side, thumbnail_side)
    path = file.path
    try:
        decoded = decode_photo(path, min_side=side, content=content)
        with reasons(path):
            key = content_key(path) if content is None else content_key_of(content)
    except PhotoError as error:
        return as_problem(path, file.root, error)
    thumbnail = None if thumbnail_side is None else make_thumbnail(decoded.image, thumbnail_side)
    return PreparedPhoto(file, prepare(decoded, spec), decoded.info, key, thumbnail)


def infer_batch(
    engine: Engine, batch: Sequence[PreparedPhoto], card: ModelCard
) -> Iterator[tuple[PreparedPhoto, Logits]]:
    """Each of one or more photos with its `(outputs,)` float32 logits, the mean of its views."""
    pixels = scale_pixels(np.concatenate([photo.views for photo in batch]), card.preprocessing)
    ends = np.cumsum([len(photo.views) for photo in batch])
    for photo, rows in zip(batch, np.split(engine.logits(pixels), ends[:-1]), strict=True):
        yield photo, rows.mean(axis=0)


def make_thumbnail(image: Image.Image, side: int) -> Pixels:
    """`(h, w, 3) uint8`: `image` shrunk until its long side is at most `side` pixels; smaller ones stay as they are."""
    scale = side / max(image.size)
    if scale < 1:
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        image = image.resize(size, Image.Resampling.BILINEAR)
    return np.asarray(image)


def _run_stage(work: Callable[[], None], output: Channel[Any]) -> None:
    try:
        work()
    except BaseException as error:  # raised again where the results are consumed: a thread must not die in silence
        output.put(error)
    finally:
        output.end()
