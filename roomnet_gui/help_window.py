"""The window of the help: the pages of the guide on the left, found by words, and the chosen one on the right."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QGuiApplication, QImageReader, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSplitter,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from roomnet_core.resources import docs_dir
from roomnet_gui.help_text import FOLDER, Guide, HelpText, anchors_of, picture_names
from roomnet_gui.icons import action_icon
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.language import Retranslating, is_chinese

_SIZE, _LIST_WIDTH = QSize(1000, 760), 210
_FILE = Qt.ItemDataRole.UserRole


def read_guide(folder: Path, names: Sequence[str], language: str = "en") -> Guide:
    """The pages in `language`, from the documentation in `folder`; in English those that it has not been written in.

    What is not there at all is left out.
    """
    guide = Guide({}, {}, {})
    for name in names:
        english, other = folder / FOLDER / name, folder / FOLDER / language / name
        path = other if other.is_file() else english
        if not path.is_file() or not english.is_file():
            continue
        text = guide.pages[name] = path.read_text(encoding="utf-8")
        guide.anchors[name] = anchors_of(english.read_text(encoding="utf-8"))
        for picture in picture_names(text):
            guide.pictures[picture] = (path.parent / picture, QImageReader(str(path.parent / picture)).size())
    return guide


class HelpWindow(Retranslating, QWidget):
    """Reads the guide on a worker the first time; Esc closes."""

    def __init__(self, runner: Runner, pages: Sequence[str]) -> None:
        super().__init__()
        self.setObjectName("helpWindow")
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)  # the program ends with its main window
        self._runner, self._names, self._wanted = runner, pages, pages[0]
        self._language = ""  # in which the guide is being read
        self.search = QLineEdit()
        self.search.setClearButtonEnabled(True)
        self.search.addAction(action_icon("search"), QLineEdit.ActionPosition.LeadingPosition)
        self.list = QListWidget()
        self.list.setSpacing(3)
        self.text = HelpText(runner)
        self.text.page_changed.connect(self._page_changed)
        self.search.textChanged.connect(self._find)
        self.search.returnPressed.connect(self._find_next)
        self.list.currentItemChanged.connect(lambda item, _: self._choose(item))
        self._lay_out()
        self.retranslate()
        screen = QGuiApplication.primaryScreen().availableGeometry().size()
        self.resize(_SIZE.boundedTo(screen - QSize(40, 60)))
        for keys, act in (
            (QKeySequence("Esc"), self.close),
            (QKeySequence(QKeySequence.StandardKey.Find), self.search.setFocus),
            (QKeySequence(QKeySequence.StandardKey.Back), self.text.backward),
            (QKeySequence(QKeySequence.StandardKey.Forward), self.text.forward),
        ):
            QShortcut(keys, self, act)


    def show_page(self, page: str) -> None:
        """`page` is a file name with or without a heading; shown as soon as the guide has been read."""
        self._wanted = page
        if self.text.guide is not None:
            self.text.show_page(page)
            self.text.setFocus()

    # --- parts

    def _lay_out(self) -> None:
        self.back = self._button("undo", self.text.backwardAvailable, self.text.backward)
        self.forward = self._button("redo", self.text.forwardAvailable, self.text.forward)
        top = QHBoxLayout()
        top.addWidget(self.back)
        top.addWidget(self.forward)
        top.addWidget(self.search, 1)
        left = QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(8, 8, 8, 8)
        column.addLayout(top)
        column.addWidget(self.list, 1)
        splitter = QSplitter(Qt.Orientation.Horizontal)
        splitter.addWidget(left)
        splitter.addWidget(self.text)
        splitter.setStretchFactor(1, 1)
        splitter.setChildrenCollapsible(False)
        splitter.setSizes([_LIST_WIDTH, _SIZE.width() - _LIST_WIDTH])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(splitter)

    def retranslate(self) -> None:
        """Name everything in the window's language, and read the guide in it."""
        self._read("zh_CN" if is_chinese() else "en")
        self.setWindowTitle(self.tr("Help"))
        self.search.setPlaceholderText(self.tr("Search the help"))
        self.search.setAccessibleName(self.tr("Search the help"))
        for clear in self.search.findChildren(QToolButton):
            clear.setAccessibleName(self.tr("Clear the search"))
        self.list.setAccessibleName(self.tr("Pages of the help"))
        self.text.setAccessibleName(self.tr("The page that is shown"))
        for button, text in ((self.back, self.tr("Back")), (self.forward, self.tr("Forward"))):
            button.setToolTip(text)
            button.setAccessibleName(text)

    def _button(self, icon: str, available: object, act: object) -> QToolButton:
        button = QToolButton()
        button.setIcon(action_icon(icon))
        button.setAutoRaise(True)
        button.setEnabled(False)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(act)
        available.connect(button.setEnabled)  # type: ignore[attr-defined]
        return button

    # --- pages

    def _read(self, language: str) -> None:
        if language == self._language:
            return
        self._language = language
        if self.text.guide is not None:
            self._wanted = self.text.page

        def work(job: Job) -> Guide:
            return read_guide(docs_dir(), self._names, language)

        def done(guide: Guide) -> None:
            if language == self._language:
                self._fill(guide)

        self._runner.start(Lane.CATALOG, "read the help", work, Callbacks(done=done))

    def _fill(self, guide: Guide) -> None:
        self.text.guide = guide
        self.list.blockSignals(True)
        self.list.clear()
        self.list.blockSignals(False)
        for name, text in guide.pages.items():
            item = QListWidgetItem(text.partition("\n")[0].removeprefix("# "))
            item.setData(_FILE, name)
            self.list.addItem(item)
        if not guide.pages:
            self.text.setPlainText(self.tr("The help is missing from this installation. Install RoomNet again."))
            return
        self.show_page(self._wanted)

    def _page_changed(self) -> None:
        """The list shows which page is read, also after Back and links."""
        name = self.text.page
        for row in range(self.list.count()):
            if self.list.item(row).data(_FILE) == name:
                self.list.blockSignals(True)
                self.list.setCurrentRow(row)
                self.list.blockSignals(False)

    def _choose(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.text.show_page(item.data(_FILE))

    # --- searching

    def _find(self, words: str) -> None:
        """List the pages that hold all the words, and show the first of them where the present one does not."""
        guide = self.text.guide
        if guide is None:
            return
        found = []
        for row in range(self.list.count()):
            item = self.list.item(row)
            text = guide.pages[item.data(_FILE)].casefold()
            item.setHidden(not all(word in text for word in words.casefold().split()))
            if not item.isHidden():
                found.append(item)
        if words and found and self.list.currentItem() not in found:
            self.list.setCurrentItem(found[0])
        self.text.mark(words)

    def _find_next(self) -> None:
        self.text.find_next(self.search.text())
