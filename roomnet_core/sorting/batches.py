"""Batches of files, of which one is finished while the next is prepared."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from roomnet_core.sorting.journal import Op

_T = TypeVar("_T")

Group = list[Op]
"""A photo and its companions."""


def batches(groups: Iterable[Group], most_files: int, most_bytes: int) -> Iterator[list[Group]]:
    """Groups of one round, up to so many files and bytes."""
    batch: list[Group] = []
    count = size = 0
    for group in groups:
        if batch and (
            count >= most_files or size >= most_bytes or batch[-1][0].round != group[0].round
        ):
            yield batch
            batch, count, size = [], 0, 0
        batch.append(group)
        count += len(group)
        size += sum(op.size for op in group)
    if batch:
        yield batch


@contextmanager
def threads(number: int) -> Iterator[Callable[[Callable[[], _T]], Callable[[], _T]]]:
    """What is given to the yielded function is worked on by so many threads; it returns a function that waits for the
    result. With 0 threads, the work is done when its result is asked for."""
    if not number:
        yield lambda work: work
        return
    pool = ThreadPoolExecutor(number, thread_name_prefix="roomnet-copy")
    try:
        yield lambda work: pool.submit(work).result
    finally:
        pool.shutdown(cancel_futures=True)


class Finisher:
    """Finishes one batch in a thread of its own, or at once; one after the other."""

    def __init__(self) -> None:
        self._pool: ThreadPoolExecutor | None = None
        self._running: Future[None] | None = None

    def __enter__(self) -> Finisher:
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.wait()
        finally:
            if self._pool is not None:
                self._pool.shutdown()

    def wait(self) -> None:
        """Until the batch before is done; raises what went wrong with it."""
        running, self._running = self._running, None
        if running is not None:
            running.result()

    def finish(self, work: Callable[[], None], give_up: Callable[[], None], *, beside: bool) -> None:
        """Do `work` after the batch before; if that failed, `give_up` instead. `beside`: return meanwhile."""
        try:
            self.wait()
        except BaseException:
            give_up()
            raise
        if not beside:
            work()
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(1, thread_name_prefix="roomnet-finish")
        self._running = self._pool.submit(work)
