"""SQLite as the catalog, the journal of sorts and the thumbnail cache open it: a damaged file is a damaged file."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any


class _Connection(sqlite3.Connection):
    """SQLite may quote a damaged file in its message, and Python's module then fails on bytes that are no text."""

    def execute(self, *arguments: Any) -> sqlite3.Cursor:
        try:
            return super().execute(*arguments)
        except UnicodeDecodeError as error:
            damaged = sqlite3.DatabaseError("malformed database schema")
            damaged.sqlite_errorname = "SQLITE_CORRUPT"
            raise damaged from error


def connect(path: Path, *, timeout: float) -> sqlite3.Connection:
    """A connection in autocommit mode, for one thread at a time, which waits `timeout` seconds for other programs."""
    return sqlite3.connect(path, timeout=timeout, isolation_level=None, check_same_thread=False, factory=_Connection)
