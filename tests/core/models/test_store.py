"""The store of models: nothing is lost or replaced, and a file from elsewhere is not trusted."""

from __future__ import annotations

import json
import shutil
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from roomnet_core.errors import ModelError
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import ModelFile, find_model
from roomnet_core.models import store as module
from roomnet_core.models.graph_check import check_graph, check_lite
from roomnet_core.models.store import ModelStore
from roomnet_core.network.card import describe_file
from roomnet_core.network.head import graph_message


@pytest.fixture
def store(data_folder: Path) -> ModelStore:
    return ModelStore()


@pytest.fixture
def exported(store: ModelStore, tmp_path: Path) -> Path:
    return store.export_file(find_model("roomnet-compact"), tmp_path / "one.roomnet")


@pytest.fixture
def own(store: ModelStore, exported: Path) -> ModelFile:
    return store.import_file(exported, "mine")


def rewrite(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Unpack, let `change` change the files, sign them as an attacker would, and pack again."""
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    change(files)
    card = json.loads(files["card.json"])
    for name in card["files"]:
        if name in files:
            card["files"][name] = describe_file(files[name])
    files["card.json"] = json.dumps(card).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def test_a_model_goes_out_and_comes_back_the_same(store: ModelStore, own: ModelFile, tmp_path: Path) -> None:
    original = find_model("roomnet-compact")
    assert own.card.files == original.card.files and own.card.name == "mine" and own.rooms == original.rooms
    assert find_model("mine").folder == store.folder / "mine" and store.is_own(own) and not store.is_own(original)
    engine = open_engine(own, "litert")
    size = own.card.preprocessing.input_size
    assert np.isfinite(engine.logits(np.zeros((1, size, size, 3), np.float32))).all()
    engine.close()
    again = store.export_file(own, tmp_path / "two.roomnet")
    assert zipfile.ZipFile(again).namelist() == ["card.json", "graph.pb", "graph.tflite"]
    assert again.read_bytes() == store.export_file(own, tmp_path / "three.roomnet").read_bytes()


def test_an_import_never_takes_anothers_place(store: ModelStore, exported: Path) -> None:
    first, second = store.import_file(exported), store.import_file(exported)
    assert (first.name, second.name) == ("roomnet-compact 2", "roomnet-compact 3")  # the first is a shipped one's
    with pytest.raises(ModelError, match="already"):
        store.import_file(exported, "Roomnet-Compact 2")
    assert len([model for model in store.list() if store.is_own(model)]) == 2


def test_rename_and_remove(store: ModelStore, own: ModelFile, monkeypatch: pytest.MonkeyPatch) -> None:
    renamed = store.rename(own, "portal")
    assert renamed.name == "portal" and find_model("portal").card == renamed.card
    assert store.rename(renamed, "Portal").folder.name == "Portal"
    renamed = find_model("Portal")
    for name, reason in (("", "needs a name"), ("../x", "cannot be called"), ("CON", "cannot be called"),
                         ("roomnet-large", "ships"), ("a" * 61, "at most 60")):  # fmt: skip
        with pytest.raises(ModelError, match=reason):
            store.rename(renamed, name)
    shipped = find_model("roomnet-compact")
    for refused in (lambda: store.rename(shipped, "x"), lambda: store.remove(shipped)):
        with pytest.raises(ModelError, match="ships with RoomNet"):
            refused()

    def no_trash(paths: object) -> None:
        raise OSError("there is no trash here")

    monkeypatch.setattr(module, "send_to_trash", no_trash)
    with pytest.raises(ModelError, match="still there"):
        store.remove(renamed)
    assert renamed.folder.is_dir()
    trash: list[Path] = []
    monkeypatch.setattr(module, "send_to_trash", trash.extend)
    store.remove(renamed)
    assert trash == [renamed.folder]


def test_a_full_disk_during_an_export_leaves_the_earlier_file(
    store: ModelStore, exported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = exported.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(zipfile.ZipFile, "writestr", full)
    with pytest.raises(OSError, match="No space"):
        store.export_file(find_model("roomnet-compact"), exported)
    assert exported.read_bytes() == before and list(exported.parent.iterdir()) == [exported]


def bad_archives(tmp_path: Path) -> dict[str, tuple[Path, str]]:
    def packed(name: str, *entries: tuple[str, bytes]) -> Path:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, content in entries:
                archive.writestr(entry, content)
        return path

    text = tmp_path / "text.roomnet"
    text.write_bytes(b"not an archive")
    link = tmp_path / "link.roomnet"
    with zipfile.ZipFile(link, "w") as archive:
        entry = zipfile.ZipInfo("graph.pb")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
    return {
        "text": (text, "not a model of RoomNet"),
        "slip": (packed("slip.roomnet", ("../../evil.txt", b"x")), "outside its folder"),
        "absolute": (packed("absolute.roomnet", ("/tmp/evil", b"x")), "outside its folder"),
        "drive": (packed("drive.roomnet", ("C:\\evil", b"x")), "outside its folder"),
        "link": (link, "outside its folder"),
        "bomb": (packed("bomb.roomnet", ("card.json", b" " * (8 << 20)), ("graph.pb", b"")), "larger than"),
        "many": (packed("many.roomnet", *((f"{n}", b"") for n in range(200))), "200 files"),
        "empty": (packed("empty.roomnet"), "lacks"),
        "no card": (packed("nocard.roomnet", ("graph.pb", b"x")), "lacks"),
        "bad card": (packed("badcard.roomnet", ("card.json", b"{"), ("graph.pb", b"x")), "cannot be read"),
    }


def test_hostile_archives_are_refused_and_leave_nothing(store: ModelStore, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    for path, reason in bad_archives(tmp_path / "in").values():
        with pytest.raises(ModelError, match=reason):
            store.import_file(path)
    with pytest.raises(ModelError, match="There is no file"):
        store.import_file(tmp_path / "nothing.roomnet")
    assert list(store.folder.iterdir()) == [] and not (tmp_path / "evil.txt").exists()


def test_an_archive_that_lies_about_its_size_is_stopped(
    store: ModelStore, exported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(module._MOST_BYTES, "graph.tflite", 1 << 19)
    monkeypatch.setattr(module, "_check_entry", lambda *_: None)  # as if the directory had said less
    with pytest.raises(ModelError, match="larger than that of any model"):
        store.import_file(exported)


def test_changed_and_harmful_networks_are_refused_even_when_signed(store: ModelStore, exported: Path) -> None:
    def harmful(files: dict[str, bytes]) -> None:
        graph = graph_message()()
        graph.ParseFromString(files["graph.pb"])
        graph.node.add(name="thief", op="ReadFile")
        files["graph.pb"] = graph.SerializeToString()

    def cut(files: dict[str, bytes]) -> None:
        files["graph.tflite"] = files["graph.tflite"][:1000]

    def other_outputs(files: dict[str, bytes]) -> None:
        card = json.loads(files["card.json"])
        card["classes"] = card["classes"][:4]
        files["card.json"] = json.dumps(card).encode()

    for number, (change, reason) in enumerate(
        ((harmful, "ReadFile"), (cut, "LiteRT network"), (other_outputs, "does not match its card"))
    ):
        path = exported.with_name(f"{number}.roomnet")
        shutil.copy(exported, path)
        with pytest.raises(ModelError, match=reason):
            store.import_file(rewrite(path, change))
    with zipfile.ZipFile(exported, "a") as archive:
        archive.writestr("card.json", b"{}")
    with pytest.raises(ModelError, match="twice"):
        store.import_file(exported)
    assert not [model for model in store.list() if store.is_own(model)]


def test_every_operation_of_the_shipped_networks_is_allowed() -> None:
    for name in ("roomnet-compact", "roomnet-large"):
        model = find_model(name)
        check_graph(model.read("graph.pb"), model.folder / "graph.pb")
        check_lite(model.read("graph.tflite"), model.folder / "graph.tflite")
