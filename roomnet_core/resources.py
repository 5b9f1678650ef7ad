"""Where things live: the assets that ship with the program, and the folder it keeps for the user."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import platformdirs

COMMAND_LINE, TRAINING_WORKER = "--command-line", "--roomnet-training-worker"
"""First arguments that make the one program of a frozen bundle another; the rest are the other's arguments."""


def assets_dir() -> Path:
    """The folder of models, icons and samples: in a frozen bundle, in an installed wheel, or in the source tree."""
    bundle = getattr(sys, "_MEIPASS", None)
    if bundle is not None:
        return Path(bundle) / "assets"
    package = Path(__file__).resolve().parent
    installed = package / "assets"  # where the wheel puts the top-level `assets` folder
    return installed if installed.is_dir() else package.parent / "assets"


def samples_dir() -> Path:
    """The photos that come with the program. They are part of it: nothing may be written beside them."""
    return assets_dir() / "samples"


def docs_dir() -> Path:
    """The documentation that the help shows: with the assets where they were installed, else in the source tree."""
    shipped = assets_dir() / "docs"  # see the wheel's force-include in pyproject.toml, by which bundles go too
    return shipped if shipped.is_dir() else assets_dir().parent / "docs"


def data_dir() -> Path:
    """The folder for everything kept for the user: catalog, caches, own models, settings, logs.

    `ROOMNET_DATA_DIR` moves all of it. The folder is not created here.
    """
    override = os.environ.get("ROOMNET_DATA_DIR")
    return Path(override).expanduser() if override else Path(platformdirs.user_data_dir("RoomNet", appauthor=False))
