"""The files that could not be read, each with its reason."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QItemSelection, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

from roomnet_core.photos.photo_file import Problem
from roomnet_core.photos.problems import escaped, printable
from roomnet_core.session.document import SessionDocument
from roomnet_gui import texts
from roomnet_gui.core_texts import spoken
from roomnet_gui.language import Retranslating
from roomnet_gui.tables import set_up_table

Index = QModelIndex | QPersistentModelIndex


class ProblemModel(QAbstractTableModel):
    """One row a photo with a problem: file (below the opened folder) and reason."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[int, Problem]] = []

    def show(self, document: SessionDocument) -> None:
        """Take the problems of `document` as they are now; nothing happens where none came or went."""
        rows = [(photo.id, photo.problem) for photo in document if photo.problem is not None]
        if rows != self._rows:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()

    def photo_id(self, row: int) -> int:
        return self._rows[row][0]

    def as_text(self) -> str:
        """All problems, one a line, for the clipboard."""
        return "\n".join(f"{escaped(str(problem.path))}\t{spoken(problem.message)}" for _, problem in self._rows)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else 2

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("File"), self.tr("What is wrong"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        problem = self._rows[index.row()][1]
        if role == Qt.ItemDataRole.DisplayRole:
            return (printable(problem.relative), spoken(problem.message))[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{printable(str(problem.path))}\n{texts.problem_kind(problem)}: {spoken(problem.message)}"
        return None


class ProblemList(Retranslating, QWidget):
    """A table under the grid; choosing a row selects its photo."""

    photo_chosen = Signal(object)  # photo id

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("problemList")
        self.model = ProblemModel(self)
        self._title = QLabel()
        self._title.setWordWrap(True)
        self._copy = QPushButton()
        self._copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.model.as_text()))
        self.view = QTreeView()
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setModel(self.model)
        set_up_table(self.view, "", stretch=1)
        self.view.header().resizeSection(0, 200)
        self.view.selectionModel().selectionChanged.connect(self._selected)
        top = QHBoxLayout()
        top.addWidget(self._title, 1)
        top.addWidget(self._copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 8)
        layout.addLayout(top)
        layout.addWidget(self.view)
        self.retranslate()

    def retranslate(self) -> None:
        self._copy.setText(self.tr("&Copy list"))
        self._copy.setToolTip(self.tr("Copy all files and reasons to the clipboard"))
        self.view.setAccessibleName(self.tr("Files that could not be read"))
        self._show_title()

    def show_problems(self, document: SessionDocument) -> None:
        self.model.show(document)
        self._show_title()

    def _show_title(self) -> None:
        count = self.model.rowCount()
        self._copy.setEnabled(count > 0)
        if count == 0:
            self._title.setText(self.tr("Every file could be read."))
        else:
            words = self.tr("%Ln file(s) could not be read. What is in them can still be labelled by hand.", "", count)
            self._title.setText(words)

    def _selected(self, selected: QItemSelection) -> None:
        if indexes := selected.indexes():
            self.photo_chosen.emit(self.model.photo_id(indexes[0].row()))
