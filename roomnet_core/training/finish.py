"""The end of a run: fit the new model's confidence, measure it beside the one in use, and put it into the store."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from roomnet_core.errors import ModelError, TrainingError
from roomnet_core.inference.classify import stream_logits
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import ModelFile, find_model
from roomnet_core.models.store import ModelStore, install
from roomnet_core.network.card import Calibration, read_card, write_card
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.training.calibration import fit, measure
from roomnet_core.training.control import RunControl
from roomnet_core.training.dataset import OTHER, Example
from roomnet_core.training.features import Backbone, FeatureCache
from roomnet_core.training.history import History
from roomnet_core.training.plan import PlannedPhoto, TrainingPlan
from roomnet_core.training.report import (
    Answers,
    TrainingReport,
    compare,
    count_confusion,
    find_mistakes,
    reliability,
    write_report,
)

REPORT_FOLDER = "report"

# Few photos, all of them right, would make a model that is certain of everything.
_TEMPERATURES = (0.5, 5.0)

Floats = np.ndarray[Any, np.dtype[np.float32]]


def finish(
    plan: TrainingPlan,
    staged: ModelFile,
    control: RunControl,
    history: History,
    *,
    seconds: float,
) -> Path:
    """Calibrate and measure the model in `staged`, write its report, and install it; returns its folder in the store.

    Raises:
        TrainingError: not one of the validation photos can be read.
        ModelError: the name was taken meanwhile.
        OSError: the store cannot be written; the run stays as it is and can be finished later.
        RunEnded: the run was told to end.
    """
    control.emit("stage", name="measuring")
    _, validation = plan.split()
    found = predict_logits(staged, [photo.path for photo in validation], control)
    readable = [photo for photo in validation if photo.path in found]
    rooms = [photo for photo in readable if photo.label != OTHER]
    if not rooms:
        raise TrainingError("Not one of the photos kept for checking can be read.")
    logits = np.stack([found[photo.path] for photo in readable])
    examples = [_example(photo, plan) for photo in readable]
    calibration = _fit(examples, logits, plan.classes, staged.card.calibration)
    measured = {"val": measure(examples, logits, plan.classes, calibration)}
    card = replace(staged.card, calibration=calibration, measured=measured)
    write_card(card, staged.folder)

    paths, labels = [photo.path for photo in rooms], [photo.label for photo in rooms]
    new = Answers.of(plan.name, plan.classes, np.stack([found[path] for path in paths]), calibration)
    table, verdict, worse = compare(new, _answers_in_use(plan, paths, control), labels)
    ids = np.array([plan.classes.index(label) for label in labels])
    training, _ = plan.split()
    write_report(
        TrainingReport(
            model=plan.name,
            recipe=plan.recipe,
            classes=plan.classes,
            seconds=round(seconds, 1),
            training_photos=len(training),
            validation_photos=len(rooms),
            verdict=verdict,
            worse=worse,
            table=table,
            old_model=plan.model_in_use.name,
            history=tuple(history.epochs),
            reliability=reliability(new.probabilities, ids),
            confusion=count_confusion(new, labels),
            mistakes=find_mistakes(new, labels, paths),
            pictures={},
            tables={},
        ),
        staged.folder / REPORT_FOLDER,
    )
    control.check()
    control.emit("stage", name="saving")
    folder = ModelStore().folder / plan.name
    install(staged.folder, folder, replace_model=plan.replaces or _is_of(plan, folder))
    shutil.rmtree(staged.folder, ignore_errors=True)
    return folder


def predict_logits(model: ModelFile, paths: Sequence[Path], control: RunControl) -> dict[Path, Floats]:
    """The `(outputs,)` logits of every photo that can be read, from the model's LiteRT file.

    Where the features of the photos are known already, they are not computed again.

    Raises:
        RunEnded: the run was told to end.
    """
    found: dict[Path, Floats] = {}
    try:
        backbone = Backbone(model)
    except ModelError:  # its last layer is not a plain one; it can be run whole
        with closing(open_engine(model)) as engine:
            photos = [PhotoFile(path, path.parent, path.stat().st_size, 0) for path in paths if path.is_file()]
            for item in stream_logits(photos, model.card, engine, cancelled=lambda: control.ending):
                if not isinstance(item, Problem):
                    found[item[0].file.path] = item[1]
    else:
        with FeatureCache() as cache:
            for seen in backbone.look_at(paths, cache, cancelled=lambda: control.ending):
                if not isinstance(seen, Problem):
                    found[seen.path] = backbone.head(seen.features[0])
    control.check()
    return found


def describe_data(plan: TrainingPlan) -> list[dict[str, Any]]:
    """The card's `training_data`: how many photos of each class, and where they are from; no paths."""
    training, _ = plan.split()
    counts = Counter((photo.origin, photo.label) for photo in training)
    source = plan.source or "corrections"
    return [
        {"source": f"{source}, {origin}", "class": label, "photos": count, "terms": "the user's own"}
        for (origin, label), count in sorted(counts.items())
    ]


def describe_recipe(plan: TrainingPlan, **more: Any) -> dict[str, Any]:
    """The card's `recipe`: every choice of the run."""
    base = {} if plan.base is None else {"base": plan.base.name}
    return {"name": plan.recipe, **plan.options, **base, "made": plan.made, **more}


def _is_of(plan: TrainingPlan, folder: Path) -> bool:
    """Whether the model in `folder` is of this very run, which was killed right after it had put it there."""
    try:
        return read_card(folder).recipe.get("made") == plan.made
    except ModelError:
        return False


def _fit(examples: Sequence[Example], logits: Floats, classes: Sequence[str], calibration: Calibration) -> Calibration:
    fitted = fit(examples, logits, classes, calibration)
    temperature = float(np.clip(fitted.temperature, *_TEMPERATURES))
    if temperature == fitted.temperature:
        return fitted
    return fit(examples, logits, classes, calibration, temperature=temperature)


def _answers_in_use(plan: TrainingPlan, paths: Sequence[Path], control: RunControl) -> Answers | None:
    """What the model in use says of the same photos; None where it is gone."""
    try:
        model = find_model(plan.model_in_use)
        found = predict_logits(model, paths, control)
    except ModelError:
        return None
    if any(path not in found for path in paths):
        return None
    logits = np.stack([found[path] for path in paths])
    return Answers.of(model.name, model.rooms.names, logits, model.card.calibration)


def _example(photo: PlannedPhoto, plan: TrainingPlan) -> Example:
    return Example(photo.path, photo.label, plan.source or photo.origin, photo.group, "val")
