"""One window at a time, with real processes: what the second start is given reaches the first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot

from roomnet_gui.application import parse
from roomnet_gui.arrivals import Arrivals
from roomnet_gui.instance import Claim, OneInstance
from roomnet_gui.main_window import MainWindow
from tests.patience import PATIENCE_SECONDS

REPOSITORY = Path(__file__).resolve().parents[2]
SECOND = (
    "import sys\n"
    "from pathlib import Path\n"
    "from roomnet_gui.instance import OneInstance\n"
    "claim = OneInstance(Path(sys.argv[1])).claim([Path(name) for name in sys.argv[3:]], float(sys.argv[2]))\n"
    "print(claim.name)\n"
)


def start(folder: Path, *paths: Path, patience: float = PATIENCE_SECONDS, code: str = SECOND) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, str(folder), str(patience), *map(str, paths)]
    environment = {**os.environ, "XDG_ACTIVATION_TOKEN": "a token"}
    return subprocess.Popen(command, cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, text=True)


def answer(process: subprocess.Popen[str]) -> str:
    output, _ = process.communicate(timeout=PATIENCE_SECONDS)
    return output.strip()


@pytest.fixture
def first(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> OneInstance:
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "")
    instance = OneInstance(tmp_path)
    assert instance.claim([]) is Claim.FIRST
    return instance


def test_a_second_start_hands_its_folder_over(qtbot: QtBot, first: OneInstance, tmp_path: Path) -> None:
    folder = tmp_path / "Fotos 房间"
    with qtbot.waitSignal(first.arrived, timeout=20_000) as arrived:
        second = start(tmp_path, folder)
    assert arrived.args == [[folder]]
    assert answer(second) == "HANDED_OVER"
    assert os.environ["XDG_ACTIVATION_TOKEN"] == "a token"


def test_when_the_first_has_ended_the_next_is_the_first(first: OneInstance, tmp_path: Path) -> None:
    first.release()
    assert answer(start(tmp_path)) == "FIRST"


def test_a_first_that_was_killed_is_in_nobodys_way(tmp_path: Path) -> None:
    code = SECOND + "sys.stdout.flush()\nimport time; time.sleep(600)\n"
    killed = start(tmp_path, code=code)
    assert killed.stdout is not None
    assert killed.stdout.readline().strip() == "FIRST"
    killed.kill()
    killed.communicate()
    successor = OneInstance(tmp_path)
    assert successor.claim([]) is Claim.FIRST
    successor.release()


def test_a_first_that_hangs_is_told_of(first: OneInstance, tmp_path: Path) -> None:
    assert answer(start(tmp_path, patience=0.2)) == "NO_ANSWER"  # nobody turns the first one's event loop


def test_other_data_folders_have_windows_of_their_own(first: OneInstance, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    assert answer(start(other)) == "FIRST"


def test_rubbish_from_another_program_is_ignored(qtbot: QtBot, first: OneInstance, tmp_path: Path) -> None:
    rubbish = (
        "import sys\n"
        "from pathlib import Path\n"
        "from PySide6.QtNetwork import QLocalSocket\n"
        "from roomnet_gui.instance import _address\n"
        "socket = QLocalSocket()\n"
        "socket.connectToServer(_address(Path(sys.argv[1])))\n"
        "assert socket.waitForConnected(60000)\n"
        "socket.write(b'no json\\n')\n"
        "socket.flush()\n"
        "socket.waitForDisconnected(60000)\n"
        "print('thrown out')\n"
    )
    process = start(tmp_path, code=rubbish)
    qtbot.waitUntil(lambda: process.poll() is not None, timeout=20_000)
    assert answer(process) == "thrown out"


def test_where_no_lock_can_be_kept_the_window_opens_all_the_same(qtbot: QtBot, tmp_path: Path) -> None:
    missing = OneInstance(tmp_path / "not" / "there")
    assert missing.claim([]) is Claim.FIRST


# --- what arrives


def test_what_arrives_opens_and_the_window_comes_up(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    opened: list[list[Path]] = []
    arrivals = Arrivals(window, lambda paths: opened.append(list(paths)))
    window.showMinimized()
    arrivals.take([tmp_path])
    assert opened == [[tmp_path]]
    assert not window.isMinimized()
    arrivals.take([])
    assert opened == [[tmp_path]]


def test_what_arrives_waits_for_an_open_dialog(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    opened: list[list[Path]] = []
    arrivals = Arrivals(window, lambda paths: opened.append(list(paths)))
    box = QMessageBox(window)
    box.open()
    qtbot.waitUntil(box.isVisible)
    arrivals.take([tmp_path])
    qtbot.wait(300)
    assert opened == []
    box.close()
    qtbot.waitUntil(lambda: opened == [[tmp_path]])


def test_arguments_are_paths_from_where_the_program_was_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert parse(["house", str(tmp_path / "other")]) == (None, [tmp_path / "house", tmp_path / "other"])
    assert parse(["--self-test", "request.json", "house"]) == (Path("request.json"), [tmp_path / "house"])

