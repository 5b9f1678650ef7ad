"""Photo formats: what counts as a photo, by the first bytes of the file and not only by its suffix."""

from __future__ import annotations

# Enough for every signature below, HEIC's list of compatible brands included.
SIGNATURE_BYTES = 64

SUFFIXES = {
    ".jpg": "JPEG",
    ".jpeg": "JPEG",
    ".jpe": "JPEG",
    ".jfif": "JPEG",
    ".png": "PNG",
    ".webp": "WEBP",
    ".tif": "TIFF",
    ".tiff": "TIFF",
    ".bmp": "BMP",
    ".gif": "GIF",
    ".avif": "AVIF",
    ".heic": "HEIF",
    ".heif": "HEIF",
    ".hif": "HEIF",
}
"""The suffixes of files that the user means as photos, with Pillow's name of the format."""

_AVIF_BRANDS = {b"avif", b"avis"}
_HEIF_BRANDS = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1"}


def sniff(head: bytes) -> str | None:
    """Pillow's name of the format that starts with `head` (`SIGNATURE_BYTES` are enough), or None."""
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    # 42 for TIFF, 43 for BigTIFF, in either byte order.
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "TIFF"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    # "BM" alone is two letters that any text may start with; the reserved words after the size must be zero.
    if head.startswith(b"BM") and head[6:10] == b"\0\0\0\0" and len(head) >= 18:
        return "BMP"
    return _sniff_iso_media(head)


def _sniff_iso_media(head: bytes) -> str | None:
    """AVIF and HEIC share a container: the major brand decides, then the compatible ones."""
    if head[4:8] != b"ftyp" or len(head) < 16:
        return None
    end = min(len(head), int.from_bytes(head[:4], "big"))
    brands = [head[8:12], *(head[start : start + 4] for start in range(16, end - 3, 4))]
    if any(brand in _AVIF_BRANDS for brand in brands):
        return "AVIF"
    return "HEIF" if any(brand in _HEIF_BRANDS for brand in brands) else None
