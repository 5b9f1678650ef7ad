"""A list of what there is to look at, and the pictures of it: for the examination and for the mistakes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QListWidget,
    QListWidgetItem,
    QMenu,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from roomnet_core.photos.problems import printable
from roomnet_core.rooms import RoomSet
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.photo import SessionPhoto
from roomnet_gui import texts
from roomnet_gui.appearance import Tone, ToneLabel
from roomnet_gui.core_texts import spoken
from roomnet_gui.jobs.runner import Runner
from roomnet_gui.language import Retranslating, Words, say
from roomnet_gui.review.painting import Badge
from roomnet_gui.review.photo_delegate import NORMAL_ZOOM, ZOOMS, PhotoDelegate
from roomnet_gui.review.photo_grid import PhotoGrid
from roomnet_gui.review.photo_model import PhotoModel
from roomnet_gui.review.preview import Preview
from roomnet_gui.review.query import Query, Selection, Show
from roomnet_gui.review.room_keys import room_keys
from roomnet_gui.review.side_bar import BADGE, COUNT, ROOM, SELECTION, RowDelegate
from roomnet_gui.review.thumbnail_source import ThumbnailSource
from roomnet_gui.review.thumbnails import ThumbnailStore
from roomnet_gui.train.photo_set import PhotoSet

Index = QModelIndex | QPersistentModelIndex
_TOOL_TIP, _ACCESSIBLE = int(Qt.ItemDataRole.ToolTipRole), int(Qt.ItemDataRole.AccessibleTextRole)
_THUMBNAIL_BYTES = 64 << 20


@dataclass(frozen=True, slots=True)
class Filter:
    """A row of the list: its title, what it shows, and a sentence about that. Without a query it is a heading."""

    title: Words
    query: Query | None = None
    text: Words = ""
    badge: Badge | None = None
    room_id: int | None = None


def room_filters(rooms: RoomSet) -> list[Filter]:
    """One row a class."""
    return [
        Filter(lambda room=room: texts.room_name(room), Query(Selection(Show.ROOM, room.id)), room_id=room.id)
        for room in rooms
    ]


class PhotoPanel(Retranslating, QWidget):
    """Filters on the left, pictures on the right; Space shows one large. The set holds the data."""

    selection_changed = Signal()

    def __init__(
        self,
        photos: PhotoSet,
        runner: Runner,
        source: ThumbnailSource,
        fill_menu: Callable[[QMenu], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.photos = photos
        self._filters: list[Filter] = []
        self._rooms: RoomSet | None = None
        empty = SessionDocument(RoomSet.from_names(["-", "--"]))
        self._thumbnails = ThumbnailStore(
            runner,
            ZOOMS[NORMAL_ZOOM],
            source,
            device_pixel_ratio=self.devicePixelRatioF(),
            budget=_THUMBNAIL_BYTES,
            parent=self,
        )
        self.model = _LabelledModel(photos, empty, self._thumbnails, self)
        self.list = _FilterList()
        delegate = _LabelledDelegate(photos, self.model, self._thumbnails, self.font(), self)
        self.grid = PhotoGrid(self.model, delegate, self._thumbnails, fill_menu)
        self.preview = Preview(runner)
        self.preview.badges = delegate.badges
        self.remark = ToneLabel(Tone.QUIET)
        self.remark.setContentsMargins(12, 6, 12, 6)
        self.views = QStackedWidget()
        self.views.addWidget(self.grid)
        self.views.addWidget(self.preview)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.remark)
        column.addWidget(self.views, 1)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.list)
        self.splitter.addWidget(right)
        self.splitter.setStretchFactor(1, 1)
        self.splitter.setSizes([240, 800])
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setHandleWidth(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.splitter)
        self._current_timer = QTimer(self, singleShot=True, interval=0)
        self._current_timer.timeout.connect(self._show_current)
        self._connect()
        self.retranslate()

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(lambda row: self._choose(row))
        self.photos.changed.connect(self._count)
        self.photos.revealed.connect(self._reveal)
        self.grid.open_requested.connect(self.open_preview)
        self.grid.selection_changed.connect(self.selection_changed)
        self.grid.selectionModel().currentChanged.connect(lambda *_: self._current_timer.start())
        for signal in (self.model.dataChanged, self.model.modelReset, self.model.rowsRemoved):
            signal.connect(lambda *_: self._current_timer.start())
        self.preview.left.connect(self.close_preview)
        self.preview.stepped.connect(self.grid.step)

    def retranslate(self) -> None:
        self.list.name(self._filters)
        self.grid.set_empty_text(self.tr("There is no photo here."))
        self._show_remark(self.list.currentRow())
        self._current_timer.start()

    def parts(self) -> list[QWidget]:
        """What F6 goes through."""
        return [self.list, self.preview if self.previewing else self.grid]

    # --- what is shown

    def show_photos(self, filters: Sequence[Filter]) -> None:
        """Show the set's photos, with these rows to choose from."""
        loaded = self.photos.loaded
        if loaded is None:
            return
        self._rooms = loaded.document.rooms
        self._filters = list(filters)
        self.close_preview()
        self._thumbnails.clear()
        first = next((one.query for one in filters if one.query is not None), Query())
        self.model.set_document(loaded.document, first, loaded.names)
        self.list.fill(self._filters, self._rooms)
        self._count()
        self.grid.select_row(0) if self.model.rowCount() else None

    def choose(self, title: str) -> None:
        """Show what the row of that title shows."""
        for row, one in enumerate(self._filters):
            if say(one.title) == title and one.query is not None:
                self.list.setCurrentRow(row)

    def _choose(self, row: int) -> None:
        if not 0 <= row < len(self._filters) or (query := self._filters[row].query) is None:
            return
        self.close_preview()
        self.model.set_query(query)
        self._show_remark(row)
        self.grid.set_empty_text(self.tr("There is no photo here."))
        if self.model.rowCount() and not self.grid.currentIndex().isValid():
            self.grid.select_row(0)

    def _show_remark(self, row: int) -> None:
        words = say(self._filters[row].text) if 0 <= row < len(self._filters) else ""
        self.remark.setText(words)
        self.remark.setVisible(bool(words))

    def _count(self) -> None:
        document = self.photos.document
        if document is None:
            return
        summary = document.summary()
        out = [photo for photo in document if photo.marks.rejected] if summary.rejected else []
        rooms_out = Counter(photo.room_id for photo in out)
        for row, one in enumerate(self._filters):
            if one.query is None:
                continue
            selection, only = one.query.selection, one.query.only
            if only is not None:
                count = len(only) - sum(photo.id in only for photo in out)
            elif selection.show is Show.ROOM:
                count = summary.by_room.get(selection.room_id or 0, 0) - rooms_out[selection.room_id]
            elif selection.show is Show.REJECTED:
                count = len(out)
            else:
                count = summary.photos - summary.problems - len(out)
            self.list.set_count(row, count)

    def _reveal(self, ids: Collection[int]) -> None:
        """Show and select what undo or redo touched, even where the filter would hide it."""
        if not all(self.model.row_of(photo_id) is not None for photo_id in ids):
            row = next((row for row, one in enumerate(self._filters) if one.query is not None), 0)
            self.list.setCurrentRow(row)
        self.grid.select_ids(ids)

    # --- what a person does

    def label_selected(self, room_id: int) -> None:
        """Give the selected photos a label and go on to the next photo."""
        ids = self.grid.selected_ids()
        if ids:
            following = self.grid.ids_to_go_on_with()
            self.photos.label(ids, room_id)
            self.grid.select_first_shown(following)

    def leave_out_selected(self) -> None:
        """Leave the selected photos out and go on; take those in again that are out."""
        ids = self.grid.selected_ids()
        if ids:
            following = self.grid.ids_to_go_on_with()
            out = self.photos.toggle_left_out(ids)
            self.grid.select_first_shown(following if out else ids[:1])

    @property
    def has_selection(self) -> bool:
        return self.isVisible() and self.grid.selectionModel().hasSelection()

    # --- the large picture

    @property
    def previewing(self) -> bool:
        return self.views.currentWidget() is self.preview

    def open_preview(self) -> None:
        if self.grid.currentIndex().isValid() and not self.previewing:
            self.views.setCurrentWidget(self.preview)
            self.preview.setFocus()
            self._show_current()

    def close_preview(self) -> None:
        if self.previewing:
            self.views.setCurrentWidget(self.grid)
            self.preview.stop()
            self.grid.setFocus()
            self.grid.scrollTo(self.grid.currentIndex())

    def _show_current(self) -> None:
        index = self.grid.currentIndex()
        if not self.previewing or self._rooms is None:
            return
        if not index.isValid():
            self.close_preview()
            return
        row, count = index.row(), self.model.rowCount()
        photo = self.model.photo_at(row)
        place = self.tr("{number} of {count}").format(number=texts.number(row + 1), count=texts.number(count))
        ahead = [self.model.photo_at(other) for other in (row + 1, row - 1) if 0 <= other < count]
        self.preview.show_photo(photo, self._rooms, place, self._thumbnails.get(photo), ahead)


class _FilterList(QListWidget):
    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("filterList")
        self.setFrameShape(QListWidget.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(False)
        self.setItemDelegate(RowDelegate(self))
        self.setMinimumWidth(190)
        self.setMaximumWidth(360)

    def fill(self, filters: Sequence[Filter], rooms: RoomSet) -> None:
        keys = room_keys(rooms)
        self.blockSignals(True)
        self.clear()
        for one in filters:
            item = QListWidgetItem()
            item.setData(COUNT, 0)
            item.setData(BADGE, one.badge)
            if one.query is None:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            else:
                item.setData(SELECTION, one.query)
            if one.room_id is not None:
                item.setData(ROOM, (rooms[one.room_id].color, keys[one.room_id]))
            self.addItem(item)
        self.name(filters)
        self.blockSignals(False)
        self.setCurrentRow(-1)
        self.setCurrentRow(next((row for row, one in enumerate(filters) if one.query is not None), -1))

    def name(self, filters: Sequence[Filter]) -> None:
        """Title the rows in the language of the moment."""
        self.setAccessibleName(self.tr("What to show"))
        for row, one in enumerate(filters):
            item = self.item(row)
            item.setText(say(one.title))
            item.setToolTip(say(one.text))
            if one.query is not None:
                self._name_for_readers(item)

    def set_count(self, row: int, count: int) -> None:
        item = self.item(row)
        if item.data(COUNT) != count:
            item.setData(COUNT, count)
        self._name_for_readers(item)

    def _name_for_readers(self, item: QListWidgetItem) -> None:
        count = item.data(COUNT)
        words = self.tr("{name}, {photos}").format(name=item.text(), photos=texts.photos(count))
        item.setData(Qt.ItemDataRole.AccessibleTextRole, words)

    def keyboardSearch(self, search: str) -> None:
        """Letters and digits are the rooms' keys, not a search for names."""


class _LabelledModel(PhotoModel):
    def __init__(
        self, photos: PhotoSet, document: SessionDocument, thumbnails: ThumbnailStore, parent: QWidget
    ) -> None:
        self._photos_set = photos
        super().__init__(document, thumbnails, parent)

    def data(self, index: Index, role: int = int(Qt.ItemDataRole.DisplayRole)) -> Any:
        if role not in (_TOOL_TIP, _ACCESSIBLE) or not index.isValid():
            return super().data(index, role)
        photo = self.photo_at(index.row())
        parts = [printable(str(photo.file.path) if role == _TOOL_TIP else photo.file.path.name), self._label(photo)]
        loaded = self._photos_set.loaded
        if loaded is not None and photo.id in loaded.remarks:
            parts += [say(loaded.remarks[photo.id].remark), spoken(loaded.remarks[photo.id].problem)]
        return ("\n" if role == _TOOL_TIP else ", ").join(filter(None, parts))

    def _label(self, photo: SessionPhoto) -> str:
        if photo.rejected:
            return self.tr("left out")
        return "" if photo.decided is None else texts.room_name(self.rooms[photo.decided])


class _LabelledDelegate(PhotoDelegate):
    """The remark under the picture where there is one, and the badges that matter for training."""

    def __init__(self, photos: PhotoSet, *arguments: Any) -> None:
        self._set = photos
        super().__init__(*arguments)

    def caption(self, photo: SessionPhoto) -> str:
        loaded = self._set.loaded
        remark = "" if loaded is None or photo.id not in loaded.remarks else loaded.remarks[photo.id].remark
        return say(remark) or printable(photo.file.path.name)

    def badges(self, photo: SessionPhoto) -> list[Badge]:
        if photo.rejected:
            return [Badge.REJECTED]
        loaded = self._set.loaded
        if loaded is None or photo.id not in loaded.remarks:
            return []
        if loaded.labels[photo.id] != photo.decided:
            return [Badge.CORRECTED]
        badge = loaded.remarks[photo.id].badge
        return [] if badge is None else [badge]
