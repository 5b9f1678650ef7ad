"""Shows a page of the guide, which is Markdown, as text that reads well in light and dark, with its pictures."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import (
    QFont,
    QImage,
    QPalette,
    QResizeEvent,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrameFormat,
    QTextTable,
)
from PySide6.QtWidgets import QTextBrowser, QTextEdit

from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.review.painting import mix

FOLDER = "guide"
"""The folder of the guide in the documentation."""

_MARGIN, _WIDEST, _LINE_PER_CENT = 28, 760, 128
_PAUSE_MS = 120
_PICTURE = re.compile(r"!\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
_TITLE_SIZES = {1: 1.7, 2: 1.3, 3: 1.1}


@dataclass(frozen=True, slots=True)
class Guide:
    """Every page by its file name, in one language; each picture by the name that pages give it.

    `anchors` are those of the headings of a page in English, by which the program knows them in every language.
    """

    pages: dict[str, str]
    anchors: dict[str, list[str]]
    pictures: dict[str, tuple[Path, QSize]]


def picture_names(text: str) -> list[str]:
    """The pictures of a page, as paths from its folder."""
    return _PICTURE.findall(text)


def anchors_of(text: str) -> list[str]:
    """The anchors of a page's headings, in their order."""
    return [anchor_of(line.lstrip("# ")) for line in _FENCE.sub("", text).splitlines() if line.startswith("#")]


def anchor_of(heading: str) -> str:
    """The anchor of a heading as it stands in links: `Take it back` is `take-it-back`."""
    return re.sub(r"[-\s]+", "-", re.sub(r"[^\w\s-]", "", heading).strip().lower())


class HelpText(QTextBrowser):
    """`guide` is there once it has been read; only then can pages be shown. No file is read on the window's thread."""

    page_changed = Signal()

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self.guide: Guide | None = None
        self._runner = runner
        self._pictures: dict[str, QImage] = {}
        self._job: Job | None = None
        self._words = ""
        self.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.document().setDocumentMargin(_MARGIN)
        self.setOpenLinks(False)  # followed here: Qt emits `sourceChanged` before the page has its place
        self.anchorClicked.connect(self._follow)
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._fit_pictures)

    @property
    def page(self) -> str:
        """The file name of the page that is shown."""
        return self.source().path().rpartition("/")[2]

    def show_page(self, page: str) -> None:
        name, _, heading = page.partition("#")
        url = QUrl(f"help:/{FOLDER}/{name}")
        url.setFragment(heading or None)
        self.setSource(url, QTextDocument.ResourceType.MarkdownResource)
        self._shown()

    def backward(self) -> None:
        super().backward()
        self._shown()

    def forward(self) -> None:
        super().forward()
        self._shown()

    def _follow(self, url: QUrl) -> None:
        self.show_page(f"{url.path().rpartition('/')[2] or self.page}#{url.fragment()}")

    # --- what QTextBrowser asks for

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        url = self.source().resolved(QUrl(name))
        if self.guide is None or kind == QTextDocument.ResourceType.ImageResource.value:
            return _nothing()  # the picture comes when a worker has read it
        return self.guide.pages.get(url.path().rpartition("/")[2], "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._timer.start()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange) and self.guide is not None:
            self._timer.start()
            self._dress()

    # --- the page

    def _shown(self) -> None:
        self._dress()
        self._fit_pictures()
        if heading := self.source().fragment():
            self._go_to(heading)
        self.page_changed.emit()

    def _go_to(self, heading: str) -> None:
        assert self.guide is not None
        ahead = list(self.guide.anchors.get(self.page, ()))
        block = self.document().begin()
        while block.isValid() and ahead:
            if block.blockFormat().headingLevel() and ahead.pop(0) == heading:
                top = self.document().documentLayout().blockBoundingRect(block).top()
                self.verticalScrollBar().setValue(round(top) - _MARGIN // 2)
                self.setTextCursor(QTextCursor(block))  # the keyboard goes on from there
                return
            block = block.next()

    def _dress(self) -> None:
        """What Markdown leaves open: sizes, spaces, and colours that fit the palette of the moment."""
        palette = self.palette()
        base, ink = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        link, paper = palette.color(QPalette.ColorRole.Link), mix(base, ink, 0.07)
        size = self.font().pointSizeF()
        cursor = QTextCursor(self.document())
        cursor.beginEditBlock()
        block = self.document().begin()
        while block.isValid():
            shape = QTextBlockFormat()
            level = block.blockFormat().headingLevel()
            code = block.blockFormat().nonBreakableLines() or block.blockFormat().hasProperty(
                QTextFormat.Property.BlockCodeFence
            )
            if not code and "\ufffc" not in block.text():  # which stands for a picture
                shape.setLineHeight(_LINE_PER_CENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
            if level:
                shape.setTopMargin(size * (0.4 if level == 1 else 1.9))
                shape.setBottomMargin(size * 0.7)
            if code:
                shape.setBackground(paper)
                shape.setNonBreakableLines(False)
            cursor.setPosition(block.position())
            cursor.mergeBlockFormat(shape)
            for fragment in _fragments(block):
                wear = QTextCharFormat()
                if level:
                    wear.setFontPointSize(size * _TITLE_SIZES.get(level, 1.0))
                    wear.setFontWeight(QFont.Weight.Bold)
                if fragment.charFormat().fontFixedPitch() and not code:
                    wear.setBackground(paper)
                if fragment.charFormat().isAnchor():
                    wear.setForeground(link)
                cursor.setPosition(fragment.position())
                cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
                cursor.mergeCharFormat(wear)
            block = block.next()
        for frame in self.document().rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                _dress_table(frame, mix(base, ink, 0.22), paper)
        cursor.endEditBlock()

    # --- its pictures

    def _fit_pictures(self) -> None:
        """Let every picture take the width that there is, and have a worker make it of that size."""
        if self.guide is None:
            return
        ratio = self.devicePixelRatioF()
        room = max(200, min(_WIDEST, self.viewport().width() - 2 * _MARGIN))
        wanted: dict[str, tuple[Path, QSize]] = {}
        cursor = QTextCursor(self.document())
        block = self.document().begin()
        while block.isValid():
            for fragment in _fragments(block):
                if not fragment.charFormat().isImageFormat():
                    continue
                picture = fragment.charFormat().toImageFormat()
                path, size = self.guide.pictures.get(picture.name(), (Path(), QSize()))
                if size.isEmpty():
                    continue
                size = size.scaled(QSize(min(room, size.width()), 10_000), Qt.AspectRatioMode.KeepAspectRatio)
                picture.setWidth(size.width())
                picture.setHeight(size.height())
                cursor.setPosition(fragment.position())
                cursor.setPosition(fragment.position() + fragment.length(), QTextCursor.MoveMode.KeepAnchor)
                cursor.setCharFormat(picture)
                wanted[picture.name()] = (path, size * ratio)
            block = block.next()
        self._load(wanted, ratio)

    def _load(self, wanted: dict[str, tuple[Path, QSize]], ratio: float) -> None:
        if self._job is not None:
            self._job.cancel()

        def work(job: Job) -> None:
            for name, (path, size) in wanted.items():
                if job.cancelled():
                    return
                whole = QImage(str(path))
                ignore, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
                picture = whole.scaled(size, ignore, smooth)
                picture.setDevicePixelRatio(ratio)
                job.send((name, picture))

        def show(items: list[tuple[str, QImage]]) -> None:
            if job is not self._job:  # of another page, or another width
                return
            for name, picture in items:
                url = self.document().baseUrl().resolved(QUrl(name))  # by which the document looks it up
                self.document().addResource(QTextDocument.ResourceType.ImageResource.value, url, picture)
            self.document().markContentsDirty(0, self.document().characterCount())
            self.viewport().update()

        job = self._job = self._runner.start(Lane.LARGE, "read pictures of the help", work, Callbacks(items=show))

    # --- searching

    def mark(self, words: str) -> None:
        """Mark every place of every word on the page."""
        self._words = words
        marks = []
        paint = QTextCharFormat()
        paint.setBackground(Qt.GlobalColor.yellow)
        paint.setForeground(Qt.GlobalColor.black)
        for word in words.split():
            cursor = QTextCursor(self.document())
            while not (cursor := self.document().find(word, cursor)).isNull():
                selection = QTextEdit.ExtraSelection()
                selection.cursor = cursor  # type: ignore[attr-defined]
                selection.format = paint  # type: ignore[attr-defined]
                marks.append(selection)
        self.setExtraSelections(marks)

    def find_next(self, words: str) -> None:
        """Go to the next place of the first word, from the top again after the last."""
        word = next(iter(words.split()), "")
        if word and not self.find(word):
            self.moveCursor(QTextCursor.MoveOperation.Start)
            self.find(word)


def _fragments(block: Any) -> Iterator[Any]:
    """The pieces of a block with one format each, listed first because dressing them changes what there is."""
    found = []
    place = block.begin()
    while not place.atEnd():
        found.append(place.fragment())
        place += 1
    yield from found


def _dress_table(table: QTextTable, line: Any, paper: Any) -> None:
    shape = table.format()
    shape.setBorderCollapse(True)
    shape.setBorder(1)
    shape.setBorderBrush(line)
    shape.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
    shape.setCellPadding(6)
    shape.setTopMargin(8)
    shape.setBottomMargin(12)
    table.setFormat(shape)
    for column in range(table.columns()):
        cell = table.cellAt(0, column)
        wear = cell.format()
        wear.setBackground(paper)
        cell.setFormat(wear)
        cursor = cell.firstCursorPosition()
        while not cursor.block().text() and cell.firstPosition() < cell.lastPosition():
            cursor.deleteChar()  # the end of a code block before the table, which Qt puts into its first cell
        cursor.setPosition(cell.lastPosition(), QTextCursor.MoveMode.KeepAnchor)
        bold, tight = QTextCharFormat(), QTextBlockFormat()
        bold.setFontWeight(QFont.Weight.Bold)
        tight.setTopMargin(0)
        cursor.mergeCharFormat(bold)
        cursor.mergeBlockFormat(tight)


def _nothing() -> QImage:
    image = QImage(1, 1, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    return image
