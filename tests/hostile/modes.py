"""Photos that are sound and rare: every colour mode, several pictures in one file, old and new ways to encode."""

from __future__ import annotations

import base64
import struct
import zlib
from collections.abc import Iterator

import numpy as np
import pillow_heif
from PIL import Image, ImageCms

from tests.hostile.case import CLASSIFIED, Case, case
from tests.hostile.encoded import (
    SIZE,
    long,
    photo,
    picture,
    png_of,
    save,
    segment,
    tiff_of,
    webp_with,
    with_chunks,
    with_segments,
)

# 32 x 32 pixels of an encoded picture of ours, made once with `jpegtran -arithmetic`: no library here writes those.
_ARITHMETIC = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABQODxIPDRQSEBIXFRQYHjIhHhwcHj0sLiQySUBMS0dARkVQWnNiUFVtVkVGZIhlbXd7gYKBTmCNl4"
    "x9lnN+gXz/2wBDARUXFx4aHjshITt8U0ZTfHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHx8fHz/yQARCAAg"
    "ACADASIAAhEBAxEB/8wACgAQEAUBEBEF/9oADAMBAAIRAxEAPwD9Dvflgnw4c/lnN2o2ybmDgsCh4J9hcXtmtMWXFPdShCTu5VeFAARQbZcKmB"
    "DixbDVt5GQoGDgh+0imhOtfAHz6JnFXz8Mwmocw01xjt6AT2FiAgAS9wQNS+2/6wezXpSpo0J8vsD/2Q=="
)


def cases() -> Iterator[Case]:
    yield from _print_colours()
    yield from _depths()
    yield from _profiles()
    yield from _several_pictures()
    yield from _encodings()


def _print_colours() -> Iterator[Case]:
    cmyk = picture().convert("CMYK")
    adobe = save(cmyk, "JPEG")
    yield case("CMYK", "Adobe, inverted.jpg", adobe)
    marker = adobe.index(b"\xff\xee")
    yield case("CMYK", "without the Adobe marker.jpg", adobe[:marker] + adobe[marker + 16 :])
    yield case("CMYK", "TIFF.tif", save(cmyk, "TIFF"))
    yield case("CMYK", "progressive.jpg", save(cmyk, "JPEG", progressive=True))
    bands = picture().convert("YCbCr").split()
    ycck = Image.merge("CMYK", (*(band.point(lambda value: 255 - value) for band in bands), Image.new("L", SIZE)))
    content = save(ycck, "JPEG")
    transform = content.index(b"Adobe") + 11
    yield case("YCCK", "4-4-4.jpg", content[:transform] + b"\2" + content[transform + 1 :])
    yield case("YCCK", "with a nonsensical transform.jpg", content[:transform] + b"\x09" + content[transform + 1 :])
    lab = ImageCms.applyTransform(
        picture(),
        ImageCms.buildTransform(ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB"), "RGB", "LAB"),
    )
    yield case("LAB", "TIFF.tif", save(lab, "TIFF"))
    rgb = save(picture(), "JPEG", keep_rgb=True)
    yield case("RGB JPEG", "no luminance.jpg", rgb)


def _depths() -> Iterator[Case]:
    width, height = SIZE
    grey = np.asarray(picture().convert("L"))
    deep = grey.astype(np.uint16) << 8
    yield case("16 bits", "grey.png", save(Image.fromarray(deep), "PNG"))
    yield case("16 bits", "grey.tif", save(Image.fromarray(deep), "TIFF"))
    rows = np.repeat(np.asarray(picture()).reshape(height, -1), 2, axis=1)
    filtered = b"".join(b"\0" + row.tobytes() for row in rows)
    yield case("16 bits", "colour.png", png_of(width, height, 16, 2, filtered))
    colour = (np.asarray(picture()).astype("<u2") << 8).tobytes()
    yield case("16 bits", "colour.tif", tiff_of(width, height, [colour], bits=16, samples=3, photometric=2))
    opaque = b"".join(b"\0" + row.astype(">u2").tobytes() for row in np.full((height, width * 4), 60_000))
    yield case("16 bits", "colour and alpha.png", png_of(width, height, 16, 6, opaque))
    yield case("32 bits", "whole numbers.tif", save(Image.fromarray(grey.astype(np.int32) * 1000), "TIFF"))
    yield case("32 bits", "fractions.tif", save(Image.fromarray(grey.astype(np.float32) / 255), "TIFF"))
    holes = np.full((height, width), np.nan, np.float32)
    yield case("32 bits", "nothing but holes.tif", save(Image.fromarray(holes), "TIFF"))
    yield case(
        "64 bits",
        "doubles.tif",
        tiff_of(4, 4, [bytes(128)], bits=64, extra=[(339, 3, 1, struct.pack("<HH", 3, 0))]),
        CLASSIFIED,
        "damaged",
    )
    for name in ("PNG", "TIFF", "BMP", "GIF"):
        yield case("1 bit", f"{name}.{name.lower()}", save(picture().convert("1"), name))
    yield case("1 bit", "fax.tif", save(picture().convert("1"), "TIFF", compression="group4"))
    palette = picture().quantize(16)
    yield case("palette", "sixteen colours.png", save(palette, "PNG"))
    yield case("palette", "with alpha.png", save(palette, "PNG", transparency=bytes(range(0, 256, 16))))
    yield case("palette", "with a hole.gif", save(palette, "GIF", transparency=3))
    yield case("palette", "missing.png", png_of(8, 8, 8, 3, bytes(9 * 8)), CLASSIFIED, "damaged")
    indices = png_of(8, 8, 8, 3, (b"\0" + b"\xff" * 8) * 8)
    short = (
        indices[:33]
        + struct.pack(">I", 3)
        + b"PLTE\1\2\3"
        + struct.pack(">I", zlib.crc32(b"PLTE\1\2\3"))
        + indices[33:]
    )
    yield case("palette", "colours beyond its end.png", short, CLASSIFIED, "damaged")
    for mode in ("RGBA", "LA"):
        see_through = picture().convert(mode)
        see_through.putalpha(70)
        yield case("transparency", f"{mode}.png", save(see_through, "PNG"))
        if mode == "RGBA":
            for name, suffix in (("WEBP", "webp"), ("AVIF", "avif"), ("TIFF", "tif"), ("HEIF", "heic")):
                yield case("transparency", f"{mode}.{suffix}", save(see_through, name))
    yield case("transparency", "nothing to see.png", save(Image.new("RGBA", SIZE), "PNG"))


def _profiles() -> Iterator[Case]:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    yield case("grey with a profile", "sRGB in grey.jpg", save(picture().convert("L"), "JPEG", icc_profile=srgb))
    # A real profile whose primaries are moved far out: the tables stay valid, the gamut is wider than any screen's.
    wide = bytearray(srgb)
    for tag in (b"rXYZ", b"gXYZ", b"bXYZ"):
        entry = wide.index(tag)
        start = int.from_bytes(wide[entry + 4 : entry + 8], "big") + 8
        wide[start : start + 4] = (0x00018000).to_bytes(4, "big")
    for name, suffix in (
        ("JPEG", "jpg"),
        ("PNG", "png"),
        ("WEBP", "webp"),
        ("TIFF", "tif"),
        ("AVIF", "avif"),
        ("HEIF", "heic"),
    ):
        yield case("wide-gamut profile", f"{name}.{suffix}", save(picture(), name, icc_profile=bytes(wide)))
        yield case("damaged profile", f"{name}.{suffix}", save(picture(), name, icc_profile=b"no profile at all"))
    for number, content in enumerate((b"", b"\1", b"\1\3part", b"\0\0", b"\5\2part")):
        yield case("damaged profile", f"part {number}.jpg", with_segments(segment(0xE2, b"ICC_PROFILE\0" + content)))
    many = b"".join(segment(0xE2, b"ICC_PROFILE\0" + bytes([n % 256, 255]) + bytes(60_000)) for n in range(1, 120))
    yield case("damaged profile", "7 MB.jpg", with_segments(many))


def _several_pictures() -> Iterator[Case]:
    frames = [picture(seed) for seed in range(2, 5)]
    for name, suffix in (("GIF", "gif"), ("WEBP", "webp"), ("PNG", "png"), ("AVIF", "avif")):
        content = save(picture(), name, save_all=True, append_images=frames, duration=80)
        yield case("animation", f"{name}.{suffix}", content)
        yield case("animation", f"{name}, cut in the last picture.{suffix}", content[:-40], CLASSIFIED, "damaged")
    yield case("pages", "four.tif", save(picture(), "TIFF", save_all=True, append_images=frames))
    looped = bytearray(save(picture(), "TIFF"))
    at = int.from_bytes(looped[4:8], "little")
    entries = int.from_bytes(looped[at : at + 2], "little")
    looped[at + 2 + 12 * entries : at + 6 + 12 * entries] = looped[4:8]
    yield case("pages", "a directory that follows itself.tif", bytes(looped))
    mpo = save(picture(), "MPO", save_all=True, append_images=frames[:1])
    yield case("MPO", "two views.jpg", mpo)
    yield case("MPO", "two views.mpo", mpo)
    yield case("MPO", "second view lost.jpg", mpo[: mpo.index(b"\xff\xd8\xff", 9) + 40])
    yield case("MPO", "damaged index.jpg", with_segments(segment(0xE2, b"MPF\0II*\0\xff\xff\xff\xff")))
    film = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0\0\x10\0mdat" + bytes(4088)
    yield case("Motion Photo", "film behind the photo.jpg", photo() + film)
    yield case("Motion Photo", "MVIMG.heic", photo("HEIF") + b"\0\0\x10\0mpvd" + bytes(4088))
    burst = pillow_heif.HeifFile()
    for frame in frames:
        burst.add_from_pillow(frame)
    for number, primary in enumerate((0, 2)):
        yield case("HEIC burst", f"{number}.heic", _heif(burst, primary))


def _heif(burst: pillow_heif.HeifFile, primary: int) -> bytes:
    import io

    buffer = io.BytesIO()
    burst.save(buffer, quality=50, primary_index=primary, save_all=True)
    return buffer.getvalue()


def _encodings() -> Iterator[Case]:
    yield case("progressive", "JPEG.jpg", save(picture(), "JPEG", progressive=True))
    yield case("progressive", "interlaced.gif", save(picture(), "GIF", interlace=1))
    rows = b"".join(b"\0" + bytes([n]) for n in range(7))
    yield case("progressive", "interlaced 1 x 1.png", png_of(1, 1, 8, 0, rows[:2], interlace=1))
    yield case("arithmetic coding", "JPEG.jpg", _ARITHMETIC)
    for subsampling in range(3):
        yield case("chroma", f"{subsampling}.jpg", save(picture(), "JPEG", subsampling=subsampling))
        if subsampling:
            yield case(
                "chroma",
                f"{subsampling}.avif",
                save(picture(), "AVIF", subsampling=("4:4:4", "4:2:2", "4:2:0")[subsampling]),
            )
    yield case("lossless", "WebP.webp", save(picture(), "WEBP", lossless=True))
    yield case("lossless", "HEIC.heic", save(picture(), "HEIF", chroma=444))
    for compression in ("raw", "packbits", "tiff_adobe_deflate", "jpeg", "tiff_lzw", "zstd", "lzma"):
        yield case("TIFF compressions", f"{compression}.tif", save(picture(), "TIFF", compression=compression))
    yield case(
        "TIFF compressions", "unknown.tif", tiff_of(8, 8, [bytes(64)], compression=54_321), "damaged", "unsupported"
    )
    yield case("TIFF compressions", "big-endian.tif", _big_endian())
    yield case("TIFF compressions", "BigTIFF.tif", save(picture(), "TIFF", big_tiff=True))
    yield case("TIFF compressions", "64 strips.tif", tiff_of(96, 64, [bytes([n]) * 96 for n in range(64)], rows=1))
    yield case("WebP chunks", "unknown.webp", webp_with(b"ABCD", bytes(99)))
    yield case("WebP chunks", "XMP of nothing.webp", webp_with(b"XMP ", b"\0" * 9))
    yield case("PNG chunks", "unknown.png", with_chunks(_png_chunk(b"aBCd", bytes(50))))
    yield case(
        "PNG chunks", "unknown and critical.png", with_chunks(_png_chunk(b"ABCD", bytes(50))), CLASSIFIED, "damaged"
    )
    yield case("PNG chunks", "a wrong checksum.png", photo("PNG")[:29] + b"\0\0\0\0" + photo("PNG")[33:], "damaged")
    yield case("BMP headers", "upside down.bmp", _top_down())
    yield case(
        "BMP headers",
        "height of minus 2 to the 31.bmp",
        photo("BMP")[:22] + long(1 << 31) + photo("BMP")[26:],
        "damaged",
        "too_large",
    )
    yield case(
        "BMP headers",
        "a palette of 4 billion.bmp",
        photo("BMP")[:46] + long(0xFFFFFFFF) + photo("BMP")[50:],
        CLASSIFIED,
        "damaged",
    )


def _png_chunk(kind: bytes, content: bytes) -> bytes:
    from tests.hostile.encoded import chunk

    return chunk(kind, content)


def _big_endian() -> bytes:
    return save(Image.fromarray((np.asarray(picture().convert("L")).astype(np.uint16) << 8).astype(">u2")), "TIFF")


def _top_down() -> bytes:
    height = SIZE[1]
    content = photo("BMP")
    return content[:22] + struct.pack("<i", -height) + content[26:]
