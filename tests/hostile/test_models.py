"""Models from strangers: every malicious file is refused with its reason, and leaves nothing behind."""

from __future__ import annotations

import ast
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from roomnet_core.cli import main
from roomnet_core.errors import ModelError
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import find_model, list_models
from roomnet_core.models.store import ModelStore
from roomnet_core.network.card import describe_file
from tests.hostile.case import tree_hash
from tests.hostile.models import Malicious, malicious

REPOSITORY = Path(__file__).resolve().parents[2]
CASES = list(malicious())


@pytest.fixture
def neighbourhood(tmp_path: Path, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, where something that was run would leave its mark."""
    folder = tmp_path / "here"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


def test_there_are_more_than_thirty() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 30


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_import_is_refused_with_the_reason(case: Malicious, neighbourhood: Path, data_folder: Path) -> None:
    path = neighbourhood / "their.roomnet"
    case.make(path)
    store = ModelStore()
    store.folder.mkdir()
    before = tree_hash(neighbourhood)
    with pytest.raises(ModelError) as caught:
        store.import_file(path)
    assert re.search(case.reason, str(caught.value)), caught.value
    assert list(store.folder.iterdir()) == []
    assert [entry.name for entry in data_folder.iterdir()] == ["models"]
    assert tree_hash(neighbourhood) == before
    assert not Path("/tmp/roomnet-evil.txt").exists()


def test_the_command_line_says_it_in_one_line(neighbourhood: Path, capsys: pytest.CaptureFixture[str]) -> None:
    case = next(case for case in CASES if case.name == "a graph with ReadFile")
    case.make(neighbourhood / "their.roomnet")
    assert main(["models", "import", "their.roomnet"]) == 2
    said = capsys.readouterr().err
    assert "ReadFile" in said and said.count("\n") == 1 and "Traceback" not in said


FOLDERS = [
    case
    for case in CASES
    if any(words in case.name for words in ("a graph with ", " as graph.", "card that", "a LiteRT network with"))
]


@pytest.mark.parametrize("case", FOLDERS, ids=lambda case: case.name)
def test_a_folder_is_refused_as_well(case: Malicious, neighbourhood: Path) -> None:
    """A model need not be imported: `--model FOLDER` takes any folder, and the user's folder of models is listed."""
    case.make(neighbourhood / "their.zip")
    folder = neighbourhood / "their"
    folder.mkdir()
    with zipfile.ZipFile(neighbourhood / "their.zip") as archive:
        for name in archive.namelist():
            (folder / Path(name).name).write_bytes(archive.read(name))
    engine = "tensorflow" if "graph.pb" in case.name or "a graph with" in case.name else "litert"
    with pytest.raises(ModelError):
        opened = open_engine(find_model(folder), engine)
        opened.close()
    assert sorted(path.name for path in neighbourhood.iterdir()) == ["their", "their.zip"]


def test_a_graph_that_is_too_large_is_not_read(neighbourhood: Path) -> None:
    folder = Path(shutil.copytree(find_model("roomnet-compact").folder, neighbourhood / "large"))
    with (folder / "graph.tflite").open("r+b") as stream:
        stream.truncate(600 << 20)
    with pytest.raises(ModelError, match="larger than any model"):
        open_engine(find_model(folder), "litert")


def test_a_broken_model_among_the_users_own_costs_the_others_nothing(data_folder: Path) -> None:
    sound = find_model("roomnet-compact").folder
    for name, card in (("sound", None), ("broken", b"{"), ("later", b'{"schema": 99}'), ("deep", b"[" * 100_000)):
        folder = Path(shutil.copytree(sound, data_folder / "models" / name))
        if card is not None:
            (folder / "card.json").write_bytes(card)
    assert {model.folder.name for model in list_models()} >= {"sound", "roomnet-compact"}
    assert not {"broken", "later", "deep"} & {model.folder.name for model in list_models()}


def test_rooms_of_a_stranger_stay_below_the_destination(neighbourhood: Path) -> None:
    """A card may call a room's folder what it likes."""
    from tests.pictures import make_picture

    folder = Path(shutil.copytree(find_model("roomnet-compact").folder, neighbourhood / "their"))
    card = json.loads((folder / "card.json").read_text())
    names = ["../../escaped", "/etc/escaped", "CON", "a/b", "..", "x" * 300]
    for entry, name in zip(card["classes"], names, strict=True):
        entry["folder"] = entry["english"] = entry["name"] = name
        entry["color"], entry["hotkey"] = "no colour", "Ctrl+Alt+Del"
    card["files"] = {name: describe_file((folder / name).read_bytes()) for name in card["files"]}
    (folder / "card.json").write_text(json.dumps(card))
    photos = neighbourhood / "photos"
    photos.mkdir()
    for number in range(12):
        make_picture(number, (64, 48)).save(photos / f"{number}.jpg")
    before = tree_hash(photos)
    arguments = ["sort", "photos", "--to", "sorted", "--model", str(folder), "--min-confidence", "0"]
    assert main(arguments) == 0
    assert len([path for path in (neighbourhood / "sorted").rglob("*.jpg")]) == 12
    assert sorted(path.name for path in neighbourhood.iterdir()) == ["photos", "sorted", "their"]
    assert tree_hash(photos) == before


_FORBIDDEN = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "yaml"}


def test_nothing_here_can_unpickle_or_load_a_lambda_layer() -> None:
    """In the whole program: no pickle module, no `eval` or `exec`, numpy and Keras in their safe modes only."""
    for path in [*(REPOSITORY / "roomnet_core").rglob("*.py"), *(REPOSITORY / "roomnet_gui").rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                assert not {alias.name.partition(".")[0] for alias in node.names} & _FORBIDDEN, path
            elif isinstance(node, ast.ImportFrom):
                assert (node.module or "").partition(".")[0] not in _FORBIDDEN, path
            elif isinstance(node, ast.Call):
                _check_call(node, path)


def _check_call(node: ast.Call, path: Path) -> None:
    function = node.func
    name = (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )
    settings = {word.arg: ast.unparse(word.value) for word in node.keywords}
    assert not (isinstance(function, ast.Name) and name in ("eval", "exec", "compile")), (path, node.lineno)
    assert settings.get("allow_pickle", "False") == "False", (path, node.lineno)
    assert settings.get("safe_mode", "True") == "True" and name != "enable_unsafe_deserialization", (path, node.lineno)
    if isinstance(function, ast.Attribute) and ast.unparse(function) == "torch.load":
        assert settings.get("weights_only") == "True", (path, node.lineno)
    if name == "load_model":
        assert settings.get("safe_mode") == "True", (path, node.lineno)
