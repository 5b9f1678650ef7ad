"""One photo, large. It is decoded in the background; arrow keys go to its neighbours, Esc closes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QDialog, QLabel, QSizePolicy, QVBoxLayout, QWidget

from roomnet_core.session.photo import SessionPhoto
from roomnet_gui.jobs.classification import decode_thumbnail
from roomnet_gui.jobs.runner import Job, JobRunner
from roomnet_gui.review.thumbnails import to_image

_SIDE = 1600


class Preview(QDialog):
    """`step` asks for the photo that many places away."""

    step = Signal(int)

    def __init__(self, runner: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._job: Job | None = None
        self._pixmap = QPixmap()
        self._picture = QLabel(alignment=Qt.AlignmentFlag.AlignCenter)
        self._picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self._picture.setMinimumSize(200, 150)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._picture)

    def sizeHint(self) -> QSize:
        return QSize(1000, 720)

    def show_photo(self, photo: SessionPhoto, caption: str) -> None:
        """Show `photo`; its thumbnail's place is taken by the large picture as soon as that is decoded."""
        if self._job is not None:
            self._job.cancel()
        self.setWindowTitle(f"{photo.file.path.name} - {caption}")
        self._picture.setAccessibleName(photo.file.path.name)
        self._pixmap = QPixmap()
        self._picture.setText(self.tr("Loading...") if photo.problem is None else photo.problem.message)
        if photo.problem is None:
            path = photo.file.path

            def decode(emit: Callable[[Any], None], cancelled: Callable[[], bool]) -> Any:
                rgb = decode_thumbnail(path, _SIDE)
                return None if rgb is None else to_image(rgb)

            self._job = self._runner.start("preview", decode, on_done=self._show_image)
        self.show()
        self.raise_()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Space):
            self.step.emit(1)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Up):
            self.step.emit(-1)
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _show_image(self, image: Any) -> None:
        if image is None:
            self._picture.setText(self.tr("This photo cannot be read any more."))
        else:
            self._pixmap = QPixmap.fromImage(image)
            self._fit()

    def _fit(self) -> None:
        if not self._pixmap.isNull():
            ratio = self.devicePixelRatioF()
            pixmap = self._pixmap.scaled(
                self._picture.size() * ratio, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            pixmap.setDevicePixelRatio(ratio)
            self._picture.setPixmap(pixmap)
