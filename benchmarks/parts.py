"""The parts of the benchmark: what runs beside what, and the goals."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.accuracy_of_decode import measure
from benchmarks.bench import QUICK, Bench, Runs, median
from benchmarks.report import Row, describe_machine
from benchmarks.workers import run_worker

_RATE = "photos_per_second"
_UNIT = "photos/s"


def large(bench: Bench) -> None:
    folder, few = bench.photos("12 MP"), ["decode only, one thread", "ours, TensorFlow", "reference"]
    side = bench.model.card.preprocessing.decode_side
    runs: Runs = {
        "ours": partial(run_worker, "ours", folder=folder, model=bench.model.folder, engine="litert"),
        "decode only": partial(run_worker, "decode_only", folder=folder, side=side),
        "decode only, one thread": partial(run_worker, "decode_only", folder=folder, side=side, threads=1),
        "ours, TensorFlow": partial(run_worker, "ours", folder=folder, model=bench.model.folder, engine="tensorflow"),
        "reference": partial(run_worker, "reference", folder=folder, reference=bench.reference()),
    }
    few += _other_models(bench, folder, runs)
    found = bench.rounds(runs, few=few)
    bench.keep("12 MP", found)
    cores = describe_machine()["cores"]
    bench.compare("12 MP JPEGs: end to end / decode only", found, "ours", "decode only", _RATE, _UNIT, 0.9, ">=")
    bench.compare("12 MP JPEGs: ours / reference pipeline", found, "ours", "reference", _RATE, _UNIT, 6, ">=")
    title, one = f"decode only: {cores} threads / 1 thread", "decode only, one thread"
    bench.compare(title, found, "decode only", one, _RATE, _UNIT, 0.9 * cores, ">=")


def web(bench: Bench) -> None:
    folder = bench.photos("1 MP")
    runs: Runs = {
        "ours": partial(run_worker, "ours", folder=folder, model=bench.model.folder, engine="litert"),
        "ours, TensorFlow": partial(run_worker, "ours", folder=folder, model=bench.model.folder, engine="tensorflow"),
        "reference": partial(run_worker, "reference", folder=folder, reference=bench.reference()),
    }
    _other_models(bench, folder, runs)
    found = bench.rounds(runs, rounds=bench.size.few_rounds)
    bench.keep("1 MP", found)
    bench.compare("1 MP JPEGs: ours / reference pipeline", found, "ours", "reference", _RATE, _UNIT, 6, ">=")


def network(bench: Bench) -> None:
    photos = 40 if bench.size is QUICK else 150
    runs: Runs = {
        model.name: partial(run_worker, "our_network", model=model.folder, photos=photos, cores=1)
        for model in bench.models
    }
    runs["reference"] = partial(run_worker, "reference_network", reference=bench.reference(), photos=photos, cores=1)
    found = bench.rounds(runs, rounds=bench.size.few_rounds)
    bench.keep("network", found)
    title = "network alone, one core: ours / reference network"
    bench.compare(title, found, bench.model.name, "reference", "milliseconds", "ms/photo", 0.15, "<=")


def command(bench: Bench) -> None:
    for name, goal in (("50 x 12 MP", 0.35), ("50 x 1 MP", None)):
        folder = bench.photos(name)
        runs: Runs = {engine: partial(_command_line, bench, folder, engine) for engine in ("litert", "tensorflow")}
        found = bench.rounds(runs, rounds=bench.size.few_rounds)
        bench.keep(f"roomnet classify, {name}", found)
        count = sum(1 for _ in folder.iterdir())
        title = f"roomnet classify on {count} photos of {name[-5:].strip()}, start to exit: LiteRT / TensorFlow"
        bench.compare(title, found, "litert", "tensorflow", "seconds", "s", goal, "<=")
    folder = bench.photos("50 x 12 MP")
    first = partial(run_worker, "first_result", folder=folder, model=bench.model.folder)
    found = bench.rounds({"first": first}, rounds=bench.size.few_rounds)
    bench.keep("first result", found)
    title = f"first result of {bench.size.small_photos} photos of 12 MP after the engine is ready"
    bench.rows.append(Row(title, median(found["first"])["milliseconds"], None, "ms", 150, "<="))


def threads(bench: Bench) -> None:
    """The split between engine and decoders: a table of its own."""
    cores = describe_machine()["cores"]
    splits = sorted({(1, cores), (cores, cores), (cores, 1), (1, max(1, cores - 1)), (cores, cores + 1)})
    for name in ("12 MP", "1 MP"):
        runs: Runs = {
            f"{lanes} engine, {decoders} decode": partial(
                run_worker,
                "ours",
                folder=bench.photos(name),
                model=bench.model.folder,
                engine="litert",
                lanes=lanes,
                decoders=decoders,
            )
            for lanes, decoders in splits
        }
        bench.keep(f"threads, {name}", bench.rounds(runs, rounds=min(2, bench.size.rounds)))


def memory(bench: Bench) -> None:
    folder = bench.photos("many 12 MP")
    found = run_worker("command_line_memory", folder=folder, model=bench.model.folder, data=bench.data())
    bench.details["memory, 12 MP"] = found
    title = f"peak memory of roomnet classify on {found['photos']:,} photos of 12 MP"
    bench.rows.append(Row(title, found["peak_mebibytes"], None, "MiB", 350, "<="))


def folders(bench: Bench) -> None:
    counts = bench.size.folders
    warm_up = bench.photos("20")
    rates: dict[int, float] = {}
    for count in counts:
        work = partial(_folder_rate, bench, bench.photos(str(count)), warm_up)
        name = f"{count:,} small photos"
        found = bench.rounds({name: work}, rounds=bench.size.few_rounds if count < 5000 else 1)
        bench.details[name] = median(found[name])
        rates[count] = bench.details[name][_RATE]
    again = counts[-2]
    ready = bench.details[f"{again:,} small photos"]["second_visit_seconds"]
    title = f"second visit of {again:,} unchanged photos: until all are ready again"
    bench.rows.append(Row(title, ready, None, "s", 2, "<="))
    del rates[again]  # it is there for its second visit
    title = f"photos a second at {' / '.join(f'{count:,}' for count in rates)}: slowest / fastest"
    bench.rows.append(Row(title, min(rates.values()), max(rates.values()), _UNIT, 0.9, ">="))
    if "memory, 12 MP" in bench.details:
        peak = bench.details[f"{counts[-1]:,} small photos"]["first_visit_mebibytes"]
        base = bench.details["memory, 12 MP"]["peak_mebibytes"]
        title = f"peak memory, {counts[-1]:,} small photos: above the run on 12 MP photos"
        bench.rows.append(Row(title, round(peak - base, 1), None, "MiB", 60, "<="))


def accuracy(bench: Bench) -> None:
    """What the reduced decode costs in right answers."""
    found = measure(bench.models, 8 if bench.size is QUICK else None)
    bench.details["accuracy of the reduced decode"] = {figures["model"]: figures for figures in found}
    for figures in found:
        title = f"{figures['model']}, {figures['photos']} photos at 12 MP: accuracy, reduced and whole decode"
        reduced, whole = figures["accuracy_reduced"], figures["accuracy_whole"]
        text = f"{reduced:.2f} % and {whole:.2f} %, {figures['other_room']} in another room"
        bench.rows.append(Row(title, figures["difference"], None, "points", 0.3, "<=", text=text))


PARTS: dict[str, Callable[[Bench], None]] = {
    "large": large,
    "web": web,
    "network": network,
    "command": command,
    "threads": threads,
    "memory": memory,
    "folders": folders,
    "accuracy": accuracy,
}


def _other_models(bench: Bench, folder: Path, runs: Runs) -> list[str]:
    """Add the models for which there are no goals to `runs`; returns their names."""
    for model in bench.models[1:]:
        runs[model.name] = partial(run_worker, "ours", folder=folder, model=model.folder, engine="litert")
    return [model.name for model in bench.models[1:]]


def _command_line(bench: Bench, folder: Path, engine: str) -> dict[str, Any]:
    """`roomnet classify FOLDER`, knowing nothing of earlier runs."""
    return run_worker("command_line", folder=folder, model=bench.model.folder, engine=engine, data=bench.data())


def _folder_rate(bench: Bench, folder: Path, warm_up: Path) -> dict[str, Any]:
    return run_worker("folder_rate", folder=folder, warm_up=warm_up, model=bench.model.folder, data=bench.data())
