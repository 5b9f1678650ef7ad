"""The seal of sorting: killed at any call, of any sort of any tree, nothing is lost, and undo gives the tree back."""

from __future__ import annotations

import errno
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.sorting import carrier
from roomnet_core.sorting.execute import execute
from roomnet_core.sorting.journal import Journal, RunState
from roomnet_core.sorting.rewrite import rewrite
from roomnet_core.sorting.undo import recover, redo, undo
from tests.trees import Scene, leave_probes_out, make_scene

# Every call by which a sort touches the disk; `Path` goes through these too.
CALLS = (
    *("open", "close", "read", "write", "lseek", "fsync", "fstat", "stat", "lstat", "mkdir", "rmdir"),
    *("link", "unlink", "replace", "rename", "utime", "chmod", "access"),
)
_T = TypeVar("_T")

# Memory is a file system too, and a second one beside the temporary folder's.
_MEMORY = Path("/dev/shm")


class Killed(BaseException):
    """The process is no more."""


class Killer:
    """Ends the "process" at one call: that call and every later one, also a commit of the journal, does not happen."""

    def __init__(self, last: int | None = None, *, links: bool = True) -> None:
        self.last, self.links = last, links
        self.calls = 0
        self._lock = threading.Lock()

    @contextmanager
    def watch(self) -> Iterator[Killer]:
        real = {name: getattr(os, name) for name in CALLS}
        transaction = Journal._transaction

        def count() -> None:
            with self._lock:
                self.calls += 1
                if self.last is not None and self.calls > self.last:
                    raise Killed

        def wrap(name: str) -> Callable[..., Any]:
            def call(*args: Any, **kwargs: Any) -> Any:
                try:
                    count()
                except Killed:
                    if name == "close":  # the system does that for the dead
                        real[name](*args, **kwargs)
                    raise
                if name == "link" and not self.links:
                    raise OSError(errno.EOPNOTSUPP, "Operation not supported")
                return real[name](*args, **kwargs)

            return call

        @contextmanager
        def counted(journal: Journal) -> Iterator[Any]:
            count()
            with transaction(journal) as connection:
                yield connection

        for name in CALLS:
            setattr(os, name, wrap(name))
        Journal._transaction = counted  # type: ignore[method-assign]
        try:
            yield self
        finally:
            Journal._transaction = transaction  # type: ignore[method-assign]
            for name, function in real.items():
                setattr(os, name, function)


class HypothesisChoices:
    """Names of any script, drawn by hypothesis."""

    def __init__(self, data: st.DataObject) -> None:
        self._data = data

    def integer(self, low: int, high: int) -> int:
        return self._data.draw(st.integers(low, high))

    def pick(self, options: Sequence[_T]) -> _T:
        return self._data.draw(st.sampled_from(options))

    def name(self) -> str:
        characters = st.characters(exclude_characters="/\0", exclude_categories=("Cs",))
        characters |= st.sampled_from("\udc80\udcff")  # bytes that are no UTF-8
        return self._data.draw(st.text(characters, min_size=1, max_size=12))


@contextmanager
def folders() -> Iterator[tuple[Path, Path, Path | None]]:
    """A folder for the scene, one for the journal, and one on another file system, or None where there is none."""
    made = [Path(tempfile.mkdtemp(prefix="roomnet-seal-", dir=_MEMORY if _MEMORY.is_dir() else None))]
    disk = Path(tempfile.mkdtemp(prefix="roomnet-seal-"))
    made.append(disk)
    try:
        other = disk if disk.stat().st_dev != made[0].stat().st_dev else None
        home = made[0] / "home"
        yield home, made[0] / "sorts.sqlite", other
    finally:
        for folder in made:
            shutil.rmtree(folder)


def run_killed(last: int, scene: Scene, path: Path, action: Callable[[Journal], object]) -> bool:
    """Run `action` in a "process" that ends at call `last`; whether it came to its end before."""
    journal = Journal.open(path)
    try:
        with Killer(last, links=scene.links).watch():
            action(journal)
        return True
    except Killed:
        return False
    finally:
        journal.close()


def clean_run(scene: Scene, path: Path) -> tuple[int, dict[str, Any]]:
    """Sort undisturbed, undo, and check; how many calls the sort took, and the tree that it made."""
    with Journal.open(path) as journal:
        with Killer(links=scene.links).watch() as killer:
            report = execute(scene.plan(), journal)
        assert not report.failed and not report.cancelled, report.failed
        scene.check_nothing_is_lost()
        sorted_tree = scene.snapshot()
        left = [name for name in sorted_tree if "roomnet-" in Path(name).name]
        assert not left, left
        if report.run_id is not None:
            undone = undo(journal, report.run_id, trash=scene.throw_away)
            assert not undone.not_undone
            scene.check_all_is_back()
            again = redo(journal, report.run_id)
            assert not again.failed and not again.skipped
            assert scene.snapshot() == sorted_tree
            undo(journal, report.run_id, trash=scene.throw_away)
            assert journal.run(report.run_id).state is RunState.UNDONE
        scene.check_all_is_back()
    path.unlink()
    return killer.calls, sorted_tree


def kill_and_recover(
    scene: Scene, path: Path, kills: Sequence[int], finish: bool, sorted_tree: dict[str, Any]
) -> None:
    """Kill a sort, then its recovery as often as `kills` says; then let the recovery come to its end, and undo."""
    done = run_killed(kills[0], scene, path, lambda journal: execute(scene.plan(), journal))
    scene.check_nothing_is_lost()
    for kill in kills[1:]:
        with Journal.open(path) as journal:
            runs = journal.unfinished()
        if not runs:
            break
        go_on = partial(recover, run_id=runs[0].id, finish=finish, trash=scene.throw_away)
        run_killed(kill, scene, path, go_on)
        scene.check_nothing_is_lost()
    with Journal.open(path) as journal:
        runs = journal.runs()
        if not runs:
            assert not done or not scene.plan().items
        else:
            (run,) = runs
            if run.state in (RunState.DOING, RunState.UNDOING):
                assert journal.unfinished() == [run]
                with Killer(links=scene.links).watch():
                    recover(journal, run.id, finish=finish, trash=scene.throw_away)
                run = journal.run(run.id)
            assert not journal.unfinished()
            if run.state is RunState.DONE:
                leave_probes_out(scene)
                differing = scene.snapshot().items() ^ sorted_tree.items()
                assert not differing, differing
                with Killer(links=scene.links).watch():
                    report = undo(journal, run.id, trash=scene.throw_away)
                assert not report.not_undone
            assert journal.run(run.id).state is RunState.UNDONE
        leave_probes_out(scene)
        scene.check_all_is_back()
    path.unlink()


@settings(max_examples=60)
@given(data=st.data())
def test_any_sort_of_any_tree_killed_at_any_call(data: st.DataObject) -> None:
    choices = HypothesisChoices(data)
    with folders() as (home, path, other), pytest.MonkeyPatch.context() as patch:
        if data.draw(st.booleans(), label="many batches, finished in a thread"):
            patch.setattr(carrier, "BATCH_FILES", 2)
            patch.setattr(carrier, "WORTH_A_THREAD", 0)
        scene = make_scene(choices, home, other)
        calls, sorted_tree = clean_run(scene, path)
        kills = [data.draw(st.integers(0, calls), label="kill")]
        kills += data.draw(st.lists(st.integers(0, calls), max_size=2), label="kills of the recovery")
        kill_and_recover(scene, path, kills, data.draw(st.booleans(), label="finish"), sorted_tree)


def test_rewriting_photos_killed_at_any_call() -> None:
    """Keywords into photos: each has its old or its new content, whole, and undo gives the old one back."""
    with folders() as (tmp_path, journal_path, _):
        old = {tmp_path / "in" / f"{name}.jpg": name.encode() * 40 for name in ("a", "b", "c")}
        (tmp_path / "in").mkdir(parents=True)
        for path, content in old.items():
            path.write_bytes(content)
            os.utime(path, ns=(0, 10**18 + 7))

        def change(path: Path, content: bytes) -> bytes:
            return content[:5] + b"keyword" + content[9:]

        def work(journal: Journal) -> None:
            photos = [
                (number, PhotoFile(path, path.parent, path.stat().st_size, path.stat().st_mtime_ns))
                for number, path in enumerate(old)
            ]
            run_id = rewrite(journal, photos, change, tmp_path).run_id
            assert run_id is not None
            assert [path.read_bytes() for path in old] == [change(path, content) for path, content in old.items()]
            undo(journal, run_id)

        scene = Scene(tmp_path, None)
        with Journal.open(journal_path) as journal, Killer().watch() as counter:
            work(journal)
        for last in range(counter.calls):
            journal_path.unlink()
            assert not run_killed(last, scene, journal_path, work)
            for path, content in old.items():
                assert path.read_bytes() in (content, change(path, content))
            with Journal.open(journal_path) as journal:
                for run in journal.runs():
                    if run.can_undo:
                        assert not undo(journal, run.id).not_undone
            assert {path: path.read_bytes() for path in (tmp_path / "in").iterdir()} == old
            assert {path.stat().st_mtime_ns for path in old} == {10**18 + 7}
