"""The rooms in the order of a listing, each with the folder it goes to: moved by keys, buttons or the mouse."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QSizePolicy,
    QStyle,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from roomnet_core.rooms import Room, RoomSet
from roomnet_gui import texts
from roomnet_gui.icons import color_icon
from roomnet_gui.tables import set_up_rows

Index = QModelIndex | QPersistentModelIndex
_ROOM, _FOLDER = 0, 1
_MOST_ROWS = 8


class RoomModel(QAbstractTableModel):
    """One row a room: its place and name, and the name of its folder, which can be edited."""

    changed = Signal()

    def __init__(self, rooms: RoomSet, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rooms = list(rooms.in_listing_order())
        self._folders = {room.name: room.folder for room in rooms}
        self._titles = (self.tr("Room"), self.tr("Folder"))

    @property
    def order(self) -> tuple[str, ...]:
        """The rooms' names in listing order."""
        return tuple(room.name for room in self._rooms)

    @property
    def folders(self) -> dict[str, str]:
        """Folder names by room name."""
        return dict(self._folders)

    def set_state(self, order: Sequence[str], folders: Mapping[str, str]) -> None:
        """Take what is known of rooms that are here; a room that is not mentioned keeps its place behind them."""
        places = {name: place for place, name in enumerate(order)}
        self.beginResetModel()
        self._rooms.sort(key=lambda room: (places.get(room.name, len(places)), room.listing_order, room.id))
        for room in self._rooms:
            self._folders[room.name] = folders.get(room.name, "").strip() or room.folder
        self.endResetModel()
        self.changed.emit()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rooms)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        room = self._rooms[index.row()]
        if index.column() == _FOLDER:
            if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
                return self._folders[room.name]
            if role == Qt.ItemDataRole.ToolTipRole:
                return self.tr("The folder of this room. F2 or a double click changes its name.")
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.tr("{place}. {room}").format(place=index.row() + 1, room=texts.room_name(room))
        if role == Qt.ItemDataRole.DecorationRole:
            return color_icon(room.color)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.tr("Alt+Up and Alt+Down, or dragging, changes the order.")
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        name = str(value).strip()
        if not index.isValid() or index.column() != _FOLDER or role != Qt.ItemDataRole.EditRole or not name:
            return False
        self._folders[self._rooms[index.row()].name] = name
        self.dataChanged.emit(index, index, [Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole])
        self.changed.emit()
        return True

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled  # between the rows, and never onto one
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsDragEnabled
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == _FOLDER else flags

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def moveRows(self, source: Index, first: int, count: int, target: Index, before: int) -> bool:
        """What a drag between two rows calls."""
        if source.isValid() or target.isValid() or not 0 <= first < first + count <= len(self._rooms):
            return False
        if not 0 <= before <= len(self._rooms) or not self.beginMoveRows(
            QModelIndex(), first, first + count - 1, QModelIndex(), before
        ):
            return False
        moved: list[Room] = self._rooms[first : first + count]
        del self._rooms[first : first + count]
        place = before if before < first else before - count
        self._rooms[place:place] = moved
        self.endMoveRows()
        # The places are part of the names shown.
        self.dataChanged.emit(self.index(0, _ROOM), self.index(len(self._rooms) - 1, _ROOM))
        self.changed.emit()
        return True


class RoomTable(QWidget):
    """The table and its two buttons."""

    changed = Signal()

    def __init__(self, rooms: RoomSet, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = RoomModel(rooms, self)
        self.model.changed.connect(self.changed)
        self.view = QTableView()
        self.view.setObjectName("roomTable")
        self.view.setModel(self.model)
        set_up_rows(self.view, self.tr("Rooms in listing order, and their folders"), _FOLDER)
        self.view.setAcceptDrops(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.view.setDragDropOverwriteMode(False)
        self.view.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
            | QAbstractItemView.EditTrigger.AnyKeyPressed
        )
        rows = min(_MOST_ROWS, self.model.rowCount())
        height = self.view.verticalHeader().defaultSectionSize() * rows
        height += self.view.horizontalHeader().sizeHint().height() + 2 * self.view.frameWidth()
        self.view.setFixedHeight(height)
        self.view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.view.resizeColumnToContents(_ROOM)
        self.view.horizontalHeader().resizeSection(_ROOM, self.view.columnWidth(_ROOM) + 16)
        self.up = self._button(QStyle.StandardPixmap.SP_ArrowUp, self.tr("Move the room up"), "Alt+Up", -1)
        self.down = self._button(QStyle.StandardPixmap.SP_ArrowDown, self.tr("Move the room down"), "Alt+Down", 1)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._enable())
        self.model.rowsMoved.connect(lambda *_: self._enable())
        self.model.modelReset.connect(self._enable)
        buttons = QVBoxLayout()
        buttons.setSpacing(4)
        buttons.addWidget(self.up)
        buttons.addWidget(self.down)
        buttons.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.view, 1)
        layout.addLayout(buttons)
        self._enable()

    def _button(self, icon: QStyle.StandardPixmap, name: str, keys: str, step: int) -> QToolButton:
        button = QToolButton()
        button.setIcon(self.style().standardIcon(icon))
        button.setAccessibleName(name)
        shortcut = QShortcut(QKeySequence(keys), self.view, context=Qt.ShortcutContext.WidgetShortcut)
        native = shortcut.key().toString(QKeySequence.SequenceFormat.NativeText)
        button.setToolTip(f"{name} ({native})")
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.clicked.connect(lambda: self._move(step))
        shortcut.activated.connect(lambda: self._move(step))
        return button

    def _move(self, step: int) -> None:
        row = self.view.currentIndex().row()
        if row < 0 or not 0 <= row + step < self.model.rowCount():
            return
        self.model.moveRow(QModelIndex(), row, QModelIndex(), row + step if step < 0 else row + step + 1)

    def _enable(self) -> None:
        row = self.view.currentIndex().row()
        self.up.setEnabled(row > 0)
        self.down.setEnabled(0 <= row < self.model.rowCount() - 1)
