"""Any tree of files and any sort of it: what the seal of sorting (`test_seal.py`, `tests/torture`) tries to break."""

from __future__ import annotations

import os
import shutil
import stat
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, Protocol, TypeVar

from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.prediction import Prediction
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import Marks, SessionPhoto
from roomnet_core.sorting.plan import Mode, SortOptions, SortPlan, make_plan

ROOMS = RoomSet.from_names(["Bathroom", "Bedroom", "Kitchen"])
TEMPLATES = ("", "", "{order:02}_{room}_{n}", "{room}", "{stem}", "{listing} {n:03}", "{date}_{folder}_{stem}")
COMPANIONS = (".xmp", ".XMP", ".aae", ".CR2", ".dng", "{photo}.xmp", "{photo}.AAE", ".CR2.xmp")
STEMS = ("a", "A", "IMG_1", "img_1", "é", "e\u0301", "ß", "ss", "con", "a (2)", "x" * 240, "a.", "dot.dot", "CON ")
_T = TypeVar("_T")


class Choices(Protocol):
    """Where the scene's freedom comes from: hypothesis, or a seeded random generator."""

    def integer(self, low: int, high: int) -> int: ...
    def pick(self, options: Sequence[_T]) -> _T: ...
    def name(self) -> str: ...


class RandomChoices:
    """Names of any script, from a seed."""

    def __init__(self, random: Random) -> None:
        self._random = random

    def integer(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def pick(self, options: Sequence[_T]) -> _T:
        return self._random.choice(options)

    def name(self) -> str:
        starts = (0x20, 0xC0, 0x300, 0x391, 0x410, 0x5D0, 0x627, 0x905, 0xE01, 0x3041, 0x4E00, 0xAC00, 0x1F600, 0xDC80)
        characters = [chr(self.pick(starts) + self.integer(0, 40)) for _ in range(self.integer(1, 12))]
        return "".join(character for character in characters if character not in "/\0") or "x"


@dataclass(slots=True)
class Scene:
    """Files below `home`, and a sort of them. `cross` puts the destination on another file system."""

    home: Path
    other: Path | None  # a folder on another file system
    photos: list[SessionPhoto] = field(default_factory=list)
    options: SortOptions = field(default_factory=lambda: SortOptions(Path("unset")))
    links: bool = True  # the file system has hard links
    before: dict[str, Any] = field(default_factory=dict)

    @property
    def trash(self) -> Path:
        return self.home / "trash"

    def plan(self) -> SortPlan:
        return make_plan(self.photos, ROOMS, self.options)

    def snapshot(self) -> dict[str, Any]:
        """Every file (content, time, permissions) and every folder, but for the trash."""
        found: dict[str, Any] = {}
        for top in (self.home, self.other):
            if top is None:
                continue
            for path in sorted(top.rglob("*")):
                if path == self.trash or path.is_relative_to(self.trash):
                    continue
                status = path.lstat()
                if stat.S_ISDIR(status.st_mode):
                    found[str(path)] = "folder"
                else:
                    found[str(path)] = (path.read_bytes(), status.st_mtime_ns, stat.S_IMODE(status.st_mode))
        return found

    def throw_away(self, paths: Sequence[Path]) -> None:
        """The trash of the tests."""
        self.trash.mkdir(exist_ok=True)
        for path in paths:
            shutil.move(path, self.trash / f"{len(list(self.trash.iterdir()))}")

    def check_nothing_is_lost(self) -> None:
        """Every content that was there is there, whole, outside of temporary files and the trash."""
        now = self.snapshot()
        there = Counter(value[0] for name, value in now.items() if value != "folder" and not name.endswith(".part"))
        were = Counter(value[0] for value in self.before.values() if value != "folder")
        lost = were - there
        assert not lost, f"lost: {lost}"
        strangers = {name for name in self.before if self.before[name] != "folder" and name not in self._sources()}
        for name in strangers:
            assert now.get(name) == self.before[name], f"a file that is no affair of the sort: {name}"

    def check_all_is_back(self) -> None:
        """Byte for byte, with times and permissions, and no folder more or less."""
        now = self.snapshot()
        assert now == self.before, {
            name: (self.before.get(name), now.get(name))
            for name in self.before.keys() | now.keys()
            if self.before.get(name) != now.get(name)
        }

    def _sources(self) -> set[str]:
        return {str(planned.source) for planned in self.planned.files()} if self.planned is not None else set()

    planned: SortPlan | None = None


def make_scene(choices: Choices, home: Path, other: Path | None, most: int = 7) -> Scene:
    """A tree of up to `most` photos, companions and strangers' files, a destination anywhere, and any options."""
    source = home / "in"
    source.mkdir(parents=True)
    scene = Scene(home, other)
    places = [home / "out", home / "out", source, source / "sorted", home / "new" / "deep"]
    destination = choices.pick(places + [other / "out"] * 3 if other is not None else places)
    folders = [source, source, source / "b", source / "b" / "c", destination / "Kitchen", destination]
    number = 0

    def write(path: Path, *, stranger: bool = False) -> Path | None:
        nonlocal number
        try:
            if path.exists():
                return None
            path.parent.mkdir(parents=True, exist_ok=True)
            number += 1
            # Some contents are the same, some are empty.
            content = b"" if choices.integer(0, 9) == 0 else f"{choices.pick([0, number])} ".encode() * (5 * number)
            path.write_bytes(content)
        except (OSError, ValueError):  # a name that this file system does not take
            return None
        # Some times are the same too.
        os.utime(path, ns=(0, 10**18 + choices.pick([0, number]) * 7_000_000_001))
        path.chmod(0o444 if choices.integer(0, 4) == 0 else 0o644)
        return path

    photos: list[Path] = []
    for _ in range(choices.integer(1, most)):
        stem = choices.pick([choices.pick(STEMS), choices.name()])
        if photos and choices.integer(0, 2) == 0:
            stem = _variant(choices, choices.pick(photos).name.rpartition(".")[0])
        folder = choices.pick(folders)
        ending = choices.pick([".jpg", ".JPG", ".png", ".heic", ".CR2"])
        path = write(folder / f"{stem}{ending}")
        if path is None:
            continue
        photos.append(path)
        for _ in range(choices.integer(0, 2)):
            write(folder / f"{stem}{choices.pick(COMPANIONS).format(photo=ending)}")
    for _ in range(choices.integer(0, 4)):
        stem = choices.pick([choices.pick(STEMS), "01_Kitchen_1", "Kitchen"])
        room = choices.pick(["Kitchen", "kitchen", "Bedroom", "Unsure", ""])
        write(destination / room / f"{stem}{choices.pick(['.jpg', '.xmp', '.JPG'])}", stranger=True)
    scene.photos = [_photo(choices, number, path, source) for number, path in enumerate(photos, start=1)]
    scene.options = SortOptions(
        destination,
        mode=choices.pick([Mode.COPY, Mode.MOVE, Mode.MOVE, Mode.LINK]),
        template=choices.pick(TEMPLATES),
        folders=choices.pick([{}, {}, {"Kitchen": ""}, {"Kitchen": "Bedroom"}, {"Kitchen": "CON?"}]),
        order=choices.pick([(), ("Kitchen", "Bathroom")]),
        unsure_folder=choices.pick(["Unsure", "Kitchen", None]),
        rejected_folder=choices.pick(["Rejected", None]),
        companions=choices.integer(0, 3) > 0,
    )
    scene.links = choices.integer(0, 3) > 0
    scene.before = scene.snapshot()
    scene.planned = scene.plan()
    return scene


def _photo(choices: Choices, number: int, path: Path, root: Path) -> SessionPhoto:
    status = path.stat()
    file = PhotoFile(path, root if path.is_relative_to(root) else path.parent, status.st_size, status.st_mtime_ns)
    if choices.integer(0, 9) == 0:
        return SessionPhoto(number, file, problem=Problem(path, file.root, "damaged", "it is damaged"))
    room = choices.integer(0, len(ROOMS) - 1)
    probabilities = tuple(0.8 if index == room else 0.1 for index in range(len(ROOMS)))
    marks = Marks(
        decided=choices.pick([None, None, choices.integer(0, len(ROOMS) - 1)]),
        rejected=choices.integer(0, 7) == 0,
        cover=choices.integer(0, 5) == 0,
    )
    return SessionPhoto(number, file, Prediction(probabilities, choices.integer(0, 4) == 0), marks=marks)


def _variant(choices: Choices, stem: str) -> str:
    """A name that is the same on some file system."""
    change: Callable[[str], str] = choices.pick(
        [
            str.upper,
            str.lower,
            str.title,
            lambda text: unicodedata.normalize("NFD", text),
            lambda text: unicodedata.normalize("NFC", text),
            lambda text: text,
        ]
    )
    return change(stem)


def leave_probes_out(scene: Scene) -> None:
    """Remove the empty files by which a folder is tried: they stay where a program is killed in that moment."""
    for top in (scene.home, scene.other):
        for probe in top.rglob(".roomnet-*.part") if top is not None else ():
            if "-" not in probe.stem.removeprefix(".roomnet-"):  # a part has the number of its file
                assert probe.stat().st_size == 0
                probe.unlink()
