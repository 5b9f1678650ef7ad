"""The fields under Advanced, made from the list of options that the trainer has: nothing about them is known here."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QLineEdit, QSpinBox, QWidget

from roomnet_core.training.options import OPTIONS, Option, check_option
from roomnet_gui.appearance import Tone, ToneLabel
from roomnet_gui.core_texts import spoken
from roomnet_gui.language import Retranslating


class OptionForm(Retranslating, QWidget):
    """`options()` are the values that differ from the recipe's own; `error` is what is wrong with them, or empty."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recipe = ""
        self.fields: dict[str, QSpinBox | QLineEdit | QComboBox] = {}
        self._form = QFormLayout(self)
        self._form.setContentsMargins(4, 4, 4, 4)
        self._form.setHorizontalSpacing(16)
        self._form.setVerticalSpacing(6)
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        self._error = ToneLabel(Tone.ERROR)
        for option in OPTIONS:
            field = self._make(option)
            self.fields[option.name] = field
            label = QLabel()
            label.setBuddy(field)
            self._form.addRow(label, field)
        self._form.addRow(self._error)
        self._error.hide()
        self.retranslate()

    def retranslate(self) -> None:
        for option in OPTIONS:
            field = self.fields[option.name]
            title, meaning = spoken(option.title), spoken(option.meaning)
            label = self._form.labelForField(field)
            assert isinstance(label, QLabel)
            label.setText(title)
            for widget in (label, field):
                widget.setToolTip(meaning)
            field.setAccessibleName(title)
            field.setAccessibleDescription(meaning)
            if isinstance(field, QSpinBox):
                field.lineEdit().setAccessibleName(title)
            elif isinstance(field, QComboBox):
                field.view().setAccessibleName(title)
                for row, choice in enumerate(option.choices):
                    field.setItemText(row, _spoken_choice(str(choice)))
        if self._recipe:
            self._error.setText(spoken(self.error))

    @property
    def error(self) -> str:
        """The first sentence of what is wrong."""
        for option in self._shown():
            if words := check_option(self._recipe, option.name, self._value(option)):
                return words
        return ""

    def set_recipe(self, recipe: str) -> None:
        """Show the options of that recipe, with its defaults."""
        self._recipe = recipe
        shown = self._shown()
        for option in OPTIONS:
            self._form.setRowVisible(self.fields[option.name], option in shown)
        self.reset()

    def reset(self) -> None:
        """Back to the recipe's own values."""
        for option in self._shown():
            self._set(option, option.default(self._recipe))
        self._tell()

    def options(self) -> dict[str, Any]:
        return {
            option.name: self._value(option)
            for option in self._shown()
            if self._value(option) != option.default(self._recipe)
        }

    def set_options(self, options: dict[str, Any]) -> None:
        """Put these values in; all others are the recipe's."""
        for option in self._shown():
            self._set(option, options.get(option.name, option.default(self._recipe)))
        self._tell()

    def _shown(self) -> list[Option]:
        return [option for option in OPTIONS if self._recipe in option.recipes]

    def _make(self, option: Option) -> QSpinBox | QLineEdit | QComboBox:
        if option.kind == "int":
            spin = QSpinBox()
            spin.setRange(round(option.low), min(round(option.high), 2**31 - 1))
            spin.setGroupSeparatorShown(True)
            spin.valueChanged.connect(lambda _: self._tell())
            return spin
        if option.kind == "choice":
            box = QComboBox()
            box.addItems([str(choice) for choice in option.choices])  # named by `retranslate`
            box.currentIndexChanged.connect(lambda _: self._tell())
            return box
        line = QLineEdit()
        line.setMaximumWidth(line.fontMetrics().averageCharWidth() * 18)
        line.textChanged.connect(lambda _: self._tell())
        return line

    def _value(self, option: Option) -> Any:
        """What stands in the field; a text that is no number stays a text, which the check refuses."""
        field = self.fields[option.name]
        if isinstance(field, QSpinBox):
            return field.value()
        if isinstance(field, QComboBox):
            return option.choices[max(0, field.currentIndex())]
        text = field.text().strip().replace(",", ".")
        try:
            return float(text)
        except ValueError:
            return text

    def _set(self, option: Option, value: Any) -> None:
        field = self.fields[option.name]
        if isinstance(field, QSpinBox):
            field.setValue(int(value))
        elif isinstance(field, QComboBox):
            field.setCurrentIndex(max(0, list(option.choices).index(value) if value in option.choices else 0))
        else:
            field.setText(f"{value:g}" if isinstance(value, float | int) else str(value))

    def _tell(self) -> None:
        words = self.error
        self._error.setText(spoken(words))
        self._error.setVisible(bool(words))
        self.changed.emit()


def _spoken_choice(choice: str) -> str:
    """A choice in words; the names of models stay."""
    words = {
        "none": QCoreApplication.translate("OptionForm", "none"),
        "mirror": QCoreApplication.translate("OptionForm", "mirror"),
        "full": QCoreApplication.translate("OptionForm", "full"),
        "in use": QCoreApplication.translate("OptionForm", "in use"),
    }
    return words.get(choice, choice)
