"""Names that every file system takes, and the key by which two names collide on the pickiest of them."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Sequence

MAX_NAME = 255
"""Bytes of UTF-8 on Linux, UTF-16 units on Windows and macOS; names keep to both."""

# Not allowed in a name on Windows; `/` and NUL nowhere. Halves of surrogate pairs stand for bytes that are no UTF-8.
_ILLEGAL = re.compile('[<>:"/\\\\|?*\x00-\x1f\x7f\ud800-\udfff\ufffe\uffff]')
# Windows keeps these for devices, whatever suffix follows.
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
# A longer "suffix" is the end of a sentence, not the kind of a file.
_MAX_SUFFIX = 20
# Windows without the long-path switch ends folder paths here, and file paths soon after.
_LONG_PATH = 248


def safe_name(name: str) -> str:
    """`name` as one file or folder name for Windows, macOS and Linux; never empty, never `.` or `..`."""
    cleaned = _ILLEGAL.sub("_", unicodedata.normalize("NFC", name)).strip().rstrip(". ")
    if _RESERVED.match(cleaned):
        cleaned = f"_{cleaned}"
    return _shorten(cleaned, "") or "_"


def collision_key(name: str) -> str:
    """Two names with the same key are one name on some file system: letter case and Unicode form do not count."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def numbered(name: str, number: int) -> str:
    """`photo.jpg` -> `photo (2).jpg`, shortened where the result would be too long; number 1 is `name` itself."""
    return name if number == 1 else _shorten(name, f" ({number})")


def split_name(name: str) -> tuple[str, str]:
    """Stem and ending: `a.b.jpg` -> `a.b` and `.jpg`; the ending is empty where the name has none."""
    stem, dot, suffix = name.rpartition(".")
    # No dot at all, only a leading one, or one inside a sentence.
    return (name, "") if not stem or len(suffix) >= _MAX_SUFFIX else (stem, dot + suffix)


def group_names(stem: str, endings: Sequence[str], number: int) -> list[str]:
    """One legal name for each of `endings`, all with the same stem: `stem`, shortened where the longest is too long,
    and ` (number)` unless that is 1."""
    addition = "" if number == 1 else f" ({number})"
    endings = [_ILLEGAL.sub("_", unicodedata.normalize("NFC", ending)) for ending in endings]
    stem = safe_name(stem)
    while not all(_fits(stem + addition + ending) for ending in endings):
        stem = stem[:-1].rstrip(". ") or "_"
    return [safe_name(stem + addition + ending) for ending in endings]


def extended_path(path: str, *, windows: bool = os.name == "nt") -> str:
    r"""On Windows, an absolute `path` too long for the old interface in its `\\?\` form; any other `path` as it is."""
    if not windows or len(path) < _LONG_PATH or path.startswith("\\\\?\\"):
        return path
    return f"\\\\?\\UNC\\{path[2:]}" if path.startswith("\\\\") else f"\\\\?\\{path}"


def _shorten(name: str, addition: str) -> str:
    """`name` with `addition` before its suffix, and the stem as long as fits."""
    stem, ending = split_name(name)
    while not _fits(stem + addition + ending):
        stem = stem[:-1].rstrip(". ")
    return stem + addition + ending


def _fits(name: str) -> bool:
    units = unicodedata.normalize("NFD", name).encode("utf-16-le", "surrogatepass")  # HFS+ stores names decomposed
    return len(name.encode("utf-8", "surrogatepass")) <= MAX_NAME and len(units) <= 2 * MAX_NAME
