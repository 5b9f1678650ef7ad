"""When and with what a photo was taken: read where it is there, and never at the photo's cost."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from roomnet_core.photos.decode import decode_photo
from roomnet_core.photos.info import PhotoInfo, read_info


def exif_of(make: str = "", model: str = "", taken: str = "") -> Image.Exif:
    exif = Image.Exif()
    if make:
        exif[0x010F] = make
    if model:
        exif[0x0110] = model
    if taken:
        exif.get_ifd(0x8769)[0x9003] = taken
    again = Image.Exif()
    again.load(exif.tobytes())  # Pillow writes the time into a TIFF only where it was read from somewhere
    return again


def save(path: Path, exif: Image.Exif) -> Path:
    Image.new("RGB", (64, 48), (200, 180, 90)).save(path, exif=exif)
    return path


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif"])
def test_time_and_camera_come_with_the_decode(tmp_path: Path, suffix: str) -> None:
    exif = exif_of("NIKON CORPORATION", "NIKON D850", "2024:05:17 09:30:01")
    exif[0x0112] = 6
    info = decode_photo(save(tmp_path / f"a.{suffix}", exif), min_side=16).info
    assert info == PhotoInfo(48, 64, datetime(2024, 5, 17, 9, 30, 1), "NIKON D850")


@pytest.mark.parametrize(
    ("make", "model", "camera"),
    [
        ("Canon", "Canon EOS R5", "Canon EOS R5"),
        ("Apple", "iPhone 15 Pro", "Apple iPhone 15 Pro"),
        ("SONY", "ILCE-7M4", "SONY ILCE-7M4"),
        ("HUAWEI", "", "HUAWEI"),
        ("", "DSC", "DSC"),
        ("", "", ""),
    ],
)
def test_the_cameras_name_says_the_maker_once(tmp_path: Path, make: str, model: str, camera: str) -> None:
    assert decode_photo(save(tmp_path / "a.jpg", exif_of(make, model))).info.camera == camera


@pytest.mark.parametrize("taken", ["0000:00:00 00:00:00", "    :  :     :  :  ", "yesterday", "2024:13:40 99:00:00"])
def test_a_clock_that_was_never_set_is_no_time(tmp_path: Path, taken: str) -> None:
    assert decode_photo(save(tmp_path / "a.jpg", exif_of("A", "B", taken))).info.captured is None


@given(st.binary(max_size=200), st.sampled_from([b"", b"II*\0\x08\0\0\0", b"Exif\0\0MM\0*\0\0\0\x08"]))
def test_no_bytes_are_an_error(noise: bytes, start: bytes) -> None:
    info = read_info(3, 2, start + noise)
    assert (info.width, info.height) == (3, 2)
    assert info.captured is None or isinstance(info.captured, datetime)
    assert len(info.camera) <= 129 and info.camera.isprintable()


@given(st.data())
def test_one_wrong_byte_costs_at_most_what_it_says(data: st.DataObject) -> None:
    exif = bytearray(exif_of("Canon", "Canon EOS R5", "2024:05:17 09:30:01").tobytes())
    place = data.draw(st.integers(0, len(exif) - 1))
    exif[place] = data.draw(st.integers(0, 255))
    assert read_info(3, 2, bytes(exif)).width == 3


def test_what_is_no_exif_is_nothing() -> None:
    assert read_info(3, 2, None) == read_info(3, 2, "text") == PhotoInfo(3, 2)
