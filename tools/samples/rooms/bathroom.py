"""Two bathrooms: one with a tub below the window, and a narrow one with a walk-in shower, held upright."""

from __future__ import annotations

from fractions import Fraction

from kit import bathware as bw
from kit import decor, fabric
from kit import materials as m
from kit.garden import outlook
from kit.shapes import box, cylinder
from kit.shell import Opening, Room, downlight
from kit.stage import Stage
from photo import Shot

from rooms import Scene


def tub(stage: Stage) -> None:
    window = Opening(0.95, 1.1, 1.15, 1.05)
    room = Room(stage, 3.1, 3.2, 2.55, {"n": [window]})
    trim = m.plain("#f3f2ee", 0.35)
    floor = m.tiles(
        "#8e9292", "#6f7272", width=0.6, height=0.3, roughness=0.3, offset=0.5, mottle=0.3, second="#7b8080"
    )
    room.build(m.paint("#cfd6d3"), floor, m.paint("#f6f6f3"), skirting=None)
    half = m.tiles(
        "#f0f0ec", "#d2d2cc", width=0.2, height=0.1, plane="wall", roughness=0.08, offset=0.5, mottle=0.0, vary=0.04
    )
    for side, wide in (("n", 3.1), ("w", 3.2), ("e", 3.2)):
        with room.against(side, wide / 2):
            box(stage, (wide, 0.014, 1.1), (0, -0.007, 0), half, bevel=0)
            box(stage, (wide, 0.026, 0.028), (0, -0.013, 1.1), trim, bevel=0.008)
    room.window("n", window, trim, panes=2, watts=75)
    stage.sun(24, 35, 6)
    stage.sky(24, 35, light=0.25, seen=0.22)
    outlook(stage)
    chrome = m.steel("#d9dadb", 0.06)
    with room.against("n", window.middle, 0.016):
        bw.bathtub(stage, 1.75, 0.78, panel=trim)
        with stage.at(-0.55, -0.02, 0.56):
            bw.tap(stage, (0, -0.05, 0), chrome, tall=0.2, reach=0.2)
        fabric.curtain(
            stage, 1.3, 0.62, m.fabric("#e8e4da", "#8fa3a0", stripe=0.02), at=(0, -0.06, 1.66), folds=0.14, depth=0.03
        )
        tube_y = -0.06
        fabric.rod(stage, 1.5, 2.29, chrome, y=tube_y)
        bw.folded_towels(
            stage,
            (0.66, -0.66, 0.565),
            m.fabric("#e9e5da", "#dfdacd", thread=0.003),
            m.fabric("#7f9a9a", "#728d8d", thread=0.003),
            size=(0.24, 0.18),
        )
        bw.soap(stage, (-0.78, -0.07, 0.56), "#e3dccb", chrome)
        decor.bottle(stage, (-0.7, -0.08, 0.56), 0.2, m.plain("#6a7f78", 0.3), radius=0.03, cap=m.plain("#f0efe9"))
    with room.against("n", 2.72):
        decor.basket(stage, 0.16, 0.34, (0.06, -0.3, 0), m.plain("#b08a58", 0.7))
        bw.rolled_towels(stage, (0.0, -0.3, 0.3), m.fabric("#efece4", "#e4dfd4", thread=0.003))
    oak = m.wood("#b98d5e", "#82592f")
    with room.against("w", 1.25, 0.016):
        bw.vanity(stage, 1.15, m.plain("#4d6069", 0.4), m.marble(), chrome, columns=2)
        decor.picture(stage, 0.8, 0.95, 1.55, m.mirror(), oak, mat=0.0)
        for x in (-0.55, 0.55):
            cylinder(stage, 0.03, 0.05, (x, -0.06, 1.7), chrome)
            cylinder(stage, 0.055, 0.16, (x, -0.09, 1.72), m.lampshade("#fbf6ea", 3.0))
            stage.point((x, -0.2, 1.8), 3)
        bw.soap(stage, (0.4, -0.2, 0.85), "#c9a97c", chrome)
        decor.pot(stage, 0.05, 0.09, (-0.44, -0.16, 0.85), m.plain("#e6e1d6", 0.4))
        decor.plant(stage, (-0.44, -0.16, 0.93), 0.22, 0.14, leaves=70, size=0.07)
        cylinder(stage, 0.034, 0.1, (0.5, -0.3, 0.85), m.plain("#e9e6df", 0.3))
    with room.against("w", 2.25, 0.016):
        bw.towel_rail(stage, 0.5, 1.35, chrome, m.fabric("#7f9a9a", "#728d8d", thread=0.003), drop=0.55)
    with room.against("e", 1.25, 0.016):
        bw.toilet(stage, chrome)
        decor.picture(stage, 0.42, 0.55, 1.62, m.painting(2.1, "#eef0ea", "#9fb6b3", "#55747a", "#e4d6bf"), oak)
    with room.against("e", 2.3, 0.016):
        bw.towel_rail(stage, 0.6, 1.3, chrome, m.fabric("#efece4", "#e4dfd4", thread=0.003), drop=0.6)
    fabric.rug(stage, 0.9, 0.58, (1.6, 1.95, 0.002), m.carpet("#e9e5da", "#cfc8b8"), thickness=0.025)
    for x in (0.9, 2.2):
        downlight(stage, x, 1.2, 2.55)
    stage.area((1.6, 0.9, 2.48), (1.6, 1.8, 0), (1.6, 1.2), 17, (1, 0.96, 0.9))
    stage.camera((1.75, 0.14, 1.4), (1.4, 2.6), 18, shift=0.11)


def shower(stage: Stage) -> None:
    window = Opening(0.55, 0.75, 1.25, 0.95)
    room = Room(stage, 2.1, 3.3, 2.5, {"n": [window]})
    trim = m.plain("#f0eee8", 0.35)
    sand = m.tiles(
        "#d6cab8",
        "#bdb2a1",
        width=0.6,
        height=0.3,
        plane="wall",
        roughness=0.22,
        mottle=0.3,
        second="#c7b8a3",
        vary=0.05,
    )
    floor = m.tiles("#6e655b", "#554e46", width=0.3, height=0.3, roughness=0.35, mottle=0.3, second="#5f574e")
    room.build({"n": sand, "w": sand, "e": sand, "s": m.paint("#e9e3d8")}, floor, m.paint("#f6f4ef"))
    room.window("n", window, trim, panes=1, watts=55)
    stage.sun(-18, 36, 5)
    stage.sky(-18, 36, light=0.25, seen=0.22)
    outlook(stage)
    black = m.plain("#191919", 0.35)
    # The shower is at the far end, behind a pane.
    with stage.at(0.55, 2.25):
        bw.screen(stage, 1.05, 2.05, black, z=0.02)
    box(
        stage,
        (2.1, 0.95, 0.02),
        (1.05, 2.78, 0),
        m.tiles("#5f574e", "#4a443d", width=0.06, height=0.06, roughness=0.3, vary=0.15),
        bevel=0,
    )
    with room.against("w", 2.8):
        bw.shower_set(stage, black)
    with room.against("n", 1.7):
        for z in (0.95, 1.3):
            box(stage, (0.28, 0.12, 0.012), (0.05, -0.06, z), black)
        for index, code in enumerate(("#e7dfce", "#8a6f4d", "#55665c")):
            decor.bottle(
                stage,
                (-0.03 + 0.08 * index, -0.06, 0.962),
                0.19 - 0.02 * index,
                m.plain(code, 0.3),
                radius=0.028,
                cap=m.plain("#1c1c1c"),
            )
    walnut = m.wood("#8f6440", "#5a3a22")
    with room.against("w", 1.25):
        bw.vanity(
            stage,
            0.9,
            walnut,
            m.plain("#efece5", 0.2),
            black,
            floating=True,
            vessel_basin=True,
            columns=1,
            rows=2,
            shaker=False,
        )
        cylinder(stage, 0.36, 0.02, (0, 0, 1.6), black, turn=(90, 0, 0))
        cylinder(stage, 0.345, 0.004, (0, -0.02, 1.6), m.mirror(), turn=(90, 0, 0))
        bw.soap(stage, (0.32, -0.22, 0.85), "#5a3f2a", black)
        decor.vase(stage, (-0.35, -0.2, 0.85), 0.16, m.plain("#b9a58a", 0.5), radius=0.04)
        decor.flowers(stage, (-0.35, -0.2, 0.96), 0.24, "#f3efe6", 8)
        bw.folded_towels(
            stage,
            (0.0, -0.3, 0.02),
            m.fabric("#efece4", "#e4dfd4", thread=0.003),
            m.fabric("#efece4", "#e4dfd4", thread=0.003),
            m.fabric("#a8754e", "#9a6843", thread=0.003),
        )
    with room.against("e", 1.3):
        bw.toilet(stage, black, wall_hung=True)
        box(stage, (0.9, 0.16, 1.15), (0, -0.0, 0), sand, bevel=0)
    with room.against("e", 2.12):
        bw.radiator(stage, 0.5, 1.2, black, m.fabric("#a8754e", "#9a6843", thread=0.003))
    fabric.rug(stage, 0.55, 0.85, (0.98, 1.55, 0.002), m.carpet("#d9cfbd", "#c2b6a2"), thickness=0.02)
    decor.basket(stage, 0.13, 0.26, (1.86, 0.72, 0), m.plain("#9b7748", 0.7))
    with room.against("n", window.middle):
        decor.pot(stage, 0.06, 0.1, (0.15, 0.0, 1.25), m.plain("#e4ddcf", 0.5))
        decor.plant(stage, (0.15, 0.0, 1.33), 0.2, 0.16, leaves=60, size=0.08)
    for x, y in ((0.6, 1.2), (1.5, 1.2), (1.05, 2.75)):
        downlight(stage, x, y, 2.5, 6)
    stage.point((0.3, 1.25, 1.9), 2)
    stage.area((1.05, 0.7, 2.44), (1.05, 1.8, 0), (1.2, 1.0), 12, (1, 0.95, 0.87))
    stage.camera((1.12, 0.12, 1.38), (1.02, 2.6), 19, shift=0.09, portrait=True)


SCENES = {
    "bathroom-1": Scene(tub, Shot(18, Fraction(1, 25), 250, "2026:05:14 10:55:03")),
    "bathroom-2": Scene(shower, Shot(19, Fraction(1, 15), 320, "2026:06:02 16:14:26")),
}
