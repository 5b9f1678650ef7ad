"""Bad days of the whole program: full drives, read-only and damaged folders, too little memory, wrong clocks."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import random
import subprocess
import sys
import time
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from roomnet_core.cli import main
from roomnet_core.errors import ModelError
from roomnet_core.inference.model_file import find_model
from roomnet_core.models.store import ModelStore
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.photos.thumbnail_cache import ThumbnailCache
from roomnet_gui import logs
from roomnet_gui.settings import open_settings
from roomnet_gui.train.save_report import save_report
from tests.hostile.case import tree_hash
from tests.hostile.drives import fill, small_drive
from tests.hostile.rights import as_anybody
from tests.pictures import write_photo_folder
from tests.windows import MakeWindow, wait_idle, write_rooms

REPOSITORY = Path(__file__).resolve().parents[2]
MODEL = "roomnet-compact"


def run(*arguments: object) -> int:
    return main([*map(str, arguments), "--model", MODEL])


# --- a full drive, at every write


def test_exports_onto_a_full_drive_keep_the_earlier_ones(
    photo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with small_drive(tmp_path / "drive", 600) as drive:
        lists = {"--excel": drive / "rooms.xlsx", "--csv": drive / "rooms.csv", "--json": drive / "rooms.json"}
        for option, path in lists.items():
            assert run("export", photo_folder, option, path) == 0
        fill(drive)
        before = tree_hash(drive)
        for option, path in lists.items():
            capsys.readouterr()
            assert run("export", photo_folder, option, path) == 2
            said = capsys.readouterr().err
            assert path.name in said and "space" in said and "Traceback" not in said
        assert run("export", photo_folder, "--overlay", drive / "labelled") in (1, 2)
        assert "space" in capsys.readouterr().err
        assert run("sort", photo_folder, "--to", drive / "sorted") in (1, 2)
        assert not [path for path in drive.rglob("*.jpg")]
        for left in ("labelled", "sorted"):
            if (drive / left).exists():  # a folder may have been made; nothing half is in it
                assert not [path for path in (drive / left).rglob("*") if path.is_file()]
                for path in sorted((drive / left).rglob("*"), reverse=True):
                    path.rmdir()
                (drive / left).rmdir()
        assert tree_hash(drive) == before


def test_photos_on_a_full_drive_get_no_keywords_and_stay_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with small_drive(tmp_path / "drive", 600) as drive:
        photos = write_photo_folder(drive / "photos")
        fill(drive)
        before = {path: (path.read_bytes(), path.stat()) for path in drive.rglob("*") if path.is_file()}
        assert run("export", photos, "--xmp", "--min-confidence", "0") == 1
        assert "space" in capsys.readouterr().err
        assert {path for path in drive.rglob("*") if path.is_file()} == set(before)
        for path, (content, status) in before.items():
            assert path.read_bytes() == content
            assert path.stat().st_mtime_ns == status.st_mtime_ns and path.stat().st_ino == status.st_ino


def test_with_the_programs_own_folder_on_a_full_drive(
    photo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Catalog, journal, thumbnails and logs cannot be kept; the photos are classified all the same."""
    with small_drive(tmp_path / "drive", 200) as drive:
        monkeypatch.setenv("ROOMNET_DATA_DIR", str(drive / "data"))
        fill(drive)
        assert run("classify", photo_folder, "--excel", tmp_path / "rooms.xlsx", "--json", tmp_path / "rooms.json") == 0
        assert "Going on without it" in capsys.readouterr().err
        assert len(json.loads((tmp_path / "rooms.json").read_text())["photos"]) == 6
        assert len(openpyxl.load_workbook(tmp_path / "rooms.xlsx")["Photos"]._images) == 6
        assert run("sort", photo_folder, "--to", tmp_path / "sorted", "--mode", "move") == 2  # no journal, no sort
        assert len(list(photo_folder.rglob("*.jpg"))) == 6
        cache = ThumbnailCache.open()
        assert cache.notice
        cache.put(PhotoFile(photo_folder / "IMG_1.jpg", photo_folder, 1, 1), 10, b"x")
        cache.close()
        logs.start_logging()
        logging.getLogger("test").warning("lost")
        for handler in [one for one in logging.getLogger().handlers if isinstance(one, RotatingFileHandler)]:
            logging.getLogger().removeHandler(handler)
            with contextlib.suppress(OSError):  # as logging itself does at the end
                handler.close()


def test_a_model_that_does_not_fit_leaves_the_store_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    exported = ModelStore().export_file(find_model(MODEL), tmp_path / "one.roomnet")
    with small_drive(tmp_path / "drive", 1_500) as drive:
        store = ModelStore(drive / "models")
        with pytest.raises((ModelError, OSError)):
            store.import_file(exported, "mine")
        assert list(store.folder.iterdir()) == []
        (drive / "there.roomnet").write_bytes(b"an earlier export")
        fill(drive)
        with pytest.raises(OSError, match="space"):
            store.export_file(find_model(MODEL), drive / "there.roomnet")
        assert (drive / "there.roomnet").read_bytes() == b"an earlier export"
        assert sorted(path.name for path in drive.iterdir()) == ["filler", "models", "there.roomnet"]


def test_a_report_that_does_not_fit_leaves_nothing_half(tmp_path: Path) -> None:
    pictures = {name: tmp_path / f"{name}.svg" for name in ("loss", "accuracy", "confusion")}
    for path in pictures.values():
        path.write_bytes(b"<svg>" * 30_000)
    report = SimpleNamespace(model="mine", pictures=pictures, tables={})
    with small_drive(tmp_path / "drive", 400) as drive:
        (drive / "mine - training").mkdir()  # an earlier one
        (drive / "mine - training" / "loss.svg").write_bytes(b"theirs")
        before = tree_hash(drive)
        with pytest.raises(OSError, match="space"):
            save_report(report, drive)  # type: ignore[arg-type]
        assert [path.name for path in drive.iterdir()] == ["mine - training"]
        assert (drive / "mine - training" / "loss.svg").read_bytes() == b"theirs"
        assert tree_hash(drive) == before


def test_settings_on_a_full_drive_stay_as_they_were(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with small_drive(tmp_path / "drive", 200) as drive:
        monkeypatch.setenv("ROOMNET_DATA_DIR", str(drive))
        settings = open_settings()
        settings.setValue("lastFolder", "/photos")
        settings.sync()
        fill(drive)
        settings.setValue("lastFolder", "x" * 50_000)
        settings.sync()
        assert "lastFolder=/photos" in (drive / "settings.ini").read_text()
        assert sorted(path.name for path in drive.iterdir()) == ["filler", "settings.ini"]


# --- folders that may not be written, settings that were damaged


def test_a_cache_that_may_not_be_written_and_a_data_folder_that_may_not_be_written(
    photo_folder: Path, tmp_path: Path, data_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (data_folder / "cache").mkdir()
    for locked in (data_folder / "cache", data_folder):
        locked.chmod(0o500)
        try:
            with as_anybody():
                excel = tmp_path / f"{locked.name}.xlsx"
                assert run("classify", photo_folder, "--excel", excel) == 0
        finally:
            locked.chmod(0o700)
        assert len(openpyxl.load_workbook(excel)["Photos"]._images) == 6
    assert "Traceback" not in capsys.readouterr().err


_TYPES = """[General]
geometry=seven
panels=@Invalid()
zoom=-1e9
inspector=maybe
appearance=@ByteArray(\\xff\\xfe)
model=../../etc
openPaths=@Variant(\\0\\0\\0\\x9)
current=\\x0
show=nothing
descending=7
recentFolders=1, 2, 3
lastFolder=@Rect(1 2 3 4)
[sort]
last="[[[["
presets="{\\"a\\": 7}"
destinations="{}"
[export]
last="{\\"kind\\": [], \\"target\\": {}}"
"""


@pytest.mark.parametrize(
    "content",
    [bytes(5_000), random.Random(1).randbytes(20_000), _TYPES.encode(), b"[General]\nopenPaths=" + b"a, " * 50_000],
    ids=["zeros", "noise", "wrong types", "far too long"],
)
def test_damaged_settings_give_a_usable_window(
    content: bytes, qtbot: QtBot, make_window: MakeWindow, data_folder: Path, tmp_path: Path
) -> None:
    (data_folder / "settings.ini").write_bytes(content)
    window = make_window()
    window.open_paths([write_rooms(tmp_path / "photos", [0, 1])])
    wait_idle(qtbot, window)
    assert [photo.room_id for photo in window.session.document] == [0, 1]
    window.actions_.sort.trigger()
    window.actions_.export.trigger()
    qtbot.wait(50)
    for dialog in QApplication.topLevelWidgets():
        if dialog is not window and dialog.isVisible():
            assert not isinstance(dialog, QMessageBox)
            dialog.close()


def test_a_clock_that_goes_backwards_between_two_visits(
    photo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Photos, catalog and cache are from the future then."""
    for number in range(2):
        document = tmp_path / f"{number}.json"
        assert run("classify", photo_folder, "--json", document, "--excel", tmp_path / f"{number}.xlsx") == 0
        ago = time.time() - 10 * 365 * 24 * 3600
        monkeypatch.setattr(time, "time", lambda ago=ago: ago)
        for path in photo_folder.rglob("*.jpg"):
            os.utime(path, (4e9, 4e9) if number == 0 else None)
    assert (tmp_path / "0.json").read_bytes() == (tmp_path / "1.json").read_bytes()


# --- too little memory

_TOO_LITTLE = """
import resource, sys
from pathlib import Path
from contextlib import closing
from roomnet_core.inference.classify import classify
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import find_model
from roomnet_core.photos.decode import decode_photo
from roomnet_core.photos.photo_file import Problem
from roomnet_core.photos.scan import scan
folder = Path(sys.argv[1])
decode_photo(folder / "small.heic", min_side=9)
model = find_model("roomnet-compact")
with closing(open_engine(model, "litert")) as engine:
    list(classify(scan(folder / "small.jpg"), model, engine))
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + (70 << 20)
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    for result in classify(scan(folder), model, engine, workers=1):
        problem = isinstance(result, Problem)
        print((result if problem else result.file).relative, result.kind if problem else "classified")
        if problem: print(result.message, file=sys.stderr)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="needs a bound on memory that the system keeps")
def test_a_photo_for_which_there_is_no_memory_is_a_problem_and_the_others_are_classified(tmp_path: Path) -> None:
    from PIL import Image

    from tests.hostile.encoded import save
    from tests.pictures import make_picture

    small = make_picture(1, (160, 120))
    for name, suffix, size in (
        ("PNG", "png", (9_000, 7_000)),
        ("WEBP", "webp", (3_500, 3_500)),
        ("AVIF", "avif", (5_000, 5_000)),
    ):
        large = Image.new("RGB", size, (90, 120, 150))
        quick = {"WEBP": {"lossless": True, "method": 0}, "AVIF": {"speed": 10}, "PNG": {"compress_level": 1}}
        options: dict[str, Any] = quick[name]
        (tmp_path / f"large.{suffix}").write_bytes(save(large, name, **options))
    (tmp_path / "small.jpg").write_bytes(save(small, "JPEG"))
    (tmp_path / "small.heic").write_bytes(save(small, "HEIF"))
    result = subprocess.run(
        [sys.executable, "-c", _TOO_LITTLE, str(tmp_path)], cwd=REPOSITORY, capture_output=True, text=True, timeout=600
    )
    assert result.returncode == 0, result.stderr
    outcomes = dict(line.split() for line in result.stdout.splitlines())
    assert outcomes.pop("small.jpg") == outcomes.pop("small.heic") == "classified"
    assert outcomes["large.png"] == "too_large", result.stderr
    # These two decoders do not always say why they gave up.
    assert {outcomes[f"large.{suffix}"] for suffix in ("webp", "avif")} <= {"too_large", "damaged"}, outcomes
