"""The rooms and states beside the grid, with live counts and the rooms' keys; a click shows only those photos."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPainter, QPalette
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
from roomnet_gui.language import Retranslating
from roomnet_gui.review.painting import Badge, mix, paint_badge, paint_chip, quiet_text
from roomnet_gui.review.query import Selection, Show
from roomnet_gui.review.room_keys import RoomKeys, room_keys

SELECTION, COUNT, ROOM, BADGE = (Qt.ItemDataRole.UserRole + number for number in range(1, 5))
"""What a row is drawn from: what it selects (None: a heading), how many photos, the room's colour and keys, a badge."""
_SIGN = 22


class SideBar(Retranslating, QListWidget):
    """One row a filter; `show_counts` sets the numbers."""

    chosen = Signal(object)  # Selection

    def __init__(self, rooms: RoomSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sideBar")
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(False)  # photos dropped here belong to the window
        self.setItemDelegate(RowDelegate(self))
        self.setMinimumWidth(200)
        self.setMaximumWidth(340)
        self.currentItemChanged.connect(self._current_changed)
        self._summary: Summary | None = None
        self.set_rooms(rooms)

    def set_rooms(self, rooms: RoomSet) -> None:
        """One row for each of these rooms; what is selected stays so if it is still there."""
        selected = self.selection
        self._rooms = rooms
        self.setAccessibleName(self.tr("Rooms and states"))
        self.blockSignals(True)
        self.clear()
        self._add(self.tr("All photos"), Selection())
        self._add_heading(self.tr("Rooms"))
        keys = room_keys(rooms)
        for room in rooms:
            self._add_room(room, keys[room.id])
        self._add_heading(self.tr("To check"))
        self._add(self.tr("Unsure"), Selection(Show.UNSURE), Badge.UNSURE)
        self._add(self.tr("Not reviewed"), Selection(Show.NOT_REVIEWED), Badge.NOT_REVIEWED)
        self._add_heading(self.tr("Done"))
        self._add(self.tr("Corrected"), Selection(Show.CORRECTED), Badge.CORRECTED)
        self._add(self.tr("Rejected"), Selection(Show.REJECTED), Badge.REJECTED)
        self._add(self.tr("Problems"), Selection(Show.PROBLEMS), Badge.PROBLEM)
        self.setCurrentRow(0)
        self.select(selected)
        self.blockSignals(False)
        if self.selection != selected:
            self.chosen.emit(self.selection)

    def retranslate(self) -> None:
        self.set_rooms(self._rooms)
        if self._summary is not None:
            self.show_counts(self._summary)

    @property
    def selection(self) -> Selection:
        item = self.currentItem()
        return Selection() if item is None else item.data(SELECTION)

    def show_counts(self, summary: Summary) -> None:
        self._summary = summary
        for row in range(self.count()):
            item = self.item(row)
            selection: Selection | None = item.data(SELECTION)
            if selection is None:
                continue
            count = _count(selection, summary)
            if item.data(COUNT) != count:
                item.setData(COUNT, count)
            words = self.tr("{name}, {photos}").format(name=item.text(), photos=texts.photos(count))
            if item.data(Qt.ItemDataRole.AccessibleTextRole) != words:
                item.setData(Qt.ItemDataRole.AccessibleTextRole, words)

    def select(self, selection: Selection) -> None:
        """Make that row current, as a click does."""
        for row in range(self.count()):
            if self.item(row).data(SELECTION) == selection:
                self.setCurrentRow(row)

    def keyboardSearch(self, search: str) -> None:
        """Letters and digits are the rooms' keys, not a search for names."""

    def _add_room(self, room: Room, keys: RoomKeys) -> None:
        item = self._add(texts.room_name(room), Selection(Show.ROOM, room.id))
        item.setData(ROOM, (room.color, keys))
        item.setToolTip(self.tr("Show {room}.").format(room=texts.room_name(room)))
        if key := self.tr(" or ").join(filter(None, (keys.digit, keys.letter))):
            item.setToolTip(
                self.tr("Show {room}. The key {key} labels the selected photos as {room}.").format(
                    room=texts.room_name(room), key=key
                )
            )

    def _add(self, text: str, selection: Selection, badge: Badge | None = None) -> QListWidgetItem:
        item = QListWidgetItem(text)
        item.setData(SELECTION, selection)
        item.setData(COUNT, 0)
        item.setData(BADGE, badge)
        self.addItem(item)
        return item

    def _add_heading(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        self.addItem(item)

    def _current_changed(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.chosen.emit(item.data(SELECTION))


def _count(selection: Selection, summary: Summary) -> int:
    match selection.show:
        case Show.ROOM:
            return summary.by_room.get(selection.room_id or 0, 0)
        case Show.UNSURE:
            return summary.unsure
        case Show.CORRECTED:
            return summary.corrected
        case Show.NOT_REVIEWED:
            return summary.not_reviewed
        case Show.REJECTED:
            return summary.rejected
        case Show.PROBLEMS:
            return summary.problems
    return summary.photos


class RowDelegate(QStyledItemDelegate):
    """Sign of the room or state, name, the room's digit as a key cap, count at the right end."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(180, max(_SIGN, option.fontMetrics.height()) + 10)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = QPalette(option.palette)
        palette.setCurrentColorGroup(QPalette.ColorGroup.Active)  # headings are disabled, and have to be read too
        base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        font = QFont(option.font)
        rect = option.rect.adjusted(12, 0, -12, 0)
        left_middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if index.data(SELECTION) is None:
            font.setPointSizeF(font.pointSizeF() * 0.9)
            font.setBold(True)
            painter.setFont(font)
            painter.setPen(quiet_text(palette))
            painter.drawText(rect.adjusted(0, 8, 0, 0), left_middle, index.data())
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
        left, right = rect.left(), rect.right()
        top = rect.center().y() - _SIGN // 2 + 1
        room: tuple[str, RoomKeys] | None = index.data(ROOM)
        if room is not None:
            paint_chip(painter, QRect(left, top, _SIGN, _SIGN), room[0], room[1].sign, "")
            left += _SIGN + 10
        elif index.data(BADGE) is not None:
            paint_badge(painter, QRectF(left, top, _SIGN, _SIGN), index.data(BADGE), ring=False)
            left += _SIGN + 10
        count = index.data(COUNT) or 0
        number = texts.number(count)
        painter.setPen(text if count else quiet_text(palette))
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, number)
        right -= max(painter.fontMetrics().horizontalAdvance(number), 24) + 10
        if room is not None and room[1].digit and room[1].letter:
            self._paint_key(painter, palette, QRectF(right - 18, rect.center().y() - 8, 18, 18), room[1].digit)
            right -= 26
        painter.setFont(font)
        painter.setPen(text)
        name = painter.fontMetrics().elidedText(index.data(), Qt.TextElideMode.ElideRight, right - left)
        painter.drawText(QRect(left, rect.top(), right - left, rect.height()), left_middle, name)
        painter.restore()

    def _paint_key(self, painter: QPainter, palette: QPalette, square: QRectF, key: str) -> None:
        base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        painter.setPen(mix(base, text, 0.35))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(square, 4, 4)
        small = QFont(painter.font())
        small.setBold(False)
        small.setPointSizeF(small.pointSizeF() * 0.85)
        painter.setFont(small)
        painter.setPen(quiet_text(palette))
        painter.drawText(square, Qt.AlignmentFlag.AlignCenter, key)
