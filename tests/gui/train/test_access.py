"""The Train page for those who use the keyboard, or have a small screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QAbstractSpinBox, QApplication, QComboBox, QLabel, QTabBar, QWidget
from pytestqt.qtbot import QtBot

from roomnet_core.inference.model_file import find_model
from roomnet_gui.main_window import MainWindow
from roomnet_gui.train.train_page import METHOD, PHOTOS, RESULT, TRAINING, TrainPage
from tests.labelled import make_labelled
from tests.windows import MakeWindow, drop

WIDTH, HEIGHT = 1366, 690


@pytest.fixture(params=[PHOTOS, METHOD, TRAINING, RESULT], ids=["photos", "method", "training", "result"])
def page(request: pytest.FixtureRequest, qtbot: QtBot, make_window: MakeWindow, tmp_path: Path) -> TrainPage:
    window = make_window(find_model("roomnet-compact"))
    window.actions_.show_train.trigger()
    drop(window, [make_labelled(tmp_path / "house", {"Attic": 6, "Bath": 6})])
    qtbot.waitUntil(window.train.data.next_button.isEnabled, timeout=30_000)
    if request.param == METHOD:
        window.train.data.next_button.click()
        window.train.method.advanced_button.click()
    else:
        window.train.show_step(request.param)
    return window.train


def takes_the_keyboard(page: TrainPage) -> list[QWidget]:
    return [
        widget
        for widget in page.findChildren(QWidget)
        if widget.focusPolicy() & Qt.FocusPolicy.TabFocus and widget.isVisible() and widget.isEnabled()
        if widget.focusProxy() is None
    ]


def test_the_tab_key_reaches_everything(qtbot: QtBot, page: TrainPage) -> None:
    page.steps.button(page.step).setFocus()
    reached = []
    for _ in range(60):
        focus = QApplication.focusWidget()
        assert focus is not None
        reached.append(focus)
        qtbot.keyClick(focus, Qt.Key.Key_Tab)
    for widget in takes_the_keyboard(page):
        inner = isinstance(widget.parentWidget(), QComboBox | QAbstractSpinBox)
        group = isinstance(widget, QAbstractButton) and widget.group() is not None
        scroller = isinstance(widget.parentWidget(), QTabBar)
        assert inner or group or scroller or widget in reached, widget
    assert reached.count(reached[0]) > 1  # it came back


def test_f6_goes_round(qtbot: QtBot, page: TrainPage) -> None:
    page.steps.button(page.step).setFocus()
    reached = []
    for _ in range(8):
        reached.append(QApplication.focusWidget())
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_F6)
    assert len(set(reached)) > 1
    assert reached.count(reached[0]) > 1


def test_no_two_controls_share_a_letter(page: TrainPage) -> None:
    menus = [action.text() for action in page.window().menuBar().actions()]
    letters = {text.partition("&")[2][0].lower(): text for text in menus}
    for widget in [*page.findChildren(QAbstractButton), *page.findChildren(QLabel)]:
        text = widget.text()
        if widget.isVisible() and "&" in text.replace("&&", ""):
            letter = text.replace("&&", "").partition("&")[2][0].lower()
            assert letters.setdefault(letter, text) == text


def test_it_fits_on_a_small_screen(page: TrainPage) -> None:
    window = page.window()
    assert isinstance(window, MainWindow)
    least = window.minimumSizeHint().expandedTo(window.minimumSize())
    assert least.width() <= WIDTH and least.height() <= HEIGHT


def test_the_page_is_reached_by_keys_alone(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.train.isVisible() and window.train.data.choose_button.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.empty.isVisible() and not window.train.isVisible()
