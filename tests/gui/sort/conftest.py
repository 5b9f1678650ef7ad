"""The window's fixtures, and a trash that a test can look into."""

from __future__ import annotations

from pathlib import Path

import pytest
import send2trash

from roomnet_gui.sort import sort_dialog
from tests.windows import errors, make_window, window

__all__ = ["errors", "make_window", "trash", "window"]


@pytest.fixture(autouse=True)
def trash(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stands for the system's trash, which a test must not fill."""
    folder = tmp_path_factory.mktemp("trash")

    def throw_away(paths: list[str]) -> None:
        for path in paths:
            Path(path).rename(folder / f"{len(list(folder.iterdir()))}-{Path(path).name}")

    monkeypatch.setattr(send2trash, "send2trash", throw_away)
    monkeypatch.setattr(sort_dialog, "_PAUSE_MS", 5)  # nobody is typing
    return folder
