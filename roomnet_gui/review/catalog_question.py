"""What to do when the catalog cannot be opened: nobody's labels may vanish without a word."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget

from roomnet_core.errors import CatalogError
from roomnet_gui.core_texts import spoken
from roomnet_gui.help import add_help


def ask_about_catalog(parent: QWidget, error: CatalogError, answered: Callable[[str], None]) -> None:
    """Ask, and call `answered` with `restore`, `anew`, `again` or `without`."""

    def tr(text: str) -> str:
        return QCoreApplication.translate("CatalogQuestion", text)

    box = QMessageBox(parent)
    box.setObjectName("catalogBox")
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setIcon(QMessageBox.Icon.Warning)
    box.setWindowTitle(tr("RoomNet"))
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(tr("The labels of earlier sittings cannot be opened."))
    box.setInformativeText(spoken(str(error)))
    roles = QMessageBox.ButtonRole
    answers = {}
    if error.kind == "damaged":
        answers[box.addButton(tr("&Restore the backup"), roles.AcceptRole)] = "restore"
        answers[box.addButton(tr("Start &anew (keeps the old file)"), roles.DestructiveRole)] = "anew"
    else:
        answers[box.addButton(tr("&Try again"), roles.AcceptRole)] = "again"
    without = box.addButton(tr("Go on &without saving"), roles.RejectRole)
    answers[without] = "without"
    box.setDefaultButton(next(iter(answers)))
    box.setEscapeButton(without)
    add_help(box)
    box.finished.connect(lambda _: answered(answers.get(box.clickedButton(), "without")))
    box.open()
