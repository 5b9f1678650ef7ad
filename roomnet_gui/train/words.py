"""What the pages of training say in the same words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from roomnet_core.training.options import RECIPES
from roomnet_core.training.process import STAGES
from roomnet_gui import texts
from roomnet_gui.core_texts import spoken
from roomnet_gui.train.training_run import Figures, State


def tr(text: str) -> str:
    return QCoreApplication.translate("Train", text)


def recipe_title(name: str) -> str:
    return next((spoken(recipe.title) for recipe in RECIPES if recipe.name == name), name)


def headline(state: State, figures: Figures) -> str:
    """One sentence on how the training stands."""
    name, recipe = figures.name, recipe_title(figures.recipe)
    return {
        State.IDLE: tr("No training is running."),
        State.STARTING: tr("Starting to train “{name}” ({recipe})…"),
        State.RUNNING: tr("Training “{name}” ({recipe})"),
        State.PAUSING: tr("Pausing “{name}” after this step…"),
        State.PAUSED: tr("“{name}” is paused. Nothing is lost, also when the window is closed."),
        State.STOPPING: tr("Stopping “{name}”: the best of it is measured and saved…"),
        State.CANCELLING: tr("Cancelling “{name}”…"),
        State.DONE: tr("“{name}” is ready."),
        State.STOPPED: tr("“{name}” was left for later."),
        State.CANCELLED: tr("The training of “{name}” was cancelled. Nothing of it was kept."),
        State.FAILED: tr("The training of “{name}” came to a stop."),
    }[state].format(name=name, recipe=recipe)


def progress(figures: Figures) -> str:
    """`Epoch 3 of 24 · 35 photos/s · 2 min 05 s left · CPU`."""
    parts = []
    if figures.stage == "training" and figures.epoch:
        parts.append(tr("Epoch {epoch} of {epochs}").format(epoch=figures.epoch, epochs=figures.epochs))
    elif figures.stage:
        parts.append(spoken(STAGES.get(figures.stage, figures.stage)))
    if figures.photos_per_second:
        rate = figures.photos_per_second
        parts.append(tr("{rate} photos/s").format(rate=texts.number(rate, 0 if rate >= 10 else 1)))
    if figures.seconds_left is not None:
        parts.append(tr("{time} left").format(time=texts.duration(figures.seconds_left)))
    if figures.device:
        parts.append(figures.device)
    if figures.training_photos:
        parts.append(
            tr("{training} to learn from, {validation} to check with").format(
                training=texts.photos(figures.training_photos), validation=texts.number(figures.validation_photos)
            )
        )
    return "  ·  ".join(parts)
