"""Where earlier sorts have put photos, as the journal knows it."""

from __future__ import annotations

from collections.abc import Iterable
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
