"""One window at a time: a second start hands what it was given to the first and ends."""

from __future__ import annotations

import enum
import hashlib
import json
import logging
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket

_log = logging.getLogger(__name__)

# A first instance that starts or ends answers within this; one that does not has hung.
PATIENCE_SECONDS = 10.0
_ANSWER_MS, _PAUSE_SECONDS = 2000, 0.05
_RECEIVED = b"received\n"
_MOST_BYTES = 1 << 20
# The address of a local socket may be 108 bytes long on Linux and 104 on a Mac.
_LONGEST_ADDRESS = 100
# How a Wayland desktop lets the process that was just started bring another one's window to the front.
_TOKEN = "XDG_ACTIVATION_TOKEN"


class Claim(enum.Enum):
    """What `OneInstance.claim` found."""

    FIRST = enum.auto()
    """This is the only one; it listens for others."""
    HANDED_OVER = enum.auto()
    """Another one runs and has taken over what was to be opened."""
    NO_ANSWER = enum.auto()
    """Another one runs, but does not answer."""


class OneInstance(QObject):
    """Who holds the lock file in `folder`, the user's own data folder, is the first; it listens on a local socket."""

    arrived = Signal(list)  # of Path, possibly empty: what another start was given

    def __init__(self, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._address = _address(folder)
        self._lock = QLockFile(str(folder / "instance.lock"))
        self._lock.setStaleLockTime(0)  # however long it runs; the lock of a process that died counts for nothing
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)

    def claim(self, paths: Sequence[Path], patience: float = PATIENCE_SECONDS) -> Claim:
        """Be the first, or hand `paths` (absolute) to the one that is.

        Waits up to `patience` seconds where another one is just starting or ending. Where no lock can be kept, as on a
        full disk, this is one more instance: better two windows than none.
        """
        give_up = time.monotonic() + patience
        while True:
            if self._lock.tryLock(0):
                self._listen()
                return Claim.FIRST
            if self._lock.error() != QLockFile.LockError.LockFailedError:
                _log.warning("no lock can be kept beside the settings: %s", self._lock.error())
                return Claim.FIRST
            if self._hand_over(paths):
                return Claim.HANDED_OVER
            if time.monotonic() > give_up:
                return Claim.NO_ANSWER
            time.sleep(_PAUSE_SECONDS)

    def release(self) -> None:
        """Let the next start be the first."""
        self._server.close()
        self._lock.unlock()

    # --- the first

    def _listen(self) -> None:
        QLocalServer.removeServer(self._address)  # we hold the lock, so it can only be left from a crash
        if not self._server.listen(self._address):
            _log.warning("other starts cannot reach this window: %s", self._server.errorString())

    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(lambda socket=socket: self._read(socket))
            self._read(socket)

    def _read(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > _MOST_BYTES:
                socket.abort()
            return
        try:
            message = json.loads(socket.readLine(_MOST_BYTES).data())
            paths = [Path(name) for name in message["paths"]]
            token = str(message["token"])
        except (ValueError, KeyError, TypeError):
            socket.abort()
            return
        socket.write(_RECEIVED)
        socket.flush()
        if token:
            os.environ[_TOKEN] = token  # Qt takes it from there when a window is activated
        self.arrived.emit(paths)

    # --- the second

    def _hand_over(self, paths: Sequence[Path]) -> bool:
        socket = QLocalSocket()
        socket.connectToServer(self._address)
        if not socket.waitForConnected(_ANSWER_MS):
            return False
        message = {"paths": [str(path) for path in paths], "token": os.environ.get(_TOKEN, "")}
        socket.write(json.dumps(message).encode() + b"\n")
        answered = socket.waitForBytesWritten(_ANSWER_MS) and socket.waitForReadyRead(_ANSWER_MS)
        received = answered and socket.readAll().data() == _RECEIVED
        socket.abort()
        return received


def _address(folder: Path) -> str:
    """A place that only this user can make a socket in where there is one that is not too deep, else a plain name."""
    name = f"roomnet-{hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:16]}"
    if sys.platform == "win32":
        return name
    for place in (os.environ.get("XDG_RUNTIME_DIR"), str(folder)):
        if place and os.access(place, os.W_OK) and len(os.fsencode(f"{place}/{name}")) <= _LONGEST_ADDRESS:
            return f"{place}/{name}"
    return name
