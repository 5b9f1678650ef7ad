"""The catalog and the thumbnail cache with 20,000 photos, and a second visit to a folder of 10,000.

    python -m benchmarks.catalog [--json FILE]

Each figure stands beside a measure of the same machine in the same run: reading the bare rows with SQLite, or
walking the folder. Medians of several runs; everything is made in a temporary folder.
"""

from __future__ import annotations

import argparse
import json
import random
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any

from roomnet_core.photos.info import PhotoInfo
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.photos.scan import scan
from roomnet_core.photos.thumbnail_cache import ThumbnailCache
from roomnet_core.prediction import ModelKey, Prediction, Reading
from roomnet_core.rooms import RoomSet
from roomnet_core.session.changes import label
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.store import Catalog

PHOTOS, FOLDER_PHOTOS, THUMBNAILS, SCREEN = 20_000, 10_000, 20_000, 60
ROOT = Path("/photos/listings")
ROOMS = RoomSet.from_names(["Backyard", "Bathroom", "Bedroom", "Frontyard", "Kitchen", "LivingRoom"])
MODEL = ModelKey("benchmark", "benchmark")


def seconds(work: Callable[[], object], runs: int = 5) -> float:
    """The median time of `work`."""
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        result = work()
        times.append(time.perf_counter() - started)
        del result
    return statistics.median(times)


def reading(chance: random.Random, content: bytes) -> Reading:
    values = [chance.random() for _ in ROOMS]
    prediction = Prediction(tuple(value / sum(values) for value in values), chance.random() < 0.2)
    return Reading(prediction, PhotoInfo(6000, 4000, datetime(2026, 5, 17, 9, 30, 1), "Canon EOS R5"), content)


def fill(document: SessionDocument, files: list[PhotoFile], chance: random.Random) -> None:
    ids = document.add(files)
    document.record({photo_id: reading(chance, file.content) for photo_id, file in zip(ids, files, strict=True)})
    document.apply(label(document, ids[::2], 4))


def measure_catalog(folder: Path) -> dict[str, float]:
    chance = random.Random(1)
    path = folder / "catalog.sqlite"
    files = [
        _with_key(PhotoFile(ROOT / f"{n // 40} Elm Street" / f"IMG_{n}.jpg", ROOT, chance.randrange(10**7), n), chance)
        for n in range(PHOTOS)
    ]
    with closing(Catalog.open(path)) as catalog:
        fill(catalog.load([ROOT], ROOMS, MODEL), files, chance)
    result = {"open": seconds(lambda: Catalog.open(path).close())}
    with closing(Catalog.open(path)) as catalog:
        result["load"] = seconds(lambda: catalog.load([ROOT], ROOMS, MODEL))
        with closing(sqlite3.connect(path)) as bare:
            query = "SELECT * FROM photos LEFT JOIN predictions ON photo = id ORDER BY id"
            result["bare rows"] = seconds(lambda: bare.execute(query).fetchall())
        document = catalog.load([ROOT], ROOMS, MODEL)
        ids = [photo.id for photo in document]
        changes = [label(document, [photo_id], 1) for photo_id in ids[:2000]]
        started = time.perf_counter()
        for change in changes:
            document.apply(change)
            document.summary()
        result["change and summary"] = (time.perf_counter() - started) / len(changes)
        catalog.flush()
        result["change to drive"] = seconds(
            lambda: (document.apply(label(document, [ids[7]], chance.randrange(1000) % 6)), catalog.flush()), 51
        )
    return result


def measure_visit(folder: Path) -> dict[str, float]:
    """A folder of small files that the scan takes for JPEGs: what a second visit costs beside walking it."""
    photos = folder / "photos"
    for n in range(FOLDER_PHOTOS):
        path = photos / f"{n // 100}" / f"IMG_{n}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF" + n.to_bytes(4, "big") * 20)
    with closing(Catalog.open(folder / "visit.sqlite")) as catalog:
        found = [file for file in scan(photos) if isinstance(file, PhotoFile)]
        chance = random.Random(2)
        fill(catalog.load([photos], ROOMS, MODEL), [_with_key(file, chance) for file in found], chance)

        def visit() -> SessionDocument:
            document = catalog.load([photos], ROOMS, MODEL)
            findings = list(
                catalog.reconcile(document.known(), scan(photos), roots=[photos], rooms=ROOMS, model=MODEL)
            )
            assert not any(finding.classify for finding in findings)
            document.settle(findings)
            return document

        return {"second visit": seconds(visit), "walk": seconds(lambda: list(scan(photos)))}


def _with_key(file: PhotoFile, chance: random.Random) -> PhotoFile:
    return PhotoFile(file.path, file.root, file.size, file.mtime_ns, chance.randbytes(16))


def measure_thumbnails(folder: Path) -> dict[str, float]:
    chance = random.Random(3)
    files = [PhotoFile(ROOT / f"{n}.jpg", ROOT, n, n, chance.randbytes(16)) for n in range(THUMBNAILS)]
    jpeg = chance.randbytes(9000)
    with closing(ThumbnailCache.open(folder)) as cache:
        started = time.perf_counter()
        for file in files:
            cache.put(file, 368, jpeg)
        cache.flush()
        writing = (time.perf_counter() - started) / THUMBNAILS
    with closing(ThumbnailCache.open(folder)) as cache:
        screens = [chance.sample(files, SCREEN) for _ in range(20)]
        turns = iter(screens * 3)
        together = seconds(lambda: cache.get_many(next(turns), 368), 20)
        singly = seconds(lambda: [cache.get(file, 368) for file in next(turns)], 20)
        assert cache.notice == "" and len(cache.get_many(screens[0], 368)) == SCREEN
    return {"60 thumbnails at once": together, "60 thumbnails one by one": singly, "write a thumbnail": writing}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the seconds to FILE")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        figures: dict[str, Any] = {
            **measure_catalog(folder),
            **measure_visit(folder),
            **measure_thumbnails(folder / "cache"),
        }
    for what, value in figures.items():
        print(f"{what:<28}{value * 1000:10.3f} ms")
    print(f"load / bare rows            {figures['load'] / figures['bare rows']:10.2f}")
    print(f"second visit / walk         {figures['second visit'] / figures['walk']:10.2f}")
    if args.json is not None:
        args.json.write_text(json.dumps(figures, indent=2) + "\n")


if __name__ == "__main__":
    main()
