"""Labelled photos made in code, of classes that a network can tell apart in a minute."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

_BASES = {"Sky": (90, 150, 230), "Lawn": (70, 150, 50), "Wall": (200, 190, 180), "Brick": (170, 80, 60)}


def draw(label: str, random: np.random.Generator) -> Image.Image:
    """Colours and shapes differ between the classes; an unknown label gets a colour of its own."""
    base = _BASES.get(label) or tuple(np.random.default_rng(list(label.encode())).integers(40, 220, 3))
    image = Image.new("RGB", (64, 64), tuple(int(np.clip(c + random.integers(-25, 25), 0, 255)) for c in base))
    pen = ImageDraw.Draw(image)
    for _ in range(6):
        x, y = random.integers(0, 50, 2)
        shade = tuple(int(c * random.uniform(0.5, 1.1)) for c in base)
        box = [x, y, x + 14, y + 14]
        pen.ellipse(box, fill=shade) if label == "Sky" else pen.rectangle(box, fill=shade)
    return image


def write_classes(root: Path, classes: Sequence[str], *, photos: int = 12, listings: int = 4) -> Path:
    """One folder a class; with `listings`, in as many folders below each."""
    random = np.random.default_rng(0)
    for label in classes:
        for number in range(photos):
            folder = root / label / f"house{number % listings}" if listings else root / label
            folder.mkdir(parents=True, exist_ok=True)
            draw(label, random).save(folder / f"{label}{number}.jpg", quality=90)
    return root
