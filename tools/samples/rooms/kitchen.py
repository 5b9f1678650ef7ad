"""Two kitchens: white with an island, and a small one with green fronts and a table."""

from __future__ import annotations

from fractions import Fraction

from kit import decor, fabric, furniture
from kit import kitchenware as kw
from kit import materials as m
from kit.garden import outlook
from kit.shapes import box
from kit.shell import Opening, Room, cornice, downlight
from kit.stage import Stage
from photo import Shot

from rooms import Scene


def white(stage: Stage) -> None:
    window = Opening(1.45, 1.3, 1.05, 1.1)
    side = Opening(0.5, 1.5, 0.0, 2.1)
    room = Room(stage, 5.0, 4.6, 2.65, {"n": [window], "e": [side]})
    paint = m.plain("#f3f2ee", 0.35)
    room.build(m.paint("#e3e1da"), m.planks("#a9794a", "#70471f", width=0.13), m.paint("#f6f5f1"), skirting=paint)
    cornice(room, paint)
    room.window("n", window, paint, panes=2, watts=60)
    room.window("e", side, paint, panes=2, watts=90)
    stage.sun(70, 38, 6)
    stage.sky(70, 38, light=0.25, seen=0.22)
    outlook(stage)
    steel, nickel = m.steel(brushed=True, roughness=0.3), m.steel("#b9b6b0", 0.25)
    stone = m.marble("#f0eee9", "#aaa59c", scale=1.1)
    splash = m.tiles(
        "#f2f1ec", "#d8d5ce", width=0.15, height=0.075, plane="wall", roughness=0.08, offset=0.5, mottle=0.0, vary=0.04
    )
    # The back wall: refrigerator, base units, the sink below the window, wall units to either side.
    with room.against("n"):
        with stage.at(0.62):
            kw.fridge(stage, steel)
            box(stage, (0.94, 0.62, 0.36), (0, -0.31, 1.85), paint)
            furniture.fronts(stage, 0.94, 0.36, (0, -0.62, 1.85), paint, columns=2, handle=nickel, shaker=True)
        with stage.at(2.85):
            for x, wide, columns in ((-1.465, 0.53, 1), (-0.75, 0.9, 2), (0.1875, 0.975, 2), (1.1625, 0.975, 2)):
                with stage.at(x):
                    kw.base(stage, wide, paint, nickel, columns=columns)
        kw.worktop(stage, 3.4, stone, x=2.8, hole=2.1)
        kw.sink(stage, 2.1, m.plain("#f4f3ef", 0.12, coat=0.5), nickel, apron=True)
        box(stage, (0.3, 0.012, 0.52), (1.25, -0.006, 0.9), splash, bevel=0)
        box(stage, (1.7, 0.012, 0.52), (3.6, -0.006, 0.9), splash, bevel=0)
        box(stage, (1.4, 0.012, 0.1), (2.1, -0.006, 0.9), splash, bevel=0)
        with stage.at(3.75):
            kw.wall_units(stage, 1.5, paint, nickel, columns=4, height=0.95)
        kw.boards(stage, 3.05, m.wood("#b98551", "#87592b", "z"))
        kw.utensils(stage, (3.5, -0.2, 0.9), m.plain("#e8e4da", 0.3))
        decor.bottle(
            stage, (2.62, -0.12, 0.9), 0.27, m.plain("#5d6b2f", 0.1, coat=0.5), radius=0.032, cap=m.plain("#222222")
        )
        decor.bottle(stage, (2.72, -0.14, 0.9), 0.2, m.plain("#e9dfc8", 0.2), radius=0.03, cap=m.plain("#b8a06b"))
        decor.pot(stage, 0.06, 0.11, (1.72, -0.02, 1.055), m.plain("#d8d2c4", 0.6))
        decor.plant(stage, (1.72, -0.02, 1.15), 0.22, 0.14, leaves=60, size=0.06)
    # The left wall: cooker and hood between units.
    with room.against("w"):
        with stage.at(3.1):
            kw.cooker(stage, steel)
            kw.hood(stage, steel, 2.65)
            box(stage, (0.76, 0.012, 0.75), (0, -0.006, 0.88), splash, bevel=0)
            kw.pan(stage, (-0.19, -0.44, 0.945), m.plain("#a33b2c", 0.2, coat=0.5), radius=0.12, height=0.12)
            kw.kettle(stage, (0.19, -0.2, 0.945), steel)
        for x, wide in ((2.27, 0.9), (1.37, 0.9)):
            with stage.at(x):
                kw.base(stage, wide, paint, nickel, columns=2)
        kw.worktop(stage, 1.8, stone, x=1.82)
        kw.worktop(stage, 0.5, stone, x=3.73)
        with stage.at(3.73):
            kw.base(stage, 0.5, paint, nickel, columns=1)
        box(stage, (1.8, 0.012, 0.52), (1.82, -0.006, 0.9), splash, bevel=0)
        box(stage, (0.5, 0.012, 0.52), (3.73, -0.006, 0.9), splash, bevel=0)
        with stage.at(1.82):
            kw.wall_units(stage, 1.8, paint, nickel, columns=4, height=0.95)
        for index, code in enumerate(("#c9a46c", "#e9e1cf", "#7b4a2b")):
            kw.jar(
                stage, (1.35 + 0.13 * index, -0.2, 0.9), 0.2 - 0.025 * index, m.rough(code, code, scale=90, fine=200)
            )
        box(stage, (0.3, 0.2, 0.2), (2.2, -0.25, 0.9), steel, bevel=0.03)
    # The island.
    with stage.at(2.75, 1.95):
        navy = m.plain("#33475a", 0.4)
        box(stage, (1.9, 0.75, 0.87), (0, 0.05, 0), navy)
        for x in (-0.62, 0.0, 0.62):
            box(stage, (0.56, 0.012, 0.72), (x, -0.33, 0.08), navy, bevel=0.004)
            box(stage, (0.44, 0.018, 0.6), (x, -0.33, 0.14), navy, bevel=0.008)
        box(stage, (2.1, 1.05, 0.035), (0, -0.08, 0.87), stone, bevel=0.004)
        oak = m.wood("#b98d5e", "#82592f")
        for x in (-0.6, 0.05, 0.68):
            with stage.at(x, -0.52, 0, turn=stage.rng.uniform(-12, 12)):
                furniture.stool(stage, m.plain("#1f1f20", 0.4), oak)
        decor.bowl(
            stage,
            0.17,
            (0.3, 0.02, 0.905),
            m.plain("#dcd6c8", 0.4),
            fruit=["#d8a12c", "#c63c2b", "#8fae3a", "#d8a12c", "#d98324", "#c63c2b"],
        )
        decor.vase(stage, (-0.55, 0.12, 0.905), 0.22, m.glass(), radius=0.06)
        decor.flowers(stage, (-0.55, 0.12, 0.95), 0.4, "#f0e6ee", 14)
        decor.stack(stage, (-0.1, 0.2, 0.905), 2, (0.26, 0.2))
    for x in (2.3, 3.2):
        decor.pendant(stage, (x, 1.95, 1.72), 2.65, m.plain("#26282a", 0.35), radius=0.15, watts=5)
    for x in (1.2, 2.7, 4.1):
        downlight(stage, x, 3.3, 2.65)
    fabric.rug(
        stage, 1.5, 0.6, (2.1, 3.55, 0.001), m.carpet("#8f3d32", "#27364a", "#d9c7a0", pattern="persian", size=0.18)
    )
    stage.area((2.9, 1.0, 2.55), (2.2, 3.2, 0), (3, 1.6), 34, (1, 0.95, 0.88))
    stage.camera((4.6, 0.35, 1.4), (1.75, 3.9), 19, shift=0.085)


def green(stage: Stage) -> None:
    window, balcony = Opening(1.0, 1.1, 0.95, 1.3), Opening(0.5, 0.9, 0.1, 2.1)
    room = Room(stage, 3.1, 4.3, 2.7, {"n": [window], "e": [balcony]})
    trim = m.plain("#f0eee8", 0.4)
    floor = m.tiles("#c9c2b4", "#a29b8e", width=0.45, height=0.45, roughness=0.25, mottle=0.25, second="#b3a995")
    room.build(m.paint("#ece6d9"), floor, m.paint("#f5f3ee"), skirting=trim)
    room.window("n", window, trim, panes=2, watts=65)
    room.window("e", balcony, trim, panes=1, watts=55)
    stage.sun(25, 33, 5)
    stage.sky(25, 33, light=0.25, seen=0.2)
    outlook(stage)
    face, oak, brass = m.plain("#41584a", 0.45), m.wood("#c4965f", "#946532"), m.steel("#b8935a", 0.3)
    top = m.wood("#bd8a52", "#8a5c2d", "x", 0.35)
    splash = m.tiles("#e9e4d6", "#cdc7b9", width=0.1, height=0.1, plane="wall", roughness=0.1, vary=0.1, mottle=0.0)
    steel = m.steel(roughness=0.3, brushed=True)
    with room.against("w"):
        for x, rows, columns in ((0.9, 3, 1), (1.5, 0, 0), (2.1, 1, 1), (2.7, 1, 1), (3.4, 1, 2)):
            with stage.at(x):
                if rows == 0:
                    box(stage, (0.6, kw.DEPTH, kw.TALL), (0, -kw.DEPTH / 2, 0), m.plain("#2b2a28"))
                    kw.oven(stage, 0.16, steel)
                else:
                    kw.base(
                        stage,
                        0.6 if columns == 1 else 0.8,
                        face,
                        brass,
                        columns=columns,
                        rows=rows,
                        shaker=False,
                        carcass=face,
                    )
        kw.worktop(stage, 3.24, top, x=2.2, hole=2.75)
        kw.sink(stage, 2.75, m.steel(roughness=0.3), brass)
        kw.hob(stage, 1.5)
        box(stage, (3.24, 0.012, 0.56), (2.2, -0.006, 0.9), splash, bevel=0)
        with stage.at(1.5):
            box(stage, (0.6, 0.34, 0.62), (0, -0.17, 1.62), face)
            furniture.fronts(stage, 0.6, 0.5, (0, -0.34, 1.74), face, columns=2, handle=brass)
            box(stage, (0.58, 0.4, 0.05), (0, -0.2, 1.6), steel)
        for z in (1.5, 1.86):
            with stage.at(2.85):
                kw.shelf(stage, 1.9, z, oak)
                for x in (-0.75, 0.75):
                    box(stage, (0.02, 0.18, 0.02), (x, -0.09, z - 0.02), brass)
        for x, z in ((2.1, 1.532), (2.36, 1.532)):
            kw.plates(stage, (x, -0.12, z), m.plain("#e6e1d5", 0.25), 6, 0.1)
        for index in range(4):
            kw.mug(
                stage,
                (2.66 + 0.13 * index, -0.11, 1.532),
                m.plain(("#d9d3c4", "#7f9488", "#c98d5f", "#e9e5da")[index], 0.3),
            )
        for index, code in enumerate(("#e0c890", "#8a5a33", "#f1ece0", "#a8763f")):
            kw.jar(stage, (2.1 + 0.13 * index, -0.11, 1.892), 0.2, m.rough(code, code, scale=80, fine=200))
        decor.pot(stage, 0.07, 0.12, (3.5, -0.11, 1.892), m.plain("#c4714b", 0.7))
        decor.plant(stage, (3.5, -0.11, 2.0), 0.16, 0.3, leaves=70, size=0.08)
        kw.kettle(stage, (2.2, -0.25, 0.9), m.plain("#e9e4d8", 0.2, coat=0.5))
        kw.utensils(stage, (1.98, -0.16, 0.9), m.plain("#8fa397", 0.3))
        kw.boards(stage, 3.2, oak)
        kw.pan(stage, (1.36, -0.2, 0.906), m.plain("#26292c", 0.35), radius=0.11, height=0.11)
        fabric.hanging(stage, 0.3, 0.34, 0.3, (1.5, -0.66, 0.6), m.fabric("#efe9dc", "#a7553d", stripe=0.03))
    with room.against("n", 0.32):
        kw.fridge(stage, m.plain("#eeeae0", 0.25, coat=0.4), width=0.6, height=1.85, french=False)
    with room.against("n", window.middle):
        decor.pot(stage, 0.06, 0.1, (-0.3, -0.02, 0.955), m.plain("#c4714b", 0.7))
        decor.plant(stage, (-0.3, -0.02, 1.05), 0.2, 0.12, leaves=70, size=0.05)
        decor.pot(stage, 0.055, 0.1, (0.25, -0.02, 0.955), m.plain("#ded7c8", 0.6))
        decor.spikes(stage, (0.25, -0.02, 1.04), 0.24, 10)
    with stage.at(2.45, 2.45):
        furniture.table(stage, (0.8, 1.15, 0.75), oak, oak, apron=0.07, inset=0.07)
        for x, y, turn in ((-0.62, 0.1, 90), (0.0, -0.78, 172), (0.05, 0.78, 5)):
            with stage.at(x, y, 0, turn=turn), stage.at(0, 0.28):
                furniture.chair(stage, m.wood("#c4965f", "#946532", "z"), m.fabric("#b9ab90"))
        decor.bowl(
            stage,
            0.14,
            (-0.05, 0.12, 0.752),
            m.plain("#7f9488", 0.35),
            fruit=["#e0b13a", "#e0b13a", "#c6492f", "#e0b13a"],
        )
        kw.mug(stage, (-0.22, -0.25, 0.752), m.plain("#e6e1d5", 0.3))
        box(stage, (0.22, 0.3, 0.006), (0.08, -0.28, 0.752), m.plain("#e9e6df", 0.7), turn=(0, 0, 12))
    decor.pendant(stage, (2.4, 2.45, 1.62), 2.7, m.plain("#d8a33c", 0.4), radius=0.2, watts=5)
    with room.against("e", 2.2):
        decor.picture(stage, 0.5, 0.7, 1.62, m.painting(4.2, "#efe7d6", "#c98d5f", "#41584a", "#e2b86a"), oak)
    stage.area((1.7, 1.2, 2.62), (1.4, 2.6, 0), (1.6, 2), 24, (1, 0.95, 0.87))
    stage.camera((2.6, 0.28, 1.42), (1.15, 3.4), 18, shift=0.08)


SCENES = {
    "kitchen-1": Scene(white, Shot(19, Fraction(1, 30), 200, "2026:05:14 10:21:08")),
    "kitchen-2": Scene(green, Shot(18, Fraction(1, 20), 250, "2026:06:02 16:05:52")),
}
