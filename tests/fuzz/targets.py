"""What is fuzzed: a function of bytes that must hold its promise on any of them, and sound inputs to begin with."""

from __future__ import annotations

import io
import json
import os
import shutil
import struct
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from roomnet_core.errors import (
    CatalogError,
    JournalError,
    MetadataError,
    ModelError,
    PhotoError,
    SortError,
    TrainingError,
)
from roomnet_core.export.carried_metadata import upright_exif
from roomnet_core.export.xmp import keywords_of, merge_sidecar, splice
from roomnet_core.inference.model_file import ModelFile, find_model
from roomnet_core.models.graph_check import check_graph, check_lite
from roomnet_core.models.store import ModelStore
from roomnet_core.network.card import ModelCard, read_card
from roomnet_core.photos.decode import decode_photo
from roomnet_core.photos.formats import recognise
from roomnet_core.photos.info import read_info
from roomnet_core.photos.jpeg_scans import count_scans
from roomnet_core.photos.orientation import read_orientation
from roomnet_core.photos.thumbnail_cache import ThumbnailCache
from roomnet_core.session.store import Catalog
from roomnet_core.sorting.journal import Journal
from roomnet_core.sorting.naming import safe_name
from roomnet_core.sorting.template import NameFields, NameTemplate
from roomnet_core.training.plan import TrainingPlan
from roomnet_core.training.report import read_report
from roomnet_gui.export.kinds import ExportOptions, remembered
from roomnet_gui.sort.presets import Presets
from tests.core.session.catalogs import ROOT, file, load
from tests.hostile.encoded import FORMATS, SUFFIXES, photo, segment, short, tiff_block, with_segments

XMP = b"http://ns.adobe.com/xap/1.0/\0"
_PACKET = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:subject><rdf:Bag><rdf:li>Garden</rdf:li>'
    b"</rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>"
)
_EXIF = tiff_block(
    [(0x010F, 2, 5, struct.pack("<I", 38)), (0x0112, 3, 1, short(6)), (0x8769, 4, 1, struct.pack("<I", 8))],
    tail=b"Acme\0",
)


@dataclass(frozen=True, slots=True)
class Target:
    """`check` raises where a promise is broken; `seeds` are sound inputs."""

    check: Callable[[bytes], None]
    seeds: tuple[bytes, ...]


def _orientation(data: bytes) -> None:
    assert 1 <= read_orientation(data) <= 8


def _info(data: bytes) -> None:
    info = read_info(4, 3, data)
    assert (info.width, info.height) == (4, 3) and len(info.camera) < 200


def _upright(data: bytes) -> None:
    assert read_orientation(upright_exif(data)) == 1 or len(data) < 8 or upright_exif(data) == data


def _scans(data: bytes) -> None:
    assert 1 <= count_scans(io.BytesIO(data)) <= 1 + len(data)


def _signature(data: bytes) -> None:
    recognise(data[:64], data[64:].decode("utf-8", "surrogateescape"))


def _splice(data: bytes) -> None:
    try:
        once = splice(data, ["Kitchen"])
    except MetadataError:
        return
    assert "Kitchen" in keywords_of(once)[0] and splice(once, ["Kitchen"]) == once


def _packet(data: bytes) -> None:
    _splice(with_segments(segment(0xE1, XMP + data[:60_000])))


def _sidecar(data: bytes) -> None:
    try:
        once = merge_sidecar(data, ["Kitchen"])
    except MetadataError:
        return
    assert b"Kitchen" in once and merge_sidecar(once, ["Kitchen"]) == once


def _photo(data: bytes) -> None:
    try:
        decoded = decode_photo(Path("photo.jpg"), min_side=32, content=data)
    except PhotoError as error:
        assert error.kind in ("damaged", "empty", "too_large", "unsupported")
        return
    assert decoded.rgb.ndim == 3


def _card(data: bytes) -> None:
    with _folder() as folder:
        (folder / "card.json").write_bytes(data)
        try:
            card = read_card(folder)
        except ModelError:
            return
        again = ModelCard.from_json(json.loads(json.dumps(card.to_json())), folder)
        assert again.rooms.names == card.rooms.names
        assert ModelFile(folder, again).key() == ModelFile(folder, card).key()


def _template(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    try:
        template = NameTemplate(text)
    except SortError:
        return
    stem = template.stem(NameFields("Kitchen", 3, 7, "IMG_1", date(2024, 5, 31), "photos", "12 Elm Street"))
    name = safe_name(f"{stem}.jpg")
    assert name and "/" not in name and "\0" not in name and name not in (".", "..")


def _catalog(data: bytes) -> None:
    with _folder() as folder:
        path = folder / "catalog.sqlite"
        path.write_bytes(data)
        try:
            catalog = Catalog.open(path)
        except CatalogError as error:
            assert error.kind == "newer" or path.read_bytes() == data, error
            return
        with closing_quietly(catalog), suppress(CatalogError):
            for entry in load(catalog):
                assert entry.file.path.is_relative_to(ROOT)


def _other_databases(data: bytes) -> None:
    """The journal of sorts says what is wrong; the cache of thumbnails begins anew or does without."""
    with _folder() as folder:
        (folder / "thumbnails.sqlite").write_bytes(data)
        cache = ThumbnailCache.open(folder)
        cache.get(file("a.jpg"), 9)
        cache.put(file("a.jpg"), 9, b"x")
        cache.close()
        (folder / "sorts.sqlite").write_bytes(data)
        with suppress(JournalError), Journal.open(folder / "sorts.sqlite") as journal:
            journal.runs()


@contextmanager
def closing_quietly(catalog: Catalog) -> Iterator[None]:
    try:
        yield
    finally:
        with suppress(CatalogError):
            catalog.close(timeout=0.5)


class _Settings:
    """QSettings as the dialogs use it: every key holds the fuzzed text."""

    def __init__(self, text: str) -> None:
        self.text = text

    def value(self, key: str, default: Any = None) -> Any:
        return self.text

    def setValue(self, key: str, value: Any) -> None:  # (Qt's name)
        self.text = str(value)


def _settings(data: bytes) -> None:
    settings: Any = _Settings(data.decode("utf-8", "surrogateescape"))
    presets = Presets(settings)
    presets.last(Path("/photos"))
    for name in presets.names():
        presets.get(name, Path("/photos"))
    presets.destinations()
    assert isinstance(remembered(settings), ExportOptions)


def _import(data: bytes) -> None:
    with _folder() as folder:
        (folder / "their.roomnet").write_bytes(data)
        store = ModelStore(folder / "models")
        try:
            model = store.import_file(folder / "their.roomnet")
        except ModelError:
            assert not list((folder / "models").iterdir())
        else:
            assert model.folder.parent == folder / "models"
        assert {path.name for path in folder.iterdir()} == {"their.roomnet", "models"}


def _graph(data: bytes) -> None:
    for check in (check_graph, check_lite):
        try:
            check(data, Path("graph"))
        except ModelError:
            continue


def _training(data: bytes) -> None:
    with _folder() as folder:
        for name in ("plan.json", "report.json"):
            (folder / name).write_bytes(data)
        for read in (TrainingPlan.load, read_report):
            try:
                read(folder)
            except TrainingError:
                continue


@contextmanager
def _folder() -> Iterator[Path]:
    where = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    path = Path(tempfile.mkdtemp(prefix="roomnet-fuzz-", dir=where))
    try:
        yield path
    finally:
        shutil.rmtree(path)


def _sound_catalog() -> bytes:
    with _folder() as folder:
        catalog = Catalog.open(folder / "catalog.sqlite")
        load(catalog).add([file("a.jpg"), file("b.jpg")])
        catalog.close()
        return (folder / "catalog.sqlite").read_bytes()


def _sound_databases() -> tuple[bytes, ...]:
    with _folder() as folder:
        cache = ThumbnailCache.open(folder)
        cache.put(file("a.jpg"), 9, b"x")
        cache.close()
        Journal.open(folder / "sorts.sqlite").close()
        return tuple((folder / name).read_bytes() for name in ("thumbnails.sqlite", "sorts.sqlite"))


def _sound_archive(card: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in (
            ("card.json", card),
            ("graph.pb", b"\n\0"),
            ("graph.tflite", b"\0\0\0\0TFL3" + bytes(90)),
        ):
            archive.writestr(name, content)
    return buffer.getvalue()


def make_targets() -> dict[str, Target]:
    """By name. Making the seeds takes a second."""
    card = (find_model("roomnet-compact").folder / "card.json").read_bytes()
    jpeg = with_segments(segment(0xE1, b"Exif\0\0" + _EXIF), segment(0xE1, XMP + _PACKET))
    preset = json.dumps(
        {"mode": "COPY", "template": "{n}", "folders": {"Kitchen": "K"}, "order": ["Kitchen"], "unsure": None,
         "rejected": "R", "companions": True, "kind": "csv", "target": "/photos", "bom": True}
    ).encode()  # fmt: skip
    plan = json.dumps({"schema": 1, "photos": [["/a.jpg", "Bath", "", "folder", "training"]], "classes": ["Bath"],
                       "model_in_use": "/m", "base": None, "history": [], "table": [["a", 1, 2, True, True]],
                       "mistakes": [["/a.jpg", "a", "b", 0.5]], "reliability": [[0.5, 0.5, 3]], "pictures": {},
                       "tables": {}}).encode()  # fmt: skip
    return {
        "orientation": Target(_orientation, (_EXIF, b"Exif\0\0" + _EXIF)),
        "photo info": Target(_info, (_EXIF, b"Exif\0\0" + _EXIF)),
        "EXIF of copies": Target(_upright, (_EXIF, b"Exif\0\0" + _EXIF)),
        "JPEG scans": Target(_scans, (photo(), b"\1\2\xff\xda\0\2\1\2\xff\0\xff\xd9")),
        "signatures": Target(_signature, tuple(photo(name)[:64] + b"photo.jpg" for name in FORMATS)),
        "XMP splice": Target(_splice, (jpeg, photo())),
        "XMP packet": Target(_packet, (_PACKET,)),
        "sidecar": Target(_sidecar, (_PACKET,)),
        "photos": Target(_photo, tuple(photo(name) for name in SUFFIXES)),
        "model card": Target(_card, (card,)),
        "name template": Target(_template, (b"{order:02}_{room}_{n}", b"{stem} {date} {{x}}")),
        "catalog": Target(_catalog, (_sound_catalog(),)),
        "journal and thumbnails": Target(_other_databases, _sound_databases()),
        "settings": Target(_settings, (preset, b"[" * 9, b'["/a", "/b"]')),
        "model file": Target(_import, (_sound_archive(card),)),
        "graphs": Target(_graph, (b"\n\x14\n\5image\x12\x0bPlaceholder", b"\x1c\0\0\0TFL3" + bytes(90))),
        "training plan and report": Target(_training, (plan,)),
    }
