"""F1: every dialog and page of the window has its page of the guide, and it is shown beside the dialog."""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

import roomnet_gui
from roomnet_core.errors import CatalogError
from roomnet_core.resources import docs_dir
from roomnet_core.sorting.journal import Kind, Run, RunState
from roomnet_core.training.process import RunInfo
from roomnet_gui.error_report import ErrorReporter
from roomnet_gui.help import GUIDE, PAGES, page_of
from roomnet_gui.help_text import anchor_of, anchors_of, picture_names
from roomnet_gui.help_window import HelpWindow
from roomnet_gui.jobs.progress_dialog import ProgressDialog
from roomnet_gui.jobs.task_dialog import TaskDialog
from roomnet_gui.language import Language
from roomnet_gui.main_window import MainWindow
from roomnet_gui.review.catalog_question import ask_about_catalog
from roomnet_gui.review.unsaved_question import ask_unsaved
from roomnet_gui.sort.interrupted import InterruptedBox
from roomnet_gui.train.questions import UnfinishedBox, ask_cancelling, ask_leaving
from tests.windows import wait_idle, write_rooms

FOLDER = docs_dir() / "guide"


CHINESE = FOLDER / "zh_CN"


def headings(page: str) -> set[str]:
    return set(anchors_of(page))


# --- the map


def dialog_classes() -> set[str]:
    for module in pkgutil.walk_packages(roomnet_gui.__path__, "roomnet_gui."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found, ahead = set(), [QDialog]
    while ahead:
        for kind in ahead.pop().__subclasses__():
            ahead.append(kind)
            if kind.__module__.startswith("roomnet_gui"):
                found.add(kind.__name__)
    return found


def test_every_dialog_has_a_page() -> None:
    assert dialog_classes() - set(PAGES) == set()


@pytest.mark.parametrize("place", sorted(set(PAGES.values())))
def test_every_page_of_the_map_is_there_with_its_heading(place: str) -> None:
    name, _, heading = place.partition("#")
    page = (FOLDER / name).read_text(encoding="utf-8")
    assert name in GUIDE
    assert not heading or heading in headings(page)


def test_the_guide_is_whole_and_leads_nowhere_else() -> None:
    assert sorted(path.name for path in FOLDER.glob("*.md")) == sorted(GUIDE)
    for name in GUIDE:
        page = (FOLDER / name).read_text(encoding="utf-8")
        assert page.startswith("# ")
        assert [one for one in picture_names(page) if not (FOLDER / one).is_file()] == []
        for target in re.findall(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)", page):
            file, _, heading = target.partition("#")
            there = page if not file else (FOLDER / file).read_text(encoding="utf-8")
            assert file in ("", *GUIDE) and (not heading or heading in headings(there)), f"{name}: {target}"


def code_of(page: str) -> list[str]:
    return re.findall(r"^(?:<!-- not run.*\n)?```.*?^```", page, re.MULTILINE | re.DOTALL)


def levels(page: str) -> list[int]:
    return [len(mark) for mark in re.findall(r"^(#+) ", re.sub(r"```.*?```", "", page, flags=re.DOTALL), re.MULTILINE)]


def test_the_chinese_pages_are_the_english_ones_said_again() -> None:
    """All but the command line, which speaks English: the same headings, pictures, links, tables and code."""
    assert sorted(path.name for path in CHINESE.glob("*.md")) == sorted({*GUIDE} - {"command-line.md"})
    for path in CHINESE.glob("*.md"):
        chinese, english = path.read_text(encoding="utf-8"), (FOLDER / path.name).read_text(encoding="utf-8")
        assert levels(chinese) == levels(english), path.name
        assert code_of(chinese) == code_of(english), path.name
        assert picture_names(chinese) == [f"../{picture}" for picture in picture_names(english)], path.name
        targets = [re.findall(r"(?<!!)\[[^\]]+\]\(([^)\s]+)\)", page) for page in (chinese, english)]
        assert sorted(set(targets[0])) == sorted(set(targets[1])), path.name
        for kind in (r"^\|", r"^- ", r"^\d\. "):
            counts = [len(re.findall(kind, page, re.MULTILINE)) for page in (chinese, english)]
            assert counts[0] == counts[1], (path.name, kind)
        assert not re.search(r"[\u4e00-\u9fff][,;!?]", chinese), path.name


# --- the keys


def sort_run() -> Run:
    day = datetime(2026, 5, 14, tzinfo=UTC)
    return Run(1, Kind.MOVE, Path("Sorted"), "token", day, day, RunState.DOING, photos=3, done=1, failed=0)


def training_run() -> RunInfo:
    return RunInfo(Path("run"), "rooms", "quick", datetime(2026, 5, 14, tzinfo=UTC), 0.5)


def triggered(action: str) -> Callable[[MainWindow], None]:
    return lambda window: getattr(window.actions_, action).trigger()


def shown(dialog: Callable[[MainWindow], QDialog]) -> Callable[[MainWindow], None]:
    return lambda window: dialog(window).open()


# How a person comes to see each of them; a new dialog needs its line.
DIALOGS: dict[str, Callable[[MainWindow], None]] = {
    "AboutDialog": triggered("about"),
    "EarlierSorts": triggered("earlier_sorts"),
    "ExportDialog": triggered("export"),
    "InterruptedBox": shown(lambda window: InterruptedBox(sort_run(), window)),
    "LogDialog": triggered("logs"),
    "ModelsDialog": triggered("manage_models"),
    "ProgressDialog": shown(lambda window: ProgressDialog("Export", "Writing…", window)),
    "SortDialog": triggered("sort"),
    "TaskDialog": shown(lambda window: TaskDialog("Sort", "Copying…", window)),
    "UnfinishedBox": shown(lambda window: UnfinishedBox(training_run(), window)),
    "Welcome": triggered("welcome"),
    "catalogBox": lambda window: ask_about_catalog(window, CatalogError("locked", "in use"), lambda answer: None),
}


def open_dialog(qtbot: QtBot, window: MainWindow, name: str) -> QDialog:
    DIALOGS[name](window)

    def named() -> list[QDialog]:
        everywhere = window.findChildren(QDialog)
        return [one for one in everywhere if one.isVisible() and name in (type(one).__name__, one.objectName())]

    qtbot.waitUntil(lambda: bool(named()))
    (dialog,) = named()
    qtbot.waitUntil(dialog.isActiveWindow)
    return dialog


def help_window(qtbot: QtBot, window: MainWindow) -> HelpWindow:
    qtbot.waitUntil(lambda: window.help.window is not None and window.help.window.isVisible())
    found = window.help.window
    assert found is not None
    qtbot.waitUntil(lambda: found.text.guide is not None)
    return found


def test_f1_in_every_dialog_shows_its_page(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    window.open_paths([write_rooms(tmp_path / "listing", [4, 2, None])])
    wait_idle(qtbot, window)
    assert set(DIALOGS) >= dialog_classes()
    for name in DIALOGS:
        dialog = open_dialog(qtbot, window, name)
        qtbot.keyClick(QApplication.focusWidget() or dialog, Qt.Key.Key_F1)
        shown = help_window(qtbot, window)
        page, _, heading = PAGES[name].partition("#")
        assert shown.text.page == page and shown.text.source().fragment() == heading, name
        if heading:
            assert anchor_of(shown.text.textCursor().block().text()) == heading
        # It can be read while the dialog waits.
        assert dialog.isVisible() and not shown.isModal()
        assert QApplication.activeModalWidget() in (None, dialog) and dialog.windowModality() != Qt.ApplicationModal
        button = dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Help)
        assert (button is None) == (isinstance(dialog, QMessageBox) or name in ("ProgressDialog", "TaskDialog"))
        if button is not None:
            shown.text.show_page(GUIDE[-2])
            button.click()
            assert shown.text.page == page and dialog.isVisible()
        shown.close()
        dialog.close()
        QApplication.processEvents()


def test_f1_in_an_error_box(qtbot: QtBot, window: MainWindow, errors: ErrorReporter) -> None:
    errors.report(ValueError("something"))
    box = window.findChild(QMessageBox, "errorBox")
    qtbot.waitUntil(box.isActiveWindow)
    qtbot.keyClick(box, Qt.Key.Key_F1)
    assert help_window(qtbot, window).text.page == "problems.md"
    box.close()


QUESTIONS: dict[str, Callable[[MainWindow], object]] = {
    "unsavedBox": lambda window: ask_unsaved(window, 3),
    "leavingBox": lambda window: ask_leaving(window, "rooms"),
    "cancellingBox": lambda window: ask_cancelling(window, "rooms"),
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_f1_in_a_question_that_waits_for_its_answer(qtbot: QtBot, window: MainWindow, name: str) -> None:
    seen: list[tuple[bool, str]] = []

    def press() -> None:
        box = window.findChild(QMessageBox, name)
        try:
            qtbot.keyClick(box, Qt.Key.Key_F1)
            shown = window.help.window
            assert shown is not None
            qtbot.keyClick(shown.search, Qt.Key.Key_A)  # a locked window gets no keys
            seen.append((shown.isVisible(), shown.search.text()))
        finally:
            box.done(0)

    QTimer.singleShot(100, window, press)
    QUESTIONS[name](window)
    assert seen == [(True, "a")]
    assert help_window(qtbot, window).text.page == PAGES[name].partition("#")[0]


def test_f1_in_the_window_depends_on_what_is_shown(qtbot: QtBot, window: MainWindow, tmp_path: Path) -> None:
    def page() -> str:
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_F1)
        found = help_window(qtbot, window).text.page
        assert window.help.window is not None
        window.help.window.close()
        return found

    assert page() == "quick-start.md"
    window.open_paths([write_rooms(tmp_path / "listing", [4, 2])])
    wait_idle(qtbot, window)
    assert page() == "review.md"
    window.actions_.show_train.trigger()
    assert page() == "training.md"
    for shown in (window.empty, window.review, window.train):
        assert page_of(shown)


# --- the window of the help


@pytest.fixture
def opened(qtbot: QtBot, window: MainWindow) -> HelpWindow:
    window.help.open("quick-start.md")
    return help_window(qtbot, window)


def current(opened: HelpWindow) -> str:
    item = opened.list.currentItem()
    assert item is not None
    return item.text()


def test_pages_are_listed_and_can_be_gone_through(qtbot: QtBot, opened: HelpWindow) -> None:
    assert opened.list.count() == len(GUIDE) and current(opened) == "Quick start"
    assert "Open your photos" in opened.text.toPlainText()
    opened.list.setCurrentRow(2)
    assert opened.text.page == "sorting.md"
    opened.back.click()
    assert opened.text.page == "quick-start.md" and current(opened) == "Quick start"
    opened.forward.click()
    assert current(opened) == "Sorting and undo"
    qtbot.keyClick(opened, Qt.Key.Key_Escape)
    assert not opened.isVisible()


def test_the_help_speaks_the_language_of_the_window(qtbot: QtBot, opened: HelpWindow, qapp: QApplication) -> None:
    language = Language.of(qapp)
    opened.text.show_page("sorting.md#take-it-back")
    language.use("zh_CN")
    qtbot.waitUntil(lambda: current(opened) == "整理与撤销")
    assert opened.text.page == "sorting.md"
    opened.show_page("sorting.md#after-a-crash")
    assert opened.text.textCursor().block().text() == "崩溃之后"
    opened.show_page("command-line.md")  # which is in English only
    assert "classify" in opened.text.toPlainText()
    language.use("en")
    qtbot.waitUntil(lambda: opened.list.item(2).text() == "Sorting and undo")
    assert opened.text.page == "command-line.md"


def test_searching_leaves_the_pages_that_hold_all_words(opened: HelpWindow) -> None:
    opened.search.setText("sidecars TEMPLATE")
    left = [
        opened.list.item(row).text() for row in range(opened.list.count()) if not opened.list.item(row).isHidden()
    ]
    assert left == ["Command line"] == [current(opened)]
    assert opened.text.extraSelections()
    opened.search.clear()
    assert not any(opened.list.item(row).isHidden() for row in range(opened.list.count()))


def test_pictures_come_and_fit_the_page(qtbot: QtBot, opened: HelpWindow) -> None:
    def widths() -> list[int]:
        document, found = opened.text.document(), []
        for name in picture_names((FOLDER / opened.text.page).read_text(encoding="utf-8")):
            image = document.resource(2, name)
            found.append(image.width() if image is not None else 0)
        return found

    ratio = opened.text.devicePixelRatioF()
    qtbot.waitUntil(lambda: len(widths()) == 3 and min(widths()) > 300)
    wide = max(widths())
    assert wide <= opened.text.viewport().width() * ratio
    opened.resize(700, 600)
    qtbot.waitUntil(lambda: 300 < max(widths()) < wide)
    assert opened.text.horizontalScrollBar().maximum() == 0


def test_an_installation_without_the_guide_says_so(
    qtbot: QtBot, window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("roomnet_gui.help_window.docs_dir", lambda: tmp_path)
    window.help.open("sorting.md")
    assert "missing" in help_window(qtbot, window).text.toPlainText()


def test_the_help_goes_with_the_window(window: MainWindow, opened: HelpWindow) -> None:
    window.close()
    assert not opened.isVisible()
    assert isinstance(opened, QWidget) and opened.parent() is None
