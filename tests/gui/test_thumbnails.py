"""The thumbnail store: bounded in bytes, made again on demand, deaf to what belongs to an earlier session."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from roomnet_core.errors import PhotoError
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.photos.thumbnail_cache import ThumbnailCache
from roomnet_core.session.photo import SessionPhoto
from roomnet_gui.jobs.runner import Runner
from roomnet_gui.review.thumbnail_source import ThumbnailSource, to_image
from roomnet_gui.review.thumbnails import ThumbnailStore
from tests.windows import write_photo

BOX = QSize(60, 40)
BYTES = 60 * 40 * 4


@pytest.fixture
def runner(qapp: Any) -> Iterator[Runner]:
    failures: list[BaseException] = []
    runner = Runner(failures.append)
    yield runner
    assert runner.shutdown(60)
    assert failures == []


@pytest.fixture
def store(runner: Runner) -> ThumbnailStore:
    return ThumbnailStore(runner, BOX, budget=4 * BYTES)


def photo(photo_id: int, path: Path) -> SessionPhoto:
    return SessionPhoto(photo_id, PhotoFile(path, path.parent, 1, 1))


def red() -> QImage:
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    return image


def test_an_image_owns_its_memory_and_fits_the_box() -> None:
    rgb = np.zeros((400, 260, 3), np.uint8)
    rgb[:, :, 1] = 200
    image = to_image(rgb, BOX)
    rgb[:] = 0
    assert (image.width(), image.height()) == (26, 40)
    assert image.pixelColor(5, 5) == QColor(0, 200, 0)


def test_a_small_image_is_not_enlarged() -> None:
    assert to_image(np.zeros((10, 20, 3), np.uint8), BOX).size() == QSize(20, 10)


def test_the_least_recently_used_goes_first(store: ThumbnailStore, tmp_path: Path) -> None:
    for number in range(1, 5):
        store.put({number: red()})
    assert store.get(photo(1, tmp_path)) is not None
    store.put({5: red()})
    store.comes_anyway = lambda photo: True
    assert store.bytes_used == 4 * BYTES
    assert store.get(photo(2, tmp_path)) is None
    assert [number for number in range(1, 6) if store.get(photo(number, tmp_path))] == [1, 3, 4, 5]


def test_what_is_missing_is_decoded_on_demand(qtbot: QtBot, store: ThumbnailStore, tmp_path: Path) -> None:
    wanted = photo(7, write_photo(tmp_path / "a.jpg", (0, 0, 255), (600, 400)))
    assert store.get(wanted) is None
    with qtbot.waitSignal(store.loaded) as loaded:
        pass
    assert loaded.args == [[7]]
    pixmap = store.get(wanted)
    assert pixmap is not None and pixmap.size() == QSize(60, 40)


def test_a_photo_that_cannot_be_decoded_is_tried_once(qtbot: QtBot, store: ThumbnailStore, tmp_path: Path) -> None:
    missing = photo(1, tmp_path / "gone.jpg")
    assert store.get(missing) is None
    qtbot.waitUntil(lambda: bool(store._failed))
    assert store.get(missing) is None
    assert not store._timer.isActive()


def test_what_an_earlier_session_ordered_is_dropped(qtbot: QtBot, store: ThumbnailStore, tmp_path: Path) -> None:
    old = photo(1, write_photo(tmp_path / "old.jpg", (0, 0, 255)))
    store.get(old)
    store._dispatch()  # it is being decoded
    store.clear()
    qtbot.wait(200)
    assert store.bytes_used == 0


def test_only_the_latest_requests_are_kept(store: ThumbnailStore, tmp_path: Path) -> None:
    for number in range(500):
        store.get(photo(number, tmp_path / f"{number}.jpg"))
    store._timer.stop()
    assert len(store._wanted) < 100
    assert 499 in store._wanted


def test_a_kept_thumbnail_needs_no_photo(
    qtbot: QtBot, runner: Runner, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = PhotoFile(write_photo(tmp_path / "a.jpg", (0, 0, 255), (600, 400)), tmp_path, 1, 1)
    first = ThumbnailSource(lambda: ThumbnailCache.open(tmp_path / "cache"))
    made = first.make(file, BOX)
    first.close()
    file.path.unlink()
    again = ThumbnailSource(lambda: ThumbnailCache.open(tmp_path / "cache"))
    assert made.width() in (59, 60)  # from 256 x 171 pixels
    assert again.make(file, BOX).size() == made.size()
    assert again.make(file, QSize(200, 200)).width() == 200  # another zoom finds it too
    with pytest.raises(PhotoError):
        ThumbnailSource().make(file, BOX)
    again.close()


def test_another_zoom_shows_the_old_thumbnail_until_the_new_one_is_there(
    qtbot: QtBot, store: ThumbnailStore, tmp_path: Path
) -> None:
    wanted = photo(7, write_photo(tmp_path / "a.jpg", (0, 0, 255), (600, 400)))
    store.get(wanted)
    with qtbot.waitSignal(store.loaded):
        pass
    small = store.get(wanted)
    store.set_box(QSize(120, 80))
    assert store.get(wanted) is small
    assert not store.is_current(7)
    with qtbot.waitSignal(store.loaded):
        pass
    assert store.is_current(7)
    assert store.get(wanted).size() == QSize(120, 80)


def test_a_changed_photo_gets_another_thumbnail(qtbot: QtBot, store: ThumbnailStore, tmp_path: Path) -> None:
    store.put({3: red()})
    store.forget([3])
    assert store.bytes_used == 0
    assert store.get(photo(3, write_photo(tmp_path / "a.jpg", (0, 0, 255)))) is None
    with qtbot.waitSignal(store.loaded):
        pass
    assert store.get(photo(3, tmp_path / "a.jpg")) is not None
