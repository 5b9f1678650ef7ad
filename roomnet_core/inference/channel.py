"""What joins the stages of a pipeline: a bounded queue that ends with its producers, and a bound in bytes."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")

# How often whoever waits looks whether it should stop.
_POLL_SECONDS = 0.05


class Channel(Generic[T]):
    """A queue of at most `size` items from `producers` threads to any number of consumers.

    It ends for every consumer once the last producer has called `end` and the items are used up, or at once when
    `stopping` says so; nobody waits longer than a twentieth of a second to notice that.
    """

    def __init__(self, size: int, producers: int, stopping: Callable[[], bool]) -> None:
        self._size = size
        self._producers = producers
        self._stopping = stopping
        self._items: deque[T] = deque()
        self._lock = threading.Lock()
        self._not_empty = threading.Condition(self._lock)
        self._not_full = threading.Condition(self._lock)

    def put(self, item: T) -> None:
        """Hand `item` on, once there is room; when stopping, nobody will take it and there is nothing to wait for."""
        with self._lock:
            while len(self._items) >= self._size and not self._stopping():
                self._not_full.wait(_POLL_SECONDS)
            self._items.append(item)
            self._not_empty.notify()

    def end(self) -> None:
        """One producer will put nothing more."""
        with self._lock:
            self._producers -= 1
            if not self._producers:
                self._not_empty.notify_all()

    def get(self) -> T | None:
        """The next item, waited for; None at the end."""
        with self._lock:
            while not self._stopping():
                if self._items:
                    self._not_full.notify()
                    return self._items.popleft()
                if not self._producers:
                    break
                self._not_empty.wait(_POLL_SECONDS)
            return None

    def get_ready(self) -> T | None:
        """The next item if there is one at this moment, else None."""
        with self._lock:
            if not self._items or self._stopping():
                return None
            self._not_full.notify()
            return self._items.popleft()


class ByteBudget:
    """Bounds what is held at once by its size in bytes; a single thing may be larger than the whole budget."""

    def __init__(self, limit: int, stopping: Callable[[], bool]) -> None:
        self._limit = limit
        self._stopping = stopping
        self._used = 0
        self._freed = threading.Condition()

    def take(self, size: int) -> None:
        """Wait until `size` bytes fit."""
        with self._freed:
            while self._used and self._used + size > self._limit and not self._stopping():
                self._freed.wait(_POLL_SECONDS)
            self._used += size

    def give(self, size: int) -> None:
        """`size` bytes are held no more."""
        with self._freed:
            self._used -= size
            self._freed.notify()
