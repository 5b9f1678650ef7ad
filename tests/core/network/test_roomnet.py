"""The original architecture: size, blocks, parity with the reference, and other Keras backends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest

from roomnet_core.errors import ModelError
from roomnet_core.inference.confidence import softmax
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import find_model
from roomnet_core.inference.preprocessing import scale_pixels
from roomnet_core.network.blocks import ResizeBilinear
from roomnet_core.network.checkpoint import import_checkpoint
from roomnet_core.network.roomnet import build_roomnet


def test_the_network_has_the_published_number_of_parameters() -> None:
    model = build_roomnet()
    assert model.count_params() == 178_062
    assert model.get_layer("flatten").output.shape[1:] == (2 * 2 * 16,)


def test_dropout_follows_every_block_and_the_reference_clips_its_logits() -> None:
    model = build_roomnet(dropout=0.3, relu6_logits=True)
    assert sum(isinstance(layer, keras.layers.Dropout) for layer in model.layers) == 8
    logits = model(np.random.default_rng(0).uniform(-1, 1, (2, 224, 224, 3)).astype("float32")).numpy()
    assert logits.min() >= 0 and logits.max() <= 6


@pytest.mark.parametrize(("out_size", "in_size"), [(205, 215), (9, 9), (5, 2)])
def test_resize_samples_the_grid_of_tensorflow_1(out_size: int, in_size: int) -> None:
    import tensorflow as tf

    x = np.random.default_rng(1).normal(size=(1, in_size, in_size, 2)).astype("float32")
    ours = ResizeBilinear(out_size, out_size)(x).numpy()
    theirs = tf.compat.v1.image.resize_bilinear(
        x, (out_size, out_size), align_corners=False, half_pixel_centers=False
    ).numpy()
    # TensorFlow computes the positions in float32, ours are exact.
    np.testing.assert_allclose(ours, theirs, atol=3e-4)


@pytest.mark.parametrize("engine_name", ["tensorflow", "litert"])
def test_the_imported_checkpoint_equals_the_reference(shared_reference: Path, tmp_path: Path, engine_name: str) -> None:
    parity = np.load(shared_reference / "parity.npz")
    import_checkpoint(shared_reference / "roomnet", tmp_path / "reference")
    model = find_model(tmp_path / "reference")
    engine = open_engine(model, engine_name)
    logits = engine.logits(scale_pixels(parity["rgb_uint8"], model.card.preprocessing))
    engine.close()
    assert np.abs(softmax(logits) - parity["softmax"]).max() < 1e-4
    assert model.card.files["graph.pb"]["bytes"] <= 740_000


def test_half_precision_storage_halves_the_file_and_keeps_the_answers(shared_reference: Path, tmp_path: Path) -> None:
    parity = np.load(shared_reference / "parity.npz")
    import_checkpoint(shared_reference / "roomnet", tmp_path / "half", storage="float16")
    model = find_model(tmp_path / "half")
    engine = open_engine(model, "tensorflow")
    logits = engine.logits(scale_pixels(parity["rgb_uint8"], model.card.preprocessing))
    assert model.card.files["graph.pb"]["bytes"] <= 380_000
    assert (logits.argmax(1) == parity["logits"].argmax(1)).all()


def test_a_missing_or_foreign_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="There is no checkpoint"):
        import_checkpoint(tmp_path / "nothing", tmp_path / "out")
    (tmp_path / "junk.index").write_bytes(b"not a checkpoint")
    with pytest.raises(ModelError, match="not a readable TensorFlow checkpoint"):
        import_checkpoint(tmp_path / "junk", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_the_network_builds_and_runs_under_other_backends(backend: str) -> None:
    pytest.importorskip(backend)
    script = (
        "import numpy as np, keras, sys; from roomnet_core.network.roomnet import build_roomnet;"
        "m = build_roomnet(); y = m.predict_on_batch(np.zeros((1, 224, 224, 3), 'float32'));"
        "assert m.count_params() == 178062 and tuple(y.shape) == (1, 6);"
        "assert keras.backend.backend() == sys.argv[1] and 'tensorflow' not in sys.modules"
    )
    # XLA need not make the best code for something that runs once.
    environment = {**os.environ, "KERAS_BACKEND": backend, "XLA_FLAGS": "--xla_backend_optimization_level=0"}
    done = subprocess.run([sys.executable, "-c", script, backend], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
