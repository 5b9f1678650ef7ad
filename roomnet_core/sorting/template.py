"""Names by template, such as `{order:02}_{room}_{n}`: a fixed set of fields, and errors that name the fault."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass
from datetime import date

from roomnet_core.errors import SortError

FIELDS = {
    "room": "the room's folder name; the room's own name where that is empty; Unsure or Rejected for those",
    "n": "the photo's number in its room, from 1, the cover photo first",
    "order": "the photo's number in the whole sort, from 1, rooms in listing order",
    "stem": "the name that the file has now, without its suffix",
    "date": "the day on which the photo was taken, else the file's last change, as 2024-05-31",
    "folder": "the name of the folder in which the photo lies now",
    "listing": "the name of the folder that was opened",
}
"""Every field and what it stands for."""

_NUMBERS = ("n", "order")
_WIDTH = re.compile(r"0?[1-9]")


@dataclass(frozen=True, slots=True)
class NameFields:
    """What a template can say of one photo; see `FIELDS`."""

    room: str
    n: int
    order: int
    stem: str
    date: date
    folder: str
    listing: str


class NameTemplate:
    """A parsed template. An empty one, like `{stem}`, keeps names."""

    def __init__(self, text: str) -> None:
        """
        Raises:
            SortError: `text` is no template; the message names what is wrong and what is possible.
        """
        self._parts = _parse(text or "{stem}")

    def stem(self, fields: NameFields) -> str:
        """The new name without its suffix, not yet made legal."""
        return "".join(
            literal + (format(getattr(fields, field), spec) if field else "") for literal, field, spec in self._parts
        )


def _parse(text: str) -> list[tuple[str, str, str]]:
    try:
        parts = list(string.Formatter().parse(text))
    except ValueError as error:
        raise SortError(f"The name template {text} is not complete: {error}. Write {{{{ for a brace.") from error
    checked = []
    for literal, field, spec, conversion in parts:
        wrong = re.search(r'[/\\:*?"<>|\x00-\x1f]', literal)
        if wrong:
            raise SortError(f"A name cannot hold {wrong[0]!r}. The name template was {text}")
        if field is not None:
            _check_field(text, field, spec or "", conversion)
        checked.append((literal, field or "", spec or ""))
    return checked


def _check_field(text: str, field: str, spec: str, conversion: str | None) -> None:
    if field not in FIELDS:
        known = ", ".join(f"{{{name}}}" for name in FIELDS)
        raise SortError(f"{{{field}}} is no field of a name template. There are {known}. The name template was {text}")
    if conversion:
        raise SortError(f"{{{field}!{conversion}}}: write {{{field}}}. The name template was {text}")
    if spec and field not in _NUMBERS:
        raise SortError(
            f"{{{field}:{spec}}}: only numbers have a width; write {{{field}}}. The name template was {text}"
        )
    if spec and not _WIDTH.fullmatch(spec):
        raise SortError(
            f"{{{field}:{spec}}}: the width is one digit, as in {{{field}:02}}. The name template was {text}"
        )
