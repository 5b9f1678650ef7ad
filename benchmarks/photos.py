"""The benchmarks' photos: real ones scaled up with a sensor's grain, or made in code; never committed.

Cameras differ, so the photos do: four JPEG qualities, three chroma subsamplings, some progressive, a quarter of them
lying on their side with an EXIF orientation, all with an EXIF block of a camera's size.
"""

from __future__ import annotations

import csv
import os
import random
from concurrent.futures import ProcessPoolExecutor
from itertools import repeat
from pathlib import Path

import numpy as np
from PIL import Image

from roomnet_core.inference.model_file import DEFAULT_MODEL

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("ROOMNET_SHARED", REPOSITORY.parent / "shared"))
# What the goals were set for, and what people get unless they ask for another.
MODELS = tuple(dict.fromkeys(("roomnet-compact", DEFAULT_MODEL)))

# (quality, chroma subsampling, progressive), taken in turn.
KINDS = (
    (90, "4:2:0", False),
    (95, "4:2:2", False),
    (85, "4:2:0", False),
    (95, "4:4:4", False),
    (75, "4:2:0", False),
    (90, "4:2:2", False),
    (95, "4:2:0", False),
    (88, "4:2:0", True),
)
# The EXIF orientation, taken in turn: 6 and 8 are how a phone held upright stores its photos.
ORIENTATIONS = (1, 1, 6, 1, 1, 1, 8, 1, 1, 3, 1)
_GRAIN = 3.0
_EXIF_ORIENTATION, _EXIF_MAKE, _EXIF_MODEL = 0x0112, 0x010F, 0x0110


def labelled_photos(split: str = "test") -> list[tuple[Path, str]]:
    """The labelled photos of `split` as (file, room), in a fixed shuffled order; none where there are none."""
    manifest = SHARED / "data" / "manifest.csv"
    if not manifest.is_file():
        return []
    with manifest.open(encoding="utf-8", newline="") as stream:
        rows = sorted((row["file"], row["room"]) for row in csv.DictReader(stream) if row["split"] == split)
    random.Random(0).shuffle(rows)
    return [(manifest.parent / file, room) for file, room in rows]


def make_photos(folder: Path, count: int, megapixels: float) -> str:
    """Fill the new `folder` with `count` different JPEGs of that size; returns what they were made of."""
    folder.mkdir(parents=True)
    sources = [file for file, _ in labelled_photos()]
    chosen = [sources[number % len(sources)] if sources else None for number in range(count)]
    names = [folder / f"photo-{number:05}.jpg" for number in range(count)]
    with ProcessPoolExecutor() as pool:
        list(pool.map(make_photo, names, chosen, repeat(megapixels), range(count), chunksize=4))
    return "real photos, scaled up" if sources else "pictures made in code"


def make_photo(target: Path, source: Path | None, megapixels: float, number: int) -> None:
    """Write one JPEG of about `megapixels` to `target`: its kind, orientation and grain follow from `number`."""
    quality, subsampling, progressive = KINDS[number % len(KINDS)]
    orientation = ORIENTATIONS[number % len(ORIENTATIONS)]
    large = enlarge(_picture(source, number), megapixels, number)
    # What a viewer turns upright is stored turned the other way.
    turn = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    if (transpose := turn[orientation]) is not None:
        large = large.transpose(transpose)
    exif = Image.Exif()
    exif[_EXIF_ORIENTATION], exif[_EXIF_MAKE], exif[_EXIF_MODEL] = orientation, "RoomNet", "Benchmark"
    large.save(target, quality=quality, subsampling=subsampling, progressive=progressive, exif=exif)


def enlarge(picture: Image.Image, megapixels: float, seed: int) -> Image.Image:
    """`picture` scaled to that size with a sensor's grain, without which it would be quick to decode."""
    factor = (megapixels * 1e6 / (picture.width * picture.height)) ** 0.5
    size = (round(picture.width * factor), round(picture.height * factor))
    large = np.asarray(picture.convert("RGB").resize(size, Image.Resampling.BICUBIC))
    grain = np.random.default_rng(seed).standard_normal((size[1], size[0], 1), np.float32)
    grain *= _GRAIN
    return Image.fromarray(np.clip(large + grain, 0, 255).astype(np.uint8))


def repeat_photos(folder: Path, sources: Path, count: int) -> None:
    """Fill the new `folder` with `count` names for the photos in `sources`: hard links, copies where there are none."""
    folder.mkdir(parents=True)
    files = sorted(sources.iterdir())
    for number in range(count):
        source, target = files[number % len(files)], folder / f"photo-{number:06}.jpg"
        try:
            target.hardlink_to(source)
        except OSError:
            target.write_bytes(source.read_bytes())


def make_small_photos(folder: Path, count: int, *, side: int = 320, distinct: int = 64) -> None:
    """Fill the new `folder` with `count` small JPEGs made in code, each file of its own with its own bytes."""
    folder.mkdir(parents=True)
    stock = []
    for seed in range(distinct):
        target = folder / "stock.jpg"
        enlarge(made_in_code(seed), side * side * 3 / 4 / 1e6, seed).save(target, quality=85)
        stock.append(target.read_bytes())
        target.unlink()
    for number in range(count):
        # What follows a JPEG's end is ignored: it makes each file different for whoever hashes it.
        content = stock[number % distinct] + f"{number:08}".encode()
        (folder / f"small-{number:06}.jpg").write_bytes(content)


def made_in_code(seed: int) -> Image.Image:
    """A small picture of soft patches of colour."""
    patches = np.random.default_rng(seed).integers(20, 235, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(patches).resize((320, 240), Image.Resampling.BICUBIC)


def _picture(source: Path | None, number: int) -> Image.Image:
    if source is None:
        return made_in_code(number)
    with Image.open(source) as picture:
        return picture.convert("RGB")
