"""The copy of the catalog that is kept beside it, and the way back to it."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from roomnet_core.errors import CatalogError
from roomnet_core.session.schema import connect, copy_database, is_damage, translate

_DAY_SECONDS = 24 * 3600


def backup_path(catalog: Path) -> Path:
    """`catalog.sqlite.bak`"""
    return catalog.with_name(f"{catalog.name}.bak")


def read_date(catalog: Path) -> datetime | None:
    """When the backup was made, in local time; None if there is none."""
    try:
        return datetime.fromtimestamp(backup_path(catalog).stat().st_mtime)
    except OSError:
        return None


def is_due(catalog: Path, clock: Callable[[], float] = time.time) -> bool:
    """The backup is missing, a day old, or from the future (a clock that was wrong)."""
    try:
        age = clock() - backup_path(catalog).stat().st_mtime
    except OSError:
        return True
    return not 0 <= age < _DAY_SECONDS


def write_backup(connection: sqlite3.Connection, catalog: Path) -> None:
    """Replace the backup by a verified copy of what `connection` holds; the earlier one stays until that is on disk.

    Raises:
        CatalogError: the catalog is damaged; the earlier backup stays.
        sqlite3.Error, OSError: the copy cannot be written; the earlier backup stays.
    """
    _write_through(backup_path(catalog), lambda part: copy_database(connection, part))


def restore_backup(catalog: Path) -> Path | None:
    """Move the damaged catalog aside and put a copy of its backup in its place.

    Returns where the damaged file is now; None if there was none. The backup stays.

    Raises:
        CatalogError: there is no backup, it is damaged too, or files cannot be moved; then nothing has changed.
    """
    backup = backup_path(catalog)
    if not backup.is_file():
        raise CatalogError("damaged", f"There is no backup of the catalog {catalog}.")
    try:
        with closing(connect(backup)) as source:
            aside: list[Path | None] = []

            def write(part: Path) -> None:
                copy_database(source, part)
                # Only now that the copy is known to be sound. Its log goes too: it would be read into the copy.
                aside.append(move_aside(catalog))

            _write_through(catalog, write)
            return aside[0]
    except (CatalogError, sqlite3.DatabaseError) as error:
        if isinstance(error, CatalogError) or is_damage(error):
            raise CatalogError("damaged", f"The backup {backup} is damaged too.") from error
        raise translate(error, backup) from error
    except OSError as error:
        raise CatalogError("unwritable", f"The backup {backup} cannot be put in place: {error}.") from error


def start_anew(catalog: Path) -> Path | None:
    """Move the catalog and its backup aside; returns where the catalog is now, None if there was none.

    Raises:
        CatalogError: the files cannot be moved.
    """
    try:
        moved = move_aside(catalog)
        if backup_path(catalog).exists():
            backup_path(catalog).rename(backup_path(moved or _free_name(catalog)))
    except OSError as error:
        raise CatalogError("unwritable", f"The catalog {catalog} cannot be moved: {error}.") from error
    return moved


def move_aside(catalog: Path) -> Path | None:
    """Rename the catalog and its log to `catalog.damaged-DATE.sqlite`; returns that name, None if there is no catalog.

    Raises:
        OSError: a file cannot be renamed.
    """
    target = _free_name(catalog)
    moved = None
    # The catalog first: without it, an interrupted move is noticed and can be finished.
    for suffix in ("", "-wal", "-shm"):
        source = catalog.with_name(catalog.name + suffix)
        if source.exists():
            source.rename(target.with_name(target.name + suffix))
            moved = moved if suffix else target
    return moved


def _free_name(catalog: Path) -> Path:
    date = datetime.now().strftime("%Y-%m-%d-%H%M%S")
    path, number = catalog.with_name(f"{catalog.stem}.damaged-{date}{catalog.suffix}"), 2
    while path.exists():
        path = catalog.with_name(f"{catalog.stem}.damaged-{date}-{number}{catalog.suffix}")
        number += 1
    return path


def _write_through(path: Path, write: Callable[[Path], None]) -> None:
    """`write` a file beside `path`, and give it that name once it is on disk."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    try:
        write(part)
        with part.open("rb+") as stream:
            os.fsync(stream.fileno())
        part.replace(path)
        _sync_folder(path.parent)
    finally:
        part.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":  # Windows cannot, and need not
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
