"""Opening and reading photo files, and the reason when that fails."""

from __future__ import annotations

import errno
import stat
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from PIL import Image

from roomnet_core.errors import PhotoError
from roomnet_core.photos.plugins import DecoderMissing
from roomnet_core.photos.problems import not_a_file, os_photo_error, photo_error

# Some decoders take the whole file into memory.
_MAX_FILE_BYTES = 2 << 30

# Windows: another program (a virus scanner, a sync client) holds the file for a moment.
_SHARING_VIOLATION = 32
_LOCKED_RETRIES = 3
_LOCKED_PAUSE_SECONDS = 0.05


def open_photo(path: Path) -> BinaryIO:
    """Open `path` for reading after a look at what it is: opening a pipe would wait for ever.

    Raises:
        PhotoError: it is no regular file, or far too large for a photo.
        OSError: the system refuses.
    """
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise not_a_file(path)
    if status.st_size > _MAX_FILE_BYTES:
        raise photo_error(path, "too_large", f"{status.st_size:,} bytes")
    for _ in range(_LOCKED_RETRIES):
        try:
            return path.open("rb")
        except PermissionError as error:
            if getattr(error, "winerror", None) != _SHARING_VIOLATION:
                raise
            time.sleep(_LOCKED_PAUSE_SECONDS)
    return path.open("rb")


def read_photo(path: Path) -> bytes:
    """The whole content of the photo at `path`, read from the beginning to the end in one go.

    Raises:
        PhotoError: the file cannot be read; its `kind` and message say why.
    """
    with reasons(path), open_photo(path) as stream:
        return stream.read()


@contextmanager
def reasons(path: Path) -> Iterator[None]:
    """Turns whatever goes wrong with the photo at `path` in the block into a `PhotoError` that says why."""
    try:
        yield
    except PhotoError:
        raise
    except (DecoderMissing, ImportError) as error:
        raise photo_error(path, "unsupported", str(error)) from error
    except (MemoryError, Image.DecompressionBombError) as error:
        raise photo_error(path, "too_large", str(error)) from error
    except OSError as error:
        # The operating system's errors carry a number, the decoders' complaints about the content do not; EINVAL is
        # what seeking to a nonsensical place in a damaged file gives.
        if error.errno not in (None, errno.EINVAL):
            raise os_photo_error(path, error) from error
        raise photo_error(path, _kind_of(error), _technical(error)) from error
    except Exception as error:  # a damaged file makes Pillow's parsers raise nearly anything
        raise photo_error(path, _kind_of(error), _technical(error)) from error


def _kind_of(error: Exception) -> str:
    """Some decoders say in words only that there was no memory for a photo."""
    return "too_large" if "out of memory" in str(error).lower() else "damaged"


def _technical(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
