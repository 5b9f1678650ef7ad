"""Houses from outside: clad walls with windows and doors, gables, roofs, gutters, garages and porches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import bpy
import numpy as np

from kit import materials as m
from kit.shapes import box, cylinder, tube
from kit.shell import Opening, rectangles, window
from kit.stage import Stage

Material = bpy.types.Material
THICK = 0.22


def siding(
    stage: Stage, length: float, height: float, openings: Sequence[Opening], paint: Material, *, board: float = 0.16
) -> None:
    """Lapped boards on a wall of the present frame (x along it, facing -y)."""
    vertices: list[tuple[float, float, float]] = []
    faces: list[tuple[int, ...]] = []
    for left, right, low, high in rectangles(length, height, openings):
        row = math.floor(low / board)
        while row * board < high:
            a, b = max(row * board, low), min((row + 1) * board, high)
            first = len(vertices)
            foot, head = -0.022 + 0.02 * (a / board - row), -0.022 + 0.02 * (b / board - row)
            vertices += [
                (left, foot, a),
                (right, foot, a),
                (right, head, b),
                (left, head, b),
                (left, 0.0, a),
                (right, 0.0, a),
            ]
            faces += [(first, first + 1, first + 2, first + 3), (first + 4, first + 5, first + 1, first)]
            row += 1
    stage.mesh(vertices, faces, paint, name="siding")


def clad(
    stage: Stage, length: float, height: float, openings: Sequence[Opening], cover: Material, *, boards: bool = True
) -> None:
    """A flat wall facing -y with its openings, of boards or of brick."""
    if boards:
        siding(stage, length, height, openings, cover)
        return
    vertices: list[tuple[float, float, float]] = []
    faces: list[tuple[int, ...]] = []
    for left, right, low, high in rectangles(length, height, openings):
        first = len(vertices)
        vertices += [(left, 0, low), (right, 0, low), (right, 0, high), (left, 0, high)]
        faces.append((first, first + 1, first + 2, first + 3))
    for hole in openings:  # the reveals
        first = len(vertices)
        a, b, c, d = hole.left, hole.left + hole.width, hole.sill, hole.sill + hole.height
        vertices += [(x, y, z) for y in (0, 0.12) for x, z in ((a, c), (b, c), (b, d), (a, d))]
        faces += [(first + i, first + (i + 1) % 4, first + 4 + (i + 1) % 4, first + 4 + i) for i in range(4)]
    stage.mesh(vertices, faces, cover, name="brickwork")


def outside_window(
    stage: Stage,
    hole: Opening,
    frame: Material,
    *,
    panes: int = 2,
    bars: int = 1,
    shutters: Material | None = None,
    curtains: bool = True,
    stone: Material | None = None,
) -> None:
    """A window in a wall that faces -y: casing, sashes, glass, and a dim room with curtains behind."""
    x, width, height = hole.middle, hole.width, hole.height
    with stage.at(x, 0, hole.sill):
        with stage.at(turn=180), stage.at(0, -THICK, 0):
            window(stage, width, height, frame, panes=panes, bars=bars, casing=stone is None, sill=True, outside=True)
        dark = m.plain("#3a3733", 0.9)
        stage.mesh(
            [
                (-width / 2 - 0.3, 0.9, -0.3),
                (width / 2 + 0.3, 0.9, -0.3),
                (width / 2 + 0.3, 0.9, height + 0.3),
                (-width / 2 - 0.3, 0.9, height + 0.3),
            ],
            [(0, 1, 2, 3)],
            dark,
        )
        if curtains:
            from kit.fabric import curtain

            cloth = m.fabric("#e9e4d8")
            for side in (-1, 1):
                curtain(stage, width * 0.26, height, cloth, at=(side * width * 0.37, 0.24, 0), folds=0.08, depth=0.03)
        if shutters is not None:
            wide = min(0.42, width * 0.36)
            for side in (-1, 1):
                with stage.at(side * (width / 2 + 0.09 + wide / 2), -0.045, -0.04):
                    box(stage, (wide, 0.02, height + 0.08), (0, 0.01, 0), shutters, bevel=0.003)
                    for edge in (-1, 1):
                        box(stage, (0.055, 0.03, height + 0.08), (edge * (wide / 2 - 0.027), 0, 0), shutters)
                    for z in (0.0, height / 2, height + 0.02):
                        box(stage, (wide, 0.03, 0.06), (0, 0, z), shutters)
                    for z in np.arange(0.09, height, 0.045):
                        box(stage, (wide - 0.1, 0.008, 0.04), (0, -0.008, z), shutters, bevel=0, turn=(25, 0, 0))
        if stone is not None:
            box(stage, (width + 0.24, 0.06, 0.16), (0, -0.01, height), stone, bevel=0.006)
            box(stage, (width + 0.2, 0.1, 0.08), (0, -0.03, -0.08), stone, bevel=0.006)


def front_door(
    stage: Stage, width: float, height: float, leaf: Material, trim: Material, metal: Material, *, lights: bool = True
) -> None:
    """A front door around x = 0 in a wall that faces -y."""
    box(stage, (width, 0.05, height), (0, 0.08, 0), leaf)
    for x in (-width / 4, width / 4):
        for z, tall in ((0.18, height * 0.36), (0.3 + height * 0.36, height * 0.28)):
            box(stage, (width / 2 - 0.14, 0.02, tall), (x, 0.05, z), leaf, bevel=0.008)
    if lights:
        box(
            stage,
            (width - 0.24, 0.01, height * 0.16),
            (0, 0.052, height * 0.8),
            m.plain("#1a2126", 0.05, coat=0.6),
            bevel=0,
        )
    for x in (-width / 2 - 0.07, width / 2 + 0.07):
        box(stage, (0.16, 0.14, height + 0.04), (x, 0.02, 0), trim, bevel=0.006)
    box(stage, (width + 0.34, 0.18, 0.2), (0, 0.0, height), trim, bevel=0.008)
    tube(stage, [(width / 2 - 0.09, -0.02, 0.95), (width / 2 - 0.09, -0.02, 1.25)], 0.012, metal)
    for z in (0.97, 1.23):
        tube(stage, [(width / 2 - 0.09, -0.02, z), (width / 2 - 0.09, 0.06, z)], 0.008, metal)


def garage_door(stage: Stage, width: float, height: float, leaf: Material, trim: Material) -> None:
    box(stage, (width, 0.04, height), (0, 0.1, 0), leaf)
    rows, columns = 4, max(4, round(width / 0.6))
    glass = m.plain("#161b1f", 0.05, coat=0.7)
    for row in range(rows):
        for column in range(columns):
            x, z = -width / 2 + width * (column + 0.5) / columns, height * row / rows
            face = glass if row == rows - 1 else leaf
            box(stage, (width / columns - 0.1, 0.02, height / rows - 0.12), (x, 0.075, z + 0.06), face, bevel=0.008)
        box(stage, (width, 0.05, 0.012), (0, 0.1, height * row / rows), m.plain("#8c8a86", 0.6), bevel=0)
    for x in (-width / 2 - 0.06, width / 2 + 0.06):
        box(stage, (0.14, 0.14, height + 0.02), (x, 0.02, 0), trim, bevel=0.006)
    box(stage, (width + 0.28, 0.16, 0.16), (0, 0.01, height), trim, bevel=0.006)


def gable(
    stage: Stage, width: float, rise: float, cover: Material, *, boards: bool = True, vent: Material | None = None
) -> None:
    """The triangle above a wall of the present frame, from z = 0."""
    if boards:
        rows = max(1, round(rise / 0.16))
        vertices: list[tuple[float, float, float]] = []
        faces: list[tuple[int, ...]] = []
        for row in range(rows):
            a, b = rise * row / rows, rise * (row + 1) / rows
            first, low, high = len(vertices), width / 2 * a / rise, width / 2 * b / rise
            vertices += [
                (low, -0.022, a),
                (width - low, -0.022, a),
                (width - high, -0.002, b),
                (high, -0.002, b),
                (low, 0, a),
                (width - low, 0, a),
            ]
            faces += [(first, first + 1, first + 2, first + 3), (first + 4, first + 5, first + 1, first)]
        stage.mesh(vertices, faces, cover, name="gable")
    else:
        stage.mesh([(0, 0, 0), (width, 0, 0), (width / 2, 0, rise)], [(0, 1, 2)], cover, name="gable")
    if vent is not None:
        box(stage, (0.5, 0.06, 0.6), (width / 2, -0.02, rise * 0.36), vent, bevel=0.006)
        for z in np.arange(0.06, 0.54, 0.07):
            box(stage, (0.4, 0.03, 0.05), (width / 2, -0.05, rise * 0.36 + z), vent, turn=(30, 0, 0), bevel=0)


def slope(stage: Stage, length: float, run: float, rise: float, cover: Material, *, thick: float = 0.12) -> None:
    """A roof plane: its eaves along x from the origin, rising towards +y over `run`."""
    deep = math.hypot(run, rise)
    with stage.at(0, 0, 0, tilt=math.degrees(math.atan2(rise, run))):
        box(stage, (length, deep, thick), (length / 2, deep / 2, -thick), m.plain("#e8e5de", 0.6), bevel=0)
        stage.mesh(
            [(-0.02, -0.03, 0.006), (length + 0.02, -0.03, 0.006), (length + 0.02, deep, 0.006), (-0.02, deep, 0.006)],
            [(0, 1, 2, 3)],
            cover,
            name="roof",
        )
        box(stage, (length + 0.04, 0.012, 0.02), (length / 2, -0.03, -0.012), cover, bevel=0)


def gable_roof(
    stage: Stage,
    length: float,
    depth: float,
    rise: float,
    cover: Material,
    trim: Material,
    *,
    over: float = 0.4,
    side: float = 0.3,
) -> None:
    """A roof whose ridge runs along x, over walls from x = 0..length and y = 0..depth with their tops at z = 0."""
    fall = rise / (depth / 2)
    run = depth / 2 + over
    with stage.at(-side, -over, -fall * over + 0.1):
        slope(stage, length + 2 * side, run, fall * run, cover)
    with stage.at(length + side, depth + over, -fall * over + 0.1, turn=180):
        slope(stage, length + 2 * side, run, fall * run, cover)
    tilt = math.degrees(math.atan(fall))
    for end in (-side - 0.012, length + side + 0.012):  # barge boards
        for turn, y in ((0, -over), (180, depth + over)):
            with stage.at(end, y, -fall * over + 0.1, turn=turn), stage.at(tilt=tilt):
                box(
                    stage,
                    (0.028, math.hypot(run, fall * run), 0.2),
                    (0, math.hypot(run, fall * run) / 2, -0.18),
                    trim,
                    bevel=0.004,
                )
    for y, turn in ((-over, 0), (depth + over, 180)):
        with stage.at(length / 2, y, -fall * over + 0.1, turn=turn):
            box(stage, (length + 2 * side, 0.02, 0.18), (0, 0.01, -0.17), trim, bevel=0.003)
            tube(stage, [(-length / 2 - side, -0.06, -0.07), (length / 2 + side, -0.06, -0.07)], 0.055, trim)
    tube(stage, [(-side, depth / 2, rise + 0.1), (length + side, depth / 2, rise + 0.1)], 0.07, m.plain("#3a3734", 0.9))


def gutter_pipe(stage: Stage, x: float, height: float, paint: Material) -> None:
    tube(
        stage,
        [
            (x, -0.4, height - 0.05),
            (x, -0.3, height - 0.18),
            (x, -0.08, height - 0.4),
            (x, -0.06, height - 0.6),
            (x, -0.06, 0.1),
        ],
        0.035,
        paint,
    )


def lantern(stage: Stage, x: float, z: float, *, watts: float = 0) -> None:
    """A carriage lamp on a wall that faces -y."""
    black = m.plain("#171717", 0.4)
    box(stage, (0.1, 0.02, 0.2), (x, -0.01, z), black)
    tube(stage, [(x, 0, z + 0.16), (x, -0.1, z + 0.24), (x, -0.13, z + 0.18)], 0.008, black)
    cylinder(stage, 0.07, 0.2, (x, -0.13, z - 0.04), m.glow("#ffe6bd", 2.5 if watts else 0.4), top=0.055)
    cylinder(stage, 0.09, 0.07, (x, -0.13, z + 0.16), black, top=0.02)
    cylinder(stage, 0.065, 0.02, (x, -0.13, z - 0.06), black)


def chimney(stage: Stage, x: float, y: float, low: float, high: float, cover: Material) -> None:
    box(stage, (0.65, 0.5, high - low), (x, y, low), cover, bevel=0.004)
    box(stage, (0.75, 0.6, 0.1), (x, y, high), m.rough("#9a958c", "#77726a", scale=9), bevel=0.01)
    cylinder(stage, 0.12, 0.3, (x, y, high + 0.1), m.plain("#9b5a3f", 0.8))


def steps(stage: Stage, width: float, count: int, material: Material, *, rise: float = 0.16, run: float = 0.32) -> None:
    """Steps that lead up towards +y to the origin."""
    for index in range(count):
        box(
            stage,
            (width, run * (count - index), rise),
            (0, -run * (count - index) / 2, rise * index),
            material,
            bevel=0.008,
        )


def column(
    stage: Stage, x: float, y: float, low: float, high: float, paint: Material, *, base: Material | None = None
) -> None:
    if base is not None:
        box(stage, (0.5, 0.5, 0.9), (x, y, low), base, bevel=0.004)
        box(stage, (0.58, 0.58, 0.07), (x, y, low + 0.9), m.rough("#b8b2a6", "#938d82", scale=9), bevel=0.01)
        low += 0.97
    box(stage, (0.2, 0.2, high - low), (x, y, low), paint, bevel=0.008)
    for z in (low, high - 0.12):
        box(stage, (0.27, 0.27, 0.12), (x, y, z), paint, bevel=0.008)


def path_of_slabs(stage: Stage, points: Sequence[tuple[float, float]], width: float, material: Material) -> None:
    """A paved path along straight pieces."""
    for index, ((x0, y0), (x1, y1)) in enumerate(pairwise(points)):
        length, turn = math.hypot(x1 - x0, y1 - y0), math.degrees(math.atan2(y1 - y0, x1 - x0))
        with stage.at(x0, y0, 0, turn=turn):
            box(stage, (length, width, 0.045 + 0.002 * index), (length / 2, 0, 0), material, bevel=0.01)
