"""What every export says of a photo, and how text is made safe for other programs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto

# Control characters that no spreadsheet may hold (tab and line breaks are allowed), and halves of surrogate pairs,
# which come from file names that are not valid UTF-8.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")


def clean_text(text: str) -> str:
    """`text` without control characters, every lone surrogate replaced by U+FFFD."""
    return _SURROGATES.sub("\ufffd", _ILLEGAL.sub("", text))


def room_name(photo: SessionPhoto, rooms: RoomSet) -> str:
    """The decided or predicted room's name, or an empty text."""
    return "" if photo.room_id is None else str(rooms[photo.room_id].name)


def folder_name(photo: SessionPhoto) -> str:
    """The photo's folder, from the name of the folder that was opened: `12 Elm Street/upstairs`."""
    folder, opened = photo.file.path.parent, photo.file.root.parent
    return folder.relative_to(opened).as_posix() if folder.is_relative_to(opened) else folder.as_posix()


def decided_by(photo: SessionPhoto) -> str:
    """Whose room it is: `you`, `model`, or nobody's."""
    if photo.decided is not None:
        return "you"
    return "" if photo.prediction is None else "model"


def predicted_name(photo: SessionPhoto, rooms: RoomSet) -> str:
    """The room that the model named, which a person may have corrected, or an empty text."""
    return "" if photo.prediction is None else str(rooms[photo.prediction.room_id].name)


def probabilities(photo: SessionPhoto, rooms: RoomSet) -> list[float | None]:
    """One for each of `rooms`; None where the photo has no prediction, or its model does not know the room."""
    known = () if photo.prediction is None else photo.prediction.probabilities
    return [known[room.id] if room.id < len(known) else None for room in rooms]


def captured(photo: SessionPhoto) -> str:
    """When the photo was taken, in the camera's local time: `2026-05-17 14:30:05`, or an empty text."""
    taken = None if photo.info is None else photo.info.captured
    return "" if taken is None else taken.isoformat(sep=" ", timespec="seconds")


def camera(photo: SessionPhoto) -> str:
    return "" if photo.info is None else photo.info.camera


def new_place(photo: SessionPhoto, places: Mapping[int, Path]) -> str:
    """Where a sort has put the photo, by its id in `places`, or an empty text."""
    return str(places[photo.id]) if photo.id in places else ""


def status(photo: SessionPhoto) -> str:
    """One word on where the photo stands, with the reason of a problem."""
    if photo.problem is not None:
        return f"Problem: {photo.problem.message}"
    if photo.rejected:
        return "Rejected"
    if photo.decided is not None:
        return "Corrected" if photo.corrected else "Accepted"
    if photo.prediction is None:
        return "Not classified"
    return "Unsure" if photo.prediction.unsure else "OK"
