"""Copies of the photos with the room and the confidence written on them; the originals are only read."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from PIL import Image

from roomnet_core.errors import ExportError, PhotoError
from roomnet_core.export import target
from roomnet_core.export.carried_metadata import with_metadata_of
from roomnet_core.export.label import draw_label
from roomnet_core.photos.decode import decode_photo
from roomnet_core.rooms import Room, RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.sorting.naming import collision_key, numbered, safe_name

_QUALITY = 95
_THREADS = 4
# A JPEG's sides are numbers of 16 bits.
_MAX_SIDE = 65_500
_NO_ROOM_COLOR = "#5f6b76"

Caption = Callable[[SessionPhoto], str]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class NotExported:
    """A photo that was left out. `reason` completes the sentence "It was left out because ..."."""

    photo: SessionPhoto
    reason: str


@dataclass(slots=True)
class OverlayReport:
    """The copies by photo id, and the photos that have none because they have no room, or because it failed."""

    written: dict[int, Path] = field(default_factory=dict)
    skipped: list[NotExported] = field(default_factory=list)
    failed: list[NotExported] = field(default_factory=list)
    bare: list[SessionPhoto] = field(default_factory=list)  # whose damaged metadata the copy does not have
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class _Copy:
    """One copy: its place or the reason why there is none, and whether it had to do without metadata."""

    path: Path | None = None
    reason: str = ""
    bare: bool = False


def check_folder(folder: Path) -> None:
    """Find out, before the work is done, that copies may go into `folder`, which need not be there yet.

    Raises:
        ExportError: it is no folder, or cannot be written to.
    """
    try:
        base = next(path for path in (folder.absolute(), *folder.absolute().parents) if os.path.lexists(path))
        if not base.is_dir():
            raise ExportError(f"{base} is not a folder. Choose another one.")
        if not os.access(base, os.W_OK | os.X_OK):
            raise ExportError(f"{base} may not be written to. Choose another folder.")
    except OSError as error:
        raise ExportError(f"{folder} cannot be used: {error.strerror or error}. Choose another folder.") from error


def write_overlays(
    photos: Sequence[SessionPhoto],
    rooms: RoomSet,
    folder: Path,
    *,
    caption: Caption | None = None,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> OverlayReport:
    """Write a JPEG copy of every photo that has a room into `folder`, in the subfolders that the photos come from.

    A copy has the photo's full size, lies upright, and keeps EXIF, ICC profile, XMP, IPTC and comment. No file is
    replaced: where a name is taken, the copy becomes `name (2).jpg`. A photo that fails is reported, the rest goes on.

    Args:
        caption: what to write on a photo instead of the English `describe`; if no font can show it, that is written.
        cancelled: asked from several threads.

    Raises:
        ExportError: `folder` cannot be used.
    """
    check_folder(folder)
    report = OverlayReport()
    wanted: list[SessionPhoto] = []
    for photo in photos:
        if photo.room_id is None:
            reason = "it was not classified" if photo.problem is None else photo.problem.message
            report.skipped.append(NotExported(photo, reason))
        else:
            wanted.append(photo)
    names = _names(wanted)

    def write(photo: SessionPhoto, name: PurePosixPath) -> _Copy | None:
        if cancelled():
            return None
        room = None if photo.room_id is None else rooms[photo.room_id]
        texts = [describe(photo, room), *_plain(photo, room)]
        if caption is not None:
            texts.insert(0, caption(photo))
        return _write_one(photo, folder / name, texts, _NO_ROOM_COLOR if room is None else room.color)

    pool = ThreadPoolExecutor(min(_THREADS, os.cpu_count() or 1), thread_name_prefix="roomnet-overlay")
    try:
        for number, (photo, result) in enumerate(zip(wanted, pool.map(write, wanted, names), strict=True), start=1):
            if result is None:
                report.cancelled = True
                break
            if result.path is None:
                report.failed.append(NotExported(photo, result.reason))
            else:
                report.written[photo.id] = result.path
                if result.bare:
                    report.bare.append(photo)
            progress(number, len(wanted))
    finally:
        pool.shutdown(cancel_futures=True)
    return report


def describe(photo: SessionPhoto, room: Room | None) -> str:
    """`Kitchen 97 %`, with ` - unsure` or ` - decided by you` where that is so; no share where the model erred."""
    return _line("No room" if room is None else room.english, photo)


def _plain(photo: SessionPhoto, room: Room | None) -> Iterator[str]:
    """What else can stand on the photo when no font here has the letters of the room's name."""
    if room is not None:
        for name in (room.name, room.folder, f"Room {room.id + 1}"):
            yield _line(name, photo)


def _line(name: str, photo: SessionPhoto) -> str:
    share = "" if photo.prediction is None or photo.corrected else f" {photo.prediction.confidence * 100:.0f} %"
    note = " - decided by you" if photo.decided is not None else " - unsure" if photo.needs_review else ""
    return f"{name}{share}{note}"


def _names(photos: Iterable[SessionPhoto]) -> list[PurePosixPath]:
    """A name below the folder for each copy, no two alike on any file system."""
    given: set[tuple[PurePosixPath, str]] = set()
    names = []
    for photo in photos:
        relative = PurePosixPath(photo.file.relative)
        parent = PurePosixPath(*map(safe_name, relative.parent.parts))
        number = 1
        wanted = safe_name(f"{relative.stem}.jpg")
        while (key := (parent, collision_key(numbered(wanted, number)))) in given:
            number += 1
        given.add(key)
        names.append(parent / numbered(wanted, number))
    return names


def _write_one(photo: SessionPhoto, path: Path, texts: Sequence[str], color: str) -> _Copy:
    try:
        image = Image.fromarray(decode_photo(photo.file.path).rgb)
        if max(image.size) > _MAX_SIDE:
            return _Copy(reason=f"its {image.width} x {image.height} pixels are more than a JPEG file can hold")
        draw_label(image, texts, color)
        buffer = io.BytesIO()
        image.save(buffer, "JPEG", quality=_QUALITY)
        content, bare = buffer.getvalue(), False
        try:
            content = with_metadata_of(photo.file.path, content)
        except Exception:  # Pillow's parsers raise nearly anything, and the photo is still worth its copy
            bare = True
        return _Copy(target.write_new(path, content), bare=bare)
    except PhotoError as error:
        return _Copy(reason=str(error))
    except MemoryError:
        return _Copy(reason="there is not enough memory for it")
    except OSError as error:
        return _Copy(reason=f"its copy could not be written: {error.strerror or error}")
