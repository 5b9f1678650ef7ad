"""Where thumbnails come from: the cache on the disk, else the photo itself. On workers."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np
from PIL import Image
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from roomnet_core.photos.decode import decode_photo
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.photos.thumbnail_cache import ThumbnailCache, encode_thumbnail

# Long sides of what is kept: few, so that a zoom finds what another one left. The first holds for the usual ones.
_SIDES = (256, 512, 768)


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

    def __init__(self, open_cache: Callable[[], ThumbnailCache] | None = None) -> None:
        """`open_cache` is called by the first worker that wants a thumbnail: it looks at the disk."""
        self._open_cache = open_cache
        self._cache: ThumbnailCache | None = None
        self._lock = threading.Lock()

    def make(self, file: PhotoFile, box: QSize) -> QImage:
        """The thumbnail within `box` pixels.

        Raises:
            PhotoError: the photo cannot be read.
        """
        side, cache = kept_side(box), self._opened()
        if cache is not None and (jpeg := cache.get(file, side)) is not None:
            image = QImage.fromData(jpeg, "JPEG")
            if not image.isNull():
                return _fitted(image, box).convertToFormat(QImage.Format.Format_RGB32)
        return self.keep(file, decode_photo(file.path, min_side=side).rgb, box)

    def keep(self, file: PhotoFile, rgb: np.ndarray[Any, Any], box: QSize) -> QImage:
        """The thumbnail of a photo that someone decoded, `(H, W, 3) uint8`; it is kept for the next time."""
        if (cache := self._opened()) is not None:
            side = kept_side(box)
            if max(rgb.shape[:2]) > side:
                picture = Image.fromarray(rgb)
                picture.thumbnail((side, side), Image.Resampling.BILINEAR, reducing_gap=2.0)
                rgb = np.asarray(picture)
            cache.put(file, side, encode_thumbnail(rgb))
        return to_image(rgb, box)

    def close(self) -> None:
        """Write what has gathered. Only once no worker asks any more."""
        if self._cache is not None:
            self._cache.close()
            self._cache = self._open_cache = None

    def _opened(self) -> ThumbnailCache | None:
        with self._lock:
            if self._cache is None and self._open_cache is not None:
                self._cache = self._open_cache()
            return self._cache


def _fitted(image: QImage, box: QSize | None) -> QImage:
    if box is None or (image.width() <= box.width() and image.height() <= box.height()):
        return image
    return image.scaled(box, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
