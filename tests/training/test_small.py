"""The short lists for a trial of the commands that make the models."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="PyTorch is only needed to train the shipped models")

from roomnet_core.training.dataset import read_manifest
from training.make import LABELS, all_photos
from training.recipes import CLASSES
from training.small import write_small


def test_a_few_photos_of_every_label_and_split_and_the_links_to_them(tmp_path: Path) -> None:
    data = tmp_path / "data"
    for name in ("photos", "pool"):
        (data / name).mkdir(parents=True)
    with LABELS.open(newline="", encoding="utf-8") as stream:
        pool = list(csv.DictReader(stream))
    (data / "pool.csv").write_text("file,site,original_name\n" + "".join(f"{r['file']},{r['site']},x\n" for r in pool))
    rows = [
        f"photos/{room}-{split}-{number}.jpg,{room},made,,{split}\n"
        for room in (*CLASSES, "Other")
        for split in ("train", "val", "test")
        for number in range(5)
    ]
    (data / "manifest.csv").write_text("file,room,source,group,split\n" + "".join(rows))
    small = tmp_path / "small"
    write_small(data / "manifest.csv", small, photos=3)
    dataset = read_manifest(
        small / "manifest.csv", CLASSES, extra_labels=[small / "labels.csv"], splits=("train", "val", "test")
    )
    counts = Counter((example.source, example.label, example.split) for example in dataset.examples)
    assert counts["made", "Kitchen", "test"] == counts["made", "Other", "train"] == 3
    assert max(counts.values()) == 3 and counts["labels", "Backyard", "train"] == 3
    assert (small / "photos").resolve() == data / "photos" and (small / "pool").is_dir()
    assert all(
        example.split == "test" or example.path in all_photos(small / "manifest.csv") for example in dataset.examples
    )
