"""A network that is trained whole: it starts from what it knows, learns, and is resumed from its last epoch."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from roomnet_core.inference.model_file import find_model
from roomnet_core.training.classic import make_recipe
from roomnet_core.training.examination import Examination, examine
from roomnet_core.training.plan import TrainingPlan, make_plan
from roomnet_core.training.process import TrainingProcess, unfinished_runs
from roomnet_core.training.sources import Source
from tests.core.training.labelled import write_classes
from tests.core.training.test_quick_run import follow

CLASSES = ("Brick", "Lawn", "Sky")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_classes(tmp_path_factory.mktemp("labelled"), CLASSES)


@pytest.fixture
def examination(folder: Path) -> Examination:
    return examine(Source(folder), model=find_model("roomnet-compact"))


def standard(examination: Examination, name: str) -> TrainingPlan:
    options = {"epochs": 3, "batch_size": 6, "network": "roomnet-compact", "augmentation": "mirror"}
    return make_plan(examination, name=name, recipe="standard", model=find_model("roomnet-compact"), options=options)


@pytest.mark.slow
def test_a_standard_training_is_killed_and_ends_all_the_same(examination: Examination) -> None:
    process = TrainingProcess.start(standard(examination, "tuned"))
    events = follow(process, lambda event: event["event"] == "epoch" and event["epoch"] == 1)
    assert events[-1]["event"] == "epoch", events[-1]
    process.kill()
    (run,) = unfinished_runs()
    assert run.recipe == "standard" and run.progress == pytest.approx(1 / 3)
    events = follow(TrainingProcess.resume(run))
    assert events[-1]["event"] == "done", events[-1]
    assert [event["epoch"] for event in events if event["event"] == "epoch"][-1] == 3
    model = find_model("tuned")
    assert model.rooms.names == CLASSES and model.card.storage == "int8"
    assert model.card.measured["val"]["accuracy"] == 1.0
    assert model.card.recipe["learning_rate"] > 0 and model.card.files["graph.pb"]["bytes"] < 720_000


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_a_frozen_network_is_made_trainable_under_every_backend(backend: str) -> None:
    pytest.importorskip(backend)
    script = """
import numpy as np, sys
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import find_model
from roomnet_core.network.head import read_head
from roomnet_core.network.thaw import build_folded, thaw
from roomnet_core.training.standard import _compile
import keras
model = find_model("roomnet-compact")
lite = model.read("graph.tflite")
network = build_folded(model.card.architecture, model.card.outputs)
thaw(network, lite)
head = read_head(lite)
network.get_layer("logits").set_weights([head.kernel, head.bias])
x = np.random.default_rng(0).uniform(-1, 1, (2, 192, 192, 3)).astype("float32")
ours = keras.ops.convert_to_numpy(network(x, training=False))
theirs = open_engine(model, "litert").logits(x)
assert np.abs(ours - theirs).max() < 1e-3, np.abs(ours - theirs).max()
_compile(network, 1e-3, 4)
y = np.eye(model.card.outputs, dtype="float32")[[0, 1]]
losses = [float(network.train_on_batch(x[:, ::4, ::4], y)[0]) for _ in range(6)]
assert losses[-1] < losses[0], losses
assert keras.backend.backend() == sys.argv[1]
"""
    environment = {**os.environ, "KERAS_BACKEND": backend}
    command = [sys.executable, "-c", script, backend]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr


def test_from_scratch_keeps_the_phases_of_the_authors_recipe(examination: Examination) -> None:
    options = {"epochs": 18, "batch_size": 90, "dropout": 0.1, "augmentation": "none"}
    model = find_model("roomnet-compact")
    recipe = make_recipe(make_plan(examination, name="scratch", recipe="classic", model=model, options=options))
    assert [(phase.epochs, phase.batch_size) for phase in recipe.phases] == [(3, 16), (5, 64), (5, 80), (5, 90)]
    assert [phase.dropout for phase in recipe.phases] == [None, None, 0.1, 0.1] and recipe.phases[-1].frozen_batch_norm
    assert recipe.augmentation.flip == recipe.augmentation.flip_vertical == 0 and not recipe.rejection


@pytest.mark.slow
def test_from_scratch_trains_the_original_network(tmp_path: Path) -> None:
    model = find_model("roomnet-compact")
    few = examine(Source(write_classes(tmp_path, CLASSES[:2], photos=6)), model=model)
    options = {"epochs": 1, "batch_size": 5}
    process = TrainingProcess.start(make_plan(few, name="scratch", recipe="classic", model=model, options=options))
    events = follow(process)
    assert events[-1]["event"] == "done", events[-1]
    assert [event["epoch"] for event in events if event["event"] == "epoch"] == [1]
    card = find_model("scratch").card
    assert card.architecture == "roomnet" and card.parameters == 178_062 - 4 * 9 and card.lineage == "random weights"
    assert card.recipe["phases"] == [[1, 4]]
