"""The marker segments of a JPEG file: where its metadata lies, and where its picture ends."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from roomnet_core.errors import MetadataError

APP0, APP1, APP2, APP11, APP13, COMMENT = 0xE0, 0xE1, 0xE2, 0xEB, 0xED, 0xFE
EXIF = b"Exif\0\0"
MAX_PAYLOAD = 0xFFFF - 2
"""Bytes that a segment holds beside its own length."""

_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
# Markers that stand alone, without a length: TEM and the restart markers.
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_WINDOW = 1 << 20


@dataclass(frozen=True, slots=True)
class Segment:
    """Bytes `start` to `end` of a file; the payload begins after marker and length."""

    marker: int
    start: int
    payload: int
    end: int


@dataclass(frozen=True, slots=True)
class Layout:
    """`header` holds the segments before the first scan, `end` is the offset behind the picture's end marker."""

    header: tuple[Segment, ...]
    end: int


def read_layout(jpeg: bytes) -> Layout:
    """Find the segments of the (first) picture in `jpeg`. Source: ITU-T T.81, annex B.

    Raises:
        MetadataError: this is no whole JPEG file.
    """
    if not jpeg.startswith(b"\xff\xd8"):
        raise MetadataError("it is not a JPEG file")
    header: list[Segment] = []
    position, in_header = 2, True
    while True:
        start = position
        while jpeg[position : position + 1] == b"\xff":
            position += 1
        if position == start or position >= len(jpeg):
            raise _damaged(start)
        marker = jpeg[position]
        position += 1
        if marker == _EOI and not in_header:
            return Layout(tuple(header), position)
        if marker in _ALONE:
            continue
        length = int.from_bytes(jpeg[position : position + 2], "big")
        if marker in (0x00, _SOI, _EOI) or length < 2 or position + length > len(jpeg):
            raise _damaged(start)
        if marker == _SOS:
            in_header = False
            position = _next_marker(jpeg, position + length)
            continue
        if in_header:
            header.append(Segment(marker, start, position + 2, position + length))
        position += length


def _next_marker(jpeg: bytes, start: int) -> int:
    """The place of the marker that ends a scan: FF 00 is a stuffed FF, and restart markers belong to the scan."""
    for window in range(start, len(jpeg), _WINDOW):
        data = np.frombuffer(jpeg[window : window + _WINDOW + 1], dtype=np.uint8)
        places = np.flatnonzero(data[:-1] == 0xFF)
        after = data[places + 1]
        ends = places[(after != 0x00) & (after != 0xFF) & ((after < 0xD0) | (after > 0xD7))]
        if ends.size:
            return window + int(ends[0])
    raise _damaged(len(jpeg))


def segment(marker: int, payload: bytes) -> bytes:
    """The bytes of one segment.

    Raises:
        MetadataError: it would be longer than a segment may be.
    """
    if len(payload) > MAX_PAYLOAD:
        raise MetadataError(f"there is no room left in its metadata ({len(payload):,} bytes)")
    return bytes((0xFF, marker)) + (len(payload) + 2).to_bytes(2, "big") + payload


def _damaged(position: int) -> MetadataError:
    return MetadataError(f"its structure is damaged or incomplete (at byte {position:,})")
