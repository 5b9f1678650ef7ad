"""Change a few bytes inside photos, so that an undo gives the byte-identical file back: for embedded keywords.

The journal keeps what the change replaced, not the whole file. The new content is written beside the photo, flushed,
recorded, and only then takes the photo's name, if the photo is still the one that was read.
"""

from __future__ import annotations

import contextlib
import os
import struct
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from roomnet_core.errors import RoomNetError
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.sorting import files
from roomnet_core.sorting.carrier import part_of
from roomnet_core.sorting.journal import Journal, Kind, Op, OpState, Run, RunState
from roomnet_core.sorting.plan import Skipped
from roomnet_core.sorting.report import Placed, SortReport, photo_file
from roomnet_core.sorting.room_folders import Why

_BATCH = 32
_HEADER = struct.Struct("<QQq16s")  # offset, length of the new bytes there, time of the old file, hash of the old file

Change = Callable[[Path, bytes], bytes]


def rewrite(
    journal: Journal,
    photos: Iterable[tuple[int | None, PhotoFile]],
    change: Change,
    folder: Path,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: files.Cancelled = lambda: False,
) -> SortReport:
    """Replace the content of each of `photos` by what `change(path, content)` returns, undoable with `undo`.

    Times and permissions stay. A photo for which `change` raises a RoomNetError, or that changed since it was looked
    at, is left alone and reported; one for which it returns the same content is left alone in silence. The report's
    `placed` holds the files with their new size; `folder` is what the list of earlier sorts shows for the run.

    A file without an id is a companion of the photo before it. Where it is not there (its size and time are 0), it is
    made, of what `change` returns for no content, unless somebody else makes it meanwhile.

    Raises:
        SortError: another process is sorting.
        JournalError: the record of sorts cannot be written.
    """
    ops: list[Op] = []
    group = 0
    for number, (photo_id, file) in enumerate(photos):
        group += photo_id is not None
        path = file.path.absolute()
        ops.append(Op(number, 1, group, photo_id, Kind.EMBED, file.root, path, path, file.size, file.mtime_ns))
    report = SortReport()
    if not ops:
        return report
    with journal.lock().held():
        run = journal.begin(Kind.EMBED, folder, ops)
        report.run_id = run.id
        for first in range(0, len(ops), _BATCH):
            if cancelled():
                report.cancelled = True
                break
            batch = ops[first : first + _BATCH]
            _rewrite_batch(journal, run, batch, change, report)
            progress(min(first + _BATCH, len(ops)), len(ops))
        _close(journal, run, ops, report)
    return report


def finish_rewrite(journal: Journal, run: Run, ops: Sequence[Op]) -> SortReport:
    """Close a run that was stopped with the program; `ops` are settled. What was done stays, the rest is not done."""
    report = SortReport(run.id)
    for op in ops:
        if op.state is OpState.PLANNED:
            op.state, op.reason = OpState.FAILED, "RoomNet was stopped before its turn came"
            _tell_failure(op, report)
    journal.update(run.id, ops)
    _close(journal, run, ops, report)
    return report


def _close(journal: Journal, run: Run, ops: Sequence[Op], report: SortReport) -> None:
    for op in ops:
        if op.state is OpState.DONE:
            file = photo_file(op, op.target, op.root)
            report.placed.append(Placed(op.photo_id, op.kind, op.target, op.target, file))
    journal.set_state(run.id, RunState.DONE)


def _rewrite_batch(journal: Journal, run: Run, batch: list[Op], change: Change, report: SortReport) -> None:
    def prepare(op: Op, content: bytes, status: os.stat_result | None) -> bytes:
        if status is not None and (op.size, op.mtime_ns) not in ((0, 0), (status.st_size, status.st_mtime_ns)):
            raise files.SourceChanged
        new = change(op.target, content)
        op.saved = b"" if status is None else _difference(content, new, status.st_mtime_ns)
        op.digest = files.digest(new)
        return new

    failures = _replace_all(journal, run, batch, prepare, OpState.STAGED, OpState.DONE, OpState.FAILED)
    for op, error in failures:
        _tell_failure(op, report, changed=isinstance(error, files.SourceChanged))


def _tell_failure(op: Op, report: SortReport, *, changed: bool = False) -> None:
    file = photo_file(op, op.target, op.root)
    if op.photo_id is None:
        report.notes.append(f"{op.target}: {op.reason}")
    elif changed:
        report.skipped.append(Skipped(op.photo_id, file, op.reason, Why.CHANGED))
    else:
        report.failed.append(Skipped(op.photo_id, file, op.reason))


def was_made(op: Op) -> bool:
    """The run made this file, which was not there before: undone, it goes to the trash as a copy does."""
    return op.saved == b""


def restore(journal: Journal, run: Run, batch: Sequence[Op]) -> None:
    """Give the photos of `batch` their old content and time back. Those that were changed since stay `DONE`, with a
    `reason`."""

    def prepare(op: Op, content: bytes, status: os.stat_result | None) -> bytes:
        assert op.saved is not None
        if files.digest(content) != op.digest:
            raise OSError("it was changed since")
        offset, length, _, digest = _HEADER.unpack_from(op.saved)
        old = content[:offset] + op.saved[_HEADER.size :] + content[offset + length :]
        if files.digest(old) != digest:
            raise OSError("what the record of sorts holds does not fit it")
        return old

    def finish(op: Op, part: Path) -> None:
        assert op.saved is not None
        mtime_ns = _HEADER.unpack_from(op.saved)[2]
        os.utime(files.io_path(part), ns=(mtime_ns, mtime_ns))

    _replace_all(journal, run, batch, prepare, OpState.RETURNING, OpState.UNDONE, OpState.DONE, finish)


def settle_rewrite(run: Run, op: Op) -> None:
    """After a stop: tell by its content whether the photo has its new (or, in an undo, its old) content."""
    backward = op.state is OpState.RETURNING
    with contextlib.suppress(OSError):
        files.remove_name(part_of(run, op, op.target.parent))
    wanted = _HEADER.unpack_from(op.saved)[3] if backward and op.saved else op.digest
    arrived = False
    with contextlib.suppress(OSError):
        arrived = wanted is not None and files.digest_of(op.target) == wanted
    if arrived:
        op.state = OpState.UNDONE if backward else OpState.DONE
    else:
        op.state = OpState.DONE if backward else OpState.PLANNED


@dataclass(slots=True)
class _Staged:
    op: Op
    before: os.stat_result | None  # None: there was no file


def _replace_all(
    journal: Journal,
    run: Run,
    batch: Sequence[Op],
    prepare: Callable[[Op, bytes, os.stat_result | None], bytes],
    staged_state: OpState,
    done_state: OpState,
    failed_state: OpState,
    finish: Callable[[Op, Path], None] = lambda op, part: None,
) -> list[tuple[Op, Exception]]:
    """Write all new contents, flush them, record them, and give them the photos' names. Returns what failed."""
    failures: list[tuple[Op, Exception]] = []
    staged: list[_Staged] = []

    def fail(op: Op, error: Exception) -> None:
        with contextlib.suppress(OSError):
            files.remove_name(part_of(run, op, op.target.parent))
        op.state = failed_state
        op.reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        failures.append((op, error))

    try:
        for op in batch:
            try:
                written = _write(op, part_of(run, op, op.target.parent), prepare, finish)
            except (OSError, RoomNetError) as error:
                fail(op, error)
                continue
            if written is None:
                op.state = OpState.UNDONE  # nothing to change
            else:
                op.state = staged_state
                staged.append(written)
        files.flush(part_of(run, one.op, one.op.target.parent) for one in staged)
        journal.update(run.id, batch)
        for one in staged:
            try:
                _take_name(run, one, done_state)
            except OSError as error:
                fail(one.op, error)
        for folder in {one.op.target.parent for one in staged}:
            files.flush_folder(folder)
    except BaseException:
        for op in batch:
            with contextlib.suppress(OSError):
                files.remove_name(part_of(run, op, op.target.parent))
        raise
    journal.update(run.id, batch)
    return failures


def _write(
    op: Op,
    part: Path,
    prepare: Callable[[Op, bytes, os.stat_result | None], bytes],
    finish: Callable[[Op, Path], None],
) -> _Staged | None:
    """Write the new content to `part`; None where it is the old one."""
    path = files.io_path(op.target)
    if path.is_symlink():
        raise OSError("it is a link to another file")
    before: os.stat_result | None = None
    content = b""
    if op.photo_id is not None or path.exists():
        before, content = path.stat(), path.read_bytes()
    new = prepare(op, content, before)
    if new == content:
        return None
    files.remove_name(part)
    descriptor = files.create(part)
    try:
        files.write_all(descriptor, new)
    finally:
        os.close(descriptor)
    if before is not None:
        files.keep_times_and_permissions(part, before)
    finish(op, part)
    if files.digest_of(part) != files.digest(new):
        raise OSError("what was written is not what was meant; check the disk")
    op.inode = files.inode(files.io_path(part).stat())
    return _Staged(op, before)


def _take_name(run: Run, one: _Staged, done_state: OpState) -> None:
    now, before = files.status_of(one.op.target), one.before
    part = files.io_path(part_of(run, one.op, one.op.target.parent))
    if before is None:
        if files.name_without_replacing(part, one.op.target):
            files.remove_name(part)
    elif now is None or (now.st_ino, now.st_size, now.st_mtime_ns) != (
        before.st_ino,
        before.st_size,
        before.st_mtime_ns,
    ):
        raise files.SourceChanged
    else:
        files.retried(lambda: part.replace(files.io_path(one.op.target)))
    after = files.io_path(one.op.target).stat()
    one.op.size, one.op.mtime_ns, one.op.state = after.st_size, after.st_mtime_ns, done_state


def _difference(old: bytes, new: bytes, mtime_ns: int) -> bytes:
    """What turns `new` back into `old`: where they differ, and the old bytes there."""
    start = _common(old, new)
    end = min(_common_end(old, new), len(old) - start, len(new) - start)
    header = _HEADER.pack(start, len(new) - start - end, mtime_ns, files.digest(old))
    return header + old[start : len(old) - end]


def _common(one: bytes, other: bytes) -> int:
    """How many bytes the two have in common at their beginning."""
    return _longest(min(len(one), len(other)), lambda done, more: one[done:more] == other[done:more])


def _common_end(one: bytes, other: bytes) -> int:
    """How many bytes the two have in common at their end."""
    return _longest(
        min(len(one), len(other)),
        lambda done, more: one[len(one) - more : len(one) - done] == other[len(other) - more : len(other) - done],
    )


def _longest(limit: int, equal: Callable[[int, int], bool]) -> int:
    """How far the two are equal, up to `limit`; `equal(done, more)` compares what lies between."""
    done, step = 0, 4096
    while done < limit and step:
        more = min(done + step, limit)
        if equal(done, more):
            done = more
        else:
            step //= 2
    return done
