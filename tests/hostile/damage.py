"""Files that lost or changed bytes, and files that are no photos but are called so."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Iterator

from PIL import Image

from roomnet_core.photos.raw import raw_supported
from tests.hostile.case import CLASSIFIED, Case, case
from tests.hostile.encoded import FORMATS, SUFFIXES, photo, picture, save, segment, with_segments

_HTML = b"""<!DOCTYPE html>
<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1><p>The photo was removed.</p></body></html>
"""


def cases() -> Iterator[Case]:
    yield from _truncated()
    yield from _flipped()
    yield from _wrong_names()
    yield from _other_content()
    yield from _lost_beginnings()
    yield from _jpeg_structure()


def _truncated() -> Iterator[Case]:
    for name in FORMATS:
        content = photo(name)
        for tenth in range(10):
            cut = content[: len(content) * tenth // 10]
            expected = ["damaged"] if tenth else ["empty"]
            if name == "DNG" and tenth:
                # Without the extra none can be read; with it LibRaw develops what is left of the sensor's values.
                expected = ["damaged", CLASSIFIED] if raw_supported() else ["unsupported"]
            yield case("truncated", f"{name} {tenth}0 percent.{SUFFIXES[name]}", cut, *expected)


def _flipped() -> Iterator[Case]:
    """One to twelve bits, by a seed of their own; a bit in the pixels is seen at most."""
    for name in FORMATS:
        for seed in range(8):
            chance = random.Random(f"{name} {seed}")
            content = bytearray(photo(name))
            area = min(200, len(content)) if seed % 2 else len(content)  # the header, or all of it
            for _ in range(chance.randint(1, 12)):
                content[chance.randrange(area)] ^= 1 << chance.randrange(8)
            expected = (CLASSIFIED, "damaged", "unsupported", "too_large")
            yield case("flipped bits", f"{name} seed {seed}.{SUFFIXES[name]}", bytes(content), *expected)


def _wrong_names() -> Iterator[Case]:
    """The content decides, whatever the name says."""
    for name in FORMATS[:-1]:  # a raw file is told by its name
        for suffix in ("jpg", "png", "heic", "txt", "JPG~", "mov"):
            if suffix != SUFFIXES[name]:
                yield case("wrong suffix", f"{name} as {suffix}.{suffix}", photo(name), CLASSIFIED)
        yield case("no suffix", f"{name} without one", photo(name), CLASSIFIED)


def _other_content() -> Iterator[Case]:
    for suffix in ("jpg", "png", "heic", "tif", "webp", "gif", "bmp", "avif"):
        yield case(
            "text as a photo", f"notes.{suffix}", b"Kitchen: needs paint. BMW in the drive.\n" * 20, "unsupported"
        )
        yield case("HTML as a photo", f"download.{suffix}", _HTML, "unsupported")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("photo.jpg", photo())
    others = {
        "a document.jpg": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n" + bytes(900),
        "an archive.jpg": archive.getvalue(),
        "a program.jpg": b"MZ\x90\0" + bytes(range(200)),
        "a video.jpg": b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41" + bytes(800),
        "a drawing.jpg": b'<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd"/></svg>',
        "a script.jpg": b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) (r) file\n",
        "a JPEG 2000.jp2": b"\0\0\0\x0cjP  \r\n\x87\n" + bytes(400),
        "a JPEG XL.jxl": b"\xff\x0a" + bytes(range(100)),
        "a Photoshop file.tif": b"8BPS\0\x01" + bytes(300),
        "an icon.png": b"\0\0\x01\0\x01\0\x10\x10" + bytes(300),
        "a Canon raw file.tif": b"II*\0\x10\0\0\0CR\x02\0" + bytes(300),
        "a pickle.jpg": b"\x80\x04\x95\x1f\0\0\0\0\0\0\0\x8c\x05posix\x94\x8c\x06system\x94\x93\x94.",
        "letters BM.bmp": b"BM" + b"W is the name of the car in the front yard. " * 5,
    }
    for name, content in others.items():
        yield case("other files as photos", name, content, "unsupported")
    for name in ("notes.txt", "list.xlsx", "film.mp4", "program.exe", "Thumbs.db"):
        yield case("other files", name, b"nothing to see here " * 9, "passed over")
    for name in (".hidden.jpg", "._resource fork.jpg"):
        yield case("hidden files", name, photo(), "passed over")


def _lost_beginnings() -> Iterator[Case]:
    for suffix in SUFFIXES.values():
        yield case("0 bytes", f"empty {suffix}.{suffix}", b"", "empty")
        if suffix != "dng":
            yield case("zeros", f"zeros.{suffix}", bytes(5000), "damaged")
    for length in (1, 2, 3, 4, 8, 12, 15):
        yield case("a few bytes", f"{length}.jpg", photo()[:length], "damaged")
        yield case("a few bytes", f"{length}.png", photo("PNG")[:length], "damaged")
    for name in FORMATS[:-1]:
        half = len(photo(name)) // 2
        yield case(
            "zeros from the middle on",
            f"{name}.{SUFFIXES[name]}",
            photo(name)[:half] + bytes(half),
            "damaged",
            CLASSIFIED,
        )
        yield case("bytes behind the end", f"{name}.{SUFFIXES[name]}", photo(name) + bytes(range(256)) * 40, CLASSIFIED)


def _jpeg_structure() -> Iterator[Case]:
    jpeg = photo()
    scan = jpeg.index(b"\xff\xda")
    frame = jpeg.index(b"\xff\xc0")
    kind = "JPEG structure"
    yield case(kind, "no end.jpg", jpeg[:-2], CLASSIFIED, "damaged")
    yield case(kind, "two in a row.jpg", jpeg + jpeg)
    yield case(kind, "no tables.jpg", jpeg[:2] + jpeg[frame:], "damaged")
    yield case(kind, "no frame.jpg", jpeg[:2] + jpeg[scan:], "damaged")
    yield case(kind, "height 0.jpg", jpeg[: frame + 5] + b"\0\0" + jpeg[frame + 7 :], "damaged")
    yield case(kind, "width 0.jpg", jpeg[: frame + 7] + b"\0\0" + jpeg[frame + 9 :], "damaged")
    yield case(kind, "12 bits.jpg", jpeg[: frame + 4] + b"\x0c" + jpeg[frame + 5 :], "damaged")
    yield case(kind, "200 components.jpg", jpeg[: frame + 9] + b"\xc8" + jpeg[frame + 10 :], "damaged")
    yield case(kind, "lossless.jpg", jpeg[:frame] + b"\xff\xc3" + jpeg[frame + 2 :], "damaged")
    yield case(kind, "a segment of length 0.jpg", with_segments(b"\xff\xe5\0\0"), "damaged", CLASSIFIED)
    yield case(kind, "a segment beyond the end.jpg", with_segments(b"\xff\xe5\xff\xff"), "damaged")
    yield case(kind, "10,000 comments.jpg", with_segments(segment(0xFE, b"x") * 10_000))
    yield case(kind, "300 fill bytes.jpg", with_segments(b"\xff" * 300))
    yield case(
        kind, "twice as high as its scan.jpg", jpeg[: frame + 5] + b"\0\x90" + jpeg[frame + 7 :], "damaged", CLASSIFIED
    )
    yield case(kind, "restart markers.jpg", save(picture(), "JPEG", restart_marker_rows=1))
    yield case(kind, "an empty photo in the scan.jpg", jpeg[: scan + 14] + b"\xff\xd9", "damaged", CLASSIFIED)
    yield case(
        kind,
        "noise in the scan.jpg",
        jpeg[: scan + 14] + random.Random(4).randbytes(900) + b"\xff\xd9",
        "damaged",
        CLASSIFIED,
    )
    grey = save(Image.new("L", (8, 8)), "JPEG")
    yield case(
        kind, "a frame of another photo.jpg", grey[: grey.index(b"\xff\xc0")] + jpeg[frame:], "damaged", CLASSIFIED
    )
