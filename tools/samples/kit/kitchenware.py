"""Kitchens: base and wall units, worktops, sinks, ovens, hoods, refrigerators and what stands about."""

from __future__ import annotations

import math

import bpy
import numpy as np

from kit import materials as m
from kit.furniture import fronts
from kit.shapes import box, cylinder, lathe, prism, tube
from kit.stage import Stage, Vec

Material = bpy.types.Material
DEPTH, TALL, TOP = 0.58, 0.87, 0.03  # of base units: depth, height, thickness of the worktop


def base(
    stage: Stage,
    width: float,
    face: Material,
    handle: Material | None,
    *,
    columns: int = 2,
    rows: int = 1,
    shaker: bool = True,
    carcass: Material | None = None,
) -> None:
    """A base unit without its worktop, its back middle on the origin."""
    box(stage, (width, DEPTH, TALL - 0.1), (0, -DEPTH / 2, 0.1), carcass or face, bevel=0.001)
    box(stage, (width, DEPTH - 0.06, 0.1), (0, -DEPTH / 2 + 0.03, 0), m.plain("#2b2a28") if carcass else face, bevel=0)
    if rows == 1 and columns <= 2:
        fronts(
            stage,
            width,
            0.16,
            (0, -DEPTH, TALL - 0.165),
            face,
            columns=columns,
            rows=1,
            handle=handle,
            drawers=True,
            bar="bar",
        )
        fronts(stage, width, TALL - 0.27, (0, -DEPTH, 0.105), face, columns=columns, handle=handle, shaker=shaker)
    else:
        fronts(
            stage,
            width,
            TALL - 0.11,
            (0, -DEPTH, 0.105),
            face,
            columns=columns,
            rows=rows,
            handle=handle,
            shaker=shaker,
            drawers=rows > 1,
        )


def worktop(
    stage: Stage, width: float, material: Material, *, depth: float = 0.62, x: float = 0, hole: float | None = None
) -> None:
    """A slab on the base units; with a `hole` at that x for a sink 0.62 wide."""
    if hole is None:
        box(stage, (width, depth, TOP), (x, -depth / 2, TALL), material, bevel=0.004)
        return
    left, right = x - width / 2, x + width / 2
    low, high = hole - 0.31, hole + 0.31
    for a, b in ((left, low), (high, right)):
        box(stage, (b - a, depth, TOP), ((a + b) / 2, -depth / 2, TALL), material, bevel=0.003)
    box(stage, (high - low, 0.12, TOP), (hole, -0.06, TALL), material, bevel=0.003)
    box(stage, (high - low, depth - 0.53, TOP), (hole, -0.53 - (depth - 0.53) / 2, TALL), material, bevel=0.003)


def sink(stage: Stage, x: float, material: Material, tap: Material, *, apron: bool = False) -> None:
    """A basin below the worktop with a high tap behind it."""
    wide, deep, thick = 0.62, 0.41, 0.012
    front = 0.66 if apron else 0.53
    with stage.at(x, -0.325, TALL - 0.2):
        box(stage, (wide, deep, thick), (0, 0, 0), material)
        for side in (-1, 1):
            box(stage, (thick, deep, 0.2), (side * wide / 2, 0, 0), material)
            box(stage, (wide, thick, 0.2), (0, side * deep / 2, 0), material)
        cylinder(stage, 0.045, 0.004, (0, 0, thick), m.steel(roughness=0.35))
    if apron:
        box(stage, (wide + 0.02, 0.1, 0.25), (x, -front + 0.05, TALL - 0.225), material, bevel=0.012)
    mixer(stage, (x, -0.075, TALL + TOP), tap)


def mixer(stage: Stage, at: Vec, metal: Material, *, tall: float = 0.34, reach: float = 0.2) -> None:
    x, y, z = at
    cylinder(stage, 0.026, 0.03, at, metal)
    points = [
        (x, y, z),
        (x, y, z + tall * 0.6),
        (x, y, z + tall),
        (x, y - reach * 0.5, z + tall * 1.12),
        (x, y - reach, z + tall * 0.95),
        (x, y - reach, z + tall * 0.6),
    ]
    tube(stage, points, 0.013, metal)
    tube(stage, [(x + 0.02, y, z + 0.06), (x + 0.06, y, z + 0.07), (x + 0.09, y - 0.01, z + 0.12)], 0.007, metal)


def wall_units(
    stage: Stage,
    width: float,
    face: Material,
    handle: Material | None,
    *,
    columns: int,
    low: float = 1.42,
    height: float = 0.8,
    shaker: bool = True,
    depth: float = 0.33,
    crown: bool = True,
) -> None:
    box(stage, (width, depth, height), (0, -depth / 2, low), face, bevel=0.001)
    fronts(stage, width, height - 0.005, (0, -depth, low), face, columns=columns, handle=handle, shaker=shaker)
    if crown:
        box(stage, (width + 0.03, depth + 0.05, 0.06), (0, -depth / 2 - 0.01, low + height), face, bevel=0.02)


def shelf(stage: Stage, width: float, z: float, material: Material, *, depth: float = 0.22) -> None:
    box(stage, (width, depth, 0.032), (0, -depth / 2, z), material, bevel=0.003)


def cooker(stage: Stage, metal: Material, *, width: float = 0.76) -> None:
    """A free-standing range with a gas hob, its back middle on the origin."""
    dark, iron = m.plain("#101112", 0.12, coat=0.5, wear=0.0), m.plain("#1a1a1a", 0.55)
    box(stage, (width, 0.62, 0.9), (0, -0.32, 0.0), metal)
    box(stage, (width - 0.02, 0.02, 0.52), (0, -0.64, 0.2), metal)
    box(stage, (width - 0.2, 0.006, 0.3), (0, -0.652, 0.29), dark, bevel=0.002)
    tube(stage, [(-width / 2 + 0.06, -0.69, 0.665), (width / 2 - 0.06, -0.69, 0.665)], 0.011, metal)
    for x in (-width / 2 + 0.09, width / 2 - 0.09):
        tube(stage, [(x, -0.69, 0.665), (x, -0.645, 0.665)], 0.008, metal)
    box(stage, (width, 0.03, 0.13), (0, -0.645, 0.76), metal)
    for x in np.linspace(-width / 2 + 0.09, width / 2 - 0.09, 5):
        cylinder(stage, 0.022, 0.035, (x, -0.66, 0.825), iron, turn=(90, 0, 0))
    box(stage, (width - 0.03, 0.56, 0.012), (0, -0.33, 0.9), iron)
    for x in (-width / 4, width / 4):
        for y in (-0.18, -0.46):
            cylinder(stage, 0.05, 0.016, (x, y, 0.91), iron)
            for a in range(4):
                with stage.at(x, y, 0.93, turn=45 + 90 * a):
                    box(stage, (0.13, 0.01, 0.012), (0.065, 0, 0), iron, bevel=0.002)
        box(stage, (0.012, 0.5, 0.012), (x - 0.155, -0.33, 0.93), iron, bevel=0.002)
        box(stage, (0.012, 0.5, 0.012), (x + 0.155, -0.33, 0.93), iron, bevel=0.002)


def hob(stage: Stage, x: float) -> None:
    """A flush glass hob on the worktop."""
    box(stage, (0.58, 0.5, 0.006), (x, -0.31, TALL + TOP), m.plain("#08080a", 0.06, wear=0.0), bevel=0.002)
    for dx, dy, radius in ((-0.15, 0.12, 0.09), (0.15, 0.12, 0.075), (-0.15, -0.12, 0.075), (0.15, -0.12, 0.1)):
        ring = [
            (x + dx + radius * math.cos(a), -0.31 + dy + radius * math.sin(a), TALL + TOP + 0.006)
            for a in np.linspace(0, 2 * math.pi, 33)
        ]
        tube(stage, ring, 0.0012, m.plain("#6e6e70"), round_=False)


def oven(stage: Stage, z: float, metal: Material, *, width: float = 0.595, height: float = 0.59) -> None:
    """A built-in oven on the front plane of tall or base units."""
    glass = m.plain("#0c0d0e", 0.06, coat=0.6, wear=0.0)
    box(stage, (width, 0.025, height), (0, -DEPTH - 0.012, z), metal)
    box(stage, (width - 0.02, 0.01, height - 0.16), (0, -DEPTH - 0.027, z + 0.02), glass, bevel=0.003)
    box(stage, (width - 0.02, 0.008, 0.1), (0, -DEPTH - 0.027, z + height - 0.115), glass, bevel=0.003)
    tube(
        stage,
        [(-width / 2 + 0.05, -DEPTH - 0.07, z + height - 0.15), (width / 2 - 0.05, -DEPTH - 0.07, z + height - 0.15)],
        0.01,
        metal,
    )
    for x in (-width / 2 + 0.08, width / 2 - 0.08):
        tube(stage, [(x, -DEPTH - 0.07, z + height - 0.15), (x, -DEPTH - 0.02, z + height - 0.15)], 0.007, metal)


def hood(stage: Stage, metal: Material, ceiling: float, *, width: float = 0.76, low: float = 1.58) -> None:
    """A chimney hood over the cooker."""
    half, deep = width / 2, 0.48
    outline = [(-half, 0), (-half, -deep), (half, -deep), (half, 0)]
    prism(stage, list(reversed(outline)), 0.055, (0, 0, low), metal, bevel=0.003)
    low_corners = [(x, y, low + 0.055) for x, y in outline]
    high = [(-0.15, 0, low + 0.28), (-0.15, -0.27, low + 0.28), (0.15, -0.27, low + 0.28), (0.15, 0, low + 0.28)]
    stage.mesh(low_corners + high, [(0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)], metal, name="hood")
    box(stage, (0.3, 0.27, ceiling - low - 0.28), (0, -0.135, low + 0.28), metal)


def fridge(stage: Stage, metal: Material, *, width: float = 0.9, height: float = 1.78, french: bool = True) -> None:
    """A refrigerator with doors above and a freezer drawer below."""
    side = m.plain("#56585a", 0.4)
    box(stage, (width, 0.62, height), (0, -0.33, 0.02), side)
    columns = 2 if french else 1
    for index in range(columns):
        wide = width / columns
        x = -width / 2 + wide * (index + 0.5)
        box(stage, (wide - 0.006, 0.06, height * 0.62), (x, -0.675, height * 0.38), metal, bevel=0.008)
        grip = x + (wide / 2 - 0.05) * (1 if index == 0 else -1)
        tube(stage, [(grip, -0.75, height * 0.46), (grip, -0.75, height * 0.86)], 0.012, metal)
        for z in (height * 0.48, height * 0.84):
            tube(stage, [(grip, -0.75, z), (grip, -0.7, z)], 0.009, metal)
    box(stage, (width - 0.006, 0.06, height * 0.36), (0, -0.675, 0.03), metal, bevel=0.008)
    tube(stage, [(-width / 2 + 0.1, -0.75, height * 0.33), (width / 2 - 0.1, -0.75, height * 0.33)], 0.012, metal)
    for x in (-width / 2 + 0.14, width / 2 - 0.14):
        tube(stage, [(x, -0.75, height * 0.33), (x, -0.7, height * 0.33)], 0.009, metal)


# --- what stands about
def pan(
    stage: Stage, at: Vec, material: Material, *, radius: float = 0.11, height: float = 0.1, lid: bool = True
) -> None:
    profile = [
        (0, 0),
        (radius * 0.94, 0),
        (radius, 0.01),
        (radius, height),
        (radius - 0.004, height),
        (radius - 0.004, 0.008),
        (0, 0.008),
    ]
    lathe(stage, profile, at, material)
    if lid:
        lathe(
            stage,
            [(radius + 0.002, 0), (radius * 0.8, 0.014), (0.02, 0.024), (0.008, 0.026), (0.018, 0.045), (0, 0.048)],
            (at[0], at[1], at[2] + height),
            material,
        )
    for side in (-1, 1):
        x = at[0] + side * radius
        tube(
            stage,
            [
                (x - side * 0.005, at[1] - 0.03, at[2] + height * 0.75),
                (x + side * 0.035, at[1] - 0.02, at[2] + height * 0.8),
                (x + side * 0.035, at[1] + 0.02, at[2] + height * 0.8),
                (x - side * 0.005, at[1] + 0.03, at[2] + height * 0.75),
            ],
            0.006,
            material,
        )


def kettle(stage: Stage, at: Vec, material: Material) -> None:
    x, y, z = at
    lathe(
        stage,
        [(0, 0), (0.085, 0), (0.09, 0.01), (0.085, 0.09), (0.062, 0.15), (0.045, 0.165), (0.045, 0.172), (0, 0.18)],
        at,
        material,
    )
    tube(
        stage,
        [(x - 0.06, y, z + 0.14), (x - 0.05, y, z + 0.23), (x + 0.05, y, z + 0.23), (x + 0.06, y, z + 0.14)],
        0.009,
        m.plain("#161616", 0.45),
    )
    tube(stage, [(x + 0.06, y, z + 0.09), (x + 0.11, y, z + 0.12), (x + 0.13, y, z + 0.16)], 0.014, material)


def utensils(stage: Stage, at: Vec, jar: Material) -> None:
    lathe(stage, [(0, 0), (0.055, 0), (0.06, 0.01), (0.06, 0.16), (0.055, 0.16), (0.055, 0.02), (0, 0.02)], at, jar)
    spoon = m.wood("#c79a63", "#9a6d3c", "z")
    for index in range(6):
        angle = index * 1.05 + 0.3
        lean, tall = 0.05, 0.26 + 0.03 * (index % 3)
        tip = (at[0] + lean * math.cos(angle), at[1] + lean * math.sin(angle), at[2] + tall)
        tube(
            stage,
            [(at[0] + 0.01 * math.cos(angle), at[1] + 0.01 * math.sin(angle), at[2] + 0.02), tip],
            0.005,
            spoon if index % 3 else m.steel(),
        )
        lathe(
            stage,
            [(0, -0.03), (0.018, -0.015), (0.022, 0.01), (0.012, 0.035), (0, 0.04)],
            tip,
            spoon if index % 3 else m.steel(),
            stretch=(1, 0.3),
            segments=16,
        )


def boards(stage: Stage, x: float, material: Material) -> None:
    """Two cutting boards that lean on the wall behind the worktop."""
    for index, (wide, tall) in enumerate(((0.28, 0.4), (0.22, 0.3))):
        with stage.at(x + 0.07 * index, -0.05 - 0.03 * index, TALL + TOP, tilt=-6):
            box(stage, (wide, 0.02, tall), (0, 0, 0), material, bevel=0.008)


def plates(stage: Stage, at: Vec, material: Material, count: int = 6, radius: float = 0.12) -> None:
    for index in range(count):
        lathe(
            stage,
            [(0, 0), (radius * 0.6, 0), (radius, 0.014), (radius, 0.017), (radius * 0.6, 0.004), (0, 0.004)],
            (at[0], at[1], at[2] + 0.007 * index),
            material,
        )


def mug(stage: Stage, at: Vec, material: Material) -> None:
    x, y, z = at
    lathe(
        stage,
        [(0, 0), (0.036, 0), (0.04, 0.006), (0.04, 0.09), (0.036, 0.09), (0.036, 0.01), (0, 0.01)],
        at,
        material,
        segments=28,
    )
    tube(
        stage,
        [(x + 0.038, y, z + 0.075), (x + 0.07, y, z + 0.07), (x + 0.07, y, z + 0.03), (x + 0.038, y, z + 0.02)],
        0.005,
        material,
    )


def jar(stage: Stage, at: Vec, height: float, content: Material) -> None:
    """A glass jar with something in it and a wooden lid."""
    lathe(stage, [(0, 0.003), (0.046, 0.003), (0.046, height * 0.7), (0, height * 0.72)], at, content, segments=28)
    lathe(stage, [(0, 0), (0.05, 0), (0.05, height), (0.047, height)], at, m.glass(), segments=28)
    cylinder(stage, 0.052, 0.02, (at[0], at[1], at[2] + height), m.wood("#c99f6b", "#9c723f"))
