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

    Targets are `1 - opinion` of the label and `opinion` of a second opinion: for a network without a teacher the
    out-of-fold probe on ImageNet features, else the teachers' mean. `unlabelled` is the drawing weight of photos
    that nobody labelled, which have the opinion only (0: left out).
    """

    name: str
    architecture: str
    description: str
    lineage: str
    schedule: Schedule
    opinion: float
    teachers: tuple[str, ...] = ()
    unlabelled: float = 0.0
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

COMPACT = ShippedRecipe(
    name="compact",
    architecture="efficientnet_compact",
    description="Cut out of a fine-tuned EfficientNet-Lite2, distilled from it and roomnet-large; 8-bit kernels.",
    lineage="EfficientNet-Lite2 ImageNet-1k weights (Apache-2.0); one teacher was EfficientNet-Lite0 (Apache-2.0)",
    schedule=Schedule(
        phases=((2, 128, 48), (1, 176, 48)), photos=7_680, learning_rate=1e-3, augmentation=_AUGMENTATION
    ),
    opinion=0.6,
    teachers=("runs/models/teacher", "roomnet-large"),
    unlabelled=0.7,
    label_smoothing=0.0,
    dropout=0.1,
    storage="int8",
    preprocessing=replace(PREPROCESSING, input_size=192),
)

RECIPES = {recipe.name: recipe for recipe in (TEACHER, COMPACT)}

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
