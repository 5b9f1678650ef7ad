"""Sound pictures with damaged, absurd or enormous metadata. None of it is worth a photo."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator

from tests.hostile.case import CLASSIFIED, Case, case
from tests.hostile.encoded import (
    Entry,
    chunk,
    long,
    photo,
    picture,
    save,
    segment,
    short,
    tiff_block,
    webp_with,
    with_chunks,
    with_segments,
)

_ORIENTATION, _EXIF, _GPS, _WIDTH_RESOLUTION = 0x0112, 0x8769, 0x8825, 0x011A
_SIX: Entry = (_ORIENTATION, 3, 1, short(6))


def cases() -> Iterator[Case]:
    yield from _exif_blocks()
    yield from _orientations()
    yield from _large_exif()
    yield from _other_blocks()


def _exif(block: bytes) -> bytes:
    return with_segments(segment(0xE1, b"Exif\0\0" + block))


def _avif_with(block: bytes) -> bytes:
    """Pillow writes sound blocks only: one of the same length is put in and then exchanged."""
    sound = tiff_block([]).ljust(len(block), b"\0")
    content = save(picture(), "AVIF", exif=b"Exif\0\0" + sound)
    assert sound in content
    return content.replace(sound, block)


def _exif_blocks() -> Iterator[Case]:
    """Each way in which Pillow's reading of EXIF was seen to fail: struct.error, TypeError, SyntaxError, IndexError."""
    rational = struct.pack("<II", 72, 0)
    nested = tiff_block([(_EXIF, 4, 1, long(8)), (_GPS, 4, 1, long(8)), _SIX], following=8)
    blocks = {
        "empty": b"",
        "one byte": b"I",
        "no header": b"no TIFF header here, just words of an old program",
        "only a header": b"II*\0",
        "header and offset": b"II*\0\x08\0\0\0",
        "wrong magic": b"II\x2b\x2a\x08\0\0\0\0\0",
        "both byte orders": b"IM*\0\x08\0\0\0\0\0\0\0",
        "offset beyond the end": b"II*\0\xff\xff\xff\xff",
        "offset into the header": b"II*\0\x02\0\0\0",
        "65,535 entries": b"II*\0\x08\0\0\0\xff\xff" + bytes(100),
        "an entry cut short": tiff_block([_SIX])[:-9],
        "type 0": tiff_block([(_ORIENTATION, 0, 1, short(6))]),
        "type 200": tiff_block([(_ORIENTATION, 200, 1, short(6))]),
        "orientation as text": tiff_block([(_ORIENTATION, 2, 2, b"6\0\0\0")]),
        "orientation as a byte": tiff_block([(_ORIENTATION, 1, 1, b"\6\0\0\0")]),
        "orientation as a fraction by zero": tiff_block([(_ORIENTATION, 5, 1, long(26))], tail=rational),
        "orientation as a float": tiff_block([(_ORIENTATION, 11, 1, struct.pack("<f", 6.0))]),
        "orientation as undefined": tiff_block([(_ORIENTATION, 7, 4, b"\6\0\0\0")]),
        "two orientations": tiff_block([(_ORIENTATION, 3, 2, struct.pack("<HH", 6, 3))]),
        "no orientation in the entry": tiff_block([(_ORIENTATION, 3, 0, short(6))]),
        "4 billion orientations": tiff_block([(_ORIENTATION, 3, 0xFFFFFFFF, long(0xFFFFFFF0))]),
        "the tag a hundred times": tiff_block([_SIX] * 100),
        "resolution by zero": tiff_block([_SIX, (_WIDTH_RESOLUTION, 5, 1, long(38))], tail=rational),
        "resolution as text": tiff_block([_SIX, (_WIDTH_RESOLUTION, 2, 4, b"72\0\0")]),
        "resolution beyond the end": tiff_block([_SIX, (_WIDTH_RESOLUTION, 5, 1, long(0xFFFFFF00))]),
        "directories in a circle": nested,
        "a directory in itself": tiff_block([(_EXIF, 4, 1, long(8))]),
        "EXIF directory as text": tiff_block([(_EXIF, 2, 4, b"abc\0")]),
        "EXIF directory beyond the end": tiff_block([(_EXIF, 4, 1, long(0x7FFFFFFF))]),
        "GPS of nonsense": tiff_block([(_GPS, 4, 1, long(26))], tail=struct.pack("<H", 40) + b"\xfe" * 480),
        "a thumbnail beyond the end": tiff_block([(0x0201, 4, 1, long(9)), (0x0202, 4, 1, long(0xFFFFFF))]),
        "values of 4 gigabytes": tiff_block([(0x010F, 2, 0xFFFFFFFF, long(8)), (0x927C, 7, 0xFFFFFFFE, long(8))]),
        "no end of text": tiff_block([(0x010F, 2, 60, long(26)), (0x0110, 2, 60, long(26))], tail=b"\xff" * 70),
        "big-endian": tiff_block([(_ORIENTATION, 3, 1, short(6, ">"))], order=">"),
        "big-endian with a little-endian value": tiff_block([(_ORIENTATION, 3, 1, short(6))], order=">"),
        "an Exif heading in the block": b"Exif\0\0" + tiff_block([_SIX]),
        "a date of words": tiff_block(
            [(_EXIF, 4, 1, long(26))],
            tail=struct.pack("<HHHI4sI", 1, 0x9003, 2, 20, long(44), 0) + b"yesterday at noon!!\0",
        ),
        "nothing but zeros": bytes(3000),
        "nothing but ones": b"\xff" * 3000,
    }
    for name, block in blocks.items():
        yield case("corrupt EXIF", f"{name}.jpg", _exif(block))
    for name in (
        "empty",
        "offset beyond the end",
        "directories in a circle",
        "values of 4 gigabytes",
        "nothing but ones",
    ):
        block = blocks[name]
        yield case("corrupt EXIF", f"{name}.png", with_chunks(chunk(b"eXIf", block)))
        yield case("corrupt EXIF", f"{name}.webp", webp_with(b"EXIF", block))
        yield case("corrupt EXIF", f"{name}.heic", save(picture(), "HEIF", exif=b"Exif\0\0" + block))
        if len(block) >= 14:
            # libavif looks at the block's header and refuses the whole file where that is none.
            yield case(
                "corrupt EXIF", f"{name}.avif", _avif_with(block), CLASSIFIED if block[:2] == b"II" else "damaged"
            )
    raw_profile = b"Raw profile type exif\0\0" + zlib.compress(b"\nexif\n      12\n" + b"zz" * 40)
    yield case("corrupt EXIF", "hex of no hex.png", with_chunks(chunk(b"zTXt", raw_profile)))
    yield case("corrupt EXIF", "two blocks.jpg", with_segments(*[segment(0xE1, b"Exif\0\0" + blocks["empty"])] * 2))


def _orientations() -> Iterator[Case]:
    for value in (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255, 65_535):
        block = tiff_block([(_ORIENTATION, 3, 1, short(value))])
        yield case("orientation", f"{value}.jpg", _exif(block))
        yield case("orientation", f"{value}.webp", webp_with(b"EXIF", block))
        tiff = bytearray(save(picture(), "TIFF", tiffinfo={_ORIENTATION: 1}))
        at = tiff.index(struct.pack("<HHI", _ORIENTATION, 3, 1)) + 8
        tiff[at : at + 2] = struct.pack("<H", value)
        yield case("orientation", f"{value}.tif", bytes(tiff), CLASSIFIED)


def _large_exif() -> Iterator[Case]:
    megabytes = tiff_block([_SIX, (0x927C, 7, 10 << 20, long(38))], tail=bytes(10 << 20))
    parts = [
        segment(0xE1, b"Exif\0\0" + megabytes[start : start + 65_000]) for start in range(0, len(megabytes), 65_000)
    ]
    yield case("10 MB of EXIF", "in 162 segments.jpg", with_segments(*parts))
    yield case("10 MB of EXIF", "in a chunk.png", with_chunks(chunk(b"eXIf", megabytes)))
    yield case("10 MB of EXIF", "in a chunk.webp", webp_with(b"EXIF", megabytes))
    yield case("10 MB of EXIF", "in an item.heic", save(picture(), "HEIF", exif=b"Exif\0\0" + megabytes))
    yield case("10 MB of EXIF", "in a tag.tif", save(picture(), "TIFF", tiffinfo={0x9286: bytes(10 << 20)}))


def _other_blocks() -> Iterator[Case]:
    laughs = (
        b'<!DOCTYPE x [<!ENTITY a "ha">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + n, b"&%c;" % (97 + n) * 10) for n in range(9))
        + b"]><x>&j;</x>"
    )
    outside = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><x:xmpmeta>&f;</x:xmpmeta>'
    for name, packet in (("a billion laughs", laughs), ("a file of the system", outside), ("no XML", b"<<<<>\xff\0")):
        yield case(
            "hostile XMP", f"{name}.jpg", with_segments(segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet))
        )
        yield case("hostile XMP", f"{name}.png", with_chunks(chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + packet)))
        yield case("hostile XMP", f"{name}.webp", webp_with(b"XMP ", packet))
        yield case("hostile XMP", f"{name}.tif", save(picture(), "TIFF", tiffinfo={700: packet}))
    flood = zlib.compress(bytes(200 << 20), 9)
    yield case("text bombs", "200 MB in a comment.png", with_chunks(chunk(b"zTXt", b"Comment\0\0" + flood)), "damaged")
    yield case("text bombs", "200 MB in a profile.png", with_chunks(chunk(b"iCCP", b"x\0\0" + flood)), "damaged")
    small = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(1 << 20), 9))
    yield case("text bombs", "100 comments of 1 MB.png", with_chunks(*[small] * 100), "damaged")
    iptc = b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\xff\xff\xff\xff" + bytes(40)
    yield case("Photoshop blocks", "longer than the file.jpg", with_segments(segment(0xED, iptc)))
    yield case("Photoshop blocks", "cut short.jpg", with_segments(segment(0xED, b"Photoshop 3.0\0" + b"8BIM")))
    yield case(
        "Photoshop blocks", "no end of names.jpg", with_segments(segment(0xED, b"Photoshop 3.0\0" + b"8BIM\4\4\xff"))
    )
    jfif = photo()
    yield case("JFIF header", "density 0.jpg", jfif[:13] + bytes(5) + jfif[18:])
    yield case("JFIF header", "version 255.jpg", jfif[:11] + b"\xff\xff" + jfif[13:])
