"""The first start, the samples, and the About box."""

from __future__ import annotations

import platform
import re
from importlib import metadata
from pathlib import Path

import PySide6
import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from roomnet_core.resources import samples_dir
from roomnet_gui.about import LICENCES, AboutDialog, version
from roomnet_gui.main_window import MainWindow
from roomnet_gui.settings import open_settings
from roomnet_gui.sort.sorts import place_beside
from roomnet_gui.welcome import Welcome
from tests.windows import MakeWindow, wait_idle


def welcome_of(window: MainWindow) -> Welcome | None:
    return next((one for one in window.findChildren(Welcome) if one.isVisible()), None)


def test_welcomed_at_the_first_start_and_never_again(
    qtbot: QtBot, make_window: MakeWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = open_settings()
    settings.remove("welcomed")
    settings.sync()
    first = make_window()
    first.start()
    welcome = welcome_of(first)
    assert welcome is not None
    welcome.close()
    second = make_window()
    second.start()
    assert welcome_of(second) is None
    second.actions_.welcome.trigger()  # the Help menu has it
    again = welcome_of(second)
    assert again is not None
    again.samples_button.click()
    wait_idle(qtbot, second)
    assert list(second.session.paths) == [samples_dir()]
    assert len(second.session.document) == 14
    # They are part of the program: nothing is proposed to be written beside them, or remembered as the person's folder.
    assert place_beside(samples_dir()) == Path.home()
    assert place_beside(tmp_path / "house") == tmp_path
    assert second.opening.recent() == []


def test_whoever_brings_photos_needs_no_welcome(make_window: MakeWindow, tmp_path: Path) -> None:
    settings = open_settings()
    settings.remove("welcomed")
    settings.sync()
    window = make_window()
    window.start([tmp_path])
    assert welcome_of(window) is None


def test_the_samples_are_one_click_away_in_an_empty_window(qtbot: QtBot, window: MainWindow) -> None:
    window.empty._samples.click()
    wait_idle(qtbot, window)
    assert len(window.session.document) == 14


def test_about_says_what_a_report_needs(qtbot: QtBot, window: MainWindow) -> None:
    qtbot.waitUntil(lambda: window.door.decided)
    window.actions_.about.trigger()
    about = window.findChild(AboutDialog)
    assert isinstance(about, AboutDialog)
    report = about.report()
    wanted = [version("roomnet"), platform.python_version(), PySide6.__version__, version("ai-edge-litert")]
    wanted += ["colours", "LGPL"]
    assert [words for words in wanted if words not in report] == []
    installed = [name for name, _, packages in LICENCES if not packages or version(*packages)]
    assert [name for name in installed if f"\n{name} " not in report] == []
    about.copy_button.click()
    assert QGuiApplication.clipboard().text() == report
    about.close()


def test_every_package_that_roomnet_needs_is_among_the_licences() -> None:
    lines = [line for line in metadata.requires("roomnet") or [] if "extra ==" not in line]
    needed = [re.split(r"[^\w.-]", line)[0].lower() for line in lines]
    named = {package.lower() for _, _, packages in LICENCES for package in packages}
    assert set(needed) <= named
