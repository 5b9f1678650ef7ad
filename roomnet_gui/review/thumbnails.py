"""Thumbnails: made on workers as QImage, kept in the GUI thread as QPixmap, bounded in bytes, made again on demand."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, QSize, Qt, QThread, QTimer, Signal
from PySide6.QtGui import QImage, QPixmap

from roomnet_core.errors import PhotoError
from roomnet_core.photos.decode import decode_photo
from roomnet_core.session.photo import SessionPhoto
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner

if TYPE_CHECKING:
    import numpy as np

BUDGET_BYTES = 256 << 20
# Requests that wait: about two screens. The oldest are forgotten, because they have been scrolled away.
_WAITING = 96
_IN_FLIGHT = 4


def to_image(rgb: np.ndarray[Any, Any], box: QSize | None) -> QImage:
    """`(H, W, 3) uint8` to an image with memory of its own, shrunk to fit `box` pixels. Safe on any thread."""
    height, width = rgb.shape[:2]
    image = QImage(rgb.tobytes(), width, height, width * 3, QImage.Format.Format_RGB888)
    if box is not None and (width > box.width() or height > box.height()):
        image = image.scaled(box, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    # The conversion also copies, so nothing points at the bytes above any more.
    return image.convertToFormat(QImage.Format.Format_RGB32)


class ThumbnailStore(QObject):
    """Pixmaps by photo id. What was dropped to stay within `budget` is decoded again when it is wanted."""

    loaded = Signal(list)  # photo ids

    def __init__(
        self,
        runner: Runner,
        box: QSize,
        *,
        device_pixel_ratio: float = 1.0,
        budget: int = BUDGET_BYTES,
        parent: QObject | None = None,
    ) -> None:
        """`box` is the size in logical pixels that every thumbnail fits into."""
        super().__init__(parent)
        self._runner = runner
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
        # A photo that the classifier is about to deliver is not decoded a second time.
        self.comes_anyway: Callable[[SessionPhoto], bool] = lambda photo: False
        self._timer = QTimer(self, singleShot=True, interval=20)
        self._timer.timeout.connect(self._dispatch)

    @property
    def side(self) -> int:
        """The long side in pixels to ask a decoder for."""
        return max(self.box.width(), self.box.height())

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
        while self._wanted and len(self._in_flight) < _IN_FLIGHT:
            photo_id, photo = self._wanted.popitem()
            if self.comes_anyway(photo):
                continue
            self._in_flight.add(photo_id)
            self._order(photo_id, photo.file.path, self._generation)

    def _order(self, photo_id: int, path: Path, generation: int) -> None:
        side, box = self.side, self.box

        def work(job: Job) -> QImage:
            return to_image(decode_photo(path, min_side=side).rgb, box)

        self._runner.start(
            Lane.PICTURES,
            "thumbnail",
            work,
            Callbacks(
                done=lambda image: self._arrived(photo_id, generation, image),
                failed=lambda error: self._missed(photo_id, generation, error),
            ),
        )

    def _arrived(self, photo_id: int, generation: int, image: QImage) -> None:
        if generation == self._generation:
            self._in_flight.discard(photo_id)
            self.put({photo_id: image})
            self._dispatch()

    def _missed(self, photo_id: int, generation: int, error: BaseException) -> None:
        if generation == self._generation:
            self._in_flight.discard(photo_id)
            self._failed.add(photo_id)
            self._dispatch()
        if not isinstance(error, PhotoError):  # a damaged file keeps its placeholder; anything else is our mistake
            raise error


def _pixels(box: QSize, ratio: float) -> QSize:
    return QSize(round(box.width() * ratio), round(box.height() * ratio))


def _size(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * max(pixmap.depth(), 32) // 8
