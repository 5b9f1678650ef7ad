"""The files that belong to a photo and travel with it: sidecars, and the raw file beside a JPEG."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

from roomnet_core.photos.formats import OTHER_PHOTO_SUFFIXES, PHOTO_SUFFIXES, RAW_SUFFIXES
from roomnet_core.sorting.naming import collision_key, split_name

SIDECAR_SUFFIXES = frozenset({".xmp", ".aae"})
"""Edits and keywords of Lightroom and others, and edits of Apple's Photos."""

_PHOTOS = PHOTO_SUFFIXES | RAW_SUFFIXES | OTHER_PHOTO_SUFFIXES


class Companions:
    """The companions in the folders of one plan, each folder listed once and each file given away once."""

    def __init__(self, listing: Callable[[Path], Iterable[str]], photos: Iterable[Path]) -> None:
        """`photos`: the session's photos, which are nobody's companion unless they are raw files."""
        self._listing = listing
        self._photos = {path for path in photos if not is_raw(path.name)}
        self._folders: dict[Path, dict[str, list[str]]] = {}

    def take(self, photo: Path) -> list[tuple[Path, str]]:
        """The companions of `photo` that no photo before has taken, each with what follows the common stem.

        For `IMG_1.JPG` these are `IMG_1.xmp`, `img_1.AAE`, `IMG_1.CR2`, `IMG_1.JPG.xmp` and `IMG_1.CR2.xmp`, for which
        `.CR2.xmp` follows the stem.
        """
        by_stem = self._folders.get(photo.parent)
        if by_stem is None:
            by_stem = self._folders[photo.parent] = self._index(photo.parent)
        stem, ending = split_name(photo.name)
        found = by_stem.get(collision_key(stem), [])
        taken: list[tuple[Path, str]] = []
        left: list[str] = []
        endings = {collision_key(ending)}
        for name in found:
            rest = _rest(name)
            # `IMG_1.PNG.xmp` belongs to IMG_1.PNG, not to IMG_1.JPG beside it.
            of_another = rest.count(".") > 1 and not is_raw(rest.rpartition(".")[0]) and not rest.casefold().startswith(
                f"{ending}.".casefold()
            )
            if name == photo.name or of_another or collision_key(rest) in endings:
                left.append(name)
            else:
                endings.add(collision_key(rest))
                taken.append((photo.with_name(name), rest))
        by_stem[collision_key(stem)] = left
        return taken

    def _index(self, folder: Path) -> dict[str, list[str]]:
        index: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self._listing(folder)):
            rest = _rest(name)
            if rest and folder / name not in self._photos:
                index[collision_key(name[: len(name) - len(rest)])].append(name)
        return dict(index)


def _rest(name: str) -> str:
    """What follows the stem in a companion's name; empty where it is the name of no companion."""
    stem, ending = split_name(name)
    if ending.casefold() in SIDECAR_SUFFIXES:
        inner = split_name(stem)[1]  # IMG_1.JPG.xmp, but not of "Kitchen v1.2.xmp"
        return inner + ending if inner.casefold() in _PHOTOS else ending
    return ending if ending.casefold() in RAW_SUFFIXES else ""


def is_raw(name: str) -> bool:
    """Whether a file is named like a camera's raw file."""
    return name[name.rfind(".") :].casefold() in RAW_SUFFIXES
