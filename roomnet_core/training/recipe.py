"""Named training recipes: every choice of a run in one value that the model card repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from roomnet_core.errors import TrainingError
from roomnet_core.network.card import Preprocessing
from roomnet_core.training.augmentation import Augmentation


@dataclass(frozen=True, slots=True)
class Phase:
    """`epochs` passes at one input size (pixels) and batch size.

    `dropout` replaces the recipe's from this phase on. With `frozen_batch_norm` batch norm uses its moving statistics,
    as in inference, and leaves them alone; its scale and offset go on training.
    """

    epochs: int
    input_size: int
    batch_size: int
    dropout: float | None = None
    frozen_batch_norm: bool = False


@dataclass(frozen=True, slots=True)
class ExponentialDecay:
    """The learning rate is multiplied by `rate` smoothly over every `steps` batches."""

    rate: float
    steps: int


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides a training run but the photos.

    `architecture`: `roomnet` or `efficientnet_lite0..2`; with `pretrained` it starts from the published ImageNet
    weights. `description` goes into the model card. `learning_rate` is the peak of a warm-up and cosine
    schedule over all phases, or the start of an exponential `decay`. `clip_norm` bounds the norm of a step's whole
    gradient (None: no bound). `rejection` adds the "none of these" output, trained on photos labelled `Other`.
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
    decay: ExponentialDecay | None = None
    clip_norm: float | None = 1.0
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

    def dropout_of(self, phase: Phase) -> float:
        """The dropout rate of `phase`: its own, or the recipe's."""
        return self.dropout if phase.dropout is None else phase.dropout


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

AUTHOR = Recipe(
    name="author",
    architecture="roomnet",
    description="The original RoomNet architecture, trained from random weights as its author did.",
    # The batch grows, dropout comes late, and at last batch norm stands still.
    phases=(
        Phase(6, 224, 8),
        Phase(10, 224, 32),
        Phase(10, 224, 40, dropout=0.3),
        Phase(10, 224, 45, dropout=0.3, frozen_batch_norm=True),
    ),
    preprocessing=Preprocessing(input_size=224, crop="center", scale=2 / 255, offset=-1.0),
    augmentation=Augmentation(
        crop="square", flip=0.5, flip_vertical=0.5, color=0.0, grey=0.0, downscale=0.0, jpeg=0.0, erase=0.0
    ),
    learning_rate=1e-3,
    decay=ExponentialDecay(0.95, 500),
    clip_norm=None,
    l2=1e-5,
    class_power=0.0,
    storage="float32",
)
"""The original architecture by its author's recipe: Adam with exponential decay, cross-entropy with L2, batches of
8, 32, 40 and 45, square crops that slide along the photo, flips, also upside down. The author names no rates."""

RECIPES = {recipe.name: recipe for recipe in (LARGE, CLASSIC, AUTHOR)}


def find_recipe(name: str) -> Recipe:
    """The recipe of that name.

    Raises:
        TrainingError: there is none.
    """
    if name not in RECIPES:
        raise TrainingError(f"There is no recipe {name!r}. Choose one of: {', '.join(RECIPES)}.")
    return RECIPES[name]
