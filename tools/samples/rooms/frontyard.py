"""Two fronts: a clapboard house with a garage and a drive, and a brick house with a porch behind a low fence."""

from __future__ import annotations

from fractions import Fraction

from kit import garden, house, patio
from kit import materials as m
from kit.shapes import box
from kit.shell import Opening
from kit.stage import Stage
from photo import Shot

from rooms import Scene


def street(stage: Stage) -> None:
    """Kerb and road in the foreground, and trees behind everything."""
    box(stage, (80, 7, 0.02), (0, -13.4, -0.12), m.rough("#6c6b69", "#504f4d", scale=3, fine=120, depth=0.006), bevel=0)
    box(stage, (80, 0.16, 0.14), (0, -9.85, -0.12), m.rough("#a9a59d", "#858179", scale=5, fine=80), bevel=0.02)
    stage.mesh(
        [(-60, 14, 0), (60, 14, 0), (60, 90, 0), (-60, 90, 0)],
        [(0, 1, 2, 3)],
        m.rough("#5d7a38", "#38541f", scale=0.9, fine=25, depth=0.02),
    )


def clapboard(stage: Stage) -> None:
    eye = (-3.2, -12.6, 1.55)
    stage.sun(205, 38, 5.0)
    stage.sky(205, 38, light=0.1, seen=0.12)
    street(stage)
    paint, trim, navy = m.plain("#c9d0d1", 0.55), m.plain("#f4f3ef", 0.45), m.plain("#2c3d4f", 0.5)
    roof = m.shingles("#565456", "#39383a")
    # The main house, 9 m wide, and the garage in front of it on the right.
    windows = [Opening(0.9, 1.7, 0.85, 1.45), Opening(6.3, 1.5, 0.85, 1.45)]
    way = Opening(4.1, 1.0, 0.16, 2.1)
    with stage.at(-6.5, 0):
        house.clad(stage, 9.2, 2.9, [*windows, way], paint)
        for hole in windows:
            house.outside_window(stage, hole, trim, panes=2, bars=1, shutters=navy)
        with stage.at(way.middle, 0, 0.16):
            house.front_door(stage, 1.0, 2.1, m.plain("#8e2f2a", 0.35, coat=0.4), trim, m.steel("#b08d4f"))
        box(stage, (1.9, 1.3, 0.16), (way.middle, -0.6, 0), m.rough("#b3aea4", "#8f8a80", scale=6, fine=90), bevel=0.01)
        house.lantern(stage, way.left - 0.4, 1.75)
        with stage.at(0, 0, 2.9):
            house.gable_roof(stage, 9.2, 8.4, 2.5, roof, trim, over=0.55)
        with stage.at(0, 8.4, 0, turn=-90):
            house.clad(stage, 8.4, 2.9, [], paint)
        house.chimney(stage, 2.2, 4.6, 4.4, 6.0, m.bricks("#8f4b39", "#743a2b"))
        box(stage, (9.2, 0.06, 0.35), (4.6, -0.02, 0), m.rough("#8d877d", "#6d675e", scale=4), bevel=0)
        house.gutter_pipe(stage, 0.1, 2.9, trim)
    with stage.at(2.7, -2.2):
        gate = Opening(0.65, 4.6, 0, 2.25)
        house.clad(stage, 5.9, 2.8, [gate], paint)
        with stage.at(gate.middle):
            house.garage_door(stage, 4.6, 2.25, trim, trim)
        for x in (0.33, 5.57):
            house.lantern(stage, x, 1.75)
        with stage.at(0, 0, 2.8):
            house.gable(stage, 5.9, 1.75, paint, vent=trim)
        with stage.at(0, 8, 2.8, turn=-90):
            house.gable_roof(stage, 8.0, 5.9, 1.75, roof, trim, over=0.4, side=0.35)
        with stage.at(0, 2.2, 0, turn=-90):
            house.clad(stage, 2.2, 2.8, [], paint)
    concrete = m.rough("#b4aea3", "#8f897f", scale=1.6, fine=110, depth=0.004)
    for y in (-9.8, -7.25, -4.7):
        box(stage, (5.0, 2.53, 0.03), (5.65, y + 1.26, 0), concrete, bevel=0.01)
    house.path_of_slabs(stage, [(-1.9, -1.2), (-1.9, -3.1), (-0.6, -4.3), (3.2, -4.3)], 1.1, concrete)

    def on_grass(x: float, y: float) -> bool:
        return (
            not (3.0 < x < 8.3)
            and not (-2.6 < x < -1.2 and y > -4.0)
            and not (y > -4.9 and y < -3.7 and -1.3 < x < 3.2)
            and y < -0.2
        )

    garden.lawn(stage, (-13, 13), (-9.8, 0.2), eye, keep=on_grass, near=6)
    garden.bed_of_flowers(stage, (-6.6, -2.7), (-1.3, -0.1), ["#e9e3ee", "#c9577b", "#8a6bb3"])
    for x, size in ((-6.1, 0.95), (-4.5, 0.75), (-3.2, 0.85)):
        garden.shrub(stage, (size, size, size * 0.85), (x, -0.6, 0), count=3000)
    garden.shrub(stage, (0.9, 0.8, 0.95), (-0.5, -0.7, 0), count=3000)
    garden.shrub(stage, (1.0, 0.8, 0.8), (0.9, -0.7, 0), count=3000, bloom="#d98aa6")
    garden.conifer(stage, 2.2, (2.2, -0.9, 0), width=0.16, count=4000)
    for x in (-2.75, -1.05):
        patio.planter(stage, (x, -0.75, 0.16), 0.36, m.plain("#3b3d40", 0.5), bloom="#d2405a")
    maple = garden.tree_meshes(stage, 6.8, leaves=13000, size=0.17, light="#a3b352", dark="#47642a")
    garden.plant_tree(stage, maple, (-8.6, -4.6, 0))
    oak = garden.tree_meshes(stage, 11, leaves=13000, size=0.34)
    garden.wood_behind(stage, oak, 27)
    for x, y, scale, turn in (
        (-14, 13, 1.0, 0),
        (-3, 15, 1.1, 80),
        (6, 17, 0.95, 200),
        (15, 11, 1.05, 140),
        (11.5, 2, 0.7, 300),
    ):
        garden.plant_tree(stage, oak, (x, y, 0), scale=scale, turn=turn)
    box(stage, (0.1, 0.1, 1.05), (2.6, -9.2, 0), trim)
    box(stage, (0.2, 0.45, 0.24), (2.6, -9.3, 1.05), navy, bevel=0.05)
    stage.camera(eye, (-0.3, 0.0), 23, shift=-0.06)


def brick(stage: Stage) -> None:
    eye = (4.9, -10.2, 1.5)
    stage.sun(150, 33, 5.0, (1, 0.86, 0.7))
    stage.sky(150, 33, light=0.1, seen=0.12)
    street(stage)
    cover, trim, roof = (
        m.bricks("#9c5a42", "#80432f"),
        m.plain("#f1eee6", 0.45),
        m.shingles("#6e4a3b", "#4c332a", width=0.26, height=0.2),
    )
    stone, green = m.rough("#cfc6b4", "#aaa08d", scale=5, fine=60, depth=0.004), m.plain("#2f4a3c", 0.4, coat=0.3)
    low = [Opening(0.9, 1.5, 0.8, 1.6), Opening(6.0, 1.5, 0.8, 1.6)]
    high = [Opening(0.9, 1.4, 3.6, 1.35), Opening(3.55, 1.3, 3.6, 1.35), Opening(6.05, 1.4, 3.6, 1.35)]
    way = Opening(3.7, 1.0, 0.32, 2.1)
    with stage.at(-4.2, 0):
        house.clad(stage, 8.4, 5.5, [*low, *high, way], cover, boards=False)
        for hole in low + high:
            house.outside_window(stage, hole, trim, panes=2, bars=1, stone=stone)
        with stage.at(8.4, 0, 0, turn=90):
            house.clad(stage, 7.6, 5.5, [Opening(3, 1.1, 3.6, 1.3)], cover, boards=False)
            with stage.at(0, 0, 5.5):
                house.gable(stage, 7.6, 2.6, cover, boards=False)
            house.outside_window(stage, Opening(3, 1.1, 3.6, 1.3), trim, stone=stone)
        with stage.at(0, 0, 5.5):
            house.gable_roof(stage, 8.4, 7.6, 2.6, roof, trim, over=0.45, side=0.2)
        house.chimney(stage, 1.2, 3.8, 7.2, 9.2, cover)
        with stage.at(way.middle, 0, 0.32):
            house.front_door(stage, 1.0, 2.1, green, trim, m.steel("#b08d4f"))
        house.lantern(stage, way.left - 0.42, 1.95)
        house.lantern(stage, way.left + 1.42, 1.95)
        # The porch.
        with stage.at(way.middle):
            box(stage, (3.0, 1.7, 0.32), (0, -0.85, 0), stone, bevel=0.01)
            with stage.at(0, -1.7, 0):
                house.steps(stage, 1.6, 1, stone, rise=0.17)
            for x in (-1.3, 1.3):
                house.column(stage, x, -1.5, 0.32, 2.75, trim)
            box(stage, (3.1, 1.7, 0.26), (0, -0.82, 2.75), trim, bevel=0.01)
            with stage.at(-1.55, -1.68, 3.0):
                house.gable(stage, 3.1, 0.75, trim)
            with stage.at(-1.55, 0, 3.0, turn=-90):
                house.gable_roof(stage, 1.7, 3.1, 0.75, roof, trim, over=0.2, side=0.15)
            patio.planter(stage, (-1.1, -1.35, 0.32), 0.34, m.plain("#3d3b39", 0.6), bloom="#f0e6ee")
            patio.planter(stage, (1.1, -1.35, 0.32), 0.34, m.plain("#3d3b39", 0.6), bloom="#f0e6ee")
    slabs = m.tiles(
        "#b0a798", "#8a8275", width=0.5, height=0.35, roughness=0.8, offset=0.5, mottle=0.4, second="#968c7c"
    )
    box(stage, (1.5, 6.2, 0.04), (0, -5.1, 0), slabs, bevel=0.01)
    for left, length in ((-9.0, 8.0), (1.0, 8.5)):
        with stage.at(left, -8.3):
            garden.pickets(stage, length)
    garden.lawn(
        stage,
        (-11, 11),
        (-9.8, 0.2),
        eye,
        keep=lambda x, y: abs(x) > 0.9 and not (abs(x) < 5 and y > -1.2),
        near=6,
        light="#8b9a52",
        dark="#4d6030",
    )
    for left, right in ((-5.2, -1.7), (1.7, 5.2)):
        garden.bed_of_flowers(stage, (left, right), (-1.5, -0.2), ["#e7c94f", "#d8587a", "#f2ece4"], density=16)
    for x in (-4.6, -2.3, 2.3, 4.6):
        garden.shrub(stage, (0.85, 0.8, 0.75), (x, -0.55, 0), count=2600, light="#5f8444", dark="#22401e")
    for x in (-1.35, 1.35):
        for y in (-7.4, -5.6, -3.8):
            garden.shrub(stage, (0.6, 0.6, 0.55), (x, y, 0), count=2200, leaf=0.032, light="#6b8f48", dark="#28481f")
    birch = garden.tree_meshes(stage, 6.2, leaves=12000, size=0.11, light="#a8b95c", dark="#587a35")
    garden.plant_tree(stage, birch, (-7.3, -3.5, 0))
    oak = garden.tree_meshes(stage, 12, leaves=13000, size=0.36)
    garden.wood_behind(stage, oak, 27)
    for x, y, scale, turn in ((-13, 9, 1.0, 0), (-6, 17, 0.9, 70), (9, 14, 1.0, 150), (14, 6, 0.85, 250)):
        garden.plant_tree(stage, oak, (x, y, 0), scale=scale, turn=turn)
    stage.camera(eye, (-0.6, 0.0), 22, shift=-0.1)


SCENES = {
    "frontyard-1": Scene(clapboard, Shot(23, Fraction(1, 320), 100, "2026:05:14 11:20:40")),
    "frontyard-2": Scene(brick, Shot(22, Fraction(1, 250), 100, "2026:06:02 15:40:12")),
}
