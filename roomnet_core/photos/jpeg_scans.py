"""How many passes over the picture a progressive JPEG asks for: few bytes each in the file, much work each."""

from __future__ import annotations

import re
from typing import BinaryIO

# A marker that ends a scan's coded pixels: not a stuffed zero, a restart, or fill (ITU-T T.81, B.1.1).
_MARKER = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
_START_OF_SCAN, _END_OF_IMAGE = 0xDA, 0xD9
_PIECE_BYTES = 1 << 20


def count_scans(stream: BinaryIO) -> int:
    """The scans of the progressive JPEG in `stream`, which stands somewhere in its first scan; it ends elsewhere."""
    scans, buffer = 1, b""
    while True:
        found = _MARKER.search(buffer)
        if found is None:
            piece = stream.read(_PIECE_BYTES)
            if not piece:
                return scans
            buffer = (b"\xff" if buffer.endswith(b"\xff") else b"") + piece
            continue
        marker, start = buffer[found.end() - 1], found.end()
        if marker == _END_OF_IMAGE:
            return scans
        if len(buffer) < start + 2:
            buffer += stream.read(2)
        end = start + int.from_bytes(buffer[start : start + 2], "big")
        if len(buffer) < end:
            buffer += stream.read(end - len(buffer))
        scans += marker == _START_OF_SCAN
        buffer = buffer[end:]
