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
    assert model.rooms.names == CLASSES and model.card.storage == "float16"
    assert 0 <= model.card.recipe["tuned_share"] <= 1
    assert model.card.measured["val"]["accuracy"] > 0.6  # of three classes, on nine drawings
    assert model.card.recipe["learning_rate"] > 0 and model.card.files["graph.pb"]["bytes"] < 1_400_000


@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_the_loop_runs_and_a_network_is_thawed_under_every_backend(backend: str, tmp_path: Path) -> None:
    pytest.importorskip(backend)
    script = """
import sys
from pathlib import Path
import keras, numpy as np
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import find_model
from roomnet_core.network.card import Preprocessing
from roomnet_core.network.freeze import freeze
from roomnet_core.network.head import read_head
from roomnet_core.network.thaw import build_folded, thaw
from roomnet_core.training.control import RunControl
from roomnet_core.training.deep import Watcher, device_name, load_weights, predict
from roomnet_core.training.history import History
from roomnet_core.training.standard import _Checking, _Checkpoint, _compile, _resume, _settle

assert keras.backend.backend() == sys.argv[1] and device_name()
model = find_model("roomnet-compact")
lite = model.read("graph.tflite")
size = model.card.preprocessing.input_size
network = build_folded(model.card.architecture, model.card.outputs, input_size=size)
thaw(network, lite)
head = read_head(lite)
network.get_layer("logits").set_weights([head.kernel, head.bias])
if sys.argv[1] == "tensorflow":  # the others compile every operation on its own for this, which takes a minute
    x = np.random.default_rng(0).uniform(-1, 1, (1, size, size, 3)).astype("float32")
    ours = keras.ops.convert_to_numpy(network(x, training=False))
    theirs = open_engine(model, "litert").logits(x)  # in 8-bit arithmetic
    assert np.abs(ours - theirs).max() < 0.1 * np.abs(ours).max(), (ours, theirs)

spec = Preprocessing(input_size=16, decode_side=16)
random = np.random.default_rng(0)
labels = np.arange(24) % 2
pixels = (random.integers(0, 90, (24, 16, 16, 3)) + 120 * labels[:, None, None, None]).astype(np.uint8)
small = keras.Sequential([keras.Input((16, 16, 3)), keras.layers.Conv2D(4, 3, activation="relu"),
                          keras.layers.GlobalAveragePooling2D(), keras.layers.Dense(2)])
_compile(small, 0.1, 24)
work, events = Path(sys.argv[2]), []
control = RunControl(events.append)
watcher = Watcher(control, History(work, ("a", "b"), control), work, epochs=6, photos=24, pixels=pixels, labels=labels,
                  preprocessing=spec, outputs=2, classes=2)
data = _Checking(pixels, np.eye(2, dtype="float32")[labels], spec)
small.fit(data, validation_data=data, epochs=6, verbose=0,
          callbacks=[watcher, keras.callbacks.SwapEMAWeights(), _Checkpoint(work)])
epochs = [event for event in events if event["event"] == "epoch"]
assert len(epochs) == 6 and epochs[-1]["loss"] < epochs[0]["loss"] and epochs[-1]["val_accuracy"] == 1, epochs
done, resumed = _resume(work)
assert done == 6 and resumed.optimizer.iterations == 18
load_weights(resumed, work)
assert (predict(resumed, pixels, spec).argmax(1) == labels).mean() > 0.9

if sys.argv[1] == "jax":  # a model comes of it all the same
    graph, lite = freeze(keras.Model(small.inputs, small.outputs), storage="float32")
    assert len(graph) > 400 and read_head(lite).kernel.shape == (4, 2)

# Between the start and the best: nearer to the start where that validates no worse than chance would have it.
fresh = keras.models.clone_model(small)
assert _settle(fresh, work, pixels, labels, spec, control) > 0
assert (predict(fresh, pixels, spec).argmax(1) == labels).mean() > 0.9
load_weights(fresh, work)
before = fresh.get_weights()
assert _settle(fresh, work, pixels, labels, spec, control) == 0
assert all((a == b).all() for a, b in zip(before, fresh.get_weights()))
"""
    # XLA need not make the best code for something that runs once.
    environment = {**os.environ, "KERAS_BACKEND": backend, "XLA_FLAGS": "--xla_backend_optimization_level=0"}
    command = [sys.executable, "-c", script, backend, str(tmp_path)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=600)
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
