"""`make bench`: every figure of docs/performance.md in one run, ours and the reference's side by side, as ratios.

Each measurement runs in a process of its own, in turn, several rounds; the median counts. The reference decodes the
whole photo with OpenCV, crops and resizes it, and runs its network on one photo at a time, as its author's program does
(without the annotated copy which that program also writes for each photo).
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.photos import REPOSITORY, SHARED, make_photos, make_small_photos, repeat_photos
from benchmarks.report import Row, compare, describe_machine, print_table, write_docs
from benchmarks.workers import run_worker

Runs = dict[str, Callable[[], dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Size:
    """How much is measured."""

    rounds: int
    distinct: int
    large_photos: int
    small_photos: int
    web_photos: int
    many: int
    folders: tuple[int, ...]


FULL = Size(
    rounds=5,
    distinct=200,
    large_photos=100,
    small_photos=50,
    web_photos=300,
    many=2000,
    folders=(500, 5000, 10_000, 50_000),
)
QUICK = Size(
    rounds=1,
    distinct=24,
    large_photos=24,
    small_photos=12,
    web_photos=48,
    many=120,
    folders=(200, 600, 2000),
)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a fiftieth of the work: to try it out, not to quote")
    parser.add_argument("--model", help="our model, by name or folder (default: the default model)")
    parser.add_argument("--only", nargs="+", metavar="PART", choices=PARTS, help=f"only these of {', '.join(PARTS)}")
    parser.add_argument("--json", type=Path, default=REPOSITORY / "runs" / "bench.json", help="where the figures go")
    parser.add_argument("--compare", type=Path, metavar="JSON", help="show the change since an earlier run's figures")
    parser.add_argument("--docs", action="store_true", help="put the table into docs/performance.md")
    options = parser.parse_args(arguments)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="roomnet-bench-") as name:
        bench = Bench(Path(name), QUICK if options.quick else FULL, options.model)
        for part in options.only or PARTS:
            say(f"{part} ({time.perf_counter() - started:.0f} s so far)")
            PARTS[part](bench)
    report = {
        "machine": describe_machine(),
        "quick": options.quick,
        "model": bench.model_name,
        "photos": bench.origin,
        "seconds": round(time.perf_counter() - started),
        "rows": [row.to_json() for row in bench.rows],
        "details": bench.details,
    }
    options.json.parent.mkdir(parents=True, exist_ok=True)
    earlier = json.loads(options.compare.read_text(encoding="utf-8")) if options.compare else None
    options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print_table(report, bench.rows)
    if earlier is not None:
        compare(earlier, report)
    if options.docs:
        write_docs(report, bench.rows)
    print(f"\nWritten to {options.json} after {report['seconds']} s")
    return 0 if all(row.reached is not False for row in bench.rows) else 1


class Bench:
    """The temporary folder with its photos, made when they are first wanted, and the figures so far."""

    def __init__(self, folder: Path, size: Size, model: str | None) -> None:
        self.folder, self.size, self.model = folder, size, model
        self.model_name = model or "default"
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

    def rounds(self, runs: Runs, rounds: int | None = None) -> dict[str, dict[str, Any]]:
        """Run each of `runs` in turn, several rounds, and return the median figures of each."""
        found: dict[str, list[dict[str, Any]]] = {name: [] for name in runs}
        count = rounds or self.size.rounds
        for number in range(min(count, self.size.rounds)):
            for name, run in runs.items():
                say(f"  round {number + 1} of {min(count, self.size.rounds)}: {name}")
                found[name].append(run())
        return {name: _median(of_one) for name, of_one in found.items()}


# --- the parts


def large(bench: Bench) -> None:
    folder, model = bench.photos("12 MP"), bench.model
    warm(folder)
    runs: Runs = {
        "decode only": lambda: run_worker("decode_only", folder=folder),
        "decode only, one thread": lambda: run_worker("decode_only", folder=folder, threads=1),
        "ours": lambda: run_worker("ours", folder=folder, model=model, engine="litert"),
    }
    found = bench.rounds(runs)
    found |= bench.rounds(
        {
            "ours, TensorFlow": lambda: run_worker("ours", folder=folder, model=model, engine="tensorflow"),
            "reference": lambda: run_worker("reference", folder=folder, reference=bench.reference()),
        },
        rounds=3,
    )
    bench.model_name = found["ours"]["model"]
    bench.details["12 MP"] = found
    rate = {name: figures["photos_per_second"] for name, figures in found.items()}
    cores = describe_machine()["cores"]
    bench.rows += [
        Row("12 MP JPEGs: end to end / decode only", rate["ours"], rate["decode only"], "photos/s", 0.9, ">="),
        Row("12 MP JPEGs: ours / reference pipeline", rate["ours"], rate["reference"], "photos/s", 6, ">="),
        Row(
            f"decode only: {cores} threads / 1 thread",
            rate["decode only"],
            rate["decode only, one thread"],
            "photos/s",
            0.9 * cores,
            ">=",
        ),
    ]


def web(bench: Bench) -> None:
    folder, model = bench.photos("1 MP"), bench.model
    warm(folder)
    runs: Runs = {
        "ours": lambda: run_worker("ours", folder=folder, model=model, engine="litert"),
        "decode only": lambda: run_worker("decode_only", folder=folder),
        "reference": lambda: run_worker("reference", folder=folder, reference=bench.reference()),
    }
    found = bench.rounds(runs, rounds=3)
    bench.details["1 MP"] = found
    rate = {name: figures["photos_per_second"] for name, figures in found.items()}
    bench.rows.append(
        Row("1 MP JPEGs: ours / reference pipeline", rate["ours"], rate["reference"], "photos/s", 6, ">=")
    )


def network(bench: Bench) -> None:
    photos = 40 if bench.size is QUICK else 200
    runs: Runs = {
        "ours": lambda: run_worker("our_network", model=bench.model, photos=photos, cores=1),
        "reference": lambda: run_worker("reference_network", reference=bench.reference(), photos=photos, cores=1),
    }
    found = bench.rounds(runs, rounds=3)
    bench.details["network"] = found
    ours, reference = (found[name]["milliseconds"] for name in ("ours", "reference"))
    bench.rows.append(
        Row("network alone, one core: ours / reference network", ours, reference, "ms/photo", 0.15, "<=")
    )


def command(bench: Bench) -> None:
    for name, goal in (("50 x 12 MP", 0.35), ("50 x 1 MP", None)):
        folder = bench.photos(name)
        warm(folder)
        runs: Runs = {
            engine: partial(run_command, bench, folder, engine)
            for engine in ("litert", "tensorflow")
        }
        found = bench.rounds(runs, rounds=3)
        bench.details[f"roomnet classify, {name}"] = found
        count = sum(1 for _ in folder.iterdir())
        title = f"roomnet classify on {count} photos of {name[-5:].strip()}, start to exit: LiteRT / TensorFlow"
        bench.rows.append(
            Row(title, found["litert"]["seconds"], found["tensorflow"]["seconds"], "s", goal, "<=")
        )
    folder = bench.photos("50 x 12 MP")
    first = bench.rounds({"first": lambda: run_worker("first_result", folder=folder, model=bench.model)}, rounds=3)
    bench.details["first result"] = first["first"]
    title = "first result of the folder of 12 MP after the engine is ready"
    bench.rows.append(Row(title, first["first"]["milliseconds"], None, "ms", 150, "<="))


def threads(bench: Bench) -> None:
    """The split between engine and decoders: a table of its own."""
    cores = describe_machine()["cores"]
    splits = sorted({(1, cores), (cores, cores), (cores, 1), (1, max(1, cores - 1)), (cores, cores + 1)})
    for name in ("12 MP", "1 MP"):
        folder = bench.photos(name)
        warm(folder)
        runs: Runs = {
            f"{lanes} engine, {decoders} decode": partial(
                run_worker, "ours", folder=folder, model=bench.model, engine="litert", lanes=lanes, decoders=decoders
            )
            for lanes, decoders in splits
        }
        bench.details[f"threads, {name}"] = bench.rounds(runs, rounds=3)


def memory(bench: Bench) -> None:
    folder = bench.photos("many 12 MP")
    found = run_worker("command_line_memory", folder=folder, model=bench.model, data=bench.data())
    bench.details["memory, 12 MP"] = found
    title = f"peak memory of roomnet classify on {found['photos']:,} photos of 12 MP"
    bench.rows.append(Row(title, found["peak_mebibytes"], None, "MiB", 350, "<="))


def folders(bench: Bench) -> None:
    counts = bench.size.folders
    warm_up = bench.photos("20")
    rates: dict[int, float] = {}
    for count in counts:
        folder = bench.photos(str(count))
        warm(folder)
        found = bench.rounds(
            {
                f"{count:,} photos": lambda folder=folder: run_worker(
                    "folder_rate", folder=folder, warm_up=warm_up, model=bench.model, data=bench.data()
                )
            },
            rounds=3 if count < 5000 else 1,
        )
        bench.details[f"{count:,} small photos"] = found[f"{count:,} photos"]
        rates[count] = found[f"{count:,} photos"]["photos_per_second"]
    ready = bench.details[f"{counts[-2]:,} small photos"]["second_visit_seconds"]
    title = f"second visit of {counts[-2]:,} unchanged photos: until all are ready again"
    bench.rows.append(Row(title, ready, None, "s", 2, "<="))
    title = f"photos a second at {' / '.join(f'{count:,}' for count in counts)}: slowest / fastest"
    bench.rows.append(Row(title, min(rates.values()), max(rates.values()), "photos/s", 0.9, ">="))
    if "memory, 12 MP" in bench.details:
        peak = bench.details[f"{counts[-1]:,} small photos"]["first_visit_mebibytes"]
        base = bench.details["memory, 12 MP"]["peak_mebibytes"]
        title = f"peak memory, {counts[-1]:,} small photos: above the run on 12 MP photos"
        bench.rows.append(Row(title, round(peak - base, 1), None, "MiB", 60, "<="))


PARTS: dict[str, Callable[[Bench], None]] = {
    "large": large,
    "web": web,
    "network": network,
    "command": command,
    "threads": threads,
    "memory": memory,
    "folders": folders,
}


# --- helpers


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


def run_command(bench: Bench, folder: Path, engine: str) -> dict[str, Any]:
    """`roomnet classify FOLDER`, knowing nothing of earlier runs."""
    return run_worker("command_line", folder=folder, model=bench.model, engine=engine, data=bench.data())


def warm(folder: Path) -> None:
    """Bring the photos into the system's cache, so that no run pays for the disk and the next does not."""
    for path in folder.iterdir():
        path.read_bytes()


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _median(runs: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        key: statistics.median(run[key] for run in runs) if isinstance(value, float | int) else value
        for key, value in runs[0].items()
    }


if __name__ == "__main__":
    sys.exit(main())
