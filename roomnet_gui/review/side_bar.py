"""The side bar: rooms and states with their counts; a click filters the grid."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from roomnet_core.rooms import RoomSet
from roomnet_core.session.document import Summary
from roomnet_gui.review.photo_delegate import CORRECTED_COLOR, PROBLEM_COLOR, UNSURE_COLOR
from roomnet_gui.review.photo_filter import ALL, CORRECTED, PROBLEMS, UNSURE, Choice

_CHOICE = Qt.ItemDataRole.UserRole


class SideBar(QListWidget):
    """Emits `chosen` with a filter choice."""

    chosen = Signal(object)

    def __init__(self, rooms: RoomSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Filter by room"))
        self.setIconSize(QSize(22, 22))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._labels: dict[Choice, str] = {}
        self._add(ALL, self.tr("All photos"), QColor("#64748b"), "∗")
        for room in rooms:
            self._add(room.id, room.english, QColor(room.color), room.hotkey or room.english[:1])
        self._add(UNSURE, self.tr("Unsure"), UNSURE_COLOR, "?")
        self._add(CORRECTED, self.tr("Corrected"), CORRECTED_COLOR, "✓")
        self._add(PROBLEMS, self.tr("Problems"), PROBLEM_COLOR, "!")
        self.setCurrentRow(0)
        self.currentItemChanged.connect(lambda item: item is not None and self.chosen.emit(item.data(_CHOICE)))

    def show_counts(self, summary: Summary) -> None:
        """Update every line's count."""
        counts: dict[Choice, int] = {
            ALL: summary.photos,
            UNSURE: summary.unsure,
            CORRECTED: summary.corrected,
            PROBLEMS: summary.problems,
            **summary.by_room,
        }
        for row in range(self.count()):
            item = self.item(row)
            choice = item.data(_CHOICE)
            text = f"{self._labels[choice]}  ({counts[choice]})"
            if item.text() != text:
                item.setText(text)

    def choose(self, choice: Choice) -> None:
        for row in range(self.count()):
            if self.item(row).data(_CHOICE) == choice:
                self.setCurrentRow(row)

    def _add(self, choice: Choice, label: str, color: QColor, sign: str) -> None:
        self._labels[choice] = label
        item = QListWidgetItem(_chip(color, sign), label)
        item.setData(_CHOICE, choice)
        self.addItem(item)


def _chip(color: QColor, sign: str) -> QIcon:
    pixmap = QPixmap(44, 44)
    pixmap.setDevicePixelRatio(2)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(color)
    painter.drawRoundedRect(1, 1, 20, 20, 5, 5)
    painter.setPen(Qt.GlobalColor.white)
    painter.drawText(1, 1, 20, 20, Qt.AlignmentFlag.AlignCenter, sign)
    painter.end()
    return QIcon(pixmap)
