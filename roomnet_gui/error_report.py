"""The one place that errors reach: the log, and a message box with a report to copy."""

from __future__ import annotations

import logging
import platform
import traceback

import PySide6
from PySide6.QtCore import QObject, Qt, QThread, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from roomnet_core.errors import RoomNetError
from roomnet_gui.core_texts import spoken
from roomnet_gui.help import add_help

_log = logging.getLogger(__name__)


def report_text(error: BaseException) -> str:
    """What a developer needs to know of `error`; no file names beyond those in the error itself."""
    lines = [
        f"RoomNet {_version()} on Python {platform.python_version()}, "
        f"Qt for Python {PySide6.__version__}, {platform.platform()}",
        "",
        *(line.rstrip() for line in traceback.format_exception(error)),
    ]
    return "\n".join(lines)


def _version() -> str:
    from importlib import metadata  # 10 ms, which no start need wait for

    try:
        return metadata.version("roomnet")
    except metadata.PackageNotFoundError:  # run from a source tree that was never installed
        return "(not installed)"


class ErrorReporter(QObject):
    """Shows errors one at a time; safe to call from any thread."""

    _reported = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._window: QWidget | None = None
        self._box: QMessageBox | None = None
        self._waiting: list[BaseException] = []
        self._reported.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def set_window(self, window: QWidget | None) -> None:
        """The window over which errors are shown."""
        self._window = window

    def report(self, error: BaseException) -> None:
        """Log `error` and tell the user."""
        if isinstance(error, RoomNetError):
            _log.warning("%s", error)
        else:
            _log.error("unexpected error", exc_info=error)
        if QThread.currentThread() is self.thread():
            self._show(error)
        else:
            self._reported.emit(error)

    def _show(self, error: BaseException) -> None:
        if self._box is not None:
            # A thousand failures of one kind must not become a thousand boxes.
            if len(self._waiting) < 3 and str(error) not in {str(other) for other in self._waiting}:
                self._waiting.append(error)
            return
        expected = isinstance(error, RoomNetError)
        box = QMessageBox(self._window)
        box.setObjectName("errorBox")
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setIcon(QMessageBox.Icon.Warning if expected else QMessageBox.Icon.Critical)
        box.setWindowTitle(self.tr("RoomNet"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(spoken(str(error)) if expected else self.tr("Something went wrong that should not have."))
        if not expected:
            box.setInformativeText(
                self.tr("{error}\n\nYour photos were not changed. A report helps to mend this.").format(
                    error=f"{type(error).__name__}: {error}"
                )
            )
        copy = box.addButton(self.tr("&Copy report"), QMessageBox.ButtonRole.ActionRole)
        copy.clicked.disconnect()  # else the button would also close the box
        text = report_text(error)
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(text))
        box.addButton(QMessageBox.StandardButton.Close).setDefault(True)
        box.finished.connect(self._closed)
        add_help(box)
        self._box = box
        box.open()

    def _closed(self) -> None:
        self._box = None
        if self._waiting:
            self._show(self._waiting.pop(0))
