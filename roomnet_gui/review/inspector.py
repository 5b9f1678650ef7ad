"""All that is known of the current photo: picture, probabilities of every room, file, camera, model."""

from __future__ import annotations

import re

from PySide6.QtCore import QRect, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPixmap, QResizeEvent
from PySide6.QtWidgets import QFormLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from roomnet_core.photos.problems import printable
from roomnet_core.rooms import Room, RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_gui import texts
from roomnet_gui.appearance import Tone, ToneLabel
from roomnet_gui.jobs.runner import Runner
from roomnet_gui.language import Retranslating
from roomnet_gui.review.painting import mix, paint_bar, paint_chip, quiet_text
from roomnet_gui.review.pictures import PictureLoader
from roomnet_gui.review.room_keys import room_keys

# Whoever runs through the photos with an arrow key sees thumbnails; the large one is for where they stop.
_PAUSE_MS = 90
_LINE = 28
# So many rooms get a line each; of more, only the most probable do.
_ALL_LINES, _MOST_LINES = 12, 8


class Inspector(Retranslating, QScrollArea):
    """A panel at the right; `show_photo` fills it."""

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("inspector")
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(260)
        self.setMaximumWidth(560)
        self._picture = _Picture(runner)
        self._name = QLabel()
        self._name.setWordWrap(True)
        font = self._name.font()
        font.setBold(True)
        self._name.setFont(font)
        self._state = QLabel()
        self._state.setWordWrap(True)
        self._bars = ProbabilityBars()
        self._facts = QFormLayout()
        self._facts.setLabelAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._facts.setFormAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        self._facts.setHorizontalSpacing(14)
        self._facts.setVerticalSpacing(6)
        self._values = {key: self._add_fact() for key in ("folder", "pixels", "captured", "camera", "model")}
        inner = QWidget()
        inner.setBackgroundRole(QPalette.ColorRole.Base)
        inner.setAutoFillBackground(True)
        layout = QVBoxLayout(inner)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(10)
        layout.addWidget(self._picture)
        layout.addWidget(self._name)
        layout.addWidget(self._state)
        layout.addWidget(self._bars)
        layout.addLayout(self._facts)
        layout.addStretch()
        self.setWidget(inner)
        self.clear()
        self.retranslate()

    def retranslate(self) -> None:
        """The photo itself is shown again by whoever shows it."""
        self.setAccessibleName(self.tr("Details of the photo"))
        titles = {
            "folder": self.tr("Folder"),
            "pixels": self.tr("Size"),
            "captured": self.tr("Taken"),
            "camera": self.tr("Camera"),
            "model": self.tr("Model"),
        }
        for key, value in self._values.items():
            self._facts.labelForField(value).setText(titles[key])
            value.setAccessibleName(titles[key])
        if self._state.isHidden():
            self.clear()

    def clear(self) -> None:
        """Nothing is selected."""
        self._picture.clear()
        self._name.setText(self.tr("No photo selected"))
        for widget in (self._state, self._bars, self._picture):
            widget.hide()
        self._show_facts({})
        self.setAccessibleDescription(self._name.text())

    def show_photo(
        self, photo: SessionPhoto, rooms: RoomSet, thumbnail: QPixmap | None, *, selected: int, picture: bool
    ) -> None:
        """Show `photo`; `selected` of them are selected. Without `picture` it is on the screen elsewhere."""
        self._picture.setVisible(picture)
        if picture:
            self._picture.show_photo(photo, thumbnail)
        self._name.setText(_breakable(printable(photo.file.path.name)))
        state = texts.describe(photo, rooms)
        if selected > 1:
            state += "\n" + self.tr("{photos} are selected").format(photos=texts.photos(selected))
        self._state.setText(state)
        self._state.show()
        self._bars.setVisible(photo.prediction is not None)
        self._bars.show_photo(photo, rooms)
        facts = {"folder": str(photo.file.path.parent)}
        sizes = []
        if photo.info is not None:
            width, height = photo.info.width, photo.info.height
            sizes.append(f"{width} x {height}")
            sizes.append(self.tr("{count} MP").format(count=texts.number(width * height / 1e6, 1)))
            if photo.info.captured is not None:
                facts["captured"] = texts.moment(photo.info.captured, seconds=True)
            facts["camera"] = photo.info.camera
        if photo.file.size:
            sizes.append(texts.size(photo.file.size))
        facts["pixels"] = texts.listed(sizes)
        facts["model"] = photo.model
        self._show_facts(facts)
        self.setAccessibleDescription(f"{printable(photo.file.path.name)}, {state}")

    def _add_fact(self) -> QLabel:
        label = ToneLabel(Tone.QUIET)
        label.setWordWrap(False)
        value = QLabel()
        value.setWordWrap(True)
        value.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        value.setTextFormat(Qt.TextFormat.PlainText)
        value.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        label.setBuddy(value)
        self._facts.addRow(label, value)
        return value

    def _show_facts(self, facts: dict[str, str]) -> None:
        for key, label in self._values.items():
            text = facts.get(key, "")
            label.setText(text)
            label.setToolTip(text)
            self._facts.setRowVisible(label, bool(text))


class ProbabilityBars(QWidget):
    """One line a room, in the rooms' order: chip, bar, per cent. The decided room is marked by a frame.

    Of very many rooms only the most probable are shown, the first of them first.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("probabilityBars")
        self._photo: SessionPhoto | None = None
        self._rooms: RoomSet | None = None
        self._lines: list[tuple[Room, float]] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_photo(self, photo: SessionPhoto, rooms: RoomSet) -> None:
        self._photo, self._rooms = photo, rooms
        self._lines = []
        if photo.prediction is not None:
            self._lines = list(zip(rooms, photo.prediction.probabilities, strict=False))
            if len(self._lines) > _ALL_LINES:
                self._lines = sorted(self._lines, key=lambda line: -line[1])[:_MOST_LINES]
            words = [f"{texts.room_name(room)} {texts.per_cent(value)}" for room, value in self._lines]
            self.setAccessibleName(self.tr("Probabilities: {words}").format(words=texts.listed(words)))
        self.setFixedHeight(len(self._lines) * _LINE)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._photo is None or self._rooms is None or not self._lines:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = painter.fontMetrics()
        keys = room_keys(self._rooms)
        palette = self.palette()
        number = metrics.horizontalAdvance(texts.per_cent(1.0)) + 8
        lines = [(room, value, texts.room_name(room)) for room, value in self._lines]
        longest = max(metrics.horizontalAdvance(name) for _, _, name in lines) + 12
        side = _LINE - 6
        names = min(longest, self.width() // 2 - side)
        middle = Qt.AlignmentFlag.AlignVCenter
        for place, (room, value, name) in enumerate(lines):
            top = place * _LINE
            if room.id == self._photo.room_id:
                painter.setPen(Qt.PenStyle.NoPen)
                base, highlight = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Highlight)
                painter.setBrush(mix(base, highlight, 0.22))
                painter.drawRoundedRect(QRectF(0, top + 1, self.width(), _LINE - 2), 5, 5)
            paint_chip(painter, QRect(4, top + 3, side, side), room.color, keys[room.id].sign, "")
            left = side + 12
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            elided = metrics.elidedText(name, Qt.TextElideMode.ElideRight, names - 8)
            painter.drawText(QRect(left, top, names, _LINE), middle | Qt.AlignmentFlag.AlignLeft, elided)
            bar = QRectF(left + names, top + _LINE / 2 - 3, self.width() - left - names - number - 6, 6)
            if bar.width() > 8:
                paint_bar(painter, palette, bar, value, room.color)
            painter.setPen(quiet_text(palette))
            area = QRect(self.width() - number - 6, top, number, _LINE)
            painter.drawText(area, middle | Qt.AlignmentFlag.AlignRight, texts.per_cent(value))
        painter.end()


class _Picture(QWidget):
    """As wide as the panel and three quarters as high."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self._pictures = PictureLoader(runner, self)
        self._pictures.loaded.connect(self.update)
        self._photo: SessionPhoto | None = None
        self._thumbnail: QPixmap | None = None
        self._large = False
        self._timer = QTimer(self, singleShot=True, interval=_PAUSE_MS)
        self._timer.timeout.connect(self._want_large)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setSizePolicy(policy)

    def show_photo(self, photo: SessionPhoto, thumbnail: QPixmap | None) -> None:
        if self._photo is None or self._photo.file != photo.file:
            self._large = False
            self._timer.start()
        self._photo, self._thumbnail = photo, thumbnail
        self.update()

    def clear(self) -> None:
        self._timer.stop()
        self._pictures.clear()
        self._photo = self._thumbnail = None

    def _want_large(self) -> None:
        self._large = True
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.setFixedHeight(self.width() * 3 // 4)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        base, text = palette.color(QPalette.ColorRole.Base), palette.color(QPalette.ColorRole.Text)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(mix(base, text, 0.08))
        painter.drawRoundedRect(self.rect(), 5, 5)
        photo = self._photo
        if photo is None:
            painter.end()
            return
        ratio = self.devicePixelRatioF()
        box = QSize(round(self.width() * ratio), round(self.height() * ratio))
        image = self._pictures.get(photo, box) if self._large and photo.problem is None else None
        picture = self._thumbnail if image is None else QPixmap.fromImage(image)
        if picture is not None:
            size = picture.size().toSizeF()
            most = size.scaled(self.size().toSizeF(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRectF(0, 0, most.width(), most.height())
            target.moveCenter(QRectF(self.rect()).center())
            painter.drawPixmap(target, picture, QRectF(picture.rect()))
        elif photo.problem is not None:
            painter.setPen(mix(base, text, 0.65))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(QRectF(self.rect()).adjusted(8, 8, -8, -8), int(flags), texts.problem_kind(photo.problem))
        painter.end()


def _breakable(name: str) -> str:
    """With invisible places to break a long name at, which labels do not find by themselves."""
    return re.sub(r"([_\-.])", "\\1\u200b", name)
