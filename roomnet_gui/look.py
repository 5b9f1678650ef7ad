"""The appearance and the language that the person chose: what the View menu ticks, and what the settings remember."""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from roomnet_gui.actions import Actions
from roomnet_gui.appearance import apply_scheme
from roomnet_gui.language import Language
from roomnet_gui.window_state import WindowState


class Look(QObject):
    """Belongs to one window; `language` is the application's."""

    def __init__(self, actions: Actions, state: WindowState, language: Language, parent: QObject) -> None:
        super().__init__(parent)
        self._state, self._language = state, language
        for group, chosen in ((actions.schemes, state.scheme), (actions.languages, language.choice)):
            for action in group.actions():
                action.setChecked(action.data() == chosen)
        apply_scheme(state.scheme)
        actions.schemes.triggered.connect(lambda action: self._set_scheme(action.data()))
        actions.languages.triggered.connect(lambda action: self._set_language(action.data()))
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    def _set_language(self, choice: str) -> None:
        self._language.use(choice)
        self._state.language = choice

    def _set_scheme(self, scheme: str) -> None:
        apply_scheme(scheme)
        self._state.scheme = scheme

    def _system_changed(self) -> None:
        apply_scheme(self._state.scheme)
