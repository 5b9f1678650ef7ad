"""Node graphs for materials, written as nested calls."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import bpy

Material = bpy.types.Material
Socket = bpy.types.NodeSocket
Color = Sequence[float]


def rgb(code: str) -> tuple[float, float, float, float]:
    """An sRGB code such as `#c8b090` as the linear colour that Cycles takes."""
    channels = (int(code[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue, 1.0


class Shader:
    """A material's node graph, written as nested calls."""

    def __init__(self, name: str) -> None:
        self.material = bpy.data.materials.new(name)
        self.material.use_nodes = True
        self.tree = self.material.node_tree
        self.tree.nodes.clear()
        self.output = self.tree.nodes.new("ShaderNodeOutputMaterial")

    def node(self, kind: str, inputs: dict[str | int, Any] | None = None, **settings: Any) -> bpy.types.Node:
        made = self.tree.nodes.new("ShaderNode" + kind)
        for key, value in settings.items():
            setattr(made, key, value)
        for key, value in (inputs or {}).items():
            socket = made.inputs[key]
            if isinstance(value, bpy.types.NodeSocket):
                self.tree.links.new(value, socket)
            else:
                socket.default_value = value
        return made

    def math(self, operation: str, a: Any, b: Any = 0.0, c: Any = 0.0) -> Socket:
        return self.node("Math", {0: a, 1: b, 2: c}, operation=operation).outputs[0]

    def coordinates(self, scale: Sequence[float] = (1, 1, 1), *, world: bool = False, move: Any = None) -> Socket:
        where = self.node("NewGeometry").outputs["Position"] if world else self.node("TexCoord").outputs["Object"]
        inputs: dict[str | int, Any] = {"Vector": where, "Scale": tuple(scale)}
        if move is not None:
            inputs["Location"] = move
        return self.node("Mapping", inputs).outputs[0]

    def noise(
        self, vector: Socket, scale: float, detail: float = 4, roughness: float = 0.55, distortion: float = 0
    ) -> Socket:
        inputs = {"Vector": vector, "Scale": scale, "Detail": detail, "Roughness": roughness, "Distortion": distortion}
        return self.node("TexNoise", inputs).outputs[0]

    def ramp(self, factor: Socket, *stops: tuple[float, Color], interpolation: str = "LINEAR") -> Socket:
        made = self.node("ValToRGB", {"Fac": factor})
        ramp = made.color_ramp
        ramp.interpolation = interpolation
        while len(ramp.elements) < len(stops):
            ramp.elements.new(0.5)
        for element, (position, color) in zip(ramp.elements, stops, strict=True):
            element.position, element.color = position, color
        return made.outputs[0]

    def mix(self, factor: Any, a: Any, b: Any, blend: str = "MIX") -> Socket:
        return self.node("Mix", {0: factor, 6: a, 7: b}, data_type="RGBA", blend_type=blend).outputs[2]

    def bump(self, height: Socket, distance: float, strength: float = 1.0, normal: Socket | None = None) -> Socket:
        inputs: dict[str | int, Any] = {"Height": height, "Distance": distance, "Strength": strength}
        if normal is not None:
            inputs["Normal"] = normal
        return self.node("Bump", inputs).outputs[0]

    def island(self) -> Socket:
        """A random number for each loose part of a mesh."""
        return self.node("NewGeometry").outputs["Random Per Island"]

    def plane(self, plane: str) -> Socket:
        """Coordinates in the surface: `floor` is (x, y); `wall` is (x + y, z), for upright faces along an axis."""
        if plane == "floor":
            return self.node("TexCoord").outputs["Object"]
        split = self.node("SeparateXYZ", {0: self.node("TexCoord").outputs["Object"]})
        along = self.math("ADD", split.outputs[0], split.outputs[1])
        return self.node("CombineXYZ", {0: along, 1: split.outputs[2]}).outputs[0]

    def principled(self, **inputs: Any) -> Material:
        named: dict[str | int, Any] = {
            key.replace("_", " ").title().replace("Ior", "IOR"): value for key, value in inputs.items()
        }
        self.tree.links.new(self.node("BsdfPrincipled", named).outputs[0], self.output.inputs[0])
        return self.material
