"""Two bedrooms: a large pale one with an upholstered bed, and a smaller one with a wooden bed and a desk."""

from __future__ import annotations

from fractions import Fraction

from kit import decor, fabric, furniture
from kit import materials as m
from kit.garden import outlook
from kit.shapes import box, cylinder
from kit.shell import Opening, Room, cornice, door
from kit.stage import Stage
from photo import Shot

from rooms import Scene


def pale(stage: Stage) -> None:
    window, way = Opening(0.9, 1.9, 0.75, 1.45), Opening(0.25, 0.82, 0, 2.03)
    room = Room(stage, 4.6, 4.1, 2.6, {"w": [window], "s": [way]})
    white = m.plain("#f3f1ec", 0.4)
    room.build(m.paint("#d9d7cf"), m.planks("#c49a6c", "#94693f", width=0.12), m.paint("#f4f3ef"), skirting=white)
    cornice(room, white)
    room.window("w", window, white, panes=2, watts=95)
    stage.sun(-62, 34, 7)
    stage.sky(-62, 34, light=0.25, seen=0.22)
    outlook(stage)
    with room.against("w", window.middle):
        linen = m.fabric("#cfc8ba", "#c3bbab")
        for x in (-1.2, 1.2):
            fabric.curtain(stage, 0.5, 2.3, linen, at=(x, -0.1, 0.02))
        fabric.rod(stage, 3.1, 2.34, m.steel("#3a3734", 0.4))
    oak, brass = m.wood("#b98d5e", "#82592f"), m.steel("#b08d4f", 0.3)
    sheets = m.fabric("#f2f0ea", "#ebe8e0")
    with room.against("n", 2.35):
        furniture.bed(
            stage, 1.65, m.fabric("#f1eee7", "#e4dfd4"), sheets, m.fabric("#8c8f90", "#7d8183"),
            cushions=(m.fabric("#5f7680", "#52666f"), m.fabric("#c9a98b", "#b99778"), m.fabric("#5f7680", "#52666f")),
            throw=m.fabric("#7d8d8c", "#6a7a7b", thread=0.004),
        )  # fmt: skip
        for side in (-1, 1):
            with stage.at(side * 1.2):
                furniture.chest(stage, (0.5, 0.42, 0.52), oak, oak, brass, rows=2)
                decor.table_lamp(
                    stage, (0.08 * side, -0.2, 0.52), m.plain("#e9e5dc", 0.2, coat=0.5), height=0.52, watts=5
                )
                if side > 0:
                    top = decor.stack(stage, (-0.12, -0.24, 0.52), 2, (0.2, 0.14))
                    box(
                        stage,
                        (0.08, 0.14, 0.008),
                        (-0.12, -0.24, 0.521 + top),
                        m.plain("#151515", 0.1),
                        turn=(0, 0, 20),
                    )
                else:
                    decor.vase(stage, (0.13, -0.24, 0.52), 0.16, m.plain("#a9b6b1", 0.35), radius=0.04)
                    decor.flowers(stage, (0.13, -0.24, 0.64), 0.2, "#f2d9d5", 9)
        for x, seed in ((-0.42, 1.0), (0.42, 5.0)):
            art = m.painting(seed, "#e8e2d6", "#b7c2c0", "#6f858b", "#d8b79a", "#f1ece2")
            decor.picture(stage, 0.6, 0.75, 1.68, art, oak, x=x)
    fabric.rug(stage, 2.9, 2.0, (2.35, 1.75, 0.001), m.carpet("#d8d0c2", "#8f8a80", pattern="diamonds", size=0.24))
    with room.against("e", 2.4):
        furniture.chest(
            stage, (1.2, 0.46, 0.82), m.plain("#eeebe4", 0.35), oak, brass, columns=2, rows=3, bar="knob", top=oak
        )
        decor.plant(stage, (0.36, -0.24, 0.98), 0.4, 0.26, leaves=50, size=0.13)
        decor.pot(stage, 0.09, 0.17, (0.36, -0.24, 0.82), m.plain("#c9785a", 0.7))
        decor.stack(stage, (-0.3, -0.24, 0.82), 3)
        decor.picture(stage, 0.8, 0.9, 1.6, m.mirror(), oak, mat=0.0)
    with room.against("n", 4.2), stage.at(0, -0.3):
        decor.basket(stage, 0.2, 0.42, (0, 0, 0), m.plain("#b08a58", 0.7))
        decor.plant(stage, (0, 0, 0.3), 1.2, 0.45, leaves=56, size=0.26, slim=0.36)
    stage.area((2.6, 1.4, 2.5), (2.3, 2.5, 0), (2.5, 2), 26, (1, 0.95, 0.88))
    stage.camera((3.9, 0.25, 1.32), (1.6, 3.3), 19, shift=0.075)


def study(stage: Stage) -> None:
    window, way = Opening(1.0, 1.25, 0.95, 1.2), Opening(0.3, 0.82, 0, 2.03)
    room = Room(stage, 3.5, 3.8, 2.5, {"n": [window], "e": [way]})
    white, pine = m.plain("#f1eee8", 0.4), m.wood("#d3a873", "#ad7d48")
    wall = m.paint("#a9b8ad")
    cover = m.paint("#ece8de")
    room.build(
        {"n": cover, "e": cover, "s": cover, "w": wall},
        m.carpet("#b9ae9f", "#a2978a"),
        m.paint("#f5f3ee"),
        skirting=white,
    )
    room.window("n", window, white, panes=2, bars=1, watts=70)
    stage.sun(28, 30, 6)
    stage.sky(28, 30, light=0.25, seen=0.2)
    outlook(stage)
    with room.against("n", window.middle):
        for x in (-0.86, 0.86):
            fabric.curtain(
                stage, 0.42, 1.5, m.fabric("#d9c9a4", "#6d8a86", stripe=0.035), at=(x, -0.09, 0.75), folds=0.09
            )
        fabric.rod(stage, 2.2, 2.28, pine)
    with room.against("e", way.middle):
        door(stage, way.width, way.height, white, m.steel(), casing=white)
    navy, striped = m.fabric("#35506b", "#2b435b"), m.fabric("#e9e4d8", "#5f7f93", stripe=0.03, hang=1.4)
    with room.against("w", 2.05):
        furniture.bed(
            stage, 1.4, striped, m.fabric("#f5f3ee", "#efece4"), pine, head="wood",
            cushions=(navy, m.fabric("#d7a04c", "#c98f3a")), throw=navy,
        )  # fmt: skip
        for seed, x in ((2.0, -0.45), (3.4, 0.0), (6.1, 0.45)):
            art = m.painting(seed, "#f0e9db", "#d7a04c", "#35506b", "#a9b8ad", scale=3)
            decor.picture(stage, 0.36, 0.46, 1.62, art, m.plain("#22211f", 0.4), x=x, mat=0.04)
        with stage.at(1.08):
            furniture.chest(stage, (0.44, 0.38, 0.5), pine, pine, m.plain("#22211f", 0.4), rows=1, bar="knob")
            decor.table_lamp(stage, (0, -0.18, 0.5), m.plain("#35506b", 0.25, coat=0.6), height=0.44, watts=5)
            decor.stack(stage, (0.08, -0.29, 0.5), 2, (0.17, 0.12))
    with room.against("n", 3.0):
        furniture.wardrobe(stage, 0.98, 2.1, white, m.steel("#8a8d8f"), doors=2, depth=0.56, shaker=True)
        box(stage, (0.5, 0.36, 0.24), (-0.15, -0.3, 2.1), m.rough("#a98456", "#876335", scale=9, fine=70))
    with room.against("n", 0.5):
        decor.pot(stage, 0.15, 0.28, (0, -0.26, 0), m.plain("#e4dfd4", 0.5))
        decor.spikes(stage, (0, -0.26, 0.24), 0.75, 16)
    fabric.rug(
        stage,
        1.5,
        2.1,
        (2.15, 1.75, 0.002),
        m.carpet("#e7e0d2", "#53707f", pattern="stripes", size=0.14),
        turn=3,
        fringe=m.plain("#e7e0d2"),
    )
    decor.pendant(stage, (1.8, 1.9, 2.05), 2.5, m.plain("#ded6c6", 0.8), radius=0.2, dome=False, watts=3)
    with stage.at(2.55, 1.4, 0, turn=70):
        soft = m.fabric("#c9c2b2")
        cylinder(stage, 0.24, 0.36, (0, 0, 0), soft)
        box(stage, (0.26, 0.19, 0.03), (0.03, 0.02, 0.362), m.plain("#a8563d", 0.5), turn=(0, 0, 18))
    stage.area((2.0, 1.4, 2.42), (1.6, 2.2, 0), (2, 2), 20, (1, 0.95, 0.88))
    stage.camera((3.28, 0.22, 1.28), (0.95, 2.95), 19, shift=0.085)


SCENES = {
    "bedroom-1": Scene(pale, Shot(19, Fraction(1, 25), 200, "2026:05:14 10:42:11")),
    "bedroom-2": Scene(study, Shot(19, Fraction(1, 30), 200, "2026:05:14 10:49:37")),
}
