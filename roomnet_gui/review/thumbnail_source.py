"""Where thumbnails come from: the cache on the disk, else the photo itself. On workers."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from roomnet_core.photos.decode import decode_photo
from roomnet_core.photos.photo_file import PhotoFile

if TYPE_CHECKING:
    import numpy as np

    from roomnet_core.photos.thumbnail_cache import ThumbnailCache

# Long sides of what is kept: few, so that a zoom finds what another one left. The first holds for the usual ones.
_SIDES = (256, 512, 768)
_QUALITY = 86


def kept_side(box: QSize) -> int:
    """The long side in pixels of the kept thumbnails that a box is served from."""
    wanted = max(box.width(), box.height())
    return next((side for side in _SIDES if side >= wanted), _SIDES[-1])


def to_image(rgb: np.ndarray[Any, Any], box: QSize | None) -> QImage:
    """`(H, W, 3) uint8` to an image with memory of its own, shrunk to fit `box` pixels. Safe on any thread."""
    height, width = rgb.shape[:2]
    image = QImage(rgb.tobytes(), width, height, width * 3, QImage.Format.Format_RGB888)
    # The conversion also copies, so nothing points at the bytes above any more.
    return _fitted(image, box).convertToFormat(QImage.Format.Format_RGB32)


class ThumbnailSource:
    """Any thread may ask. Without a cache every thumbnail is decoded from its photo."""

    def __init__(self, cache: ThumbnailCache | None = None) -> None:
        self._cache = cache

    def make(self, file: PhotoFile, box: QSize) -> QImage:
        """The thumbnail within `box` pixels.

        Raises:
            PhotoError: the photo cannot be read.
        """
        if self._cache is not None and (jpeg := self._cache.get(file, kept_side(box))) is not None:
            image = QImage.fromData(jpeg, "JPEG")
            if not image.isNull():
                return _fitted(image, box).convertToFormat(QImage.Format.Format_RGB32)
        side = kept_side(box) if self._cache is not None else max(box.width(), box.height())
        return self.keep(file, decode_photo(file.path, min_side=side).rgb, box)

    def keep(self, file: PhotoFile, rgb: np.ndarray[Any, Any], box: QSize) -> QImage:
        """The thumbnail of a photo that someone decoded, `(H, W, 3) uint8`; it is kept for the next time."""
        if self._cache is not None:
            picture = Image.fromarray(rgb)
            side = kept_side(box)
            picture.thumbnail((side, side), Image.Resampling.BILINEAR, reducing_gap=2.0)
            buffer = io.BytesIO()
            picture.save(buffer, "JPEG", quality=_QUALITY)
            self._cache.put(file, side, buffer.getvalue())
        return to_image(rgb, box)


def _fitted(image: QImage, box: QSize | None) -> QImage:
    if box is None or (image.width() <= box.width() and image.height() <= box.height()):
        return image
    return image.scaled(box, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
