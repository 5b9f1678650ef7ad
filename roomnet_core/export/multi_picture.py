"""The index of a JPEG that holds several pictures (MPO, gain maps, previews), kept true when the first one grows.

Source: CIPA DC-007 (Multi-Picture Format), 5.2: offsets count from the index's own byte-order mark, and the picture
that holds the index has the offset 0.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from roomnet_core.errors import MetadataError
from roomnet_core.export.jpeg_segments import APP2, Layout

_SIGNATURE = b"MPF\0"
_COUNT_TAG, _ENTRIES_TAG = 0xB001, 0xB002
_ENTRY_BYTES = 16


@dataclass(frozen=True, slots=True)
class Entry:
    """One picture: where its index entry keeps size and offset (absolute places), and the numbers themselves."""

    size_at: int
    offset_at: int
    size: int
    offset: int


@dataclass(frozen=True, slots=True)
class PictureIndex:
    """`base` is the byte-order mark from which the offsets count; `order` is `<` or `>`."""

    base: int
    order: str
    entries: tuple[Entry, ...]

    @property
    def end(self) -> int:
        """The offset in the file behind the last of the further pictures; 0 where there is none."""
        return max((self.base + entry.offset + entry.size for entry in self.entries if entry.offset), default=0)


def read_index(jpeg: bytes, layout: Layout) -> PictureIndex | None:
    """The index of `jpeg`, or None.

    Raises:
        MetadataError: there is one, but it is damaged.
    """
    found = [part for part in layout.header if part.marker == APP2 and jpeg.startswith(_SIGNATURE, part.payload)]
    if not found:
        return None
    base, end = found[0].payload + len(_SIGNATURE), found[0].end
    block = jpeg[base:end]
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(block[:4])
    try:
        if order is None or len(found) > 1:
            raise ValueError
        (directory,) = struct.unpack_from(f"{order}I", block, 4)
        (fields,) = struct.unpack_from(f"{order}H", block, directory)
        values = {}
        for start in range(directory + 2, directory + 2 + 12 * fields, 12):
            tag, _, count, value = struct.unpack_from(f"{order}HHII", block, start)
            values[tag] = count, value
        number = values[_COUNT_TAG][1]
        length, table = values[_ENTRIES_TAG]
        if length != _ENTRY_BYTES * number:
            raise ValueError
        entries = []
        for start in range(table, table + length, _ENTRY_BYTES):
            size, offset = struct.unpack_from(f"{order}II", block, start + 4)
            if offset and not layout.end <= base + offset < base + offset + size <= len(jpeg):
                raise ValueError
            entries.append(Entry(base + start + 4, base + start + 8, size, offset))
    except (struct.error, KeyError, ValueError) as error:
        raise MetadataError("its index of further pictures is damaged") from error
    return PictureIndex(base, order, tuple(entries))


def corrected(jpeg: bytes, index: PictureIndex, edit_at: int, growth: int) -> bytes:
    """`jpeg`, not yet edited, with the numbers that will be right once `growth` bytes are put in at `edit_at`.

    Raises:
        MetadataError: a number would not fit.
    """
    result = bytearray(jpeg)
    try:
        for entry in index.entries:
            if not entry.offset:  # the picture that is edited
                if entry.size:
                    struct.pack_into(f"{index.order}I", result, entry.size_at, entry.size + growth)
            elif edit_at > index.base:  # else the index moves along with what it points to
                struct.pack_into(f"{index.order}I", result, entry.offset_at, entry.offset + growth)
    except struct.error as error:
        raise MetadataError("its index of further pictures cannot hold the new sizes") from error
    return bytes(result)
