"""What grid, side bar, large picture and inspector draw alike: room chips, badges, bars, and colours that can be read.

A room is never shown by its colour alone: every chip carries the room's letter.
"""

from __future__ import annotations

import enum
import functools

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPolygonF

from roomnet_core.session.photo import SessionPhoto
from roomnet_gui.appearance import contrast

UNSURE_COLOR = QColor("#f9a825")
CORRECTED_COLOR = QColor("#1565c0")
ACCEPTED_COLOR = QColor("#2e7d32")
PROBLEM_COLOR = QColor("#c62828")
REJECTED_COLOR = QColor("#424242")
COVER_COLOR = QColor("#8e4585")
NOT_REVIEWED_COLOR = QColor("#607d8b")

_CENTRE = Qt.AlignmentFlag.AlignCenter
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def mix(first: QColor, second: QColor, share: float) -> QColor:
    """`first` with `share` (0..1) of `second` in it."""
    return QColor.fromRgbF(*(a + (b - a) * share for a, b in zip(_channels(first), _channels(second), strict=True)))


def _channels(color: QColor) -> tuple[float, float, float]:
    return color.redF(), color.greenF(), color.blueF()


@functools.cache
def readable_on(color: str) -> QColor:
    """White or black, whichever has more contrast on `color` (relative luminance after WCAG 2)."""
    return max(QColor("white"), QColor("black"), key=lambda ink: contrast(ink, QColor(color)))


def quiet_text(palette: QPalette) -> QColor:
    """For words that matter less, still with a contrast of 4.5 in light and dark."""
    return mix(palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text), 0.72)


def is_dark(palette: QPalette) -> bool:
    return palette.color(QPalette.ColorRole.Base).lightness() < 128


# --- badges


class Badge(enum.Enum):
    """A state of a photo: form and colour both say which."""

    UNSURE = "?"
    CORRECTED = "pencil"
    ACCEPTED = "check"
    PROBLEM = "!"
    REJECTED = "cross"
    COVER = "star"
    NOT_REVIEWED = "circle"


BADGE_COLORS = {
    Badge.UNSURE: UNSURE_COLOR,
    Badge.CORRECTED: CORRECTED_COLOR,
    Badge.ACCEPTED: ACCEPTED_COLOR,
    Badge.PROBLEM: PROBLEM_COLOR,
    Badge.REJECTED: REJECTED_COLOR,
    Badge.COVER: COVER_COLOR,
    Badge.NOT_REVIEWED: NOT_REVIEWED_COLOR,
}

_STAR = [(0, -1), (0.28, -0.36), (0.95, -0.31), (0.45, 0.15), (0.59, 0.81)]
_STAR += [(0, 0.46)] + [(-x, y) for x, y in reversed(_STAR[1:])]


def badges_of(photo: SessionPhoto) -> list[Badge]:
    """The badges of a photo: first what was said of its room, then cover and rejected."""
    badges = []
    if photo.decided is not None:
        badges.append(Badge.CORRECTED if photo.corrected else Badge.ACCEPTED)
    elif photo.problem is not None:
        badges.append(Badge.PROBLEM)
    elif photo.needs_review:
        badges.append(Badge.UNSURE)
    if photo.cover:
        badges.append(Badge.COVER)
    if photo.rejected:
        badges.append(Badge.REJECTED)
    return badges


def paint_badge(painter: QPainter, square: QRectF, badge: Badge, *, ring: bool = True) -> None:
    """A circle that fills `square`, with the badge's sign in it; `ring` sets it off from the picture below."""
    color = BADGE_COLORS[badge]
    painter.setBrush(color)
    painter.setPen(QPen(QColor(255, 255, 255, 230), 1.5) if ring else Qt.PenStyle.NoPen)
    painter.drawEllipse(square)
    ink = readable_on(color.name())
    unit = square.width() / 22
    middle = square.center()
    painter.setPen(QPen(ink, 2 * unit, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))

    def at(x: float, y: float) -> QPointF:
        return middle + QPointF(x, y) * unit

    match badge:
        case Badge.UNSURE | Badge.PROBLEM:
            font = QFont(painter.font())
            plain = painter.font()
            font.setBold(True)
            font.setPixelSize(max(6, round(15 * unit)))
            painter.setFont(font)
            painter.drawText(square, _CENTRE, badge.value)
            painter.setFont(plain)
        case Badge.ACCEPTED:
            painter.drawPolyline(QPolygonF([at(-4.5, 0.5), at(-1.5, 3.5), at(4.5, -3.5)]))
        case Badge.CORRECTED:
            painter.drawLine(at(-2.5, 2.5), at(4, -4))
            painter.setBrush(ink)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawPolygon(QPolygonF([at(-5.5, 5.5), at(-4.6, 1.6), at(-1.6, 4.6)]))
        case Badge.REJECTED:
            painter.drawLine(at(-3.5, -3.5), at(3.5, 3.5))
            painter.drawLine(at(-3.5, 3.5), at(3.5, -3.5))
        case Badge.COVER:
            painter.setBrush(ink)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.drawPolygon(QPolygonF([at(7 * x, 7 * y) for x, y in _STAR]))
        case Badge.NOT_REVIEWED:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawEllipse(middle, 4 * unit, 4 * unit)


# --- rooms and bars


def chip_width(metrics: QFontMetrics, height: int, name: str) -> int:
    """How wide `paint_chip` draws that name; without a name it is a square."""
    return height if not name else height + metrics.horizontalAdvance(name) + 14


def paint_chip(painter: QPainter, rect: QRect, color: str, sign: str, name: str) -> None:
    """A rounded box in the room's colour: `sign` in a square that stands out, then the name, which has to fit."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(color))
    painter.drawRoundedRect(rect, 5, 5)
    side = rect.height() - 4
    square = QRect(rect.left() + 2, rect.top() + 2, side, side)
    if name:
        painter.setBrush(sign_color(color))
        painter.drawRoundedRect(square, 4, 4)
    painter.setPen(readable_on(color))
    painter.drawText(square, _CENTRE, sign)
    if name:
        painter.drawText(rect.adjusted(side + 9, 0, 0, 0), _LEFT, name)


def sign_color(color: str) -> QColor:
    """What is behind the sign beside a name: further from the ink than the chip itself."""
    return QColor(color).darker(140) if readable_on(color) == QColor("white") else QColor(color).lighter(130)


def paint_bar(painter: QPainter, palette: QPalette, rect: QRectF, value: float, color: str) -> None:
    """A thin bar filled to `value` (0..1) in a room's colour, lighter on dark ground."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(mix(palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text), 0.18))
    radius = rect.height() / 2
    painter.drawRoundedRect(rect, radius, radius)
    if rect.width() * value < 1:
        return
    filled = QColor(color)
    painter.setBrush(mix(filled, QColor("white"), 0.35) if is_dark(palette) else filled)
    width = max(rect.height(), rect.width() * value)
    painter.drawRoundedRect(QRectF(rect.left(), rect.top(), width, rect.height()), radius, radius)
