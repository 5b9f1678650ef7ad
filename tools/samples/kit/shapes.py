"""Simple bodies: bevelled boxes, turned bodies, tubes, sheets and soft things."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import bpy
import numpy as np

from kit.stage import Stage, Vec

Material = bpy.types.Material


def box(
    stage: Stage, size: Vec, at: Vec, material: Material, *, bevel: float = 0.003, turn: Vec = (0, 0, 0)
) -> bpy.types.Object:
    """A box of `size` whose base is centred on `at`."""
    x, y, z = size[0] / 2, size[1] / 2, size[2]
    corners = [(-x, -y, 0), (x, -y, 0), (x, y, 0), (-x, y, 0), (-x, -y, z), (x, -y, z), (x, y, z), (-x, y, z)]
    faces = [(3, 2, 1, 0), (4, 5, 6, 7), (0, 1, 5, 4), (1, 2, 6, 5), (2, 3, 7, 6), (3, 0, 4, 7)]
    placed = stage.mesh(corners, faces, material, at=at, turn=turn, smooth=bevel > 0, name="box")
    if bevel > 0:
        round_edges(placed, min(bevel, min(size) * 0.45))
    return placed


def round_edges(placed: bpy.types.Object, width: float, segments: int = 2, angle: float = 30) -> None:
    modifier = placed.modifiers.new("bevel", "BEVEL")
    modifier.width, modifier.segments, modifier.harden_normals = width, segments, True
    modifier.limit_method, modifier.angle_limit = "ANGLE", math.radians(angle)


def prism(
    stage: Stage,
    outline: Sequence[Vec],
    height: float,
    at: Vec,
    material: Material,
    *,
    bevel: float = 0,
    turn: Vec = (0, 0, 0),
) -> bpy.types.Object:
    """A polygon in the x-y plane (counter-clockwise) raised by `height`."""
    count = len(outline)
    vertices = [(x, y, 0) for x, y in outline] + [(x, y, height) for x, y in outline]
    sides = [(i, (i + 1) % count, (i + 1) % count + count, i + count) for i in range(count)]
    faces = [tuple(reversed(range(count))), tuple(range(count, 2 * count)), *sides]
    placed = stage.mesh(vertices, faces, material, at=at, turn=turn, smooth=bevel > 0, name="prism")
    if bevel > 0:
        round_edges(placed, bevel)
    return placed


def lathe(
    stage: Stage,
    profile: Sequence[Vec],
    at: Vec,
    material: Material,
    *,
    segments: int = 40,
    stretch: Vec = (1, 1),
    turn: Vec = (0, 0, 0),
) -> bpy.types.Object:
    """(radius, height) pairs turned about the vertical; `stretch` makes it oval."""
    angles = np.linspace(0, 2 * math.pi, segments, endpoint=False)
    circle = np.stack([np.cos(angles) * stretch[0], np.sin(angles) * stretch[1]], 1)
    rings = [np.column_stack([circle * max(radius, 1e-4), np.full(segments, height)]) for radius, height in profile]
    faces = [
        (
            row * segments + i,
            row * segments + (i + 1) % segments,
            (row + 1) * segments + (i + 1) % segments,
            (row + 1) * segments + i,
        )
        for row in range(len(profile) - 1)
        for i in range(segments)
    ]
    placed = stage.mesh(np.concatenate(rings), np.array(faces), material, at=at, turn=turn, smooth=True, name="lathe")
    placed.data.set_sharp_from_angle(angle=math.radians(50))
    return placed


def cylinder(
    stage: Stage,
    radius: float,
    height: float,
    at: Vec,
    material: Material,
    *,
    top: float | None = None,
    turn: Vec = (0, 0, 0),
) -> bpy.types.Object:
    """A cylinder, or with another radius at its `top` a cone, standing on `at`."""
    end = radius if top is None else top
    edge = min(0.004, radius * 0.2, height * 0.2)
    profile = [
        (0, 0),
        (radius - edge, 0),
        (radius, edge),
        (end, height - edge),
        (end - min(edge, end), height),
        (0, height),
    ]
    return lathe(stage, profile, at, material, segments=32, turn=turn)


def tube(
    stage: Stage, points: Sequence[Vec], radius: float, material: Material, *, at: Vec = (0, 0, 0), round_: bool = True
) -> bpy.types.Object:
    """A round bar along `points`; a smooth curve through them, or straight pieces."""
    curve = bpy.data.curves.new("tube", "CURVE")
    curve.dimensions, curve.bevel_depth, curve.bevel_resolution, curve.use_fill_caps = "3D", radius, 4, True
    curve.resolution_u = 8
    if round_ and len(points) > 2:
        spline = curve.splines.new("NURBS")
        spline.points.add(len(points) - 1)
        spline.use_endpoint_u, spline.order_u = True, min(4, len(points))
    else:
        spline = curve.splines.new("POLY")
        spline.points.add(len(points) - 1)
    for point, where in zip(spline.points, points, strict=True):
        point.co = (*where, 1)
    curve.materials.append(material)
    return stage.add(curve, at)


def sheet(
    stage: Stage,
    surface: Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray, np.ndarray]],
    columns: int,
    rows: int,
    material: Material,
    *,
    thickness: float = 0,
    at: Vec = (0, 0, 0),
    turn: Vec = (0, 0, 0),
) -> bpy.types.Object:
    """A surface over u, v in 0..1, as a smooth grid; `thickness` makes cloth of it."""
    u, v = np.meshgrid(np.linspace(0, 1, columns), np.linspace(0, 1, rows))
    vertices = np.stack([np.broadcast_to(part, u.shape).ravel() for part in surface(u, v)], 1)
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    faces = np.stack([corner, corner + 1, corner + columns + 1, corner + columns], 1)
    placed = stage.mesh(vertices, faces, material, at=at, turn=turn, smooth=True, name="sheet")
    if thickness:
        modifier = placed.modifiers.new("solid", "SOLIDIFY")
        modifier.thickness, modifier.offset = thickness, 0
    return placed


def wrinkles(stage: Stage, points: np.ndarray, scale: float, amount: float, octaves: int = 3) -> np.ndarray:
    """Smooth noise in -amount..amount at `points` (n, k): a sum of waves in random directions, so it has no seams."""
    total = np.zeros(points.shape[0])
    for octave in range(octaves):
        for _ in range(5):
            direction = stage.noise.normal(size=points.shape[1])
            direction *= 2**octave / scale / np.linalg.norm(direction)
            total += np.sin(points @ direction * 2 * math.pi + stage.noise.uniform(0, 7)) / 2**octave
    return total * amount / 5


def soft_box(
    stage: Stage,
    size: Vec,
    at: Vec,
    material: Material,
    *,
    radius: float = 0.05,
    bulge: float = 0.0,
    crumple: float = 0.002,
    turn: Vec = (0, 0, 0),
    cuts: int = 18,
) -> bpy.types.Object:
    """A rounded, slightly crumpled block, its base centred on `at`: a mattress, a sofa cushion, a panel."""
    half = np.array(size) / 2
    radius = min(radius, *(half * 0.98))
    line = np.linspace(-1, 1, cuts)
    line = np.sign(line) * np.abs(line) ** 0.8  # more rows near the edges, where it curves
    a, b = (part.ravel() for part in np.meshgrid(line, line))
    one = np.ones_like(a)
    sides = [(a, b, one), (b, a, -one), (one, a, b), (-one, b, a), (b, one, a), (a, -one, b)]
    cube = np.concatenate([np.stack(side, 1) for side in sides])
    inner = half - radius
    core = np.clip(cube * half, -inner, inner)
    offset = cube * half - core
    length = np.linalg.norm(offset, axis=1, keepdims=True)
    normal = offset / np.maximum(length, 1e-9)
    points = core + normal * radius
    rise = bulge * (1 - np.abs(cube[:, 0]) ** 2.2) * (1 - np.abs(cube[:, 1]) ** 2.2)
    points[:, 2] += rise * np.sign(cube[:, 2]) * (np.abs(cube[:, 2]) > 0.3)
    points += normal * wrinkles(stage, points, 0.35, crumple)[:, None]
    points[:, 2] += half[2]
    corner = (np.arange(cuts - 1)[:, None] * cuts + np.arange(cuts - 1)).ravel()
    quad = np.stack([corner, corner + 1, corner + cuts + 1, corner + cuts], 1)
    faces = np.concatenate([quad + side * cuts * cuts for side in range(6)])
    placed = stage.mesh(points, faces, material, at=at, turn=turn, smooth=True, name="soft")
    weld = placed.modifiers.new("weld", "WELD")
    weld.merge_threshold = 0.0006
    return placed


def pillow(stage: Stage, size: Vec, at: Vec, material: Material, *, turn: Vec = (0, 0, 0)) -> bpy.types.Object:
    """A filled cushion with pointed corners, (width, height, thickness), lying flat with its centre on `at`."""
    width, height, thick = size
    cuts = 34

    def side(sign: float) -> np.ndarray:
        u, v = np.meshgrid(np.linspace(-1, 1, cuts), np.linspace(-1, 1, cuts))
        profile = np.clip((1 - np.abs(u) ** 2.6) * (1 - np.abs(v) ** 2.6), 0, 1) ** 0.48
        x = u * width / 2 * (1 - 0.07 * (1 - v**2) * np.abs(u) ** 3)
        y = v * height / 2 * (1 - 0.07 * (1 - u**2) * np.abs(v) ** 3)
        flat = np.stack([x.ravel(), y.ravel()], 1)
        folds = wrinkles(stage, flat, width * 0.5, 0.05 * thick) * profile.ravel()
        return np.column_stack([flat, sign * (profile.ravel() * thick / 2) + folds])

    corner = (np.arange(cuts - 1)[:, None] * cuts + np.arange(cuts - 1)).ravel()
    quad = np.stack([corner, corner + 1, corner + cuts + 1, corner + cuts], 1)
    points = np.concatenate([side(1), side(-1)])
    faces = np.concatenate([quad, quad[:, ::-1] + cuts * cuts])
    return stage.mesh(points, faces, material, at=at, turn=turn, smooth=True, name="pillow")
