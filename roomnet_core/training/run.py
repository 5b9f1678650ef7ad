"""One run from its plan to a model in the store; what was done before a crash is not done again."""

from __future__ import annotations

import json
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from roomnet_core.inference.model_file import ModelFile
from roomnet_core.network.card import CARD_NAME, read_card
from roomnet_core.training.control import RunControl
from roomnet_core.training.finish import REPORT_FOLDER, describe_data, describe_recipe, finish
from roomnet_core.training.history import History
from roomnet_core.training.options import QUICK, STANDARD
from roomnet_core.training.plan import TrainingPlan

_MODEL_FOLDER, _CLOCK_NAME = "model", "seconds.json"


def run(plan: TrainingPlan, work: Path, control: RunControl) -> dict[str, Any]:
    """Train, measure and install; returns `folder`, `report` and `seconds` as the `done` event has them.

    `work` holds the checkpoints. A run that finds some there goes on from them.

    Raises:
        RoomNetError, OSError: it cannot go on; what was done is kept.
        RunEnded: it was told to end.
    """
    began = time.monotonic()
    before = _read_seconds(work)
    history = History(work, plan.classes, control)
    training, validation = plan.split()
    control.emit(
        "started",
        run=str(work),
        recipe=plan.recipe,
        device=_device(plan.recipe),
        classes=list(plan.classes),
        training_photos=len(training),
        validation_photos=len(validation),
        epochs=int(plan.options["epochs"]),
        resumed=bool(history.epochs) or before > 0,
    )
    try:
        staged = _trained(plan, work, control, history)
        seconds = before + time.monotonic() - began
        folder = finish(plan, staged, control, history, seconds=seconds)
    finally:
        with suppress(OSError):
            (work / _CLOCK_NAME).write_text(json.dumps(before + time.monotonic() - began))
    return {
        "folder": str(folder),
        "report": str(folder / REPORT_FOLDER),
        "seconds": round(before + time.monotonic() - began, 1),
    }


def _trained(plan: TrainingPlan, work: Path, control: RunControl, history: History) -> ModelFile:
    """The model in the work folder: as an earlier, interrupted end of this run left it, or trained now."""
    folder = work / _MODEL_FOLDER / plan.name
    if (folder / CARD_NAME).is_file():  # the card is written last, so the rest is whole
        return ModelFile(folder, read_card(folder))
    shutil.rmtree(folder, ignore_errors=True)
    described: dict[str, Any] = {"training_data": describe_data(plan), "licence": "the user's own"}
    if plan.recipe == QUICK:
        from roomnet_core.training.quick import train_quick, write_quick

        base, head = train_quick(plan, control, history)
        return write_quick(
            plan,
            base,
            head,
            folder,
            description=f"A new last layer on the network of {base.name}, trained on the user's photos.",
            lineage=f"{base.name}; {base.card.lineage}",
            recipe=describe_recipe(plan),
            **described,
        )
    if plan.recipe == STANDARD:
        from roomnet_core.training.standard import train_standard

        return train_standard(plan, work, folder, control, history, described)
    from roomnet_core.training.classic import train_classic

    return train_classic(plan, work, folder, control, history, described)


def _device(recipe: str) -> str:
    """What the run computes on."""
    if recipe == QUICK:
        return "CPU"  # LiteRT and numpy
    from roomnet_core.training.deep import device_name

    return device_name()


def _read_seconds(work: Path) -> float:
    try:
        return float(json.loads((work / _CLOCK_NAME).read_text()))
    except (OSError, ValueError, TypeError):
        return 0.0
