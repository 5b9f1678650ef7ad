"""From the manifest to a shipped model: `python -m training.make RECIPE --data MANIFEST --out FOLDER`.

Fine-tunes in PyTorch on packed photos, freezes through Keras, fits the confidence on the validation photos and fills
the card with measured values. A run that was stopped goes on after its last whole epoch.
"""

from __future__ import annotations

import argparse
import copy
import csv
import sys
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from roomnet_core.inference.model_file import LITE_NAME, find_model
from roomnet_core.network.card import Preprocessing
from roomnet_core.network.efficientnet_lite import (
    VARIANTS,
    build_efficientnet_lite,
    load_pretrained,
    published_checkpoint,
)
from roomnet_core.network.roomnet import build_roomnet
from roomnet_core.training.command import write_measured_model
from roomnet_core.training.dataset import Dataset, Example, read_manifest, read_terms, sampling_weights
from roomnet_core.training.packed import pack_photos
from training.compress import cut_out
from training.fine_tune import Material, Schedule, fit, predict, to_input
from training.lesson import Lesson, hint_channels
from training.native import keep_memory
from training.probe import out_of_fold, standardize
from training.recipes import CLASSES, COMPACT_BLOCKS, RECIPES, ShippedRecipe
from training.torch_network import Lite, from_keras, from_lite, to_keras
from training.torch_roomnet import RoomNet, settle
from training.torch_roomnet import from_lite as roomnet_from_lite
from training.torch_roomnet import to_keras as roomnet_to_keras

Array = np.ndarray[Any, Any]

LABELS = Path(__file__).parent / "labels" / "pool.csv"
CORRECTIONS = Path(__file__).parent / "labels" / "corrections.csv"
SOURCES = Path(__file__).parent / "sources.csv"
_OUTPUTS = len(CLASSES) + 1
_ORIGINAL = "roomnet"
_OPINION_SIZE = 192


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("recipe", choices=RECIPES)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/manifest.csv"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("runs"))
    parser.add_argument("--models", type=Path, default=Path("runs/models"), help="where its teachers lie")
    parser.add_argument("--labels", type=Path, default=LABELS, help="labels of photos of the pool")
    parser.add_argument("--quick", action="store_true", help="one epoch of 96 photos a phase: to see that all works")
    args = parser.parse_args(arguments)
    recipe = RECIPES[args.recipe]
    if args.quick:
        recipe = replace(recipe, schedule=_tried(recipe.schedule), whole=tuple(map(_tried, recipe.whole)))
    args.work.mkdir(parents=True, exist_ok=True)
    dataset = read_labelled(args.data, ("train", "val", "test"), args.labels)
    network = train(recipe, dataset, args.data, args.work, models=args.models, labels=args.labels)
    write_measured_model(
        _in_keras(network, recipe),
        args.out,
        dataset,
        terms=read_terms(SOURCES),
        preprocessing=recipe.preprocessing,
        rejection=recipe.architecture != _ORIGINAL,
        storage=recipe.storage,
        images=example_images(args.data, recipe.preprocessing, args.work) if recipe.storage == "int8" else None,
        architecture=recipe.architecture,
        description=recipe.description,
        lineage=recipe.lineage,
        licence="MIT" if recipe.architecture == _ORIGINAL else "MIT; pretrained weights Apache-2.0",
        recipe=asdict(recipe),
    )


def example_images(manifest: Path, preprocessing: Preprocessing, work: Path, count: int = 256) -> Array:
    """Inputs of the network, `(count, S, S, 3)` float32, of training photos drawn by chance."""
    training = read_labelled(manifest, ("train",)).split("train")
    paths = [example.path for example in training]
    count = min(count, len(paths))
    drawn = sorted(np.random.default_rng(0).choice(len(paths), count, replace=False))
    pixels = pack_photos([paths[row] for row in drawn], preprocessing, work)
    x = to_input(np.array(pixels), replace(preprocessing, scale=1.0, offset=0.0))
    side = (preprocessing.input_size, preprocessing.input_size)
    x = torch.nn.functional.interpolate(x, size=side, mode="bilinear", antialias=True).round()
    return np.asarray((x * preprocessing.scale + preprocessing.offset).permute(0, 2, 3, 1).contiguous().numpy())


def _tried(schedule: Schedule) -> Schedule:
    phases = tuple((1, size, min(batch, 32)) for _, size, batch in schedule.phases)
    return replace(schedule, phases=phases, photos=96)


def read_labelled(manifest: Path, splits: Sequence[str], labels: Path = LABELS) -> Dataset:
    """The manifest's photos and the labelled ones of the pool, with the corrected labels of training photos.

    Validation keeps its labels: the corrections were found with the help of models that are judged there.
    """
    return read_manifest(manifest, CLASSES, extra_labels=[labels], corrections=[CORRECTIONS], splits=splits)


def _in_keras(network: Any, recipe: ShippedRecipe) -> Any:
    """The trained network as a Keras model, ready to be frozen."""
    if recipe.architecture == _ORIGINAL:
        model = build_roomnet(len(CLASSES))  # as it was: without an output for "none of these"
        roomnet_to_keras(network, model)
    else:
        variant, size = recipe.architecture.rpartition("_")[2], recipe.preprocessing.input_size
        model = build_efficientnet_lite(variant, num_classes=_OUTPUTS, input_size=size, dropout=0.0)
        to_keras(network, model)
    return model


def train(recipe: ShippedRecipe, dataset: Dataset, manifest: Path, work: Path, *, models: Path, labels: Path) -> Any:
    """Run `recipe` and return the averaged network. `models`: the folder of the models that it starts from."""
    training, validation = dataset.split("train"), dataset.split("val")
    root = manifest.parent
    paths = all_photos(manifest)
    pixels = pack_photos(paths, recipe.preprocessing, work)
    row_of = {path: row for row, path in enumerate(paths)}
    rows = np.array([row_of[example.path] for example in training])
    validation_rows = np.array([row_of[example.path] for example in validation])
    teachers = [from_lite(find_model(models / name).read(LITE_NAME), 0.0) for name in recipe.teachers]
    if recipe.architecture == _ORIGINAL:
        keep_memory()
        network: Any = _original(recipe, hint_channels(teachers[0]) if recipe.hint else 0, pixels, rows, models)
    else:
        network = _started(recipe, pixels, rows, models) if recipe.start else pretrained(recipe)
    cache = work / f"{recipe.name}-opinions.npy"
    if not recipe.opinion:
        opinions = np.zeros((len(paths), _OUTPUTS), np.float32)
    elif teachers:
        opinions = _cached(cache, lambda: _mean_opinion(teachers, pixels, recipe))
    else:
        labelled, wanted = [*training, *validation], np.concatenate([rows, validation_rows])
        opinions = np.zeros((len(paths), _OUTPUTS), np.float32)
        opinions[wanted] = _cached(cache, lambda: _probed_opinion(network, pixels[wanted], dataset, labelled, recipe))
    goals, weights = targets(recipe, dataset, training, opinions[rows], set(files(CORRECTIONS, root)))
    if recipe.unlabelled:
        unlabelled = np.array([row_of[path] for path in _unlabelled(root, labels)])
        rows = np.concatenate([rows, unlabelled])
        goals = np.concatenate([goals, opinions[unlabelled]])
        weights = np.concatenate([weights, np.full(len(unlabelled), recipe.unlabelled)])
    rooms = np.array(dataset.label_ids(validation))
    seen = pixels[validation_rows]

    sizes = [size for epochs, size, _ in recipe.schedule.phases for _ in range(epochs)]

    def validate(epoch: int, averaged: Any) -> str:
        if recipe.architecture == _ORIGINAL and sizes[epoch] > 200 and epoch + 1 < len(sizes):
            return ""  # whole photos take it minutes
        logits = predict(averaged, seen, sizes[epoch], recipe.preprocessing)
        known = rooms < len(CLASSES)
        answers = logits[known, : len(CLASSES)].argmax(1)
        recall = [f"{(answers[rooms[known] == room] == room).mean():.3f}" for room in range(len(CLASSES))]
        return f"validation {(answers == rooms[known]).mean():.4f}, recall {' '.join(recall)}"

    material = Material(pixels, goals, weights, rows)
    loss = Lesson(teachers[0], share=recipe.lesson, hint=recipe.hint) if recipe.lesson else None
    checkpoint = work / f"{recipe.name}.checkpoint"
    began = copy.deepcopy(network.state_dict())
    network = fit(network, material, recipe.schedule, recipe.preprocessing, checkpoint, loss=loss, after_epoch=validate)
    for number, schedule in enumerate(recipe.whole, start=1):
        network.trunk_learns = schedule.trunk
        # Validating after each epoch would take as long as the epoch.
        checkpoint = work / f"{recipe.name}-whole{number}.checkpoint"
        network = fit(network, material, schedule, recipe.preprocessing, checkpoint, loss=loss)
    with torch.no_grad():
        for name, value in network.state_dict().items() if recipe.stay else ():
            value.lerp_(began[name], recipe.stay)
    return network


def all_photos(manifest: Path) -> list[Path]:
    """Every photo of training, validation and pool whatever its label, so that a new label packs nothing again."""
    return files(manifest, manifest.parent, but="test") + files(manifest.with_name("pool.csv"), manifest.parent)


def files(table: Path, root: Path, *, but: str = "") -> list[Path]:
    """The photos that a CSV file lists in its column `file`, those of the split `but` left out."""
    with table.open(newline="", encoding="utf-8") as stream:
        return [root / row["file"] for row in csv.DictReader(stream) if row.get("split") != but]


def targets(
    recipe: ShippedRecipe, dataset: Dataset, training: Sequence[Example], opinions: Array, corrected: set[Path]
) -> tuple[Array, Array]:
    """Of each photo its `(N, C)` target and `(N,)` drawing weight, from its label and the second opinion on it."""
    weights = sampling_weights(training, class_power=recipe.class_power, source_weights=recipe.source_weights)
    changed = np.array([example.path in corrected for example in training])
    hard = np.eye(_OUTPUTS, dtype=np.float32)[dataset.label_ids(training)]
    opinion = np.where(changed, 0.0, recipe.opinion)[:, None]
    mixed = (1 - opinion) * hard + opinion * opinions
    smoothed = (1 - recipe.label_smoothing) * mixed + recipe.label_smoothing / _OUTPUTS
    return smoothed.astype(np.float32), np.array(weights) * np.where(changed, recipe.corrected, 1.0)


def pretrained(recipe: ShippedRecipe) -> Lite:
    """The ImageNet network of the recipe with a fresh classifier."""
    variant = recipe.architecture.rpartition("_")[2]
    model = build_efficientnet_lite(variant, num_classes=_OUTPUTS)
    load_pretrained(model, published_checkpoint(variant))
    network = from_keras(model, recipe.dropout)
    torch.manual_seed(recipe.schedule.seed)
    torch.nn.init.normal_(network.logits.weight, 0, 0.01)
    torch.nn.init.zeros_(network.logits.bias)
    return network


def _original(recipe: ShippedRecipe, hint: int, pixels: Array, rows: Array, models: Path, photos: int = 64) -> RoomNet:
    """The original architecture from random weights, or as the model that the recipe starts from."""
    torch.manual_seed(recipe.schedule.seed)
    if not recipe.start:
        return RoomNet(_OUTPUTS, recipe.dropout, hint).to(memory_format=torch.channels_last)
    network = roomnet_from_lite(find_model(models / recipe.start).read(LITE_NAME), _OUTPUTS, recipe.dropout, hint)
    chosen = np.sort(np.random.default_rng(recipe.schedule.seed).choice(rows, min(photos, len(rows)), replace=False))
    x = to_input(pixels[chosen], recipe.preprocessing)
    side = (recipe.preprocessing.input_size, recipe.preprocessing.input_size)
    settle(network, torch.nn.functional.interpolate(x, side, mode="bilinear", antialias=True))
    return network.to(memory_format=torch.channels_last)


def _started(recipe: ShippedRecipe, pixels: Array, rows: Array, models: Path) -> Lite:
    """The network that the recipe starts from, or the smaller one that its recipe cuts out of it."""
    model = find_model(models / recipe.start)
    network = from_lite(model.read(LITE_NAME), recipe.dropout)
    return network if model.card.architecture == recipe.architecture else _cut_out(network, pixels, rows, recipe)


def _cut_out(teacher: Lite, pixels: Array, rows: Array, recipe: ShippedRecipe, photos: int = 192) -> Lite:
    torch.manual_seed(recipe.schedule.seed)
    chosen = np.sort(np.random.default_rng(recipe.schedule.seed).choice(rows, min(photos, len(rows)), replace=False))
    x = to_input(pixels[chosen], recipe.preprocessing)
    x = torch.nn.functional.interpolate(x, size=(160, 160), mode="bilinear", antialias=True)
    shape = VARIANTS[recipe.architecture.rpartition("_")[2]]
    hidden = [block.hidden for block in shape.blocks]
    small = cut_out(teacher, COMPACT_BLOCKS, hidden, shape.head_filters, x.to(memory_format=torch.channels_last))
    small.dropout.p = recipe.dropout
    return small


def _mean_opinion(teachers: Sequence[Lite], pixels: Array, recipe: ShippedRecipe) -> Array:
    """The teachers' mean probabilities of each photo and its mirror image."""
    total = np.zeros((len(pixels), _OUTPUTS), np.float32)
    for teacher in teachers:
        for view in (pixels, pixels[:, :, ::-1]):
            logits = predict(teacher, view, _OPINION_SIZE, recipe.preprocessing)
            total += torch.softmax(torch.from_numpy(logits), 1).numpy()
    return total / (2 * len(teachers))


def _probed_opinion(
    network: Lite, pixels: Array, dataset: Dataset, examples: Sequence[Example], recipe: ShippedRecipe
) -> Array:
    """What a linear probe on the untuned features that saw no photo of the group says of each photo."""
    features = standardize(predict(network, pixels, _OPINION_SIZE, recipe.preprocessing, features=True))
    labels = np.array(dataset.label_ids(examples))
    weights = sampling_weights(examples, class_power=recipe.class_power, source_weights=recipe.source_weights)
    groups = [f"{example.source}/{example.group}" if example.group else str(example.path) for example in examples]
    return out_of_fold(features, labels, np.array(weights), groups)


def _unlabelled(root: Path, labels: Path) -> list[Path]:
    with labels.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    return [root / row["file"] for row in rows if row["label"] == "unusable" and row["split"] == "train"]


def _cached(path: Path, make: Any) -> Array:
    if not path.is_file():
        np.save(path, make())
    return np.asarray(np.load(path))


if __name__ == "__main__":
    sys.exit(main())
