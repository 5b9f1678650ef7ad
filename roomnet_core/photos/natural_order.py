"""Natural order of file names: IMG_2 before IMG_10."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = re.compile("[0-9]+")


def natural_key(name: str) -> tuple[str, str]:
    """Sort key: numbers by value, letters without case; equal only for equal names.

    Each number is written as its length and its digits, so that plain text comparison orders it by value. Full-width
    digits and letters count as their plain forms (NFKC).
    """
    folded = (name if name.isascii() else unicodedata.normalize("NFKC", name)).casefold()
    return _DIGITS.sub(_by_value, folded), name


def _by_value(match: re.Match[str]) -> str:
    digits = match[0].lstrip("0")
    # A name has at most 255 bytes, so three places hold every length.
    return f"{len(digits):03}{digits}"
