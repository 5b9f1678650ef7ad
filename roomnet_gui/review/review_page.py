"""Side bar, grid, large picture, details and problem list, and how they work together."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QLineEdit, QMenu, QSplitter, QStackedWidget, QToolButton, QVBoxLayout, QWidget

from roomnet_gui import texts
from roomnet_gui.jobs.runner import Runner
from roomnet_gui.language import Retranslating
from roomnet_gui.review.grid_bar import GridBar
from roomnet_gui.review.inspector import Inspector
from roomnet_gui.review.notices import Notices
from roomnet_gui.review.photo_delegate import NORMAL_ZOOM, PhotoDelegate
from roomnet_gui.review.photo_grid import PhotoGrid
from roomnet_gui.review.photo_model import PhotoModel
from roomnet_gui.review.preview import Preview
from roomnet_gui.review.problem_list import ProblemList
from roomnet_gui.review.query import PhotoName, Query, Selection, Show, Sort
from roomnet_gui.review.session import ReviewSession
from roomnet_gui.review.side_bar import SideBar
from roomnet_gui.review.thumbnails import ThumbnailStore


class ReviewPage(Retranslating, QWidget):
    """Everything about looking at photos and marking them; the session holds the data."""

    selection_changed = Signal()
    previewing_changed = Signal(bool)
    said = Signal(str)  # for the status bar

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
        delegate = PhotoDelegate(self.model, thumbnails, self.font(), self)
        self.grid = PhotoGrid(self.model, delegate, thumbnails, fill_menu)
        self.preview = Preview(runner)
        self.problems = ProblemList()
        self.side_bar = SideBar(session.document.rooms)
        self.grid_bar = GridBar()
        self.inspector = Inspector(runner)
        self.notices = Notices()
        self.search_field = self._make_search_field()
        self.views = QStackedWidget()
        self.views.addWidget(self.grid)
        self.views.addWidget(self.preview)
        self.splitter = self._lay_out()
        # All that one stroke changes is shown together, once the event that changed it is over.
        self._current_timer = QTimer(self, singleShot=True, interval=0)
        self._current_timer.timeout.connect(self._show_current)
        self._connect()
        self._wanted: Path | None = None
        self.retranslate()

    def retranslate(self) -> None:
        self.search_field.setAccessibleName(self.tr("Search by file name"))
        self.search_field.setPlaceholderText(self.tr("Search file names"))
        self.search_field.setToolTip(self.tr("Show only photos whose name or folder holds this text"))
        for clear in self.search_field.findChildren(QToolButton):
            clear.setAccessibleName(self.tr("Clear the search"))
        self._show_empty_text()
        self._current_timer.start()

    def _lay_out(self) -> QSplitter:
        grid_area = QWidget()
        layout = QVBoxLayout(grid_area)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.notices)
        layout.addWidget(self.grid_bar)
        layout.addWidget(self.views, 1)
        self._column = QSplitter(Qt.Orientation.Vertical)
        self._column.addWidget(grid_area)
        self._column.addWidget(self.problems)
        self._column.setStretchFactor(0, 3)
        self._column.setStretchFactor(1, 1)
        self._column.setChildrenCollapsible(False)
        self.problems.hide()
        splitter = QSplitter(Qt.Orientation.Horizontal)
        for widget in (self.side_bar, self._column, self.inspector):
            splitter.addWidget(widget)
        splitter.setStretchFactor(1, 1)
        splitter.setChildrenCollapsible(False)
        splitter.setHandleWidth(1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(splitter)
        return splitter

    def _connect(self) -> None:
        session, grid, model = self._session, self.grid, self.model
        session.replaced.connect(self._replaced)
        session.changed.connect(self._session_changed)
        session.revealed.connect(self._reveal)
        session.run.ended.connect(lambda end: model.sort_again())
        self.side_bar.chosen.connect(self.show_selection)
        self.problems.photo_chosen.connect(lambda photo_id: grid.select_ids([photo_id]))
        self.grid_bar.sort_chosen.connect(self.sort)
        self.grid_bar.zoom_chosen.connect(grid.set_zoom)
        grid.zoomed.connect(self.grid_bar.show_zoom)
        grid.open_requested.connect(self.open_preview)
        grid.selectionModel().currentChanged.connect(lambda *_: self._current_timer.start())
        grid.selection_changed.connect(self._selection_changed)
        for signal in (model.dataChanged, model.modelReset, model.rowsInserted, model.rowsRemoved):
            signal.connect(lambda *_: self._current_timer.start())
        self.preview.left.connect(self.close_preview)
        self.preview.stepped.connect(grid.step)

    # --- marks

    def label_selected(self, room_id: int | None) -> None:
        """Give the selected photos a room and go on to the next photo."""
        self._mark(lambda ids: self._session.label(ids, room_id), go_on=True)

    def accept_selected(self) -> None:
        """The model is right about the selected photos; on to the next."""
        self._mark(self._session.accept, go_on=True)

    def reject_selected(self) -> None:
        """Set the selected photos aside and go on; take rejected ones back and stay."""
        ids = self.grid.selected_ids()
        if ids:
            following = self.grid.ids_to_go_on_with()
            rejected = self._session.toggle_rejected(ids)
            self.grid.select_first_shown(following if rejected else ids[:1])

    def toggle_cover(self) -> None:
        """Let the current photo stand for its room, or no longer."""
        current = self.grid.current_id()
        if current is not None:
            if self._session.document[current].room_id is None:
                self.said.emit(self.tr("A photo needs a room before it can be the room's cover."))
            self._mark(lambda ids: self._session.toggle_cover(current), go_on=False)

    def _mark(self, mark: Callable[[list[int]], object], *, go_on: bool) -> None:
        ids = self.grid.selected_ids()
        if ids:
            following = self.grid.ids_to_go_on_with()
            mark(ids)
            if go_on:
                self.grid.select_first_shown(following)

    def go_to_unsure(self, step: int) -> None:
        """Select the next photo to check, or with -1 the previous one, round the end."""
        row = self.model.next_to_review(self.grid.currentIndex().row(), step)
        if row is not None:
            self.grid.select_row(row)
        elif self._session.summary().unsure:
            self.said.emit(self.tr("No unsure photo is shown here; All photos in the side bar shows them."))
        else:
            self.said.emit(self.tr("No photo is unsure any more."))

    # --- what is shown

    def show_selection(self, selection: Selection) -> None:
        """Filter the grid, keeping the current photo where the filter shows it."""
        self._change(selection=selection)
        self.problems.setVisible(selection.show is Show.PROBLEMS)

    def sort(self, sort: Sort, descending: bool) -> None:
        self._change(sort=sort, descending=descending)
        self.grid_bar.show_sort(sort, descending)

    def show_all(self) -> None:
        """Take filter and search away."""
        self.search_field.clear()
        self.side_bar.select(Selection())

    def restore(self, query: Query, zoom: int, current: Path | None) -> None:
        """Take up what an earlier sitting left; the photo `current` is selected once it is there."""
        self._wanted = current
        self.model.set_query(query)
        self.side_bar.select(query.selection)
        self.grid_bar.show_sort(query.sort, query.descending)
        self.grid.set_zoom(zoom)

    def _change(self, **changes: object) -> None:
        self.model.set_query(replace(self.model.query, **changes))  # type: ignore[arg-type]
        self._show_empty_text()
        if not self.model.rowCount():
            self.close_preview()
        elif not self.grid.currentIndex().isValid():
            self.grid.select_row(0)

    def _show_empty_text(self) -> None:
        """Why there is no photo, and what to do."""
        query = self.model.query
        words = {
            Show.ROOM: self.tr("No photo shows this room."),
            Show.UNSURE: self.tr("Nothing is left to check: every photo is sure or was looked at."),
            Show.CORRECTED: self.tr("You have corrected no photo yet."),
            Show.NOT_REVIEWED: self.tr("You have looked at every photo."),
            Show.REJECTED: self.tr("No photo is rejected. X rejects the selected ones."),
            Show.PROBLEMS: self.tr("Every file could be read."),
        }.get(query.selection.show, self.tr("There is no photo here."))
        if query.search:
            words = self.tr("No photo here has “{text}” in its name.").format(text=self.search_field.text().strip())
        self.grid.set_empty_text(words)

    # --- zoom

    def zoom_by(self, steps: int) -> None:
        """Larger or smaller: the picture where one is shown large, else the thumbnails."""
        if self.previewing:
            self.preview.zoom_by(steps)
        else:
            self.grid.set_zoom(self.grid.zoom + steps)

    def zoom_normal(self) -> None:
        if self.previewing:
            self.preview.fit()
        else:
            self.grid.set_zoom(NORMAL_ZOOM)

    # --- large picture and details

    @property
    def previewing(self) -> bool:
        return self.views.currentWidget() is self.preview

    def open_preview(self) -> None:
        if self.grid.currentIndex().isValid() and not self.previewing:
            self.views.setCurrentWidget(self.preview)
            self.preview.setFocus()
            self._show_current()
            self.previewing_changed.emit(True)

    def close_preview(self) -> None:
        if self.previewing:
            self.views.setCurrentWidget(self.grid)
            self.preview.stop()
            self.grid.setFocus()
            self.grid.scrollTo(self.grid.currentIndex())
            self._show_current()
            self.previewing_changed.emit(False)

    def show_inspector(self, shown: bool) -> None:
        self.inspector.setVisible(shown)
        self._show_current()

    def panels(self) -> list[QWidget]:
        """What F6 goes through, from left to right, as far as it is shown."""
        view = self.preview if self.previewing else self.grid
        candidates = [self.search_field, self.side_bar, self.grid_bar.sort_box, view]
        candidates += [self.problems.view, self.inspector]
        return [widget for widget in candidates if widget.isVisible()]

    def next_panel(self, step: int) -> None:
        """Take the keyboard to another panel; Tab stays with the unsure photos."""
        panels = self.panels()
        focus = self.window().focusWidget()
        inside = [number for number, panel in enumerate(panels) if focus is not None and _within(focus, panel)]
        number = (inside[0] + step) if inside else 0
        panels[number % len(panels)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _selection_changed(self) -> None:
        self._current_timer.start()
        self.selection_changed.emit()

    def _show_current(self) -> None:
        """Bring everything that shows the current photo, or counts, up to date."""
        self._current_timer.stop()
        selected = self.grid.selected_count()
        self.grid_bar.show_counts(self.model.rowCount(), selected)
        index = self.grid.currentIndex()
        if not index.isValid() and self.model.rowCount():
            self.grid.select_row(0)
            index = self.grid.currentIndex()
            selected = 1
        if not index.isValid():
            self.inspector.clear()
            self.close_preview()
            return
        row = index.row()
        photo = self.model.photo_at(row)
        thumbnail = self._thumbnails.get(photo)
        if self.previewing:
            count = self.model.rowCount()
            place = self.tr("{number} of {count}").format(number=texts.number(row + 1), count=texts.number(count))
            ahead = [self.model.photo_at(other) for other in (row + 1, row - 1) if 0 <= other < count]
            self.preview.show_photo(photo, self.model.rooms, place, thumbnail, ahead)
        if self.inspector.isVisible():
            self.inspector.show_photo(
                photo, self.model.rooms, thumbnail, selected=selected, picture=not self.previewing
            )

    def _session_changed(self) -> None:
        self.side_bar.show_counts(self._session.summary())
        self.problems.show_problems(self._session.document)

    def _reveal(self, ids: Collection[int]) -> None:
        """Show and select what undo or redo touched, even where the filter would hide it."""
        if not all(self.model.row_of(photo_id) is not None for photo_id in ids):
            self.search_field.clear()
            self.side_bar.select(Selection())
            self._change(selection=Selection(), search="")
        self.grid.select_ids(ids)

    def _replaced(self, names: dict[int, PhotoName] | None) -> None:
        """Another document: the query stays, and so does the selection as far as its photos are there."""
        rooms = self._session.document.rooms
        query = self.model.query
        selection = query.selection
        if selection.room_id is not None and selection.room_id >= len(rooms):
            selection = Selection()
        self.model.set_document(self._session.document, replace(query, selection=selection), names)
        self.side_bar.set_rooms(rooms)
        self.side_bar.select(selection)
        self._show_empty_text()
        self._session_changed()
        if self._wanted is not None and (photo_id := self._session.document.id_of(self._wanted)) is not None:
            self._wanted = None
            self.grid.select_ids([photo_id])

    def _make_search_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setObjectName("searchField")
        field.setClearButtonEnabled(True)
        field.setMaximumWidth(280)
        field.setAcceptDrops(False)  # photos dropped on it belong to the window
        field.textChanged.connect(lambda text: self._change(search=text.strip().casefold()))
        field.returnPressed.connect(self.grid.setFocus)
        return field


def _within(widget: QWidget, panel: QWidget) -> bool:
    return widget is panel or panel.isAncestorOf(widget)
