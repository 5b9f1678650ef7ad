"""Counts of a session, kept up to date photo by photo so that asking costs nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto


@dataclass(frozen=True, slots=True)
class Summary:
    """Counts for a side bar or the end of a run, each by the property of `SessionPhoto` that has its name.

    `by_room` counts by `room_id`, rejected photos too; `unsure` counts `needs_review`.
    """

    photos: int
    by_room: Mapping[int, int]
    unsure: int
    corrected: int
    not_reviewed: int
    rejected: int
    covers: int
    problems: int


class Tally:
    """The running counts of one document."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._rooms: Counter[int | None] = Counter()

    def add(self, photo: SessionPhoto) -> None:
        self._count(photo, 1)

    def remove(self, photo: SessionPhoto) -> None:
        """Take back what `add` counted of the very same value."""
        self._count(photo, -1)

    def summary(self, rooms: RoomSet) -> Summary:
        counts = self._counts
        return Summary(
            photos=counts["photos"],
            by_room={room.id: self._rooms[room.id] for room in rooms},
            unsure=counts["unsure"],
            corrected=counts["corrected"],
            not_reviewed=counts["not_reviewed"],
            rejected=counts["rejected"],
            covers=counts["covers"],
            problems=counts["problems"],
        )

    def _count(self, photo: SessionPhoto, one: int) -> None:
        counts = self._counts
        counts["photos"] += one
        self._rooms[photo.room_id] += one
        if photo.problem is not None:
            counts["problems"] += one
        if not photo.reviewed:
            if photo.problem is None:
                counts["not_reviewed"] += one
            if photo.needs_review:
                counts["unsure"] += one
            return
        if photo.rejected:
            counts["rejected"] += one
        if photo.cover:
            counts["covers"] += one
        if photo.corrected:
            counts["corrected"] += one
