"""What the parts of the benchmark share: photos, made when they are first wanted, rounds, and the figures so far."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.photos import REPOSITORY, SHARED, make_photos, make_small_photos, repeat_photos
from benchmarks.report import Row
from roomnet_core.inference.model_file import ModelFile

Runs = dict[str, Callable[[], dict[str, Any]]]
Found = dict[str, list[dict[str, Any]]]
"""The figures of each run, a round after the other."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    rounds: int
    few_rounds: int  # of what takes long or differs by much
    distinct: int
    large_photos: int
    small_photos: int
    web_photos: int
    many: int
    folders: tuple[int, ...]


FULL = Size(
    rounds=5,
    few_rounds=3,
    distinct=200,
    large_photos=120,
    small_photos=50,
    web_photos=300,
    many=2000,
    folders=(500, 5000, 10_000, 50_000),
)
QUICK = Size(
    rounds=1,
    few_rounds=1,
    distinct=24,
    large_photos=24,
    small_photos=12,
    web_photos=48,
    many=120,
    folders=(200, 600, 2000),
)


class Bench:
    """The temporary folder with its photos, and the figures so far. The goals are for the first of `models`."""

    def __init__(self, folder: Path, size: Size, models: Sequence[ModelFile]) -> None:
        self.folder, self.size, self.models = folder, size, models
        self.model = models[0]
        self.origin = ""
        self.rows: list[Row] = []
        self.details: dict[str, Any] = {}
        self._data = 0

    def photos(self, name: str) -> Path:
        """A folder of photos: `all 12 MP`, `12 MP`, `50 x 12 MP`, `many 12 MP`, `1 MP`, `50 x 1 MP` or a number."""
        folder = self.folder / name.replace(" ", "-")
        if folder.is_dir():
            return folder
        say(f"  making photos: {name}")
        size = self.size
        if name == "all 12 MP":
            self.origin = make_photos(folder, size.distinct, 12.0)
        elif name == "1 MP":
            self.origin = make_photos(folder, size.web_photos, 1.0)
        elif name.isdigit():
            make_small_photos(folder, int(name))
        else:
            counts = {"12 MP": size.large_photos, "50 x 12 MP": size.small_photos, "many 12 MP": size.many}
            source = self.photos("1 MP" if name.endswith(" 1 MP") else "all 12 MP")
            repeat_photos(folder, source, counts.get(name, size.small_photos))
        # Into the system's cache, so that no run pays for the disk and the next does not.
        for path in folder.iterdir():
            path.read_bytes()
        return folder

    def reference(self) -> Path:
        folder = self.folder / "reference"
        if not folder.is_dir():
            make_reference_model(folder)
        return folder

    def data(self) -> Path:
        """A new, empty folder for the program's own data."""
        self._data += 1
        folder = self.folder / f"data-{self._data}"
        folder.mkdir()
        return folder

    def rounds(self, runs: Runs, *, rounds: int | None = None, few: Collection[str] = ()) -> Found:
        """Run each of `runs` in turn, in alternating order; those in `few` take part in the first rounds only."""
        found: Found = {name: [] for name in runs}
        count = rounds or self.size.rounds
        for number in range(count):
            names = [name for name in runs if name not in few or number < self.size.few_rounds]
            for name in names if number % 2 == 0 else reversed(names):
                say(f"  round {number + 1} of {count}: {name}")
                found[name].append(runs[name]())
        return found

    def keep(self, title: str, found: Found) -> None:
        """Put the medians, and the figures of each round, among the details."""
        self.details[title] = {name: {**median(runs), "rounds": runs} for name, runs in found.items()}

    def compare(
        self, title: str, found: Found, ours: str, base: str, key: str, unit: str, goal: float | None, sense: str
    ) -> None:
        """A row for the ratio of two runs, taken round by round."""
        pairs = [(one[key], other[key]) for one, other in zip(found[ours], found[base], strict=False)]
        ratios = tuple(one / other for one, other in pairs)
        middle = [statistics.median(column) for column in zip(*pairs, strict=True)]
        self.rows.append(Row(title, middle[0], middle[1], unit, goal, sense, ratios))


def median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """The median of each figure; of what is no figure, the first."""
    return {
        key: statistics.median(run[key] for run in runs) if isinstance(value, float | int) else value
        for key, value in runs[0].items()
    }


def make_reference_model(folder: Path) -> None:
    """Freeze the reference network into `folder`, in a process of its own."""
    prefix = SHARED / "reference" / "roomnet"
    if prefix.with_suffix(".index").is_file():
        code = f"import_checkpoint(Path({str(prefix)!r}), Path({str(folder)!r}))"
    else:
        say("No reference checkpoint: its network runs with random weights, at the same speed.")
        code = (
            "from roomnet_core.network.roomnet import build_roomnet; from roomnet_core.network.freeze import freeze;"
            f"folder = Path({str(folder)!r}); folder.mkdir();"
            "(folder / 'graph.pb').write_bytes(freeze(build_roomnet(6, relu6_logits=True))[0])"
        )
    code = f"from pathlib import Path; from roomnet_core.network.checkpoint import import_checkpoint; {code}"
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    command = [sys.executable, "-c", code]
    result = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True)
    if result.returncode != 0:
        raise SystemExit(f"{result.stderr}\nThe reference network could not be made.")


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
