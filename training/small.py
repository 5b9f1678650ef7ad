"""`python -m training.small FOLDER`: short lists of the labelled photos, to try the commands that make the models.

FOLDER gets a `manifest.csv`, a `pool.csv` and its `labels.csv` of a few photos of every label and split, and links to
the folders that the photos lie in.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter
from pathlib import Path

from training.make import LABELS

PHOTOS = 8


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/manifest.csv"))
    args = parser.parse_args()
    write_small(args.data, args.folder)


def write_small(manifest: Path, folder: Path, photos: int = PHOTOS) -> None:
    """Write the lists of at most `photos` photos of every label in every split into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("photos", "pool"):
        link = folder / name
        if not link.exists():
            link.symlink_to((manifest.parent / name).resolve(), target_is_directory=True)
    _few(manifest, folder / "manifest.csv", ("room", "split"), photos)
    kept = _few(LABELS, folder / "labels.csv", ("label", "split"), photos)
    pool = manifest.with_name("pool.csv")
    _copy(pool, folder / "pool.csv", [row for row in _rows(pool) if row["file"] in kept])


def _few(table: Path, target: Path, columns: tuple[str, ...], photos: int) -> set[str]:
    seen: Counter[tuple[str, ...]] = Counter()
    chosen = []
    for row in _rows(table):
        key = tuple(row[column] for column in columns)
        seen[key] += 1
        if seen[key] <= photos:
            chosen.append(row)
    _copy(table, target, chosen)
    return {row["file"] for row in chosen}


def _rows(table: Path) -> list[dict[str, str]]:
    with table.open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _copy(table: Path, target: Path, rows: list[dict[str, str]]) -> None:
    with target.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.DictWriter(stream, _rows(table)[0].keys())
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main()
