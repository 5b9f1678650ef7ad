"""What training asks: whether to go on after a crash, what becomes of it when the window closes, whether to cancel."""

from __future__ import annotations

import enum

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QMessageBox, QWidget

from roomnet_core.training.process import RunInfo
from roomnet_gui import texts
from roomnet_gui.help import add_help
from roomnet_gui.train import words


class Leaving(enum.Enum):
    """What becomes of a running training when the window closes."""

    STAY = "stay"  # the window does not close
    LATER = "later"
    THROW_AWAY = "throw away"


class UnfinishedBox(QMessageBox):
    """Esc and the close button mean "Later": nothing is touched, and the next start asks again."""

    go_on_wanted = Signal()
    discard_wanted = Signal()

    def __init__(self, run: RunInfo, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unfinishedBox")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setIcon(QMessageBox.Icon.Question)
        self.setWindowTitle(self.tr("Unfinished training"))
        self.setTextFormat(Qt.TextFormat.PlainText)
        started = run.started.astimezone()
        self.setText(
            self.tr("The training of “{name}” ({recipe}) that was started on {date} did not come to its end.").format(
                name=run.name, recipe=words.recipe_title(run.recipe), date=texts.moment(started)
            )
        )
        self.setInformativeText(
            self.tr("{share} of it is done and kept. It can go on from there now, or later.").format(
                share=texts.per_cent(run.progress)
            )
        )
        roles = QMessageBox.ButtonRole
        self.go_on_button = self.addButton(self.tr("&Go on"), roles.AcceptRole)
        self.discard_button = self.addButton(self.tr("&Throw away"), roles.DestructiveRole)
        self.later_button = self.addButton(self.tr("&Later"), roles.RejectRole)
        self.go_on_button.clicked.connect(self.go_on_wanted)
        self.discard_button.clicked.connect(self.discard_wanted)
        self.setDefaultButton(self.go_on_button)
        self.setEscapeButton(self.later_button)
        add_help(self)


def ask_leaving(parent: QWidget, name: str) -> Leaving:
    """The window closes while a model is being trained."""
    box = QMessageBox(parent)
    box.setObjectName("leavingBox")
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(words.tr("Training is running"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(words.tr("“{name}” is still being trained.").format(name=name))
    box.setInformativeText(words.tr("It can go on from its last epoch when RoomNet is started the next time."))
    roles = QMessageBox.ButtonRole
    later = box.addButton(words.tr("Close and go on &next time"), roles.AcceptRole)
    away = box.addButton(words.tr("&Throw the training away"), roles.DestructiveRole)
    stay = box.addButton(words.tr("&Do not close"), roles.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    add_help(box)
    box.exec()
    return {later: Leaving.LATER, away: Leaving.THROW_AWAY}.get(box.clickedButton(), Leaving.STAY)


def ask_cancelling(parent: QWidget, name: str) -> bool:
    """Whether to throw the running training away."""
    box = QMessageBox(parent)
    box.setObjectName("cancellingBox")
    box.setIcon(QMessageBox.Icon.Question)
    box.setWindowTitle(words.tr("Cancel the training"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(words.tr("Throw away what “{name}” has learned so far?").format(name=name))
    box.setInformativeText(words.tr("Stop and keep the best would make a model of it instead."))
    cancel = box.addButton(words.tr("&Cancel the training"), QMessageBox.ButtonRole.DestructiveRole)
    stay = box.addButton(words.tr("&Go on training"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(stay)
    box.setEscapeButton(stay)
    add_help(box)
    box.exec()
    return box.clickedButton() is cancel
