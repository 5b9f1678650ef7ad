"""The rooms' keys: what the card wishes, then initials, then what is left; no key twice, none with another task."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from roomnet_core.rooms import RoomSet
from roomnet_gui.review.room_keys import RESERVED_LETTERS, room_keys
from tests.windows import ROOMS


def letters(names: list[str]) -> list[str]:
    return [keys.letter for keys in room_keys(RoomSet.from_names(names)).values()]


def test_the_shipped_rooms() -> None:
    keys = room_keys(ROOMS)
    assert [keys[room.id].digit for room in ROOMS] == list("123456")
    assert [keys[room.id].letter for room in ROOMS] == list("BAEFKL")


def test_an_initial_beats_an_earlier_rooms_second_letter() -> None:
    assert letters(["Bathroom", "Bedroom", "Attic", "Entry"]) == ["B", "D", "A", "E"]


def test_keys_with_another_task_are_left_alone() -> None:
    assert letters(["Cellar", "Xerox room", "Zoo"]) == ["E", "R", "O"]


def test_names_without_latin_letters_get_what_is_left() -> None:
    assert letters(["厨房", "浴室", "Attic"]) == ["B", "D", "A"]


def test_more_rooms_than_digits() -> None:
    keys = room_keys(RoomSet.from_names([f"Room {number}" for number in range(30)])).values()
    assert [key.digit for key in keys] == list("123456789") + [""] * 21
    assert sum(bool(key.letter) for key in keys) == 26 - len(RESERVED_LETTERS)


def test_a_wish_for_a_letter_is_granted() -> None:
    rooms = [replace(room, hotkey="k" if room.name == "Bedroom" else room.hotkey) for room in ROOMS]
    keys = room_keys(rooms)
    assert keys[2].letter == "K"
    assert keys[4].letter == "I"
    assert keys[2].digit == "3"


@given(st.lists(st.text(min_size=1, max_size=8), min_size=2, max_size=40, unique_by=str.casefold))
def test_no_key_is_given_twice(names: list[str]) -> None:
    keys = list(room_keys(RoomSet.from_names(names)).values())
    given = [key for room in keys for key in (room.digit, room.letter) if key]
    assert len(given) == len(set(given))
    assert not RESERVED_LETTERS & set(given)
    assert keys == list(room_keys(RoomSet.from_names(names)).values())
