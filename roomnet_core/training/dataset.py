"""Labelled photos for training: from a folder of class folders, or from a manifest and label files."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from roomnet_core.errors import TrainingError
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.photos.scan import scan

OTHER = "Other"
"""The label of photos that show none of the classes."""


@dataclass(frozen=True, slots=True)
class Example:
    """One labelled photo. `label` is the class name; `group` the house or site, never put on two sides of a split."""

    path: Path
    label: str
    source: str
    group: str
    split: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """Labelled photos and their classes, in output order; `OTHER` is never among the classes."""

    classes: tuple[str, ...]
    examples: tuple[Example, ...]

    def split(self, name: str) -> list[Example]:
        return [example for example in self.examples if example.split == name]

    def label_ids(self, examples: Iterable[Example]) -> list[int]:
        """Class ids; `OTHER` gets the id after the last class."""
        ids = {name: index for index, name in enumerate((*self.classes, OTHER))}
        return [ids[example.label] for example in examples]

    def counts(self, split: str) -> dict[str, int]:
        counted = Counter(example.label for example in self.split(split))
        return {name: counted[name] for name in (*self.classes, OTHER)}


def read_manifest(
    manifest: Path,
    classes: Sequence[str],
    *,
    extra_labels: Sequence[Path] = (),
    corrections: Sequence[Path] = (),
    splits: Sequence[str] = ("train", "val"),
) -> Dataset:
    """Read a manifest with the columns `file, room, source, group, split`, and label files that add to it.

    A label file has the columns `file, site, label, split`; a label that is neither a class nor `OTHER` leaves its
    photo out. Files of `corrections`, with the columns `file, label`, replace single labels of either by the same rule.
    Paths are relative to the manifest's folder. Only the named splits are kept.

    Raises:
        TrainingError: a file or column is missing, or a group stands on two sides.
    """
    allowed = {*classes, OTHER}
    root = manifest.parent
    corrected = {row["file"]: row["label"] for path in corrections for row in _read_rows(path, ("file", "label"))}
    examples = []

    def add(row: Mapping[str, str], label: str, source: str, group: str) -> None:
        label = corrected.get(row["file"], label)
        if label in allowed and row["split"] in splits:
            examples.append(Example(root / row["file"], label, source, group, row["split"]))

    for row in _read_rows(manifest, ("file", "room", "source", "group", "split")):
        add(row, row["room"], row["source"], row["group"])
    for path in extra_labels:
        for row in _read_rows(path, ("file", "site", "label", "split")):
            add(row, row["label"], path.stem, row["site"])
    _check_groups(examples)
    return Dataset(tuple(classes), tuple(examples))


def read_terms(path: Path) -> dict[str, str]:
    """Read the terms of each source from a file with the columns `source, terms`.

    Raises:
        TrainingError: the file or a column is missing.
    """
    return {row["source"]: row["terms"] for row in _read_rows(path, ("source", "terms"))}


def read_folders(folder: Path, *, validation_share: float = 0.15, seed: int = 0) -> Dataset:
    """Read a folder with one subfolder a class; a subfolder `_other` holds photos of none of them.

    Photos in a folder below the class folder share a group (a listing), and a group goes whole to one side. The
    side is drawn from a hash of the group's name and `seed`, so it stays the same when photos are added.

    Raises:
        TrainingError: fewer than two classes hold photos.
    """
    if not folder.is_dir():
        raise TrainingError(f"There is no folder {folder}.")
    entries = (entry for entry in folder.iterdir() if entry.is_dir())
    subfolders = sorted(entries, key=lambda entry: entry.name.casefold())
    classes = tuple(entry.name for entry in subfolders if not entry.name.startswith(("_", ".")))
    examples = []
    for subfolder in subfolders:
        label = OTHER if subfolder.name.casefold() == "_other" else subfolder.name
        if label != OTHER and label not in classes:
            continue
        for item in scan(subfolder):
            if isinstance(item, PhotoFile):
                parent = item.path.parent
                group = parent.name if parent != subfolder else ""
                key = group or f"{label}/{item.path.name}"
                side = "val" if unit_hash(f"{seed}/{key}") < validation_share else "train"
                examples.append(Example(item.path, label, folder.name, group, side))
    found = {example.label for example in examples} - {OTHER}
    if len(found) < 2:
        raise TrainingError(
            f"{folder} needs at least two subfolders with photos, each named after a class. Found: {len(found)}."
        )
    dataset = Dataset(tuple(name for name in classes if name in found), tuple(examples))
    return replace(dataset, examples=tuple(_with_both_sides(dataset)))


def sampling_weights(
    examples: Sequence[Example], *, class_power: float = 0.5, source_weights: Mapping[str, float] | None = None
) -> list[float]:
    """How often to draw each example, relative to the mean: `count(class) ** -class_power`, times its source's weight.

    0 keeps the classes as frequent as they are, 1 makes them equally frequent.
    """
    counts = Counter(example.label for example in examples)
    factors = source_weights or {}
    raw = [counts[example.label] ** -class_power * factors.get(example.source, 1.0) for example in examples]
    mean = sum(raw) / len(raw)
    return [weight / mean for weight in raw]


def _with_both_sides(dataset: Dataset) -> list[Example]:
    """Move one group (or one photo without a group) of a class that misses on a side of the split to that side."""
    examples = list(dataset.examples)
    for name in dataset.classes:
        for side, other in (("val", "train"), ("train", "val")):
            members = [example for example in examples if example.label == name]
            units = sorted({example.group or str(example.path) for example in members})
            if len(units) > 1 and all(example.split == other for example in members):
                examples = [
                    replace(example, split=side) if (example.group or str(example.path)) == units[0] else example
                    for example in examples
                ]
    return examples


def unit_hash(text: str) -> float:
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def _read_rows(path: Path, columns: Sequence[str]) -> list[dict[str, str]]:
    try:
        with path.open(newline="", encoding="utf-8") as stream:
            reader = csv.DictReader(stream)
            missing = set(columns) - set(reader.fieldnames or ())
            if missing:
                raise TrainingError(f"{path} lacks the columns {', '.join(sorted(missing))}.")
            return list(reader)
    except OSError as error:
        raise TrainingError(f"{path} cannot be read: {error.strerror}.") from error


def _check_groups(examples: Sequence[Example]) -> None:
    sides: dict[tuple[str, str], str] = {}
    for example in examples:
        if example.group and sides.setdefault((example.source, example.group), example.split) != example.split:
            raise TrainingError(f"The group {example.group!r} of {example.source} stands on two sides of the split.")
