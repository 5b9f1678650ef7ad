"""Walk a folder and yield its photos, folder by folder, in the order a person expects."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from roomnet_core.errors import UsageError
from roomnet_core.photos.formats import SIGNATURE_BYTES, SUFFIXES, sniff
from roomnet_core.photos.photo_file import PhotoFile, Problem

_DIGITS = re.compile(r"(\d+)")


def never() -> bool:
    """The cancel check of a caller that never cancels."""
    return False


def natural_key(name: str) -> tuple[list[tuple[int, int, str]], str]:
    """Sort key that puts `photo2` before `photo10`, small and capital letters alike.

    The name itself breaks ties, so the order is total.
    """
    parts: list[tuple[int, int, str]] = []
    for part in _DIGITS.split(name.casefold()):
        # `isdecimal` and not the match: `\d` also finds digits that `int` cannot read at this length.
        if part.isdecimal() and len(part) < 4000:
            parts.append((0, int(part), ""))
        elif part:
            parts.append((1, 0, part))
    return parts, name


def scan(
    root: Path, *, cancelled: Callable[[], bool] = never, exclude: Collection[Path] = ()
) -> Iterator[PhotoFile | Problem]:
    """Yield the photos below `root`, each folder's files first and then its subfolders, in natural order.

    Only one folder's names are in memory at a time, so the first photo of a large tree comes at once. Hidden files
    and folders, and those in `exclude`, are left out. A link to a folder is followed once. Files that are named like
    photos but cannot be read, and folders that cannot be opened, come as `Problem`s; every other file is ignored. A
    `root` that is a file yields that photo.

    Raises:
        UsageError: `root` does not exist.
    """
    try:
        information = root.stat()
    except OSError as error:
        raise UsageError(f"{root} cannot be opened: {error.strerror or error}.") from error
    if not stat.S_ISDIR(information.st_mode):
        yield from _examine(root, root.parent, explicit=True)
        return
    excluded = {os.path.realpath(folder) for folder in exclude}
    seen = {(information.st_dev, information.st_ino)}
    folders = [root]
    while folders:
        if cancelled():
            return
        folder = folders.pop()
        try:
            with os.scandir(folder) as entries:
                listed = [(entry.name, _is_folder(entry)) for entry in entries if not _is_hidden(entry)]
        except OSError as error:
            yield Problem(folder, root, _kind(error), f"The folder {folder} cannot be opened: {_reason(error)}.")
            continue
        listed.sort(key=lambda item: natural_key(item[0]))
        for name, is_folder in listed:
            if cancelled():
                return
            if not is_folder:
                yield from _examine(folder / name, root)
        for name, is_folder in reversed(listed):
            if is_folder and _enter(folder / name, excluded, seen):
                folders.append(folder / name)


def scan_all(
    paths: Iterable[Path], *, cancelled: Callable[[], bool] = never, exclude: Collection[Path] = ()
) -> Iterator[PhotoFile | Problem]:
    """Scan several dropped folders and photos, one after the other.

    Raises:
        UsageError: one of them does not exist.
    """
    for path in paths:
        yield from scan(path, cancelled=cancelled, exclude=exclude)


def _enter(folder: Path, excluded: set[str], seen: set[tuple[int, int]]) -> bool:
    """Whether to walk into `folder`: not excluded, and not walked already under another name."""
    if excluded and os.path.realpath(folder) in excluded:
        return False
    try:
        information = folder.stat()
    except OSError:
        return True  # opening it will fail and say why
    key = (information.st_dev, information.st_ino)
    # Some network file systems give every folder the inode 0.
    if information.st_ino and key in seen:
        return False
    seen.add(key)
    return True


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a loop of links
        return False


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return True
    if os.name != "nt":
        return False
    try:
        attributes = getattr(entry.stat(follow_symlinks=False), "st_file_attributes", 0)
    except OSError:
        return False
    return bool(attributes & stat.FILE_ATTRIBUTE_HIDDEN)


def _examine(path: Path, root: Path, *, explicit: bool = False) -> Iterator[PhotoFile | Problem]:
    """Yield the photo or the problem at `path`, or nothing where the file does not look like a photo.

    `explicit`: the user named this very file, so a file that is no photo is a problem too.
    """
    named_like_photo = explicit or path.suffix.lower() in SUFFIXES
    try:
        information = path.stat()
        if not stat.S_ISREG(information.st_mode):  # opening a pipe or a device could hang
            if explicit:
                yield Problem(path, root, "unsupported", f"{path.name} is not a regular file.")
            return
        if information.st_size == 0:
            if named_like_photo:
                yield Problem(path, root, "empty", f"{path.name} is empty (0 bytes). Copy it again from the camera.")
            return
        with path.open("rb") as stream:
            head = stream.read(SIGNATURE_BYTES)
    except OSError as error:
        if named_like_photo:
            yield Problem(path, root, _kind(error), f"{path.name} cannot be read: {_reason(error)}.")
        return
    if sniff(head) is not None:
        yield PhotoFile(path, root, information.st_size, information.st_mtime_ns)
    elif named_like_photo:
        message = f"{path.name} is not a photo in a format that RoomNet reads, whatever its name says."
        yield Problem(path, root, "unsupported", message)


def _kind(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return "missing"
    return "permission" if isinstance(error, PermissionError) else "unreadable"


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
