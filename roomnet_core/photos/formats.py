"""Which files are photos: told by the first bytes, with the file name only as a hint."""

from __future__ import annotations

import enum

HEAD_BYTES = 64
"""How much of a file's beginning `sniff` wants to see."""


class PhotoFormat(enum.StrEnum):
    """The kinds of photo files that RoomNet reads."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WebP"
    TIFF = "TIFF"
    BMP = "BMP"
    GIF = "GIF"
    AVIF = "AVIF"
    HEIF = "HEIF"
    RAW = "camera raw"


PHOTO_SUFFIXES = frozenset(
    {
        ".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".webp", ".tif", ".tiff", ".bmp", ".dib", ".gif", ".avif",
        ".avifs", ".heic", ".heif", ".hif", ".heics", ".heifs",
    }
)

RAW_SUFFIXES = frozenset(
    {
        ".3fr", ".arw", ".cr2", ".cr3", ".crw", ".dcr", ".dng", ".erf", ".fff", ".iiq", ".kdc", ".mef", ".mos", ".mrw",
        ".nef", ".nrw", ".orf", ".pef", ".raf", ".raw", ".rw2", ".rwl", ".sr2", ".srf", ".srw", ".x3f",
    }
)
"""Camera originals. Most of them are TIFF files whose first picture is a thumbnail, so their signature misleads."""

OTHER_PHOTO_SUFFIXES = frozenset(
    {
        ".jp2", ".j2k", ".jxl", ".jxr", ".wdp", ".mpo", ".jps",
    }
)
"""Names of photos that RoomNet may not be able to read; such a file is never passed over in silence."""

_AVIF_BRANDS = frozenset({b"avif", b"avis"})
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_ANY_HEIF_BRANDS = frozenset({b"mif1", b"msf1"})
# The sizes of the header that follows BMP's 14 bytes. "BM" alone is also how a text about BMW begins.
_BMP_HEADERS = frozenset({12, 16, 40, 52, 56, 64, 108, 124})


def sniff(head: bytes) -> PhotoFormat | None:
    """The format of a file that begins with `head` (`HEAD_BYTES` or the whole file), or None if it is no photo."""
    if head.startswith(b"\xff\xd8\xff"):
        return PhotoFormat.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return PhotoFormat.PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return PhotoFormat.WEBP
    if head.startswith((b"GIF87a", b"GIF89a")):
        return PhotoFormat.GIF
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):  # the last two: BigTIFF
        return None if head[8:10] == b"CR" else PhotoFormat.TIFF  # CR: a Canon raw file
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return PhotoFormat.BMP
    if head[4:8] == b"ftyp":
        return _sniff_brands(head)
    return None


def recognise(head: bytes, name: str) -> PhotoFormat | None:
    """The format of a file called `name` that begins with `head`, or None if it is no photo.

    A raw file is told by its name: most of them begin as a TIFF does, and many as nothing else does.
    """
    found = sniff(head)
    if suffix_of(name) in RAW_SUFFIXES and found in (None, PhotoFormat.TIFF) and any(head):
        return PhotoFormat.RAW
    return found


def suffix_of(name: str) -> str:
    """The suffix in lower case with its dot, or an empty string."""
    stem, dot, suffix = name.rpartition(".")
    return f".{suffix.lower()}" if dot and stem else ""


def _sniff_brands(head: bytes) -> PhotoFormat | None:
    """Look into the ISO media `ftyp` box: the major brand, then the compatible ones (ISO/IEC 14496-12, 4.3)."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    major = head[8:12]
    if major in _AVIF_BRANDS:
        return PhotoFormat.AVIF
    if major in _HEIF_BRANDS:
        return PhotoFormat.HEIF
    if major not in _ANY_HEIF_BRANDS:
        return None  # a video, most often
    compatible = {head[start : start + 4] for start in range(16, end - 3, 4)}
    return PhotoFormat.AVIF if compatible & _AVIF_BRANDS else PhotoFormat.HEIF
