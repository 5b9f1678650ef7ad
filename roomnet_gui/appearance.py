"""Light and dark: as the system wants it, or as the user does."""

from __future__ import annotations

import enum

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QLabel, QWidget

SCHEMES = {"system": Qt.ColorScheme.Unknown, "light": Qt.ColorScheme.Light, "dark": Qt.ColorScheme.Dark}

LEAST_CONTRAST = 4.5
"""Of any text with what is behind it."""

_DARK = {
    QPalette.ColorRole.Window: "#2b2d30",
    QPalette.ColorRole.WindowText: "#e6e6e6",
    QPalette.ColorRole.Base: "#1f2123",
    QPalette.ColorRole.AlternateBase: "#26282b",
    QPalette.ColorRole.ToolTipBase: "#3a3d41",
    QPalette.ColorRole.ToolTipText: "#f0f0f0",
    QPalette.ColorRole.Text: "#e6e6e6",
    QPalette.ColorRole.PlaceholderText: "#a0a4a8",
    QPalette.ColorRole.Button: "#35383c",
    QPalette.ColorRole.ButtonText: "#e6e6e6",
    QPalette.ColorRole.BrightText: "#ffffff",
    QPalette.ColorRole.Highlight: "#2f7fc4",
    QPalette.ColorRole.HighlightedText: "#ffffff",
    QPalette.ColorRole.Link: "#6cb2f0",
    QPalette.ColorRole.LinkVisited: "#b794e0",
    QPalette.ColorRole.Light: "#4a4d51",
    QPalette.ColorRole.Midlight: "#404347",
    QPalette.ColorRole.Mid: "#1c1e20",
    QPalette.ColorRole.Dark: "#151618",
    QPalette.ColorRole.Shadow: "#0b0c0d",
}


def apply_scheme(name: str) -> None:
    """Switch the whole application to a key of `SCHEMES`; an unknown one follows the system.

    Plain X11 desktops cannot switch; there a dark palette of our own does it.
    """
    scheme = SCHEMES.get(name, Qt.ColorScheme.Unknown)
    hints = QGuiApplication.styleHints()
    hints.setColorScheme(scheme)
    missing = scheme == Qt.ColorScheme.Dark and hints.colorScheme() != scheme
    QGuiApplication.setPalette(QPalette())  # back to the system's, which may have changed
    QGuiApplication.setPalette(_readable(_dark_palette() if missing else QGuiApplication.palette()))


def contrast(one: QColor, other: QColor) -> float:
    """How well one can be read on the other, 1 to 21. Source: WCAG 2.1, 1.4.3."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(color: QColor) -> float:
    channels = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in color.getRgbF()[:3])
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), channels, strict=True))


def _readable(palette: QPalette) -> QPalette:
    """The palette with what falls short of `LEAST_CONTRAST` in it mended: styles' placeholders and highlights do."""
    mended = QPalette(palette)
    for group in (QPalette.ColorGroup.Active, QPalette.ColorGroup.Inactive):
        base, text = palette.color(group, QPalette.ColorRole.Base), palette.color(group, QPalette.ColorRole.Text)
        highlight = palette.color(group, QPalette.ColorRole.Highlight)
        ink = palette.color(group, QPalette.ColorRole.HighlightedText)
        while contrast(ink, highlight) < LEAST_CONTRAST and highlight.lightness() > 0:
            highlight = highlight.darker(104)
        mended.setColor(group, QPalette.ColorRole.Highlight, highlight)
        quiet = _between(base, text, 0.62)
        mended.setColor(group, QPalette.ColorRole.PlaceholderText, quiet)
    return mended


class Tone(enum.Enum):
    """What a text is, apart from its words."""

    PLAIN = "plain"
    QUIET = "quiet"
    WARNING = "warning"
    ERROR = "error"


def tone_color(tone: Tone) -> QColor:
    """Readable on the background of the moment."""
    palette = QGuiApplication.palette()
    dark = palette.color(QPalette.ColorRole.Base).lightness() < 128
    if tone == Tone.WARNING:
        return QColor("#f2b04b" if dark else "#8f4700")
    if tone == Tone.ERROR:
        return QColor("#ff8f86" if dark else "#b3261e")
    text, window = palette.color(QPalette.ColorRole.WindowText), palette.color(QPalette.ColorRole.Window)
    return text if tone == Tone.PLAIN else _between(text, window, 0.36)  # 5:1 and more, which reads well


def _between(one: QColor, other: QColor, share: float) -> QColor:
    parts = zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)
    return QColor(*(round(a + (b - a) * share) for a, b in parts))


class ToneLabel(QLabel):
    """A label of plain text, several lines if need be, that keeps its tone when light and dark change."""

    def __init__(self, tone: Tone = Tone.PLAIN, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._tone = tone
        self.set_tone(tone)

    def set_tone(self, tone: Tone) -> None:
        self._tone = tone
        palette = QPalette(self.palette())
        palette.setColor(QPalette.ColorRole.WindowText, tone_color(tone))
        self.setPalette(palette)

    def say(self, text: str, tone: Tone) -> None:
        self.setText(text)
        self.set_tone(tone)

    def event(self, event: QEvent) -> bool:
        # Only windows hear of the application's palette; what is in them hears that its own has changed.
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.ApplicationPaletteChange):
            color = self.palette().color(QPalette.ColorRole.WindowText)
            if color != tone_color(self._tone):
                self.setPalette(QPalette())
                self.set_tone(self._tone)
        return super().event(event)


def _dark_palette() -> QPalette:
    palette = QPalette()
    for role, color in _DARK.items():
        palette.setColor(role, QColor(color))
    for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor("#7d8186"))
    palette.setColor(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Highlight, QColor("#4a4d51"))
    return palette
