"""The confusion matrix: what photos of each class were called, as a table that can be read with the keyboard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPalette
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from roomnet_core.rooms import RoomSet
from roomnet_gui import texts
from roomnet_gui.icons import color_icon
from roomnet_gui.language import Retranslating
from roomnet_gui.review.painting import ACCEPTED_COLOR, PROBLEM_COLOR, mix, quiet_text

Index = QModelIndex | QPersistentModelIndex
_SHARE = Qt.ItemDataRole.UserRole + 1
# From so many classes on, columns are as narrow as their numbers.
_MANY = 12


class ConfusionModel(QAbstractTableModel):
    """Row i, column j: photos of class i that were called class j."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rooms: RoomSet | None = None
        self._counts: Sequence[Sequence[int]] = ()

    def show(self, rooms: RoomSet | None, counts: Sequence[Sequence[int]]) -> None:
        """`counts` has a row and a column for each of `rooms`; without rooms the table is empty."""
        same = rooms is not None and rooms == self.rooms and len(counts) == len(self._counts)
        if same:
            self._counts = counts
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.rooms, self._counts = rooms, counts
        self.endResetModel()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._counts)

    def columnCount(self, parent: Index | None = None) -> int:
        return self.rowCount(parent)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self.rooms is None or not 0 <= section < len(self.rooms):
            return None
        room = self.rooms[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return texts.room_name(room)
        if role == Qt.ItemDataRole.DecorationRole and orientation == Qt.Orientation.Vertical:
            return color_icon(room.color)
        if role == Qt.ItemDataRole.ToolTipRole:
            words = self.tr("Photos of {room}") if orientation == Qt.Orientation.Vertical else self.tr("Called {room}")
            return words.format(room=texts.room_name(room))
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or self.rooms is None:
            return None
        row, column = index.row(), index.column()
        count = self._counts[row][column]
        if role == Qt.ItemDataRole.DisplayRole:
            return texts.number(count) if count else ""
        if role == _SHARE:
            return count / max(1, sum(self._counts[row]))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            of, called = texts.room_name(self.rooms[row]), texts.room_name(self.rooms[column])
            return self.tr("{count} of {all} of {room} called {called}").format(
                count=texts.number(count), all=texts.photos(sum(self._counts[row])), room=of, called=called
            )
        return None


class _Cells(QStyledItemDelegate):
    """Shades a cell by its share of the row: right ones in one colour, wrong ones in another."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        palette = option.palette
        base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        right = index.row() == index.column()
        share = float(index.data(_SHARE) or 0.0)
        painter.save()
        if share > 0:
            color = QColor(ACCEPTED_COLOR if right else PROBLEM_COLOR)
            strength = 0.12 + 0.5 * (share if right else min(1.0, 3 * share))
            painter.fillRect(QRectF(option.rect), mix(base, color, strength))
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(palette.color(QPalette.ColorRole.Highlight))
            painter.drawRect(option.rect.adjusted(0, 0, -1, -1))
        painter.setPen(text if share else quiet_text(palette))
        painter.drawText(option.rect, Qt.AlignmentFlag.AlignCenter, index.data() or "")
        painter.restore()


class ConfusionTable(Retranslating, QTableView):
    """`show_matrix` fills it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusion")
        self.matrix = ConfusionModel(self)
        self.setModel(self.matrix)
        self.setItemDelegate(_Cells(self))
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setTabKeyNavigation(False)
        self.setAcceptDrops(False)
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setCornerButtonEnabled(False)
        for header in (self.horizontalHeader(), self.verticalHeader()):
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setHighlightSections(False)
            header.setMinimumSectionSize(20)
        self.horizontalHeader().setTextElideMode(Qt.TextElideMode.ElideRight)
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.setMinimumHeight(self.fontMetrics().height() * 6)
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Confusion matrix: rows are what photos show, columns what they were called"))
        self.setToolTip(self.tr("Each row: what the photos of that class were called"))
        self._fit_columns()

    def sizeHint(self) -> QSize:
        rows = max(4, self.matrix.rowCount())
        height = self.horizontalHeader().sizeHint().height() + rows * self.verticalHeader().defaultSectionSize() + 4
        return QSize(420, min(height, 420))

    def show_matrix(self, rooms: RoomSet | None, counts: Sequence[Sequence[int]]) -> None:
        before = self.matrix.rowCount()
        self.matrix.show(rooms, counts)
        if rooms is None or not counts or before == len(counts):
            return
        self._fit_columns()

    def _fit_columns(self) -> None:
        """As wide as the classes' names in the language of the moment."""
        rooms = self.matrix.rooms
        if rooms is None or not self.matrix.rowCount():
            return
        metrics = self.fontMetrics()
        if len(rooms) > _MANY:
            width = metrics.horizontalAdvance("0,000") + 8
        else:
            width = max(metrics.horizontalAdvance(texts.room_name(room)) for room in rooms) + 18
            width = min(width, metrics.averageCharWidth() * 14)
        self.horizontalHeader().setDefaultSectionSize(width)
        self.updateGeometry()
