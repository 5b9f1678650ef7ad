"""Which language the window speaks, and changing it while the window is open.

A widget that stays open mixes `Retranslating` in and sets all its texts in `retranslate`. Dialogs need not: while one
is open nobody can reach the menu that changes the language. How texts are marked and translated is said in
`tools/translations.py`.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QEvent, QLibraryInfo, QLocale, QObject, QTranslator
from PySide6.QtWidgets import QApplication

from roomnet_core.resources import assets_dir

SYSTEM = "system"
LANGUAGES = {SYSTEM: "", "en": "English", "zh_CN": "简体中文"}
"""What can be chosen, and what each language calls itself."""

Words = str | Callable[[], str]
"""What is shown; as a function where it has to be said again in another language."""


def system_language() -> str:
    """The language of `LANGUAGES` that suits the computer's best."""
    for name in QLocale.system().uiLanguages():
        language = QLocale(name).language()
        if language == QLocale.Language.Chinese:
            return "zh_CN"
        if language == QLocale.Language.English:
            break
    return "en"


def is_chinese() -> bool:
    """Whether the window speaks Chinese."""
    return QLocale().language() == QLocale.Language.Chinese


class Language(QObject):
    """Holds the translators of `application`. Every widget hears of a change by QEvent.LanguageChange."""

    def __init__(self, application: QCoreApplication) -> None:
        super().__init__(application)
        self._application = application
        self._translators: list[QTranslator] = []
        self.choice = SYSTEM

    @classmethod
    def of(cls, application: QCoreApplication) -> Language:
        """The one of this application, made when it is first asked for."""
        found = application.findChild(cls)
        return cls(application) if found is None else found

    def use(self, choice: str) -> None:
        """Speak a key of `LANGUAGES`; anything else means the computer's language."""
        if choice == self.choice and self._translators:
            return
        self.choice = choice if choice in LANGUAGES else SYSTEM
        name = system_language() if self.choice == SYSTEM else self.choice
        QLocale.setDefault(_locale(name))
        for translator in self._translators:
            self._application.removeTranslator(translator)
            translator.deleteLater()
        self._translators = []
        qt = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        # The last one is asked first.
        for file, folder in ((f"qtbase_{name}", qt), (f"roomnet_{name}", str(assets_dir() / "translations"))):
            translator = QTranslator(self)
            if translator.load(file, folder) and not translator.isEmpty():
                self._application.installTranslator(translator)
                self._translators.append(translator)
        if isinstance(self._application, QApplication):
            for window in self._application.topLevelWidgets():
                window.setLocale(QLocale())


def _locale(name: str) -> QLocale:
    """The computer's own formats where they are of that language, else those that go with it."""
    system, wanted = QLocale.system(), QLocale(name)
    return system if system.language() == wanted.language() else wanted


def say(words: Words) -> str:
    """The words in the language of the moment."""
    return words if isinstance(words, str) else words()


class Retranslating:
    """Mixed into a widget, before its Qt class: calls `retranslate` when the language has changed."""

    def retranslate(self) -> None:
        """Set every text of the widget that does not come from outside."""
        raise NotImplementedError

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        super().changeEvent(event)  # type: ignore[misc]
