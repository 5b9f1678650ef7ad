"""Names that every file system takes, and the key by which two names collide on the pickiest of them."""

from __future__ import annotations

import re
import unicodedata

_RESERVED = {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}
_ILLEGAL = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
MAX_NAME = 255
"""Bytes of UTF-8 on Linux, UTF-16 units on Windows and macOS; a name that keeps the first limit keeps both."""


def safe_folder_name(name: str) -> str:
    """`name` as one folder name for Windows, macOS and Linux; never empty, never `.` or `..`."""
    cleaned = _ILLEGAL.sub("_", name).strip().rstrip(". ")
    if cleaned.split(".")[0].casefold() in _RESERVED:
        cleaned = f"_{cleaned}"
    return _shorten(cleaned, MAX_NAME) or "_"


def collision_key(name: str) -> str:
    """Two names with the same key are one name on some file system: letter case and Unicode form do not count."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def numbered(name: str, number: int) -> str:
    """`photo.jpg` -> `photo (2).jpg`, shortened where the result would be too long."""
    stem, dot, suffix = name.rpartition(".")
    if not stem:  # no dot at all, or only a leading one
        stem, dot, suffix = name, "", ""
    tail = f" ({number}){dot}{suffix}"
    return _shorten(stem, MAX_NAME - len(tail.encode("utf-8", "surrogateescape"))) + tail


def _shorten(text: str, limit: int) -> str:
    """The longest start of `text` that takes at most `limit` bytes in UTF-8."""
    while len(text.encode("utf-8", "surrogateescape")) > limit:
        text = text[:-1]
    return text
