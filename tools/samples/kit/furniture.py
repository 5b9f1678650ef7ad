"""Movable furniture. Each piece has its back at y = 0, faces -y and is centred on x = 0 of the present frame."""

from __future__ import annotations

import math

import bpy
import numpy as np

from kit import materials as m
from kit.decor import books
from kit.fabric import drape
from kit.shapes import box, cylinder, lathe, pillow, soft_box, tube
from kit.stage import Stage, Vec

Material = bpy.types.Material


def sofa(
    stage: Stage,
    width: float,
    cloth: Material,
    leg: Material,
    *,
    seats: int = 3,
    depth: float = 0.92,
    arm: float = 0.2,
    low: float = 0.0,
    loose: bool = True,
) -> None:
    """A sofa with loose seat and back cushions; the seat is 0.44 m high."""
    inner = width - 2 * arm
    soft_box(stage, (width - 0.02, depth - 0.06, 0.22), (0, -depth / 2, 0.12), cloth, radius=0.03)
    soft_box(stage, (width - 0.04, 0.2, 0.66 - low), (0, -0.1, 0.14), cloth, radius=0.06)
    for side in (-1, 1):
        soft_box(
            stage, (arm, depth, 0.5), (side * (width - arm) / 2, -depth / 2, 0.12), cloth, radius=0.065, bulge=0.012
        )
        for y in (-0.08, -depth + 0.08):
            cylinder(stage, 0.016, 0.13, (side * (width / 2 - 0.08), y, 0), leg, top=0.024)
    each = inner / seats
    for index in range(seats):
        x = -inner / 2 + each * (index + 0.5)
        soft_box(
            stage,
            (each - 0.008, depth - 0.24, 0.15),
            (x, -depth / 2 - 0.1, 0.325),
            cloth,
            radius=0.05,
            bulge=0.022,
            crumple=0.004,
        )
        if loose:
            with stage.at(x, -0.28, 0.46, tilt=-12):
                soft_box(stage, (each - 0.015, 0.17, 0.44 - low), (0, 0, 0), cloth, radius=0.07, crumple=0.007, cuts=24)


def throw_cushion(
    stage: Stage, at: Vec, cloth: Material, *, size: float = 0.46, lean: float = 68, turn: float = 0, roll: float = 0
) -> None:
    """A cushion that stands on its edge and leans back; `at` is its lower edge."""
    rise = math.sin(math.radians(lean)) * size / 2 * 0.95
    with stage.at(*at, turn=turn), stage.at(0, 0, rise, tilt=lean):
        pillow(stage, (size, size, 0.17), (0, 0, 0), cloth, turn=(0, 0, roll))


def armchair(stage: Stage, cloth: Material, leg: Material, *, width: float = 0.78) -> None:
    soft_box(stage, (width - 0.2, 0.62, 0.16), (0, -0.42, 0.28), cloth, radius=0.06, bulge=0.02)
    with stage.at(0, -0.16, 0.36, tilt=-14):
        soft_box(stage, (width - 0.16, 0.15, 0.56), (0, 0, 0), cloth, radius=0.07, bulge=0.01)
    for side in (-1, 1):
        soft_box(stage, (0.11, 0.7, 0.36), (side * (width / 2 - 0.055), -0.4, 0.24), cloth, radius=0.05)
        for y, lean in ((-0.7, -0.05), (-0.1, 0.06)):
            tube(stage, [(side * (width / 2 - 0.1), y, 0.27), (side * (width / 2 - 0.05), y + lean, 0)], 0.018, leg)


def table(
    stage: Stage,
    size: Vec,
    top: Material,
    leg: Material,
    *,
    thick: float = 0.03,
    inset: float = 0.06,
    post: float = 0.05,
    apron: float = 0.0,
    round_legs: bool = False,
) -> None:
    """A table centred on the frame's origin, (x, y, height)."""
    width, depth, height = size
    box(stage, (width, depth, thick), (0, 0, height - thick), top, bevel=0.005)
    for x in (-1, 1):
        for y in (-1, 1):
            at = (x * (width / 2 - inset), y * (depth / 2 - inset), 0)
            if round_legs:
                cylinder(stage, post * 0.32, height - thick, at, leg, top=post * 0.55)
            else:
                box(stage, (post, post, height - thick), at, leg, bevel=0.003)
    if apron:
        for y in (-1, 1):
            box(stage, (width - 2 * inset, 0.02, apron), (0, y * (depth / 2 - inset), height - thick - apron), leg)
        for x in (-1, 1):
            box(stage, (0.02, depth - 2 * inset, apron), (x * (width / 2 - inset), 0, height - thick - apron), leg)


def round_table(
    stage: Stage, radius: float, height: float, top: Material, leg: Material, *, thick: float = 0.028
) -> None:
    cylinder(stage, radius, thick, (0, 0, height - thick), top)
    for index in range(3):
        angle = 2 * math.pi * index / 3 + 0.4
        x, y = math.cos(angle), math.sin(angle)
        tube(
            stage,
            [(x * radius * 0.45, y * radius * 0.45, height - thick), (x * radius * 0.8, y * radius * 0.8, 0)],
            0.016,
            leg,
        )


def chair(
    stage: Stage,
    frame: Material,
    seat: Material | None = None,
    *,
    height: float = 0.46,
    back: float = 0.84,
    arms: bool = False,
) -> None:
    """A dining chair with a slatted back, centred on x and standing 0.48 deep."""
    width, depth = 0.44, 0.44
    soft_box(
        stage,
        (width, depth, 0.045),
        (0, -depth / 2 - 0.02, height - 0.045),
        seat or frame,
        radius=0.02,
        bulge=0.006,
        crumple=0.0,
    )
    for side in (-1, 1):
        x = side * (width / 2 - 0.03)
        tube(stage, [(x, -depth + 0.02, height - 0.03), (x * 1.06, -depth - 0.01, 0)], 0.015, frame)
        tube(stage, [(x, 0.05, 0), (x, -0.03, height), (x, 0.07, back)], 0.015, frame)
        if arms:
            tube(
                stage,
                [
                    (x, 0.0, height + 0.2),
                    (x * 1.15, -0.2, height + 0.21),
                    (x * 1.1, -depth + 0.08, height + 0.19),
                    (x, -depth + 0.06, height),
                ],
                0.013,
                frame,
            )
    for z in np.linspace(height + 0.14, back - 0.03, 3):
        y = -0.03 + 0.1 * ((z - height) / (back - height)) ** 1.6
        tube(stage, [(-width / 2 + 0.03, y, z), (0, y + 0.025, z + 0.005), (width / 2 - 0.03, y, z)], 0.014, frame)


def stool(stage: Stage, frame: Material, seat: Material, *, height: float = 0.66) -> None:
    cylinder(stage, 0.17, 0.045, (0, 0, height - 0.045), seat)
    for x in (-1, 1):
        for y in (-1, 1):
            tube(stage, [(x * 0.1, y * 0.1, height - 0.04), (x * 0.17, y * 0.17, 0)], 0.013, frame)
    ring = [(0.145 * a, 0.145 * b, 0.2) for a, b in ((1, 1), (-1, 1), (-1, -1), (1, -1), (1, 1))]
    tube(stage, ring, 0.008, frame, round_=False)


def fronts(
    stage: Stage,
    width: float,
    height: float,
    at: Vec,
    face: Material,
    *,
    columns: int,
    rows: int = 1,
    handle: Material | None = None,
    shaker: bool = False,
    gap: float = 0.003,
    bar: str = "bar",
    drawers: bool = False,
) -> None:
    """Doors or drawers on the plane y = at[1], facing -y, from the lower middle `at`."""
    wide, tall = width / columns, height / rows
    for column in range(columns):
        for row in range(rows):
            x, z = at[0] - width / 2 + wide * (column + 0.5), at[2] + tall * row
            box(stage, (wide - gap, 0.02, tall - gap), (x, at[1] - 0.01, z + gap / 2), face, bevel=0.0025)
            if shaker:
                rail = 0.055
                for side in (-1, 1):
                    box(
                        stage,
                        (rail, 0.008, tall - gap),
                        (x + side * ((wide - gap) / 2 - rail / 2), at[1] - 0.024, z + gap / 2),
                        face,
                        bevel=0.002,
                    )
                    low = z + gap / 2 if side < 0 else z + tall - gap / 2 - rail
                    box(stage, (wide - gap - 2 * rail, 0.008, rail), (x, at[1] - 0.024, low), face, bevel=0.002)
            if handle is not None:
                y = at[1] - (0.05 if shaker else 0.045)
                if drawers or rows > 1:
                    middle = z + tall - 0.07 if tall > 0.25 else z + tall / 2
                    ends = [(x - 0.07, y, middle), (x + 0.07, y, middle)]
                else:
                    side = 1 if column % 2 == 0 else -1
                    grip = x + side * (wide / 2 - 0.04)
                    middle = z + 0.14 if at[2] > 1.2 else z + tall - 0.14
                    ends = [(grip, y, middle - 0.07), (grip, y, middle + 0.07)]
                if bar == "knob":
                    spot = tuple((a + b) / 2 for a, b in zip(*ends, strict=True))
                    lathe(
                        stage,
                        [(0, -0.03), (0.006, -0.03), (0.006, -0.01), (0.015, 0), (0.013, 0.01), (0, 0.012)],
                        spot,
                        handle,
                        segments=20,
                        turn=(90, 0, 0),
                    )
                else:
                    tube(stage, ends, 0.006, handle)
                    for end in ends:
                        tube(stage, [end, (end[0], at[1] - 0.01, end[2])], 0.005, handle)


def chest(
    stage: Stage,
    size: Vec,
    face: Material,
    leg: Material,
    handle: Material | None,
    *,
    columns: int = 1,
    rows: int = 3,
    legs: float = 0.12,
    bar: str = "bar",
    top: Material | None = None,
) -> None:
    """A chest of drawers, sideboard or bedside table on legs."""
    width, depth, height = size
    box(stage, (width, depth, height - legs - 0.02), (0, -depth / 2, legs), face)
    box(stage, (width + 0.02, depth + 0.02, 0.022), (0, -depth / 2, height - 0.022), top or face, bevel=0.004)
    fronts(
        stage,
        width - 0.03,
        height - legs - 0.05,
        (0, -depth, legs + 0.012),
        face,
        columns=columns,
        rows=rows,
        handle=handle,
        bar=bar,
        drawers=rows > 1,
    )
    for x in (-1, 1):
        for y in (-0.05, -depth + 0.05):
            cylinder(stage, 0.014, legs, (x * (width / 2 - 0.06), y, 0), leg, top=0.022)


def bookcase(
    stage: Stage,
    width: float,
    height: float,
    material: Material,
    *,
    shelves: int = 5,
    depth: float = 0.3,
    fill: float = 0.75,
) -> None:
    for side in (-1, 1):
        box(stage, (0.022, depth, height), (side * (width / 2 - 0.011), -depth / 2, 0), material)
    box(stage, (width - 0.04, 0.008, height), (0, -0.006, 0), material, bevel=0)
    for row in range(shelves + 1):
        z = 0.06 + (height - 0.084) * row / shelves
        box(stage, (width - 0.044, depth - 0.01, 0.022), (0, -depth / 2, z), material)
        if row < shelves:
            room = (height - 0.084) / shelves
            filled = width * stage.noise.uniform(fill - 0.3, fill)
            start = -width / 2 + 0.03 if row % 2 == 0 else width / 2 - 0.03 - filled
            books(stage, filled, (start, -depth + 0.05, z + 0.022), height=min(0.26, room - 0.06), depth=0.18)


def bed(
    stage: Stage,
    width: float,
    cover: Material,
    sheet_: Material,
    frame: Material,
    *,
    length: float = 2.05,
    head: str = "upholstered",
    height: float = 0.34,
    cushions: tuple[Material, ...] = (),
    throw: Material | None = None,
    turned: bool = True,
) -> None:
    """A made bed, its head at y = 0: mattress, duvet with the sheet turned back, pillows, cushions and a throw."""
    if head == "upholstered":
        panels = 4 if width > 1.2 else 2
        for index in range(panels):
            each = (width + 0.12) / panels
            soft_box(
                stage,
                (each - 0.004, 0.1, 1.12),
                (-(width + 0.12) / 2 + each * (index + 0.5), -0.05, 0.06),
                frame,
                radius=0.035,
                bulge=0,
                crumple=0.003,
            )
    elif head == "wood":
        box(stage, (width + 0.1, 0.05, 0.55), (0, -0.03, 0.42), frame, bevel=0.012)
        for side in (-1, 1):
            box(stage, (0.07, 0.07, 1.0), (side * (width / 2 + 0.03), -0.035, 0), frame, bevel=0.01)
    elif head == "bars":
        for x in np.linspace(-width / 2, width / 2, 11):
            tube(stage, [(x, -0.03, 0.2), (x, -0.03, 1.0)], 0.008, frame)
        tube(
            stage,
            [
                (-width / 2, -0.03, 0),
                (-width / 2, -0.03, 0.95),
                (-width / 4, -0.03, 1.06),
                (0, -0.03, 1.1),
                (width / 4, -0.03, 1.06),
                (width / 2, -0.03, 0.95),
                (width / 2, -0.03, 0),
            ],
            0.016,
            frame,
        )
    middle = -0.1 - length / 2
    box(stage, (width + 0.03, length, 0.2), (0, middle, height - 0.24), frame, bevel=0.012)
    for side in (-1, 1):
        for y in (-0.2, -length + 0.02):
            cylinder(stage, 0.025, height - 0.24, (side * (width / 2 - 0.08), y, 0), frame)
    soft_box(stage, (width, length, 0.24), (0, middle, height - 0.04), sheet_, radius=0.06, crumple=0.002)
    top = height + 0.2
    fold = 0.62  # from the head to where the duvet begins
    drape(
        stage,
        (width + 0.02, length - fold + 0.02),
        (0.3, 0.3, 0.26, 0.0),
        (0, -0.1 - fold - (length - fold) / 2, top + 0.05),
        cover,
        puff=0.035,
        thickness=0.03,
    )
    if turned:
        drape(
            stage,
            (width + 0.06, 0.3),
            (0.26, 0.26, 0.0, 0.02),
            (0, -0.1 - fold - 0.1, top + 0.1),
            sheet_,
            puff=0.012,
            thickness=0.02,
            crumple=0.007,
        )
    pairs = (-0.25, 0.25) if width > 1.2 else (0.0,)
    for share in pairs:
        for y, lean in ((-0.22, 40), (-0.36, 30)):
            with stage.at(share * width * 0.98, y, top + 0.16, turn=stage.noise.uniform(-3, 3), tilt=lean):
                pillow(stage, (min(0.74, width * 0.8), 0.5, 0.2), (0, 0, 0), sheet_)
    for index, cloth in enumerate(cushions):
        x = (index - (len(cushions) - 1) / 2) * 0.42
        throw_cushion(
            stage,
            (x, -0.56 - 0.03 * (index % 2), top + 0.03),
            cloth,
            size=0.42 - 0.03 * (index % 2),
            lean=58,
            turn=stage.noise.uniform(-8, 8),
        )
    if throw is not None:
        drape(
            stage,
            (width + 0.09, 0.5),
            (0.36, 0.36, 0.0, 0.0),
            (0, -0.1 - length + 0.45, top + 0.115),
            throw,
            puff=0.015,
            thickness=0.012,
            crumple=0.008,
        )


def wardrobe(
    stage: Stage,
    width: float,
    height: float,
    face: Material,
    handle: Material,
    *,
    doors: int = 2,
    depth: float = 0.6,
    shaker: bool = False,
) -> None:
    box(stage, (width, depth - 0.02, height), (0, -depth / 2 + 0.01, 0), face)
    fronts(
        stage, width - 0.01, height - 0.09, (0, -depth + 0.02, 0.08), face, columns=doors, handle=handle, shaker=shaker
    )


def television(stage: Stage, at: Vec, width: float = 1.2) -> None:
    """A screen that is off, standing on `at`."""
    height, black = width * 0.57, m.plain("#0b0b0c", 0.12, coat=0.6, wear=0.0)
    box(stage, (width, 0.035, height), (at[0], at[1], at[2] + 0.07), m.plain("#131314", 0.4), bevel=0.006)
    box(stage, (width - 0.016, 0.004, height - 0.016), (at[0], at[1] - 0.018, at[2] + 0.078), black, bevel=0)
    for x in (-width * 0.32, width * 0.32):
        box(stage, (0.03, 0.22, 0.012), (at[0] + x, at[1], at[2]), m.plain("#1a1a1a"))
        box(stage, (0.02, 0.02, 0.09), (at[0] + x, at[1], at[2]), m.plain("#1a1a1a"))
