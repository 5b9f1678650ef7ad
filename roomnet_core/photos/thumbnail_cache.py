"""Thumbnails that outlive the program: JPEGs in one SQLite file with a budget of bytes, the least used go first.

Losing a thumbnail costs a decode and nothing else, so no failure in here is ever anybody's problem: a cache that
cannot be read or written finds nothing, and `notice` says why.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import sqlite3
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from roomnet_core import database
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.resources import data_dir

BUDGET_BYTES = 512 << 20
CACHE_NAME = "thumbnails.sqlite"
_SCHEMA = 1
# New thumbnails are written in groups; until then they are found in memory.
_GROUP = 64
_BUSY_SECONDS = 1.0
# What is evicted at once, so that not every group evicts.
_SLACK = 0.05
_ROW_BYTES = 120  # key, counters and indexes of one thumbnail

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def encode_thumbnail(rgb: Pixels) -> bytes:
    """`(h, w, 3) uint8` as a small JPEG."""
    buffer = io.BytesIO()
    Image.fromarray(rgb).save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


class ThumbnailCache:
    """Any thread may call anything; two processes may share one file."""

    def __init__(self, path: Path, budget: int) -> None:
        """Use `open`."""
        self._path, self._budget = path, budget
        self.notice = ""
        self._reading, self._writing = threading.Lock(), threading.Lock()
        self._reader: sqlite3.Connection | None = None
        self._writer: sqlite3.Connection | None = None
        self._fresh: dict[bytes, bytes] = {}
        self._used: set[bytes] = set()
        self._turn = 0
        self._bytes = 0

    @classmethod
    def open(cls, folder: Path | None = None, budget: int = BUDGET_BYTES) -> ThumbnailCache:
        """The cache in `folder` (default: the user's), with room for `budget` bytes. Never raises; see `notice`."""
        cache = cls((folder or data_dir() / "cache") / CACHE_NAME, budget)
        try:
            cache._path.parent.mkdir(parents=True, exist_ok=True)
            cache._open()
        except (OSError, sqlite3.Error) as error:
            cache._disable(error)
        return cache

    def get(self, file: PhotoFile, side: int) -> bytes | None:
        """The JPEG of the photo's thumbnail whose long side is at most `side` pixels, or None."""
        return self.get_many([file], side).get(file)

    def get_many(self, files: Iterable[PhotoFile], side: int) -> dict[PhotoFile, bytes]:
        """Those of the thumbnails that are there."""
        wanted = {_key(file, side): file for file in files}
        found = {key: self._fresh[key] for key in wanted if key in self._fresh}
        rest = [key for key in wanted if key not in found]
        with self._reading:
            try:
                while rest and self._reader is not None:
                    part, rest = rest[:500], rest[500:]
                    marks = ", ".join("?" * len(part))
                    query = f"SELECT key, jpeg FROM thumbnails WHERE key IN ({marks})"
                    found.update(self._reader.execute(query, part))
            except sqlite3.Error as error:
                self._failed(error)
        self._used.update(found)
        return {wanted[key]: jpeg for key, jpeg in found.items()}

    def put(self, file: PhotoFile, side: int, jpeg: bytes) -> None:
        """Keep the photo's thumbnail. It is written soon, with others."""
        if self._writer is None:
            return
        self._fresh[_key(file, side)] = jpeg
        if len(self._fresh) >= _GROUP:
            self.flush()

    def flush(self) -> None:
        """Write what has gathered."""
        with self._writing:
            if self._writer is None:
                return
            fresh = dict(self._fresh)
            try:
                self._write(self._writer, fresh)
            except sqlite3.Error as error:
                self._failed(error)
            for key in fresh:
                self._fresh.pop(key, None)

    @property
    def bytes_used(self) -> int:
        """As far as this process knows."""
        return self._bytes

    def close(self) -> None:
        self.flush()
        with self._reading, self._writing:
            self._close()

    def _open(self) -> None:
        try:
            self._connect()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            self._close()
            for suffix in ("", "-wal", "-shm"):  # a damaged cache is no loss
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
            self._connect()

    def _connect(self) -> None:
        writer = self._writer = _connection(self._path)
        (version,) = writer.execute("PRAGMA user_version").fetchone()
        if version != _SCHEMA:
            writer.execute("PRAGMA auto_vacuum = INCREMENTAL")
            writer.execute("PRAGMA journal_mode = WAL")
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("DROP TABLE IF EXISTS thumbnails")
            writer.execute(
                "CREATE TABLE thumbnails (key BLOB PRIMARY KEY, used INTEGER NOT NULL, size INTEGER NOT NULL,"
                " jpeg BLOB NOT NULL)"
            )
            writer.execute("CREATE INDEX by_use ON thumbnails (used, size)")
            writer.execute(f"PRAGMA user_version = {_SCHEMA}")
            writer.execute("COMMIT")
        self._reader = _connection(self._path)
        self._count(writer)

    def _count(self, writer: sqlite3.Connection) -> None:
        # From the index alone: the pictures are not read. Turns stand in for times, so no clock can confuse them.
        query = "SELECT ifnull(max(used), 0) + 1, ifnull(sum(size), 0) FROM thumbnails"
        self._turn, self._bytes = writer.execute(query).fetchone()

    def _write(self, writer: sqlite3.Connection, fresh: dict[bytes, bytes]) -> None:
        used, self._used = self._used, set()
        if not (fresh or used):
            return
        self._turn += 1
        with _transaction(writer):
            writer.executemany("UPDATE thumbnails SET used = ? WHERE key = ?", [(self._turn, key) for key in used])
            writer.executemany(
                "INSERT OR REPLACE INTO thumbnails (key, used, size, jpeg) VALUES (?, ?, ?, ?)",
                [(key, self._turn, len(jpeg) + _ROW_BYTES, jpeg) for key, jpeg in fresh.items()],
            )
        self._bytes += sum(len(jpeg) + _ROW_BYTES for jpeg in fresh.values())
        if self._bytes > self._budget:
            self._evict(writer)

    def _evict(self, writer: sqlite3.Connection) -> None:
        with _transaction(writer):
            self._count(writer)
            excess = self._bytes - round(self._budget * (1 - _SLACK))
            doomed = []
            for rowid, size in writer.execute("SELECT rowid, size FROM thumbnails ORDER BY used"):
                if excess <= 0:
                    break
                doomed.append((rowid,))
                excess -= size
            writer.executemany("DELETE FROM thumbnails WHERE rowid = ?", doomed)
            self._count(writer)
        writer.executescript("PRAGMA incremental_vacuum")  # `execute` would free a single page

    def _failed(self, error: sqlite3.Error) -> None:
        name = getattr(error, "sqlite_errorname", "")
        if not name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):  # those pass
            self._disable(error)

    def _disable(self, error: Exception) -> None:
        self.notice = f"Thumbnails are not kept: {self._path} cannot be used ({error})."
        writer, self._writer = self._writer, None
        self._fresh.clear()
        if writer is not None:
            with contextlib.suppress(sqlite3.Error):
                writer.close()

    def _close(self) -> None:
        for connection in (self._reader, self._writer):
            if connection is not None:
                with contextlib.suppress(sqlite3.Error):
                    connection.close()
        self._reader = self._writer = None


def _connection(path: Path) -> sqlite3.Connection:
    connection = database.connect(path, timeout=_BUSY_SECONDS)
    connection.execute("PRAGMA synchronous = NORMAL")
    return connection


@contextlib.contextmanager
def _transaction(connection: sqlite3.Connection) -> Any:
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        with contextlib.suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise


def _key(file: PhotoFile, side: int) -> bytes:
    """By content where that is known, so that a moved photo keeps its thumbnail."""
    photo = file.content or b"%b\0%d\0%d" % (os.fsencode(file.path), file.size, file.mtime_ns)
    return hashlib.blake2b(photo, digest_size=16, salt=side.to_bytes(8, "little")).digest()
