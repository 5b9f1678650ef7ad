"""When Python searches all its objects for garbage: not while somebody uses the window."""

from __future__ import annotations

import gc

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication

_NEVER = 2**31 - 1
_QUIET_MS = 5000


def spare_the_window(application: QGuiApplication) -> None:
    """Leave the full search to times when the program is in the background.

    It looks at every object that there is and holds every thread meanwhile: 150 ms at 20,000 photos, whichever thread
    set it off, and a worker that plans a sort does so several times. The search among young objects, which finds
    nearly all garbage, takes well under a millisecond and goes on as always.
    """
    young, middle, _ = gc.get_threshold()
    gc.set_threshold(young, middle, _NEVER)
    timer = QTimer(application, singleShot=True, interval=_QUIET_MS)
    timer.timeout.connect(gc.collect)

    def changed(state: Qt.ApplicationState) -> None:
        if state == Qt.ApplicationState.ApplicationActive:
            timer.stop()
        elif not timer.isActive():
            timer.start()

    application.applicationStateChanged.connect(changed)
