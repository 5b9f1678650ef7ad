"""Real file systems and real refusals: a second drive, a full one, folders that may not be changed."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from roomnet_core.errors import SortError
from roomnet_core.sorting import preflight
from roomnet_core.sorting.execute import execute
from roomnet_core.sorting.journal import Journal
from roomnet_core.sorting.plan import Mode, SortOptions, make_plan
from roomnet_core.sorting.preflight import check
from roomnet_core.sorting.undo import undo
from tests.core.sorting.houses import ROOMS, photo, snapshot, write


@contextmanager
def drive(megabytes: int) -> Iterator[Path]:
    """A small drive of its own, a tmpfs; skips where nobody may mount one."""
    folder = Path(tempfile.mkdtemp(prefix="roomnet-drive-"))
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "roomnet-test", str(folder)]
    try:
        if sys.platform != "linux" or os.geteuid() != 0 or subprocess.run(command, capture_output=True).returncode:
            pytest.skip("needs the right to mount a small drive (root on Linux)")
        try:
            yield folder
        finally:
            subprocess.run(["umount", str(folder)], check=True)
    finally:
        folder.rmdir()


def photos_in(folder: Path, sizes: list[int]) -> list:  # type: ignore[type-arg]
    return [
        photo(write(folder / f"{number}.jpg", bytes([number]) * size), number=number)
        for number, size in enumerate(sizes, start=1)
    ]


def test_a_move_to_another_drive_and_back(tmp_path: Path) -> None:
    with drive(8) as other, Journal.open() as journal:
        photos = photos_in(tmp_path / "in", [3_000_000, 5, 700_000])
        os.utime(photos[1].file.path, ns=(0, 10**18 + 123_456_789))
        (tmp_path / "in/2.jpg").chmod(0o444)
        photos[1] = photo(tmp_path / "in/2.jpg", number=2)
        before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in (tmp_path / "in").iterdir()}
        plan = make_plan(photos, ROOMS, SortOptions(other / "out", Mode.MOVE))
        found = check(plan)
        assert not found.same_device and found.needed_bytes > 3_700_000 and "another drive" in found.notes[0]
        report = execute(plan, journal)
        assert report.photos == 3 and snapshot(tmp_path / "in") == {}
        moved = other / "out/Bath/2.jpg"
        assert moved.stat().st_mtime_ns == 10**18 + 123_456_789 and moved.stat().st_mode & 0o777 == 0o444
        assert not undo(journal, report.run_id or 0).not_undone
        after = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in (tmp_path / "in").iterdir()}
        assert after == before and not (other / "out").exists()


@pytest.mark.parametrize("mode", [Mode.MOVE, Mode.COPY])
def test_a_drive_that_fills_up_half_way(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: Mode) -> None:
    with drive(4) as other, Journal.open() as journal:
        plan = make_plan(photos_in(tmp_path / "in", [1_500_000] * 4), ROOMS, SortOptions(other / "out", mode))
        with pytest.raises(SortError, match="MB free"):
            execute(plan, journal)
        assert not list(other.iterdir()) and not journal.runs()
        # Somebody else fills it meanwhile, so that the look before the start does not help.
        monkeypatch.setattr(preflight, "_SPARE", 0.0)
        before = snapshot(tmp_path / "in")
        report = execute(plan, journal)
        # Two are copied side by side: what is left may be enough for either, and both may find that it is not.
        assert report.photos in (1, 2) and report.photos + len(report.failed) == 4
        assert all("No space left" in photo.reason for photo in report.failed)
        contents = {**snapshot(tmp_path / "in"), **{Path(n).name: c for n, c in snapshot(other / "out").items()}}
        assert contents == before and len(snapshot(other)) == report.photos
        assert len(snapshot(tmp_path / "in")) == (4 - report.photos if mode is Mode.MOVE else 4)


def test_links_to_another_drive_become_copies_and_that_is_said(tmp_path: Path) -> None:
    with drive(4) as other, Journal.open() as journal:
        plan = make_plan(photos_in(tmp_path / "in", [9, 9]), ROOMS, SortOptions(other / "out", Mode.LINK))
        report = execute(plan, journal)
        assert report.photos == 2 and any("copied" in note for note in report.notes)
        assert len(snapshot(tmp_path / "in")) == 2


def test_a_destination_that_may_only_be_read(tmp_path: Path) -> None:
    with drive(4) as other, Journal.open() as journal:
        subprocess.run(["mount", "-o", "remount,ro", str(other)], check=True)
        plan = make_plan(photos_in(tmp_path / "in", [9]), ROOMS, SortOptions(other / "out"))
        with pytest.raises(SortError, match="cannot be written to"):
            execute(plan, journal)
        assert not journal.runs()


_AS_NOBODY = """
import os, sys, tempfile
from pathlib import Path
os.environ["ROOMNET_DATA_DIR"] = sys.argv[1] + "/data"
from roomnet_core.sorting.execute import execute
from roomnet_core.sorting.journal import Journal
from roomnet_core.sorting.plan import Mode, SortOptions, make_plan
from roomnet_core.errors import SortError
from tests.core.sorting.houses import ROOMS, photo
def plan_in(home, mode):
    photos = [photo(path, number=n) for n, path in enumerate(sorted((home / "in").glob("*.jpg")))]
    return make_plan(photos, ROOMS, SortOptions(home / "out", mode))
home = Path(sys.argv[1])
# Once beforehand, so that everything is imported: nobody may read the folders that Python itself lies in.
with tempfile.TemporaryDirectory() as scratch:
    (Path(scratch) / "in").mkdir()
    for name in ("1.jpg", "2.jpg"):
        (Path(scratch) / "in" / name).write_bytes(b"1")
    with Journal.open(Path(scratch) / "sorts.sqlite") as journal:
        execute(plan_in(Path(scratch), Mode.COPY), journal)
os.setgroups([]); os.setgid(65534); os.setuid(65534)
plan = plan_in(home, Mode[sys.argv[2]])
try:
    report = execute(plan, Journal.open())
    print(report.photos, [(skipped.file.path.name, skipped.reason) for skipped in report.failed])
except SortError as error:
    print("refused:", error)
"""


def _as_nobody(home: Path, mode: str) -> str:
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("needs root, to become somebody who may do less")
    home.chmod(0o755)
    for name in ("data", "out"):
        (home / name).mkdir(exist_ok=True)
        os.chown(home / name, 65534, 65534)
    answer = subprocess.run([sys.executable, "-c", _AS_NOBODY, str(home), mode], capture_output=True, text=True)
    assert not answer.returncode, answer.stderr
    return answer.stdout


@pytest.fixture
def public(tmp_path: Path) -> Iterator[Path]:
    """A folder that other users can reach."""
    with tempfile.TemporaryDirectory(prefix="roomnet-public-") as folder:
        yield Path(folder)


def test_photos_that_may_not_be_read_are_named_and_the_rest_goes_on(public: Path) -> None:
    write(public / "in/1.jpg", b"1")
    write(public / "in/2.jpg", b"2").chmod(0o600)
    answer = _as_nobody(public, "COPY")
    assert answer.startswith("1 ") and "2.jpg" in answer and "Permission denied" in answer
    assert snapshot(public / "out") == {"Bath/1.jpg": b"1"}


def test_a_folder_that_photos_may_not_leave_is_said_before_anything_moves(public: Path) -> None:
    write(public / "in/1.jpg", b"1")
    answer = _as_nobody(public, "MOVE")
    assert answer.startswith("refused:") and "may not be changed" in answer
    assert snapshot(public / "in") == {"1.jpg": b"1"} and snapshot(public / "out") == {}


def test_a_photo_that_may_not_be_removed_stays_with_its_companions(public: Path) -> None:
    """In a folder with the sticky bit everybody may make files, but remove only their own."""
    for name in ("1.jpg", "1.xmp", "2.jpg", "2.xmp"):
        write(public / "in" / name, name.encode())
    (public / "in").chmod(0o1777)
    for name in ("1.jpg", "1.xmp", "2.jpg"):
        os.chown(public / "in" / name, 65534, 65534)
    before = snapshot(public / "in")
    answer = _as_nobody(public, "MOVE")
    assert answer.startswith("1 ") and "2.jpg" in answer and "2.xmp" in answer
    assert snapshot(public / "out") == {"Bath/1.jpg": b"1.jpg", "Bath/1.xmp": b"1.xmp"}
    assert snapshot(public / "in") == {name: before[name] for name in ("2.jpg", "2.xmp")}
