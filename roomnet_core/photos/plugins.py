"""Opens a photo with exactly the decoder that its signature asks for, without Pillow's process-wide registry.

`Image.open` would try the formats by file name, warn about large pictures through the process-wide warnings filter,
and refuse panoramas by a process-wide limit. Called directly, the same decoders leave those decisions to us.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import BinaryIO

from PIL import Image
from PIL.AvifImagePlugin import AvifImageFile
from PIL.BmpImagePlugin import BmpImageFile
from PIL.GifImagePlugin import GifImageFile
from PIL.ImageFile import ImageFile
from PIL.JpegImagePlugin import JpegImageFile
from PIL.PngImagePlugin import PngImageFile
from PIL.TiffImagePlugin import TiffImageFile
from PIL.WebPImagePlugin import WebPImageFile

from roomnet_core.photos.formats import PhotoFormat
from roomnet_core.photos.problems import MAX_PIXELS

# Pillow's own guard, which the TIFF, GIF and WebP decoders ask too, must not be the stricter one. It stays finite, and
# is set once, here: changing it photo by photo would reach into other threads.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

# Pillow makes a large picture of blocks. Those of its own 16 MB stay with the thread that freed them: glibc gives back
# at once only what is above 32 MB (mallopt(3), M_MMAP_THRESHOLD), and panoramas on two threads held two panoramas.
Image.core.set_block_size(64 << 20)  # type: ignore[attr-defined]


# "ICC_PROFILE", a zero, the part's number and how many there are (ICC.1, B.4).
_SHORTEST_PROFILE_PART = 14


class DecoderMissing(Exception):
    """This installation has no decoder for the format."""


class _ProfileParts(list[bytes]):
    def append(self, part: bytes) -> None:
        """Pillow trips over parts that are too short to say which they are, and loses the photo by it."""
        if len(part) >= _SHORTEST_PROFILE_PART:
            super().append(part)


class _Jpeg(JpegImageFile):
    @property  # an attribute there, which is set anew for each picture
    def icclist(self) -> list[bytes]:
        return self._profile_parts

    @icclist.setter
    def icclist(self, parts: list[bytes]) -> None:
        self._profile_parts = _ProfileParts(parts)

    def _read_dpi_from_exif(self) -> None:
        """Not needed here; Pillow's reading of the whole EXIF block trips over a damaged one and takes time."""


class _WebP(WebPImageFile):
    def _get_next(self) -> tuple[bytes, int, int]:
        """Only the first picture is wanted: the decoder and its two canvases (8 bytes a pixel) go before the next copy
        is made."""
        first = super()._get_next()
        self._decoder = None
        return first


_OPENERS: dict[PhotoFormat, Callable[[BinaryIO], ImageFile]] = {
    PhotoFormat.JPEG: _Jpeg,
    PhotoFormat.PNG: PngImageFile,
    PhotoFormat.WEBP: _WebP,
    PhotoFormat.TIFF: TiffImageFile,
    PhotoFormat.BMP: BmpImageFile,
    PhotoFormat.GIF: GifImageFile,
    PhotoFormat.AVIF: AvifImageFile,
}


def open_image(stream: BinaryIO, photo_format: PhotoFormat) -> ImageFile:
    """Read the header of the photo in `stream`, which stays open and belongs to the caller; no pixel is decoded.

    Raises:
        DecoderMissing: HEIC support is not installed.
        Exception: whatever the decoder raises for a damaged file.
    """
    if photo_format is PhotoFormat.HEIF:
        return _open_heif(stream)
    return _OPENERS[photo_format](stream)


def _open_heif(stream: BinaryIO) -> ImageFile:
    try:
        from pillow_heif import HeifImageFile  # 0.1 s, and most folders hold none
    except (ImportError, OSError) as error:
        raise DecoderMissing(f"HEIC support is not installed: {error}") from error
    image: ImageFile = HeifImageFile(stream)
    return image
