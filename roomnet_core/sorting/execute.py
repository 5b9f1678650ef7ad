"""Carry out a plan by copying: nothing is ever overwritten, no source is touched, and no copy appears before it is whole."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import shutil
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from roomnet_core.errors import SortError
from roomnet_core.sorting.naming import collision_key, extended_path, numbered_names
from roomnet_core.sorting.plan import SkipReason, SortItem, SortPlan, SortSkip

_CHUNK = 1 << 20
# Free space that must remain after the copy, as a share of the bytes to copy.
_SPARE_SPACE = 0.05
# A virus scanner or an indexer may hold a new file for a moment.
_ATTEMPTS = 3 if os.name == "nt" else 1
# How a file system says that it has no hard links (exFAT, many network drives).
_NO_LINKS = {errno.EPERM, errno.EACCES, errno.EXDEV, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EINVAL, errno.EMLINK}

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that is complete: `target` is where it went, which differs from the plan's when the name was taken."""

    item: SortItem
    target: Path


@dataclass(frozen=True, slots=True)
class Failed:
    """A copy that was not made, and why. Nothing was left at its target."""

    item: SortItem
    message: str


@dataclass(frozen=True, slots=True)
class SortReport:
    """What happened to each item of the plan; with `cancelled` the rest was not begun."""

    copied: tuple[Copied, ...] = ()
    skipped: tuple[SortSkip, ...] = ()
    failed: tuple[Failed, ...] = ()
    cancelled: bool = False


class _Cancelled(Exception):
    pass


class _Changed(Exception):
    """The source is not the file that was scanned."""


def execute(
    plan: SortPlan,
    *,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> SortReport:
    """Copy every item of `plan`, with its times and permissions, verified by size and hash.

    A photo that fails is reported and the rest go on. `progress` gets the number of items done and the total;
    `cancelled` is asked before each mebibyte, and an unfinished copy is removed.

    Raises:
        SortError: the destination cannot be written, or has too little space. Nothing was copied.
    """
    if not plan.items:
        return SortReport()
    created = _Folders()
    copied: list[Copied] = []
    skipped: list[SortSkip] = []
    failed: list[Failed] = []
    stopped = False
    try:
        _check_destination(plan, created)
        planned = {(item.target.parent, collision_key(item.target.name)) for item in plan.items}
        for done, item in enumerate(plan.items):
            progress(done, len(plan.items))
            try:
                copied.append(Copied(item, _copy(item, created, planned, cancelled)))
            except _Cancelled:
                stopped = True
                break
            except _Changed:
                message = f"{item.source.name} changed since it was scanned. Open the folder again to sort it."
                skipped.append(SortSkip(item.photo_id, item.source, SkipReason.CHANGED, message))
            except OSError as error:
                failed.append(Failed(item, _explain(item, error)))
        else:
            progress(len(plan.items), len(plan.items))
    finally:
        created.tidy()
    for folder in {entry.target.parent for entry in copied}:
        _sync_folder(folder)
    return SortReport(tuple(copied), tuple(skipped), tuple(failed), stopped)


class _Folders:
    """Makes folders, and removes those that stayed empty."""

    def __init__(self) -> None:
        self._made: list[Path] = []

    def ensure(self, folder: Path) -> None:
        missing = []
        while not folder.is_dir():
            missing.append(folder)
            folder = folder.parent
        for new in reversed(missing):
            with contextlib.suppress(FileExistsError):  # someone else made it; a file in the way fails at first use
                new.mkdir()
                self._made.append(new)

    def tidy(self) -> None:
        for folder in reversed(self._made):
            with contextlib.suppress(OSError):  # not empty, which is the point
                folder.rmdir()


def _check_destination(plan: SortPlan, created: _Folders) -> None:
    """Find out before the first copy that there is room and that files can be made."""
    destination = _io(plan.destination)
    try:
        created.ensure(destination)
        free = shutil.disk_usage(destination).free
        probe = destination / _temporary_name()
        os.close(_create(probe))
        probe.unlink()
    except OSError as error:
        raise SortError(
            f"{plan.destination} cannot be written: {error.strerror or error}. Choose another folder."
        ) from error
    needed = int(plan.total_bytes * (1 + _SPARE_SPACE))
    if free < needed:
        raise SortError(
            f"The photos need {needed / 1e6:,.0f} MB and {plan.destination} has {free / 1e6:,.0f} MB left. "
            "Nothing was copied. Make room or choose another disk."
        )


def _copy(item: SortItem, created: _Folders, planned: set[tuple[Path, str]], cancelled: Callable[[], bool]) -> Path:
    """Make one copy through a temporary file in the target folder and return where it went."""
    folder = _io(item.target.parent)
    created.ensure(folder)
    part = folder / _temporary_name()
    target = _create(part)
    try:
        try:
            source = _retry(lambda: os.open(_io(item.source), os.O_RDONLY | _BINARY))
            try:
                before = _check_unchanged(item, os.fstat(source))
                digest, size = _transfer(source, target, cancelled)
                _check_unchanged(item, os.fstat(source))
            finally:
                os.close(source)
            os.fsync(target)
        finally:
            os.close(target)
        if size != before.st_size or digest != _hash(part, cancelled):
            raise OSError(errno.EIO, "the copy differs from the original; check the disk and its cable")
        _keep_times_and_permissions(part, before)
        return _commit(part, item, planned)
    finally:
        with contextlib.suppress(OSError):
            _remove(part)


def _transfer(source: int, target: int, cancelled: Callable[[], bool]) -> tuple[bytes, int]:
    """Copy all bytes between two file descriptors; returns their SHA-256 and number."""
    digest, size = hashlib.sha256(), 0
    while True:
        if cancelled():
            raise _Cancelled
        chunk = os.read(source, _CHUNK)
        if not chunk:
            return digest.digest(), size
        digest.update(chunk)
        size += len(chunk)
        rest = memoryview(chunk)
        while rest:
            rest = rest[os.write(target, rest) :]


def _hash(path: Path, cancelled: Callable[[], bool]) -> bytes:
    digest = hashlib.sha256()
    descriptor = os.open(path, os.O_RDONLY | _BINARY)
    try:
        while chunk := os.read(descriptor, _CHUNK):
            if cancelled():
                raise _Cancelled
            digest.update(chunk)
    finally:
        os.close(descriptor)
    return digest.digest()


def _check_unchanged(item: SortItem, status: os.stat_result) -> os.stat_result:
    if not stat.S_ISREG(status.st_mode):
        raise _Changed
    known = (item.size, item.mtime_ns) != (0, 0)
    if known and (status.st_size, status.st_mtime_ns) != (item.size, item.mtime_ns):
        raise _Changed
    return status


def _keep_times_and_permissions(part: Path, status: os.stat_result) -> None:
    """As far as the file system can: a copy without its old date is still a good copy."""
    with contextlib.suppress(OSError):
        os.utime(part, ns=(status.st_atime_ns, status.st_mtime_ns))
    with contextlib.suppress(OSError):
        part.chmod(stat.S_IMODE(status.st_mode) & 0o777)


def _commit(part: Path, item: SortItem, planned: set[tuple[Path, str]]) -> Path:
    """Give the finished copy its name, or the next free one, without ever replacing a file."""
    for name in numbered_names(item.target.name):
        if name != item.target.name and (item.target.parent, collision_key(name)) in planned:
            continue  # another photo of this plan has that name
        final = part.with_name(name)
        try:
            _retry(lambda final=final: _move_without_replacing(part, final))  # type: ignore[misc]
        except FileExistsError:
            continue
        planned.add((item.target.parent, collision_key(name)))
        return item.target.with_name(name)
    raise AssertionError("numbered_names never ends")


def _move_without_replacing(part: Path, final: Path) -> None:
    """Rename `part` to `final` in the same folder.

    Raises:
        FileExistsError: `final` is there already.
    """
    if os.name == "nt":
        part.rename(final)  # fails on Windows where the name is taken; on POSIX it would replace
        return
    try:
        final.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _move_onto_placeholder(part, final)
    else:
        with contextlib.suppress(OSError):  # the copy is complete; `_copy` tries once more
            part.unlink()


def _move_onto_placeholder(part: Path, final: Path) -> None:
    """Without hard links: reserve the name with an empty file of our own, then replace that."""
    os.close(_create(final))
    try:
        part.replace(final)
    except BaseException:
        with contextlib.suppress(OSError):
            if final.stat().st_size == 0:
                final.unlink()
        raise


def _create(path: Path) -> int:
    """Open a new file for writing; raises FileExistsError where the name is taken, even by a broken link."""
    return os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY | getattr(os, "O_NOFOLLOW", 0), 0o666)


_BINARY = getattr(os, "O_BINARY", 0)


def _remove(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except PermissionError:
        part.chmod(stat.S_IWRITE | stat.S_IREAD)  # Windows does not remove read-only files
        part.unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    """Make new names durable. Some systems cannot, and then there is nothing to do."""
    if os.name == "nt":
        return
    with contextlib.suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _retry[T](action: Callable[[], T]) -> T: ...
