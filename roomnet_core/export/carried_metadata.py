"""What a new JPEG takes over from the photo that it was made of: EXIF, ICC profile, XMP, IPTC and comments.

The new picture is upright and has no further pictures beside it, and its metadata must not say otherwise.
"""

from __future__ import annotations

import contextlib
import re
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

from PIL import Image
from PIL.ImageFile import ImageFile

from roomnet_core.export.jpeg_segments import (
    APP0,
    APP1,
    APP2,
    APP13,
    COMMENT,
    EXIF,
    MAX_PAYLOAD,
    read_layout,
    segment,
)
from roomnet_core.export.xmp import XMP
from roomnet_core.photos.formats import HEAD_BYTES, PhotoFormat, sniff
from roomnet_core.photos.orientation import read_orientation, swaps_sides
from roomnet_core.photos.plugins import open_image

_ICC = b"ICC_PROFILE\0"
_ICC_HEAD = len(_ICC) + 2  # and number and count of the part
_ORIENTATION, _EXIF_DIRECTORY, _WIDTH, _HEIGHT = 0x0112, 0x8769, 0xA002, 0xA003
_TYPES = {1: "B", 3: "H", 4: "I"}
# What a TIFF file's own directory says of the photo, not of the file.
_TIFF_TAGS = (0x010E, 0x010F, 0x0110, 0x0131, 0x0132, 0x013B, 0x8298)
_TIFF_DIRECTORIES = (0x8769, 0x8825)
# In XMP, as attribute or element: the orientation, and that a film follows the picture.
_XMP_ORIENTATION = re.compile(rb"(tiff:Orientation(?:=[\"']|>))[2-8]([\"'<])")
_XMP_FILM = re.compile(rb"(:(?:MotionPhoto|MicroVideo)(?:=[\"']|>))1([\"'<])")


def with_metadata_of(path: Path, jpeg: bytes) -> bytes:
    """`jpeg`, an upright RGB picture as Pillow encodes it, with the metadata of the photo at `path`.

    Raises:
        Exception: the photo cannot be read, or whatever its decoder says of damaged metadata.
    """
    with path.open("rb") as stream:
        photo_format = sniff(stream.read(HEAD_BYTES))
        stream.seek(0)
        if photo_format is PhotoFormat.JPEG:
            parts = _of_jpeg(stream.read())
        elif photo_format is None:
            parts = []
        else:
            with open_image(stream, photo_format) as image:
                parts = _of_image(image, photo_format)
    header = read_layout(jpeg).header
    place = header[0].end if header[0].marker == APP0 else 2
    return jpeg[:place] + b"".join(segment(marker, payload) for marker, payload in parts) + jpeg[place:]


def upright_exif(exif: bytes) -> bytes:
    """A block of EXIF bytes that calls the picture upright, without its small preview, which is not.

    Numbers are changed in place, because makers' notes break when they are moved. Source: EXIF 2.32, 4.5 and 4.6.
    """
    block = bytearray(exif)
    base = len(EXIF) if exif.startswith(EXIF) else 0
    order = {b"II": "<", b"MM": ">"}.get(exif[base : base + 2])
    if order is None:
        return exif
    turned = swaps_sides(read_orientation(exif))
    with contextlib.suppress(struct.error):  # damaged: what comes before the damage is put right
        (start,) = struct.unpack_from(f"{order}I", block, base + 4)
        for tag, place in _entries(block, base + start, order):
            if tag == _ORIENTATION:
                (kind,) = struct.unpack_from(f"{order}H", block, place + 2)
                struct.pack_into(f"{order}{_TYPES.get(kind, 'H')}", block, place + 8, 1)
            elif tag == _EXIF_DIRECTORY and turned:
                (inner,) = struct.unpack_from(f"{order}I", block, place + 8)
                _swap_sides(block, base + inner, order)
        (number,) = struct.unpack_from(f"{order}H", block, base + start)
        struct.pack_into(f"{order}I", block, base + start + 2 + 12 * number, 0)  # no second directory: the preview's
    return bytes(block)


def _swap_sides(block: bytearray, directory: int, order: str) -> None:
    """Exchange the width and the height that a camera noted."""
    with contextlib.suppress(struct.error):
        places = {tag: place for tag, place in _entries(block, directory, order) if place + 12 <= len(block)}
        if _WIDTH in places and _HEIGHT in places:
            wide, high = places[_WIDTH] + 2, places[_HEIGHT] + 2  # behind the tag: type, count and value
            block[wide : wide + 10], block[high : high + 10] = block[high : high + 10], block[wide : wide + 10]


def _entries(block: bytearray, directory: int, order: str) -> Iterator[tuple[int, int]]:
    """The tags of a directory and where their entries begin; raises struct.error where the block ends before it."""
    (number,) = struct.unpack_from(f"{order}H", block, directory)
    for place in range(directory + 2, directory + 2 + 12 * number, 12):
        yield struct.unpack_from(f"{order}H", block, place)[0], place


def _upright_xmp(packet: bytes) -> bytes:
    return _XMP_FILM.sub(rb"\g<1>0\2", _XMP_ORIENTATION.sub(rb"\g<1>1\2", packet))


def _of_jpeg(content: bytes) -> list[tuple[int, bytes]]:
    """The segments to take over: what tells of the photo, not of the coding or of further pictures."""
    parts = []
    profile_fits = False
    for part in read_layout(content).header:
        payload = content[part.payload : part.end]
        if part.marker == APP1 and payload.startswith(EXIF):
            parts.append((APP1, upright_exif(payload)))
        elif part.marker == APP1 and payload.startswith(XMP):
            parts.append((APP1, _upright_xmp(payload)))
        elif part.marker == APP2 and payload.startswith(_ICC):
            if payload[len(_ICC) : len(_ICC) + 1] == b"\1":
                profile_fits = _is_rgb(payload[_ICC_HEAD:])
            if profile_fits:
                parts.append((APP2, payload))
        elif part.marker in (APP1, APP13, COMMENT):
            parts.append((part.marker, payload))
    return parts


def _of_image(image: ImageFile, photo_format: PhotoFormat) -> list[tuple[int, bytes]]:
    if photo_format is PhotoFormat.PNG:
        image.load()  # EXIF may stand behind the pixels
    info = image.info
    exif = _exif_of_tiff(image) if photo_format is PhotoFormat.TIFF else info.get("exif")
    parts = []
    if isinstance(exif, bytes) and exif:
        parts.append((APP1, upright_exif(EXIF + exif.removeprefix(EXIF))))
    xmp = info.get("xmp")
    if isinstance(xmp, bytes) and xmp:
        parts.append((APP1, XMP + _upright_xmp(xmp)))
    profile = info.get("icc_profile")
    if isinstance(profile, bytes) and _is_rgb(profile):
        parts += _profile_parts(profile)
    return [(marker, payload) for marker, payload in parts if len(payload) <= MAX_PAYLOAD]


def _exif_of_tiff(image: ImageFile) -> bytes:
    theirs, ours = image.getexif(), Image.Exif()
    for tag in _TIFF_TAGS:
        if tag in theirs:
            ours[tag] = theirs[tag]
    for directory in _TIFF_DIRECTORIES:
        if values := theirs.get_ifd(directory):
            ours[directory] = values
    return ours.tobytes() if len(ours) else b""


def _profile_parts(profile: bytes) -> Iterable[tuple[int, bytes]]:
    size = MAX_PAYLOAD - _ICC_HEAD
    chunks = [profile[start : start + size] for start in range(0, len(profile), size)]
    if len(chunks) > 255:
        return []
    return [(APP2, _ICC + bytes((number, len(chunks))) + chunk) for number, chunk in enumerate(chunks, start=1)]


def _is_rgb(profile: bytes) -> bool:
    """A profile for other colours (grey, CMYK) would turn the new picture's colours wrong."""
    return profile[16:20] == b"RGB "
