"""Folders and photos that come from outside while the window is open: another start, or a drop on the Dock's icon."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget

_LOOK_AGAIN_MS = 200


class Arrivals(QObject):
    """Brings `window` to the front and lets `start_with` open what came, once no dialog is in the way."""

    def __init__(self, window: QWidget, start_with: Callable[[Sequence[Path]], None]) -> None:
        super().__init__(window)
        self._window, self._start_with = window, start_with
        self._waiting: list[Path] = []
        self._timer = QTimer(self, interval=_LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._open)

    def take(self, paths: Sequence[Path]) -> None:
        """Show the window; and open `paths`, if there are any, in place of what is open."""
        window = self._window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()
        if paths:
            self._waiting = list(paths)
            self._open()

    def _open(self) -> None:
        if QApplication.activeModalWidget() is not None or QApplication.activePopupWidget() is not None:
            self._timer.start()  # a dialog asks about the photos that are open now: they stay until it is answered
            return
        self._timer.stop()
        paths, self._waiting = self._waiting, []
        self._start_with(paths)
