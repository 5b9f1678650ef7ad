"""Small drives of their own for tests, which can be filled to the last byte."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def small_drive(folder: Path, kilobytes: int) -> Iterator[Path]:
    """`folder` as a drive of that size; skips the test where none may be mounted."""
    if sys.platform != "linux":
        pytest.skip("needs a small drive of its own")
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True).returncode != 0:
        pytest.skip("may not mount a drive here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)  # also where the test left a file open


def fill(drive: Path) -> Path:
    """Take all the space that is left; returns the file that holds it."""
    filler = drive / "filler"
    with pytest.raises(OSError, match="space"), filler.open("wb", buffering=0) as stream:
        while True:
            stream.write(bytes(4096))
    return filler
