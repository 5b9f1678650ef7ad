"""Planning and copying: right folders, no collision, nothing overwritten, nothing lost, whatever fails."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections import namedtuple
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from roomnet_core.errors import SortError
from roomnet_core.session.photo import Marks
from roomnet_core.sorting import execute as execution
from roomnet_core.sorting import files, preflight
from roomnet_core.sorting.journal import Journal
from roomnet_core.sorting.naming import MAX_NAME, collision_key, extended_path, numbered, safe_name
from roomnet_core.sorting.plan import SortOptions, SortPlan, make_plan
from roomnet_core.sorting.report import SortReport
from tests.core.sorting.houses import ROOMS, photo, snapshot, write


def execute(plan: SortPlan, **options: Any) -> SortReport:
    with Journal.open() as journal:
        return execution.execute(plan, journal, **options)


def test_rooms_unsure_and_problems_go_where_they_belong(tmp_path: Path) -> None:
    source, target = tmp_path / "in", tmp_path / "out"
    photos = [
        photo(write(source / "a.jpg", b"a"), 0),
        photo(write(source / "b.jpg", b"b"), 1),
        photo(write(source / "c.jpg", b"c"), 1, unsure=True),
        photo(write(source / "d.jpg", b"d"), None),
    ]
    plan = make_plan(photos, ROOMS, SortOptions(target))
    assert not target.exists()
    assert dict(plan.counts()) == {"Bath": 1, "Bed": 1, "Unsure": 1}
    assert [item.reason for item in plan.skipped] == ["it is damaged"]
    report = execute(plan)
    assert snapshot(target) == {"Bath/a.jpg": b"a", "Bed/b.jpg": b"b", "Unsure/c.jpg": b"c"}
    assert len(report.placed) == 3 and not report.failed
    assert (target / "Bath/a.jpg").stat().st_mtime_ns == (source / "a.jpg").stat().st_mtime_ns
    left = make_plan(photos, ROOMS, SortOptions(tmp_path / "other", unsure_folder=None))
    assert [item.reason for item in left.skipped] == ["the room is not sure", "it is damaged"]


def test_a_decision_beats_the_prediction(tmp_path: Path) -> None:
    from dataclasses import replace

    unsure = photo(write(tmp_path / "a.jpg", b"a"), 0, unsure=True)
    plan = make_plan([replace(unsure, marks=Marks(1))], ROOMS, SortOptions(tmp_path / "out"))
    assert [item.target.parent.name for item in plan.items] == ["Bed"]


def test_sorting_twice_and_onto_itself(tmp_path: Path) -> None:
    first = photo(write(tmp_path / "a.jpg", b"a"))
    options = SortOptions(tmp_path)
    execute(make_plan([first], ROOMS, options))
    again = make_plan([photo(tmp_path / "Bath" / "a.jpg", root=tmp_path)], ROOMS, options)
    assert not again.items and again.skipped[0].reason == "it is in its folder already"


def test_a_name_taken_after_the_plan_is_not_overwritten(tmp_path: Path) -> None:
    plan = make_plan([photo(write(tmp_path / "in/a.jpg", b"mine"))], ROOMS, SortOptions(tmp_path / "out"))
    write(tmp_path / "out/Bath/a.jpg", b"theirs")
    report = execute(plan)
    assert snapshot(tmp_path / "out") == {"Bath/a.jpg": b"theirs", "Bath/a (2).jpg": b"mine"}
    assert report.placed[0].new.name == "a (2).jpg"


def test_a_source_that_changed_or_vanished_is_reported_and_the_rest_goes_on(tmp_path: Path) -> None:
    photos = [photo(write(tmp_path / f"in/{name}.jpg", name.encode())) for name in "abc"]
    plan = make_plan(photos, ROOMS, SortOptions(tmp_path / "out"))
    write(tmp_path / "in/a.jpg", b"changed")
    (tmp_path / "in/b.jpg").unlink()
    report = execute(plan)
    assert snapshot(tmp_path / "out") == {"Bath/c.jpg": b"c"}
    assert "changed" in report.skipped[0].reason and "not there" in report.failed[0].reason


def test_cancel_keeps_whole_copies_only(tmp_path: Path) -> None:
    photos = [photo(write(tmp_path / f"in/{n}.jpg", b"x" * 99)) for n in range(5)]
    done: list[int] = []
    report = execute(
        make_plan(photos, ROOMS, SortOptions(tmp_path / "out")),
        progress=lambda number, total: done.append(number),
        cancelled=lambda: len(done) == 2,
    )
    assert report.cancelled and len(snapshot(tmp_path / "out")) == 2


def test_what_cannot_work_is_said_before_anything_is_copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = make_plan([photo(write(tmp_path / "a.jpg", b"a" * 1000))], ROOMS, SortOptions(tmp_path / "out"))
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(preflight.shutil, "disk_usage", lambda path: usage(0, 0, 10))
    with pytest.raises(SortError, match="MB free"):
        execute(plan)
    write(tmp_path / "file", b"")
    with pytest.raises(SortError, match="is not a folder"):
        execute(make_plan([], ROOMS, SortOptions(tmp_path / "file")))
    assert not (tmp_path / "out").exists()


def test_file_systems_without_hard_links(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(self: Path, target: Path) -> None:
        raise FileExistsError(errno.EEXIST, "taken") if self.exists() else OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    plan = make_plan([photo(write(tmp_path / "in/a.jpg", b"mine"))], ROOMS, SortOptions(tmp_path / "out"))
    write(tmp_path / "out/Bath/a.jpg", b"theirs")
    execute(plan)
    assert snapshot(tmp_path / "out") == {"Bath/a.jpg": b"theirs", "Bath/a (2).jpg": b"mine"}


@pytest.mark.parametrize("function", ["fsync", "open", "link", "replace"])
@pytest.mark.parametrize("call", [1, 2, 3])
def test_a_failing_call_leaves_no_half_copy_and_every_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, function: str, call: int
) -> None:
    photos = [photo(write(tmp_path / f"in/{n}.jpg", bytes([n]) * 99)) for n in range(3)]
    write(tmp_path / "out/Bath/1.jpg", b"theirs")
    plan = make_plan(photos, ROOMS, SortOptions(tmp_path / "out"))
    before = snapshot(tmp_path / "in")
    real, calls = getattr(os, function), 0

    def failing(*args: object, **kwargs: object) -> object:
        nonlocal calls
        calls += 1
        if calls == call:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*args, **kwargs)

    monkeypatch.setattr(os, function, failing)
    with contextlib.suppress(SortError):
        execute(plan)
    monkeypatch.undo()
    assert snapshot(tmp_path / "in") == before
    after = snapshot(tmp_path / "out")
    assert after["Bath/1.jpg"] == b"theirs"
    assert set(after.values()) <= {b"theirs", *before.values()}
    assert not [name for name in after if name.endswith(".part")]


NAMES = st.text(st.characters(exclude_characters="/\0", exclude_categories=("Cs",)), min_size=1, max_size=12).filter(
    lambda name: name not in (".", "..") and len(name.encode()) < 200
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(sources=st.lists(st.tuples(NAMES, st.integers(0, 1)), max_size=8), existing=st.lists(NAMES, max_size=4))
def test_no_two_targets_collide_and_none_exists(
    tmp_path: Path, sources: list[tuple[str, int]], existing: list[str]
) -> None:
    photos = [photo(Path("/source") / str(n) / name, room) for n, (name, room) in enumerate(sources)]
    plan = make_plan(photos, ROOMS, SortOptions(tmp_path), listing=lambda folder: existing)
    keys = [(item.target.parent, collision_key(item.target.name)) for item in plan.items]
    assert len(keys) == len(set(keys)) == len(sources)
    assert not {key for _, key in keys} & {collision_key(name) for name in existing}


@given(st.text(max_size=300))
def test_folder_names_are_safe_everywhere(name: str) -> None:
    safe = safe_name(name.encode("utf-8", "replace").decode())
    assert safe and safe == safe.rstrip(". ") and not set(safe) & set('<>:"/\\|?*\0')
    assert len(safe.encode()) <= MAX_NAME and safe not in (".", "..")
    assert safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("com¹ .jpg", "_com¹ .jpg"),
        ("console.jpg", "console.jpg"),
        ("a/b", "a_b"),
        ("end. ", "end"),
        ("", "_"),
        ("..", "_"),
        ("caf\udce9.jpg", "caf_.jpg"),
    ],
)
def test_awkward_folder_names(name: str, expected: str) -> None:
    assert safe_name(name) == expected


def test_numbers_go_before_the_suffix_and_long_names_stay_legal() -> None:
    assert numbered("a.b.jpg", 2) == "a.b (2).jpg"
    assert numbered(".hidden", 3) == ".hidden (3)"
    long = numbered("é" * 125 + ".jpeg", 12)
    assert len(long.encode()) <= MAX_NAME and long.endswith(" (12).jpeg")


@given(st.text(max_size=400), st.integers(1, 10_000))
def test_numbered_names_stay_safe_and_differ(name: str, number: int) -> None:
    safe = safe_name(name)
    result = numbered(safe, number)
    assert len(result.encode()) <= MAX_NAME and result == safe_name(result)
    assert (collision_key(result) == collision_key(safe)) == (number == 1)


def test_long_windows_paths_get_their_prefix() -> None:
    long = "C:\\" + "x" * 300
    assert extended_path(long, windows=True) == "\\\\?\\" + long
    assert extended_path("\\\\server\\share\\" + "x" * 300, windows=True).startswith("\\\\?\\UNC\\server\\share\\")
    assert extended_path("C:\\short", windows=True) == "C:\\short" and extended_path(long, windows=False) == long


@pytest.mark.parametrize("refusal", [None, OSError(errno.EIO, "Input/output error")])
def test_many_copies_are_flushed_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, refusal: OSError | None
) -> None:
    """Where that one call fails, each file is flushed, so that only those of which the disk complains are reported."""
    photos = [photo(write(tmp_path / "in" / f"{n}.jpg", bytes([n]) * 99), number=n) for n in range(40)]
    calls: list[str] = []
    real, fsync = files._syncfs, os.fsync

    def together(path: Path) -> bool:
        calls.append("all")
        if refusal is not None:
            raise refusal
        return real(path)

    def one(descriptor: int) -> None:
        if os.fstat(descriptor).st_size == 99:
            calls.append("one")
            if calls.count("one") == 7 and refusal is not None:
                raise OSError(errno.EIO, "Input/output error")
        fsync(descriptor)

    monkeypatch.setattr(files, "_syncfs", together)
    monkeypatch.setattr(os, "fsync", one)
    report = execute(make_plan(photos, ROOMS, SortOptions(tmp_path / "out")))
    assert calls[0] == "all"
    assert len(report.placed) == 40 - len(report.failed) == len(snapshot(tmp_path / "out"))
    assert len(report.failed) == (0 if refusal is None else 1)
    if refusal is None and sys.platform == "linux":
        assert "one" not in calls
