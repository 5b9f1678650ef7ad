"""The benchmarks' figures as a table with goals: on the screen, in docs/performance.md, and against an earlier run."""

from __future__ import annotations

import os
import platform
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks.photos import REPOSITORY

DOCS = REPOSITORY / "docs" / "performance.md"
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

    @property
    def value(self) -> float:
        return self.ours if self.base is None else self.ours / self.base

    @property
    def reached(self) -> bool | None:
        """None where there is no goal."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.sense == ">=" else self.value <= self.goal

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "value": round(self.value, 4), "reached": self.reached}

    def cells(self) -> list[str]:
        """Title, the figures, their ratio, the goal, and whether it was reached."""
        figures, value = f"{self.ours:.4g} {self.unit}", f"{self.value:.3g} {self.unit}"
        if self.base is not None:
            figures, value = f"{self.ours:.4g} / {self.base:.4g} {self.unit}", f"{self.value:.2f}"
        goal = "" if self.goal is None else f"{self.sense} {self.goal:g}"
        return [self.title, figures, value, goal, {None: "", True: "yes", False: "no"}[self.reached]]


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


def print_table(report: dict[str, Any], rows: list[Row]) -> None:
    machine = report["machine"]
    print(f"\n{machine['cores']} cores, Python {machine['python']}, model {report['model']}, {report['photos']}\n")
    lines = [HEADINGS, *(row.cells() for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        print("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    for title, figures in report["details"].items():
        if title.startswith("threads"):
            rates = (f"{name} {run['photos_per_second']:.1f}/s" for name, run in figures.items())
            print(f"\n{title}: {', '.join(rates)}")


def compare(earlier: dict[str, Any], report: dict[str, Any]) -> None:
    """Print how each result changed since `earlier`."""
    before = {row["title"]: row["value"] for row in earlier["rows"]}
    print("\nSince the earlier run:")
    for row in report["rows"]:
        if before.get(row["title"]):
            print(f"  {row['value'] / before[row['title']] - 1:+7.1%}  {row['title']}")


def write_docs(report: dict[str, Any], rows: list[Row], docs: Path = DOCS) -> None:
    """Replace the tables between the markers in docs/performance.md."""
    text = docs.read_text(encoding="utf-8")
    head, _, rest = text.partition(_BEGIN)
    _, found, tail = rest.partition(_END)
    if not found:
        raise SystemExit(f"{docs} has lost the line {_END}")
    machine = report["machine"]
    packages = ", ".join(f"{name} {number}" for name, number in machine["packages"].items())
    lines = [
        _BEGIN,
        "",
        f"{machine['processor']}, {machine['cores']} cores, {machine['system']}, Python {machine['python']};",
        f"{packages}.",
        f"Model {report['model']}; {report['photos']}; {report['seconds']} s in all.",
        "",
        *_markdown([HEADINGS, *(row.cells() for row in rows)]),
    ]
    splits = {title: figures for title, figures in report["details"].items() if title.startswith("threads")}
    if splits:
        names = list(next(iter(splits.values())))
        table = [["photos a second", *names]]
        for title, figures in splits.items():
            table.append([title.partition(", ")[2], *(f"{figures[name]['photos_per_second']:.1f}" for name in names)])
        lines += ["", "Photos side by side in the engine, and decoding threads:", "", *_markdown(table)]
    docs.write_text(f"{head}{chr(10).join(lines)}\n\n{_END}{tail}", encoding="utf-8")


def _markdown(rows: list[list[str]]) -> list[str]:
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return [lines[0], "|---" * len(rows[0]) + "|", *lines[1:]]


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
