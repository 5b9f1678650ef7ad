"""The window's fixtures."""

from __future__ import annotations

from tests.windows import errors, make_window, window

__all__ = ["errors", "make_window", "window"]
