"""Two back gardens: a deck with a dining table behind the house, and a pool within a fence."""

from __future__ import annotations

from fractions import Fraction

from kit import decor, garden, house, patio
from kit import materials as m
from kit.shapes import box, soft_box
from kit.shell import Opening
from kit.stage import Stage
from photo import Shot

from rooms import Scene


def terrace(stage: Stage) -> None:
    eye = (-5.5, -4.6, 1.5)
    stage.sun(215, 40, 5.0)
    stage.sky(215, 40, light=0.1, seen=0.12)
    cover, trim = m.plain("#d9d3c4", 0.6), m.plain("#f3f1ec", 0.45)
    cedar = m.wood("#a97d52", "#744d2c", "z", 0.75)
    # The back of the house on the right, with glass doors to the deck.
    doors, window = Opening(1.2, 3.0, 0.3, 2.1), Opening(5.4, 1.3, 1.1, 1.2)
    with stage.at(3.2, 6.0, 0, turn=-90):
        house.clad(stage, 9.0, 2.95, [doors, window], cover)
        house.outside_window(stage, doors, m.plain("#2b2d2f", 0.4), panes=3, bars=0)
        house.outside_window(stage, window, trim)
        with stage.at(0, 0, 2.95):
            house.gable_roof(stage, 9.0, 8.0, 2.4, m.shingles("#5b5350", "#403a38"), trim, over=0.55)
        house.lantern(stage, 4.6, 1.9)
    garden.deck(stage, (-1.2, 3.2), (0.6, 6.0), 0.26, m.wood("#a2764b", "#6f4a2a", "x", 0.7))
    with stage.at(0.9, 3.3, 0.26, turn=90):
        patio.dining_set(stage, m.wood("#b58a5c", "#855d36", "x", 0.6), m.fabric("#e6dfce"))
        decor.bowl(stage, 0.16, (0.2, 0, 0.74), m.plain("#e6e1d5", 0.3), fruit=["#d8a12c", "#c63c2b", "#8fae3a"])
        decor.vase(stage, (-0.3, 0.05, 0.74), 0.2, m.plain("#5a7a80", 0.2, coat=0.5), radius=0.05)
        decor.flowers(stage, (-0.3, 0.05, 0.86), 0.3, "#f2e4ea", 12)
    patio.parasol(stage, (0.9, 4.7, 0.26), m.fabric("#e9e0cc"), m.wood("#8f6a43", "#5f4226", "z"))
    with stage.at(2.2, 1.25, 0.26, turn=-90):
        patio.barbecue(stage)
    patio.planter(stage, (-0.85, 0.95, 0.26), 0.42, m.plain("#b3653f", 0.7), bloom="#d2405a")
    patio.planter(stage, (-0.9, 5.6, 0.26), 0.46, m.plain("#3d3f41", 0.6), bloom="#e8d7ee")
    # The fence around, with a bed before it.
    with stage.at(-10, 9.5):
        garden.fence(stage, 16, board=cedar)
    with stage.at(-9.5, -5, 0, turn=90):
        garden.fence(stage, 14.5, board=cedar)
    garden.bed_of_flowers(stage, (-9.2, 3.0), (8.0, 9.3), ["#e7c94f", "#c9577b", "#8a6bb3", "#f2ece4"], density=7)
    for x, size in ((-8.6, 1.3), (-6.6, 1.0), (-4.9, 1.25), (-3.0, 0.95), (-1.2, 1.2), (0.8, 1.0)):
        garden.shrub(stage, (size, size * 0.9, size * 0.9), (x, 8.9, 0), count=3200, leaf=0.06)
    for x in (-7.6, -3.9, -0.1):
        decor.spikes(stage, (x, 8.4, 0), 0.9, 34, lean=0.55)
    garden.lawn(stage, (-9.4, 3.2), (-5, 8.2), eye, keep=lambda x, y: not (x > -1.2 and y > 0.6), near=6)
    for index in range(5):
        box(
            stage,
            (0.75, 0.5, 0.03),
            (-1.9 - 0.62 * index, 1.3 - 0.5 * index, 0),
            m.rough("#a39d92", "#7f7a70", scale=5),
            bevel=0.015,
            turn=(0, 0, 30),
        )
    apple = garden.tree_meshes(stage, 5.2, leaves=12000, size=0.14, light="#9aa856", dark="#3a5c24")
    garden.plant_tree(stage, apple, (-6.2, 4.6, 0))
    oak = garden.tree_meshes(stage, 10, leaves=13000, size=0.33)
    garden.wood_behind(stage, oak, 26)
    for x, y, scale, turn in (
        (-13, 15, 1.0, 10),
        (-7, 17, 0.9, 80),
        (-1, 16, 1.05, 160),
        (6, 18, 1.0, 250),
        (-14, 5, 0.9, 300),
    ):
        garden.plant_tree(stage, oak, (x, y, 0), scale=scale, turn=turn)
    stage.mesh(
        [(-60, 9.6, 0), (60, 9.6, 0), (60, 80, 0), (-60, 80, 0)],
        [(0, 1, 2, 3)],
        m.rough("#5d7a38", "#38541f", scale=0.9),
    )
    soft_box(stage, (0.22, 0.22, 0.22), (-3.9, 0.2, 0), m.plain("#c9452f", 0.4), radius=0.108, crumple=0)
    stage.camera(eye, (-0.2, 4.4), 22, shift=0.0)


def pool(stage: Stage) -> None:
    eye = (4.2, -4.7, 1.5)
    stage.sun(140, 44, 5.0)
    stage.sky(140, 44, light=0.1, seen=0.12)
    stone = m.tiles("#cfc5b3", "#a59b89", width=0.6, height=0.6, roughness=0.7, gap=0.008, mottle=0.5, second="#b3a68f")
    x0, x1, y0, y1 = -3.6, 2.6, -1.2, 2.4
    # Paving around the pool, in four strips.
    for left, right, low, high in ((-5.0, 5.0, -4.0, y0), (-5.0, 5.0, y1, 5.0), (-5.0, x0, y0, y1), (x1, 5.0, y0, y1)):
        box(stage, (right - left, high - low, 0.06), ((left + right) / 2, (low + high) / 2, -0.02), stone, bevel=0.004)
    for left, right, low, high in (
        (x0 - 0.15, x1 + 0.15, y0 - 0.3, y0),
        (x0 - 0.15, x1 + 0.15, y1, y1 + 0.3),
        (x0 - 0.3, x0, y0, y1),
        (x1, x1 + 0.3, y0, y1),
    ):
        box(
            stage,
            (right - left, high - low, 0.05),
            ((left + right) / 2, (low + high) / 2, 0.035),
            m.rough("#ded6c6", "#bfb5a3", scale=5, fine=70),
            bevel=0.012,
        )
    blue = m.tiles("#4fa9c2", "#d6e6e6", width=0.15, height=0.15, plane="wall", roughness=0.2, vary=0.1, mottle=0.0)
    floor = m.tiles("#62b6cb", "#d6e6e6", width=0.15, height=0.15, roughness=0.2, vary=0.08, mottle=0.0)
    stage.mesh([(x0, y0, -1.4), (x1, y0, -1.4), (x1, y1, -1.4), (x0, y1, -1.4)], [(0, 1, 2, 3)], floor)
    corners = [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]
    for (ax, ay), (bx, by) in zip(corners, corners[1:] + corners[:1], strict=True):
        stage.mesh([(ax, ay, -1.4), (bx, by, -1.4), (bx, by, 0.04), (ax, ay, 0.04)], [(3, 2, 1, 0)], blue)
    stage.mesh([(x0, y0, -0.1), (x1, y0, -0.1), (x1, y1, -0.1), (x0, y1, -0.1)], [(0, 1, 2, 3)], m.water())
    teak, cream = m.wood("#a97f53", "#75522f", "y", 0.65), m.fabric("#efe9db")
    for x, turn in ((-2.3, 4), (-0.9, -3), (1.2, 2)):
        with stage.at(x, 4.2, 0.04, turn=turn), stage.at(0, 0, 0):
            patio.lounger(stage, teak, cream)
    patio.parasol(stage, (0.2, 3.9, 0.04), m.fabric("#d8cbb0"), teak, radius=1.35)
    with stage.at(0.25, 3.3, 0.04):
        decor.stack(stage, (0, 0, 0.42), 1)
        box(stage, (0.45, 0.45, 0.4), (0, 0, 0), teak, bevel=0.008)
    cedar = m.wood("#b08a60", "#7b5836", "z", 0.75)
    with stage.at(-10, 9.2):
        garden.fence(stage, 20, board=cedar)
    with stage.at(-8.0, -6, 0, turn=90):
        garden.fence(stage, 15.2, board=cedar)
    for x, size in (
        (-7.0, 1.2),
        (-5.7, 1.4),
        (-3.9, 1.1),
        (-2.2, 1.3),
        (-0.4, 1.15),
        (1.5, 1.4),
        (3.4, 1.1),
        (5.1, 1.3),
        (7.0, 1.2),
    ):
        garden.shrub(
            stage,
            (size, size * 0.9, size),
            (x, 8.4, 0),
            count=3200,
            leaf=0.065,
            bloom="#f2d8e2" if size > 1.25 else None,
        )
    for y in (-3.5, -1.2, 1.1, 3.4, 5.7):
        decor.spikes(stage, (-7.3, y, 0), 1.1, 40, lean=0.5)
    garden.lawn(stage, (-8, 9), (-6, 9), eye, keep=lambda x, y: not (-5 < x < 5 and -4 < y < 5), near=6)
    # A shed in the far corner.
    green, trim = m.plain("#6f7f74", 0.6), m.plain("#f1eee6", 0.5)
    way = Opening(0.8, 0.9, 0.05, 1.9)
    with stage.at(-7.6, 6.1):
        house.clad(stage, 2.6, 2.1, [way], green)
        with stage.at(way.middle, 0, 0.05):
            box(stage, (0.9, 0.04, 1.9), (0, 0.03, 0), trim)
        with stage.at(2.6, 0, 0, turn=90):
            house.clad(stage, 2.4, 2.1, [], green)
        with stage.at(0, 2.4, 2.1, turn=-90):
            house.gable_roof(stage, 2.4, 2.6, 0.8, m.shingles("#5b5350", "#403a38"), trim, over=0.2, side=0.2)
        with stage.at(0, 0, 2.1):
            house.gable(stage, 2.6, 0.8, green)
    for x, y, bloom in ((-4.9, -3.1, "#d2405a"), (4.5, 4.0, "#f0e6ee"), (4.5, -0.2, "#e7c94f")):
        patio.planter(stage, (x, y, 0.04), 0.48, m.plain("#b3653f", 0.7), bloom=bloom)
    oak = garden.tree_meshes(stage, 9.5, leaves=13000, size=0.32)
    garden.wood_behind(stage, oak, 26)
    for x, y, scale, turn in (
        (-12, 13, 1.0, 10),
        (-6, 14, 0.85, 80),
        (1, 15, 1.0, 160),
        (8, 13.5, 0.9, 250),
        (-13, 3, 0.95, 300),
    ):
        garden.plant_tree(stage, oak, (x, y, 0), scale=scale, turn=turn)
    birch = garden.tree_meshes(stage, 5.4, leaves=11000, size=0.1, light="#a8b95c", dark="#587a35")
    garden.plant_tree(stage, birch, (6.6, 6.4, 0))
    stage.mesh(
        [(-60, 9.4, 0), (60, 9.4, 0), (60, 80, 0), (-60, 80, 0)],
        [(0, 1, 2, 3)],
        m.rough("#5d7a38", "#38541f", scale=0.9),
    )
    stage.camera(eye, (-2.0, 3.2), 20, shift=0.03)


SCENES = {
    "backyard-1": Scene(terrace, Shot(21, Fraction(1, 250), 100, "2026:05:14 11:31:18")),
    "backyard-2": Scene(pool, Shot(20, Fraction(1, 320), 100, "2026:07:21 13:02:44")),
}
