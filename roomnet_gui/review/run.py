"""Filling a document: folders are compared with it one after the other, and what is new goes through the model."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from roomnet_core.inference.classify import Classified
from roomnet_core.photos.photo_file import Problem
from roomnet_core.prediction import Reading
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.session.reconcile import State
from roomnet_gui.jobs.classification import Classifier, EngineInfo, Found, ScanEnded, Source
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.review.thumbnails import ThumbnailStore

# The speed shown is that of the last seconds: it follows a slow folder, and does not jump.
_RATE_SECONDS = 5.0
# How far ahead of the classifier a visible photo may be before its thumbnail is decoded on its own.
_SOON = 96


@dataclass(frozen=True, slots=True)
class Progress:
    """`total` still grows while `scanning`; `seconds_left` is None until it can be told."""

    done: int
    total: int
    scanning: bool
    per_second: float
    seconds_left: float | None
    waiting: int


@dataclass(frozen=True, slots=True)
class RunEnd:
    """How a run of the classifier ended."""

    classified: int
    seconds: float
    cancelled: bool


class ClassifyRun(QObject):
    """Everything in here runs in the GUI thread; the work itself does not."""

    running_changed = Signal(bool)
    progress_changed = Signal(object)  # Progress
    ended = Signal(object)  # RunEnd
    engine_opened = Signal(object)  # EngineInfo

    def __init__(self, runner: Runner, thumbnails: ThumbnailStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner, self._thumbnails = runner, thumbnails
        thumbnails.comes_anyway = self._comes_anyway
        self._queue: list[Callable[[], Source]] = []
        self._job: Job | None = None
        self._generation = 0
        self._timer = QTimer(self, interval=200)
        self._timer.timeout.connect(self._tell_progress)
        self._start_counting()
        self._scanning = False

    @property
    def running(self) -> bool:
        return self._job is not None

    def fill(self, document: SessionDocument, classifier: Classifier) -> None:
        """Turn to another document. What is still on its way belongs to the old one and is dropped."""
        self.cancel()
        self._generation += 1
        self._document, self._classifier = document, classifier
        if self._job is not None:
            self._job = None
            self._timer.stop()
            self.running_changed.emit(False)

    def enqueue(self, make_source: Callable[[], Source]) -> None:
        """Go through a source; when busy, after what is being done now. It is made when its turn comes."""
        self._queue.append(make_source)
        self._next()

    def cancel(self) -> None:
        """Stop; what is done stays, what was waiting is forgotten."""
        self._queue.clear()
        if self._job is not None:
            self._job.cancel()

    # --- the run

    def _next(self) -> None:
        if self._job is not None or not self._queue:
            return
        source = self._queue.pop(0)()
        generation, classifier, thumbnails = self._generation, self._classifier, self._thumbnails
        side, box = thumbnails.side, thumbnails.box

        def work(job: Job) -> None:
            def send(update: object) -> None:
                if isinstance(update, Classified) and update.thumbnail is not None:
                    image = thumbnails.source.keep(update.file, update.thumbnail, box)
                    job.send((update.file.path, update.reading, image))
                else:
                    job.send(update)

            classifier.run(source, send, cancelled=job.cancelled, thumbnail_side=side)

        self._start_counting()
        self._job = self._runner.start(
            Lane.CLASSIFY,
            "classify",
            work,
            Callbacks(
                items=lambda updates: self._take(generation, updates),
                done=lambda _: self._end(generation),
                failed=lambda error: self._failed(generation, error),
                cancelled=lambda: self._end(generation),
            ),
        )
        self._timer.start()
        self.running_changed.emit(True)
        self._tell_progress()

    def _take(self, generation: int, updates: list[Any]) -> None:
        """Everything that came in one delivery becomes one change of the document."""
        if generation != self._generation:
            return
        results: dict[int, Reading | Problem] = {}
        images = {}
        for update in updates:
            if isinstance(update, Found):
                self._found(update)
            elif isinstance(update, tuple):
                path, reading, image = update
                if (photo_id := self._document.id_of(path)) is not None:
                    results[photo_id] = reading
                    images[photo_id] = image
            elif isinstance(update, Problem):
                if (photo_id := self._document.id_of(update.path)) is not None:
                    results[photo_id] = update
            elif isinstance(update, EngineInfo):
                self.engine_opened.emit(update)
            elif isinstance(update, ScanEnded):
                self._scanning = False
        if images:
            self._thumbnails.put(images)
        if results:
            self._done += len(results)
            self._latest = max(self._latest, *(self._places.get(photo_id, 0) for photo_id in results))
            self._marks.append((time.monotonic(), self._done))
            self._document.record(results)

    def _found(self, found: Found) -> None:
        changed = [finding.photo.id for finding in found.findings if finding.photo and finding.state is State.CHANGED]
        if changed:
            self._thumbnails.forget(changed)
        self._document.settle(found.findings)
        self._total += found.to_classify
        for finding in found.findings:
            if finding.classify and (photo_id := self._document.id_of(finding.item.path)) is not None:
                self._places[photo_id] = len(self._places)

    def _failed(self, generation: int, error: BaseException) -> None:
        self._end(generation, failed=True)
        raise error  # the runner hands it to the one place for errors

    def _end(self, generation: int, *, failed: bool = False) -> None:
        if generation != self._generation:
            return
        assert self._job is not None
        end = RunEnd(self._done, time.monotonic() - self._started, self._job.cancelled() or failed)
        self._job = None
        self._timer.stop()
        if self._queue:
            self._next()
        else:
            self.running_changed.emit(False)
            self.ended.emit(end)

    def _start_counting(self) -> None:
        self._started = time.monotonic()
        self._done = self._total = self._latest = 0
        self._places: dict[int, int] = {}  # of each photo in the order in which the classifier gets them
        self._scanning = True
        self._marks: deque[tuple[float, int]] = deque([(self._started, 0)])

    def _tell_progress(self) -> None:
        now = time.monotonic()
        while len(self._marks) > 2 and now - self._marks[0][0] > _RATE_SECONDS:
            self._marks.popleft()
        since, before = self._marks[0]
        rate = (self._done - before) / max(now - since, 1e-3) if self._done > before else 0.0
        left = (self._total - self._done) / rate if rate > 0 and not self._scanning else None
        self.progress_changed.emit(
            Progress(self._done, self._total, self._scanning, rate, left, len(self._queue))
        )

    def _comes_anyway(self, photo: SessionPhoto) -> bool:
        """A photo that the classifier is about to deliver is not decoded a second time."""
        place = self._places.get(photo.id)
        return self.running and photo.prediction is None and place is not None and place <= self._latest + _SOON
