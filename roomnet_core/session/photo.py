"""One photo of a session: the file, what the model said, what a person said."""

from __future__ import annotations

from dataclasses import dataclass

from roomnet_core.photos.info import PhotoInfo
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.prediction import Prediction


@dataclass(frozen=True, slots=True)
class Marks:
    """Everything that a person says of a photo, and nothing else does: this is what undo restores.

    `decided` is a room id of the document's rooms, or None: nobody has decided. A `cover` is the photo that stands
    for its room; it is always decided and never rejected.
    """

    decided: int | None = None
    rejected: bool = False
    cover: bool = False


UNMARKED = Marks()


@dataclass(frozen=True, slots=True)
class SessionPhoto:
    """`id` is the photo's for good, in every later session too; `model` is the name of the model that predicted."""

    id: int
    file: PhotoFile
    prediction: Prediction | None = None
    model: str = ""
    marks: Marks = UNMARKED
    problem: Problem | None = None
    info: PhotoInfo | None = None

    @property
    def decided(self) -> int | None:
        return self.marks.decided

    @property
    def rejected(self) -> bool:
        return self.marks.rejected

    @property
    def cover(self) -> bool:
        return self.marks.cover

    @property
    def room_id(self) -> int | None:
        """The person's decision, else the prediction, else None."""
        if self.marks.decided is not None:
            return self.marks.decided
        return None if self.prediction is None else self.prediction.room_id

    @property
    def corrected(self) -> bool:
        """A person chose another room than the model did."""
        decided = self.marks.decided
        return decided is not None and self.prediction is not None and decided != self.prediction.room_id

    @property
    def accepted(self) -> bool:
        """A person chose the room, and the model does not say otherwise."""
        return self.marks.decided is not None and not self.corrected

    @property
    def reviewed(self) -> bool:
        """A person has decided on the room or against the photo."""
        return self.marks.decided is not None or self.marks.rejected

    @property
    def not_reviewed(self) -> bool:
        """The photo waits for a person. One that could not be read does not: it is listed as a problem."""
        return not self.reviewed and self.problem is None

    @property
    def needs_review(self) -> bool:
        """The model is unsure and nobody has decided yet."""
        return self.prediction is not None and self.prediction.unsure and not self.reviewed
