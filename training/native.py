"""C++ beside this module, compiled for the machine it trains on the first time it is called."""

from __future__ import annotations

import ctypes
import hashlib
import os
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import Any

# What a call into C++ is divided among; it gives the interpreter's lock away.
POOL = ThreadPoolExecutor(2)

_POINTER, _NUMBER = ctypes.c_void_p, ctypes.c_int64


@cache
def library(name: str, **functions: tuple[int, int]) -> Any:
    """The compiled `name`.cpp. `functions`: of each, how many pointers it takes, and how many numbers after them.

    Made once for each version of the source. Raises `subprocess.CalledProcessError` where it does not compile.
    """
    source = Path(__file__).with_name(f"{name}.cpp")
    flags = ("-O3", "-march=native", "-fno-math-errno", "-fno-trapping-math", "-shared", "-fPIC")
    version = hashlib.sha256(" ".join(flags).encode() + source.read_bytes()).hexdigest()[:16]
    target = Path(tempfile.gettempdir()) / f"roomnet-{name}-{version}.so"
    if not target.is_file():
        staged = target.with_suffix(f".{os.getpid()}")  # another process may be at it too
        subprocess.run(["g++", *flags, "-o", str(staged), str(source)], check=True)
        staged.replace(target)
    found = ctypes.CDLL(str(target))
    for function, (pointers, numbers) in functions.items():
        entry = getattr(found, function)
        entry.argtypes, entry.restype = [_POINTER] * pointers + [_NUMBER] * numbers, None
    return found


def keep_memory() -> None:
    """Let glibc keep what PyTorch frees: else the system clears the memory of each step's activations anew.

    That takes a third of a step of the original RoomNet. Other C libraries have no such switch.
    """
    trim_threshold, mmap_max = -1, -4  # malloc.h
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(mmap_max, 0)
        mallopt(trim_threshold, -1)
