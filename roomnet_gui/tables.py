"""What the tables of the window have in common."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QTreeView,
)

_PADDING = 8


class _RoomyRows(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return super().sizeHint(option, index) + QSize(_PADDING, _PADDING)


class ElidedInTheMiddle(QStyledItemDelegate):
    """For paths and file names, which the two ends tell apart."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        option.textElideMode = Qt.TextElideMode.ElideMiddle


def set_up_table(view: QTreeView, name: str, stretch: int) -> None:
    """A table of few rows with `stretch` as the column that takes the space; the others can be resized."""
    view.setRootIsDecorated(False)
    view.setUniformRowHeights(True)
    view.setItemDelegate(_RoomyRows(view))
    _set_up(view, name, view.header(), stretch)


def set_up_rows(view: QTableView, name: str, *stretch: int) -> None:
    """The same for many rows: a QTreeView asks a model about each of its rows at once, a QTableView does not."""
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setTabKeyNavigation(False)  # the Tab key leaves the table, as it does any other list
    rows = view.verticalHeader()
    rows.hide()
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(view.fontMetrics().height() + _PADDING)
    view.horizontalHeader().setHighlightSections(False)
    view.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    _set_up(view, name, view.horizontalHeader(), *stretch)


def _set_up(view: QTreeView | QTableView, name: str, header: QHeaderView, *stretch: int) -> None:
    view.setAccessibleName(name)
    view.setAcceptDrops(False)  # photos dropped here belong to the window
    view.setAlternatingRowColors(True)
    view.setTextElideMode(Qt.TextElideMode.ElideRight)
    header.setStretchLastSection(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
    for column in stretch:
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
