"""Folded and frozen networks compute what the Keras model computes, in every storage and engine."""

from __future__ import annotations

import re
from pathlib import Path

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roomnet_core.errors import ModelError
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import find_model
from roomnet_core.network import freeze as freeze_module
from roomnet_core.network.card import Calibration, Preprocessing
from roomnet_core.network.efficientnet_lite import build_efficientnet_lite
from roomnet_core.network.folding import fold_batch_norm
from roomnet_core.network.freeze import write_model
from roomnet_core.network.quantize import channel_scales, on_grid
from roomnet_core.network.roomnet import build_roomnet
from roomnet_core.rooms import RoomSet

ROOMS = RoomSet.from_names(["Bath", "Bed", "Yard"])


def randomised(model: keras.Model) -> keras.Model:
    """Give batch norms statistics that are not the identity, as training would."""
    random = np.random.default_rng(3)
    for layer in model.layers:
        if isinstance(layer, keras.layers.BatchNormalization):
            gamma, beta, mean, variance = layer.get_weights()
            layer.set_weights(
                [
                    random.uniform(0.7, 1.3, gamma.shape),
                    random.normal(0, 0.2, beta.shape),
                    random.normal(0, 0.2, mean.shape),
                    random.uniform(0.5, 1.5, variance.shape),
                ]
            )
    return model


def small_efficientnet() -> keras.Model:
    return randomised(build_efficientnet_lite("lite0", num_classes=3, input_size=64))


@pytest.mark.parametrize("build", [small_efficientnet, lambda: randomised(build_roomnet(3, dropout=0.2))])
def test_folding_leaves_the_function_and_no_batch_norm_or_dropout(build) -> None:
    model = build()
    folded = fold_batch_norm(model)
    kinds = {type(layer).__name__ for layer in folded.layers}
    assert not kinds & {"BatchNormalization", "Dropout"}
    x = np.random.default_rng(0).uniform(-1, 1, (2, *model.input_shape[1:])).astype("float32")
    np.testing.assert_allclose(folded(x).numpy(), model(x, training=False).numpy(), rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("storage", ["float32", "float16", "int8"])
def test_both_frozen_forms_agree_with_the_model(tmp_path: Path, storage: str) -> None:
    model = small_efficientnet()
    write_model(
        model,
        tmp_path / "m",
        storage=storage,
        name="m",
        rooms=ROOMS,
        preprocessing=Preprocessing(input_size=64),
        calibration=Calibration(),
        architecture="efficientnet_lite0",
    )
    x = np.random.default_rng(0).uniform(-1, 1, (11, 64, 64, 3)).astype("float32")
    expected = model(x, training=False).numpy()
    for name in ("tensorflow", "litert"):
        engine = open_engine(find_model(tmp_path / "m"), name)
        got = engine.logits(x)
        engine.close()
        np.testing.assert_allclose(got, expected, atol=1e-3 if storage == "float32" else 0.05)


def test_float16_files_hold_the_same_network(tmp_path: Path) -> None:
    write_model(
        small_efficientnet(),
        tmp_path / "m",
        storage="float16",
        name="m",
        rooms=ROOMS,
        preprocessing=Preprocessing(input_size=64),
        calibration=Calibration(),
        architecture="efficientnet_lite0",
    )
    model = find_model(tmp_path / "m")
    # Both are halved: neither is the size of the float32 network.
    assert all(entry["bytes"] < 3 * model.card.parameters for entry in model.card.files.values())
    x = np.random.default_rng(1).uniform(-1, 1, (3, 64, 64, 3)).astype("float32")
    graph, lite = (open_engine(model, name).logits(x) for name in ("tensorflow", "litert"))
    np.testing.assert_allclose(lite, graph, atol=1e-3, rtol=1e-4)


def test_graphs_that_disagree_are_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = freeze_module.freeze(randomised(build_roomnet(3)), storage="float32")[1]

    def mixed_up(model: keras.Model, *, storage: str, images: None) -> tuple[bytes, bytes]:
        return original(model, storage=storage, images=images)[0], other

    original = freeze_module.freeze
    monkeypatch.setattr(freeze_module, "freeze", mixed_up)
    with pytest.raises(ModelError, match="disagree"):
        write_model(
            build_roomnet(3),
            tmp_path / "m",
            name="m",
            rooms=ROOMS,
            preprocessing=Preprocessing(),
            calibration=Calibration(),
            architecture="roomnet",
        )
    assert not any(tmp_path.iterdir())


def test_the_graph_holds_no_training_op_and_no_long_names(tmp_path: Path) -> None:
    import tensorflow as tf

    write_model(
        small_efficientnet(),
        tmp_path / "m",
        name="m",
        rooms=ROOMS,
        preprocessing=Preprocessing(input_size=64),
        calibration=Calibration(),
        architecture="efficientnet_lite0",
    )
    graph = tf.compat.v1.GraphDef()
    graph.ParseFromString((tmp_path / "m" / "graph.pb").read_bytes())
    ops = {node.op for node in graph.node}
    assert not {op for op in ops if re.search("BatchNorm|Dropout|Random|Variable|Read|Assert|Switch", op)}
    assert {node.name for node in graph.node if node.op == "Placeholder"} == {"image"}


def test_an_existing_model_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "m").mkdir()
    (tmp_path / "m" / "precious.txt").write_text("mine")
    with pytest.raises(ModelError, match="not empty"):
        write_model(small_efficientnet(), tmp_path / "m")
    assert (tmp_path / "m" / "precious.txt").read_text() == "mine"


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(1e-3, 100), st.booleans())
def test_float16_holds_every_weight_on_the_eight_bit_grid(seed: int, size: float, depthwise: bool) -> None:
    kernel = (
        np.random.default_rng(seed).normal(0, size, (3, 3, 16, 1) if depthwise else (1, 1, 16, 8)).astype("float32")
    )
    rounded = on_grid(kernel, depthwise=depthwise)
    steps = channel_scales(rounded, depthwise=depthwise).astype("float32")
    whole = rounded / steps
    np.testing.assert_array_equal(np.rint(whole), whole)
    assert 100 <= np.abs(whole).max() <= 127  # the grid is used
    np.testing.assert_array_equal(rounded.astype("float16").astype("float32"), rounded)
    # Half a step in each of two rounds, the first of which may have a grid that is coarser by an eighth.
    assert (np.abs(rounded - kernel) <= steps * 1.07).all()
