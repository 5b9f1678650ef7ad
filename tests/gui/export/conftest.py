"""The window's fixtures."""

from __future__ import annotations

import pytest

from roomnet_gui.export import export_dialog
from tests.windows import errors, make_window, window

__all__ = ["errors", "make_window", "window"]


@pytest.fixture(autouse=True)
def no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is typing."""
    monkeypatch.setattr(export_dialog, "_PAUSE_MS", 5)
