"""The one case in which labels can be lost: no catalog could be opened, and nothing was exported or sorted."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from roomnet_gui import texts
from roomnet_gui.help import add_help


def ask_unsaved(parent: QWidget, reviewed: int) -> QMessageBox.StandardButton:
    """`Save` (export first), `Discard` or `Cancel`."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("UnsavedQuestion", text)

    box = QMessageBox(parent)
    box.setObjectName("unsavedBox")
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(tr("RoomNet"))
    box.setText(
        tr("You looked at {photos}, and have not exported or sorted them.").format(photos=texts.photos(reviewed))
    )
    box.setInformativeText(tr("RoomNet goes on without saving: without an export your labels are lost."))
    buttons = QMessageBox.StandardButton
    box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
    box.button(buttons.Save).setText(tr("&Export…"))
    box.setDefaultButton(buttons.Save)
    add_help(box)
    return buttons(box.exec())
