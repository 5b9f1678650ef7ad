"""The scene under construction: a stack of coordinate frames, lights, the camera and Cycles' settings."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import bpy
import numpy as np
from mathutils import Euler, Matrix, Vector

Vec = Sequence[float]
SENSOR = 36.0  # mm, full frame


class Stage:
    """An empty scene. What is added lands in the innermost frame opened by `at`."""

    def __init__(self, seed: int) -> None:
        bpy.ops.wm.read_factory_settings(use_empty=True)
        self.scene = bpy.context.scene
        self.rng = random.Random(seed)
        self.noise = np.random.default_rng(seed)
        self.frame = Matrix()

    @contextmanager
    def at(self, x: float = 0, y: float = 0, z: float = 0, turn: float = 0, tilt: float = 0) -> Iterator[None]:
        """A frame moved to x, y, z, turned about the vertical and then tilted about its own x axis."""
        outer = self.frame
        spin = Euler((math.radians(tilt), 0, math.radians(turn))).to_matrix().to_4x4()
        self.frame = outer @ Matrix.Translation((x, y, z)) @ spin
        try:
            yield
        finally:
            self.frame = outer

    def add(
        self, data: bpy.types.ID, at: Vec = (0, 0, 0), turn: Vec = (0, 0, 0), scale: Vec = (1, 1, 1)
    ) -> bpy.types.Object:
        placed = bpy.data.objects.new(data.name, data)
        self.scene.collection.objects.link(placed)
        local = Matrix.LocRotScale(Vector(at), Euler([math.radians(angle) for angle in turn]), Vector(scale))
        placed.matrix_world = self.frame @ local
        return placed

    def mesh(
        self,
        vertices: np.ndarray | Sequence[Vec],
        faces: np.ndarray | Sequence[Sequence[int]],
        material: bpy.types.Material | None,
        *,
        at: Vec = (0, 0, 0),
        turn: Vec = (0, 0, 0),
        smooth: bool = False,
        name: str = "mesh",
    ) -> bpy.types.Object:
        return self.add(mesh_data(vertices, faces, material, smooth=smooth, name=name), at, turn)

    # --- light
    def area(self, at: Vec, aim: Vec, size: Vec, watts: float, color: Vec = (1, 1, 1), spread: float = 180) -> None:
        """A rectangle of light at `at` that looks at `aim`; the camera does not see it."""
        lamp = bpy.data.lights.new("area", "AREA")
        lamp.shape, lamp.size, lamp.size_y = "RECTANGLE", size[0], size[1]
        lamp.energy, lamp.color, lamp.spread = watts, tuple(color), math.radians(spread)
        placed = self.add(lamp, at)
        direction = Vector(aim) - Vector(at)
        local = direction.to_track_quat("-Z", "Y").to_matrix().to_4x4()
        placed.matrix_world = self.frame @ Matrix.Translation(Vector(at)) @ local
        placed.visible_camera = placed.visible_glossy = False

    def point(self, at: Vec, watts: float, color: Vec = (1, 0.78, 0.55), radius: float = 0.05) -> None:
        lamp = bpy.data.lights.new("point", "POINT")
        lamp.energy, lamp.color, lamp.shadow_soft_size = watts, tuple(color), radius
        self.add(lamp, at).visible_camera = False

    def sun(
        self, azimuth: float, elevation: float, strength: float, color: Vec = (1, 0.9, 0.78), angle: float = 0.6
    ) -> None:
        """Sunlight from `azimuth` (0 is +y, 90 is +x) and `elevation` above the horizon; strength in W/m²."""
        lamp = bpy.data.lights.new("sun", "SUN")
        lamp.energy, lamp.color, lamp.angle = strength, tuple(color), math.radians(angle)
        self.add(lamp, turn=(90 - elevation, 0, 180 - azimuth))

    def sky(self, azimuth: float, elevation: float, *, light: float, seen: float, dust: float = 1.0) -> None:
        """Nishita's sky without its disc: `light` is its strength as a lamp, `seen` as the camera meets it."""
        world = bpy.data.worlds.new("sky")
        world.use_nodes = True
        tree = world.node_tree
        sky = tree.nodes.new("ShaderNodeTexSky")
        sky.sky_type, sky.sun_disc = "NISHITA", False
        sky.sun_elevation, sky.sun_rotation = math.radians(elevation), math.radians(azimuth)
        sky.dust_density, sky.altitude = dust, 50
        path, mix = tree.nodes.new("ShaderNodeLightPath"), tree.nodes.new("ShaderNodeMix")
        mix.inputs[2].default_value, mix.inputs[3].default_value = light, seen
        tree.links.new(path.outputs["Is Camera Ray"], mix.inputs[0])
        background = tree.nodes["Background"]
        tree.links.new(sky.outputs[0], background.inputs["Color"])
        tree.links.new(mix.outputs[0], background.inputs["Strength"])
        self.scene.world = world

    # --- camera
    def camera(
        self, at: Vec, aim: Vec, focal: float = 20, *, shift: float = 0, roll: float = 0, portrait: bool = False
    ) -> None:
        """A level camera, as an agent holds it: `aim` gives the direction only, `shift` moves the picture down."""
        data = bpy.data.cameras.new("camera")
        data.lens, data.sensor_width, data.sensor_fit = focal, SENSOR, "HORIZONTAL"
        data.shift_y, data.clip_start, data.clip_end = -shift, 0.02, 2000
        if portrait:
            data.sensor_width = 24.0
        placed = self.add(data, at)
        azimuth = math.degrees(math.atan2(aim[1] - at[1], aim[0] - at[0])) - 90
        rise = (
            math.degrees(math.atan2(aim[2] - at[2], math.hypot(aim[0] - at[0], aim[1] - at[1]))) if len(aim) > 2 else 0
        )
        placed.rotation_euler = [math.radians(angle) for angle in (90 + rise, roll, azimuth)]
        self.scene.camera = placed
        self.portrait, self.focal = portrait, focal

    # --- pictures
    def render(self, out: Path, size: tuple[int, int], samples: int, threads: int) -> None:
        """Write the picture, developed at its own exposure, as a PNG of 16 bits a channel."""
        scene = self.scene
        scene.render.engine = "CYCLES"
        width, height = reversed(size) if self.portrait else size
        scene.render.resolution_x, scene.render.resolution_y = width, height
        scene.render.threads_mode, scene.render.threads = "FIXED", threads
        cycles = scene.cycles
        cycles.samples, cycles.use_adaptive_sampling, cycles.adaptive_threshold = samples, True, 0.03
        cycles.use_denoising, cycles.denoiser = True, "OPENIMAGEDENOISE"
        cycles.denoising_prefilter, cycles.denoising_input_passes = "FAST", "RGB_ALBEDO_NORMAL"
        cycles.max_bounces, cycles.diffuse_bounces, cycles.glossy_bounces = 4, 2, 3
        cycles.transmission_bounces, cycles.transparent_max_bounces = 4, 8
        cycles.caustics_reflective = cycles.caustics_refractive = False
        cycles.sample_clamp_indirect, cycles.blur_glossy, cycles.use_light_tree = 6, 0.5, True
        scene.render.use_persistent_data = False
        view = scene.view_settings
        view.view_transform, view.look = "AgX", "AgX - Medium High Contrast"
        settings = scene.render.image_settings
        settings.file_format, settings.color_depth = "OPEN_EXR", "32"
        linear = out.with_suffix(".exr")
        scene.render.filepath = str(linear)
        bpy.ops.render.render(write_still=True)
        self.develop(linear, out)

    def develop(self, linear: Path, out: Path, bias: float = 0.0) -> None:
        """AgX at the exposure that a camera would choose: the picture's middle tone becomes a middle grey."""
        image = bpy.data.images.load(str(linear))
        pixels = np.empty(len(image.pixels), np.float32)
        image.pixels.foreach_get(pixels)
        luminance = pixels.reshape(-1, 4)[:, :3] @ np.array([0.2126, 0.7152, 0.0722], np.float32)
        height, width = image.size[1], image.size[0]
        middle = luminance.reshape(height, width)[height // 12 : -height // 12, width // 12 : -width // 12]
        level = float(np.exp(np.log(np.clip(middle, 1e-4, np.percentile(middle, 92))).mean()))
        self.scene.view_settings.exposure = math.log2(self.key / level) + bias
        settings = self.scene.render.image_settings
        settings.file_format, settings.color_mode, settings.color_depth = "PNG", "RGB", "16"
        image.save_render(str(out), scene=self.scene)
        bpy.data.images.remove(image)

    key = 0.36  # where the geometric mean of the luminance goes; listing photos are bright


def mesh_data(
    vertices: np.ndarray | Sequence[Vec],
    faces: np.ndarray | Sequence[Sequence[int]],
    material: bpy.types.Material | None,
    *,
    smooth: bool = False,
    name: str = "mesh",
) -> bpy.types.Mesh:
    """A mesh that several objects can share. An array of faces, all with as many corners, is quick for large meshes."""
    data = bpy.data.meshes.new(name)
    if isinstance(faces, np.ndarray):
        points = np.ascontiguousarray(vertices, np.float32)
        corners = np.ascontiguousarray(faces, np.int32)
        data.vertices.add(len(points))
        data.vertices.foreach_set("co", points.ravel())
        data.loops.add(corners.size)
        data.loops.foreach_set("vertex_index", corners.ravel())
        data.polygons.add(len(corners))
        data.polygons.foreach_set("loop_start", np.arange(0, corners.size, corners.shape[1], dtype=np.int32))
        data.update(calc_edges=True)
    else:
        data.from_pydata([tuple(point) for point in vertices], [], [tuple(face) for face in faces])
    if smooth:
        data.shade_smooth()
    if material is not None:
        data.materials.append(material)
    return data
