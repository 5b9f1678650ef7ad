"""Thumbnails: made on workers as QImage, kept in the GUI thread as QPixmap, bounded in bytes, made again on demand."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QCoreApplication, QObject, QSize, QThread, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap

from roomnet_core.errors import PhotoError
from roomnet_core.session.photo import SessionPhoto
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.review.thumbnail_source import ThumbnailSource, kept_side

BUDGET_BYTES = 256 << 20
# Requests that wait: about two screens. The oldest are forgotten, because they have been scrolled away.
_WAITING = 96
# Kept ones take a millisecond each, so they are ordered by the handful; photos take long, so a job that meets them
# gives the rest back: by then something else may be on the screen.
_A_JOB, _JOBS = 8, 3
_JOB_SECONDS = 0.05


class ThumbnailStore(QObject):
    """Pixmaps by photo id. What was dropped to stay within `budget` is decoded again when it is wanted."""

    loaded = Signal(list)  # photo ids

    def __init__(
        self,
        runner: Runner,
        box: QSize,
        source: ThumbnailSource | None = None,
        *,
        device_pixel_ratio: float = 1.0,
        budget: int = BUDGET_BYTES,
        parent: QObject | None = None,
    ) -> None:
        """`box` is the size in logical pixels that every thumbnail fits into."""
        super().__init__(parent)
        self._runner = runner
        self.source = source or ThumbnailSource()
        self._ratio = device_pixel_ratio
        self.box = _pixels(box, device_pixel_ratio)
        self._budget = budget
        self._bytes = 0
        self._pixmaps: OrderedDict[int, QPixmap] = OrderedDict()
        self._boxes: dict[int, QSize] = {}  # what each pixmap was made for
        self._wanted: OrderedDict[int, SessionPhoto] = OrderedDict()
        self._in_flight: set[int] = set()
        self._failed: set[int] = set()
        self._generation = 0
        self._jobs = 0
        # A photo that the classifier is about to deliver is not decoded a second time.
        self.comes_anyway: Callable[[SessionPhoto], bool] = lambda photo: False
        self._timer = QTimer(self, singleShot=True, interval=20)
        self._timer.timeout.connect(self._dispatch)

    @property
    def side(self) -> int:
        """The long side in pixels to ask the classifier for."""
        return kept_side(self.box)

    @property
    def bytes_used(self) -> int:
        return self._bytes

    def set_box(self, box: QSize) -> None:
        """Make thumbnails for another size. Those that are there stay until the new ones replace them."""
        self.box = _pixels(box, self._ratio)
        self._forget_orders()

    def is_current(self, photo_id: int) -> bool:
        """Whether the pixmap of that photo was made for the present box."""
        return self._boxes.get(photo_id) == self.box

    def clear(self) -> None:
        """Forget everything; what is on its way belongs to an earlier generation and is dropped."""
        self._forget_orders()
        self._pixmaps.clear()
        self._boxes.clear()
        self._failed.clear()
        self._bytes = 0

    def forget(self, ids: Collection[int]) -> None:
        """These photos show something else now."""
        for photo_id in ids:
            self._drop(photo_id)
            self._failed.discard(photo_id)

    def put(self, images: dict[int, QImage]) -> None:
        """Take images over; they become pixmaps here, in the GUI thread and nowhere else."""
        application = QCoreApplication.instance()
        assert application is None or QThread.currentThread() is application.thread()
        for photo_id, image in images.items():
            self._drop(photo_id)
            pixmap = QPixmap.fromImage(image)
            pixmap.setDevicePixelRatio(self._ratio)
            self._pixmaps[photo_id] = pixmap
            self._boxes[photo_id] = self.box
            self._bytes += _size(pixmap)
            self._wanted.pop(photo_id, None)
        while self._bytes > self._budget and len(self._pixmaps) > 1:
            self._drop(next(iter(self._pixmaps)))
        self.loaded.emit(list(images))

    def get(self, photo: SessionPhoto) -> QPixmap | None:
        """The thumbnail; when it is not here it is put on order and `loaded` will tell."""
        pixmap = self._pixmaps.get(photo.id)
        if pixmap is not None:
            self._pixmaps.move_to_end(photo.id)
            if self._boxes[photo.id] == self.box:
                return pixmap
        if self._may_order(photo):
            self._wanted[photo.id] = photo
            self._wanted.move_to_end(photo.id)
            while len(self._wanted) > _WAITING:
                self._wanted.popitem(last=False)
            if not self._timer.isActive():
                self._timer.start()
        return pixmap

    def prefetch(self, photos: Sequence[SessionPhoto]) -> None:
        """Order thumbnails that will be wanted soon, the nearest first, after everything that is wanted now."""
        for photo in photos:
            if len(self._wanted) >= _WAITING:
                break
            if not self.is_current(photo.id) and photo.id not in self._wanted and self._may_order(photo):
                self._wanted[photo.id] = photo
                self._wanted.move_to_end(photo.id, last=False)
        if self._wanted and not self._timer.isActive():
            self._timer.start()

    def _may_order(self, photo: SessionPhoto) -> bool:
        return photo.problem is None and photo.id not in self._failed and photo.id not in self._in_flight

    def _forget_orders(self) -> None:
        """What is on its way belongs to an earlier generation and is dropped when it arrives."""
        self._generation += 1
        self._wanted.clear()
        self._in_flight.clear()

    def _drop(self, photo_id: int) -> None:
        pixmap = self._pixmaps.pop(photo_id, None)
        if pixmap is not None:
            self._bytes -= _size(pixmap)
            del self._boxes[photo_id]

    def _dispatch(self) -> None:
        """Order the latest requests first: they are what is on the screen now."""
        while self._wanted and self._jobs < _JOBS:
            batch: list[SessionPhoto] = []
            while self._wanted and len(batch) < _A_JOB:
                _, photo = self._wanted.popitem()
                if not self.comes_anyway(photo):
                    batch.append(photo)
            if batch:
                self._order(batch)

    def _order(self, batch: list[SessionPhoto]) -> None:
        generation, box, source = self._generation, self.box, self.source
        self._in_flight.update(photo.id for photo in batch)
        self._jobs += 1

        def work(job: Job) -> list[SessionPhoto]:
            deadline = time.monotonic() + _JOB_SECONDS
            for number, photo in enumerate(batch):
                if number and time.monotonic() > deadline:
                    return batch[number:]
                try:
                    job.send((photo.id, source.make(photo.file, box)))
                except PhotoError:  # a damaged file keeps its placeholder
                    job.send((photo.id, None))
            return []

        def failed(error: BaseException) -> None:
            self._arrived(generation, [(photo.id, None) for photo in batch])
            self._job_ended(generation, [])
            raise error

        self._runner.start(
            Lane.PICTURES,
            "thumbnails",
            work,
            Callbacks(
                items=lambda items: self._arrived(generation, items),
                done=lambda rest: self._job_ended(generation, rest),
                failed=failed,
            ),
        )

    def _arrived(self, generation: int, items: Sequence[tuple[int, QImage | None]]) -> None:
        if generation != self._generation:
            return
        self._in_flight.difference_update(photo_id for photo_id, _ in items)
        self._failed.update(photo_id for photo_id, image in items if image is None)
        if images := {photo_id: image for photo_id, image in items if image is not None}:
            self.put(images)

    def _job_ended(self, generation: int, rest: list[SessionPhoto]) -> None:
        self._jobs -= 1
        if generation == self._generation:
            for photo in reversed(rest):
                self._in_flight.discard(photo.id)
                self._wanted.setdefault(photo.id, photo)
                self._wanted.move_to_end(photo.id, last=False)
        self._dispatch()


def _pixels(box: QSize, ratio: float) -> QSize:
    return QSize(round(box.width() * ratio), round(box.height() * ratio))


def _size(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * max(pixmap.depth(), 32) // 8
