"""`roomnet train` with a manifest: from labelled photos to a model folder with a card of measured values."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from roomnet_core.errors import TrainingError, UsageError
from roomnet_core.resources import data_dir


def run(args: argparse.Namespace) -> int:
    """Train, freeze, calibrate and measure; returns the exit status."""
    from roomnet_core.training import recipe as recipes
    from roomnet_core.training.dataset import read_terms

    recipe = recipes.find_recipe(args.recipe or recipes.LARGE.name)
    if args.epochs is not None:
        if args.epochs < 1:
            raise UsageError("--epochs must be at least 1.")
        last = replace(recipe.phases[-1], epochs=args.epochs, frozen_batch_norm=False)
        recipe = replace(recipe, phases=(last,))
    folder = Path(args.out) if Path(args.out).name != args.out else data_dir() / "models" / args.out
    if folder.exists() and not args.replace:
        raise UsageError(f"There is a model at {folder} already. Choose another name, or give --replace.")
    dataset = _read_dataset(args)
    terms = {} if args.sources is None else read_terms(args.sources)
    work = args.work or data_dir() / "training" / folder.name
    counts = ", ".join(f"{name} {count}" for name, count in dataset.counts("train").items() if count)
    print(f"Training {folder.name} with recipe {recipe.name}: {counts}", file=sys.stderr)

    # Imported this late because Keras and TensorFlow take seconds.
    from roomnet_core.training.trainer import train, with_input_size

    model = train(dataset, recipe, work, report=_print_epoch)
    write_measured_model(
        with_input_size(model, recipe),
        folder,
        dataset,
        terms=terms,
        preprocessing=recipe.preprocessing,
        rejection=recipe.rejection,
        storage=recipe.storage,
        architecture=recipe.architecture,
        description=recipe.description,
        lineage="EfficientNet-Lite ImageNet-1k weights (Apache-2.0)" if recipe.pretrained else "random weights",
        licence=args.licence,
        recipe=asdict(recipe),
    )
    return 0


def write_measured_model(
    model: Any,
    folder: Path,
    dataset: Any,
    *,
    terms: dict[str, str],
    rejection: bool,
    recipe: dict[str, Any],
    **card: Any,
) -> None:
    """Freeze a trained Keras model, fit its confidence, measure it, and put it in `folder` once all of that is done.

    `terms`: the terms of each source of `dataset`. `rejection`: whether the last output says "none of these".
    `card`: further fields of the card, and the storage.
    """
    from roomnet_core.network.card import Calibration
    from roomnet_core.network.freeze import write_model
    from roomnet_core.rooms import RoomSet

    with tempfile.TemporaryDirectory(prefix="roomnet-") as staging:
        staged = Path(staging) / folder.name
        write_model(
            model,
            staged,
            name=folder.name,
            rooms=RoomSet.from_names(dataset.classes),
            calibration=Calibration(rejection=rejection),
            training_data=_describe_sources(dataset, terms),
            recipe=_plain(recipe),
            made_by_commit=_commit(),
            **card,
        )
        calibrate_and_measure(staged, dataset)
        install(staged, folder)
    print(f"Wrote {folder}", file=sys.stderr)


def calibrate_and_measure(folder: Path, dataset: Any) -> None:
    """Fit the confidence of the model in `folder` on the `val` split; write it and the figures into its card."""
    from roomnet_core.inference.engine import open_engine
    from roomnet_core.inference.model_file import find_model
    from roomnet_core.network.card import write_card
    from roomnet_core.training.calibration import example_logits, fit, measure

    model = find_model(folder)
    engine = open_engine(model, "tensorflow")
    examples, logits = example_logits(dataset.split("val"), model.card, engine)
    calibration = fit(examples, logits, dataset.classes, model.card.calibration)
    measured = {"val": measure(examples, logits, dataset.classes, calibration)}
    if dataset.split("test"):
        examples, logits = example_logits(dataset.split("test"), model.card, engine)
        measured["test"] = measure(examples, logits, dataset.classes, calibration)
    write_card(replace(model.card, calibration=calibration, measured=measured), folder)
    for split, figures in measured.items():
        recall = f"macro recall {figures['macro_recall']:.1%}"
        print(f"{split}: accuracy {figures['accuracy']:.1%}, {recall}", file=sys.stderr)


def install(staged: Path, folder: Path) -> None:
    """Put a finished model in its place; an older one of that name goes only once the new one stands beside it."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    arriving = folder.with_name(f".{folder.name}.new")
    leaving = folder.with_name(f".{folder.name}.old")
    for leftover in (arriving, leaving):
        shutil.rmtree(leftover, ignore_errors=True)
    shutil.copytree(staged, arriving)
    if folder.exists():
        folder.rename(leaving)
    arriving.rename(folder)
    shutil.rmtree(leaving, ignore_errors=True)


def _read_dataset(args: argparse.Namespace) -> Any:
    from roomnet_core.training.dataset import read_folders, read_manifest

    if args.data.is_dir():
        if args.labels or args.corrections:
            raise UsageError("--labels adds to a manifest; with a folder, put the photos into the class folders.")
        return read_folders(args.data)
    if not args.data.is_file():
        raise UsageError(f"There is no folder or manifest at {args.data}.")
    if args.classes:
        classes = tuple(name.strip() for name in args.classes.split(",") if name.strip())
    else:
        raise UsageError("A manifest needs --classes: the class names in output order, separated by commas.")
    if len(classes) < 2:
        raise TrainingError("At least two classes are needed.")
    return read_manifest(
        args.data,
        classes,
        extra_labels=args.labels,
        corrections=args.corrections,
        splits=("train", "val", "test"),
    )


def _describe_sources(dataset: Any, terms: dict[str, str]) -> list[dict[str, Any]]:
    """The card's `training_data`: photos by source, and the terms they are under where these are known."""
    counts = Counter(example.source for example in dataset.split("train"))
    return [{"source": name, "photos": counts[name], "terms": terms.get(name, "not stated")} for name in sorted(counts)]


def _print_epoch(entry: dict[str, Any]) -> None:
    print(
        f"epoch {entry['epoch']}/{entry['epochs']} at {entry['input_size']} px: loss {entry['loss']:.3f}, "
        f"accuracy {entry['accuracy']:.1%}, validation {entry['val_accuracy']:.1%}, {entry['seconds']:.0f} s",
        file=sys.stderr,
        flush=True,
    )


def _plain(value: Any) -> Any:
    """Tuples to lists and mappings to dicts, as JSON has them."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _commit() -> str:
    """The commit of the source tree that trains, or empty outside one."""
    try:
        answer = subprocess.run(
            ["git", "rev-parse", "--short=12", "HEAD"],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return answer.stdout.strip()
