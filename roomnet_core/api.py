"""RoomNet in three lines, for notebooks and other programs: `from roomnet_core import classify_folder`."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class PhotoResult:
    """What the model says of one file, or why it says nothing.

    `room` is the stable name of the class (`LivingRoom`), empty where there is a `problem`. `confidence` is its
    calibrated probability in 0..1, `unsure` the model's own verdict that a person should look. `probabilities` has
    every room, in the order of the model's outputs. `problem` is a sentence about a file that could not be read,
    else empty.
    """

    path: Path
    room: str
    confidence: float
    unsure: bool
    probabilities: Mapping[str, float]
    problem: str = ""


def classify_folder(
    folder: str | os.PathLike[str],
    *,
    model: str | os.PathLike[str] | None = None,
    engine: str = "auto",
    min_confidence: float | None = None,
    cancelled: Callable[[], bool] = _never,
) -> Iterator[PhotoResult]:
    """Classify every photo in `folder` and its subfolders (or one photo), and yield each result as it is done.

    The photos are only read, nothing is remembered, and memory stays bounded however many there are. The order is that
    in which they are done; use `sorted(..., key=lambda photo: photo.path)` for another.

        from roomnet_core import classify_folder

        for photo in classify_folder("Photos"):
            print(photo.path.name, photo.room, f"{photo.confidence:.0%}", "?" if photo.unsure else photo.problem)

    Args:
        model: the name of an installed model or its folder; default: the model that ships as the default.
        engine: `auto`, `litert` or `tensorflow`.
        min_confidence: replaces the model's own threshold, in 0..1, below which a photo is unsure.
        cancelled: asked many times a second; once true, the iteration ends within 0.3 s.

    Raises:
        RoomNetError: the folder does not exist, or the model cannot be found, trusted or run; before the first result.
    """
    # These bring in numpy and Pillow, which a program that only imports the package need not pay for.
    from roomnet_core.inference.classify import classify
    from roomnet_core.inference.engine import open_engine_in_background
    from roomnet_core.inference.model_file import find_model
    from roomnet_core.photos.photo_file import Problem
    from roomnet_core.photos.scan import scan

    chosen = find_model(None if model is None else os.fspath(model))
    photos = scan(Path(folder), cancelled=cancelled)
    names = chosen.rooms.names

    def results() -> Iterator[PhotoResult]:
        opening = open_engine_in_background(chosen, engine)
        stream = classify(photos, chosen, opening, cancelled=cancelled, min_confidence=min_confidence)
        try:
            with closing(stream):  # type: ignore[type-var]
                for result in stream:
                    if isinstance(result, Problem):
                        yield PhotoResult(result.path, "", 0.0, True, {}, result.message)
                        continue
                    prediction = result.prediction
                    yield PhotoResult(
                        result.file.path,
                        names[prediction.room_id],
                        prediction.confidence,
                        prediction.unsure,
                        dict(zip(names, prediction.probabilities, strict=True)),
                    )
        finally:
            if opening.exception() is None:
                opening.result().close()

    return results()
