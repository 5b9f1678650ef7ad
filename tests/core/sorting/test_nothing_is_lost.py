"""The seal of sorting: whatever fails at whatever moment, every photo is still there and no copy is half a copy."""

from __future__ import annotations

import errno
import os
import shutil
import stat
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roomnet_core.errors import SortError
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.prediction import Prediction
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.sorting import execute as execution
from roomnet_core.sorting.journal import Journal
from roomnet_core.sorting.naming import collision_key
from roomnet_core.sorting.plan import SortOptions, SortPlan, make_plan
from roomnet_core.sorting.report import SortReport

ROOMS = RoomSet.from_names(["Bath", "Bed"])
# Every call by which a sort touches the disk. `Path` goes through these too.
CALLS = (
    *("open", "close", "read", "write", "fsync", "fstat", "stat", "mkdir", "rmdir"),
    *("link", "unlink", "replace", "utime", "chmod", "access"),
)


def execute(plan: SortPlan, **options: Any) -> SortReport:
    with Journal.open() as journal:
        return execution.execute(plan, journal, **options)


def session_photo(number: int, path: Path, root: Path, room: int) -> SessionPhoto:
    status = path.stat()
    file = PhotoFile(path, root, status.st_size, status.st_mtime_ns)
    return SessionPhoto(number, file, Prediction((0.9, 0.1) if room == 0 else (0.1, 0.9), False))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


class Disk:
    """Counts the calls made inside `watch` and lets those that `fails` names by number go wrong."""

    def __init__(self, fails: Callable[[int, str], BaseException | None] = lambda number, name: None) -> None:
        self.fails, self.calls = fails, 0
        self.failed: list[str] = []

    @contextmanager
    def watch(self) -> Iterator[Disk]:
        real = {name: getattr(os, name) for name in CALLS}

        def wrap(name: str) -> Callable[..., Any]:
            def call(*args: Any, **kwargs: Any) -> Any:
                self.calls += 1
                error = self.fails(self.calls, name)
                if error is None:
                    return real[name](*args, **kwargs)
                if name == "close":  # or the test would leak the descriptor
                    real[name](*args, **kwargs)
                self.failed.append(name)
                raise error

            return call

        for name in CALLS:
            setattr(os, name, wrap(name))
        try:
            yield self
        finally:
            for name, function in real.items():
                setattr(os, name, function)


class Scene:
    """Three photos of one room, two of one name, and somebody's file that has this name already."""

    def __init__(self, folder: Path) -> None:
        self.source, self.target = folder / "in", folder / "out"
        for name, content in (("a/1.jpg", b"one" * 50), ("b/1.jpg", b"two" * 50), ("b/2.jpg", b"three" * 50)):
            (self.source / name).parent.mkdir(parents=True, exist_ok=True)
            (self.source / name).write_bytes(content)
        (self.target / "Bath").mkdir(parents=True)
        (self.target / "Bath" / "1.jpg").write_bytes(b"theirs")
        self.sources = contents(self.source)
        paths = sorted(path for path in self.source.rglob("*") if path.is_file())
        photos = [session_photo(number, path, self.source, 0) for number, path in enumerate(paths)]
        self.plan: SortPlan = make_plan(photos, ROOMS, SortOptions(self.target))

    def check(self, report: SortReport | None, *, parts_may_stay: bool, empty_may_stay: bool = False) -> None:
        assert contents(self.source) == self.sources
        after = contents(self.target)
        assert after.pop("Bath/1.jpg") == b"theirs"
        parts = [name for name in after if name.endswith(".part")]
        assert parts_may_stay or not parts
        whole = {name: content for name, content in after.items() if name not in parts}
        allowed = {*self.sources.values(), *([b""] if empty_may_stay else [])}
        assert set(whole.values()) <= allowed, "a copy is not whole"
        if report is not None:
            done = {item.photo_id for item in report.placed}
            left = {item.photo_id for item in (*report.skipped, *report.failed)}
            assert done | left == {item.photo_id for item in self.plan.items} and not done & left
            for item in report.placed:
                assert item.new.read_bytes() == item.old.read_bytes()


def no_links(monkeypatch: pytest.MonkeyPatch) -> None:
    def link(source: Any, target: Any, **kwargs: Any) -> None:
        raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(os, "link", link)


def count_calls(tmp_path: Path) -> int:
    scene = Scene(tmp_path / "clean")
    with Disk().watch() as disk:
        report = execute(scene.plan)
    assert len(report.placed) == 3
    scene.check(report, parts_may_stay=False)
    return disk.calls


@pytest.mark.parametrize(
    ("code", "links"), [(errno.ENOSPC, True), (errno.EPERM, True), (errno.EIO, False), (errno.EPERM, False)]
)
def test_any_one_call_may_fail(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int, links: bool) -> None:
    if not links:
        no_links(monkeypatch)
    total = count_calls(tmp_path)
    for call in range(1, total + 1):
        scene = Scene(tmp_path / str(call))
        report = None
        disk = Disk(lambda n, name, call=call: OSError(code, os.strerror(code)) if n == call else None)
        with disk.watch(), suppress(SortError):
            report = execute(scene.plan)
        scene.check(report, parts_may_stay="unlink" in disk.failed)


@pytest.mark.parametrize("links", [True, False])
def test_the_disk_may_go_away_and_the_program_may_be_killed_at_any_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool
) -> None:
    if not links:
        no_links(monkeypatch)
    total = count_calls(tmp_path)
    for error in (OSError(errno.ENODEV, "No such device"), KeyboardInterrupt()):
        for call in range(1, total + 1):
            scene = Scene(tmp_path / f"{type(error).__name__}-{call}")
            report = None
            disk = Disk(lambda n, name, call=call, error=error: error if n >= call else None)
            with disk.watch(), suppress(SortError, KeyboardInterrupt):
                report = execute(scene.plan)
            # Nothing can be tidied on a disk that is gone; without links a name may stay reserved by an empty file.
            scene.check(report, parts_may_stay=True, empty_may_stay=not links)


def test_an_interrupt_leaves_nothing_behind(tmp_path: Path) -> None:
    for call in range(1, count_calls(tmp_path) + 1):
        scene = Scene(tmp_path / str(call))
        disk = Disk(lambda n, name, call=call: KeyboardInterrupt() if n == call else None)
        with disk.watch(), suppress(KeyboardInterrupt):
            execute(scene.plan)
        scene.check(None, parts_may_stay="unlink" in disk.failed)


def test_cancelling_in_the_middle_of_a_photo_removes_the_half_copy(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    placed = set()
    for answers in range(30):
        asked = iter([False] * answers)
        report = execute(scene.plan, cancelled=lambda asked=asked: next(asked, True))  # type: ignore[misc]
        assert len(contents(scene.target)) == 1 + len(report.placed) and report.cancelled == (len(report.placed) < 3)
        placed.add(len(report.placed))
        shutil.rmtree(scene.target)
        (scene.target / "Bath").mkdir(parents=True)
        (scene.target / "Bath" / "1.jpg").write_bytes(b"theirs")
    assert placed == {0, 1, 2, 3}


def test_a_copy_that_differs_is_thrown_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(tmp_path)
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, bytes(len(data))))
    report = execute(scene.plan)
    assert len(report.failed) == 3 and "not equal" in report.failed[0].reason
    assert contents(scene.target) == {"Bath/1.jpg": b"theirs"}


def test_short_writes_are_continued(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scene = Scene(tmp_path)
    real = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: real(descriptor, data[:7]))
    scene.check(execute(scene.plan), parts_may_stay=False)


def test_times_and_permissions_are_kept_and_folders_that_stay_empty_go(tmp_path: Path) -> None:
    path = tmp_path / "in" / "a.jpg"
    path.parent.mkdir()
    path.write_bytes(b"a")
    os.utime(path, ns=(10**18, 10**18 + 123_456_789))
    path.chmod(0o444)
    gone = tmp_path / "in" / "b.jpg"
    gone.write_bytes(b"b")
    photos = [session_photo(1, path, tmp_path, 0), session_photo(2, gone, tmp_path, 1)]
    plan = make_plan(photos, ROOMS, SortOptions(tmp_path / "deep" / "out"))
    gone.unlink()
    report = execute(plan)
    copy = report.placed[0].new.stat()
    assert copy.st_mtime_ns == path.stat().st_mtime_ns and stat.S_IMODE(copy.st_mode) == 0o444
    assert [item.photo_id for item in report.failed] == [2]
    assert sorted(entry.name for entry in (tmp_path / "deep" / "out").iterdir()) == ["Bath"]


def test_a_file_where_a_room_folder_should_be_and_a_folder_in_other_capitals(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"a")
    photos = [session_photo(1, path, tmp_path, 0)]
    (tmp_path / "out" / "BATH").mkdir(parents=True)
    plan = make_plan(photos, ROOMS, SortOptions(tmp_path / "out"))
    assert plan.items[0].target == tmp_path / "out" / "BATH" / "a.jpg"
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "Bath").write_bytes(b"a file")
    with pytest.raises(SortError, match="not a folder"):
        execute(make_plan(photos, ROOMS, SortOptions(tmp_path / "other")))


def test_a_link_to_nowhere_holds_its_name(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(b"a")
    plan = make_plan([session_photo(1, path, tmp_path, 0)], ROOMS, SortOptions(tmp_path / "out"))
    (tmp_path / "out" / "Bath").mkdir(parents=True)
    (tmp_path / "out" / "Bath" / "a.jpg").symlink_to(tmp_path / "nowhere")
    assert [item.new.name for item in execute(plan).placed] == ["a (2).jpg"]
    assert not (tmp_path / "nowhere").exists()


STEMS = st.sampled_from(["a", "A", "é", "e\u0301", "ß", "ss", "con", "a (2)", "x" * 200, "x" * 199 + "y", "a."])
FILES = st.lists(st.tuples(st.integers(0, 3), STEMS, st.integers(0, 2), st.integers(0, 1)), max_size=8)


@settings(max_examples=60)
@given(files=FILES, there=st.lists(st.tuples(STEMS, st.integers(0, 1)), max_size=4), inside=st.booleans())
def test_any_folder_sorts_without_loss_and_sorting_again_copies_nothing(
    files: list[tuple[int, str, int, int]], there: list[tuple[str, int]], inside: bool
) -> None:
    folder = Path(tempfile.mkdtemp(prefix="roomnet-sort-"))
    try:
        source = folder / "in"
        target = source / "sorted" if inside else folder / "out"
        rooms: dict[Path, int] = {}
        for number, (subfolder, stem, content, room) in enumerate(files):
            path = source / str(subfolder) / f"{stem}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(bytes([65 + content]) * 9)
            os.utime(path, ns=(0, 10**18 + number * 10**10))
            rooms[path] = room
        for stem, room in there:
            path = target / ROOMS.names[room] / f"{stem}.jpg"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b"theirs")
        before = contents(folder)
        photos = [session_photo(n, path, source, room) for n, (path, room) in enumerate(rooms.items())]
        plan = make_plan(photos, ROOMS, SortOptions(target))
        assert plan == make_plan(photos, ROOMS, SortOptions(target)) and contents(folder) == before
        keys = {(item.target.parent, collision_key(item.target.name)) for item in plan.items}
        assert len(keys) == len(plan.items) == len(photos)
        report = execute(plan)
        after = contents(folder)
        assert {name: after[name] for name in before} == before, "a file that was there changed"
        assert [item.new for item in report.placed] == [item.target for item in plan.items]
        assert len(after) == len(before) + len(photos)
        for item in report.placed:
            assert item.new.read_bytes() == item.old.read_bytes()
        again = make_plan(photos, ROOMS, SortOptions(target))
        assert not again.items and len(again.skipped) == len(photos)
    finally:
        shutil.rmtree(folder)
