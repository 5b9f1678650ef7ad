"""The queued reader: decodes, augments and batches training photos on workers while the network trains."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np

from roomnet_core.errors import PhotoError, TrainingError
from roomnet_core.inference.preprocessing import prepare, scale_pixels
from roomnet_core.network.card import Preprocessing
from roomnet_core.photos.decode import decode_photo
from roomnet_core.training.augmentation import Augmentation, augment


class TrainingReader(keras.utils.PyDataset):
    """Batches of random variants: `(B, S, S, 3)` float32 pixels and `(B, C)` float32 targets.

    Epoch e draws `len(paths)` photos with the given weights; every photo's variant is drawn from
    (seed, epoch, position), so a run repeats exactly whatever the number of workers. A photo that cannot be read is
    replaced by the next one of the epoch.
    """

    def __init__(
        self,
        paths: Sequence[Path],
        targets: np.ndarray[Any, Any],
        *,
        weights: Sequence[float],
        size: int,
        batch_size: int,
        preprocessing: Preprocessing,
        augmentation: Augmentation,
        seed: int = 0,
        first_epoch: int = 0,
        workers: int = 2,
        pixels: np.ndarray[Any, np.dtype[np.uint8]] | None = None,
    ) -> None:
        """`pixels` (N, P, P, 3) uint8 RGB: the photos, decoded already; then no file is read."""
        super().__init__(workers=workers, use_multiprocessing=False, max_queue_size=8)
        self._paths = list(paths)
        self._pixels = pixels
        self._targets = targets
        self._weights = np.asarray(weights, dtype=np.float64) / np.sum(weights)
        self._size = size
        self._batch_size = batch_size
        self._preprocessing = preprocessing
        self._augmentation = augmentation
        self._seed = seed
        self._epoch = first_epoch
        self._draw()

    def __len__(self) -> int:
        return max(1, len(self._paths) // self._batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        pixels, targets = [], []
        for position in range(index * self._batch_size, (index + 1) * self._batch_size):
            rgb, example = self._read(position)
            random = np.random.default_rng((self._seed, self._epoch, position))
            pixels.append(augment(rgb, self._size, self._augmentation, random))
            targets.append(self._targets[example])
        return scale_pixels(np.stack(pixels), self._preprocessing), np.stack(targets)

    def on_epoch_end(self) -> None:
        self._epoch += 1
        self._draw()

    def _draw(self) -> None:
        """Draw the epoch's photos: systematic sampling keeps each photo's count within one of its expectation."""
        random = np.random.default_rng((self._seed, self._epoch))
        count = max(len(self._paths), self._batch_size)
        points = (np.arange(count) + random.random()) / count
        shuffled = random.permutation(len(self._paths))
        drawn = np.searchsorted(np.cumsum(self._weights[shuffled]), points).clip(0, len(self._paths) - 1)
        self._order = shuffled[drawn][random.permutation(count)]

    def _read(self, position: int) -> tuple[np.ndarray[Any, Any], int]:
        for attempt in range(len(self._order)):
            example = int(self._order[(position + attempt) % len(self._order)])
            if self._pixels is not None:
                return self._pixels[example], example
            try:
                return decode_photo(self._paths[example], min_side=self._size).rgb, example
            except PhotoError:
                continue
        raise TrainingError("Not one of the training photos can be read.")


class EvaluationReader(keras.utils.PyDataset):
    """Batches of photos as inference sees them, in order: the first view of each, and its target."""

    def __init__(
        self,
        paths: Sequence[Path],
        targets: np.ndarray[Any, Any],
        *,
        batch_size: int,
        preprocessing: Preprocessing,
        workers: int = 2,
    ) -> None:
        super().__init__(workers=workers, use_multiprocessing=False, max_queue_size=8)
        self._paths = list(paths)
        self._targets = targets
        self._batch_size = batch_size
        self._preprocessing = preprocessing

    def __len__(self) -> int:
        return math.ceil(len(self._paths) / self._batch_size)

    def __getitem__(self, index: int) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        rows = slice(index * self._batch_size, (index + 1) * self._batch_size)
        pixels = [
            prepare(decode_photo(path, min_side=self._preprocessing.decode_side), self._preprocessing)[0]
            for path in self._paths[rows]
        ]
        return scale_pixels(np.stack(pixels), self._preprocessing), self._targets[rows]
