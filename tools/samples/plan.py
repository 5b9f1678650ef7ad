"""A floor plan, as agents add to their photos: drawn, not rendered."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

NAME = "floor-plan"
SIZE = (1600, 1067)
FINE = 2  # drawn so many times larger and reduced, which smooths the lines
SCALE = 92  # pixels a metre
ORIGIN = (255, 118)
INK, PAPER, FLOOR, WET = "#23272b", "#ffffff", "#f3eee4", "#e6eef1"
THICK = 0.18

# Rooms in metres: left, top, width, depth.
ROOMS = [
    ("LIVING ROOM", 0.0, 0.0, 5.4, 4.9, FLOOR),
    ("KITCHEN", 5.4, 0.0, 3.1, 4.9, FLOOR),
    ("BEDROOM 1", 0.0, 4.9, 4.3, 4.1, FLOOR),
    ("BEDROOM 2", 8.5, 0.0, 3.5, 3.8, FLOOR),
    ("BATHROOM", 8.5, 3.8, 3.5, 2.2, WET),
    ("HALL", 4.3, 4.9, 4.2, 1.5, FLOOR),
    ("STUDY", 4.3, 6.4, 4.2, 2.6, FLOOR),
    ("LAUNDRY", 8.5, 6.0, 3.5, 3.0, WET),
]
# Doors: hinge, width, direction of the wall (x or y), which way it swings (+1 or -1).
DOORS = [
    (5.25, 4.9, -0.8, "x", -1), (6.4, 4.9, 0.85, "x", -1), (4.3, 6.1, -0.85, "y", -1), (8.5, 3.4, -0.85, "y", 1),
    (8.5, 5.0, 0.8, "y", 1), (6.0, 6.4, 0.85, "x", 1), (8.5, 7.6, -0.85, "y", 1),
]  # fmt: skip
# Where a name stands if not in the middle of its room, to keep clear of the furniture.
LABELS = {
    "LIVING ROOM": (2.9, 4.1), "KITCHEN": (6.9, 3.6), "BEDROOM 1": (3.3, 8.0), "BEDROOM 2": (10.25, 3.0),
    "BATHROOM": (10.8, 4.75), "STUDY": (7.0, 7.5),
}  # fmt: skip
WINDOWS = [
    (0.7, 0.0, 1.6, "x"), (3.0, 0.0, 1.6, "x"), (6.2, 0.0, 1.4, "x"), (9.4, 0.0, 1.6, "x"), (0.0, 1.4, 2.0, "y"),
    (0.0, 6.0, 1.9, "y"), (12.0, 1.2, 1.4, "y"), (12.0, 4.4, 0.9, "y"), (5.6, 9.0, 1.6, "x"),
    (12.0, 7.0, 1.2, "y"), (1.4, 9.0, 1.6, "x"),
]  # fmt: skip


def at(x: float, y: float) -> tuple[float, float]:
    return (ORIGIN[0] + x * SCALE) * FINE, (ORIGIN[1] + y * SCALE) * FINE


def draw(out: Path) -> None:
    image = Image.new("RGB", (SIZE[0] * FINE, SIZE[1] * FINE), PAPER)
    pen = ImageDraw.Draw(image)
    for _, x, y, width, depth, color in ROOMS:
        pen.rectangle([*at(x, y), *at(x + width, y + depth)], fill=color)
    furniture(pen)
    half = THICK / 2
    for _, x, y, width, depth, _ in ROOMS:
        for x0, y0, x1, y1 in (
            (x, y, x + width, y),
            (x, y + depth, x + width, y + depth),
            (x, y, x, y + depth),
            (x + width, y, x + width, y + depth),
        ):
            pen.rectangle([*at(x0 - half, y0 - half), *at(x1 + half, y1 + half)], fill=INK)
    pen.rectangle(
        [*at(5.4 - half, 1.2), *at(5.4 + half, 3.6)], fill=FLOOR
    )  # kitchen and living room are open to each other
    for x, y, length, along in WINDOWS:
        box = (x, y - half, x + length, y + half) if along == "x" else (x - half, y, x + half, y + length)
        pen.rectangle([*at(*box[:2]), *at(*box[2:])], fill=PAPER, outline=INK, width=2 * FINE)
        middle = (x, y, x + length, y) if along == "x" else (x, y, x, y + length)
        pen.line([*at(*middle[:2]), *at(*middle[2:])], fill=INK, width=FINE)
    for x, y, width, along, swing in DOORS:
        opening(pen, x, y, width, along, swing)
    font = ImageFont.load_default(24 * FINE)
    small = ImageFont.load_default(19 * FINE)
    for name, x, y, width, depth, _ in ROOMS:
        middle = at(*LABELS.get(name, (x + width / 2, y + depth / 2)))
        pen.text(middle, name, INK, font, anchor="mb")
        pen.text((middle[0], middle[1] + 5 * FINE), f"{width:.1f} x {depth:.1f} m", "#5c636a", small, anchor="mt")
    pen.text((SIZE[0] * FINE / 2, 70 * FINE), "GROUND FLOOR", INK, ImageFont.load_default(34 * FINE), anchor="mb")
    pen.text(
        (SIZE[0] * FINE / 2, 1020 * FINE),
        "108 sq m. Not to scale; for orientation only.",
        "#5c636a",
        small,
        anchor="mb",
    )
    image.resize(SIZE, Image.Resampling.LANCZOS).quantize(64).save(out, optimize=True)


def opening(pen: ImageDraw.ImageDraw, x: float, y: float, width: float, along: str, swing: int) -> None:
    """A gap in the wall, the leaf at right angles to it, and the quarter circle that it sweeps."""
    half, size = THICK / 2, abs(width)
    low, high = min(0, width), max(0, width)
    if along == "x":
        pen.rectangle([*at(x + low, y - half - 0.01), *at(x + high, y + half + 0.01)], fill=FLOOR)
        pen.line([*at(x, y), *at(x, y + swing * size)], fill=INK, width=2 * FINE)
        start = {(1, 1): 0, (-1, 1): 90, (-1, -1): 180, (1, -1): 270}[(1 if width > 0 else -1, swing)]
    else:
        pen.rectangle([*at(x - half - 0.01, y + low), *at(x + half + 0.01, y + high)], fill=FLOOR)
        pen.line([*at(x, y), *at(x + swing * size, y)], fill=INK, width=2 * FINE)
        start = {(1, 1): 0, (-1, 1): 90, (-1, -1): 180, (1, -1): 270}[(swing, 1 if width > 0 else -1)]
    if size > 0.3:
        pen.arc([*at(x - size, y - size), *at(x + size, y + size)], start, start + 90, fill="#7c848b", width=FINE)


def furniture(pen: ImageDraw.ImageDraw) -> None:
    line = {"outline": "#8b9298", "width": 2 * FINE}

    def block(x: float, y: float, width: float, depth: float, radius: float = 0.06) -> None:
        pen.rounded_rectangle(
            [*at(x, y), *at(x + width, y + depth)], radius=radius * SCALE * FINE, fill="#fbfaf7", **line
        )

    block(0.3, 1.4, 0.9, 2.2)
    block(0.3, 1.4, 0.25, 2.2)
    block(1.8, 1.9, 0.7, 1.2)
    block(2.0, 0.35, 1.7, 0.4)
    for x, y, width, depth, head in ((0.25, 5.9, 2.05, 1.65, "left"), (10.0, 0.9, 1.85, 1.4, "right")):
        block(x, y, width, depth)
        edge = x + 0.08 if head == "left" else x + width - 0.5
        for share in (0.1, 0.55):
            block(edge, y + depth * share, 0.42, depth * 0.35, 0.1)
    block(5.6, 0.2, 2.8, 0.6, 0.02)
    block(7.8, 0.8, 0.6, 2.2, 0.02)
    block(6.1, 1.9, 1.0, 0.75)
    block(10.1, 5.12, 1.75, 0.76, 0.2)
    block(9.5, 3.95, 0.4, 0.62, 0.18)
    block(10.7, 3.92, 0.9, 0.46)
    block(4.9, 8.2, 1.5, 0.65)
    block(8.75, 8.2, 0.6, 0.6)
    block(9.4, 8.2, 0.6, 0.6)
