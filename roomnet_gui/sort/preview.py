"""What a sort would do, as the rows and words that the dialog shows. Made on a worker; nothing in here is Qt's."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from roomnet_core.errors import SortError
from roomnet_core.photos.natural_order import natural_key
from roomnet_core.photos.problems import printable
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.sorting.plan import Skipped, SortItem, SortOptions, SortPlan, make_plan
from roomnet_core.sorting.preflight import check
from roomnet_core.sorting.room_folders import Why
from roomnet_core.sorting.template import NameTemplate
from roomnet_gui import texts
from roomnet_gui.appearance import Tone
from roomnet_gui.core_texts import spoken

EVERYWHERE = "/"
"""All rows; no folder can be called so."""
STAYING = "//"
"""The rows of photos that stay where they are."""

_NUMBERED = re.compile(r" \(\d+\)$")
# Swatches: of a folder that is no room's, and a space in place of one.
_NEUTRAL, _NOTHING = "#8a8f96", "none"
_PROBLEMS = (Why.PROBLEM, Why.UNCLASSIFIED)


class Stale(Exception):
    """The preview is not wanted any more."""


@dataclass(frozen=True, slots=True)
class Row:
    """One file: its name now (below the opened folder), its name then (below the destination), and a remark."""

    now: str
    then: str
    remark: str = ""
    problem: bool = False


@dataclass(frozen=True, slots=True)
class Folder:
    """One node of the tree. `name` is the path below the destination, or `EVERYWHERE` or `STAYING`."""

    name: str
    title: str
    count: int
    color: str = ""
    tip: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """`plan` is None where the options cannot be carried out; `message` says why, or what is worth knowing."""

    plan: SortPlan | None = None
    folders: tuple[Folder, ...] = ()
    rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    example: str = ""
    template_is_wrong: bool = False
    summary: str = ""
    message: str = ""
    tone: Tone = Tone.PLAIN
    can_start: bool = False

    def rows_in(self, folder: str) -> Sequence[Row]:
        return self.rows.get(folder, ())


def tr(text: str, count: int = -1) -> str:
    return QCoreApplication.translate("SortPreview", text, None, count)


def make_preview(
    photos: Sequence[SessionPhoto], rooms: RoomSet, options: SortOptions, cancelled: Callable[[], bool]
) -> Preview:
    """Plan the sort, check what the disk can do, and put both into words.

    Raises:
        Stale: `cancelled` turned true.
    """
    try:
        NameTemplate(options.template)
    except SortError as error:
        return Preview(example=spoken(str(error)), template_is_wrong=True)
    if not options.destination.is_absolute():
        return Preview(message=tr("Choose a destination folder."), tone=Tone.ERROR)

    def until_stale(photo: SessionPhoto) -> SessionPhoto:
        if cancelled():
            raise Stale
        return photo

    try:
        plan = make_plan(map(until_stale, photos), rooms, options)
        rows = _rows(plan, rooms, options, cancelled)
        folders = _folders(plan, rooms, options)
        example = _example(rows[EVERYWHERE]) if options.template else ""
        try:
            notes = check(plan).notes
        except SortError as error:
            return Preview(plan, folders, rows, example, message=spoken(str(error)), tone=Tone.ERROR)
    except SortError as error:
        return Preview(message=spoken(str(error)), tone=Tone.ERROR)
    return Preview(
        plan,
        folders,
        rows,
        example,
        summary=_summary(plan),
        message="\n".join(map(spoken, notes)),
        tone=Tone.WARNING,
        can_start=bool(plan.items),
    )


def _summary(plan: SortPlan) -> str:
    if not plan.items:
        return tr("There is nothing to do: every photo stays where it is.")
    words = tr("{photos} into %Ln folder(s), {size}.", len(plan.counts()))
    parts = [words.format(photos=texts.photos(len(plan.items)), size=texts.size(plan.total_bytes))]
    if plan.skipped:
        parts.append(tr("{photos} stay where they are.").format(photos=texts.photos(len(plan.skipped))))
    parts.append(tr("Nothing is overwritten."))
    return " ".join(parts)


# --- the table


def _rows(
    plan: SortPlan, rooms: RoomSet, options: SortOptions, cancelled: Callable[[], bool]
) -> dict[str, Sequence[Row]]:
    """Rows by folder; `EVERYWHERE` has all of them, problems first."""
    by_folder: dict[str, list[tuple[tuple[str, str], Row]]] = defaultdict(list)
    names: dict[Path, str] = {}
    for item in plan.items:
        if cancelled():
            raise Stale
        parent = item.target.parent
        if parent not in names:
            names[parent] = _below(parent, plan.destination)
        folder = names[parent]
        by_folder[folder].append((natural_key(item.target.name), _row(item, folder)))
    problems = [_left(skipped) for skipped in plan.skipped if skipped.why in _PROBLEMS]
    others = [_left(skipped) for skipped in plan.skipped if skipped.why not in _PROBLEMS]
    places = {name: place for place, name in enumerate(_folder_order(rooms, options))}
    rows: dict[str, Sequence[Row]] = {}
    for folder in sorted(by_folder, key=lambda name: (places.get(name.casefold(), len(places)), name)):
        rows[folder] = [row for _, row in sorted(by_folder[folder], key=lambda pair: pair[0])]
    sorted_rows = [row for folder in rows for row in rows[folder]]
    numbered = [row for row in sorted_rows if row.problem]
    rows[EVERYWHERE] = [*problems, *numbered, *(row for row in sorted_rows if not row.problem), *others]
    rows[STAYING] = [*problems, *others]
    return rows


def _row(item: SortItem, folder: str) -> Row:
    then = f"{folder}/{item.target.name}" if folder else item.target.name
    remarks = []
    taken = bool(_NUMBERED.search(item.target.stem)) and not _NUMBERED.search(item.source.stem)
    if taken:
        remarks.append(tr("the name was taken"))
    if len(item.companions) == 1:
        remarks.append(tr("with {name}").format(name=item.companions[0].source.name))
    elif item.companions:
        remarks.append(tr("with {files}").format(files=texts.files(len(item.companions))))
    return Row(printable(item.file.relative), then, texts.listed(remarks), problem=taken)


def _left(skipped: Skipped) -> Row:
    return Row(printable(skipped.file.relative), "", spoken(skipped.reason), problem=skipped.why in _PROBLEMS)


def _example(rows: Sequence[Row]) -> str:
    row = next((row for row in rows if row.then), None)
    if row is None:
        return ""
    return tr("For example {name}").format(name=Path(row.then).name)


# --- the tree


def _folder_order(rooms: RoomSet, options: SortOptions) -> list[str]:
    """The wanted names of the folders in the order in which they are shown, in small letters."""
    in_order = [room for name in options.order if (room := rooms.by_name(name)) is not None]
    in_order += [room for room in rooms.in_listing_order() if room not in in_order]
    names = [options.folders.get(room.name, room.folder) for room in in_order]
    names += [name for name in (options.unsure_folder, options.rejected_folder) if name is not None]
    return [name.casefold() for name in names]


def _folders(plan: SortPlan, rooms: RoomSet, options: SortOptions) -> tuple[Folder, ...]:
    colors = {name.casefold(): _NEUTRAL for name in (options.unsure_folder, options.rejected_folder) if name}
    colors |= {options.folders.get(room.name, room.folder).casefold(): room.color for room in rooms}
    places = {name: place for place, name in enumerate(_folder_order(rooms, options))}
    counts = plan.counts()
    names = sorted(counts, key=lambda name: (places.get(name.casefold(), len(places)), name))
    folders = [Folder(EVERYWHERE, str(plan.destination), len(plan.items), tip=str(plan.destination))]
    for name in names:
        title = name or tr("(the destination itself)")
        color = colors.get(name.casefold(), _NEUTRAL)
        folders.append(Folder(name, title, counts[name], color, str(plan.destination / name)))
    if plan.skipped:
        tip = tr("Select it to see which, and why.")
        folders.append(Folder(STAYING, tr("(stay where they are)"), len(plan.skipped), _NOTHING, tip))
    return tuple(folders)


def _below(folder: Path, destination: Path) -> str:
    return "" if folder == destination else folder.relative_to(destination).as_posix()
