"""What RoomNet does, in three steps: at the first start, and from the Help menu whenever it is wanted."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from roomnet_gui.appearance import Tone, ToneLabel
from roomnet_gui.help import add_help
from roomnet_gui.icons import app_icon

_NUMBER = 34


class Welcome(QDialog):
    """Says what the person would like to begin with; closing it leaves everything as it is."""

    samples_wanted = Signal()
    folder_wanted = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("welcome")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(self.tr("Welcome to RoomNet"))
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(72, 72))
        picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        title = _label(1.6, bold=True)
        title.setText(self.tr("House photos, sorted by room"))
        title.setAlignment(Qt.AlignmentFlag.AlignCenter)
        promise = ToneLabel(Tone.QUIET)
        promise.setText(self.tr("Everything stays on this computer: no photo and no name leaves it."))
        promise.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        roles = QDialogButtonBox.ButtonRole
        self.samples_button = self.buttons.addButton(self.tr("Try it with &sample photos"), roles.AcceptRole)
        self.folder_button = self.buttons.addButton(self.tr("&Open folder…"), roles.ActionRole)
        self.samples_button.setDefault(True)
        self.samples_button.clicked.connect(lambda: self._go_on(self.samples_wanted))
        self.folder_button.clicked.connect(lambda: self._go_on(self.folder_wanted))
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(32, 24, 32, 20)
        layout.setSpacing(14)
        layout.addWidget(picture)
        layout.addWidget(title)
        layout.addLayout(self._make_steps())
        layout.addWidget(promise)
        layout.addWidget(self.buttons)
        add_help(self)
        self.setMinimumWidth(self.fontMetrics().averageCharWidth() * 88)
        self.samples_button.setFocus()

    def _make_steps(self) -> QGridLayout:
        steps = (
            (
                self.tr("Drop your photos into the window"),
                self.tr("A folder or single photos. RoomNet looks at each of them and names the room that it shows."),
            ),
            (
                self.tr("Have the last word"),
                self.tr("Photos that it is unsure about are marked. One key gives a photo its room, "
                        "and every step can be undone."),
            ),
            (
                self.tr("Take the result with you"),
                self.tr("Sort the photos into a folder for each room, or export them to Excel. "
                        "Nothing is ever overwritten, and a sort can be undone, even weeks later."),
            ),
        )  # fmt: skip
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(1, 1)
        for number, (title, words) in enumerate(steps, start=1):
            heading, text = _label(1.1, bold=True), _label(1.0)
            heading.setText(title)
            text.setText(words)
            row = 3 * number
            grid.addWidget(_Number(number), row, 0, 2, 1, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(heading, row, 1)
            grid.addWidget(text, row + 1, 1)
            grid.setRowMinimumHeight(row + 2, 8)
        return grid

    def _go_on(self, wanted: Signal) -> None:
        self.accept()
        wanted.emit()


class _Number(QWidget):
    """A step's number in a disc of the highlight's colour."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self._number = number
        self.setFixedSize(QSize(_NUMBER, _NUMBER))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
        painter.drawEllipse(QRectF(self.rect()))
        font = painter.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.2)
        painter.setFont(font)
        painter.setPen(QColor(self.palette().color(QPalette.ColorRole.HighlightedText)))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, str(self._number))
        painter.end()


def _label(scale: float, *, bold: bool = False) -> ToneLabel:
    label = ToneLabel()
    font = label.font()
    font.setPointSizeF(font.pointSizeF() * scale)
    font.setBold(bold)
    label.setFont(font)
    return label
