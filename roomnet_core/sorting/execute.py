"""Carry out a sort plan by copying: no file is ever overwritten, changed or deleted, and a copy is whole or not there."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from roomnet_core.errors import SortError
from roomnet_core.sorting.naming import numbered
from roomnet_core.sorting.plan import Skipped, SortItem, SortPlan

_CHUNK_BYTES = 1 << 20
# What file systems without hard links say: exFAT, network shares, FUSE.
_NO_LINKS = {errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK, errno.EXDEV}


@dataclass(slots=True)
class SortReport:
    """What a sort did: the copies made, and what was left alone or failed, each with its reason."""

    copied: list[SortItem] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    failed: list[Skipped] = field(default_factory=list)
    cancelled: bool = False


class _SourceChanged(Exception):
    pass


def check(plan: SortPlan) -> None:
    """Say before anything is copied what cannot work: a destination that is not writable, or too little space.

    Raises:
        SortError: with the reason.
    """
    base = plan.destination
    while not base.exists() and base != base.parent:
        base = base.parent
    if not base.is_dir():
        raise SortError(f"{base} is not a folder. Choose another destination.")
    if not os.access(base, os.W_OK | os.X_OK):
        raise SortError(f"{base} may not be written to. Choose another destination.")
    needed = int(plan.total_bytes * 1.05)
    free = shutil.disk_usage(base).free
    if free < needed:
        raise SortError(f"{base} has {free / 1e6:,.0f} MB free, but {needed / 1e6:,.0f} MB are needed.")


def execute(
    plan: SortPlan,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> SortReport:
    """Copy every photo of `plan` to its target, or to the next free name where the target was taken meanwhile.

    A photo that fails or has changed since the scan is reported and the rest goes on. Cancelling between two photos
    leaves the copies made so far.

    Raises:
        SortError: nothing can be copied at all (see `check`).
    """
    check(plan)
    report = SortReport(skipped=list(plan.skipped))
    for number, item in enumerate(plan.items, start=1):
        if cancelled():
            report.cancelled = True
            break
        try:
            report.copied.append(SortItem(item.file, _copy(item)))
        except _SourceChanged:
            report.skipped.append(Skipped(item.file, "it changed since it was looked at"))
        except OSError as error:
            report.failed.append(Skipped(item.file, error.strerror or str(error)))
        progress(number, len(plan.items))
    return report


def _copy(item: SortItem) -> Path:
    """Copy to a hidden `.part` file, verify, then give it its name without replacing anything. Returns the name."""
    source, folder = item.file.path, item.target.parent
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{uuid.uuid4().hex}.part"
    try:
        with source.open("rb") as reader:
            _check_unchanged(item, os.fstat(reader.fileno()))
            digest = hashlib.sha256()
            with part.open("xb") as writer:
                while chunk := reader.read(_CHUNK_BYTES):
                    digest.update(chunk)
                    writer.write(chunk)
                writer.flush()
                os.fsync(writer.fileno())
            _check_unchanged(item, os.fstat(reader.fileno()))
        if _hash(part) != digest.digest():
            raise OSError(errno.EIO, "the copy is not equal to the original; check the disk")
        shutil.copystat(source, part)
        return _commit(part, item.target)
    finally:
        part.unlink(missing_ok=True)


def _commit(part: Path, target: Path) -> Path:
    """Give `part` the name `target`, or ` (2)`, ` (3)` ... beside it, by operations that fail where a file is."""
    candidate, number = target, 2
    while True:
        try:
            if os.name == "nt":
                part.rename(candidate)  # fails on Windows where the name is taken
            else:
                _link(part, candidate)
            return candidate
        except FileExistsError:
            candidate, number = target.with_name(numbered(target.name, number)), number + 1


def _link(part: Path, candidate: Path) -> None:
    try:
        candidate.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        # No hard links here: reserve the name with an empty file of our own, and replace only that.
        os.close(os.open(candidate, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
        try:
            part.replace(candidate)
        except OSError:
            candidate.unlink()
            raise


def _check_unchanged(item: SortItem, now: os.stat_result) -> None:
    if (now.st_size, now.st_mtime_ns) != (item.file.size, item.file.mtime_ns):
        raise _SourceChanged


def _hash(path: Path) -> bytes:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").digest()
