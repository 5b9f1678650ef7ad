"""Labelled photos that a person looks through: relabelled or left out, all of it undoable, none of it on the disk."""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoStack

from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.rooms import RoomSet
from roomnet_core.session import changes
from roomnet_core.session.changes import Change
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.photo import Marks, SessionPhoto
from roomnet_core.session.reconcile import Remembered
from roomnet_gui import texts
from roomnet_gui.language import Words
from roomnet_gui.review.commands import MarkCommand
from roomnet_gui.review.marking import Marker
from roomnet_gui.review.painting import Badge
from roomnet_gui.review.query import PhotoName, photo_names

# One sequence for all sets, so that a thumbnail can never be taken for another set's photo.
_IDS = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Labelled:
    """One photo to look at. `remark` is shown under the picture instead of its name, `problem` instead of it."""

    path: Path
    label: str
    remark: Words = ""
    badge: Badge | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class LoadedPhotos:
    """A document of labelled photos, made on a worker. `names` say in what order they come."""

    document: SessionDocument
    names: Mapping[int, PhotoName]
    remarks: Mapping[int, Labelled]
    labels: Mapping[int, int | None] = field(default_factory=dict)


def load_photos(photos: Sequence[Labelled], rooms: RoomSet, *, ranked: bool = False) -> LoadedPhotos:
    """Look at the files and make the document; `ranked` keeps the order given, else they are in that of their names.

    A label that is none of `rooms` stands for none.
    """
    ids = {room.name: room.id for room in rooms}
    shown: list[SessionPhoto] = []
    remarks: dict[int, Labelled] = {}
    seen: set[Path] = set()
    for photo in photos:
        if photo.path in seen:
            continue
        seen.add(photo.path)
        number = next(_IDS)
        root = photo.path.parent.parent
        try:
            status = photo.path.stat()
            file = PhotoFile(photo.path, root, status.st_size, status.st_mtime_ns)
        except OSError:
            file = PhotoFile(photo.path, root, 0, 0)
        problem = Problem(photo.path, root, "damaged", photo.problem) if photo.problem else None
        shown.append(SessionPhoto(number, file, marks=Marks(ids.get(photo.label)), problem=problem))
        remarks[number] = photo
    document = SessionDocument(rooms, ids=_IDS)
    document.admit(Remembered(tuple(shown)))
    names: dict[int, PhotoName] = photo_names(shown)
    if ranked:
        names = {photo.id: (f"{rank:09}", names[photo.id][1]) for rank, photo in enumerate(shown)}
    return LoadedPhotos(document, names, remarks, {photo.id: photo.decided for photo in shown})


@dataclass(frozen=True, slots=True)
class Labels:
    """What a person says of all photos at one moment. Any thread may ask; of many photos not the window's."""

    photos: tuple[SessionPhoto, ...]
    loaded: LoadedPhotos

    def relabelled(self) -> dict[Path, str]:
        """The photos with another label than they came with."""
        rooms, before = self.loaded.document.rooms, self.loaded.labels
        return {
            photo.file.path: rooms[photo.marks.decided].name
            for photo in self.photos
            if photo.marks.decided is not None and photo.marks.decided != before[photo.id]
        }

    def left_out(self) -> list[Path]:
        return [photo.file.path for photo in self.photos if photo.marks.rejected]

    def paths(self) -> list[Path]:
        return [photo.file.path for photo in self.photos]

    @property
    def used(self) -> int:
        """How many photos there are to learn from."""
        return sum(not photo.marks.rejected and photo.problem is None for photo in self.photos)


class PhotoSet(QObject):
    """Owns the document that is shown now; replaced as a whole by `show`."""

    replaced = Signal()
    changed = Signal()  # labels; a little later than they do, once for many
    revealed = Signal(object)  # photo ids that undo or redo touched

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self._timer = QTimer(self, singleShot=True, interval=60)
        self._timer.timeout.connect(self.changed)
        self.loaded: LoadedPhotos | None = None
        self._marker: Marker | None = None

    @property
    def document(self) -> SessionDocument | None:
        return None if self.loaded is None else self.loaded.document

    def show(self, loaded: LoadedPhotos | None) -> None:
        """Look through other photos; what was done to the earlier ones can no longer be undone."""
        self.undo_stack.clear()
        self.loaded = loaded
        self._marker = None
        if loaded is not None:
            self._marker = Marker(loaded.document, self)
            loaded.document.observe(lambda ids: self._tell(loaded))
        self.replaced.emit()

    # --- what a person does

    def label(self, ids: Collection[int], room_id: int) -> None:
        """Give photos another label."""
        if self.document is not None:
            change = changes.label(self.document, ids, room_id)
            room = self.document.rooms[room_id]
            self._push(change, partial(texts.label_action, len(change.marks), room), merges=True)

    def toggle_left_out(self, ids: Collection[int]) -> bool:
        """Leave photos out of the training, or take them in again where all are out. Returns whether they are out."""
        document = self.document
        if document is None or not ids:
            return False
        out = not all(document[photo_id].rejected for photo_id in ids)
        change = changes.reject(document, ids, out)
        self._push(change, partial(self._leave_out_action, len(change.marks), out))
        return out

    def take_over(self, labels: Mapping[Path, str], left_out: Collection[Path], words: Words) -> int:
        """Apply what was said of photos elsewhere, as one step to undo. Returns how many of them are here."""
        document = self.document
        if document is None:
            return 0
        marks: dict[int, Marks] = {}
        for path in {*labels, *left_out}:
            photo_id = document.id_of(path)
            if photo_id is None:
                continue
            room = document.rooms.by_name(labels[path]) if path in labels else None
            decided = document[photo_id].decided if room is None else room.id
            new = Marks(decided, rejected=path in left_out)
            if new != document[photo_id].marks:
                marks[photo_id] = new
        self._push(Change(marks), words)
        return len(marks)

    def _leave_out_action(self, count: int, out: bool) -> str:
        words = self.tr("Leave out {photos}") if out else self.tr("Take in {photos}")
        return words.format(photos=texts.photos(count))

    # --- what came of it

    def snapshot(self) -> Labels | None:
        """As it stands; a worker finds out what that means."""
        return None if self.loaded is None else Labels(tuple(self.loaded.document), self.loaded)

    def relabelled(self) -> dict[Path, str]:
        """The photos with another label than they came with."""
        return {} if (labels := self.snapshot()) is None else labels.relabelled()

    def left_out(self) -> list[Path]:
        return [] if (labels := self.snapshot()) is None else labels.left_out()

    def _push(self, change: Change, text: Words, *, merges: bool = False) -> None:
        if change and self._marker is not None:
            self.undo_stack.push(MarkCommand(self._marker, change, text, self.revealed.emit, merges=merges))

    def _tell(self, loaded: LoadedPhotos) -> None:
        if loaded is self.loaded and not self._timer.isActive():
            self._timer.start()
