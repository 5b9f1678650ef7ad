"""What this program is, and with what it was made."""

from __future__ import annotations

import platform

import PySide6
from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QMessageBox, QWidget

from roomnet_core.network.card import ModelCard


def show_about(parent: QWidget, card: ModelCard) -> None:
    def tr(text: str) -> str:
        return QCoreApplication.translate("About", text)

    lines = [
        tr("RoomNet sorts house photos by room."),
        tr("Everything stays on this computer: no photo and no name leaves it."),
        "",
        tr("Model: {name}. {description}").format(name=card.name, description=card.description),
        tr("Python {python}, Qt for Python {qt} (LGPL-3).").format(
            python=platform.python_version(), qt=PySide6.__version__
        ),
    ]
    QMessageBox.about(parent, tr("About RoomNet"), "\n".join(lines))
