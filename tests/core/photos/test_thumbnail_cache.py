"""Thumbnails that outlive the program: found again, within their budget, and never anybody's problem."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from roomnet_core.photos import thumbnail_cache
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.photos.thumbnail_cache import CACHE_NAME, ThumbnailCache, encode_thumbnail
from tests.patience import PATIENCE_SECONDS

ROOT = Path("/photos")


def photo(number: int, content: bytes = b"") -> PhotoFile:
    return PhotoFile(ROOT / f"{number}.jpg", ROOT, 1000 + number, 1, content)


def jpeg(number: int, size: int = 6000) -> bytes:
    return number.to_bytes(4, "big") * (size // 4)


def test_a_later_session_finds_them(tmp_path: Path) -> None:
    cache = ThumbnailCache.open(tmp_path)
    for number in range(100):
        cache.put(photo(number), 256, jpeg(number))
    assert cache.get(photo(99), 256) == jpeg(99)  # not written yet
    cache.close()
    cache = ThumbnailCache.open(tmp_path)
    assert cache.get(photo(7), 256) == jpeg(7)
    assert cache.get(photo(7), 128) is None and cache.get(photo(101), 256) is None
    found = cache.get_many([photo(number) for number in range(90, 110)], 256)
    assert found == {photo(number): jpeg(number) for number in range(90, 100)}
    assert cache.get_many([], 256) == {}
    assert cache.notice == ""
    cache.close()


def test_a_photo_that_moves_keeps_its_thumbnail_and_one_that_changes_does_not(tmp_path: Path) -> None:
    cache = ThumbnailCache.open(tmp_path)
    known = photo(1, b"key of the content")
    cache.put(known, 256, jpeg(1))
    assert cache.get(replace(known, path=ROOT / "Kitchen" / "1.jpg", mtime_ns=5), 256) == jpeg(1)
    assert cache.get(replace(known, content=b"another"), 256) is None
    cache.put(photo(2), 256, jpeg(2))
    assert cache.get(replace(photo(2), mtime_ns=5), 256) is None
    cache.close()


def test_the_budget_holds_and_the_least_used_go_first(tmp_path: Path) -> None:
    cache = ThumbnailCache.open(tmp_path, budget=1_000_000)
    for number in range(600):
        cache.put(photo(number), 256, jpeg(number))
        cache.get(photo(0), 256)  # always in use
    cache.flush()
    assert cache.bytes_used <= 1_000_000
    assert cache.get(photo(0), 256) is not None and cache.get(photo(599), 256) is not None
    assert cache.get(photo(1), 256) is None
    cache.close()
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 1_600_000
    cache = ThumbnailCache.open(tmp_path, budget=100_000)  # the budget was lowered
    cache.put(photo(1000), 256, jpeg(1000))
    cache.close()
    assert sum(path.stat().st_size for path in tmp_path.iterdir()) < 400_000


def test_many_threads_and_two_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(thumbnail_cache, "_BUSY_SECONDS", PATIENCE_SECONDS)  # on a crowded computer one waits longer
    program = f"""
from pathlib import Path
from roomnet_core.photos import thumbnail_cache
from tests.core.photos.test_thumbnail_cache import ThumbnailCache, jpeg, photo
thumbnail_cache._BUSY_SECONDS = {PATIENCE_SECONDS}
cache = ThumbnailCache.open(Path({str(tmp_path)!r}))
for number in range(1000, 1300):
    cache.put(photo(number), 256, jpeg(number))
    assert cache.get(photo(number), 256) == jpeg(number)
cache.close()
assert not cache.notice, cache.notice
"""
    other = subprocess.Popen([sys.executable, "-c", program])
    cache = ThumbnailCache.open(tmp_path)
    wrong: list[int] = []

    def work(first: int) -> None:
        for number in range(first, first + 100):
            cache.put(photo(number), 256, jpeg(number))
            if cache.get(photo(number), 256) != jpeg(number):
                wrong.append(number)

    threads = [threading.Thread(target=work, args=(100 * n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert other.wait(PATIENCE_SECONDS) == 0 and not wrong
    cache.flush()
    found = cache.get_many([photo(number) for number in (*range(400), *range(1000, 1300))], 256)
    assert len(found) >= 600 and all(found[file] == jpeg(int(file.path.stem)) for file in found)
    cache.close()


def test_a_damaged_cache_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / CACHE_NAME).write_bytes(b"no database at all" * 1000)
    cache = ThumbnailCache.open(tmp_path)
    cache.put(photo(1), 256, jpeg(1))
    cache.flush()
    assert cache.get(photo(1), 256) == jpeg(1) and cache.notice == ""
    cache.close()


def test_damage_that_shows_later_only_ends_the_keeping(tmp_path: Path) -> None:
    cache = ThumbnailCache.open(tmp_path)
    for number in range(200):
        cache.put(photo(number), 256, jpeg(number))
    cache.close()
    path = tmp_path / CACHE_NAME
    content = bytearray(path.read_bytes())
    content[4096:] = b"\xa5" * (len(content) - 4096)
    path.write_bytes(bytes(content))
    cache = ThumbnailCache.open(tmp_path)
    assert [cache.get(photo(number), 256) for number in range(200)] == [None] * 200
    cache.put(photo(1), 256, jpeg(1))
    cache.close()


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_a_folder_that_cannot_be_written_only_disables_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    cache = ThumbnailCache.open(tmp_path / "file")  # a file where the folder should be: for root, too
    assert "cannot be used" in cache.notice
    cache.put(photo(1), 256, jpeg(1))
    assert cache.get(photo(1), 256) is None and cache.get_many([photo(1)], 256) == {}
    cache.flush()
    cache.close()


def test_what_fails_while_it_is_open_disables_the_writing(tmp_path: Path) -> None:
    cache = ThumbnailCache.open(tmp_path)
    cache.put(photo(1), 256, jpeg(1))
    cache.flush()
    with sqlite3.connect(tmp_path / CACHE_NAME) as connection:
        connection.execute("DROP TABLE thumbnails")
    connection.close()
    cache.put(photo(2), 256, jpeg(2))
    cache.flush()
    assert cache.notice and cache.get(photo(2), 256) is None
    cache.close()


def test_the_picture_survives_the_encoding() -> None:
    from io import BytesIO

    from PIL import Image

    rgb = np.full((40, 60, 3), (200, 120, 40), np.uint8)
    decoded = np.asarray(Image.open(BytesIO(encode_thumbnail(rgb))))
    assert decoded.shape == (40, 60, 3) and np.abs(decoded.astype(int) - rgb).max() < 6
