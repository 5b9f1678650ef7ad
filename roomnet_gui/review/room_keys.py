"""The keys that label: a digit and a letter for each room of any model, none of them twice."""

from __future__ import annotations

import string
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from roomnet_core.rooms import Room

# X rejects, C makes the cover, Z zooms the large picture.
RESERVED_LETTERS = frozenset("XCZ")
_DIGITS = "123456789"


@dataclass(frozen=True, slots=True)
class RoomKeys:
    """`digit` is one of 1 to 9, `letter` one of A to Z; either is empty where none was left."""

    digit: str
    letter: str
    short: str = ""

    @property
    def sign(self) -> str:
        """What stands for the room where there is no space for its name: its key, else how its name begins."""
        return self.letter or self.digit or self.short


def room_keys(rooms: Iterable[Room]) -> dict[int, RoomKeys]:
    """The keys of each room id.

    What a model's card wishes for comes first, then each room's initial, then the next letters of its name; among
    equals the earlier room wins. So one model always has the same keys, and rooms that come behind take nobody's key.
    """
    rooms = list(rooms)
    digits = _share(rooms, _DIGITS, [lambda room: room.hotkey, lambda room: _DIGITS])
    letters = _share(
        rooms,
        [letter for letter in string.ascii_uppercase if letter not in RESERVED_LETTERS],
        [
            lambda room: room.hotkey.upper(),
            lambda room: room.english[:1].upper(),
            lambda room: (room.english + room.name).upper(),
            lambda room: string.ascii_uppercase,
        ],
    )
    return {
        room.id: RoomKeys(digits.get(room.id, ""), letters.get(room.id, ""), room.english[:2]) for room in rooms
    }


def _share(rooms: list[Room], keys: Iterable[str], wishes: Sequence[Callable[[Room], str]]) -> dict[int, str]:
    free = set(keys)
    taken: dict[int, str] = {}
    for wish in wishes:
        for room in rooms:
            if room.id not in taken and (key := next((key for key in wish(room) if key in free), "")):
                taken[room.id] = key
                free.discard(key)
    return taken
