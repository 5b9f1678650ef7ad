"""RoomNet without a window: sorts house photos by room. Importing it loads neither numpy nor any network."""

from __future__ import annotations

from roomnet_core.api import PhotoResult, classify_folder

__all__ = ["PhotoResult", "classify_folder"]
