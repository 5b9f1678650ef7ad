"""The network in 8-bit arithmetic: both files compute the same integers, and nearly the numbers that they stand for."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from roomnet_core.errors import ModelError
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import LITE_NAME, ModelFile
from roomnet_core.network.card import Calibration, Preprocessing
from roomnet_core.network.freeze import freeze, write_model
from roomnet_core.network.head import read_head
from roomnet_core.network.quantize import channel_scales, on_grid
from roomnet_core.network.roomnet import build_roomnet
from roomnet_core.network.thaw import build_folded, thaw
from roomnet_core.rooms import RoomSet

_SIZE = 64
_PREPROCESSING = Preprocessing(input_size=_SIZE, crop="squeeze", scale=1 / 128, offset=-127 / 128)


def _network() -> Any:
    model = build_folded("efficientnet_compact", 3, input_size=_SIZE)
    random = np.random.default_rng(0)
    for layer in model.layers:
        if layer.weights:
            kernel, bias = layer.get_weights()
            layer.set_weights([kernel * 2.5, random.normal(0, 0.3, bias.shape)])
    return model


def _images(count: int) -> np.ndarray[Any, Any]:
    pixels = np.random.default_rng(1).integers(0, 256, (count, 4, 4, 3)).repeat(_SIZE // 4, 1).repeat(_SIZE // 4, 2)
    return ((pixels - 127) / 128).astype(np.float32)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, ModelFile]:
    network, folder = _network(), tmp_path_factory.mktemp("integer") / "made"
    card = write_model(
        network,
        folder,
        storage="int8",
        images=_images(16),
        name="made",
        rooms=RoomSet.from_names(("A", "B", "C")),
        preprocessing=_PREPROCESSING,
        calibration=Calibration(),
        architecture="efficientnet_compact",
    )
    return network, ModelFile(folder, card)


def _logits(model: ModelFile, engine: str, images: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    with closing(open_engine(model, engine)) as opened:
        return np.asarray(opened.logits(images))


def test_both_files_compute_the_same_integers(made: tuple[Any, ModelFile]) -> None:
    images = _images(8)
    lite, graph = (_logits(made[1], engine, images) for engine in ("litert", "tensorflow"))
    # One integer that differs would be a hundred times this, or more.
    np.testing.assert_allclose(graph, lite, atol=1e-5 * np.abs(lite).max())
    assert np.ptp(lite, axis=0).min() > 0.05  # photos differ


def test_they_stand_for_nearly_the_same_numbers(made: tuple[Any, ModelFile]) -> None:
    images = _images(8)
    expected = np.asarray(made[0]([images], training=False))
    found = _logits(made[1], "litert", images)
    assert np.abs(found - expected).max() < 0.1 * np.abs(expected).max()


def test_a_network_of_integers_can_be_trained_on(made: tuple[Any, ModelFile], tmp_path: Path) -> None:
    network, model = made
    lite = model.read(LITE_NAME)
    thawed = build_folded("efficientnet_compact", 3, input_size=_SIZE)
    thaw(thawed, lite)
    head = read_head(lite)
    thawed.get_layer("logits").set_weights([head.kernel, head.bias])
    images = _images(4)
    expected = np.asarray(network([images], training=False))
    found = np.asarray(thawed([images], training=False))
    np.testing.assert_allclose(found, expected, atol=0.05 * np.abs(expected).max())


def test_kernels_are_stored_in_one_byte_a_weight(made: tuple[Any, ModelFile]) -> None:
    sizes = {name: entry["bytes"] for name, entry in made[1].card.files.items()}
    assert sizes["graph.pb"] < 1.1 * made[1].card.parameters
    assert sizes[LITE_NAME] < 1.4 * made[1].card.parameters


def test_the_grid_is_the_grid_of_what_lies_on_it() -> None:
    kernel = np.random.default_rng(0).normal(size=(3, 3, 5, 7)).astype(np.float32)
    rounded = on_grid(kernel, depthwise=False)
    steps = rounded / channel_scales(rounded, depthwise=False).astype(np.float32)
    np.testing.assert_array_equal(steps, np.rint(steps))
    assert 64 <= np.abs(steps).max() <= 127
    np.testing.assert_array_equal(on_grid(rounded, depthwise=False), rounded)


def test_other_networks_and_storages_are_refused() -> None:
    with pytest.raises(ModelError, match="no 8-bit arithmetic"):
        freeze(build_roomnet(), storage="int8", images=np.zeros((1, 224, 224, 3), np.float32))
    with pytest.raises(ModelError, match="storage int8"):
        freeze(_network(), storage="float16", images=_images(1))
