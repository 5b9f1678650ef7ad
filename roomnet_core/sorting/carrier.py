"""Brings files to their places, in batches: forward for a sort, backward for its undo. The heart of the safety.

For each batch, in this order:

1. Files that must be copied (a copy, or a move to another file system) become `.part` files beside their target,
   compared with the original by size and hash.
2. The parts are flushed to the disk, and the journal learns of them.
3. Every file gets its name, by calls that fail where the name is taken. The folders are flushed.
4. Only now, for a move, the old names are removed; then the journal learns that the batch is done.

The journal knew every file and every name before the first step, so wherever this is interrupted, `settle` can tell by
looking what was done. A photo and its companions are one group: all get their new names, or none.
"""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import stat
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from roomnet_core.sorting import files
from roomnet_core.sorting.batches import Finisher, Group, batches, threads
from roomnet_core.sorting.journal import Journal, Kind, Op, OpState, Run
from roomnet_core.sorting.naming import collision_key, group_names, safe_name, split_name

BATCH_FILES = 256
BATCH_BYTES = 64 << 20
WORTH_A_THREAD = 4 << 20  # bytes to copy or to flush
_COPY_THREADS = 2  # more only make a disk's head run about


@dataclass(slots=True)
class _Move:
    """One file of a batch on its way from `start` to `end`."""

    op: Op
    staged: bool = False  # by a `.part` file
    status: os.stat_result | None = None  # of `start`
    named: bool = False  # `end` is there
    two_names: bool = False  # and `start` is another name of it
    removed: bool = False  # `start` is gone
    stuck: bool = False  # could not be taken back


@dataclass(slots=True)
class _Failure(Exception):
    """The group of one file cannot go."""

    reason: str
    changed: bool = False


@dataclass(slots=True)
class Carrier:
    """Carries the groups of one run. `backward`: from the target to the source, for an undo of moves."""

    journal: Journal
    run: Run
    backward: bool = False
    cancelled: files.Cancelled = lambda: False
    advance: Callable[[int], None] = lambda groups: None  # called with the number of groups done
    planned: set[tuple[Path, str]] = field(default_factory=set)  # names that belong to other files of the run
    changed: set[int] = field(default_factory=set)  # groups that failed because a file is not what was looked at
    stopped: bool = False
    _devices: dict[Path, int] = field(default_factory=dict)
    _round: int = -1

    def carry(self, groups: Iterable[Group]) -> None:
        """Bring every group to its place or give its files a `reason` why not. Ends early once `cancelled` says so.

        While one batch is flushed and gets its names, the next one is copied.
        """
        with Finisher() as finisher:
            for batch in batches(groups, BATCH_FILES, BATCH_BYTES):
                if batch[0][0].round != self._round:  # the names that it wants may only just become free
                    finisher.wait()
                    self._round = batch[0][0].round
                on_the_way = self._stage_all(batch)
                staged = sum(move.op.size for moves in on_the_way for move in moves if move.staged)
                finisher.finish(
                    partial(self._finish, batch, on_the_way),
                    partial(self._remove_parts, batch),
                    beside=staged >= WORTH_A_THREAD,
                )
                if self.stopped:
                    break

    # --- one batch

    def _stage_all(self, batch: list[Group]) -> list[list[_Move]]:
        on_the_way = []
        copies = sum(op.size for group in batch for op in group if op.kind is Kind.COPY)
        try:
            with threads(_COPY_THREADS if copies >= WORTH_A_THREAD else 0) as start:
                for group, result in [(group, start(partial(self._stage, group))) for group in batch]:
                    try:
                        on_the_way.append(result())
                    except files.Stopped:  # so will the rest of the batch be, but for what another thread has begun
                        self.stopped = True
                        continue
                    except _Failure as failure:
                        self._fail(group, failure)
                    self.advance(1)
        except BaseException:
            self._remove_parts(batch)
            raise
        return on_the_way

    def _finish(self, batch: list[Group], on_the_way: list[list[_Move]]) -> None:
        """Everything after the copying."""
        try:
            self._flush_parts(on_the_way)
            staged = [move.op for moves in on_the_way for move in moves if move.staged]
            if staged:
                self.journal.update(self.run.id, staged)
            self._name_all(on_the_way)
            for folder in {self._end(move.op).parent for moves in on_the_way for move in moves if move.named}:
                files.flush_folder(folder)
            self._remove_starts(on_the_way)
        except BaseException:
            self._remove_parts(batch)
            raise
        self.journal.update(self.run.id, (op for group in batch for op in group))

    def _remove_parts(self, batch: list[Group]) -> None:
        for group in batch:
            for op in group:
                with contextlib.suppress(OSError):
                    files.remove_name(self.part(op))

    def _stage(self, group: Group) -> list[_Move]:
        """Look at each file of the group and copy those that must be copied."""
        moves: list[_Move] = []
        try:
            for op in group:
                if self.cancelled():
                    raise files.Stopped
                try:
                    moves.append(self._stage_one(op))
                except OSError as error:
                    raise _failure(self._start(op), error) from error
        except BaseException:
            for op in group:
                with contextlib.suppress(OSError):
                    files.remove_name(self.part(op))
                op.state = OpState.DONE if self.backward else OpState.PLANNED
            raise
        return moves

    def _stage_one(self, op: Op) -> _Move:
        start, end = self._start(op), self._end(op)
        status = files.status_of(start)
        if status is None:
            raise _Failure("it is not there any more")
        if stat.S_ISLNK(status.st_mode) and op.kind is not Kind.COPY:
            raise _Failure("it is a link to another file, of which only a copy can be made")
        if op.kind is Kind.COPY:
            status = files.io_path(start).stat()
        self._check(op, status)
        if self._device_of(end.parent) == status.st_dev and op.kind is not Kind.COPY:
            return _Move(op, status=status)
        return self._copy(op)

    def _check(self, op: Op, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode):
            raise _Failure("it is no file any more", changed=True)
        if not self.backward and (op.size, op.mtime_ns) not in ((0, 0), (status.st_size, status.st_mtime_ns)):
            raise _Failure("it changed since it was looked at", changed=True)
        op.size, op.mtime_ns = status.st_size, status.st_mtime_ns

    def _copy(self, op: Op) -> _Move:
        part = self.part(op)
        try:
            status, digest = files.copy(self._start(op), part, self.cancelled)
        except FileExistsError:  # the part of an earlier attempt
            files.remove_name(part)
            status, digest = files.copy(self._start(op), part, self.cancelled)
        self._check(op, status)
        if op.kind is Kind.LINK:
            op.kind = Kind.COPY
        op.digest, op.inode = digest, files.inode(files.io_path(part).stat())
        op.state = OpState.RETURNING if self.backward else OpState.STAGED
        return _Move(op, staged=True, status=status)

    def _flush_parts(self, on_the_way: list[list[_Move]]) -> None:
        by_device: dict[int, list[Path]] = {}
        only_copies: list[Path] = []  # of moves: the original will go
        for move in (move for moves in on_the_way for move in moves if move.staged):
            if move.op.kind is Kind.MOVE:
                only_copies.append(self.part(move.op))
            else:
                by_device.setdefault(self._device_of(self._end(move.op).parent), []).append(self.part(move.op))
        try:
            files.flush(only_copies)
            for parts in by_device.values():
                files.flush_file_system(parts)
        except OSError:  # find out whose it was
            for moves in list(on_the_way):
                try:
                    for move in moves:
                        if move.staged:
                            files.flush([self.part(move.op)])
                except OSError as error:
                    on_the_way.remove(moves)
                    self._fail([move.op for move in moves], _failure(self._start(moves[0].op), error))

    def _name_all(self, on_the_way: list[list[_Move]]) -> None:
        for moves in list(on_the_way):
            try:
                self._name_group(moves)
            except OSError as error:
                on_the_way.remove(moves)
                self._give_up(moves, _failure(self._end(moves[0].op), error))

    def _name_group(self, moves: list[_Move]) -> None:
        """Give every file of the group its name, or all of them the next names that are free."""
        wanted = [self._end(move.op) for move in moves]
        for number in itertools.count(1):
            if number > 1:
                ends = self._other_names(wanted, number)
                if any((end.parent, collision_key(end.name)) in self.planned for end in ends):
                    continue
                if any(files.status_of(end) is not None for end in ends):
                    continue
                for move, end in zip(moves, ends, strict=True):
                    self._set_end(move.op, end)
                self.journal.update(self.run.id, [move.op for move in moves])
                self.planned.update((end.parent, collision_key(end.name)) for end in ends)
            try:
                for move in moves:
                    self._name(move)
                return
            except FileExistsError:
                self._take_back(moves)

    def _name(self, move: _Move) -> None:
        op, start, end = move.op, self._start(move.op), self._end(move.op)
        if not move.staged:
            try:
                if op.kind is Kind.LINK:
                    files.link(start, end)
                    move.two_names = True
                else:
                    move.two_names = files.name_without_replacing(start, end)
                move.named, move.removed = True, not move.two_names
                return
            except FileExistsError:
                raise
            except OSError as error:
                if error.errno not in ((errno.EXDEV,) if op.kind is Kind.MOVE else files.NO_LINKS):
                    raise
            # Two mounts of one device, or a file that cannot have a second name: only a copy gets there.
            copy = self._copy(op)
            move.staged, move.status = True, copy.status
            files.flush([self.part(op)])
            self.journal.update(self.run.id, [op])
        two_names = files.name_without_replacing(self.part(op), end)
        move.named = True
        if two_names:
            files.remove_name(self.part(op))

    def _remove_starts(self, on_the_way: list[list[_Move]]) -> None:
        folders = set()
        for moves in on_the_way:
            try:
                for move in moves:
                    if move.op.kind is Kind.MOVE and not move.removed and self._may_remove_start(move):
                        files.remove_name(self._start(move.op))
                        folders.add(self._start(move.op).parent)
                        move.removed = True
            except OSError as error:
                self._give_up(moves, _failure(self._start(moves[0].op), error))
                continue
            for move in moves:
                move.op.state = OpState.UNDONE if self.backward else OpState.DONE
        for folder in folders:
            files.flush_folder(folder)

    def _may_remove_start(self, move: _Move) -> bool:
        """Whether what has the old name still is what was moved. Somebody may have saved a new version meanwhile."""
        now = files.status_of(self._start(move.op))
        end = files.status_of(self._end(move.op))
        if now is None or end is None:
            return False
        if move.two_names:
            same = files.same_file(now, end)
        else:
            before = move.status
            assert before is not None
            same = (now.st_size, now.st_mtime_ns, now.st_ino) == (before.st_size, before.st_mtime_ns, before.st_ino)
        if not same:
            move.op.reason = "it was changed while it was moved: the new version stays where it was"
        return same

    # --- when something fails

    def _give_up(self, moves: list[_Move], failure: _Failure) -> None:
        self._take_back(moves)
        self._fail([move.op for move in moves], failure, [move.op for move in moves if move.stuck])

    def _take_back(self, moves: list[_Move]) -> None:
        """Take the names back that a group got, so that all its files are where they were."""
        for move in reversed(moves):
            if move.named:
                try:
                    self._take_back_one(move)
                except OSError as error:  # then it is in its new place, and stays recorded so
                    move.op.state = OpState.UNDONE if self.backward else OpState.DONE
                    move.op.reason = f"it could not be brought back: {error.strerror or error}"
                    move.stuck = True

    def _take_back_one(self, move: _Move) -> None:
        start, end = self._start(move.op), self._end(move.op)
        now, there = files.status_of(start), files.status_of(end)
        if there is not None:
            if move.removed:
                files.put_back(end, start, part_of(self.run, move.op, start.parent))
            elif move.staged and now is not None:
                # The part keeps the copy for another name.
                if files.name_without_replacing(end, self.part(move.op)):
                    files.remove_name(end)
            elif now is not None and files.same_file(now, there):
                files.remove_name(end)
        move.named = move.two_names = move.removed = False

    def _fail(self, group: Group, failure: _Failure, stuck: Iterable[Op] = ()) -> None:
        """Record that `group` stays where it is, but for those of its files that are `stuck` in their new place."""
        for op in group:
            if any(op is other for other in stuck):
                continue
            with contextlib.suppress(OSError):
                files.remove_name(self.part(op))
            op.state = OpState.DONE if self.backward else OpState.FAILED
            op.reason = failure.reason
        if failure.changed:
            self.changed.add(group[0].group)

    # --- directions

    def _start(self, op: Op) -> Path:
        return op.target if self.backward else op.source

    def _end(self, op: Op) -> Path:
        return op.source if self.backward else op.target

    def _set_end(self, op: Op, end: Path) -> None:
        if self.backward:
            op.source = end
        else:
            op.target = end

    def part(self, op: Op) -> Path:
        """The temporary file of `op`, which nobody else makes."""
        return part_of(self.run, op, self._end(op).parent)

    def _other_names(self, wanted: list[Path], number: int) -> list[Path]:
        """` (2)` for a sort, ` (restored)` for what comes back."""
        stem = split_name(wanted[0].name)[0]
        if self.backward:
            again = "" if number == 2 else f" {number - 1}"
            return [
                end.with_name(safe_name(f"{stem} (restored{again}){end.name.removeprefix(stem)}")) for end in wanted
            ]
        names = group_names(stem, [end.name.removeprefix(stem) for end in wanted], number)
        return [end.with_name(name) for end, name in zip(wanted, names, strict=True)]

    def _device_of(self, folder: Path) -> int:
        """The file system of `folder`, which is made if it is not there."""
        if folder not in self._devices:
            files.make_folder(folder)
            self._devices[folder] = files.io_path(folder).stat().st_dev
        return self._devices[folder]


def part_of(run: Run, op: Op, folder: Path) -> Path:
    """The temporary file of `op` in `folder`."""
    return folder / f".roomnet-{run.token}-{op.seq}.part"


def _failure(path: Path, error: OSError) -> _Failure:
    if isinstance(error, files.SourceChanged):
        return _Failure(str(error.strerror), changed=True)
    # Of a group, name the file that the system refused.
    refused = Path(os.fsdecode(error.filename)).name if isinstance(error.filename, str | bytes | os.PathLike) else ""
    name = path.name if not refused or refused.startswith(".roomnet-") else refused
    return _Failure(f"{name}: {error.strerror or error}")
