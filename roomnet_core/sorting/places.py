"""Where earlier sorts have put photos, as the journal knows it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from roomnet_core.session.photo import SessionPhoto
from roomnet_core.sorting import files
from roomnet_core.sorting.journal import Journal, Kind, OpState


def sorted_places(journal: Journal, photos: Iterable[SessionPhoto]) -> dict[int, Path]:
    """The place that the latest sort gave each photo, by photo id: its copy, its link, or itself where it was moved.

    Photos that no sort has touched, or whose copy is no longer there, are left out.

    Raises:
        JournalError: the journal cannot be read.
    """
    wanted = {photo.file.path.absolute(): photo.id for photo in photos}
    places: dict[int, Path] = {}
    for run in journal.runs():
        if run.kind is Kind.EMBED or not run.done or len(places) == len(wanted):
            continue
        for op in journal.ops(run.id):
            if op.state is not OpState.DONE:
                continue
            photo_id = wanted.get(op.target if op.kind is Kind.MOVE else op.source)
            if photo_id is not None and photo_id not in places and files.status_of(op.target) is not None:
                places[photo_id] = op.target
    return places


def without_home(places: Mapping[int, Path]) -> dict[int, Path]:
    """The same from the name of the folder on that holds them all: `Sorted/Kitchen/1.jpg`.

    What lies above it tells the user's name more often than not, which is no business of those who are given a list.
    """
    by_drive: dict[str, list[Path]] = {}
    for place in places.values():
        by_drive.setdefault(place.drive, []).append(place.parent)
    above = {drive: Path(os.path.commonpath(folders)).parent for drive, folders in by_drive.items()}
    return {photo_id: place.relative_to(above[place.drive]) for photo_id, place in places.items()}
