"""Naming the Excel file: a suffix that is added must not get around the question about an existing file."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from roomnet_gui.export.excel_export import ask_path


@pytest.mark.parametrize(("answer", "replaced"), [("Yes", True), ("No", False)])
def test_an_added_suffix_asks_before_it_replaces(
    qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str, replaced: bool
) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    asked = []
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(tmp_path / "rooms"), ""))
    monkeypatch.setattr(
        QMessageBox, "question", lambda *args: asked.append(args) or QMessageBox.StandardButton[answer]
    )
    assert ask_path(parent, tmp_path) == tmp_path / "rooms.xlsx" and not asked
    (tmp_path / "rooms.xlsx").write_bytes(b"earlier")
    assert ask_path(parent, tmp_path) == (tmp_path / "rooms.xlsx" if replaced else None)
    assert len(asked) == 1
