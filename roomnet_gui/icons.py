"""Icons from the SVG files in assets/icons, drawn in the text colour so that they fit light and dark."""

from __future__ import annotations

import functools

from PySide6.QtCore import QByteArray, QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer

from roomnet_core.resources import assets_dir

_SWATCH = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
    '<rect x="1.5" y="1.5" width="13" height="13" rx="3.5" fill="COLOR"/></svg>'
)


class _TintedSvg(QIconEngine):
    """Renders the SVG at the size asked for, with `currentColor` replaced by the palette's colour of the moment."""

    def __init__(self, svg: str) -> None:
        super().__init__()
        self._svg = svg

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        group = QPalette.ColorGroup.Disabled if mode == QIcon.Mode.Disabled else QPalette.ColorGroup.Active
        role = QPalette.ColorRole.HighlightedText if mode == QIcon.Mode.Selected else QPalette.ColorRole.ButtonText
        color = QGuiApplication.palette().color(group, role).name()
        _renderer(self._svg.replace("currentColor", color)).render(painter, QRectF(rect))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        pixmap = QPixmap(size)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        self.paint(painter, QRect(QPoint(0, 0), size), mode, state)
        painter.end()
        return pixmap

    def clone(self) -> QIconEngine:
        return _TintedSvg(self._svg)


def _renderer(svg: str) -> QSvgRenderer:
    return QSvgRenderer(QByteArray(svg.encode()))


@functools.cache
def _read(name: str) -> str:
    return (assets_dir() / "icons" / f"{name}.svg").read_text(encoding="utf-8")


def action_icon(name: str) -> QIcon:
    """The icon `name`, in the colour of button text."""
    return QIcon(_TintedSvg(_read(name)))


def color_icon(color: str) -> QIcon:
    """A rounded square of that colour."""
    return QIcon(_TintedSvg(_SWATCH.replace("COLOR", color)))


def app_icon() -> QIcon:
    """The program's own icon, in its own colours."""
    icon = QIcon()
    renderer = _renderer(_read("roomnet"))
    small = _renderer(_read("roomnet-small"))
    for side in (16, 24, 32, 48, 64, 128, 256):
        pixmap = QPixmap(side, side)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        (small if side <= 24 else renderer).render(painter, QRectF(0, 0, side, side))
        painter.end()
        icon.addPixmap(pixmap)
    return icon
