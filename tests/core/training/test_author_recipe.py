"""The author's recipe: growing batches, late dropout, batch norm that stands still at last, sliding square crops."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from roomnet_core.errors import TrainingError
from roomnet_core.training import trainer
from roomnet_core.training.augmentation import Augmentation, augment
from roomnet_core.training.dataset import Dataset, Example
from roomnet_core.training.recipe import AUTHOR, Phase, find_recipe

SHORT = replace(
    AUTHOR,
    phases=(Phase(1, 16, 4), Phase(1, 16, 8), Phase(1, 16, 6, dropout=0.3), Phase(1, 16, 6, 0.3, True)),
    preprocessing=replace(AUTHOR.preprocessing, input_size=16),
)
ONLY_CROP = replace(AUTHOR.augmentation, flip=0.0, flip_vertical=0.0)


def small_network(recipe: Any, outputs: int) -> Any:
    inputs = keras.Input((16, 16, 3))
    x = keras.layers.Conv2D(4, 3, kernel_regularizer=keras.regularizers.L2(recipe.l2), name="conv")(inputs)
    x = keras.layers.BatchNormalization(name="norm")(x)
    x = keras.layers.Dropout(0.3, name="drop")(keras.layers.GlobalAveragePooling2D()(x))
    return keras.Model(inputs, keras.layers.Dense(outputs)(x))


@pytest.fixture
def dataset(tmp_path: Path) -> Dataset:
    random = np.random.default_rng(0)
    examples = []
    for number in range(32):
        label, split = ("Dark", "Light")[number % 2], "val" if number >= 24 else "train"
        path = tmp_path / f"{number}.png"
        Image.fromarray(random.integers(0, 120, (20, 30, 3), np.uint8) + np.uint8(120 * (number % 2))).save(path)
        examples.append(Example(path, label, "made", "", split))
    return Dataset(("Dark", "Light"), tuple(examples))


def test_the_recipe_is_the_authors() -> None:
    recipe = find_recipe("author")
    assert [phase.batch_size for phase in recipe.phases] == [8, 32, 40, 45]
    assert [recipe.dropout_of(phase) for phase in recipe.phases] == [0.0, 0.0, 0.3, 0.3]
    assert [phase.frozen_batch_norm for phase in recipe.phases] == [False, False, False, True]
    assert recipe.decay is not None and recipe.l2 > 0 and recipe.weight_decay == 0
    model = trainer.build_network(recipe, 6)
    assert model.count_params() == 178_062
    # A dropout behind every block: five of convolutions and three dense ones.
    assert sum(isinstance(layer, keras.layers.Dropout) for layer in model.layers) == 8


def test_phases_change_the_network_and_nothing_is_forgotten(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "build_network", small_network)
    fitted: list[Any] = []
    begin = trainer._Recorder.on_epoch_begin

    def note(self: Any, epoch: int, logs: Any = None) -> None:
        norm = self.model.get_layer("norm").get_weights()
        fitted.append((self.model.get_layer("drop").rate, norm, int(self.model.optimizer.iterations)))
        begin(self, epoch, logs)

    monkeypatch.setattr(trainer._Recorder, "on_epoch_begin", note)
    model = trainer.train(dataset, SHORT, tmp_path / "whole", workers=1)
    assert [rate for rate, *_ in fitted] == [0.0, 0.0, 0.3, 0.3]
    # 24 photos in batches of 4, 8, 6 and 6; the optimizer goes on counting when a phase changes the network.
    assert [steps for *_, steps in fitted] == [0, 6, 9, 13] and int(model.optimizer.iterations) == 17
    decayed = SHORT.learning_rate * SHORT.decay.rate ** (17 / SHORT.decay.steps)  # type: ignore[union-attr]
    assert float(model.optimizer.learning_rate) == pytest.approx(decayed, rel=1e-5)
    (_, (_, _, moved_before, _), _), (_, (scale, _, mean, variance), _) = fitted[2:]
    end_scale, _, end_mean, end_variance = model.get_layer("norm").get_weights()
    assert not np.allclose(moved_before, mean)
    np.testing.assert_array_equal(mean, end_mean)
    np.testing.assert_array_equal(variance, end_variance)
    assert not np.allclose(scale, end_scale)


def test_a_run_cut_between_two_phases_goes_on_in_the_next_one(
    dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "build_network", small_network)
    plain = replace(SHORT, phases=(Phase(2, 16, 6), Phase(2, 16, 6, frozen_batch_norm=True)))
    whole = trainer.train(dataset, plain, tmp_path / "whole", workers=1)

    def cut(entry: dict[str, float]) -> None:
        if entry["epoch"] == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        trainer.train(dataset, plain, tmp_path / "cut", workers=1, report=cut)
    resumed = trainer.train(dataset, plain, tmp_path / "cut", workers=1)
    for ours, theirs in zip(resumed.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-5)


@settings(max_examples=30, deadline=None)
@given(st.integers(16, 60), st.integers(16, 60), st.integers(0, 2**32 - 1))
def test_the_square_slides_along_the_long_side_only(width: int, height: int, seed: int) -> None:
    # Red grows to the right, green downwards.
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[..., 0] = np.linspace(0, 255, width)[None, :]
    rgb[..., 1] = np.linspace(0, 255, height)[:, None]
    square = augment(rgb, 16, ONLY_CROP, np.random.default_rng(seed)).astype(int)
    shown = [np.ptp(square[..., 0]), np.ptp(square[..., 1])]
    short, long = min(width, height), max(width, height)
    along, across = shown if width >= height else shown[::-1]
    assert across >= 255 * 14 / 16  # bilinear sampling starts half a cell inside
    assert along <= 255 * short / long + 255 / 16


def test_flipped_upside_down_and_a_crop_that_does_not_exist() -> None:
    rgb = np.zeros((16, 16, 3), np.uint8)
    rgb[:8] = 200
    turned = augment(rgb, 16, replace(ONLY_CROP, flip_vertical=1.0), np.random.default_rng(0))
    np.testing.assert_array_equal(turned, rgb[::-1])
    with pytest.raises(TrainingError, match="crop"):
        Augmentation(crop="round")
