"""A crowded computer: patience for what must come, several tries for what must be quick."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable

PATIENCE_SECONDS = 120.0
"""How long to wait for what must happen. Only a test that fails waits so long."""


def quickest(once: Callable[[], float], *, below: float) -> float:
    """The least seconds that `once` needed (it measures itself), tried until they are `below` a limit.

    Other programs can make any one try slow, but not all of them; code that is too slow is so each time.
    """
    until = time.monotonic() + PATIENCE_SECONDS
    best = once()
    while best >= below and time.monotonic() < until:
        best = min(best, once())
    return best


def wait_for(happened: Callable[[], object]) -> bool:
    """Wait until `happened()`; false where that never came."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        if time.monotonic() > until:
            return False
        time.sleep(0.005)
    return True


def all_end(threads: Iterable[threading.Thread]) -> bool:
    """Whether each of `threads` comes to its end."""
    threads = list(threads)
    until = time.monotonic() + PATIENCE_SECONDS
    for thread in threads:
        thread.join(max(0.0, until - time.monotonic()))
    return not any(thread.is_alive() for thread in threads)
