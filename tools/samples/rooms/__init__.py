"""The photos: one module a room, each with its scenes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from kit.stage import Stage
from photo import Shot

MODULES = ("backyard", "bathroom", "bedroom", "frontyard", "hallway", "kitchen", "living_room")


@dataclass(frozen=True, slots=True)
class Scene:
    build: Callable[[Stage], None]
    shot: Shot


def scenes() -> dict[str, Scene]:
    """Every scene by the name of its photo."""
    found: dict[str, Scene] = {}
    for module in MODULES:
        found |= import_module(f"rooms.{module}").SCENES
    return found
