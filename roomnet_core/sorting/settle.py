"""After a stop at any moment: tell by looking which files of a run are in their new place, and tidy up the rest."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

from roomnet_core.sorting import files
from roomnet_core.sorting.carrier import part_of
from roomnet_core.sorting.journal import Journal, Kind, Op, OpState, Run, RunState
from roomnet_core.sorting.rewrite import settle_rewrite


def settle(journal: Journal, run: Run) -> list[Op]:
    """Bring every file of `run` to a state that is certain, on the disk and in the journal. The lock is held.

    A move that was between its two names is completed; a temporary file is removed, because the original is whole.
    Returns the run's files, none of which is `STAGED` or `RETURNING` any more.
    """
    ops = journal.ops(run.id)
    backward = run.state in (RunState.UNDOING, RunState.PARTLY_UNDONE)
    changed = []
    for op in ops:
        before = (op.state, op.inode, op.digest, op.reason)
        if op.kind is Kind.EMBED:
            if op.state in (OpState.PLANNED, OpState.STAGED, OpState.RETURNING):
                settle_rewrite(run, op)
        elif op.state in (OpState.STAGED, OpState.RETURNING):
            _settle(run, op, backward=op.state is OpState.RETURNING)
        elif op.state is OpState.PLANNED:
            _settle(run, op, backward=False)
        elif op.state is OpState.DONE and backward:
            if op.kind is Kind.MOVE:
                _settle(run, op, backward=True)
            elif files.status_of(op.target) is None:
                op.state = OpState.UNDONE
        if before != (op.state, op.inode, op.digest, op.reason):
            changed.append(op)
    journal.update(run.id, changed)
    return ops


def _settle(run: Run, op: Op, *, backward: bool) -> None:
    start, end = (op.target, op.source) if backward else (op.source, op.target)
    parts = [part_of(run, op, folder) for folder in {start.parent, end.parent}]
    there, old = files.status_of(end), files.status_of(start)
    arrived = OpState.UNDONE if backward else OpState.DONE
    ours = there is not None and _is_ours(op, there, end)
    if there is not None and ours:
        if op.kind is Kind.MOVE and old is not None:
            _remove_start(op, start, old, end, there)
        op.state = arrived
        if op.kind is Kind.LINK:
            ours = old is not None and files.same_file(old, there)
            op.state = arrived if ours else OpState.PLANNED
    else:
        if there is not None and there.st_size == 0 and (old is not None or _exists(parts)):
            _remove_placeholder(run, end, there)
        op.state = OpState.DONE if backward else OpState.PLANNED
        if not backward:
            op.digest = None
    for part in parts:
        with contextlib.suppress(OSError):
            files.remove_name(part)


def _is_ours(op: Op, there: os.stat_result, end: Path) -> bool:
    """Whether the file at `end` is the one that the run was bringing there."""
    staged = op.state in (OpState.STAGED, OpState.RETURNING)
    if op.kind is Kind.COPY and not staged:
        return False  # no copy gets its name before it is recorded
    if op.inode and files.inode(there) == op.inode:
        return True
    # Some network file systems number nothing, or anew with each mount.
    if not files.is_unchanged(there, op.size, op.mtime_ns):
        return False
    return op.digest is None or files.digest_of(end) == op.digest


def _remove_start(op: Op, start: Path, old: os.stat_result, end: Path, there: os.stat_result) -> None:
    """The last step of a move: the old name goes, if it still stands for the same content."""
    if files.same_file(old, there):
        files.flush_folder(end.parent)
        files.remove_name(start)
    elif (old.st_size, old.st_mtime_ns) == (op.size, op.mtime_ns) and files.digest_of(start) == files.digest_of(end):
        files.flush([end])
        files.flush_folder(end.parent)
        files.remove_name(start)
    else:
        op.reason = "it was changed while it was moved: the new version stays where it was"


def _remove_placeholder(run: Run, end: Path, there: os.stat_result) -> None:
    """An empty file that reserved a name, where there are no hard links; there is nothing in it to lose."""
    if there.st_mtime >= run.started.timestamp() - 2:
        with contextlib.suppress(OSError):
            files.remove_name(end)


def _exists(paths: list[Path]) -> bool:
    return any(files.status_of(path) is not None for path in paths)
