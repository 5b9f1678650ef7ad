"""INPUT of a batch to photos: a folder, a glob, a prefix in a bucket, or a Parquet, CSV or text list of URIs."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.csv
import pyarrow.dataset
from fsspec.implementations.arrow import ArrowFSWrapper

from roomnet_core.batch.storage import as_uri, filesystem, is_local, join, local_path, uri_of, walk
from roomnet_core.errors import UsageError
from roomnet_core.photos.formats import OTHER_PHOTO_SUFFIXES, PHOTO_SUFFIXES, RAW_SUFFIXES, suffix_of
from roomnet_core.photos.natural_order import natural_key
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.problems import printable
from roomnet_core.photos.scan import scan_all

URI_COLUMNS = ("uri", "url", "path", "file")
"""The columns of a Parquet or CSV list that are taken for URIs, the first that is there."""

_TABLES = {".parquet": "parquet", ".csv": "csv"}
_TEXTS = (".txt", ".lst")
_PHOTOS = PHOTO_SUFFIXES | RAW_SUFFIXES | OTHER_PHOTO_SUFFIXES


@dataclass(frozen=True, slots=True)
class Listed:
    """A photo to classify, or a file that is known to be unreadable: then `kind` and `problem` say why."""

    uri: str
    kind: str = ""
    problem: str = ""


def list_photos(place: str, column: str | None = None) -> Iterator[Listed]:
    """The photos of INPUT, found while the caller works on the first ones.

    A local folder and a local glob are looked through as `roomnet classify` does. In a bucket a file is told by its
    name, for to look into each would cost a request.

    Args:
        column: of a Parquet or CSV list; default: the first of `URI_COLUMNS`, or the only one there is.

    Raises:
        UsageError: there is nothing at `place`, or the list has no such column; with the first result.
    """
    uri = as_uri(place)
    suffix = suffix_of(uri)
    if suffix in _TABLES:
        return _from_table(uri, _TABLES[suffix], column)
    if suffix in _TEXTS:
        return _from_text(uri)
    if is_local(uri):
        # A name may hold what a glob would take for its own.
        path = Path(place).expanduser().absolute() if "://" not in place else local_path(uri)
        assert path is not None
        if not os.path.lexists(path) and glob.has_magic(str(path)):
            return _scanned(_matches(str(path), place))
        return _scanned([path])
    if glob.has_magic(uri.partition("://")[2].partition("?")[0] if uri.startswith("http") else uri):
        return _from_remote_glob(uri)
    return _from_prefix(uri)


def _scanned(paths: Iterable[Path]) -> Iterator[Listed]:
    for item in scan_all(paths):
        yield Listed(item.path.as_uri()) if isinstance(item, PhotoFile) else _unreadable(item)


def _unreadable(problem: Problem) -> Listed:
    return Listed(problem.path.as_uri(), problem.kind, problem.message)


def _matches(pattern: str, shown: str) -> list[Path]:
    found = sorted(glob.iglob(pattern, recursive=True), key=natural_key)  # noqa: PTH207 (of any folder at all)
    if not found:
        raise _nothing(shown)
    return [Path(name) for name in found if suffix_of(name) in _PHOTOS]


def _from_remote_glob(uri: str) -> Iterator[Listed]:
    system, path = filesystem(uri)
    with _explained(uri):
        found = sorted(system.glob(path), key=natural_key)
    if not found:
        raise _nothing(uri)
    yield from (Listed(uri_of(uri, name)) for name in found if suffix_of(name) in _PHOTOS)


def _from_prefix(uri: str) -> Iterator[Listed]:
    system, path = filesystem(uri)
    with _explained(uri):
        if suffix_of(path) in _PHOTOS and system.isfile(path):
            yield Listed(uri)
            return
        if not system.exists(path):
            raise _nothing(uri)
        for folder, names in walk(uri):
            stems = {_stem(name) for name in names if suffix_of(name) in PHOTO_SUFFIXES}
            for name in sorted(names, key=natural_key):
                suffix = suffix_of(name)
                # As in a folder: nothing hidden, and a raw file beside its JPEG is the same photo.
                if suffix in _PHOTOS and not name.startswith(".") and (
                    suffix not in RAW_SUFFIXES or _stem(name) not in stems
                ):
                    yield Listed(join(folder, name))


def _from_text(uri: str) -> Iterator[Listed]:
    system, path = filesystem(uri)
    folder = uri.rpartition("/")[0]
    with _explained(uri), system.open(path, "rb") as stream:
        for number, line in enumerate(stream):
            entry = line.decode("utf-8-sig" if not number else "utf-8", "surrogateescape").strip()
            if entry and not entry.startswith("#"):
                yield Listed(join(folder, entry))


def _from_table(uri: str, kind: str, column: str | None) -> Iterator[Listed]:
    system, path = filesystem(uri)
    folder = uri.rpartition("/")[0]
    arrow: Any = system.fs if isinstance(system, ArrowFSWrapper) else system
    with _explained(uri):
        if not system.exists(path):
            raise _nothing(uri)
        table = pyarrow.dataset.dataset(path, format=kind, filesystem=arrow)
        name = _column(table.schema.names, column, uri)
        if kind == "csv":  # keys that look like numbers or dates are still keys
            options = pyarrow.csv.ConvertOptions(column_types={name: pyarrow.string()})
            text = pyarrow.dataset.CsvFileFormat(convert_options=options)
            table = pyarrow.dataset.dataset(path, format=text, filesystem=arrow)
        for batch in table.to_batches(columns=[name]):
            for entry in batch.column(0).to_pylist():
                if not isinstance(entry, str | None):
                    raise UsageError(f"The column {printable(name)} of {printable(uri)} holds no text.")
                if entry and entry.strip():
                    yield Listed(join(folder, entry.strip()))


def _column(names: list[str], wanted: str | None, uri: str) -> str:
    if wanted is not None:
        if wanted in names:
            return wanted
    elif found := [name for name in URI_COLUMNS if name in names] or (names if len(names) == 1 else []):
        return found[0]
    shown = ", ".join(map(printable, names)) or "none"
    missing = f"no column {printable(wanted)}" if wanted else f"no column {', '.join(URI_COLUMNS)}"
    raise UsageError(f"{printable(uri)} has {missing}. Its columns: {shown}. Name one with --column.")


class _explained:
    """Turns what goes wrong while `uri` is listed into an error that names it."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, UsageError) or not isinstance(error, Exception):
            return
        if isinstance(error, FileNotFoundError):
            raise _nothing(self._uri) from error
        words = printable(f"{type(error).__name__}: {error}")
        raise UsageError(f"{printable(self._uri)} cannot be listed: {words}") from error


def _nothing(place: str) -> UsageError:
    return UsageError(f"There is nothing at {printable(place)}.")


def _stem(name: str) -> str:
    return name[: len(name) - len(suffix_of(name))].casefold()
