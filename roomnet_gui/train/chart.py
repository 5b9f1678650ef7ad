"""Lines over steps or epochs, painted by ourselves: what training needs of a chart, and no more."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from roomnet_gui import texts
from roomnet_gui.review.painting import is_dark, mix, quiet_text

Point = tuple[float, float]
_PAD = 10
_GRID_LINES = 4
# More names than this are told by pointing at a line.
_MOST_NAMES = 8
_NEAR = 14.0
# A live curve may have a point a step: more than a line has pixels are not painted.
_MOST_POINTS = 1200


@dataclass(frozen=True, slots=True)
class Line:
    """`points` are (x, y) with x rising. `dashed` and `dots` tell lines apart where colours do not."""

    name: str
    color: str
    points: tuple[Point, ...]
    dashed: bool = False
    dots: bool = False


class Chart(QWidget):
    """`shares`: y is 0..1 and is shown in per cent; else it starts at 0 and ends where the lines do."""

    def __init__(self, title: str, x_title: str, *, shares: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._x_title, self._shares = title, x_title, shares
        self._lines: tuple[Line, ...] = ()
        self._x_end: float | None = None
        self._waiting = ""
        self._pointer: QPointF | None = None
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(QSize(220, 150))
        self.setAccessibleName(title)

    def set_titles(self, title: str, x_title: str) -> None:
        """Of the chart and of its x axis."""
        self._title, self._x_title = title, x_title
        self.setAccessibleName(title)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(420, 240)

    @property
    def lines(self) -> tuple[Line, ...]:
        return self._lines

    def show_lines(self, lines: Sequence[Line], *, x_end: float | None = None, waiting: str = "") -> None:
        """Show these lines; the axis goes to `x_end`, and `waiting` is said while there is no point."""
        self._lines = tuple(
            Line(line.name, line.color, _thinned(line.points), line.dashed, line.dots) for line in lines
        )
        self._x_end, self._waiting = x_end, waiting
        last = [f"{line.name} {self._say(line.points[-1][1])}" for line in self._lines if line.points]
        self.setAccessibleDescription(texts.listed(last) if last else waiting)
        self.update()

    # --- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        self.render_on(painter, QRectF(self.rect()), self.palette())
        painter.end()

    def render_on(self, painter: QPainter, area: QRectF, palette: QPalette) -> None:
        """Paint everything into `area`, on the screen or into a picture."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        painter.setPen(mix(base, text, 0.18))
        painter.setBrush(base)
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        metrics = painter.fontMetrics()
        line = metrics.height()
        bold = QFont(painter.font())
        plain = QFont(painter.font())
        bold.setBold(True)
        painter.setFont(bold)
        painter.setPen(text)
        heading = QRectF(area.left() + _PAD, area.top() + 6, area.width() - 2 * _PAD, line)
        painter.drawText(heading, Qt.AlignmentFlag.AlignLeft, self._title)
        painter.setFont(plain)
        heading.setBottom(self._paint_names(painter, heading, palette))
        left = area.left() + _PAD + metrics.horizontalAdvance(self._widest_label()) + 6
        plot = QRectF(left, heading.bottom() + 10, area.right() - _PAD - 6 - left, 0)
        plot.setBottom(area.bottom() - 2 * line - 8)
        if plot.height() < 20 or plot.width() < 20:
            return
        self._paint_grid(painter, plot, area, palette)
        if not any(line.points for line in self._lines):
            painter.setPen(quiet_text(palette))
            painter.drawText(plot, int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap), self._waiting)
            return
        for one in self._lines:
            self._paint_line(painter, plot, one, palette)
        if self._pointer is not None and plot.adjusted(-4, -4, 4, 4).contains(self._pointer):
            self._paint_pointed(painter, plot, palette)

    def _paint_names(self, painter: QPainter, heading: QRectF, palette: QPalette) -> float:
        """The legend: at the right of the title, or below it. Returns where the heading ends."""
        if len(self._lines) < 2 or len(self._lines) > _MOST_NAMES:
            return heading.bottom()
        metrics = painter.fontMetrics()
        widths = [metrics.horizontalAdvance(line.name) + 38 for line in self._lines]
        beside = heading.left() + metrics.horizontalAdvance(self._title) * 1.15 + 20
        left, top, height = heading.right() - sum(widths) + 14, heading.top(), heading.height()
        if left < beside:
            left, top = heading.left(), heading.bottom() + 2
        for line, width in zip(self._lines, widths, strict=True):
            if left + width - 14 > heading.right() + 1 and left > heading.left():
                left, top = heading.left(), top + height
            y = top + height / 2 + 1
            painter.setPen(_pen(line, palette))
            painter.drawLine(QPointF(left, y), QPointF(left + 18, y))
            painter.setPen(quiet_text(palette))
            painter.drawText(QRectF(left + 24, top, width, height), line.name)
            left += width
        return top + height

    def _paint_grid(self, painter: QPainter, plot: QRectF, area: QRectF, palette: QPalette) -> None:
        base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        _, top = self._y_range()
        height = painter.fontMetrics().height()
        for number in range(_GRID_LINES + 1):
            value = top * number / _GRID_LINES
            y = plot.bottom() - plot.height() * number / _GRID_LINES
            painter.setPen(mix(base, text, 0.3 if number == 0 else 0.12))
            painter.drawLine(QPointF(plot.left(), y), QPointF(plot.right(), y))
            painter.setPen(quiet_text(palette))
            label = QRectF(area.left(), y - height / 2, plot.left() - area.left() - 6, height)
            painter.drawText(label, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._say(value))
        first, last = self._x_range()
        below = QRectF(plot.left(), plot.bottom() + 4, plot.width(), height)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, _number(first))
        painter.drawText(below, Qt.AlignmentFlag.AlignRight, _number(last))
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, self._x_title)

    def _paint_line(self, painter: QPainter, plot: QRectF, line: Line, palette: QPalette) -> None:
        if not line.points:
            return
        points = [self._at(plot, point) for point in line.points]
        path = QPainterPath(points[0])
        for point in points[1:]:
            path.lineTo(point)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(_pen(line, palette))
        painter.save()
        painter.setClipRect(plot.adjusted(-4, -4, 4, 4))
        painter.drawPath(path)
        if line.dots or len(points) == 1:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(_ink(line.color, palette))
            for point in points:
                painter.drawEllipse(point, 3, 3)
        painter.restore()

    def _paint_pointed(self, painter: QPainter, plot: QRectF, palette: QPalette) -> None:
        """What is under the pointer: the nearest point, with the name of its line."""
        assert self._pointer is not None
        nearest: tuple[float, Line, Point] | None = None
        for line in self._lines:
            for point in line.points:
                at = self._at(plot, point)
                distance = math.hypot(at.x() - self._pointer.x(), (at.y() - self._pointer.y()) * 0.6)
                if nearest is None or distance < nearest[0]:
                    nearest = (distance, line, point)
        if nearest is None or nearest[0] > 4 * _NEAR:
            return
        _, line, point = nearest
        at = self._at(plot, point)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_ink(line.color, palette))
        painter.drawEllipse(at, 4.5, 4.5)
        words = f"{line.name}  {self._say(point[1])}  ({self._x_title.lower()} {_number(point[0])})"
        metrics = painter.fontMetrics()
        box = QRectF(0, 0, metrics.horizontalAdvance(words) + 14, metrics.height() + 6)
        box.moveBottomLeft(at + QPointF(8, -8))
        box.moveRight(min(box.right(), plot.right()))
        box.moveLeft(max(box.left(), plot.left()))
        box.moveTop(max(box.top(), plot.top()))
        painter.setPen(palette.color(QPalette.ColorRole.Mid))
        painter.setBrush(palette.color(QPalette.ColorRole.ToolTipBase))
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(palette.color(QPalette.ColorRole.ToolTipText))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    # --- scales

    def _x_range(self) -> tuple[float, float]:
        xs = [x for line in self._lines if line.points for x in (line.points[0][0], line.points[-1][0])]
        first = min([0.0, *xs])
        last = self._x_end if self._x_end is not None else max(xs, default=1.0)
        return first, max(last, first + 1e-9)

    def _y_range(self) -> tuple[float, float]:
        if self._shares:
            return 0.0, 1.0
        values = [y for line in self._lines for _, y in line.points if math.isfinite(y)]
        return 0.0, _round_up(max(values, default=1.0))

    def _at(self, plot: QRectF, point: Point) -> QPointF:
        first, last = self._x_range()
        _, top = self._y_range()
        y = point[1] if math.isfinite(point[1]) else top
        # No further outside than the plot is large: Qt's painter crashes on coordinates beyond any screen.
        across = min(2.0, max(-1.0, (point[0] - first) / (last - first)))
        up = min(1.0, max(-1.0, y / top))
        return QPointF(plot.left() + plot.width() * across, plot.bottom() - plot.height() * up)

    def _say(self, value: float) -> str:
        return texts.per_cent(value) if self._shares else texts.number(value, 2)

    def _widest_label(self) -> str:
        return self._say(self._y_range()[1])

    # --- pointing

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer = event.position()
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = None
        self.update()


def _pen(line: Line, palette: QPalette) -> QPen:
    style = Qt.PenStyle.DashLine if line.dashed else Qt.PenStyle.SolidLine
    pen = QPen(_ink(line.color, palette), 2, style, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    return pen


def _ink(color: str, palette: QPalette) -> QColor:
    """The colour, lighter on dark ground."""
    return mix(QColor(color), QColor("white"), 0.4) if is_dark(palette) else QColor(color)


def _thinned(points: Sequence[Point]) -> tuple[Point, ...]:
    if len(points) <= _MOST_POINTS:
        return tuple(points)
    step = -(-len(points) // _MOST_POINTS)
    return (*points[:-1:step], points[-1])


def _round_up(value: float) -> float:
    """The next number that is easily read."""
    if not 1e-300 < value < 1e300:  # where a power of ten, or a few times it, is no number any more
        return max(1.0, value)
    power = 10.0 ** math.floor(math.log10(value))
    return next(step * power for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 5, 6, 8, 10, 12) if step * power >= value)


def _number(value: float) -> str:
    return texts.number(value, 0 if value == round(value) else 2)
