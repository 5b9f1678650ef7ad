"""What makes a room look lived in: plants, books, pictures, lamps, bowls and bottles."""

from __future__ import annotations

import math
from collections.abc import Sequence

import bpy
import numpy as np

from kit import materials as m
from kit.shapes import box, cylinder, lathe, tube
from kit.stage import Stage, Vec, mesh_data

Material = bpy.types.Material


# --- plants
def blades(
    points: np.ndarray,
    directions: np.ndarray,
    length: np.ndarray,
    width: np.ndarray,
    sides: np.ndarray,
    droop: float = 0.2,
) -> tuple[np.ndarray, np.ndarray]:
    """Leaves as folded diamonds: each from its point along its direction, six corners, four triangles."""
    up = np.array([0, 0, 1.0])
    along = directions * length[:, None]
    across = sides * width[:, None] / 2
    normal = np.cross(directions, sides)
    fold = normal * width[:, None] * 0.18
    bend = -up * (length * droop)[:, None]
    tip = points + along + bend
    middle = points + along * 0.5 + bend * 0.2
    corners = np.stack([points, middle + across + fold, tip, middle - across + fold, middle - fold * 0.3], 1)
    base = np.arange(len(points))[:, None] * 5
    faces = np.concatenate([base + np.array(face) for face in ((0, 1, 4), (1, 2, 4), (2, 3, 4), (3, 0, 4))])
    return corners.reshape(-1, 3), faces


def random_units(rng: np.random.Generator, count: int) -> np.ndarray:
    vectors = rng.normal(size=(count, 3))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def across(rng: np.random.Generator, directions: np.ndarray) -> np.ndarray:
    """A random unit vector at right angles to each direction."""
    sides = np.cross(directions, random_units(rng, len(directions)))
    return sides / np.maximum(np.linalg.norm(sides, axis=1, keepdims=True), 1e-6)


def pot(stage: Stage, radius: float, height: float, at: Vec, material: Material) -> None:
    wall = min(0.012, radius * 0.2)
    profile = [
        (0, 0),
        (radius * 0.78, 0),
        (radius, height - 0.006),
        (radius - wall / 2, height),
        (radius - wall, height - 0.006),
        (radius * 0.86 - wall, height * 0.85),
        (0, height * 0.85),
    ]
    lathe(stage, profile, at, material)
    cylinder(
        stage,
        (radius - wall) * 0.95,
        0.01,
        (at[0], at[1], at[2] + height * 0.85),
        m.rough("#4a3626", "#1d140d", scale=30, depth=0.004),
    )


def plant(
    stage: Stage,
    at: Vec,
    height: float,
    spread: float,
    *,
    leaves: int = 60,
    size: float = 0.16,
    slim: float = 0.42,
    green: Material | None = None,
    stem: Material | None = None,
) -> None:
    """A leafy house plant whose stems rise from `at` and lean outwards."""
    rng = stage.noise
    green = green or m.leaf("#5d8a3c", "#1f4420", shine=0.35, through=0.15)
    stem = stem or m.plain("#566b35")
    stems = max(4, leaves // 8)
    points, directions = [], []
    for index in range(stems):
        angle = 2 * math.pi * index / stems + rng.uniform(-0.4, 0.4)
        reach, top = spread * rng.uniform(0.25, 0.9), height * rng.uniform(0.6, 1.0)
        path = [np.array([0.02 * math.cos(angle), 0.02 * math.sin(angle), 0])]
        for share in (0.35, 0.7, 1.0):
            path.append(
                np.array([math.cos(angle) * reach * share**1.6, math.sin(angle) * reach * share**1.6, top * share])
            )
        tube(stage, [tuple(p) for p in path], 0.0045, stem, at=at)
        for leaf in range(leaves // stems):
            share = 0.35 + 0.65 * (leaf + rng.uniform(0, 1)) / max(leaves // stems, 1)
            where = np.array([math.cos(angle) * reach * share**1.6, math.sin(angle) * reach * share**1.6, top * share])
            way = angle + rng.uniform(-1.3, 1.3)
            directions.append([math.cos(way), math.sin(way), rng.uniform(-0.1, 0.9)])
            points.append(where)
    where, way = np.array(points), np.array(directions)
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    side = np.cross(way, [0, 0, 1.0])
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    length = rng.uniform(0.6, 1.1, len(where)) * size
    vertices, faces = blades(where, way, length, length * slim * 1.4, side, droop=0.35)
    placed = stage.mesh(vertices, faces, green, at=at, smooth=True, name="plant")
    placed.modifiers.new("smooth", "SUBSURF").render_levels = 1


def spikes(
    stage: Stage, at: Vec, height: float, count: int = 14, green: Material | None = None, lean: float = 0.25
) -> None:
    """Upright sword leaves, as of a snake plant, or with more `lean` an ornamental grass."""
    rng = stage.noise
    green = green or m.leaf("#7d9a55", "#2f5230", shine=0.4, through=0.1)
    for _ in range(count):
        angle, tall = rng.uniform(0, 2 * math.pi), height * rng.uniform(0.55, 1)
        way = np.array([math.cos(angle), math.sin(angle), 0])
        side = np.array([-way[1], way[0], 0])
        share = np.linspace(0, 1, 8)[:, None]
        spine = way * (0.03 + lean * height * share**2) + np.array([0, 0, tall]) * share * (1 - 0.25 * lean * share)
        wide = 0.028 * (height / 0.7) ** 0.4 * np.sin(np.pi * np.clip(share * 0.88 + 0.1, 0, 1)) ** 0.6
        vertices = np.concatenate([spine - side * wide, spine + side * wide])
        faces = [(i, i + 1, i + 9, i + 8) for i in range(7)]
        stage.mesh(vertices, faces, green, at=at, smooth=True, name="spike")


def flowers(stage: Stage, at: Vec, height: float, code: str, count: int = 14) -> None:
    """Cut flowers: stems with petals that fan from `at`."""
    rng = stage.noise
    petal, stem = m.leaf(code, code, shine=0.6, through=0.35), m.plain("#5f7a3f")
    heads = []
    for _ in range(count):
        angle, reach = rng.uniform(0, 2 * math.pi), rng.uniform(0.1, 0.5) * height
        top = np.array([math.cos(angle) * reach, math.sin(angle) * reach, height * rng.uniform(0.7, 1.0)])
        tube(stage, [(0, 0, 0), tuple(top * [0.4, 0.4, 0.6]), tuple(top)], 0.002, stem, at=at)
        heads.append(top)
    centres = np.repeat(np.array(heads), 26, 0)
    way = random_units(rng, len(centres))
    way[:, 2] = np.abs(way[:, 2])
    size = np.full(len(centres), 0.035)
    vertices, faces = blades(centres, way, size, size * 0.8, across(rng, way), droop=0.1)
    stage.mesh(vertices, faces, petal, at=at, smooth=True, name="petals")
    leafy = np.array(heads)[:, None, :] * np.array([0.55, 0.75])[None, :, None]
    leafy = leafy.reshape(-1, 3)
    way = random_units(rng, len(leafy))
    size = np.full(len(leafy), 0.07)
    vertices, faces = blades(leafy, way, size, size * 0.5, across(rng, way))
    stage.mesh(vertices, faces, m.leaf("#6d8f4a", "#33502a"), at=at, smooth=True, name="leaves")


# --- things
def books(
    stage: Stage, length: float, at: Vec, *, height: float = 0.22, depth: float = 0.16, leaning: bool = True
) -> None:
    """A row along x from `at`, spines to -y, as one mesh so that each gets its colour."""
    rng, x = stage.noise, 0.0
    vertices: list[np.ndarray] = []
    faces: list[tuple[int, ...]] = []
    while x < length - 0.05:
        wide, tall, deep = rng.uniform(0.014, 0.042), height * rng.uniform(0.72, 1.0), depth * rng.uniform(0.8, 1.0)
        corners = np.array(
            [(a * wide, b * deep, c * tall) for c in (0, 1) for a, b in ((0, 0), (1, 0), (1, 1), (0, 1))]
        )
        lean = 0.0
        if leaning and rng.random() < 0.06:
            lean = math.radians(rng.uniform(6, 14))
        spin = np.array([[math.cos(lean), 0, math.sin(lean)], [0, 1, 0], [-math.sin(lean), 0, math.cos(lean)]])
        corners = corners @ spin.T + [x, 0, max(0.0, wide * math.sin(lean))]
        first = 8 * (len(vertices))
        vertices.append(corners)
        sides = [(3, 2, 1, 0), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)]
        faces += [tuple(first + corner for corner in side) for side in sides]
        x += wide + 0.0015 + tall * math.sin(lean)
    stage.mesh(np.concatenate(vertices), faces, m.book_spines(), at=at, name="books")


def stack(stage: Stage, at: Vec, count: int = 3, size: Vec = (0.28, 0.2)) -> float:
    """Large books lying on each other; returns the height."""
    colors = ["#e6dfd0", "#33424f", "#a6604a", "#8b9a86", "#d9b36c", "#22252b"]
    height = 0.0
    for index in range(count):
        thick, shrink = stage.noise.uniform(0.018, 0.034), 1 - 0.1 * index
        turn = (0, 0, stage.noise.uniform(-9, 9))
        where = (at[0], at[1], at[2] + height)
        box(
            stage,
            (size[0] * shrink, size[1] * shrink, thick),
            where,
            m.plain(stage.rng.choice(colors), 0.45),
            bevel=0.002,
            turn=turn,
        )
        height += thick + 0.0005
    return height


def picture(
    stage: Stage,
    width: float,
    height: float,
    z: float,
    art: Material,
    frame: Material,
    *,
    mat: float = 0.05,
    x: float = 0,
) -> None:
    """A framed picture on the wall of the present frame, its middle at x and z."""
    edge, y = 0.022, -0.014
    for side in (-1, 1):
        box(stage, (edge, 0.026, height), (x + side * (width - edge) / 2, y, z - height / 2), frame, bevel=0.003)
        box(stage, (width, 0.026, edge), (x, y, z + side * (height - edge) / 2 - edge / 2), frame, bevel=0.003)
    box(
        stage,
        (width - edge, 0.008, height - edge),
        (x, -0.006, z - (height - edge) / 2),
        m.plain("#f4f2ec", 0.8),
        bevel=0,
    )
    box(
        stage,
        (width - 2 * (edge + mat), 0.003, height - 2 * (edge + mat)),
        (x, -0.011, z - height / 2 + edge + mat),
        art,
        bevel=0,
    )


def table_lamp(
    stage: Stage,
    at: Vec,
    base: Material,
    *,
    height: float = 0.5,
    shade: str = "#f3e8d4",
    watts: float = 3,
    glow: float = 1.2,
) -> None:
    tall = height * 0.56
    profile = [
        (0, 0),
        (0.07, 0),
        (0.072, 0.012),
        (0.03, 0.03),
        (0.052, tall * 0.3),
        (0.075, tall * 0.55),
        (0.05, tall * 0.82),
        (0.014, tall * 0.95),
        (0.012, tall + 0.03),
        (0, tall + 0.03),
    ]
    lathe(stage, profile, at, base)
    _shade(stage, (at[0], at[1], at[2] + tall), 0.15, 0.115, height - tall, shade, glow)
    stage.point((at[0], at[1], at[2] + tall + 0.1), watts)


def _shade(stage: Stage, at: Vec, low: float, high: float, height: float, code: str, glow: float) -> None:
    thick = 0.003
    profile = [(low, 0), (high, height), (high - thick, height), (low - thick, 0), (low, 0)]
    lathe(stage, profile, at, m.lampshade(code, glow))


def floor_lamp(stage: Stage, at: Vec, metal: Material, *, height: float = 1.6, watts: float = 6) -> None:
    cylinder(stage, 0.14, 0.022, at, metal)
    tube(stage, [(at[0], at[1], at[2]), (at[0], at[1], at[2] + height - 0.2)], 0.011, metal)
    _shade(stage, (at[0], at[1], at[2] + height - 0.28), 0.21, 0.17, 0.27, "#efe4cf", 1.2)
    stage.point((at[0], at[1], at[2] + height - 0.15), watts)


def pendant(
    stage: Stage,
    at: Vec,
    ceiling: float,
    material: Material,
    *,
    radius: float = 0.16,
    watts: float = 5,
    dome: bool = True,
) -> None:
    """A hanging lamp; `at` is the lower rim of its shade."""
    height = radius * 1.05
    tube(stage, [(at[0], at[1], at[2] + height), (at[0], at[1], ceiling)], 0.003, m.plain("#1c1c1c"))
    cylinder(stage, 0.05, 0.025, (at[0], at[1], ceiling - 0.025), material)
    if dome:
        outer = [(radius * math.cos(a), height * math.sin(a)) for a in np.linspace(0, math.pi / 2 - 0.12, 12)]
    else:
        outer = [(radius, 0), (radius * 0.96, height * 0.2), (0.045, height * 0.86), (0.03, height)]
    inner = [(r - 0.003, z - 0.001) for r, z in reversed(outer)]
    lathe(stage, [*outer, *inner, outer[0]], at, material)
    lathe(stage, [(0, 0.04), (0.03, 0.05), (0.038, 0.08), (0.02, 0.12), (0, 0.125)], at, m.glow("#ffe2b8", 9))
    stage.point((at[0], at[1], at[2] + 0.01), watts, radius=0.03)


def bowl(stage: Stage, radius: float, at: Vec, material: Material, *, fruit: Sequence[str] = ()) -> None:
    height = radius * 0.5
    curve = np.linspace(0, 1, 9)
    outer = [(radius * (0.35 + 0.65 * t**0.6), height * t**1.3) for t in curve]
    inner = [(r - 0.005, z + 0.004) for r, z in reversed(outer)]
    lathe(stage, [(0, 0), *outer, *inner, (0, 0.006)], at, material)
    for index, code in enumerate(fruit):
        angle, ring = index * 2.4, 0.0 if index == len(fruit) - 1 and len(fruit) > 4 else radius * 0.48
        up = height * 0.75 + (0.05 if ring == 0 else 0)
        ball(
            stage,
            0.036,
            (at[0] + ring * math.cos(angle), at[1] + ring * math.sin(angle), at[2] + up),
            m.plain(code, 0.38, wear=0.15),
        )


def ball(stage: Stage, radius: float, at: Vec, material: Material, *, flat: float = 0.93) -> None:
    """A sphere-like body, slightly flattened and dimpled as fruit is, its centre on `at`."""
    profile = [
        (radius * math.sin(a) * (1 if a > 0.3 else 0.9), -radius * flat * math.cos(a))
        for a in np.linspace(0, math.pi, 16)
    ]
    lathe(stage, profile, at, material, segments=24)


def bottle(
    stage: Stage, at: Vec, height: float, material: Material, *, radius: float = 0.03, cap: Material | None = None
) -> None:
    neck = radius * 0.36
    profile = [
        (0, 0),
        (radius * 0.9, 0),
        (radius, 0.006),
        (radius, height * 0.62),
        (radius * 0.85, height * 0.7),
        (neck, height * 0.82),
        (neck, height * 0.96),
        (0, height * 0.96),
    ]
    lathe(stage, profile, at, material, segments=28)
    if cap is not None:
        cylinder(stage, neck * 1.25, height * 0.1, (at[0], at[1], at[2] + height * 0.93), cap)


def vase(stage: Stage, at: Vec, height: float, material: Material, *, radius: float = 0.07) -> None:
    t = np.linspace(0, 1, 16)
    outline = radius * (0.55 + 0.75 * np.sin(np.pi * (t * 0.86 + 0.08)) ** 1.6 - 0.28 * t**3)
    outer = list(zip(outline, t * height, strict=True))
    inner = [(r - 0.005, z) for r, z in reversed(outer[4:])]
    lathe(stage, [(0, 0), *outer, *inner, (0, inner[-1][1])], at, material)


def candle(stage: Stage, at: Vec, height: float = 0.1, radius: float = 0.035) -> None:
    cylinder(stage, radius, height, at, m.plain("#efe6d2", 0.6))
    tube(
        stage,
        [(at[0], at[1], at[2] + height), (at[0] + 0.002, at[1], at[2] + height + 0.012)],
        0.0012,
        m.plain("#222222"),
    )


def basket(stage: Stage, radius: float, height: float, at: Vec, material: Material) -> None:
    """Wicker: rings of twisted cane."""
    rings = max(6, round(height / 0.018))
    for row in range(rings):
        share = row / (rings - 1)
        r = radius * (0.82 + 0.18 * math.sin(share * math.pi * 0.6))
        turn = np.linspace(0, 2 * math.pi, 33)
        wave = 0.004 * np.cos(turn * 16 + math.pi * (row % 2))
        points = [
            ((r + w) * math.cos(a), (r + w) * math.sin(a), height * share) for a, w in zip(turn, wave, strict=True)
        ]
        tube(stage, points, 0.0085, material, at=at, round_=False)
    cylinder(stage, radius * 0.84, 0.01, at, material)


def shared(
    stage: Stage, data: tuple[np.ndarray, np.ndarray], material: Material, places: Sequence[tuple[Vec, float, float]]
) -> None:
    """The same mesh at several places (position, turn, scale)."""
    mesh = mesh_data(*data, material)
    for at, turn, scale in places:
        stage.add(mesh, at, (0, 0, turn), (scale,) * 3)
