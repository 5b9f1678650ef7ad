"""The left half of the sort dialog: every option of a sort, and nothing of what comes of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from roomnet_core.rooms import RoomSet
from roomnet_core.sorting.plan import Mode, SortOptions
from roomnet_gui.appearance import Tone, ToneLabel
from roomnet_gui.sort.room_table import RoomTable
from roomnet_gui.sort.template_field import TemplateField


class OptionsPanel(QWidget):
    """`options()` is what stands in the fields now; `changed` tells of every change of them."""

    changed = Signal()

    def __init__(self, rooms: RoomSet, destinations: list[Path], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rooms = rooms
        self.modes = QButtonGroup(self)
        self.mode_hint = ToneLabel(Tone.QUIET)
        self.destination_box = QComboBox()
        self.template = TemplateField()
        self.room_table = RoomTable(rooms)
        self.unsure = _OwnFolder(self.tr("&Unsure photos into a folder:"), self.tr("Folder of the unsure photos"))
        self.rejected = _OwnFolder(self.tr("Re&jected photos into a folder:"), self.tr("Folder of the rejected photos"))
        self.companions_box = QCheckBox(self.tr("Files &belonging to a photo go with it"))
        self.companions_box.setToolTip(
            self.tr("Files of the same name: .xmp and .aae side files, and the raw picture beside a JPEG.")
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 6, 0)
        layout.setSpacing(6)
        layout.addLayout(self._make_modes())
        layout.addWidget(self.mode_hint)
        layout.addSpacing(6)
        layout.addLayout(self._make_destination(destinations))
        layout.addSpacing(6)
        layout.addWidget(self.template)
        layout.addSpacing(6)
        heading = QLabel(self.tr("&Order and folders of the rooms:"))
        heading.setBuddy(self.room_table.view)
        layout.addWidget(heading)
        layout.addWidget(self.room_table)
        layout.addSpacing(6)
        layout.addWidget(self.unsure)
        layout.addWidget(self.rejected)
        layout.addWidget(self.companions_box)
        layout.addStretch(1)
        self._connect()

    # --- the value

    def options(self) -> SortOptions:
        """What stands in the fields. The destination may be no absolute path while it is being typed."""
        return SortOptions(
            destination=self.destination,
            mode=self.mode,
            template=self.template.text(),
            folders=self.room_table.model.folders,
            order=self.room_table.model.order,
            unsure_folder=self.unsure.folder,
            rejected_folder=self.rejected.folder,
            companions=self.companions_box.isChecked(),
        )

    def set_options(self, options: SortOptions) -> None:
        self.modes.button(list(Mode).index(options.mode)).setChecked(True)
        self.destination_box.setEditText(str(options.destination))
        self.template.set_text(options.template)
        self.room_table.model.set_state(options.order, options.folders)
        self.unsure.set_folder(options.unsure_folder, self.tr("Unsure"))
        self.rejected.set_folder(options.rejected_folder, self.tr("Rejected"))
        self.companions_box.setChecked(options.companions)
        self._mode_changed()

    def set_preset(self, options: SortOptions) -> None:
        """The same without the destination."""
        self.set_options(replace(options, destination=self.destination))

    def forbid_moving(self, why: str) -> None:
        button = self.modes.button(list(Mode).index(Mode.MOVE))
        button.setEnabled(False)
        button.setToolTip(why)
        if button.isChecked():
            self.modes.button(list(Mode).index(Mode.COPY)).setChecked(True)

    @property
    def mode(self) -> Mode:
        return list(Mode)[max(0, self.modes.checkedId())]

    @property
    def destination(self) -> Path:
        return Path(self.destination_box.currentText().strip()).expanduser()

    # --- parts

    def _make_modes(self) -> QHBoxLayout:
        names = {Mode.COPY: self.tr("&Copy"), Mode.MOVE: self.tr("&Move"), Mode.LINK: self.tr("Hard &link")}
        row = QHBoxLayout()
        row.setSpacing(18)
        for number, mode in enumerate(Mode):
            button = QRadioButton(names[mode])
            self.modes.addButton(button, number)
            row.addWidget(button)
        row.addStretch(1)
        return row

    def _make_destination(self, destinations: list[Path]) -> QVBoxLayout:
        box = self.destination_box
        box.setObjectName("destination")
        box.setEditable(True)
        box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        box.setAccessibleName(self.tr("Destination folder"))
        box.lineEdit().setAccessibleName(self.tr("Destination folder"))
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        box.setMinimumContentsLength(20)
        box.addItems([str(path) for path in destinations])
        label = QLabel(self.tr("&Destination:"))
        label.setBuddy(box)
        browse = QPushButton(self.tr("Bro&wse…"))
        browse.setAutoDefault(False)
        browse.clicked.connect(self._browse)
        row = QHBoxLayout()
        row.addWidget(box, 1)
        row.addWidget(browse)
        column = QVBoxLayout()
        column.setSpacing(4)
        column.addWidget(label)
        column.addLayout(row)
        return column

    def _connect(self) -> None:
        self.modes.idToggled.connect(lambda _, checked: self._mode_changed() if checked else None)
        self.destination_box.editTextChanged.connect(lambda _: self.changed.emit())
        self.template.changed.connect(self.changed)
        self.room_table.changed.connect(self.changed)
        self.unsure.changed.connect(self.changed)
        self.rejected.changed.connect(self.changed)
        self.companions_box.toggled.connect(lambda _: self.changed.emit())

    def _mode_changed(self) -> None:
        self.mode_hint.setText(
            {
                Mode.COPY: self.tr("The originals stay where they are."),
                Mode.MOVE: self.tr("Undo brings them back to where they were."),
                Mode.LINK: self.tr("A second name for the same file; it takes no space."),
            }[self.mode]
        )
        self.changed.emit()

    def _browse(self) -> None:
        start = self.destination
        while not start.is_dir() and start != start.parent:
            start = start.parent
        chosen = QFileDialog.getExistingDirectory(self, self.tr("Destination folder"), str(start))
        if chosen:
            self.destination_box.setEditText(chosen)


class _OwnFolder(QWidget):
    """A box that says whether some photos get a folder of their own, and the folder's name."""

    changed = Signal()

    def __init__(self, text: str, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = QCheckBox(text)
        self.field = QLineEdit()
        self.field.setAccessibleName(name)
        self.box.toggled.connect(self.field.setEnabled)
        self.box.toggled.connect(lambda _: self.changed.emit())
        self.field.textChanged.connect(lambda _: self.changed.emit())
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        layout.addWidget(self.field, 1)

    @property
    def folder(self) -> str | None:
        """The folder's name, or None: these photos are left alone."""
        return (self.field.text().strip() or self.field.placeholderText()) if self.box.isChecked() else None

    def set_folder(self, folder: str | None, usual: str) -> None:
        self.field.setPlaceholderText(usual)
        self.field.setText(folder or usual)
        self.box.setChecked(folder is not None)
        self.field.setEnabled(folder is not None)
