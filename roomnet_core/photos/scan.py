"""Finds the photos in folders: lazily, in natural order, with a reason for every photo that cannot be used."""

from __future__ import annotations

import os
import stat
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path

from roomnet_core.errors import PhotoError, UsageError
from roomnet_core.photos.formats import (
    HEAD_BYTES,
    OTHER_PHOTO_SUFFIXES,
    PHOTO_SUFFIXES,
    RAW_SUFFIXES,
    PhotoFormat,
    recognise,
    suffix_of,
)
from roomnet_core.photos.natural_order import natural_key
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.problems import (
    as_problem,
    folder_error,
    not_a_file,
    not_a_photo,
    os_photo_error,
    photo_error,
    printable,
    raw_photo,
)
from roomnet_core.photos.raw import raw_supported

FolderId = tuple[int, int | str]

# Folders in which systems keep deleted files and thumbnails of their own, hidden only where they come from.
_SYSTEM_FOLDERS = frozenset({"$recycle.bin", "system volume information", "@eadir", "#recycle", "__macosx"})
_PROMISING_SUFFIXES = PHOTO_SUFFIXES | RAW_SUFFIXES | OTHER_PHOTO_SUFFIXES

# Windows: hidden, and the two that mean "reading this downloads it" (OneDrive and others). macOS: hidden, dataless.
_WINDOWS_HIDDEN = 0x2
_WINDOWS_NOT_HERE = 0x1000 | 0x400000
_MACOS_HIDDEN = 0x8000
_MACOS_NOT_HERE = 0x40000000


def never() -> bool:
    """The cancel check of a caller that never cancels."""
    return False


def scan(
    root: Path, *, cancelled: Callable[[], bool] = never, exclude: Collection[Path] = ()
) -> Iterator[PhotoFile | Problem]:
    """The photos in the folder `root` and below, found while the caller works on the first ones.

    A folder's own photos come before its subfolders, both in natural order; folders that are reached through
    symbolic links come last, once each. What is hidden is left out, and files that are no photos are passed over. A
    file that is named like a photo but is none, or cannot be read, becomes a `Problem`; so does an unreadable folder.
    If `root` is a file, it is the only one looked at.

    Args:
        root: a folder or a file; the paths of the results begin with it as it is given here.
        cancelled: asked for each file; once true, the iteration ends.
        exclude: folders below `root` to leave out; those that do not exist are ignored.

    Raises:
        UsageError: `root` does not exist; raised by the call, before the first result is asked for.
    """
    return scan_all([root], cancelled=cancelled, exclude=exclude)


def scan_all(
    roots: Iterable[Path], *, cancelled: Callable[[], bool] = never, exclude: Collection[Path] = ()
) -> Iterator[PhotoFile | Problem]:
    """The photos of several folders and files, folders first, as `scan` finds them. Nothing is found twice.

    Raises:
        UsageError: one of `roots` does not exist; raised by the call, before the first result is asked for.
    """
    folders: list[Path] = []
    files: list[Path] = []
    for root in roots:
        try:
            status = root.stat()
        except (OSError, ValueError) as error:
            gone = isinstance(error, FileNotFoundError | NotADirectoryError) and not os.path.lexists(root)
            if gone or isinstance(error, ValueError):
                raise UsageError(f"There is no file or folder {printable(str(root))}.") from error
            files.append(root)  # a broken link, or no permission to look: a problem, once its turn comes
        else:
            (folders if stat.S_ISDIR(status.st_mode) else files).append(root)
    return _Scanner(cancelled, exclude).run(folders, files)


class _Scanner:
    """One scan: what was visited, so that loops end and nothing comes twice."""

    def __init__(self, cancelled: Callable[[], bool], exclude: Collection[Path]) -> None:
        self._cancelled = cancelled
        self._excluded = {_folder_id(path) for path in exclude}
        self._visited: set[FolderId | None] = set()

    def run(self, folders: list[Path], files: list[Path]) -> Iterator[PhotoFile | Problem]:
        for root in folders:
            yield from self._tree(root)
        seen: set[Path] = set()
        for path in files:
            if self._cancelled():
                return
            if path not in seen and _folder_id(path.parent) not in self._visited:
                seen.add(path)
                yield from self._file(path, path.parent, wanted=True)

    def _tree(self, root: Path) -> Iterator[PhotoFile | Problem]:
        # A link to a folder above the root is a loop too: it would lead to the root's neighbours.
        barred = {_folder_id(folder) for folder in root.resolve().parents} | self._excluded - {_folder_id(root)}
        pending = [root]
        linked: deque[Path] = deque()  # looked at last, so that a photo is known by its real place
        while (pending or linked) and not self._cancelled():
            folder = pending.pop() if pending else linked.popleft()
            try:
                identity = _identity(folder, folder.stat())
                if identity in self._visited or identity in barred:
                    continue
                self._visited.add(identity)
                subfolders, links, names = self._list(folder)
            except OSError as error:
                yield as_problem(folder, root, folder_error(folder, error))
                continue
            linked.extend(folder / name for name in links)
            pending.extend(folder / name for name in reversed(subfolders))
            stems = {_stem(name) for name in names if suffix_of(name) in PHOTO_SUFFIXES}
            for name in names:
                if self._cancelled():
                    return
                # A raw file beside its JPEG is the same photo.
                if suffix_of(name) not in RAW_SUFFIXES or _stem(name) not in stems:
                    yield from self._file(folder / name, root, wanted=False)

    def _list(self, folder: Path) -> tuple[list[str], list[str], list[str]]:
        """The names of the subfolders, of the links to folders, and of everything else, each in natural order."""
        subfolders: list[str] = []
        links: list[str] = []
        names: list[str] = []
        with os.scandir(folder) as entries:
            for entry in entries:
                if self._cancelled():
                    break
                if _is_hidden(entry):
                    continue
                if not _is_folder(entry):
                    names.append(entry.name)
                elif entry.name.casefold() not in _SYSTEM_FOLDERS:
                    (links if entry.is_symlink() else subfolders).append(entry.name)
        return sorted(subfolders, key=natural_key), sorted(links, key=natural_key), sorted(names, key=natural_key)

    def _file(self, path: Path, root: Path, *, wanted: bool) -> Iterator[PhotoFile | Problem]:
        """The photo at `path`, or its problem; nothing if it is another kind of file that nobody asked for.

        `wanted`: the user chose this very file, so that whatever is wrong with it is told.
        """
        promising = wanted or suffix_of(path.name) in _PROMISING_SUFFIXES
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                if wanted:
                    raise not_a_file(path)
                return
            if not promising and _is_elsewhere(status):
                return
            _check_photo(path, status.st_size)
        except PhotoError as error:
            if promising:
                yield as_problem(path, root, error)
        except OSError as error:
            if promising:
                yield as_problem(path, root, os_photo_error(path, error))
        else:
            yield PhotoFile(path, root, status.st_size, status.st_mtime_ns)


def _check_photo(path: Path, size: int) -> None:
    if size == 0:
        raise photo_error(path, "empty")
    with path.open("rb", buffering=0) as stream:
        head = stream.read(HEAD_BYTES) or b""
    found = recognise(head, path.name)
    if found is None:
        raise not_a_photo(path, head)
    if found is PhotoFormat.RAW and not raw_supported():
        raise raw_photo(path)


def _stem(name: str) -> str:
    return name[: len(name) - len(suffix_of(name))].casefold()


def _folder_id(path: Path) -> FolderId | None:
    try:
        return _identity(path, path.stat())
    except (OSError, ValueError):
        return None


def _identity(path: Path, status: os.stat_result) -> FolderId:
    # Some network file systems number nothing; there the resolved path has to do.
    return status.st_dev, status.st_ino or os.path.normcase(path.resolve())


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link that leads to itself, or into a place that may not be looked at
        return False


def _is_hidden(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith("."):
        return True
    if os.name == "posix" and not hasattr(os, "chflags"):
        return False  # no such flag, so no need to ask for each file
    try:
        status = entry.stat(follow_symlinks=False)
    except OSError:
        return False
    attributes: int = getattr(status, "st_file_attributes", 0)
    flags: int = getattr(status, "st_flags", 0)
    return bool(attributes & _WINDOWS_HIDDEN or flags & _MACOS_HIDDEN)


def _is_elsewhere(status: os.stat_result) -> bool:
    """The file's content is in a cloud store and would be fetched by reading it."""
    attributes: int = getattr(status, "st_file_attributes", 0)
    flags: int = getattr(status, "st_flags", 0)
    return bool(attributes & _WINDOWS_NOT_HERE or flags & _MACOS_NOT_HERE)
