"""Collects the licence texts of what a bundle holds, and writes the list that goes with them.

Python packages carry their texts in their metadata. Shared libraries that wheels bring along are named in
`libraries.toml`, with their licence; those taken from a Debian system bring its copyright file. Texts that nobody
brought come from the SPDX list (package `spdx`). A part without a licence is an error.
"""

from __future__ import annotations

import importlib.metadata
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from importlib.metadata import Distribution
from pathlib import Path

_TABLE = Path(__file__).with_name("libraries.toml")
_BOOTLOADER = "GPL-2.0-or-later WITH Bootloader-exception"
_TEXT = re.compile(r"licen[cs]e|copying|copyright|notice|authors", re.IGNORECASE)
# How packages write, in free words, what SPDX gives a name.
_SPDX = (
    (r"LGPL-3|LGPLv3", ("LGPL-3.0", "GPL-3.0")),  # the one refers to the other
    (r"LGPL-2\.1", ("LGPL-2.1",)),
    (r"\bGPL-3", ("GPL-3.0",)),
    (r"\bGPL-2", ("GPL-2.0",)),
    (r"Apache[- ](License )?(Version )?2", ("Apache-2.0",)),
    (r"0BSD", ("0BSD",)),
    (r"BSD-2|BSD 2", ("BSD-2-Clause",)),
    (r"BSD", ("BSD-3-Clause",)),
    (r"MIT-CMU", ("MIT-CMU",)),
    (r"\bMIT\b", ("MIT",)),
    (r"\bIJG\b", ("IJG",)),
    (r"JasPer", ("JasPer-2.0",)),
    (r"\bFTL\b", ("FTL",)),
    (r"libtiff", ("libtiff",)),
    (r"libpng", ("Libpng",)),
    (r"\bZlib\b", ("Zlib",)),
    (r"ICU|Unicode", ("ICU",)),
)


class LicenceMissing(Exception):
    """Something is in the bundle of which nobody knows the licence."""


@dataclass(frozen=True, slots=True)
class Part:
    """A package or a library; `texts` are its own files, `spdx` names texts of the SPDX list."""

    name: str
    version: str
    licence: str
    texts: tuple[Path, ...] = ()
    spdx: tuple[str, ...] = ()
    source: str = ""
    files: tuple[str, ...] = ()


def collect_for_bundle(modules: Iterable[tuple], binaries: Iterable[tuple], target: Path) -> Path:
    """What the spec knows of a bundle (PyInstaller's lists of modules and shared libraries) to a folder of texts."""
    names = {name.split(".")[0] for name, *_ in modules}
    libraries = []
    for name, source, kind in binaries:
        path = Path(name).as_posix()
        names.add(path.split("/")[0].removesuffix(".libs"))
        if kind == "BINARY":
            libraries.append((path, Path(source)))
    # The program file itself is PyInstaller's, whose exception asks nothing of what it starts.
    starter = replace(part_of(importlib.metadata.distribution("pyinstaller")), licence=_BOOTLOADER)
    parts = [_python(), starter, *map(part_of, distributions_of(names)), *library_parts(libraries)]
    return write(sorted(set(parts), key=lambda part: part.name.lower()), target)


def distributions_of(names: Iterable[str]) -> list[Distribution]:
    """The installed distributions that these top-level modules or folders belong to."""
    owners = importlib.metadata.packages_distributions()
    folded = {module.lower(): owner for module, owner in owners.items()}
    found = {owner for name in names for owner in folded.get(name.lower(), ()) if owner != "roomnet"}
    return [importlib.metadata.distribution(name) for name in sorted(found, key=str.lower)]


def part_of(distribution: Distribution) -> Part:
    """A Python package with the texts it carries.

    Raises:
        LicenceMissing: it has neither a text nor a licence that the SPDX list knows.
    """
    metadata = distribution.metadata
    words = metadata.get("License-Expression") or metadata.get("License") or ""
    if not words or len(words) > 120:  # some put the whole text there
        named = [line.split("::")[-1].strip() for line in metadata.get_all("Classifier") or () if "License ::" in line]
        words = "; ".join(named) or words.splitlines()[0] if words or named else ""
    texts = tuple(sorted(_texts(distribution)))
    # Of the licences that Qt for Python offers, RoomNet takes the LGPL.
    spdx = () if texts else spdx_ids(words.split(" OR ")[0])
    if not texts and not spdx:
        raise LicenceMissing(f"{metadata['Name']} carries no licence text, and its licence {words!r} is not known")
    return Part(metadata["Name"], distribution.version, words or "see its text", texts, spdx, _home(distribution))


def library_parts(libraries: Iterable[tuple[str, Path]], table: Path = _TABLE) -> Iterator[Part]:
    """The licences of shared libraries, given as (path in the bundle, where it came from).

    Raises:
        LicenceMissing: one is in no package's folder, not in `table`, and not of a Debian package.
    """
    known = tomllib.loads(table.read_text(encoding="utf-8"))["library"]
    owned = {"PySide6", "shiboken6", "ai_edge_litert", "tensorflow", "rawpy"}
    files: dict[int, list[str]] = {}
    for path, source in sorted(libraries):
        name = path.rsplit("/", 1)[-1].lower()
        row = next((i for i, row in enumerate(known) if any(fnmatchcase(name, glob) for glob in row["files"])), None)
        if row is not None:
            files.setdefault(row, []).append(path)
        elif path.split("/")[0] in owned:
            continue  # named with the package
        elif (part := _debian(path, source)) is not None:
            yield part
        else:
            raise LicenceMissing(f"{path} (from {source}) is in no package; name it and its licence in {table.name}")
    for index, paths in files.items():
        row = known[index]
        yield Part(row["name"], "", row["licence"], (), spdx_ids(row["licence"]), row["source"], tuple(paths))


def spdx_ids(words: str) -> tuple[str, ...]:
    """The names of the SPDX list's texts for a licence in words: of all that are named in it."""
    found: list[str] = []
    for pattern, ids in _SPDX:
        if re.search(pattern, words):
            found += [name for name in ids if name not in found]
            words = re.sub(pattern, "", words)
    return tuple(found)


def write(parts: list[Part], target: Path) -> Path:
    """One folder a part, the SPDX texts in one of their own, and README.md with the list of all."""
    shutil.rmtree(target, ignore_errors=True)
    (target / "texts").mkdir(parents=True)
    rows = []
    for part in parts:
        places = []
        for text in part.texts:
            place = target / part.name / _unique(text, part.texts)
            place.parent.mkdir(exist_ok=True)
            shutil.copyfile(text, place)
            places.append(place)
        for name in part.spdx:
            place = target / "texts" / f"{name}.txt"
            place.write_text(_spdx_text(name), encoding="utf-8")
            places.append(place)
        links = ", ".join(f"[{place.name}](<{place.relative_to(target).as_posix()}>)" for place in places)
        files = f" ({', '.join(path.rsplit('/', 1)[-1] for path in part.files)})" if part.files else ""
        rows.append(f"| {part.name}{files} | {part.version} | {_cell(part.licence)} | {links} | {part.source} |")
    end = _GPL if any(part.name.startswith("x265") for part in parts) else _NO_GPL
    (target / "README.md").write_text(_HEAD + "\n".join(rows) + "\n" + end, encoding="utf-8")
    return target


_HEAD = """\
# Licences

RoomNet itself is under the MIT licence. This is what else is in this program, with the licence of each part.

Qt and Qt for Python are used under the LGPL, version 3. They are separate files, in the folder PySide6, which you may
replace by your own builds of the same version; RoomNet starts with whatever lies there. The same holds for the other
libraries under the LGPL: libheif and libde265 in pillow_heif.libs, and LibRaw in rawpy. Their source, and that of every
other part, is where the last column says.

| Part | Version | Licence | Text | Source |
|---|---|---|---|---|
"""
_GPL = """
**The program as a whole.** The libheif here is linked to x265, an encoder under the GPL, version 2 or later. RoomNet
never calls it, but whoever passes this program on with x265 in it does so under the terms of the GPL, version 3, which
all other licences in this list allow.
"""
_NO_GPL = """
**x265.** The text of pillow_heif speaks of x265, an encoder under the GPL. It is not in this program: the file of that
name in pillow_heif.libs is RoomNet's own and does nothing. HEIC is read, not written.
"""


def _texts(distribution: Distribution) -> Iterator[Path]:
    for file in distribution.files or ():
        in_metadata = any(part.endswith(".dist-info") for part in file.parts[:-1])
        notices = len(file.parts) == 2 and "NOTICE" in file.name.upper()
        if (in_metadata and _TEXT.search(str(Path(*file.parts[1:])))) or notices:
            path = Path(str(distribution.locate_file(file)))
            if path.is_file():
                yield path


def _home(distribution: Distribution) -> str:
    urls = dict(line.split(", ", 1) for line in distribution.metadata.get_all("Project-URL") or () if ", " in line)
    folded = {name.lower(): url for name, url in urls.items()}
    wanted = ("source", "source code", "repository", "homepage", "code")
    return next((folded[name] for name in wanted if name in folded), distribution.metadata.get("Home-page") or "")


def _python() -> Part:
    version = ".".join(map(str, sys.version_info[:3]))
    folders = (Path(sysconfig.get_path("stdlib")), Path(sys.base_prefix), Path(sysconfig.get_path("stdlib")).parent)
    texts = [path for folder in folders for name in ("LICENSE.txt", "LICENSE") if (path := folder / name).is_file()]
    if not texts:
        raise LicenceMissing("Python's own licence is not where it is installed")
    return Part("Python", version, "PSF-2.0", (texts[0],), (), "the source release of that version on python.org")


def _debian(path: str, source: Path) -> Part | None:
    """The Debian package that the library is from, asked of the system that the bundle is built on."""
    if shutil.which("dpkg-query") is None:
        return None
    for candidate in dict.fromkeys((source, source.resolve())):
        # The packages of a system that was merged into /usr still list the old places.
        for place in (str(candidate), str(candidate).removeprefix("/usr")):
            answer = subprocess.run(["dpkg-query", "--search", place], capture_output=True, text=True)
            if answer.returncode == 0:
                package = answer.stdout.split(":")[0].split(",")[0].strip()
                text = Path(f"/usr/share/doc/{package}/copyright")
                if text.is_file():
                    version = subprocess.run(
                        ["dpkg-query", "--show", "--showformat=${Version}", package], capture_output=True, text=True
                    ).stdout.splitlines()
                    return Part(package, version[0], "see its text", (text,), (), "the Debian source package", (path,))
    return None


def _spdx_text(name: str) -> str:
    import spdx

    return (Path(spdx.__file__).parent / "data" / f"{name}.txt").read_text(encoding="utf-8")


def _unique(text: Path, others: tuple[Path, ...]) -> str:
    """Its name, with its folders where another has the same."""
    if sum(other.stem == text.stem for other in others) == 1:
        return text.name if text.suffix else f"{text.name}.txt"
    words = "-".join(text.parts[-3:])
    return words if text.suffix else f"{words}.txt"


def _cell(words: str) -> str:
    return words.replace("|", "/").replace("\n", " ")
