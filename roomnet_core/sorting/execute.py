"""Carry out a sort plan: copy, move or link; journalled first, and nothing is ever overwritten."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

from roomnet_core.errors import SortError
from roomnet_core.sorting import files
from roomnet_core.sorting.batches import Group
from roomnet_core.sorting.carrier import Carrier
from roomnet_core.sorting.journal import Journal, Kind, Op, OpState, Run, RunState, new_token
from roomnet_core.sorting.naming import collision_key
from roomnet_core.sorting.plan import Mode, PlannedFile, Skipped, SortPlan
from roomnet_core.sorting.preflight import check
from roomnet_core.sorting.report import Placed, SortReport, photo_file
from roomnet_core.sorting.room_folders import Why

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


def execute(
    plan: SortPlan,
    journal: Journal,
    *,
    progress: Progress = lambda done, total: None,
    cancelled: Cancelled = lambda: False,
) -> SortReport:
    """Bring every photo of `plan` and its companions to their places, with their times and permissions.

    A photo that fails or has changed since the scan stays where it is, with its companions, and is reported; the rest
    goes on. Cancelling leaves whole files only; the run can then be finished (`recover`) or undone (`undo`).

    Args:
        progress: called with the number of photos done and of all photos.
        cancelled: asked for each file and each megabyte.

    Raises:
        SortError: the sort cannot work (see `check`), or another process is sorting; nothing was touched.
        JournalError: the record of sorts cannot be written any more; what was done so far can be undone.
    """
    preflight = check(plan)
    report = SortReport(skipped=list(plan.skipped), notes=list(preflight.notes))
    if not plan.items:
        return report
    with journal.lock().held():
        kind = Kind.COPY if plan.mode is Mode.LINK and not preflight.links else Kind(plan.mode.value)
        token = new_token()
        ops = _ops(plan, kind, token)
        folders = _missing(plan)
        run = journal.begin(Kind(plan.mode.value), plan.destination, ops, folders, token=token)
        carry_forward(journal, run, ops, report, progress=progress, cancelled=cancelled)
    return report


def carry_forward(
    journal: Journal, run: Run, ops: list[Op], report: SortReport, *, progress: Progress, cancelled: Cancelled
) -> None:
    """Do what is still `PLANNED` of a run and add everything that is done to `report`. The lock is held."""
    waiting = grouped(op for op in ops if op.state is OpState.PLANNED)
    total = len({op.group for op in ops})
    done = total - len({group[0].group for group in waiting})

    def advance(number: int) -> None:
        nonlocal done
        done = min(done + number, total)
        progress(done, total)

    planned = {(op.target.parent, collision_key(op.target.name)) for op in ops}
    carrier = Carrier(journal, run, cancelled=cancelled, advance=advance, planned=planned)
    try:
        for _, round_ in groupby(waiting, key=lambda group: group[0].round):
            # A group of which an earlier round failed is not PLANNED any more.
            carrier.carry(group for group in round_ if group[0].state is OpState.PLANNED)
            _keep_together(journal, run, ops)
            if carrier.stopped:
                break
    finally:
        remove_empty(journal.folders(run.id))
    report.cancelled = carrier.stopped
    journal.set_state(run.id, RunState.STOPPED if carrier.stopped else RunState.DONE)
    _fill(report, run, ops, carrier.changed)


def grouped(ops: Iterable[Op]) -> list[Group]:
    """The ops of one round that belong together, in the order of doing."""
    return [list(group) for _, group in groupby(ops, key=lambda op: (op.round, op.group))]


def remove_empty(folders: Iterable[Path]) -> None:
    """Remove those of `folders` that are empty, the deepest first."""
    for folder in sorted(folders, key=lambda path: len(path.parts), reverse=True):
        with contextlib.suppress(OSError):  # not empty, or not there
            files.io_path(folder).rmdir()


def _ops(plan: SortPlan, kind: Kind, token: str) -> list[Op]:
    """The rows of the journal. A file whose name another one of the plan is to get makes way first (round 0), under a
    temporary name; so does one that only changes its letters' case, for file systems that see no difference."""
    sources = {_place(planned.source) for planned in plan.files()}
    wanted = {_place(planned.target) for planned in plan.files()}
    blocking = sources & wanted if kind is Kind.MOVE else set()
    first: list[Op] = []
    second: list[Op] = []
    for number, item in enumerate(plan.items):
        for planned in item.files():
            photo_id = item.photo_id if planned is item else None
            op = _op(planned, number, photo_id, kind)
            if _place(planned.source) in blocking:
                name = f".roomnet-{token}-{len(first)}{planned.source.suffix}"
                hop = _op(PlannedFile(planned.file, op.source.with_name(name)), number, photo_id, kind)
                hop.round = 0
                first.append(hop)
                op.source = hop.target
            second.append(op)
    for seq, op in enumerate([*first, *second]):
        op.seq = seq
    return [*first, *second]


def _missing(plan: SortPlan) -> set[Path]:
    """The folders that the sort will make."""
    targets = {planned.target.parent for planned in plan.files()}
    try:
        return {path for folder in {plan.destination, *targets} for path in files.missing_folders(folder)}
    except OSError as error:
        raise SortError(f"{plan.destination}: {error.strerror or error}. Choose another destination.") from error


def _op(planned: PlannedFile, group: int, photo_id: int | None, kind: Kind) -> Op:
    file = planned.file
    op = Op(0, 1, group, photo_id, kind, file.root, file.path.absolute(), planned.target, file.size, file.mtime_ns)
    with contextlib.suppress(OSError):
        status = files.status_of(op.source)
        op.inode = files.inode(status) if status is not None else ""
    return op


def _place(path: Path) -> tuple[Path, str]:
    path = path.absolute()
    return path.parent, collision_key(path.name)


def _keep_together(journal: Journal, run: Run, ops: list[Op]) -> None:
    """Where a file failed, bring back those files of its group that were moved in an earlier round, or before an
    interruption."""
    failed = {op.group: op.reason for op in reversed(ops) if op.state is OpState.FAILED}
    torn = [op for op in ops if op.group in failed and op.state in (OpState.DONE, OpState.PLANNED)]
    if not torn:
        return
    back = Carrier(journal, run, backward=True)
    back.carry(grouped(op for op in reversed(torn) if op.state is OpState.DONE and op.kind is Kind.MOVE))
    for op in torn:
        if op.state in (OpState.UNDONE, OpState.PLANNED):
            op.state, op.reason = OpState.FAILED, failed[op.group]
    journal.update(run.id, torn)


def origins(ops: Iterable[Op]) -> dict[Path, Path]:
    """From the temporary name of a file that made way to the name it had before."""
    return {op.target: op.source for op in ops if op.round == 0}


def _fill(report: SortReport, run: Run, ops: list[Op], changed: set[int]) -> None:
    report.run_id = run.id
    before = origins(ops)
    told: set[int] = set()
    for op in ops:
        old = before.get(op.source, op.source)
        if op.state is OpState.DONE and op.round > 0:
            report.placed.append(
                Placed(op.photo_id, op.kind, old, op.target, photo_file(op, op.target, run.destination))
            )
            if op.reason:
                report.notes.append(f"{old}: {op.reason}")
        elif op.state is OpState.FAILED and op.group not in told and op.photo_id is not None:
            told.add(op.group)
            skipped = Skipped(op.photo_id, photo_file(op, old, old.parent), op.reason)
            if op.group in changed:
                report.skipped.append(Skipped(op.photo_id, skipped.file, op.reason, Why.CHANGED))
            else:
                report.failed.append(skipped)
    fallen_back = run.kind is Kind.LINK and sum(placed.kind is Kind.COPY for placed in report.placed)
    if fallen_back:
        report.notes.append(f"{fallen_back:,} files could not be linked and were copied instead.")
