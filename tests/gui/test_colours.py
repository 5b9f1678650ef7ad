"""Colours: rooms can be told apart by people who see colours differently, and every text can be read."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from roomnet_core.inference.model_file import list_models
from roomnet_core.rooms import RoomSet
from roomnet_gui import appearance
from roomnet_gui.appearance import LEAST_CONTRAST, Tone, contrast, tone_color
from roomnet_gui.review.painting import BADGE_COLORS, quiet_text, readable_on, sign_color

# Machado, Oliveira and Fernandes (2009), A Physiologically-based Model for Simulation of Color Vision Deficiency,
# table 1, severity 1.0: what people see without red, green or blue cones. For linear sRGB.
VISION = {
    "all cones": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
}
# About 2 is a difference that is just seen side by side; categories of a chart want 10 and more.
LEAST_DIFFERENCE = 18.0


def linear(color: QColor) -> np.ndarray:
    """Linear sRGB, (3,), 0..1."""
    channels = np.array([color.redF(), color.greenF(), color.blueF()])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> tuple[float, float, float]:
    """CIE L*a*b* under D65 of linear sRGB."""
    xyz = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.0721750), (0.0193339, 0.1191920, 0.9503041))
    x, y, z = (np.array(xyz) @ rgb) / (0.95047, 1.0, 1.08883)
    fx, fy, fz = (c ** (1 / 3) if c > (6 / 29) ** 3 else c / (3 * (6 / 29) ** 2) + 4 / 29 for c in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def difference(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """CIEDE2000, after Sharma, Wu and Dalal (2005)."""
    (l1, a1, b1), (l2, a2, b2) = one, other
    mean = (math.hypot(a1, b1) + math.hypot(a2, b2)) / 2
    g = 0.5 * (1 - math.sqrt(mean**7 / (mean**7 + 25**7)))
    a1, a2 = a1 * (1 + g), a2 * (1 + g)
    c1, c2 = math.hypot(a1, b1), math.hypot(a2, b2)
    h1, h2 = math.degrees(math.atan2(b1, a1)) % 360, math.degrees(math.atan2(b2, a2)) % 360
    grey = c1 * c2 == 0
    turn = 0.0 if grey else (h2 - h1 + 180) % 360 - 180
    dl, dc, dh = l2 - l1, c2 - c1, 2 * math.sqrt(c1 * c2) * math.sin(math.radians(turn / 2))
    light, c = (l1 + l2) / 2, (c1 + c2) / 2
    h = h1 + h2 if grey else (h1 + turn / 2) % 360
    t = 1 - 0.17 * _cos(h - 30) + 0.24 * _cos(2 * h) + 0.32 * _cos(3 * h + 6) - 0.20 * _cos(4 * h - 63)
    sl = 1 + 0.015 * (light - 50) ** 2 / math.sqrt(20 + (light - 50) ** 2)
    sc, sh = 1 + 0.045 * c, 1 + 0.015 * c * t
    rotation = math.sin(math.radians(60 * math.exp(-(((h - 275) / 25) ** 2)))) * 2 * math.sqrt(c**7 / (c**7 + 25**7))
    return math.sqrt((dl / sl) ** 2 + (dc / sc) ** 2 + (dh / sh) ** 2 - rotation * dc / sc * dh / sh)


def _cos(degrees: float) -> float:
    return math.cos(math.radians(degrees))


def room_sets() -> list[RoomSet]:
    known = RoomSet.from_names(["Backyard", "Bathroom", "Bedroom", "Frontyard", "Kitchen", "LivingRoom"])
    return [known, *(model.rooms for model in list_models())]


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)
    assert contrast(QColor("#767676"), QColor("white")) == pytest.approx(4.54, abs=0.005)


def test_the_difference_is_the_published_one() -> None:
    """Sharma, Wu and Dalal, table 1: pairs 1, 7, 13, 17 and 25."""
    for one, other, published in (
        ((50.0, 2.6772, -79.7751), (50.0, 0.0, -82.7485), 2.0425),
        ((50.0, 0.0, 0.0), (50.0, -1.0, 2.0), 2.3669),
        ((50.0, -0.0010, 2.4900), (50.0, 0.0009, -2.4900), 4.8045),
        ((50.0, 2.5, 0.0), (73.0, 25.0, -18.0), 27.1492),
        ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ):
        assert difference(one, other) == pytest.approx(published, abs=5e-5)


@pytest.mark.parametrize("vision", VISION)
def test_rooms_can_be_told_apart(vision: str) -> None:
    for rooms in room_sets():
        seen = {room.name: lab(np.clip(np.array(VISION[vision]) @ linear(QColor(room.color)), 0, 1)) for room in rooms}
        for one, other in itertools.combinations(seen, 2):
            assert difference(seen[one], seen[other]) >= LEAST_DIFFERENCE, (one, other)


def test_what_stands_on_chips_and_badges_can_be_read() -> None:
    for rooms in room_sets():
        for room in rooms:
            ink = readable_on(room.color)
            assert contrast(ink, QColor(room.color)) >= LEAST_CONTRAST, room.name
            assert contrast(ink, sign_color(room.color)) >= LEAST_CONTRAST, room.name
    for badge, color in BADGE_COLORS.items():
        assert contrast(readable_on(color.name()), color) >= LEAST_CONTRAST, badge


@pytest.fixture(params=["light", "dark"])
def palette(request: pytest.FixtureRequest, qapp: QApplication) -> Iterator[QPalette]:
    appearance.apply_scheme(request.param)
    yield QGuiApplication.palette()
    appearance.apply_scheme("system")


def test_every_text_can_be_read_in_light_and_dark(palette: QPalette) -> None:
    role = QPalette.ColorRole
    pairs = [
        (role.WindowText, role.Window),
        (role.Text, role.Base),
        (role.Text, role.AlternateBase),
        (role.ButtonText, role.Button),
        (role.HighlightedText, role.Highlight),
        (role.ToolTipText, role.ToolTipBase),
        (role.PlaceholderText, role.Base),
        (role.Link, role.Base),
    ]
    low = {
        f"{text.name} on {ground.name}": contrast(_solid(palette, text, ground), palette.color(ground))
        for text, ground in pairs
    }
    grounds = (palette.color(role.Window), palette.color(role.Base))
    low |= {f"{tone}": min(contrast(tone_color(tone), ground) for ground in grounds) for tone in Tone}
    low["quiet"] = min(contrast(quiet_text(palette), ground) for ground in grounds)
    assert {what: round(value, 2) for what, value in low.items() if value < LEAST_CONTRAST} == {}


def _solid(palette: QPalette, text: QPalette.ColorRole, ground: QPalette.ColorRole) -> QColor:
    """The text's colour as it comes out over its ground: placeholders are see-through."""
    color, below = palette.color(text), palette.color(ground)
    parts = zip(color.getRgbF()[:3], below.getRgbF()[:3], strict=True)
    return QColor.fromRgbF(*(a * color.alphaF() + b * (1 - color.alphaF()) for a, b in parts))
