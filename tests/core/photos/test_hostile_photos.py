"""Damaged and hostile files: a valid picture or a PhotoError with a reason, never anything else."""

from __future__ import annotations

import io
import itertools
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image, ImageFile

from roomnet_core.errors import PhotoError
from roomnet_core.photos.decode import decode_photo
from tests.pictures import make_picture

FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "BMP", "GIF", "AVIF", "HEIF")
KINDS = {"damaged", "too_large", "unsupported", "empty"}
PICTURE = make_picture(1, (64, 48))


def encoded(pillow_format: str) -> bytes:
    buffer = io.BytesIO()
    if pillow_format == "HEIF":
        import pillow_heif

        pillow_heif.from_pillow(PICTURE).save(buffer, quality=60)
        return buffer.getvalue()
    exif = Image.Exif()
    exif[0x0112] = 6
    options = {"exif": exif} if pillow_format not in ("BMP", "GIF") else {}
    if pillow_format == "TIFF":
        options["compression"] = "tiff_lzw"
    PICTURE.save(buffer, pillow_format, **options)
    return buffer.getvalue()


CONTENT = {name: encoded(name) for name in FORMATS}


@pytest.fixture(scope="module")
def victim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A file that each example overwrites; Pillow's warnings about odd metadata are not the matter here."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield tmp_path_factory.mktemp("hostile") / "photo.jpg"


def outcome(path: Path, content: bytes, min_side: int | None = 16) -> str:
    path.write_bytes(content)
    try:
        photo = decode_photo(path, min_side=min_side)
    except PhotoError as error:
        assert error.kind in KINDS
        assert path.name in str(error)
        return error.kind
    assert photo.rgb.dtype == np.uint8 and photo.rgb.ndim == 3 and photo.rgb.shape[2] == 3
    assert min(photo.rgb.shape[:2]) >= min(min_side or 1, photo.info.width, photo.info.height) > 0
    return "fine"


@pytest.mark.parametrize("name", FORMATS)
def test_the_whole_file_is_fine(victim: Path, name: str) -> None:
    assert outcome(victim, CONTENT[name]) == "fine"


@pytest.mark.parametrize("name", FORMATS)
def test_half_a_file_is_damaged(victim: Path, name: str) -> None:
    for min_side in (None, 16):
        assert outcome(victim, CONTENT[name][: len(CONTENT[name]) // 2], min_side) == "damaged"
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_the_message_says_what_to_do_and_ends_with_the_technical_reason(tmp_path: Path) -> None:
    path = tmp_path / "IMG_7.jpg"
    path.write_bytes(CONTENT["JPEG"][:900])
    with pytest.raises(PhotoError, match=r"^IMG_7\.jpg is damaged.*Copy it again.*\(OSError: .*truncated.*\)$"):
        decode_photo(path)


@pytest.mark.parametrize("name", FORMATS)
def test_cut_anywhere(victim: Path, name: str) -> None:
    content = CONTENT[name]
    for end in itertools.chain(range(0, 64, 3), range(64, len(content), max(1, len(content) // 40))):
        outcome(victim, content[:end])


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(
    name=st.sampled_from(FORMATS),
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 7)), min_size=1, max_size=12),
    in_header=st.booleans(),
    end=st.floats(0.2, 1),
)
def test_flipped_bits(victim: Path, name: str, flips: list[tuple[float, int]], in_header: bool, end: float) -> None:
    content = bytearray(CONTENT[name])
    for place, bit in flips:
        content[int(place * (min(200, len(content)) if in_header else len(content)))] ^= 1 << bit
    outcome(victim, bytes(content[: max(1, int(end * len(content)))]))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(name=st.sampled_from(FORMATS), rest=st.binary(max_size=400), keep=st.integers(4, 64))
def test_a_real_beginning_and_then_anything(victim: Path, name: str, rest: bytes, keep: int) -> None:
    outcome(victim, CONTENT[name][:keep] + rest)


@settings(max_examples=80, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(block=st.binary(max_size=300), order=st.sampled_from([b"", b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"]))
def test_no_exif_block_costs_the_photo(victim: Path, block: bytes, order: bytes) -> None:
    buffer = io.BytesIO()
    PICTURE.save(buffer, "JPEG", exif=b"Exif\0\0" + order + block)
    assert outcome(victim, buffer.getvalue()) == "fine"


def test_importing_the_decoder_leaves_heic_for_later() -> None:
    code = "import sys, roomnet_core.photos.decode; assert not {'pillow_heif', '_pillow_heif'} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[3])
