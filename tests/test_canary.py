"""Canaries for faults of libraries that we pin around."""

from __future__ import annotations

import subprocess
import sys

LOSES_NONE = """
import sys
from PySide6.QtCore import QObject
thing = QObject()
before = sys.getrefcount(None)
for _ in range(100_000):
    thing.setObjectName("x")
print(before - sys.getrefcount(None))
"""


def test_void_calls_of_pyside_keep_their_reference_to_none() -> None:
    """PySide6 6.12.0 loses one reference to None with each void call, until the process aborts (CPython 3.11)."""
    result = subprocess.run([sys.executable, "-c", LOSES_NONE], capture_output=True, text=True, timeout=600)
    assert result.returncode == 0, result.stderr
    assert int(result.stdout) < 1_000
