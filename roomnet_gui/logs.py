"""The window's log files: where they are, how they stay small, and their end as text. No Qt in here.

They hold what went wrong in words: messages, which may name files, and tracebacks. No picture and nothing out of one.
"""

from __future__ import annotations

import contextlib
import logging
import os
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TextIO

from roomnet_core.resources import data_dir

LOG_NAME, CRASH_NAME = "roomnet-gui.log", "crash.log"
_LOG_BYTES, _EARLIER_LOGS = 1 << 20, 2
_CRASH_BYTES = 256 << 10
_SHOWN_BYTES = 256 << 10


def logs_dir() -> Path:
    """The folder of the log files; it may not be there yet."""
    return data_dir() / "logs"


def start_logging() -> None:
    """Log to a file; where that cannot be written there is no log, and no harm."""
    try:
        logs_dir().mkdir(parents=True, exist_ok=True)
        handler = RotatingFileHandler(
            logs_dir() / LOG_NAME, maxBytes=_LOG_BYTES, backupCount=_EARLIER_LOGS, encoding="utf-8",
            errors="backslashreplace",  # names of files need not be Unicode
        )  # fmt: skip
    except OSError:
        return
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(threadName)s %(name)s: %(message)s"))
    handler.handleError = lambda record: None  # type: ignore[method-assign] # a full drive must not become an error box
    logging.getLogger().addHandler(handler)
    logging.getLogger().setLevel(logging.INFO)


def open_crash_log() -> TextIO:
    """Where faulthandler writes when the process dies; an earlier one that has grown large is put aside.

    Raises:
        OSError: the folder or the file cannot be written.
    """
    logs_dir().mkdir(parents=True, exist_ok=True)
    path = logs_dir() / CRASH_NAME
    with contextlib.suppress(OSError):
        if path.stat().st_size > _CRASH_BYTES:
            path.replace(path.with_name(f"{CRASH_NAME}.1"))
    return path.open("a", encoding="utf-8")


def read_logs() -> str:
    """The end of the log, and of what a crash left, for people; empty if there is nothing."""
    parts = []
    for name in (CRASH_NAME, LOG_NAME):
        if text := _end_of(logs_dir() / name):
            parts.append(f"--- {name}\n{text}")
    return "\n".join(parts)


def _end_of(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            stream.seek(max(0, size - _SHOWN_BYTES))
            text = stream.read(_SHOWN_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""
    # Not from the middle of a line.
    return text if size <= _SHOWN_BYTES else text.partition("\n")[2]
