"""Undo a sort, redo it, or go on with one that was interrupted; after any number of restarts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from roomnet_core.errors import JournalError
from roomnet_core.sorting import files
from roomnet_core.sorting.carrier import BATCH_FILES, Carrier
from roomnet_core.sorting.execute import Cancelled, Progress, carry_forward, grouped, remove_empty
from roomnet_core.sorting.journal import Journal, Kind, Op, OpState, Run, RunState
from roomnet_core.sorting.report import NotUndone, Placed, SortReport, UndoReport, photo_file
from roomnet_core.sorting.rewrite import finish_rewrite, restore, was_made
from roomnet_core.sorting.settle import settle
from roomnet_core.sorting.trash import Trash, send_to_trash


def undo(
    journal: Journal,
    run_id: int,
    *,
    progress: Progress = lambda done, total: None,
    cancelled: Cancelled = lambda: False,
    trash: Trash = send_to_trash,
) -> UndoReport:
    """Take a run back, finished or not, and report what could not be taken back and why.

    Moved files go back to their old place, or beside it as ` (restored)` where that is taken by now. Copies go to the
    trash, unless they were changed since. A hard link goes while the original is there. Folders that the run made go
    if they are empty. A run of which something is left can be undone again.

    Args:
        progress: called with the number of files done and of all files.

    Raises:
        JournalError: there is no such run, or it is undone already.
        SortError: another process is sorting.
    """
    with journal.lock().held():
        run = journal.run(run_id)
        if not run.can_undo:
            raise JournalError(f"Sort {run_id} is undone already.")
        return _Undo(journal, run, progress, cancelled, trash).run_it()


def redo(
    journal: Journal,
    run_id: int,
    *,
    progress: Progress = lambda done, total: None,
    cancelled: Cancelled = lambda: False,
) -> SortReport:
    """Do an undone sort again, as it was done then. Files that changed since are left alone and reported.

    Raises:
        JournalError: there is no such run, or nothing of it is undone.
        SortError: another process is sorting.
    """
    with journal.lock().held():
        run = journal.run(run_id)
        if not run.can_redo:
            raise JournalError(f"Sort {run_id} is not undone, so there is nothing to do again.")
        ops = settle(journal, run)
        for op in ops:
            if op.state is OpState.UNDONE:
                status = files.status_of(op.source)
                op.state, op.reason, op.digest = OpState.PLANNED, "", None
                op.inode = files.inode(status) if status is not None else ""
        journal.update(run_id, ops)
        return _go_on(journal, run, ops, progress, cancelled)


def recover(
    journal: Journal,
    run_id: int,
    *,
    finish: bool,
    progress: Progress = lambda done, total: None,
    cancelled: Cancelled = lambda: False,
    trash: Trash = send_to_trash,
) -> SortReport | UndoReport:
    """Finish a run that was cancelled or interrupted with the program, or undo it.

    Finishing an interrupted undo goes on undoing, and undoing it does the sort again.

    Raises:
        JournalError: there is no such run, or it is not unfinished.
        SortError: another process is sorting.
    """
    with journal.lock().held():
        run = journal.run(run_id)
        if not run.can_finish and (finish or not run.can_undo):
            raise JournalError(f"There is nothing to finish in sort {run_id}.")
        embed = run.kind is Kind.EMBED  # what was to be written is not recorded, only what was there
        if (run.state is RunState.UNDOING) is finish or (embed and not finish):
            return _Undo(journal, run, progress, cancelled, trash).run_it()
        ops = settle(journal, run)
        if embed:
            return finish_rewrite(journal, run, ops)
        for op in ops:
            if op.state is OpState.UNDONE:
                op.state = OpState.PLANNED
        journal.update(run_id, ops)
        return _go_on(journal, run, ops, progress, cancelled)


def _go_on(journal: Journal, run: Run, ops: list[Op], progress: Progress, cancelled: Cancelled) -> SortReport:
    journal.set_state(run.id, RunState.DOING)
    report = SortReport()
    carry_forward(journal, run, ops, report, progress=progress, cancelled=cancelled)
    return report


class _Undo:
    """One undo at work."""

    def __init__(
        self, journal: Journal, run: Run, progress: Progress, cancelled: Cancelled, trash: Trash
    ) -> None:
        self._journal, self._run, self._trash = journal, run, trash
        self._progress, self._cancelled = progress, cancelled
        self._report = UndoReport(run.id)
        self._done = self._total = 0

    def run_it(self) -> UndoReport:
        ops = settle(self._journal, self._run)
        todo = [op for op in ops if op.state is OpState.DONE]
        for op in todo:
            op.reason = ""
            if op.kind is Kind.MOVE and (status := files.status_of(op.target)) is not None:
                # Whatever was done to a moved file since, it is this one that goes back.
                op.inode, op.size, op.mtime_ns = files.inode(status), status.st_size, status.st_mtime_ns
        self._journal.update(self._run.id, todo)
        self._journal.set_state(self._run.id, RunState.UNDOING)
        self._total = len(todo)
        todo.reverse()
        self._move_back([op for op in todo if op.kind is Kind.MOVE])
        self._in_batches([op for op in todo if op.kind is Kind.COPY], self._discard_copies)
        self._in_batches([op for op in todo if op.kind is Kind.LINK], self._remove_links)
        rewritten = [op for op in todo if op.kind is Kind.EMBED]
        self._in_batches([op for op in rewritten if not was_made(op)], self._restore)
        self._in_batches([op for op in rewritten if was_made(op)], self._discard_copies)
        remove_empty(self._journal.folders(self._run.id))
        self._tell_moves(ops)
        self._report.cancelled = self._cancelled() and any(op.state is OpState.DONE for op in ops)
        left = any(op.state is OpState.DONE for op in ops)
        self._journal.set_state(self._run.id, RunState.PARTLY_UNDONE if left else RunState.UNDONE)
        return self._report

    def _advance(self, number: int) -> None:
        self._done += number
        self._progress(min(self._done, self._total), self._total)

    def _in_batches(self, ops: list[Op], work: Callable[[list[Op]], None]) -> None:
        for first in range(0, len(ops), BATCH_FILES):
            if self._cancelled():
                return
            batch = ops[first : first + BATCH_FILES]
            work(batch)
            self._journal.update(self._run.id, batch)
            self._advance(len(batch))

    def _not_undone(self, op: Op, reason: str) -> None:
        op.reason = reason
        self._report.not_undone.append(NotUndone(op.target, reason))

    # --- moves

    def _move_back(self, moves: list[Op]) -> None:
        carrier = Carrier(
            self._journal, self._run, backward=True, cancelled=self._cancelled, advance=self._advance
        )
        carrier.carry(grouped(moves))

    def _tell_moves(self, ops: list[Op]) -> None:
        """Those that an interrupted undo had moved back before are told too: nobody may have heard of them."""
        before = {op.target: op for op in ops if op.round == 0}
        for op in ops:
            if op.round == 0 or op.kind is not Kind.MOVE:
                continue
            last = before.get(op.source, op)  # of a file that had made way under a temporary name
            if op.state is OpState.UNDONE and last.state is OpState.UNDONE:
                file = photo_file(last, last.source, last.source.parent)
                self._report.moved_back.append(Placed(op.photo_id, op.kind, op.target, last.source, file))
                if op.reason:
                    self._report.notes.append(f"{last.source}: {op.reason}")
            elif op.reason or last.reason:
                self._report.not_undone.append(NotUndone(op.target, op.reason or last.reason))

    # --- copies and links

    def _discard_copies(self, batch: list[Op]) -> None:
        unchanged = []
        for op in batch:
            try:
                status = files.status_of(op.target)
                if status is None:
                    op.state = OpState.UNDONE  # somebody removed it already
                elif not files.is_unchanged(status, op.size, op.mtime_ns) or files.digest_of(op.target) != op.digest:
                    self._not_undone(op, "it was changed since it was made")
                else:
                    unchanged.append(op)
            except OSError as error:
                self._not_undone(op, error.strerror or str(error))
        refusal = _throw_away([op.target for op in unchanged], self._trash)
        for op in unchanged:
            if files.status_of(op.target) is None:
                op.state = OpState.UNDONE
                self._report.removed.append(op.target)
            else:
                self._not_undone(op, f"the trash did not take it ({refusal.get(op.target, 'no reason given')})")

    def _restore(self, batch: list[Op]) -> None:
        restore(self._journal, self._run, batch)
        for op in batch:
            if op.state is OpState.UNDONE:
                file = photo_file(op, op.target, op.root)
                self._report.restored.append(Placed(op.photo_id, op.kind, op.target, op.target, file))
            else:
                self._not_undone(op, op.reason)

    def _remove_links(self, batch: list[Op]) -> None:
        for op in batch:
            try:
                link, original = files.status_of(op.target), files.status_of(op.source)
                if link is None:
                    op.state = OpState.UNDONE
                elif original is None:
                    self._not_undone(op, "the original is gone, and this is its last name")
                elif not files.same_file(link, original):
                    self._not_undone(op, "it is another file by now than the original")
                else:
                    files.remove_name(op.target)
                    op.state = OpState.UNDONE
                    self._report.removed.append(op.target)
            except OSError as error:
                self._not_undone(op, error.strerror or str(error))


def _throw_away(paths: Sequence[Path], trash: Trash) -> dict[Path, str]:
    """Send `paths` to the trash, all at once and, where that fails, one by one; returns what it says of the rest."""
    if not paths:
        return {}
    try:
        trash(paths)
        return {}
    except OSError as error:
        refusal = {paths[0]: error.strerror or str(error)}
    for path in paths:
        if files.status_of(path) is not None:
            try:
                trash([path])
            except OSError as error:
                refusal[path] = error.strerror or str(error)
    return refusal
