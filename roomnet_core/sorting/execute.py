"""Carry out a sort plan by copying: no file is ever overwritten or changed, and a copy is whole or not there."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import itertools
import os
import secrets
import shutil
import stat
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeVar

from roomnet_core.errors import SortError
from roomnet_core.sorting.naming import collision_key, extended_path, numbered
from roomnet_core.sorting.plan import Skipped, SortItem, SortPlan

_CHUNK_BYTES = 1 << 20
# What file systems without hard links say: exFAT, network shares, FUSE.
_NO_LINKS = {
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
_ATTEMPTS = 3 if os.name == "nt" else 1
_BINARY = getattr(os, "O_BINARY", 0)

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]
_Planned = set[tuple[Path, str]]
_T = TypeVar("_T")


@dataclass(slots=True)
class SortReport:
    """What a sort did: the copies made, and what was left alone or failed, each with its reason.

    A copy's `target` is where it went, which is not the plan's where that name was taken meanwhile.
    """

    copied: list[SortItem] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    failed: list[Skipped] = field(default_factory=list)
    cancelled: bool = False


class _SourceChanged(Exception):
    pass


class _Stopped(Exception):
    pass


def check(plan: SortPlan) -> None:
    """Say before anything is copied what cannot work: a destination that is not writable, or too little space.

    Raises:
        SortError: with the reason.
    """
    try:
        for folder in (plan.destination, *{item.target.parent for item in plan.items}):
            if folder.exists() and not folder.is_dir():
                raise SortError(f"{folder} is not a folder. Choose another destination.")
        base = next(path for path in (plan.destination, *plan.destination.parents) if path.exists())
        if not base.is_dir():
            raise SortError(f"{base} is not a folder. Choose another destination.")
        if not os.access(base, os.W_OK | os.X_OK):
            raise SortError(f"{base} may not be written to. Choose another destination.")
        free = shutil.disk_usage(base).free
    except OSError as error:
        raise SortError(f"{plan.destination}: {error.strerror or error}. Choose another destination.") from error
    needed = int(plan.total_bytes * 1.05)
    if free < needed:
        raise SortError(f"{base} has {free / 1e6:,.0f} MB free, but {needed / 1e6:,.0f} MB are needed.")


def execute(
    plan: SortPlan,
    *,
    progress: Progress = lambda done, total: None,
    cancelled: Cancelled = lambda: False,
) -> SortReport:
    """Copy every photo of `plan` to its target, with its times and permissions, verified by size and hash.

    A photo that fails or has changed since the scan is reported and the rest goes on. Cancelling leaves the copies
    made so far and removes the one under way. The report's `skipped` starts with the plan's.

    Raises:
        SortError: nothing can be copied at all (see `check`).
    """
    check(plan)
    report = SortReport(skipped=list(plan.skipped))
    made: list[Path] = []
    try:
        if plan.items:
            _try_to_write(plan.destination, made)
        planned = {(item.target.parent, collision_key(item.target.name)) for item in plan.items}
        for number, item in enumerate(plan.items, start=1):
            try:
                _make_folder(item.target.parent, made)
                report.copied.append(replace(item, target=_copy(item, planned, cancelled)))
            except _Stopped:
                report.cancelled = True
                break
            except _SourceChanged:
                report.skipped.append(Skipped(item.photo_id, item.file, "it changed since it was looked at"))
            except OSError as error:
                report.failed.append(Skipped(item.photo_id, item.file, error.strerror or str(error)))
            progress(number, len(plan.items))
    finally:
        for folder in reversed(made):
            with contextlib.suppress(OSError):  # it holds copies, as it should
                folder.rmdir()
    for folder in {item.target.parent for item in report.copied}:
        _sync_folder(folder)
    return report


def _try_to_write(destination: Path, made: list[Path]) -> None:
    """Permissions lie on network drives and on Windows: only making a file shows that one can be made."""
    try:
        _make_folder(destination, made)
        probe = _io(destination / _part_name())
        try:
            os.close(_create(probe))
        finally:
            probe.unlink(missing_ok=True)
    except OSError as error:
        raise SortError(f"{destination} cannot be written to: {error.strerror}. Choose another destination.") from error


def _make_folder(folder: Path, made: list[Path]) -> None:
    missing = list(itertools.takewhile(lambda path: not path.is_dir(), (folder, *folder.parents)))
    for path in reversed(missing):
        try:
            _io(path).mkdir()
        except FileExistsError:
            if not path.is_dir():
                raise
        else:
            made.append(path)


def _copy(item: SortItem, planned: _Planned, cancelled: Cancelled) -> Path:
    """Copy to a hidden `.part` file, verify, then give it its name without replacing anything. Returns the target."""
    part = _io(item.target.with_name(_part_name()))
    target = _create(part)
    try:
        try:
            source = _retried(lambda: os.open(_io(item.source), os.O_RDONLY | _BINARY))
            try:
                status = _check_unchanged(item, os.fstat(source))
                digest = _transfer(source, target, cancelled)
                _check_unchanged(item, os.fstat(source))
            finally:
                os.close(source)
            os.fsync(target)
        finally:
            os.close(target)
        if _digest(part, cancelled) != digest:
            raise OSError(errno.EIO, "the copy is not equal to the original; check the disk")
        _keep_times_and_permissions(part, status)
        return _commit(part, item.target, planned)
    finally:
        with contextlib.suppress(OSError):
            _remove(part)


def _transfer(source: int, target: int, cancelled: Cancelled) -> tuple[int, bytes]:
    """Copy between two file descriptors; returns the number of bytes and their SHA-256."""
    size, digest = 0, hashlib.sha256()
    while True:
        if cancelled():
            raise _Stopped
        chunk = os.read(source, _CHUNK_BYTES)
        if not chunk:
            return size, digest.digest()
        size += len(chunk)
        digest.update(chunk)
        rest = memoryview(chunk)
        while rest:
            rest = rest[os.write(target, rest) :]


def _digest(path: Path, cancelled: Cancelled) -> tuple[int, bytes]:
    size, digest = 0, hashlib.sha256()
    descriptor = os.open(path, os.O_RDONLY | _BINARY)
    try:
        while chunk := os.read(descriptor, _CHUNK_BYTES):
            if cancelled():
                raise _Stopped
            size += len(chunk)
            digest.update(chunk)
    finally:
        os.close(descriptor)
    return size, digest.digest()


def _check_unchanged(item: SortItem, now: os.stat_result) -> os.stat_result:
    expected = (item.file.size, item.file.mtime_ns)
    if not stat.S_ISREG(now.st_mode) or expected not in ((0, 0), (now.st_size, now.st_mtime_ns)):
        raise _SourceChanged
    return now


def _keep_times_and_permissions(part: Path, status: os.stat_result) -> None:
    """As far as the file system can: a copy without its old date is still a good copy.

    Not `shutil.copystat`: it also copies macOS's "locked" flag, and a locked file can be neither renamed nor removed.
    """
    with contextlib.suppress(OSError):
        os.utime(part, ns=(status.st_atime_ns, status.st_mtime_ns))
    with contextlib.suppress(OSError):
        part.chmod(status.st_mode & 0o777)


def _commit(part: Path, target: Path, planned: _Planned) -> Path:
    """Give the finished copy its name, or the next free one that the plan has not given to another photo."""
    for number in itertools.count(1):
        name = numbered(target.name, number)
        place = (target.parent, collision_key(name))
        if number > 1 and place in planned:
            continue
        final = part.with_name(name)
        try:
            _retried(lambda final=final: _name_without_replacing(part, final))  # type: ignore[misc]
        except FileExistsError:
            continue
        planned.add(place)
        return target.with_name(name)
    raise AssertionError("unreachable: numbers do not end")


def _name_without_replacing(part: Path, final: Path) -> None:
    """Rename `part`, in its folder, to `final`; raises FileExistsError where that name is taken."""
    if os.name == "nt":
        part.rename(final)  # fails on Windows where the name is taken; on POSIX it would replace
        return
    try:
        final.hardlink_to(part)  # the caller removes the other name, `part`
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # No hard links here: reserve the name with an empty file of our own, and replace only that.
        placeholder = _create(final)
        try:
            os.close(placeholder)
            part.replace(final)
        except BaseException:
            with contextlib.suppress(OSError):
                if final.stat().st_size == 0:
                    final.unlink()
            raise


def _create(path: Path) -> int:
    """Open a new file for writing; raises FileExistsError where the name is taken, even by a broken link."""
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, 0o666)


def _remove(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except PermissionError:
        part.chmod(stat.S_IREAD | stat.S_IWRITE)  # Windows does not remove read-only files
        part.unlink(missing_ok=True)


def _part_name() -> str:
    return f".{secrets.token_hex(8)}.part"


def _io(path: Path) -> Path:
    """`path` as the system must be given it."""
    return Path(extended_path(str(path)))


def _sync_folder(folder: Path) -> None:
    """Make new names survive a power cut, where the system can."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _retried(action: Callable[[], _T]) -> _T:
    for attempt in range(1, _ATTEMPTS):
        try:
            return action()
        except FileExistsError:
            raise
        except PermissionError:
            time.sleep(0.2 * attempt)
    return action()
