"""The bar over the Train page: its four steps, and the models."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QPushButton, QToolButton, QWidget

from roomnet_gui.language import Retranslating

PHOTOS, METHOD, TRAINING, RESULT = range(4)


class StepBar(Retranslating, QWidget):
    """`steps` has a button for each step, by its number."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.steps = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 14, 6)
        layout.setSpacing(4)
        for number in (PHOTOS, METHOD, TRAINING, RESULT):
            button = QToolButton()
            button.setCheckable(True)
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            button.setMinimumHeight(28)
            self.steps.addButton(button, number)
            layout.addWidget(button)
        layout.addStretch(1)
        self.models_button = QPushButton()
        self.models_button.setAutoDefault(False)
        layout.addWidget(self.models_button)
        self.retranslate()

    def retranslate(self) -> None:
        names = (self.tr("1  Photos"), self.tr("2  Method"), self.tr("3  Training"), self.tr("4  Result"))
        for number, name in enumerate(names):
            self.steps.button(number).setText(name)
        self.models_button.setText(self.tr("Mo&dels…"))
        self.models_button.setToolTip(self.tr("Use, rename, export, import and remove models"))
