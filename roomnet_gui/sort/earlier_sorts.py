"""Every sort that was ever made, also before the last start: undo it, redo it, finish it, or open its folder."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from roomnet_core.sorting.journal import Run
from roomnet_gui.appearance import Tone, ToneLabel
from roomnet_gui.help import add_help
from roomnet_gui.sort import run_texts
from roomnet_gui.tables import set_up_rows

Index = QModelIndex | QPersistentModelIndex
_WHEN, _WHAT, _WHERE, _STATE = range(4)


class RunModel(QAbstractTableModel):
    """One row a run, the latest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[Run, ...] = ()
        self._titles = (self.tr("When"), self.tr("What"), self.tr("Where to"), self.tr("State"))

    def show(self, runs: Sequence[Run]) -> None:
        self.beginResetModel()
        self._runs = tuple(runs)
        self.endResetModel()

    def run(self, row: int) -> Run:
        return self._runs[row]

    def row_of(self, run_id: int) -> int | None:
        return next((row for row, run in enumerate(self._runs) if run.id == run_id), None)

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._runs)

    def columnCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._titles)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return self._titles[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        run = self._runs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            if index.column() == _WHEN:
                return run_texts.when(run.started)
            if index.column() == _WHAT:
                return run_texts.what(run)
            return str(run.destination) if index.column() == _WHERE else run_texts.state(run)
        if role == Qt.ItemDataRole.ToolTipRole:
            return "\n".join((run_texts.name(run), str(run.destination), run_texts.state(run)))
        return None


class EarlierSorts(QDialog):
    """Says what is wanted through its signals, each with the run; whoever carries it out calls `show_runs` again."""

    undo_wanted = Signal(object)
    redo_wanted = Signal(object)
    finish_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("earlierSorts")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowModality(Qt.WindowModality.WindowModal)
        self.setWindowTitle(self.tr("Earlier sorts"))
        self.resize(820, 420)
        self.model = RunModel(self)
        self.view = QTableView()
        self.view.setModel(self.model)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        set_up_rows(self.view, self.tr("Earlier sorts, the latest first"), _WHERE)
        for column, text in ((_WHEN, "88 WWW 8888 88:88"), (_WHAT, "88,888 photos copied"), (_STATE, "x" * 28)):
            width = self.view.fontMetrics().horizontalAdvance(text) + 24
            self.view.horizontalHeader().resizeSection(column, width)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._enable())
        nothing = ToneLabel(Tone.QUIET)
        nothing.setText(self.tr("Nothing has been sorted yet.\nEvery sort will be listed here and can be undone here."))
        nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._pages = QStackedWidget()
        self._pages.addWidget(nothing)
        self._pages.addWidget(self.view)
        intro = QLabel(self.tr("A sort can be undone as long as its files are there and unchanged."))
        intro.setWordWrap(True)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.buttons.rejected.connect(self.reject)
        self.undo = self._button(self.tr("&Undo"), lambda: self.undo_wanted.emit(self.current()))
        self.redo = self._button(self.tr("&Redo"), lambda: self.redo_wanted.emit(self.current()))
        self.finish = self._button(self.tr("&Finish"), lambda: self.finish_wanted.emit(self.current()))
        self.open_folder = self._button(self.tr("&Open folder"), self._open_folder)
        layout = QVBoxLayout(self)
        layout.setSpacing(10)
        layout.addWidget(intro)
        layout.addWidget(self._pages, 1)
        layout.addWidget(self.buttons)
        add_help(self)
        self._enable()

    def show_runs(self, runs: Sequence[Run]) -> None:
        """List these runs; the current one stays current."""
        before = self.current()
        self.model.show(runs)
        self._pages.setCurrentIndex(1 if runs else 0)
        row = None if before is None else self.model.row_of(before.id)
        if runs:
            self.view.setCurrentIndex(self.model.index(row or 0, 0))
            self.view.setFocus()
        self._enable()

    def current(self) -> Run | None:
        index = self.view.currentIndex()
        return self.model.run(index.row()) if index.isValid() else None

    def _button(self, text: str, action: Any) -> QPushButton:
        button = self.buttons.addButton(text, QDialogButtonBox.ButtonRole.ActionRole)
        button.setAutoDefault(False)
        button.clicked.connect(action)
        return button

    def _enable(self) -> None:
        run = self.current()
        self.undo.setEnabled(run is not None and run.can_undo)
        self.redo.setEnabled(run is not None and run.can_redo)
        self.finish.setEnabled(run is not None and run.can_finish)
        self.open_folder.setEnabled(run is not None)

    def _open_folder(self) -> None:
        if (run := self.current()) is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(run.destination)))
