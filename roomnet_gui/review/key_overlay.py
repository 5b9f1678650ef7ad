"""All keys at a glance, over the whole window; any key or click takes it away."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, Qt
from PySide6.QtGui import (
    QAction,
    QColor,
    QFont,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
)
from PySide6.QtWidgets import QWidget

from roomnet_gui import texts
from roomnet_gui.language import Retranslating
from roomnet_gui.review.painting import mix, quiet_text

_PAD, _COLUMN_GAP, _KEY_GAP = 26, 34, 6


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One line: any of these keys does what `words` say."""

    keys: tuple[str, ...]
    words: str


@dataclass(frozen=True, slots=True)
class KeyGroup:
    title: str
    lines: tuple[KeyLine, ...]


def line_of(action: QAction) -> KeyLine:
    """The line of an action with its keys and its text."""
    keys = dict.fromkeys(key_name(shortcut) for shortcut in action.shortcuts())  # Return and Enter may be one word
    return KeyLine(tuple(keys), texts.plain(action.text()))


def key_name(key: QKeySequence | str) -> str:
    """What the key is called in the language of the moment."""
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.NativeText)


class KeyOverlay(Retranslating, QWidget):
    """Lies over its parent while it is shown and has the keyboard."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("keyOverlay")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._columns: list[list[KeyGroup]] = []
        self._before: QWidget | None = None
        parent.installEventFilter(self)
        self.hide()
        self.retranslate()

    def retranslate(self) -> None:
        """What it shows was made for one moment: it goes."""
        self.setAccessibleName(self.tr("Keys"))
        if self.isVisible():
            self.close_()

    def open(self, columns: Sequence[Sequence[KeyGroup]]) -> None:
        """Show these groups, one list a column."""
        self._columns = [list(column) for column in columns]
        lines = [line for column in self._columns for group in column for line in group.lines]
        self.setAccessibleDescription("; ".join(f"{' / '.join(line.keys)}: {line.words}" for line in lines))
        self._before = self.window().focusWidget()
        self.setGeometry(self.parentWidget().rect())
        self.raise_()
        self.show()
        self.setFocus()

    def close_(self) -> None:
        """Give the keyboard back to whoever had it."""
        self.hide()
        if self._before is not None:
            self._before.setFocus()

    # --- Qt

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self.setGeometry(self.parentWidget().rect())
        return False

    def event(self, event: QEvent) -> bool:
        """No key does anything else while this is shown."""
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() not in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta):
            self.close_()

    def focusNextPrevChild(self, next: bool) -> bool:
        return False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.close_()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(0, 0, 0, 150))
        # What does not fit is drawn smaller, rather than not at all.
        scale = min(1.0, (self.width() - 24) / self._size()[0], (self.height() - 24) / self._size()[1])
        width, height = self._size()
        painter.translate(self.width() / 2, self.height() / 2)
        painter.scale(scale, scale)
        painter.translate(-width / 2, -height / 2)
        self._paint_card(painter, QRectF(0, 0, width, height))
        painter.end()

    # --- layout

    def _line_height(self) -> float:
        return QFontMetrics(self.font()).height() + 12

    def _column_width(self, column: list[KeyGroup]) -> tuple[float, float]:
        """The width of the keys and of the words."""
        metrics = QFontMetrics(self.font())
        lines = [line for group in column for line in group.lines]
        keys = max(sum(_key_width(metrics, key) + _KEY_GAP for key in line.keys) for line in lines)
        titles = QFontMetrics(self._bold())
        words = max(metrics.horizontalAdvance(line.words) for line in lines)
        widest_title = max(titles.horizontalAdvance(group.title) for group in column)
        return keys, max(words, widest_title - keys)

    def _size(self) -> tuple[float, float]:
        widths = [sum(self._column_width(column)) + 10 for column in self._columns]
        rows = max(sum(len(group.lines) + 1.6 for group in column) for column in self._columns)
        width = 2 * _PAD + sum(widths) + _COLUMN_GAP * (len(widths) - 1)
        return width, 2 * _PAD + rows * self._line_height() - 0.6 * self._line_height()

    def _bold(self) -> QFont:
        font = QFont(self.font())
        font.setBold(True)
        return font

    def _paint_card(self, painter: QPainter, card: QRectF) -> None:
        palette = self.palette()
        base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        painter.setPen(mix(base, text, 0.25))
        painter.setBrush(base)
        painter.drawRoundedRect(card, 10, 10)
        line = self._line_height()
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        metrics = QFontMetrics(self.font())
        left = card.left() + _PAD
        for column in self._columns:
            keys, words = self._column_width(column)
            top = card.top() + _PAD
            for group in column:
                painter.setFont(self._bold())
                painter.setPen(quiet_text(palette))
                painter.drawText(QRectF(left, top, keys + words + 10, line), middle, group.title)
                painter.setFont(self.font())
                top += line
                for entry in group.lines:
                    x = left
                    for key in entry.keys:
                        cap = QRectF(x, top + 3, _key_width(metrics, key), line - 6)
                        painter.setPen(mix(base, text, 0.4))
                        painter.setBrush(mix(base, text, 0.08))
                        painter.drawRoundedRect(cap, 4, 4)
                        painter.setPen(text)
                        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
                        x += cap.width() + _KEY_GAP
                    painter.drawText(QRectF(left + keys + 10, top, words + 2, line), middle, entry.words)
                    top += line
                top += 0.6 * line
            left += keys + words + 10 + _COLUMN_GAP


def _key_width(metrics: QFontMetrics, key: str) -> float:
    return max(metrics.height() + 6, metrics.horizontalAdvance(key) + 14)
