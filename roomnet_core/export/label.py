"""A line of text on a photo: readable on any background, in proportion to the photo, in whatever script it is."""

from __future__ import annotations

import functools
import sys
from collections.abc import Sequence

from PIL import Image, ImageColor, ImageDraw, ImageFont

# The font that Pillow brings has the letters of English; others are looked for where systems keep their fonts.
_SYSTEM_FONTS = {
    "win32": ("segoeui.ttf", "msyh.ttc", "meiryo.ttc", "malgun.ttf", "simsun.ttc"),
    "darwin": ("HelveticaNeue.ttc", "PingFang.ttc", "Hiragino Sans GB.ttc", "STHeiti Medium.ttc", "Arial Unicode.ttf"),
}
_OTHER_SYSTEMS = (
    *("DejaVuSans.ttf", "NotoSans-Regular.ttf", "NotoSansCJK-Regular.ttc", "NotoSansCJKsc-Regular.otf"),
    *("NotoSansSC-Regular.otf", "SourceHanSansSC-Regular.otf", "wqy-microhei.ttc", "wqy-zenhei.ttc"),
    *("DroidSansFallbackFull.ttf", "DroidSansFallback.ttf"),
)
_SIZE = 0.045  # of the side of a square as large as the photo
_SMALLEST = 9
_WIDEST = 0.9  # of the photo's width
_PANEL = (16, 20, 24, 190)
_NO_CHARACTER = "\uffff"


def draw_label(image: Image.Image, texts: Sequence[str], color: str) -> None:
    """Write the first of `texts` that a font can show into the lower left corner of `image` (RGB, changed in place).

    Where no font can show any of them, the last is written with `?` for what is missing. `color` is the `#rrggbb` of
    the stripe beside the text.
    """
    text, path = _showable(texts)
    size = max(_SMALLEST, round((image.width * image.height) ** 0.5 * _SIZE))
    font = _font(path, size)
    while size > _SMALLEST and font.getlength(text) + 3 * size > image.width * _WIDEST:
        size = max(_SMALLEST, int(size * 0.9))
        font = _font(path, size)
    pad, stripe = size * 0.55, max(2, round(size * 0.28))
    ascent, descent = font.getmetrics()
    width = round(font.getlength(text) + 2 * pad + stripe)
    height = round(ascent + descent + 1.1 * pad)
    margin = round(size * 0.7)
    left, top = min(margin, max(0, image.width - width)), max(0, image.height - height - margin)
    panel = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(panel)
    draw.rounded_rectangle((0, 0, width - 1, height - 1), radius=size * 0.3, fill=_PANEL)
    bar = (round(pad * 0.5), round(height * 0.2), round(pad * 0.5) + stripe, round(height * 0.8))
    draw.rounded_rectangle(bar, radius=stripe / 2, fill=(*ImageColor.getrgb(color)[:3], 255))
    draw.text((pad + stripe, height / 2), text, font=font, fill="white", anchor="lm")
    image.paste(panel, (left, top), panel)


def _showable(texts: Sequence[str]) -> tuple[str, str | None]:
    """The text to write, and the font that has all of its letters (None: Pillow's own)."""
    for text in texts:
        for path in (None, *_system_fonts()):
            if all(_shows(path, letter) for letter in text):
                return text, path
    return "".join(letter if _shows(None, letter) else "?" for letter in texts[-1]), None


@functools.cache
def _system_fonts() -> tuple[str, ...]:
    found = []
    for name in _SYSTEM_FONTS.get(sys.platform, _OTHER_SYSTEMS):
        try:
            ImageFont.truetype(name, 16)
        except OSError:
            continue
        found.append(name)
    return tuple(found)


@functools.lru_cache(maxsize=4096)
def _shows(path: str | None, letter: str) -> bool:
    """Whether the font has a picture of its own for `letter`; fonts show one and the same box for all they lack."""
    if letter.isspace():
        return letter == " "
    font = _font(path, 24)
    return bytes(font.getmask(letter)) != bytes(font.getmask(_NO_CHARACTER))


@functools.lru_cache(maxsize=64)
def _font(path: str | None, size: int) -> ImageFont.FreeTypeFont:
    font = ImageFont.load_default(size) if path is None else ImageFont.truetype(path, size)
    if not isinstance(font, ImageFont.FreeTypeFont):
        raise OSError("Pillow was built without FreeType")
    return font
