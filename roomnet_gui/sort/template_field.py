"""The name template: a field with the usual templates to choose from, a menu of its words, and an example beneath."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from roomnet_core.sorting.template import FIELDS
from roomnet_gui.appearance import Tone, ToneLabel

# Keep the names; ready for an upload in listing order; by room; by date.
_NUMBERS = ("n", "order")
_USUAL = ("", "{order:02}_{room}_{n}", "{room} {n:02}", "{listing}_{order:02}_{room}_{n:02}", "{date}_{stem}")


class TemplateField(QWidget):
    """An empty template keeps the names. Whoever knows what comes of it shows that through `show_example`."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QComboBox()
        self.box.setObjectName("template")
        self.box.setEditable(True)
        self.box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.box.setAccessibleName(self.tr("Template of the new names"))
        self.box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.box.setMinimumContentsLength(16)
        for template in _USUAL:
            self.box.addItem(template or self.tr("Keep the names"), template)
        self.box.setCurrentIndex(-1)
        field = self.box.lineEdit()
        assert field is not None
        self._field = field
        field.setAccessibleName(self.box.accessibleName())
        field.setPlaceholderText(self.tr("Keep the names"))
        self.box.activated.connect(lambda number: self.set_text(self.box.itemData(number)))
        field.textChanged.connect(lambda _: self.changed.emit())
        label = QLabel(self.tr("New &names:"))
        label.setBuddy(self.box)
        self.insert = QToolButton()
        self.insert.setText(self.tr("&Insert"))
        self.insert.setAccessibleName(self.tr("Insert a field into the template"))
        self.insert.setToolTip(self.tr("What a name can be made of"))
        self.insert.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.insert.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.insert.setMenu(self._make_menu())
        self._example = ToneLabel(Tone.QUIET)
        self._example.setObjectName("templateExample")
        row = QHBoxLayout()
        row.addWidget(self.box, 1)
        row.addWidget(self.insert)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(label)
        layout.addLayout(row)
        layout.addWidget(self._example)
        self.show_example("")

    def text(self) -> str:
        return self._field.text().strip()

    def set_text(self, template: str) -> None:
        self._field.setText(template)

    def show_example(self, text: str, *, wrong: bool = False) -> None:
        """What the template makes of a photo, or what is wrong with it."""
        self._example.say(text or " ", Tone.ERROR if wrong else Tone.QUIET)

    @property
    def example(self) -> str:
        return self._example.text().strip()

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        for field, meaning in FIELDS.items():
            text = f"{{{field}:02}}" if field in _NUMBERS else f"{{{field}}}"
            action = menu.addAction(f"{text}: {meaning}".replace("&", "&&"))
            action.triggered.connect(lambda _=False, text=text: self._insert(text))
        return menu

    def _insert(self, field: str) -> None:
        self._field.insert(field)
        self._field.setFocus()
