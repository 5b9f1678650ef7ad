"""Procedural materials. Textures are measured in metres of the object that wears them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kit.shading import Material, Shader, Socket, rgb


def plain(code: str, roughness: float = 0.5, *, metallic: float = 0, coat: float = 0, wear: float = 0.04) -> Material:
    """One colour with a trace of unevenness in tone and shine."""
    shader = Shader("plain")
    noise = shader.noise(shader.coordinates(), 6)
    rough = shader.math("MULTIPLY_ADD", noise, wear * 4, roughness - wear * 2)
    color = shader.mix(wear, rgb(code), shader.ramp(noise, (0.3, (0, 0, 0, 1)), (0.7, (1, 1, 1, 1))), "OVERLAY")
    return shader.principled(
        base_color=color, roughness=rough, metallic=metallic, coat_weight=coat, coat_roughness=0.05
    )


def paint(code: str, roughness: float = 0.6) -> Material:
    """Rolled wall paint."""
    shader = Shader("paint")
    where = shader.coordinates()
    cloud = shader.ramp(shader.noise(where, 0.7, 3), (0.3, (0.94, 0.94, 0.94, 1)), (0.7, (1, 1, 1, 1)))
    return shader.principled(base_color=shader.mix(1, rgb(code), cloud, "MULTIPLY"), roughness=roughness)


def steel(code: str = "#c8c8c6", roughness: float = 0.28, *, brushed: bool = False) -> Material:
    shader = Shader("steel")
    if not brushed:
        return shader.principled(base_color=rgb(code), metallic=1.0, roughness=roughness)
    grain = shader.noise(shader.coordinates((3, 3, 240)), 2, 3)
    smear = shader.noise(shader.coordinates(), 3, 2)
    rough = shader.math(
        "ADD", shader.math("MULTIPLY_ADD", grain, 0.16, roughness - 0.08), shader.math("MULTIPLY", smear, 0.06)
    )
    return shader.principled(base_color=rgb(code), metallic=1.0, roughness=rough)


def mirror() -> Material:
    return Shader("mirror").principled(base_color=(0.92, 0.94, 0.94, 1), metallic=1.0, roughness=0.004)


def _grain(shader: Shader, axis: str, move: Any = None) -> Socket:
    stretch = {"x": (0.9, 13, 13), "y": (13, 0.9, 13), "z": (13, 13, 0.9)}[axis]
    where = shader.coordinates(stretch, move=move)
    coarse = shader.noise(where, 1.6, 6, 0.62, 1.2)
    fine = shader.noise(where, 9, 3, 0.6)
    return shader.math("MULTIPLY_ADD", fine, 0.35, shader.math("MULTIPLY", coarse, 0.75))


def wood(light: str, dark: str, axis: str = "x", roughness: float = 0.42, coat: float = 0.0) -> Material:
    """Boards whose grain runs along `axis`; each object has a grain of its own."""
    shader = Shader("wood")
    random = shader.node("ObjectInfo").outputs["Random"]
    shifted = shader.node(
        "CombineXYZ",
        {
            0: shader.math("MULTIPLY", random, 31.7),
            1: shader.math("MULTIPLY", random, 17.3),
            2: shader.math("MULTIPLY", random, 7.9),
        },
    )
    grain = _grain(shader, axis, shifted.outputs[0])
    color = shader.ramp(grain, (0.32, rgb(dark)), (0.52, rgb(light)), (0.78, rgb(light)))
    tone = shader.math("MULTIPLY_ADD", shader.math("ADD", random, shader.island()), 0.14, 0.86)
    color = shader.mix(1, color, shader.node("CombineColor", {0: tone, 1: tone, 2: tone}).outputs[0], "MULTIPLY")
    rough = shader.math("MULTIPLY_ADD", grain, -0.15, roughness + 0.08)
    return shader.principled(
        base_color=color, roughness=rough, normal=shader.bump(grain, 0.0008), coat_weight=coat, coat_roughness=0.1
    )


def planks(
    light: str,
    dark: str,
    *,
    width: float = 0.14,
    length: float = 1.5,
    roughness: float = 0.34,
    turn: bool = False,
    gap: float = 0.0016,
) -> Material:
    """A floor of staggered boards along x, or along y when `turn`ed."""
    shader = Shader("planks")
    where = shader.node("TexCoord").outputs["Object"]
    if turn:
        split = shader.node("SeparateXYZ", {0: where})
        where = shader.node("CombineXYZ", {0: split.outputs[1], 1: split.outputs[0]}).outputs[0]
    board = shader.node(
        "TexBrick",
        {
            "Vector": where,
            "Scale": 1.0,
            "Brick Width": length,
            "Row Height": width,
            "Mortar Size": gap,
            "Mortar Smooth": 0.3,
            "Color1": (0, 0, 0, 1),
            "Color2": (1, 1, 1, 1),
            "Mortar": (0.5, 0.5, 0.5, 1),
        },
        offset=0.37,
        offset_frequency=2,
        squash=1.25,
        squash_frequency=3,
    )
    shift = shader.mix(1, board.outputs["Color"], (37.0, 19.0, 5.0, 1), "MULTIPLY")
    grain = _grain(shader, "y" if turn else "x", shift)
    color = shader.ramp(grain, (0.3, rgb(dark)), (0.55, rgb(light)), (0.8, rgb(light)))
    tone = shader.ramp(board.outputs["Color"], (0, (0.72, 0.72, 0.72, 1)), (1, (1.0, 1.0, 1.0, 1)))
    color = shader.mix(1, color, tone, "MULTIPLY")
    color = shader.mix(board.outputs["Fac"], color, shader.mix(1, color, (0.25, 0.2, 0.16, 1), "MULTIPLY"))
    height = shader.math("SUBTRACT", shader.math("MULTIPLY", grain, 0.25), board.outputs["Fac"])
    rough = shader.math("MULTIPLY_ADD", grain, -0.12, roughness + 0.06)
    return shader.principled(base_color=color, roughness=rough, normal=shader.bump(height, 0.0012))


def tiles(
    code: str,
    grout: str = "#b8b4ac",
    *,
    width: float = 0.3,
    height: float = 0.3,
    plane: str = "floor",
    roughness: float = 0.2,
    vary: float = 0.06,
    offset: float = 0.0,
    gap: float = 0.003,
    mottle: float = 0.1,
    second: str | None = None,
) -> Material:
    """Glazed or stone tiles with recessed grout; `offset` 0.5 is a running bond."""
    shader = Shader("tiles")
    where = shader.plane(plane)
    tile = shader.node(
        "TexBrick",
        {
            "Vector": where,
            "Scale": 1.0,
            "Brick Width": width,
            "Row Height": height,
            "Mortar Size": gap / 2,
            "Mortar Smooth": 0.2,
            "Color1": (0, 0, 0, 1),
            "Color2": (1, 1, 1, 1),
            "Mortar": (0.5, 0.5, 0.5, 1),
        },
        offset=offset,
        offset_frequency=2,
        squash=1.0,
    )
    cloud = shader.noise(shader.coordinates(), 5, 6, 0.6, 0.4)
    color = shader.mix(
        shader.ramp(cloud, (0.35, (0, 0, 0, 1)), (0.65, (mottle * 3,) * 3 + (1,))), rgb(code), rgb(second or grout)
    )
    tone = shader.ramp(tile.outputs["Color"], (0, (1 - vary * 2,) * 3 + (1,)), (1, (1, 1, 1, 1)))
    color = shader.mix(tile.outputs["Fac"], shader.mix(1, color, tone, "MULTIPLY"), rgb(grout))
    uneven = shader.math("MULTIPLY", shader.noise(shader.coordinates(), 9, 1), 0.15)
    height_ = shader.math("SUBTRACT", uneven, tile.outputs["Fac"])
    rough = shader.math("MULTIPLY_ADD", tile.outputs["Fac"], 0.7 - roughness, roughness)
    return shader.principled(base_color=color, roughness=rough, normal=shader.bump(height_, 0.0015))


def bricks(code: str, second: str, mortar: str = "#b5aa9c", *, plane: str = "wall") -> Material:
    shader = Shader("bricks")
    where = shader.plane(plane)
    wobble = shader.mix(
        0.012, where, shader.node("TexNoise", {"Vector": where, "Scale": 14.0}).outputs["Color"], "LINEAR_LIGHT"
    )
    brick = shader.node(
        "TexBrick",
        {
            "Vector": wobble,
            "Scale": 1.0,
            "Brick Width": 0.225,
            "Row Height": 0.075,
            "Mortar Size": 0.005,
            "Mortar Smooth": 0.25,
            "Color1": rgb(code),
            "Color2": rgb(second),
            "Mortar": rgb(mortar),
            "Bias": -0.1,
        },
        offset=0.5,
    )
    fine = shader.noise(shader.coordinates(), 60, 4)
    patch = shader.noise(shader.coordinates(), 1.3, 4)
    color = shader.mix(
        0.5,
        brick.outputs["Color"],
        shader.ramp(fine, (0.3, (0.3, 0.3, 0.3, 1)), (0.7, (0.75, 0.75, 0.75, 1))),
        "OVERLAY",
    )
    color = shader.mix(0.35, color, shader.ramp(patch, (0.3, (0.3, 0.3, 0.3, 1)), (0.7, (0.7, 0.7, 0.7, 1))), "OVERLAY")
    height = shader.math("MULTIPLY_ADD", fine, 0.3, shader.math("MULTIPLY", brick.outputs["Fac"], -1.0))
    return shader.principled(base_color=color, roughness=0.85, normal=shader.bump(height, 0.006))


def _between(a: str, b: str) -> tuple[float, ...]:
    return tuple(x * 0.6 + y * 0.4 for x, y in zip(rgb(a), rgb(b), strict=True))


def marble(code: str = "#efece6", vein: str = "#9a958c", *, roughness: float = 0.18, scale: float = 1.6) -> Material:
    """Polished stone with thin veins."""
    shader = Shader("marble")
    where = shader.coordinates()
    flow = shader.noise(where, scale, 8, 0.58, 1.4)
    thin = shader.math("ABSOLUTE", shader.math("SUBTRACT", flow, 0.5))
    veins = shader.ramp(thin, (0.0, rgb(vein)), (0.02, _between(code, vein)), (0.07, rgb(code)))
    cloud = shader.ramp(shader.noise(where, scale * 0.7, 4), (0.3, (0.86, 0.86, 0.87, 1)), (0.65, (1, 1, 1, 1)))
    return shader.principled(base_color=shader.mix(1, veins, cloud, "MULTIPLY"), roughness=roughness)


def fabric(
    code: str,
    second: str | None = None,
    *,
    thread: float = 0.0016,
    sheen: float = 0.25,
    stripe: float = 0,
    hang: float = 0,
) -> Material:
    """Woven cloth; `second` is the colour of the other thread, or of stripes `stripe` metres wide.

    Stripes run along y, and with `hang` on down the sides of a block so many metres wide over which the cloth lies.
    """
    shader = Shader("fabric")
    where = shader.coordinates()
    other = rgb(second or code)
    warp = shader.node(
        "TexWave", {"Vector": where, "Scale": 0.314 / thread, "Distortion": 1.5}, bands_direction="DIAGONAL"
    ).outputs[1]
    mottle = shader.noise(where, 90, 3)
    if stripe:
        along = where
        if hang:
            split = shader.node("SeparateXYZ", {0: where})
            stretch = shader.math("MULTIPLY_ADD", split.outputs[2], -2 / hang, 1.0)
            along = shader.node("CombineXYZ", {0: shader.math("MULTIPLY", split.outputs[0], stretch)}).outputs[0]
        band = shader.node("TexWave", {"Vector": along, "Scale": 0.157 / stripe}, bands_direction="X").outputs[1]
        base = shader.ramp(band, (0.48, rgb(code)), (0.52, other), interpolation="LINEAR")
    else:
        base = shader.mix(mottle, rgb(code), other)
    cloud = shader.ramp(shader.noise(where, 4, 4), (0.3, (0.86, 0.86, 0.86, 1)), (0.7, (1, 1, 1, 1)))
    height = shader.math("MULTIPLY_ADD", mottle, 0.8, warp)
    return shader.principled(
        base_color=shader.mix(1, base, cloud, "MULTIPLY"),
        roughness=0.9,
        sheen_weight=sheen,
        sheen_roughness=0.5,
        normal=shader.bump(height, 0.0006, 0.6),
    )


def carpet(*codes: str, pattern: str = "plain", size: float = 0.25) -> Material:
    """A pile: `plain`, `stripes`, `diamonds` or `persian` (medallions and a mottled field)."""
    shader = Shader("carpet")
    where = shader.coordinates()
    colors = [rgb(code) for code in codes]
    pile = shader.noise(where, 260, 2)
    blur = shader.mix(
        0.006, where, shader.node("TexNoise", {"Vector": where, "Scale": 120.0}).outputs["Color"], "LINEAR_LIGHT"
    )
    if pattern == "stripes":
        wave = shader.node("TexWave", {"Vector": blur, "Scale": 0.157 / size}, bands_direction="X").outputs[1]
        color = shader.ramp(wave, (0.45, colors[0]), (0.5, colors[1]))
    elif pattern == "diamonds":
        split = shader.node("SeparateXYZ", {0: blur})
        x, y = (shader.math("PINGPONG", shader.math("ABSOLUTE", split.outputs[i]), size) for i in (0, 1))
        edge = shader.math("ABSOLUTE", shader.math("SUBTRACT", shader.math("ADD", x, y), size))
        color = shader.ramp(edge, (0.012, colors[1]), (0.02, colors[0]))
    elif pattern == "persian":
        split = shader.node("SeparateXYZ", {0: blur})
        x, y = (shader.math("PINGPONG", shader.math("ABSOLUTE", split.outputs[i]), size) for i in (0, 1))
        radius = shader.math("SQRT", shader.math("ADD", shader.math("MULTIPLY", x, x), shader.math("MULTIPLY", y, y)))
        ring = shader.math("SINE", shader.math("MULTIPLY", radius, 60 / (size * 4)))
        petals = shader.math(
            "MULTIPLY",
            shader.math("SINE", shader.math("MULTIPLY", x, 9 / size)),
            shader.math("SINE", shader.math("MULTIPLY", y, 9 / size)),
        )
        field = shader.math("MULTIPLY_ADD", shader.math("ADD", ring, petals), 0.2, 0.5)
        count = len(colors)
        color = shader.ramp(
            field, *[((i + 0.25) / count, one) for i, one in enumerate(colors)], interpolation="CONSTANT"
        )
        color = shader.mix(0.35, color, shader.ramp(shader.noise(where, 7, 4), (0.3, colors[0]), (0.7, colors[-1])))
    else:
        color = shader.mix(shader.noise(where, 30, 4), colors[0], colors[-1])
    shade = shader.ramp(pile, (0.3, (0.62, 0.62, 0.62, 1)), (0.7, (1, 1, 1, 1)))
    return shader.principled(
        base_color=shader.mix(1, color, shade, "MULTIPLY"),
        roughness=0.95,
        sheen_weight=0.2,
        normal=shader.bump(pile, 0.006),
    )


def glass(*, tint: str = "#f2f7f5") -> Material:
    """A thin pane: it lets light straight through, and reflects more at a flat angle."""
    shader = Shader("pane")
    clear = shader.node("BsdfTransparent", {"Color": rgb(tint)}).outputs[0]
    shine = shader.node("BsdfGlossy", {"Color": (1, 1, 1, 1), "Roughness": 0.0}).outputs[0]
    facing = shader.node("LayerWeight", {"Blend": 0.12}).outputs["Fresnel"]
    camera = shader.node("LightPath").outputs["Is Shadow Ray"]
    factor = shader.math("MULTIPLY", facing, shader.math("SUBTRACT", 1.0, camera))
    mixed = shader.node("MixShader", {0: factor, 1: clear, 2: shine}).outputs[0]
    shader.tree.links.new(mixed, shader.output.inputs[0])
    return shader.material


def lampshade(code: str = "#f3e6cf", glow: float = 1.2) -> Material:
    shader = Shader("shade")
    return shader.principled(base_color=rgb(code), roughness=0.9, emission_color=rgb("#ffd9a8"), emission_strength=glow)


def glow(code: str, strength: float) -> Material:
    return Shader("glow").principled(base_color=rgb(code), emission_color=rgb(code), emission_strength=strength)


def leaf(light: str, dark: str, *, shine: float = 0.5, through: float = 0.3) -> Material:
    """Leaves and blades: each loose part has its own green, and light comes through."""
    shader = Shader("leaf")
    patch = shader.noise(shader.coordinates(world=True), 1.1, 3)
    tone = shader.math("MULTIPLY_ADD", shader.island(), 0.65, shader.math("MULTIPLY", patch, 0.35))
    color = shader.ramp(tone, (0.2, rgb(dark)), (0.75, rgb(light)))
    front = shader.node("BsdfPrincipled", {"Base Color": color, "Roughness": shine}).outputs[0]
    back = shader.node("BsdfTranslucent", {"Color": shader.mix(1, color, (1.5, 1.6, 0.7, 1), "MULTIPLY")}).outputs[0]
    shader.tree.links.new(shader.node("MixShader", {0: through, 1: front, 2: back}).outputs[0], shader.output.inputs[0])
    return shader.material


def rough(
    light: str,
    dark: str,
    *,
    scale: float = 4,
    depth: float = 0.01,
    fine: float = 40,
    roughness: float = 0.9,
    stretch: Sequence[float] = (1, 1, 1),
) -> Material:
    """Soil, mulch, concrete, asphalt, bark, render: two tones and a relief."""
    shader = Shader("rough")
    where = shader.coordinates(stretch, world=stretch == (1, 1, 1))
    coarse, grain = shader.noise(where, scale, 6, 0.6), shader.noise(where, fine, 4, 0.65)
    tone = shader.math("MULTIPLY_ADD", grain, 0.5, shader.math("MULTIPLY", coarse, 0.5))
    return shader.principled(
        base_color=shader.ramp(tone, (0.35, rgb(dark)), (0.65, rgb(light))),
        roughness=roughness,
        normal=shader.bump(tone, depth),
    )


def shingles(light: str, dark: str, *, width: float = 0.32, height: float = 0.14) -> Material:
    """A roof in its own plane, rows along x."""
    shader = Shader("shingles")
    where = shader.node("TexCoord").outputs["Object"]
    tile = shader.node(
        "TexBrick",
        {
            "Vector": where,
            "Scale": 1.0,
            "Brick Width": width,
            "Row Height": height,
            "Mortar Size": 0.004,
            "Mortar Smooth": 0.4,
            "Color1": rgb(light),
            "Color2": rgb(dark),
            "Mortar": (0.01, 0.01, 0.01, 1),
        },
        offset=0.5,
    )
    grit = shader.noise(shader.coordinates(), 90, 3)
    color = shader.mix(
        0.5,
        tile.outputs["Color"],
        shader.ramp(grit, (0.3, (0.25, 0.25, 0.25, 1)), (0.7, (0.75, 0.75, 0.75, 1))),
        "OVERLAY",
    )
    stain = shader.ramp(
        shader.noise(shader.coordinates((0.8, 0.25, 1)), 1.2, 4), (0.3, (0.75, 0.75, 0.75, 1)), (0.7, (1, 1, 1, 1))
    )
    split = shader.node("SeparateXYZ", {0: where})
    slope = shader.math("FRACT", shader.math("DIVIDE", split.outputs[1], height))
    lift = shader.math("SUBTRACT", shader.math("SUBTRACT", 1.0, slope), tile.outputs["Fac"])
    return shader.principled(
        base_color=shader.mix(1, color, stain, "MULTIPLY"), roughness=0.9, normal=shader.bump(lift, 0.012)
    )


def water() -> Material:
    """The surface of a pool: mostly what lies below, with the sky on it."""
    shader = Shader("water")
    ripple = shader.noise(shader.coordinates(), 2.6, 4, 0.5, 0.6)
    normal = shader.bump(ripple, 0.035)
    clear = shader.node("BsdfTransparent", {"Color": rgb("#b9ecf2")}).outputs[0]
    shine = shader.node("BsdfGlossy", {"Color": (1, 1, 1, 1), "Roughness": 0.01, "Normal": normal}).outputs[0]
    factor = shader.node("Fresnel", {"IOR": 1.33, "Normal": normal}).outputs[0]
    shader.tree.links.new(shader.node("MixShader", {0: factor, 1: clear, 2: shine}).outputs[0], shader.output.inputs[0])
    return shader.material


def painting(seed: float, *codes: str, scale: float = 2.2, distortion: float = 2.5) -> Material:
    """An abstract picture: bands of a palette pulled about."""
    shader = Shader("painting")
    where = shader.coordinates(move=(seed * 7.3, seed * 3.1, seed))
    flow = shader.noise(where, scale, 3, 0.5, distortion)
    count = len(codes)
    color = shader.ramp(flow, *[(0.32 + 0.36 * i / max(count - 1, 1), rgb(code)) for i, code in enumerate(codes)])
    grain = shader.noise(where, 160, 2)
    return shader.principled(base_color=color, roughness=0.6, normal=shader.bump(grain, 0.0006))


def book_spines() -> Material:
    """Each book of a row its own colour."""
    shader = Shader("books")
    palette = [
        "#7a2f28",
        "#e4dccb",
        "#2f4858",
        "#c79a4b",
        "#3d5a45",
        "#b9b4aa",
        "#1f2430",
        "#a8563d",
        "#d9cdb4",
        "#5a6d7c",
    ]
    stops = [(i / len(palette), rgb(code)) for i, code in enumerate(palette)]
    return shader.principled(base_color=shader.ramp(shader.island(), *stops, interpolation="CONSTANT"), roughness=0.55)
