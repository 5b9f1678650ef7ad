"""What a person can do to photos, as values: a change says which marks which photos get, and a document applies it.

Each function takes the document as it stands and returns only what would really change; such a change may be empty,
and is then false.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from roomnet_core.session.photo import Marks, SessionPhoto

if TYPE_CHECKING:
    from roomnet_core.session.document import SessionDocument


@dataclass(frozen=True, slots=True)
class Change:
    """The marks that photos get, by photo id."""

    marks: Mapping[int, Marks]

    def __bool__(self) -> bool:
        return bool(self.marks)


def label(document: SessionDocument, ids: Iterable[int], room_id: int | None) -> Change:
    """Decide the room of photos; None takes the decision back. A photo that leaves its room is its cover no longer."""
    return _change((photo, _decided(photo, room_id)) for photo in _photos(document, ids))


def accept(document: SessionDocument, ids: Iterable[int]) -> Change:
    """Decide that the model is right. Photos without a prediction stay as they are."""
    return _change(
        (photo, _decided(photo, photo.prediction.room_id))
        for photo in _photos(document, ids)
        if photo.prediction is not None
    )


def reject(document: SessionDocument, ids: Iterable[int], rejected: bool) -> Change:
    """Set photos aside, or take them back. A rejected photo is no cover."""
    return _change(
        (photo, replace(photo.marks, rejected=rejected, cover=photo.cover and not rejected))
        for photo in _photos(document, ids)
    )


def make_cover(document: SessionDocument, photo_id: int) -> Change:
    """Let the photo stand for its room; the room's earlier cover loses its mark.

    This decides the photo's room as well, so that no other model can move the cover to another room, and takes it
    back if it was rejected. Nothing changes for a photo without a room.
    """
    photo = document[photo_id]
    if photo.room_id is None:
        return Change({})
    earlier = document.cover_of(photo.room_id)
    new = [(photo, Marks(photo.room_id, rejected=False, cover=True))]
    if earlier is not None and earlier != photo_id:
        new.append((document[earlier], replace(document[earlier].marks, cover=False)))
    return _change(new)


def clear_cover(document: SessionDocument, photo_id: int) -> Change:
    """Take the cover mark off; the photo keeps its room."""
    photo = document[photo_id]
    return _change([(photo, replace(photo.marks, cover=False))])


def _decided(photo: SessionPhoto, room_id: int | None) -> Marks:
    if not photo.marks.cover and not photo.marks.rejected:
        return _only_decided(room_id)  # one value for all of them: 20,000 photos in one stroke are not rare
    stays_cover = photo.cover and room_id is not None and room_id == photo.room_id
    return replace(photo.marks, decided=room_id, cover=stays_cover)


@functools.cache
def _only_decided(room_id: int | None) -> Marks:
    return Marks(room_id)


def _photos(document: SessionDocument, ids: Iterable[int]) -> Iterable[SessionPhoto]:
    return (document[photo_id] for photo_id in ids)


def _change(new: Iterable[tuple[SessionPhoto, Marks]]) -> Change:
    return Change({photo.id: marks for photo, marks in new if marks != photo.marks})
