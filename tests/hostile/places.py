"""What is no regular file, what cannot be read, and folders of absurd depth and width."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

from tests.hostile.case import Case, case
from tests.hostile.encoded import photo

DEEP = 60
MANY = 100_000


def cases() -> Iterator[Case]:
    yield from _no_files()
    yield from _links()
    yield from _locked()
    yield from _trees()


def _no_files() -> Iterator[Case]:
    """None of them may be opened: reading would wait for ever, or do something."""
    yield case("pipes", "pipe.jpg", lambda path: os.mkfifo(path), "passed over")
    yield case("pipes", "pipe without suffix", lambda path: os.mkfifo(path), "passed over")
    yield case("sockets", "socket.jpg", _bind, "passed over")
    yield case("devices", "zero.jpg", lambda path: _link("/dev/zero", path), "passed over")
    yield case("devices", "null.jpg", lambda path: _link("/dev/null", path), "passed over")
    yield case("devices", "tty.png", lambda path: _link("/dev/tty", path), "passed over")
    yield case("devices", "endless.jpg", lambda path: os.mknod(path, 0o20644, os.makedev(1, 5)), "passed over")
    yield case("folders called photos", "folder.jpg/inside.jpg", photo())
    yield case("folders called photos", "empty.jpg", os.mkdir, "passed over")


def _links() -> Iterator[Case]:
    yield case("links to nowhere", "dangling.jpg", lambda path: _link("nothing there.jpg", path), "missing")
    yield case("links to nowhere", "through a file.jpg", lambda path: _link("/etc/passwd/photo.jpg", path), "missing")
    yield case("links to nowhere", "dangling.txt", lambda path: _link("nothing there.txt", path), "passed over")
    yield case("link loops", "itself.jpg", lambda path: _link("itself.jpg", path), "unreadable")
    yield case("link loops", "to the parent/photo.jpg", _loop_to_parent)
    yield case("link loops", "above the root", lambda path: _link("/", path), "passed over")
    yield case("links to other files", "password file.jpg", lambda path: _link("/etc/passwd", path), "unsupported")
    yield case("links to other files", "real.jpg", photo())
    yield case("links to other files", "soft.jpg", lambda path: _link("real.jpg", path))
    yield case("hard links", "one.jpg", photo())
    yield case("hard links", "two.jpg", lambda path: os.link(path.with_name("one.jpg"), path))
    yield case("hard links", "three.png", lambda path: os.link(path.with_name("one.jpg"), path))
    yield case("sparse files", "3 GB of nothing.jpg", lambda path: _sparse(path, b""), "damaged")
    yield case("sparse files", "a photo and 3 GB of nothing.jpg", lambda path: _sparse(path, photo()), "too_large")
    yield case("sparse files", "a photo and 40 MB of nothing.jpg", lambda path: _sparse(path, photo(), 40 << 20))


def _locked() -> Iterator[Case]:
    yield case("unreadable files", "no permission.jpg", _no_permission, "permission")
    yield case("unreadable files", "no permission.txt", _no_permission, "passed over")
    yield case("unreadable files", "write only.jpg", lambda path: _no_permission(path, 0o200), "permission")
    yield case("unreadable folders", "no permission", _locked_folder, "permission")


def _trees() -> Iterator[Case]:
    yield case("deep folders", "/".join([*(f"level {n}" for n in range(DEEP)), "photo.jpg"]), photo())
    yield case("deep folders", "/".join([*("x" * 100 for _ in range(30)), "photo.jpg"]), _longer_than_a_path)
    yield case("a folder of many entries", "2,000/photo.jpg", lambda path: _many(path, 2_000))
    yield case("a folder of many entries", f"{MANY:,}/photo.jpg", lambda path: _many(path, MANY), heavy=True)


def _link(target: str, path: Path) -> None:
    path.symlink_to(target)


def _bind(path: Path) -> None:
    here = os.open(path.parent, os.O_RDONLY)
    try:
        with socket.socket(socket.AF_UNIX) as listener:  # by way of /proc: an address holds 107 bytes
            listener.bind(f"/proc/self/fd/{here}/{path.name}")
    finally:
        os.close(here)


def _loop_to_parent(path: Path) -> None:
    path.write_bytes(photo())
    (path.parent / "up").symlink_to(path.parent.parent)
    (path.parent / "here").symlink_to(".")


def _sparse(path: Path, start: bytes, size: int = 3 << 30) -> None:
    path.write_bytes(start)
    os.truncate(path, size)


def _no_permission(path: Path, mode: int = 0) -> None:
    path.write_bytes(photo())
    path.chmod(mode)


def _locked_folder(path: Path) -> None:
    path.mkdir()
    (path / "photo.jpg").write_bytes(photo())
    path.chmod(0)


def _longer_than_a_path(path: Path) -> None:
    """3,000 bytes and more: made from folder to folder, because no call takes the whole path at once everywhere."""
    path.write_bytes(photo())


def _many(path: Path, count: int) -> None:
    path.write_bytes(photo())
    for number in range(count - 1):
        os.close(os.open(path.with_name(f"note {number}.txt"), os.O_CREAT | os.O_WRONLY))
