"""One process at a time moves files: a lock that its holder's end releases, however it ends."""

from __future__ import annotations

import contextlib
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from roomnet_core.errors import SortError

# A look at whether the lock is held holds it for a moment itself.
_PATIENCE_SECONDS = 1.0


class WorkLock:
    """A lock file that the system itself frees when its holder dies, so that no process number can mislead."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the lock.

        Raises:
            SortError: another process, or another thread of this one, holds it.
        """
        deadline = time.monotonic() + _PATIENCE_SECONDS
        descriptor = self._open()
        try:
            while not _try_lock(descriptor):
                if time.monotonic() > deadline:
                    raise SortError(
                        "Another window or command of RoomNet is sorting or undoing. Wait until it is done, then try"
                        " again."
                    )
                time.sleep(0.02)
            yield
        finally:
            with contextlib.suppress(OSError):
                os.close(descriptor)  # frees the lock

    def is_held(self) -> bool:
        """Whether somebody is at work now."""
        descriptor = self._open()
        try:
            return not _try_lock(descriptor)
        finally:
            with contextlib.suppress(OSError):
                os.close(descriptor)

    def _open(self) -> int:
        try:
            return os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise SortError(f"{self._path} cannot be opened: {error.strerror}. Nothing was touched.") from error


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        return False
