"""Every action of the window, with its text, keys, icon and tooltip; the menus and the tool bar made of them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QUndoStack
from PySide6.QtWidgets import QLineEdit, QMenu, QMenuBar, QSizePolicy, QToolBar, QToolButton, QWidget

from roomnet_core.rooms import Room, RoomSet
from roomnet_gui import texts
from roomnet_gui.appearance import SCHEMES
from roomnet_gui.icons import action_icon, color_icon


class Actions(QObject):
    """Who connects them decides what they do."""

    def __init__(self, rooms: RoomSet, undo_stack: QUndoStack, parent: QObject | None = None) -> None:
        super().__init__(parent)
        keys = QKeySequence.StandardKey
        self.open_folder = self._make(
            self.tr("&Open folder…"), "open-folder", keys.Open, self.tr("Start with the photos of a folder")
        )
        self.add_folder = self._make(
            self.tr("Add &folder…"), "add-photos", "Ctrl+Shift+O", self.tr("Add the photos of another folder")
        )
        self.add_photos = self._make(self.tr("&Add photos…"), "add-photos", "Ctrl+I", self.tr("Add single photos"))
        self.close_photos = self._make(
            self.tr("&Close photos"), "", keys.Close, self.tr("Take all photos out of the window")
        )
        self.export_excel = self._make(
            self.tr("&Export to Excel…"), "export-excel", "Ctrl+E", self.tr("Write photos and rooms to an Excel file")
        )
        self.sort = self._make(
            self.tr("&Sort into folders…"), "sort", "Ctrl+S", self.tr("Copy the photos into a folder for each room")
        )
        self.quit = self._make(self.tr("&Quit"), "", keys.Quit, self.tr("Close RoomNet"))
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.undo = undo_stack.createUndoAction(self, self.tr("&Undo"))
        self.undo.setShortcut(keys.Undo)
        self.undo.setIcon(action_icon("undo"))
        self.redo = undo_stack.createRedoAction(self, self.tr("&Redo"))
        self.redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        self.redo.setIcon(action_icon("redo"))
        self.select_all = self._make(self.tr("Select &all"), "", keys.SelectAll, self.tr("Select all photos shown"))
        self.find = self._make(self.tr("&Find by name"), "search", keys.Find, self.tr("Search the file names"))
        self.preview = self._make(self.tr("&Large picture"), "preview", "", self.tr("Show the photo large (Space)"))
        self.classify_rest = self._make(
            self.tr("Classify the &rest"), "", "F5", self.tr("Classify the photos that have no room yet")
        )
        self.cancel = self._make(self.tr("&Cancel classifying"), "cancel", "Esc", self.tr("Stop; what is done stays"))
        self.take_back = self._make(
            self.tr("&Back to the model's room"), "", "0", self.tr("Take back your own room of the selected photos")
        )
        self.about = self._make(self.tr("&About RoomNet"), "", "", self.tr("Versions and licences"))
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self.rooms = {room.id: self._make_room(room) for room in rooms}
        self.schemes = self._make_schemes()
        self._search: QAction | None = None

    def fill_menu_bar(self, bar: QMenuBar) -> None:
        file = bar.addMenu(self.tr("&File"))
        file.addActions([self.open_folder, self.add_folder, self.add_photos, self.close_photos])
        file.addSeparator()
        file.addActions([self.export_excel, self.sort])
        file.addSeparator()
        file.addAction(self.quit)
        edit = bar.addMenu(self.tr("&Edit"))
        edit.addActions([self.undo, self.redo])
        edit.addSeparator()
        edit.addActions([self.select_all, self.find])
        photos = bar.addMenu(self.tr("&Photos"))
        self.fill_label_menu(photos)
        photos.addSeparator()
        photos.addActions([self.preview])
        photos.addSeparator()
        photos.addActions([self.classify_rest, self.cancel])
        view = bar.addMenu(self.tr("&View"))
        appearance = view.addMenu(self.tr("&Appearance"))
        appearance.addActions(self.schemes.actions())
        bar.addMenu(self.tr("&Help")).addAction(self.about)

    def fill_label_menu(self, menu: QMenu) -> None:
        """What can be done with the selected photos; also the context menu of the grid."""
        menu.addActions(list(self.rooms.values()))
        menu.addSeparator()
        menu.addAction(self.take_back)

    def fill_tool_bar(self, bar: QToolBar, search: QLineEdit) -> None:
        bar.addActions([self.open_folder, self.add_photos])
        bar.addSeparator()
        bar.addActions([self.undo, self.redo])
        bar.addSeparator()
        bar.addActions([self.export_excel, self.sort])
        for button in bar.findChildren(QToolButton):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            if button.defaultAction() in (self.undo, self.redo):
                button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        space = QWidget()
        space.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        bar.addWidget(space)
        self._search = bar.addWidget(search)

    def set_state(self, *, photos: bool, selected: bool, running: bool, rest: bool) -> None:
        """Enable what makes sense now."""
        if self._search is not None:
            self._search.setVisible(photos)
        for action in (self.close_photos, self.export_excel, self.sort, self.select_all, self.find):
            action.setEnabled(photos)
        for action in (*self.rooms.values(), self.take_back, self.preview):
            action.setEnabled(selected)
        self.cancel.setEnabled(running)
        self.classify_rest.setEnabled(rest and not running)

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

    def _make_room(self, room: Room) -> QAction:
        name = texts.room_name(room)
        tip = self.tr("The selected photos show: {room}").format(room=name)
        action = self._make(name.replace("&", "&&"), "", room.hotkey, tip)
        action.setIcon(color_icon(room.color))
        action.setData(room.id)
        return action

    def _make_schemes(self) -> QActionGroup:
        group = QActionGroup(self)
        names = {"system": self.tr("As the &system"), "light": self.tr("&Light"), "dark": self.tr("&Dark")}
        for key in SCHEMES:
            action = group.addAction(names[key])
            action.setCheckable(True)
            action.setData(key)
        return group
