"""A graph file is code: tampered, truncated, dangerous or mismatched models are refused with the reason."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import keras
import pytest

from roomnet_core.errors import ModelError
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import find_model, list_models
from roomnet_core.network.card import Calibration, Preprocessing, describe_file
from roomnet_core.network.freeze import write_model
from roomnet_core.rooms import RoomSet


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny real model folder."""
    inputs = keras.Input((32, 32, 3), name="image")
    x = keras.layers.Conv2D(4, 3, strides=2, activation="relu")(inputs)
    x = keras.layers.GlobalAveragePooling2D()(x)
    folder = tmp_path_factory.mktemp("models") / "tiny"
    write_model(
        keras.Model(inputs, keras.layers.Dense(3, name="logits")(x)),
        folder,
        storage="float32",
        name="tiny",
        rooms=RoomSet.from_names(["Bath", "Bed", "Yard"]),
        preprocessing=Preprocessing(input_size=32),
        calibration=Calibration(),
        architecture="tiny",
    )
    return folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(original, tmp_path / "tiny"))


def edit_card(folder: Path, **changes: object) -> None:
    card = json.loads((folder / "card.json").read_text())
    card.update(changes)
    (folder / "card.json").write_text(json.dumps(card))


def sign(folder: Path, name: str) -> None:
    """Make the card's hash fit the file, as an attacker would."""
    card = json.loads((folder / "card.json").read_text())
    card["files"][name] = describe_file((folder / name).read_bytes())
    (folder / "card.json").write_text(json.dumps(card))


@pytest.mark.parametrize(("engine", "name"), [("tensorflow", "graph.pb"), ("litert", "graph.tflite")])
def test_a_tampered_graph_is_refused(folder: Path, engine: str, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 0xFF
    (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match="was changed"):
        open_engine(find_model(folder), engine)


@pytest.mark.parametrize(("engine", "name"), [("tensorflow", "graph.pb"), ("litert", "graph.tflite")])
def test_a_truncated_file_is_refused_even_with_a_fitting_hash(folder: Path, engine: str, name: str) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content[: len(content) // 3])
    with pytest.raises(ModelError, match="not the file that its card describes"):
        open_engine(find_model(folder), engine)
    sign(folder, name)
    with pytest.raises(ModelError):
        open_engine(find_model(folder), engine)


def test_a_graph_that_reads_files_is_refused_by_name(folder: Path) -> None:
    import tensorflow as tf

    with tf.Graph().as_default() as graph:
        image = tf.compat.v1.placeholder(tf.float32, (None, 32, 32, 3), name="image")
        secret = tf.strings.length(tf.io.read_file("/etc/hostname"))
        tf.identity(tf.reduce_mean(image, axis=[1, 2]) + tf.cast(secret, tf.float32), name="logits")
    (folder / "graph.pb").write_bytes(graph.as_graph_def().SerializeToString())
    sign(folder, "graph.pb")
    with pytest.raises(ModelError, match="ReadFile"):
        open_engine(find_model(folder), "tensorflow")


def test_a_graph_with_functions_of_its_own_is_refused(folder: Path) -> None:
    import tensorflow as tf

    graph = tf.compat.v1.GraphDef()
    graph.ParseFromString((folder / "graph.pb").read_bytes())
    graph.library.function.add().signature.name = "hidden"
    (folder / "graph.pb").write_bytes(graph.SerializeToString())
    sign(folder, "graph.pb")
    with pytest.raises(ModelError, match="functions of its own"):
        open_engine(find_model(folder), "tensorflow")


@pytest.mark.parametrize("engine", ["tensorflow", "litert"])
def test_a_card_whose_classes_do_not_match_the_output_is_refused(folder: Path, engine: str) -> None:
    edit_card(folder, classes=["Bath", "Bed", "Yard", "Attic"])
    with pytest.raises(ModelError, match="does not match its card"):
        open_engine(find_model(folder), engine)


def test_a_network_of_another_input_is_refused(folder: Path) -> None:
    card = json.loads((folder / "card.json").read_text())
    edit_card(folder, preprocessing={**card["preprocessing"], "input_size": 64, "decode_side": 64})
    with pytest.raises(ModelError, match="does not match its card"):
        open_engine(find_model(folder), "litert")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"schema": 2}, "Update RoomNet"),
        ({"classes": ["One"]}, "at least two"),
        ({"classes": ["Bath", "bath"]}, "must differ"),
        ({"classes": 7}, "must be a list"),
        ({"name": " "}, "not empty"),
        ({"files": {"graph.pb": "x"}}, "not a complete model card"),
        ({"preprocessing": {"crop": "magic"}}, "crop must be one of"),
        ({"preprocessing": {"input_size": 10**9}}, "input_size"),
        ({"preprocessing": {"unknown": 1}}, "not a complete model card"),
        ({"calibration": {"temperature": 0}}, "temperature"),
        ({"calibration": {"threshold": float("nan")}}, "threshold"),
        ({"parameters": "many"}, "not a complete model card"),
    ],
)
def test_a_bad_card_is_refused_with_its_reason(folder: Path, changes: dict[str, object], reason: str) -> None:
    edit_card(folder, **changes)
    with pytest.raises(ModelError, match=reason):
        find_model(folder)


def test_a_card_that_is_no_json_and_a_folder_without_one(folder: Path, tmp_path: Path) -> None:
    (folder / "card.json").write_text("{")
    with pytest.raises(ModelError, match="cannot be read"):
        find_model(folder)
    with pytest.raises(ModelError, match=r"holds no card\.json"):
        find_model(tmp_path)
    with pytest.raises(ModelError, match="There is no model 'nothing'"):
        find_model("nothing")


def test_the_users_own_models_are_listed_by_name(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROOMNET_DATA_DIR", str(tmp_path / "data"))
    shutil.copytree(folder, tmp_path / "data" / "models" / "tiny")
    assert "tiny" in [model.name for model in list_models()]
    assert find_model("tiny").folder == tmp_path / "data" / "models" / "tiny"


def test_an_unknown_engine_is_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match="Choose one of auto, tensorflow, litert"):
        open_engine(find_model(folder), "magic")
