"""Models on disk: finding them by name or folder, and handing out their files only when the hash is right."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from roomnet_core.errors import ModelError
from roomnet_core.network.card import CARD_NAME, ModelCard, read_card
from roomnet_core.prediction import ModelKey
from roomnet_core.resources import assets_dir, data_dir
from roomnet_core.rooms import RoomSet

GRAPH_NAME = "graph.pb"
LITE_NAME = "graph.tflite"
DEFAULT_MODEL = "roomnet-large"

# Far above any sensible model, far below what would exhaust a computer.
_MAX_FILE_BYTES = 512 << 20


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A folder with `card.json` and the graphs it describes."""

    folder: Path
    card: ModelCard

    @property
    def name(self) -> str:
        return self.card.name

    @property
    def rooms(self) -> RoomSet:
        return self.card.rooms

    @property
    def is_default(self) -> bool:
        return self.folder == assets_dir() / "models" / DEFAULT_MODEL

    def key(self, min_confidence: float | None = None) -> ModelKey:
        """What the predictions depend on beside the photo; `min_confidence` replaces the card's threshold."""
        card = self.card
        calibration = card.calibration
        if min_confidence is not None:
            calibration = replace(calibration, threshold=min_confidence)
        parts = [
            sorted((name, entry["sha256"]) for name, entry in card.files.items()),
            card.rooms.names,
            asdict(card.preprocessing),
            asdict(calibration),
            "confidence beside none of these",  # how logits become probabilities; another rule, another key
        ]
        return ModelKey(card.name, hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest())

    def has(self, file_name: str) -> bool:
        """Whether the card describes that file and it is there."""
        return file_name in self.card.files and (self.folder / file_name).is_file()

    def read(self, file_name: str) -> bytes:
        """The content of one of the model's files, verified against the card.

        Raises:
            ModelError: the card does not know the file, it is missing or too large, or its hash differs.
        """
        entry = self.card.files.get(file_name)
        if entry is None:
            raise ModelError(f"The card of model {self.name} does not describe {file_name}. It cannot be trusted.")
        path = self.folder / file_name
        try:
            size = path.stat().st_size
            if size > _MAX_FILE_BYTES:
                raise ModelError(f"{path} is larger than any model of ours ({size} bytes). It was not loaded.")
            content = path.read_bytes()
        except OSError as error:
            raise ModelError(f"{path} cannot be read: {error.strerror}. Install the model again.") from error
        if hashlib.sha256(content).hexdigest() != entry["sha256"]:
            raise ModelError(
                f"{path} is not the file that its card describes: {size} bytes instead of {entry['bytes']}, "
                "or changed content. It was not loaded; install the model again."
                if size != entry["bytes"]
                else f"{path} was changed: its hash is not the card's. It was not loaded; install the model again."
            )
        return content


def model_folders() -> list[Path]:
    """The folders that hold models: the shipped ones, and the user's own."""
    return [assets_dir() / "models", data_dir() / "models"]


def list_models() -> list[ModelFile]:
    """Every readable model, the default first, then by name. A user's model with a broken card is left out."""
    found = []
    for parent in model_folders():
        if not parent.is_dir():
            continue
        for folder in sorted(parent.iterdir()):
            if (folder / CARD_NAME).is_file():
                try:
                    found.append(ModelFile(folder, read_card(folder)))
                except ModelError:
                    continue  # `roomnet doctor` names it
    return sorted(found, key=lambda model: (not model.is_default, model.name))


def find_model(name_or_folder: str | Path | None = None) -> ModelFile:
    """The model of that name, or in that folder; None is the default model.

    Raises:
        ModelError: there is no such model, or its card cannot be read.
    """
    wanted = DEFAULT_MODEL if name_or_folder is None else str(name_or_folder)
    for parent in model_folders():
        if (parent / wanted / CARD_NAME).is_file() and Path(wanted).name == wanted:
            return ModelFile(parent / wanted, read_card(parent / wanted))
    folder = Path(wanted).expanduser()
    if folder.is_dir():
        return ModelFile(folder, read_card(folder))
    known = ", ".join(model.name for model in list_models()) or "none is installed"
    raise ModelError(
        f"There is no model {wanted!r}. Known models: {known}. Or give a folder with graph.pb and card.json."
    )
