"""Bars over the photos that say something which is true for a while, with what can be done about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from roomnet_gui.icons import action_icon
from roomnet_gui.language import Retranslating, Words, say
from roomnet_gui.review.painting import PROBLEM_COLOR, mix

Offer = tuple[Words, Callable[[], None]]


class Notices(QWidget):
    """At most one bar a subject; a new one of the same subject replaces it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("notices")
        self._bars: dict[str, _Bar] = {}
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(0)
        self.hide()

    def say(
        self, subject: str, text: Words, offers: Sequence[Offer] = (), *, serious: bool = False, lasting: bool = False
    ) -> None:
        """Show `text` and a button for each offer, which also takes the bar away. A `lasting` bar cannot be closed."""
        self.withdraw(subject)
        bar = _Bar(text, offers, lambda: self.withdraw(subject), serious=serious, lasting=lasting)
        self._bars[subject] = bar
        self._layout.addWidget(bar)
        self.show()

    def withdraw(self, subject: str) -> None:
        """The subject is settled."""
        if (bar := self._bars.pop(subject, None)) is not None:
            bar.hide()
            bar.deleteLater()
        self.setVisible(bool(self._bars))

    def text(self, subject: str) -> str:
        """What is said of the subject now, or nothing."""
        return self._bars[subject].text if subject in self._bars else ""

    def take_offer(self, subject: str, number: int = 0) -> None:
        """As if its button was pressed."""
        self._bars[subject].buttons[number].click()


class _Bar(Retranslating, QFrame):
    def __init__(
        self, text: Words, offers: Sequence[Offer], close: Callable[[], None], *, serious: bool, lasting: bool
    ) -> None:
        super().__init__()
        self._words, self._offers = text, offers
        self._serious = serious
        self.setAutoFillBackground(True)
        self._label = QLabel()
        self._label.setWordWrap(True)
        self._label.setTextFormat(Qt.TextFormat.PlainText)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 10, 6)
        layout.setSpacing(8)
        layout.addWidget(self._label, 1)
        self.buttons = []
        for _, act in offers:
            button = QPushButton()
            button.setAutoDefault(True)  # Enter presses it
            button.clicked.connect(close)
            button.clicked.connect(act)
            layout.addWidget(button)
            self.buttons.append(button)
        self._dismiss = QToolButton()
        self._dismiss.setIcon(action_icon("cancel"))
        self._dismiss.setAutoRaise(True)
        self._dismiss.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._dismiss.clicked.connect(close)
        layout.addWidget(self._dismiss)
        if lasting:
            self._dismiss.hide()
        self.retranslate()
        self._tint()

    def retranslate(self) -> None:
        self.text = say(self._words)
        self._label.setText(self.text)
        for button, (words, _) in zip(self.buttons, self._offers, strict=True):
            button.setText(say(words))
        self._dismiss.setToolTip(self.tr("Dismiss"))
        self._dismiss.setAccessibleName(self.tr("Dismiss: {text}").format(text=self.text))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._tint()

    def _tint(self) -> None:
        palette = QPalette()
        tint = PROBLEM_COLOR if self._serious else palette.color(QPalette.ColorRole.Highlight)
        palette.setColor(QPalette.ColorRole.Window, mix(palette.color(QPalette.ColorRole.Base), tint, 0.2))
        palette.setColor(QPalette.ColorRole.WindowText, palette.color(QPalette.ColorRole.Text))
        if palette.color(QPalette.ColorRole.Window) != self.palette().color(QPalette.ColorRole.Window):
            self.setPalette(palette)
