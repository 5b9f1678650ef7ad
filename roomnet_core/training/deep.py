"""What the recipes that train a whole network share: photos in memory, a watcher of `fit`, the best weights."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from roomnet_core.errors import PhotoError
from roomnet_core.inference.preprocessing import prepare, scale_pixels
from roomnet_core.network.card import Preprocessing
from roomnet_core.photos.decode import decode_photo
from roomnet_core.training.control import Pace, RunControl
from roomnet_core.training.history import History
from roomnet_core.training.logistic import cross_entropy

BEST_NAME = "best.npz"

# Small, because a batch of whole photos takes more memory than one of the training.
CHECKING_BATCH = 8

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def device_name() -> str:
    """What Keras computes on with the backend that it was started with: the name of the GPU, or `CPU`."""
    match keras.backend.backend():
        case "tensorflow":
            import tensorflow as tf

            gpus = tf.config.list_physical_devices("GPU")
            return str(tf.config.experimental.get_device_details(gpus[0]).get("device_name", "GPU")) if gpus else "CPU"
        case "jax":
            import jax

            device = jax.devices()[0]
            return "CPU" if device.platform == "cpu" else str(device.device_kind)
        case "torch":
            import torch

            return str(torch.cuda.get_device_name(0)) if torch.cuda.is_available() else "CPU"
        case other:
            return str(other)


class Watcher(keras.callbacks.Callback):
    """Tells of every step and epoch of a `fit`, heeds commands, and keeps the weights that validate best.

    It must come before `SwapEMAWeights` among the callbacks, so that the averaged weights are in place when it looks.
    """

    def __init__(
        self,
        control: RunControl,
        history: History,
        work: Path,
        *,
        epochs: int,
        photos: int,
        pixels: Pixels,
        labels: np.ndarray[Any, Any],
        preprocessing: Preprocessing,
        outputs: int,
        classes: int,
        least: float = float("inf"),
    ) -> None:
        """`pixels` (M, S, S, 3) uint8 and `labels` (M,) are the validation photos; `least` the loss to be beaten."""
        super().__init__()
        self._control, self._history, self._work = control, history, work
        self._epochs, self._photos = epochs, photos
        self._pixels, self._labels = pixels, labels
        self._preprocessing = preprocessing
        self._outputs, self._classes = outputs, classes
        self._least = least
        self._pace: Pace | None = None
        self._epoch = 0
        self._checked: dict[str, Any] = {}

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        self._epoch = epoch + 1

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        paused = self._control.check()
        steps = int(self.params.get("steps") or 1)  # the batches of an epoch
        if self._pace is None:  # the first step compiles the network: it tells nothing of the pace
            self._pace = Pace((self._epochs - self._epoch + 1) * self._photos - self._photos // steps)
        else:
            self._pace.advance(self._photos // steps, paused=paused)
        values = logs or {}
        self._control.step(
            "training",
            batch + 1,
            steps,
            self._pace,
            epoch=self._epoch,
            loss=float(values.get("loss", np.nan)),
            accuracy=float(values.get("accuracy", np.nan)),
        )
        if self._control.stop_asked:
            self.model.stop_training = True

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """The averaged weights are in place now, and only now."""
        logits = predict(self.model, self._pixels, self._preprocessing)
        targets = np.eye(self._outputs, dtype=np.float32)[self._labels]
        even = np.full(len(targets), 1 / len(targets), np.float32)
        loss = cross_entropy(logits, targets, even)
        best = loss < self._least
        if best:
            self._least = loss
            save_weights(self.model, self._work)
        self._checked = {"val_loss": loss, "answers": logits[:, : self._classes].argmax(axis=1), "best": best}

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        values = logs or {}
        self._history.add(
            epoch + 1,
            self._epochs,
            loss=float(values.get("loss", np.nan)),
            accuracy=float(values.get("accuracy", np.nan)),
            labels=self._labels,
            **self._checked,
        )


def predict(model: Any, pixels: Pixels, preprocessing: Preprocessing) -> np.ndarray[Any, np.dtype[np.float32]]:
    """`(N, S, S, 3)` uint8 RGB to `(N, outputs)` logits."""
    found = [
        keras.ops.convert_to_numpy(
            model(scale_pixels(pixels[start : start + CHECKING_BATCH], preprocessing), training=False)
        )
        for start in range(0, len(pixels), CHECKING_BATCH)
    ]
    return np.concatenate(found)


def save_weights(model: Any, work: Path) -> None:
    """Keep the weights as the best until now; a crash leaves the old ones or the new ones, never half of them."""
    staged = work / f"staged-{BEST_NAME}"
    with staged.open("wb") as stream:
        np.savez(stream, *model.get_weights())
    staged.replace(work / BEST_NAME)


def load_weights(model: Any, work: Path) -> None:
    """Put the best weights into `model`; it keeps its own where none were kept."""
    path = work / BEST_NAME
    if path.is_file():
        with np.load(path, allow_pickle=False) as saved:
            model.set_weights([saved[f"arr_{index}"] for index in range(len(saved.files))])


def read_pixels(paths: Sequence[Path], preprocessing: Preprocessing, control: RunControl) -> tuple[list[int], Pixels]:
    """The indices of the photos that can be read, and the first view of each, `(M, S, S, 3)` uint8 RGB.

    Raises:
        RunEnded: the run was told to end.
    """
    rows, views = [], []
    for index, path in enumerate(paths):
        control.check()
        try:
            view = prepare(decode_photo(path, min_side=preprocessing.decode_side), preprocessing)[0]
        except PhotoError:
            continue
        rows.append(index)
        views.append(view)
    size = preprocessing.input_size
    return rows, np.stack(views) if views else np.zeros((0, size, size, 3), np.uint8)
