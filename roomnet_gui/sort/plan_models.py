"""A sort's preview as Qt models: the tree of folders with counts, and the table of old and new names."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication

from roomnet_gui import texts
from roomnet_gui.appearance import Tone, tone_color
from roomnet_gui.icons import color_icon
from roomnet_gui.sort.preview import EVERYWHERE, Folder, Row

Index = QModelIndex | QPersistentModelIndex
_ROOT = 0
_RIGHT = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)


class FolderModel(QAbstractItemModel):
    """The destination and, below it, its folders. An index carries the folder's place in the preview's list.

    The list starts with the destination itself; every other folder lies right below it.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._folders: tuple[Folder, ...] = ()
        self._titles = (self.tr("Folder"), self.tr("Photos"))

    def show(self, folders: Sequence[Folder]) -> None:
        """Show other folders; where only numbers changed the rows stay, and with them what is selected."""
        fresh = tuple(folders)
        if [folder.name for folder in fresh] == [folder.name for folder in self._folders]:
            self._folders = fresh
            if fresh:
                self.dataChanged.emit(self.index(0, 0), self.index(0, 1))
            if len(fresh) > 1:
                root = self.index(0, 0)
                self.dataChanged.emit(self.index(0, 0, root), self.index(len(fresh) - 2, 1, root))
            return
        self.beginResetModel()
        self._folders = fresh
        self.endResetModel()

    def folder(self, index: Index) -> str:
        """The name by which rows refer to the folder; `EVERYWHERE` for the destination and for no folder."""
        if not index.isValid() or index.internalId() == _ROOT:
            return EVERYWHERE
        return self._folders[index.internalId()].name

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        if not self.hasIndex(row, column, QModelIndex() if parent is None else parent):
            return QModelIndex()
        place = _ROOT if parent is None or not parent.isValid() else row + 1
        return self.createIndex(row, column, place)

    def parent(self, index: Index | None = None) -> Any:
        if index is None:
            return super().parent()
        if not index.isValid() or index.internalId() == _ROOT:
            return QModelIndex()
        return self.createIndex(0, 0, _ROOT)

    def rowCount(self, parent: Index | None = None) -> int:
        if parent is None or not parent.isValid():
            return min(1, len(self._folders))
        if parent.column() == 0 and parent.internalId() == _ROOT:
            return len(self._folders) - 1
        return 0

    def columnCount(self, parent: Index | None = None) -> int:
        return len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return _RIGHT if role == Qt.ItemDataRole.TextAlignmentRole and section == 1 else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        folder = self._folders[index.internalId()]
        if role == Qt.ItemDataRole.DisplayRole:
            return folder.title if index.column() == 0 else texts.number(folder.count)
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == 1:
            return _RIGHT
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0 and folder.color:
            return color_icon(folder.color)
        if role == Qt.ItemDataRole.ToolTipRole:
            return folder.tip
        return None


class PlanModel(QAbstractTableModel):
    """One row a file: what it is called now, what it becomes, and what is worth knowing of it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[Row] = ()
        self._titles = (self.tr("Now"), self.tr("Then"), self.tr("Remark"))

    def show(self, rows: Sequence[Row]) -> None:
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def row(self, number: int) -> Row:
        return self._rows[number]

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return (row.now, row.then or "-", row.remark)[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join(filter(None, (row.now, row.then and f"→ {row.then}", row.remark)))
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._color(row, index.column())
        if role == Qt.ItemDataRole.FontRole and row.problem and index.column() == 2:
            font = QFont(QGuiApplication.font())
            font.setBold(True)
            return font
        return None

    def _color(self, row: Row, column: int) -> QColor | None:
        if row.problem and column == 2:
            return tone_color(Tone.WARNING)
        if column == 2 or not row.then:
            return tone_color(Tone.QUIET)
        return None
