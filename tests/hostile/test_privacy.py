"""Nothing leaves this computer: core, command line, window and training where an internet socket is death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile.no_network import supported
from tests.pictures import make_picture

REPOSITORY = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(not supported(), reason="needs Linux's seccomp")


def python(*arguments: str, refuse: bool = False) -> subprocess.CompletedProcess[str]:
    guard = ["tests.hostile.no_network", "--refuse"] if refuse else ["tests.hostile.no_network"]
    command = [sys.executable, "-m", *guard, sys.executable, *arguments]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, timeout=600, errors="replace")


@pytest.mark.parametrize(
    "code",
    [
        "import socket; socket.socket()",
        "import urllib.request as r; r.urlopen('http://127.0.0.1:9/')",
        "import threading, socket; t = threading.Thread(target=socket.socket); t.start(); t.join()",
        "import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', 'import socket; socket.socket()']))",
        "import socket; socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)",
    ],
)
def test_the_guard_bites(code: str) -> None:
    assert python("-c", code).returncode in (-signal.SIGSYS, 256 - signal.SIGSYS)


def test_a_refused_socket_is_an_error() -> None:
    result = python("-c", "import socket; socket.socket()", refuse=True)
    assert result.returncode == 1 and "Address family not supported" in result.stderr


def test_local_sockets_and_everything_else_go_on() -> None:
    assert python("-c", "import socket; socket.socketpair()").returncode == 0


def test_the_command_line(photo_folder: Path, tmp_path: Path) -> None:
    for arguments in (
        [
            "classify",
            str(photo_folder),
            "--excel",
            str(tmp_path / "rooms.xlsx"),
            "--json",
            str(tmp_path / "rooms.json"),
        ],
        ["sort", str(photo_folder), "--to", str(tmp_path / "sorted")],
        ["models"],
        ["undo"],
    ):
        result = python("-m", "roomnet_core", *arguments)
        assert result.returncode == 0, result.stderr


def test_tensorflow(photo_folder: Path) -> None:
    """One of the libraries that it imports binds a socket to this computer's own address, to see whether it may."""
    arguments = ["classify", str(photo_folder), "--engine", "tensorflow", "--no-catalog"]
    result = python("-m", "roomnet_core", *arguments, refuse=True)
    assert result.returncode == 0, result.stderr


_WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from roomnet_gui.application import ErrorReporter, create_application, create_window, start_logging
application = create_application(["roomnet-gui"])
start_logging()
window = create_window(ErrorReporter(application))
window.show()
window.start([Path(sys.argv[1])])
def look():
    photos = window.session.photos()
    if len(photos) == 6 and all(photo.prediction is not None for photo in photos) and not window.session.busy:
        window.actions_.logs.trigger()
        window.actions_.keys.trigger()
        QTimer.singleShot(300, lambda: application.exit(3))
timer = QTimer(interval=50)
timer.timeout.connect(look)
timer.start()
status = application.exec()
window.close()
sys.exit(status)
"""


def test_the_window(photo_folder: Path) -> None:
    result = python("-c", _WINDOW, str(photo_folder))
    assert result.returncode == 3, result.stderr


def test_training(tmp_path: Path) -> None:
    """The process that is started for it, too."""
    for name, first in (("Attic", 0), ("Cellar", 40)):
        folder = tmp_path / "labelled" / name
        folder.mkdir(parents=True)
        for number in range(24):
            make_picture(first + number, (96, 72)).save(folder / f"{number}.jpg")
    arguments = ["train", str(tmp_path / "labelled"), "--out", "mine", "--model", "roomnet-compact", "--epochs", "3"]
    result = python("-m", "roomnet_core", *arguments)
    assert result.returncode == 0, result.stderr
    assert (Path(os.environ["ROOMNET_DATA_DIR"]) / "models" / "mine" / "card.json").is_file()
