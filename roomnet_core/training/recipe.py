"""Named training recipes: every choice of a run in one value that the model card repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from roomnet_core.errors import TrainingError
from roomnet_core.network.card import Preprocessing
from roomnet_core.training.augmentation import Augmentation


@dataclass(frozen=True, slots=True)
class Phase:
    """`epochs` passes at one input size (pixels) and batch size."""

    epochs: int
    input_size: int
    batch_size: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides a training run but the photos.

    `architecture`: `roomnet` or `efficientnet_lite0..2`; with `pretrained` it starts from the published ImageNet
    weights. `description` goes into the model card. `learning_rate` is the peak of a warm-up and cosine
    schedule over all phases. `rejection` adds the "none of these" output, trained on photos labelled `Other`.
    `ema` is the decay of the averaged weights (0: no averaging). `class_power` and `source_weights` decide how often
    photos are drawn (`dataset.sampling_weights`).
    """

    name: str
    architecture: str
    description: str
    phases: tuple[Phase, ...]
    preprocessing: Preprocessing
    augmentation: Augmentation = field(default_factory=Augmentation)
    pretrained: bool = False
    learning_rate: float = 1e-3
    warmup_share: float = 0.05
    weight_decay: float = 0.0
    label_smoothing: float = 0.0
    dropout: float = 0.0
    l2: float = 0.0
    ema: float = 0.0
    rejection: bool = False
    class_power: float = 0.5
    source_weights: Mapping[str, float] = field(default_factory=dict)
    storage: str = "float16"
    seed: int = 0

    @property
    def epochs(self) -> int:
        return sum(phase.epochs for phase in self.phases)


LARGE = Recipe(
    name="large",
    architecture="efficientnet_lite0",
    description="EfficientNet-Lite0, pretrained on ImageNet-1k and fine-tuned whole on labelled house photos.",
    pretrained=True,
    # Half of the epochs at a smaller size cost half as much and train the same features.
    phases=(Phase(6, 160, 48), Phase(4, 224, 48)),
    # The pixel scaling that the pretrained weights know.
    preprocessing=Preprocessing(input_size=224, crop="squeeze", max_aspect=1.5, scale=1 / 128, offset=-127 / 128),
    learning_rate=4e-4,
    weight_decay=0.02,
    label_smoothing=0.1,
    dropout=0.2,
    ema=0.998,
    rejection=True,
    source_weights={"listing_sites": 4.0, "pool": 2.0},
)
"""The shipped model: an EfficientNet-Lite0 pretrained on ImageNet, fine-tuned whole."""

CLASSIC = Recipe(
    name="classic",
    architecture="roomnet",
    description="The original RoomNet architecture, trained from random weights.",
    phases=(Phase(40, 224, 40),),
    preprocessing=Preprocessing(input_size=224, crop="squeeze", max_aspect=1.5, scale=2 / 255, offset=-1.0),
    augmentation=Augmentation(color=0.2, erase=0.0),
    learning_rate=3e-3,
    label_smoothing=0.05,
    l2=1e-5,
    ema=0.998,
    storage="float32",
)
"""The original architecture from random weights."""

RECIPES = {recipe.name: recipe for recipe in (LARGE, CLASSIC)}


def find_recipe(name: str) -> Recipe:
    """The recipe of that name.

    Raises:
        TrainingError: there is none.
    """
    if name not in RECIPES:
        raise TrainingError(f"There is no recipe {name!r}. Choose one of: {', '.join(RECIPES)}.")
    return RECIPES[name]
