"""The room as a keyword inside a JPEG file, or in the XMP sidecar of a camera raw file: pure functions on bytes.

Lightroom, Bridge and others read `dc:subject` (flat) and `lr:hierarchicalSubject`. A JPEG's picture, and every byte of
its other metadata, stay as they are. Sources: XMP specification part 3 (1.1.3, JPEG), CIPA DC-008 (EXIF).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from roomnet_core.errors import MetadataError
from roomnet_core.export import multi_picture
from roomnet_core.export.iptc import read_iptc_keywords
from roomnet_core.export.jpeg_segments import (
    APP0,
    APP1,
    APP11,
    APP13,
    EXIF,
    MAX_PAYLOAD,
    Layout,
    Segment,
    read_layout,
    segment,
)
from roomnet_core.export.xmp_packet import EMPTY_PACKET, holds_keywords, merge_keywords, read_keywords

XMP = b"http://ns.adobe.com/xap/1.0/\0"
_EXTENSION = b"http://ns.adobe.com/xmp/extension/\0"
_EXTENSION_HEAD = 32 + 4 + 4  # the GUID in hexadecimal, the whole length, this part's offset
_PACKET_END = b"<?xpacket end="
_WHOLE_PACKET_END = re.compile(rb"""<\?xpacket end=["'][rw]["'][^>]*\?>[\0 \t\r\n]*""")
# As the specification advises, so that the next program need not move the file's content.
_PADDING = (b" " * 99 + b"\n") * 20
# Formats whose parts are told by their distance from the end of the file, so that they may move.
_FROM_THE_END = (b"http://ns.google.com/photos/1.0/camera/", b"http://ns.google.com/photos/1.0/container/")
_SAMSUNG_END = b"SEFT"


def splice(jpeg: bytes, keywords: Sequence[str]) -> bytes:
    """`jpeg` with `keywords` as the only ones that RoomNet gave it; the same keywords again change nothing.

    A packet that is marked read-only is changed too: the mark is for programs that do not know the file's format.

    Raises:
        MetadataError: it cannot be done with certainty; the message is the reason.
    """
    layout = read_layout(jpeg)
    old = _xmp_segment(jpeg, layout)
    packet = None if old is None else jpeg[old.payload + len(XMP) : old.end]
    keep: tuple[str, ...] = ()
    if packet is None or not read_keywords(packet)[0]:
        # Programs that find no keywords in XMP show the older IPTC ones; ours must not put them out of sight.
        keep = read_iptc_keywords(jpeg[part.payload : part.end] for part in layout.header if part.marker == APP13)
    if any(part.marker == APP11 and b"c2pa" in jpeg[part.payload : part.end] for part in layout.header):
        raise MetadataError("it carries Content Credentials, which any change would make invalid")
    _check_extension(jpeg, layout)
    merged = merge_keywords(packet, keywords, keep=keep)
    if merged == (EMPTY_PACKET if packet is None else packet):
        return jpeg
    payload = XMP + _padded(merged, None if packet is None else len(packet), MAX_PAYLOAD - len(XMP))
    start, end = (_new_place(jpeg, layout),) * 2 if old is None else (old.start, old.end)
    growth = len(new := segment(APP1, payload)) - (end - start)
    if growth:
        jpeg = _move_what_follows(jpeg, layout, start, growth)
    return jpeg[:start] + new + jpeg[end:]


def merge_sidecar(sidecar: bytes | None, keywords: Sequence[str]) -> bytes:
    """The content of a `.xmp` file with `keywords` merged in; None makes a new one.

    Raises:
        MetadataError: the sidecar is not XMP that can be changed with certainty.
    """
    return merge_keywords(sidecar, keywords)


def keywords_of(jpeg: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The flat and the hierarchical keywords in a JPEG's XMP packet.

    Raises:
        MetadataError: the file or its packet is damaged.
    """
    part = _xmp_segment(jpeg, read_layout(jpeg))
    return ((), ()) if part is None else read_keywords(jpeg[part.payload + len(XMP) : part.end])


def _xmp_segment(jpeg: bytes, layout: Layout) -> Segment | None:
    found = [part for part in layout.header if part.marker == APP1 and jpeg.startswith(XMP, part.payload)]
    if len(found) > 1:
        raise MetadataError("it holds several XMP packets, and which one counts is not certain")
    return found[0] if found else None


def _new_place(jpeg: bytes, layout: Layout) -> int:
    """Behind the JFIF and EXIF segments, which must come first."""
    place = 2
    leading = True
    for part in layout.header:
        leading = leading and part.marker == APP0
        if leading or (part.marker == APP1 and jpeg.startswith(EXIF, part.payload)):
            place = part.end
    return place


def _check_extension(jpeg: bytes, layout: Layout) -> None:
    """XMP that did not fit into one segment goes on in others, which stay as they are unless keywords are in there."""
    parts = [
        (part.payload + len(_EXTENSION), part.end)
        for part in layout.header
        if part.marker == APP1 and jpeg.startswith(_EXTENSION, part.payload)
    ]
    parts.sort(key=lambda part: jpeg[part[0] : part[0] + _EXTENSION_HEAD])  # by GUID, then by offset
    if holds_keywords(b"".join(jpeg[start + _EXTENSION_HEAD : end] for start, end in parts)):
        raise MetadataError("its keywords are in an extended XMP block, which is not changed")


def _padded(packet: bytes, old_length: int | None, limit: int) -> bytes:
    """`packet` with as much blank space before its end mark as gives it its old length, or else a fresh supply."""
    mark = packet.rfind(_PACKET_END)
    if mark < 0 or _WHOLE_PACKET_END.fullmatch(packet, mark) is None:
        return packet
    body = packet[:mark].rstrip()
    blank, end = packet[len(body) : mark], packet[mark:]
    if old_length is not None:
        room = old_length - len(body) - len(end)
        if 0 <= room <= len(blank) and len(packet) >= old_length:
            return body + blank[len(blank) - room :] + end
        if len(packet) < old_length:
            return body + b" " * (old_length - len(packet)) + blank + end
    wanted = b"\n" + _PADDING
    fresh = max(blank, wanted, key=len)
    room = limit - len(body) - len(end)
    return body + (fresh if len(fresh) <= room else blank) + end


def _move_what_follows(jpeg: bytes, layout: Layout, at: int, growth: int) -> bytes:
    """Make sure that everything behind `at` may move by `growth` bytes, with the numbers of an index put right.

    Raises:
        MetadataError: something may depend on its place in the file.
    """
    index = multi_picture.read_index(jpeg, layout)
    rest = jpeg[max(layout.end, 0 if index is None else index.end) :]
    header = jpeg[: layout.end]
    known = rest.endswith(_SAMSUNG_END) or any(name in header for name in _FROM_THE_END)
    if rest.strip(b"\0 \r\n") and not known:
        raise MetadataError("data of another program follows the picture, and may depend on its place")
    return jpeg if index is None else multi_picture.corrected(jpeg, index, at, growth)
