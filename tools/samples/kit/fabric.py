"""Cloth that hangs and lies: curtains, bedding, throws, towels and rugs."""

from __future__ import annotations

import math

import bpy
import numpy as np

from kit.shapes import cylinder, sheet, tube, wrinkles
from kit.stage import Stage, Vec

Material = bpy.types.Material


def curtain(
    stage: Stage,
    width: float,
    height: float,
    material: Material,
    *,
    at: Vec = (0, 0, 0),
    folds: float = 0.11,
    depth: float = 0.05,
) -> None:
    """A gathered panel hanging from z = height to z = 0, `at` its lower middle."""
    count = max(3, round(width / folds))
    phase, jitter = stage.noise.uniform(0, 6), stage.noise.uniform(-0.35, 0.35, count + 2)

    def surface(u: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        bend = np.interp(u, np.linspace(0, 1, count + 2), jitter)
        angle = 2 * math.pi * count * u + phase + bend * (2.0 - v) * 1.6
        open_ = 0.75 + 0.25 * (1 - v)
        x = (u - 0.5) * width + 0.25 * folds * np.sin(2 * angle) * 0.4
        return x, depth * open_ * np.sin(angle) + 0.012 * np.sin(5 * v + 9 * u), v * height

    sheet(stage, surface, count * 14, 24, material, at=at, thickness=0.0015)


def rod(stage: Stage, width: float, z: float, material: Material, *, y: float = -0.09) -> None:
    tube(stage, [(-width / 2, y, z), (width / 2, y, z)], 0.012, material)
    for x in (-width / 2, width / 2):
        cylinder(stage, 0.02, 0.05, (x - 0.025 * np.sign(x), y, z), material, turn=(0, 90 * np.sign(x), 0))
        tube(stage, [(x * 0.93, y, z), (x * 0.93, 0, z)], 0.007, material)


def _over(distance: np.ndarray, half: float, drop: float, radius: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A cloth's path over an edge: signed `distance` from the middle to (sideways, down, share hanging)."""
    sign, far = np.sign(distance), np.abs(distance)
    flat = np.minimum(far, half - radius)
    arc = np.clip(far - (half - radius), 0, radius * math.pi / 2)
    down = np.maximum(far - (half - radius) - radius * math.pi / 2, 0)
    angle = arc / radius
    return (
        sign * (flat + radius * np.sin(angle)),
        -(radius * (1 - np.cos(angle)) + down),
        np.clip(down / max(drop, 1e-6), 0, 1),
    )


def drape(
    stage: Stage,
    size: Vec,
    drops: Vec,
    at: Vec,
    material: Material,
    *,
    puff: float = 0.02,
    folds: float = 0.03,
    crumple: float = 0.012,
    thickness: float = 0.012,
    radius: float = 0.05,
) -> None:
    """Cloth over a block whose top (size x, y) is centred on `at`; it hangs `drops` at -x, +x, -y, +y."""
    half_x, half_y = size[0] / 2, size[1] / 2
    phase = stage.noise.uniform(0, 6, 6)

    def surface(u: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        along_x = -half_x - drops[0] + u * (size[0] + drops[0] + drops[1])
        along_y = -half_y - drops[2] + v * (size[1] + drops[2] + drops[3])
        x, down_x, hang_x = _over(along_x, half_x, max(drops[0], drops[1]), radius)
        y, down_y, hang_y = _over(along_y, half_y, max(drops[2], drops[3]), radius)
        x = x + np.sign(x) * folds * hang_x * (
            1.2 + np.sin(along_y * 13 + phase[0] + 1.3 * np.sin(along_y * 5 + phase[1]))
        )
        y = y + np.sign(y) * folds * hang_y * (
            1.2 + np.sin(along_x * 12 + phase[2] + 1.4 * np.sin(along_x * 4.3 + phase[3]))
        )
        top = np.clip(1 - np.abs(along_x / half_x) ** 4, 0, 1) * np.clip(1 - np.abs(along_y / half_y) ** 4, 0, 1)
        flat = np.stack([along_x.ravel(), along_y.ravel()], 1)
        bumps = wrinkles(stage, flat, 0.5, crumple, 4).reshape(x.shape)
        creases = np.abs(wrinkles(stage, flat, 0.7, 1.0, 2).reshape(x.shape))
        z = np.minimum(down_x, down_y) + top * (puff + bumps * 1.4 - crumple * np.exp(-((creases / 0.12) ** 2)))
        return x + bumps * hang_x, y + bumps * hang_y, z

    sheet(stage, surface, 130, 130, material, at=at, thickness=thickness)


def hanging(
    stage: Stage,
    width: float,
    front: float,
    back: float,
    at: Vec,
    material: Material,
    *,
    radius: float = 0.016,
    thickness: float = 0.008,
) -> None:
    """A towel over a rail along x at `at`: `front` hangs towards -y, `back` behind."""
    total = front + back + math.pi * radius

    def surface(u: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        along = v * total - front
        angle = np.clip(along / radius, 0, math.pi)
        y = -radius * np.cos(angle)
        z = radius * np.sin(angle) - np.maximum(-along, 0) - np.maximum(along - math.pi * radius, 0)
        wave = 0.006 * np.sin(u * 9 + 1) * np.clip(-z / 0.3, 0, 1.5)
        flat = np.stack([u.ravel(), v.ravel()], 1)
        uneven = wrinkles(stage, flat, 0.8, 0.004).reshape(u.shape)
        return (u - 0.5) * width * (1 - 0.02 * v), y + wave + uneven, z + 0.004 * np.sin(u * 5)

    sheet(stage, surface, 40, 70, material, at=at, thickness=thickness)


def rug(
    stage: Stage,
    width: float,
    depth: float,
    at: Vec,
    material: Material,
    *,
    turn: float = 0,
    thickness: float = 0.012,
    fringe: Material | None = None,
) -> None:
    def surface(u: np.ndarray, v: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        flat = np.stack([u.ravel() * width, v.ravel() * depth], 1)
        return (
            (u - 0.5) * width,
            (v - 0.5) * depth,
            thickness * 0.6 + wrinkles(stage, flat, 1.1, 0.003).reshape(u.shape),
        )

    sheet(stage, surface, 60, 60, material, at=at, turn=(0, 0, turn), thickness=thickness)
    if fringe is not None:
        with stage.at(*at, turn=turn):
            for x in np.arange(-depth / 2 + 0.02, depth / 2, 0.025):
                for end in (-1, 1):
                    sway = stage.noise.uniform(-0.01, 0.01)
                    tube(
                        stage,
                        [(end * width / 2, x, 0.008), (end * (width / 2 + 0.06), x + sway, 0.004)],
                        0.0035,
                        fringe,
                    )
