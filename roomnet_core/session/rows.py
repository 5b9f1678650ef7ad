"""Photos as rows of the catalog: what is read, and the writes that turn what was known of a photo into what is."""

from __future__ import annotations

import gc
import os
import sqlite3
import struct
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from roomnet_core.errors import CatalogError
from roomnet_core.photos.info import PhotoInfo
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.problems import as_problem, photo_error
from roomnet_core.prediction import ModelKey, Prediction
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import UNMARKED, Marks, SessionPhoto

_MISSING = "missing"
_SELECT = """
    SELECT id, path, present, size, mtime_ns, content, width, height, captured, camera, problem, message,
        decided, rejected, cover, unsure, probabilities
    FROM photos LEFT JOIN predictions ON predictions.photo = photos.id AND predictions.model = ?
"""


def encode_path(path: Path) -> bytes:
    """The path as the file system has it: a name need not be valid Unicode."""
    return os.fsencode(path)


def _range(root: Path) -> tuple[bytes, bytes]:
    """From the first path that can lie below `root` to the first that cannot."""
    path, separator = encode_path(root), os.sep.encode()
    folder = path if path.endswith(separator) else path + separator
    return folder, folder[:-1] + bytes([folder[-1] + 1])


class Reader:
    """Makes photos of rows, for one model and its rooms. A decision for a room that is not in `rooms` is not shown."""

    def __init__(self, connection: sqlite3.Connection, rooms: RoomSet, model: ModelKey) -> None:
        self._connection, self._model = connection, model
        self._rooms = {room.name.casefold(): room.id for room in rooms}
        row = connection.execute("SELECT id FROM models WHERE key = ?", (model.key,)).fetchone()
        self._model_id = -1 if row is None else int(row[0])

    def below(self, root: Path, *, present: int) -> list[SessionPhoto]:
        """The photos below the folder `root`, in the order in which they were found."""
        return self._photos(f"present = {present} AND path >= ? AND path < ?", _range(root), root)

    def at(self, path: Path, *, present: int) -> list[SessionPhoto]:
        """The photo at `path`."""
        return self._photos(f"present = {present} AND path = ?", (encode_path(path),), path.parent)

    def decided_rooms(self, root: Path) -> set[str]:
        """The names of the rooms that people chose for photos at `root` and below."""
        names: set[str] = set()
        for present in (0, 1):  # each has its own index
            query = f"SELECT DISTINCT decided FROM photos WHERE decided IS NOT NULL AND present = {present}"
            names.update(*self._connection.execute(f"{query} AND path = ?", (encode_path(root),)))
            names.update(*self._connection.execute(f"{query} AND path >= ? AND path < ?", _range(root)))
        return names

    def of_size(self, size: int) -> list[SessionPhoto]:
        """The photos of `size` bytes, wherever they are or were."""
        return self._photos("size = ?", (size,), None)

    def all_decided_rooms(self) -> set[str]:
        """The names of all rooms that people chose for photos, wherever they are."""
        query = "SELECT DISTINCT decided FROM photos WHERE decided IS NOT NULL AND present = 1"
        return {str(name) for (name,) in self._connection.execute(query)}

    def decided(self) -> list[SessionPhoto]:
        """The photos for which a person chose a room, wherever they are."""
        return self._photos("decided IS NOT NULL AND present = 1 AND rejected = 0 AND problem IS NULL", (), None)

    def sure(self, limit: int) -> list[SessionPhoto]:
        """Some of the photos that the model is sure of and of which nobody said anything, from all over the catalog."""
        conditions = "decided IS NULL AND present = 1 AND rejected = 0 AND problem IS NULL AND unsure = 0"
        # Knuth's multiplicative hash scatters the ids: neighbours are often views of one room.
        chosen = (
            f"SELECT id FROM photos JOIN predictions ON predictions.photo = photos.id AND predictions.model = ? "
            f"WHERE {conditions} ORDER BY (id * 2654435761) % 4294967296 LIMIT ?"
        )
        return self._photos(f"id IN ({chosen})", (self._model_id, limit), None)

    def _photos(self, where: str, values: Sequence[object], root: Path | None) -> list[SessionPhoto]:
        rows = self._connection.execute(f"{_SELECT} WHERE {where} ORDER BY photos.id", (self._model_id, *values))
        try:
            return self._make(rows, root)
        except (TypeError, ValueError, AttributeError, struct.error) as error:
            raise CatalogError("damaged", f"The catalog holds what no RoomNet has written: {error}.") from error

    def _make(self, rows: Iterable[Any], root: Path | None) -> list[SessionPhoto]:
        """As plain a loop as can be: it runs once for each photo of the folder while the user waits."""
        rooms, model = self._rooms, self._model.name
        decode, unpack, parse = os.fsdecode, struct.unpack, datetime.fromisoformat
        below = b"" if root is None else _range(root)[0]
        photos = []
        for row in rows:
            photo_id, path, present, size, mtime_ns, content, width, height, captured, camera = row[:10]
            kind, message, decided, rejected, cover, unsure, probabilities = row[10:]
            if not path.startswith(below):  # damage that SQLite's quick check does not see
                raise ValueError("its index and its rows contradict each other")
            place = Path(decode(path))
            folder = root or place.parent
            prediction = problem = info = room = None
            if kind is not None and present:
                problem = Problem(place, folder, kind, message)
            elif probabilities is not None:
                prediction = Prediction(unpack(f"<{len(probabilities) // 8}d", probabilities), unsure == 1)
            if not present:
                problem = as_problem(place, folder, photo_error(place, _MISSING))
            if width is not None:
                info = PhotoInfo(width, height, parse(captured) if captured else None, camera)
            marks = UNMARKED
            if decided is not None or rejected:
                if decided is not None:
                    room = rooms.get(decided.casefold())
                marks = Marks(room, bool(rejected), bool(cover) and room is not None and not rejected)
            photos.append(
                SessionPhoto(
                    photo_id,
                    PhotoFile(place, folder, size, mtime_ns, content),
                    prediction,
                    "" if prediction is None else model,
                    marks,
                    problem,
                    info,
                )
            )
        return photos


@contextmanager
def garbage_collection_paused() -> Iterator[None]:
    """Many new objects and no garbage: looking for some again and again would take a third of the time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class RowWriter:
    """The writes of one catalog; used by its writer's thread only."""

    def __init__(self) -> None:
        # Another process may have found the same photo first: its id counts, and ours stands for it until the end.
        self._aliases: dict[int, int] = {}

    def write(
        self,
        connection: sqlite3.Connection,
        changes: Iterable[tuple[SessionPhoto | None, SessionPhoto]],
        rooms: Sequence[str],
        model: ModelKey,
    ) -> None:
        """Write what differs between each photo as it was known (None: not at all) and as it is.

        Only what differs: what another process has written meanwhile beside it stays. `rooms` are the names by id.
        """
        for old, new in changes:
            if old is None:
                self._insert(connection, new)
                old = SessionPhoto(new.id, new.file)
            photo_id = self._aliases.get(new.id, new.id)
            if new.file != old.file:
                self._write_file(connection, photo_id, new.file)
                if new.file.content != old.file.content and (old.file.content or new.prediction is None):
                    # No model has seen this picture.
                    connection.execute("DELETE FROM predictions WHERE photo = ?", (photo_id,))
            if new.problem != old.problem:
                self._write_problem(connection, photo_id, new.problem)
            if new.info != old.info:
                self._write_info(connection, photo_id, new.info)
            if new.marks != old.marks:
                self._write_marks(connection, photo_id, old.marks, new.marks, rooms)
            seen_anew = new.prediction != old.prediction or new.file.content != old.file.content
            if new.prediction is not None and seen_anew:
                self._write_prediction(connection, photo_id, new.prediction, model)

    def _insert(self, connection: sqlite3.Connection, photo: SessionPhoto) -> None:
        """Make sure that the photo has a row that holds its file."""
        path = encode_path(photo.file.path)
        file = photo.file
        known = connection.execute("SELECT 1 FROM photos WHERE id = ?", (photo.id,)).fetchone()
        if known is None:
            there = connection.execute("SELECT id FROM photos WHERE path = ? AND present = 1", (path,)).fetchone()
            if there is None:
                connection.execute(
                    "INSERT INTO photos (id, path, present, size, mtime_ns, content, rejected, cover)"
                    " VALUES (?, ?, 1, ?, ?, ?, 0, 0)",
                    (photo.id, path, file.size, file.mtime_ns, file.content),
                )
                return
            self._aliases[photo.id] = there[0]
        self._write_file(connection, self._aliases.get(photo.id, photo.id), file)

    def _write_file(self, connection: sqlite3.Connection, photo_id: int, file: PhotoFile) -> None:
        path = encode_path(file.path)
        # What was known to be at that place is there no longer; it may turn up somewhere else.
        connection.execute(
            "UPDATE photos SET present = 0 WHERE path = ? AND present = 1 AND id <> ?", (path, photo_id)
        )
        connection.execute(
            "UPDATE photos SET path = ?, present = 1, size = ?, mtime_ns = ?, content = ? WHERE id = ?",
            (path, file.size, file.mtime_ns, file.content, photo_id),
        )

    def _write_problem(self, connection: sqlite3.Connection, photo_id: int, problem: Problem | None) -> None:
        if problem is not None and problem.kind == _MISSING:
            connection.execute("UPDATE photos SET present = 0 WHERE id = ?", (photo_id,))
            return
        path = connection.execute("SELECT path FROM photos WHERE id = ?", (photo_id,)).fetchone()[0]
        connection.execute(
            "UPDATE photos SET present = 0 WHERE path = ? AND present = 1 AND id <> ?", (path, photo_id)
        )
        kind, message = (None, None) if problem is None else (problem.kind, problem.message)
        connection.execute(
            "UPDATE photos SET present = 1, problem = ?, message = ? WHERE id = ?", (kind, message, photo_id)
        )

    def _write_info(self, connection: sqlite3.Connection, photo_id: int, info: PhotoInfo | None) -> None:
        values: tuple[Any, ...] = (None, None, None, None)
        if info is not None:
            captured = None if info.captured is None else info.captured.isoformat(" ")
            values = (info.width, info.height, captured, info.camera)
        connection.execute(
            "UPDATE photos SET width = ?, height = ?, captured = ?, camera = ? WHERE id = ?", (*values, photo_id)
        )

    def _write_marks(
        self, connection: sqlite3.Connection, photo_id: int, old: Marks, new: Marks, rooms: Sequence[str]
    ) -> None:
        changed: dict[str, Any] = {}
        if new.decided != old.decided:
            changed["decided"] = None if new.decided is None else rooms[new.decided]
        if new.rejected != old.rejected:
            changed["rejected"] = int(new.rejected)
        if new.cover != old.cover:
            changed["cover"] = int(new.cover)
        columns = ", ".join(f"{column} = ?" for column in changed)
        connection.execute(f"UPDATE photos SET {columns} WHERE id = ?", (*changed.values(), photo_id))

    def _write_prediction(
        self, connection: sqlite3.Connection, photo_id: int, prediction: Prediction, model: ModelKey
    ) -> None:
        connection.execute("INSERT OR IGNORE INTO models (key, name) VALUES (?, ?)", (model.key, model.name))
        connection.execute(
            "INSERT OR REPLACE INTO predictions (photo, model, unsure, probabilities)"
            " VALUES (?, (SELECT id FROM models WHERE key = ?), ?, ?)",
            (
                photo_id,
                model.key,
                int(prediction.unsure),
                struct.pack(f"<{len(prediction.probabilities)}d", *prediction.probabilities),
            ),
        )

    def move(self, connection: sqlite3.Connection, moves: Iterable[tuple[bytes, bytes]]) -> None:
        """Photos that are at the first path of each pair are at the second now."""
        # In two steps, because the places may be exchanged among the photos.
        ids = [
            (connection.execute("SELECT id FROM photos WHERE path = ? AND present = 1", (old,)).fetchone(), new)
            for old, new in moves
        ]
        for row, new in ids:
            if row is not None:
                connection.execute(
                    "UPDATE photos SET present = 0 WHERE path = ? AND present = 1 AND id <> ?", (new, row[0])
                )
                connection.execute("UPDATE photos SET path = ?, present = 1 WHERE id = ?", (new, row[0]))
