"""Photos are told by their first bytes."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from roomnet_core.photos.formats import HEAD_BYTES, PhotoFormat, sniff, suffix_of


def encoded(pillow_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (24, 16), (200, 90, 30)).save(buffer, pillow_format, **options)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("pillow_format", "expected"),
    [
        ("JPEG", PhotoFormat.JPEG),
        ("PNG", PhotoFormat.PNG),
        ("WEBP", PhotoFormat.WEBP),
        ("TIFF", PhotoFormat.TIFF),
        ("BMP", PhotoFormat.BMP),
        ("GIF", PhotoFormat.GIF),
        ("AVIF", PhotoFormat.AVIF),
    ],
)
def test_recognises_what_pillow_writes(pillow_format: str, expected: PhotoFormat) -> None:
    assert sniff(encoded(pillow_format)[:HEAD_BYTES]) is expected


def test_recognises_big_tiff_and_both_byte_orders() -> None:
    assert sniff(encoded("TIFF", big_tiff=True)[:HEAD_BYTES]) is PhotoFormat.TIFF
    assert sniff(b"MM\0*\0\0\0\x08" + bytes(8)) is PhotoFormat.TIFF
    assert sniff(b"MM\0+\0\x08\0\0" + bytes(8)) is PhotoFormat.TIFF


def ftyp(major: bytes, *compatible: bytes) -> bytes:
    body = b"ftyp" + major + bytes(4) + b"".join(compatible)
    return (4 + len(body)).to_bytes(4, "big") + body + b"\0\0\0\x08mdat"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (ftyp(b"heic", b"mif1", b"heic"), PhotoFormat.HEIF),
        (ftyp(b"mif1", b"mif1", b"heic"), PhotoFormat.HEIF),
        (ftyp(b"mif1", b"mif1", b"avif"), PhotoFormat.AVIF),
        (ftyp(b"avis", b"msf1"), PhotoFormat.AVIF),
        (ftyp(b"mp42", b"isom", b"avif"), None),
        (ftyp(b"qt  "), None),
        (ftyp(b"crx "), None),
    ],
)
def test_tells_heic_avif_and_videos_apart(head: bytes, expected: PhotoFormat | None) -> None:
    assert sniff(head) is expected


@pytest.mark.parametrize(
    "head",
    [
        b"",
        b"BMW 320d, first registered in 2019, grey, one owner",
        b"%PDF-1.7\n",
        b"PK\x03\x04" + bytes(60),
        b"RIFF\x24\0\0\0WAVEfmt ",
        b"II*\0\x10\0\0\0CR\x02\0" + bytes(40),  # Canon raw
        b"<html><body>404 not found</body></html>",
    ],
)
def test_other_files_are_no_photos(head: bytes) -> None:
    assert sniff(head) is None


@given(st.binary(max_size=HEAD_BYTES))
def test_never_raises_on_any_bytes(head: bytes) -> None:
    assert sniff(head) in {None, *PhotoFormat}


@given(
    st.sampled_from([b"\xff\xd8\xff", b"RIFF", b"BM", b"II*\0", b"GIF89a", b"\0\0\0\x20ftypmif1", b"\0\0\0\0ftypheic"]),
    st.binary(max_size=HEAD_BYTES),
)
def test_never_raises_after_a_real_beginning(beginning: bytes, rest: bytes) -> None:
    assert sniff(beginning + rest) in {None, *PhotoFormat}


@pytest.mark.parametrize(
    ("name", "suffix"), [("a.JPG", ".jpg"), ("a.b.Heic", ".heic"), (".jpg", ""), ("jpg", ""), ("a.", "."), ("", "")]
)
def test_suffix_of(name: str, suffix: str) -> None:
    assert suffix_of(name) == suffix
