"""From dropped paths to classified photos, as a stream of updates. Plain functions and values, no Qt."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from roomnet_core.inference.classify import classify
from roomnet_core.inference.engine import Engine, open_engine
from roomnet_core.inference.model_file import ModelFile
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.scan import scan_all

# Found files are reported in groups: few at first, so that something shows at once, and at least this often.
_FIRST_GROUP, _GROUP, _GROUP_SECONDS = 16, 64, 0.1
_POLL_SECONDS = 0.05

Cancelled = Callable[[], bool]
Source = Callable[[Cancelled], Iterable[PhotoFile | Problem]]
Feed = queue.SimpleQueue[PhotoFile | BaseException | None]


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """What runs the network: `engine` is its name; `device`, `notice` and `reason` (why this one) are for people."""

    engine: str
    device: str
    notice: str
    reason: str


@dataclass(frozen=True, slots=True)
class Found:
    """Files that the scan has found, in its order; `to_classify` of them get a result. Comes before any of those."""

    files: tuple[PhotoFile | Problem, ...]
    to_classify: int


@dataclass(frozen=True, slots=True)
class ScanEnded:
    """No more files will be found."""


def files_below(paths: Iterable[Path]) -> Source:
    """The photos in folders and files that a user dropped."""
    wanted = tuple(paths)
    return lambda cancelled: scan_all(wanted, cancelled=cancelled)


def files_given(files: Iterable[PhotoFile]) -> Source:
    """Photos that an earlier scan found."""
    wanted = tuple(files)
    return lambda cancelled: wanted


class Classifier:
    """A model and its engine, which is opened when it is first needed. Belongs to one worker thread."""

    def __init__(self, model: ModelFile, opener: Callable[[ModelFile], Engine] = open_engine) -> None:
        self.model = model
        self._opener = opener
        self._engine: Engine | None = None

    def open(self) -> EngineInfo:
        """Load the engine and say what it runs on. Slow the first time.

        Raises:
            ModelError: the model cannot be loaded.
        """
        engine = self._opened()
        return EngineInfo(engine.name, engine.device, engine.notice, engine.reason)

    def close(self) -> None:
        if self._engine is not None:
            self._engine.close()
            self._engine = None

    def run(
        self,
        source: Source,
        send: Callable[[object], None],
        *,
        known: frozenset[Path] = frozenset(),
        cancelled: Cancelled,
        thumbnail_side: int,
    ) -> None:
        """Scan `source` and classify what it yields, both at once, and `send` every update.

        Updates are `EngineInfo`, `Found`, `ScanEnded`, and for each photo a `Classified` or a `Problem`. Photos whose
        path is in `known` are reported as found and not classified again.

        Raises:
            RoomNetError: the engine cannot be opened, or a path does not exist.
        """
        send(self.open())
        stop = threading.Event()

        def stopping() -> bool:
            return stop.is_set() or cancelled()

        found: Feed = queue.SimpleQueue()
        scanner = threading.Thread(
            target=_scan, args=(source, known, stopping, send, found), name="roomnet-scan", daemon=True
        )
        scanner.start()
        results = classify(
            _drain(found, stopping), self.model, self._opened(), cancelled=cancelled, thumbnail_side=thumbnail_side
        )
        try:
            for result in results:
                send(result)
        finally:
            stop.set()
            scanner.join(1.0)  # a folder that hangs must not hang the program

    def _opened(self) -> Engine:
        if self._engine is None:
            self._engine = self._opener(self.model)
        return self._engine


def _scan(
    source: Source, known: frozenset[Path], stopping: Cancelled, send: Callable[[object], None], found: Feed
) -> None:
    """Report files in groups and pass on those to classify, each after the report that holds it."""
    group: list[PhotoFile | Problem] = []
    limit, since = _FIRST_GROUP, time.monotonic()

    def flush() -> None:
        nonlocal limit, since
        fresh = [file for file in group if isinstance(file, PhotoFile) and file.path not in known]
        if group:
            send(Found(tuple(group), len(fresh)))
        for file in fresh:
            found.put(file)
        group.clear()
        limit, since = _GROUP, time.monotonic()

    try:
        for file in source(stopping):
            if stopping():
                return
            group.append(file)
            if len(group) >= limit or time.monotonic() - since > _GROUP_SECONDS:
                flush()
        flush()
        send(ScanEnded())
    except BaseException as error:  # raised again where the photos are consumed
        flush()
        found.put(error)
    finally:
        found.put(None)


def _drain(found: Feed, stopping: Cancelled) -> Iterator[PhotoFile]:
    while not stopping():
        try:
            item = found.get(timeout=_POLL_SECONDS)
        except queue.Empty:
            continue
        if item is None:
            return
        if isinstance(item, BaseException):
            raise item
        yield item
