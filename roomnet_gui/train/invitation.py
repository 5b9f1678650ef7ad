"""What the Train page shows before there is a photo to learn from: what it needs, and what it does with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from roomnet_gui.appearance import Tone, ToneLabel
from roomnet_gui.icons import app_icon
from roomnet_gui.language import Retranslating


class Invitation(Retranslating, QWidget):
    """The icon, and four sentences below it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(72, 72))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._labels = (_centred(1.5, bold=True), _centred(1.1), _centred(1.0), _centred(0.95))
        for quiet in self._labels[2:]:
            quiet.set_tone(Tone.QUIET)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(48, 24, 48, 24)
        layout.setSpacing(8)
        layout.addStretch(2)
        for widget in (picture, *self._labels):
            layout.addWidget(widget)
        layout.addStretch(3)
        self.retranslate()

    def retranslate(self) -> None:
        sentences = (
            self.tr("Teach RoomNet your own rooms"),
            self.tr("Drop a folder here that has one subfolder for each class, named after it: Kitchen, Garage, …"),
            self.tr("20 photos a class are a start, 100 are good. Photos of one listing may share a folder below."),
            self.tr("The photos are only read. Nothing is written into your folders."),
        )
        for label, words in zip(self._labels, sentences, strict=True):
            label.setText(words)


def _centred(scale: float, *, bold: bool = False) -> ToneLabel:
    label = ToneLabel()
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * scale)
    font.setBold(bold)
    label.setFont(font)
    return label
