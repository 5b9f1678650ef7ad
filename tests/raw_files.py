"""Camera raw files made in code: the smallest DNG that LibRaw reads, with or without the camera's own JPEG."""

from __future__ import annotations

import io
import struct

import numpy as np
from PIL import Image

_BYTE, _ASCII, _SHORT, _LONG, _SRATIONAL = 1, 2, 3, 4, 10


def make_dng(picture: Image.Image, *, preview: Image.Image | None = None, orientation: int = 1) -> bytes:
    """`picture` (even sides) as a sensor with a red-green-green-blue pattern saw it; `preview` is embedded as a JPEG.

    Source: Adobe DNG specification 1.4: the raw picture in the first directory, the preview in a SubIFD.
    """
    rgb = np.asarray(picture.convert("RGB"), dtype=np.float64) / 255
    linear = rgb**2.2
    mosaic = linear[..., 1].copy()
    mosaic[0::2, 0::2] = linear[0::2, 0::2, 0]
    mosaic[1::2, 1::2] = linear[1::2, 1::2, 2]
    pixels = (mosaic * 65535).astype("<u2").tobytes()
    # The inverse of a camera that sees in sRGB: XYZ to linear sRGB, so that colours come out as they went in.
    matrix = (3.2406, -1.5372, -0.4986, -0.9689, 1.8758, 0.0415, 0.0557, -0.2040, 1.0570)
    width, height = picture.size
    entries = [
        (254, _LONG, [0]),
        (256, _LONG, [width]),
        (257, _LONG, [height]),
        (258, _SHORT, [16]),
        (259, _SHORT, [1]),
        (262, _SHORT, [32803]),  # a colour filter array
        (271, _ASCII, b"Acme\0"),
        (272, _ASCII, b"Acme One\0"),
        (273, _LONG, ["pixels"]),
        (274, _SHORT, [orientation]),
        (277, _SHORT, [1]),
        (278, _LONG, [height]),
        (279, _LONG, [len(pixels)]),
        (33421, _SHORT, [2, 2]),
        (33422, _BYTE, bytes([0, 1, 1, 2])),
        (50706, _BYTE, bytes([1, 4, 0, 0])),
        (50708, _ASCII, b"Acme One\0"),
        (50714, _SHORT, [0]),
        (50717, _SHORT, [65535]),
        (50721, _SRATIONAL, [number for value in matrix for number in (round(value * 10000), 10000)]),
        (50778, _SHORT, [21]),  # D65
    ]
    blobs = {"pixels": pixels}
    if preview is not None:
        buffer = io.BytesIO()
        preview.save(buffer, "JPEG", quality=95)
        blobs["preview"] = buffer.getvalue()
        entries.append((330, _LONG, ["second"]))
    entries.sort()
    second = (
        []
        if preview is None
        else [
            (254, _LONG, [1]),
            (256, _LONG, [preview.width]),
            (257, _LONG, [preview.height]),
            (258, _SHORT, [8, 8, 8]),
            (259, _SHORT, [7]),
            (262, _SHORT, [6]),
            (273, _LONG, ["preview"]),
            (277, _SHORT, [3]),
            (278, _LONG, [preview.height]),
            (279, _LONG, [len(blobs["preview"])]),
        ]
    )
    return _tiff(entries, second, blobs)


def _tiff(first: list, second: list, blobs: dict[str, bytes]) -> bytes:
    """Two directories and what they point at; a value that is a name is the place of that blob or directory."""
    places: dict[str, int] = {}
    for _ in range(2):  # once to learn the places, once to write them
        content = bytearray(b"II*\0\x08\0\0\0")
        for name, entries in (("first", first), ("second", second)):
            places[name] = len(content)
            directory, tail = bytearray(struct.pack("<H", len(entries))), bytearray()
            start = len(content) + 2 + 12 * len(entries) + 4
            for tag, kind, values in entries:
                raw, count = _values(kind, values, places)
                if len(raw) > 4:
                    value = struct.pack("<I", start + len(tail))
                    tail += raw + b"\0" * (len(raw) % 2)
                else:
                    value = raw.ljust(4, b"\0")
                directory += struct.pack("<HHI", tag, kind, count) + value
            content += directory + struct.pack("<I", 0) + tail
        for name, blob in blobs.items():
            places[name] = len(content)
            content += blob + b"\0" * (len(blob) % 2)
    return bytes(content)


def _values(kind: int, values: list | bytes, places: dict[str, int]) -> tuple[bytes, int]:
    if isinstance(values, bytes):
        return values, len(values)
    numbers = [places.get(value, 0) if isinstance(value, str) else value for value in values]
    letter = {_SHORT: "H", _LONG: "I", _SRATIONAL: "i"}[kind]
    return struct.pack(f"<{len(numbers)}{letter}", *numbers), len(numbers) // (2 if kind == _SRATIONAL else 1)
