"""The standard recipe: a whole network that knows houses already, fine-tuned on a person's photos."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from statistics import NormalDist
from typing import Any

import keras
import numpy as np

from roomnet_core.errors import TrainingError
from roomnet_core.inference.confidence import softmax
from roomnet_core.inference.model_file import LITE_NAME, ModelFile, find_model
from roomnet_core.inference.preprocessing import scale_pixels
from roomnet_core.network.card import Calibration, Preprocessing
from roomnet_core.network.freeze import write_model
from roomnet_core.network.head import Head
from roomnet_core.network.thaw import build_folded, can_thaw, thaw
from roomnet_core.training.augmentation import Augmentation
from roomnet_core.training.control import Pace, RunControl
from roomnet_core.training.dataset import OTHER
from roomnet_core.training.deep import CHECKING_BATCH, Watcher, load_weights, predict, read_pixels, save_weights
from roomnet_core.training.features import Backbone
from roomnet_core.training.finish import describe_recipe
from roomnet_core.training.history import History
from roomnet_core.training.logistic import class_weights, cross_entropy
from roomnet_core.training.packed import pack_photos
from roomnet_core.training.plan import PlannedPhoto, TrainingPlan
from roomnet_core.training.quick import best_head, look, rejects, room_set
from roomnet_core.training.reader import TrainingReader

_CHECKPOINT = re.compile(r"checkpoint-(\d+)\.keras")
_EMA, _WARMUP_SHARE, _WEIGHT_DECAY = 0.998, 0.1, 0.01
_SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)

AUGMENTATIONS = {
    "none": Augmentation(1.0, 1.0, flip=0.0, color=0.0, grey=0.0, downscale=0.0, jpeg=0.0, erase=0.0),
    "mirror": Augmentation(1.0, 1.0, flip=0.5, color=0.0, grey=0.0, downscale=0.0, jpeg=0.0, erase=0.0),
    "full": Augmentation(color=0.35, grey=0.12, downscale=0.4, downscale_to=(48, 170), jpeg=0.2, erase=0.15),
}


def train_standard(
    plan: TrainingPlan, work: Path, folder: Path, control: RunControl, history: History, described: dict[str, Any]
) -> ModelFile:
    """Fit a new last layer as the quick recipe does, fine-tune everything from there, and freeze the best of it.

    A checkpoint is written after every epoch; a run that was killed goes on after the last whole one.

    Raises:
        TrainingError: the network cannot be trained, or there are no photos on one side of the split.
        RunEnded: the run was told to end.
    """
    if plan.base is None or not can_thaw((base := find_model(plan.base)).card.architecture):
        raise TrainingError("This network cannot be trained further. Choose a shipped one under Network.")
    backbone, spec = Backbone(base), base.card.preprocessing
    seen = look(backbone, [photo.path for photo in plan.photos], control)
    training, validation = ([photo for photo in side if photo.path in seen] for side in plan.split())
    checked = [photo for photo in validation if photo.label in plan.classes]
    if not training or not checked:
        raise TrainingError("There must be photos for training and for validation, and they must be readable.")
    outputs = [*plan.classes, *([OTHER] if rejects(plan, base) else [])]
    head = best_head(plan, backbone, training, checked, seen, outputs)
    del seen

    def packing(done: int) -> None:
        paused = control.check()
        pace.advance(1, paused=paused)
        control.step("reading", done, len(training), pace)

    pace = Pace(len(training))
    pixels = pack_photos([photo.path for photo in training], spec, work, progress=packing)
    _, views = read_pixels([photo.path for photo in checked], spec, control)
    labels = np.array([outputs.index(photo.label) for photo in checked])
    _tune(plan, work, control, history, backbone, head, training, pixels, outputs, views, labels)
    fixed = build_folded(base.card.architecture, len(outputs), input_size=spec.input_size)
    thaw(fixed, base.read(LITE_NAME))
    fixed.get_layer("logits").set_weights([head.kernel, head.bias])
    share = _settle(fixed, work, views, labels, spec, control)
    card = write_model(
        fixed,
        folder,
        # The 8-bit grid is coarser than the steps of fine-tuning, and too coarse for a last layer fitted off it.
        storage="float16" if base.card.storage == "int8" else base.card.storage,
        name=plan.name,
        rooms=room_set(plan.classes, base),
        preprocessing=spec,
        calibration=Calibration(rejection=len(outputs) > len(plan.classes)),
        architecture=base.card.architecture,
        description=f"The network of {base.name} and a new last layer, tuned on the user's photos ({share:.0%} of it).",
        lineage=f"{base.name}; {base.card.lineage}",
        recipe=describe_recipe(plan, backend=keras.backend.backend(), tuned_share=share),
        **described,
    )
    return ModelFile(folder, card)


def _tune(
    plan: TrainingPlan,
    work: Path,
    control: RunControl,
    history: History,
    backbone: Backbone,
    head: Head,
    training: list[PlannedPhoto],
    pixels: Any,
    outputs: list[str],
    views: Any,
    labels: Any,
) -> None:
    """Train to the last epoch, or until that was told to stop; the best weights are in the work folder then."""
    control.emit("stage", name="training")
    options, spec = plan.options, backbone.model.card.preprocessing
    keras.utils.set_random_seed(int(options["seed"]))
    epochs, batch = int(options["epochs"]), min(int(options["batch_size"]), len(training))
    steps = max(1, len(training) // batch)
    done, model = _resume(work)
    history.epochs = history.epochs[:done]
    if model is None:
        model = build_folded(
            backbone.model.card.architecture, len(outputs), dropout=float(options["dropout"]), l2=float(options["l2"])
        )
        thaw(model, backbone.model.read(LITE_NAME))
        model.get_layer("logits").set_weights([head.kernel, head.bias])
        save_weights(model, work)
        _compile(model, float(options["learning_rate"]), epochs * steps)
    targets = np.eye(len(outputs), dtype=np.float32)
    least = _loss_of_best(model, work, views, targets[labels], spec)
    ids = np.array([outputs.index(photo.label) for photo in training])
    reader = TrainingReader(
        [photo.path for photo in training],
        targets[ids],
        weights=class_weights(ids).tolist(),
        size=training_size(spec.input_size),
        batch_size=batch,
        preprocessing=spec,
        augmentation=AUGMENTATIONS[str(options["augmentation"])],
        seed=int(options["seed"]),
        first_epoch=done,
        pixels=pixels,
    )
    watcher = Watcher(
        control,
        history,
        work,
        epochs=epochs,
        photos=steps * batch,
        pixels=views,
        labels=labels,
        preprocessing=spec,
        outputs=len(outputs),
        classes=len(plan.classes),
        least=least,
    )
    if done < epochs:
        checking = _Checking(views, targets[labels], spec)
        model.fit(
            reader,
            validation_data=checking,
            initial_epoch=done,
            epochs=epochs,
            shuffle=False,
            callbacks=[watcher, keras.callbacks.SwapEMAWeights(), _Checkpoint(work)],
            verbose=0,
        )


def _settle(
    model: Any, work: Path, views: Any, labels: Any, spec: Preprocessing, control: RunControl
) -> float:
    """Take `model` from its start toward the best weights of the training, as far as that is worth it; returns how far.

    The weights on the straight line between the two are good networks as well, and the nearer they are to the start,
    the more they keep of what it knew of photos unlike these (Wortsman et al., "Robust fine-tuning of zero-shot
    models", 2022). So of five places on it the one nearest to the start is taken that does not validate worse than the
    best by more than chance; with few validation photos, or little to gain, that is the start itself.
    """
    start = model.get_weights()
    load_weights(model, work)
    best = model.get_weights()
    losses = []
    for share in _SHARES:
        control.check()
        model.set_weights(_between(start, best, share))
        probabilities = softmax(predict(model, views, spec))
        losses.append(-np.log(np.maximum(probabilities[np.arange(len(labels)), labels], 1e-12)))
    least = min(losses, key=lambda values: float(values.mean()))
    chosen = next(
        share for share, loss in zip(_SHARES, losses, strict=True) if not _more_than_chance(loss - least)
    )
    model.set_weights(_between(start, best, chosen))
    return chosen


def _more_than_chance(differences: np.ndarray[Any, Any]) -> bool:
    """Whether `differences` (N,) are above 0 on the whole: a one-sided test at 5 %, shared by the places compared."""
    error = differences.std() / np.sqrt(len(differences))
    return bool(differences.mean() > NormalDist().inv_cdf(1 - 0.05 / (len(_SHARES) - 1)) * error)


def _between(start: Sequence[Any], end: Sequence[Any], share: float) -> list[Any]:
    return [first + share * (last - first) for first, last in zip(start, end, strict=True)]


def _loss_of_best(model: Any, work: Path, views: Any, targets: Any, spec: Preprocessing) -> float:
    """The validation loss of the best weights until now (at first: of the start), which an epoch has to beat."""
    now = model.get_weights()
    load_weights(model, work)
    logits = predict(model, views, spec)
    model.set_weights(now)
    return cross_entropy(logits, targets, np.full(len(targets), 1 / len(targets), np.float32))


def training_size(input_size: int) -> int:
    """The pixels a side to train at: three quarters, which take half of the time and memory.

    A random crop shows things larger than they are in the whole photo, so training at a smaller size than the network
    is used at also makes up for that (Touvron et al., "Fixing the train-test resolution discrepancy", 2019).
    """
    return max(96, round(0.75 * input_size / 16) * 16)


class _Checking(keras.utils.PyDataset):
    """The validation photos as one batch after the other."""

    def __init__(self, views: Any, targets: Any, spec: Any) -> None:
        super().__init__()
        self._views, self._targets, self._spec = views, targets, spec

    def __len__(self) -> int:
        return -(-len(self._views) // CHECKING_BATCH)

    def __getitem__(self, index: int) -> tuple[Any, Any]:
        rows = slice(CHECKING_BATCH * index, CHECKING_BATCH * (index + 1))
        return scale_pixels(self._views[rows], self._spec), self._targets[rows]


class _Checkpoint(keras.callbacks.Callback):
    """After every epoch the network and its optimizer in a file of its own; only then the one before goes."""

    def __init__(self, work: Path) -> None:
        super().__init__()
        self._work = work

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        staged = self._work / "staged.keras"
        self.model.save(staged)
        target = self._work / f"checkpoint-{epoch + 1}.keras"
        staged.replace(target)
        for path in self._work.glob("checkpoint-*.keras"):
            if path != target:
                path.unlink()


def _resume(work: Path) -> tuple[int, Any]:
    """The epochs that are done, and the network after them (0 and None where there is no checkpoint)."""
    found = {int(match[1]): path for path in work.iterdir() if (match := _CHECKPOINT.fullmatch(path.name))}
    if not found:
        return 0, None
    done = max(found)
    return done, keras.models.load_model(found[done], safe_mode=True)


def _compile(model: Any, learning_rate: float, steps: int) -> None:
    warmup = max(1, round(steps * _WARMUP_SHARE))
    schedule = keras.optimizers.schedules.CosineDecay(
        learning_rate / 50, max(1, steps - warmup), alpha=0.01, warmup_target=learning_rate, warmup_steps=warmup
    )
    optimizer = keras.optimizers.AdamW(
        schedule,
        weight_decay=_WEIGHT_DECAY,
        global_clipnorm=1.0,
        use_ema=True,
        # A running average must have forgotten its start by the end of a short run.
        ema_momentum=min(_EMA, max(0.0, 1 - 20 / steps)),
    )
    optimizer.exclude_from_weight_decay(var_names=["bias"])
    model.compile(
        optimizer=optimizer,
        loss=keras.losses.CategoricalCrossentropy(from_logits=True),
        metrics=[keras.metrics.CategoricalAccuracy(name="accuracy")],
        jit_compile=False,  # XLA makes convolutions on the CPU slower
    )
    # TensorFlow traces a step twice when the first time makes variables (these, or a metric's that is given by name).
    optimizer.build(model.trainable_variables)
