"""One photo of a session: the file, what the model said, what the person decided."""

from __future__ import annotations

from dataclasses import dataclass

from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.prediction import Prediction


@dataclass(frozen=True, slots=True)
class SessionPhoto:
    """`id` is stable for the life of the session; `decided` is the room id a person chose, or None."""

    id: int
    file: PhotoFile
    prediction: Prediction | None = None
    decided: int | None = None
    problem: Problem | None = None

    @property
    def room_id(self) -> int | None:
        """The person's decision, else the prediction, else None."""
        if self.decided is not None:
            return self.decided
        return None if self.prediction is None else self.prediction.room_id

    @property
    def corrected(self) -> bool:
        """A person chose another room than the model did."""
        return self.decided is not None and self.prediction is not None and self.decided != self.prediction.room_id

    @property
    def needs_review(self) -> bool:
        """The model is unsure and nobody has decided yet."""
        return self.decided is None and self.prediction is not None and self.prediction.unsure
