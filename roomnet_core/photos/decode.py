"""Photo file to RGB pixels: reduced-size decode, upright, any mode, every failure a reason."""

from __future__ import annotations

import contextlib
import io
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from PIL import Image
from PIL.ImageFile import ImageFile

from roomnet_core.photos.formats import HEAD_BYTES, PhotoFormat, recognise
from roomnet_core.photos.info import PhotoInfo, read_info, tiff_exif
from roomnet_core.photos.jpeg_scans import count_scans
from roomnet_core.photos.orientation import Frame, read_orientation, swaps_sides, upright, upright_frame
from roomnet_core.photos.pixels import filled_part, to_small_rgb
from roomnet_core.photos.plugins import open_image
from roomnet_core.photos.problems import MAX_PIXELS, not_a_photo, photo_error, too_large
from roomnet_core.photos.reading import open_photo, reasons

# Pillow turns TIFF itself while loading, libheif turns HEIC, libraw turns raw files: nothing is left to do for them.
_TURNED_BY_DECODER = (PhotoFormat.TIFF, PhotoFormat.HEIF)

_JPEG_PIECE_BYTES = 16 << 20

# No photo may take more memory than this to decode. What a decoder holds at most, in bytes a pixel: Pillow's copy,
# and what others keep beside it (measured, with room for the worst chroma, depth and transparency).
_MOST_BYTES = 1_320_000_000
_BYTES_A_PIXEL = {PhotoFormat.WEBP: 12, PhotoFormat.AVIF: 12, PhotoFormat.HEIF: 10}
_USUAL_BYTES_A_PIXEL, _COEFFICIENT_BYTES_A_PIXEL = 4, 6
# Passes over the picture times its pixels: three seconds of work, and twenty times what a camera or program writes.
_MOST_SCANNED_PIXELS = 5_000_000_000

# Photos that take more memory than this to decode go one at a time, however many threads decode: a folder of
# panoramas must not multiply its memory by the number of cores.
_LARGE_BYTES = 256 << 20
_one_large_photo = threading.Lock()


@dataclass(frozen=True, slots=True, eq=False)
class DecodedPhoto:
    """`image` is upright, in mode RGB, possibly reduced; `info` tells the upright full size and more.

    `frame` is the rectangle of `image` that the photo fills, (left, top, right, bottom) in pixels and fractions: where
    the sides of a reduced photo are no multiple of the reduction, its last blocks reach beyond it.
    """

    image: Image.Image
    info: PhotoInfo
    frame: Frame

    @property
    def rgb(self) -> np.ndarray[Any, np.dtype[np.uint8]]:
        """`(H, W, 3) uint8`, read-only: a copy, so ask for it once."""
        return np.asarray(self.image)


def decode_photo(path: Path, *, min_side: int | None = None, content: bytes | None = None) -> DecodedPhoto:
    """Decode the photo at `path`, upright, in RGB. Any number of threads may call this at once.

    Args:
        path: the file.
        min_side: the decoder may reduce the photo as long as its short side keeps at least this many pixels
            (photos that are smaller stay as they are); it does so until the short side is below twice as many.
            None decodes at full size.
        content: the file's content where it has been read already; the file is then not touched.

    Raises:
        PhotoError: the file cannot be read; its `kind` and message say why.
    """
    if min_side is not None and min_side < 1:
        raise ValueError(f"min_side must be at least 1. Received: {min_side}")
    with reasons(path), open_photo(path) if content is None else io.BytesIO(content) as stream:
        head = stream.read(HEAD_BYTES)
        photo_format = recognise(head, path.name)
        if photo_format is None:
            raise not_a_photo(path, head)
        stream.seek(0)
        if photo_format is PhotoFormat.RAW:
            return _decode_raw(path, stream, min_side)
        return _decode(path, stream, photo_format, min_side)


def _decode(path: Path, stream: BinaryIO, photo_format: PhotoFormat, min_side: int | None) -> DecodedPhoto:
    with open_image(stream, photo_format) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise too_large(path, f"{width} x {height} pixels")
        if width < 1 or height < 1:
            raise photo_error(path, "damaged", f"{width} x {height} pixels")
        drafted = None
        if min_side is not None:
            # JPEG: 1/2, 1/4 or 1/8 of the size for a fraction of the work. HEIC: an embedded smaller version, where it
            # is the same picture and large enough. A square, because the photo may lie on its side.
            drafted = image.draft(None, (min_side, min_side))
        needed = _bytes_needed(image, photo_format, width * height)
        if needed > _MOST_BYTES:
            limit = width * height * _MOST_BYTES // needed
            raise too_large(path, f"{width} x {height} pixels in {photo_format}", limit)
        if "progressive" in image.info:
            _check_scans(path, stream, width * height)
        if photo_format is PhotoFormat.JPEG:
            # Pillow's pieces of 64 KB cost 2 % of the time: the decoder starts anew with each.
            image.decodermaxblock = _JPEG_PIECE_BYTES
        with _turn_of(needed):
            image.load()
            filled = filled_part(image.size if drafted is None else drafted[1][2:], image.size, min_side)
            rgb = to_small_rgb(image, min_side)
            if rgb is not image:
                Image.Image.close(image)  # its pixels only: they must be gone before the next one's turn
        exif = tiff_exif(image) if photo_format is PhotoFormat.TIFF else image.info.get("exif")
        orientation = 1 if photo_format in _TURNED_BY_DECODER else read_orientation(exif)
        if swaps_sides(orientation):
            width, height = height, width
        frame = upright_frame(rgb.size, filled, orientation)
        return DecodedPhoto(upright(rgb, orientation), read_info(width, height, exif), frame)


def _decode_raw(path: Path, stream: BinaryIO, min_side: int | None) -> DecodedPhoto:
    from roomnet_core.photos.raw import open_raw  # an extra, and most folders hold none

    with open_raw(stream) as raw:
        width, height = raw.size
        if width * height > MAX_PIXELS:
            raise too_large(path, f"{width} x {height} pixels")
        image = None
        if min_side is not None and (preview := raw.preview()) is not None:
            with contextlib.suppress(Exception):  # a preview that cannot be read is as good as none
                image = _preview(preview, raw, min_side)
        if image is None:
            with _one_large_photo:
                image = to_small_rgb(raw.develop(min_side), min_side)
        frame = (0.0, 0.0, float(image.width), float(image.height))
        return DecodedPhoto(image, read_info(width, height, raw.exif), frame)


def _preview(content: bytes, raw: Any, min_side: int) -> Image.Image | None:
    """The camera's own JPEG in a raw file, upright; None where it is too small or not the same picture."""
    with open_image(io.BytesIO(content), PhotoFormat.JPEG) as image:
        if not raw.shows_same(image.size) or min(image.size) < min(min_side, *raw.size):
            return None
        image.draft(None, (min_side, min_side))
        image.load()
        return upright(to_small_rgb(image, min_side), raw.orientation)


def _bytes_needed(image: ImageFile, photo_format: PhotoFormat, full_pixels: int) -> int:
    """The memory that decoding `image` (after `draft`) takes."""
    needed = _BYTES_A_PIXEL.get(photo_format, _USUAL_BYTES_A_PIXEL) * image.width * image.height
    if "progressive" in image.info:  # held whole as coefficients, whatever the scale
        needed += _COEFFICIENT_BYTES_A_PIXEL * full_pixels
    return needed


def _check_scans(path: Path, stream: BinaryIO, full_pixels: int) -> None:
    """A progressive JPEG may ask for thousands of passes over the picture in a few kilobytes."""
    position = stream.tell()
    scans = count_scans(stream)
    stream.seek(position)
    if scans * full_pixels > _MOST_SCANNED_PIXELS:
        raise too_large(path, f"{scans:,} scans over {full_pixels:,} pixels", _MOST_SCANNED_PIXELS // scans)


def _turn_of(bytes_needed: int) -> AbstractContextManager[Any]:
    """Waits for the other large photos if this is one."""
    return _one_large_photo if bytes_needed > _LARGE_BYTES else contextlib.nullcontext()
