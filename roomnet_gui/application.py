"""Creates the application and its window: style, icon, settings, and where errors go."""

from __future__ import annotations

import signal
import sys
import threading
import warnings
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMessageBox

from roomnet_core.errors import ModelError, RoomNetError
from roomnet_core.inference.model_file import find_model
from roomnet_gui.error_report import ErrorReporter
from roomnet_gui.garbage import spare_the_window
from roomnet_gui.icons import app_icon
from roomnet_gui.jobs.classification import Classifier
from roomnet_gui.logs import start_logging
from roomnet_gui.main_window import MainWindow
from roomnet_gui.settings import open_settings
from roomnet_gui.window_state import WindowState

# A worker gives the interpreter back to the window's thread after this long; Python's own 5 ms add up to stutter.
_SWITCH_SECONDS = 0.001


def create_application(arguments: Sequence[str]) -> QApplication:
    """The one QApplication: Fusion looks alike everywhere and follows light and dark."""
    application = QApplication(list(arguments))
    application.setApplicationName("RoomNet")
    application.setApplicationDisplayName("RoomNet")
    application.setDesktopFileName("roomnet")
    application.setStyle("Fusion")
    application.setWindowIcon(app_icon())
    spare_the_window(application)
    sys.setswitchinterval(_SWITCH_SECONDS)
    return application


def create_window(errors: ErrorReporter) -> MainWindow:
    """The window with the model that was chosen last, not shown yet.

    Raises:
        ModelError: no model is installed.
    """
    settings = open_settings()
    try:
        model = find_model(WindowState(settings).model)
    except ModelError:  # the one that was chosen last is gone
        model = find_model()
    window = MainWindow(Classifier(model), settings, errors)
    errors.set_window(window)
    # Once the window is on the screen: loading the engine must not hold it up.
    QTimer.singleShot(0, window, window.session.warm_up)
    return window


def report_uncaught(errors: ErrorReporter) -> None:
    """Errors that nobody caught, in slots and in threads, reach the reporter too."""

    def in_main(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            errors.report(error)

    def in_thread(arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None and arguments.exc_type is not SystemExit:
            errors.report(arguments.exc_value)

    sys.excepthook = in_main
    threading.excepthook = in_thread


def run(arguments: Sequence[str]) -> int:
    """Show the window, open the paths given as arguments, and return the exit status."""
    application = create_application(arguments)
    start_logging()
    warnings.filterwarnings("ignore", module="PIL")  # about odd metadata, which costs no photo
    errors = ErrorReporter(application)
    report_uncaught(errors)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in a terminal: Qt's loop would never let Python see it
    try:
        window = create_window(errors)
    except RoomNetError as error:
        QMessageBox.critical(None, "RoomNet", str(error))
        return 1
    window.show()
    paths = [Path(argument) for argument in application.arguments()[1:]]
    QTimer.singleShot(0, window, lambda: window.start(paths))
    return application.exec()
