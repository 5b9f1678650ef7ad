"""Ended in the middle: SIGTERM and SIGKILL in every phase, power cuts while the catalog is written."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from roomnet_core.cli import main
from roomnet_core.session.changes import label
from roomnet_core.session.store import Catalog, inspect
from tests.core.session.catalogs import file, load, opened, reopened
from tests.hostile.case import tree_hash
from tests.patience import PATIENCE_SECONDS

pytestmark = pytest.mark.skipif(os.name != "posix", reason="needs POSIX signals")
REPOSITORY = Path(__file__).resolve().parents[2]
WHOLE = os.environ.get("ROOMNET_HOSTILE") == "all"
MODEL = "roomnet-compact"


def phases(count: int) -> list[float]:
    """Shares of the time that the whole takes: from the first imports to the last line of the last list."""
    return [(number + 0.5) / count for number in range(count)]


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGKILL])
def test_a_command_that_is_ended_leaves_whole_lists_or_none(
    stop: signal.Signals, photo_folder: Path, tmp_path: Path, data_folder: Path
) -> None:
    before = tree_hash(photo_folder)
    out = tmp_path / "out"
    out.mkdir()
    lists = [out / name for name in ("rooms.json", "rooms.csv", "rooms.xlsx")]
    command = [sys.executable, "-m", "roomnet_core", "classify", str(photo_folder), "--model", MODEL]
    command += ["--json", str(lists[0]), "--csv", str(lists[1]), "--excel", str(lists[2])]
    started = time.monotonic()
    assert subprocess.run(command, cwd=REPOSITORY, capture_output=True).returncode == 0
    seconds = time.monotonic() - started
    whole = json.loads(lists[0].read_text())
    for moment in phases(30 if WHOLE else 3):
        for path in [*out.iterdir(), *data_folder.iterdir()]:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            time.sleep(moment * seconds)
            process.send_signal(stop)
            _, said = process.communicate()
        assert process.returncode in (0, -stop, 128 + stop), said.decode()
        # Before there is a handler, and in a finaliser, it is Python that says what was cut off.
        assert b"Traceback" not in said or process.returncode == -stop or b"Exception ignored" in said
        assert tree_hash(photo_folder) == before
        if lists[0].exists():
            assert json.loads(lists[0].read_text()) == whole
        if stop is signal.SIGTERM:  # time to clean up
            assert {path.name for path in out.iterdir()} <= {path.name for path in lists}
        inspect(data_folder / "catalog.sqlite")
        assert main(["classify", str(photo_folder), "--model", MODEL, "--json", str(lists[0])]) == 0
        assert json.loads(lists[0].read_text()) == whole


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGKILL])
def test_a_window_that_is_ended_keeps_every_decision(
    stop: signal.Signals, photo_folder: Path, data_folder: Path
) -> None:
    code = (
        "import sys\n"
        "from pathlib import Path\n"
        "from PySide6.QtCore import QTimer\n"
        "from roomnet_gui.application import ErrorReporter, create_application, create_window\n"
        "application = create_application(['roomnet-gui'])\n"
        "window = create_window(ErrorReporter(application))\n"
        "window.show()\n"
        "window.start([Path(sys.argv[1])])\n"
        "def look():\n"
        "    if len(window.session.photos()) == 6 and not window.session.busy and window.door.decided:\n"
        "        timer.stop()\n"
        "        window.review.grid.selectAll()\n"
        "        window.review.label_selected(2)\n"
        "        saved.start()\n"
        "def tell():\n"
        "    if sys.argv[2] != 'saved' or window.door.catalog.pending == 0:\n"
        "        saved.stop()\n"
        "        print('labelled', flush=True)\n"
        "saved = QTimer(interval=5)\n"
        "saved.timeout.connect(tell)\n"
        "timer = QTimer(interval=30)\n"
        "timer.timeout.connect(look)\n"
        "timer.start()\n"
        "application.exec()\n"
    )
    before = tree_hash(photo_folder)
    when = "saved" if stop is signal.SIGKILL else "decided"  # to SIGTERM there is time to answer
    with subprocess.Popen(
        [sys.executable, "-c", code, str(photo_folder), when], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "labelled\n"
        process.send_signal(stop)
        assert process.wait(PATIENCE_SECONDS) != 0
    assert "6 photos, 6 with a room" in inspect(data_folder / "catalog.sqlite")
    assert tree_hash(photo_folder) == before


_WRITER = """
import sys
from pathlib import Path
from roomnet_core.session.changes import label
from tests.core.session.catalogs import Catalog, load
catalog = Catalog.open(Path(sys.argv[1]))
document = load(catalog)
ids = [photo.id for photo in document]
for number in range(100_000):
    document.apply(label(document, [ids[number % len(ids)]], number % 3))
    if number % 5 == 4:
        catalog.flush()
        print(number, flush=True)
"""


def test_a_power_cut_at_any_moment_leaves_a_catalog_of_that_moment(tmp_path: Path) -> None:
    """The program is stopped in the middle of whatever it does, and what is on the drive then is opened elsewhere."""
    path = tmp_path / "data" / "catalog.sqlite"
    with opened(path) as catalog:
        load(catalog).add(file(f"{number}.jpg") for number in range(50))
    chance = random.Random(11)
    command = [sys.executable, "-c", _WRITER, str(path)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        for moment in range(60 if WHOLE else 10):
            for _ in range(chance.randrange(4)):
                flushed = int(process.stdout.readline())
            time.sleep(chance.random() * 0.01)
            flushed = int(process.stdout.readline())  # all up to here is on the drive
            process.send_signal(signal.SIGSTOP)
            os.waitpid(process.pid, os.WUNTRACED)
            copy = tmp_path / f"copy {moment}" / path.name
            copy.parent.mkdir()
            for suffix in ("", "-wal"):
                shutil.copy(f"{path}{suffix}", f"{copy}{suffix}")
            process.send_signal(signal.SIGCONT)
            with closing(sqlite3.connect(copy)) as connection:
                assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            decided = [photo.decided for photo in reopened(copy)]
            # Walking back from what was flushed: each photo has the room of that time or of a later one.
            stale = [n for n in range(max(0, flushed - 49), flushed + 1) if decided[n % 50] is None]
            assert not stale
            shutil.rmtree(copy.parent)
        process.kill()
    with opened(path) as catalog:
        document = load(catalog)
        document.apply(label(document, [photo.id for photo in document], 1))
    assert {photo.decided for photo in reopened(path)} == {1}
    Catalog.open(path).close()
