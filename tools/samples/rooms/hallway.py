"""A hallway, which is none of the six rooms."""

from __future__ import annotations

from fractions import Fraction

from kit import decor, fabric, furniture
from kit import materials as m
from kit.shapes import box, cylinder, tube
from kit.shell import Opening, Room, cornice, door, downlight
from kit.stage import Stage
from photo import Shot

from rooms import Scene


def hallway(stage: Stage) -> None:
    end, left, right = Opening(0.3, 0.9, 0, 2.05), Opening(2.3, 0.82, 0, 2.03), Opening(1.3, 0.82, 0, 2.03)
    second = Opening(4.0, 0.82, 0, 2.03)
    room = Room(stage, 1.5, 5.6, 2.6, {"n": [end], "w": [left], "e": [right, second]})
    trim = m.plain("#f3f1ec", 0.4)
    room.build(
        m.paint("#d5d3c8"),
        m.planks("#9c7045", "#6b4726", width=0.11, turn=True),
        m.paint("#f5f4ef"),
        skirting=trim,
        tall=0.12,
    )
    cornice(room, trim)
    metal, black = m.steel("#b9b6b0", 0.25), m.plain("#1d1d1e", 0.4)
    for side, hole in (("w", left), ("e", right), ("e", second)):
        with room.against(side, hole.middle):
            door(stage, hole.width, hole.height, trim, metal, casing=trim)
    with room.against("n", end.middle):
        door(stage, end.width, end.height, m.plain("#39503f", 0.35), metal, casing=trim)
        stage.area((0.0, -0.3, 2.0), (0, -3, 1), (0.8, 0.3), 8, (0.9, 0.95, 1.0))
    with room.against("w", 4.2):
        box(stage, (1.0, 0.28, 0.03), (0, -0.14, 0.82), m.wood("#b98d5e", "#82592f"))
        for x in (-0.45, 0.45):
            for y in (-0.04, -0.24):
                box(stage, (0.025, 0.025, 0.82), (x, y, 0), black)
        decor.table_lamp(stage, (-0.32, -0.15, 0.85), m.plain("#e9e5dc", 0.2, coat=0.5), height=0.46, watts=4)
        decor.bowl(stage, 0.1, (0.1, -0.15, 0.85), m.plain("#7f9488", 0.3))
        decor.stack(stage, (0.36, -0.15, 0.85), 2, (0.2, 0.15))
        cylinder(stage, 0.34, 0.02, (0, 0, 1.6), black, turn=(90, 0, 0))
        cylinder(stage, 0.325, 0.004, (0, -0.02, 1.6), m.mirror(), turn=(90, 0, 0))
    with room.against("w", 1.5):
        box(stage, (1.1, 0.025, 0.14), (0, -0.012, 1.65), m.wood("#b98d5e", "#82592f"))
        for x in (-0.44, -0.22, 0.0, 0.22, 0.44):
            tube(stage, [(x, -0.02, 1.71), (x, -0.08, 1.68), (x, -0.09, 1.74)], 0.008, black)
    with room.against("e", 2.7):
        decor.picture(stage, 0.5, 0.65, 1.62, m.painting(5.5, "#ece5d7", "#8fa0a0", "#b8683f", "#46616f"), black)
    with room.against("e", 0.55), stage.at(0, 0):
        furniture.chest(stage, (0.7, 0.24, 0.5), trim, black, black, columns=1, rows=2, bar="knob")
    fabric.rug(
        stage,
        3.6,
        0.75,
        (0.72, 2.6, 0.001),
        m.carpet("#7c2f28", "#27364a", "#c9ab78", pattern="persian", size=0.19),
        turn=90,
    )
    for x in (-0.12, 0.14):
        box(stage, (0.1, 0.27, 0.09), (1.15 + x, 5.2, 0), m.plain("#5a3f2a", 0.5), bevel=0.04, turn=(0, 0, 8))
    for y in (1.0, 2.8, 4.6):
        downlight(stage, 0.75, y, 2.6, 9)
    stage.sky(0, 40, light=0.25, seen=0.2)
    stage.area((0.75, 2.4, 2.5), (0.75, 2.4, 0), (0.8, 4), 18, (1, 0.95, 0.88))
    stage.camera((0.8, 0.15, 1.4), (0.72, 4.0), 19, shift=0.05)


SCENES = {"hallway": Scene(hallway, Shot(19, Fraction(1, 15), 400, "2026:05:14 10:15:30"))}
