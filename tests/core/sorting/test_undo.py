"""Undo after restarts: what goes back, what stays and why; the journal; interruptions; the trash."""

from __future__ import annotations

import multiprocessing
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from roomnet_core.errors import JournalError, SortError
from roomnet_core.sorting.execute import execute
from roomnet_core.sorting.journal import SCHEMA, Journal, Kind, RunState
from roomnet_core.sorting.plan import Mode, SortOptions, SortPlan, make_plan
from roomnet_core.sorting.report import SortReport
from roomnet_core.sorting.undo import recover, redo, undo
from tests.core.sorting.houses import ROOMS, photo, snapshot, write
from tests.patience import PATIENCE_SECONDS


@pytest.fixture
def journal() -> Iterator[Journal]:
    with Journal.open() as opened:
        yield opened


@pytest.fixture
def trash(tmp_path: Path) -> Callable[[Sequence[Path]], None]:
    folder = tmp_path / "trash"
    folder.mkdir()

    def throw_away(paths: Sequence[Path]) -> None:
        for path in paths:
            path.rename(folder / f"{len(list(folder.iterdir()))} {path.name}")

    return throw_away


def plan_of(tmp_path: Path, mode: Mode, names: Sequence[str] = ("a", "b", "c")) -> SortPlan:
    photos = [
        photo(write(tmp_path / "in" / f"{name}.jpg", os.fsencode(name) * 9), 0, number=number)
        for number, name in enumerate(names, start=1)
    ]
    return make_plan(photos, ROOMS, SortOptions(tmp_path / "out", mode))


def sort(tmp_path: Path, journal: Journal, mode: Mode) -> SortReport:
    report = execute(plan_of(tmp_path, mode), journal)
    assert report.photos == 3 and report.run_id is not None
    return report


def test_a_move_is_followed_and_goes_back(tmp_path: Path, journal: Journal) -> None:
    plan = plan_of(tmp_path, Mode.MOVE)
    before = snapshot(tmp_path / "in")
    report = execute(plan, journal)
    assert snapshot(tmp_path / "in") == {}
    files = report.relocated()
    assert sorted(files) == [1, 2, 3]
    assert files[1].path == tmp_path / "out/Bath/a.jpg" and files[1].root == tmp_path / "out"
    assert (files[1].size, files[1].mtime_ns) == (9, files[1].path.stat().st_mtime_ns)
    assert report.moves()[tmp_path / "in/a.jpg"] == tmp_path / "out/Bath/a.jpg"
    assert report.run_id is not None
    undone = undo(journal, report.run_id)
    assert snapshot(tmp_path / "in") == before and not (tmp_path / "out").exists()
    assert {number: file.path.name for number, file in undone.relocated().items()} == {
        1: "a.jpg",
        2: "b.jpg",
        3: "c.jpg",
    }
    assert undone.relocated()[1].root == tmp_path / "in"
    with pytest.raises(JournalError, match="undone already"):
        undo(journal, report.run_id)


def test_a_file_that_was_edited_after_its_move_goes_back_as_it_is(tmp_path: Path, journal: Journal) -> None:
    report = sort(tmp_path, journal, Mode.MOVE)
    write(tmp_path / "out/Bath/a.jpg", b"edited")
    undone = undo(journal, report.run_id or 0)
    assert not undone.not_undone and (tmp_path / "in/a.jpg").read_bytes() == b"edited"


def test_an_old_place_that_is_taken_is_not_overwritten(tmp_path: Path, journal: Journal) -> None:
    report = sort(tmp_path, journal, Mode.MOVE)
    write(tmp_path / "in/a.jpg", b"new")
    write(tmp_path / "in/b.jpg", b"new")
    write(tmp_path / "in/b (restored).jpg", b"new")
    undone = undo(journal, report.run_id or 0)
    assert {name: content[:1] for name, content in snapshot(tmp_path / "in").items()} == {
        "a.jpg": b"n",
        "a (restored).jpg": b"a",
        "b.jpg": b"n",
        "b (restored).jpg": b"n",
        "b (restored 2).jpg": b"b",
        "c.jpg": b"c",
    }
    assert undone.relocated()[1].path.name == "a (restored).jpg"


def test_copies_go_to_the_trash_unless_they_were_changed(
    tmp_path: Path, journal: Journal, trash: Callable[[Sequence[Path]], None]
) -> None:
    report = sort(tmp_path, journal, Mode.COPY)
    assert report.relocated() == {}
    copy = tmp_path / "out/Bath/a.jpg"
    times = copy.stat()
    write(copy, b"A" * 9)  # same size, and the time is put back: only the hash tells
    os.utime(copy, ns=(times.st_atime_ns, times.st_mtime_ns))
    (tmp_path / "out/Bath/b.jpg").unlink()
    write(tmp_path / "out/Bath/mine.txt", b"mine")
    undone = undo(journal, report.run_id or 0, trash=trash)
    assert [left.path for left in undone.not_undone] == [copy]
    assert "changed" in undone.not_undone[0].reason
    assert snapshot(tmp_path / "out") == {"Bath/a.jpg": b"A" * 9, "Bath/mine.txt": b"mine"}
    assert [content for content in snapshot(tmp_path / "trash").values()] == [b"c" * 9]
    assert journal.runs()[0].state is RunState.PARTLY_UNDONE
    copy.unlink()
    assert not undo(journal, report.run_id or 0, trash=trash).not_undone
    assert journal.runs()[0].state is RunState.UNDONE


def test_nothing_is_deleted_where_there_is_no_trash(tmp_path: Path, journal: Journal) -> None:
    report = sort(tmp_path, journal, Mode.COPY)

    def no_trash(paths: Sequence[Path]) -> None:
        raise OSError("Cannot find a trash on this drive")

    undone = undo(journal, report.run_id or 0, trash=no_trash)
    assert len(undone.not_undone) == 3 and "Cannot find a trash" in undone.not_undone[0].reason
    assert len(snapshot(tmp_path / "out")) == 3


def test_the_systems_trash(tmp_path: Path) -> None:
    """In a process of its own: the library looks up where the trash is when it is imported."""
    if sys.platform != "linux":
        pytest.skip("looks into the trash of the freedesktop standard")
    program = (
        "import sys; from pathlib import Path; from roomnet_core.sorting.journal import Journal\n"
        "from roomnet_core.sorting.execute import execute; from roomnet_core.sorting.undo import undo\n"
        "from roomnet_core.sorting.plan import Mode; from tests.core.sorting.test_undo import plan_of\n"
        "journal = Journal.open(); report = execute(plan_of(Path(sys.argv[1]), Mode.COPY), journal)\n"
        "undone = undo(journal, report.run_id); print(len(undone.removed), undone.not_undone)\n"
    )
    environment = {**os.environ, "XDG_DATA_HOME": str(tmp_path / "data")}
    answer = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path)], env=environment, capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "3 []"
    assert snapshot(tmp_path / "data/Trash/files") == {f"{name}.jpg": name.encode() * 9 for name in "abc"}
    assert not (tmp_path / "out").exists() and len(snapshot(tmp_path / "in")) == 3


def test_a_link_goes_only_while_the_original_is_there(tmp_path: Path, journal: Journal) -> None:
    report = sort(tmp_path, journal, Mode.LINK)
    assert (tmp_path / "in/a.jpg").samefile(tmp_path / "out/Bath/a.jpg")
    (tmp_path / "in/a.jpg").unlink()
    (tmp_path / "in/b.jpg").unlink()
    write(tmp_path / "in/b.jpg", b"b" * 9)
    undone = undo(journal, report.run_id or 0)
    assert sorted(left.path.name for left in undone.not_undone) == ["a.jpg", "b.jpg"]
    assert snapshot(tmp_path / "out") == {"Bath/a.jpg": b"a" * 9, "Bath/b.jpg": b"b" * 9}


def test_redo(tmp_path: Path, journal: Journal) -> None:
    report = sort(tmp_path, journal, Mode.MOVE)
    with pytest.raises(JournalError, match="not undone"):
        redo(journal, report.run_id or 0)
    done = snapshot(tmp_path / "out")
    undo(journal, report.run_id or 0)
    write(tmp_path / "in/c.jpg", b"changed since")
    again = redo(journal, report.run_id or 0)
    assert again.photos == 2 and [skipped.photo_id for skipped in again.skipped] == [3]
    assert snapshot(tmp_path / "out") == {name: done[name] for name in ("Bath/a.jpg", "Bath/b.jpg")}
    assert (tmp_path / "in/c.jpg").read_bytes() == b"changed since"


def test_what_was_cancelled_can_be_finished_or_undone(tmp_path: Path, journal: Journal) -> None:
    for finish in (True, False):
        plan = plan_of(tmp_path, Mode.MOVE)
        before = snapshot(tmp_path / "in")
        asked = iter([False, True])
        report = execute(plan, journal, cancelled=lambda asked=asked: next(asked, True))  # type: ignore[misc]
        run = journal.runs()[0]
        assert report.cancelled and report.photos == 1
        assert run.state is RunState.STOPPED and run.can_finish and run.can_undo and run.done == 1
        assert not journal.unfinished()  # it is no crash
        recover(journal, run.id, finish=finish)
        assert len(snapshot(tmp_path / "out") if finish else {}) == (3 if finish else 0)
        if finish:
            undo(journal, run.id)
        assert snapshot(tmp_path / "in") == before
        with pytest.raises(JournalError):
            recover(journal, run.id, finish=finish)


def _hold(path: Path, ready: multiprocessing.synchronize.Event, end: multiprocessing.synchronize.Event) -> None:
    with Journal.open(path) as journal, journal.lock().held():
        journal.begin(Kind.COPY, path.parent, [])
        ready.set()
        end.wait(600)


def test_a_run_whose_process_is_at_work_is_no_crash(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    ready, end = context.Event(), context.Event()
    path = tmp_path / "sorts.sqlite"
    process = context.Process(target=_hold, args=(path, ready, end))
    process.start()
    try:
        assert ready.wait(PATIENCE_SECONDS)
        with Journal.open(path) as journal:
            assert journal.runs()[0].state is RunState.DOING
            assert not journal.unfinished()
            with pytest.raises(SortError, match="Another window"):
                execute(plan_of(tmp_path, Mode.COPY), journal)
            assert not (tmp_path / "out").exists() or not snapshot(tmp_path / "out")
            process.kill()
            process.join()
            assert [run.id for run in journal.unfinished()] == [1]
    finally:
        process.kill()
        process.join()


def test_names_that_are_no_utf8_come_back(tmp_path: Path, journal: Journal) -> None:
    name = "caf\udce9"
    try:
        write(tmp_path / "in" / f"{name}.jpg", b"x")
    except (OSError, UnicodeError):
        pytest.skip("this file system takes only UTF-8")
    report = execute(plan_of(tmp_path, Mode.MOVE, [name]), journal)
    assert [placed.new.name for placed in report.placed] == ["caf_.jpg"]
    with Journal.open(journal.path) as reopened:
        undo(reopened, report.run_id or 0)
    assert [path.name for path in (tmp_path / "in").iterdir()] == [f"{name}.jpg"]


def test_a_journal_of_a_newer_program_or_a_damaged_one_is_refused(tmp_path: Path) -> None:
    newer = tmp_path / "newer.sqlite"
    Journal.open(newer).close()
    connection = sqlite3.connect(newer)
    connection.execute(f"PRAGMA user_version = {SCHEMA + 1}")
    connection.close()
    with pytest.raises(JournalError, match="newer RoomNet"):
        Journal.open(newer)
    damaged = write(tmp_path / "damaged.sqlite", b"SQLite format 3\0" + b"nonsense" * 1000)
    with pytest.raises(JournalError, match="damaged"):
        Journal.open(damaged)
    assert damaged.read_bytes().startswith(b"SQLite format 3\0nonsense")
    write(tmp_path / "file", b"")
    with pytest.raises(JournalError, match="cannot be used"):
        Journal.open(tmp_path / "file" / "sorts.sqlite")


def test_the_journal_is_durable_at_each_commit(journal: Journal) -> None:
    assert journal._connection.execute("PRAGMA synchronous").fetchone()[0] == 2  # FULL
    assert journal._connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal"
