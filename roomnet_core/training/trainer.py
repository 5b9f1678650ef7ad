"""The training loop: phases of `fit`, a checkpoint after every epoch, resume, and a history in JSON."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np

from roomnet_core.errors import TrainingError
from roomnet_core.network.efficientnet_lite import build_efficientnet_lite, load_pretrained, published_checkpoint
from roomnet_core.network.roomnet import build_roomnet
from roomnet_core.training.dataset import Dataset, sampling_weights
from roomnet_core.training.reader import EvaluationReader, TrainingReader
from roomnet_core.training.recipe import Phase, Recipe

CHECKPOINT_NAME = "checkpoint.keras"
HISTORY_NAME = "history.json"

Report = Callable[[dict[str, Any]], None]


def build_network(recipe: Recipe, outputs: int) -> Any:
    """The recipe's architecture with `outputs` logits; convolutional trunks take photos of any size.

    Raises:
        TrainingError: the architecture is unknown.
    """
    # Dropout layers must be there for a later phase to turn them on.
    dropout = max(recipe.dropout_of(phase) for phase in recipe.phases)
    if recipe.architecture == "roomnet":
        return build_roomnet(outputs, dropout=dropout, l2=recipe.l2)
    family, _, variant = recipe.architecture.rpartition("_")
    if family != "efficientnet":
        raise TrainingError(f"Recipe {recipe.name!r} asks for an unknown architecture: {recipe.architecture!r}.")
    return build_efficientnet_lite(variant, num_classes=outputs, any_size=True, dropout=dropout, l2=recipe.l2)


def train(
    dataset: Dataset,
    recipe: Recipe,
    work: Path,
    *,
    workers: int = 2,
    report: Report = lambda event: None,
    callbacks: Sequence[Any] = (),
) -> Any:
    """Train a network on `dataset` and return it with its averaged weights.

    `work` keeps the checkpoint and the history; a run that finds them there goes on after the last whole epoch.
    `report` is called after every epoch with the history's entry: `epoch`, `epochs`, `loss`, `accuracy`,
    `val_loss`, `val_accuracy`, `input_size`, `seconds`. `callbacks` come first of all; one that sets
    `model.stop_training` ends the whole run after the epoch that it cuts short.

    Raises:
        TrainingError: there is nothing to train on, or the checkpoint is of another recipe.
    """
    keras.utils.set_random_seed(recipe.seed)
    work.mkdir(parents=True, exist_ok=True)
    outputs = len(dataset.classes) + recipe.rejection
    training = [example for example in dataset.split("train") if recipe.rejection or example.label in dataset.classes]
    validation = [example for example in dataset.split("val") if example.label in dataset.classes]
    if not training or not validation:
        raise TrainingError("There must be photos for training and for validation.")
    weights = sampling_weights(training, class_power=recipe.class_power, source_weights=recipe.source_weights)
    targets = np.eye(outputs, dtype=np.float32)[dataset.label_ids(training)]
    validation_reader = EvaluationReader(
        [example.path for example in validation],
        np.eye(outputs, dtype=np.float32)[dataset.label_ids(validation)],
        batch_size=32,
        preprocessing=recipe.preprocessing,
        workers=workers,
    )

    steps = sum(phase.epochs * max(1, len(training) // phase.batch_size) for phase in recipe.phases)
    history = _read_history(work, recipe)
    model = keras.models.load_model(work / CHECKPOINT_NAME, safe_mode=True) if history else None
    if model is None:
        model = build_network(recipe, outputs)
        if recipe.pretrained:
            load_pretrained(model, published_checkpoint(recipe.architecture.rpartition("_")[2]))
        for layer in model.layers:
            if isinstance(layer, keras.layers.BatchNormalization):
                layer.momentum = _decay(layer.momentum, steps)
        _compile(model, recipe, steps)
    first_epoch = 0
    before: Phase | None = None
    for phase in recipe.phases:
        last_epoch = first_epoch + phase.epochs
        start = max(first_epoch, len(history))
        if start < last_epoch:
            if start == first_epoch and _changes_layers(recipe, before, phase):
                model = _for_phase(model, recipe, phase, steps)
            reader = TrainingReader(
                [example.path for example in training],
                targets,
                weights=weights,
                size=phase.input_size,
                batch_size=phase.batch_size,
                preprocessing=recipe.preprocessing,
                augmentation=recipe.augmentation,
                seed=recipe.seed,
                first_epoch=start,
                workers=workers,
            )
            recorder = _Recorder(work, recipe, history, phase.input_size, report)
            averaging = [keras.callbacks.SwapEMAWeights()] if recipe.ema else []
            model.fit(
                reader,
                validation_data=validation_reader,
                initial_epoch=start,
                epochs=last_epoch,
                shuffle=False,
                callbacks=[*callbacks, *averaging, recorder],
                verbose=0,
            )
            if model.stop_training:
                break
        first_epoch, before = last_epoch, phase
    if recipe.ema:
        model.optimizer.finalize_variable_values(model.trainable_variables)
    return model


def with_input_size(model: Any, recipe: Recipe) -> Any:
    """The network of `recipe` fixed to the card's input size, ready to be frozen, with `model`'s weights."""
    if recipe.architecture == "roomnet":
        plain = build_roomnet(model.output_shape[-1])
        plain.set_weights(model.get_weights())
        return plain
    variant = recipe.architecture.rpartition("_")[2]
    size = recipe.preprocessing.input_size
    fixed = build_efficientnet_lite(variant, num_classes=model.output_shape[-1], input_size=size, dropout=0.0)
    fixed.set_weights(model.get_weights())
    return fixed


def _compile(model: Any, recipe: Recipe, steps: int) -> None:
    optimizer = _optimizer(recipe, steps)
    model.compile(
        optimizer=optimizer,
        loss=keras.losses.CategoricalCrossentropy(from_logits=True, label_smoothing=recipe.label_smoothing),
        metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
        # XLA makes convolutions on the CPU slower.
        jit_compile=False,
    )
    # TensorFlow traces a step twice when the first time makes variables (these, or a metric's that is given by name).
    optimizer.build(model.trainable_variables)


def _changes_layers(recipe: Recipe, before: Phase | None, phase: Phase) -> bool:
    """Whether the network of `phase` differs from that of the phase before (at first: as it was built)."""
    built = max(recipe.dropout_of(each) for each in recipe.phases)
    now = (recipe.dropout_of(phase), phase.frozen_batch_norm)
    return now != ((recipe.dropout_of(before), before.frozen_batch_norm) if before else (built, False))


def _for_phase(model: Any, recipe: Recipe, phase: Phase, steps: int) -> Any:
    """A copy of `model` with the dropout and batch norm of `phase`; weights and the optimizer's state go with it."""

    def clone(layer: Any) -> Any:
        kind, config = layer.__class__, layer.get_config()
        if isinstance(layer, keras.layers.Dropout):
            config["rate"] = recipe.dropout_of(phase)
        elif isinstance(layer, keras.layers.BatchNormalization):
            kind = StillBatchNormalization if phase.frozen_batch_norm else keras.layers.BatchNormalization
        return kind.from_config(config)

    copy = keras.models.clone_model(model, clone_function=clone)
    copy.set_weights(model.get_weights())
    _compile(copy, recipe, steps)
    if model.optimizer.built:
        copy.optimizer.build(copy.trainable_variables)
        for mine, theirs in zip(copy.optimizer.variables, model.optimizer.variables, strict=True):
            mine.assign(theirs)
    return copy


def _decay(usual: float, steps: int) -> float:
    """The decay of a running average that must have forgotten its start by the end of a short run."""
    return min(usual, max(0.0, 1 - 20 / steps))


def _optimizer(recipe: Recipe, steps: int) -> Any:
    schedules = keras.optimizers.schedules
    if recipe.decay is not None:
        schedule = schedules.ExponentialDecay(recipe.learning_rate, recipe.decay.steps, recipe.decay.rate)
    else:
        warmup, peak = max(1, round(steps * recipe.warmup_share)), recipe.learning_rate
        schedule = schedules.CosineDecay(peak / 50, steps - warmup, alpha=0.01, warmup_target=peak, warmup_steps=warmup)
    optimizer = keras.optimizers.AdamW(
        schedule,
        weight_decay=recipe.weight_decay,
        global_clipnorm=recipe.clip_norm,
        use_ema=bool(recipe.ema),
        ema_momentum=_decay(recipe.ema, steps) if recipe.ema else 0.99,
    )
    # Decay shrinks kernels; on the scale and offset of a batch norm or on a bias it only does harm.
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    return optimizer


@keras.saving.register_keras_serializable(package="roomnet")
class StillBatchNormalization(keras.layers.BatchNormalization):
    """Batch norm by its moving statistics, in training too; they stand still, its scale and offset go on learning."""

    def call(self, inputs: Any, training: bool | None = None, mask: Any = None) -> Any:
        return super().call(inputs, training=False, mask=mask)


class _Recorder(keras.callbacks.Callback):
    """After every epoch: write the checkpoint, then the history that says it is whole, and report."""

    def __init__(
        self, work: Path, recipe: Recipe, history: list[dict[str, Any]], input_size: int, report: Report
    ) -> None:
        super().__init__()
        self._work = work
        self._recipe = recipe
        self._history = history
        self._input_size = input_size
        self._report = report
        self._started = 0.0

    def on_epoch_begin(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        self._started = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:
        entry: dict[str, Any] = {
            "epoch": epoch + 1,
            "epochs": self._recipe.epochs,
            "input_size": self._input_size,
            "seconds": round(time.monotonic() - self._started, 1),
            **{name: round(float(value), 5) for name, value in (logs or {}).items()},
        }
        self._history.append(entry)
        # A crash between the two replacements repeats one epoch; a torn checkpoint cannot happen.
        staged = self._work / f"staged-{CHECKPOINT_NAME}"
        self.model.save(staged)
        staged.replace(self._work / CHECKPOINT_NAME)
        staged = self._work / f"staged-{HISTORY_NAME}"
        staged.write_text(json.dumps({"recipe": _fingerprint(self._recipe), "epochs": self._history}, indent=1))
        staged.replace(self._work / HISTORY_NAME)
        self._report(entry)


def _fingerprint(recipe: Recipe) -> str:
    return repr(replace(recipe, storage="float32"))  # storage does not touch training


def _read_history(work: Path, recipe: Recipe) -> list[dict[str, Any]]:
    path = work / HISTORY_NAME
    if not path.is_file() or not (work / CHECKPOINT_NAME).is_file():
        return []
    try:
        content = json.loads(path.read_text())
        made_by, epochs = content["recipe"], list(content["epochs"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise TrainingError(f"{path} cannot be read ({error}). Delete the folder {work} to start afresh.") from error
    if made_by != _fingerprint(recipe):
        raise TrainingError(f"{work} holds a run of another recipe. Choose another folder, or delete it.")
    return epochs
