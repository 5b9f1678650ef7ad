"""Files that vanish, shrink, grow or become something else between the scan and the end of their reading."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from roomnet_core.inference import stages
from roomnet_core.inference.classify import classify
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.reading import read_photo
from roomnet_core.photos.scan import scan
from tests.hostile.encoded import photo
from tests.windows import ColourEngine, colour_model, write_rooms

CHANGES: dict[str, tuple[Callable[[Path], object], set[str]]] = {
    "vanishes": (Path.unlink, {"missing"}),
    "is cut short": (lambda path: os.truncate(path, 300), {"damaged"}),
    "is emptied": (lambda path: os.truncate(path, 0), {"empty"}),
    "grows": (lambda path: path.write_bytes(path.read_bytes() + bytes(9_000)), {"classified"}),
    "becomes another photo": (lambda path: path.write_bytes(photo("PNG")), {"classified"}),
    "becomes a text": (lambda path: path.write_bytes(b"no photo any more " * 30), {"unsupported"}),
    "becomes a folder": (lambda path: (path.unlink(), path.mkdir()), {"unsupported"}),
    "becomes a pipe": (lambda path: (path.unlink(), os.mkfifo(path)), {"unsupported"}),
    "becomes a link to nowhere": (lambda path: (path.unlink(), path.symlink_to("nowhere")), {"missing"}),
    "becomes very large": (lambda path: os.truncate(path, 3 << 30), {"too_large"}),
}


@pytest.mark.parametrize("what", CHANGES)
def test_a_file_that_changes_after_the_scan_saw_it(tmp_path: Path, what: str) -> None:
    change, expected = CHANGES[what]
    folder = write_rooms(tmp_path / "photos", [0, 1, 2])
    victim = folder / "IMG_2.jpg"

    def moving() -> Iterator[PhotoFile | Problem]:
        for item in list(scan(folder)):
            if item.path == victim:
                change(victim)
            yield item

    assert outcomes(moving(), tmp_path) == {
        "IMG_1.jpg": {"classified"},
        "IMG_2.jpg": expected,
        "IMG_3.jpg": {"classified"},
    }


def test_a_file_that_another_program_has_locked(tmp_path: Path) -> None:
    """Windows keeps others from reading it; elsewhere a lock binds only those who ask for it."""
    folder = write_rooms(tmp_path / "photos", [0, 1, 2])
    with (folder / "IMG_2.jpg").open("r+b") as stream:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1 << 20)
        else:
            import fcntl

            fcntl.flock(stream, fcntl.LOCK_EX)
        found = outcomes(scan(folder), tmp_path)
    assert found.pop("IMG_2.jpg") == {"permission" if sys.platform == "win32" else "classified"}
    assert set.union(*found.values()) == {"classified"} and len(found) == 2


@pytest.mark.parametrize("what", ["vanishes", "is cut short", "becomes a text", "becomes a pipe"])
def test_a_file_that_changes_after_it_was_read_is_what_was_read(
    tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_rooms(tmp_path / "photos", [0, 1, 2])

    def read(path: Path) -> bytes:
        content = read_photo(path)
        if path.name == "IMG_2.jpg":
            CHANGES[what][0](path)
        return content

    monkeypatch.setattr(stages, "read_photo", read)
    assert set.union(*outcomes(scan(folder), tmp_path).values()) == {"classified"}


def outcomes(items: Iterator[PhotoFile | Problem], tmp_path: Path) -> dict[str, set[str]]:
    results = classify(items, colour_model(tmp_path), ColourEngine())
    with closing(results):  # type: ignore[type-var]
        return {
            (result if isinstance(result, Problem) else result.file).path.name: {
                result.kind if isinstance(result, Problem) else "classified"
            }
            for result in results
        }
