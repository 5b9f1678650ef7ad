"""At the start: a sort that was cut off is explained in one sentence, and offered to be finished or undone."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from roomnet_core.sorting.journal import Run, RunState
from roomnet_gui.sort import run_texts


class InterruptedBox(QMessageBox):
    """Esc and the close button mean "Later": nothing is touched, and the next start asks again."""

    finish_wanted = Signal()
    undo_wanted = Signal()

    def __init__(self, run: Run, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("interruptedBox")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setIcon(QMessageBox.Icon.Question)
        self.setWindowTitle(self.tr("Interrupted sort"))
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(run_texts.explained(run))
        roles = QMessageBox.ButtonRole
        if run.state == RunState.UNDOING:
            self.setInformativeText(self.tr("No photo is lost. Undoing can go on, or the sort can be done again."))
            self.finish_button = self.addButton(self.tr("&Go on undoing"), roles.AcceptRole)
            self.undo_button = None
        else:
            self.setInformativeText(self.tr("No photo is lost. The rest can be done now, or all of it undone."))
            self.finish_button = self.addButton(self.tr("&Finish"), roles.AcceptRole)
            self.undo_button = self.addButton(self.tr("&Undo"), roles.DestructiveRole)
            self.undo_button.clicked.connect(self.undo_wanted)
        self.finish_button.clicked.connect(self.finish_wanted)
        later = self.addButton(self.tr("&Later"), roles.RejectRole)
        self.setDefaultButton(self.finish_button)
        self.setEscapeButton(later)
