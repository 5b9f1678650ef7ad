"""Makes the scripts of `packaging` importable: they are programs, not a package, as PyPI has one of that name."""

from __future__ import annotations

import sys
from pathlib import Path

PACKAGING = Path(__file__).resolve().parents[2] / "packaging"
for folder in (PACKAGING, PACKAGING / "linux"):
    if str(folder) not in sys.path:
        sys.path.append(str(folder))
