"""The large picture of one photo: fitted or at any zoom, with the next one made ahead."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPixmap,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from roomnet_core.photos.problems import printable
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_gui import texts
from roomnet_gui.core_texts import spoken
from roomnet_gui.jobs.runner import Runner
from roomnet_gui.language import Retranslating
from roomnet_gui.review.painting import Badge, badges_of, chip_width, paint_badge, paint_chip, quiet_text
from roomnet_gui.review.pictures import PictureLoader
from roomnet_gui.review.room_keys import room_keys

_CAPTION = 40
_BADGE = 20
_STEP = 1.5
_LARGEST = 4.0
# An arrow key moves the picture by this part of the view.
_PAN = 0.15
_PANS = {Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1)}
_BACK = (Qt.Key.Key_Left, Qt.Key.Key_Up, Qt.Key.Key_PageUp)
_ON = (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_PageDown)


class Preview(Retranslating, QWidget):
    """Shows the thumbnail at once and the sharp picture when it is there.

    Arrows and Page keys step, Esc and Space leave; when the picture is larger than the view, arrows move it.
    """

    left = Signal()
    stepped = Signal(int)

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preview")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.badges: Callable[[SessionPhoto], Sequence[Badge]] = badges_of
        self._pictures = PictureLoader(runner, self)
        self._pictures.loaded.connect(self.update)
        self._photo: SessionPhoto | None = None
        self._rooms: RoomSet | None = None
        self._ahead: Sequence[SessionPhoto] = ()
        self._place = ""
        self._thumbnail: QPixmap | None = None
        self._zoom: float | None = None  # device pixels for one of the photo's; None: fitted
        self._centre = QPointF(0.5, 0.5)  # what lies in the middle of the view, in parts of the photo
        self._grabbed: QPointF | None = None
        self.retranslate()

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Large picture"))

    def show_photo(
        self,
        photo: SessionPhoto,
        rooms: RoomSet,
        place: str,
        thumbnail: QPixmap | None,
        ahead: Sequence[SessionPhoto] = (),
    ) -> None:
        """`place` says which of how many it is; the photos `ahead` are decoded once this one is there."""
        if self._photo is None or self._photo.id != photo.id:
            self._zoom, self._centre = None, QPointF(0.5, 0.5)
        self._photo, self._rooms, self._place, self._thumbnail = photo, rooms, place, thumbnail
        self._ahead = ahead
        self.setAccessibleDescription(f"{printable(photo.file.path.name)}, {texts.describe(photo, rooms)}, {place}")
        self.update()

    def stop(self) -> None:
        """Forget the photo and what is on its way."""
        self._pictures.clear()
        self._photo = self._thumbnail = self._zoom = None
        self._ahead = ()

    # --- zoom

    @property
    def zoomed(self) -> bool:
        return self._zoom is not None

    def toggle_actual_size(self, at: QPointF | None = None) -> None:
        """Between fitted and one pixel of the photo for each of the screen; `at` stays where it is."""
        self._set_zoom(1.0 if self._zoom is None else None, at)

    def zoom_by(self, steps: int, at: QPointF | None = None) -> None:
        zoom = (self._zoom or self._fitted_zoom()) * _STEP**steps
        self._set_zoom(zoom, at)

    def fit(self) -> None:
        self._set_zoom(None)

    def _set_zoom(self, zoom: float | None, at: QPointF | None = None) -> None:
        """A zoom at which the whole photo fits is the fitted one."""
        if self._photo is None or self._full_size().isEmpty():
            return
        before = self._target()
        if zoom is not None:
            zoom = min(zoom, _LARGEST)
            if zoom <= self._fitted_zoom():
                zoom = None
        self._zoom = zoom
        if at is not None and zoom is not None:
            part = QPointF((at.x() - before.x()) / before.width(), (at.y() - before.y()) / before.height())
            size, area = self._zoomed_size(), self._area()
            self._centre = part - QPointF(
                (at.x() - area.center().x()) / size.width(), (at.y() - area.center().y()) / size.height()
            )
        elif zoom is None:
            self._centre = QPointF(0.5, 0.5)
        self._keep_inside()
        self.update()

    def _area(self) -> QRectF:
        return QRectF(0, 0, self.width(), max(1, self.height() - _CAPTION))

    def _full_size(self) -> QSizeF:
        """The photo's size in its own pixels; that of the thumbnail until more is known."""
        if self._photo is not None and self._photo.info is not None:
            return QSizeF(self._photo.info.width, self._photo.info.height)
        image = self._image(None)
        if image is not None:
            return image.size().toSizeF()
        return self._thumbnail.size().toSizeF() if self._thumbnail is not None else QSizeF()

    def _fitted_zoom(self) -> float:
        """A photo that is smaller than the view is shown as it is."""
        size, area = self._full_size(), self._area()
        if size.isEmpty():
            return 1.0
        ratio = self.devicePixelRatioF()
        return min(1.0, area.width() * ratio / size.width(), area.height() * ratio / size.height())

    def _zoomed_size(self) -> QSizeF:
        zoom = self._zoom or self._fitted_zoom()
        return self._full_size() * (zoom / self.devicePixelRatioF())

    def _target(self) -> QRectF:
        """Where the whole photo lies in the widget."""
        size, middle = self._zoomed_size(), self._area().center()
        corner = middle - QPointF(self._centre.x() * size.width(), self._centre.y() * size.height())
        return QRectF(corner, size)

    def _pan(self, pixels: QPointF) -> None:
        size = self._zoomed_size()
        self._centre += QPointF(pixels.x() / size.width(), pixels.y() / size.height())
        self._keep_inside()
        self.update()

    def _keep_inside(self) -> None:
        """No further than to the photo's edge; a side that fits stays centred."""
        size, area = self._zoomed_size(), self._area()

        def clamped(value: float, view: float, whole: float) -> float:
            half = view / whole / 2 if whole else 0.5
            return 0.5 if half >= 0.5 else max(half, min(1 - half, value))

        self._centre = QPointF(
            clamped(self._centre.x(), area.width(), size.width()),
            clamped(self._centre.y(), area.height(), size.height()),
        )

    # --- painting

    def _box(self) -> QSize:
        return (self._area().size() * self.devicePixelRatioF()).toSize()

    def _image(self, box: QSize | None) -> QImage | None:
        if self._photo is None or self._photo.problem is not None or self._box().isEmpty():
            return None
        return self._pictures.get(self._photo, box, self._ahead if box is not None else ())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Base))
        if self._photo is not None:
            painter.setClipRect(self._area())
            self._paint_picture(painter, self._photo)
            painter.setClipping(False)
            self._paint_caption(painter, self._photo)
        painter.end()

    def _paint_picture(self, painter: QPainter, photo: SessionPhoto) -> None:
        # At most one photo is kept at full size: while it is on the screen no other is made ahead.
        picture: QImage | QPixmap | None = self._image(None if self.zoomed else self._box()) or self._thumbnail
        if picture is not None:
            target = self._target()
            if photo.info is None and not self.zoomed:  # its size is not known yet
                most = picture.size().toSizeF().scaled(self._area().size(), Qt.AspectRatioMode.KeepAspectRatio)
                target = QRectF(QPointF(), most)
                target.moveCenter(self._area().center())
            # Whole pixels: else the picture would be resampled for the sake of a fraction.
            target = QRectF(target.topLeft().toPoint().toPointF(), target.size().toSize().toSizeF())
            source = QRectF(picture.rect())
            if isinstance(picture, QImage):
                painter.drawImage(target, picture, source)
            else:
                painter.drawPixmap(target, picture, source)
            return
        painter.setPen(quiet_text(self.palette()))
        words = self.tr("Loading…")
        if photo.problem is not None:
            words = spoken(photo.problem.message)
        elif self._pictures.failed(photo):
            words = self.tr("This photo can no longer be read.")
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self._area().adjusted(40, 0, -40, 0), int(flags), words)

    def _paint_caption(self, painter: QPainter, photo: SessionPhoto) -> None:
        """Badges, room and name at the left; place and zoom at the right."""
        assert self._rooms is not None
        metrics = painter.fontMetrics()
        strip = QRect(12, self.height() - _CAPTION, self.width() - 24, _CAPTION)
        middle = Qt.AlignmentFlag.AlignVCenter
        text = self.palette().color(QPalette.ColorRole.Text)
        zoom = self._zoom or self._fitted_zoom()
        right = f"{texts.per_cent(zoom)}   ·   {self._place}" if photo.info is not None else self._place
        painter.setPen(quiet_text(self.palette()))
        painter.drawText(strip, middle | Qt.AlignmentFlag.AlignRight, right)
        left = strip.left()
        for badge in self.badges(photo):
            paint_badge(painter, QRectF(left, strip.center().y() - _BADGE / 2 + 1, _BADGE, _BADGE), badge, ring=False)
            left += _BADGE + 6
        if photo.room_id is not None:
            room = self._rooms[photo.room_id]
            height = metrics.height() + 6
            name = texts.room_name(room)
            chip = QRect(left, strip.center().y() - height // 2 + 1, chip_width(metrics, height, name), height)
            paint_chip(painter, chip, room.color, room_keys(self._rooms)[room.id].sign, name)
            left = chip.right() + 12
        space = strip.right() - metrics.horizontalAdvance(right) - 16 - left
        words = printable(photo.file.path.name)
        if photo.decided is None and photo.prediction is not None:
            words = f"{texts.per_cent(photo.prediction.confidence)}   ·   {words}"
        painter.setPen(text)
        elided = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, space)
        painter.drawText(QRect(left, strip.top(), space, strip.height()), middle | Qt.AlignmentFlag.AlignLeft, elided)

    # --- keys and mouse

    def event(self, event: QEvent) -> bool:
        """Esc leaves the picture, whatever else it does in the window."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_Space):
            self.left.emit()
        elif self.zoomed and key in _PANS:
            x, y = _PANS[Qt.Key(key)]
            self._pan(QPointF(x * self.width() * _PAN, y * self.height() * _PAN))
        elif key in _BACK:
            self.stepped.emit(-1)
        elif key in _ON:
            self.stepped.emit(1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.stepped.emit(-(1 << 30) if key == Qt.Key.Key_Home else 1 << 30)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.zoomed:
            self._grabbed = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grabbed is not None:
            self._pan(self._grabbed - event.position())
            self._grabbed = event.position()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._grabbed = None
        self.unsetCursor()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.toggle_actual_size(event.position())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.angleDelta().y():
            self.zoom_by(1 if event.angleDelta().y() > 0 else -1, event.position())
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._keep_inside()
