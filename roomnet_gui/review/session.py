"""One sitting: the document, its undo stack, and the jobs that fill it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoStack

from roomnet_core.inference.classify import Classified
from roomnet_core.photos.photo_file import Problem
from roomnet_core.prediction import Reading
from roomnet_core.rooms import RoomSet
from roomnet_core.session import changes
from roomnet_core.session.changes import Change
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.session.summary import Summary
from roomnet_gui import texts
from roomnet_gui.jobs.classification import (
    Classifier,
    EngineInfo,
    Found,
    ScanEnded,
    Source,
    files_below,
    files_given,
)
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.review.commands import MarkCommand
from roomnet_gui.review.marking import Marker
from roomnet_gui.review.thumbnails import ThumbnailStore, to_image

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


class ReviewSession(QObject):
    """Owns the document. Everything in here runs in the GUI thread; the work itself does not."""

    replaced = Signal()  # there is another document now
    changed = Signal()  # photos came, or changed; at most every 0.1 s
    running_changed = Signal(bool)
    progress_changed = Signal(object)  # Progress
    run_ended = Signal(object)  # RunEnd
    engine_opened = Signal(object)  # EngineInfo
    revealed = Signal(object)  # photo ids that undo or redo touched

    def __init__(
        self, classifier: Classifier, runner: Runner, thumbnails: ThumbnailStore, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._classifier = classifier
        self._runner = runner
        self._thumbnails = thumbnails
        thumbnails.comes_anyway = self._comes_anyway
        self.undo_stack = QUndoStack(self)
        self.document = SessionDocument(self.rooms, model=self.model_name)
        self._marker = Marker(self.document, self)
        self.origin: Path | None = None  # the first path that was opened
        self._queue: list[Source] = []
        self._job: Job | None = None
        self._generation = 0
        self._changed_timer = QTimer(self, singleShot=True, interval=100)
        self._changed_timer.timeout.connect(self.changed)
        self._progress_timer = QTimer(self, interval=200)
        self._progress_timer.timeout.connect(self._tell_progress)
        self._done = self._total = self._latest_id = 0
        self._scanning = False
        self._started = time.monotonic()
        self._marks: deque[tuple[float, int]] = deque()
        self._watch(self.document)

    # --- what it holds

    @property
    def rooms(self) -> RoomSet:
        return self._classifier.model.rooms

    @property
    def model_name(self) -> str:
        return self._classifier.model.name

    @property
    def running(self) -> bool:
        return self._job is not None

    @property
    def unsaved(self) -> bool:
        """Whether a person's decisions have been neither exported nor sorted."""
        return not self.undo_stack.isClean() and any(photo.decided is not None for photo in self.document)

    def photos(self) -> tuple[SessionPhoto, ...]:
        """A snapshot that a worker may read."""
        return tuple(self.document)

    def summary(self) -> Summary:
        return self.document.summary()

    def unclassified(self) -> list[SessionPhoto]:
        return [photo for photo in self.document if photo.prediction is None and photo.problem is None]

    # --- jobs

    def warm_up(self) -> None:
        """Load the engine, so that the first photo does not wait for it."""
        self._runner.start(
            Lane.CLASSIFY,
            "load the model",
            lambda job: self._classifier.open(),
            Callbacks(done=self.engine_opened.emit),
        )

    def add(self, paths: Sequence[Path]) -> None:
        """Classify the photos in folders and files; when busy, after what is being done now."""
        if paths:
            self.origin = self.origin or paths[0]
            self._enqueue(files_below(paths))

    def classify_rest(self) -> None:
        """Go on after a cancel."""
        if rest := self.unclassified():
            self._enqueue(files_given([photo.file for photo in rest]))

    def cancel(self) -> None:
        """Stop classifying; what is done stays, what was waiting is forgotten."""
        self._queue.clear()
        if self._job is not None:
            self._job.cancel()

    def clear(self) -> None:
        """Start over with an empty document. What is still on its way belongs to the old one and is dropped."""
        self.cancel()
        self._marker.finish()
        self._generation += 1
        self._job = None
        self._progress_timer.stop()
        self.undo_stack.clear()
        self.undo_stack.setClean()
        self._thumbnails.clear()
        self.origin = None
        self.document = SessionDocument(self.rooms, model=self.model_name)
        self._marker.document = self.document
        self._watch(self.document)
        self.replaced.emit()
        self.running_changed.emit(False)

    # --- marks, all of them undoable

    def label(self, ids: Collection[int], room_id: int | None) -> None:
        """Decide the room of photos; None gives them back the model's."""
        change = changes.label(self.document, ids, room_id)
        room = None if room_id is None else self.document.rooms[room_id]
        self._push(change, texts.label_action(len(change.marks), room), merges=True)

    def accept(self, ids: Collection[int]) -> None:
        """Decide that the model is right about photos."""
        change = changes.accept(self.document, ids)
        self._push(change, texts.accept_action(len(change.marks)))

    def toggle_rejected(self, ids: Collection[int]) -> bool:
        """Reject photos, or take them back when all of them are rejected. Returns whether they are rejected now."""
        rejected = not all(self.document[photo_id].rejected for photo_id in ids)
        change = changes.reject(self.document, ids, rejected)
        self._push(change, texts.reject_action(len(change.marks), rejected))
        return rejected

    def toggle_cover(self, photo_id: int) -> None:
        """Let the photo stand for its room, or no longer."""
        photo = self.document[photo_id]
        if photo.room_id is not None:
            make = changes.clear_cover if photo.cover else changes.make_cover
            words = texts.cover_action(self.document.rooms[photo.room_id], not photo.cover)
            self._push(make(self.document, photo_id), words)

    def _push(self, change: Change, text: str, *, merges: bool = False) -> None:
        if change:
            self.undo_stack.push(MarkCommand(self._marker, change, text, self.revealed.emit, merges=merges))

    # --- the run

    def _watch(self, document: SessionDocument) -> None:
        def tell(ids: tuple[int, ...]) -> None:
            if document is self.document and not self._changed_timer.isActive():
                self._changed_timer.start()

        document.observe(tell)

    def _enqueue(self, source: Source) -> None:
        self._queue.append(source)
        self._next()

    def _next(self) -> None:
        if self._job is not None or not self._queue:
            return
        source = self._queue.pop(0)
        generation = self._generation
        known = frozenset(photo.file.path for photo in self.document if photo.prediction is not None)
        side, box, classifier = self._thumbnails.side, self._thumbnails.box, self._classifier

        def work(job: Job) -> None:
            def send(update: object) -> None:
                if isinstance(update, Classified) and update.thumbnail is not None:
                    job.send((update.file.path, update.reading, to_image(update.thumbnail, box)))
                else:
                    job.send(update)

            classifier.run(source, send, known=known, cancelled=job.cancelled, thumbnail_side=side)

        self._start_counting()
        self._job = self._runner.start(
            Lane.CLASSIFY,
            "classify",
            work,
            Callbacks(
                items=lambda updates: self._take(generation, updates),
                done=lambda _: self._ended(generation),
                failed=lambda error: self._failed(generation, error),
                cancelled=lambda: self._ended(generation),
            ),
        )
        self._progress_timer.start()
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
                self.document.add(update.files)
                self._total += update.to_classify
            elif isinstance(update, tuple):
                path, reading, image = update
                if (photo_id := self.document.id_of(path)) is not None:
                    results[photo_id] = reading
                    images[photo_id] = image
            elif isinstance(update, Problem):
                if (photo_id := self.document.id_of(update.path)) is not None:
                    results[photo_id] = update
            elif isinstance(update, EngineInfo):
                self.engine_opened.emit(update)
            elif isinstance(update, ScanEnded):
                self._scanning = False
        if images:
            self._thumbnails.put(images)
        if results:
            self._done += len(results)
            self._latest_id = max(self._latest_id, *results)
            self._marks.append((time.monotonic(), self._done))
            self.document.record(results)

    def _failed(self, generation: int, error: BaseException) -> None:
        self._ended(generation, failed=True)
        raise error  # the runner hands it to the one place for errors

    def _ended(self, generation: int, *, failed: bool = False) -> None:
        if generation != self._generation:
            return
        assert self._job is not None
        end = RunEnd(self._done, time.monotonic() - self._started, self._job.cancelled() or failed)
        self._job = None
        self._progress_timer.stop()
        if self._queue:
            self._next()
        else:
            self.running_changed.emit(False)
            self.changed.emit()
            self.run_ended.emit(end)

    def _start_counting(self) -> None:
        self._started = time.monotonic()
        self._done = self._total = self._latest_id = 0
        self._scanning = True
        self._marks = deque([(self._started, 0)])

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
        return self.running and photo.prediction is None and photo.id <= self._latest_id + _SOON
