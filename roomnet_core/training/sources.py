"""Where labelled photos come from: a folder of class folders, what a person said in the window, or both."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from roomnet_core.inference.model_file import ModelFile
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.problems import printable
from roomnet_core.photos.scan import never, scan
from roomnet_core.session.store import Catalog
from roomnet_core.sorting.naming import safe_name
from roomnet_core.training.dataset import OTHER

FOLDER, CORRECTED, ACCEPTED, KEPT = "folder", "corrected", "accepted", "kept"

_OTHER_FOLDER = "_other"
# What the model was sure of and nobody changed: enough to remember by, few enough to look at in a minute.
_MOST_KEPT = 2000


@dataclass(frozen=True, slots=True)
class LabelledPhoto:
    """A photo and its class.

    `group` is the listing it belongs to, which is never put on two sides of a split (empty: none is known). `origin`:
    `folder`, `corrected` (a person chose another class than the model), `accepted` (a person chose the model's), or
    `kept` (nobody said anything, and the model is sure).
    """

    path: Path
    label: str
    group: str = ""
    origin: str = FOLDER


@dataclass(frozen=True, slots=True)
class Source:
    """What to train on: a `folder` of class folders, what a person `decided`, or both.

    `kept` photos are no examples: they hold a corrected model to what it was right about.
    """

    folder: Path | None = None
    decided: tuple[LabelledPhoto, ...] = ()
    kept: tuple[LabelledPhoto, ...] = ()


@dataclass(frozen=True, slots=True)
class FolderContent:
    """`photos` by class folder, the `problems` met, the `loose` photos beside the class folders, and their names."""

    photos: tuple[LabelledPhoto, ...]
    problems: tuple[Problem, ...]
    loose: tuple[Path, ...]
    names: tuple[str, ...]


def read_folder(folder: Path, *, cancelled: Callable[[], bool] = never) -> FolderContent:
    """The photos in the subfolders of `folder`, each of which is a class; `_other` holds photos of none of them.

    Photos in a folder below a class folder are one listing. Names that begin with a dot or an underscore are no
    classes.

    Raises:
        OSError: `folder` cannot be listed.
    """
    entries = sorted(folder.iterdir(), key=lambda entry: entry.name.casefold())
    photos: list[LabelledPhoto] = []
    problems: list[Problem] = []
    names = []
    subfolders = [entry for entry in entries if entry.is_dir()]
    for subfolder in subfolders:
        other = subfolder.name.casefold() == _OTHER_FOLDER
        if subfolder.name.startswith(("_", ".")) and not other:
            continue
        if not other:
            names.append(subfolder.name)
        for item in scan(subfolder, cancelled=cancelled):
            if isinstance(item, PhotoFile):
                parent = item.path.parent
                group = parent.name if parent != subfolder else ""
                photos.append(LabelledPhoto(item.path, OTHER if other else subfolder.name, group))
            else:
                problems.append(item)
    items = scan(folder, cancelled=cancelled, exclude=subfolders)
    loose = tuple(item.path for item in items if isinstance(item, PhotoFile))
    return FolderContent(tuple(photos), tuple(problems), loose, tuple(names))


def corrections_source(catalog: Catalog, model: ModelFile, folder: Path | None = None) -> Source:
    """What a person said of the photos in `catalog` until now, and what `model` was sure of beside them.

    Raises:
        CatalogError: the catalog cannot be read.
    """
    rooms, decided = catalog.decided(model.rooms, model.key())
    names = rooms.names
    labelled = [
        LabelledPhoto(
            photo.file.path,
            names[photo.marks.decided],
            str(photo.file.path.parent),
            CORRECTED if photo.corrected or photo.prediction is None else ACCEPTED,
        )
        for photo in decided
        if photo.marks.decided is not None
    ]
    kept = [
        LabelledPhoto(photo.file.path, names[photo.prediction.room_id], str(photo.file.path.parent), KEPT)
        for photo in catalog.undecided(model.rooms, model.key(), limit=_MOST_KEPT)
        if photo.prediction is not None
    ]
    return Source(folder, tuple(labelled), tuple(kept))


def check_class_name(name: str) -> str:
    """What is wrong with `name` as the name of a class, as a sentence; empty where nothing is."""
    shown = printable(name)
    if not name.strip():
        return "A class needs a name."
    if name in (".", "..") or "/" in name or "\\" in name:
        return f"A class cannot be called “{shown}”: its name must also be the name of one folder. Rename it."
    if safe_name(name) != unicodedata.normalize("NFC", name):
        return (
            f"A class cannot be called “{shown}”: Windows allows no folder of that name, and sorting makes one. "
            "Rename it."
        )
    if name.startswith(("_", ".")) or name.casefold() == OTHER.casefold():
        return f"A class cannot be called “{shown}”: that name means “none of the classes”. Rename it."
    return ""


def relabel(photos: Sequence[LabelledPhoto], labels: dict[Path, str]) -> tuple[LabelledPhoto, ...]:
    """The photos, with another class where `labels` has one."""
    return tuple(
        replace(photo, label=labels[photo.path], origin=CORRECTED if photo.origin != FOLDER else FOLDER)
        if photo.path in labels
        else photo
        for photo in photos
    )
