"""How the shipped models are made: every choice in one value, which the model's card repeats."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from roomnet_core.network.card import Preprocessing
from roomnet_core.training.augmentation import Augmentation
from training.fine_tune import Schedule

CLASSES = ("Backyard", "Bathroom", "Bedroom", "Frontyard", "Kitchen", "LivingRoom")

# What the ImageNet weights of the Lite variants know.
PREPROCESSING = Preprocessing(input_size=224, crop="squeeze", max_aspect=1.5, scale=1 / 128, offset=-127 / 128)


@dataclass(frozen=True, slots=True)
class ShippedRecipe:
    """Everything that decides a run but the photos.

    `start` is the model whose weights a run starts from (empty: ImageNet); a smaller network is cut out of it.
    Targets are `1 - opinion` of the label and `opinion` of a second opinion: for a network without a teacher the
    out-of-fold probe on ImageNet features, else the teachers' mean. `unlabelled` is the drawing weight of photos
    that nobody labelled, which have the opinion only (0: left out). A photo whose label was corrected has no second
    opinion, for the teachers learned the wrong one, and is drawn `corrected` times as often. With `lesson` the first
    teacher has that share in the targets instead, asked anew about each variant of a photo (`training.lesson`, also
    for `hint`). `whole`: further runs, for the original architecture on whole photos. `stay` is the share of the
    start's weights in the result (Wortsman et al., "Robust fine-tuning of zero-shot models", 2022).
    """

    name: str
    architecture: str
    description: str
    lineage: str
    schedule: Schedule
    opinion: float
    start: str = ""
    teachers: tuple[str, ...] = ()
    lesson: float = 0.0
    hint: float = 0.0
    whole: tuple[Schedule, ...] = ()
    stay: float = 0.0
    unlabelled: float = 0.0
    corrected: float = 2.0
    label_smoothing: float = 0.05
    class_power: float = 0.5
    source_weights: Mapping[str, float] = field(
        default_factory=lambda: {"listing_sites": 4.0, "pool": 2.0, "emanhamed_houses": 0.6, "scene15": 0.5}
    )
    dropout: float = 0.2
    storage: str = "float16"
    preprocessing: Preprocessing = PREPROCESSING


_AUGMENTATION = Augmentation(color=0.35, grey=0.12, downscale=0.4, downscale_to=(48, 170), jpeg=0.2, erase=0.15)

TEACHER = ShippedRecipe(
    name="teacher",
    architecture="efficientnet_lite2",
    description="EfficientNet-Lite2, pretrained on ImageNet-1k and fine-tuned on labelled house photos: a teacher.",
    lineage="EfficientNet-Lite2 ImageNet-1k weights (Apache-2.0)",
    schedule=Schedule(phases=((4, 176, 48),), photos=11_040, learning_rate=2.5e-4, augmentation=_AUGMENTATION),
    opinion=0.25,
)

# Where house fronts come from in plenty, and all of one kind.
_FEWER_FRONTS = {
    "listing_sites": 4.0,
    "pool": 2.0,
    "emanhamed_houses": 0.5,
    "scene15": 0.3,
    "homeland_obscurity": 0.5,
    "house_exterior_human": 0.7,
}

LARGE_FIRST = ShippedRecipe(
    name="large-first",
    architecture="efficientnet_lite2",
    description="EfficientNet-Lite2, fine-tuned on labelled house photos and then on what it and Lite0 say together.",
    lineage="EfficientNet-Lite2 ImageNet-1k weights (Apache-2.0); one teacher was EfficientNet-Lite0 (Apache-2.0)",
    schedule=Schedule(phases=((4, 176, 48),), photos=9_600, learning_rate=1.5e-4, augmentation=_AUGMENTATION),
    opinion=0.4,
    start="teacher",
    teachers=("teacher", "lite0"),
    unlabelled=0.5,
    class_power=0.75,
    source_weights=_FEWER_FRONTS,
    preprocessing=replace(PREPROCESSING, input_size=208),
)

# As it was, it looks at the very variants: what it learns anew must not cost what it knows.
LARGE = replace(
    LARGE_FIRST,
    name="large",
    schedule=replace(LARGE_FIRST.schedule, phases=((3, 176, 48),), learning_rate=1.2e-4, seed=1),
    opinion=0.0,
    lesson=0.4,
    start="large-first",
    stay=0.5,
    teachers=("large-first",),
)

_COMPACT_LINEAGE = (
    "EfficientNet-Lite2 ImageNet-1k weights (Apache-2.0); one teacher was EfficientNet-Lite0 (Apache-2.0)"
)

COMPACT_FIRST = ShippedRecipe(
    name="compact-first",
    architecture="efficientnet_compact",
    description="Cut out of a fine-tuned EfficientNet-Lite2, distilled from it and EfficientNet-Lite0.",
    lineage=_COMPACT_LINEAGE,
    schedule=Schedule(
        phases=((2, 128, 48), (1, 176, 48)), photos=7_680, learning_rate=1e-3, augmentation=_AUGMENTATION
    ),
    opinion=0.6,
    start="teacher",
    teachers=("teacher", "lite0"),
    unlabelled=0.7,
    label_smoothing=0.0,
    dropout=0.1,
    storage="float16",
    preprocessing=replace(PREPROCESSING, input_size=192),
)

COMPACT_SECOND = replace(
    COMPACT_FIRST,
    name="compact-second",
    schedule=Schedule(
        phases=((8, 128, 48), (2, 176, 48)), photos=7_680, learning_rate=1e-3, augmentation=_AUGMENTATION
    ),
    start="compact-first",
    class_power=0.75,
    source_weights=_FEWER_FRONTS,
)

# The large model, which is better than the teachers were, looks at the very variants.
COMPACT = replace(
    COMPACT_SECOND,
    name="compact",
    description="Cut out of a fine-tuned EfficientNet-Lite2 and distilled from larger networks; 8-bit arithmetic.",
    schedule=Schedule(phases=((11, 144, 48),), photos=7_680, learning_rate=6e-4, augmentation=_AUGMENTATION),
    opinion=0.0,
    lesson=0.8,
    start="compact-second",
    stay=0.5,
    teachers=("roomnet-large",),
    storage="int8",
    preprocessing=replace(PREPROCESSING, input_size=168),
)

_SMALL_VIEWS = replace(_AUGMENTATION, downscale=0.2, jpeg=0.1, erase=0.0, min_area=0.25)

CLASSIC_FIRST = ShippedRecipe(
    name="classic-first",
    architecture="roomnet",
    description="The original RoomNet architecture from random weights, taught by roomnet-large.",
    lineage="random weights; its teacher was roomnet-large (from EfficientNet-Lite2 ImageNet-1k weights, Apache-2.0)",
    # The small views train the kernels, the whole photos what stands on them. A small view of a fifth of the photo
    # has the scale of the whole photo at the shipped size.
    schedule=Schedule(
        phases=((20, 96, 24), (3, 128, 24)),
        photos=7_680,
        learning_rate=4e-3,
        muon=0.025,
        weight_decay=0.005,
        augmentation=_SMALL_VIEWS,
    ),
    whole=(
        Schedule(
            phases=((2, 224, 16),),
            photos=6_144,
            learning_rate=1e-3,
            muon=0.01,
            trunk=False,
            weight_decay=0.005,
            augmentation=replace(_SMALL_VIEWS, min_area=0.6),
        ),
        Schedule(
            phases=((3, 224, 16),),
            photos=2_560,
            learning_rate=1.5e-3,
            muon=0.01,
            weight_decay=0.005,
            augmentation=replace(_SMALL_VIEWS, min_area=0.6),
            seed=1,
        ),
    ),
    opinion=0.0,
    lesson=0.8,
    hint=1.0,
    teachers=("roomnet-large",),
    unlabelled=0.5,
    label_smoothing=0.0,
    class_power=0.75,
    source_weights=_FEWER_FRONTS,
    dropout=0.0,
    storage="float32",
)

# More whole photos, which are dear: all blocks learn, at first as fast as in the beginning.
CLASSIC = replace(
    CLASSIC_FIRST,
    name="classic",
    schedule=Schedule(
        phases=((8, 224, 16),),
        photos=3_840,
        learning_rate=3e-3,
        muon=0.02,
        weight_decay=0.005,
        augmentation=replace(_SMALL_VIEWS, min_area=0.5),
        seed=2,
    ),
    whole=(),
    start="classic-first",
)

_ALL = (TEACHER, LARGE_FIRST, LARGE, COMPACT_FIRST, COMPACT_SECOND, COMPACT, CLASSIC_FIRST, CLASSIC)
RECIPES = {recipe.name: recipe for recipe in _ALL}

# The blocks of Lite2 that each block of the compact network stands for; the seventh stage has no counterpart.
COMPACT_BLOCKS = (
    (0,),
    (1,),
    (2, 3),
    (4,),
    (5, 6),
    (7,),
    (8,),
    (9, 10),
    (11,),
    (12,),
    (13, 14),
    (15,),
    (16, 17, 18, 19),
)
