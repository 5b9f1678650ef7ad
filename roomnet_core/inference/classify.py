"""Photos in, predictions out: a stream of results, in the order in which they are done."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import dataclass

from roomnet_core.inference.confidence import predictions
from roomnet_core.inference.engine import Engine
from roomnet_core.inference.model_file import ModelFile
from roomnet_core.inference.preprocessing import Pixels
from roomnet_core.inference.stages import Logits, Pipeline, PreparedPhoto
from roomnet_core.network.card import ModelCard
from roomnet_core.photos.info import PhotoInfo
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.prediction import Prediction, Reading


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


def never() -> bool:
    """The cancel check of a caller that never cancels."""
    return False


def classify(
    photos: Iterable[PhotoFile | Problem],
    model: ModelFile,
    engine: Engine | Future[Engine],
    *,
    cancelled: Callable[[], bool] = never,
    thumbnail_side: int | None = None,
    min_confidence: float | None = None,
    workers: int | None = None,
) -> Iterator[Classified | Problem]:
    """Classify `photos` and yield each result as it is done, not in order. Problems of the scan are passed through.

    Args:
        photos: read lazily, on a thread of its own; memory stays bounded however many there are.
        engine: may still be loading (`open_engine` on another thread); decoding begins meanwhile.
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
    engine: Engine | Future[Engine],
    *,
    cancelled: Callable[[], bool] = never,
    thumbnail_side: int | None = None,
    workers: int | None = None,
) -> Generator[tuple[PreparedPhoto, Logits] | Problem]:
    """What `classify` is made of: each decoded photo with its `(outputs,)` float32 logits, the mean of its views."""
    return Pipeline(
        photos, card, engine, cancelled=cancelled, thumbnail_side=thumbnail_side, workers=workers
    ).run()
