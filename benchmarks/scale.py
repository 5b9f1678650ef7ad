"""`roomnet batch` measured: `python -m benchmarks.scale rate | scaling | memory | heads | prepare` (docs/scale.md).

    rate      beside `roomnet classify`, the same photos, each command whole (--megapixels, --photos, --model)
    scaling   one worker on one core, then two on two
    memory    the most that all processes hold, with few photos and with many
    heads     what the beginning of a progressive JPEG is enough for
    prepare   makes the photos for the others, which otherwise do it themselves
"""

from __future__ import annotations

import argparse
import io
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
from PIL import Image, ImageFile

from benchmarks.photos import enlarge, labelled_photos, made_in_code, make_photos, make_small_photos, repeat_photos

_SAMPLE_SECONDS = 1.0
_SUMMARY = re.compile(r"([\d,]+) photos in ([\d,.]+) s \(([\d,.]+) a second\)")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", choices=("rate", "scaling", "memory", "heads", "prepare"))
    parser.add_argument("--megapixels", type=float, default=12.0)
    parser.add_argument("--photos", type=int, default=5000)
    parser.add_argument("--many", type=int, default=100_000)
    parser.add_argument("--distinct", type=int, default=64, help="different photos; the others are hard links to them")
    parser.add_argument("--model", default="roomnet-large")
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()) / "roomnet-scale")
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    found = {"rate": rate, "scaling": scaling, "memory": memory, "heads": heads, "prepare": prepare}[args.work](args)
    print(json.dumps({"work": args.work, "model": args.model, **found}, indent=2))
    return 0


def prepare(args: argparse.Namespace) -> dict[str, Any]:
    photos(args)
    return {}


def rate(args: argparse.Namespace) -> dict[str, Any]:
    folder = photos(args)
    for path in list(folder.iterdir())[: args.distinct]:
        path.read_bytes()  # into the system's cache, for both
    started = time.perf_counter()
    roomnet("classify", folder, "--no-catalog", "--model", args.model)
    classify = time.perf_counter() - started
    batch = run_batch(folder, args.model)
    return {
        "megapixels": args.megapixels,
        "photos": args.photos,
        "classify_photos_per_second": round(args.photos / classify, 2),
        "batch_photos_per_second": round(args.photos / batch["seconds_whole"], 2),
        "ratio_of_whole_commands": round(classify / batch["seconds_whole"], 3),
        "ratio_without_starting_ray": round(batch["rate"] * classify / args.photos, 3),
        **batch,
    }


def scaling(args: argparse.Namespace) -> dict[str, Any]:
    folder = photos(args)
    cores = sorted(os.sched_getaffinity(0))[:2]
    one, two = (run_batch(folder, args.model, cores=cores[:count]) for count in (1, 2))
    return {"photos": args.photos, "one": one, "two": two, "ratio": round(two["rate"] / one["rate"], 3)}


def memory(args: argparse.Namespace) -> dict[str, Any]:
    stock = args.folder / "small-stock"
    if not stock.is_dir():
        make_small_photos(stock, args.distinct)
    found = {}
    for count in (args.photos, args.many):
        folder = args.folder / f"small-{count}"
        if not folder.is_dir():
            repeat_photos(folder, stock, count)
        found[count] = run_batch(folder, args.model, watch=True)
    few, many = found[args.photos]["peak_mebibytes"], found[args.many]["peak_mebibytes"]
    return {"runs": found, "ratio": round(many / few, 3)}


def heads(args: argparse.Namespace) -> dict[str, Any]:
    """Progressive JPEGs cut off: how often the room is the same, and how far the probabilities are."""
    from roomnet_core.inference.confidence import predictions
    from roomnet_core.inference.engine import open_engine
    from roomnet_core.inference.model_file import find_model
    from roomnet_core.inference.preprocessing import prepare, scale_pixels

    ImageFile.LOAD_TRUNCATED_IMAGES = True
    model = find_model(args.model)
    spec = model.card.preprocessing
    engine = open_engine(model, "litert")
    sources = [file for file, _ in labelled_photos()][: args.distinct] or [None] * args.distinct
    shares = (0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7)
    same, furthest, sizes = {share: 0 for share in shares}, {share: 0.0 for share in shares}, []

    def probabilities(content: bytes) -> np.ndarray[Any, Any]:
        with Image.open(io.BytesIO(content)) as image:
            if spec.decode_side is not None:
                image.draft(None, (spec.decode_side, spec.decode_side))
            views = prepare(np.asarray(image.convert("RGB")), spec)
        logits = engine.logits(scale_pixels(views, spec)).mean(axis=0)
        return np.array(predictions(logits[None], model.card.calibration)[0].probabilities)

    for number, source in enumerate(sources):
        picture = made_in_code(number) if source is None else Image.open(source).convert("RGB")
        target = io.BytesIO()
        enlarge(picture, args.megapixels, number).save(target, "JPEG", quality=88, progressive=True)
        content = target.getvalue()
        sizes.append(len(content))
        whole = probabilities(content)
        for share in shares:
            part = probabilities(content[: int(share * len(content))])
            same[share] += int(part.argmax() == whole.argmax())
            furthest[share] = max(furthest[share], float(np.abs(part - whole).max()))
    return {
        "photos": len(sources),
        "megapixels": args.megapixels,
        "mean_bytes": round(float(np.mean(sizes))),
        "same_room": {str(share): round(count / len(sources), 3) for share, count in same.items()},
        "largest_difference": {str(share): round(value, 4) for share, value in furthest.items()},
    }


# --- shared


def photos(args: argparse.Namespace) -> Path:
    """A folder of `args.photos` photos of that size."""
    folder: Path = args.folder / f"{args.megapixels:g}-{args.photos}"
    stock = args.folder / f"{args.megapixels:g}-stock-{args.distinct}"
    if not stock.is_dir():
        make_photos(stock, args.distinct, args.megapixels)
    if not folder.is_dir():
        repeat_photos(folder, stock, args.photos)
    return folder


def run_batch(folder: Path, model: str, *, cores: list[int] | None = None, watch: bool = False) -> dict[str, Any]:
    """One `roomnet batch` on this machine, its own figures, and the memory of all its processes with `watch`."""
    with tempfile.TemporaryDirectory(prefix="scale-") as output:
        target = Path(output) / "rooms"
        watcher = Watcher() if watch else None
        started = time.perf_counter()
        said = roomnet("batch", folder, target, "--address", "local", "--model", model, cores=cores, watcher=watcher)
        whole = time.perf_counter() - started
        notes = [json.loads(line) for file in target.glob("_roomnet/finished/*") for line in file.open()]
        written = sum(note["bytes_written"] for note in notes)
    match = _SUMMARY.search(said)
    assert match is not None, said
    count, seconds, per_second = (float(text.replace(",", "")) for text in match.groups())
    found = {
        "seconds_whole": round(whole, 2),
        "seconds": seconds,
        "rate": per_second,
        "bytes_read_a_photo": round(sum(note["bytes_read"] for note in notes) / count),
        "bytes_written_a_photo": round(written / count, 1),
    }
    return found if watcher is None else {**found, "peak_mebibytes": watcher.peak}


def roomnet(*arguments: object, cores: list[int] | None = None, watcher: Watcher | None = None) -> str:
    command = [sys.executable, "-m", "roomnet_core", *map(str, arguments)]
    if cores is not None:
        command = ["taskset", "--cpu-list", ",".join(map(str, cores)), *command]
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
        if watcher is not None:
            watcher.watch(process.pid)
        status = process.wait()
        if watcher is not None:
            watcher.end()
        output.seek(0)
        said = output.read()
    if status != 0:
        raise SystemExit(f"{' '.join(command)} ended with {status}:\n{said}")
    return said


class Watcher:
    """The most memory in MiB that a process and all below it held together; what they share is counted once (PSS)."""

    def __init__(self) -> None:
        self.peak = 0
        self._ended = threading.Event()
        self._thread: threading.Thread | None = None

    def watch(self, process: int) -> None:
        self._thread = threading.Thread(target=self._look, args=(psutil.Process(process),))
        self._thread.start()

    def end(self) -> None:
        self._ended.set()
        assert self._thread is not None
        self._thread.join()

    def _look(self, root: psutil.Process) -> None:
        while not self._ended.wait(_SAMPLE_SECONDS):
            total = 0
            try:
                for process in [root, *root.children(recursive=True)]:
                    try:
                        total += process.memory_full_info().pss
                    except psutil.Error:
                        continue
            except psutil.Error:
                return
            self.peak = max(self.peak, round(total / 2**20))


if __name__ == "__main__":
    sys.exit(main())
