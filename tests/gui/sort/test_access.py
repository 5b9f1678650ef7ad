"""For those who use the keyboard, cannot see the window, or have a small screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QApplication, QComboBox, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from roomnet_gui.export.export_dialog import ExportDialog
from roomnet_gui.main_window import MainWindow
from roomnet_gui.sort.earlier_sorts import EarlierSorts
from roomnet_gui.sort.sort_dialog import SortDialog
from tests.windows import wait_idle, write_rooms

# What is left of 1366 x 768 pixels beside a task bar and a title bar.
WIDTH, HEIGHT = 1366, 690


@pytest.fixture(params=[SortDialog, ExportDialog, EarlierSorts])
def dialog(request: pytest.FixtureRequest, qtbot: QtBot, window: MainWindow, tmp_path: Path) -> QDialog:
    window.open_paths([write_rooms(tmp_path / "listing", [4, 2, None])])
    wait_idle(qtbot, window)
    actions = window.actions_
    action = {SortDialog: actions.sort, ExportDialog: actions.export, EarlierSorts: actions.earlier_sorts}
    action[request.param].trigger()
    dialog = window.findChild(request.param)
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def takes_the_keyboard(dialog: QDialog) -> list[QWidget]:
    return [
        widget
        for widget in dialog.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled()
    ]


def test_everything_that_takes_the_keyboard_has_a_name(dialog: QDialog) -> None:
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView)
    nameless = [
        widget
        for widget in takes_the_keyboard(dialog)
        if isinstance(widget, kinds) and not isinstance(widget.parentWidget(), QComboBox)
        if not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
    ]
    assert nameless == []


def test_the_tab_key_reaches_everything(qtbot: QtBot, dialog: QDialog) -> None:
    reached = []
    for _ in range(40):
        focus = QApplication.focusWidget()
        assert focus is not None
        reached.append(focus)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    for widget in takes_the_keyboard(dialog):
        own_field = isinstance(widget.parentWidget(), QComboBox)  # the keyboard goes to the box around it
        group = isinstance(widget, QAbstractButton) and widget.group() is not None  # one of a group; arrows do the rest
        assert own_field or group or widget in reached, widget
    assert reached.count(reached[0]) > 1  # it came back


def test_no_two_controls_share_a_letter(dialog: QDialog) -> None:
    letters: dict[str, str] = {}
    for widget in dialog.findChildren(QWidget):
        text = getattr(widget, "text", lambda: "")()
        if widget.isVisible() and isinstance(text, str) and "&" in text.replace("&&", ""):
            letter = text.replace("&&", "").partition("&")[2][0].lower()
            assert letters.setdefault(letter, text) == text


def test_it_fits_on_a_small_screen(dialog: QDialog) -> None:
    least = dialog.minimumSizeHint().expandedTo(dialog.minimumSize())
    assert least.width() <= WIDTH and least.height() <= HEIGHT
