"""Outdoors: lawns of grass blades, trees, shrubs, hedges, fences, paving and garden furniture."""

from __future__ import annotations

import math
from collections.abc import Callable

import bpy
import numpy as np

from kit import materials as m
from kit.decor import across, blades, random_units
from kit.shapes import box, cylinder, soft_box
from kit.stage import Stage, Vec, mesh_data

Material = bpy.types.Material


def grass_patch(
    stage: Stage, material: Material, *, size: float = 1.0, count: int = 2600, height: float = 0.055
) -> bpy.types.Mesh:
    """A square of blades, to be repeated."""
    rng = stage.noise
    where = np.column_stack([rng.uniform(-size / 2, size / 2, (count, 2)), np.zeros(count)])
    tall = height * rng.uniform(0.5, 1.25, count)
    way = np.column_stack([rng.normal(0, 0.35, (count, 2)), np.ones(count)])
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    side = across(rng, way) * rng.uniform(0.0016, 0.0032, count)[:, None]
    middle = where + way * (tall * 0.55)[:, None]
    tip = where + way * tall[:, None] + np.column_stack([rng.normal(0, 0.3, (count, 2)) * tall[:, None], -0.1 * tall])
    corners = np.stack([where - side, where + side, middle + side * 0.8, tip, middle - side * 0.8], 1).reshape(-1, 3)
    base = np.arange(count)[:, None] * 5
    faces = np.concatenate([base + np.array(face) for face in ((0, 1, 2), (0, 2, 4), (4, 2, 3))])
    return mesh_data(corners, faces, material, name="grass")


def lawn(
    stage: Stage,
    x: tuple[float, float],
    y: tuple[float, float],
    eye: Vec,
    *,
    keep: Callable[[float, float], bool] = lambda x, y: True,
    light: str = "#84934f",
    dark: str = "#475a2d",
    near: float = 9,
    height: float = 0.055,
) -> None:
    """Grass over a rectangle: dense near the `eye`, coarser farther off, on a ground of the same green."""
    green = m.leaf(light, dark, shine=0.55, through=0.35)
    fine = grass_patch(stage, green, height=height)
    coarse = grass_patch(stage, green, size=2.0, count=4200, height=height * 1.15)
    ground = m.rough("#5d7a38", "#38541f", scale=0.9, fine=25, depth=0.02)
    for left in np.arange(x[0], x[1], 1.0):
        for low in np.arange(y[0], y[1], 1.0):
            if keep(left + 0.5, low + 0.5):
                stage.mesh(
                    [(left, low, 0.004), (left + 1, low, 0.004), (left + 1, low + 1, 0.004), (left, low + 1, 0.004)],
                    [(0, 1, 2, 3)],
                    ground,
                    name="ground",
                )
                distance = math.hypot(left + 0.5 - eye[0], low + 0.5 - eye[1])
                turn = 90 * stage.rng.randrange(4)
                if distance < near:
                    stage.add(fine, (left + 0.5, low + 0.5, 0.003), (0, 0, turn))
                elif (round(left) + round(low)) % 2 == 0 or distance > near * 2.5:
                    stage.add(coarse, (left + 0.5, low + 0.5, 0.003), (0, 0, turn + stage.rng.uniform(-8, 8)))


def _limb(points: list[np.ndarray], start: float, end: float, sides: int = 7) -> tuple[np.ndarray, np.ndarray]:
    path = np.array(points)
    ahead = np.gradient(path, axis=0)
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    helper = np.array([0.31, 0.95, 0.05])
    right = np.cross(ahead, helper)
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    up = np.cross(right, ahead)
    angle = np.linspace(0, 2 * math.pi, sides, endpoint=False)
    radius = np.linspace(start, end, len(path))[:, None, None]
    ring = path[:, None] + radius * (
        right[:, None] * np.cos(angle)[None, :, None] + up[:, None] * np.sin(angle)[None, :, None]
    )
    faces = [
        (r * sides + i, r * sides + (i + 1) % sides, (r + 1) * sides + (i + 1) % sides, (r + 1) * sides + i)
        for r in range(len(path) - 1)
        for i in range(sides)
    ]
    return ring.reshape(-1, 3), np.array(faces)


def tree_meshes(
    stage: Stage,
    height: float,
    *,
    leaves: int = 16000,
    size: float = 0.1,
    light: str = "#86a34e",
    dark: str = "#2f5222",
    bark: Material | None = None,
) -> tuple[bpy.types.Mesh, bpy.types.Mesh]:
    """A broad-leaved tree as two meshes, wood and leaves, to be placed several times."""
    rng = stage.noise
    parts: list[tuple[np.ndarray, np.ndarray]] = []
    tips: list[np.ndarray] = []

    def grow(start: np.ndarray, way: np.ndarray, length: float, radius: float, level: int) -> None:
        points, here, steps = [start], start, 5
        for _ in range(steps):
            way = way + rng.normal(0, 0.13, 3) + np.array([0, 0, 0.05])
            way = way / np.linalg.norm(way)
            here = here + way * length / steps
            points.append(here)
        parts.append(_limb(points, radius, radius * 0.55, 7 if level < 2 else 4))
        if level == 3:
            tips.extend(points[2:])
            return
        if level == 2:
            tips.extend(points[3:])
        for index in range((6, 5, 4)[level]):
            share = 0.45 + 0.55 * (index + rng.uniform()) / (6, 5, 4)[level]
            base = np.array(points)[min(int(share * steps), steps)]
            angle = index * 2.4 + rng.uniform(-0.5, 0.5)
            out = np.array([math.cos(angle), math.sin(angle), rng.uniform(0.15, 0.8)])
            new = way * 0.45 + out * 0.9
            grow(base, new / np.linalg.norm(new), length * rng.uniform(0.55, 0.75), radius * 0.45, level + 1)

    grow(np.zeros(3), np.array([0, 0, 1.0]), height * 0.5, height * 0.026, 0)
    points = np.array(tips)
    vertices, faces, first = [], [], 0
    for limb, sides in parts:
        vertices.append(limb)
        faces.extend((sides + first).tolist())
        first += len(limb)
    wood = mesh_data(
        np.concatenate(vertices),
        faces,
        bark or m.rough("#7a6a58", "#3f342a", scale=9, fine=50, depth=0.03, stretch=(1, 1, 0.25)),
        smooth=True,
        name="trunk",
    )
    centres = points[rng.integers(0, len(points), leaves)] + rng.normal(0, height * 0.033, (leaves, 3))
    way = random_units(rng, leaves)
    way[:, 2] = way[:, 2] * 0.5 - 0.15
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    length = size * rng.uniform(0.7, 1.25, leaves)
    corners, triangles = blades(centres, way, length, length * 0.62, across(rng, way), droop=0.15)
    return wood, mesh_data(corners, triangles, m.leaf(light, dark, shine=0.5, through=0.3), name="leaves")


def plant_tree(
    stage: Stage, meshes: tuple[bpy.types.Mesh, bpy.types.Mesh], at: Vec, *, scale: float = 1, turn: float = 0
) -> None:
    for mesh in meshes:
        stage.add(mesh, at, (0, 0, turn), (scale, scale, scale))


def outlook(stage: Stage, *, below: float = 0.4) -> None:
    """What windows look out on: grass and low trees all around the room that is built at the origin."""
    grass = m.rough("#86a35a", "#5c7d3a", scale=0.7, fine=9, depth=0.05)
    stage.mesh(
        [(-90, -90, -below), (90, -90, -below), (90, 90, -below), (-90, 90, -below)],
        [(0, 1, 2, 3)],
        grass,
        name="grass",
    )
    tree = tree_meshes(stage, 4.6, leaves=3500, size=0.28, light="#9fbb68", dark="#4d7434")
    for index in range(16):
        angle, far = index * math.pi / 8 + stage.rng.uniform(-0.12, 0.12), stage.rng.uniform(12, 17)
        where = (2.5 + far * math.cos(angle), 2.5 + far * math.sin(angle), -below)
        plant_tree(stage, tree, where, scale=stage.rng.uniform(0.8, 1.15), turn=stage.rng.uniform(0, 360))


def wood_behind(stage: Stage, meshes: tuple[bpy.types.Mesh, bpy.types.Mesh], y: float) -> None:
    """A tall hedge and a belt of trees that close the view."""
    for x in range(-40, 41, 8):
        shrub(stage, (8.2, 1.4, 2.0), (x, y - 13, 0), count=3000, leaf=0.16, squareness=9)
    for index in range(24):
        where = (-46 + 4 * index, y + stage.rng.uniform(-3, 3), 0)
        plant_tree(stage, meshes, where, scale=stage.rng.uniform(0.55, 0.85), turn=stage.rng.uniform(0, 360))


def conifer(
    stage: Stage,
    height: float,
    at: Vec,
    *,
    width: float = 0.2,
    count: int = 9000,
    light: str = "#52713f",
    dark: str = "#1f3620",
) -> None:
    """A dense pointed evergreen of short needle sprays."""
    rng = stage.noise
    share = rng.uniform(0, 1, count) ** 0.75
    angle = rng.uniform(0, 2 * math.pi, count)
    radius = (
        height * width * (1 - share) ** 0.8 * rng.uniform(0.55, 1.0, count) * (1 + 0.2 * np.sin(angle * 5 + share * 40))
    )
    centres = np.column_stack([radius * np.cos(angle), radius * np.sin(angle), height * (0.03 + 0.97 * share)])
    way = np.column_stack([np.cos(angle), np.sin(angle), rng.uniform(-0.3, 0.9, count)])
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    length = height * 0.05 * rng.uniform(0.6, 1.3, count)
    corners, triangles = blades(centres, way, length, length * 0.3, across(rng, way), droop=0.1)
    stage.mesh(corners, triangles, m.leaf(light, dark, shine=0.6, through=0.12), at=at, name="conifer")
    cylinder(stage, height * 0.014, height * 0.5, at, m.rough("#5f4e3e", "#33281e", scale=9, depth=0.02))


def shrub(
    stage: Stage,
    size: Vec,
    at: Vec,
    *,
    count: int = 5000,
    leaf: float = 0.045,
    light: str = "#74964a",
    dark: str = "#28491f",
    bloom: str | None = None,
    squareness: float = 2.0,
) -> None:
    """A bush that fills an ellipsoid of `size` standing on `at`; a high `squareness` makes a clipped hedge."""
    rng = stage.noise
    unit = random_units(rng, count)
    unit /= (np.abs(unit) ** squareness).sum(1, keepdims=True) ** (1 / squareness)
    lumps = 1 + (0.1 * np.sin(unit[:, :1] * 9 + at[0] * 7) * np.cos(unit[:, 1:2] * 8 + 2) if squareness < 4 else 0.0)
    shell = unit * lumps * rng.uniform(0.78, 1.02, (count, 1))
    half = np.array(size) / 2
    centres = shell * half + [0, 0, half[2]]
    centres[:, 2] = np.maximum(centres[:, 2], 0.02)
    way = shell / np.linalg.norm(shell, axis=1, keepdims=True) + rng.normal(0, 0.7, (count, 3))
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    length = leaf * rng.uniform(0.7, 1.3, count)
    corners, triangles = blades(centres, way, length, length * 0.6, across(rng, way))
    stage.mesh(corners, triangles, m.leaf(light, dark, shine=0.45, through=0.2), at=at, name="shrub")
    core = m.plain("#17240f", 0.9)
    soft_box(
        stage,
        [part * 0.74 for part in size],
        (at[0], at[1], at[2] + size[2] * 0.08),
        core,
        radius=min(size) * (0.12 if squareness > 4 else 0.34),
        crumple=0.0,
        cuts=10,
    )
    if bloom is not None:
        heads = centres[rng.integers(0, count, max(30, count // 60))]
        heads = heads[heads[:, 2] > size[2] * 0.3] * [1.04, 1.04, 1.02]
        petals = np.repeat(heads, 9, 0) + rng.normal(0, leaf * 0.25, (len(heads) * 9, 3))
        way = random_units(rng, len(petals))
        length = np.full(len(petals), leaf * 0.9)
        corners, triangles = blades(petals, way, length, length * 0.9, across(rng, way))
        stage.mesh(corners, triangles, m.leaf(bloom, bloom, shine=0.6, through=0.3), at=at, name="bloom")


def bed_of_flowers(
    stage: Stage, x: tuple[float, float], y: tuple[float, float], colors: list[str], *, density: float = 14
) -> None:
    """A strip of mulch with low plants in flower."""
    box(
        stage,
        (x[1] - x[0], y[1] - y[0], 0.05),
        ((x[0] + x[1]) / 2, (y[0] + y[1]) / 2, 0),
        m.rough("#5b3f2b", "#27180f", scale=22, fine=70, depth=0.03),
        bevel=0.02,
    )
    count = round((x[1] - x[0]) * (y[1] - y[0]) * density / 4)
    for _ in range(count):
        at = (stage.rng.uniform(x[0] + 0.15, x[1] - 0.15), stage.rng.uniform(y[0] + 0.12, y[1] - 0.12), 0.03)
        size = stage.rng.uniform(0.24, 0.42)
        shrub(stage, (size, size, size * 0.8), at, count=500, leaf=0.05, bloom=stage.rng.choice(colors))


def fence(
    stage: Stage,
    length: float,
    *,
    height: float = 1.8,
    board: Material | None = None,
    width: float = 0.14,
    rails: bool = False,
    cap: bool = True,
) -> None:
    """A close-boarded fence along x from the origin, seen from -y."""
    wood = board or m.wood("#a47c50", "#6d4a2a", "z", 0.75)
    rng = stage.rng
    x = 0.0
    while x < length - 0.01:
        box(
            stage,
            (width - 0.006, 0.02, height - 0.06 + rng.uniform(-0.006, 0.006)),
            (x + width / 2, rng.uniform(-0.003, 0.003), 0.04),
            wood,
            bevel=0.003,
        )
        x += width
    if cap:
        box(stage, (length, 0.1, 0.035), (length / 2, 0, height - 0.02), wood, bevel=0.004)
    for post in np.arange(0, length + 0.1, 2.4):
        box(stage, (0.1, 0.1, height + 0.06), (post, 0.03 if not rails else -0.05, 0), wood, bevel=0.006)
    for z in (0.25, height - 0.3):
        box(stage, (length, 0.04, 0.09), (length / 2, 0.035 if not rails else -0.03, z), wood, bevel=0.004)


def pickets(stage: Stage, length: float, *, height: float = 0.95, paint: Material | None = None) -> None:
    white = paint or m.plain("#eeece6", 0.5)
    for x in np.arange(0.06, length, 0.13):
        box(stage, (0.075, 0.018, height - 0.05), (x, -0.03, 0.05), white, bevel=0.006)
    for z in (0.25, height - 0.25):
        box(stage, (length, 0.035, 0.07), (length / 2, 0, z), white)
    for x in np.arange(0, length + 0.1, 2.2):
        box(stage, (0.1, 0.1, height + 0.12), (x, 0.03, 0), white, bevel=0.008)


def deck(
    stage: Stage,
    x: tuple[float, float],
    y: tuple[float, float],
    height: float,
    material: Material,
    *,
    board: float = 0.14,
) -> None:
    """Boards along x on a plinth."""
    along = y[0]
    while along < y[1] - 0.01:
        box(
            stage,
            (x[1] - x[0], board - 0.006, 0.028),
            ((x[0] + x[1]) / 2, along + board / 2, height - 0.028),
            material,
            bevel=0.003,
        )
        along += board
    box(
        stage,
        (x[1] - x[0] - 0.04, y[1] - y[0] - 0.04, max(height - 0.03, 0.01)),
        ((x[0] + x[1]) / 2, (y[0] + y[1]) / 2, 0),
        m.plain("#2a211a", 0.9),
        bevel=0,
    )
    box(stage, (x[1] - x[0], 0.025, height - 0.02), ((x[0] + x[1]) / 2, y[0] - 0.002, 0), material)
