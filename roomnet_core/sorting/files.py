"""What sorting does to the disk, one file at a time: no call here can replace a file or leave half of one."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import itertools
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

import xxhash

from roomnet_core.sorting.naming import extended_path

CHUNK_BYTES = 1 << 20
# What file systems without hard links say (exFAT, network shares, FUSE), and links across file systems.
NO_LINKS = {
    errno.EPERM,
    errno.EACCES,
    errno.EINVAL,
    errno.ENOTSUP,
    errno.EOPNOTSUPP,
    errno.ENOSYS,
    errno.EMLINK,
    errno.EXDEV,
}
# On Windows a virus scanner or an indexer may hold a file for a moment.
ATTEMPTS = 3 if os.name == "nt" else 1
_BINARY = getattr(os, "O_BINARY", 0)
_WORTH_ALL = 32  # files, to flush the whole file system
_FLUSH_THREADS = 16  # a journalling file system commits many waiting flushes at once

Cancelled = Callable[[], bool]
_T = TypeVar("_T")


class SourceChanged(OSError):
    """The file is not the one that was looked at."""

    def __init__(self) -> None:
        super().__init__(errno.ESTALE, "it changed since it was looked at")


class Stopped(Exception):
    """The user cancelled in the middle of a file."""


def io_path(path: Path) -> Path:
    """`path` as the system must be given it."""
    return path if os.name != "nt" else Path(extended_path(str(path)))


def status_of(path: Path) -> os.stat_result | None:
    """The state of the file of this very name (a symbolic link is not followed), or None where there is none."""
    try:
        return io_path(path).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def inode(status: os.stat_result) -> str:
    """Which file this is, as text: on Windows the number may have 128 bits. Empty where the system numbers nothing.

    Not the device: its number may change with the next start of the computer.
    """
    return str(status.st_ino or "")


def same_file(one: os.stat_result, other: os.stat_result) -> bool:
    """Both names are one file."""
    return bool(one.st_ino) and (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)


def is_unchanged(status: os.stat_result, size: int, mtime_ns: int) -> bool:
    """Whether a regular file still has that size and time; times may have been kept in steps of two seconds (FAT)."""
    return stat.S_ISREG(status.st_mode) and status.st_size == size and abs(status.st_mtime_ns - mtime_ns) < 2 * 10**9


def copy(source: Path, part: Path, cancelled: Cancelled) -> tuple[os.stat_result, bytes]:
    """Copy `source` to the new file `part`, with its times and permissions, and compare the two by size and hash.

    The copy is not on the disk before `flush`. Returns the source's state and the hash of its content.

    Raises:
        SourceChanged: the source changed while it was read.
        Stopped: `cancelled` said so.
        OSError: what the system says; `part` may be there half.
    """
    reading = retried(lambda: os.open(io_path(source), os.O_RDONLY | _BINARY))
    try:
        before = os.fstat(reading)
        writing = create(part, readable=True)
        try:
            size, digest = _transfer(reading, writing, cancelled)
            os.lseek(writing, 0, os.SEEK_SET)
            after = os.fstat(reading)
            if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or size != after.st_size:
                raise SourceChanged
            if os.fstat(writing).st_size != size or _digest(writing, cancelled) != digest:
                raise OSError(errno.EIO, "the copy is not equal to the original; check the disk")
        finally:
            os.close(writing)
    finally:
        os.close(reading)
    keep_times_and_permissions(part, before)
    return before, digest


def _transfer(reading: int, writing: int, cancelled: Cancelled) -> tuple[int, bytes]:
    """Copy between two file descriptors; returns the number of bytes and their hash."""
    size, digest = 0, xxhash.xxh3_128()
    while True:
        if cancelled():
            raise Stopped
        chunk = os.read(reading, CHUNK_BYTES)
        if not chunk:
            return size, digest.digest()
        size += len(chunk)
        digest.update(chunk)
        write_all(writing, chunk)


def write_all(descriptor: int, content: bytes) -> None:
    """Write all of `content`, in as many pieces as the system wants."""
    rest = memoryview(content)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _digest(descriptor: int, cancelled: Cancelled = lambda: False) -> bytes:
    digest = xxhash.xxh3_128()
    while chunk := os.read(descriptor, CHUNK_BYTES):
        if cancelled():
            raise Stopped
        digest.update(chunk)
    return digest.digest()


def digest(content: bytes) -> bytes:
    """The hash that `digest_of` gives for a file of this content."""
    return xxhash.xxh3_128_digest(content)


def digest_of(path: Path, cancelled: Cancelled = lambda: False) -> bytes:
    """The 128-bit XXH3 hash of a file's content: it tells accidents and edits, not attacks."""
    descriptor = retried(lambda: os.open(io_path(path), os.O_RDONLY | _BINARY))
    try:
        return _digest(descriptor, cancelled)
    finally:
        os.close(descriptor)


def keep_times_and_permissions(path: Path, status: os.stat_result) -> None:
    """As far as the file system can: a copy without its old date is still a good copy.

    Not `shutil.copystat`: it also copies macOS's "locked" flag, and a locked file can be neither renamed nor removed.
    """
    with contextlib.suppress(OSError):
        os.utime(io_path(path), ns=(status.st_atime_ns, status.st_mtime_ns))
    with contextlib.suppress(OSError):
        io_path(path).chmod(status.st_mode & 0o777)


def create(path: Path, *, readable: bool = False) -> int:
    """Open a new file for writing; raises FileExistsError where the name is taken, even by a broken link."""
    access = os.O_RDWR if readable else os.O_WRONLY
    return os.open(io_path(path), os.O_CREAT | os.O_EXCL | access | _BINARY, 0o666)


def name_without_replacing(path: Path, name: Path) -> bool:
    """Give the file at `path` the new name `name`, on the same file system.

    Returns True where `path` is still there too, as a second name of the file that the caller removes; False where
    the file was renamed at once.

    Raises:
        FileExistsError: `name` is taken.
        OSError: with EXDEV where the two are on different file systems.
    """
    old, new = io_path(path), io_path(name)
    if os.name == "nt":
        retried(lambda: old.rename(new))  # fails on Windows where the name is taken; on POSIX it would replace
        return False
    try:
        os.link(old, new, follow_symlinks=False)
        return True
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in NO_LINKS:
            raise
        _rename_onto_placeholder(old, new)
        return False


def _rename_onto_placeholder(old: Path, new: Path) -> None:
    """No hard links here: reserve the name with an empty file of our own, and replace only that."""
    placeholder = create(new)
    try:
        os.close(placeholder)
        old.replace(new)
    except BaseException:
        with contextlib.suppress(OSError):
            if new.stat().st_size == 0 and old.exists():
                new.unlink()
        raise


def link(source: Path, name: Path) -> None:
    """Give the file at `source` the second name `name`; raises FileExistsError where that is taken."""
    os.link(io_path(source), io_path(name), follow_symlinks=False)


def remove_name(path: Path) -> None:
    """Remove a name that the caller has proved to be one of two, or a file of our own."""
    try:
        retried(lambda: io_path(path).unlink(missing_ok=True))
    except PermissionError:
        if os.name != "nt":
            raise
        io_path(path).chmod(stat.S_IREAD | stat.S_IWRITE)  # Windows does not remove read-only files
        io_path(path).unlink(missing_ok=True)


def put_back(end: Path, start: Path, part: Path) -> None:
    """Bring the file at `end` back to `start`, which is free, by a copy where they are on different file systems."""
    try:
        if name_without_replacing(end, start):
            remove_name(end)
        return
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
    copy(end, part, lambda: False)
    flush([part])
    if name_without_replacing(part, start):
        remove_name(part)
    flush_folder(start.parent)
    remove_name(end)


def make_folder(folder: Path) -> None:
    """Make `folder` and those it lies in, where they are missing."""
    for path in reversed(missing_folders(folder)):
        with contextlib.suppress(FileExistsError):
            io_path(path).mkdir()


def missing_folders(folder: Path) -> list[Path]:
    """`folder` and those it lies in, as far as they are not there; the deepest first."""
    return list(itertools.takewhile(lambda path: not io_path(path).is_dir(), (folder, *folder.parents)))


def flush(paths: Iterable[Path]) -> None:
    """Return when the content of these files is on the disk."""
    waiting = list(paths)
    if not waiting:
        return
    if len(waiting) == 1:
        _flush(waiting[0])
        return
    with ThreadPoolExecutor(min(_FLUSH_THREADS, len(waiting)), thread_name_prefix="roomnet-flush") as pool:
        for _ in pool.map(_flush, waiting):
            pass


def flush_file_system(paths: Sequence[Path]) -> None:
    """Return when the content of these files, all on one file system, is on the disk: for copies whose originals stay.

    On Linux one call does that for many files, in half the time; before Linux 5.8 it does not tell of the disk's
    errors, which is why what is to be the only copy is flushed file by file.
    """
    if len(paths) < _WORTH_ALL or not _syncfs(paths[0]):
        flush(paths)


def _syncfs(path: Path) -> bool:
    """False where the system has no such call; OSError where it failed."""
    if sys.platform != "linux":
        return False
    function = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if function is None:
        return False
    descriptor = os.open(path, os.O_RDONLY)
    try:
        if function(descriptor) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code))
    finally:
        os.close(descriptor)
    return True


def _flush(path: Path) -> None:
    # Windows flushes only what is open for writing, which a read-only copy cannot be.
    if os.name == "nt" and not os.access(path, os.W_OK):
        return
    descriptor = os.open(io_path(path), (os.O_RDWR if os.name == "nt" else os.O_RDONLY) | _BINARY)
    try:
        if sys.platform == "darwin":
            import fcntl

            fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)  # there, fsync leaves the data in the drive's memory
        else:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def flush_folder(folder: Path) -> None:
    """Make new names survive a power cut, where the system can."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def retried(action: Callable[[], _T]) -> _T:
    """Call `action`; on Windows, where somebody may hold a file for a moment, up to three times."""
    for attempt in range(1, ATTEMPTS):
        try:
            return action()
        except FileExistsError:
            raise
        except PermissionError:
            time.sleep(0.2 * attempt)
    return action()
