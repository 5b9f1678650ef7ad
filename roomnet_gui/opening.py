"""Choosing what to open: dialogs, drops, recent folders; and what of it is remembered."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QSettings, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from roomnet_core.photos.formats import PHOTO_SUFFIXES
from roomnet_core.resources import samples_dir
from roomnet_gui.sort.sorts import folder_of

MOST_RECENT = 9


class Opening(QObject):
    """`start_with` and `add` are what it asks for; `settings` remembers the folders."""

    recent_changed = Signal(list)  # of Path, the latest first

    def __init__(
        self,
        settings: QSettings,
        start_with: Callable[[Sequence[Path]], None],
        add: Callable[[Sequence[Path]], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._settings, self._window = settings, window
        self._start_with, self._add = start_with, add

    def open_folder(self) -> None:
        if chosen := self._ask_folder(self.tr("Open a folder of photos")):
            self.start_with([chosen])

    def add_folder(self) -> None:
        if chosen := self._ask_folder(self.tr("Add a folder of photos")):
            self.add([chosen])

    def add_photos(self) -> None:
        patterns = " ".join(f"*{suffix}" for suffix in sorted(PHOTO_SUFFIXES))
        words = self.tr("Photos ({patterns})").format(patterns=patterns)
        names, _ = QFileDialog.getOpenFileNames(self._window, self.tr("Add photos"), self.last_folder(), words)
        self.add([Path(name) for name in names])

    def open_samples(self) -> None:
        """Show the photos that come with the program; they are not remembered among the person's own folders."""
        self._start_with([samples_dir()])

    def start_with(self, paths: Sequence[Path]) -> None:
        """Show these photos and no others."""
        if paths:
            self._remember(paths)
            self._start_with([path.absolute() for path in paths])

    def add(self, paths: Sequence[Path]) -> None:
        """Show these photos too."""
        if paths:
            self._remember(paths)
            self._add([path.absolute() for path in paths])

    # --- memory

    def last_folder(self) -> str:
        return str(self._settings.value("lastFolder", str(Path.home())))

    def recent(self) -> list[Path]:
        """The folders opened last, the latest first."""
        value = self._settings.value("recentFolders", [])
        names = [value] if isinstance(value, str) else value if isinstance(value, list) else []
        return [Path(name) for name in names if isinstance(name, str) and name][:MOST_RECENT]

    def _remember(self, paths: Sequence[Path]) -> None:
        folders = list(dict.fromkeys(folder_of(path.absolute()) for path in paths))
        self._settings.setValue("lastFolder", str(folders[-1]))
        recent = list(dict.fromkeys([*folders, *self.recent()]))[:MOST_RECENT]
        self._settings.setValue("recentFolders", [str(folder) for folder in recent])
        self.recent_changed.emit(recent)

    def _ask_folder(self, title: str) -> Path | None:
        chosen = QFileDialog.getExistingDirectory(self._window, title, self.last_folder())
        return Path(chosen) if chosen else None


def dropped_paths(event: QDropEvent) -> list[Path]:
    """The files and folders of a drag."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
