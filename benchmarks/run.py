"""`make bench`: the reference pipeline beside ours, on the same photos in one run: photos a second and peak memory.

Each pipeline runs in a process of its own, in turn, several rounds; the median counts. The reference decodes the whole
photo with OpenCV, crops and resizes it, and runs its network on one photo at a time, as its author's program does
(without the annotated copy which that program also writes for each photo).
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import random
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = Path(os.environ.get("ROOMNET_SHARED", REPOSITORY.parent / "shared"))
MEGAPIXELS = {"12 MP": 12.0, "1 MP": 1.0}
PIPELINES = {"reference": "reference", "litert": "RoomNet, LiteRT", "tensorflow": "RoomNet, TensorFlow"}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__.splitlines()[0])
    parser.add_argument("--photos", type=int, default=40, help="photos of 12 MP (default 40), and thrice that at 1 MP")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each pipeline (default 3; the median counts)")
    parser.add_argument("--model", help="our model, by name or folder (default: the default model)")
    parser.add_argument("--json", type=Path, default=REPOSITORY / "runs" / "bench.json", help="where the figures go")
    parser.add_argument("--worker", choices=PIPELINES, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--reference", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.worker:
        work = run_reference if options.worker == "reference" else run_ours
        print(json.dumps(work(options)))
        return 0

    with tempfile.TemporaryDirectory(prefix="roomnet-bench-") as name:
        temporary = Path(name)
        reference = make_reference_model(temporary / "reference")
        results = {}
        for title, megapixels in MEGAPIXELS.items():
            count = options.photos if megapixels > 1 else 3 * options.photos
            folder = temporary / title.replace(" ", "")
            origin = make_photos(folder, count, megapixels)
            print(f"{title}: {count} {origin}", file=sys.stderr)
            results[title] = {"photos": count, "origin": origin, "pipelines": measure(options, folder, reference)}
    report = {
        "machine": describe_machine(),
        "model": options.model or "default",
        "rounds": options.rounds,
        "results": results,
    }
    options.json.parent.mkdir(parents=True, exist_ok=True)
    options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print_table(report)
    print(f"\nWritten to {options.json}")
    return 0


# --- the photos


def make_photos(folder: Path, count: int, megapixels: float) -> str:
    """Fill `folder` with JPEGs of that size, scaled up from the labelled photos or made in code; returns which."""
    folder.mkdir()
    manifest = SHARED / "data" / "manifest.csv"
    if manifest.is_file():
        with manifest.open(encoding="utf-8", newline="") as stream:
            files = sorted(row["file"] for row in csv.DictReader(stream) if row["split"] == "test")
        chosen = random.Random(0).sample(files, min(count, len(files)))
        sources: list[Callable[[], Image.Image]] = [
            lambda file=file: Image.open(manifest.parent / file) for file in chosen
        ]
        origin = "real photos, scaled up"
    else:
        sources = [lambda seed=seed: made_in_code(seed) for seed in range(count)]
        origin = "pictures made in code"
    for number, open_source in enumerate(sources):
        generator = np.random.default_rng(number)
        with open_source() as source:
            factor = (megapixels * 1e6 / (source.width * source.height)) ** 0.5
            size = (round(source.width * factor), round(source.height * factor))
            large = source.convert("RGB").resize(size, Image.Resampling.BICUBIC)
        # A sensor's noise, without which a photo scaled up would be smaller and decode faster than a camera's.
        noise = generator.normal(0, 3, (size[1], size[0], 1)).astype(np.float32)
        noisy = np.clip(np.asarray(large, dtype=np.float32) + noise, 0, 255).astype(np.uint8)
        Image.fromarray(noisy).save(folder / f"photo-{number:04}.jpg", quality=90, subsampling="4:2:0")
    return origin


def made_in_code(seed: int) -> Image.Image:
    """A small picture of soft patches of colour."""
    patches = np.random.default_rng(seed).integers(20, 235, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(patches).resize((320, 240), Image.Resampling.BICUBIC)


# --- the pipelines, each in a process of its own


def run_reference(options: argparse.Namespace) -> dict[str, Any]:
    started = time.perf_counter()
    import cv2
    import tensorflow as tf

    tf1 = tf.compat.v1
    graph_definition = tf1.GraphDef()
    graph_definition.ParseFromString((options.reference / "graph.pb").read_bytes())
    session = tf1.Session(graph=tf.Graph())
    with session.graph.as_default():
        tf.graph_util.import_graph_def(graph_definition, name="")

    def classify_one(path: Path) -> Any:
        bgr = cv2.imread(str(path))
        height, width = bgr.shape[:2]
        side, cut = min(height, width), abs(height - width) // 2
        square = bgr[:, cut : cut + side] if width > height else bgr[cut : cut + side]
        rgb = cv2.cvtColor(cv2.resize(square, (224, 224)), cv2.COLOR_BGR2RGB)
        return session.run("logits:0", {"image:0": (rgb[None] / 255.0) * 2 - 1})

    paths = sorted(options.folder.iterdir())
    classify_one(paths[0])  # the first call compiles
    ready = time.perf_counter()
    for path in paths:
        classify_one(path)
    return figures(len(paths), started, ready)


def run_ours(options: argparse.Namespace) -> dict[str, Any]:
    started = time.perf_counter()
    from roomnet_core.inference.classify import Classified, classify
    from roomnet_core.inference.engine import open_engine
    from roomnet_core.inference.model_file import find_model
    from roomnet_core.photos.photo_file import Problem
    from roomnet_core.photos.scan import scan

    model = find_model(options.model)
    engine = open_engine(model, options.worker)
    ready = time.perf_counter()
    results = list(classify(scan(options.folder), model, engine))
    problems = [result for result in results if isinstance(result, Problem)]
    assert not problems, problems
    done = sum(isinstance(result, Classified) for result in results)
    result = figures(done, started, ready)
    engine.close()
    return {**result, "model": model.name, "device": engine.device}


def figures(count: int, started: float, ready: float) -> dict[str, Any]:
    seconds = time.perf_counter() - ready
    return {
        "start_seconds": round(ready - started, 3),
        "photos": count,
        "photos_per_second": round(count / seconds, 2),
        "milliseconds_per_photo": round(1000 * seconds / count, 2),
        "peak_mebibytes": round(peak_memory() / 2**20, 1),
    }


def peak_memory() -> int:
    """The most memory in bytes that this process has held so far."""
    status = Path("/proc/self/status")
    if status.is_file():  # not getrusage: its figure starts at what the parent process held
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # bytes on macOS


# --- measuring and telling


def make_reference_model(folder: Path) -> Path:
    """Freeze the reference network into `folder`, in a process of its own; returns the folder."""
    prefix = SHARED / "reference" / "roomnet"
    if prefix.with_suffix(".index").is_file():
        code = f"import_checkpoint(Path({str(prefix)!r}), Path({str(folder)!r}))"
    else:
        print("No reference checkpoint: its network runs with random weights, at the same speed.", file=sys.stderr)
        code = (
            "from roomnet_core.network.roomnet import build_roomnet; from roomnet_core.network.freeze import freeze;"
            f"folder = Path({str(folder)!r}); folder.mkdir();"
            "(folder / 'graph.pb').write_bytes(freeze(build_roomnet(6, relu6_logits=True))[0])"
        )
    run_python(
        ["-c", f"from pathlib import Path; from roomnet_core.network.checkpoint import import_checkpoint; {code}"]
    )
    return folder


def measure(options: argparse.Namespace, folder: Path, reference: Path) -> dict[str, dict[str, Any]]:
    """Run every pipeline `options.rounds` times, in turn, and return the median figures of each."""
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in PIPELINES}
    model = ["--model", options.model] if options.model else []
    for number in range(options.rounds):
        for name in PIPELINES:
            print(f"  round {number + 1} of {options.rounds}: {PIPELINES[name]}", file=sys.stderr)
            command = ["-m", "benchmarks.run", "--worker", name, "--folder", str(folder), "--reference", str(reference)]
            runs[name].append(json.loads(run_python([*command, *model]).splitlines()[-1]))
    return {
        name: {
            key: statistics.median(run[key] for run in of_one) if isinstance(value, float) else value
            for key, value in of_one[0].items()
        }
        for name, of_one in runs.items()
    }


def run_python(arguments: list[str]) -> str:
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    result = subprocess.run(
        [sys.executable, *arguments], cwd=REPOSITORY, env=environment, capture_output=True, text=True
    )
    if result.returncode != 0:
        raise SystemExit(f"{result.stderr}\nA benchmark's process failed: {' '.join(arguments)}")
    return result.stdout


def describe_machine() -> dict[str, Any]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    packages = ("tensorflow", "ai-edge-litert", "pillow", "opencv-python-headless", "numpy")
    return {
        "system": platform.platform(),
        "python": platform.python_version(),
        "cores": cores,
        "packages": {name: version(name) for name in packages},
    }


def print_table(report: dict[str, Any]) -> None:
    machine = report["machine"]
    print(f"\n{machine['cores']} cores, Python {machine['python']}; median of {report['rounds']} rounds")
    for title, result in report["results"].items():
        base = result["pipelines"]["reference"]
        print(f"\n{title}, {result['photos']} {result['origin']}")
        print(f"  {'':22}{'photos/s':>10}{'ratio':>8}{'ms/photo':>10}{'peak MiB':>10}{'ratio':>8}{'start s':>9}")
        for name, row in result["pipelines"].items():
            speed, memory, start = row["photos_per_second"], row["peak_mebibytes"], row["start_seconds"]
            print(
                f"  {PIPELINES[name]:22}{speed:>10.1f}{speed / base['photos_per_second']:>7.1f}x"
                f"{row['milliseconds_per_photo']:>10.1f}"
                f"{memory:>10.0f}{memory / base['peak_mebibytes']:>7.2f}x{start:>9.2f}"
            )


if __name__ == "__main__":
    sys.exit(main())
