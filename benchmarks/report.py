"""The benchmarks' figures as tables with goals: on the screen, in the docs, and against an earlier run.

    python -m benchmarks.report runs/bench.json     puts the figures of an earlier run into the docs
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.photos import REPOSITORY

DOCS = REPOSITORY / "docs" / "performance.md"
README = REPOSITORY / "README.md"
_BEGIN, _END = "<!-- figures: written by `make bench ARGS=--docs` -->", "<!-- end of figures -->"


@dataclass(frozen=True, slots=True)
class Row:
    """One line: ours, what it is measured against (None: nothing, the figure itself counts), and the goal."""

    title: str
    ours: float
    base: float | None
    unit: str
    goal: float | None
    sense: str
    rounds: tuple[float, ...] = ()
    """The ratio in each round, of which the median counts."""
    text: str = ""
    """The figures in words, where two numbers do not say it."""

    @property
    def value(self) -> float:
        if self.rounds:
            return statistics.median(self.rounds)
        return self.ours if self.base is None else self.ours / self.base

    @property
    def reached(self) -> bool | None:
        """None where there is no goal."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.sense == ">=" else self.value <= self.goal

    def to_json(self) -> dict[str, Any]:
        return {
            "title": self.title,
            "ours": self.ours,
            "base": self.base,
            "unit": self.unit,
            "goal": self.goal,
            "sense": self.sense,
            "text": self.text,
            "rounds": [round(ratio, 4) for ratio in self.rounds],
            "value": round(self.value, 4),
            "reached": self.reached,
        }


_VNNI = {"avx512_vnni", "avx_vnni"}

HEADINGS = ["measured", "figures", "result", "goal", "reached"]


def describe_machine() -> dict[str, Any]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    packages = ("tensorflow", "ai-edge-litert", "pillow", "opencv-python-headless", "numpy")
    return {
        "system": platform.platform(),
        "processor": _processor(),
        "python": platform.python_version(),
        "cores": cores,
        "packages": {name: version(name) for name in packages},
    }


def print_table(report: dict[str, Any]) -> None:
    machine = report["machine"]
    models = ", ".join(report["models"])
    print(f"\n{machine['cores']} cores, Python {machine['python']}, {models}, {report['photos']}\n")
    rows = [HEADINGS, *(_cells(row) for row in report["rows"])]
    for table in (rows, _pipelines(report), _splits(report)):
        widths = [max(map(len, column)) for column in zip(*table, strict=True)]
        for line in table:
            print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
        print()


def compare(earlier: dict[str, Any], report: dict[str, Any]) -> None:
    """Print how each result changed since `earlier`."""
    before = {row["title"]: row["value"] for row in earlier["rows"]}
    print("\nSince the earlier run:")
    for row in report["rows"]:
        if before.get(row["title"]):
            print(f"  {row['value'] / before[row['title']] - 1:+7.1%}  {row['title']}")


def write_docs(report: dict[str, Any], docs: Path = DOCS, readme: Path = README) -> None:
    """Replace the tables between the markers in docs/performance.md and in the README."""
    machine = report["machine"]
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    text = [
        f"{machine['processor']}, {machine['cores']} cores, {machine['system']}, Python {machine['python']};",
        f"{packages}.",
        f"Model {report['models'][0]}; {report['photos']}; {report['seconds'] / 60:.0f} minutes in all.",
        "",
        *_markdown([HEADINGS, *(_cells(row) for row in report["rows"])]),
        "",
        "Whole pipelines; the first model is the one that the goals are for:",
        "",
        *_markdown(_pipelines(report)),
        "",
        "Photos side by side in the engine, and decoding threads:",
        "",
        *_markdown(_splits(report)),
    ]
    _replace(docs, text)
    words = [f"Measured by `make bench` on {machine['cores']} cores, on the same photos, all in one run:", ""]
    _replace(readme, words + _markdown(_pipelines(report)))


def _cells(row: dict[str, Any]) -> list[str]:
    """Title, the figures, their ratio with its range over the rounds, the goal, and whether it was reached."""
    unit = row["unit"]
    figures, value = f"{row['ours']:,.4g} {unit}", f"{row['value']:,.4g} {unit}"
    if row["text"]:
        figures = row["text"]
    elif row["base"] is not None:
        figures, value = f"{row['ours']:.4g} / {row['base']:.4g} {unit}", f"{row['value']:.2f}"
    if len(row["rounds"]) > 1:
        value += f" ({min(row['rounds']):.2f} to {max(row['rounds']):.2f})"
    goal = "" if row["goal"] is None else f"{row['sense']} {row['goal']:g}"
    return [row["title"], figures, value, goal, {None: "", True: "yes", False: "no"}[row["reached"]]]


def _pipelines(report: dict[str, Any]) -> list[list[str]]:
    """The original beside ours: a column for each model and engine. Empty where a part was left out."""
    details, (model, *others) = report["details"], report["models"]
    if not {"12 MP", "1 MP", "network"} <= details.keys():
        return []
    columns = {"reference": "original", "ours": f"{model}, LiteRT", "ours, TensorFlow": f"{model}, TensorFlow"}
    columns |= {name: f"{name}, LiteRT" for name in others}

    def rates(title: str) -> list[str]:
        found = details[title]
        base = found["reference"]["photos_per_second"]
        cells = []
        for name in columns:
            rate = found[name]["photos_per_second"] if name in found else None
            ratio = "" if name == "reference" or rate is None else f" ({rate / base:.1f} x)"
            cells.append("" if rate is None else f"{rate:.3g}{ratio}")
        return cells

    def networks() -> list[str]:
        names = {"ours": model, "ours, TensorFlow": ""}
        found = (details["network"].get(names.get(name, name)) for name in columns)
        return ["" if run is None else f"{run['milliseconds']:.3g} ms" for run in found]

    memory = [f"{details['12 MP'][name]['peak_mebibytes']:,.0f} MiB" for name in columns]
    return [
        ["", *columns.values()],
        ["12-megapixel photos a second", *rates("12 MP")],
        ["1-megapixel photos a second", *rates("1 MP")],
        ["the network alone, one core, a photo", *networks()],
        ["peak memory at 12 megapixels", *memory],
    ]


def _splits(report: dict[str, Any]) -> list[list[str]]:
    """Photos a second by number of photos in the engine and of decoders."""
    splits = {title: found for title, found in report["details"].items() if title.startswith("threads")}
    if not splits:
        return []
    names = list(next(iter(splits.values())))
    table = [["photos a second", *names]]
    for title, found in splits.items():
        table.append([title.partition(", ")[2], *(f"{found[name]['photos_per_second']:.1f}" for name in names)])
    return table


def _replace(file: Path, lines: list[str]) -> None:
    """Put `lines` between the markers in `file`."""
    head, _, rest = file.read_text(encoding="utf-8").partition(_BEGIN)
    _, found, tail = rest.partition(_END)
    if not found:
        raise SystemExit(f"{file} has lost the line {_BEGIN} or {_END}")
    text = "\n".join([_BEGIN, "", *lines, "", _END])
    file.write_text(f"{head}{text}{tail}", encoding="utf-8")


def _markdown(rows: list[list[str]]) -> list[str]:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return [lines[0], "|---" * len(rows[0]) + "|", *lines[1:]]


def _processor() -> str:
    """Its name, and the instructions that decide how fast it computes networks, those of 8 bits above all."""
    information = Path("/proc/cpuinfo")
    if not information.is_file():
        return platform.processor() or platform.machine()
    lines = information.read_text(encoding="utf-8", errors="replace").splitlines()
    facts = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    flags = facts.get("flags", "").split()
    known = (("avx512f", "AVX-512"), ("avx2", "AVX2"))
    words = [next((word for flag, word in known if flag in flags), ""), "VNNI" if _VNNI & {*flags} else ""]
    name = facts.get("model name", platform.machine())
    return f"{name} ({' and '.join(filter(None, words))})" if any(words) else name


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("json", type=Path, help="the figures of a whole run")
    write_docs(json.loads(parser.parse_args().json.read_text(encoding="utf-8")))


if __name__ == "__main__":
    main()
