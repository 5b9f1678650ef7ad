"""Bad days of the catalog: killed programs, full drives, damaged files, other programs, wrong clocks, old versions."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from roomnet_core.errors import CatalogError
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.prediction import Reading
from roomnet_core.session import backup, schema, store
from roomnet_core.session.changes import label
from roomnet_core.session.photo import Marks
from roomnet_core.session.store import Catalog
from tests.core.session.catalogs import PREDICTIONS, ROOT, file, load, opened, reopened
from tests.patience import PATIENCE_SECONDS, wait_for

REPOSITORY = Path(__file__).resolve().parents[3]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "catalog.sqlite"


def fill(path: Path, photos: int = 300) -> list[Marks]:
    with opened(path) as catalog:
        document = load(catalog)
        ids = document.add(PhotoFile(ROOT / f"{n}.jpg", ROOT, n, n) for n in range(photos))
        document.record({i: Reading(PREDICTIONS[i % 3], None, i.to_bytes(16, "big")) for i in ids})
        document.apply(label(document, ids[::3], 1))
        return [photo.marks for photo in document]


# --- killed


_CORRECTIONS = """
import sys, time
from pathlib import Path
from roomnet_core.session.changes import label
from tests.core.session.catalogs import ROOT, Catalog, PhotoFile, load
catalog = Catalog.open(Path(sys.argv[1]))
document = load(catalog)
ids = [photo.id for photo in document]
seconds = []
for number, photo_id in enumerate(ids):
    started = time.monotonic()
    document.apply(label(document, [photo_id], 1 + number % 2))
    print(number, flush=True)
    while catalog.pending:
        time.sleep(0.0002)
    seconds.append(time.monotonic() - started)
print("seconds", sorted(seconds)[len(seconds) // 2], flush=True)
time.sleep(60)
"""


def test_kill_9_during_200_quick_corrections_loses_at_most_the_last(path: Path) -> None:
    """As quick as the catalog takes them, which is quicker than any hand."""
    with opened(path) as catalog:
        load(catalog).add(file(f"{n}.jpg") for n in range(200))
    command = [sys.executable, "-c", _CORRECTIONS, str(path)]
    for stop in (3, 60, 150, 199):
        with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            for line in process.stdout:
                if int(line) >= stop:
                    break
            if stop == 199:
                words = process.stdout.readline().split()
                assert words[0] == "seconds" and float(words[1]) < 1 / 20
            process.send_signal(signal.SIGKILL if os.name == "posix" else signal.SIGTERM)
            rest = [word for word in process.stdout.read().split() if word.isdigit()]
        made = max([stop, *map(int, rest)])  # counted from 0
        photos = list(reopened(path))
        kept = [photo.marks for photo in photos if photo.decided is not None]
        assert made <= len(kept) <= made + 1 + (stop < 199), f"{made + 1} corrections were made, {len(kept)} are there"
        assert [photo.decided for photo in photos[: len(kept)]] == [1 + n % 2 for n in range(len(kept))]
        with opened(path) as catalog:
            document = load(catalog)
            document.apply(label(document, [photo.id for photo in document], None))


def test_a_copy_taken_at_any_moment_is_a_catalog_of_an_earlier_moment(path: Path, tmp_path: Path) -> None:
    """What a drive holds after a power cut is such a copy at worst: the file without the end of its log."""
    chance = random.Random(5)
    with opened(path) as catalog:
        document = load(catalog)
        ids = document.add(file(f"{n}.jpg") for n in range(40))
        for number, photo_id in enumerate(ids):
            document.apply(label(document, [photo_id], number % 3))
            if number % 4 == 0:
                catalog.flush()
                copy = tmp_path / f"copy {number}" / path.name
                copy.parent.mkdir()
                shutil.copy(path, copy)
                log = path.with_name(path.name + "-wal").read_bytes()
                copy.with_name(path.name + "-wal").write_bytes(log)
                assert decided(copy) == number + 1  # all that was flushed
                copy.with_name(path.name + "-wal").write_bytes(log[: chance.randrange(len(log))])
                assert decided(copy) <= number + 1


def decided(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        tables = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'photos'").fetchone()[0]
        rows = "SELECT decided FROM photos WHERE decided IS NOT NULL ORDER BY id"
        rooms = [row[0] for row in connection.execute(rows)] if tables else []
        assert rooms == [["Bathroom", "Kitchen", "LivingRoom"][n % 3] for n in range(len(rooms))]
        return len(rooms)


# --- two programs


_VISITOR = """
import sys
from pathlib import Path
from roomnet_core.session.changes import label, reject
from tests.core.session.catalogs import Catalog, file, load
catalog = Catalog.open(Path(sys.argv[1]), on_error=lambda error: sys.exit(str(error)))
document = load(catalog)
names = list(range(150))
if sys.argv[2] == "b":
    names.reverse()
for number in names:
    document.add([file(f"{number}.jpg")])
    photo_id = document.id_of(file(f"{number}.jpg").path)
    if sys.argv[2] == "a":
        document.apply(label(document, [photo_id], number % 3))
    else:
        document.apply(reject(document, [photo_id], True))
catalog.close()
"""


def test_two_programs_on_one_folder_at_once(path: Path) -> None:
    Catalog.open(path).close()
    programs = [
        subprocess.Popen([sys.executable, "-c", _VISITOR, str(path), name], cwd=REPOSITORY) for name in "ab"
    ]
    assert [program.wait(PATIENCE_SECONDS) for program in programs] == [0, 0]
    photos = {photo.file.relative: photo.marks for photo in reopened(path)}
    assert photos == {f"{number}.jpg": Marks(number % 3, rejected=True) for number in range(150)}
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert connection.execute("SELECT count(*) FROM photos").fetchone() == (150,)


@contextmanager
def held(path: Path) -> Iterator[sqlite3.Connection]:
    """Another program is in the middle of a write."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield connection


def test_a_locked_catalog_delays_the_writing_and_nothing_else(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema.connect, "__kwdefaults__", {"timeout": 0.1})
    errors: list[CatalogError] = []
    with opened(path, on_error=errors.append) as catalog:
        document = load(catalog)
        ids = document.add(file(f"{n}.jpg") for n in range(10))
        assert catalog.flush(10)
        with held(path):
            seconds = []
            for which, room in ((ids, 1), (ids[:5], 2)):
                started = time.perf_counter()
                document.apply(label(document, which, room))
                seconds.append(time.perf_counter() - started)
            assert min(seconds) < 0.1  # what waits for the lock waits longer each time
            assert wait_for(lambda: errors) and not catalog.flush(0.1) and catalog.pending == 2
            assert len(load(catalog)) == 10  # reading goes on
        assert catalog.flush(PATIENCE_SECONDS) and catalog.pending == 0
    assert [error.kind for error in errors] == ["locked"]
    assert [photo.decided for photo in reopened(path)] == [2] * 5 + [1] * 5


def test_a_catalog_that_stays_locked_is_told_at_opening_and_at_closing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schema.connect, "__kwdefaults__", {"timeout": 0.1})
    errors: list[CatalogError] = []
    catalog = Catalog.open(path, on_error=errors.append)
    document = load(catalog)
    with held(path):
        document.add([file("a.jpg")])
        assert wait_for(lambda: errors)
        with pytest.raises(CatalogError, match="1 changes could not be kept") as caught:
            catalog.close(timeout=0.3)
        assert caught.value.kind == "locked"
        with pytest.raises(CatalogError, match="Another program holds") as caught:
            Catalog.open(path)
        assert caught.value.kind == "locked"
    assert len(reopened(path)) == 0


# --- no space, no permission


def test_a_full_drive_is_told_once_and_everything_is_written_when_there_is_space(path: Path) -> None:
    """The drive is full where SQLite is told that the file may not grow: the same error on the same path."""
    errors: list[CatalogError] = []
    fill(path, 50)
    with opened(path, on_error=errors.append) as catalog:
        document = load(catalog)
        connection = catalog._writer._connection
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}")
        new = document.add(PhotoFile(ROOT / f"new {n}.jpg", ROOT, n, n) for n in range(500))
        assert not catalog.flush(1.0) and catalog.pending == 1
        document.apply(label(document, new, 2))
        assert catalog.pending == 2
        connection.execute("PRAGMA max_page_count = 1073741823")
        assert catalog.flush(10)
    assert [error.kind for error in errors] == ["full"]
    assert "space" in str(errors[0])
    assert [photo.decided for photo in reopened(path)][50:] == [2] * 500


@pytest.mark.skipif(sys.platform != "linux", reason="needs a small drive of its own")
def test_a_drive_that_is_really_full(tmp_path: Path) -> None:
    drive = tmp_path / "drive"
    drive.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=600k", "tmpfs", str(drive)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("may not mount a drive here")
    try:
        path = drive / "catalog.sqlite"
        errors: list[CatalogError] = []
        catalog = Catalog.open(path, on_error=errors.append)
        document = load(catalog)
        ids = document.add([file("a.jpg")])
        assert catalog.flush(10)
        filler = drive / "filler"
        with pytest.raises(OSError, match="space"), filler.open("wb") as stream:
            while True:
                stream.write(bytes(4096))
                stream.flush()
        document.add(PhotoFile(ROOT / f"new {n}.jpg", ROOT, n, n) for n in range(200))
        document.apply(label(document, ids, 2))
        assert not catalog.flush(1.0)
        assert [error.kind for error in errors] == ["full"]
        filler.unlink()
        assert catalog.flush(20)
        catalog.close()
        assert [photo.decided for photo in reopened(path)] == [2] + [None] * 200
        with pytest.raises(OSError, match="space"), filler.open("wb") as stream:
            while True:
                stream.write(bytes(4096))
                stream.flush()
        with pytest.raises(CatalogError) as caught:
            Catalog.open(path)
        assert caught.value.kind in ("full", "unwritable")
    finally:
        subprocess.run(["umount", str(drive)], check=True)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "data").write_bytes(b"")  # a file where the folder should be: for root, too
    with pytest.raises(CatalogError, match="cannot be written") as caught:
        Catalog.open(tmp_path / "data" / "catalog.sqlite")
    assert caught.value.kind == "unwritable"


# --- damage


def test_random_pages_overwritten_are_refused_or_readable_and_the_backup_comes_back(path: Path) -> None:
    marks = fill(path)
    whole = path.read_bytes()
    chance = random.Random(7)
    refused = 0
    for _ in range(25):
        content = bytearray(whole)
        for _ in range(chance.choice([1, 1, 3])):
            page = chance.randrange(len(content) // 4096)
            content[4096 * page : 4096 * (page + 1)] = chance.randbytes(4096)
        path.write_bytes(content)
        try:
            with opened(path) as catalog:
                load(catalog)
            continue
        except CatalogError as error:
            assert error.kind == "damaged", error
            assert "Nothing was changed" in str(error) and "backup of" in str(error)
        refused += 1
        assert path.read_bytes() == content
        aside = Catalog.restore_backup(path)
        assert aside is not None and aside.read_bytes() == content and aside.name.startswith("catalog.damaged-")
        assert [photo.marks for photo in reopened(path)] == marks
    assert refused >= 20


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0", b"something else" * 1000, None])
def test_a_lost_catalog_is_never_replaced_by_an_empty_one(path: Path, content: bytes | None) -> None:
    marks = fill(path, 20)
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    for _ in range(2):
        with pytest.raises(CatalogError, match="--restore-catalog") as caught:
            Catalog.open(path)
        assert caught.value.kind == "damaged"
        assert (path.read_bytes() if content is not None else None) == content
    Catalog.restore_backup(path)
    assert [photo.marks for photo in reopened(path)] == marks


def test_starting_anew_keeps_the_old_files(path: Path) -> None:
    fill(path, 20)
    old = path.read_bytes()
    aside = Catalog.start_anew(path)
    assert aside is not None and aside.read_bytes() == old
    assert backup.backup_path(aside).is_file() and not backup.backup_path(path).exists()
    assert len(reopened(path)) == 0
    assert Catalog.start_anew(path) is not None and Catalog.start_anew(path) is None


def test_the_log_of_a_damaged_catalog_does_not_get_into_the_restored_one(path: Path) -> None:
    marks = fill(path, 20)
    with opened(path) as catalog:  # the log of another time
        document = load(catalog)
        document.apply(label(document, [photo.id for photo in document], 2))
        catalog.flush()
        log = path.with_name(path.name + "-wal").read_bytes()
        older = backup.backup_path(path).read_bytes()
    backup.backup_path(path).write_bytes(older)
    path.write_bytes(b"garbage" * 1000)
    path.with_name(path.name + "-wal").write_bytes(log)
    aside = Catalog.restore_backup(path)
    assert aside is not None and aside.with_name(aside.name + "-wal").read_bytes() == log
    assert [photo.marks for photo in reopened(path)] == marks


def test_a_backup_that_is_damaged_or_missing_changes_nothing(path: Path) -> None:
    fill(path, 20)
    path.write_bytes(b"garbage" * 1000)
    backup.backup_path(path).write_bytes(b"garbage" * 900)
    with pytest.raises(CatalogError, match="damaged too"):
        Catalog.restore_backup(path)
    assert path.read_bytes() == b"garbage" * 1000
    backup.backup_path(path).unlink()
    with pytest.raises(CatalogError, match="no backup"):
        Catalog.restore_backup(path)
    with pytest.raises(CatalogError, match="--new-catalog"):
        Catalog.open(path)
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["catalog.sqlite"]


def test_damage_never_gets_into_the_backup(path: Path) -> None:
    fill(path, 300)
    sound = backup.backup_path(path).read_bytes()
    errors: list[CatalogError] = []
    catalog = Catalog.open(path, on_error=errors.append)
    document = load(catalog)
    document.apply(label(document, [next(iter(document)).id], 2))
    catalog.flush()
    with path.open("r+b") as stream:
        stream.seek(4096 * 3)
        stream.write(os.urandom(4096 * 4))
    catalog.close()
    assert backup.backup_path(path).read_bytes() == sound
    assert [error.kind for error in errors] == ["damaged"]


# --- backups and clocks


def test_a_backup_is_made_when_something_was_written_or_it_is_old(path: Path) -> None:
    fill(path, 5)
    place = backup.backup_path(path)
    assert place.is_file() and not backup.is_due(path)
    os.utime(place, (1, 1))
    assert backup.is_due(path)
    with opened(path) as catalog:
        load(catalog)
    assert not backup.is_due(path)
    before = place.stat().st_mtime_ns
    with opened(path) as catalog:
        load(catalog)
    assert place.stat().st_mtime_ns == before
    future = time.time() + 30 * 24 * 3600  # the clock was wrong when it was made
    os.utime(place, (future, future))
    assert backup.is_due(path)
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["catalog.sqlite", "catalog.sqlite.bak"]


def test_a_clock_that_goes_backwards_confuses_nothing(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    marks = fill(path, 20)
    monkeypatch.setattr(time, "time", lambda: 1.0)
    with opened(path) as catalog:
        document = load(catalog)
        assert [photo.marks for photo in document] == marks
        later = document.add([file("later.jpg")])
        document.apply(label(document, later, 2))
    photos = list(reopened(path))
    assert photos[-1].id == later[0] and photos[-1].decided == 2


# --- versions


# What version 1 wrote. Never change it: catalogs like this one are out there.
_VERSION_1 = """
PRAGMA journal_mode = WAL;
CREATE TABLE photos (id INTEGER PRIMARY KEY, path BLOB NOT NULL, present INTEGER NOT NULL, size INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL, content BLOB NOT NULL, width INTEGER, height INTEGER, captured TEXT, camera TEXT,
    problem TEXT, message TEXT, decided TEXT, rejected INTEGER NOT NULL, cover INTEGER NOT NULL);
CREATE UNIQUE INDEX present_photos ON photos (path) WHERE present = 1;
CREATE INDEX absent_photos ON photos (path) WHERE present = 0;
CREATE INDEX photos_by_size ON photos (size);
CREATE TABLE models (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, name TEXT NOT NULL);
CREATE TABLE predictions (photo INTEGER NOT NULL, model INTEGER NOT NULL, unsure INTEGER NOT NULL,
    probabilities BLOB NOT NULL, PRIMARY KEY (photo, model)) WITHOUT ROWID;
CREATE TABLE openings (number INTEGER NOT NULL);
INSERT INTO openings VALUES (3);
INSERT INTO models VALUES (1, 'key of the first model', 'first');
INSERT INTO photos VALUES (50331648, CAST('/listings/12 Elm Street/a.jpg' AS BLOB), 1, 100, 5, x'0102', 640, 480,
    '2024-05-17 09:30:01', 'Canon EOS R5', NULL, NULL, 'Kitchen', 0, 1);
INSERT INTO predictions VALUES (50331648, 1, 1,
    x'000000000000E03F000000000000D03F000000000000D03F');
PRAGMA user_version = 1;
PRAGMA application_id = 1383034733;
"""


def test_a_catalog_of_version_1_is_brought_up_to_date(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(_VERSION_1)
    (photo,) = reopened(path)
    assert (photo.id, photo.file.relative, photo.marks) == (50331648, "a.jpg", Marks(1, cover=True))
    assert photo.prediction is not None and photo.prediction.probabilities == (0.5, 0.25, 0.25)
    assert photo.info is not None and photo.info.captured is not None and photo.info.captured.year == 2024
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (len(schema.MIGRATIONS),)


def test_a_migration_is_all_or_nothing_and_keeps_a_backup_first(path: Path) -> None:
    fill(path, 20)
    old = backup.backup_path(path)
    old.unlink()

    def further(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE photos ADD COLUMN rating INTEGER")

    def failing(connection: sqlite3.Connection) -> None:
        connection.execute("ALTER TABLE photos ADD COLUMN stars INTEGER")
        raise RuntimeError("no")

    steps = (*schema.MIGRATIONS, further)
    with closing(schema.connect(path)) as connection:
        with pytest.raises(RuntimeError):
            schema.prepare(connection, path, migrations=(*steps, failing))
        assert connection.execute("PRAGMA user_version").fetchone() == (len(schema.MIGRATIONS),)
        keep = lambda connection: backup.write_backup(connection, path)  # noqa: E731
        schema.prepare(connection, path, migrations=steps, before_migration=keep)
        columns = [row[1] for row in connection.execute("PRAGMA table_info(photos)")]
        assert "rating" in columns and "stars" not in columns
    with closing(sqlite3.connect(old)) as connection:
        assert "rating" not in [row[1] for row in connection.execute("PRAGMA table_info(photos)")]
    with pytest.raises(CatalogError, match=r"later version .* Install the latest") as caught:
        Catalog.open(path)  # newer than this program by one
    assert caught.value.kind == "newer"


def test_many_openings_at_once_make_one_catalog(path: Path) -> None:
    catalogs: list[Catalog] = []
    errors: list[BaseException] = []

    def work() -> None:
        try:
            catalogs.append(Catalog.open(path))
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [load(catalog).add([file(f"{n}.jpg")])[0] for n, catalog in enumerate(catalogs)]
    for catalog in catalogs:
        catalog.close()
    assert not errors and len(set(ids)) == 6
    assert len(reopened(path)) == 6


def test_a_file_of_another_program_is_left_alone(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("CREATE TABLE letters (text TEXT); PRAGMA user_version = 1;")
    before = path.read_bytes()
    with pytest.raises(CatalogError, match="not a RoomNet catalog"):
        Catalog.open(path)
    assert path.read_bytes() == before
    with pytest.raises(CatalogError, match="not a RoomNet catalog"):
        store.inspect(path)


def test_a_catalog_whose_making_was_cut_off_is_empty_and_usable(path: Path) -> None:
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")  # the first thing that is written, before any table
    assert store.inspect(path).startswith("empty")
    Catalog.open(path).close()
    assert store.inspect(path).startswith("intact, 0 photos")
