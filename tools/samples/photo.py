"""From a developed render to the JPEG of a camera: vignette, sensor noise, EXIF, and a size that fits."""

from __future__ import annotations

import io
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from PIL import ExifTags, Image

SIZE = (1600, 1067)
BUDGET = 305_000  # bytes a photo, so that all of them stay under 4 MB
VIGNETTE = 0.16  # how much darker the corners are
NOISE = 1.5  # of 255, in a middle grey


@dataclass(frozen=True, slots=True)
class Shot:
    """What the camera notes about a photo: focal length in mm, exposure in seconds, ISO, and when (EXIF's form)."""

    focal: float
    exposure: Fraction
    iso: int
    taken: str


def finish(developed: Path, out: Path, shot: Shot, seed: int, *, portrait: bool) -> None:
    """Write `out`; a portrait is stored lying on its side, with the tag that says so, as cameras do."""
    with Image.open(developed) as image:
        size = tuple(reversed(SIZE)) if portrait else SIZE
        pixels = np.asarray(image.convert("RGB").resize(size, Image.Resampling.LANCZOS), np.float32)
    pixels = grain(vignette(pixels), np.random.default_rng(seed))
    if portrait:
        pixels = np.rot90(pixels)  # the camera was turned clockwise: its top is now on the left
    photo = Image.fromarray(np.ascontiguousarray(np.clip(np.rint(pixels), 0, 255).astype(np.uint8)))
    exif = metadata(shot, photo.size, orientation=6 if portrait else 1)
    for quality in range(90, 40, -2):
        buffer = io.BytesIO()
        photo.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True, exif=exif)
        if buffer.tell() <= BUDGET:
            break
    out.write_bytes(buffer.getvalue())


def vignette(pixels: np.ndarray) -> np.ndarray:
    height, width = pixels.shape[:2]
    y, x = np.ogrid[-1 : 1 : height * 1j, -1 : 1 : width * 1j]
    distance = (x**2 * width**2 + y**2 * height**2) / (width**2 + height**2)
    return pixels * (1 - VIGNETTE * distance**1.3)[..., None]


def grain(pixels: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Noise of brightness, stronger in the shadows, and a little of colour."""
    height, width = pixels.shape[:2]
    tone = pixels.mean(2, keepdims=True) / 255
    amount = NOISE * (1.25 - 0.6 * tone)
    return pixels + amount * rng.normal(size=(height, width, 1)) + 0.4 * amount * rng.normal(size=(height, width, 3))


def metadata(shot: Shot, size: tuple[int, int], *, orientation: int) -> Image.Exif:
    base, ifd = ExifTags.Base, ExifTags.IFD.Exif
    exif = Image.Exif()
    exif[base.Make] = "RoomNet"
    exif[base.Model] = "Sample camera"
    exif[base.Software] = "Rendered with Blender Cycles"
    exif[base.Copyright] = "The RoomNet developers, MIT licence"
    exif[base.Orientation] = orientation
    exif[base.DateTime] = shot.taken
    exif[base.XResolution] = exif[base.YResolution] = 72.0
    exif[base.ResolutionUnit] = 2
    exif.get_ifd(ifd).update(
        {
            base.DateTimeOriginal: shot.taken,
            base.DateTimeDigitized: shot.taken,
            base.ExposureTime: float(shot.exposure),
            base.FNumber: 8.0,
            base.ISOSpeedRatings: shot.iso,
            base.FocalLength: float(shot.focal),
            base.FocalLengthIn35mmFilm: round(shot.focal),
            base.LensModel: "16-35 mm",
            base.ExifImageWidth: size[0],
            base.ExifImageHeight: size[1],
            base.ColorSpace: 1,
        }
    )
    return exif
