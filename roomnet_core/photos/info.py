"""What a photo file says of itself: its size, when it was taken and with which camera. Nothing here costs the photo."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from PIL import Image

from roomnet_core.photos.problems import printable

_MAKE, _MODEL, _EXIF_DIRECTORY, _TAKEN = 0x010F, 0x0110, 0x8769, 0x9003
_ASCII, _LONG = 2, 4
_LONGEST_TEXT = 64
_TIME_FORMAT = "%Y:%m:%d %H:%M:%S"


@dataclass(frozen=True, slots=True)
class PhotoInfo:
    """`width` and `height` are the upright full size in pixels.

    `captured` is the camera's local time (EXIF DateTimeOriginal), or None; `camera` is maker and model, or "".
    """

    width: int
    height: int
    captured: datetime | None = None
    camera: str = ""


def read_info(width: int, height: int, exif: object) -> PhotoInfo:
    """The info in a block of EXIF bytes (with or without its `Exif` heading); whatever makes no sense in it is absent.

    Source: TIFF 6.0 section 2 (header and directory), EXIF 2.32 sections 4.6.3 to 4.6.5 (the tags).
    """
    try:
        captured, camera = _read(exif) if isinstance(exif, bytes) else (None, "")
    except Exception:  # cameras, phones and programs write nearly anything, and none of it is worth a photo
        captured, camera = None, ""
    return PhotoInfo(width, height, captured, camera)


def tiff_exif(image: Image.Image) -> bytes | None:
    """The same block for a TIFF, which has none because it is one itself; None where the directory is damaged."""
    try:
        exif = image.getexif()
        exif.get_ifd(_EXIF_DIRECTORY)  # makes Pillow read it
        return exif.tobytes()
    except Exception:
        return None


def _read(exif: bytes) -> tuple[datetime | None, str]:
    tiff = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return None, ""
    make = model = ""
    captured = None
    (first,) = struct.unpack_from(f"{order}I", tiff, 4)
    for tag, value_type, count, start in _entries(tiff, order, first):
        if tag == _MAKE and value_type == _ASCII:
            make = _text(tiff, order, count, start)
        elif tag == _MODEL and value_type == _ASCII:
            model = _text(tiff, order, count, start)
        elif tag == _EXIF_DIRECTORY and value_type == _LONG:
            captured = _captured(tiff, order, struct.unpack_from(f"{order}I", tiff, start)[0])
    return captured, _camera(make, model)


def _captured(tiff: bytes, order: str, directory: int) -> datetime | None:
    for tag, value_type, count, start in _entries(tiff, order, directory):
        if tag == _TAKEN and value_type == _ASCII:
            try:
                return datetime.strptime(_text(tiff, order, count, start), _TIME_FORMAT)
            except ValueError:  # all zeros or blanks where the clock was never set
                return None
    return None


def _entries(tiff: bytes, order: str, directory: int) -> Iterator[tuple[int, int, int, int]]:
    """Tag, type, count and place of the value of each entry that lies within the block."""
    if directory + 2 > len(tiff):
        return
    (entries,) = struct.unpack_from(f"{order}H", tiff, directory)
    for start in range(directory + 2, min(directory + 2 + 12 * entries, len(tiff) - 11), 12):
        yield *struct.unpack_from(f"{order}HHI", tiff, start), start + 8


def _text(tiff: bytes, order: str, count: int, start: int) -> str:
    if count > 4:  # otherwise the text itself stands where the pointer to it would
        (start,) = struct.unpack_from(f"{order}I", tiff, start)
    text = tiff[start : start + min(count, _LONGEST_TEXT)].partition(b"\0")[0]
    return printable(text.decode("utf-8", "replace")).strip()


def _camera(make: str, model: str) -> str:
    """`Canon EOS R5`, not `Canon Canon EOS R5`; `NIKON D850`, not `NIKON CORPORATION NIKON D850`."""
    brand = make.partition(" ")[0].casefold()
    return model if brand and model.casefold().startswith(brand) else f"{make} {model}".strip()
