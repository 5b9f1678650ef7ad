"""Folders of labelled photos that a network can learn to tell apart, made in code."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

# A class is a colour of the wall and a shape in front of it; places, sizes and light differ from photo to photo.
LOOKS: Mapping[str, tuple[tuple[int, int, int], str]] = {
    "Attic": ((196, 160, 110), "triangle"),
    "Bath": ((120, 170, 210), "ellipse"),
    "Cellar": ((95, 95, 100), "box"),
    "Den": ((150, 90, 80), "bars"),
}


def make_labelled(folder: Path, classes: Mapping[str, int], *, seed: int = 0) -> Path:
    """Write so many photos of each class of `LOOKS` (any other class looks like its first one) below `folder`."""
    random = np.random.default_rng(seed)
    for number, (name, count) in enumerate(classes.items()):
        look = LOOKS.get(name, LOOKS["Attic"])
        (folder / name).mkdir(parents=True, exist_ok=True)
        for photo in range(count):
            _draw(random, *look).save(folder / name / f"{name}_{number}_{photo}.jpg", quality=88)
    return folder


def _draw(random: np.random.Generator, wall: tuple[int, int, int], shape: str) -> Image.Image:
    width, height = 320, 240
    light = random.uniform(0.8, 1.15)
    noise = random.normal(0, 6, (height, width, 3))
    wall_pixels = np.clip(np.array(wall) * light + noise, 0, 255).astype(np.uint8)
    image = Image.fromarray(wall_pixels)
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, int(height * random.uniform(0.65, 0.8)), width, height), fill=(90, 70, 50))
    for _ in range(3):
        x, y = random.integers(10, 220), random.integers(10, 120)
        w, h = random.integers(50, 90), random.integers(50, 90)
        colour = tuple(int(value) for value in random.integers(30, 230, 3))
        if shape == "triangle":
            draw.polygon([(x, y + h), (x + w, y + h), (x + w // 2, y)], fill=colour)
        elif shape == "ellipse":
            draw.ellipse((x, y, x + w, y + h), fill=colour)
        elif shape == "box":
            draw.rectangle((x, y, x + w, y + h), fill=colour)
        else:
            for bar in range(x, x + w, 12):
                draw.rectangle((bar, y, bar + 5, y + h), fill=colour)
    return image
