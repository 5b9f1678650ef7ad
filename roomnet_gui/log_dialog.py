"""Help > Logs: what the log says, to read, to copy, and where its files are."""

from __future__ import annotations

from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from roomnet_gui.help import add_help
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.logs import logs_dir, read_logs


class LogDialog(QDialog):
    """Reads the log on a worker and shows its end; Esc closes."""

    def __init__(self, runner: Runner, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("logDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Logs"))
        self.resize(820, 520)
        note = QLabel(
            self.tr(
                "What went wrong lately, for a report. It may name your files and folders, so look it over before you "
                "pass it on. RoomNet itself sends nothing."
            )
        )
        note.setWordWrap(True)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setAccessibleName(self.tr("The end of the log"))
        self.text.setPlaceholderText(self.tr("Reading…"))
        self.text.setTabChangesFocus(True)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy_button = QPushButton(self.tr("&Copy"))
        self.folder_button = QPushButton(self.tr("&Open folder"))
        for button, act in ((self.copy_button, self._copy), (self.folder_button, self._open_folder)):
            button.setAutoDefault(False)
            button.clicked.connect(act)
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)
        self.copy_button.setEnabled(False)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(note)
        layout.addWidget(self.text, 1)
        layout.addWidget(buttons)
        add_help(self)
        self._job: Job | None = runner.start(
            Lane.CATALOG, "read the log", lambda job: read_logs(), Callbacks(done=self._show)
        )
        self.finished.connect(lambda _: self._forget())

    def _show(self, text: str) -> None:
        if self._job is None:  # closed before it came
            return
        self.text.setPlaceholderText(self.tr("The log is empty: nothing went wrong."))
        self.text.setPlainText(text)
        bar = self.text.verticalScrollBar()
        bar.setValue(bar.maximum())  # the latest is at the end
        self.copy_button.setEnabled(bool(text))

    def _forget(self) -> None:
        if self._job is not None:
            self._job.cancel()
        self._job = None

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text.toPlainText())

    def _open_folder(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(logs_dir())))
