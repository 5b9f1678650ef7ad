"""Keywords of the older IPTC kind in a JPEG's Photoshop segment. Source: IPTC-IIM 4.2; Photoshop file formats."""

from __future__ import annotations

from collections.abc import Iterable

_PHOTOSHOP = b"Photoshop 3.0\0"
_IPTC_RESOURCE = 0x0404
_UTF8_MARK = b"\x1b%G"


def read_iptc_keywords(payloads: Iterable[bytes]) -> tuple[str, ...]:
    """The keywords in the APP13 segments with these payloads; none where the blocks are damaged."""
    block = b"".join(payload.removeprefix(_PHOTOSHOP) for payload in payloads if payload.startswith(_PHOTOSHOP))
    utf8 = False
    found = []
    for record, number, value in _datasets(_iptc_resource(block)):
        if (record, number) == (1, 90):
            utf8 = value == _UTF8_MARK
        elif (record, number) == (2, 25):
            found.append(value)
    return tuple(dict.fromkeys(_text(value, utf8) for value in found if value.strip()))


def _iptc_resource(block: bytes) -> bytes:
    """Resources are `8BIM`, a number, a name padded to even length, a size, and data padded to even length."""
    position = 0
    while block.startswith(b"8BIM", position):
        number = int.from_bytes(block[position + 4 : position + 6], "big")
        name_length = block[position + 6] if position + 6 < len(block) else 0
        start = position + 6 + (name_length + 2) // 2 * 2
        size = int.from_bytes(block[start : start + 4], "big")
        if number == _IPTC_RESOURCE:
            return block[start + 4 : start + 4 + size]
        position = start + 4 + (size + 1) // 2 * 2
    return b""


def _datasets(iptc: bytes) -> Iterable[tuple[int, int, bytes]]:
    """Datasets are 0x1C, record, number, a length of two bytes, and the value; longer values are not keywords."""
    position = 0
    while position + 5 <= len(iptc) and iptc[position] == 0x1C:
        length = int.from_bytes(iptc[position + 3 : position + 5], "big")
        if length >= 0x8000:
            return
        yield iptc[position + 1], iptc[position + 2], iptc[position + 5 : position + 5 + length]
        position += 5 + length


def _text(value: bytes, utf8: bool) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("utf-8" if utf8 else "latin-1", "replace")
