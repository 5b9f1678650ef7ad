"""A real, small training learns, resumes after a stop exactly where it was, and ends in a model that classifies."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image, ImageDraw

from roomnet_core.errors import TrainingError, UsageError
from roomnet_core.inference.classify import Classified, classify
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import find_model
from roomnet_core.network.card import Preprocessing
from roomnet_core.photos.scan import scan
from roomnet_core.training import recipe as recipes
from roomnet_core.training import trainer
from roomnet_core.training.augmentation import Augmentation
from roomnet_core.training.command import run
from roomnet_core.training.dataset import Dataset, read_folders
from roomnet_core.training.recipe import CLASSIC, LARGE, Phase, Recipe
from roomnet_core.training.trainer import build_network, train, with_input_size

PLAIN = Augmentation(downscale=0, jpeg=0, erase=0, grey=0, color=0.1)
TINY = replace(CLASSIC, name="tiny", phases=(Phase(2, 224, 8),), augmentation=PLAIN, rejection=True)


def draw(label: str, random: np.random.Generator) -> Image.Image:
    """A picture that a network can learn in a minute: colours and shapes differ between the classes."""
    base = {"Sky": (90, 150, 230), "Lawn": (70, 150, 50), "Wall": (200, 190, 180)}[label]
    image = Image.new("RGB", (64, 64), tuple(int(c + random.integers(-25, 25)) for c in base))
    pen = ImageDraw.Draw(image)
    for _ in range(6):
        x, y = random.integers(0, 50, 2)
        shade = tuple(int(c * random.uniform(0.5, 1.1)) for c in base)
        box = [x, y, x + 14, y + 14]
        pen.ellipse(box, fill=shade) if label == "Sky" else pen.rectangle(box, fill=shade)
    return image


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("labelled")
    random = np.random.default_rng(0)
    for folder, label in (("Lawn", "Lawn"), ("Sky", "Sky"), ("_other", "Wall")):
        for number in range(18):
            (root / folder / f"listing{number % 6}").mkdir(parents=True, exist_ok=True)
            draw(label, random).save(root / folder / f"listing{number % 6}" / f"{number}.jpg", quality=90)
    return root


@pytest.fixture(scope="module")
def dataset(folders: Path) -> Dataset:
    return read_folders(folders, validation_share=0.3)


def small_network(recipe: Recipe, outputs: int) -> Any:
    inputs = keras.Input((None, None, 3))
    x = inputs
    for filters in (8, 16):
        x = keras.layers.Conv2D(filters, 3, strides=2, use_bias=False)(x)
        x = keras.layers.ReLU()(keras.layers.BatchNormalization()(x))
    x = keras.layers.Dropout(recipe.dropout)(keras.layers.GlobalAveragePooling2D()(x))
    return keras.Model(inputs, keras.layers.Dense(outputs)(x))


def test_training_resumes_exactly(dataset: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # What has to come back is in a small network too: weights, running means, the optimizer's state and the averages.
    monkeypatch.setattr(trainer, "build_network", small_network)
    tiny = replace(TINY, phases=(Phase(2, 32, 8),), preprocessing=Preprocessing(input_size=32, decode_side=32))
    whole = train(dataset, tiny, tmp_path / "whole", workers=1)

    class PowerCut(Exception):
        pass

    def cut(entry: dict[str, float]) -> None:
        raise PowerCut

    with pytest.raises(PowerCut):
        train(dataset, tiny, tmp_path / "cut", workers=2, report=cut)
    seen: list[dict[str, float]] = []
    resumed = train(dataset, tiny, tmp_path / "cut", workers=2, report=seen.append)
    assert [entry["epoch"] for entry in seen] == [2]
    for ours, theirs in zip(resumed.get_weights(), whole.get_weights(), strict=True):
        np.testing.assert_allclose(ours, theirs, atol=2e-2)
    with pytest.raises(TrainingError, match="another recipe"):
        train(dataset, replace(tiny, seed=5), tmp_path / "cut")


def test_a_convolutional_trunk_takes_every_size_and_is_fixed_for_freezing() -> None:
    model = build_network(LARGE, 7)
    fixed = with_input_size(model, LARGE)
    assert fixed.input_shape == (None, 224, 224, 3) and model.input_shape == (None, None, None, 3)
    x = np.random.default_rng(0).uniform(-1, 1, (1, 224, 224, 3)).astype("float32")
    np.testing.assert_allclose(model(x, training=False), fixed(x, training=False), atol=1e-4)
    # Two classes and the rejection instead of six.
    assert build_network(TINY, 3).count_params() == 178_062 - 3 * 9
    with pytest.raises(TrainingError, match="unknown architecture"):
        build_network(replace(LARGE, architecture="magic"), 7)


def test_the_command_trains_a_model_that_classifies(
    folders: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    small = Preprocessing(input_size=48, decode_side=48)
    recipe = replace(TINY, architecture="efficientnet_lite0", phases=(Phase(8, 48, 8),), preprocessing=small)
    monkeypatch.setitem(recipes.RECIPES, "tiny", recipe)
    args = argparse.Namespace(
        data=folders,
        recipe="tiny",
        out=str(tmp_path / "models" / "mine"),
        classes=None,
        labels=[],
        corrections=[],
        work=tmp_path / "work",
        epochs=None,
        replace=False,
        sources=None,
        licence="mine",
    )
    assert run(args) == 0
    model = find_model(tmp_path / "models" / "mine")
    assert model.rooms.names == ("Lawn", "Sky") and model.card.calibration.rejection
    assert model.card.licence == "mine" and model.card.training_data[0]["photos"] > 0
    assert model.card.measured["val"]["photos"] > 0
    assert model.card.recipe["learning_rate"] == CLASSIC.learning_rate
    engine = open_engine(model)
    results = [item for item in classify(scan(folders), model, engine) if isinstance(item, Classified)]
    engine.close()
    rooms = [item for item in results if "_other" not in item.file.relative]
    right = [item.file.relative.startswith(model.rooms[item.prediction.room_id].name) for item in rooms]
    assert np.mean(right) >= 0.8  # chance is 0.5
    with pytest.raises(UsageError, match="already"):
        run(args)


def test_there_must_be_photos_on_both_sides(tmp_path: Path) -> None:
    with pytest.raises(TrainingError, match="photos for training and for validation"):
        train(Dataset(("A", "B"), ()), TINY, tmp_path)


@pytest.fixture(autouse=True)
def _forget_keras_state() -> None:
    keras.backend.clear_session()
