"""Camera raw files through LibRaw (the extra `raw`): the camera's own preview first, developing as a last resort."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib.util import find_spec
from typing import Any, BinaryIO

from PIL import Image

from roomnet_core.photos.plugins import DecoderMissing

# LibRaw's `flip` (0, 3, 5, 6) as the EXIF orientation that means the same.
_ORIENTATIONS = {0: 1, 3: 3, 5: 8, 6: 6}
# How far the sides' ratios of preview and raw picture may lie apart: sensors have a few more pixels at the border.
_SAME_SHAPE = 0.03
_EXIF_BYTES = 256 << 10


@cache
def raw_supported() -> bool:
    """Whether raw files can be read: the extra `raw` is installed."""
    return find_spec("rawpy") is not None


@contextmanager
def open_raw(stream: BinaryIO) -> Iterator[RawPhoto]:
    """The raw photo in `stream`; nothing is decoded yet.

    Raises:
        DecoderMissing: the extra `raw` is not installed, or LibRaw does not know this camera.
    """
    try:
        import rawpy
    except (ImportError, OSError) as error:
        raise DecoderMissing(f'reading raw files needs rawpy: pip install "roomnet[raw]" ({error})') from error
    start = stream.read(_EXIF_BYTES)
    stream.seek(0)
    try:
        raw = rawpy.imread(stream)
    except rawpy.LibRawFileUnsupportedError as error:
        raise DecoderMissing(f"LibRaw: {error}") from error
    with raw:
        yield RawPhoto(raw, start)


class RawPhoto:
    """An open raw file. `size` is the upright full size, `orientation` the EXIF orientation of the stored picture."""

    def __init__(self, raw: Any, start: bytes) -> None:
        self._raw = raw
        sizes = raw.sizes
        self.orientation = _ORIENTATIONS.get(int(sizes.flip), 1)
        self._stored = (int(sizes.width), int(sizes.height))
        self.size = self._stored[::-1] if self.orientation in (6, 8) else self._stored
        # Most raw files are TIFF files, and so an EXIF block with pixels behind it.
        self.exif: bytes | None = start if start[:2] in (b"II", b"MM") else None

    def preview(self) -> bytes | None:
        """The JPEG that the camera made of the picture, or None."""
        import rawpy

        try:
            preview = self._raw.extract_thumb()
        except rawpy.LibRawError:
            return None
        return bytes(preview.data) if preview.format is rawpy.ThumbFormat.JPEG else None

    def shows_same(self, size: tuple[int, int]) -> bool:
        """A preview of that size, stored as the raw picture is, has its shape: it is neither cropped nor padded."""
        (width, height), (full_width, full_height) = size, self._stored
        ratio = width / height / (full_width / full_height)
        return abs(ratio - 1) <= _SAME_SHAPE

    def develop(self, min_side: int | None) -> Image.Image:
        """The picture made from the sensor's values, upright; at half the size where that keeps `min_side`."""
        half = min_side is not None and min(self.size) // 2 >= min_side
        return Image.fromarray(self._raw.postprocess(use_camera_wb=True, half_size=half))
