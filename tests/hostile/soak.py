"""`make soak`: as many photos through one process as a busy office has in a day, session after session; memory is flat.

Each session does what the window and the command line do with a folder: a catalog is opened, the folder scanned and
compared with it, every photo read, decoded, classified by the shipped network and recorded, its thumbnail kept, a list
exported, everything closed. The photos are small, so that most of the time goes into what could leak.
"""

from __future__ import annotations

import argparse
import itertools
import os
import platform
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil

from roomnet_core.export.json import classification_document, write_json
from roomnet_core.inference.classify import Classified, classify
from roomnet_core.inference.engine import Engine, open_engine
from roomnet_core.inference.model_file import ModelFile, find_model
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.scan import scan
from roomnet_core.photos.thumbnail_cache import ThumbnailCache, encode_thumbnail
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.store import Catalog
from tests.hostile.page import write_figures
from tests.pictures import make_picture

MOST_GROWTH = 50_000_000
_DIFFERENT = 100


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile.soak", description=__doc__)
    parser.add_argument("--photos", type=int, default=200_000)
    parser.add_argument("--session", type=int, default=2_000, help="photos a session")
    args = parser.parse_args()
    model = find_model("roomnet-compact")
    memory: list[int] = []
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="roomnet-soak-") as temporary, closing(open_engine(model)) as engine:
        folder = _photos(Path(temporary) / "photos", args.session)
        for number in range(-(-args.photos // args.session)):
            _session(folder, Path(temporary) / f"data {number}", model, engine, args.session)
            memory.append(psutil.Process().memory_info().rss)
            if number % 10 == 9:
                print(f"{(number + 1) * args.session:,} photos, {memory[-1] / 1e6:.0f} MB", flush=True)
    settled, rest = memory[: max(1, len(memory) // 20)], memory[len(memory) // 20 :]
    growth = max(rest) - settled[-1]
    minutes = (time.monotonic() - started) / 60
    words = (
        f"{len(memory) * args.session:,} photos in {len(memory)} sessions of one process took {minutes:.0f} "
        f"minutes. It held {settled[-1] / 1e6:.0f} MB after the first {len(settled)} sessions and at most "
        f"{max(rest) / 1e6:.0f} MB after any later one: {growth / 1e6:+.0f} MB ({platform.system()}, Python "
        f"{platform.python_version()})."
    )
    print(words)
    if growth > MOST_GROWTH:
        return 1
    if args.photos >= 200_000:
        write_figures("soak", words)
    return 0


def _photos(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(count):
        path = folder / f"IMG_{number}.jpg"
        if number < _DIFFERENT:
            make_picture(number, (160, 120)).save(path)
        else:
            os.link(folder / f"IMG_{number % _DIFFERENT}.jpg", path)
    return folder


def _session(folder: Path, data: Path, model: ModelFile, engine: Engine, photos: int) -> None:
    with closing(Catalog.open(data / "catalog.sqlite")) as catalog, closing(ThumbnailCache.open(data)) as cache:
        key = model.key()
        document = catalog.load([folder], model.rooms, key)
        findings = list(
            catalog.reconcile(document.known(), scan(folder), roots=[folder], rooms=document.rooms, model=key)
        )
        document.settle(findings)
        files = [finding.item for finding in findings if finding.classify]
        results = _classified(files, model, engine, cache)
        while group := list(itertools.islice(results, 64)):
            document.record({_id_of(document, result.file): result.reading for result in group})
        assert sum(photo.prediction is not None for photo in document) == photos
        listed = classification_document(list(document), document.rooms, model=model.name)
        write_json(data / "rooms.json", listed)
    for path in data.iterdir():
        path.unlink()
    data.rmdir()


def _classified(
    files: list[PhotoFile | Problem], model: ModelFile, engine: Engine, cache: ThumbnailCache
) -> Iterator[Classified]:
    for result in classify(files, model, engine, thumbnail_side=128):
        assert isinstance(result, Classified) and result.thumbnail is not None
        cache.put(result.file, 128, encode_thumbnail(result.thumbnail))
        yield result


def _id_of(document: SessionDocument, file: PhotoFile) -> int:
    photo_id = document.id_of(file.path)
    assert photo_id is not None
    return photo_id


if __name__ == "__main__":
    sys.exit(main())
