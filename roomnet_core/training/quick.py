"""The quick recipe: a new last layer on the features of a network that knows houses already. Needs no TensorFlow."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from roomnet_core.errors import TrainingError
from roomnet_core.inference.model_file import GRAPH_NAME, LITE_NAME, ModelFile, find_model
from roomnet_core.network.card import Calibration, ModelCard, describe_file, write_card
from roomnet_core.network.head import Head, graph_with_head, lite_with_head
from roomnet_core.photos.photo_file import Problem
from roomnet_core.rooms import RoomSet
from roomnet_core.training.control import Pace, RunControl
from roomnet_core.training.dataset import OTHER
from roomnet_core.training.features import Backbone, FeatureCache, Seen
from roomnet_core.training.history import History
from roomnet_core.training.logistic import Material, class_weights, cross_entropy, fit_head, mend_head
from roomnet_core.training.options import QUICK, complete_options
from roomnet_core.training.plan import PlannedPhoto, TrainingPlan
from roomnet_core.training.sources import CORRECTED, FOLDER, KEPT

Floats = np.ndarray[Any, np.dtype[np.float32]]

_CORRECTIONS_SHARE = 0.1


def train_quick(plan: TrainingPlan, control: RunControl, history: History) -> tuple[ModelFile, Head]:
    """Look at every photo once, then fit the last layer; returns the network it belongs to and the best head.

    Features are remembered as they are computed, so a run that was killed goes on where it was.

    Raises:
        TrainingError: no photos can be read on one side of the split.
        RunEnded: the run was told to end.
    """
    if plan.base is None:
        raise TrainingError("The quick recipe needs a network to start from.")
    backbone = Backbone(find_model(plan.base))
    seen = look(backbone, [photo.path for photo in plan.photos], control)
    training, validation = ([photo for photo in side if photo.path in seen] for side in plan.split())
    if not training or not validation:
        raise TrainingError("There must be photos for training and for validation, and they must be readable.")
    outputs = [*plan.classes, *([OTHER] if rejects(plan, backbone.model) else [])]
    start = starting_head(backbone, outputs)
    mirrored = plan.options["augmentation"] != "none"
    material = _material(training, seen, outputs, mirrored=mirrored)
    checked = [photo for photo in validation if photo.label in plan.classes]
    features = np.stack([seen[photo.path].features[0] for photo in checked])
    labels = np.array([outputs.index(photo.label) for photo in checked])
    targets = np.eye(len(outputs), dtype=np.float32)[labels]
    even = np.full(len(labels), 1 / len(labels), np.float32)

    control.emit("stage", name="training")
    epochs = int(plan.options["epochs"])
    pace = Pace(epochs * len(material.targets))
    best, least = start, np.inf
    correcting = any(photo.origin == KEPT for photo in training)
    pull = float(plan.options["l2"])
    views = len(material.targets) // len(training)
    corrected = np.repeat([photo.origin == CORRECTED for photo in training], views)
    if correcting and corrected.any() and not any(photo.origin == FOLDER for photo in training):
        fitted = mend_head(material, corrected, start, pull=pull, rounds=epochs)
    else:
        fitted = fit_head(material, start, pull=pull, rounds=epochs)
    for epoch, (head, loss) in enumerate(fitted, start=1):
        paused = control.check()
        pace.advance(len(material.targets), paused=paused)
        logits = head(features)
        val_loss = cross_entropy(logits, targets, even)
        answers = material.targets.argmax(axis=1) == head(material.features).argmax(axis=1)
        # Corrections are held by the photos beside them; few of them validate, and those would end it too early.
        better = correcting or val_loss < least
        if better:
            best, least = head, val_loss
        control.step("training", epoch, epochs, pace, epoch=epoch, loss=loss, accuracy=float(answers.mean()))
        history.add(
            epoch,
            epochs,
            loss=loss,
            accuracy=float(answers.mean()),
            val_loss=val_loss,
            labels=labels,
            answers=logits[:, : len(plan.classes)].argmax(axis=1),
            best=better,
        )
        if control.stop_asked:
            break
    return backbone.model, best


def best_head(
    plan: TrainingPlan,
    backbone: Backbone,
    training: Sequence[PlannedPhoto],
    checked: Sequence[PlannedPhoto],
    seen: dict[Path, Seen],
    outputs: Sequence[str],
) -> Head:
    """The quick recipe's last layer with its defaults, for a network that is trained whole from there."""
    material = _material(training, seen, outputs, mirrored=True)
    features = np.stack([seen[photo.path].features[0] for photo in checked])
    targets = np.eye(len(outputs), dtype=np.float32)[[outputs.index(photo.label) for photo in checked]]
    even = np.full(len(checked), 1 / len(checked), np.float32)
    options = complete_options(QUICK, {})
    start = starting_head(backbone, outputs)
    heads = fit_head(material, start, pull=float(options["l2"]), rounds=int(options["epochs"]))
    return min((head for head, _ in heads), key=lambda head: cross_entropy(head(features), targets, even))


def look(backbone: Backbone, paths: Sequence[Path], control: RunControl) -> dict[Path, Seen]:
    """The features of every photo that can be read; those that cannot were told at the examination.

    Raises:
        RunEnded: the run was told to end.
    """
    control.emit("stage", name="reading")
    unique = list(dict.fromkeys(paths))
    pace = Pace(len(unique))
    seen: dict[Path, Seen] = {}
    with FeatureCache() as cache:
        stream = backbone.look_at(unique, cache, cancelled=lambda: control.ending)
        for number, item in enumerate(stream, start=1):
            pace.advance(1, paused=control.check())
            if not isinstance(item, Problem):
                seen[item.path] = item
            control.step("reading", number, len(unique), pace)
    control.check()
    return seen


def rejects(plan: TrainingPlan, model: ModelFile) -> bool:
    """Whether the new model has an output for "none of these": with photos of that, or with the head that had one."""
    same = plan.classes == model.rooms.names
    return plan.has_other or (same and model.card.calibration.rejection)


def starting_head(backbone: Backbone, outputs: Sequence[str]) -> Head:
    """What the network's own head knows of the new classes: its rows where the names are the same.

    A class that is new starts as "none of these" where the head has that, because that is what it was called until
    now, and else as nothing.
    """
    card = backbone.model.card
    known = {name.casefold(): place for place, name in enumerate(card.rooms.names)}
    if card.calibration.rejection:
        known[OTHER.casefold()] = len(card.rooms)
    kernel = np.zeros((backbone.width, len(outputs)), np.float32)
    bias = np.zeros(len(outputs), np.float32)
    if not set(known) & {name.casefold() for name in outputs} - {OTHER.casefold()}:
        return Head(kernel, bias)
    new = Counter(name.casefold() in known for name in outputs)[False]
    for column, name in enumerate(outputs):
        row = known.get(name.casefold(), known.get(OTHER.casefold()))
        if row is not None:
            kernel[:, column], bias[column] = backbone.head.kernel[:, row], backbone.head.bias[row]
            if name.casefold() not in known:
                bias[column] -= np.log(max(1, new))  # they share what "none of these" had
    return Head(kernel, bias)


def _material(
    photos: Sequence[PlannedPhoto],
    seen: dict[Path, Seen],
    outputs: Sequence[str],
    *,
    mirrored: bool,
) -> Material:
    """Photos and their mirror images with what they should be called.

    Where corrections stand beside photos that the model is right about, they have little weight together: the few
    hard photos must not push the many easy ones over the border.
    """
    views = slice(None) if mirrored else slice(0, 1)
    features = np.stack([seen[photo.path].features[views] for photo in photos])
    places = {name: place for place, name in enumerate(outputs)}
    labels = np.array([places[photo.label] for photo in photos])
    targets = np.eye(len(outputs), dtype=np.float32)[labels]
    weights = class_weights(labels)
    corrected = np.array([photo.origin == CORRECTED for photo in photos])
    if any(photo.origin == KEPT for photo in photos) and corrected.any():
        for group, share in ((corrected, _CORRECTIONS_SHARE), (~corrected, 1 - _CORRECTIONS_SHARE)):
            weights[group] = share / group.sum()
    count, views_each, width = features.shape
    flat = features.reshape(count * views_each, width)
    return Material(
        flat,
        np.repeat(targets, views_each, axis=0),
        np.repeat(weights / views_each, views_each).astype(np.float32),
    )


def write_quick(plan: TrainingPlan, base: ModelFile, head: Head, folder: Path, **card: Any) -> ModelFile:
    """Write the network of `base` with its new `head` into the new folder `folder`, not calibrated yet.

    Raises:
        ModelError: a file of `base` is missing or changed.
        OSError: the folder cannot be written.
    """
    files = {}
    if base.has(GRAPH_NAME):
        files[GRAPH_NAME] = graph_with_head(base.read(GRAPH_NAME), head)
    files[LITE_NAME] = lite_with_head(base.read(LITE_NAME), head)
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    rejection = rejects(plan, base)
    complete = ModelCard(
        name=plan.name,
        rooms=room_set(plan.classes, base),
        preprocessing=base.card.preprocessing,
        calibration=Calibration(rejection=rejection),
        architecture=base.card.architecture,
        parameters=base.card.parameters + (len(head.bias) - base.card.outputs) * (len(head.kernel) + 1),
        storage=base.card.storage,
        files={name: describe_file(content) for name, content in files.items()},
        **card,
    )
    write_card(complete, folder)
    return ModelFile(folder, complete)


def room_set(classes: Sequence[str], model: ModelFile) -> RoomSet:
    """The rooms of the new model: as they are in `model` where it has the same, else with sensible values."""
    if tuple(classes) == model.rooms.names:
        return model.rooms
    rooms = []
    for room in RoomSet.from_names(classes):
        known = model.rooms.by_name(room.name)
        if known is not None:
            room = replace(known, id=room.id, name=room.name, folder=room.folder, hotkey=room.hotkey)
        rooms.append(room)
    return RoomSet(rooms)
