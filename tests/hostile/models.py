"""Malicious model files, made in code: what a stranger could send as a model, and the words of its refusal."""

from __future__ import annotations

import io
import json
import os
import pickle
import stat
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from roomnet_core.inference.model_file import find_model
from roomnet_core.network.card import describe_file
from roomnet_core.network.head import graph_message

Files = dict[str, bytes]

# Operations that read, write, run or keep something; each alone makes a graph a program.
HARMFUL_OPS = (
    "ReadFile",
    "WriteFile",
    "PyFunc",
    "EagerPyFunc",
    "SaveV2",
    "RestoreV2",
    "MatchingFiles",
    "ImmutableConst",
    "StatefulPartitionedCall",
    "TextLineDataset",
    "LookupTableExportV2",
    "VarHandleOp",
    "If",
    "PrintV2",
)


@dataclass(frozen=True, slots=True)
class Malicious:
    """`make` writes an archive at a path; importing that must fail with `reason` (a regular expression)."""

    name: str
    make: Callable[[Path], None]
    reason: str


class Boom:
    """Unpickling it would leave a file behind."""

    def __reduce__(self) -> tuple[Any, ...]:
        return os.system, ("touch unpickled",)


@cache
def _sound() -> tuple[tuple[str, bytes], ...]:
    folder = find_model("roomnet-compact").folder
    return tuple((name, (folder / name).read_bytes()) for name in ("card.json", "graph.pb", "graph.tflite"))


def malicious() -> Iterator[Malicious]:
    yield from _graphs()
    yield from _other_networks()
    yield from _cards()
    yield from _archives()


def _signed(name: str, reason: str, change: Callable[[Files], None], *, sign: bool = True) -> Malicious:
    """An archive whose files `change` has changed, with hashes that fit, as an attacker would make them."""

    def make(path: Path) -> None:
        files = dict(_sound())
        change(files)
        if sign:
            card = json.loads(files["card.json"])
            card["files"] = {key: describe_file(files[key]) for key in card["files"] if key in files}
            files["card.json"] = json.dumps(card).encode()
        with zipfile.ZipFile(path, "w") as archive:
            for key, content in files.items():
                archive.writestr(key, content)

    return Malicious(name, make, reason)


def _graphs() -> Iterator[Malicious]:
    for op in HARMFUL_OPS:
        yield _signed(f"a graph with {op}", op, lambda files, op=op: _add_node(files, op))  # type: ignore[misc]

    def with_function(files: Files) -> None:
        # graph.library.function: field 2 of GraphDef, field 1 of its library
        files["graph.pb"] += b"\x12\x08\x0a\x06\x0a\x04\x0a\x02hi"

    yield _signed("a graph with a function of its own", "functions of its own", with_function)
    yield _signed("a graph of nothing", "no operation", lambda files: files.update({"graph.pb": b""}))
    yield _signed("half a graph", "damaged", lambda files: files.update({"graph.pb": files["graph.pb"][:-5000]}))


def _add_node(files: Files, op: str) -> None:
    graph = graph_message()()
    graph.ParseFromString(files["graph.pb"])
    node = graph.node.add()
    node.name, node.op = "harmless", op
    files["graph.pb"] = graph.SerializeToString()


def _other_networks() -> Iterator[Malicious]:
    bomb = pickle.dumps(Boom())
    keras = io.BytesIO()
    with zipfile.ZipFile(keras, "w") as archive:
        layer = {
            "class_name": "Lambda",
            "config": {"function": {"class_name": "__lambda__", "config": {"code": "4wEA"}}},
        }
        archive.writestr("config.json", json.dumps({"class_name": "Functional", "config": {"layers": [layer]}}))
    for name, content in (
        ("a pickle", bomb),
        ("a Keras file with a Lambda layer", keras.getvalue()),
        ("an HDF5 file", b"\x89HDF\r\n\x1a\n"),
        ("a shell script", b"#!/bin/sh\ntouch run\n"),
        ("a shared library", b"\x7fELF\x02\x01\x01" + bytes(60)),
    ):
        yield _signed(f"{name} as graph.pb", "damaged|no operation", lambda f, c=content: f.update({"graph.pb": c}))  # type: ignore[misc]
        yield _signed(
            f"{name} as graph.tflite", "not a LiteRT network", lambda f, c=content: f.update({"graph.tflite": c})
        )  # type: ignore[misc]
    yield _signed("a LiteRT network with a custom operation", "FlexReadFile", _custom_operation)
    yield _signed(
        "a LiteRT network with offsets to nowhere",
        "damaged|not a LiteRT",
        lambda f: f.update({"graph.tflite": b"\xff\xff\xff\x7f" + f["graph.tflite"][4:]}),
    )


def _custom_operation(files: Files) -> None:
    import flatbuffers
    from ai_edge_litert import schema_py_generated as schema

    model = schema.ModelT.InitFromPackedBuf(files["graph.tflite"], 0)
    code = model.operatorCodes[0]
    code.builtinCode = code.deprecatedBuiltinCode = schema.BuiltinOperator.CUSTOM
    code.customCode = b"FlexReadFile"
    model.buffers, model.subgraphs[0].tensors = model.buffers[:1], model.subgraphs[0].tensors[:0]  # small is enough
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    files["graph.tflite"] = bytes(builder.Output())


def _cards() -> Iterator[Malicious]:
    def card(name: str, reason: str, **changes: object) -> Malicious:
        def change(files: Files) -> None:
            files["card.json"] = json.dumps(json.loads(files["card.json"]) | changes).encode()

        return _signed(name, reason, change, sign="files" not in changes)

    yield card("a card of a later schema", "Update RoomNet", schema=99)
    yield card("a card without a schema", "schema None", schema=None)
    yield card("a card of one class", "at least two", classes=["Kitchen"])
    yield card("a card of other classes than the network's", "does not match", classes=["Bath", "Bed"])
    yield card("a card that wants a picture of a terabyte", "input_size", preprocessing={"input_size": 1_000_000})
    yield card("a card with code in the place of numbers", "not a complete", parameters="__import__('os').system('x')")
    yield card(
        "a card that describes a file elsewhere",
        "no model has",
        files={"../../../etc/passwd": describe_file(b""), "graph.pb": describe_file(dict(_sound())["graph.pb"])},
    )
    yield card("a card that describes no network", "no network", files={})
    for name, content, reason in (
        ("no JSON", b"{", "cannot be read"),
        ("a pickle", pickle.dumps(Boom()), "cannot be read"),
        ("a list", b"[]", "not a model card"),
        ("JSON of a million brackets", b"[" * 1_000_000, "cannot be read"),
        ("JSON of 5 MB", b'"' + b"x" * (5 << 20) + b'"', "larger than"),
    ):
        yield _signed(f"a card that is {name}", reason, lambda f, c=content: f.update({"card.json": c}), sign=False)  # type: ignore[misc]
    yield _signed("a changed graph", "changed", lambda f: f.update({"graph.pb": f["graph.pb"] + b"\0"}), sign=False)
    yield _signed(
        "a changed LiteRT network",
        "changed",
        lambda f: f.update({"graph.tflite": f["graph.tflite"][:-1] + b"\1"}),
        sign=False,
    )
    yield _signed("a graph that is missing", "cannot be read", lambda f: f.pop("graph.pb") and None, sign=False)


def _archives() -> Iterator[Malicious]:
    def with_entry(name: str, entry: str | zipfile.ZipInfo, reason: str, content: bytes = b"x") -> Malicious:
        def make(path: Path) -> None:
            with zipfile.ZipFile(path, "w") as archive:
                for key, value in _sound():
                    archive.writestr(key, value)
                archive.writestr(entry, content)

        return Malicious(name, make, reason)

    yield with_entry("a name above the folder", "../../evil.txt", "outside")
    yield with_entry("a name above the folder, backwards", "..\\..\\evil.txt", "outside")
    yield with_entry("a name within and then above", "a/../../evil.txt", "outside")
    yield with_entry("an absolute name", "/tmp/roomnet-evil.txt", "outside")
    yield with_entry("a name with a drive", "C:\\evil.txt", "outside")
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    yield with_entry("a link out of the folder", link, "outside", b"/etc/passwd")
    linked = zipfile.ZipInfo("graph.pb")
    linked.external_attr = (stat.S_IFLNK | 0o777) << 16
    yield Malicious(
        "a link in the place of the graph",
        lambda path: _zip(path, [("card.json", b"{}"), (linked, b"/etc/passwd")]),
        "outside",
    )
    yield Malicious("a name twice", lambda path: _zip(path, [*_sound(), ("card.json", b"{}")]), "twice")
    yield Malicious(
        "a thousand files", lambda path: _zip(path, [*_sound(), *((f"{n}", b"") for n in range(1000))]), "1003 files"
    )
    yield Malicious("a bomb", lambda path: _zip(path, [("card.json", b"{}"), ("graph.pb", bytes(300 << 20))]), "larger")
    yield Malicious("a bomb that lies about its size", _lying_bomb, "larger|damaged")
    yield Malicious("an encrypted file", _encrypted, "damaged|encrypted|not a model")
    yield Malicious("half an archive", lambda path: _cut(path), "not a model|damaged")
    yield Malicious("no archive", lambda path: path.write_bytes(b"\x80\x04pickle") and None, "not a model")
    yield Malicious("an empty file", lambda path: path.write_bytes(b"") and None, "not a model")
    yield Malicious("only a card", lambda path: _zip(path, [_sound()[0]]), "lacks")
    yield Malicious("a folder called graph.pb", lambda path: _zip(path, [_sound()[0], ("graph.pb/", b"")]), "lacks")
    yield Malicious("600 MB of nothing", lambda path: _sparse(path), "larger")


def _zip(path: Path, entries: list[tuple[str | zipfile.ZipInfo, bytes]]) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a name is there twice is the point
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            for entry, content in entries:
                archive.writestr(entry, content)


def _lying_bomb(path: Path) -> None:
    """The directory says 10 bytes, 300 MB come out."""
    size = 300 << 20
    _zip(path, [("card.json", b"{}"), ("graph.pb", bytes(size))])
    path.write_bytes(path.read_bytes().replace(size.to_bytes(4, "little"), (10).to_bytes(4, "little")))


def _encrypted(path: Path) -> None:
    _zip(path, [("card.json", b"{}"), ("graph.pb", b"x" * 40)])
    content = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\1\2", 8), (b"PK\3\4", 6)):
        at = -1
        while (at := content.find(signature, at + 1)) >= 0:
            content[at + flags] |= 1
    path.write_bytes(content)


def _cut(path: Path) -> None:
    _zip(path, list(_sound()))
    path.write_bytes(path.read_bytes()[:-40])


def _sparse(path: Path) -> None:
    path.touch()
    os.truncate(path, 600 << 20)
