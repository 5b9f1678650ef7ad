"""What a new JPEG takes over from the photo that it was made of: EXIF, ICC profile, XMP, IPTC and comments.

The new picture is upright and has no further pictures beside it, and its metadata must not say otherwise.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Iterable
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
    try:
        (start,) = struct.unpack_from(f"{order}I", block, base + 4)
        directory = _directory(block, base + start, order)
        for tag, at in directory.items():
            if tag == _ORIENTATION:
                (kind,) = struct.unpack_from(f"{order}H", block, at + 2)
                struct.pack_into(f"{order}{_TYPES.get(kind, 'H')}", block, at + 8, 1)
        if _EXIF_DIRECTORY in directory and turned:
            (start_of_exif,) = struct.unpack_from(f"{order}I", block, directory[_EXIF_DIRECTORY] + 8)
            sides = _directory(block, base + start_of_exif, order)
            if _WIDTH in sides and _HEIGHT in sides:
                wide, high = sides[_WIDTH] + 2, sides[_HEIGHT] + 2
                block[wide : wide + 10], block[high : high + 10] = block[high : high + 10], block[wide : wide + 10]
        (number,) = struct.unpack_from(f"{order}H", block, base + start)
        struct.pack_into(f"{order}I", block, base + start + 2 + 12 * number, 0)  # no second directory: the preview's
    except struct.error:  # damaged: what could be put right is
        pass
    return bytes(block)


def _directory(block: bytearray, start: int, order: str) -> dict[int, int]:
    """Tags and the places of their entries."""
    (number,) = struct.unpack_from(f"{order}H", block, start)
    places = range(start + 2, start + 2 + 12 * number, 12)
    return {struct.unpack_from(f"{order}H", block, place)[0]: place for place in places if place + 12 <= len(block)}


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
