"""What this program is, what it is made of, and under which licences."""

from __future__ import annotations

import platform
import sys
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import PySide6
from PySide6.QtCore import QCoreApplication, QSysInfo, Qt, QUrl, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from roomnet_core.network.card import ModelCard
from roomnet_gui import texts
from roomnet_gui.appearance import Tone, ToneLabel
from roomnet_gui.help import add_help
from roomnet_gui.icons import app_icon

LICENCES = (
    ("Qt, Qt for Python", "LGPL-3.0", ("PySide6-Essentials",)),
    ("LiteRT", "Apache-2.0", ("ai-edge-litert",)),
    ("TensorFlow", "Apache-2.0", ("tensorflow", "tensorflow-cpu", "tensorflow-macos", "tensorflow-intel")),
    ("Keras", "Apache-2.0", ("keras",)),
    ("NumPy", "BSD-3-Clause", ("numpy",)),
    ("Pillow", "MIT-CMU", ("pillow",)),
    ("pillow-heif", "BSD-3-Clause; libheif LGPL-3.0", ("pillow-heif",)),
    ("rawpy", "MIT; LibRaw LGPL-2.1", ("rawpy",)),
    ("openpyxl", "MIT", ("openpyxl",)),
    ("FlatBuffers", "Apache-2.0", ("flatbuffers",)),
    ("Protocol Buffers", "BSD-3-Clause", ("protobuf",)),
    ("platformdirs", "MIT", ("platformdirs",)),
    ("Rich", "MIT", ("rich",)),
    ("Send2Trash", "BSD-3-Clause", ("send2trash",)),
    ("xxhash", "BSD-2-Clause", ("xxhash",)),
    ("Python", "PSF-2.0", ()),
)
"""Name, licence and package of what RoomNet is made of; a package that is not installed is not listed."""


def tr(text: str) -> str:
    return QCoreApplication.translate("About", text)


def version(*packages: str) -> str:
    """The version of the first of these packages that is installed, or nothing. Nothing is imported."""
    for package in packages:
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return ""


@dataclass(frozen=True, slots=True)
class Facts:
    """`device` is what the network runs on, in words; empty while it is not loaded."""

    card: ModelCard
    device: str

    def lines(self) -> list[tuple[str, str]]:
        """What a report about a fault should say, as titles and values."""
        rows = [
            (tr("RoomNet"), version("roomnet") or tr("(not installed)")),
            (tr("Model"), f"{self.card.name}. {texts.model_description(self.card)}"),
            (tr("Runs on"), self.device or tr("(not loaded yet)")),
            ("Qt", f"{qVersion()}, Qt for Python {PySide6.__version__}"),
            ("Python", platform.python_version()),
            ("LiteRT", version("ai-edge-litert")),
            ("TensorFlow", version("tensorflow", "tensorflow-cpu", "tensorflow-macos", "tensorflow-intel")),
            (tr("System"), f"{QSysInfo.prettyProductName()}, {platform.machine()}"),
        ]
        return [(title, value or tr("(not installed)")) for title, value in rows]


def licence_text() -> str:
    """What RoomNet is made of, one part a line, and what its licences ask to be said."""
    parts = [
        f"{name} {found or platform.python_version()}: {licence}"
        for name, licence, packages in LICENCES
        if not packages or (found := version(*packages))
    ]
    sentences = [
        tr("RoomNet is free software under the MIT licence."),
        tr(
            "Qt and Qt for Python are used under the GNU Lesser General Public License, version 3. They are "
            "libraries of their own, which you may replace by other versions; their source is at https://code.qt.io."
        ),
        "\n".join(parts),
    ]
    return "\n\n".join(sentences)


def licence_folder() -> Path | None:
    """Where a bundle keeps the texts of all licences; elsewhere each package has its own."""
    bundle = getattr(sys, "_MEIPASS", None)
    folder = Path(bundle) / "licences" if bundle is not None else None
    return folder if folder is not None and folder.is_dir() else None


class AboutDialog(QDialog):
    """Versions and licences in two tabs; Copy takes everything along for a report."""

    def __init__(self, facts: Facts, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("aboutDialog")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(tr("About RoomNet"))
        self._facts = facts
        self.tabs = QTabWidget()
        versions = "\n".join(tr("{title}: {value}").format(title=title, value=value) for title, value in facts.lines())
        self.versions, self.licences = _text(versions, tr("Versions")), _text(licence_text(), tr("Licences"))
        self.tabs.addTab(self.versions, tr("&Versions"))
        self.tabs.addTab(self.licences, tr("&Licences"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        roles = QDialogButtonBox.ButtonRole
        self.copy_button = buttons.addButton(tr("&Copy"), roles.ActionRole)
        self.copy_button.setToolTip(tr("Copy versions and licences to the clipboard"))
        self.copy_button.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.report()))
        self._offer_texts(buttons)
        buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 14)
        layout.setSpacing(12)
        layout.addLayout(self._make_head())
        layout.addWidget(self.tabs, 1)
        layout.addWidget(buttons)
        add_help(self)
        character = self.fontMetrics().averageCharWidth()
        self.resize(character * 92, self.fontMetrics().height() * 24)

    def report(self) -> str:
        """Everything as plain text."""
        return f"{self.versions.toPlainText()}\n\n{self.licences.toPlainText()}\n"

    def _make_head(self) -> QHBoxLayout:
        picture = QLabel()
        picture.setPixmap(app_icon().pixmap(64, 64))
        title = ToneLabel()
        title.setText(f"RoomNet {version('roomnet')}".strip())
        font = title.font()
        font.setBold(True)
        font.setPointSizeF(font.pointSizeF() * 1.5)
        title.setFont(font)
        words = ToneLabel()
        words.setText(tr("RoomNet sorts house photos by room."))
        promise = ToneLabel(Tone.QUIET)
        promise.setText(tr("Everything stays on this computer: no photo and no name leaves it."))
        column = QVBoxLayout()
        column.setSpacing(3)
        for label in (title, words, promise):
            column.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(picture, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        return row

    def _offer_texts(self, buttons: QDialogButtonBox) -> None:
        folder = licence_folder()
        if folder is not None:
            button = QPushButton(tr("Licence &texts"))
            button.setToolTip(tr("Open the folder with the texts of all licences"))
            button.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder))))
            buttons.addButton(button, QDialogButtonBox.ButtonRole.ActionRole)


def _text(text: str, name: str) -> QPlainTextEdit:
    field = QPlainTextEdit(text)
    field.setReadOnly(True)
    field.setTabChangesFocus(True)
    field.setAccessibleName(name)
    return field
