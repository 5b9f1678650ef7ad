"""Photos of absurd sizes: one pixel, one row, bombs of few bytes, panoramas that are right, and what takes too long."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PIL import Image

from tests.hostile.case import CLASSIFIED, Case, case
from tests.hostile.encoded import SUFFIXES, chunk, long, photo, png_of, save, tiff_of
from tests.hostile.progressive import progressive_jpeg

_LONGEST_JPEG = 65_500


def cases() -> Iterator[Case]:
    yield from _small_and_thin()
    yield from _bombs()
    yield from _panoramas()
    yield from _slow()


def _small_and_thin() -> Iterator[Case]:
    for name, suffix in SUFFIXES.items():
        if name != "DNG":
            yield case("1 x 1", f"{name}.{suffix}", save(Image.new("RGB", (1, 1), (9, 9, 9)), name))
            yield case("3 x 200", f"{name}.{suffix}", save(Image.new("RGB", (3, 200), (9, 9, 9)), name))
    for name, suffix, longest in (
        ("JPEG", "jpg", _LONGEST_JPEG),
        ("PNG", "png", _LONGEST_JPEG),
        ("TIFF", "tif", _LONGEST_JPEG),
        ("BMP", "bmp", _LONGEST_JPEG),
        ("GIF", "gif", 65_535),
        ("WEBP", "webp", 16_383),
    ):
        for size in ((longest, 1), (1, longest)):
            yield case(
                "65,500 x 1", f"{size[0]} x {size[1]}.{suffix}", save(Image.new("RGB", size, (80, 90, 99)), name)
            )


def _bombs() -> Iterator[Case]:
    """A header that claims far more than the file holds."""
    kind = "decompression bombs"
    for side in (20_000, 65_535, 1 << 30):
        yield case(kind, f"PNG of {side} squared.png", png_of(side, side, 8, 2, bytes(9000)), "too_large")
        yield case(
            kind,
            f"TIFF of {side} squared.tif",
            tiff_of(side, side, [zlib.compress(bytes(9000))], compression=8),
            "too_large",
        )
        bmp = photo("BMP")
        yield case(kind, f"BMP of {side} squared.bmp", bmp[:18] + long(side) * 2 + bmp[26:], "too_large")
    yield case(
        kind, "PNG of 4 billion squared.png", png_of(0xFFFFFFFF, 0xFFFFFFFF, 16, 6, b"\0"), "too_large", "damaged"
    )
    jpeg = photo()
    frame = jpeg.index(b"\xff\xc0") + 5
    yield case(kind, "JPEG of 65,535 squared.jpg", jpeg[:frame] + b"\xff\xff\xff\xff" + jpeg[frame + 4 :], "too_large")
    gif = photo("GIF")
    yield case(kind, "GIF with a screen of 65,535 squared.gif", gif[:6] + b"\xff\xff\xff\xff" + gif[10:], "too_large")
    image = gif.index(b",") + 5
    yield case(
        kind,
        "GIF with a picture of 65,535 squared.gif",
        gif[:image] + b"\xff\xff\xff\xff" + gif[image + 4 :],
        "too_large",
        "damaged",
        CLASSIFIED,
    )
    webp = save(Image.new("RGB", (8, 8)), "WEBP", lossless=True)
    header = webp.index(b"VP8L") + 9
    claimed = struct.pack("<I", 16_382 | 16_382 << 14)
    yield case(kind, "WebP of 16,383 squared.webp", webp[:header] + claimed + webp[header + 4 :], "too_large")
    extended = b"VP8X" + struct.pack("<I", 10) + bytes(4) + b"\xff\xff\xff" * 2
    yield case(
        kind,
        "WebP of 16 million squared.webp",
        b"RIFF" + struct.pack("<I", len(webp) + 10) + b"WEBP" + extended + webp[12:],
        "damaged",
        "too_large",
    )
    for name in ("AVIF", "HEIF"):
        content = photo(name)
        size = content.index(b"ispe") + 8
        bomb = content[:size] + struct.pack(">II", 60_000, 60_000) + content[size + 8 :]
        yield case(kind, f"{name} of 60,000 squared.{SUFFIXES[name]}", bomb, "too_large", "damaged")
    tiles = [
        (256, 4, 1, long(20_000)),
        (257, 4, 1, long(10_000)),
        (322, 4, 1, long(1 << 30)),
        (323, 4, 1, long(1 << 30)),
    ]
    yield case(
        kind,
        "TIFF with a tile of a billion squared.tif",
        tiff_of(20_000, 10_000, [zlib.compress(bytes(90))], compression=8, extra=tiles[2:]),
        "damaged",
        "too_large",
    )
    # These are within the limit, and are really decoded: what counts is how long and how much memory that takes.
    for name, width, height in (
        ("PNG", 17_300, 17_300),
        ("WEBP", 16_383, 16_383),
        ("TIFF", 17_300, 17_300),
        ("GIF", 17_300, 17_300),
    ):
        yield case(
            f"{kind} at the limit",
            f"{name} of {width} x {height}.{SUFFIXES[name]}",
            partial(_flat, name=name, size=(width, height)),
            CLASSIFIED,
            "too_large",
            heavy=True,
        )
    for mode, name, suffix in (
        ("RGBA", "PNG", "png"),
        ("F", "TIFF", "tif"),
        ("I;16", "PNG", "png"),
        ("CMYK", "TIFF", "tif"),
    ):
        yield case(
            f"{kind} at the limit",
            f"{name} in {mode.replace(';', ' ')}.{suffix}",
            partial(_flat, name=name, size=(17_300, 17_300), mode=mode),
            CLASSIFIED,
            "too_large",
            heavy=True,
        )


def _panoramas() -> Iterator[Case]:
    """What a drone or a stitching program writes; they must work in every format."""
    for name, suffix in SUFFIXES.items():
        if name != "DNG":
            # WebP can be no longer than 16,383.
            size = (16_000, 6_400) if name == "WEBP" else (20_480, 5_000)
            make = partial(_flat, name=name, size=size)
            yield case("100 megapixels", f"{name}.{suffix}", make, CLASSIFIED, heavy=True)
    progressive = partial(_flat, name="JPEG", size=(20_480, 5_000), progressive=True)
    yield case("100 megapixels", "progressive.jpg", progressive, CLASSIFIED, heavy=True)


def _flat(path: Path, *, name: str, size: tuple[int, int], mode: str = "RGB", **options: object) -> None:
    fast: dict[str, dict[str, object]] = {
        "PNG": {"compress_level": 1},
        "TIFF": {"compression": "tiff_lzw"},
        "WEBP": {"lossless": True, "method": 0},
        "AVIF": {"speed": 10},
    }
    image = Image.new(mode, size, 77 if len(mode) == 1 or mode == "I;16" else tuple(range(60, 60 + 9 * len(mode), 9)))
    path.write_bytes(save(image, name, **fast.get(name, {}), **options))


def _slow() -> Iterator[Case]:
    """Few bytes that keep a decoder busy."""
    for scans, side, heavy in ((200, 1_000, False), (2_000, 8_000, True)):
        yield case(
            "many scans",
            f"{scans} over {side} squared.jpg",
            progressive_jpeg(side, side, scans),
            CLASSIFIED if not heavy else "too_large",
            heavy=heavy,
        )
    frames = chunk(b"acTL", struct.pack(">II", 0xFFFFFFFF, 0))
    yield case(
        "many pictures", "4 billion frames.png", photo("PNG")[:33] + frames + photo("PNG")[33:], CLASSIFIED, "damaged"
    )
    flood = save(
        Image.new("L", (8, 8)),
        "GIF",
        save_all=True,
        append_images=[Image.new("L", (8, 8), n % 256) for n in range(1_500)],
    )
    yield case("many pictures", "1,500 frames.gif", flood)
    yield case("many pictures", "10,000 strips.tif", tiff_of(8, 10_000, [bytes(8)] * 10_000, rows=1))
