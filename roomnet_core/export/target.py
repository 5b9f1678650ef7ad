"""Where an export goes: never over a file that is not an earlier export, and never half written."""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from roomnet_core.errors import ExportError
from roomnet_core.sorting import files
from roomnet_core.sorting.naming import numbered


def check_target(path: Path, suffix: str, is_earlier_export: Callable[[BinaryIO], bool]) -> None:
    """Find out, before the work is done, that an export may go to `path`.

    A file that is there already may be replaced when it is empty or when `is_earlier_export` knows its content.

    Raises:
        ExportError: the suffix is another one, the folder is missing, or the file there is not an earlier export.
    """
    if path.suffix.casefold() != suffix:
        raise ExportError(f"{path} does not end in {suffix}. Give the file that ending, so that programs can open it.")
    try:
        if not path.absolute().parent.is_dir():
            raise ExportError(f"The folder {path.absolute().parent} does not exist. Make it or choose another.")
        if not path.exists():
            return
        if not path.is_file():
            raise ExportError(f"{path} is there already and is not a file. Choose another name.")
        with path.open("rb") as stream:
            replaceable = path.stat().st_size == 0 or is_earlier_export(stream)
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror or error}. Choose another place.") from error
    if not replaceable:
        raise ExportError(f"{path} is there already and was not written by such an export. Choose another name.")


def free_path(path: Path) -> Path:
    """`path`, or `rooms (2).xlsx` and so on where that name is taken."""
    names = (path.with_name(numbered(path.name, number)) for number in itertools.count(1))
    return next(candidate for candidate in names if not os.path.lexists(candidate))


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """A binary file that takes the name `path` only when it is whole and on disk; on any error nothing changes.

    A link is followed: the file it points to is replaced.

    Raises:
        ExportError: the folder cannot be written, the disk is full, or another program holds the file open.
    """
    part: Path | None = None
    try:
        final = path.resolve()
        part = final.with_name(f".{secrets.token_hex(8)}.part")
        with part.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(final)
        part = None
    except PermissionError as error:
        raise ExportError(
            f"{path} cannot be written: {error.strerror}. If it is open in another program, close it there; "
            "else choose another place."
        ) from error
    except OSError as error:
        raise ExportError(f"{path} cannot be written: {error.strerror or error}. Choose another place.") from error
    finally:
        if part is not None:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def write_new(path: Path, content: bytes) -> Path:
    """Write `content` to a new file: `path`, or `name (2)` and so on where that name is taken. Returns its place.

    Folders that are missing are made. The file is whole and on the disk before it gets its name.

    Raises:
        OSError: what the system says; nothing is left behind.
    """
    files.io_path(path.parent).mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with os.fdopen(files.create(part), "wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        for number in itertools.count(1):
            final = path.with_name(numbered(path.name, number))
            with contextlib.suppress(FileExistsError):
                files.name_without_replacing(part, final)
                return final
        raise AssertionError("unreachable: numbers do not end")
    finally:
        files.remove_name(part)
