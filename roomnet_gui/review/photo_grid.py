"""The grid of photos: selection, keys, and the menu with the rooms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QWidget

from roomnet_gui.review.photo_delegate import PhotoDelegate
from roomnet_gui.review.photo_filter import PhotoFilter

_SPACING = 2
_Select = QItemSelectionModel.SelectionFlag


class PhotoGrid(QListView):
    """Never a widget a cell: uniform sizes and batched layout keep 20,000 photos quick."""

    open_requested = Signal()  # Enter, Space or a double click

    def __init__(
        self,
        photos: PhotoFilter,
        delegate: PhotoDelegate,
        fill_menu: Callable[[QMenu], None],
        parent: QWidget | None = None,
    ) -> None:
        """`fill_menu` adds what can be done with the selection to the context menu."""
        super().__init__(parent)
        self.setObjectName("photoGrid")
        self._photos = photos
        self._cell = delegate.cell
        self._fill_menu = fill_menu
        self.setAccessibleName(self.tr("Photos"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMovement(QListView.Movement.Static)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setBatchSize(200)
        self.setUniformItemSizes(True)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.setAcceptDrops(False)  # photos dropped here belong to the window
        self.setItemDelegate(delegate)
        self.setModel(photos)
        self.verticalScrollBar().setSingleStep(40)
        self.setMinimumSize(self._cell.width() + 40, self._cell.height())
        self.doubleClicked.connect(lambda index: self.open_requested.emit())

    # --- selection by photo id

    def selected_ids(self) -> list[int]:
        """Ids of the selected photos, from top to bottom."""
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [self._photos.photo_at(row).id for row in rows]

    def current_id(self) -> int | None:
        index = self.currentIndex()
        return self._photos.photo_at(index.row()).id if index.isValid() else None

    def select_ids(self, ids: Collection[int]) -> None:
        """Select exactly these photos, as far as they are shown, and scroll to the first."""
        rows = sorted(index.row() for index in map(self._photos.index_of, ids) if index.isValid())
        if not rows:
            return
        selection = QItemSelection()
        for row in rows:
            index = self._photos.index(row, 0)
            selection.select(index, index)
        self.selectionModel().setCurrentIndex(self._photos.index(rows[0], 0), _Select.NoUpdate)
        self.selectionModel().select(selection, _Select.ClearAndSelect)
        self.scrollTo(self._photos.index(rows[0], 0))

    def ids_to_go_on_with(self) -> list[int]:
        """Where to go once the selected photos are labelled, best first, because a filter may hide some by then.

        The photo behind the selection; at the end the last selected one; else the one before them.
        """
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        if not rows:
            return []
        wanted = (rows[-1] + 1, rows[-1], rows[0] - 1)
        return [self._photos.photo_at(row).id for row in wanted if 0 <= row < self._photos.rowCount()]

    def select_first_shown(self, ids: Sequence[int]) -> None:
        """Select the first of these photos that is shown."""
        for photo_id in ids:
            if self._photos.index_of(photo_id).isValid():
                self.select_ids([photo_id])
                return

    def step(self, offset: int) -> None:
        """Make the photo `offset` places on current and the only selected one."""
        count = self._photos.rowCount()
        if count:
            row = max(0, min(count - 1, self.currentIndex().row() + offset))
            self.setCurrentIndex(self._photos.index(row, 0))

    # --- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and not event.modifiers():
            if self.currentIndex().isValid():
                self.open_requested.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:
        """Letters and digits are the rooms' keys, not a search for names."""

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            if not self.indexAt(event.pos()).isValid():
                return
            position = event.globalPos()
        else:  # the menu key
            if not self.currentIndex().isValid():
                return
            position = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).center())
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill_menu(menu)
        menu.popup(position)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Spread the columns over the whole width."""
        width = self.viewport().width() - 2
        columns = max(1, width // (self._cell.width() + _SPACING))
        self.setGridSize(QSize(width // columns, self._cell.height() + _SPACING))
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._photos.rowCount() == 0 and self._photos.sourceModel().rowCount() > 0:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter, self.tr("No photo here."))
            painter.end()
