"""The settings of the window: one ini file in the program's own data folder."""

from __future__ import annotations

from PySide6.QtCore import QSettings

from roomnet_core.resources import data_dir


def open_settings() -> QSettings:
    """Open (or start) `settings.ini`; the folder is made if it is not there."""
    folder = data_dir()
    folder.mkdir(parents=True, exist_ok=True)
    return QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
