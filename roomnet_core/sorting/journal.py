"""The record of sorts: what each one was about to do and has done, durable before a file is touched.

One SQLite file of its own, `sorts.sqlite` in the data folder. Paths are stored as bytes, so that names which are no
UTF-8 come back as they were. `docs/adr/0008-the-journal-of-sorts.md` says why it is not part of the catalog.
"""

from __future__ import annotations

import enum
import os
import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from roomnet_core import database
from roomnet_core.errors import JournalError
from roomnet_core.resources import data_dir
from roomnet_core.sorting.lock import WorkLock

SCHEMA = 1

_TABLES = """
CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,         -- copy, move, link: what was asked for; or embed
    destination BLOB NOT NULL,  -- the folder that was sorted into
    token TEXT NOT NULL,        -- in the names of this run's temporary files
    started TEXT NOT NULL,      -- ISO 8601, UTC
    changed TEXT NOT NULL,      -- when `state` last changed
    state TEXT NOT NULL
);
CREATE TABLE ops (
    run INTEGER NOT NULL REFERENCES runs (id),
    seq INTEGER NOT NULL,       -- the order of doing; undone in reverse
    round INTEGER NOT NULL,     -- rounds are done one after the other: names given away in one are free in the next
    grp INTEGER NOT NULL,       -- a photo and its companions: all or none
    photo INTEGER,              -- the session's id of the photo; NULL for a companion
    kind TEXT NOT NULL,
    root BLOB NOT NULL,         -- the folder that was opened and in which the photo was found
    source BLOB NOT NULL,       -- where the file was before, or is again after an undo
    target BLOB NOT NULL,       -- where it goes or went
    size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL,
    inode TEXT NOT NULL,        -- of the file to be found at `target`, or of its temporary file
    digest BLOB,                -- of a copy's content
    saved BLOB,                 -- embed: what turns the new content back into the old; empty: there was no file
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (run, seq)
) WITHOUT ROWID;
CREATE TABLE folders (          -- that the run made
    run INTEGER NOT NULL REFERENCES runs (id),
    path BLOB NOT NULL,
    PRIMARY KEY (run, path)
) WITHOUT ROWID;
"""


class Kind(enum.StrEnum):
    """What is done to one file."""

    COPY = "copy"
    MOVE = "move"
    LINK = "link"
    EMBED = "embed"


class RunState(enum.StrEnum):
    """Where a run stands. `DOING` and `UNDOING` with no process at work mean that the program was stopped."""

    DOING = "doing"
    STOPPED = "stopped"  # cancelled: can be finished or undone
    DONE = "done"
    UNDOING = "undoing"
    PARTLY_UNDONE = "partly undone"
    UNDONE = "undone"


class OpState(enum.StrEnum):
    """Where one file stands. `STAGED` and `RETURNING`: its temporary copy is whole and on the disk."""

    PLANNED = "planned"
    STAGED = "staged"
    DONE = "done"
    FAILED = "failed"
    RETURNING = "returning"
    UNDONE = "undone"


@dataclass(slots=True)
class Op:
    """One file of a run; a row of the journal. `target` of a copy is never replaced, it is the next free name."""

    seq: int
    round: int
    group: int
    photo_id: int | None
    kind: Kind
    root: Path
    source: Path
    target: Path
    size: int
    mtime_ns: int
    inode: str = ""
    digest: bytes | None = None
    saved: bytes | None = None
    state: OpState = OpState.PLANNED
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Run:
    """One sort as the list of earlier sorts shows it. Counts are of photos; companions travel with them."""

    id: int
    kind: Kind
    destination: Path
    token: str = field(repr=False)
    started: datetime
    changed: datetime
    state: RunState
    photos: int
    done: int  # that are in their new place now
    failed: int

    @property
    def can_undo(self) -> bool:
        return self.state is not RunState.UNDONE

    @property
    def can_redo(self) -> bool:
        return self.kind is not Kind.EMBED and self.state in (RunState.UNDONE, RunState.PARTLY_UNDONE)

    @property
    def can_finish(self) -> bool:
        """It was stopped before its end: cancelled, or with the program."""
        return self.state in (RunState.DOING, RunState.STOPPED, RunState.UNDOING)


class Journal:
    """The open record. Usable from several threads; every change is durable when its method returns."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self.path = path
        self._connection = connection
        self._mutex = threading.RLock()

    @classmethod
    def open(cls, path: Path | None = None) -> Journal:
        """Open the record at `path`, or the user's own; a new one where there is none.

        Raises:
            JournalError: it was written by a newer RoomNet, is damaged, or cannot be opened.
        """
        path = path or data_dir() / "sorts.sqlite"
        connection: sqlite3.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = database.connect(path, timeout=10)
            _prepare(connection, path)
        except (sqlite3.Error, OSError) as error:
            if connection is not None:
                connection.close()
            raise _unusable(path, error) from error
        except BaseException:
            if connection is not None:
                connection.close()
            raise
        return cls(connection, path)

    def close(self) -> None:
        with self._mutex:
            self._connection.close()

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- reading

    def runs(self) -> list[Run]:
        """All runs, the latest first."""
        return self._runs("")

    def run(self, run_id: int) -> Run:
        """
        Raises:
            JournalError: there is no such run.
        """
        found = self._runs("WHERE runs.id = ?", run_id)
        if not found:
            raise JournalError(f"There is no sort number {run_id}. `roomnet undo --list` lists them.")
        return found[0]

    def unfinished(self) -> list[Run]:
        """The runs that were interrupted with the program, the latest first: to be finished or undone.

        None while another window or command is at work, whose run is no crash.
        """
        interrupted = self._runs("WHERE runs.state IN (?, ?)", RunState.DOING, RunState.UNDOING)
        return interrupted if interrupted and not self.lock().is_held() else []

    def ops(self, run_id: int) -> list[Op]:
        """The files of a run in the order of doing."""
        rows = self._rows("SELECT * FROM ops WHERE run = ? ORDER BY seq", run_id)
        return [_op(row) for row in rows]

    def folders(self, run_id: int) -> list[Path]:
        """The folders that the run made, each after the one it lies in."""
        rows = self._rows("SELECT path FROM folders WHERE run = ?", run_id)
        return sorted((_path(row["path"]) for row in rows), key=lambda path: len(path.parts))

    def lock(self) -> WorkLock:
        """What a process holds while it moves files for this journal."""
        return WorkLock(self.path.with_name(self.path.name + ".lock"))

    # --- writing

    def begin(
        self, kind: Kind, destination: Path, ops: Iterable[Op], folders: Iterable[Path] = (), *, token: str = ""
    ) -> Run:
        """Record a run and everything that it is about to do. `token`: see `new_token`; names may have it already."""
        now = _now()
        with self._transaction() as connection:
            run_id = connection.execute(
                "INSERT INTO runs (kind, destination, token, started, changed, state) VALUES (?, ?, ?, ?, ?, ?)",
                (kind, os.fsencode(destination), token or new_token(), now, now, RunState.DOING),
            ).lastrowid
            assert run_id is not None
            connection.executemany(
                f"INSERT INTO ops VALUES ({', '.join('?' * 16)})", ((run_id, *_values(op)) for op in ops)
            )
            connection.executemany(
                "INSERT INTO folders VALUES (?, ?)", ((run_id, os.fsencode(folder)) for folder in folders)
            )
        return self.run(run_id)

    def update(self, run_id: int, ops: Iterable[Op]) -> None:
        """Record where these files stand now."""
        with self._transaction() as connection:
            connection.executemany(
                "UPDATE ops SET kind = ?, source = ?, target = ?, size = ?, mtime_ns = ?, inode = ?, digest = ?,"
                " saved = ?, state = ?, reason = ? WHERE run = ? AND seq = ?",
                (
                    (
                        *(op.kind, os.fsencode(op.source), os.fsencode(op.target), op.size, op.mtime_ns, op.inode),
                        *(op.digest, op.saved, op.state, op.reason, run_id, op.seq),
                    )
                    for op in ops
                ),
            )

    def add_folders(self, run_id: int, folders: Iterable[Path]) -> None:
        """Record folders that are about to be made."""
        with self._transaction() as connection:
            connection.executemany(
                "INSERT OR IGNORE INTO folders VALUES (?, ?)", ((run_id, os.fsencode(folder)) for folder in folders)
            )

    def set_state(self, run_id: int, state: RunState) -> None:
        with self._transaction() as connection:
            connection.execute("UPDATE runs SET state = ?, changed = ? WHERE id = ?", (state, _now(), run_id))

    # --- inside

    def _runs(self, where: str, *values: Any) -> list[Run]:
        rows = self._rows(
            "SELECT runs.*, COUNT(DISTINCT ops.grp) AS photos,"
            " COUNT(DISTINCT CASE WHEN ops.state IN ('done', 'returning') THEN ops.grp END) AS done,"
            " COUNT(DISTINCT CASE WHEN ops.state = 'failed' THEN ops.grp END) AS failed"
            f" FROM runs LEFT JOIN ops ON ops.run = runs.id {where} GROUP BY runs.id ORDER BY runs.id DESC",
            *values,
        )
        return [
            Run(
                id=row["id"],
                kind=Kind(row["kind"]),
                destination=_path(row["destination"]),
                token=row["token"],
                started=datetime.fromisoformat(row["started"]),
                changed=datetime.fromisoformat(row["changed"]),
                state=RunState(row["state"]),
                photos=row["photos"],
                done=row["done"],
                failed=row["failed"],
            )
            for row in rows
        ]

    def _rows(self, query: str, *values: Any) -> list[sqlite3.Row]:
        with self._mutex, self._guarded():
            return self._connection.execute(query, values).fetchall()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._mutex, self._guarded():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise _unusable(self.path, error) from error


def new_token() -> str:
    """What makes the names of a run's temporary files its own."""
    return secrets.token_hex(4)


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")  # a commit that has returned survives a power cut
    with closing(connection.execute("PRAGMA quick_check(1)")) as answer:
        if answer.fetchone()[0] != "ok":
            raise sqlite3.DatabaseError("its pages contradict each other")
    connection.execute("BEGIN IMMEDIATE")
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        if version > SCHEMA:
            raise JournalError(
                f"The record of sorts {path} was written by a newer RoomNet. Start that one, or update this one."
            )
        if version == 0:
            for statement in _TABLES.split(";\n"):
                connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {SCHEMA}")
    finally:
        connection.execute("COMMIT")


def _unusable(path: Path, error: Exception) -> JournalError:
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError):
        return JournalError(
            f"The record of sorts {path} is damaged ({error}). No photo is affected. Rename that file and start again:"
            " sorting works then, but the sorts it lists cannot be undone by RoomNet."
        )
    return JournalError(f"The record of sorts {path} cannot be used: {error}. Nothing was changed without it.")


def _values(op: Op) -> tuple[Any, ...]:
    return (
        *(op.seq, op.round, op.group, op.photo_id, op.kind, os.fsencode(op.root), os.fsencode(op.source)),
        *(os.fsencode(op.target), op.size, op.mtime_ns, op.inode, op.digest, op.saved, op.state, op.reason),
    )


def _op(row: sqlite3.Row) -> Op:
    return Op(
        seq=row["seq"],
        round=row["round"],
        group=row["grp"],
        photo_id=row["photo"],
        kind=Kind(row["kind"]),
        root=_path(row["root"]),
        source=_path(row["source"]),
        target=_path(row["target"]),
        size=row["size"],
        mtime_ns=row["mtime_ns"],
        inode=row["inode"],
        digest=row["digest"],
        saved=row["saved"],
        state=OpState(row["state"]),
        reason=row["reason"],
    )


def _path(stored: bytes) -> Path:
    return Path(os.fsdecode(stored))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
