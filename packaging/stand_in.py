"""Leaves x265 out of a Linux bundle: a library of a few bytes stands in its place.

pillow-heif's libheif is linked to x265, an encoder under the GPL, for writing HEIC; without some library of its name
libheif does not load. RoomNet only reads. The stand-in has the functions that libheif asks for, and they return null.
It is RoomNet's own, under its licence, so that a bundle holds nothing under the GPL.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

PATTERN = "libx265*.so*"
LARGEST = 50_000
"""Bytes; the encoder has 20 MB."""


def make(encoder: Path, target: Path) -> Path:
    """A library of the same name as `encoder`, in the folder `target`, for the libheif that lies beside `encoder`.

    Needs `nm` and a C compiler, `cc`.
    """
    (libheif,) = encoder.parent.glob("libheif*")
    wanted = _functions(libheif, "--undefined-only") & _functions(encoder, "--defined-only")
    target.mkdir(parents=True, exist_ok=True)
    made = target / encoder.name
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-Os", "-s", "-nostdlib", f"-Wl,-soname,{encoder.name}", "-xc", "-", "-o", made],
        input="".join(f"void *{name}(void) {{ return 0; }}\n" for name in sorted(wanted)).encode(),
        check=True,
    )
    return made


def _functions(library: Path, which: str) -> set[str]:
    lines = subprocess.run(["nm", "--dynamic", which, library], check=True, capture_output=True, text=True).stdout
    return {line.split()[-1].split("@")[0] for line in lines.splitlines() if line}
