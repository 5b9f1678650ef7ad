"""The user's own models: listed, renamed, removed to the trash, exported as one file and imported from one."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import stat
import tempfile
import unicodedata
import zipfile
import zlib
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import numpy as np

from roomnet_core.errors import ModelError
from roomnet_core.inference.engine import litert_installed, open_engine
from roomnet_core.inference.model_file import (
    DEFAULT_MODEL,
    GRAPH_NAME,
    LITE_NAME,
    ModelFile,
    list_models,
)
from roomnet_core.models.graph_check import check_graph, check_lite
from roomnet_core.network.card import CARD_NAME, read_card, write_card
from roomnet_core.photos.problems import printable
from roomnet_core.resources import assets_dir, data_dir
from roomnet_core.sorting.naming import collision_key, safe_name
from roomnet_core.sorting.trash import send_to_trash

SUFFIX = ".roomnet"

_FILES = (CARD_NAME, GRAPH_NAME, LITE_NAME)
# What a model's file may unpack to: far above any sensible model, far below what would hurt.
_MOST_BYTES = {CARD_NAME: 4 << 20, GRAPH_NAME: 256 << 20, LITE_NAME: 256 << 20}
_MOST_ARCHIVE_BYTES = 512 << 20
_MOST_PARTS = 100  # signatures and notes of other programs are passed over, but not without end
_LONGEST_NAME = 60


class ModelStore:
    """The models in one folder, by default the user's, beside the shipped ones, which are only listed."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or data_dir() / "models"

    def list(self) -> list[ModelFile]:
        """Every readable model, shipped and own, the default first."""
        return list_models()

    def is_own(self, model: ModelFile) -> bool:
        """Whether the model is the user's: only such can be renamed or removed."""
        return model.folder.parent == self.folder

    def check_name(self, name: str, *, taken_is_fine: bool = False) -> str:
        """What is wrong with `name` for a model, as a sentence; empty where nothing is."""
        shown = printable(name)
        if not name.strip():
            return "A model needs a name."
        if len(name) > _LONGEST_NAME:
            return f"A model's name may have at most {_LONGEST_NAME} letters."
        if name.startswith((".", "_")) or safe_name(name) != unicodedata.normalize("NFC", name):
            return f"A model cannot be called “{shown}”: its folder could not have that name everywhere."
        shipped = {collision_key(entry.name) for entry in _entries(assets_dir() / "models")}
        if collision_key(name) in shipped | {collision_key(DEFAULT_MODEL)}:
            return f"“{shown}” is a model that ships with RoomNet. Choose another name."
        if not taken_is_fine and collision_key(name) in {collision_key(entry.name) for entry in _entries(self.folder)}:
            return f"There is a model called “{shown}” already. Choose another name."
        return ""

    def free_name(self, wanted: str) -> str:
        """`wanted`, made a legal name, or the first of `wanted 2`, `wanted 3` ... that is free."""
        base = safe_name(wanted).lstrip("._")[: _LONGEST_NAME - 5].strip() or "my model"
        return next(
            name
            for number in itertools.count(1)
            if not self.check_name(name := base if number == 1 else f"{base} {number}")
        )

    def rename(self, model: ModelFile, name: str) -> ModelFile:
        """Give one of the user's models another name, in its card and on the disk.

        Raises:
            ModelError: the name will not do, or the model is a shipped one.
            OSError: the folder cannot be written.
        """
        self._check_own(model)
        only_letters = collision_key(name) == collision_key(model.folder.name)
        if problem := self.check_name(name, taken_is_fine=only_letters):
            raise ModelError(problem)
        target = self.folder / name
        if target != model.folder:
            model.folder.rename(target)
        card = replace(model.card, name=name)
        _replace_card(card.to_json(), target)
        return ModelFile(target, card)

    def remove(self, model: ModelFile) -> None:
        """Put one of the user's models into the system's trash.

        Raises:
            ModelError: the model is a shipped one, or the trash refused it; then it is still there.
        """
        self._check_own(model)
        try:
            send_to_trash([model.folder])
        except OSError as error:
            raise ModelError(f"{model.folder} could not be put into the trash: {error}. It is still there.") from error

    def export_file(self, model: ModelFile, path: Path) -> Path:
        """Write `model` as one file at `path`, which is replaced if it was there. What was measured goes with it.

        Raises:
            ModelError: a file of the model is missing or changed.
            OSError: the file cannot be written; what was at `path` is still there.
        """
        contents = {name: model.read(name) for name in (GRAPH_NAME, LITE_NAME) if name in model.card.files}
        card = json.dumps(model.card.to_json(), indent=2, ensure_ascii=False).encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, staged = tempfile.mkstemp(prefix=f".{path.name[:40]}-", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                    for name, content in ((CARD_NAME, card), *contents.items()):
                        # A date of its own would make two exports of one model differ.
                        archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
                stream.flush()
                os.fsync(stream.fileno())
            Path(staged).chmod(0o644)  # mkstemp makes a private file, and this one is to be given away
            Path(staged).replace(path)
        except BaseException:
            with suppress(OSError):
                Path(staged).unlink()
            raise
        return path

    def import_file(self, path: Path, name: str | None = None) -> ModelFile:
        """Take in a model that somebody else may have made, from a file of `export_file`.

        Nothing of it is trusted: only the three files of a model are unpacked, up to a size, into a folder of their
        own; the card must be one of ours, the hashes must fit, the graph may only compute, and the network must run.
        Only then does it take its place in the store, under `name` or its own (`name 2` where that is taken).

        Raises:
            ModelError: it is refused, with the reason; the store is as it was.
            OSError: the store's folder cannot be written.
        """
        if name is not None and (problem := self.check_name(name)):
            raise ModelError(problem)
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".import-", dir=self.folder) as staging:
            folder = Path(staging) / "model"
            folder.mkdir()
            _unpack(path, folder)
            card = read_card(folder)
            card = replace(card, name=name or self.free_name(card.name))
            verify(ModelFile(folder, card))
            write_card(card, folder)
            target = self.folder / card.name
            if target.exists():
                raise ModelError(f"There is a model called “{card.name}” already. Choose another name.")
            folder.rename(target)
        return ModelFile(target, card)

    def _check_own(self, model: ModelFile) -> None:
        if not self.is_own(model):
            raise ModelError(f"{model.name} ships with RoomNet and stays as it is.")


def verify(model: ModelFile) -> None:
    """Make sure that a model of unknown origin is what its card says, only computes, and runs.

    Raises:
        ModelError: it is not, with the reason.
    """
    if not {GRAPH_NAME, LITE_NAME} & model.card.files.keys():
        raise ModelError(f"The card of {model.name} describes no network.")
    for name in model.card.files:
        if name not in (GRAPH_NAME, LITE_NAME):
            raise ModelError(f"The card of {model.name} describes a file that no model has: {printable(name)}.")
        content = model.read(name)
        check = check_graph if name == GRAPH_NAME else check_lite
        check(content, model.folder / name)
    if LITE_NAME in model.card.files and litert_installed():
        size = model.card.preprocessing.input_size
        with closing(open_engine(model, "litert", threads=1)) as engine:
            logits = engine.logits(np.zeros((1, size, size, 3), np.float32))
        if not np.isfinite(logits).all():
            raise ModelError(f"The network of {model.name} gives no numbers.")


def _unpack(path: Path, folder: Path) -> None:
    """The model's three files, and nothing else, from the archive at `path` into `folder`."""
    shown = printable(path.name)
    try:
        if path.stat().st_size > _MOST_ARCHIVE_BYTES:
            raise ModelError(f"{shown} is larger than any model. It was not opened.")
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            if len(entries) > _MOST_PARTS:
                raise ModelError(f"{shown} holds {len(entries)} files, a model has three. It was not imported.")
            names = [entry.filename for entry in entries]
            for entry in entries:
                _check_entry(entry, shown)
            if len(set(names)) != len(names):
                raise ModelError(f"{shown} holds one name twice. It was not imported.")
            if CARD_NAME not in names or not {GRAPH_NAME, LITE_NAME} & set(names):
                raise ModelError(f"{shown} is not a model of RoomNet: it lacks {CARD_NAME} or the network.")
            for entry in entries:
                if entry.filename in _FILES:
                    _unpack_one(archive, entry, folder, shown)
    except ModelError:
        raise
    except FileNotFoundError as error:
        raise ModelError(f"There is no file {printable(str(path))}.") from error
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, ValueError) as error:
        raise ModelError(f"{shown} is not a model of RoomNet, or it is damaged ({error}).") from error
    except OSError as error:
        raise ModelError(f"{shown} cannot be read: {error.strerror or error}.") from error


def _check_entry(entry: zipfile.ZipInfo, shown: str) -> None:
    name = entry.filename
    outside = name.startswith(("/", "\\")) or ".." in name.replace("\\", "/").split("/") or ":" in name
    if outside or stat.S_ISLNK(entry.external_attr >> 16):
        raise ModelError(f"{shown} wants to write outside its folder ({printable(name)}). It was not imported.")
    if name in _FILES and entry.file_size > _MOST_BYTES[name]:
        raise ModelError(f"{shown}: {name} would be larger than that of any model. It was not imported.")


def _unpack_one(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, folder: Path, shown: str) -> None:
    """The directory of an archive may lie about sizes, so what comes out is counted."""
    left = _MOST_BYTES[entry.filename]
    with archive.open(entry) as source, (folder / entry.filename).open("xb") as target:
        while block := source.read(1 << 20):
            left -= len(block)
            if left < 0:
                raise ModelError(f"{shown}: {entry.filename} is larger than that of any model. It was not imported.")
            target.write(block)


def _replace_card(card: object, folder: Path) -> None:
    staged = folder / f".{CARD_NAME}.part"
    staged.write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    staged.replace(folder / CARD_NAME)


def _entries(folder: Path) -> list[Path]:
    try:
        return [entry for entry in folder.iterdir() if not entry.name.startswith(".")]
    except OSError:
        return []


def _copy(source: Path, target: Path) -> None:
    """A folder of files and subfolders; unlike `shutil.copytree` it stops at the first error, and says which it was."""
    target.mkdir()
    for entry in source.iterdir():
        if entry.is_dir():
            _copy(entry, target / entry.name)
        else:
            shutil.copyfile(entry, target / entry.name)


def install(staged: Path, folder: Path, *, replace_model: bool) -> None:
    """Put the finished model in `staged` into its place `folder`, in one step.

    Raises:
        ModelError: there is a model already, and `replace_model` is not set.
        OSError: the disk is full or the folder cannot be written; what was there is still there.
    """
    folder.parent.mkdir(parents=True, exist_ok=True)
    arriving, leaving = folder.with_name(f".{folder.name}.new"), folder.with_name(f".{folder.name}.old")
    for leftover in (arriving, leaving):
        shutil.rmtree(leftover, ignore_errors=True)
    if folder.exists() and not replace_model:
        raise ModelError(f"There is a model at {folder} already. Choose another name.")
    try:
        _copy(staged, arriving)
        if folder.exists():
            folder.rename(leaving)
        try:
            arriving.rename(folder)
        except OSError:
            if leaving.exists():
                leaving.rename(folder)
            raise
    finally:
        shutil.rmtree(arriving, ignore_errors=True)
    shutil.rmtree(leaving, ignore_errors=True)
