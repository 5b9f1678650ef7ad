"""Words and numbers that several widgets show: counts, durations, per cent, room and engine names."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from roomnet_core.photos.photo_file import Problem
from roomnet_core.rooms import Room, RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_gui.core_texts import spoken
from roomnet_gui.jobs.classification import EngineInfo
from roomnet_gui.language import is_chinese

if TYPE_CHECKING:
    from roomnet_core.network.card import ModelCard
    from roomnet_gui.review.folder_watch import Changes

_ENGINES = {"litert": "LiteRT", "tensorflow": "TensorFlow"}


def tr(text: str, count: int = -1) -> str:
    return QCoreApplication.translate("Texts", text, None, count)


def number(value: float, decimals: int = 0) -> str:
    """`1,234` or `0.25`, as the language writes numbers."""
    return QLocale().toString(float(value), "f", decimals)


def photos(count: int) -> str:
    """`1 photo`, `1,234 photos`."""
    return tr("%Ln photo(s)", count)


def files(count: int) -> str:
    """`1 file`, `1,234 files`."""
    return tr("%Ln file(s)", count)


def per_cent(value: float, decimals: int = 0) -> str:
    """`97%`, for 0.97."""
    return tr("{value}%").format(value=number(100 * value, decimals))


def moment(value: datetime, *, seconds: bool = False) -> str:
    """Day and time of day, without a time zone, as short as the language allows with the whole year."""
    locale = QLocale()
    pattern = locale.dateTimeFormat(QLocale.FormatType.ShortFormat)
    if "yyyy" not in pattern:
        pattern = pattern.replace("yy", "yyyy")
    if seconds and "ss" not in pattern:
        pattern = pattern.replace("mm", "mm:ss")
    return locale.toString(QDateTime(value.replace(tzinfo=None)), pattern)


def room_name(room: Room) -> str:
    """What people call the room."""
    return room.chinese if is_chinese() and room.chinese else room.english


def describe(photo: SessionPhoto, rooms: RoomSet) -> str:
    """The photo's state in words: `Kitchen, 97%`, `perhaps Bathroom, 40%, please check`."""
    words = [_describe_room(photo, rooms)]
    if photo.cover:
        words.append(tr("cover"))
    if photo.rejected:
        words.append(tr("rejected"))
    return listed(words)


def model_description(card: ModelCard) -> str:
    """What a person should know of a model; of others than the shipped ones, what its card says."""
    shipped = {
        "roomnet-large": tr("The most accurate model, and the usual choice."),
        "roomnet-compact": tr("A very small model: quicker, and a little less accurate."),
        "roomnet-classic": tr("The original RoomNet network, trained anew."),
    }
    return shipped.get(card.name) or spoken(card.description)


def plain(text: str) -> str:
    """The text of an action or a button without what marks its letter and its dialog."""
    text = re.sub(r"\(&\w\)", "", text)  # how Chinese marks it
    return re.sub(r"&(.)", r"\1", text).removesuffix("…")


def listed(words: Iterable[str]) -> str:
    """`one, two, three`."""
    return tr(", ").join(words)


def _describe_room(photo: SessionPhoto, rooms: RoomSet) -> str:
    if photo.decided is not None:
        words = tr("{room}, corrected by you") if photo.corrected else tr("{room}, confirmed by you")
        return words.format(room=room_name(rooms[photo.decided]))
    if photo.problem is not None:
        return spoken(photo.problem.message)
    if photo.prediction is None:
        return tr("not classified yet")
    words = tr("perhaps {room}, {confidence}, please check") if photo.prediction.unsure else tr("{room}, {confidence}")
    room = rooms[photo.prediction.room_id]
    return words.format(room=room_name(room), confidence=per_cent(photo.prediction.confidence))


def label_action(count: int, room: Room | None) -> str:
    """The name of an undoable change of labels."""
    if room is None:
        return tr("Take back the room of {photos}").format(photos=photos(count))
    return tr("Label {photos} as {room}").format(photos=photos(count), room=room_name(room))


def accept_action(count: int) -> str:
    return tr("Accept {photos}").format(photos=photos(count))


def reject_action(count: int, rejected: bool) -> str:
    return (tr("Reject {photos}") if rejected else tr("Take back {photos}")).format(photos=photos(count))


def cover_action(room: Room, cover: bool) -> str:
    words = tr("Make cover of {room}") if cover else tr("No longer cover of {room}")
    return words.format(room=room_name(room))


def folder_changes(changes: Changes) -> str:
    """`3 new photos, 1 changed, 2 gone`."""
    parts = []
    if changes.new:
        parts.append(tr("%Ln new photo(s)", changes.new))
    if changes.changed:
        parts.append(tr("{count} changed").format(count=number(changes.changed)))
    if changes.gone:
        parts.append(tr("{count} gone").format(count=number(changes.gone)))
    return tr("In the opened folders: {changes}").format(changes=listed(parts))


def engine(info: EngineInfo) -> str:
    """`LiteRT on CPU (no GPU found)`."""
    return tr("{engine} on {device} ({reason})").format(
        engine=_ENGINES.get(info.engine, info.engine), device=info.device, reason=spoken(info.reason)
    )


def size(count: int) -> str:
    """Bytes as people say them: `640 KB`, `12.3 MB`, `1.4 GB`, in steps of a thousand as file managers count."""
    if count < 1_000_000:
        return tr("{size} KB").format(size=number(max(1, round(count / 1e3)) if count else 0))
    if count < 1_000_000_000:
        return tr("{size} MB").format(size=number(count / 1e6, 1))
    return tr("{size} GB").format(size=number(count / 1e9, 1))


def duration(seconds: float) -> str:
    """`8 s`, `2 min 05 s`, `1 h 02 min`."""
    whole = max(0, round(seconds))
    if whole < 60:
        return tr("{seconds} s").format(seconds=whole)
    if whole < 3600:
        return tr("{minutes} min {seconds} s").format(minutes=whole // 60, seconds=f"{whole % 60:02d}")
    return tr("{hours} h {minutes} min").format(hours=whole // 3600, minutes=f"{whole % 3600 // 60:02d}")


def problem_kind(problem: Problem) -> str:
    """A problem in two words, for where there is no room for its message."""
    return {
        "missing": tr("File is gone"),
        "permission": tr("No permission"),
        "empty": tr("Empty file"),
        "unsupported": tr("Not a photo"),
        "damaged": tr("Damaged"),
        "too_large": tr("Too large"),
    }.get(problem.kind, tr("Cannot be read"))
