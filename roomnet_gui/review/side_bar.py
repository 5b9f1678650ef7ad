"""The rooms and states beside the grid, with live counts; a click shows only those photos."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPalette
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from roomnet_core.rooms import Room, RoomSet
from roomnet_core.session.summary import Summary
from roomnet_gui import texts
from roomnet_gui.review.photo_delegate import (
    CORRECTED_COLOR,
    PROBLEM_COLOR,
    UNSURE_COLOR,
    mix,
    readable_on,
)
from roomnet_gui.review.photo_filter import Selection, Show

_SELECTION, _COUNT, _COLOR, _SIGN = (Qt.ItemDataRole.UserRole + number for number in range(1, 5))
_SWATCH = 22


class SideBar(QListWidget):
    """One row a filter. Set `counts` through `show_counts`."""

    chosen = Signal(object)  # Selection

    def __init__(self, rooms: RoomSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sideBar")
        self.setAccessibleName(self.tr("Rooms and states"))
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(False)  # photos dropped here belong to the window
        self.setItemDelegate(_RowDelegate(self))
        self.setMinimumWidth(190)
        self.setMaximumWidth(340)
        self._rooms = rooms
        self._add(self.tr("All photos"), Selection(), None, "")
        self._add_heading(self.tr("Rooms"))
        for room in rooms:
            self._add_room(room)
        self._add_heading(self.tr("To check"))
        self._add(self.tr("Unsure"), Selection(Show.UNSURE), UNSURE_COLOR, "?")
        self._add(self.tr("Corrected"), Selection(Show.CORRECTED), CORRECTED_COLOR, "✓")
        self._add(self.tr("Problems"), Selection(Show.PROBLEMS), PROBLEM_COLOR, "!")
        self.setCurrentRow(0)
        self.currentItemChanged.connect(self._current_changed)

    def show_counts(self, summary: Summary) -> None:
        for row in range(self.count()):
            item = self.item(row)
            selection: Selection | None = item.data(_SELECTION)
            if selection is not None:
                count = _count(selection, summary)
                if item.data(_COUNT) != count:
                    item.setData(_COUNT, count)
                    item.setData(
                        Qt.ItemDataRole.AccessibleTextRole,
                        self.tr("{name}, {photos}").format(name=item.text(), photos=texts.photos(count)),
                    )

    def select(self, selection: Selection) -> None:
        """Make that row current, as a click does."""
        for row in range(self.count()):
            if self.item(row).data(_SELECTION) == selection:
                self.setCurrentRow(row)

    def _add_room(self, room: Room) -> None:
        item = self._add(texts.room_name(room), Selection(Show.ROOM, room.id), QColor(room.color), texts.room_key(room))
        if room.hotkey:
            item.setToolTip(
                self.tr("Show {room}. Key {key} labels the selected photos as {room}.").format(
                    room=texts.room_name(room), key=room.hotkey
                )
            )

    def _add(self, text: str, selection: Selection, color: QColor | None, sign: str) -> QListWidgetItem:
        item = QListWidgetItem(text)
        item.setData(_SELECTION, selection)
        item.setData(_COUNT, 0)
        item.setData(_COLOR, color)
        item.setData(_SIGN, sign)
        self.addItem(item)
        return item

    def _add_heading(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.addItem(item)

    def _current_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(_SELECTION))


def _count(selection: Selection, summary: Summary) -> int:
    match selection.show:
        case Show.ROOM:
            return summary.by_room.get(selection.room_id or 0, 0)
        case Show.UNSURE:
            return summary.unsure
        case Show.CORRECTED:
            return summary.corrected
        case Show.PROBLEMS:
            return summary.problems
    return summary.photos


class _RowDelegate(QStyledItemDelegate):
    """Swatch with the key, name, count at the right end."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(180, max(_SWATCH, option.fontMetrics.height()) + 12)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = option.palette
        active = QPalette.ColorGroup.Active  # headings are disabled, and have to be read all the same
        base, text = palette.color(active, QPalette.ColorRole.Base), palette.color(active, QPalette.ColorRole.Text)
        font = QFont(option.font)
        rect = option.rect.adjusted(12, 0, -12, 0)
        alignment = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if index.data(_SELECTION) is None:
            font.setPointSizeF(font.pointSizeF() * 0.9)
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(mix(base, text, 0.65))
            painter.drawText(rect.adjusted(0, 8, 0, 0), alignment, index.data())
            painter.restore()
            return
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            highlight = palette.color(QPalette.ColorRole.Highlight)
            painter.setBrush(mix(base, highlight, 0.3) if selected else mix(base, text, 0.07))
            painter.drawRoundedRect(QRectF(option.rect).adjusted(4, 1, -4, -1), 5, 5)
        font.setBold(selected)
        painter.setFont(font)
        left = rect.left()
        if (color := index.data(_COLOR)) is not None:
            square = QRectF(left, rect.center().y() - _SWATCH / 2 + 1, _SWATCH, _SWATCH)
            self._paint_swatch(painter, square, color, index)
            left += _SWATCH + 10
        count = index.data(_COUNT) or 0
        painter.setPen(text if count else mix(base, text, 0.6))
        number = f"{count:,}"
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, number)
        painter.setPen(text)
        room = rect.right() - left - painter.fontMetrics().horizontalAdvance(number) - 8
        name = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRect(left, rect.top(), room, rect.height()), alignment, name)
        painter.restore()

    def _paint_swatch(
        self, painter: QPainter, square: QRectF, color: QColor, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(color)
        painter.drawRoundedRect(square, 5, 5)
        painter.setPen(readable_on(color.name()))
        painter.drawText(square, Qt.AlignmentFlag.AlignCenter, index.data(_SIGN))
