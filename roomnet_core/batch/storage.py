"""Photos and results wherever they lie: the file systems behind URIs, patient reading, writing whole or not at all."""

from __future__ import annotations

import functools
import os
import random
import re
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from time import sleep
from typing import Any, TypeVar
from urllib.parse import unquote_to_bytes, urlsplit
from urllib.request import url2pathname

import fsspec
import pyarrow.fs
from fsspec.implementations.arrow import ArrowFSWrapper

from roomnet_core.errors import BatchError, PhotoError, UsageError
from roomnet_core.inference.stages import read_ahead
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.photos.problems import os_photo_error, photo_error, printable

T = TypeVar("T")

_URI = re.compile(r"([a-z][a-z0-9+.-]*)://([^/]*)(.*)", re.IGNORECASE | re.DOTALL)
_ARROW_SCHEMES = ("s3", "gs")
# A remote photo is held whole; no photo that is not made to harm is larger.
_LARGEST_REMOTE_BYTES = 512 << 20
# The wait before the first retry; each later one is twice as long.
_FIRST_PAUSE_SECONDS = 0.5
# How object stores word a refusal; PyArrow hands their words on.
_DENIED = re.compile(r"ACCESS_?DENIED|PERMISSION_DENIED|UNAUTHENTICATED|FORBIDDEN|NO_SUCH_BUCKET|NO ?CREDENTIALS", re.I)


def as_uri(place: str) -> str:
    """The URI of what a person calls a folder, a file or a bucket: absolute, whatever the working folder is later."""
    found = _URI.fullmatch(place)
    if found is None:
        return Path(place).expanduser().absolute().as_uri()
    scheme = found[1].lower()
    return f"{'gs' if scheme == 'gcs' else scheme}://{found[2]}{found[3]}"


def local_path(uri: str) -> Path | None:
    """The path that a `file://` URI names, whatever bytes its name is made of; None for any other URI."""
    if not uri.startswith("file://"):
        return None
    path = uri.removeprefix("file://")
    if os.name == "nt":
        return Path(url2pathname(path))
    return Path(os.fsdecode(unquote_to_bytes(path)))


def join(folder: str, name: str) -> str:
    """`name` below the URI `folder`; a `name` that is a URI or an absolute path stands for itself."""
    if _URI.fullmatch(name):
        return as_uri(name)
    if (root := local_path(folder)) is not None:
        return (root / name).as_uri()
    return f"{folder.rstrip('/')}/{name.lstrip('/')}"


def filesystem(uri: str) -> tuple[fsspec.AbstractFileSystem, str]:
    """The file system of a URI and the path in it: PyArrow's for S3 and Google's storage, else fsspec's.

    Raises:
        UsageError: nothing that is installed knows the scheme, or the bucket cannot be reached.
    """
    found = _URI.fullmatch(uri)
    assert found is not None, uri
    scheme, authority, rest = found.groups()
    if (path := local_path(uri)) is not None:
        return _connect("file", ""), str(path)
    if scheme in _ARROW_SCHEMES:  # bare keys, not quoted ones, as the stores' own tools write them
        return _connect(scheme, authority), f"{authority.rpartition('@')[2]}{rest}"
    return _connect(scheme, ""), uri


@functools.lru_cache(maxsize=64)  # a connection and its pool of sockets for each bucket
def _connect(scheme: str, authority: str) -> fsspec.AbstractFileSystem:
    try:
        if scheme in _ARROW_SCHEMES:
            return ArrowFSWrapper(pyarrow.fs.FileSystem.from_uri(f"{scheme}://{authority}")[0])
        return fsspec.filesystem(scheme)
    except (ValueError, ImportError) as error:
        raise UsageError(f"{scheme}:// cannot be read: {printable(str(error))}") from error
    except OSError as error:
        raise UsageError(f"{scheme}://{authority} cannot be reached: {printable(str(error))}") from error


def uri_of(uri: str, path: str) -> str:
    """The URI of `path`, which the file system of `uri` gave."""
    found = _URI.fullmatch(uri)
    assert found is not None
    scheme, authority, _ = found.groups()
    if scheme not in _ARROW_SCHEMES:
        return path if _URI.fullmatch(path) else Path(path).as_uri()
    user = authority.rpartition("@")[0]
    return f"{scheme}://{user}{'@' if user else ''}{path}"


# --- reading photos


def is_local(uri: str) -> bool:
    return uri.startswith("file://")


def photo_of(uri: str, size: int = 0) -> PhotoFile:
    """What the core takes a photo for; away from this machine only the name means anything."""
    path = local_path(uri) or Path(urlsplit(uri).path.rpartition("/")[2] or "photo")
    return PhotoFile(path, path.parent, size, 0)


def fetch(uri: str, retries: int) -> tuple[PhotoFile, bytes | None]:
    """The photo and its content, None where it is on a drive here and too large to be held.

    What may pass (a time-out, a refusal for too many requests, a network drive that is away) is tried again `retries`
    times, after 0.5, 1, 2, ... seconds give or take a half; what will not (missing, forbidden, too large) is not.

    Raises:
        PhotoError: it cannot be read; `unreadable` after all retries.
    """
    return _patient(lambda: _fetch(uri), retries, lambda error: isinstance(error, PhotoError) and _may_pass(error))


def _may_pass(error: PhotoError) -> bool:
    return error.kind == "unreadable"


def _fetch(uri: str) -> tuple[PhotoFile, bytes | None]:
    path = local_path(uri)
    if path is not None:
        try:
            file = PhotoFile(path, path.parent, path.stat().st_size, 0)
        except OSError as error:
            raise os_photo_error(path, error) from error
        return file, read_ahead(file)
    file = photo_of(uri)
    try:
        system, place = filesystem(uri)
        if isinstance(system, ArrowFSWrapper):
            with system.fs.open_input_file(place) as stream:
                if stream.size() > _LARGEST_REMOTE_BYTES:
                    raise photo_error(file.path, "too_large", f"{stream.size():,} bytes")
                content = stream.read()
        else:
            content = system.cat_file(place)
    except PhotoError:
        raise
    except Exception as error:  # each library has errors of its own
        raise photo_error(file.path, _kind_of(error), _words(error)) from error
    return PhotoFile(file.path, file.root, len(content), 0), content


def _kind_of(error: Exception) -> str:
    status = getattr(error, "status", None)  # of aiohttp's errors: RFC 9110, section 15
    if isinstance(error, FileNotFoundError) or status in (404, 410):
        return "missing"
    denied = isinstance(error, PermissionError) or status in (401, 403) or _DENIED.search(str(error))
    return "permission" if denied else "unreadable"


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__


def _patient(call: Callable[[], T], retries: int, may_pass: Callable[[Exception], bool]) -> T:
    for attempt in range(retries):
        try:
            return call()
        except Exception as error:
            if not may_pass(error):
                raise
        # Spread, so that a thousand workers do not all come back at once.
        sleep(_FIRST_PAUSE_SECONDS * 2**attempt * random.uniform(0.5, 1.5))
    return call()


# --- the folder of the results


class Store:
    """A folder on a drive or in a bucket. What is put there appears whole or not at all.

    Raises:
        BatchError: from each method, when the folder cannot be read or written, after `retries`.
    """

    def __init__(self, uri: str, retries: int = 4) -> None:
        self.uri = uri.rstrip("/") if local_path(uri) is None else uri
        self._retries = retries
        self._local = local_path(uri)
        if self._local is None and uri.partition("://")[0] not in _ARROW_SCHEMES:
            raise UsageError(f"Results cannot be written to {uri}. Give a folder, or a place in s3:// or gs://.")
        system, self._path = filesystem(self.uri)
        self._arrow: Any = system.fs if isinstance(system, ArrowFSWrapper) else pyarrow.fs.LocalFileSystem()

    def names(self, folder: str = "") -> dict[str, int]:
        """What is in `folder` itself, with sizes in bytes (-1 for folders); empty where it does not exist."""
        selector = pyarrow.fs.FileSelector(self._at(folder), allow_not_found=True)
        found = self._try(lambda: self._arrow.get_file_info(selector))
        return {info.base_name: info.size if info.is_file else -1 for info in found}

    def has(self, name: str) -> bool:
        return bool(self._try(lambda: self._arrow.get_file_info(self._at(name))).is_file)

    def get(self, name: str) -> bytes:
        def read() -> bytes:
            with self._arrow.open_input_file(self._at(name)) as stream:
                return bytes(stream.read())

        return self._try(read)

    def open(self, name: str) -> Any:
        """A file to read parts of."""
        return self._try(lambda: self._arrow.open_input_file(self._at(name)))

    def put(self, name: str, content: bytes) -> None:
        """Write the file, in place of one of that name."""
        self._try(lambda: self._put_local(self._local / name, content) if self._local else self._put(name, content))

    def _put(self, name: str, content: bytes) -> None:
        with self._arrow.open_output_stream(self._at(name)) as stream:  # seen only once it is closed
            stream.write(content)

    def _put_local(self, path: Path, content: bytes) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        for leftover in path.parent.glob(f".{path.name}.*.part"):  # of a worker that was killed
            with suppress(OSError):
                leftover.unlink()
        staged = path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.part")
        try:
            with staged.open("xb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            staged.replace(path)
        except BaseException:
            with suppress(OSError):
                staged.unlink()
            raise

    def _at(self, name: str) -> str:
        return f"{self._path}/{name}" if name else self._path

    def _try(self, call: Callable[[], T]) -> T:
        try:
            return _patient(call, self._retries, lambda error: isinstance(error, OSError) and _passing(error))
        except OSError as error:
            where = self._local or self.uri
            raise BatchError(
                f"{printable(str(where))} cannot be used for the results: {printable(_words(error))}. Make sure that "
                "every machine sees it and may write to it; then run the same command with --resume."
            ) from error


def _passing(error: OSError) -> bool:
    lasting = FileNotFoundError | PermissionError | NotADirectoryError | IsADirectoryError
    return not isinstance(error, lasting) and _kind_of(error) == "unreadable"


def walk(uri: str) -> Iterator[tuple[str, list[str]]]:
    """Each folder below a prefix, as a URI, with the names of its files. One folder's names are held at a time."""
    system, path = filesystem(uri)
    for folder, _, files in system.walk(path.rstrip("/") if isinstance(system, ArrowFSWrapper) else path):
        yield uri_of(uri, folder), sorted(files)
