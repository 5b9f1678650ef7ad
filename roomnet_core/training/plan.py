"""A training run as a value: the photos with their sides, the recipe, every choice; written down in the work folder."""

from __future__ import annotations

import json
import os
from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from roomnet_core.errors import TrainingError
from roomnet_core.inference.model_file import ModelFile, find_model
from roomnet_core.models.store import ModelStore
from roomnet_core.training.dataset import OTHER, unit_hash
from roomnet_core.training.examination import Examination
from roomnet_core.training.options import check_option, complete_options, find_choice
from roomnet_core.training.similarity import Groups
from roomnet_core.training.sources import LabelledPhoto

PLAN_NAME = "plan.json"
_SCHEMA = 1
_IN_USE = "in use"

TRAIN, VALIDATION = "train", "val"


@dataclass(frozen=True, slots=True)
class PlannedPhoto:
    """A labelled photo and the side of the split that it is on: `train` or `val`."""

    path: Path
    label: str
    group: str
    origin: str
    side: str


@dataclass(frozen=True, slots=True)
class TrainingPlan:
    """Everything that decides a run. `model_in_use` and `base` are folders of models.

    The new model is compared with the one in use; its network starts as that of `base` (None: from random weights).
    With `replaces` it takes the place of a model of its name.
    """

    name: str
    recipe: str
    classes: tuple[str, ...]
    photos: tuple[PlannedPhoto, ...]
    options: dict[str, Any]
    model_in_use: Path
    base: Path | None
    source: str = ""
    replaces: bool = False
    made: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))

    def split(self) -> tuple[list[PlannedPhoto], list[PlannedPhoto]]:
        """The photos to train on, and those to check with."""
        sides: dict[str, list[PlannedPhoto]] = {TRAIN: [], VALIDATION: []}
        for photo in self.photos:
            sides[photo.side].append(photo)
        return sides[TRAIN], sides[VALIDATION]

    @property
    def has_other(self) -> bool:
        """Whether there are photos of none of the classes."""
        return any(photo.label == OTHER for photo in self.photos)

    def save(self, work: Path) -> None:
        """Write the plan into the folder `work`, which is made.

        Raises:
            OSError: the folder cannot be written.
        """
        work.mkdir(parents=True, exist_ok=True)
        document = {
            "schema": _SCHEMA,
            **asdict(self),
            "model_in_use": str(self.model_in_use),
            "base": None if self.base is None else str(self.base),
            "photos": [[os.fspath(p.path), p.label, p.group, p.origin, p.side] for p in self.photos],
        }
        staged = work / f"{PLAN_NAME}.part"
        staged.write_text(json.dumps(document, indent=1), encoding="utf-8", errors="surrogatepass")
        staged.replace(work / PLAN_NAME)

    @classmethod
    def load(cls, work: Path) -> TrainingPlan:
        """Read the plan in the folder `work`.

        Raises:
            TrainingError: there is none, or it was made by another version.
        """
        path = work / PLAN_NAME
        try:
            data = json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))
            if data.pop("schema") != _SCHEMA:
                raise TrainingError(f"{path} was made by another version of RoomNet. Start the training again.")
            photos = tuple(PlannedPhoto(Path(row[0]), *row[1:]) for row in data.pop("photos"))
            base = data.pop("base")
            return cls(
                classes=tuple(data.pop("classes")),
                photos=photos,
                model_in_use=Path(data.pop("model_in_use")),
                base=None if base is None else Path(base),
                **data,
            )
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise TrainingError(f"{path} cannot be read ({error}). Start the training again.") from error


def make_plan(
    examination: Examination,
    *,
    name: str,
    recipe: str,
    model: ModelFile,
    options: Mapping[str, Any] | None = None,
    replace_model: bool = False,
) -> TrainingPlan:
    """Decide everything about a run, the sides of the photos too.

    Args:
        name: of the new model, free in the user's store unless `replace_model`.
        model: the one in use.
        options: what was chosen under Advanced; the rest has the recipe's defaults.

    Raises:
        TrainingError: the photos, the name or an option forbid it, with the sentence that says why.
    """
    if examination.blocking:
        raise TrainingError(" ".join(examination.blocking))
    problem = ModelStore().check_name(name, taken_is_fine=replace_model)
    if problem:
        raise TrainingError(problem)
    find_choice(recipe)
    for key, value in (options or {}).items():
        if problem := check_option(recipe, key, value):
            raise TrainingError(problem)
    complete = complete_options(recipe, options or {})
    photos = split_photos(
        examination.photos,
        examination.duplicates,
        share=float(complete["validation_share"]),
        seed=int(complete["seed"]),
    )
    base = _base(recipe, str(complete.get("network", "")), model)
    same_classes = [n.casefold() for n in examination.classes] == [n.casefold() for n in model.rooms.names]
    if base is not None and base.folder == model.folder and same_classes:
        share, seed = float(complete["validation_share"]), int(complete["seed"])
        photos += split_photos(examination.kept, (), share=share, seed=seed)
    return TrainingPlan(
        name,
        recipe,
        model.rooms.names if same_classes else examination.classes,
        tuple(photos),
        complete,
        model.folder,
        None if base is None else base.folder,
        source="" if examination.folder is None else examination.folder.name,
        replaces=replace_model,
    )


def split_photos(
    photos: Sequence[LabelledPhoto], duplicates: Sequence[Sequence[Path]], *, share: float, seed: int
) -> list[PlannedPhoto]:
    """Put about `share` of each class on the validation side.

    A listing goes whole to one side, and so do photos that show one picture. The order in which they are looked at is
    drawn from a hash, so that the sides stay nearly the same when photos are added. A class whose photos are all of
    one listing is split inside it, because it would miss on one side otherwise.
    """
    groups = Groups()
    for first, *others in duplicates:
        for other in others:
            groups.join(first, other)
    copies = {photo.path: groups.find(photo.path) for photo in photos}
    for photo in photos:
        if photo.group:
            groups.join(photo.path, ("listing", photo.group))
    units: dict[Hashable, list[LabelledPhoto]] = defaultdict(list)
    for photo in photos:
        units[groups.find(photo.path)].append(photo)
    counts = Counter(photo.label for photo in photos)
    missing = {label: max(1, round(share * count)) for label, count in counts.items()}
    validation: set[Path] = set()
    for unit in sorted(units.values(), key=lambda members: _order(members, seed)):
        wanted = sum(1 if missing[photo.label] > 0 else -1 for photo in unit)
        if wanted > 0:
            validation.update(photo.path for photo in unit)
            for photo in unit:
                missing[photo.label] -= 1
    for label, count in counts.items():
        members = [photo for photo in photos if photo.label == label]
        there = sum(photo.path in validation for photo in members)
        if there in (0, count):
            _split_inside(members, copies, validation, max(1, round(share * count)), seed)
    return [
        PlannedPhoto(p.path, p.label, p.group, p.origin, VALIDATION if p.path in validation else TRAIN) for p in photos
    ]


def _split_inside(
    members: Sequence[LabelledPhoto], copies: Mapping[Path, Hashable], validation: set[Path], wanted: int, seed: int
) -> None:
    """Split one class photo by photo, its duplicates together."""
    validation.difference_update(photo.path for photo in members)
    pictures: dict[Hashable, list[LabelledPhoto]] = defaultdict(list)
    for photo in members:
        pictures[copies[photo.path]].append(photo)
    ordered = sorted(pictures.values(), key=lambda same: _order(same, seed))
    for same in ordered[:-1]:
        if wanted <= 0:
            break
        validation.update(photo.path for photo in same)
        wanted -= len(same)


def _order(photos: Sequence[LabelledPhoto], seed: int) -> float:
    first = min(photos, key=lambda photo: str(photo.path))
    return unit_hash(f"{seed}/{first.group or first.label + '/' + first.path.name}")


def _base(recipe: str, network: str, model: ModelFile) -> ModelFile | None:
    if recipe == "classic":
        return None
    if network != _IN_USE:
        return find_model(network)
    # The original network, trained from scratch, has learnt too little to start from.
    return model if model.card.architecture.startswith("efficientnet_") else find_model()
