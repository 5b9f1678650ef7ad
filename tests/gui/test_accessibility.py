"""What a screen reader is told, and what the keyboard reaches: the accessibility tree of every page and dialog."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QDialog,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from roomnet_gui.help_window import HelpWindow
from roomnet_gui.main_window import MainWindow
from roomnet_gui.review.query import Selection, Show
from roomnet_gui.train.train_page import METHOD, RESULT, TRAINING
from tests.windows import wait_idle, write_rooms

Role = QAccessible.Role
INTERACTIVE = {
    *(Role.Button, Role.ButtonMenu, Role.ButtonDropDown, Role.CheckBox, Role.RadioButton, Role.ComboBox),
    *(Role.EditableText, Role.Slider, Role.SpinBox, Role.List, Role.Table, Role.Tree, Role.PageTab, Role.Link),
}
# What a screen of 1920 x 1080 pixels has at 200 %, beside a task bar and a title bar.
WIDTH, HEIGHT = 960, 490
# Rows and cells are the model's affair and are looked at once, not 20,000 times.
_ROWS_LOOKED_AT = 3


def walk(node: QAccessibleInterface, above: tuple[str, ...] = ()) -> Iterator[tuple[QAccessibleInterface, str]]:
    """Every node that is shown, with the way to it."""
    state = node.state()
    if not node.isValid() or state.invisible:
        return
    place = (*above, f"{node.role().name} {node.text(QAccessible.Text.Name)!r}")
    yield node, " > ".join(place)
    rows = node.role() in (Role.List, Role.Table, Role.Tree)
    for number in range(min(node.childCount(), _ROWS_LOOKED_AT) if rows else node.childCount()):
        child = node.child(number)
        if child is not None:
            yield from walk(child, place)


def takes_the_keyboard(thing: QObject | None) -> bool:
    """Directly, or as part of what does."""
    if not isinstance(thing, QWidget):
        return True  # a tab, a cell: its widget takes it
    if thing.focusPolicy() & Qt.FocusPolicy.TabFocus:
        return True
    parent = thing.parentWidget()
    inner = isinstance(parent, QComboBox | QAbstractSpinBox | QLineEdit) or thing.focusProxy() is not None
    return inner or (isinstance(thing, QAbstractButton) and thing.group() is not None)


def faults(root: QWidget) -> list[str]:
    """Controls without a name or a role, and such that the keyboard does not reach."""
    found = []
    for node, place in walk(QAccessible.queryAccessibleInterface(root)):
        role, state = node.role(), node.state()
        if role == Role.NoRole and state.focusable:
            found.append(f"no role: {place}")
        if role in INTERACTIVE:
            if not node.text(QAccessible.Text.Name).strip():
                found.append(f"no name: {place} ({node.object()})")
            if not state.disabled and not takes_the_keyboard(node.object()):
                found.append(f"out of the keyboard's reach: {place} ({node.object()})")
        if role == Role.ListItem and not state.disabled and not node.text(QAccessible.Text.Name).strip():
            found.append(f"no name: {place}")
    return found


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> MainWindow:
    house = write_rooms(tmp_path / "house", [0, 4, None])
    (house / "IMG_9.jpg").write_bytes(b"")
    window.open_paths([house])
    wait_idle(qtbot, window)
    return window


def test_every_page_can_be_read_and_reached(qtbot: QtBot, opened: MainWindow) -> None:
    window = opened
    found = {"review": faults(window)}
    window.review.open_preview()
    found["large picture"] = faults(window)
    window.review.close_preview()
    window.review.side_bar.select(Selection(Show.PROBLEMS))
    qtbot.wait(20)
    found["problems"] = faults(window)
    window.review.notices.say("news", "News.", [("&Add", lambda: None)])
    found["notice"] = faults(window)
    window.actions_.show_train.trigger()
    found["training photos"] = faults(window)
    window.train.method.advanced_button.click()
    for step in (METHOD, TRAINING, RESULT):
        window.train._pages.setCurrentIndex(step)
        found[f"training step {step}"] = faults(window)
    assert {place: words for place, words in found.items() if words} == {}


def test_the_empty_window_can_be_read_and_reached(window: MainWindow) -> None:
    assert faults(window) == []


def test_the_help_can_be_read_and_reached(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_.help.trigger()
    def windows() -> list[HelpWindow]:  # one that an earlier test closed may still be about
        return [one for one in QApplication.allWidgets() if isinstance(one, HelpWindow) and one.isVisible()]

    qtbot.waitUntil(lambda: bool(windows()))
    (shown,) = windows()
    qtbot.waitUntil(lambda: shown.list.count() > 0)
    assert faults(shown) == []
    assert shown.windowTitle()


def test_every_dialog_can_be_read_and_reached(qtbot: QtBot, opened: MainWindow) -> None:
    def shown() -> list[QDialog]:
        return [one for one in opened.findChildren(QDialog) if one.isVisible()]

    for action in ("sort", "export", "earlier_sorts", "manage_models", "logs", "about", "welcome"):
        getattr(opened.actions_, action).trigger()
        qtbot.waitUntil(lambda: bool(shown()))
        (dialog,) = shown()
        qtbot.waitUntil(lambda: QApplication.focusWidget() is not None)
        qtbot.wait(50)
        assert faults(dialog) == []
        assert dialog.windowTitle()
        assert QApplication.focusWidget() is not None and dialog.isAncestorOf(QApplication.focusWidget())
        least = dialog.minimumSizeHint().expandedTo(dialog.minimumSize())
        assert least.width() <= WIDTH and least.height() <= HEIGHT, action
        dialog.close()
        qtbot.waitUntil(lambda: not shown())


def test_the_walk_finds_faults(qtbot: QtBot) -> None:
    """A test that cannot fail would be worth nothing."""
    box = QWidget()
    qtbot.addWidget(box)
    nameless, unreachable = QPushButton(), QPushButton("Go")
    unreachable.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    layout = QVBoxLayout(box)
    layout.addWidget(nameless)
    layout.addWidget(unreachable)
    box.show()
    found = faults(box)
    assert [words.split(":")[0] for words in found] == ["no name", "out of the keyboard's reach"]
