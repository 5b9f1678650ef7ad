"""A progressive JPEG of as many scans as wanted, each of a few bytes and each a pass over the whole picture."""

from __future__ import annotations

import struct

from tests.hostile.encoded import segment

_LONGEST_RUN = 32_767


def progressive_jpeg(width: int, height: int, scans: int) -> bytes:
    """A grey picture: one scan for its mean values, the others refine nothing. Source: ITU-T T.81, G.1.2."""
    blocks = -(-width // 8) * -(-height // 8)
    tables = segment(0xDB, b"\0" + b"\x10" * 64)
    frame = segment(0xC2, struct.pack(">BHHB", 8, height, width, 1) + b"\1\x11\0")
    means = _huffman(0x00, 0x00)
    runs = _huffman(0x10, 0xE0)  # one symbol: a run of empty blocks whose length follows in 14 bits
    first = segment(0xDA, b"\1\1\x00\0\0\0") + bytes(-(-blocks // 8))
    bits = ("0" + "1" * 14) * -(-blocks // _LONGEST_RUN)
    coded = (
        int(bits.ljust(-(-len(bits) // 8) * 8, "1"), 2).to_bytes(-(-len(bits) // 8), "big").replace(b"\xff", b"\xff\0")
    )
    refinement = segment(0xDA, b"\1\1\x00\x01\x3f\x10") + coded
    return b"\xff\xd8" + tables + frame + means + runs + first + refinement * (scans - 1) + b"\xff\xd9"


def _huffman(table: int, symbol: int) -> bytes:
    """A table of one symbol, coded as a single 0."""
    return segment(0xC4, bytes([table, 1, *[0] * 15, symbol]))
