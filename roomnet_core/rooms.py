"""Rooms are data that travel with a model: names, folder, order in a listing, hotkey and colour."""

from __future__ import annotations

import colorsys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from roomnet_core.errors import ModelError


@dataclass(frozen=True, slots=True)
class Room:
    """One class of a model.

    `id` is the index of the model's output, `name` the stable identifier that exports use, `english` and `chinese`
    what people read, `folder` the folder that sorting fills, `listing_order` the place in a listing (1 first),
    `hotkey` the key that assigns the room, `color` a `#rrggbb` for its chip.
    """

    id: int
    name: str
    english: str
    chinese: str
    folder: str
    listing_order: int
    hotkey: str
    color: str


# What is known of the rooms of the shipped models; any other class gets neutral values.
# English and Chinese name, place in a listing, colour. The colours differ in lightness too, so that they can be told
# apart by people who see no red or no green; tests/gui/test_colours.py measures by how much.
_KNOWN: dict[str, tuple[str, str, int, str]] = {
    "Backyard": ("Backyard", "后院", 6, "#256b58"),
    "Bathroom": ("Bathroom", "浴室", 5, "#3f9fd6"),
    "Bedroom": ("Bedroom", "卧室", 4, "#8e0fa3"),
    "Frontyard": ("Front yard", "前院", 1, "#b5852a"),
    "Kitchen": ("Kitchen", "厨房", 3, "#960d10"),
    "LivingRoom": ("Living room", "客厅", 2, "#969594"),
}
_SPARE_COLORS = ("#ad1457", "#00695c", "#4527a0", "#8d4a2b", "#37474f", "#827717")
# The golden section spreads any number of hues evenly.
_HUE_STEP = 0.618034


def _spare_color(number: int) -> str:
    """A colour for class `number` (from 0) of those that are not known; no two are the same."""
    if number < len(_SPARE_COLORS):
        return _SPARE_COLORS[number]
    hue = (0.1 + number * _HUE_STEP) % 1.0
    # Three lightnesses in turn, all of which white text can be read on.
    red, green, blue = colorsys.hls_to_rgb(hue, (0.28, 0.34, 0.40)[number % 3], 0.5)
    return f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"


class RoomSet(Sequence[Room]):
    """The rooms of one model, in the order of its outputs. Immutable; equal when the rooms are equal."""

    def __init__(self, rooms: Iterable[Room]) -> None:
        self._rooms = tuple(rooms)
        names = [room.name for room in self._rooms]
        if len(self._rooms) < 2:
            raise ModelError("A model needs at least two classes.")
        if [room.id for room in self._rooms] != list(range(len(self._rooms))):
            raise ModelError("Class ids must count up from 0 without a gap.")
        if len({name.casefold() for name in names}) != len(names):
            received = ", ".join(names)
            raise ModelError(f"Class names must differ, also in small and capital letters. Received: {received}")

    @classmethod
    def from_names(cls, names: Iterable[str]) -> RoomSet:
        """Build a room set from bare class names, in output order, with sensible values for the rest."""
        rooms = []
        unknown = 0
        for index, name in enumerate(names):
            english, chinese, order, color = _KNOWN.get(name, (name, name, 100 + index, _spare_color(unknown)))
            unknown += name not in _KNOWN
            hotkey = str(index + 1) if index < 9 else ""
            rooms.append(Room(index, name, english, chinese, name, order, hotkey, color))
        return cls(rooms)

    def extended(self, names: Iterable[str]) -> RoomSet:
        """This set with rooms of those names behind it, without those that it has already."""
        known = {room.name.casefold() for room in self._rooms}
        new = [name for name in names if name.casefold() not in known]
        if not new:
            return self
        taken = {room.hotkey for room in self._rooms}
        rooms = RoomSet.from_names([*self.names, *new])
        return RoomSet(
            [*self._rooms, *(replace(room, hotkey="") if room.hotkey in taken else room for room in rooms[len(self) :])]
        )

    @classmethod
    def from_card(cls, entries: Any) -> RoomSet:
        """Read the `classes` list of a model card: either names or objects with the fields of `Room`.

        Raises:
            ModelError: the list does not describe rooms.
        """
        if not isinstance(entries, list):
            raise ModelError("The card's 'classes' must be a list.")
        if all(isinstance(entry, str) and entry.strip() for entry in entries):
            return cls.from_names(entries)
        try:
            return cls(
                Room(
                    id=int(entry["id"]),
                    name=str(entry["name"]),
                    english=str(entry["english"]),
                    chinese=str(entry["chinese"]),
                    folder=str(entry["folder"]),
                    listing_order=int(entry["listing_order"]),
                    hotkey=str(entry["hotkey"]),
                    color=str(entry["color"]),
                )
                for entry in entries
            )
        except (KeyError, TypeError, ValueError) as error:
            raise ModelError(f"The card's 'classes' are not complete: {error!r}") from error

    def to_card(self) -> list[dict[str, Any]]:
        """The inverse of `from_card`."""
        return [{field: getattr(room, field) for field in Room.__slots__} for room in self._rooms]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(room.name for room in self._rooms)

    def by_name(self, name: str) -> Room | None:
        """The room of that name, small or capital letters alike, or None."""
        wanted = name.casefold()
        return next((room for room in self._rooms if room.name.casefold() == wanted), None)

    def in_listing_order(self) -> list[Room]:
        return sorted(self._rooms, key=lambda room: (room.listing_order, room.id))

    def __getitem__(self, index: Any) -> Any:
        return self._rooms[index]

    def __len__(self) -> int:
        return len(self._rooms)

    def __iter__(self) -> Iterator[Room]:
        return iter(self._rooms)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, RoomSet) and self._rooms == other._rooms

    def __hash__(self) -> int:
        return hash(self._rooms)

    def __repr__(self) -> str:
        return f"RoomSet({', '.join(self.names)})"
