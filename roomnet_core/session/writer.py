"""The one thread that writes a catalog: jobs in order, each a transaction, none lost while the program lives."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from roomnet_core.errors import CatalogError
from roomnet_core.session.schema import connect, translate

Job = Callable[[sqlite3.Connection], None]
OnError = Callable[[CatalogError], None]

# A row takes one to three pages of 4 KiB in the log.
_ROWS_IN_LOG = 2_000
_RETRY_SECONDS, _LONGEST_RETRY_SECONDS = 0.2, 5.0


class Writer:
    """Runs jobs on a thread of its own, first come first served. `submit` never waits.

    Each job is committed by itself and at once, so a killed program loses at most what was handed over in the last
    instant. A second thread then flushes the log to the drive, so that a power cut loses at most the last
    milliseconds, and moves the log's content into the catalog from time to time. SQLite would do both by itself
    (synchronous=FULL, wal_autocheckpoint), but the next job would wait for the drive meanwhile.

    A job that cannot be written (no space, another program's lock) is kept and tried again; `on_error` hears of it
    once, on the writer's thread, and again only after writing worked in between.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, on_error: OnError) -> None:
        """Takes over `connection`, whose log (`path` + `-wal`) must exist.

        Raises:
            OSError: the log cannot be opened.
        """
        self._connection, self._path, self._on_error = connection, path, on_error
        self._log = os.open(f"{path}-wal", os.O_RDWR | getattr(os, "O_BINARY", 0))
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute("PRAGMA wal_autocheckpoint = 0")
        self._jobs: deque[Job] = deque()
        self._changed = threading.Condition()
        self._committed = self._synced = self._rows = 0
        self._ended = False
        self._failure: CatalogError | None = None
        self._deadline: float | None = None  # set by close: after it, what fails is given up
        self._writer = threading.Thread(target=self._write, name="roomnet-catalog", daemon=True)
        self._syncer = threading.Thread(target=self._sync, name="roomnet-catalog-sync", daemon=True)
        self._writer.start()
        self._syncer.start()

    @property
    def pending(self) -> int:
        """Jobs that a killed program would lose."""
        return len(self._jobs)

    @property
    def committed(self) -> int:
        """Jobs written so far."""
        return self._committed

    def submit(self, job: Job) -> None:
        with self._changed:
            self._jobs.append(job)
            self._changed.notify_all()

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until all jobs are on the drive; false where that took longer than `timeout` seconds."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._jobs and self._synced == self._committed, timeout)

    def catch_up(self, timeout: float) -> None:
        """Wait until all jobs can be read back; no longer than `timeout` seconds, and not while writing fails."""
        with self._changed:
            self._changed.wait_for(lambda: not self._jobs or self._failure is not None, timeout)

    def close(self, timeout: float) -> None:
        """Write what is left, for at most `timeout` seconds while it fails, and end the threads.

        Raises:
            CatalogError: some jobs could not be written.
        """
        with self._changed:
            self._deadline = time.monotonic() + timeout
            self._changed.notify_all()
        self._writer.join()
        self._syncer.join()
        os.close(self._log)
        self._connection.close()
        if self._jobs:
            reason = self._failure or CatalogError("unwritable", "")
            raise CatalogError(
                reason.kind, f"{len(self._jobs):,} changes could not be kept for the next time. {reason}".strip()
            )

    def _write(self) -> None:
        try:
            self._work()
        finally:
            with self._changed:
                self._ended = True
                self._changed.notify_all()

    def _work(self) -> None:
        pause = _RETRY_SECONDS
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._jobs or self._deadline is not None)
                if not self._jobs:
                    return
                job = self._jobs[0]
            try:
                self._commit(job)
            except sqlite3.DatabaseError as error:
                self._report(translate(error, self._path))
                if not isinstance(error, sqlite3.IntegrityError | sqlite3.ProgrammingError):
                    if not self._wait(pause):
                        return
                    pause = min(2 * pause, _LONGEST_RETRY_SECONDS)
                    continue
            except Exception as error:  # a mistake of ours: trying again would keep everything behind it waiting
                self._report(CatalogError("unwritable", f"A change could not be written: {error!r}"))
            else:
                self._failure = None
            pause = _RETRY_SECONDS
            with self._changed:
                self._jobs.popleft()
                self._committed += 1
                self._rows = self._connection.total_changes
                self._changed.notify_all()

    def _commit(self, job: Job) -> None:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            job(self._connection)
            self._connection.execute("COMMIT")
        except BaseException:
            with contextlib.suppress(sqlite3.Error):  # SQLite has rolled back by itself where nothing else was possible
                self._connection.execute("ROLLBACK")
            raise

    def _wait(self, seconds: float) -> bool:
        """Before the next try; false once it is time to give up."""
        with self._changed:
            until = time.monotonic() + seconds
            while True:
                now = time.monotonic()
                if self._deadline is not None:
                    if now >= self._deadline:
                        return False
                    until = min(until, now + _RETRY_SECONDS)
                if now >= until:
                    return True
                self._changed.wait(until - now)

    def _report(self, error: CatalogError) -> None:
        with self._changed:
            known, self._failure = self._failure, error
            self._changed.notify_all()
        if known is None:
            self._on_error(error)

    def _sync(self) -> None:
        """Make what is committed survive a power cut, and keep the log short."""
        moved = 0
        with contextlib.closing(connect(self._path)) as connection:
            while True:
                with self._changed:
                    self._changed.wait_for(lambda: self._synced < self._committed or self._ended)
                    committed, rows = self._committed, self._rows
                    if self._synced == committed:
                        return
                try:
                    flush_to_drive(self._log)
                    if rows - moved > _ROWS_IN_LOG:
                        moved = rows
                        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")  # the log is complete without it, too
                except (OSError, sqlite3.Error) as error:
                    self._report(CatalogError("unwritable", f"The drive of the catalog {self._path} fails: {error}."))
                with self._changed:
                    self._synced = committed
                    self._changed.notify_all()


def flush_to_drive(descriptor: int) -> None:
    """`os.fsync`, and on a Mac beyond it, because there fsync stops at the drive's own cache."""
    if sys.platform == "darwin":
        import fcntl

        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)
