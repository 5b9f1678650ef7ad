"""Photos in, predictions out: decode on threads, run the engine in batches, stream the results."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image

from roomnet_core.errors import PhotoError
from roomnet_core.inference.confidence import predictions
from roomnet_core.inference.engine import Engine, available_cores
from roomnet_core.inference.model_file import ModelFile
from roomnet_core.inference.preprocessing import prepare, scale_pixels
from roomnet_core.network.card import ModelCard
from roomnet_core.photos.decode import decode_photo
from roomnet_core.photos.identity import content_key
from roomnet_core.photos.info import PhotoInfo
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.problems import as_problem, os_photo_error
from roomnet_core.prediction import Prediction, Reading

Pixels = np.ndarray[Any, np.dtype[np.uint8]]
Logits = np.ndarray[Any, np.dtype[np.float32]]

# Decoded photos that may wait for the engine: about 150 KB each.
_QUEUE_SIZE = 32
_POLL_SECONDS = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Classified:
    """One photo's result. `thumbnail` is `(h, w, 3) uint8` or None, `content` the photo's `content_key`."""

    file: PhotoFile
    prediction: Prediction
    info: PhotoInfo
    content: bytes
    thumbnail: Pixels | None

    @property
    def reading(self) -> Reading:
        """What a session keeps of it."""
        return Reading(self.prediction, self.info, self.content)


@dataclass(frozen=True, slots=True, eq=False)
class DecodedPhotoViews:
    """A photo ready for the network: `views` is `(V, S, S, 3) uint8`, the rest as in `Classified`."""

    file: PhotoFile
    views: Pixels
    info: PhotoInfo
    content: bytes
    thumbnail: Pixels | None


def never() -> bool:
    """The cancel check of a caller that never cancels."""
    return False


def classify(
    photos: Iterable[PhotoFile | Problem],
    model: ModelFile,
    engine: Engine,
    *,
    cancelled: Callable[[], bool] = never,
    thumbnail_side: int | None = None,
    min_confidence: float | None = None,
    workers: int | None = None,
) -> Iterator[Classified | Problem]:
    """Classify `photos` and yield each result as it is done, not in order. Problems of the scan are passed through.

    Args:
        photos: read lazily, on a thread of its own; memory stays bounded however many there are.
        cancelled: asked many times a second from several threads; once true, the iteration ends within 0.3 s (a
            decode that is under way is not waited for).
        thumbnail_side: the long side in pixels of the thumbnails to make from the same decode; None makes none.
        min_confidence: replaces the threshold of the model's card in 0..1.
        workers: decoding threads; default: one a core.

    Raises:
        Whatever `photos` or the engine raises; the threads are stopped first.
    """
    calibration = model.card.calibration
    stream = stream_logits(
        photos, model.card, engine, cancelled=cancelled, thumbnail_side=thumbnail_side, workers=workers
    )
    try:
        for item in stream:
            if isinstance(item, Problem):
                yield item
            else:
                photo, logits = item
                (prediction,) = predictions(logits[None], calibration, threshold=min_confidence)
                yield Classified(photo.file, prediction, photo.info, photo.content, photo.thumbnail)
    finally:
        stream.close()


def stream_logits(
    photos: Iterable[PhotoFile | Problem],
    card: ModelCard,
    engine: Engine,
    *,
    cancelled: Callable[[], bool] = never,
    thumbnail_side: int | None = None,
    workers: int | None = None,
) -> Generator[tuple[DecodedPhotoViews, Logits] | Problem]:
    """What `classify` is made of: each decoded photo with its `(outputs,)` float32 logits, the mean of its views."""
    stop = threading.Event()
    source = _Source(photos)
    results: queue.Queue[DecodedPhotoViews | Problem | BaseException | None] = queue.Queue(_QUEUE_SIZE)
    count = workers or available_cores()

    def stopping() -> bool:
        return stop.is_set() or cancelled()

    def put(item: DecodedPhotoViews | Problem | BaseException | None) -> None:
        while not stopping():
            try:
                return results.put(item, timeout=_POLL_SECONDS)
            except queue.Full:
                continue

    def decode() -> None:
        try:
            while not stopping():
                item = source.next()
                if item is None:
                    break
                put(item if isinstance(item, Problem) else _decode(item, card, thumbnail_side))
        except BaseException as error:  # the consumer raises it: a worker must not die in silence
            put(error)
        finally:
            put(None)

    threads = [threading.Thread(target=decode, name=f"decode-{number}", daemon=True) for number in range(count)]
    for thread in threads:
        thread.start()
    try:
        yield from _infer(results, count, card, engine, cancelled)
    finally:
        stop.set()
        # A thread in the middle of a decode ends right after it; a read that hangs must not hang the caller.
        deadline = time.monotonic() + 0.25
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))


class _Source:
    """Hands the items of one iterator to several threads; after the end, or an error, everyone gets None."""

    def __init__(self, items: Iterable[PhotoFile | Problem]) -> None:
        self._items = iter(items)
        self._lock = threading.Lock()
        self._ended = False

    def next(self) -> PhotoFile | Problem | None:
        with self._lock:
            if self._ended:
                return None
            try:
                return next(self._items)
            except StopIteration:
                self._ended = True
                return None
            except BaseException:
                self._ended = True
                raise


def _decode(file: PhotoFile, card: ModelCard, thumbnail_side: int | None) -> DecodedPhotoViews | Problem:
    spec = card.preprocessing
    side = spec.decode_side
    if side is not None and thumbnail_side is not None:
        side = max(side, thumbnail_side)
    try:
        photo = decode_photo(file.path, min_side=side)
        content = content_key(file.path)
    except PhotoError as error:
        return as_problem(file.path, file.root, error)
    except OSError as error:  # the file went away right after it was decoded
        return as_problem(file.path, file.root, os_photo_error(file.path, error))
    thumbnail = None if thumbnail_side is None else make_thumbnail(photo.rgb, thumbnail_side)
    return DecodedPhotoViews(file, prepare(photo.rgb, spec), photo.info, content, thumbnail)


def make_thumbnail(rgb: Pixels, side: int) -> Pixels:
    """`(H, W, 3) uint8` shrunk so that its long side is at most `side` pixels; smaller photos stay as they are."""
    scale = side / max(rgb.shape[:2])
    if scale >= 1:
        return rgb
    size = (max(1, round(rgb.shape[1] * scale)), max(1, round(rgb.shape[0] * scale)))
    return np.asarray(Image.fromarray(rgb).resize(size, Image.Resampling.BILINEAR))


def _infer(
    results: queue.Queue[DecodedPhotoViews | Problem | BaseException | None],
    producers: int,
    card: ModelCard,
    engine: Engine,
    cancelled: Callable[[], bool],
) -> Iterator[tuple[DecodedPhotoViews, Logits] | Problem]:
    """Collect what is ready, at most one engine batch, and yield its results: nothing waits for a full batch."""
    running = producers
    while running and not cancelled():
        batch: list[DecodedPhotoViews] = []
        views = 0
        while views < engine.batch_size:
            try:
                item = results.get(timeout=0 if batch else _POLL_SECONDS)
            except queue.Empty:
                break
            if item is None:
                running -= 1
                if not running:
                    break
            elif isinstance(item, BaseException):
                raise item
            elif isinstance(item, Problem):
                yield item
            else:
                batch.append(item)
                views += len(item.views)
        if batch and not cancelled():
            pixels = scale_pixels(np.concatenate([item.views for item in batch]), card.preprocessing)
            ends = np.cumsum([len(item.views) for item in batch])
            for item, rows in zip(batch, np.split(engine.logits(pixels), ends[:-1]), strict=True):
                yield item, rows.mean(axis=0)
