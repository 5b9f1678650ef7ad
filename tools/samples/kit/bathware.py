"""Bathrooms: tub, toilet, basins, showers, taps and what hangs and stands about."""

from __future__ import annotations

import math

import bpy
import numpy as np

from kit import fabric
from kit import materials as m
from kit.furniture import fronts
from kit.shapes import box, cylinder, lathe, sheet, soft_box, tube
from kit.stage import Stage, Vec

Material = bpy.types.Material


def ceramic() -> Material:
    return m.plain("#f4f3f0", 0.07, coat=0.6, wear=0.01)


def _superellipse(angle: np.ndarray, a: float, b: float, power: float) -> tuple[np.ndarray, np.ndarray]:
    c, s = np.cos(angle), np.sin(angle)
    return a * np.sign(c) * np.abs(c) ** (2 / power), b * np.sign(s) * np.abs(s) ** (2 / power)


def vessel(
    stage: Stage,
    rings: list[tuple[float, float, float, float]],
    at: Vec,
    material: Material,
    *,
    shift: list[float] | None = None,
) -> None:
    """A body of stacked rings (half width, half depth, height, squareness); `shift` moves each ring along y."""
    moves = shift or [0.0] * len(rings)
    count = len(rings)

    def surface(u: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        row = np.minimum((v * (count - 1)).round().astype(int), count - 1)
        a, b, z, power = (np.array([ring[i] for ring in rings])[row] for i in range(4))
        x, y = _superellipse(u * 2 * math.pi, a, b, power)
        return x, y + np.array(moves)[row], z

    placed = sheet(stage, surface, 65, count, material, at=at)
    placed.modifiers.new("weld", "WELD").merge_threshold = 0.0005
    subdivide = placed.modifiers.new("smooth", "SUBSURF")
    subdivide.levels = subdivide.render_levels = 2


def bathtub(
    stage: Stage,
    length: float,
    width: float,
    *,
    material: Material | None = None,
    free: bool = False,
    panel: Material | None = None,
) -> None:
    """A tub centred on x = 0 along the wall, between y = 0 and -width; free-standing ones are oval."""
    white = material or ceramic()
    a, b, y = length / 2, width / 2, -width / 2
    if free:
        outer = [
            (a * 0.78, b * 0.72, 0.0, 2.6),
            (a * 0.82, b * 0.77, 0.03, 2.6),
            (a * 0.9, b * 0.88, 0.25, 2.4),
            (a * 0.98, b * 0.98, 0.53, 2.3),
            (a, b, 0.57, 2.3),
            (a * 0.99, b * 0.985, 0.585, 2.3),
        ]
        inner = [
            (a * 0.95, b * 0.93, 0.58, 2.3),
            (a * 0.93, b * 0.9, 0.55, 2.3),
            (a * 0.84, b * 0.8, 0.3, 2.4),
            (a * 0.72, b * 0.64, 0.14, 2.5),
            (a * 0.4, b * 0.4, 0.12, 2.5),
            (0.001, 0.001, 0.118, 2),
        ]
        vessel(stage, outer + inner, (0, y, 0), white)
        return
    box(stage, (length, 0.03, 0.52), (0, -width + 0.03, 0), panel or white)
    box(stage, (0.03, width - 0.02, 0.52), (a - 0.02, y, 0), panel or white)
    box(stage, (0.03, width - 0.02, 0.52), (-a + 0.02, y, 0), panel or white)
    rings = [
        (a, b, 0.51, 40),
        (a, b, 0.55, 40),
        (a * 0.995, b * 0.99, 0.56, 40),
        (a * 0.93, b * 0.85, 0.56, 6),
        (a * 0.915, b * 0.82, 0.545, 6),
        (a * 0.86, b * 0.74, 0.3, 5),
        (a * 0.78, b * 0.6, 0.16, 4.5),
        (a * 0.4, b * 0.35, 0.14, 3),
        (0.001, 0.001, 0.138, 2),
    ]
    vessel(stage, rings, (0, y, 0), white)


def toilet(stage: Stage, metal: Material, *, wall_hung: bool = False) -> None:
    """Its back at the wall; with a cistern, or hung on the wall with a flush plate."""
    white = ceramic()
    gap = 0.0 if wall_hung else 0.17
    depth = 0.5
    base = 0.12 if wall_hung else 0.0
    y = -gap - depth / 2
    rings = [
        (0.1, 0.2, base, 3),
        (0.11, 0.21, base + 0.02, 3),
        (0.13, 0.22, 0.22, 2.6),
        (0.175, 0.245, 0.36, 2.4),
        (0.185, 0.25, 0.4, 2.4),
        (0.183, 0.247, 0.408, 2.4),
        (0.12, 0.17, 0.405, 2.2),
        (0.001, 0.001, 0.3, 2),
    ]
    shift = (
        [0.04, 0.04, 0.03, 0.0, 0.0, 0.0, -0.02, -0.02]
        if not wall_hung
        else [0.05, 0.05, 0.03, 0.0, 0.0, 0.0, -0.02, -0.02]
    )
    vessel(stage, rings, (0, y, 0), white, shift=shift)
    for z, thick in ((0.41, 0.016), (0.428, 0.018)):
        seat = [
            (0.001, 0.001, z, 2.3),
            (0.186, 0.235, z, 2.3),
            (0.19, 0.24, z + thick * 0.4, 2.3),
            (0.186, 0.236, z + thick, 2.3),
            (0.1, 0.1, z + thick + 0.002, 2.3),
            (0.001, 0.001, z + thick + 0.002, 2),
        ]
        vessel(stage, seat, (0, y - 0.012, 0), white)
    if wall_hung:
        box(stage, (0.25, 0.012, 0.165), (0, -0.006, 0.95), metal, bevel=0.004)
        for x in (-0.055, 0.055):
            cylinder(stage, 0.035, 0.006, (x, -0.012, 1.03), metal, turn=(90, 0, 0))
    else:
        soft_box(stage, (0.38, 0.17, 0.38), (0, -0.095, 0.4), white, radius=0.025, crumple=0)
        soft_box(stage, (0.4, 0.19, 0.04), (0, -0.1, 0.775), white, radius=0.018, crumple=0)
        cylinder(stage, 0.024, 0.008, (0, -0.1, 0.812), metal)
    with stage.at(0.33):
        holder(stage, metal, white)


def holder(stage: Stage, metal: Material, paper: Material) -> None:
    tube(stage, [(0, 0, 0.7), (0, -0.07, 0.7), (-0.06, -0.07, 0.7), (-0.12, -0.07, 0.7)], 0.006, metal)
    cylinder(stage, 0.052, 0.1, (-0.12, -0.07, 0.69), paper, turn=(0, 90, 0))
    box(stage, (0.098, 0.001, 0.1), (-0.07, -0.122, 0.59), paper, bevel=0)


def vanity(
    stage: Stage,
    width: float,
    face: Material,
    top: Material,
    metal: Material,
    *,
    basins: int = 1,
    height: float = 0.82,
    floating: bool = False,
    vessel_basin: bool = False,
    columns: int = 2,
    rows: int = 1,
    shaker: bool = True,
) -> None:
    """A washstand with basins and taps."""
    low = 0.32 if floating else 0.1
    depth = 0.5
    box(stage, (width, depth, height - low), (0, -depth / 2, low), face)
    if not floating:
        box(stage, (width - 0.02, depth - 0.06, 0.1), (0, -depth / 2 + 0.03, 0), face, bevel=0)
    fronts(
        stage,
        width - 0.01,
        height - low - 0.02,
        (0, -depth, low + 0.01),
        face,
        columns=columns,
        rows=rows,
        handle=metal,
        shaker=shaker,
        drawers=rows > 1,
    )
    box(stage, (width + 0.02, depth + 0.03, 0.03), (0, -depth / 2 - 0.015, height), top, bevel=0.004)
    for index in range(basins):
        x = (index - (basins - 1) / 2) * width / basins
        if vessel_basin:
            rings = [
                (0.12, 0.1, 0.0, 2.4),
                (0.19, 0.15, 0.05, 2.4),
                (0.215, 0.175, 0.13, 2.4),
                (0.21, 0.17, 0.135, 2.4),
                (0.2, 0.16, 0.125, 2.4),
                (0.17, 0.13, 0.05, 2.3),
                (0.08, 0.07, 0.022, 2.2),
                (0.001, 0.001, 0.02, 2),
            ]
            vessel(stage, rings, (x, -0.28, height + 0.03), ceramic())
            tap(stage, (x, -0.06, height + 0.03), metal, tall=0.3)
        else:
            rings = [
                (0.245, 0.175, 0.0, 5),
                (0.25, 0.18, 0.018, 5),
                (0.245, 0.175, 0.022, 5),
                (0.225, 0.155, 0.021, 4.5),
                (0.21, 0.14, 0.0, 4),
                (0.16, 0.1, 0.006, 3),
                (0.001, 0.001, 0.005, 2),
            ]
            vessel(stage, rings, (x, -0.28, height + 0.03), ceramic())
            tap(stage, (x, -0.075, height + 0.03), metal, tall=0.15)


def tap(stage: Stage, at: Vec, metal: Material, *, tall: float = 0.16, reach: float = 0.14) -> None:
    x, y, z = at
    cylinder(stage, 0.024, 0.012, at, metal)
    tube(
        stage,
        [
            (x, y, z),
            (x, y, z + tall * 0.7),
            (x, y - 0.01, z + tall),
            (x, y - reach * 0.6, z + tall * 1.02),
            (x, y - reach, z + tall * 0.86),
        ],
        0.012,
        metal,
    )
    tube(stage, [(x, y, z + tall * 0.95), (x, y + 0.01, z + tall + 0.05)], 0.006, metal)


def shower_set(stage: Stage, metal: Material, *, height: float = 2.05) -> None:
    """A rail with an overhead rose and a hand shower, on the wall."""
    tube(
        stage,
        [
            (0, -0.05, 1.0),
            (0, -0.05, height),
            (0, -0.12, height + 0.08),
            (0, -0.3, height + 0.09),
            (0, -0.38, height + 0.06),
        ],
        0.011,
        metal,
    )
    cylinder(stage, 0.125, 0.012, (0, -0.38, height + 0.04), metal)
    cylinder(stage, 0.022, 0.3, (-0.15, -0.06, 1.08), metal, turn=(0, 90, 0))
    for x in (-0.15, 0.15):
        cylinder(stage, 0.03, 0.05, (x, -0.06, 1.08), metal, turn=(0, 90 if x > 0 else -90, 0))
    tube(
        stage,
        [(0.05, -0.07, 1.05), (0.12, -0.1, 0.7), (0.16, -0.1, 0.95), (0.1, -0.09, 1.4), (0.05, -0.09, 1.55)],
        0.007,
        metal,
    )
    tube(stage, [(0.05, -0.09, 1.55), (0.05, -0.11, 1.72)], 0.012, metal)
    cylinder(stage, 0.045, 0.02, (0.05, -0.115, 1.72), metal, turn=(70, 0, 0))


def towel_rail(
    stage: Stage,
    width: float,
    z: float,
    metal: Material,
    cloth: Material | None,
    *,
    share: float = 0.8,
    drop: float = 0.5,
) -> None:
    tube(stage, [(-width / 2, -0.07, z), (width / 2, -0.07, z)], 0.009, metal)
    for x in (-width / 2 + 0.01, width / 2 - 0.01):
        tube(stage, [(x, -0.07, z), (x, 0, z)], 0.008, metal)
        cylinder(stage, 0.02, 0.008, (x, 0, z), metal, turn=(90, 0, 0))
    if cloth is not None:
        fabric.hanging(stage, width * share, drop, drop * 0.9, (0, -0.07, z - 0.002), cloth)


def radiator(
    stage: Stage, width: float, height: float, metal: Material, cloth: Material | None, *, low: float = 0.6
) -> None:
    """A ladder radiator with a towel on it."""
    for x in (-width / 2, width / 2):
        tube(stage, [(x, -0.07, low), (x, -0.07, low + height)], 0.016, metal)
    for z in np.arange(low + 0.05, low + height, 0.075):
        if int((z - low) / 0.075) % 6 != 5:
            tube(stage, [(-width / 2, -0.07, z), (width / 2, -0.07, z)], 0.011, metal)
    if cloth is not None:
        fabric.hanging(stage, width * 0.85, 0.46, 0.4, (0, -0.075, low + height - 0.1), cloth, radius=0.02)


def rolled_towels(stage: Stage, at: Vec, cloth: Material, *, count: int = 3) -> None:
    places = [(0.0, 0.0), (0.13, 0.0), (0.065, 0.11)][:count]
    for x, z in places:
        turn = np.linspace(0, 5.2 * math.pi, 90)
        radius = 0.014 + 0.046 * turn / turn[-1]

        def surface(
            u: np.ndarray, v: np.ndarray, turn: np.ndarray = turn, radius: np.ndarray = radius
        ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
            a, r = np.interp(u, np.linspace(0, 1, 90), turn), np.interp(u, np.linspace(0, 1, 90), radius)
            return r * np.cos(a), (v - 0.5) * 0.34, r * np.sin(a)

        sheet(stage, surface, 90, 6, cloth, at=(at[0] + x, at[1], at[2] + 0.06 + z), thickness=0.008)


def folded_towels(stage: Stage, at: Vec, *cloths: Material, size: Vec = (0.34, 0.26)) -> None:
    for index, cloth in enumerate(cloths):
        soft_box(
            stage,
            (size[0], size[1], 0.055),
            (at[0], at[1], at[2] + 0.054 * index),
            cloth,
            radius=0.024,
            crumple=0.003,
            turn=(0, 0, stage.noise.uniform(-3, 3)),
        )


def soap(stage: Stage, at: Vec, code: str = "#d9c4a0", pump: Material | None = None) -> None:
    x, y, z = at
    lathe(
        stage,
        [(0, 0), (0.03, 0), (0.033, 0.008), (0.033, 0.11), (0.012, 0.13), (0.012, 0.145), (0, 0.145)],
        at,
        m.plain(code, 0.15, coat=0.4),
        segments=28,
    )
    metal = pump or m.steel()
    tube(stage, [(x, y, z + 0.14), (x, y, z + 0.175)], 0.005, metal)
    tube(stage, [(x, y, z + 0.178), (x, y - 0.045, z + 0.172)], 0.006, metal)


def screen(stage: Stage, width: float, height: float, metal: Material, *, z: float = 0.0) -> None:
    """A fixed pane of shower glass in the x-z plane."""
    stage.mesh(
        [(-width / 2, 0, z), (width / 2, 0, z), (width / 2, 0, height), (-width / 2, 0, height)],
        [(0, 1, 2, 3)],
        m.glass(tint="#e6f2ee"),
        name="screen",
    )
    for x in (-width / 2, width / 2):
        tube(stage, [(x, 0, z), (x, 0, height)], 0.008, metal)
    tube(stage, [(-width / 2, 0, height), (width / 2, 0, height)], 0.008, metal)
    tube(stage, [(-width / 2, 0, z), (width / 2, 0, z)], 0.008, metal)
