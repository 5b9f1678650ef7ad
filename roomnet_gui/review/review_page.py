"""Side bar, grid, large picture and problem list, and how they work together."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QMenu, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from roomnet_gui.jobs.runner import Runner
from roomnet_gui.review.photo_delegate import PhotoDelegate
from roomnet_gui.review.photo_filter import PhotoFilter, Selection, Show
from roomnet_gui.review.photo_grid import PhotoGrid
from roomnet_gui.review.photo_model import PhotoModel
from roomnet_gui.review.preview import Preview
from roomnet_gui.review.problem_list import ProblemList
from roomnet_gui.review.session import ReviewSession
from roomnet_gui.review.side_bar import SideBar
from roomnet_gui.review.thumbnails import ThumbnailStore


class ReviewPage(QWidget):
    """Everything about looking at photos and labelling them; the session holds the data."""

    def __init__(
        self,
        session: ReviewSession,
        thumbnails: ThumbnailStore,
        runner: Runner,
        fill_menu: Callable[[QMenu], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._thumbnails = thumbnails
        self.model = PhotoModel(session.document, thumbnails, self)
        self.photos = PhotoFilter(self.model, self)
        self.grid = PhotoGrid(self.photos, PhotoDelegate(session.rooms, self.font(), self), fill_menu)
        self.preview = Preview(runner)
        self.problems = ProblemList()
        self.side_bar = SideBar(session.rooms)
        self.search_field = self._make_search_field()
        self._views = QStackedWidget()
        self._views.addWidget(self.grid)
        self._views.addWidget(self.preview)
        self._column = QSplitter(Qt.Orientation.Vertical)
        self._column.addWidget(self._views)
        self._column.addWidget(self.problems)
        self._column.setStretchFactor(0, 3)
        self._column.setStretchFactor(1, 1)
        self._column.setChildrenCollapsible(False)
        self.problems.hide()
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.side_bar)
        self.splitter.addWidget(self._column)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        for before, after in itertools.pairwise((self.side_bar, self.grid, self.preview, self.problems.view)):
            self.setTabOrder(before, after)
        session.replaced.connect(self._replaced)
        session.changed.connect(self._session_changed)
        session.revealed.connect(self._reveal)
        self.side_bar.chosen.connect(self.show_selection)
        self.problems.photo_chosen.connect(lambda photo_id: self.grid.select_ids([photo_id]))
        self.grid.open_requested.connect(self.open_preview)
        self.grid.selectionModel().currentChanged.connect(lambda *_: self._show_in_preview())
        self.model.dataChanged.connect(lambda *_: self._show_in_preview())
        self.preview.left.connect(self.close_preview)
        self.preview.stepped.connect(self.grid.step)

    # --- labels

    def label_selected(self, room_id: int | None) -> None:
        """Give the selected photos a room and go on to the next photo."""
        ids = self.grid.selected_ids()
        if ids:
            following = self.grid.ids_to_go_on_with()
            self._session.label(ids, room_id)
            self.grid.select_first_shown(following)

    # --- what is shown

    def show_selection(self, selection: Selection) -> None:
        """Filter the grid, keeping the current photo in sight where the filter shows it."""
        current = self.grid.current_id()
        self.photos.set_selection(selection)
        self.problems.setVisible(selection.show is Show.PROBLEMS)
        if current is not None and self.photos.index_of(current).isValid():
            self.grid.scrollTo(self.photos.index_of(current))
        elif self.photos.rowCount():
            self.grid.setCurrentIndex(self.photos.index(0, 0))
        else:
            self.close_preview()

    @property
    def previewing(self) -> bool:
        return self._views.currentWidget() is self.preview

    def open_preview(self) -> None:
        if self.grid.currentIndex().isValid():
            self._views.setCurrentWidget(self.preview)
            self.preview.setFocus()
            self._show_in_preview()

    def close_preview(self) -> None:
        if self.previewing:
            self._views.setCurrentWidget(self.grid)
            self.preview.stop()
            self.grid.setFocus()
            self.grid.scrollTo(self.grid.currentIndex())

    def _show_in_preview(self) -> None:
        if not self.previewing:
            return
        index = self.grid.currentIndex()
        if not index.isValid():
            self.close_preview()
            return
        photo = self.photos.photo_at(index.row())
        self.preview.show_photo(photo, self.model.describe(photo), self._thumbnails.get(photo))

    def _session_changed(self) -> None:
        self.side_bar.show_counts(self._session.summary())
        self.problems.show_problems(self._session.document)

    def _reveal(self, ids: Collection[int]) -> None:
        """Show and select what undo or redo touched, even where the filter would hide it."""
        if not all(self.photos.index_of(photo_id).isValid() for photo_id in ids):
            self.search_field.clear()
            self.side_bar.select(Selection())
        self.grid.select_ids(ids)

    def _replaced(self) -> None:
        self.close_preview()
        self.search_field.clear()
        self.model.set_document(self._session.document)
        self.side_bar.select(Selection())
        self._session_changed()

    def _make_search_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("searchField")
        field.setAccessibleName(self.tr("Search by file name"))
        field.setPlaceholderText(self.tr("Search file names"))
        field.setToolTip(self.tr("Show only photos whose name or folder holds this text"))
        field.setClearButtonEnabled(True)
        field.setMaximumWidth(280)
        field.setAcceptDrops(False)  # photos dropped on it belong to the window
        field.textChanged.connect(self.photos.set_search)
        field.returnPressed.connect(self.grid.setFocus)
        return field
