"""Which way up: the EXIF orientation tag, read by hand because one bad tag elsewhere must not cost the photo."""

from __future__ import annotations

import struct

from PIL import Image

Frame = tuple[float, float, float, float]

_ORIENTATION = 0x0112
# The TIFF types that cameras and phones were seen to write the tag in: BYTE, SHORT (the right one), LONG.
_TYPES = {1: "B", 3: "H", 4: "I"}

_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def read_orientation(exif: object) -> int:
    """The orientation 1..8 in a block of EXIF bytes; 1 (upright) if there is none or it makes no sense.

    Source: TIFF 6.0 section 2 (header and directory), EXIF 2.32 section 4.6.4 (the tag).
    """
    if not isinstance(exif, bytes):
        return 1
    tiff = exif.removeprefix(b"Exif\0\0")
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    if order is None:
        return 1
    try:
        (directory,) = struct.unpack_from(f"{order}I", tiff, 4)
        (entries,) = struct.unpack_from(f"{order}H", tiff, directory)
        for start in range(directory + 2, directory + 2 + 12 * entries, 12):
            tag, value_type = struct.unpack_from(f"{order}HH", tiff, start)
            if tag == _ORIENTATION:
                (value,) = struct.unpack_from(f"{order}{_TYPES.get(value_type, 'H')}", tiff, start + 8)
                return value if 1 <= value <= 8 else 1
    except struct.error:  # a directory or an entry outside the block
        pass
    return 1


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """`image` turned and mirrored so that it is seen as it was taken."""
    transpose = _UPRIGHT.get(orientation)
    return image if transpose is None else image.transpose(transpose)


def upright_frame(size: tuple[int, int], filled: tuple[float, float], orientation: int) -> Frame:
    """Where the photo lies in the upright picture: (left, top, right, bottom).

    As it is stored the picture has `size`, (width, height), and the photo fills `filled` of that from the top left.
    """
    width, height = size
    right, bottom = width - filled[0], height - filled[1]  # what lies beyond the photo
    if swaps_sides(orientation):
        width, height, right, bottom = height, width, bottom, right
    left, right = (right, 0.0) if orientation in (2, 3, 6, 7) else (0.0, right)
    top, bottom = (bottom, 0.0) if orientation in (3, 4, 7, 8) else (0.0, bottom)
    return left, top, width - right, height - bottom


def swaps_sides(orientation: int) -> bool:
    """Width and height change places when the photo is put upright."""
    return orientation >= 5
