"""What the benchmarks measure, each in a process of its own: `python -m benchmarks.workers '{"work": NAME, ...}'`."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import time
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).resolve().parent.parent


def run_worker(work: str, **arguments: Any) -> dict[str, Any]:
    """Run one of the functions below in a fresh process and return its figures; `cores` bounds what it may use."""
    request = json.dumps({"work": work, **{key: _plain(value) for key, value in arguments.items()}})
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    result = subprocess.run(
        [sys.executable, "-m", "benchmarks.workers", request],
        cwd=REPOSITORY,
        env=environment,
        capture_output=True,
        text=True,
    )
    if result.returncode != 0:
        raise SystemExit(f"{result.stderr}\nA benchmark's process failed: {request}")
    return dict(json.loads(result.stdout.splitlines()[-1]))


def main() -> int:
    request = json.loads(sys.argv[1])
    work = WORK[request.pop("work")]
    if cores := request.pop("cores", None):
        with contextlib.suppress(AttributeError):  # only Linux can bind a process
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])
    print(json.dumps({**work(**request), "peak_mebibytes": round(peak_memory() / 2**20, 1)}))
    return 0


# --- whole pipelines


def reference(folder: str, reference: str) -> dict[str, Any]:
    """As the reference's author does: whole decode with OpenCV, one photo at a time, his network."""
    classify_one = _reference_network(reference)
    import cv2

    paths = sorted(Path(folder).iterdir())
    clock = Clock()
    for path in paths:
        bgr = cv2.imread(str(path))
        height, width = bgr.shape[:2]
        side, cut = min(height, width), abs(height - width) // 2
        square = bgr[:, cut : cut + side] if width > height else bgr[cut : cut + side]
        rgb = cv2.cvtColor(cv2.resize(square, (224, 224)), cv2.COLOR_BGR2RGB)
        classify_one((rgb[None] / 255.0) * 2 - 1)
    return clock.rate(len(paths))


def ours(folder: str, model: str, engine: str, lanes: int | None = None, decoders: int | None = None) -> Any:
    """Scan, decode and classify a folder with an engine that is loaded already."""
    from roomnet_core.inference.classify import Classified, classify
    from roomnet_core.inference.engine import open_engine
    from roomnet_core.inference.model_file import find_model
    from roomnet_core.photos.scan import scan

    found = find_model(model)
    opened = open_engine(found, engine, threads=lanes)
    clock = Clock()
    results = list(classify(scan(Path(folder)), found, opened, workers=decoders))
    figures = clock.rate(len(results))
    opened.close()
    assert all(isinstance(item, Classified) for item in results), results
    return {**figures, "model": found.name, "device": opened.device}


def decode_only(folder: str, side: int, threads: int | None = None) -> dict[str, Any]:
    """The same reduced decode as in the pipeline, and nothing else."""
    from concurrent.futures import ThreadPoolExecutor

    from roomnet_core.inference.cores import available_cores
    from roomnet_core.photos.decode import decode_photo

    paths = sorted(Path(folder).iterdir())
    with ThreadPoolExecutor(threads or available_cores()) as pool:
        clock = Clock()
        for _ in pool.map(lambda path: decode_photo(path, min_side=side), paths):
            pass
        return clock.rate(len(paths))


def first_result(folder: str, model: str) -> dict[str, Any]:
    """How long after the engine is ready the first result of a folder comes, the engine loading while the scan runs."""
    from roomnet_core.inference.classify import classify
    from roomnet_core.inference.engine import open_engine_in_background
    from roomnet_core.inference.model_file import find_model
    from roomnet_core.photos.scan import scan

    found = find_model(model)
    engine = open_engine_in_background(found, "litert")
    ready: list[float] = []
    engine.add_done_callback(lambda _: ready.append(time.perf_counter()))
    stream = classify(scan(Path(folder)), found, engine)
    next(iter(stream))
    milliseconds = (time.perf_counter() - ready[0]) * 1000
    for _ in stream:
        pass
    engine.result().close()
    return {"milliseconds": round(milliseconds, 1)}


# --- the networks alone


def reference_network(reference: str, photos: int) -> dict[str, Any]:
    import numpy as np

    classify_one = _reference_network(reference)
    batch = np.random.default_rng(0).uniform(-1, 1, (1, 224, 224, 3)).astype(np.float32)
    return _each(lambda: classify_one(batch), photos)


def our_network(model: str, photos: int) -> dict[str, Any]:
    import numpy as np

    from roomnet_core.inference.engine import open_engine
    from roomnet_core.inference.model_file import find_model

    found = find_model(model)
    size = found.card.preprocessing.input_size
    batch = np.random.default_rng(0).uniform(-1, 1, (1, size, size, 3)).astype(np.float32)
    engine = open_engine(found, "litert", threads=1)
    figures = _each(lambda: engine.logits(batch), photos)
    engine.close()
    return {**figures, "model": found.name}


# --- the command line


def command_line(folder: str, model: str, engine: str, data: str) -> dict[str, Any]:
    """`roomnet classify FOLDER` in a process of its own, from its start to its exit."""
    command = [sys.executable, "-m", "roomnet_core", "classify", folder, "--engine", engine, "--model", model]
    started = time.perf_counter()
    subprocess.run(command, env={**os.environ, "ROOMNET_DATA_DIR": data}, check=True, capture_output=True)
    return {"seconds": round(time.perf_counter() - started, 3)}


def command_line_memory(folder: str, model: str, data: str) -> dict[str, Any]:
    """`roomnet classify FOLDER` in this process, whose peak memory is then the command line's."""
    from roomnet_core.cli import main as roomnet

    os.environ["ROOMNET_DATA_DIR"] = data
    with contextlib.redirect_stdout(io.StringIO()) as output:
        status = roomnet(["classify", folder, "--model", model])
    assert status == 0, output.getvalue()
    return {"photos": sum(1 for _ in Path(folder).iterdir())}


def folder_rate(folder: str, warm_up: str, model: str, data: str) -> dict[str, Any]:
    """Photos a second of the whole command line work on a folder: scan, classify and store; not the imports.

    And of a second visit: the seconds until the same folder is ready once more.
    """
    import argparse

    from roomnet_core.cli.catalog import open_catalog
    from roomnet_core.cli.console import add_photo_options
    from roomnet_core.cli.pipeline import run_model
    from roomnet_core.inference.model_file import find_model

    os.environ["ROOMNET_DATA_DIR"] = data
    parser = argparse.ArgumentParser()
    add_photo_options(parser, "")

    def run(name: str) -> int:
        arguments: Namespace = parser.parse_args([name])
        with open_catalog(True) as catalog:
            return len(run_model(arguments, find_model(model), catalog=catalog))

    run(warm_up)
    clock = Clock()
    figures = {**clock.rate(run(folder)), "first_visit_mebibytes": round(peak_memory() / 2**20, 1)}
    started = time.perf_counter()
    run(folder)
    return {**figures, "second_visit_seconds": round(time.perf_counter() - started, 3)}


# --- shared


def _reference_network(folder: str) -> Callable[[Any], Any]:
    import tensorflow as tf

    tf1 = tf.compat.v1
    definition = tf1.GraphDef()
    definition.ParseFromString((Path(folder) / "graph.pb").read_bytes())
    session = tf1.Session(graph=tf.Graph())
    with session.graph.as_default():
        tf.graph_util.import_graph_def(definition, name="")

    def run(batch: Any) -> Any:
        return session.run("logits:0", {"image:0": batch})

    import numpy as np

    run(np.zeros((1, 224, 224, 3), np.float32))  # the first call compiles
    return run


def _each(call: Callable[[], Any], count: int) -> dict[str, Any]:
    """Milliseconds a call: the median, which a burst of other work does not move."""
    seconds = []
    for _ in range(count):
        started = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - started)
    return {"milliseconds": round(1000 * sorted(seconds)[count // 2], 3)}


class Clock:
    """Measures from its making on, by the wall's clock and in processor time of all threads."""

    def __init__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def rate(self, count: int) -> dict[str, Any]:
        seconds, processor = time.perf_counter() - self._wall, time.process_time() - self._processor
        return {
            "photos": count,
            "seconds": round(seconds, 3),
            "photos_per_second": round(count / seconds, 2),
            "processor_milliseconds": round(1000 * processor / count, 3),
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


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Path) else value


WORK: dict[str, Callable[..., dict[str, Any]]] = {
    function.__name__: function
    for function in (
        reference,
        ours,
        decode_only,
        first_result,
        reference_network,
        our_network,
        command_line,
        command_line_memory,
        folder_rate,
    )
}

if __name__ == "__main__":
    sys.exit(main())
