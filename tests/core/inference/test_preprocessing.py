"""Crops, resizing and scaling of the one pre-processing function."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from roomnet_core.inference.preprocessing import prepare, scale_pixels
from roomnet_core.network.card import CROPS, RESIZES, Preprocessing
from roomnet_core.photos.decode import decode_photo
from tests.pictures import make_picture


def columns(width: int, height: int) -> np.ndarray[Any, Any]:
    """A picture whose red value is its column, so that a crop shows where it came from."""
    rgb = np.zeros((height, width, 3), np.uint8)
    rgb[..., 0] = np.arange(width, dtype=np.uint8)
    return rgb


def test_the_centre_square_is_cut_where_the_reference_cuts_it() -> None:
    (view,) = prepare(columns(64, 32), Preprocessing(input_size=32, crop="center", decode_side=None))
    assert view[0, 0, 0] == 16 and view[0, -1, 0] == 47


def test_two_views_are_the_two_ends() -> None:
    left, right = prepare(columns(64, 32), Preprocessing(input_size=32, crop="two", decode_side=None))
    assert left[0, 0, 0] == 0 and left[0, -1, 0] == 31
    assert right[0, 0, 0] == 32 and right[0, -1, 0] == 63


def test_squeeze_takes_the_whole_photo_up_to_its_aspect() -> None:
    spec = Preprocessing(input_size=32, crop="squeeze", max_aspect=1.5, decode_side=None)
    (view,) = prepare(columns(48, 32), spec)
    assert view[0, 0, 0] <= 1 and view[0, -1, 0] >= 46
    (view,) = prepare(columns(96, 32), spec)
    assert 23 <= view[0, 0, 0] <= 26 and 69 <= view[0, -1, 0] <= 72


def test_bilinear_without_antialiasing_matches_a_hand_computed_row() -> None:
    rgb = np.zeros((2, 4, 3), np.uint8)
    rgb[..., 0] = [0, 100, 200, 40]
    spec = Preprocessing(input_size=16, crop="squeeze", max_aspect=2, resize="bilinear", decode_side=None)
    row = prepare(rgb, spec)[0][0, :, 0]
    # Output pixel i samples source position (i + 0.5) / 4 - 0.5, clamped to 0..3.
    position = np.clip((np.arange(16) + 0.5) / 4 - 0.5, 0, 3)
    np.testing.assert_allclose(row, np.rint(np.interp(position, range(4), [0, 100, 200, 40])), atol=1)


def test_bgr_and_scale() -> None:
    pixels = np.array([[[0, 128, 255]]], np.uint8)
    rgb = scale_pixels(pixels, Preprocessing(scale=2 / 255, offset=-1))
    np.testing.assert_allclose(rgb[0, 0], [-1, 128 * 2 / 255 - 1, 1], atol=1e-6)
    assert rgb.dtype == np.float32
    bgr = scale_pixels(pixels, Preprocessing(scale=1, offset=0, color_order="BGR"))
    assert bgr[0, 0].tolist() == [255, 128, 0]


@given(
    width=st.integers(1, 90),
    height=st.integers(1, 90),
    crop=st.sampled_from(CROPS),
    resize=st.sampled_from(RESIZES),
    aspect=st.floats(1, 4),
)
def test_every_shape_gives_full_views_of_its_own_colours(
    width: int, height: int, crop: str, resize: str, aspect: float
) -> None:
    rgb = np.full((height, width, 3), 77, np.uint8)
    views = prepare(rgb, Preprocessing(input_size=32, crop=crop, resize=resize, max_aspect=aspect, decode_side=None))
    assert views.shape == (2 if crop == "two" else 1, 32, 32, 3)
    assert views.dtype == np.uint8 and (views == 77).all()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("crop", CROPS)
def test_a_reduced_photo_is_sampled_where_the_whole_one_is(tmp_path: Path, crop: str, orientation: int) -> None:
    """1/8 of 809 x 601 pixels is 102 x 76, which stands for 816 x 608: the network must not see the difference."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    make_picture(5, (809, 601)).save(path := tmp_path / "a.jpg", exif=exif, quality=95, subsampling=0)
    spec = Preprocessing(input_size=64, crop=crop, decode_side=64)
    reduced, whole = (prepare(decode_photo(path, min_side=side), spec).astype(int) for side in (64, None))
    unaware = prepare(decode_photo(path, min_side=64).rgb, spec).astype(int)
    assert np.abs(reduced - whole).mean() < 0.75 * np.abs(unaware - whole).mean()


@pytest.mark.parametrize("engine_side", [16, 31])
def test_decode_side_may_not_starve_the_network(engine_side: int) -> None:
    from roomnet_core.errors import ModelError

    with pytest.raises(ModelError, match="decode_side"):
        Preprocessing(input_size=32, decode_side=engine_side)
