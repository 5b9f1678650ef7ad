"""Labelled photos: splits keep groups whole, sampling weights, label files and bad input."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from roomnet_core.errors import TrainingError
from roomnet_core.network.card import Preprocessing
from roomnet_core.training.augmentation import Augmentation, augment
from roomnet_core.training.dataset import OTHER, Example, read_folders, read_manifest, sampling_weights
from roomnet_core.training.reader import TrainingReader

CLASSES = ("Bath", "Bed")


def write_csv(path: Path, header: str, *rows: str) -> Path:
    path.write_text("\n".join([header, *rows]) + "\n")
    return path


def make_tree(root: Path, classes: tuple[str, ...] = CLASSES, listings: int = 8, photos: int = 3) -> Path:
    for label in classes:
        for listing in range(listings):
            (root / label / f"house{listing}").mkdir(parents=True)
            for number in range(photos):
                image = Image.new("RGB", (20, 20), (listing * 9, number * 9, 0))
                image.save(root / label / f"house{listing}" / f"{number}.png")
    return root


def test_a_listing_goes_whole_to_one_side_and_stays_there(tmp_path: Path) -> None:
    make_tree(tmp_path)
    first = read_folders(tmp_path, validation_share=0.4)
    sides: dict[str, set[str]] = {}
    for example in first.examples:
        sides.setdefault(example.group, set()).add(example.split)
    assert all(len(side) == 1 for side in sides.values())
    assert {example.split for example in first.examples} == {"train", "val"}
    Image.new("RGB", (20, 20)).save(tmp_path / "Bed" / "house0" / "new.png")
    second = {example.path: example.split for example in read_folders(tmp_path, validation_share=0.4).examples}
    assert all(second[example.path] == example.split for example in first.examples)


def test_few_listings_still_give_both_sides_whole_listings(tmp_path: Path) -> None:
    make_tree(tmp_path, listings=2)
    for seed in range(8):
        dataset = read_folders(tmp_path, validation_share=0.05, seed=seed)
        sides = {(example.group, example.split) for example in dataset.examples}
        assert len(sides) == 2 and {split for _, split in sides} == {"train", "val"}


def test_other_is_no_class_and_one_class_is_not_enough(tmp_path: Path) -> None:
    make_tree(tmp_path / "a", ("Bath", "Bed", "_other"), listings=1)
    dataset = read_folders(tmp_path / "a")
    assert dataset.classes == CLASSES
    assert max(dataset.label_ids(dataset.examples)) == 2
    make_tree(tmp_path / "b", ("Bath",), listings=1)
    with pytest.raises(TrainingError, match="at least two"):
        read_folders(tmp_path / "b")
    with pytest.raises(TrainingError, match="There is no folder"):
        read_folders(tmp_path / "nowhere")


def test_a_manifest_and_label_files(tmp_path: Path) -> None:
    manifest = write_csv(
        tmp_path / "manifest.csv",
        "file,room,scene,source,group,split",
        "a.jpg,Bath,Bath,web,g1,train",
        "b.jpg,Other,Hall,web,g1,train",
        "c.jpg,Bed,Bed,web,g2,val",
        "d.jpg,Bed,Bed,elsewhere,g9,test",
    )
    labels = write_csv(
        tmp_path / "pool.csv",
        "file,site,label,split",
        "e.jpg,site1,Bed,train",
        "f.jpg,site1,unusable,train",
        "g.jpg,site2,Other,val",
    )
    dataset = read_manifest(manifest, CLASSES, extra_labels=[labels])
    assert dataset.counts("train") == {"Bath": 1, "Bed": 1, OTHER: 1}
    assert dataset.counts("val") == {"Bath": 0, "Bed": 1, OTHER: 1}
    assert not dataset.split("test")
    with pytest.raises(TrainingError, match="lacks the columns"):
        read_manifest(labels, CLASSES)
    with pytest.raises(TrainingError, match="cannot be read"):
        read_manifest(tmp_path / "gone.csv", CLASSES)


def test_corrections_replace_labels_and_leave_photos_out(tmp_path: Path) -> None:
    header = "file,room,source,group,split"
    rows = ("a.jpg,Bath,web,,train", "b.jpg,Bed,web,,val", "c.jpg,Bed,web,,train", "d.jpg,Hall,web,,train")
    manifest = write_csv(tmp_path / "manifest.csv", header, *rows)
    labels = write_csv(tmp_path / "pool.csv", "file,site,label,split", "e.jpg,site,Bath,train")
    changes = ("a.jpg,Bed,wrong", "b.jpg,Bath,wrong", "c.jpg,unusable,blurred", "d.jpg,Bath,wrong", "e.jpg,Other,wrong")
    corrections = write_csv(tmp_path / "corrections.csv", "file,label,why", *changes)
    dataset = read_manifest(manifest, CLASSES, extra_labels=[labels], corrections=[corrections])
    found = {example.path.name: (example.label, example.split) for example in dataset.examples}
    assert found == {
        "a.jpg": ("Bed", "train"),
        "b.jpg": ("Bath", "val"),
        "d.jpg": ("Bath", "train"),
        "e.jpg": (OTHER, "train"),
    }


def test_a_group_on_two_sides_is_refused(tmp_path: Path) -> None:
    manifest = write_csv(
        tmp_path / "m.csv", "file,room,source,group,split", "a.jpg,Bath,web,g,train", "b.jpg,Bed,web,g,val"
    )
    with pytest.raises(TrainingError, match="two sides"):
        read_manifest(manifest, CLASSES)


def test_sampling_weights_balance_classes_and_favour_sources() -> None:
    labels = ["Bath"] * 90 + ["Bed"] * 10
    examples = [Example(Path(str(n)), label, "a" if n % 2 else "b", "", "train") for n, label in enumerate(labels)]
    even = np.array(sampling_weights(examples, class_power=1.0))
    assert even[:90].sum() == pytest.approx(even[90:].sum())
    favoured = np.array(sampling_weights(examples, class_power=0.0, source_weights={"a": 3.0}))
    assert favoured[1] == pytest.approx(3 * favoured[0])
    assert favoured.mean() == pytest.approx(1)


def test_the_reader_repeats_itself_and_follows_the_weights(tmp_path: Path) -> None:
    paths = []
    for number in range(8):
        paths.append(tmp_path / f"{number}.png")
        Image.new("RGB", (40, 40), (number * 30,) * 3).save(paths[-1])
    (tmp_path / "0.png").write_bytes(b"broken")

    def reader(weights: list[float]) -> TrainingReader:
        return TrainingReader(
            paths,
            np.eye(8, dtype=np.float32),
            weights=weights,
            size=24,
            batch_size=8,
            preprocessing=Preprocessing(input_size=24, decode_side=24),
            augmentation=Augmentation(),
            seed=4,
        )

    first, second = reader([1] * 8), reader([1] * 8)
    x, y = first[0]
    assert x.shape == (8, 24, 24, 3) and x.dtype == np.float32
    np.testing.assert_array_equal(x, second[0][0])
    assert y[:, 0].sum() == 0  # the broken photo was replaced by another
    first.on_epoch_end()
    assert not np.array_equal(x, first[0][0])
    _, y = reader([0, 0, 0, 0, 0, 0, 1, 3])[0]
    assert y[:, 6].sum() == 2 and y[:, 7].sum() == 6


def test_augmentation_keeps_shape_and_can_be_switched_off() -> None:
    rgb = np.random.default_rng(0).integers(0, 255, (50, 70, 3), dtype=np.uint8)
    random = np.random.default_rng(1)
    for _ in range(50):
        assert augment(rgb, 32, Augmentation(), random).shape == (32, 32, 3)
    off = Augmentation(1.0, 1.0, 0, 0, 0, 0, 0, (1, 2), 0, 0)
    square = rgb[:50, :50]
    assert np.array_equal(augment(square, 50, off, random), square)
