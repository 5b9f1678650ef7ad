"""From a folder compared with what is known of it to classified photos, as a stream of updates. No Qt."""

from __future__ import annotations

import itertools
import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from roomnet_core.inference.classify import classify
from roomnet_core.inference.engine import Engine, open_engine
from roomnet_core.inference.model_file import ModelFile
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.session.reconcile import Finding

# Findings are reported in groups: few at first, so that something shows at once, and at least this often.
_FIRST_GROUP, _GROUP, _GROUP_SECONDS = 16, 64, 0.1
_POLL_SECONDS = 0.05

Cancelled = Callable[[], bool]
Source = Callable[[Cancelled], Iterable[Finding]]
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
    """What the scan has found, in its order; `to_classify` of them get a result. Comes before any of those."""

    findings: tuple[Finding, ...]
    to_classify: int


@dataclass(frozen=True, slots=True)
class ScanEnded:
    """No more files will be found."""


class Classifier:
    """A model and its engine, which is opened when it is first needed. Belongs to one worker thread."""

    def __init__(self, model: ModelFile, opener: Callable[[ModelFile], Engine] = open_engine) -> None:
        self.model = model
        self._opener = opener
        self._engine: Engine | None = None

    def with_model(self, model: ModelFile) -> Classifier:
        """Another model on the same kind of engine."""
        return Classifier(model, self._opener)

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
        self, source: Source, send: Callable[[object], None], *, cancelled: Cancelled, thumbnail_side: int
    ) -> None:
        """Go through `source` and classify what the model has yet to see, both at once, and `send` every update.

        Updates are `Found`, `ScanEnded`, once there is something to classify an `EngineInfo`, and for each such photo
        a `Classified` or a `Problem`.

        Raises:
            RoomNetError: the engine cannot be opened, or a path does not exist.
        """
        stop = threading.Event()

        def stopping() -> bool:
            return stop.is_set() or cancelled()

        found: Feed = queue.SimpleQueue()
        scanner = threading.Thread(
            target=_scan, args=(source, stopping, send, found), name="roomnet-scan", daemon=True
        )
        scanner.start()
        try:
            files = _drain(found, stopping)
            first = next(files, None)
            if first is None:  # everything is known already: the engine need not be loaded
                return
            send(self.open())
            for result in classify(
                itertools.chain([first], files),
                self.model,
                self._opened(),
                cancelled=cancelled,
                thumbnail_side=thumbnail_side,
            ):
                send(result)
        finally:
            stop.set()
            scanner.join(1.0)  # a folder that hangs must not hang the program

    def _opened(self) -> Engine:
        if self._engine is None:
            self._engine = self._opener(self.model)
        return self._engine


def _scan(source: Source, stopping: Cancelled, send: Callable[[object], None], found: Feed) -> None:
    """Report findings in groups and pass on the files to classify, each after the report that holds it."""
    group: list[Finding] = []
    limit, since = _FIRST_GROUP, time.monotonic()

    def flush() -> None:
        nonlocal limit, since
        fresh = [finding.item for finding in group if finding.classify]
        if group:
            send(Found(tuple(group), len(fresh)))
        for file in fresh:
            assert isinstance(file, PhotoFile)
            found.put(file)
        group.clear()
        limit, since = _GROUP, time.monotonic()

    try:
        for finding in source(stopping):
            if stopping():
                return
            group.append(finding)
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
