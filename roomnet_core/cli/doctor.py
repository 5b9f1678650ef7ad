"""`roomnet doctor`: versions, folders, models and the device found, for a person who looks for a fault."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from roomnet_core.cli import console
from roomnet_core.errors import RoomNetError

_PACKAGES = (
    *("numpy", "pillow", "pillow-heif", "openpyxl", "platformdirs"),
    *("PySide6-Essentials", "ai-edge-litert", "keras"),
)
# One library under several names: without CUDA, and for Macs of old.
_TENSORFLOW = ("tensorflow", "tensorflow-cpu", "tensorflow-macos", "tensorflow-intel")
# TensorFlow needs some seconds to look; a broken driver can keep it for ever.
_DEVICE_SECONDS = 60.0


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "doctor",
        help="show versions, the device found, and whether the models are intact",
        description="Show what RoomNet found on this computer. The exit status is 1 when something needs repair.",
    )
    repair = parser.add_mutually_exclusive_group()
    repair.add_argument(
        "--restore-catalog", action="store_true", help="put the catalog's backup in its place; it is kept beside it"
    )
    repair.add_argument(
        "--new-catalog", action="store_true", help="move the catalog and its backup aside and start an empty one"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Look at everything; returns 1 when no engine, no intact default model or no usable catalog is there."""
    if args.restore_catalog or args.new_catalog:
        return repair_catalog(restore=args.restore_catalog)
    print_versions()
    print_folders()
    print_formats()
    healthy = [print_catalog(), print_models(), print_device()]
    print("\nAll well." if all(healthy) else "\nSomething needs repair, see above.")
    return console.OK if all(healthy) else console.SOME_FAILED


def print_versions() -> None:
    import platform

    print(f"roomnet {console.own_version()}, Python {platform.python_version()}, {platform.platform()}")
    for package in _PACKAGES:
        print(f"  {package:<20}{console.package_version(package)}")
    print(f"  {'tensorflow':<20}{console.package_version(*_TENSORFLOW)}")


def print_folders() -> None:
    from roomnet_core.resources import assets_dir, data_dir

    print("\nFolders")
    print(f"  what ships with RoomNet  {assets_dir()}{'' if assets_dir().is_dir() else ' (missing)'}")
    print(f"  kept for you             {data_dir()} ({_writable(data_dir())})")


def print_formats() -> None:
    from importlib.util import find_spec

    from PIL import features

    print("\nPhoto formats")
    print(f"  JPEG, PNG, WebP, TIFF, BMP, GIF  {'yes' if features.check('webp') else 'yes, but no WebP'}")
    print(f"  HEIC                             {'yes' if find_spec('pillow_heif') else 'no: pillow-heif is missing'}")
    print(f"  AVIF                             {'yes' if features.check('avif') else 'no: this Pillow has none'}")


def print_catalog() -> bool:
    """Say where the catalog is and what is in it; returns whether it can be used (or is not there yet)."""
    from roomnet_core.session import backup
    from roomnet_core.session.store import catalog_path, inspect

    path, date = catalog_path(), backup.read_date(catalog_path())
    print("\nCatalog")
    print(f"  place                {path}")
    try:
        state, healthy = inspect(path), True
    except RoomNetError as error:
        state, healthy = str(error), False
    print(f"  state                {state}")
    print(f"  backup               {'none yet' if date is None else f'of {date:%Y-%m-%d %H:%M}'}")
    return healthy


def repair_catalog(*, restore: bool) -> int:
    """Restore the backup, or start anew; both only move files."""
    from roomnet_core.session.store import Catalog, catalog_path, inspect

    aside = Catalog.restore_backup() if restore else Catalog.start_anew()
    if aside is not None:
        print(f"The catalog as it was is kept as {aside}.")
    print(f"{'The backup is in its place' if restore else 'The next use starts a new one'}: {inspect(catalog_path())}")
    return console.OK


def print_models() -> bool:
    """Verify every file of every model; returns whether the default model is there and all are intact."""
    from roomnet_core.inference.model_file import ModelFile, model_folders
    from roomnet_core.network.card import CARD_NAME, read_card

    print("\nModels")
    healthy, default_found = True, False
    for folder in (path.parent for parent in model_folders() for path in sorted(parent.glob(f"*/{CARD_NAME}"))):
        try:
            model = ModelFile(folder, read_card(folder))
            for name in model.card.files:
                model.read(name)
        except RoomNetError as error:
            healthy = False
            print(f"  {folder.name:<20}{error}")
        else:
            default_found = default_found or model.is_default
            print(f"  {model.name:<20}intact{', the default' if model.is_default else ''}")
    if not default_found:
        print("  The default model is missing. Install RoomNet again.")
    return healthy and default_found


def print_device() -> bool:
    """Say what would run the network; returns whether anything would."""
    from roomnet_core.inference import cores, engine

    print("\nDevice")
    lite = engine.litert_installed()
    tensorflow = console.package_version(*_TENSORFLOW) != console.NOT_INSTALLED
    print(f"  cores                {cores.available_cores()}")
    print(f"  LiteRT               {'CPU' if lite else console.NOT_INSTALLED}")
    device = engine.describe_tensorflow_device(_DEVICE_SECONDS) if tensorflow else console.NOT_INSTALLED
    print(f"  TensorFlow           {device}")
    if device == "CPU":
        print(f"  why no GPU           {why_no_gpu(sys.platform, os.environ, engine.nvidia_gpu_present())}")
    if not (lite or tensorflow):
        print("  No engine is installed: pip install ai-edge-litert")
    return lite or tensorflow


def why_no_gpu(platform: str, environment: Any, nvidia: bool) -> str:
    """Why TensorFlow runs on the CPU here, and what to do if anything."""
    ample = "The CPU is ample for classifying."
    if platform == "win32":
        return f"TensorFlow uses no GPU on native Windows since version 2.10. {ample}"
    if platform == "darwin":
        return f"TensorFlow uses no GPU on a Mac without an extra plugin. {ample}"
    if environment.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return "the environment variable CUDA_VISIBLE_DEVICES hides it."
    if nvidia:
        return "there is an NVIDIA GPU, but not the CUDA libraries that TensorFlow needs: pip install 'roomnet[gpu]'"
    return f"there is no NVIDIA GPU on this computer. {ample}"


def _writable(folder: Path) -> str:
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    if not os.access(existing, os.W_OK):
        return "cannot be written"
    return "there" if existing == folder else "made when it is needed"
