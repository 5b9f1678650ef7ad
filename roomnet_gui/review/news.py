"""What the window tells about while it is true: folders that are gone or changed, a catalog that cannot be written."""

from __future__ import annotations

from PySide6.QtCore import QObject

from roomnet_gui import texts
from roomnet_gui.core_texts import spoken
from roomnet_gui.review.folder_watch import Changes
from roomnet_gui.review.notices import Notices
from roomnet_gui.review.session import ReviewSession


class News(QObject):
    """Says it in `notices`, in the language of the moment."""

    def __init__(self, notices: Notices, session: ReviewSession, parent: QObject) -> None:
        super().__init__(parent)
        self._notices, self._session = notices, session

    def gone(self, folders: list[str]) -> str:
        """What was open last and is not there now. Returns what was said."""
        self._notices.say("gone", lambda: self._gone(folders))
        return self._gone(folders)

    def folders_changed(self, changes: Changes) -> None:
        """Offer what came, changed or went; nothing is added unasked."""
        self._notices.withdraw("folders")
        if changes and not self._session.busy:
            offers = [(lambda: self.tr("&Add") if changes.new else self.tr("&Update"), self._session.look_again)]
            self._notices.say("folders", lambda: texts.folder_changes(changes), offers)

    def paths_changed(self) -> None:
        """Other folders are open: what was said of them is over."""
        self._notices.withdraw("gone")
        self._notices.withdraw("folders")

    def running_changed(self) -> None:
        self._notices.withdraw("folders")

    def catalog_trouble(self, words: str) -> None:
        """The catalog cannot be written, for the reason `words`; empty: it can be again."""
        self._notices.withdraw("catalog")
        if words:
            self._notices.say("catalog", lambda: self._trouble(words), serious=True, lasting=True)

    def _gone(self, folders: list[str]) -> str:
        return self.tr("Not there now: {folders}").format(folders=texts.listed(folders))

    def _trouble(self, words: str) -> str:
        return self.tr("Your labels are not being saved. {words}").format(words=spoken(words))
