"""Every picture mode becomes RGB bytes that look the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from roomnet_core.photos.decode import decode_photo
from tests.pictures import make_picture


def decoded(image: Image.Image, path: Path, min_side: int | None = None, **options: object) -> np.ndarray:
    image.save(path, **options)
    return decode_photo(path, min_side=min_side).rgb


def ramp(dtype: type, top: float) -> np.ndarray:
    return np.linspace(0, top, 256).astype(dtype)[None].repeat(8, axis=0)


RAMP = np.arange(256)[None, :, None].repeat(8, axis=0).repeat(3, axis=2)


@pytest.mark.parametrize(
    ("values", "suffix"),
    [
        (ramp(np.uint8, 255), "png"),
        (ramp(np.uint16, 65535), "png"),
        (ramp(np.uint16, 65535), "tif"),
        (ramp(np.uint16, 65535).astype(">u2"), "tif"),
        (ramp(np.int32, 65535), "tif"),
        (ramp(np.int32, 255), "tif"),
        (ramp(np.int32, 2_000_000), "tif"),
        (ramp(np.float32, 1.0), "tif"),
        (ramp(np.float32, 255.0), "tif"),
        (ramp(np.float32, 65535.0), "tif"),
        (ramp(np.float32, 1e6) - 5e5, "tif"),
    ],
)
def test_grey_of_any_depth_runs_from_black_to_white(tmp_path: Path, values: np.ndarray, suffix: str) -> None:
    rgb = decoded(Image.fromarray(values), tmp_path / f"a.{suffix}").astype(int)
    assert np.abs(rgb - RAMP).max() <= 1
    assert (rgb[0, 0, 0], rgb[0, -1, 0]) == (0, 255)


def test_float_grey_with_holes_in_it(tmp_path: Path) -> None:
    values = ramp(np.float32, 1.0)
    values[0, :3] = np.nan, np.inf, -np.inf
    rgb = decoded(Image.fromarray(values), tmp_path / "a.tif").astype(int)
    assert np.abs(rgb[1:] - RAMP[1:]).max() <= 1


def test_flat_grey_does_not_divide_by_zero(tmp_path: Path) -> None:
    assert decoded(Image.new("F", (8, 8), -3.0), tmp_path / "a.tif").max() == 0
    assert decoded(Image.new("I;16", (8, 8), 40_000), tmp_path / "b.tif").tolist()[0][0] == [156, 156, 156]


def test_16_bit_grey_is_reduced_as_well(tmp_path: Path) -> None:
    values = np.linspace(0, 65535, 600).astype(np.uint16)[None].repeat(400, axis=0)
    rgb = decoded(Image.fromarray(values), tmp_path / "a.png", min_side=50)
    assert rgb.shape == (50, 75, 3)
    assert rgb[0, 0, 0] < 4 and rgb[0, -1, 0] > 251


def test_black_and_white(tmp_path: Path) -> None:
    image = Image.new("1", (40, 20), 1)
    image.paste(0, (0, 0, 20, 20))
    rgb = decoded(image, tmp_path / "a.png")
    assert rgb[5, 5].tolist() == [0, 0, 0] and rgb[5, 30].tolist() == [255, 255, 255]


@pytest.mark.parametrize("min_side", [None, 10])
def test_cmyk_jpeg_is_not_a_negative(tmp_path: Path, min_side: int | None) -> None:
    image = Image.new("RGB", (64, 64), (230, 40, 20)).convert("CMYK")
    rgb = decoded(image, tmp_path / "a.jpg", min_side=min_side, quality=95)
    assert np.allclose(rgb[1, 1], (230, 40, 20), atol=8)


def test_cmyk_tiff(tmp_path: Path) -> None:
    rgb = decoded(Image.new("RGB", (9, 9), (10, 200, 90)).convert("CMYK"), tmp_path / "a.tif")
    assert np.allclose(rgb[1, 1], (10, 200, 90), atol=2)


def test_lab(tmp_path: Path) -> None:
    original = make_picture(2, (60, 40))
    srgb, lab = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    image = ImageCms.applyTransform(original, ImageCms.buildTransform(srgb, lab, "RGB", "LAB"))
    rgb = decoded(image, tmp_path / "a.tif")
    assert np.abs(rgb.astype(int) - np.asarray(original)).mean() < 3


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
@pytest.mark.parametrize("min_side", [None, 8])
def test_what_is_seen_through_is_white(tmp_path: Path, mode: str, min_side: int | None) -> None:
    image = Image.new("RGBA", (64, 32), (0, 0, 0, 0))  # black where it cannot be seen
    image.paste((80, 80, 80, 255), (32, 0, 64, 32))
    rgb = decoded(image.convert(mode), tmp_path / "a.png", min_side=min_side)
    assert rgb[1, 1].tolist() == [255, 255, 255]
    assert rgb[1, -2].tolist() == [80, 80, 80]


@pytest.mark.parametrize("suffix", ["png", "gif"])
def test_palettes_with_a_transparent_colour(tmp_path: Path, suffix: str) -> None:
    image = Image.new("P", (40, 20), 0)
    image.putpalette([0, 0, 0, 200, 20, 20])
    image.paste(1, (20, 0, 40, 20))
    rgb = decoded(image, tmp_path / f"a.{suffix}", transparency=0)
    assert rgb[5, 5].tolist() == [255, 255, 255]
    assert rgb[5, 30].tolist() == [200, 20, 20]


def test_palette_png_with_partial_transparency(tmp_path: Path) -> None:
    image = Image.new("P", (40, 20), 0)
    image.putpalette([0, 0, 0, 200, 20, 20])
    assert decoded(image, tmp_path / "a.png", transparency=bytes([128, 255]))[0, 0].tolist() == [127, 127, 127]


@pytest.mark.parametrize(("mode", "colour"), [("RGB", (10, 20, 30)), ("L", 77), ("1", 0)])
def test_a_png_colour_declared_transparent(tmp_path: Path, mode: str, colour: int | tuple[int, ...]) -> None:
    rgb = decoded(Image.new(mode, (10, 10), colour), tmp_path / "a.png", transparency=colour)
    assert rgb.min() == 255


def test_an_opaque_palette(tmp_path: Path) -> None:
    original = make_picture(5, (90, 60))
    rgb = decoded(original.quantize(64), tmp_path / "a.png")
    assert np.abs(rgb.astype(int) - np.asarray(original)).mean() < 12


@pytest.mark.parametrize("mode", ["P", "RGBA", "1", "I;16"])
def test_a_large_picture_that_is_converted_in_bands_has_no_seams(tmp_path: Path, mode: str) -> None:
    original = make_picture(8, (2003, 1501)).quantize(32)
    if mode == "I;16":
        image = Image.fromarray(np.asarray(original.convert("L")).astype(np.uint16) << 8)
    else:
        image = original if mode == "P" else original.convert(mode)
    whole = decoded(image, tmp_path / "a.png")
    small = decode_photo(tmp_path / "a.png", min_side=150).rgb
    assert small.shape == (151, 201, 3)
    expected = np.asarray(Image.fromarray(whole).reduce(10))
    assert np.abs(small.astype(int) - expected).max() <= 1


def test_a_large_picture_that_is_opaque_only_in_part_lies_on_white(tmp_path: Path) -> None:
    image = make_picture(8, (2003, 1501)).convert("RGBA")
    image.paste((10, 20, 30, 0), (0, 1000, 2003, 1501))
    image.save(tmp_path / "a.png")
    small = decode_photo(tmp_path / "a.png", min_side=150).rgb
    assert small[101:].min() == 255
    expected = np.asarray(image.crop((0, 0, 2003, 1000)).convert("RGB").reduce(10))
    assert np.abs(small[:100].astype(int) - expected).max() <= 1


@pytest.mark.parametrize("suffix", ["gif", "webp", "png", "avif"])
def test_the_first_frame_of_an_animation(tmp_path: Path, suffix: str) -> None:
    frames = [Image.new("RGB", (32, 24), colour) for colour in ((250, 10, 10), (10, 250, 10), (10, 10, 250))]
    rgb = decoded(frames[0], tmp_path / f"a.{suffix}", save_all=True, append_images=frames[1:], duration=100)
    assert np.allclose(rgb[4, 4], (250, 10, 10), atol=6)


def test_the_first_page_of_a_tiff(tmp_path: Path) -> None:
    pages = [Image.new("RGB", (32, 24), colour) for colour in ((250, 10, 10), (10, 250, 10))]
    rgb = decoded(pages[0], tmp_path / "a.tif", save_all=True, append_images=pages[1:])
    assert rgb[4, 4].tolist() == [250, 10, 10]


@pytest.mark.parametrize("compression", ["raw", "tiff_lzw", "tiff_adobe_deflate", "packbits", "jpeg"])
def test_tiff_compressions(tmp_path: Path, compression: str) -> None:
    original = make_picture(6, (80, 50))
    rgb = decoded(original, tmp_path / "a.tif", compression=compression)
    assert np.abs(rgb.astype(int) - np.asarray(original)).mean() < 6


def test_progressive_jpeg(tmp_path: Path) -> None:
    original = make_picture(7, (640, 480))
    rgb = decoded(original, tmp_path / "a.jpg", min_side=60, progressive=True)
    assert rgb.shape == (60, 80, 3)
