"""Nothing moves where the system's settings say so."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QProgressBar
from pytestqt.qtbot import QtBot

from roomnet_gui import motion


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("kdeglobals", "[General]\nName=x\n[KDE]\nAnimationDurationFactor=0\n"),
        ("gtk-3.0/settings.ini", "[Settings]\ngtk-enable-animations=0\n"),
        ("gtk-4.0/settings.ini", "[Settings]\ngtk-enable-animations=false\n"),
    ],
)
def test_the_settings_of_linux_desktops(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: str, text: str
) -> None:
    monkeypatch.delenv("XDG_CURRENT_DESKTOP", raising=False)
    assert not motion._linux(tmp_path)
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(text.replace("0", "1").replace("false", "true"), encoding="utf-8")
    assert not motion._linux(tmp_path)
    path.write_text(text, encoding="utf-8")
    assert motion._linux(tmp_path)
    path.write_bytes(b"\xff\xfe no settings [")
    assert not motion._linux(tmp_path)


def test_gnome_is_asked_by_its_own_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tool = tmp_path / "gsettings"
    tool.write_text("#!/bin/sh\necho false\n", encoding="utf-8")
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    assert motion._linux(tmp_path)
    tool.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    assert not motion._linux(tmp_path)


@pytest.mark.parametrize("reduced", [True, False])
def test_a_bar_that_knows_no_end_stands_still(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, reduced: bool) -> None:
    monkeypatch.setattr(motion, "reduced_motion", lambda: reduced)
    bar = QProgressBar()
    qtbot.addWidget(bar)
    motion.show_busy(bar)
    assert (bar.minimum() == bar.maximum()) is not reduced  # what Qt lets run to and fro
