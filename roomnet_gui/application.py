"""Creates the application and its window: style, icon, settings, and where errors go."""

from __future__ import annotations

import signal
import sys
import threading
import warnings
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QEvent, QTimer, Signal
from PySide6.QtGui import QFileOpenEvent
from PySide6.QtWidgets import QApplication, QMessageBox

from roomnet_core.errors import ModelError, RoomNetError
from roomnet_core.inference.model_file import find_model
from roomnet_core.resources import data_dir
from roomnet_gui.arrivals import Arrivals
from roomnet_gui.core_texts import spoken
from roomnet_gui.error_report import ErrorReporter
from roomnet_gui.garbage import spare_the_window
from roomnet_gui.icons import app_icon
from roomnet_gui.instance import Claim, OneInstance
from roomnet_gui.jobs.classification import Classifier
from roomnet_gui.language import Language
from roomnet_gui.logs import start_logging
from roomnet_gui.main_window import MainWindow
from roomnet_gui.motion import respect
from roomnet_gui.settings import open_settings
from roomnet_gui.window_state import WindowState

# A worker gives the interpreter back to the window's thread after this long; Python's own 5 ms add up to stutter.
_SWITCH_SECONDS = 0.001


class Application(QApplication):
    """A Mac sends what is dropped on the Dock's icon, or opened with RoomNet, as an event to the application."""

    file_opened = Signal(list)  # of Path

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QFileOpenEvent) and event.file():
            self.file_opened.emit([Path(event.file())])
            return True
        return super().event(event)


def create_application(arguments: Sequence[str]) -> Application:
    """The one application: Fusion looks alike everywhere and follows light and dark."""
    application = Application(list(arguments))
    application.setApplicationName("RoomNet")
    application.setApplicationDisplayName("RoomNet")
    application.setDesktopFileName("roomnet")
    application.setStyle("Fusion")
    application.setWindowIcon(app_icon())
    respect()
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
    """Show the window, open the paths given as arguments, and return the exit status.

    Where a window of this user is open already, that one opens the paths.
    """
    application = create_application(arguments)
    Language.of(application).use(WindowState(open_settings()).language)  # before anything can be said
    request, paths = parse(application.arguments()[1:])
    instance = OneInstance(data_dir(), application)
    claim = instance.claim(paths)
    if claim is Claim.HANDED_OVER:
        return 0
    if claim is Claim.NO_ANSWER:
        words = QCoreApplication.translate(
            "Application",
            "RoomNet is running already, but does not answer. End it, or wait a moment, and start it again.",
        )
        QMessageBox.critical(None, "RoomNet", words)
        return 1
    start_logging()
    warnings.filterwarnings("ignore", module="PIL")  # about odd metadata, which costs no photo
    errors = ErrorReporter(application)
    report_uncaught(errors)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # Ctrl+C in a terminal: Qt's loop would never let Python see it
    try:
        window = create_window(errors)
    except RoomNetError as error:
        QMessageBox.critical(None, "RoomNet", spoken(str(error)))
        return 1
    arrivals = Arrivals(window, window.opening.start_with)
    instance.arrived.connect(arrivals.take)
    application.file_opened.connect(arrivals.take)
    window.show()
    QTimer.singleShot(0, window, lambda: window.start(paths))
    if request is not None:
        from roomnet_gui.self_test import Request, SelfTest

        SelfTest(window, Request.read(request))
    status = application.exec()
    instance.release()
    return status


def parse(arguments: Sequence[str]) -> tuple[Path | None, list[Path]]:
    """The request of a self-test, if that is what is wanted, and the absolute paths to open."""
    words = list(arguments)
    request = None
    if words[:1] == ["--self-test"] and len(words) > 1:
        request, words = Path(words[1]), words[2:]
    return request, [Path(word).absolute() for word in words]
