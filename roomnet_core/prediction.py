"""What a model says of one photo: a value that inference makes and everything after it reads."""

from __future__ import annotations

from dataclasses import dataclass

from roomnet_core.photos.info import PhotoInfo


@dataclass(frozen=True, slots=True)
class Prediction:
    """Calibrated probabilities of all classes, in output order, and whether a person should look.

    They sum to 1, or to less by the probability that the photo shows none of them. `unsure` is whether the `confidence`
    lies below the model's threshold.
    """

    probabilities: tuple[float, ...]
    unsure: bool

    @property
    def room_id(self) -> int:
        """The index of the most probable class (the first of equals)."""
        return self.probabilities.index(self.confidence)

    @property
    def confidence(self) -> float:
        """The probability of the most probable class."""
        return max(self.probabilities)

    @property
    def margin(self) -> float:
        """The distance between the two most probable classes: small where mistakes are likely."""
        first, second, *_ = sorted(self.probabilities, reverse=True)
        return first - second


@dataclass(frozen=True, slots=True)
class ModelKey:
    """Who predicts: `name` is for people; two keys are equal where the same photo gets the same `Prediction`."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one decode of a photo gave: the model's word, and what is known of the file (see `content_key`)."""

    prediction: Prediction
    info: PhotoInfo | None = None
    content: bytes = b""
