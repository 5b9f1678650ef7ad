"""The catalog's file: its tables, how an older one is brought up to date, and when one is refused."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

from roomnet_core import database
from roomnet_core.errors import CatalogError

APPLICATION_ID = 0x526F6F6D  # "Room"
BUSY_SECONDS = 5.0

Migration = Callable[[sqlite3.Connection], None]


def _create(connection: sqlite3.Connection) -> None:
    # Paths are bytes, because a file name need not be valid Unicode. Two photos of which one is gone may have had the
    # same place one after the other, so only the places of those that are present differ.
    connection.execute(
        """
        CREATE TABLE photos (
            id INTEGER PRIMARY KEY,
            path BLOB NOT NULL,
            present INTEGER NOT NULL,
            size INTEGER NOT NULL,
            mtime_ns INTEGER NOT NULL,
            content BLOB NOT NULL,
            width INTEGER,
            height INTEGER,
            captured TEXT,
            camera TEXT,
            problem TEXT,
            message TEXT,
            decided TEXT,
            rejected INTEGER NOT NULL,
            cover INTEGER NOT NULL
        )
        """
    )
    connection.execute("CREATE UNIQUE INDEX present_photos ON photos (path) WHERE present = 1")
    connection.execute("CREATE INDEX absent_photos ON photos (path) WHERE present = 0")
    connection.execute("CREATE INDEX photos_by_size ON photos (size)")
    connection.execute("CREATE TABLE models (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL)")
    connection.execute(
        """
        CREATE TABLE predictions (
            photo INTEGER NOT NULL,
            model INTEGER NOT NULL,
            unsure INTEGER NOT NULL,
            probabilities BLOB NOT NULL,
            PRIMARY KEY (photo, model)
        ) WITHOUT ROWID
        """
    )
    connection.execute("CREATE TABLE openings (number INTEGER NOT NULL)")
    connection.execute("INSERT INTO openings VALUES (0)")


MIGRATIONS: tuple[Migration, ...] = (_create,)
"""`MIGRATIONS[n]` brings a catalog of schema n to schema n + 1; schema 0 is an empty file. Never change one that was
released: add another."""


def connect(path: Path, *, timeout: float = BUSY_SECONDS) -> sqlite3.Connection:
    """A connection in autocommit mode, for one thread at a time, which waits `timeout` seconds for other programs."""
    connection = database.connect(path, timeout=timeout)
    try:
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA synchronous = FULL")
        if sys.platform == "darwin":
            connection.execute("PRAGMA fullfsync = ON")
    except BaseException:
        connection.close()
        raise
    return connection


def prepare(
    connection: sqlite3.Connection,
    path: Path,
    *,
    migrations: Sequence[Migration] = MIGRATIONS,
    before_migration: Migration = lambda connection: None,
) -> None:
    """Check the catalog behind `connection`, create its tables in an empty file, bring an older schema up to date.

    `before_migration` is called before an older catalog is changed.

    Raises:
        CatalogError: the catalog is damaged, newer than `migrations`, or not a catalog at all.
        sqlite3.Error: anything else.
    """
    version = verify(connection, path, migrations)
    if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        connection.execute("PRAGMA journal_mode = WAL")
    if version < len(migrations):
        if version:
            before_migration(connection)
        _migrate(connection, migrations)


def verify(connection: sqlite3.Connection, path: Path, migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """The schema of the catalog behind `connection`, which is only read.

    Raises:
        CatalogError: the catalog is damaged, newer than `migrations`, or not a catalog at all.
        sqlite3.Error: anything else.
    """
    version, empty = _version(connection), _is_empty(connection)
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if application != APPLICATION_ID and not empty:
        raise CatalogError("damaged", f"{path} is not a RoomNet catalog.")
    if version > len(migrations):
        raise CatalogError(
            "newer",
            f"The catalog {path} was made by a later version of RoomNet (schema {version}; this version knows "
            f"{len(migrations)}). Nothing was changed. Install the latest version of RoomNet to open it.",
        )
    check(connection, path)
    return version


def check(connection: sqlite3.Connection, path: Path) -> None:
    """Raises CatalogError where the file's structure is damaged."""
    try:
        faults = [row[0] for row in connection.execute("PRAGMA quick_check(1)")]
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            faults = [str(error)]
        else:
            raise
    if faults != ["ok"]:
        raise damaged(path, faults[0])


def is_damage(error: sqlite3.Error) -> bool:
    """SQLite says that the file itself is wrong, not that it could not get at it."""
    name = getattr(error, "sqlite_errorname", "")
    return name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB"))


def damaged(path: Path, detail: str) -> CatalogError:
    """The error for a damaged catalog at `path`."""
    return CatalogError("damaged", f"The catalog {path} is damaged ({detail}).")


def translate(error: sqlite3.Error, path: Path) -> CatalogError:
    """What SQLite's `error` means for a person, and what helps."""
    name = getattr(error, "sqlite_errorname", "")
    if is_damage(error):
        return damaged(path, str(error))
    if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return CatalogError(
            "locked", f"Another program holds the catalog {path}. Close other windows of RoomNet and try again."
        )
    if name.startswith("SQLITE_FULL"):
        return CatalogError("full", f"There is no space left for the catalog {path}. Free some space on that drive.")
    return CatalogError(
        "unwritable",
        f"The catalog {path} cannot be used: {error}. Check the permissions and the drive of its folder.",
    )


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _is_empty(connection: sqlite3.Connection) -> bool:
    return connection.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is None


def _migrate(connection: sqlite3.Connection, migrations: Sequence[Migration]) -> None:
    """All steps or none; another process may be doing the same at this moment."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for version in range(_version(connection), len(migrations)):
            migrations[version](connection)
            connection.execute(f"PRAGMA user_version = {version + 1}")
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise


def copy_database(source: sqlite3.Connection, target: Path) -> None:
    """Write a consistent copy of what `source` holds into the new file `target`, and verify it.

    Raises:
        CatalogError: the copy is damaged, because the original is.
        sqlite3.Error: the copy cannot be written.
    """
    with closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # one file, complete in itself
        check(copy, target)
