"""Random changes to a training photo that leave its room the same."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
from PIL import Image, ImageEnhance

from roomnet_core.errors import TrainingError

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


@dataclass(frozen=True, slots=True)
class Augmentation:
    """Strengths and probabilities. The resolution and grey changes keep the network from telling sources apart:
    some hold only grey or only small pictures, and one class comes mostly from small ones.

    `crop`: `area` = a random rectangle, or `square` = the largest square, at a random place along the long side.
    Of a rectangle, `min_area` is the smallest share of the photo that it keeps, and its aspect ratio lies within
    1 / `max_squeeze` .. `max_squeeze`. `color`: range of the brightness, contrast and saturation factors
    around 1; `downscale`: probability of shrinking to `downscale_to` pixels and back; `erase`: probability of
    painting a rectangle over.
    """

    min_area: float = 0.35
    max_squeeze: float = 1.33
    flip: float = 0.5
    flip_vertical: float = 0.0
    color: float = 0.3
    grey: float = 0.1
    downscale: float = 0.4
    downscale_to: tuple[int, int] = (64, 180)
    jpeg: float = 0.2
    erase: float = 0.15
    crop: str = "area"

    def __post_init__(self) -> None:
        if self.crop not in ("area", "square"):
            raise TrainingError(f"Augmentation: crop must be area or square. Received: {self.crop!r}")


def augment(rgb: Pixels, size: int, rules: Augmentation, random: np.random.Generator) -> Pixels:
    """`(H, W, 3) uint8 RGB` of any size to a random variant `(size, size, 3) uint8 RGB`."""
    image = Image.fromarray(rgb)
    make_box = _sliding_square if rules.crop == "square" else _random_box
    box = make_box(image.width, image.height, rules, random)
    if random.random() < rules.downscale:
        small = min(size, int(random.integers(*rules.downscale_to, endpoint=True)))
        image = image.resize((small, small), Image.Resampling.BILINEAR, box=box)
        image = image.resize((size, size), Image.Resampling.BILINEAR)
    else:
        image = image.resize((size, size), Image.Resampling.BILINEAR, box=box)
    if random.random() < rules.flip:
        image = image.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    if random.random() < rules.flip_vertical:
        image = image.transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    if rules.color:
        for enhance in (ImageEnhance.Brightness, ImageEnhance.Contrast, ImageEnhance.Color):
            image = enhance(image).enhance(random.uniform(1 - rules.color, 1 + rules.color))
    if random.random() < rules.grey:
        image = image.convert("L").convert("RGB")
    if random.random() < rules.jpeg:
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=int(random.integers(25, 80)))
        image = Image.open(buffer)
    pixels = np.array(image)
    if random.random() < rules.erase:
        height, width = (int(size * random.uniform(0.1, 0.4)) for _ in range(2))
        top, left = int(random.integers(0, size - height)), int(random.integers(0, size - width))
        pixels[top : top + height, left : left + width] = random.integers(0, 256, 3, dtype=np.uint8)
    return pixels


def _random_box(
    width: int, height: int, rules: Augmentation, random: np.random.Generator
) -> tuple[float, float, float, float]:
    """A random rectangle (left, top, right, bottom) inside the photo, of the drawn area and aspect ratio."""
    area = width * height * random.uniform(rules.min_area, 1.0)
    aspect = np.exp(random.uniform(-1, 1) * np.log(rules.max_squeeze))
    box_width, box_height = min(width, np.sqrt(area * aspect)), min(height, np.sqrt(area / aspect))
    left, top = random.uniform(0, width - box_width), random.uniform(0, height - box_height)
    return left, top, left + box_width, top + box_height


def _sliding_square(
    width: int, height: int, rules: Augmentation, random: np.random.Generator
) -> tuple[float, float, float, float]:
    """The largest square (left, top, right, bottom) inside the photo, at a random place along its long side."""
    short = min(width, height)
    left, top = random.uniform(0, width - short), random.uniform(0, height - short)
    return left, top, left + short, top + short
