"""Does the quick decode cost accuracy? The labelled test photos at 12 MP, decoded at 1/8 of the size and whole.

    python -m benchmarks.accuracy_of_decode [--models NAME ...] [--photos N] [--split test|val]

Each photo is scaled up with a sensor's grain and saved as a camera would (benchmarks.photos), then goes through each
model twice. Takes 3 minutes for all of them on two cores; a part of `make bench`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.photos import MODELS, labelled_photos, make_photo
from roomnet_core.inference.confidence import predictions
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import ModelFile, find_model
from roomnet_core.inference.preprocessing import prepare, scale_pixels
from roomnet_core.photos.decode import decode_photo
from roomnet_core.prediction import Prediction

Views = list[np.ndarray[Any, Any]]


def views_of(job: tuple[int, Path, list[Any]]) -> list[Views]:
    """The networks' inputs of one photo: for each pre-processing from the reduced decode, and from the whole one."""
    number, source, specs = job
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "photo.jpg"
        make_photo(photo, source, 12.0, number)
        pictures = {side: decode_photo(photo, min_side=side) for side in {None, *(s.decode_side for s in specs)}}
        return [[prepare(pictures[side], spec) for side in (spec.decode_side, None)] for spec in specs]


def measure(models: Sequence[ModelFile], photos: int | None = None, split: str = "test") -> list[dict[str, Any]]:
    """The figures of each model over the labelled photos of its rooms (`photos`: only so many); [] without any."""
    labelled = labelled_photos(split)
    chosen = [(file, room) for file, room in labelled if all(room in m.rooms.names for m in models)][:photos]
    if not chosen:
        return []
    specs = [model.card.preprocessing for model in models]
    found: list[list[list[Prediction]]] = [[] for _ in models]
    with ExitStack() as stack:
        engines = [stack.enter_context(closing(open_engine(model, "litert", threads=1))) for model in models]
        pool = stack.enter_context(ProcessPoolExecutor())
        jobs = [(number, file, specs) for number, (file, _) in enumerate(chosen)]
        for done, of_photo in enumerate(pool.map(views_of, jobs, chunksize=4), start=1):
            for model, engine, views, of_model in zip(models, engines, of_photo, found, strict=True):
                logits = [engine.logits(scale_pixels(view, model.card.preprocessing)).mean(axis=0) for view in views]
                of_model.append(predictions(np.stack(logits), model.card.calibration))
            if done % 100 == 0:
                print(f"  {done} of {len(jobs)}", file=sys.stderr, flush=True)
    return [_figures(model, pairs, [room for _, room in chosen]) for model, pairs in zip(models, found, strict=True)]


def _figures(model: ModelFile, pairs: list[list[Prediction]], rooms: list[str]) -> dict[str, Any]:
    names = model.rooms.names
    right = np.array([[names[p.room_id] == room for p in pair] for pair, room in zip(pairs, rooms, strict=True)])
    quick, whole = (float(share) * 100 for share in right.mean(axis=0))
    return {
        "model": model.name,
        "photos": len(pairs),
        "accuracy_reduced": round(quick, 2),
        "accuracy_whole": round(whole, 2),
        "difference": round(abs(quick - whole), 2),
        "other_room": sum(one.room_id != other.room_id for one, other in pairs),
        "largest_confidence_difference": round(max(abs(one.confidence - other.confidence) for one, other in pairs), 4),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models", nargs="+", default=list(MODELS), help="by name or folder (default: %(default)s)")
    parser.add_argument("--photos", type=int, help="only so many of them")
    parser.add_argument("--split", choices=("test", "val"), default="test", help="of the photos (default: %(default)s)")
    options = parser.parse_args()
    results = measure([find_model(name) for name in options.models], options.photos, options.split)
    if not results:
        parser.error("the labelled photos are not here")
    print(json.dumps(results, indent=2))
    return 0 if all(result["difference"] <= 0.3 for result in results) else 1


if __name__ == "__main__":
    sys.exit(main())
