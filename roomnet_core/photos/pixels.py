"""Any picture mode to small RGB: 16 bit, float, palette, transparency, CMYK, LAB."""

from __future__ import annotations

from typing import Any

import numpy as np
from PIL import Image

_WHITE = (255, 255, 255)
# Modes that Pillow averages as they are.
_AVERAGED = ("L", "RGB", "RGBX", "CMYK", "YCbCr", "LAB")
_BAND_PIXELS = 1 << 20


def to_small_rgb(image: Image.Image, min_side: int | None) -> Image.Image:
    """A loaded `image` in mode RGB, see-through parts on white.

    With `min_side` it is averaged over whole blocks of pixels as long as the short side keeps that many pixels, so
    the short side ends below twice `min_side`. The big picture is never copied whole into a mode with more bytes.
    """
    factor = _reduction(image.size, min_side)
    if image.mode in ("I", "F"):
        # Averaged before the range is looked at: these have four bytes a pixel already.
        return Image.fromarray(_to_8_bit(np.asarray(_reduce(image, factor)))).convert("RGB")
    if factor == 1 or (image.mode in _AVERAGED and not image.has_transparency_data):
        return _to_rgb(_reduce(_to_8_bit_mode(image), factor))
    return _in_bands(image, factor)


def filled_part(
    filled: tuple[float, float], size: tuple[int, int], min_side: int | None
) -> tuple[float, float]:
    """How much of what `to_small_rgb` makes of a picture of `size` the photo fills, which fills `filled` of that.

    Both are (width, height) in pixels. The last blocks of pixels may reach beyond the picture.
    """
    factor = _reduction(size, min_side)
    return filled[0] / factor, filled[1] / factor


def _reduction(size: tuple[int, int], min_side: int | None) -> int:
    return 1 if min_side is None else max(1, min(size) // min_side)


def _in_bands(image: Image.Image, factor: int) -> Image.Image:
    """Reduce a picture in a mode that has to be converted before it may be averaged, a few rows at a time."""
    width, height = image.size
    small = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    rows = factor * max(1, _BAND_PIXELS // (width * factor))
    for top in range(0, height, rows):
        band = image.crop((0, top, width, min(top + rows, height)))
        if band.mode == "RGBA" and _is_opaque(band):
            band = band.convert("RGB")  # averaging with alpha takes four times as long
        small.paste(_to_rgb(_reduce(_to_8_bit_mode(band), factor)), (0, top // factor))
    return small


def _is_opaque(image: Image.Image) -> bool:
    """Nothing shows through, though the mode would let it: most screenshots and many exports."""
    return bool(image.getchannel("A").getextrema() == (255, 255))


def _reduce(image: Image.Image, factor: int) -> Image.Image:
    return image if factor == 1 else image.reduce(factor)


def _to_8_bit_mode(image: Image.Image) -> Image.Image:
    """The same picture in an 8-bit mode whose pixels may be averaged."""
    if image.mode.startswith("I;16"):
        # The high byte: exact at black and white.
        return Image.fromarray((np.asarray(image) >> 8).astype(np.uint8))
    if image.has_transparency_data:
        return image if image.mode in ("RGBA", "LA") else image.convert("RGBA")
    if image.mode in ("1", "P"):
        return image.convert("L" if image.mode == "1" else "RGB")
    return image


def _to_rgb(image: Image.Image) -> Image.Image:
    if image.mode in ("RGBA", "LA") and not _is_opaque(image):
        canvas = Image.new("RGB", image.size, _WHITE)
        canvas.paste(image.convert("RGB"), mask=image.getchannel("A"))
        return canvas
    if image.mode == "LAB":
        return _lab_to_rgb(image)
    return image if image.mode == "RGB" else image.convert("RGB")


def _to_8_bit(values: np.ndarray[Any, Any]) -> np.ndarray[Any, np.dtype[np.uint8]]:
    """Grey values of a format that does not say what white is: taken from the range that they are in.

    Whole numbers up to 255 or 65535 are 8-bit and 16-bit grey, fractions up to 1 are linear from black to white, and
    anything else is stretched from its smallest to its largest value.
    """
    whole = np.issubdtype(values.dtype, np.integer)
    grey: np.ndarray[Any, np.dtype[np.float32]] = np.nan_to_num(values.astype(np.float32), posinf=0.0, neginf=0.0)
    low, high = float(grey.min()), float(grey.max())
    if low >= 0 and high <= 1 and not whole:
        low, high = 0.0, 1.0
    elif low >= 0 and high <= 255:
        low, high = 0.0, 255.0
    elif low >= 0 and high <= 65535:
        low, high = 0.0, 65535.0
    grey -= low
    grey *= 255.0 / max(high - low, 1e-12)
    grey += 0.5  # rounds: the conversion cuts off
    return grey.astype(np.uint8)


def _lab_to_rgb(image: Image.Image) -> Image.Image:
    from PIL import ImageCms  # pictures in LAB are rare; Pillow's own convert() does not know the mode

    transform = ImageCms.buildTransform(
        ImageCms.createProfile("LAB"), ImageCms.createProfile("sRGB"), "LAB", "RGB", ImageCms.Intent.PERCEPTUAL
    )
    converted = ImageCms.applyTransform(image, transform)
    if converted is None:
        raise ValueError("the conversion from LAB gave no picture")
    return converted
