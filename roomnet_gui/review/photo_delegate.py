"""Draws one photo of the grid: thumbnail, badges, name, room chip, confidence."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from roomnet_core.photos.problems import printable
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_gui import texts
from roomnet_gui.review.painting import (
    Badge,
    badges_of,
    chip_width,
    mix,
    paint_badge,
    paint_bar,
    paint_chip,
    quiet_text,
)
from roomnet_gui.review.photo_model import PhotoModel
from roomnet_gui.review.room_keys import room_keys
from roomnet_gui.review.thumbnails import ThumbnailStore

ZOOMS = (QSize(112, 76), QSize(144, 97), QSize(184, 124), QSize(232, 156), QSize(288, 194), QSize(360, 243))
"""The boxes that thumbnails fit into, in logical pixels, from small to large."""
NORMAL_ZOOM = 2
_PAD = 8
_GAP = 6
_BADGE = 22
_MOST_NAMES = 4096
# Below this width the bar lies under the picture and has no number: the room's name needs the space.
_NARROW = 140


class PhotoDelegate(QStyledItemDelegate):
    """Every cell has one size, which depends on zoom and font alone: asking for it costs nothing.

    Made for one model and its store, which it asks directly: on the way through Qt the 40 cells of a screen would
    take twice as long.
    """

    def __init__(
        self, model: PhotoModel, thumbnails: ThumbnailStore, font: QFont, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._model = model
        self._thumbnails = thumbnails
        self._line = QFontMetrics(font).height()
        self._chip = self._line + 6
        self._signs: dict[int, str] = {}
        self._rooms: RoomSet | None = None
        self._cached: dict[object, QPixmap] = {}
        self._names: dict[tuple[str, int], str] = {}
        self.set_zoom(NORMAL_ZOOM)

    def set_zoom(self, zoom: int) -> None:
        """`zoom` is an index of `ZOOMS`."""
        self._box = ZOOMS[zoom]
        height = _PAD + self._box.height() + _GAP + self._line + _GAP + self._chip + _PAD
        self.cell = QSize(self._box.width() + 2 * _PAD, height)

    def set_rooms(self, rooms: RoomSet) -> None:
        self._rooms = rooms
        self._signs = {room_id: keys.sign for room_id, keys in room_keys(rooms).items()}
        self._cached.clear()

    def forget_texts(self) -> None:
        """After a change of language."""
        self._cached.clear()
        self._names.clear()

    def caption(self, photo: SessionPhoto) -> str:
        """The line under the picture."""
        return printable(photo.file.path.name)

    def badges(self, photo: SessionPhoto) -> list[Badge]:
        """What is shown in the picture's corner."""
        return badges_of(photo)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return self.cell

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        photo = self._model.photo_at(index.row())
        palette = option.palette
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setFont(option.font)
        self._paint_card(painter, option)
        # A cell may be wider than its picture, because the columns share the width of the window.
        left = option.rect.left() + (option.rect.width() - self._box.width()) // 2
        box = QRect(left, option.rect.top() + _PAD, self._box.width(), self._box.height())
        self._paint_picture(painter, palette, box, photo)
        self._paint_badges(painter, box, photo)
        if box.width() < _NARROW and photo.decided is None and photo.prediction is not None:
            room = self._model.rooms[photo.prediction.room_id]
            bar = QRectF(box.left(), box.bottom() + 2, box.width(), 4)
            paint_bar(painter, palette, bar, photo.prediction.confidence, room.color)
        name = QRect(left, box.bottom() + 1 + _GAP, box.width(), self._line)
        painter.setPen(quiet_text(palette) if photo.rejected else palette.color(QPalette.ColorRole.Text))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(name, flags, self._elided(self.caption(photo), name.width(), option.fontMetrics))
        self._paint_room(painter, option, QRect(left, name.bottom() + 1 + _GAP, box.width(), self._chip), photo)
        painter.restore()

    def _paint_card(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        base = option.palette.color(QPalette.ColorRole.Base)
        highlight = option.palette.color(QPalette.ColorRole.Highlight)
        state = option.state
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        if state & QStyle.StateFlag.State_Selected:
            painter.setBrush(mix(base, highlight, 0.28))
            # Among many selected ones the current one still has to be told.
            painter.setPen(QPen(highlight, 3 if focused else 1.5))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(mix(base, option.palette.color(QPalette.ColorRole.Text), 0.07))
            painter.setPen(Qt.PenStyle.NoPen)
        elif focused:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(highlight, 1, Qt.PenStyle.DashLine))
        else:
            return
        painter.drawRoundedRect(QRectF(option.rect).adjusted(2, 2, -2, -2), 6, 6)

    def _paint_picture(self, painter: QPainter, palette: QPalette, box: QRect, photo: SessionPhoto) -> None:
        base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix(base, text, 0.08))
        painter.drawRoundedRect(box, 4, 4)
        pixmap = self._thumbnails.get(photo)
        if pixmap is None:
            painter.setPen(mix(base, text, 0.65))
            words = self.tr("…") if photo.problem is None else texts.problem_kind(photo.problem)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
            return
        if photo.rejected:
            painter.setOpacity(0.35)
        size = pixmap.deviceIndependentSize()
        if not self._thumbnails.is_current(photo.id):
            # Made for another zoom: shown scaled until the right one is there.
            size = size.scaled(box.size().toSizeF(), Qt.AspectRatioMode.KeepAspectRatio)
            x, y = _centred(size, box)
            painter.drawPixmap(QRectF(x, y, size.width(), size.height()), pixmap, QRectF(pixmap.rect()))
        else:
            x, y = _centred(size, box)
            painter.drawPixmap(QPointF(round(x), round(y)), pixmap)
        painter.setOpacity(1.0)

    def _paint_badges(self, painter: QPainter, box: QRect, photo: SessionPhoto) -> None:
        """From the top right corner to the left."""
        right = box.right() - _BADGE - 3
        for badge in self.badges(photo):
            painter.drawPixmap(QPointF(right - 1, box.top() + 3), self._badge(badge, painter))
            right -= _BADGE + 4

    def _badge(self, badge: Badge, painter: QPainter) -> QPixmap:
        ratio = painter.device().devicePixelRatioF()
        key = (badge, ratio)
        if (pixmap := self._cached.get(key)) is None:
            pixmap = _canvas(QSize(_BADGE + 2, _BADGE + 2), ratio)
            canvas = QPainter(pixmap)
            canvas.setRenderHint(QPainter.RenderHint.Antialiasing)
            paint_badge(canvas, QRectF(1, 1, _BADGE, _BADGE), badge)
            canvas.end()
            self._cached[key] = pixmap
        return pixmap

    def _paint_room(self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, photo: SessionPhoto) -> None:
        room_id = photo.room_id
        if room_id is None:
            painter.setPen(quiet_text(option.palette))
            words = self.tr("not classified yet") if photo.problem is None else self.tr("could not be read")
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
            painter.drawText(rect, flags, self._elided(words, rect.width(), option.fontMetrics))
            return
        room = self._model.rooms[room_id]
        right = 0
        if photo.decided is None and photo.prediction is not None and rect.width() >= _NARROW:
            right = self._paint_confidence(painter, option, rect, photo.prediction.confidence, room.color)
        painter.drawPixmap(rect.topLeft(), self._room_chip(room_id, rect.width() - right, option, painter))

    def _room_chip(self, room_id: int, width: int, option: QStyleOptionViewItem, painter: QPainter) -> QPixmap:
        """The chip as a picture: drawing text anew for each cell is what scrolling would spend its time on."""
        if self._rooms is not self._model.rooms:
            self.set_rooms(self._model.rooms)
        ratio = painter.device().devicePixelRatioF()
        key = (room_id, width, ratio, option.font.key())
        if (pixmap := self._cached.get(key)) is None:
            room, metrics, sign = self._model.rooms[room_id], option.fontMetrics, self._signs[room_id]
            space = width - chip_width(metrics, self._chip, " ") + metrics.horizontalAdvance(" ")
            name = metrics.elidedText(texts.room_name(room), Qt.TextElideMode.ElideRight, space)
            size = QSize(chip_width(metrics, self._chip, name), self._chip)
            pixmap = _canvas(size, ratio)
            canvas = QPainter(pixmap)
            canvas.setRenderHint(QPainter.RenderHint.Antialiasing)
            canvas.setFont(option.font)
            paint_chip(canvas, QRect(0, 0, size.width(), size.height()), room.color, sign, name)
            canvas.end()
            self._cached[key] = pixmap
        return pixmap

    def _paint_confidence(
        self, painter: QPainter, option: QStyleOptionViewItem, rect: QRect, value: float, color: str
    ) -> int:
        """Per cent over a thin bar, at the right end. Returns the width taken."""
        width = max(48, option.fontMetrics.horizontalAdvance(texts.per_cent(1.0)) + 4)
        painter.setPen(quiet_text(option.palette))
        area = QRect(rect.right() + 1 - width, rect.top(), width, rect.height() - 5)
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, texts.per_cent(value))
        bar = QRectF(rect.right() + 1 - width, rect.bottom() - 3, width, 4)
        paint_bar(painter, option.palette, bar, value, color)
        return width + 6

    def _elided(self, text: str, width: int, metrics: QFontMetrics) -> str:
        if (elided := self._names.get((text, width))) is None:
            if len(self._names) >= _MOST_NAMES:
                self._names.clear()
            elided = self._names[text, width] = metrics.elidedText(text, Qt.TextElideMode.ElideMiddle, width)
        return elided


def _centred(size: QSizeF, box: QRect) -> tuple[float, float]:
    return box.x() + (box.width() - size.width()) / 2, box.y() + (box.height() - size.height()) / 2


def _canvas(size: QSize, ratio: float) -> QPixmap:
    pixmap = QPixmap(round(size.width() * ratio), round(size.height() * ratio))
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(QColor(Qt.GlobalColor.transparent))
    return pixmap
