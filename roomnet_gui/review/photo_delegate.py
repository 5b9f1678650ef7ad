"""Draws one photo of the grid: thumbnail, name, room chip, confidence, badge."""

from __future__ import annotations

import functools

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from roomnet_core.rooms import Room, RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_gui import texts
from roomnet_gui.review.photo_model import Role

PICTURE = QSize(184, 124)
"""The box that every thumbnail fits into, in logical pixels."""
_PAD = 8
_GAP = 6
_BADGE = 22

UNSURE_COLOR = QColor("#f9a825")
CORRECTED_COLOR = QColor("#1565c0")
CONFIRMED_COLOR = QColor("#2e7d32")
PROBLEM_COLOR = QColor("#c62828")


def mix(first: QColor, second: QColor, share: float) -> QColor:
    """`first` with `share` (0..1) of `second` in it."""
    return QColor.fromRgbF(*(a + (b - a) * share for a, b in zip(_channels(first), _channels(second), strict=True)))


def _channels(color: QColor) -> tuple[float, float, float]:
    return color.redF(), color.greenF(), color.blueF()


@functools.cache
def readable_on(color: str) -> QColor:
    """White or black, whichever has more contrast on `color` (relative luminance after WCAG 2)."""
    channels = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in _channels(QColor(color)))
    luminance = sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), channels, strict=True))
    return QColor("white") if 1.05 / (luminance + 0.05) >= (luminance + 0.05) / 0.05 else QColor("black")


class PhotoDelegate(QStyledItemDelegate):
    """Every cell has one size, which depends on the font alone: asking for it costs nothing."""

    def __init__(self, rooms: RoomSet, font: QFont, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rooms = rooms
        self._line = QFontMetrics(font).height()
        self._chip = self._line + 6
        height = _PAD + PICTURE.height() + _GAP + self._line + _GAP + self._chip + _PAD
        self.cell = QSize(PICTURE.width() + 2 * _PAD, height)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return self.cell

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        photo: SessionPhoto = index.data(Role.PHOTO)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(option.font)
        self._paint_card(painter, option)
        left, top = option.rect.left() + _PAD, option.rect.top() + _PAD
        box = QRect(left, top, PICTURE.width(), PICTURE.height())
        self._paint_picture(painter, option.palette, box, photo, index.data(Qt.ItemDataRole.DecorationRole))
        self._paint_badge(painter, box, photo)
        name = QRect(left, box.bottom() + 1 + _GAP, box.width(), self._line)
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        elided = option.fontMetrics.elidedText(photo.file.path.name, Qt.TextElideMode.ElideMiddle, name.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, elided)
        self._paint_room(painter, option, QRect(left, name.bottom() + 1 + _GAP, box.width(), self._chip), photo)
        painter.restore()

    def _paint_card(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        base = option.palette.color(QPalette.ColorRole.Base)
        highlight = option.palette.color(QPalette.ColorRole.Highlight)
        state = option.state
        rect = QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(mix(base, highlight, 0.28))
            painter.setPen(QPen(highlight, 2))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(mix(base, option.palette.color(QPalette.ColorRole.Text), 0.07))
            painter.setPen(Qt.PenStyle.NoPen)
        elif state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(highlight, 1, Qt.PenStyle.DashLine))
        else:
            return
        painter.drawRoundedRect(rect, 6, 6)

    def _paint_picture(
        self, painter: QPainter, palette: QPalette, box: QRect, photo: SessionPhoto, pixmap: QPixmap | None
    ) -> None:
        base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix(base, text, 0.08))
        painter.drawRoundedRect(box, 4, 4)
        if isinstance(pixmap, QPixmap):
            size = pixmap.deviceIndependentSize()
            x = box.x() + (box.width() - size.width()) / 2
            y = box.y() + (box.height() - size.height()) / 2
            painter.drawPixmap(QPointF(round(x), round(y)), pixmap)
            return
        painter.setPen(mix(base, text, 0.65))
        words = self.tr("…") if photo.problem is None else texts.problem_kind(photo.problem)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_badge(self, painter: QPainter, box: QRect, photo: SessionPhoto) -> None:
        """Top right; form and colour both say what it is."""
        if photo.decided is not None:
            color, sign = (CORRECTED_COLOR, "pencil") if photo.corrected else (CONFIRMED_COLOR, "check")
        elif photo.problem is not None:
            color, sign = PROBLEM_COLOR, "!"
        elif photo.needs_review:
            color, sign = UNSURE_COLOR, "?"
        else:
            return
        circle = QRectF(box.right() - _BADGE - 3, box.top() + 4, _BADGE, _BADGE)
        painter.setBrush(color)
        painter.setPen(QPen(QColor(255, 255, 255, 230), 1.5))
        painter.drawEllipse(circle)
        ink = readable_on(color.name())
        if sign in "?!":
            font = QFont(painter.font())
            font.setBold(True)
            font.setPixelSize(15)
            painter.save()
            painter.setFont(font)
            painter.setPen(ink)
            painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, sign)
            painter.restore()
            return
        middle = circle.center()
        painter.setPen(QPen(ink, 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
        if sign == "check":
            painter.drawPolyline(
                QPolygonF([middle + QPointF(-4.5, 0.5), middle + QPointF(-1.5, 3.5), middle + QPointF(4.5, -3.5)])
            )
            return
        painter.drawLine(middle + QPointF(-2.5, 2.5), middle + QPointF(4, -4))
        painter.setBrush(ink)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawPolygon(
            QPolygonF([middle + QPointF(-5.5, 5.5), middle + QPointF(-4.6, 1.6), middle + QPointF(-1.6, 4.6)])
        )

    def _paint_room(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, photo: SessionPhoto) -> None:
        text = option.palette.color(QPalette.ColorRole.Text)
        quiet = mix(option.palette.color(QPalette.ColorRole.Base), text, 0.72)
        centre = Qt.AlignmentFlag.AlignVCenter
        room_id = photo.room_id
        if room_id is None:
            painter.setPen(quiet)
            words = self.tr("not classified yet") if photo.problem is None else self.tr("could not be read")
            painter.drawText(rect, centre | Qt.AlignmentFlag.AlignLeft, words)
            return
        room: Room = self._rooms[room_id]
        right = 0
        if photo.decided is None and photo.prediction is not None:
            confidence = photo.prediction.confidence
            right = self._paint_confidence(painter, option, rect, confidence, QColor(room.color), quiet)
        metrics = option.fontMetrics
        key = self._chip - 4
        name = metrics.elidedText(texts.room_name(room), Qt.TextElideMode.ElideRight, rect.width() - right - key - 22)
        chip = QRectF(rect.left(), rect.top(), key + metrics.horizontalAdvance(name) + 20, self._chip)
        color = QColor(room.color)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(chip, 5, 5)
        square = QRectF(chip.left() + 2, chip.top() + 2, key, key)
        painter.setBrush(color.darker(140))
        painter.drawRoundedRect(square, 4, 4)
        painter.setPen(readable_on(room.color))
        painter.drawText(square, Qt.AlignmentFlag.AlignCenter, texts.room_key(room))
        painter.drawText(chip.adjusted(key + 9, 0, 0, 0), centre | Qt.AlignmentFlag.AlignLeft, name)

    def _paint_confidence(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, value: float, color: QColor, quiet: QColor
    ) -> int:
        """Per cent over a thin bar, at the right end. Returns the width taken."""
        width = max(48, option.fontMetrics.horizontalAdvance(texts.per_cent(1.0)) + 4)
        area = QRect(rect.right() + 1 - width, rect.top(), width, rect.height() - 5)
        painter.setPen(quiet)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, texts.per_cent(value))
        bar = QRectF(area.left(), rect.bottom() - 3, width, 4)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix(option.palette.color(QPalette.ColorRole.Base), quiet, 0.25))
        painter.drawRoundedRect(bar, 2, 2)
        dark = option.palette.color(QPalette.ColorRole.Base).lightness() < 128
        painter.setBrush(mix(color, QColor("white"), 0.35) if dark else color)
        painter.drawRoundedRect(QRectF(bar.left(), bar.top(), max(4.0, bar.width() * value), bar.height()), 2, 2)
        return width + 6
