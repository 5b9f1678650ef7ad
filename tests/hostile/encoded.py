"""Small pictures in every format, encoded once."""

from __future__ import annotations

import io
import struct
import zlib
from functools import cache

import pillow_heif
from PIL import Image

from tests.pictures import make_picture
from tests.raw_files import make_dng

SUFFIXES = {
    "JPEG": "jpg", "PNG": "png", "WEBP": "webp", "TIFF": "tif", "BMP": "bmp", "GIF": "gif", "AVIF": "avif",
    "HEIF": "heic", "DNG": "dng",
}  # fmt: skip
FORMATS = tuple(SUFFIXES)
SIZE = (96, 72)


@cache
def picture(seed: int = 1, size: tuple[int, int] = SIZE) -> Image.Image:
    return make_picture(seed, size)


def save(image: Image.Image, pillow_format: str, **options: object) -> bytes:
    """`image` in a format that Pillow writes, or in HEIF."""
    buffer = io.BytesIO()
    if pillow_format == "HEIF":
        pillow_heif.from_pillow(image).save(buffer, quality=60, **options)
    else:
        image.save(buffer, pillow_format, **options)
    return buffer.getvalue()


@cache
def photo(pillow_format: str = "JPEG") -> bytes:
    """A photo like any other, of `SIZE` pixels."""
    if pillow_format == "DNG":
        return make_dng(picture(), preview=picture())
    options: dict[str, object] = {"compression": "tiff_lzw"} if pillow_format == "TIFF" else {}
    return save(picture(), pillow_format, **options)


# --- JPEG segments, PNG chunks, RIFF chunks, TIFF directories


def segment(marker: int, content: bytes) -> bytes:
    """A JPEG segment. Source: ITU-T T.81, B.1.1.4."""
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def with_segments(*segments: bytes, jpeg: bytes | None = None) -> bytes:
    """A JPEG with `segments` before all others."""
    jpeg = photo() if jpeg is None else jpeg
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def chunk(kind: bytes, content: bytes) -> bytes:
    """A PNG chunk. Source: PNG specification, 5.3."""
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def with_chunks(*chunks: bytes) -> bytes:
    """A PNG with `chunks` behind its header."""
    png = photo("PNG")
    return png[:33] + b"".join(chunks) + png[33:]


def png_of(width: int, height: int, depth: int, color: int, rows: bytes, interlace: int = 0) -> bytes:
    """A PNG of uncompressed `rows` (each with its filter byte), whatever they are."""
    header = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, interlace)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


def webp_with(kind: bytes, content: bytes) -> bytes:
    """An extended WebP with one more chunk. Source: WebP container specification."""
    body = save(picture(), "WEBP", exif=b"Exif\0\0II*\0\x08\0\0\0\0\0")[12:]
    start = body.index(b"EXIF")
    length = int.from_bytes(body[start + 4 : start + 8], "little")
    body = body[:start] + body[start + 8 + length + length % 2 :]
    body += kind + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


Entry = tuple[int, int, int, bytes]
"""Tag, type, count, and the four bytes of the value or of its place."""


def tiff_block(entries: list[Entry], *, order: str = "<", following: int = 0, tail: bytes = b"") -> bytes:
    """A TIFF header and its first directory, as an EXIF block holds them; `tail` is what places may point into."""
    head = (b"II*\0" if order == "<" else b"MM\0*") + struct.pack(f"{order}I", 8)
    directory = struct.pack(f"{order}H", len(entries))
    for tag, kind, count, value in entries:
        directory += struct.pack(f"{order}HHI", tag, kind, count) + value
    return head + directory + struct.pack(f"{order}I", following) + tail


def short(value: int, order: str = "<") -> bytes:
    return struct.pack(f"{order}HH", value, 0)


def long(value: int, order: str = "<") -> bytes:
    return struct.pack(f"{order}I", value)


def tiff_of(width: int, height: int, strips: list[bytes], *, bits: int = 8, samples: int = 1, compression: int = 1,
            photometric: int = 1, rows: int | None = None, extra: list[Entry] | None = None) -> bytes:  # fmt: skip
    """A TIFF of `strips` that hold `rows` rows each, whatever they hold. Source: TIFF 6.0."""
    start = 8 + 2 + 12 * (11 + len(extra or [])) + 4
    count = len(strips)
    tables = start + 2 * samples + 8 * count
    places, at = [], tables
    for strip in strips:
        places.append(at)
        at += len(strip)
    sizes = [len(strip) for strip in strips]
    one = count == 1
    bit_depths = short(bits) if samples == 1 else struct.pack("<HH", bits, bits) if samples == 2 else long(start)
    entries: list[Entry] = [
        (256, 4, 1, long(width)), (257, 4, 1, long(height)),
        (258, 3, samples, bit_depths),
        (259, 3, 1, short(compression)), (262, 3, 1, short(photometric)),
        (273, 4, count, long(places[0] if one else start + 2 * samples)), (277, 3, 1, short(samples)),
        (278, 4, 1, long(rows or height)), (279, 4, count, long(sizes[0] if one else start + 2 * samples + 4 * count)),
        (284, 3, 1, short(1)), (296, 3, 1, short(2)), *(extra or []),
    ]  # fmt: skip
    tail = struct.pack(f"<{samples}H", *[bits] * samples) + struct.pack(f"<{2 * count}I", *places, *sizes)
    return tiff_block(sorted(entries), tail=tail + b"".join(strips))
