"""The catalog: everything that was ever said of photos, in one SQLite file, written as it happens."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from roomnet_core.errors import CatalogError
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.scan import never
from roomnet_core.prediction import ModelKey
from roomnet_core.resources import data_dir
from roomnet_core.rooms import RoomSet
from roomnet_core.session import backup
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.session.reconcile import Finding, Remembered, reconcile
from roomnet_core.session.rows import Reader, RowWriter, encode_path, garbage_collection_paused
from roomnet_core.session.schema import connect, prepare, translate, verify
from roomnet_core.session.writer import OnError, Writer

CATALOG_NAME = "catalog.sqlite"
# Each opening of a catalog numbers its new photos from a range of its own, so that two processes never meet.
_IDS_AN_OPENING = 1 << 24
_CATCH_UP_SECONDS = 5.0


def catalog_path() -> Path:
    """Where the user's catalog is."""
    return data_dir() / CATALOG_NAME


def inspect(path: Path) -> str:
    """What is in the catalog at `path`, for people; it is only read.

    Raises:
        CatalogError: it cannot be used.
    """
    _refuse_to_replace(path)
    if not path.exists():
        return "not there yet; it is made when it is needed"
    try:
        with closing(connect(path)) as connection:
            if not verify(connection, path):  # whoever began to make it was ended before it had tables
                return "empty; it is filled when it is needed"
            photos, decided = connection.execute("SELECT count(*), count(decided) FROM photos").fetchone()
    except sqlite3.Error as error:
        raise _with_remedy(translate(error, path), path) from error
    except CatalogError as error:
        raise _with_remedy(error, path) from error
    return f"intact, {photos:,} photos, {decided:,} with a room that a person chose, {path.stat().st_size:,} bytes"


def ignore(error: CatalogError) -> None:
    """For a caller that learns from `close` what could not be written."""


class Catalog:
    """One open catalog. Everything may be called from any thread; documents belong to one thread each.

    Decisions are kept by the rooms' names and predictions by model, so another model changes no decision, and going
    back to the first one costs nothing. Photos that vanish are remembered with all that was said of them.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, first_id: int, on_error: OnError) -> None:
        """Use `open`."""
        self.path = path
        self._on_error = on_error
        self._writer = Writer(connection, path, on_error)
        self._rows = RowWriter()
        self._ids = itertools.count(first_id)
        # Photos as they were read: what a document admits later is not written again.
        self._read: dict[int, SessionPhoto] = {}
        self._backup_due = backup.is_due(path)

    @classmethod
    def open(cls, path: Path | None = None, *, on_error: OnError = ignore) -> Catalog:
        """Open the catalog, or start one. Takes some milliseconds, or seconds while another process holds it.

        Args:
            path: default: the user's.
            on_error: is told, on the writer's thread, when writing begins to fail; see `Writer`.

        Raises:
            CatalogError: the catalog is damaged, was made by a later version, is locked, or its folder cannot be
                written. Nothing was changed, and nothing takes its place.
        """
        path = path or catalog_path()
        _refuse_to_replace(path)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = connect(path)
            try:
                prepare(connection, path, before_migration=lambda connection: backup.write_backup(connection, path))
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("UPDATE openings SET number = number + 1")
                (number,) = connection.execute("SELECT number FROM openings").fetchone()
                connection.execute("COMMIT")
                return cls(path, connection, int(number) * _IDS_AN_OPENING, on_error)
            except BaseException:
                connection.close()
                raise
        except sqlite3.Error as error:
            raise _with_remedy(translate(error, path), path) from error
        except OSError as error:
            raise CatalogError(
                "unwritable", f"The folder {path.parent} cannot be written: {error.strerror}. Check its permissions."
            ) from error
        except CatalogError as error:
            raise _with_remedy(error, path) from error

    @staticmethod
    def restore_backup(path: Path | None = None) -> Path | None:
        """Put the backup in the place of a damaged catalog, which is moved aside: returns where it is now.

        Raises:
            CatalogError: there is no sound backup, or files cannot be moved; then nothing has changed.
        """
        return backup.restore_backup(path or catalog_path())

    @staticmethod
    def start_anew(path: Path | None = None) -> Path | None:
        """Move the catalog and its backup aside, so that `open` makes an empty one; returns where the catalog is now.

        Raises:
            CatalogError: the files cannot be moved.
        """
        return backup.start_anew(path or catalog_path())

    # --- reading

    def load(self, roots: Sequence[Path], rooms: RoomSet, model: ModelKey) -> SessionDocument:
        """What is remembered of the photos below `roots`, as a document that writes its every change to the catalog.

        Args:
            roots: absolute paths of folders and photos; they may overlap.
            rooms: the model's rooms. Those that photos were decided for under other models are put behind them.
            model: whose predictions are wanted.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        with self._reading() as connection:
            reader = Reader(connection, rooms, model)
            rooms = rooms.extended(sorted(set().union(*map(reader.decided_rooms, roots))))
        document = SessionDocument(rooms, model=model.name, ids=self._ids)
        with garbage_collection_paused():
            document.admit(self.read(roots, rooms, model))
        document.observe(_Recorder(document, model, self))
        return document

    def read(self, roots: Sequence[Path], rooms: RoomSet, model: ModelKey) -> Remembered:
        """The same as values, for a document that is loaded already and shall `admit` another folder."""
        found: tuple[dict[int, SessionPhoto], ...] = ({}, {})
        with garbage_collection_paused(), self._reading() as connection:
            reader = Reader(connection, rooms, model)
            for root in roots:
                for present, photos in enumerate(reversed(found)):
                    for photo in (*reader.at(root, present=present), *reader.below(root, present=present)):
                        photos.setdefault(photo.id, photo)
        shown, absent = found
        remembered = Remembered(_one_cover_a_room(shown.values()), tuple(absent.values()))
        self._read.update((photo.id, photo) for photo in (*remembered.photos, *remembered.absent))
        return remembered

    def reconcile(
        self,
        known: Remembered,
        items: Iterable[PhotoFile | Problem],
        *,
        roots: Sequence[Path],
        rooms: RoomSet,
        model: ModelKey,
        cancelled: Callable[[], bool] = never,
    ) -> Iterator[Finding]:
        """`session.reconcile.reconcile`, which also finds photos again that come from other folders of the catalog.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        ids = {photo.id for photo in (*known.photos, *known.absent)}
        with self._reading() as connection:
            reader = Reader(connection, rooms, model)

            def elsewhere(size: int) -> list[SessionPhoto]:
                photos = [photo for photo in reader.of_size(size) if photo.id not in ids]
                self._read.update((photo.id, photo) for photo in photos)
                return photos

            yield from reconcile(known, items, roots=roots, elsewhere=elsewhere, cancelled=cancelled)

    def decided(self, rooms: RoomSet, model: ModelKey) -> tuple[RoomSet, list[SessionPhoto]]:
        """Every photo that a person chose a room for, wherever it is, and the rooms: `rooms`, and the others behind.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        with self._reading() as connection:
            rooms = rooms.extended(sorted(Reader(connection, rooms, model).all_decided_rooms()))
            return rooms, Reader(connection, rooms, model).decided()

    def undecided(self, rooms: RoomSet, model: ModelKey, *, limit: int) -> list[SessionPhoto]:
        """At most `limit` photos that the model is sure of and nobody said anything of, from all over the catalog.

        Raises:
            CatalogError: the catalog cannot be read.
        """
        with self._reading() as connection:
            return Reader(connection, rooms, model).sure(limit)

    # --- writing

    def moved(self, moves: Mapping[Path, Path]) -> None:
        """Photos were moved on the disk, from the keys to the values; for those that no open document shows."""
        pairs = [(encode_path(old), encode_path(new)) for old, new in moves.items()]
        self._writer.submit(lambda connection: self._rows.move(connection, pairs))

    @property
    def pending(self) -> int:
        """Changes that would be lost if the program were killed now."""
        return self._writer.pending

    def flush(self, timeout: float | None = None) -> bool:
        """Wait until everything is on the drive; false where that takes longer than `timeout` seconds."""
        return self._writer.flush(timeout)

    def close(self, timeout: float = 5.0) -> None:
        """Write what is left, keep a backup if anything was written, and end.

        Raises:
            CatalogError: within `timeout` seconds some changes could not be written.
        """
        if self.flush(timeout) and (self._writer.committed or self._backup_due):
            try:
                with closing(connect(self.path)) as connection:
                    backup.write_backup(connection, self.path)
            except sqlite3.Error as error:
                self._on_error(translate(error, self.path))
            except OSError as error:
                self._on_error(CatalogError("unwritable", f"The catalog's backup could not be written: {error}."))
            except CatalogError as error:
                self._on_error(_with_remedy(error, self.path))
        self._writer.close(timeout)

    def write(
        self, changes: Sequence[tuple[SessionPhoto | None, SessionPhoto]], rooms: Sequence[str], model: ModelKey
    ) -> None:
        """Put the differences between each photo as it was known and as it is on the list of what is to be written."""
        self._writer.submit(lambda connection: self._rows.write(connection, changes, rooms, model))

    def as_read(self, photo_id: int) -> SessionPhoto | None:
        """The photo as it was last read from the catalog."""
        return self._read.get(photo_id)

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees what was changed until now."""
        self._writer.catch_up(_CATCH_UP_SECONDS)
        try:
            with closing(connect(self.path)) as connection:
                yield connection
        except sqlite3.Error as error:
            raise _with_remedy(translate(error, self.path), self.path) from error
        except CatalogError as error:
            raise _with_remedy(error, self.path) from error


class _Recorder:
    """The observer that writes a document's changes to the catalog."""

    def __init__(self, document: SessionDocument, model: ModelKey, catalog: Catalog) -> None:
        self._document, self._model, self._catalog = document, model, catalog
        self._written: dict[int, SessionPhoto] = {}

    def __call__(self, ids: tuple[int, ...]) -> None:
        """Photos are values, so the comparison and the writing can wait for the writer's thread."""
        changes = []
        for photo_id in ids:
            photo = self._document[photo_id]
            changes.append((self._written.get(photo_id) or self._catalog.as_read(photo_id), photo))
            self._written[photo_id] = photo
        self._catalog.write(changes, self._document.rooms.names, self._model)


def _one_cover_a_room(photos: Iterable[SessionPhoto]) -> tuple[SessionPhoto, ...]:
    """Two processes may each have chosen a cover; the first one counts."""
    rooms: set[int | None] = set()
    kept = []
    for photo in photos:
        if photo.marks.cover:
            if photo.marks.decided in rooms:
                photo = replace(photo, marks=replace(photo.marks, cover=False))
            rooms.add(photo.marks.decided)
        kept.append(photo)
    return tuple(kept)


def _refuse_to_replace(path: Path) -> None:
    """An empty catalog must never take the place of one that was lost."""
    try:
        lost = path.stat().st_size == 0
    except OSError:
        lost = True
    if lost and backup.read_date(path) is not None:
        raise _with_remedy(CatalogError("damaged", f"The catalog {path} is gone or empty."), path)


def _with_remedy(error: CatalogError, path: Path) -> CatalogError:
    """For a damaged catalog, the way out; the other errors have theirs."""
    if error.kind != "damaged":
        return error
    date = backup.read_date(path)
    if date is None:
        remedy = "There is no backup. `roomnet doctor --new-catalog` moves it aside and starts a new one."
    else:
        remedy = f"Restore its backup of {date:%Y-%m-%d %H:%M} with `roomnet doctor --restore-catalog`."
    return CatalogError("damaged", f"{error} Nothing was changed. {remedy}")
