"""The model card: everything that must travel with a graph, read and written as `card.json`."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from roomnet_core.errors import ModelError
from roomnet_core.rooms import RoomSet

CARD_NAME = "card.json"
CARD_SCHEMA = 1
_MAX_CARD_BYTES = 4 << 20

CROPS = ("center", "squeeze", "two")
RESIZES = ("antialias", "bilinear")


@dataclass(frozen=True, slots=True)
class Preprocessing:
    """How a decoded photo becomes the network's input. One function reads it: `inference.preprocessing`.

    `crop`: `center` = the centre square; `squeeze` = the whole photo, cut to at most `max_aspect` : 1 and squeezed
    into the square; `two` = the two squares at the ends of the long side, whose logits are averaged.
    `resize`: `antialias`, or `bilinear` between the four nearest pixels only, as the reference does.
    A pixel value v in 0..255 becomes `v * scale + offset`. `decode_side`: the decoder may reduce a photo down to
    this short side in pixels; None keeps the full size.
    """

    input_size: int = 224
    crop: str = "center"
    max_aspect: float = 1.0
    resize: str = "antialias"
    scale: float = 1 / 127.5
    offset: float = -1.0
    color_order: str = "RGB"
    decode_side: int | None = 256

    def __post_init__(self) -> None:
        for name, value, allowed in (
            ("crop", self.crop, CROPS),
            ("resize", self.resize, RESIZES),
            ("color_order", self.color_order, ("RGB", "BGR")),
        ):
            if value not in allowed:
                raise ModelError(f"Pre-processing: {name} must be one of {', '.join(allowed)}. Received: {value!r}")
        if not 16 <= self.input_size <= 2048:
            raise ModelError(f"Pre-processing: input_size must lie in 16..2048. Received: {self.input_size}")
        if not 1.0 <= self.max_aspect <= 10.0:
            raise ModelError(f"Pre-processing: max_aspect must lie in 1..10. Received: {self.max_aspect}")
        if self.decode_side is not None and self.decode_side < self.input_size:
            raise ModelError("Pre-processing: decode_side must not be smaller than input_size.")


@dataclass(frozen=True, slots=True)
class Calibration:
    """How logits become honest probabilities. One function reads it: `inference.confidence`.

    `temperature` divides the logits. A photo is unsure below `threshold`. With `rejection` the network has one
    output more than the card has classes, and that output says "none of these".
    """

    temperature: float = 1.0
    threshold: float = 0.5
    rejection: bool = False

    def __post_init__(self) -> None:
        if not 0.01 <= self.temperature <= 100:
            raise ModelError(f"Calibration: temperature must lie in 0.01..100. Received: {self.temperature}")
        if not 0 <= self.threshold <= 1:
            raise ModelError(f"Calibration: threshold must lie in 0..1. Received: {self.threshold}")


@dataclass(frozen=True, slots=True)
class ModelCard:
    """See the fields. `files` maps a file name to its `sha256` and `bytes`; the last group is for people."""

    name: str
    rooms: RoomSet
    preprocessing: Preprocessing
    calibration: Calibration
    architecture: str
    parameters: int
    storage: str
    files: dict[str, dict[str, Any]]
    description: str = ""
    licence: str = ""
    lineage: str = ""
    training_data: list[dict[str, Any]] = field(default_factory=list)
    recipe: dict[str, Any] = field(default_factory=dict)
    measured: dict[str, Any] = field(default_factory=dict)
    made_by_commit: str = ""

    @property
    def outputs(self) -> int:
        """The width of the network's output: the classes, and one more with a rejection output."""
        return len(self.rooms) + self.calibration.rejection

    def to_json(self) -> dict[str, Any]:
        return {
            "schema": CARD_SCHEMA,
            "name": self.name,
            "description": self.description,
            "classes": self.rooms.to_card(),
            "preprocessing": asdict(self.preprocessing),
            "calibration": asdict(self.calibration),
            "architecture": self.architecture,
            "parameters": self.parameters,
            "storage": self.storage,
            "files": self.files,
            "licence": self.licence,
            "lineage": self.lineage,
            "training_data": self.training_data,
            "recipe": self.recipe,
            "measured": self.measured,
            "made_by_commit": self.made_by_commit,
        }

    @classmethod
    def from_json(cls, data: Any, source: Path) -> ModelCard:
        """Build a card from parsed JSON; `source` is named in the errors.

        Raises:
            ModelError: a field is missing, of the wrong type or out of range, or the schema is newer than ours.
        """
        if not isinstance(data, dict):
            raise ModelError(f"{source} is not a model card.")
        schema = data.get("schema")
        if schema != CARD_SCHEMA:
            raise ModelError(
                f"{source} has card schema {schema!r}; this version reads schema {CARD_SCHEMA}. Update RoomNet."
            )
        try:
            return cls(
                name=_text(data, "name"),
                rooms=RoomSet.from_card(data["classes"]),
                preprocessing=Preprocessing(**data["preprocessing"]),
                calibration=Calibration(**data["calibration"]),
                architecture=_text(data, "architecture"),
                parameters=int(data["parameters"]),
                storage=_text(data, "storage"),
                files={
                    str(name): {"sha256": str(entry["sha256"]), "bytes": int(entry["bytes"])}
                    for name, entry in data["files"].items()
                },
                description=str(data.get("description", "")),
                licence=str(data.get("licence", "")),
                lineage=str(data.get("lineage", "")),
                training_data=list(data.get("training_data", [])),
                recipe=dict(data.get("recipe", {})),
                measured=dict(data.get("measured", {})),
                made_by_commit=str(data.get("made_by_commit", "")),
            )
        except ModelError as error:
            raise ModelError(f"{source}: {error}") from error
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise ModelError(f"{source} is not a complete model card: {error!r}") from error


def _text(data: dict[str, Any], key: str) -> str:
    value = data[key]
    if not isinstance(value, str) or not value.strip():
        raise ModelError(f"{key!r} must be a text that is not empty. Received: {value!r}")
    return value


def read_card(folder: Path) -> ModelCard:
    """Read `folder/card.json`.

    Raises:
        ModelError: there is none, or it is not a card.
    """
    path = folder / CARD_NAME
    try:
        if path.stat().st_size > _MAX_CARD_BYTES:
            raise ModelError(f"{path} is larger than a model card can be.")
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise ModelError(f"{folder} holds no {CARD_NAME}. A model is a folder with graph.pb and card.json.") from error
    except (OSError, ValueError, RecursionError) as error:
        raise ModelError(f"{path} cannot be read: {error}") from error
    return ModelCard.from_json(data, path)


def write_card(card: ModelCard, folder: Path) -> None:
    """Write `folder/card.json`."""
    text = json.dumps(card.to_json(), indent=2, ensure_ascii=False)
    (folder / CARD_NAME).write_text(text + "\n", encoding="utf-8")


def describe_file(content: bytes) -> dict[str, Any]:
    """The entry of `ModelCard.files` for a file with that content."""
    return {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
