"""What became of the photos that are known: a scan compared with memory, one file at a time and without a database."""

from __future__ import annotations

import enum
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from roomnet_core.photos.identity import content_key
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.problems import as_problem, os_photo_error, photo_error
from roomnet_core.photos.scan import never
from roomnet_core.session.photo import SessionPhoto

# Trying these again gives the same while the file is the same. The other problems may have gone.
LASTING = frozenset({"damaged", "too_large"})

Elsewhere = Callable[[int], Iterable[SessionPhoto]]


class State(enum.Enum):
    UNCHANGED = "unchanged"
    MOVED = "moved"
    """The same content at another place, or at its place with another date."""
    CHANGED = "changed"
    """Another content at its place: what the person said stays, what the model said does not."""
    NEW = "new"
    PROBLEM = "problem"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Finding:
    """`item` is the file as it is now, `photo` what was known of it; `classify`: the model has yet to see it."""

    state: State
    item: PhotoFile | Problem
    photo: SessionPhoto | None = None
    classify: bool = False


@dataclass(frozen=True, slots=True)
class Remembered:
    """What earlier sessions knew. `absent` photos were gone the last time, and have the problem `missing`."""

    photos: tuple[SessionPhoto, ...] = ()
    absent: tuple[SessionPhoto, ...] = ()


def nowhere(size: int) -> Iterable[SessionPhoto]:
    """No photos beyond those that are remembered."""
    return ()


def reconcile(
    known: Remembered,
    items: Iterable[PhotoFile | Problem],
    *,
    roots: Sequence[Path],
    elsewhere: Elsewhere = nowhere,
    cancelled: Callable[[], bool] = never,
) -> Iterator[Finding]:
    """Compare `items`, a scan of `roots`, with what is `known`, and yield one finding an item as it comes.

    A photo is the same if it has the same place, size and date; or else, wherever it lies, the same content, if the
    place where it was known no longer holds it. Of several such photos (copies of one picture) the one with the same
    name is taken, then the one in the same folder, then the one known longest. Files are read only where place, size
    and date do not settle it.

    After the last item come the photos below `roots` that are gone: not after a cancelled scan, and not if a root is
    gone as a whole (a drive that was unplugged).

    Args:
        elsewhere: photos of a given size in bytes that are remembered but not in `known`.
        cancelled: asked for each item.
    """
    return _Reconciler(known, elsewhere).run(items, roots, cancelled)


class _Reconciler:
    def __init__(self, known: Remembered, elsewhere: Elsewhere) -> None:
        self._elsewhere = elsewhere
        self._present = {str(photo.file.path): photo for photo in known.photos}
        self._absent = {str(photo.file.path): photo for photo in known.absent}
        self._by_size: defaultdict[int, list[SessionPhoto]] = defaultdict(list)
        for photo in (*known.photos, *known.absent):
            self._by_size[photo.file.size].append(photo)
        self._taken: set[int] = set()

    def run(
        self, items: Iterable[PhotoFile | Problem], roots: Sequence[Path], cancelled: Callable[[], bool]
    ) -> Iterator[Finding]:
        for item in items:
            if cancelled():
                return
            finding = self._problem(item) if isinstance(item, Problem) else self._file(item)
            if finding.photo is not None:
                self._taken.add(finding.photo.id)
            yield finding
        if not cancelled() and all(os.path.lexists(root) for root in roots):
            yield from self._missing(roots, cancelled)

    def _problem(self, item: Problem) -> Finding:
        return Finding(State.PROBLEM, item, self._here(item.path))

    def _file(self, file: PhotoFile) -> Finding:
        photo = self._here(file.path)
        if photo is not None and _same_date(photo.file, file) and (photo.file.content or not photo.prediction):
            return Finding(State.UNCHANGED, file, photo, _is_unclassified(photo))
        absent = self._absent.get(str(file.path))
        if absent is not None and absent.id not in self._taken and _same_date(absent.file, file):
            return Finding(State.UNCHANGED, file, absent, absent.prediction is None)
        candidates = [known for known in self._by_size[file.size] if known.id not in self._taken]
        others = () if candidates else tuple(self._elsewhere(file.size))
        if photo is None and not candidates and not others:
            return Finding(State.NEW, file, None, True)  # without a second look at the file
        try:
            file = replace(file, content=content_key(file.path))
        except OSError as error:
            return Finding(State.PROBLEM, as_problem(file.path, file.root, os_photo_error(file.path, error)), photo)
        if photo is not None and (photo.file.content == file.content or _same_date(photo.file, file)):
            return Finding(State.MOVED, file, photo, _is_unclassified(photo))
        moved = self._moved(file, candidates) or self._moved(file, others)
        if moved is not None:
            return Finding(State.MOVED, file, moved, _is_unclassified(moved))
        return Finding(State.NEW if photo is None else State.CHANGED, file, photo, True)

    def _here(self, path: Path) -> SessionPhoto | None:
        """The photo known at that place, unless it was found at another one by now."""
        photo = self._present.get(str(path))
        return photo if photo is not None and photo.id not in self._taken else None

    def _moved(self, file: PhotoFile, candidates: Sequence[SessionPhoto]) -> SessionPhoto | None:
        same = [
            photo
            for photo in candidates
            if photo.file.content == file.content
            and photo.id not in self._taken
            and (_has_left(photo) or _same_place(photo.file.path, file.path))
        ]
        path = file.path
        return min(
            same,
            key=lambda photo: (photo.file.path.name != path.name, photo.file.path.parent != path.parent, photo.id),
            default=None,
        )

    def _missing(self, roots: Sequence[Path], cancelled: Callable[[], bool]) -> Iterator[Finding]:
        for path, photo in self._present.items():
            if cancelled():
                return
            if photo.id not in self._taken and any(_is_below(path, root) for root in roots) and _is_gone(path):
                problem = as_problem(photo.file.path, photo.file.root, photo_error(photo.file.path, "missing"))
                yield Finding(State.MISSING, problem, photo)


def _same_date(known: PhotoFile, found: PhotoFile) -> bool:
    return known.mtime_ns == found.mtime_ns and known.size == found.size


def _is_unclassified(photo: SessionPhoto) -> bool:
    if photo.prediction is not None:
        return False
    return photo.problem is None or photo.problem.kind not in LASTING


def _has_left(photo: SessionPhoto) -> bool:
    """The place where the photo was known does not hold it any more."""
    try:
        status = photo.file.path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return status.st_size != photo.file.size or status.st_mtime_ns != photo.file.mtime_ns


def _same_place(one: Path, other: Path) -> bool:
    """Two ways to one file: through a linked folder, or in small and capital letters where they count alike."""
    return os.path.realpath(one) == os.path.realpath(other)


def _is_gone(path: str) -> bool:
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False
    return False


def _is_below(path: str, root: Path) -> bool:
    folder = str(root)
    return path == folder or path.startswith(folder if folder.endswith(os.sep) else folder + os.sep)
