"""Why a file cannot be used, in words: one message for each kind of problem, with the file and the remedy."""

from __future__ import annotations

import unicodedata
from pathlib import Path

from roomnet_core.errors import PhotoError
from roomnet_core.photos.formats import HEAD_BYTES, OTHER_PHOTO_SUFFIXES, suffix_of
from roomnet_core.photos.photo_file import Problem

MAX_PIXELS = 300_000_000
"""Photos with more pixels are refused: enough for large panoramas, and a tiny file cannot claim all the memory."""

_MESSAGES = {
    "missing": "{name} is no longer there. Put it back, or open the folder again.",
    "permission": "{name} cannot be opened: it is locked or belongs to someone else. Close it in other programs, or "
    "change its permissions, and try again.",
    "empty": "{name} is empty (0 bytes). Copy it again from the camera or the card.",
    "unsupported": "{name} is not a photo that RoomNet can read. Save it as JPEG, PNG, TIFF or HEIC.",
    "damaged": "{name} is damaged or incomplete. Copy it again from the camera or the card, or open it in a photo "
    "program and save it anew.",
    "too_large": "{name} is too large to be opened safely (the limit is {limit} megapixels). Save a smaller "
    "version of it.",
    "unreadable": "{name} cannot be read. Check the drive or the network connection, and try again.",
}
_RAW = (
    "{name} is a camera raw file, and there is no JPEG beside it. Export it as JPEG or TIFF and open that, or install "
    "RoomNet with what reads raw files: pip install 'roomnet[raw]'"
)
_WRONG_NAME = "{name} is named like a photo, but its content is something else. Open it in the program it came from."
_NOT_A_FILE = "{name} is not a regular file. Choose a photo or a folder of photos."
_FOLDER = {
    "permission": "The folder {name} cannot be opened: you have no permission to read it. Change its permissions, or "
    "copy its photos elsewhere.",
    "missing": "The folder {name} is no longer there. Put it back, or open the folder again.",
    "unreadable": "The folder {name} cannot be read. Check the drive or the network connection, and try again.",
}

# Embeddings, overrides and isolates of Unicode's bidirectional algorithm (UAX 9, 2.1 to 2.5).
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

# No photo has a shorter file, whatever its format.
_SHORTEST_PHOTO = 16


def photo_error(path: Path, kind: str, detail: str = "") -> PhotoError:
    """The error of `kind` (see `PhotoError`) for the file `path`; `detail` is the technical reason, put at the end."""
    return _error(path, kind, _MESSAGES[kind], detail)


def too_large(path: Path, detail: str, limit: int = MAX_PIXELS) -> PhotoError:
    """The photo `path` has more than `limit` pixels, or would keep a decoder busy as if it had."""
    return _error(path, "too_large", _MESSAGES["too_large"], detail, limit=limit)


def os_photo_error(path: Path, error: OSError) -> PhotoError:
    """The operating system refused to open or read the file `path`."""
    return photo_error(path, _os_kind(error), _os_detail(error))


def folder_error(path: Path, error: OSError) -> PhotoError:
    """The operating system refused to list the folder `path`."""
    kind = _os_kind(error)
    return _error(path, kind, _FOLDER.get(kind, _FOLDER["unreadable"]), _os_detail(error))


def not_a_photo(path: Path, head: bytes) -> PhotoError:
    """The file `path` begins with `head`, which is no photo's signature."""
    if not head:
        return photo_error(path, "empty")
    if len(head) < _SHORTEST_PHOTO or not any(head[:HEAD_BYTES]):
        # A card that fails leaves files full of zeros.
        return photo_error(path, "damaged", "the file's beginning is lost")
    wrong_name = suffix_of(path.name) not in OTHER_PHOTO_SUFFIXES
    return _error(path, "unsupported", _WRONG_NAME if wrong_name else _MESSAGES["unsupported"], "")


def raw_photo(path: Path) -> PhotoError:
    """The file `path` is a camera original, and what would develop it is not installed."""
    return _error(path, "unsupported", _RAW, "")


def not_a_file(path: Path) -> PhotoError:
    """`path` is a pipe, a socket, a device or a folder: never opened, because reading it could wait for ever."""
    return _error(path, "unsupported", _NOT_A_FILE, "")


def as_problem(path: Path, root: Path, error: PhotoError) -> Problem:
    """The record of `error` that travels on in place of the photo."""
    return Problem(path, root, error.kind, str(error))


def printable(text: str) -> str:
    """`text` for people, terminals and strict encoders, on one line and in the order in which it is written.

    Control characters, line separators, undecodable bytes, and what turns the direction of writing around (so that
    `photo<U+202E>gpj.exe` looks like `photoexe.jpg`) become U+FFFD.
    """
    if text.isprintable():  # nearly every name, and quicker to find out
        return text
    return "".join("\N{REPLACEMENT CHARACTER}" if _disturbs(c) else c for c in text)


def escaped(text: str) -> str:
    """`text` with what `printable` replaces as escapes (`\\udce9`, `\\x1b`), so that a file is found by it."""
    return "".join(c.encode("unicode_escape").decode() if _disturbs(c) else c for c in text)


def _disturbs(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in _TURNING


def _error(path: Path, kind: str, message: str, detail: str, *, limit: int = MAX_PIXELS) -> PhotoError:
    text = message.format(name=printable(path.name or str(path)), limit=limit // 1_000_000)
    return PhotoError(kind, f"{text} ({printable(detail)})" if detail else text)


def _os_kind(error: OSError) -> str:
    if isinstance(error, FileNotFoundError | NotADirectoryError):
        return "missing"
    return "permission" if isinstance(error, PermissionError) else "unreadable"


def _os_detail(error: OSError) -> str:
    return error.strerror or type(error).__name__
