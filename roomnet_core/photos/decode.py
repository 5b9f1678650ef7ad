"""Photo file to RGB pixels: reduced-size decode, upright, any mode, every failure a reason."""

from __future__ import annotations

import contextlib
import errno
import stat
import threading
import time
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from PIL import Image
from PIL.ImageFile import ImageFile

from roomnet_core.errors import PhotoError
from roomnet_core.photos.formats import HEAD_BYTES, PhotoFormat, sniff
from roomnet_core.photos.info import PhotoInfo, read_info, tiff_exif
from roomnet_core.photos.orientation import read_orientation, swaps_sides, upright
from roomnet_core.photos.pixels import to_small_rgb
from roomnet_core.photos.plugins import DecoderMissing, open_image
from roomnet_core.photos.problems import MAX_PIXELS, not_a_file, not_a_photo, os_photo_error, photo_error

# Pillow turns TIFF itself while loading, libheif turns HEIC: nothing is left to do for them.
_TURNED_BY_DECODER = (PhotoFormat.TIFF, PhotoFormat.HEIF)

# Some decoders take the whole file into memory.
_MAX_FILE_BYTES = 2 << 30

# Photos that take more memory than this to decode go one at a time, however many threads decode: a folder of
# panoramas must not multiply its memory by the number of cores.
_LARGE_BYTES = 256 << 20
_one_large_photo = threading.Lock()

# Windows: another program (a virus scanner, a sync client) holds the file for a moment.
_SHARING_VIOLATION = 32
_LOCKED_RETRIES = 3
_LOCKED_PAUSE_SECONDS = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class DecodedPhoto:
    """`rgb` is `(H, W, 3) uint8`, upright, read-only, possibly reduced; `info` tells the upright full size and more."""

    rgb: np.ndarray[Any, np.dtype[np.uint8]]
    info: PhotoInfo


def decode_photo(path: Path, *, min_side: int | None = None) -> DecodedPhoto:
    """Decode the photo at `path`, upright, in RGB. Any number of threads may call this at once.

    Args:
        path: the file.
        min_side: the decoder may reduce the photo as long as its short side keeps at least this many pixels
            (photos that are smaller stay as they are); it does so until the short side is below twice as many.
            None decodes at full size.

    Raises:
        PhotoError: the file cannot be read; its `kind` and message say why.
    """
    if min_side is not None and min_side < 1:
        raise ValueError(f"min_side must be at least 1. Received: {min_side}")
    try:
        with _open_file(path) as stream:
            head = stream.read(HEAD_BYTES)
            photo_format = sniff(head)
            if photo_format is None:
                raise not_a_photo(path, head)
            stream.seek(0)
            return _decode(path, stream, photo_format, min_side)
    except PhotoError:
        raise
    except (DecoderMissing, ImportError) as error:
        raise photo_error(path, "unsupported", str(error)) from error
    except (MemoryError, Image.DecompressionBombError) as error:
        raise photo_error(path, "too_large", str(error)) from error
    except OSError as error:
        # The operating system's errors carry a number, the decoders' complaints about the content do not; EINVAL is
        # what seeking to a nonsensical place in a damaged file gives.
        if error.errno not in (None, errno.EINVAL):
            raise os_photo_error(path, error) from error
        raise photo_error(path, "damaged", _technical(error)) from error
    except Exception as error:  # a damaged file makes Pillow's parsers raise nearly anything
        raise photo_error(path, "damaged", _technical(error)) from error


def _open_file(path: Path) -> BinaryIO:
    """Open `path` for reading after a look at what it is: opening a pipe would wait for ever."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise not_a_file(path)
    if status.st_size > _MAX_FILE_BYTES:
        raise photo_error(path, "too_large", f"{status.st_size:,} bytes")
    for _ in range(_LOCKED_RETRIES):
        try:
            return path.open("rb")
        except PermissionError as error:
            if getattr(error, "winerror", None) != _SHARING_VIOLATION:
                raise
            time.sleep(_LOCKED_PAUSE_SECONDS)
    return path.open("rb")


def _decode(path: Path, stream: BinaryIO, photo_format: PhotoFormat, min_side: int | None) -> DecodedPhoto:
    with open_image(stream, photo_format) as image:
        width, height = image.size
        if width * height > MAX_PIXELS:
            raise photo_error(path, "too_large", f"{width} x {height} pixels")
        if width < 1 or height < 1:
            raise photo_error(path, "damaged", f"{width} x {height} pixels")
        if min_side is not None and photo_format is PhotoFormat.JPEG:
            # 1/2, 1/4 or 1/8 of the size for a fraction of the work. A square, because the photo may lie on its side.
            image.draft(None, (min_side, min_side))
        with _turn_of(image, width * height):
            image.load()
            rgb = to_small_rgb(image, min_side)
        exif = tiff_exif(image) if photo_format is PhotoFormat.TIFF else image.info.get("exif")
        orientation = 1 if photo_format in _TURNED_BY_DECODER else read_orientation(exif)
        if swaps_sides(orientation):
            width, height = height, width
        return DecodedPhoto(np.asarray(upright(rgb, orientation)), read_info(width, height, exif))


def _turn_of(image: ImageFile, full_pixels: int) -> AbstractContextManager[Any]:
    """Waits for the other large photos if `image` (after `draft`) is one."""
    bytes_needed = 4 * image.width * image.height
    if "progressive" in image.info:
        bytes_needed += 4 * full_pixels  # a progressive JPEG is held whole as coefficients, whatever the scale
    return _one_large_photo if bytes_needed > _LARGE_BYTES else contextlib.nullcontext()


def _technical(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
