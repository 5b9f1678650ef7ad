"""What the window shows before there is a photo: what to do, and where to start."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from roomnet_gui.appearance import Tone, ToneLabel
from roomnet_gui.icons import app_icon
from roomnet_gui.language import Retranslating
from roomnet_gui.review.painting import mix


class EmptyState(Retranslating, QWidget):
    """A dashed frame with the invitation in it; `set_inviting` lights it up while something is dragged over."""

    def __init__(
        self, open_folder: QAction, add_photos: QAction, samples: QAction, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("emptyState")
        self._inviting = False
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(96, 96))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._title, self._text = _label(1.7, bold=True), _label(1.1)
        self._actions = (open_folder, add_photos, samples)
        self._open, self._add, self._samples = _button(open_folder), _button(add_photos), _button(samples)
        self._open.setDefault(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(12)
        buttons.addStretch()
        buttons.addWidget(self._open)
        buttons.addWidget(self._add)
        buttons.addWidget(self._samples)
        buttons.addStretch()
        self._formats, self._privacy = _label(0.95, quiet=True), _label(0.95, quiet=True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(48, 48, 48, 48)
        layout.addStretch(3)
        layout.addWidget(picture)
        layout.addSpacing(18)
        layout.addWidget(self._title)
        layout.addSpacing(4)
        layout.addWidget(self._text)
        layout.addSpacing(22)
        layout.addLayout(buttons)
        layout.addSpacing(24)
        layout.addWidget(self._formats)
        layout.addWidget(self._privacy)
        layout.addStretch(4)
        self.retranslate()

    def retranslate(self) -> None:
        self._title.setText(self.tr("Drop a folder of house photos here"))
        self._text.setText(self.tr("or several photos. Every photo gets its room, and you have the last word."))
        self._open.setText(self.tr("&Open folder…"))
        self._add.setText(self.tr("&Add photos…"))
        self._samples.setText(self.tr("Try with &samples"))
        self._formats.setText(self.tr("JPEG, HEIC, PNG, WebP, TIFF, AVIF, BMP, GIF; subfolders too"))
        self._privacy.setText(
            self.tr("The photos stay on this computer, and nothing is changed unless you ask for it.")
        )
        for button, action in zip((self._open, self._add, self._samples), self._actions, strict=True):
            button.setToolTip(action.toolTip())

    def focus_start(self) -> None:
        """Put the keyboard on the first button."""
        self._open.setFocus()

    def set_inviting(self, inviting: bool) -> None:
        self._inviting = inviting
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = self.palette()
        base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        highlight = palette.color(QPalette.ColorRole.Highlight)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), base)
        color = highlight if self._inviting else mix(base, text, 0.3)
        painter.setPen(QPen(color, 2, Qt.PenStyle.DashLine))
        painter.setBrush(mix(base, highlight, 0.12) if self._inviting else QColor(Qt.GlobalColor.transparent))
        painter.drawRoundedRect(self.rect().adjusted(24, 24, -24, -24), 14, 14)
        painter.end()


def _label(scale: float, *, bold: bool = False, quiet: bool = False) -> QLabel:
    label = ToneLabel(Tone.QUIET if quiet else Tone.PLAIN)
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * scale)
    font.setBold(bold)
    label.setFont(font)
    return label


def _button(action: QAction) -> QPushButton:
    button = QPushButton(action.icon(), "")
    button.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    button.setMinimumHeight(36)
    button.setMinimumWidth(150)
    button.clicked.connect(action.trigger)
    return button
