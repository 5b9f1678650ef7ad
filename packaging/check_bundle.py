"""Lists what a bundle holds by size, and fails when it holds something that it should not or has grown too large.

    python packaging/check_bundle.py dist/roomnet-light light
"""

from __future__ import annotations

import argparse
import re
import sys
from collections import Counter
from fnmatch import fnmatch
from pathlib import Path

import bundle_rules
import stand_in

# What may lie at the top of the folder _internal; all else is a package that came along unnoticed.
_KNOWN = {
    "light": (
        *("PIL", "PySide6", "ai_edge_litert", "assets", "google", "licences", "numpy", "numpy.libs", "pillow.libs"),
        *("pillow_heif", "pillow_heif.libs", "rawpy", "rawpy.libs", "shiboken6", "xxhash"),
        *("Contents", "Python.framework"),  # of a Mac application
    ),
    "full": (
        *("h5py", "h5py.libs", "keras", "ml_dtypes", "ml_dtypes.libs", "optree", "optree.libs", "tensorflow", "wrapt"),
    ),
}
# What the program would start without, and miss later.
_NEEDED = (
    *("assets/docs/guide/", "assets/icons/", "assets/models/", "assets/samples/", "assets/translations/"),
    "licences/README.md",
)
_LIMITS = {"light": 280, "full": 1250}  # MB installed
MB = 1_000_000


# Where the parts lie in a folder, and in a Mac application, which has no dots in the names of folders with programs.
_INNER = re.compile(r"^(_internal|Contents/(Frameworks|MacOS|Resources))/")


def content(bundle: Path) -> dict[str, int]:
    """Every file by its path inside the bundle, with its size in bytes; links count nothing."""
    files: dict[str, int] = {}
    for path in bundle.rglob("*"):
        if path.is_symlink() or path.is_file():
            name = _INNER.sub("", path.relative_to(bundle).as_posix()).replace("__dot__", ".")
            files[name] = max(files.get(name, 0), 0 if path.is_symlink() else path.stat().st_size)
    return files


def faults(files: dict[str, int], flavour: str) -> list[str]:
    """What is wrong with the content, in words."""
    found = []
    languages = bundle_rules.languages(Path(path) for path in files if path.startswith("assets/translations/"))
    known = {*_KNOWN["light"], *(_KNOWN["full"] if flavour == "full" else ())}
    for path in sorted(files):
        top = path.split("/")[0]
        if why := bundle_rules.unneeded(path, flavour, languages):
            found.append(f"{path}: {why}")
        elif fnmatch(path, f"*/{stand_in.PATTERN}") and files[path] > stand_in.LARGEST:
            found.append(f"{path}: an encoder under the GPL, where its stand-in should be")
        elif "/" in path and top not in known and not top.startswith("python3") and not top.endswith(".dist-info"):
            found.append(f"{path}: nobody has said that {top} belongs into the bundle")
    found += [f"{needed} is missing" for needed in _NEEDED if not any(path.startswith(needed) for path in files)]
    total = sum(files.values()) / MB
    if total > _LIMITS[flavour]:
        found.append(f"{total:.0f} MB are more than the {_LIMITS[flavour]} MB of the {flavour} flavour")
    return found


def report(files: dict[str, int], most: int = 25) -> str:
    """The largest folders and files."""
    groups: Counter[str] = Counter()
    for path, size in files.items():
        groups[path.split("/")[0] if "/" in path else "(libraries of the system and of Python)"] += size
    lines = [f"{sum(files.values()) / MB:8.1f} MB in {len(files)} files", ""]
    lines += [f"{size / MB:8.1f} MB  {group}" for group, size in groups.most_common(most)]
    lines.append("")
    lines += [f"{size / MB:8.1f} MB  {path}" for path, size in Counter(files).most_common(most)]
    return "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("flavour", choices=bundle_rules.FLAVOURS)
    args = parser.parse_args()
    files = content(args.bundle)
    print(report(files))
    wrong = faults(files, args.flavour)
    for fault in wrong[:50]:
        print(f"FAULT {fault}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
