"""The Info.plist of the Mac application: what the Finder may drop on it, and in which languages it speaks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def plist(version: str, languages: Iterable[str]) -> dict[str, Any]:
    """What RoomNet adds to PyInstaller's own entries. `languages`: those that it is translated to, as in `zh_CN`."""
    return {
        "CFBundleDisplayName": "RoomNet",
        "CFBundleShortVersionString": version,
        "CFBundleVersion": version,
        "CFBundleDevelopmentRegion": "en",
        "CFBundleLocalizations": sorted({"en", *languages}),
        "LSApplicationCategoryType": "public.app-category.photography",
        "LSArchitecturePriority": ["arm64"],
        "LSMinimumSystemVersion": "13.0",
        "NSHighResolutionCapable": True,
        "NSRequiresAquaSystemAppearance": False,
        "CFBundleDocumentTypes": [
            _documents("Folder of photos", "public.folder"),
            _documents("Photo", "public.image", "public.camera-raw-image"),
        ],
    }


def _documents(name: str, *types: str) -> dict[str, Any]:
    """Alternate: RoomNet is offered for these, and never becomes what opens them by itself."""
    return {
        "CFBundleTypeName": name,
        "CFBundleTypeRole": "Viewer",
        "LSHandlerRank": "Alternate",
        "LSItemContentTypes": list(types),
    }
