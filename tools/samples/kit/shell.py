"""Rooms and houses as shells: walls with openings, floors, skirting, windows and doors.

A wall lies in its own frame: x runs along it from the left corner as seen from inside, y leads outward, z up. What
stands against the wall has its back at y = 0 and faces -y.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise

import bpy
import numpy as np

from kit import materials as m
from kit.shapes import box, cylinder, tube
from kit.stage import Stage

Material = bpy.types.Material


@dataclass(frozen=True, slots=True)
class Opening:
    """A hole in a wall: its left edge, width, sill and height."""

    left: float
    width: float
    sill: float
    height: float

    @property
    def middle(self) -> float:
        return self.left + self.width / 2


def rectangles(length: float, height: float, openings: Sequence[Opening]) -> list[tuple[float, float, float, float]]:
    """The wall without its openings, as rectangles (left, right, bottom, top)."""
    edges = sorted({0.0, length, *(edge for hole in openings for edge in (hole.left, hole.left + hole.width))})
    parts = []
    for left, right in pairwise(edges):
        floor = 0.0
        for hole in sorted(openings, key=lambda one: one.sill):
            if hole.left < (left + right) / 2 < hole.left + hole.width:
                parts.append((left, right, floor, hole.sill))
                floor = hole.sill + hole.height
        parts.append((left, right, floor, height))
    return [part for part in parts if part[1] - part[0] > 1e-4 and part[3] - part[2] > 1e-4]


def wall(
    stage: Stage, length: float, height: float, openings: Sequence[Opening], material: Material, *, thick: float = 0.22
) -> None:
    vertices: list[tuple[float, float, float]] = []
    faces: list[tuple[int, ...]] = []
    for left, right, low, high in rectangles(length, height, openings):
        first = len(vertices)
        vertices += [(x, y, z) for z in (low, high) for x, y in ((left, 0), (right, 0), (right, thick), (left, thick))]
        sides = [(3, 2, 1, 0), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)]
        faces += [tuple(first + corner for corner in side) for side in sides]
    stage.mesh(vertices, faces, material, name="wall")


@dataclass(slots=True)
class Room:
    """A rectangular room with x in 0..width and y in 0..depth; wall `n` is at y = depth, `e` at x = width."""

    stage: Stage
    width: float
    depth: float
    height: float = 2.6
    openings: dict[str, list[Opening]] = field(default_factory=dict)

    def length(self, side: str) -> float:
        return self.width if side in "ns" else self.depth

    @contextmanager
    def against(self, side: str, along: float = 0, out: float = 0, up: float = 0) -> Iterator[None]:
        """The frame of a wall, `along` it from its left corner and `out` from it into the room."""
        x, y, turn = {
            "n": (0, self.depth, 0),
            "e": (self.width, self.depth, -90),
            "s": (self.width, 0, 180),
            "w": (0, 0, 90),
        }[side]
        with self.stage.at(x, y, 0, turn), self.stage.at(along, -out, up):
            yield

    def build(
        self,
        walls: Material | dict[str, Material],
        floor: Material,
        ceiling: Material,
        *,
        skirting: Material | None = None,
        tall: float = 0.09,
        without: str = "",
    ) -> None:
        stage = self.stage
        for side in "nesw":
            if side in without:
                continue
            with self.against(side):
                cover = walls[side] if isinstance(walls, dict) else walls
                holes = self.openings.get(side, [])
                wall(stage, self.length(side), self.height, holes, cover)
                if skirting is not None:
                    low = [hole for hole in holes if hole.sill < tall]
                    for left, right, bottom, _ in rectangles(self.length(side), self.height, low):
                        if bottom == 0:
                            box(
                                stage,
                                (right - left, 0.016, tall),
                                ((left + right) / 2, -0.008, 0),
                                skirting,
                                bevel=0.004,
                            )
        plate = [(0, 0, 0), (self.width, 0, 0), (self.width, self.depth, 0), (0, self.depth, 0)]
        stage.mesh(plate, [(0, 1, 2, 3)], floor, name="floor")
        stage.mesh([(x, y, self.height) for x, y, _ in plate], [(3, 2, 1, 0)], ceiling, name="ceiling")

    def window(
        self,
        side: str,
        hole: Opening,
        frame: Material,
        *,
        panes: int = 2,
        bars: int = 0,
        watts: float = 60,
        tint: Sequence[float] = (0.86, 0.93, 1.0),
        casing: bool = True,
        sill: bool = True,
    ) -> None:
        """A window in an opening, and the daylight that comes through it."""
        with self.against(side, hole.middle, 0, hole.sill):
            window(self.stage, hole.width, hole.height, frame, panes=panes, bars=bars, casing=casing, sill=sill)
            middle = hole.height / 2
            # Inside the pane and the curtain: they would only make noise of it.
            self.stage.area(
                (0, -0.16, middle), (0, -2, middle - 0.5), (hole.width, hole.height), watts, tint, spread=160
            )


def window(
    stage: Stage,
    width: float,
    height: float,
    frame: Material,
    *,
    panes: int = 2,
    bars: int = 0,
    casing: bool = True,
    sill: bool = True,
    outside: bool = False,
) -> None:
    """Sashes, glass, casing and sill around the middle of an opening whose lower edge is at z = 0."""
    bar, deep, y = 0.055, 0.06, 0.11
    pane = width / panes
    glass = m.glass()
    for index in range(panes):
        middle = -width / 2 + pane * (index + 0.5)
        for x in (middle - pane / 2 + bar / 2, middle + pane / 2 - bar / 2):
            box(stage, (bar, deep, height), (x, y, 0), frame)
        for z in (0.0, height - bar):
            box(stage, (pane - 2 * bar, deep - 0.004, bar), (middle, y, z), frame)
        for row in range(1, bars + 1):
            box(stage, (pane, 0.03, 0.022), (middle, y, height * row / (bars + 1) - 0.011), frame, bevel=0.002)
        if bars:
            box(stage, (0.022, 0.03, height), (middle, y, 0), frame, bevel=0.002)
        stage.mesh(
            [
                (middle - pane / 2, y, 0),
                (middle + pane / 2, y, 0),
                (middle + pane / 2, y, height),
                (middle - pane / 2, y, height),
            ],
            [(0, 1, 2, 3)],
            glass,
            name="pane",
        )
    if casing:
        face = 0.232 if outside else -0.012
        for x in (-width / 2 - 0.035, width / 2 + 0.035):
            box(stage, (0.075, 0.024, height + 0.15), (x, face, -0.075), frame, bevel=0.005)
        for z in (height - 0.002, -0.075):
            box(stage, (width + 0.15, 0.026, 0.075), (0, face, z), frame, bevel=0.005)
    if sill:
        box(stage, (width + 0.18, 0.26, 0.03), (0, 0.27 if outside else 0.03, -0.03), frame, bevel=0.006)


def door(
    stage: Stage,
    width: float,
    height: float,
    leaf: Material,
    metal: Material,
    *,
    panels: int = 2,
    casing: Material | None = None,
    open_: float = 0,
    hinge_left: bool = True,
) -> None:
    """A panelled leaf in an opening around x = 0; `open_` degrees into the room (towards -y)."""
    trim = casing or leaf
    for x in (-width / 2 - 0.03, width / 2 + 0.03):
        box(stage, (0.08, 0.024, height + 0.06), (x, -0.012, 0), trim, bevel=0.005)
        box(stage, (0.03, 0.22, height), (x - 0.012 * np.sign(x), 0.11, 0), trim, bevel=0)
    box(stage, (width + 0.14, 0.026, 0.08), (0, -0.012, height - 0.01), trim, bevel=0.005)
    side = -1 if hinge_left else 1
    with stage.at(side * (width / 2 - 0.004), 0.02, 0, turn=side * open_), stage.at(-side * width / 2):
        inner = width - 0.02
        box(stage, (inner, 0.034, height - 0.012), (0, 0.02, 0.006), leaf)
        tall = (height - 0.36) / panels - 0.08
        for row in range(panels):
            low = 0.22 + row * (tall + 0.12)
            for face in (0.001, 0.039):
                for x in (-inner / 4 + 0.02, inner / 4 - 0.02):
                    wide = inner / 2 - 0.15
                    box(stage, (wide, 0.006, tall), (x, face, low), leaf, bevel=0.005)
                    box(stage, (wide - 0.07, 0.012, tall - 0.07), (x, face, low + 0.035), leaf, bevel=0.005)
        grip = -side * (inner / 2 - 0.06)
        for y, out in ((0.0, -0.05), (0.04, 0.09)):
            cylinder(stage, 0.025, 0.008, (grip, y, 1.0), metal, turn=(90, 0, 0))
            tube(
                stage,
                [(grip, y, 1.0), (grip, out, 1.0), (grip + side * 0.02, out, 1.0), (grip + side * 0.11, out, 1.0)],
                0.009,
                metal,
            )


def cornice(room: Room, material: Material, size: float = 0.07) -> None:
    for side in "nesw":
        with room.against(side, room.length(side) / 2):
            box(
                room.stage,
                (room.length(side), size, size),
                (0, -size / 2, room.height - size),
                material,
                bevel=size * 0.4,
            )


def downlight(stage: Stage, x: float, y: float, height: float, watts: float = 4) -> None:
    """A recessed lamp in the ceiling."""
    cylinder(stage, 0.05, 0.006, (x, y, height - 0.006), m.plain("#f6f6f4"))
    cylinder(stage, 0.036, 0.004, (x, y, height - 0.009), m.glow("#fff0dc", 14))
    stage.area((x, y, height - 0.02), (x, y, 0), (0.08, 0.08), watts, (1, 0.86, 0.7), spread=130)
