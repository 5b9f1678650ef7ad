"""Two living rooms: a bright one with a large window, and one around a brick fireplace."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from kit import decor, fabric, furniture
from kit import materials as m
from kit.garden import outlook
from kit.shapes import box, cylinder, tube
from kit.shell import Opening, Room, cornice
from kit.stage import Stage
from photo import Shot

from rooms import Scene


def bright(stage: Stage) -> None:
    big, small = Opening(1.1, 2.4, 0.45, 1.85), Opening(0.7, 1.3, 0.8, 1.45)
    room = Room(stage, 5.6, 4.8, 2.7, {"n": [big], "e": [small]})
    trim = m.plain("#f3f1ec", 0.4)
    room.build(
        m.paint("#e2dfd7"),
        m.planks("#c9a274", "#9c7145", width=0.16, length=1.9),
        m.paint("#f6f5f1"),
        skirting=trim,
        tall=0.11,
    )
    room.window("n", big, trim, panes=3, watts=110)
    room.window("e", small, trim, panes=2, watts=60)
    stage.sun(38, 32, 7)
    stage.sky(38, 32, light=0.25, seen=0.22)
    outlook(stage)
    grey, oak, black = m.fabric("#a8a59d", "#96938c"), m.wood("#b98d5e", "#82592f"), m.plain("#1d1d1e", 0.4)
    with room.against("n", big.middle):
        cream = m.fabric("#e3dccd", "#d8d0bf")
        for x in (-1.5, 1.5):
            fabric.curtain(stage, 0.6, 2.42, cream, at=(x, -0.1, 0.02))
        fabric.rod(stage, 3.9, 2.46, black)
    # The sofa stands with its back to the left wall.
    with room.against("w", 2.55, 0.04):
        furniture.sofa(stage, 2.35, grey, oak)
        blue, rust, cream = (
            m.fabric("#46616f", "#3b5461"),
            m.fabric("#b8683f", "#a65a34"),
            m.fabric("#e7e0d0", "#d7cebb"),
        )
        furniture.throw_cushion(stage, (-0.78, -0.46, 0.5), rust, turn=10)
        furniture.throw_cushion(stage, (-0.5, -0.52, 0.5), cream, size=0.42, turn=-6, roll=3)
        furniture.throw_cushion(stage, (0.76, -0.47, 0.5), blue, turn=-12)
        with stage.at(1.06, -0.5, 0.625, turn=0):
            fabric.drape(
                stage,
                (0.22, 0.5),
                (0.3, 0.26, 0, 0),
                (0, 0, 0.006),
                m.fabric("#d9cdb6", "#c9bb9f", thread=0.004),
                puff=0.01,
                thickness=0.01,
                radius=0.06,
                crumple=0.006,
            )
        for x, seed in ((-0.62, 1.7), (0.0, 2.9), (0.62, 8.3)):
            art = m.painting(seed, "#ece5d7", "#b8683f", "#46616f", "#d9c29a", scale=2.6)
            decor.picture(stage, 0.5, 0.68, 1.62, art, oak, x=x)
    fabric.rug(
        stage, 3.0, 2.1, (2.15, 2.3, 0.001), m.carpet("#e3dac8", "#7d776d", pattern="diamonds", size=0.3), turn=90
    )
    with stage.at(2.05, 2.25):
        furniture.round_table(stage, 0.44, 0.4, oak, oak)
        top = decor.stack(stage, (-0.12, 0.1, 0.4), 3)
        decor.candle(stage, (-0.12, 0.1, 0.4 + top), 0.07)
        decor.bowl(stage, 0.11, (0.17, -0.12, 0.4), m.plain("#54686b", 0.35))
        decor.vase(stage, (0.15, 0.2, 0.4), 0.2, m.plain("#d9d2c3", 0.5), radius=0.05)
        decor.flowers(stage, (0.15, 0.2, 0.55), 0.32, "#e9c46a", 12)
    # Right: armchair, lamp; on the right wall a low unit with the television.
    with stage.at(3.55, 3.55, 0, turn=-38):
        furniture.armchair(stage, m.fabric("#54686b", "#485b5e"), oak)
        furniture.throw_cushion(stage, (0.0, -0.34, 0.44), m.fabric("#e7e0d0", "#c9a98b", stripe=0.02), size=0.38)
    decor.floor_lamp(stage, (4.35, 4.2, 0), black)
    with room.against("e", 2.85):
        furniture.chest(stage, (1.9, 0.42, 0.5), oak, black, None, columns=3, rows=1, legs=0.14)
        furniture.television(stage, (0.0, -0.2, 0.5), 1.25)
        decor.vase(stage, (-0.8, -0.2, 0.5), 0.3, m.plain("#d9d2c3", 0.5), radius=0.07)
        decor.spikes(stage, (-0.8, -0.2, 0.75), 0.5, 12, lean=0.3)
    with stage.at(0.62, 4.3):
        decor.basket(stage, 0.21, 0.36, (0, 0, 0), m.plain("#b08a58", 0.7))
        decor.plant(stage, (0, 0, 0.28), 1.35, 0.5, leaves=64, size=0.28, slim=0.4)
    with stage.at(0.5, 0.95, 0, turn=90):
        cylinder(stage, 0.22, 0.02, (0, 0, 0.53), oak)
        for a in (0.3, 2.4, 4.5):
            tube(
                stage, [(0.12 * np.cos(a), 0.12 * np.sin(a), 0.53), (0.2 * np.cos(a), 0.2 * np.sin(a), 0)], 0.011, black
            )
        decor.table_lamp(stage, (0, 0, 0.55), m.plain("#c9c2b2", 0.4), height=0.5, watts=4)
    stage.area((3.0, 1.2, 2.6), (2.4, 2.8, 0), (3, 2), 36, (1, 0.95, 0.88))
    stage.camera((5.1, 0.35, 1.32), (1.75, 3.6), 19, shift=0.075)


def fireside(stage: Stage) -> None:
    left, right = Opening(0.35, 0.95, 0.7, 1.55), Opening(4.1, 0.95, 0.7, 1.55)
    west = Opening(1.6, 1.7, 0.7, 1.55)
    room = Room(stage, 5.4, 4.9, 2.75, {"n": [left, right], "w": [west]})
    trim = m.plain("#f2efe8", 0.4)
    room.build(
        m.paint("#c4bfae"),
        m.planks("#8a5a34", "#55331a", width=0.09, length=1.1, roughness=0.26),
        m.paint("#f4f2ec"),
        skirting=trim,
        tall=0.14,
    )
    cornice(room, trim, 0.09)
    for hole in (left, right):
        room.window("n", hole, trim, panes=1, bars=2, watts=55)
    room.window("w", west, trim, panes=2, bars=2, watts=85)
    stage.sun(-55, 27, 6, (1, 0.84, 0.66))
    stage.sky(-55, 27, light=0.25, seen=0.2)
    outlook(stage)
    brick, walnut, dark = m.bricks("#9a4f3a", "#7a3c2c"), m.wood("#7a5234", "#4a2e1a"), m.plain("#161514", 0.5)
    leather = m.plain("#7a4a2c", 0.38, wear=0.12)
    with room.against("n", 2.7):
        for side in (-1, 1):
            box(stage, (0.38, 0.42, 1.15), (side * 0.61, -0.21, 0), brick, bevel=0.004)
        box(stage, (0.84, 0.42, 0.35), (0, -0.21, 0.8), brick, bevel=0.004)
        box(stage, (0.84, 0.02, 0.8), (0, -0.03, 0), m.rough("#2a2623", "#0d0c0b", scale=9), bevel=0)
        box(stage, (1.75, 0.55, 0.07), (0, -0.26, 1.15), m.wood("#8a5f38", "#50331a"), bevel=0.008)
        box(stage, (1.2, 0.34, 1.53), (0, -0.17, 1.22), m.paint("#d8d3c4"), bevel=0.003)
        box(stage, (1.75, 0.9, 0.06), (0, -0.45, 0), m.rough("#6d665e", "#47423d", scale=5), bevel=0.006)
        for index in range(5):  # logs
            y, z = -0.2 - 0.05 * (index % 2), 0.14 + 0.09 * (index // 2)
            tube(
                stage,
                [(-0.24, y, z), (0.24, y + 0.05 * (-1) ** index, z + 0.02)],
                0.05,
                m.rough("#6b4d33", "#3a281a", scale=18, stretch=(0.2, 3, 3)),
            )
        for x in (-0.28, 0.28):
            tube(stage, [(x, -0.45, 0.06), (x, -0.45, 0.3)], 0.014, dark)
            tube(stage, [(x, -0.42, 0.12), (x, -0.1, 0.12)], 0.01, dark)
        art = m.painting(3.3, "#cfd8d6", "#8fa0a0", "#d9c7a0", "#59695f", "#e8e2d2", scale=1.5, distortion=1.2)
        with stage.at(0, -0.34):
            decor.picture(stage, 0.95, 0.72, 1.85, art, walnut, mat=0.0)
        decor.candle(stage, (-0.68, -0.3, 1.22), 0.18, 0.03)
        decor.candle(stage, (-0.58, -0.28, 1.22), 0.12, 0.03)
        decor.vase(stage, (0.68, -0.28, 1.22), 0.26, m.plain("#3f5f63", 0.2, coat=0.6), radius=0.07)
        decor.spikes(stage, (0.68, -0.28, 1.42), 0.35, 9, lean=0.4)
        for hole in (left, right):
            for edge in (-1, 1):
                x = hole.middle - 2.7 + edge * 0.58
                fabric.curtain(stage, 0.26, 2.38, m.fabric("#8a9a83", "#7b8b75"), at=(x, -0.09, 0.02), folds=0.08)
            with stage.at(hole.middle - 2.7):
                fabric.rod(stage, 1.55, 2.42, dark)
    with room.against("w", west.middle):
        for x in (-1.1, 1.1):
            fabric.curtain(stage, 0.4, 2.38, m.fabric("#8a9a83", "#7b8b75"), at=(x, -0.1, 0.02), folds=0.09)
        fabric.rod(stage, 2.7, 2.42, dark)
    fabric.rug(
        stage,
        3.0,
        2.2,
        (2.7, 2.35, 0.001),
        m.carpet("#7c2f28", "#27364a", "#c9ab78", "#54302a", pattern="persian", size=0.37),
        fringe=m.plain("#d9cdb4"),
    )
    with stage.at(1.15, 2.3, 0, turn=90), stage.at(0, 0.45):
        furniture.sofa(stage, 2.1, m.fabric("#d6cdbb", "#c9bfac"), walnut, seats=2)
        furniture.throw_cushion(stage, (-0.66, -0.47, 0.5), m.fabric("#7c2f28", "#6b2822"), turn=8)
        furniture.throw_cushion(stage, (0.64, -0.47, 0.5), m.fabric("#8a9a83", "#e7e0d0", stripe=0.025), turn=-9)
        furniture.throw_cushion(stage, (0.36, -0.54, 0.5), m.fabric("#c9ab78", "#b99a66"), size=0.4, turn=4)
    for y, turn in ((3.0, -75), (1.95, -100)):
        with stage.at(4.45, y, 0, turn=turn):
            furniture.armchair(stage, leather, walnut)
            if y > 2.5:
                furniture.throw_cushion(stage, (0, -0.34, 0.44), m.fabric("#d6cdbb", "#27364a", stripe=0.02), size=0.36)
    with stage.at(2.75, 2.35):
        furniture.table(stage, (1.15, 0.62, 0.43), walnut, walnut, thick=0.035, apron=0.05)
        box(stage, (1.0, 0.5, 0.02), (0, 0, 0.12), walnut)
        decor.stack(stage, (-0.28, 0.02, 0.43), 3)
        decor.vase(stage, (0.22, 0.06, 0.43), 0.2, m.glass(), radius=0.05)
        decor.flowers(stage, (0.22, 0.06, 0.5), 0.34, "#f1ebe0", 13)
        decor.stack(stage, (0.1, -0.05, 0.14), 2, (0.3, 0.22))
        decor.bowl(stage, 0.09, (0.42, -0.14, 0.43), m.plain("#3f5f63", 0.25))
    with room.against("e", 0.95):
        furniture.bookcase(stage, 1.1, 2.1, m.plain("#eeeae1", 0.4), fill=0.9)
    with stage.at(0.45, 3.95):
        furniture.round_table(stage, 0.25, 0.56, walnut, walnut)
        decor.table_lamp(stage, (0, 0, 0.56), m.plain("#3f5f63", 0.2, coat=0.6), height=0.55, watts=6)
    with stage.at(0.45, 0.85):
        furniture.round_table(stage, 0.25, 0.56, walnut, walnut)
        decor.table_lamp(stage, (0, 0, 0.56), m.plain("#3f5f63", 0.2, coat=0.6), height=0.55, watts=6)
    decor.basket(stage, 0.22, 0.3, (3.98, 4.45, 0), m.plain("#8a6840", 0.7))
    stage.area((2.7, 1.0, 2.65), (2.7, 2.8, 0), (3, 1.5), 36, (1, 0.93, 0.84))
    stage.camera((3.6, 0.25, 1.35), (2.4, 4.0), 18, shift=0.07)


SCENES = {
    "living-room-1": Scene(bright, Shot(19, Fraction(1, 40), 200, "2026:05:14 10:30:45")),
    "living-room-2": Scene(fireside, Shot(18, Fraction(1, 15), 250, "2026:10:08 16:31:20")),
}
