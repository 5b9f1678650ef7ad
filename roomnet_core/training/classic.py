"""The classic recipe: the original RoomNet from random weights, by its author's recipe, on a person's photos."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from roomnet_core.errors import TrainingError
from roomnet_core.inference.model_file import ModelFile
from roomnet_core.network.card import Calibration
from roomnet_core.network.freeze import write_model
from roomnet_core.rooms import RoomSet
from roomnet_core.training.control import RunControl
from roomnet_core.training.dataset import Dataset, Example
from roomnet_core.training.deep import Watcher, load_weights, read_pixels
from roomnet_core.training.finish import describe_recipe
from roomnet_core.training.history import History
from roomnet_core.training.plan import TrainingPlan
from roomnet_core.training.recipe import AUTHOR, Phase, Recipe
from roomnet_core.training.trainer import train, with_input_size


def train_classic(
    plan: TrainingPlan, work: Path, folder: Path, control: RunControl, history: History, described: dict[str, Any]
) -> ModelFile:
    """Train, and freeze the weights of the epoch that validated best. A killed run goes on after its last whole epoch.

    Raises:
        TrainingError: there are no readable photos on one side of the split.
        RunEnded: the run was told to end.
    """
    recipe = make_recipe(plan)
    examples = tuple(Example(p.path, p.label, plan.source, p.group, p.side) for p in plan.photos)
    dataset = Dataset(plan.classes, examples)
    validation = [example for example in dataset.split("val") if example.label in plan.classes]
    control.emit("stage", name="reading")
    rows, views = read_pixels([example.path for example in validation], recipe.preprocessing, control)
    if not rows:
        raise TrainingError("There must be photos for training and for validation, and they must be readable.")
    control.emit("stage", name="training")
    watcher = Watcher(
        control,
        history,
        work,
        epochs=recipe.epochs,
        photos=len(dataset.split("train")),
        pixels=views,
        labels=np.array(dataset.label_ids([validation[row] for row in rows])),
        preprocessing=recipe.preprocessing,
        outputs=len(plan.classes) + recipe.rejection,
        classes=len(plan.classes),
        least=min((entry["val_loss"] for entry in history.epochs if entry["best"]), default=float("inf")),
    )
    readable = replace(
        dataset, examples=(*dataset.split("train"), *(validation[row] for row in rows))
    )  # the trainer's own check reads the files too
    fixed = with_input_size(train(readable, recipe, work, callbacks=[watcher]), recipe)
    load_weights(fixed, work)
    card = write_model(
        fixed,
        folder,
        storage=recipe.storage,
        name=plan.name,
        rooms=RoomSet.from_names(plan.classes),
        preprocessing=recipe.preprocessing,
        calibration=Calibration(rejection=recipe.rejection),
        architecture=recipe.architecture,
        description=recipe.description,
        lineage="random weights",
        recipe=describe_recipe(plan, phases=[[p.epochs, p.batch_size] for p in recipe.phases]),
        **described,
    )
    return ModelFile(folder, card)


def make_recipe(plan: TrainingPlan) -> Recipe:
    """The author's recipe with what was chosen under Advanced: its phases keep their shares of the epochs."""
    options = plan.options
    largest = max(phase.batch_size for phase in AUTHOR.phases)
    phases: list[Phase] = []
    done = given = 0
    for phase in AUTHOR.phases:
        done += phase.epochs
        epochs = round(int(options["epochs"]) * done / AUTHOR.epochs) - given
        given += epochs
        if epochs:
            batch = max(1, round(phase.batch_size * int(options["batch_size"]) / largest))
            dropout = None if phase.dropout is None else float(options["dropout"])
            phases.append(replace(phase, epochs=epochs, batch_size=batch, dropout=dropout))
    augmentation = AUTHOR.augmentation
    if options["augmentation"] != "full":
        flip = 0.5 if options["augmentation"] == "mirror" else 0.0
        augmentation = replace(augmentation, flip=flip, flip_vertical=0.0)
    return replace(
        AUTHOR,
        phases=tuple(phases),
        learning_rate=float(options["learning_rate"]),
        l2=float(options["l2"]),
        augmentation=augmentation,
        rejection=plan.has_other,
        seed=int(options["seed"]),
    )
