"""Every action of the window, with its keys and icon; the menus and the tool bar made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeySequence, QUndoGroup
from PySide6.QtWidgets import QLineEdit, QMenu, QMenuBar, QSizePolicy, QToolBar, QToolButton, QWidget

from roomnet_core.inference.model_file import ModelFile
from roomnet_core.rooms import Room, RoomSet
from roomnet_gui import action_texts, texts
from roomnet_gui.appearance import SCHEMES
from roomnet_gui.icons import action_icon, color_icon
from roomnet_gui.language import LANGUAGES
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
        self.open_folder = make("open-folder", keys.Open)
        self.add_folder = make("add-photos", "Ctrl+Shift+O")
        self.add_photos = make("add-photos", "Ctrl+I")
        self.close_photos = make("", keys.Close)
        self.export_excel = make("export-excel", "Ctrl+Shift+E")
        self.export = make("", "Ctrl+E")
        self.sort = make("sort", "Ctrl+S")
        self.undo_sort = make("", "")
        self.earlier_sorts = make("", "")
        self._undoable: str | None = None  # the sort that would be undone
        self.quit = make("", "Ctrl+Q")
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self._stacks = undo
        self.undo = make("undo", keys.Undo)
        self.redo = make("redo", "Ctrl+Shift+Z")
        self.redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        self._follow(undo)
        self.select_all = make("", keys.SelectAll)
        self.find = make("search", keys.Find)
        self.take_back = make("", "0")
        self.accept = make("", "Return")
        self.accept.setShortcuts([QKeySequence("Return"), QKeySequence("Enter")])
        self.reject = make("", "X")
        self.cover = make("", "C")
        self.next_unsure = make("", "Tab")
        self.previous_unsure = make("", "Shift+Tab")
        self.classify_rest = make("", "F5")
        self.cancel = make("cancel", "Esc")
        self.preview = make("preview", "")
        self.actual_size = make("", "Z")
        self.zoom_in = make("", keys.ZoomIn)
        self.zoom_in.setShortcuts([QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")])
        self.zoom_out = make("", keys.ZoomOut)
        self.zoom_normal = make("", "Ctrl+0")
        self.show_review = make("preview", "Ctrl+1")
        self.show_train = make("train", "Ctrl+2")
        self.pages = QActionGroup(self)
        for page in (self.show_review, self.show_train):
            page.setCheckable(True)
            self.pages.addAction(page)
        self.show_review.setChecked(True)
        self.manage_models = make("", "")
        self.inspector = make("details", "F9")
        self.inspector.setCheckable(True)
        self.next_panel = make("", "F6")
        self.next_panel.setShortcuts([QKeySequence("F6"), QKeySequence("Ctrl+Tab")])
        self.previous_panel = make("", "Shift+F6")
        self.previous_panel.setShortcuts([QKeySequence("Shift+F6"), QKeySequence("Ctrl+Shift+Tab")])
        self.keys = make("", "?")
        self.keys.setShortcuts([QKeySequence("?"), QKeySequence("Shift+?")])
        self.help = make("", keys.HelpContents)
        self.welcome = make("", "")
        self.samples = make("", "")
        self.logs = make("", "")
        self.about = make("", "")
        self.about.setMenuRole(QAction.MenuRole.AboutRole)
        self.rooms: dict[int, QAction] = {}
        self.schemes = self._make_choices(SCHEMES)
        self.languages = self._make_choices(LANGUAGES)
        self.models = QActionGroup(self)
        self._training = False
        self._menus: dict[str, QMenu] = {}
        self._photos_menu: QMenu | None = None
        self._recent_menu: QMenu | None = None
        self._model_menu: QMenu | None = None
        self._room_menu: QMenu | None = None  # of the photos' menu, where there are many rooms
        self._search: QAction | None = None
        self.retranslate()

    def retranslate(self) -> None:
        """Name everything in the window's language."""
        for action, text, tip in action_texts.of_actions(self):
            action.setText(text)
            self._set_tip(action, tip)
        for action, text in action_texts.of_the_tool_bar(self):
            action.setIconText(text)
        for group, names in ((self.schemes, action_texts.schemes()), (self.languages, action_texts.languages())):
            for action in group.actions():
                action.setText(names[action.data()])
        titles = action_texts.menus()
        for name, menu in self._menus.items():
            menu.setTitle(titles[name])
        for action in self.rooms.values():
            self._name_room(action)
        self._name_stacks()
        self._name_reject()
        self.name_undo_sort(self._undoable)

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
            action.setToolTip(texts.model_description(model.card))
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
        file = self._menu("file", bar)
        file.addAction(self.open_folder)
        self._recent_menu = self._menu("recent", file)
        self._recent_menu.setEnabled(False)
        file.addActions([self.add_folder, self.add_photos, self.close_photos])
        file.addSeparator()
        file.addActions([self.sort, self.export, self.export_excel])
        file.addSeparator()
        file.addAction(self.quit)
        edit = self._menu("edit", bar)
        edit.addActions([self.undo, self.redo])
        edit.addSeparator()
        edit.addActions([self.undo_sort, self.earlier_sorts])
        edit.addSeparator()
        edit.addActions([self.select_all, self.find])
        photos = self._photos_menu = self._menu("photos", bar)
        self.fill_label_menu(photos)
        photos.addSeparator()
        photos.addActions([self.next_unsure, self.previous_unsure])
        photos.addSeparator()
        photos.addActions([self.classify_rest, self.cancel])
        self._model_menu = self._menu("model", photos)
        self._model_menu.setToolTipsVisible(True)
        self._model_menu.addSeparator()
        self._model_menu.addAction(self.manage_models)
        self._model_menu.aboutToShow.connect(self.models_wanted)
        view = self._menu("view", bar)
        view.addActions(self.pages.actions())
        view.addSeparator()
        view.addActions([self.preview, self.actual_size])
        view.addSeparator()
        view.addActions([self.zoom_in, self.zoom_out, self.zoom_normal])
        view.addSeparator()
        view.addActions([self.inspector, self.next_panel, self.previous_panel])
        view.addSeparator()
        self._menu("appearance", view).addActions(self.schemes.actions())
        self._menu("language", view).addActions(self.languages.actions())
        self._menu("help", bar).addActions(
            [self.help, self.keys, self.welcome, self.samples, self.logs, self.about]
        )

    def _menu(self, name: str, above: QMenuBar | QMenu) -> QMenu:
        """A menu that `action_texts.menus` has a title for."""
        self._menus[name] = above.addMenu(action_texts.menus()[name])
        return self._menus[name]

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
        below = QMenu(action_texts.menus()["room"], menu)
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
        self._training = training
        self._name_reject()
        self.actual_size.setEnabled(previewing)
        self.cancel.setEnabled(running)
        self.classify_rest.setEnabled(photos and not running)

    def name_undo_sort(self, sort: str | None) -> None:
        """Say which sort would be undone; None: there is none."""
        self._undoable = sort
        self.undo_sort.setText(action_texts.undo_sort(sort))
        self.undo_sort.setEnabled(sort is not None)

    # --- making and naming

    def _make(self, icon: str, keys: QKeySequence.StandardKey | str) -> QAction:
        action = QAction(self)
        if icon:
            action.setIcon(action_icon(icon))
        if keys:
            action.setShortcut(QKeySequence(keys))
        return action

    def _set_tip(self, action: QAction, tip: str) -> None:
        shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{tip} ({shortcut})" if shortcut else tip)

    def _make_room(self, room: Room, keys: RoomKeys) -> QAction:
        action = self._make("", keys.digit or keys.letter)
        action.setShortcuts([QKeySequence(key) for key in (keys.digit, keys.letter) if key])
        action.setIcon(color_icon(room.color))
        action.setData(room)
        action.triggered.connect(lambda: self.room_chosen.emit(room.id))
        self._name_room(action)
        return action

    def _name_room(self, action: QAction) -> None:
        name = texts.room_name(action.data())
        action.setText(name.replace("&", "&&"))
        self._set_tip(action, action_texts.room_tip(name))

    def _name_reject(self) -> None:
        text, tip = action_texts.reject(self._training)
        self.reject.setText(text)
        self._set_tip(self.reject, tip)

    def _make_choices(self, keys: Iterable[str]) -> QActionGroup:
        """Named by `action_texts`, each with its key as data."""
        group = QActionGroup(self)
        for key in keys:
            action = group.addAction("")
            action.setCheckable(True)
            action.setData(key)
        return group

    # --- undo and redo; Qt's own actions for them keep the language that they were made in

    def _follow(self, stacks: QUndoGroup) -> None:
        self.undo.triggered.connect(stacks.undo)
        self.redo.triggered.connect(stacks.redo)
        stacks.canUndoChanged.connect(self.undo.setEnabled)
        stacks.canRedoChanged.connect(self.redo.setEnabled)
        stacks.undoTextChanged.connect(lambda _: self._name_stacks())
        stacks.redoTextChanged.connect(lambda _: self._name_stacks())
        self.undo.setEnabled(stacks.canUndo())
        self.redo.setEnabled(stacks.canRedo())

    def _name_stacks(self) -> None:
        for action, what in ((self.undo, self._stacks.undoText()), (self.redo, self._stacks.redoText())):
            text = action_texts.undo(what) if action is self.undo else action_texts.redo(what)
            action.setText(text)
            self._set_tip(action, texts.plain(text))
