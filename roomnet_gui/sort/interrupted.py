"""At the start: a sort that was cut off is explained in one sentence, and offered to be finished or undone."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from roomnet_core.sorting.journal import Kind, Run, RunState
from roomnet_gui.help import add_help
from roomnet_gui.sort import run_texts


class InterruptedBox(QMessageBox):
    """Esc and the close button mean "Later": nothing is touched, and the next start asks again."""

    finish_wanted = Signal()
    undo_wanted = Signal()
    later_wanted = Signal()

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
        if run.state is RunState.UNDOING:
            self.setInformativeText(self.tr("No photo is lost. The undoing can go on now, or later."))
            finish = self.tr("&Go on undoing")
        elif run.kind is Kind.EMBED:
            self.setInformativeText(self.tr("No photo is lost. The keywords that are there can stay, or be taken out."))
            finish = self.tr("&Keep them")
        else:
            self.setInformativeText(self.tr("No photo is lost. The rest can be done now, or all of it undone."))
            finish = self.tr("&Finish")
        self.finish_button = self.addButton(finish, roles.AcceptRole)
        self.undo_button = self.addButton(self.tr("&Undo"), roles.DestructiveRole)
        self.undo_button.setVisible(run.state is not RunState.UNDOING)
        self.undo_button.clicked.connect(self.undo_wanted)
        self.finish_button.clicked.connect(self.finish_wanted)
        later = self.addButton(self.tr("&Later"), roles.RejectRole)
        later.clicked.connect(self.later_wanted)
        self.setDefaultButton(self.finish_button)
        self.setEscapeButton(later)
        add_help(self)
