"""Small pictures made in code: enough like photos for decoding, classifying and looking at."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter


def make_picture(seed: int, size: tuple[int, int] = (320, 240)) -> Image.Image:
    """An RGB picture of `size` (width, height): a lit wall or sky, a floor, furniture and a little sensor noise."""
    random = np.random.default_rng(seed)
    width, height = size
    horizon = int(height * random.uniform(0.45, 0.7))
    top, bottom = (random.integers(70, 235, 3) for _ in range(2))
    light = np.linspace(1.1, 0.8, height)[:, None, None]
    scene = np.empty((height, width, 3))
    scene[:horizon], scene[horizon:] = top, bottom
    image = Image.fromarray(np.clip(scene * light, 0, 255).astype(np.uint8))
    draw = ImageDraw.Draw(image)
    for _ in range(6):
        x, y = int(random.uniform(0, 0.8) * width), int(random.uniform(0.3, 0.8) * height)
        w, h = int(random.uniform(0.08, 0.35) * width), int(random.uniform(0.1, 0.3) * height)
        colour = tuple(int(value) for value in random.integers(20, 230, 3))
        draw.rectangle((x, y, x + w, y + h), fill=colour, outline=(40, 40, 40))
    soft = np.asarray(image.filter(ImageFilter.GaussianBlur(1.2)), dtype=np.float64)
    return Image.fromarray(np.clip(soft + random.normal(0, 4, soft.shape), 0, 255).astype(np.uint8))


def write_photo_folder(folder: Path) -> Path:
    """Write six JPEGs, two of them in the subfolder `upstairs` and one lying on its side by its EXIF tag."""
    (folder / "upstairs").mkdir(parents=True)
    for number in range(1, 5):
        make_picture(number).save(folder / f"IMG_{number}.jpg", quality=88)
    make_picture(5, (240, 320)).save(folder / "upstairs" / "IMG_10.jpg", quality=88)
    sideways = Image.Exif()
    sideways[0x0112] = 6  # turn by a quarter, clockwise
    make_picture(6).save(folder / "upstairs" / "IMG_9.jpg", quality=88, exif=sideways)
    return folder
