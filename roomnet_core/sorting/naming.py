"""File and folder names that every system accepts, and what to call the second file of one name."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterator

MAX_NAME = 255
"""The longest name of a file: 255 bytes on Linux, 255 UTF-16 units on Windows and macOS. Names keep to both."""

# Not allowed in a name on Windows; `/` and NUL nowhere. Halves of surrogate pairs stand for bytes that are no UTF-8.
_ILLEGAL = re.compile('[\x00-\x1f\x7f<>:"/\\\\|?*\ud800-\udfff\ufffe\uffff]')
# Windows keeps these for devices, whatever suffix follows.
_RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|(com|lpt)[0-9¹²³])\s*(\.|$)", re.IGNORECASE)
# A longer "suffix" is part of a sentence, not the kind of a file.
_MAX_SUFFIX = 20
# Windows without the long-path switch ends paths here, less what a folder needs for an 8.3 name.
_LONG_PATH = 248


def safe_name(name: str, fallback: str = "_") -> str:
    """`name` as one path component that Windows, macOS and Linux all accept; `fallback` where nothing is left.

    Illegal characters become `_`, trailing dots and spaces go, device names of Windows get a `_` in front, and a
    name that is too long loses the end of its stem.
    """
    cleaned = _ILLEGAL.sub("_", unicodedata.normalize("NFC", name)).rstrip(". ") or fallback
    if _RESERVED.match(cleaned):
        cleaned = f"_{cleaned}"
    return _fit(cleaned, "")


def numbered_names(name: str) -> Iterator[str]:
    """`name`, then `stem (2).suffix`, `stem (3).suffix` and so on without end; each fits into `MAX_NAME`."""
    yield name
    number = 2
    while True:
        yield _fit(name, f" ({number})")
        number += 1


def collision_key(name: str) -> str:
    """Equal for names that are one file on some file system: capitals and Unicode's forms do not count."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def extended_path(path: str) -> str:
    r"""On Windows, an absolute `path` that is too long for the old interface in its `\\?\` form; else `path`."""
    if os.name != "nt" or len(path) < _LONG_PATH or path.startswith("\\\\?\\"):
        return path
    return f"\\\\?\\UNC\\{path[2:]}" if path.startswith("\\\\") else f"\\\\?\\{path}"


def _fit(name: str, addition: str) -> str:
    """`name` with `addition` before its suffix, the stem cut so that the whole fits."""
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a name such as ".jpg" or "a." must not become a path
    if len(suffix) > _MAX_SUFFIX:
        stem, suffix = name, ""
    while not _fits(stem + addition + suffix):
        stem = stem[:-1].rstrip(". ")
        # A letter must not lose its accents: cut before the letter.
        while stem and unicodedata.combining(stem[-1]) and not _fits(stem + addition + suffix):
            stem = stem[:-1]
    return stem + addition + suffix


def _fits(name: str) -> bool:
    decomposed = unicodedata.normalize("NFD", name)  # what HFS+ stores
    return len(name.encode("utf-8")) <= MAX_NAME and len(decomposed.encode("utf-16-le")) <= 2 * MAX_NAME
