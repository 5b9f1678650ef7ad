"""A small dialog over the window while files are written: what, how far, and Cancel."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QProgressBar, QVBoxLayout, QWidget

from roomnet_gui.help import add_help
from roomnet_gui.jobs.job import Job
from roomnet_gui.motion import show_busy


class ProgressDialog(QDialog):
    """Closing it in any way cancels the job; the job's end closes it through `finish`."""

    def __init__(self, title: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(title)
        self.setMinimumWidth(420)
        self._job: Job | None = None
        self._bar = QProgressBar()
        show_busy(self._bar)
        self._bar.setAccessibleName(text)
        label = QLabel(text)
        label.setWordWrap(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(12)
        layout.addWidget(label)
        layout.addWidget(self._bar)
        layout.addWidget(buttons)
        add_help(self, button=False)

    def follow(self, job: Job) -> None:
        self._job = job

    def show_progress(self, done: int, total: int) -> None:
        self._bar.setRange(0, total)
        self._bar.setValue(done)

    def finish(self) -> None:
        self._job = None
        self.close()

    def reject(self) -> None:
        if self._job is not None:
            self._job.cancel()  # its end calls `finish`
        else:
            super().reject()
