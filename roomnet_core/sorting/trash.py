"""The system's trash: where copies go that an undo removes. Nothing is ever deleted where there is no trash."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

Trash = Callable[[Sequence[Path]], None]
"""Moves files to the trash; those that it cannot move are still there when it returns or raises OSError."""


def send_to_trash(paths: Sequence[Path]) -> None:
    """Move `paths` to the system's trash, in one operation where the system has one for many files (Windows).

    Raises:
        OSError: the trash refused a file; it and those after it are still there.
    """
    # Not imported before it is needed: on a Mac it loads the system's frameworks.
    from send2trash import send2trash

    send2trash([str(path) for path in paths])
