"""Every action of the window, with its text, keys, icon and tooltip; the menus and the tool bar made of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QUndoGroup
from PySide6.QtWidgets import QLineEdit, QMenu, QMenuBar, QSizePolicy, QToolBar, QToolButton, QWidget

from roomnet_core.inference.model_file import ModelFile
from roomnet_core.rooms import Room, RoomSet
from roomnet_gui import texts
from roomnet_gui.appearance import SCHEMES
from roomnet_gui.icons import action_icon, color_icon
from roomnet_gui.review.room_keys import RoomKeys, room_keys

# With more rooms than this the menus would be higher than small screens.
_MOST_IN_MENU = 12


class Actions(QObject):
    """Who connects them decides what they do."""

    room_chosen = Signal(int)
    recent_chosen = Signal(Path)
    models_wanted = Signal()  # the menu is about to show them

    def __init__(self, undo: QUndoGroup, parent: QObject | None = None) -> None:
        super().__init__(parent)
        keys = QKeySequence.StandardKey
        make = self._make
        self.open_folder = make(
            self.tr("&Open folder…"), "open-folder", keys.Open, self.tr("Start with the photos of a folder")
        )
        self.add_folder = make(
            self.tr("Add &folder…"), "add-photos", "Ctrl+Shift+O", self.tr("Add the photos of another folder")
        )
        self.add_photos = make(self.tr("&Add photos…"), "add-photos", "Ctrl+I", self.tr("Add single photos"))
        self.close_photos = make(
            self.tr("&Close photos"), "", keys.Close, self.tr("Take all photos out of the window; their rooms are kept")
        )
        self.export_excel = make(
            self.tr("Export to E&xcel…"),
            "export-excel",
            "Ctrl+Shift+E",
            self.tr("Write photos and rooms to an Excel file"),
        )
        self.export = make(
            self.tr("&Export…"), "", "Ctrl+E", self.tr("Write tables, labelled copies or keywords for other programs")
        )
        self.sort = make(
            self.tr("&Sort into folders…"), "sort", "Ctrl+S", self.tr("Copy or move the photos into a folder a room")
        )
        self.undo_sort = make("", "", "", self.tr("Bring the files of the last sort back"))
        self.earlier_sorts = make(
            self.tr("&Earlier sorts…"), "", "", self.tr("Undo, redo or finish any sort, also of earlier days")
        )
        self.name_undo_sort(None)
        self.quit = make(self.tr("&Quit"), "", "Ctrl+Q", self.tr("Close RoomNet"))
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.undo = undo.createUndoAction(self, self.tr("&Undo"))
        self.undo.setShortcut(keys.Undo)
        self.undo.setIcon(action_icon("undo"))
        self.redo = undo.createRedoAction(self, self.tr("&Redo"))
        self.redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        self.redo.setIcon(action_icon("redo"))
        self.select_all = make(self.tr("Select &all"), "", keys.SelectAll, self.tr("Select all photos shown"))
        self.find = make(self.tr("&Find by name"), "search", keys.Find, self.tr("Search the file names"))
        self.take_back = make(
            self.tr("&Back to the model's room"), "", "0", self.tr("Take back your own room of the selected photos")
        )
        self.accept = make(
            self.tr("&Accept the model's room"), "", "Return", self.tr("The model is right; on to the next photo")
        )
        self.accept.setShortcuts([QKeySequence("Return"), QKeySequence("Enter")])
        self.reject = make(
            self.tr("Re&ject"), "", "X", self.tr("Set the selected photos aside, or take rejected ones back")
        )
        self.cover = make(
            self.tr("&Cover of its room"), "", "C", self.tr("This photo stands for its room; again: no longer")
        )
        self.next_unsure = make(self.tr("&Next unsure"), "", "Tab", self.tr("Go to the next photo to check"))
        self.previous_unsure = make(
            self.tr("Pre&vious unsure"), "", "Shift+Tab", self.tr("Go to the previous photo to check")
        )
        self.classify_rest = make(
            self.tr("Classify the &rest"), "", "F5", self.tr("Look for new photos and classify what has no room yet")
        )
        self.cancel = make(self.tr("Ca&ncel classifying"), "cancel", "Esc", self.tr("Stop; what is done stays"))
        self.preview = make(self.tr("&Large picture"), "preview", "", self.tr("Show the photo large (Space)"))
        self.actual_size = make(
            self.tr("Actual si&ze"), "", "Z", self.tr("The large picture at 100 %, or fitted into the window again")
        )
        self.zoom_in = make(self.tr("Zoom &in"), "", keys.ZoomIn, self.tr("Larger thumbnails, or a larger picture"))
        self.zoom_in.setShortcuts([QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")])
        self.zoom_out = make(
            self.tr("Zoom &out"), "", keys.ZoomOut, self.tr("Smaller thumbnails, or a smaller picture")
        )
        self.zoom_normal = make(self.tr("&Normal zoom"), "", "Ctrl+0", self.tr("The zoom that RoomNet starts with"))
        self.show_review = make(
            self.tr("&Review photos"), "preview", "Ctrl+1", self.tr("Look through photos and their rooms")
        )
        self.show_train = make(
            self.tr("&Train a model"), "train", "Ctrl+2", self.tr("Teach RoomNet your own rooms, with your own photos")
        )
        self.pages = QActionGroup(self)
        for page in (self.show_review, self.show_train):
            page.setCheckable(True)
            self.pages.addAction(page)
        self.show_review.setChecked(True)
        self.manage_models = make(
            self.tr("&Manage models…"), "", "", self.tr("Use, rename, export, import and remove models")
        )
        self.inspector = make(self.tr("&Details"), "details", "F9", self.tr("Show all that is known of the photo"))
        self.inspector.setCheckable(True)
        self.next_panel = make(self.tr("Ne&xt panel"), "", "F6", self.tr("Take the keyboard to the next panel"))
        self.next_panel.setShortcuts([QKeySequence("F6"), QKeySequence("Ctrl+Tab")])
        self.previous_panel = make(
            self.tr("&Previous panel"), "", "Shift+F6", self.tr("Take the keyboard to the previous panel")
        )
        self.previous_panel.setShortcuts([QKeySequence("Shift+F6"), QKeySequence("Ctrl+Shift+Tab")])
        self.keys = make(self.tr("&Keys"), "", "?", self.tr("Show all keys"))
        # On many keyboards ? is typed with Shift, and not every platform leaves that out.
        self.keys.setShortcuts([QKeySequence("?"), QKeySequence("Shift+?"), QKeySequence("F1")])
        self.logs = make(self.tr("&Logs…"), "", "", self.tr("What went wrong lately, for a report"))
        self.about = make(self.tr("&About RoomNet"), "", "", self.tr("Versions and licences"))
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self.rooms: dict[int, QAction] = {}
        self.schemes = self._make_schemes()
        self.models = QActionGroup(self)
        self._photos_menu: QMenu | None = None
        self._recent_menu: QMenu | None = None
        self._model_menu: QMenu | None = None
        self._room_menu: QMenu | None = None  # of the photos' menu, where there are many rooms
        self._search: QAction | None = None

    # --- rooms, models, folders

    def set_rooms(self, rooms: RoomSet) -> None:
        """One action for each of these rooms."""
        enabled = any(action.isEnabled() for action in self.rooms.values())
        for action in self.rooms.values():
            action.deleteLater()
        keys = room_keys(rooms)
        self.rooms = {room.id: self._make_room(room, keys[room.id]) for room in rooms}
        for action in self.rooms.values():
            action.setEnabled(enabled)
        if self._photos_menu is not None:
            self._photos_menu.insertActions(self.take_back, self._room_items(self._photos_menu))

    def set_models(self, models: Sequence[ModelFile], current: ModelFile) -> None:
        """Fill Photos > Model."""
        for action in self.models.actions():
            self.models.removeAction(action)
            action.deleteLater()
        for model in models:
            action = self.models.addAction(model.name)
            action.setCheckable(True)
            action.setChecked(model.folder == current.folder)
            action.setToolTip(model.card.description)
            action.setData(model)
        if self._model_menu is not None:
            self._model_menu.insertActions(self._model_menu.actions()[-2], self.models.actions())

    def set_recent(self, folders: Sequence[Path]) -> None:
        """Fill File > Open recent."""
        if self._recent_menu is None:
            return
        self._recent_menu.clear()
        for number, folder in enumerate(folders, start=1):
            action = self._recent_menu.addAction(f"&{number}  {str(folder).replace('&', '&&')}")
            action.setToolTip(str(folder))
            action.triggered.connect(lambda _=False, folder=folder: self.recent_chosen.emit(folder))
        self._recent_menu.setEnabled(bool(folders))

    # --- menus and tool bar

    def fill_menu_bar(self, bar: QMenuBar) -> None:
        file = bar.addMenu(self.tr("&File"))
        file.addAction(self.open_folder)
        self._recent_menu = file.addMenu(self.tr("Open &recent"))
        self._recent_menu.setEnabled(False)
        file.addActions([self.add_folder, self.add_photos, self.close_photos])
        file.addSeparator()
        file.addActions([self.sort, self.export, self.export_excel])
        file.addSeparator()
        file.addAction(self.quit)
        edit = bar.addMenu(self.tr("&Edit"))
        edit.addActions([self.undo, self.redo])
        edit.addSeparator()
        edit.addActions([self.undo_sort, self.earlier_sorts])
        edit.addSeparator()
        edit.addActions([self.select_all, self.find])
        photos = self._photos_menu = bar.addMenu(self.tr("&Photos"))
        self.fill_label_menu(photos)
        photos.addSeparator()
        photos.addActions([self.next_unsure, self.previous_unsure])
        photos.addSeparator()
        photos.addActions([self.classify_rest, self.cancel])
        self._model_menu = photos.addMenu(self.tr("&Model"))
        self._model_menu.setToolTipsVisible(True)
        self._model_menu.addSeparator()
        self._model_menu.addAction(self.manage_models)
        self._model_menu.aboutToShow.connect(self.models_wanted)
        view = bar.addMenu(self.tr("&View"))
        view.addActions(self.pages.actions())
        view.addSeparator()
        view.addActions([self.preview, self.actual_size])
        view.addSeparator()
        view.addActions([self.zoom_in, self.zoom_out, self.zoom_normal])
        view.addSeparator()
        view.addActions([self.inspector, self.next_panel, self.previous_panel])
        view.addSeparator()
        view.addMenu(self.tr("&Appearance")).addActions(self.schemes.actions())
        bar.addMenu(self.tr("&Help")).addActions([self.keys, self.logs, self.about])

    def fill_label_menu(self, menu: QMenu) -> None:
        """What can be done with the selected photos; also the context menu of the grid."""
        menu.addActions([*self._room_items(menu), self.take_back])
        menu.addSeparator()
        menu.addActions([self.accept, self.reject, self.cover])

    def fill_training_menu(self, menu: QMenu) -> None:
        """What can be done with the selected photos of a training."""
        menu.addActions(self._room_items(menu))
        menu.addSeparator()
        menu.addAction(self.reject)

    def _room_items(self, menu: QMenu) -> list[QAction]:
        """The rooms, in a menu of their own where they are too many for `menu`."""
        rooms = list(self.rooms.values())
        if self._room_menu is not None and menu is self._photos_menu:
            self._room_menu.deleteLater()
            self._room_menu = None
        if len(rooms) <= _MOST_IN_MENU:
            return rooms
        below = QMenu(self.tr("&Room"), menu)
        below.setStyleSheet("QMenu { menu-scrollable: 1; }")  # rather than columns over the whole screen
        below.addActions(rooms)
        if menu is self._photos_menu:
            self._room_menu = below
        return [below.menuAction()]

    def fill_tool_bar(self, bar: QToolBar, search: QLineEdit) -> None:
        bar.addActions([self.open_folder, self.add_photos])
        bar.addSeparator()
        bar.addActions([self.undo, self.redo])
        bar.addSeparator()
        bar.addActions([self.export_excel, self.sort])
        bar.addSeparator()
        bar.addActions(self.pages.actions())
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(space)
        self._search = bar.addWidget(search)
        bar.addAction(self.inspector)
        # Short, so that the whole bar fits into a small window; the tooltips say it at length.
        self.export_excel.setIconText(self.tr("Excel"))
        self.sort.setIconText(self.tr("Sort"))
        self.show_review.setIconText(self.tr("Review"))
        self.show_train.setIconText(self.tr("Train"))
        for action in bar.actions():
            if isinstance(button := bar.widgetForAction(action), QToolButton):
                button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                if action in (self.undo, self.redo, self.inspector):
                    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)

    def bind_to(self, views: QWidget) -> None:
        """Enter, Tab and the like belong to buttons and fields too: these actions get them only within `views`."""
        for action in (self.accept, self.next_unsure, self.previous_unsure):
            action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            views.addAction(action)

    def set_state(
        self, *, photos: bool, selected: bool, running: bool, previewing: bool, training: bool = False
    ) -> None:
        """Enable what makes sense now. While `training` is shown, `selected` photos are those of it."""
        shown = photos and not training
        if self._search is not None:
            self._search.setVisible(shown)
        for action in (
            self.close_photos,
            self.export,
            self.export_excel,
            self.sort,
            self.select_all,
            self.find,
            self.next_unsure,
            self.previous_unsure,
            self.zoom_in,
            self.zoom_out,
            self.zoom_normal,
        ):
            action.setEnabled(shown)
        for action in (self.next_panel, self.previous_panel):
            action.setEnabled(photos or training)
        self.inspector.setVisible(shown)  # pressed and grey at once would be a riddle
        for action in self.rooms.values():
            action.setEnabled(selected)
        for action in (self.take_back, self.preview, self.accept, self.cover):
            action.setEnabled(selected and not training)
        self.reject.setEnabled(selected)
        self.reject.setText(self.tr("&Leave out") if training else self.tr("Re&ject"))
        self.reject.setToolTip(
            self.tr("Do not learn from the selected photos, or take them in again (X)")
            if training
            else self.tr("Set the selected photos aside, or take rejected ones back (X)")
        )
        self.actual_size.setEnabled(previewing)
        self.cancel.setEnabled(running)
        self.classify_rest.setEnabled(photos and not running)

    def name_undo_sort(self, sort: str | None) -> None:
        """Say which sort would be undone; None: there is none."""
        named = self.tr("U&ndo {sort}").format(sort=sort)
        self.undo_sort.setText(self.tr("U&ndo last sort") if sort is None else named)
        self.undo_sort.setEnabled(sort is not None)

    def _make(self, text: str, icon: str, keys: QKeySequence.StandardKey | str, tip: str) -> QAction:
        action = QAction(text, self)
        if icon:
            action.setIcon(action_icon(icon))
        if keys:
            action.setShortcut(QKeySequence(keys))
        shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{tip} ({shortcut})" if shortcut else tip)
        action.setStatusTip("")
        return action

    def _make_room(self, room: Room, keys: RoomKeys) -> QAction:
        name = texts.room_name(room)
        tip = self.tr("The selected photos show: {room}").format(room=name)
        action = self._make(name.replace("&", "&&"), "", keys.digit or keys.letter, tip)
        action.setShortcuts([QKeySequence(key) for key in (keys.digit, keys.letter) if key])
        action.setIcon(color_icon(room.color))
        action.setData(room)
        action.triggered.connect(lambda: self.room_chosen.emit(room.id))
        return action

    def _make_schemes(self) -> QActionGroup:
        group = QActionGroup(self)
        names = {"system": self.tr("As the &system"), "light": self.tr("&Light"), "dark": self.tr("&Dark")}
        for key in SCHEMES:
            action = group.addAction(names[key])
            action.setCheckable(True)
            action.setData(key)
        return group
