"""Whether things may move on the screen: people whom movement makes ill say so in their system's settings.

RoomNet animates nothing by itself; what moves is Qt's: menus that fade, and bars that run to and fro while it is not
known how long something takes.
"""

from __future__ import annotations

import configparser
import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QProgressBar

_GET_CLIENT_AREA_ANIMATION = 0x1042  # of SystemParametersInfo
_SECONDS = 0.5
_EFFECTS = (
    Qt.UIEffect.UI_AnimateMenu,
    Qt.UIEffect.UI_FadeMenu,
    Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip,
    Qt.UIEffect.UI_FadeTooltip,
    Qt.UIEffect.UI_AnimateToolBox,
)


@functools.cache
def reduced_motion() -> bool:
    """What the system's settings say at the first time of asking; False where they say nothing."""
    if sys.platform == "win32":
        return _windows()
    if sys.platform == "darwin":
        return _said(["defaults", "read", "com.apple.universalaccess", "reduceMotion"]) == "1"
    return _linux(Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"))


def respect() -> None:
    """Switch Qt's effects off where nothing is to move."""
    if reduced_motion():
        for effect in _EFFECTS:
            QApplication.setEffectEnabled(effect, False)


def show_busy(bar: QProgressBar) -> None:
    """It is not known how long it takes: the bar runs, or stands still and empty where nothing is to move."""
    bar.setRange(0, 1 if reduced_motion() else 0)
    bar.setValue(0)


def _windows() -> bool:
    import ctypes

    wanted = ctypes.c_int(1)
    system = ctypes.windll.user32  # type: ignore[attr-defined]
    answered = system.SystemParametersInfoW(_GET_CLIENT_AREA_ANIMATION, 0, ctypes.byref(wanted), 0)
    return bool(answered) and not wanted.value


def _linux(config: Path) -> bool:
    """KDE and GTK keep it in files; GNOME in a database that only its own tool reads."""
    if _setting(config / "kdeglobals", "KDE", "AnimationDurationFactor") in ("0", "0.0"):
        return True
    for version in ("gtk-4.0", "gtk-3.0"):
        if _setting(config / version / "settings.ini", "Settings", "gtk-enable-animations") in ("0", "false"):
            return True
    if "GNOME" not in os.environ.get("XDG_CURRENT_DESKTOP", ""):
        return False
    return _said(["gsettings", "get", "org.gnome.desktop.interface", "enable-animations"]) == "false"


def _setting(path: Path, section: str, name: str) -> str:
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read(path, encoding="utf-8")
        return parser.get(section, name, fallback="").strip().lower()
    except (configparser.Error, OSError, UnicodeDecodeError):
        return ""


def _said(command: list[str]) -> str:
    """What the command says; nothing where it is not there, fails, or takes too long."""
    if shutil.which(command[0]) is None:
        return ""
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=_SECONDS, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return result.stdout.strip()
