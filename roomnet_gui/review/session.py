"""One sitting: the document, its undo stack, where it comes from and what fills it."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Iterable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoStack

from roomnet_core.inference.model_file import ModelFile
from roomnet_core.photos.scan import scan_all
from roomnet_core.rooms import RoomSet
from roomnet_core.session import changes
from roomnet_core.session.changes import Change
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.photo import Marks, SessionPhoto
from roomnet_core.session.reconcile import Finding, Remembered, reconcile
from roomnet_core.session.summary import Summary
from roomnet_gui import texts
from roomnet_gui.jobs.classification import Cancelled, Classifier, Source
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.language import Words
from roomnet_gui.review.catalog_door import CatalogDoor
from roomnet_gui.review.commands import MarkCommand
from roomnet_gui.review.marking import Marker
from roomnet_gui.review.query import PhotoName, photo_names
from roomnet_gui.review.run import ClassifyRun
from roomnet_gui.review.thumbnails import ThumbnailStore

# Remembered photos of an added folder come in groups of this size.
_GROUP = 20


class ReviewSession(QObject):
    """Owns the document. Everything in here runs in the GUI thread; the work itself does not."""

    replaced = Signal(object)  # there is another document now; the names of its photos, or None
    changed = Signal()  # photos came, or changed; at most every 0.1 s
    model_changed = Signal()
    paths_changed = Signal()
    revealed = Signal(object)  # photo ids that undo or redo touched

    def __init__(
        self,
        classifier: Classifier,
        door: CatalogDoor,
        runner: Runner,
        thumbnails: ThumbnailStore,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._classifier, self._door = classifier, door
        self._runner, self._thumbnails = runner, thumbnails
        self.run = ClassifyRun(runner, thumbnails, self)
        self.undo_stack = QUndoStack(self)
        self.paths: tuple[Path, ...] = ()  # what was opened
        self.opening = False
        self._reading = 0
        self._generation = 0
        self._changed_timer = QTimer(self, singleShot=True, interval=100)
        self._changed_timer.timeout.connect(self.changed)
        self.document = SessionDocument(self.model.rooms, model=self.model.name)
        self._marker = Marker(self.document, self)
        self._watch(self.document)
        self.run.fill(self.document, classifier)
        self.run.ended.connect(lambda end: self.changed.emit())
        door.opened.connect(lambda: self._load(self.paths))

    # --- what it holds

    @property
    def model(self) -> ModelFile:
        return self._classifier.model

    @property
    def rooms(self) -> RoomSet:
        """The model's rooms, and behind them those that photos were decided for under another model."""
        return self.document.rooms

    @property
    def model_name(self) -> str:
        return self.model.name

    @property
    def origin(self) -> Path | None:
        """The first path that was opened."""
        return self.paths[0] if self.paths else None

    @property
    def running(self) -> bool:
        return self.run.running

    @property
    def busy(self) -> bool:
        """Whether photos are being looked for, or classified."""
        return self.opening or self._reading > 0 or self.run.running

    @property
    def unsaved(self) -> bool:
        """Whether a person's decisions are kept nowhere: without a catalog, and neither exported nor sorted."""
        return (
            self._door.decided
            and self._door.catalog is None
            and not self.undo_stack.isClean()
            and any(photo.reviewed for photo in self.document)
        )

    def photos(self) -> tuple[SessionPhoto, ...]:
        """A snapshot that a worker may read."""
        return tuple(self.document)

    def summary(self) -> Summary:
        return self.document.summary()

    # --- what is open

    def open(self, paths: Sequence[Path]) -> None:
        """Show the photos in these folders and files: at once what is remembered of them, then what is new."""
        self._generation += 1
        self.run.cancel()
        self.opening = True
        self._set_paths(paths)
        self._load(self.paths)

    def add(self, paths: Sequence[Path]) -> None:
        """Show these photos too; when busy, after what is being done now."""
        if not self.paths:
            self.open(paths)
        elif paths:
            self._set_paths(dict.fromkeys([*self.paths, *paths]))
            if not self.opening:
                self._load_more(tuple(paths))

    def clear(self) -> None:
        """Show nothing. What is remembered stays so."""
        self._generation += 1
        self.opening = False
        self._set_paths(())
        self._take_over(SessionDocument(self.model.rooms, model=self.model.name), None)

    def look_again(self) -> None:
        """Compare all folders with the session and classify what is new or has no room yet."""
        if self.paths:
            self._compare(self.paths)

    def use_model(self, model: ModelFile) -> None:
        """Let another model predict. What a person said stays, also of rooms that the model does not know."""
        old = self._classifier
        self.run.cancel()
        self._runner.start(Lane.CLASSIFY, "close the engine", lambda job: old.close())
        self._classifier = old.with_model(model)
        self.warm_up()
        self.model_changed.emit()
        self._generation += 1
        if self.paths:
            self._load(self.paths, self.photos())
        else:
            self._take_over(SessionDocument(model.rooms, model=model.name), None)

    def close_engine(self) -> None:
        """Once the workers have ended."""
        self._classifier.close()

    def warm_up(self) -> None:
        """Load the engine, so that the first photo does not wait for it."""
        classifier = self._classifier
        callbacks = Callbacks(done=self.run.engine_opened.emit)
        self._runner.start(Lane.CLASSIFY, "load the model", lambda job: classifier.open(), callbacks)

    def cancel(self) -> None:
        """Stop classifying; what is done stays."""
        self.run.cancel()

    def source(self, paths: Sequence[Path]) -> Source:
        """Compares these folders, as they are when it is read, with the session as it is now."""
        known, catalog, rooms, key = self.document.known(), self._door.catalog, self.rooms, self.model.key()

        def find(cancelled: Cancelled) -> Iterable[Finding]:
            items = scan_all(paths, cancelled=cancelled)
            if catalog is None:
                return reconcile(known, items, roots=paths, cancelled=cancelled)
            return catalog.reconcile(known, items, roots=paths, rooms=rooms, model=key, cancelled=cancelled)

        return find

    # --- marks, all of them undoable

    def label(self, ids: Collection[int], room_id: int | None) -> None:
        """Decide the room of photos; None gives them back the model's."""
        change = changes.label(self.document, ids, room_id)
        room = None if room_id is None else self.document.rooms[room_id]
        self._push(change, partial(texts.label_action, len(change.marks), room), merges=True)

    def accept(self, ids: Collection[int]) -> None:
        """Decide that the model is right about photos."""
        change = changes.accept(self.document, ids)
        self._push(change, partial(texts.accept_action, len(change.marks)))

    def toggle_rejected(self, ids: Collection[int]) -> bool:
        """Reject photos, or take them back when all of them are rejected. Returns whether they are rejected now."""
        rejected = not all(self.document[photo_id].rejected for photo_id in ids)
        change = changes.reject(self.document, ids, rejected)
        self._push(change, partial(texts.reject_action, len(change.marks), rejected))
        return rejected

    def toggle_cover(self, photo_id: int) -> None:
        """Let the photo stand for its room, or no longer."""
        photo = self.document[photo_id]
        if photo.room_id is not None:
            make = changes.clear_cover if photo.cover else changes.make_cover
            words = partial(texts.cover_action, self.document.rooms[photo.room_id], not photo.cover)
            self._push(make(self.document, photo_id), words)

    def finish_marking(self) -> None:
        """Carry out at once what is left of a stroke over many photos."""
        self._marker.finish()

    def _push(self, change: Change, text: Words, *, merges: bool = False) -> None:
        if change:
            self.undo_stack.push(MarkCommand(self._marker, change, text, self.revealed.emit, merges=merges))

    # --- documents

    def _set_paths(self, paths: Iterable[Path]) -> None:
        self.paths = tuple(paths)
        self.paths_changed.emit()

    def _load(self, paths: tuple[Path, ...], photos: tuple[SessionPhoto, ...] = ()) -> None:
        """Read what is remembered on a worker, then show it and compare it with the disk.

        Without a catalog, `photos` are all that is remembered.
        """
        if not paths:
            return
        self.opening = True
        if not self._door.decided:
            return  # comes back once it is
        generation, catalog, model, rooms = self._generation, self._door.catalog, self.model, self.rooms

        def work(job: Job) -> tuple[SessionDocument, dict[int, PhotoName]]:
            if catalog is not None:
                document = catalog.load(paths, model.rooms, model.key())
            else:
                document = _remodelled(photos, rooms, model)
            return document, photo_names(document)

        def done(loaded: tuple[SessionDocument, dict[int, PhotoName]]) -> None:
            if generation == self._generation:
                self.opening = False
                self._take_over(*loaded)
                self._compare(self.paths)

        def failed(error: BaseException) -> None:
            if generation == self._generation:
                self.opening = False
                self._set_paths(())
            raise error  # the runner hands it to the one place for errors

        self._runner.start(Lane.CATALOG, "open", work, Callbacks(done=done, failed=failed))

    def _load_more(self, paths: tuple[Path, ...]) -> None:
        """Remembered photos come in groups, so that thousands of them do not hold the window up."""
        generation, catalog, rooms, key = self._generation, self._door.catalog, self.rooms, self.model.key()
        if catalog is None:
            self._compare(paths)
            return

        def work(job: Job) -> None:
            remembered = catalog.read(paths, rooms, key)
            job.send(Remembered((), remembered.absent))
            for start in range(0, len(remembered.photos), _GROUP):
                job.send(Remembered(remembered.photos[start : start + _GROUP]))

        def take(groups: list[Remembered]) -> None:
            if generation == self._generation:
                photos = tuple(photo for group in groups for photo in group.photos)
                self.document.admit(Remembered(photos, tuple(photo for group in groups for photo in group.absent)))

        def done(_: object) -> None:
            self._reading -= 1
            if generation == self._generation:
                self._compare(paths)

        def failed(error: BaseException) -> None:
            self._reading -= 1
            raise error  # the runner hands it to the one place for errors

        self._reading += 1
        self._runner.start(Lane.CATALOG, "read", work, Callbacks(items=take, done=done, failed=failed))

    def _compare(self, paths: tuple[Path, ...]) -> None:
        self.run.enqueue(lambda: self.source(paths))

    def _take_over(self, document: SessionDocument, names: dict[int, PhotoName] | None) -> None:
        """Show another document. If it has the same photos, what was said of them meanwhile is said of it too."""
        self._marker.finish()
        old = self.document
        same = bool(len(old)) and any(photo.id in document for photo in old)
        if not same or old.rooms != document.rooms:
            self.undo_stack.clear()
        if not same:
            self._thumbnails.clear()
        self.document = self._marker.document = document
        self._watch(document)
        self.run.fill(document, self._classifier)
        self.replaced.emit(names)
        if same:
            _carry_marks(old, document)

    def _watch(self, document: SessionDocument) -> None:
        def tell(ids: tuple[int, ...]) -> None:
            if document is self.document and not self._changed_timer.isActive():
                self._changed_timer.start()

        document.observe(tell)


def _remodelled(photos: Sequence[SessionPhoto], rooms: RoomSet, model: ModelFile) -> SessionDocument:
    """The photos without what another model said of them; the marks come after."""
    decided = dict.fromkeys(rooms[photo.decided].name for photo in photos if photo.decided is not None)
    ids = itertools.count(max((photo.id for photo in photos), default=0) + 1)
    document = SessionDocument(model.rooms.extended(decided), model=model.name, ids=ids)
    document.admit(Remembered(tuple(SessionPhoto(p.id, p.file, problem=p.problem, info=p.info) for p in photos)))
    return document


def _carry_marks(old: SessionDocument, new: SessionDocument) -> None:
    """Marks made after `new` was read; by the rooms' names, because another model may number them otherwise."""
    marks: dict[int, Marks] = {}
    for photo in old:
        if photo.id not in new or photo.marks == new[photo.id].marks:
            continue
        room = None if photo.decided is None else new.rooms.by_name(old.rooms[photo.decided].name)
        carried = Marks(None if room is None else room.id, photo.rejected, photo.cover)
        if carried != new[photo.id].marks and (room is not None or photo.decided is None):
            marks[photo.id] = carried
    if marks:
        new.apply(Change(marks))
