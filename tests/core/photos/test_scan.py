"""Scanning: which files become photos, which become problems, in which order."""

from __future__ import annotations

import itertools
import os
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from roomnet_core.errors import UsageError
from roomnet_core.photos import scan as scan_module
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.scan import scan, scan_all

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(40)
posix = pytest.mark.skipif(os.name != "posix", reason="needs POSIX files")
as_user = pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")


def put(path: Path, content: bytes = JPEG) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def names(found: Iterable[PhotoFile | Problem]) -> list[str]:
    return [item.relative for item in found]


def problems(found: Iterable[PhotoFile | Problem]) -> dict[str, str]:
    return {item.relative: item.kind for item in found if isinstance(item, Problem)}


# --- what is a photo


def test_photos_come_in_natural_order_and_before_subfolders(tmp_path: Path) -> None:
    for name in ("IMG_10.jpg", "IMG_2.jpg", "room 10/a.jpg", "room 9/b.jpg", "room 9/attic/c.jpg", "Z.jpg"):
        put(tmp_path / name)
    assert names(scan(tmp_path)) == [
        "IMG_2.jpg",
        "IMG_10.jpg",
        "Z.jpg",
        "room 9/b.jpg",
        "room 9/attic/c.jpg",
        "room 10/a.jpg",
    ]


def test_a_photo_carries_its_size_time_and_root(tmp_path: Path) -> None:
    path = put(tmp_path / "house" / "a.jpg")
    os.utime(path, ns=(1_700_000_000_000_000_000, 1_700_000_000_123_456_700))
    assert list(scan(tmp_path)) == [PhotoFile(path, tmp_path, len(JPEG), path.stat().st_mtime_ns)]


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    for name in ("no suffix", "photo.dat", "UPPER.JPG", "really a jpeg.png"):
        put(tmp_path / name)
    put(tmp_path / "notes.txt", b"BM is how this text begins, and it is no bitmap")
    put(tmp_path / "offer.pdf", b"%PDF-1.7 and so on and on")
    put(tmp_path / "rooms.xlsx", b"PK\x03\x04" + bytes(60))
    put(tmp_path / "empty.txt", b"")
    put(tmp_path / "film.mp4", b"\0\0\0\x18ftypmp42" + bytes(40))
    assert names(scan(tmp_path)) == ["no suffix", "photo.dat", "really a jpeg.png", "UPPER.JPG"]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("empty.jpg", b"", "empty"),
        ("page.jpg", b"<!DOCTYPE html><html>not found</html>", "unsupported"),
        ("zeros.heic", bytes(5000), "damaged"),
        ("stub.png", b"\x89PN", "damaged"),
        ("next.jxl", b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(40), "unsupported"),
    ],
)
def test_what_is_named_like_a_photo_and_is_none_becomes_a_problem(
    tmp_path: Path, name: str, content: bytes, kind: str
) -> None:
    put(tmp_path / name, content)
    put(tmp_path / "zz good.jpg")
    problem, photo = scan(tmp_path)
    assert isinstance(problem, Problem) and problem.kind == kind
    assert problem.message.startswith(name)
    assert isinstance(photo, PhotoFile)


def test_a_raw_file_is_a_problem_only_without_its_jpeg(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scan_module, "raw_supported", lambda: False)
    tiff = b"II*\0\x08\0\0\0" + bytes(40)
    put(tmp_path / "DSC_1.NEF", tiff)
    put(tmp_path / "DSC_1.jpg")
    put(tmp_path / "DSC_2.NEF", tiff)
    found = list(scan(tmp_path))
    assert problems(found) == {"DSC_2.NEF": "unsupported"}
    assert names(found) == ["DSC_1.jpg", "DSC_2.NEF"]


def test_hidden_and_system_files_and_folders_are_left_out(tmp_path: Path) -> None:
    for name in (".hidden.jpg", "._a.jpg", ".cache/a.jpg", "$RECYCLE.BIN/a.jpg", "@eaDir/a.jpg", "__MACOSX/a.jpg"):
        put(tmp_path / name)
    put(tmp_path / "a.jpg")
    assert names(scan(tmp_path)) == ["a.jpg"]


def test_a_hidden_root_is_scanned_when_it_was_chosen(tmp_path: Path) -> None:
    put(tmp_path / ".listing" / "a.jpg")
    assert names(scan(tmp_path / ".listing")) == ["a.jpg"]


def test_an_empty_folder_gives_nothing(tmp_path: Path) -> None:
    assert list(scan(tmp_path)) == []


# --- names


@pytest.mark.parametrize(
    "name",
    [
        "厨房 一.jpg", "Küche Ü.jpg", "キッチン.jpg", "кухня.jpg",
        "مطبخ.jpg", "🏠👩‍👩‍👧.jpg", "a'b\"c;$(x).jpg", " lead.jpg",
    ],
)
def test_names_in_every_script(tmp_path: Path, name: str) -> None:
    if os.name == "nt" and '"' in name:
        pytest.skip("Windows has no such names")
    put(tmp_path / "家" / name)
    put(tmp_path / "家" / f"empty {name}", b"")
    assert sorted(names(scan(tmp_path))) == sorted([f"家/{name}", f"家/empty {name}"])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux file systems take any bytes as a name")
def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    for raw in (b"K\xfcche.jpg", b"\xff\xfe"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + raw)).write_bytes(JPEG)
    broken = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe9\x1b[2J\n.jpg"))
    broken.write_bytes(b"")
    found = list(scan(tmp_path))
    assert {os.fsencode(item.path.name) for item in found} == {b"K\xfcche.jpg", b"\xff\xfe", b"\xe9\x1b[2J\n.jpg"}
    (problem,) = (item for item in found if isinstance(item, Problem))
    problem.message.encode()  # for terminals and files: no undecodable bytes,
    assert problem.message.isprintable()  # and nothing that a terminal would obey


# --- links and loops


@posix
def test_a_linked_folder_is_followed_once_and_after_the_real_ones(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    put(elsewhere / "far.jpg")
    root = tmp_path / "root"
    put(root / "real" / "near.jpg")
    (root / "a link").symlink_to(elsewhere, target_is_directory=True)
    (root / "b link").symlink_to(elsewhere, target_is_directory=True)
    (root / "c link").symlink_to(root / "real", target_is_directory=True)
    assert names(scan(root)) == ["real/near.jpg", "a link/far.jpg"]


@posix
def test_link_loops_end(tmp_path: Path) -> None:
    root = tmp_path / "root"
    put(root / "sub" / "a.jpg")
    put(tmp_path / "neighbour.jpg")
    (root / "sub" / "up").symlink_to(root, target_is_directory=True)
    (root / "sub" / "out").symlink_to(tmp_path, target_is_directory=True)  # above the root: neighbours stay out
    (root / "self").symlink_to(root / "self")
    (root / "self.jpg").symlink_to(root / "self.jpg")
    found = list(scan(root))
    assert [item.relative for item in found if isinstance(item, PhotoFile)] == ["sub/a.jpg"]
    assert problems(found) == {"self.jpg": "unreadable"}


@posix
def test_a_linked_photo_is_a_photo_and_a_broken_link_a_problem(tmp_path: Path) -> None:
    target = put(tmp_path / "store" / "blob")
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.jpg").symlink_to(target)
    (root / "b.jpg").symlink_to(tmp_path / "gone.jpg")
    (root / "c.txt").symlink_to(tmp_path / "gone.txt")
    found = list(scan(root))
    assert names(found) == ["a.jpg", "b.jpg"]
    assert problems(found) == {"b.jpg": "missing"}


@posix
def test_pipes_are_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    put(tmp_path / "real.jpg")
    assert names(scan(tmp_path)) == ["real.jpg"]
    (problem,) = scan(tmp_path / "pipe.jpg")
    assert isinstance(problem, Problem) and problem.kind == "unsupported"


@posix
def test_deep_folders(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(400):
        folder /= "deeper"
        folder.mkdir()
    put(folder / "a.jpg")
    (found,) = scan(tmp_path)
    assert found.path == folder / "a.jpg"


# --- what the operating system refuses


def test_an_unlistable_folder_is_a_problem_and_the_scan_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path / "locked" / "a.jpg")
    put(tmp_path / "open" / "b.jpg")
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if Path(path).name == "locked":
            raise PermissionError(13, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    found = list(scan(tmp_path))
    assert problems(found) == {"locked": "permission"}
    assert names(found) == ["locked", "open/b.jpg"]


@as_user
def test_locked_folders_and_files(tmp_path: Path) -> None:
    locked_file = put(tmp_path / "a.jpg")
    put(tmp_path / "folder" / "b.jpg")
    locked_file.chmod(0)
    (tmp_path / "folder").chmod(0)
    try:
        assert problems(scan(tmp_path)) == {"a.jpg": "permission", "folder": "permission"}
    finally:
        (tmp_path / "folder").chmod(0o700)


def test_a_folder_that_vanishes_during_the_scan_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path / "a.jpg")
    gone = put(tmp_path / "sub" / "b.jpg")
    found = scan(tmp_path)
    next(found)
    gone.unlink()
    gone.parent.rmdir()
    (problem,) = found
    assert isinstance(problem, Problem) and (problem.kind, problem.path) == ("missing", gone.parent)
    assert "sub" in problem.message


def test_a_file_that_vanishes_during_the_scan_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path / "a.jpg")
    gone = put(tmp_path / "b.jpg")
    found = scan(tmp_path)
    next(found)
    gone.unlink()
    assert problems(found) == {"b.jpg": "missing"}


# --- roots, exclusions, cancelling


def test_a_root_that_does_not_exist_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nowhere"):
        scan(tmp_path / "nowhere")
    with pytest.raises(UsageError):
        scan_all([tmp_path, put(tmp_path / "file") / "below a file"])


def test_a_root_that_is_a_file(tmp_path: Path) -> None:
    photo, text = put(tmp_path / "a.jpg"), put(tmp_path / "a.txt", b"only words in this one")
    put(tmp_path / "b.jpg")
    assert names(scan(photo)) == ["a.jpg"]
    assert problems(scan(text)) == {"a.txt": "unsupported"}


def test_several_roots_give_nothing_twice(tmp_path: Path) -> None:
    for name in ("one/a.jpg", "one/sub/b.jpg", "two/c.jpg", "single.jpg"):
        put(tmp_path / name)
    single, one, two = tmp_path / "single.jpg", tmp_path / "one", tmp_path / "two"
    found = list(scan_all([single, one / "a.jpg", one / "sub", one, two, two, single]))
    assert [item.path.name for item in found] == ["b.jpg", "a.jpg", "c.jpg", "single.jpg"]
    assert {item.path.name: item.root for item in found} == {
        "b.jpg": one / "sub",
        "a.jpg": one,
        "c.jpg": two,
        "single.jpg": tmp_path,
    }


def test_excluded_folders(tmp_path: Path) -> None:
    for name in ("a.jpg", "Sorted/Kitchen/a.jpg", "sub/b.jpg"):
        put(tmp_path / name)
    excluded = [tmp_path / "sub" / ".." / "Sorted", tmp_path / "not there"]
    assert names(scan(tmp_path, exclude=excluded)) == ["a.jpg", "sub/b.jpg"]
    assert names(scan(tmp_path / "Sorted", exclude=[tmp_path / "Sorted"])) == ["Kitchen/a.jpg"]  # asked for by name


def test_starts_before_the_whole_tree_is_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(20):
        put(tmp_path / f"{number}" / "a.jpg")
    listed: list[object] = []
    scandir = os.scandir
    monkeypatch.setattr(os, "scandir", lambda path: (listed.append(path), scandir(path))[1])
    first = next(scan(tmp_path))
    assert first.relative == "0/a.jpg"
    assert len(listed) == 2  # the root and the first folder


def test_cancelling_ends_the_scan(tmp_path: Path) -> None:
    for number in range(10):
        put(tmp_path / f"{number}.jpg")
        put(tmp_path / "sub" / f"{number}.jpg")
    assert list(scan(tmp_path, cancelled=lambda: True)) == []
    stop = False
    found = scan(tmp_path, cancelled=lambda: stop)
    assert len(list(itertools.islice(found, 3))) == 3
    stop = True
    assert list(found) == []
