"""The log: small, harmless, without pictures, and shown by Help > Logs."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from roomnet_gui import logs
from roomnet_gui.log_dialog import LogDialog
from roomnet_gui.main_window import MainWindow
from tests.windows import wait_idle, write_rooms


@pytest.fixture
def logging_on() -> Iterator[None]:
    root = logging.getLogger()
    before, level = list(root.handlers), root.level
    logs.start_logging()
    yield
    for handler in [handler for handler in root.handlers if handler not in before]:
        root.removeHandler(handler)
        handler.close()
    root.setLevel(level)


def test_the_log_stays_small(logging_on: None) -> None:
    for number in range(4_000):
        logging.getLogger("test").warning("%05d %s", number, "a photo is damaged. " * 50)
    files = sorted(path.name for path in logs.logs_dir().iterdir())
    assert files == [logs.LOG_NAME, f"{logs.LOG_NAME}.1", f"{logs.LOG_NAME}.2"]
    assert sum(path.stat().st_size for path in logs.logs_dir().iterdir()) <= 3 << 20
    text = logs.read_logs()
    assert len(text) < 300_000 and "03999 a photo" in text and text.splitlines()[1].startswith("20")


def test_a_large_crash_log_is_put_aside() -> None:
    logs.logs_dir().mkdir(parents=True)
    path = logs.logs_dir() / logs.CRASH_NAME
    for content in ("first" * 100_000, "second" * 100_000):
        path.write_text(content)
        with logs.open_crash_log() as stream:
            stream.write("Fatal Python error\n")
        assert path.read_text() == "Fatal Python error\n"
        assert path.with_name("crash.log.1").read_text() == content


def test_where_no_log_can_be_written_nothing_happens(data_folder: Path, logging_on: None) -> None:
    logging.getLogger("test").warning("a name that is no Unicode: \udcff")
    assert "\\udcff" in logs.read_logs()
    for handler in logging.getLogger().handlers:
        handler.close()
    (logs.logs_dir() / logs.LOG_NAME).unlink()
    (logs.logs_dir()).rmdir()
    logs.logs_dir().write_bytes(b"")  # a file where the folder was
    logging.getLogger("test").warning("lost")
    logs.start_logging()
    assert logs.read_logs() == ""


def test_help_logs(qtbot: QtBot, window: MainWindow, logging_on: None, monkeypatch: pytest.MonkeyPatch) -> None:
    logging.getLogger("test").error("Something that should not have happened")
    window.actions_.logs.trigger()
    (dialog,) = window.findChildren(LogDialog)
    qtbot.waitUntil(lambda: "should not have" in dialog.text.toPlainText())
    dialog.copy_button.click()
    assert QGuiApplication.clipboard().text() == dialog.text.toPlainText()
    opened: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened.append(url.toLocalFile()))
    dialog.folder_button.click()
    assert opened == [str(logs.logs_dir())]
    dialog.close()
    window.actions_.logs.trigger()  # closed before the log was read
    next(one for one in window.findChildren(LogDialog) if one.isVisible()).close()
    QApplication.processEvents()


def test_the_log_holds_no_picture(qtbot: QtBot, window: MainWindow, logging_on: None, tmp_path: Path) -> None:
    """A whole run, with damaged photos among sound ones, leaves words and no bytes of a photo."""
    folder = write_rooms(tmp_path / "photos", [0, 1, None, 2])
    damaged = folder / "damaged.jpg"
    damaged.write_bytes(damaged.with_name("IMG_1.jpg").read_bytes()[:300] + b"SECRET IN THE PHOTO" * 20)
    window.open_paths([folder])
    wait_idle(qtbot, window)
    assert any(photo.problem is not None for photo in window.session.document)
    written = b"".join(path.read_bytes() for path in logs.logs_dir().iterdir())
    assert b"SECRET" not in written and b"\xff\xd8" not in written
    assert written.decode().isprintable() or all(line.isprintable() for line in written.decode().splitlines())
