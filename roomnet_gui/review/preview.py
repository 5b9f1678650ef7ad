"""The large picture of one photo, decoded in the background."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRect, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from roomnet_core.photos.decode import decode_photo
from roomnet_core.session.photo import SessionPhoto
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.review.thumbnails import to_image

_CAPTION = 34


class Preview(QWidget):
    """Shows the thumbnail at once and the sharp picture when it is there. Arrows step, Esc and Space leave."""

    left = Signal()
    stepped = Signal(int)

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("preview")
        self.setAccessibleName(self.tr("Large picture"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._runner = runner
        self._photo: SessionPhoto | None = None
        self._words = ""
        self._pixmap: QPixmap | None = None
        self._sharp_for: tuple[str, QSize] | None = None
        self._job: Job | None = None

    def show_photo(self, photo: SessionPhoto, words: str, thumbnail: QPixmap | None) -> None:
        """`words` is the caption; a photo that is shown already keeps its picture."""
        same = self._photo is not None and self._photo.file == photo.file
        self._photo, self._words = photo, words
        self.setAccessibleDescription(f"{photo.file.path.name}, {words}")
        if not same:
            self._pixmap = thumbnail
            self._sharp_for = None
        self._load()
        self.update()

    def stop(self) -> None:
        """Forget the photo and what is on its way."""
        if self._job is not None:
            self._job.cancel()
        self._job = self._photo = self._pixmap = self._sharp_for = None

    def _load(self) -> None:
        photo = self._photo
        if photo is None or photo.problem is not None or not self.isVisible():
            return
        ratio = self.devicePixelRatioF()
        box = QSize(round(self.width() * ratio), round((self.height() - _CAPTION) * ratio))
        wanted = (str(photo.file.path), box)
        if wanted == self._sharp_for or box.isEmpty():
            return
        self._sharp_for = wanted
        if self._job is not None:
            self._job.cancel()  # whoever holds an arrow key down wants the last photo, not all of them

        def work(job: Job) -> QImage:
            return to_image(decode_photo(photo.file.path, min_side=min(box.width(), box.height())).rgb, box)

        def done(image: QImage) -> None:
            if self._sharp_for == wanted:
                self._pixmap = QPixmap.fromImage(image)
                self._pixmap.setDevicePixelRatio(ratio)
                self.update()

        # A photo that cannot be decoded keeps its thumbnail; the grid says what is wrong with it.
        self._job = self._runner.start(Lane.PICTURES, "preview", work, Callbacks(done=done, failed=lambda error: None))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        palette = self.palette()
        painter.fillRect(self.rect(), palette.color(QPalette.ColorRole.Base))
        area = QRect(0, 0, self.width(), self.height() - _CAPTION)
        if self._photo is not None:
            painter.setPen(palette.color(QPalette.ColorRole.Text))
            caption = QRect(12, area.height(), self.width() - 24, _CAPTION)
            text = f"{self._photo.file.path.name}   ·   {self._words}"
            elided = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, caption.width())
            painter.drawText(caption, Qt.AlignmentFlag.AlignCenter, elided)
            if self._photo.problem is not None:
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(area.adjusted(40, 0, -40, 0), flags, self._photo.problem.message)
        if self._pixmap is not None and not area.isEmpty():
            keep = Qt.AspectRatioMode.KeepAspectRatio
            size = self._pixmap.deviceIndependentSize().scaled(area.size().toSizeF(), keep)
            x, y = (area.width() - size.width()) / 2, (area.height() - size.height()) / 2
            target = QRect(QPointF(x, y).toPoint(), size.toSize())
            painter.drawPixmap(target, self._pixmap)
        painter.end()

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
        match event.key():
            case Qt.Key.Key_Escape | Qt.Key.Key_Space | Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.left.emit()
            case Qt.Key.Key_Left | Qt.Key.Key_Up | Qt.Key.Key_PageUp:
                self.stepped.emit(-1)
            case Qt.Key.Key_Right | Qt.Key.Key_Down | Qt.Key.Key_PageDown:
                self.stepped.emit(1)
            case _:
                super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.left.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._load()
