"""Large pictures for preview and inspector: decoded on workers, a few kept, the next one made ahead."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QSize, Signal
from PySide6.QtGui import QImage

from roomnet_core.errors import PhotoError
from roomnet_core.photos.decode import decode_photo
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.session.photo import SessionPhoto
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.review.thumbnail_source import to_image

BUDGET_BYTES = 192 << 20


@dataclass(frozen=True, slots=True)
class _Key:
    file: PhotoFile
    box: tuple[int, int] | None  # None: at full size


class PictureLoader(QObject):
    """Images by photo and size. `loaded` tells that something came in; then ask again.

    A request replaces the one before, so whoever holds an arrow key down waits for the last photo and not for all.
    """

    loaded = Signal()

    def __init__(self, runner: Runner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._images: OrderedDict[_Key, QImage] = OrderedDict()
        self._jobs: dict[_Key, Job] = {}
        self._failed: set[_Key] = set()

    def get(self, photo: SessionPhoto, box: QSize | None, ahead: Sequence[SessionPhoto] = ()) -> QImage | None:
        """The picture of `photo` within `box` device pixels (None: at full size), or None when it is not there yet.

        The photos `ahead` are made afterwards, in that order.
        """
        side = None if box is None else (box.width(), box.height())
        wanted = [_Key(each.file, side) for each in (photo, *ahead) if each.problem is None]
        for key in [key for key in self._jobs if key not in wanted]:
            self._jobs.pop(key).cancel()
        for key in wanted:
            if key not in self._images and key not in self._jobs and key not in self._failed:
                self._order(key)
        key = _Key(photo.file, side)
        if (image := self._images.get(key)) is not None:
            self._images.move_to_end(key)
        return image

    def failed(self, photo: SessionPhoto) -> bool:
        """Whether a try to decode the photo came to nothing."""
        return any(key.file == photo.file for key in self._failed)

    def clear(self) -> None:
        """Forget everything, also what is on its way."""
        for job in self._jobs.values():
            job.cancel()
        self._jobs.clear()
        self._images.clear()
        self._failed.clear()

    def _order(self, key: _Key) -> None:
        def work(job: Job) -> QImage:
            if key.box is None:
                return to_image(decode_photo(key.file.path).rgb, None)
            return to_image(decode_photo(key.file.path, min_side=max(1, min(key.box))).rgb, QSize(*key.box))

        def done(image: QImage) -> None:
            if self._jobs.pop(key, None) is not None:
                self._images[key] = image
                self._shrink()
                self.loaded.emit()

        def failed(error: BaseException) -> None:
            self._jobs.pop(key, None)
            self._failed.add(key)
            self.loaded.emit()
            if not isinstance(error, PhotoError):  # a damaged file is told of in place; anything else is our mistake
                raise error

        self._jobs[key] = self._runner.start(
            Lane.LARGE, "large picture", work, Callbacks(done=done, failed=failed)
        )

    def _shrink(self) -> None:
        used = sum(image.sizeInBytes() for image in self._images.values())
        while used > BUDGET_BYTES and len(self._images) > 1:
            _, oldest = self._images.popitem(last=False)
            used -= oldest.sizeInBytes()
