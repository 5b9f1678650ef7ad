"""Errors reach one place: one box at a time, with a report to copy."""

from __future__ import annotations

import threading

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from roomnet_core.errors import ExportError
from roomnet_gui.error_report import ErrorReporter


def boxes() -> list[QMessageBox]:
    widgets = QApplication.topLevelWidgets()
    return [widget for widget in widgets if isinstance(widget, QMessageBox) and widget.isVisible()]


def button(box: QMessageBox, text: str) -> QPushButton:
    return next(b for b in box.buttons() if text in b.text().replace("&", ""))


def raised(error: BaseException) -> BaseException:
    try:
        raise error
    except BaseException as caught:
        return caught




def test_an_expected_error_says_just_what_it_says(qtbot: QtBot, errors: ErrorReporter) -> None:
    errors.report(raised(ExportError("The disk is full.")))
    (box,) = boxes()
    assert box.text() == "The disk is full."
    button(box, "Close").click()
    assert boxes() == []


def test_the_report_can_be_copied_and_the_box_stays(qtbot: QtBot, errors: ErrorReporter) -> None:
    errors.report(raised(ZeroDivisionError("of all things")))
    (box,) = boxes()
    button(box, "Copy report").click()
    assert boxes() == [box]
    report = QGuiApplication.clipboard().text()
    assert "ZeroDivisionError: of all things" in report
    assert "test_error_report.py" in report
    assert "Python" in report
    button(box, "Close").click()


def test_errors_from_threads_arrive_one_at_a_time(qtbot: QtBot, errors: ErrorReporter) -> None:
    threads = [threading.Thread(target=errors.report, args=(ExportError(f"error {n % 2}"),)) for n in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    qtbot.waitUntil(lambda: len(boxes()) == 1)
    seen = []
    while boxes():
        (box,) = boxes()
        seen.append(box.text())
        button(box, "Close").click()
        QApplication.processEvents()
    assert set(seen) == {"error 0", "error 1"}
    assert len(seen) <= 4
