"""Garbage is collected, but the search that holds every thread waits until the window is in the background."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from roomnet_gui import garbage


@pytest.fixture(autouse=True)
def thresholds() -> Iterator[None]:
    before = gc.get_threshold()
    yield
    gc.set_threshold(*before)


class Node:
    def __init__(self) -> None:
        self.itself = self


def test_the_full_search_waits_for_the_background(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(garbage, "_QUIET_MS", 1)
    garbage.spare_the_window(qapp)
    node = Node()
    gc.collect()  # it is old now
    alive = weakref.ref(node)
    del node
    for _ in range(20):
        [Node() for _ in range(5000)]  # far more than sets off a full search otherwise
    assert alive() is not None
    qapp.applicationStateChanged.emit(Qt.ApplicationState.ApplicationInactive)
    qtbot.waitUntil(lambda: alive() is None)
