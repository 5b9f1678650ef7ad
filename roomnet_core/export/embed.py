"""The rooms as keywords in the photo files themselves, journalled and undoable like a sort.

JPEGs hold them inside, next to their other metadata. A raw file's keywords stand in its `.xmp` sidecar, which is where
Lightroom and Bridge look for them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from roomnet_core.errors import SortError
from roomnet_core.export.overlay import NotExported
from roomnet_core.export.xmp import merge_sidecar, splice
from roomnet_core.photos.formats import HEAD_BYTES, PhotoFormat, sniff, suffix_of
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.sorting.companions import SIDECAR_SUFFIXES, Companions, is_raw
from roomnet_core.sorting.journal import Journal
from roomnet_core.sorting.plan import list_names
from roomnet_core.sorting.rewrite import rewrite

Progress = Callable[[int, int], None]


@dataclass(slots=True)
class EmbedPlan:
    """Which photos would get a keyword, and which not and why; looked up without reading a photo whole.

    `rooms` says by photo id which room. `sidecars` are the `.xmp` files of raw files, by photo id.
    """

    rooms: dict[int, str] = field(default_factory=dict)
    photos: dict[int, PhotoFile] = field(default_factory=dict)  # JPEGs
    sidecars: dict[int, list[Path]] = field(default_factory=dict)
    left_out: list[NotExported] = field(default_factory=list)


@dataclass(slots=True)
class EmbedReport:
    """What was written. `run_id` is the run in the journal that `undo` takes back; None where nothing was to do.

    `files` are the photos as they are now, by id: what `SessionDocument.relocate` takes. `unchanged` counts the photos
    that had their keyword already.
    """

    run_id: int | None = None
    files: dict[int, PhotoFile] = field(default_factory=dict)
    sidecars: list[Path] = field(default_factory=list)
    unchanged: int = 0
    left_out: list[NotExported] = field(default_factory=list)  # the plan's
    failed: list[NotExported] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # on sidecars
    cancelled: bool = False


def plan_embedding(photos: Sequence[SessionPhoto], rooms: RoomSet) -> EmbedPlan:
    """Which of `photos` get their room as a keyword.

    Photos without a room, rejected ones, and those that the model is unsure of and nobody has looked at get none:
    a keyword travels with the file, and should be right.
    """
    plan = EmbedPlan()
    companions = Companions(_names, (photo.file.path for photo in photos))
    seen: set[Path] = set()
    for photo in photos:
        reason = _no_keyword(photo)
        raws: list[Path] = []
        if not reason:
            files, raws = _companion_raws(photo, companions)
            raw_reason = ""
            for raw in raws:
                if suffix_of(raw.name) == ".dng":
                    raw_reason = f"{raw.name}: a DNG file keeps its keywords inside, and only JPEG files are changed"
                elif (sidecar := _sidecar_of(raw, files)) not in seen:
                    seen.add(sidecar)
                    plan.sidecars.setdefault(photo.id, []).append(sidecar)
            if photo.file.path in raws:
                reason = raw_reason
            else:
                reason = _no_jpeg(photo.file.path)
                if not reason:
                    plan.photos[photo.id] = photo.file
        if photo.id in plan.photos or photo.id in plan.sidecars:
            assert photo.room_id is not None
            plan.rooms[photo.id] = str(rooms[photo.room_id].english)
        if reason:
            plan.left_out.append(NotExported(photo, reason))
    return plan


def embed(
    photos: Sequence[SessionPhoto],
    rooms: RoomSet,
    journal: Journal,
    folder: Path,
    *,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> EmbedReport:
    """Write the room of each of `photos` into its file, flat (`Kitchen`) and hierarchical (`RoomNet|Kitchen`).

    The picture stays byte for byte, other keywords and all other metadata too; times and permissions are kept. A room
    that was written before is replaced. A file that cannot be changed with certainty is reported, the rest goes on.
    `folder` is what the list of earlier sorts shows.

    Raises:
        SortError: another process is sorting, or the journal cannot be written.
    """
    plan = plan_embedding(photos, rooms)
    report = EmbedReport(left_out=plan.left_out)
    by_id = {photo.id: photo for photo in photos}
    items: list[tuple[int | None, PhotoFile]] = []
    keyword: dict[Path, str] = {}
    for photo_id, room in plan.rooms.items():
        file = by_id[photo_id].file
        if photo_id in plan.photos:
            items.append((photo_id, file))
            keyword[file.path.absolute()] = room
        for sidecar in plan.sidecars.get(photo_id, []):
            items.append((None, _as_it_is(sidecar, file.root)))
            keyword[sidecar.absolute()] = room

    def change(path: Path, content: bytes) -> bytes:
        if suffix_of(path.name) in SIDECAR_SUFFIXES:
            return merge_sidecar(content or None, [keyword[path]])
        return splice(content, [keyword[path]])

    result = rewrite(journal, items, change, folder, progress=progress, cancelled=cancelled)
    report.run_id = result.run_id if result.placed else None
    report.cancelled, report.notes = result.cancelled, result.notes
    for placed in result.placed:
        if placed.photo_id is None:
            report.sidecars.append(placed.new)
        else:
            report.files[placed.photo_id] = placed.file
    report.failed = [NotExported(by_id[entry.photo_id], entry.reason) for entry in (*result.failed, *result.skipped)]
    if not report.cancelled:
        report.unchanged = len(plan.photos) - len(report.files) - len(report.failed)
    return report


def _no_keyword(photo: SessionPhoto) -> str:
    if photo.room_id is None:
        return "it was not classified" if photo.problem is None else photo.problem.message
    if photo.rejected:
        return "it is rejected"
    return "the model is unsure of its room, and nobody has looked" if photo.needs_review else ""


def _companion_raws(photo: SessionPhoto, companions: Companions) -> tuple[list[Path], list[Path]]:
    """The files that belong to the photo, and the raw files among them and the photo itself."""
    files = [path for path, _ in companions.take(photo.file.path)]
    return files, [path for path in (photo.file.path, *files) if is_raw(path.name)]


def _sidecar_of(raw: Path, files: Sequence[Path]) -> Path:
    """The raw file's sidecar: `IMG_1.xmp`, or `IMG_1.CR2.xmp` where that is there and the other is not."""
    stem = raw.name[: -len(suffix_of(raw.name))]
    for wanted in (f"{stem}.xmp", f"{raw.name}.xmp"):
        for path in files:
            if path.name.casefold() == wanted.casefold():
                return path
    return raw.with_name(f"{stem}.xmp")


def _no_jpeg(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            photo_format = sniff(stream.read(HEAD_BYTES))
    except OSError as error:
        return f"it cannot be read: {error.strerror or error}"
    if photo_format is PhotoFormat.JPEG:
        return ""
    kind = "photo of another kind" if photo_format is None else f"{photo_format.value} file"
    return f"it is a {kind}, and keywords can be written into JPEG files only"


def _names(folder: Path) -> list[str]:
    try:
        return list_names(folder)
    except SortError:  # then there is nothing in sight beside the photo
        return []


def _as_it_is(path: Path, root: Path) -> PhotoFile:
    """The file at `path`, of size and time 0 where it is not there."""
    try:
        status = path.stat()
    except OSError:
        return PhotoFile(path, root, 0, 0)
    return PhotoFile(path, root, status.st_size, status.st_mtime_ns)
