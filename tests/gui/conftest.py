"""The window's fixtures."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from roomnet_gui.language import Language
from tests.windows import errors, make_window, window

__all__ = ["errors", "make_window", "window"]


@pytest.fixture(autouse=True)
def english(qapp: QApplication) -> None:
    """Texts in English, whatever the computer's language is and an earlier test has chosen."""
    Language.of(qapp).use("en")
