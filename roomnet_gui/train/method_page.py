"""How to train: three recipes in plain words, everything else under Advanced, and the name of the new model."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from roomnet_core.training.options import QUICK, RECIPES
from roomnet_gui import texts
from roomnet_gui.appearance import Tone, ToneLabel
from roomnet_gui.core_texts import spoken
from roomnet_gui.language import Retranslating
from roomnet_gui.train.option_form import OptionForm

_INDENT = 26
# What can be trained with LiteRT and numpy alone.
_LIGHT = frozenset({QUICK})
_BESIDE = Qt.ToolButtonStyle.ToolButtonTextBesideIcon
_OPEN, _CLOSED = Qt.ArrowType.DownArrow, Qt.ArrowType.RightArrow


def has_tensorflow() -> bool:
    """Whether it could be imported; nothing is."""
    return importlib.util.find_spec("tensorflow") is not None


class MethodPage(Retranslating, QWidget):
    """`start_wanted` tells that the person said go; the page's values say what to do."""

    start_wanted = Signal()
    back_wanted = Signal()

    def __init__(
        self,
        check_name: Callable[[str], str],
        full: bool | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """`full`: the installation can train every recipe; default: look."""
        super().__init__(parent)
        self.setObjectName("methodPage")
        self._check_name = check_name
        self._full = has_tensorflow() if full is None else full
        self._seconds: Mapping[str, float] = {}
        self._blocked = ""
        self._photos = self._classes = 0
        self._explanations: list[ToneLabel] = []
        self.recipes = QButtonGroup(self)
        self._times: dict[str, ToneLabel] = {}
        self.name_field = QLineEdit()
        self.name_field.setObjectName("modelName")
        self.name_field.setMaximumWidth(420)
        self._name_error = ToneLabel(Tone.ERROR)
        self.summary = ToneLabel()
        self.form = OptionForm()
        self.start_button = QPushButton()
        self.start_button.setDefault(True)
        self.start_button.setMinimumHeight(34)
        self._why_not = ToneLabel(Tone.WARNING)
        self._lay_out()
        self.recipes.idToggled.connect(lambda number, checked: self._recipe_changed() if checked else None)
        self.name_field.textChanged.connect(lambda _: self._update())
        self.name_field.returnPressed.connect(self._start)
        self.form.changed.connect(self._update)
        self.start_button.clicked.connect(self._start)
        first = next((number for number, one in enumerate(RECIPES) if self._can(one.name)), 0)
        self.recipes.button(first).setChecked(True)
        self.retranslate()

    def retranslate(self) -> None:
        self.name_field.setAccessibleName(self.tr("Name of the new model"))
        self.name_field.setToolTip(self.tr("The name under which the new model appears in Photos > Model"))
        self._name_label.setText(self.tr("Na&me of the new model:"))
        self.start_button.setText(self.tr("&Start training"))
        self._back.setText(self.tr("&Back to the photos"))
        self.advanced_button.setText(self.tr("Adva&nced"))
        self.advanced_button.setToolTip(self.tr("Numbers for those who know; the usual ones are good"))
        self.reset_button.setText(self.tr("&Usual values"))
        self.reset_button.setToolTip(self.tr("Put the recipe's own values back"))
        lacking = self.tr(
            "Needs TensorFlow, which the light version of RoomNet leaves out. "
            "The full version, which is on the same download page, has it."
        )
        for number, recipe in enumerate(RECIPES):
            button, words = self.recipes.button(number), spoken(recipe.text)
            button.setText(spoken(recipe.title))
            button.setAccessibleDescription(words)
            self._explanations[number].setText(words)
            if not self._can(recipe.name):
                self._times[recipe.name].say(lacking, Tone.WARNING)
        self.set_photos(self._photos, self._classes, self._seconds)
        self._update()

    # --- the values

    @property
    def recipe(self) -> str:
        return RECIPES[max(0, self.recipes.checkedId())].name

    @property
    def name(self) -> str:
        return self.name_field.text().strip()

    def options(self) -> dict[str, Any]:
        return self.form.options()

    def set_choice(self, name: str, recipe: str, options: dict[str, Any]) -> None:
        """Put in what an earlier training had."""
        self.name_field.setText(name)
        for number, one in enumerate(RECIPES):
            if one.name == recipe and self._can(recipe):
                self.recipes.button(number).setChecked(True)
        self.form.set_options(options)

    def set_photos(self, photos: int, classes: int, seconds_a_photo: Mapping[str, float]) -> None:
        """How many there are to learn from, and how long each took with each recipe the last time, if ever."""
        self._photos, self._classes, self._seconds = photos, classes, seconds_a_photo
        words = self.tr("{photos} of %Ln class(es)", "", classes).format(photos=texts.photos(photos))
        self.summary.setText(words if photos else "")
        self._show_times()

    def set_blocked(self, why: str) -> None:
        """Why no training can start now, or empty."""
        self._blocked = why
        self._update()

    def focus_start(self) -> None:
        button = self.recipes.checkedButton()
        (button if button is not None else self.name_field).setFocus()

    def parts(self) -> list[QWidget]:
        """What F6 goes through."""
        return [self.recipes.button(max(0, self.recipes.checkedId())), self.name_field, self.start_button]

    # --- parts

    def _lay_out(self) -> None:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(18, 14, 18, 14)
        column.setSpacing(6)
        column.addWidget(self.summary)
        column.addSpacing(6)
        for number, recipe in enumerate(RECIPES):
            column.addWidget(self._make_recipe(number, recipe.name))
        column.addSpacing(8)
        self.advanced_button = QToolButton()
        self.advanced_button.setCheckable(True)
        self.advanced_button.setAutoRaise(True)
        self.advanced_button.setToolButtonStyle(_BESIDE)
        self.advanced_button.setArrowType(_CLOSED)
        self.advanced_button.toggled.connect(self._show_advanced)
        self.reset_button = QPushButton()
        self.reset_button.setAutoDefault(False)
        self.reset_button.clicked.connect(self.form.reset)
        row = QHBoxLayout()
        row.addWidget(self.advanced_button)
        row.addWidget(self.reset_button)
        row.addStretch(1)
        column.addLayout(row)
        column.addWidget(self.form)
        column.addSpacing(8)
        self._name_label = QLabel()
        self._name_label.setBuddy(self.name_field)
        column.addWidget(self._name_label)
        column.addWidget(self.name_field)
        column.addWidget(self._name_error)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidgetResizable(True)
        scroll.setWidget(inner)
        self._back = QPushButton()
        self._back.setAutoDefault(False)
        self._back.clicked.connect(self.back_wanted)
        bottom = QHBoxLayout()
        bottom.setContentsMargins(18, 8, 18, 12)
        bottom.setSpacing(12)
        bottom.addWidget(self._back)
        bottom.addWidget(self._why_not, 1)
        bottom.addWidget(self.start_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(scroll, 1)
        layout.addLayout(bottom)
        self._show_advanced(False)

    def _make_recipe(self, number: int, name: str) -> QWidget:
        button = QRadioButton()
        font = button.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.1)
        button.setFont(font)
        words = ToneLabel(Tone.QUIET)
        self._explanations.append(words)
        time = ToneLabel()
        self._times[name] = time
        self.recipes.addButton(button, number)
        card = QWidget()
        card.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column = QVBoxLayout(card)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(2)
        column.addWidget(button)
        for label in (words, time):
            label.setContentsMargins(_INDENT, 0, 0, 0)
            column.addWidget(label)
        if not self._can(name):
            button.setEnabled(False)
        return card

    def _can(self, recipe: str) -> bool:
        return self._full or recipe in _LIGHT

    def _show_advanced(self, shown: bool) -> None:
        self.form.setVisible(shown)
        self.reset_button.setVisible(shown)
        self.advanced_button.setArrowType(_OPEN if shown else _CLOSED)

    def _show_times(self) -> None:
        for name, label in self._times.items():
            if not self._can(name):
                continue
            seconds = self._seconds.get(name)
            label.setText(
                self.tr("About {time}, as fast as the last time").format(time=texts.duration(seconds * self._photos))
                if seconds is not None and self._photos
                else ""
            )
            label.setVisible(bool(label.text()))

    # --- what is right

    def _recipe_changed(self) -> None:
        self.form.set_recipe(self.recipe)
        self._update()

    def _update(self) -> None:
        error = self._check_name(self.name)
        shown = error if self.name else ""
        self._name_error.setText(spoken(shown))
        self._name_error.setVisible(bool(shown))
        self._why_not.setText(self._blocked)
        self._why_not.setVisible(True)
        self.start_button.setEnabled(not error and not self.form.error and not self._blocked)

    def _start(self) -> None:
        self._update()
        if self.start_button.isEnabled():
            self.start_wanted.emit()
