"""Open, correct, export, sort and undo: everything with keys, as it is and at 200 % scaling."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu
from pytestqt.qtbot import QtBot

from roomnet_core.sorting.plan import Mode
from roomnet_gui.export.export_dialog import ExportDialog
from roomnet_gui.export.kinds import ExportKind
from roomnet_gui.jobs.task_dialog import TaskDialog
from roomnet_gui.main_window import MainWindow
from roomnet_gui.sort.sort_dialog import SortDialog
from tests.conftest import REPOSITORY
from tests.windows import MakeWindow, wait_idle, write_rooms

Key, Modifier = Qt.Key, Qt.KeyboardModifier
PLAIN, CONTROL, ALT, SHIFT = Modifier.NoModifier, Modifier.ControlModifier, Modifier.AltModifier, Modifier.ShiftModifier


# A key with Alt holds its button down for a moment before it clicks, so what the button does is waited for.


def press(qtbot: QtBot, key: Key, modifiers: Qt.KeyboardModifier = PLAIN) -> None:
    """A key for whatever has the keyboard."""
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None or QApplication.focusWidget() is not None)
    qtbot.keyClick(QApplication.activePopupWidget() or QApplication.focusWidget(), key, modifiers)


def dialog_of(qtbot: QtBot, window: MainWindow, kind: type[QDialog]) -> QDialog:
    qtbot.waitUntil(lambda: any(one.isVisible() for one in window.findChildren(kind)))
    dialog = next(one for one in window.findChildren(kind) if one.isVisible())
    qtbot.waitUntil(lambda: QApplication.focusWidget() is not None and dialog.isAncestorOf(QApplication.focusWidget()))
    return dialog


def close_outcome(qtbot: QtBot, window: MainWindow) -> str:
    """Wait for a task's end and close what it says with Enter."""
    task = dialog_of(qtbot, window, TaskDialog)
    assert isinstance(task, TaskDialog)
    qtbot.waitUntil(lambda: task.outcome is not None, timeout=20_000)
    assert task.outcome is not None
    said = task.outcome.headline
    press(qtbot, Key.Key_Return)
    qtbot.waitUntil(lambda: not any(one.isVisible() for one in window.findChildren(TaskDialog)))
    window.activateWindow()  # as every window manager does, which there is none of without a screen
    return said


def test_the_whole_job_by_keyboard(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house = write_rooms(tmp_path / "house", [4, 4, None])
    # The system's own dialogs have keys of their own.
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *arguments: str(house))
    excel = tmp_path / "rooms.xlsx"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *arguments, **options: (str(excel), ""))
    window = make_window()
    press(qtbot, Key.Key_O, CONTROL)
    wait_idle(qtbot, window)

    # Correct the one that the model is unsure about.
    window.activateWindow()
    press(qtbot, Key.Key_Tab)
    press(qtbot, Key.Key_K)
    assert [photo.decided for photo in window.session.document] == [None, None, 4]

    press(qtbot, Key.Key_E, CONTROL | SHIFT)
    qtbot.waitUntil(lambda: "Exported to" in window.progress.message, timeout=20_000)
    assert excel.is_file()
    window.activateWindow()

    press(qtbot, Key.Key_E, CONTROL)
    export = dialog_of(qtbot, window, ExportDialog)
    assert isinstance(export, ExportDialog)
    press(qtbot, Key.Key_C, ALT)  # CSV
    qtbot.waitUntil(lambda: export.kind is ExportKind.CSV and export.export_button.isEnabled())
    press(qtbot, Key.Key_Return)
    assert "house.csv" in close_outcome(qtbot, window)
    assert (tmp_path / "house.csv").is_file()

    press(qtbot, Key.Key_S, CONTROL)
    sort = dialog_of(qtbot, window, SortDialog)
    assert isinstance(sort, SortDialog)
    press(qtbot, Key.Key_M, ALT)  # move
    qtbot.waitUntil(lambda: sort.options.mode == Mode.MOVE and sort.sort_button.isEnabled())
    press(qtbot, Key.Key_Return)
    assert "3 photos moved" in close_outcome(qtbot, window)
    assert len(list((tmp_path / "house sorted" / "Kitchen").iterdir())) == 3
    assert list(house.iterdir()) == []

    # Edit > Undo sort, through the menu.
    qtbot.waitUntil(lambda: window.isActiveWindow() and window.actions_.undo_sort.isEnabled())
    qtbot.keyClick(window, Key.Key_E, ALT)
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
    press(qtbot, Key.Key_N)
    assert "3 files back" in close_outcome(qtbot, window)
    assert len(list(house.iterdir())) == 3


def test_the_whole_job_at_twice_the_size() -> None:
    if "QT_SCALE_FACTOR" in os.environ:
        pytest.skip("this is it")
    test = f"{__file__}::test_the_whole_job_by_keyboard"
    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", test]
    environment = {**os.environ, "QT_SCALE_FACTOR": "2"}
    result = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
