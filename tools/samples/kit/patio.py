"""Garden furniture: chairs, loungers, a table, a parasol, a grill and planted pots."""

from __future__ import annotations

import math

import bpy
import numpy as np

from kit import materials as m
from kit.furniture import table
from kit.garden import shrub
from kit.shapes import box, cylinder, lathe, prism, soft_box, tube
from kit.stage import Stage, Vec

Material = bpy.types.Material


def garden_chair(stage: Stage, frame: Material, cushion: Material | None = None) -> None:
    """An armchair of slats; its back is at y = 0 and it faces -y."""
    for side in (-1, 1):
        x = side * 0.28
        tube(stage, [(x, -0.5, 0), (x, -0.52, 0.62)], 0.02, frame)
        tube(stage, [(x, -0.02, 0), (x, -0.06, 0.4), (x, 0.06, 0.95)], 0.02, frame)
        box(stage, (0.06, 0.58, 0.025), (x, -0.27, 0.62), frame, bevel=0.008)
    for y in np.linspace(-0.5, -0.08, 6):
        box(stage, (0.54, 0.065, 0.018), (0, y, 0.4), frame)
    for z in np.linspace(0.5, 0.9, 5):
        y = -0.05 + 0.1 * ((z - 0.4) / 0.5) ** 1.3
        with stage.at(0, y, z, tilt=-12):
            box(stage, (0.54, 0.018, 0.065), (0, 0, 0), frame)
    if cushion is not None:
        soft_box(stage, (0.5, 0.5, 0.07), (0, -0.29, 0.415), cushion, radius=0.03, bulge=0.012)


def lounger(stage: Stage, frame: Material, cushion: Material) -> None:
    """A sun lounger along y, its raised head at y = 0."""
    for side in (-1, 1):
        box(stage, (0.05, 1.95, 0.07), (side * 0.31, -0.98, 0.27), frame, bevel=0.008)
        for y in (-0.2, -1.75):
            box(stage, (0.06, 0.06, 0.28), (side * 0.31, y, 0), frame, bevel=0.006)
    for y in np.arange(-1.9, -0.7, 0.09):
        box(stage, (0.58, 0.07, 0.018), (0, y, 0.33), frame)
    soft_box(stage, (0.6, 1.26, 0.07), (0, -1.3, 0.35), cushion, radius=0.03, bulge=0.01)
    with stage.at(0, -0.68, 0.36, tilt=-38):
        soft_box(stage, (0.6, 0.72, 0.07), (0, 0.36, 0), cushion, radius=0.03, bulge=0.01)
        soft_box(stage, (0.42, 0.18, 0.1), (0, 0.58, 0.06), cushion, radius=0.045)


def parasol(
    stage: Stage,
    at: Vec,
    cloth: Material,
    pole: Material,
    *,
    radius: float = 1.45,
    height: float = 2.45,
    open_: bool = True,
) -> None:
    x, y, z = at
    tube(stage, [(x, y, z), (x, y, z + height + 0.12)], 0.022, pole)
    cylinder(stage, 0.24, 0.07, at, m.rough("#8a8781", "#66635e", scale=9))
    ribs = 8
    if not open_:
        lathe(
            stage,
            [(0.02, height), (0.06, height - 0.2), (0.1, height - 0.9), (0.085, height - 1.5), (0.03, height - 1.55)],
            at,
            cloth,
            segments=16,
        )
        return
    top = (0, 0, height)
    rim = [
        (radius * math.cos(2 * math.pi * i / ribs), radius * math.sin(2 * math.pi * i / ribs), height - 0.42)
        for i in range(ribs)
    ]
    hem = [(px, py, pz - 0.14) for px, py, pz in rim]
    vertices = [top, *rim, *hem]
    faces: list[tuple[int, ...]] = [(0, 1 + i, 1 + (i + 1) % ribs) for i in range(ribs)]
    faces += [(1 + i, 1 + ribs + i, 1 + ribs + (i + 1) % ribs, 1 + (i + 1) % ribs) for i in range(ribs)]
    stage.mesh(vertices, faces, cloth, at=at, name="parasol")
    for rib in rim:
        tube(stage, [(x, y, z + height - 0.03), (x + rib[0], y + rib[1], z + rib[2] - 0.01)], 0.008, pole)


def barbecue(stage: Stage) -> None:
    """A gas grill with its lid shut."""
    steel, black = m.steel(roughness=0.3, brushed=True), m.plain("#1b1c1d", 0.35)
    box(stage, (0.75, 0.5, 0.62), (0, -0.3, 0.16), black, bevel=0.01)
    for x in (-0.19, 0.19):
        box(stage, (0.35, 0.02, 0.52), (x, -0.56, 0.2), steel, bevel=0.006)
        tube(stage, [(x - 0.1, -0.59, 0.66), (x + 0.1, -0.59, 0.66)], 0.009, black)
    box(stage, (0.8, 0.55, 0.12), (0, -0.3, 0.78), steel, bevel=0.01)
    for x in np.linspace(-0.28, 0.28, 4):
        cylinder(stage, 0.026, 0.03, (x, -0.575, 0.84), black, turn=(90, 0, 0))
    half = [(0.0, 0.0), (0.5, 0.0), (0.5, 0.1), (0.42, 0.24), (0.26, 0.31), (0.08, 0.26), (0.0, 0.12)]
    for side in (-1, 1):
        box(stage, (0.34, 0.42, 0.03), (side * 0.57, -0.3, 0.86), steel, bevel=0.006)
    outline = [(y, z) for y, z in half]
    with stage.at(-0.39, -0.05, 0.9, turn=-90), stage.at(0, 0, 0, tilt=90):
        prism(stage, outline, 0.78, (0, 0, 0), steel, bevel=0.012)
    tube(stage, [(-0.3, -0.6, 1.0), (0.3, -0.6, 1.0)], 0.012, steel)
    for x in (-0.27, 0.27):
        tube(stage, [(x, -0.6, 1.0), (x, -0.53, 1.02)], 0.008, steel)
    for x in (-0.3, 0.3):
        cylinder(stage, 0.09, 0.04, (x, -0.1, 0.09), black, turn=(0, 90, 0))


def dining_set(stage: Stage, wood: Material, cushion: Material, *, chairs: int = 6) -> None:
    """A garden table, 1.9 m long along x, with chairs around it."""
    table(stage, (1.9, 0.95, 0.74), wood, wood, apron=0.06, inset=0.09, post=0.07)
    places = [(-0.5, -0.66, 180), (0.5, -0.66, 180), (-0.5, 0.66, 0), (0.5, 0.66, 0), (-1.2, 0, 90), (1.2, 0, -90)]
    for x, y, turn in places[:chairs]:
        with stage.at(x, y, 0, turn=turn + stage.rng.uniform(-7, 7)), stage.at(0, 0.3):
            garden_chair(stage, wood, cushion)


def planter(stage: Stage, at: Vec, size: float, material: Material, *, bloom: str | None = None) -> None:
    x, y, z = at
    lathe(
        stage,
        [
            (0, 0),
            (size * 0.36, 0),
            (size * 0.5, size * 0.8),
            (size * 0.53, size * 0.85),
            (size * 0.46, size * 0.85),
            (size * 0.44, size * 0.75),
            (0, size * 0.75),
        ],
        at,
        material,
    )
    shrub(
        stage,
        (size * 1.25, size * 1.25, size * 0.95),
        (x, y, z + size * 0.72),
        count=1800,
        leaf=size * 0.1,
        bloom=bloom,
    )
