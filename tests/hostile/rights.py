"""Root reads everything. For a while, do without that right, so that permissions mean something to a test."""

from __future__ import annotations

import ctypes
import os
import shutil
import struct
import sys
from collections.abc import Iterator
from contextlib import contextmanager

_VERSION = 0x20080522
_PAST_PERMISSIONS = 1 << 1 | 1 << 2  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH


def anybody() -> list[str]:
    """What to put before a command so that its process may read only what permissions allow."""
    if sys.platform != "linux" or os.geteuid() != 0 or shutil.which("setpriv") is None:
        return []
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search"]


@contextmanager
def as_anybody() -> Iterator[None]:
    """This thread, and threads that it starts in the block, may read only what permissions allow."""
    if sys.platform != "linux" or os.geteuid() != 0:
        yield
        return
    before = _capabilities()
    effective, permitted, inheritable, *high = before
    _set_capabilities((effective & ~_PAST_PERMISSIONS, permitted, inheritable, *high))
    try:
        yield
    finally:
        _set_capabilities(before)


def _capabilities() -> tuple[int, ...]:
    header, data = ctypes.create_string_buffer(struct.pack("Ii", _VERSION, 0)), ctypes.create_string_buffer(24)
    if ctypes.CDLL(None, use_errno=True).capget(header, data) != 0:
        raise OSError(ctypes.get_errno(), "capget")
    return struct.unpack("6I", data.raw[:24])


def _set_capabilities(values: tuple[int, ...]) -> None:
    header = ctypes.create_string_buffer(struct.pack("Ii", _VERSION, 0))
    data = ctypes.create_string_buffer(struct.pack("6I", *values))
    if ctypes.CDLL(None, use_errno=True).capset(header, data) != 0:
        raise OSError(ctypes.get_errno(), "capset")
