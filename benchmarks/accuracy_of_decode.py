"""Does the quick decode cost accuracy? The labelled test photos at 12 MP, decoded at 1/8 of the size and whole.

    python -m benchmarks.accuracy_of_decode [--model NAME] [--photos N]

Each photo is scaled up with a sensor's grain and saved as a camera would (benchmarks.photos), then goes through the
model twice. Takes 10 minutes for all of them on two cores.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.photos import REPOSITORY, labelled_photos, make_photo
from roomnet_core.inference.confidence import predictions
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import ModelFile, find_model
from roomnet_core.inference.preprocessing import prepare, scale_pixels
from roomnet_core.photos.decode import decode_photo


def views_of(job: tuple[int, Path, Any]) -> list[np.ndarray[Any, Any]]:
    """The network's input of one photo: from the reduced decode, and from the whole one."""
    number, source, spec = job
    with tempfile.TemporaryDirectory() as folder:
        photo = Path(folder) / "photo.jpg"
        make_photo(photo, source, 12.0, number)
        return [prepare(decode_photo(photo, min_side=side).image, spec) for side in (spec.decode_side, None)]


def predicted(model: ModelFile, jobs: list[tuple[int, Path, Any]]) -> Iterator[list[Any]]:
    calibration = model.card.calibration
    with closing(open_engine(model, "litert", threads=1)) as engine, ProcessPoolExecutor() as pool:
        for done, views in enumerate(pool.map(views_of, jobs, chunksize=4), start=1):
            logits = [engine.logits(scale_pixels(view, model.card.preprocessing)).mean(axis=0) for view in views]
            yield [predictions(row[None], calibration)[0] for row in logits]
            if done % 50 == 0:
                print(f"  {done} of {len(jobs)}", file=sys.stderr, flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--model", help="by name or folder (default: the default model)")
    parser.add_argument("--photos", type=int, help="only so many of them")
    parser.add_argument("--json", type=Path, default=REPOSITORY / "runs" / "accuracy_of_decode.json")
    options = parser.parse_args()
    model = find_model(options.model)
    ids = {room.name: room.id for room in model.rooms}
    chosen = [(file, ids[room]) for file, room in labelled_photos() if room in ids][: options.photos]
    if not chosen:
        parser.error("the labelled photos are not here")
    jobs = [(number, file, model.card.preprocessing) for number, (file, _) in enumerate(chosen)]
    found = list(predicted(model, jobs))
    right = np.array([[p.room_id == room for p in pair] for pair, (_, room) in zip(found, chosen, strict=True)])
    quick, whole = right.mean(axis=0) * 100
    result = {
        "model": model.name,
        "photos": len(chosen),
        "accuracy_reduced": round(quick, 2),
        "accuracy_whole": round(whole, 2),
        "difference": round(quick - whole, 2),
        "other_room": sum(one.room_id != other.room_id for one, other in found),
        "largest_confidence_difference": round(max(abs(one.confidence - other.confidence) for one, other in found), 4),
    }
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    for name, value in result.items():
        print(f"{name:32}{value}")
    return 0 if abs(quick - whole) <= 0.3 else 1


if __name__ == "__main__":
    sys.exit(main())
