"""What an export does, as plain functions for a worker: look first, then write."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication

from roomnet_core.errors import PhotoError, RoomNetError
from roomnet_core.export import csv, embed, json, overlay
from roomnet_core.photos.decode import decode_photo
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.sorting.journal import Journal
from roomnet_core.sorting.places import sorted_places, without_home
from roomnet_gui import texts
from roomnet_gui.appearance import Tone
from roomnet_gui.core_texts import spoken
from roomnet_gui.export.kinds import ExportKind, ExportOptions
from roomnet_gui.jobs.job import Job
from roomnet_gui.language import is_chinese

if TYPE_CHECKING:
    import numpy as np

    from roomnet_core.export.excel import Words

# What the Excel writer shrinks to its own height; a little more keeps it sharp.
_THUMBNAIL_SIDE = 144
_MOST_REASONS = 3

Report = overlay.OverlayReport | embed.EmbedReport | None


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether the export can start, how many photos it is of, and what is worth knowing."""

    count: int = 0
    message: str = ""
    tone: Tone = Tone.PLAIN
    can_start: bool = False


def tr(text: str) -> str:
    return QCoreApplication.translate("ExportWork", text)


def examine(photos: Sequence[SessionPhoto], rooms: RoomSet, options: ExportOptions) -> Finding:
    """Look at the target, or at the photos that would get keywords. Writes nothing."""
    chosen = _chosen(photos, options)
    if not chosen:
        return Finding(0, tr("No photo is left to export."), Tone.WARNING)
    if options.kind is ExportKind.KEYWORDS:
        return _examine_keywords(chosen, rooms)
    if not options.target.is_absolute():
        place = tr("Choose a folder.") if options.kind is ExportKind.LABELLED else tr("Choose a file.")
        return Finding(len(chosen), place, Tone.ERROR)
    try:
        _check(options)
    except RoomNetError as error:
        return Finding(len(chosen), spoken(str(error)), Tone.ERROR)
    if options.kind.suffix and options.target.exists():
        note = tr("{name} is there already, from an earlier export. It will be replaced.")
        return Finding(len(chosen), note.format(name=options.target.name), Tone.WARNING, True)
    return Finding(len(chosen), "", Tone.PLAIN, True)


def write(
    photos: Sequence[SessionPhoto], rooms: RoomSet, model: str, options: ExportOptions, job: Job
) -> Report:
    """Carry the export out.

    Raises:
        ExportError: nothing, or not everything, could be written.
        Cancelled: the job was, and nothing was written.
    """
    chosen = _chosen(photos, options)
    steps = {"progress": job.progress, "cancelled": job.cancelled}
    if options.kind is ExportKind.LABELLED:
        return overlay.write_overlays(
            chosen, rooms, options.target, caption=lambda photo: caption(photo, rooms), **steps
        )
    if options.kind is ExportKind.KEYWORDS:
        with Journal.open() as journal:
            return embed.embed(chosen, rooms, journal, _common_folder(chosen), **steps)
    places = places_of(chosen, full_paths=options.full_paths)
    if options.kind is ExportKind.CSV:
        csv.write_csv(options.target, chosen, rooms, places=places, bom=options.bom)
    elif options.kind is ExportKind.JSON:
        json.write_json(options.target, json.classification_document(chosen, rooms, model=model, places=places))
    else:
        from roomnet_core.export.excel import write_excel  # openpyxl is not needed before

        thumbnail = excel_thumbnail if options.thumbnails else None
        write_excel(
            options.target, chosen, rooms, model=model, thumbnail=thumbnail, places=places, words=excel_words(), **steps
        )
    return None


def _chosen(photos: Sequence[SessionPhoto], options: ExportOptions) -> list[SessionPhoto]:
    """Which photos get keywords is not the options' affair: a keyword must be right."""
    return list(photos) if options.kind is ExportKind.KEYWORDS else options.choose(photos)


def places_of(photos: Sequence[SessionPhoto], *, full_paths: bool = False) -> Mapping[int, Path]:
    """Where sorts have put photos; unknown where the journal cannot be read, which is no reason not to export."""
    try:
        with Journal.open() as journal:
            places = sorted_places(journal, photos)
            return places if full_paths else without_home(places)
    except RoomNetError:
        return {}


def caption(photo: SessionPhoto, rooms: RoomSet) -> str:
    """What is written on a labelled copy: `Kitchen 97%`."""
    assert photo.room_id is not None
    name = texts.room_name(rooms[photo.room_id])
    if photo.decided is not None or photo.prediction is None:
        return name
    return tr("{room} {confidence}").format(room=name, confidence=texts.per_cent(photo.prediction.confidence))


def excel_words() -> Words:
    """How a workbook speaks that is written now."""
    from roomnet_core.export.excel import ENGLISH, Words  # openpyxl is not needed before

    return Words(spoken, texts.room_name) if is_chinese() else ENGLISH


def excel_thumbnail(photo: SessionPhoto) -> np.ndarray[Any, Any] | None:
    """The `(h, w, 3) uint8` picture in a photo's row, or None where it cannot be read."""
    if photo.problem is not None:
        return None
    try:
        return decode_photo(photo.file.path, min_side=_THUMBNAIL_SIDE).rgb
    except PhotoError:
        return None


def _common_folder(photos: Sequence[SessionPhoto]) -> Path:
    """What the list of earlier sorts shows for photos that stay where they are."""
    roots = sorted({photo.file.root for photo in photos})
    try:
        return Path(os.path.commonpath(roots))
    except ValueError:  # on several drives
        return roots[0]


def _check(options: ExportOptions) -> None:
    """Raises ExportError where the target cannot be used."""
    if options.kind is ExportKind.LABELLED:
        overlay.check_folder(options.target)
    elif options.kind is ExportKind.CSV:
        csv.check_target(options.target)
    elif options.kind is ExportKind.JSON:
        json.check_target(options.target)
    else:
        from roomnet_core.export import excel

        excel.check_target(options.target)


def _examine_keywords(photos: Sequence[SessionPhoto], rooms: RoomSet) -> Finding:
    plan = embed.plan_embedding(photos, rooms)
    count = len(plan.rooms)
    lines = [tr("The pictures themselves are not changed, and the Edit menu can undo it.")]
    if not count:
        lines = [tr("No photo can get a keyword.")]
    reasons = Counter(left.reason for left in plan.left_out)
    if reasons:
        lines.append(tr("{photos} get none:").format(photos=texts.photos(reasons.total())))
        lines += [f"{texts.number(number)} · {spoken(reason)}" for reason, number in reasons.most_common(_MOST_REASONS)]
        if len(reasons) > _MOST_REASONS:
            lines.append("…")
    return Finding(count, "\n".join(lines), Tone.PLAIN if count else Tone.WARNING, count > 0)
