"""The grid of photos: selection by photo id, zoom, what to load ahead, and the menu with the rooms."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView, QMenu, QWidget

from roomnet_gui.language import Retranslating
from roomnet_gui.review.photo_delegate import NORMAL_ZOOM, ZOOMS, PhotoDelegate
from roomnet_gui.review.photo_model import PhotoModel
from roomnet_gui.review.thumbnails import ThumbnailStore

_SPACING = 2
# Once the scrolling has paused this long, the thumbnails of the pages around are loaded too.
_AHEAD_MS = 80
# From so many selected cells on.
_MANY = 1000
_Select = QItemSelectionModel.SelectionFlag


class PhotoGrid(Retranslating, QListView):
    """Never a widget a cell: uniform sizes and batched layout keep 20,000 photos quick."""

    open_requested = Signal()  # a double click
    zoomed = Signal(int)
    selection_changed = Signal()

    def __init__(
        self,
        photos: PhotoModel,
        delegate: PhotoDelegate,
        thumbnails: ThumbnailStore,
        fill_menu: Callable[[QMenu], None],
        parent: QWidget | None = None,
    ) -> None:
        """`fill_menu` adds what can be done with the selection to the context menu."""
        super().__init__(parent)
        self.setObjectName("photoGrid")
        self._photos = photos
        self._delegate = delegate
        self._thumbnails = thumbnails
        self._fill_menu = fill_menu
        self._empty_text = ""
        self._zoom = NORMAL_ZOOM
        self._kept: tuple[list[int], int | None, bool] = ([], None, False)
        self.retranslate()
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
        self.setMinimumSize(delegate.cell.width() + 40, delegate.cell.height())
        self.doubleClicked.connect(lambda index: self.open_requested.emit())
        self._ahead = QTimer(self, singleShot=True, interval=_AHEAD_MS)
        self._ahead.timeout.connect(self._load_ahead)
        self.verticalScrollBar().valueChanged.connect(lambda value: self._ahead.start())
        photos.modelAboutToBeReset.connect(self._keep_selection)
        photos.reordered.connect(self._restore_selection)
        self.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())

    # --- selection by photo id

    def selected_ids(self) -> list[int]:
        """Ids of the selected photos, from top to bottom."""
        return [photo_id for first, last in self._selected_rows() for photo_id in self._photos.ids_at(first, last)]

    def selected_count(self) -> int:
        return sum(last - first + 1 for first, last in self._selected_rows())

    def current_id(self) -> int | None:
        index = self.currentIndex()
        return self._photos.id_at(index.row()) if index.isValid() else None

    def select_ids(self, ids: Collection[int]) -> None:
        """Select exactly these photos, as far as they are shown, make the first current and scroll to it."""
        rows = sorted(row for row in map(self._photos.row_of, ids) if row is not None)
        if rows:
            self._select_rows(rows, rows[0])
            self.scrollTo(self._photos.index(rows[0]))

    def ids_to_go_on_with(self) -> list[int]:
        """Where to go once the selected photos are labelled, best first, because a filter may hide some by then.

        The photo behind the selection; at the end the last selected one; else the one before them.
        """
        runs = self._selected_rows()
        if not runs:
            return []
        wanted = (runs[-1][1] + 1, runs[-1][1], runs[0][0] - 1)
        return [self._photos.id_at(row) for row in wanted if 0 <= row < self._photos.rowCount()]

    def select_first_shown(self, ids: Sequence[int]) -> None:
        """Select the first of these photos that is shown."""
        for photo_id in ids:
            if self._photos.row_of(photo_id) is not None:
                self.select_ids([photo_id])
                return

    def select_row(self, row: int) -> None:
        """Make that photo current and the only selected one."""
        index = self._photos.index(row)
        self._select(QItemSelection(index, index), index)

    def step(self, offset: int) -> None:
        """Go `offset` photos on, at most to the end."""
        if count := self._photos.rowCount():
            self.select_row(max(0, min(count - 1, self.currentIndex().row() + offset)))

    def _selected_rows(self) -> list[tuple[int, int]]:
        """Runs of selected rows from top to bottom, first and last: as ranges, because all 20,000 may be selected."""
        ranges = self.selectionModel().selection() if self.selectionModel() is not None else []
        return sorted((part.top(), part.bottom()) for part in ranges)

    def _select_rows(self, rows: list[int], current: int) -> None:
        selection = QItemSelection()
        start = 0
        for position in range(1, len(rows) + 1):
            if position == len(rows) or rows[position] != rows[position - 1] + 1:
                first, last = self._photos.index(rows[start]), self._photos.index(rows[position - 1])
                selection.append(QItemSelectionRange(first, last))
                start = position
        self._select(selection, self._photos.index(current))

    def _select(self, selection: QItemSelection, current: QModelIndex) -> None:
        """Select exactly that.

        On each change of the selection Qt works out where every cell lies that is selected now or no longer: 0.2 s for
        20,000. Where they are so many, everything is painted anew instead.
        """
        model = self.selectionModel()
        cells = self.selected_count() + sum(part.bottom() - part.top() + 1 for part in selection)
        if cells < _MANY:
            model.setCurrentIndex(current, _Select.NoUpdate)
            model.select(selection, _Select.ClearAndSelect)
            return
        model.blockSignals(True)
        model.select(selection, _Select.ClearAndSelect)
        model.blockSignals(False)
        model.setCurrentIndex(current, _Select.NoUpdate)
        self.viewport().update()
        self.selection_changed.emit()

    def selectAll(self) -> None:
        if count := self._photos.rowCount():
            whole = QItemSelection(self._photos.index(0), self._photos.index(count - 1))
            current = self.currentIndex()
            self._select(whole, current if current.isValid() else self._photos.index(0))

    def _keep_selection(self) -> None:
        index = self.currentIndex()
        visible = index.isValid() and self.viewport().rect().intersects(self.visualRect(index))
        self._kept = (self.selected_ids(), self.current_id(), visible)

    def _restore_selection(self) -> None:
        """Photos that are still shown stay selected when the order changes; a current one in sight stays there."""
        ids, current_id, visible = self._kept
        rows = sorted(row for row in map(self._photos.row_of, ids) if row is not None)
        current = None if current_id is None else self._photos.row_of(current_id)
        if rows or current is not None:
            self._select_rows(rows, rows[0] if current is None else current)
            if visible and current is not None:
                self.scrollTo(self._photos.index(current), QAbstractItemView.ScrollHint.PositionAtCenter)

    # --- zoom

    @property
    def zoom(self) -> int:
        """An index of `ZOOMS`."""
        return self._zoom

    def set_zoom(self, zoom: int) -> None:
        zoom = max(0, min(len(ZOOMS) - 1, zoom))
        if zoom == self._zoom:
            return
        self._zoom = zoom
        self._delegate.set_zoom(zoom)
        self._thumbnails.set_box(ZOOMS[zoom])
        self._spread()
        self.setItemDelegate(self._delegate)  # the view asks for the size of a cell only once
        self.scheduleDelayedItemsLayout()
        if self.currentIndex().isValid():
            self.executeDelayedItemsLayout()
            self.scrollTo(self.currentIndex(), QAbstractItemView.ScrollHint.PositionAtCenter)
        self.zoomed.emit(zoom)

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.angleDelta().y():
                self.set_zoom(self._zoom + (1 if event.angleDelta().y() > 0 else -1))
            event.accept()
            return
        super().wheelEvent(event)

    def _spread(self) -> None:
        """Share the whole width among the columns."""
        cell = self._delegate.cell
        width = self.viewport().width() - 2
        columns = max(1, width // (cell.width() + _SPACING))
        self.setGridSize(QSize(width // columns, cell.height() + _SPACING))
        self.verticalScrollBar().setSingleStep(max(40, cell.height() // 4))

    # --- thumbnails ahead

    def visible_rows(self) -> tuple[int, int]:
        """First and last row in sight; (0, -1) when there is none."""
        count = self._photos.rowCount()
        if not count:
            return 0, -1
        grid, area = self.gridSize(), self.viewport().rect()
        columns = max(1, (area.width() - 2) // max(1, grid.width()))
        top = self.verticalScrollBar().value()
        first = max(0, top // grid.height()) * columns
        return min(first, count - 1), min(count - 1, ((top + area.height()) // grid.height() + 1) * columns - 1)

    def _load_ahead(self) -> None:
        first, last = self.visible_rows()
        page = last - first + 1
        ahead = [*range(last + 1, last + 1 + page), *range(first - 1, first - 1 - page, -1)]
        count = self._photos.rowCount()
        self._thumbnails.prefetch([self._photos.photo_at(row) for row in ahead if 0 <= row < count])

    # --- Qt

    def retranslate(self) -> None:
        self.setAccessibleName(self.tr("Photos"))
        self._delegate.forget_texts()

    def set_empty_text(self, text: str) -> None:
        """What to say where the filter shows no photo."""
        self._empty_text = text
        self.viewport().update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Space selects in a list; here it opens the large picture, which an action does.
        if event.key() == Qt.Key.Key_Space and not event.modifiers():
            self.open_requested.emit()
            event.accept()
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Keys need a photo to act on."""
        if not self.currentIndex().isValid() and self._photos.rowCount():
            self.select_row(0)
        super().focusInEvent(event)

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
        self._spread()
        super().resizeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._photos.rowCount() == 0 and self._photos.total > 0:
            painter = QPainter(self.viewport())
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            area = self.viewport().rect().adjusted(40, 40, -40, -40)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty_text)
            painter.end()
