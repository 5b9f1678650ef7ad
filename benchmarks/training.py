"""How long training takes and how good it gets: `python -m benchmarks.training quick|standard|eight|corrections|kills`.

It needs the labelled photos of `../shared/data`. Every training is the real thing: a worker process on a folder of
class folders made of photos of the training split, with nothing remembered from before. Accuracy is measured on the
photos of the test split, from the LiteRT file of the model. The figures are printed as JSON, one object a measurement.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import random
import shutil
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from roomnet_core.inference.confidence import class_probabilities
from roomnet_core.inference.model_file import ModelFile, find_model
from roomnet_core.training.control import RunControl
from roomnet_core.training.dataset import Example, read_manifest
from roomnet_core.training.examination import Examination, examine
from roomnet_core.training.finish import predict_logits
from roomnet_core.training.plan import make_plan
from roomnet_core.training.process import TrainingProcess, unfinished_runs
from roomnet_core.training.sources import ACCEPTED, CORRECTED, KEPT, LabelledPhoto, Source

ROOMS = ("Backyard", "Bathroom", "Bedroom", "Frontyard", "Kitchen", "LivingRoom")
NEW_ROOMS = ("DiningRoom", "Hallway")
REPOSITORY = Path(__file__).resolve().parent.parent
LABELS = REPOSITORY / "training" / "labels"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("quick", "standard", "eight", "corrections", "kills"))
    parser.add_argument("--data", type=Path, default=REPOSITORY.parent / "shared" / "data" / "manifest.csv")
    parser.add_argument("--network", default=None, help="the network to start from (default: the recipe's)")
    parser.add_argument("--model", default=None, help="the model in use")
    parser.add_argument("--recipe", default="quick", help="of `kills`: quick (default) or standard")
    parser.add_argument("--photos", type=int, default=1200)
    parser.add_argument("--epochs", type=int)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--seeds", type=int, default=1, help="of `corrections`: how many draws, from --seed on")
    parser.add_argument("--judge", choices=("val", "test"), default="test", help="of `corrections`: the split")
    parser.add_argument("--cache", type=Path, help="of `eight` and `corrections`: keep what networks see")
    args = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="roomnet-bench-") as folder:
        data = Path(folder) / "data"
        os.environ["ROOMNET_DATA_DIR"] = str(data)
        if args.cache is not None:
            args.cache.mkdir(parents=True, exist_ok=True)
            data.mkdir()
            (data / "cache").symlink_to(args.cache.absolute(), target_is_directory=True)
        {"quick": six_rooms, "standard": six_rooms, "eight": eight, "corrections": corrections, "kills": kills}[
            args.what
        ](args, Path(folder))


def six_rooms(args: argparse.Namespace, work: Path) -> None:
    """One recipe on photos of the six rooms in equal numbers."""
    examples = read_all(args.data)
    photos = make_folder(pick(examples, ROOMS, args.photos // len(ROOMS), args.seed), work / "photos")
    began = time.monotonic()
    examination = examine(Source(photos), model=find_model(args.model))
    looked = time.monotonic() - began
    shutil.rmtree(work / "data")  # nothing is remembered: the click comes first
    done = train(examination, args, args.what)
    test = [example for example in examples if example.split == "test" and example.label in ROOMS]
    models = {name: accuracy(find_model(name), test) for name in ("mine", "roomnet-compact", "roomnet-large")}
    tell(args, photos=len(examination.photos), seconds_to_examine=round(looked, 1), **done, test_accuracy=models)


def eight(args: argparse.Namespace, work: Path) -> None:
    """Quick with 40 photos of each of two new rooms beside the six; held out: the validation and the test split."""
    examples = read_all(args.data, scenes=True)
    chosen = pick(examples, ROOMS, args.photos // len(ROOMS), args.seed) + pick(examples, NEW_ROOMS, 40, args.seed)
    done = train(examine(Source(make_folder(chosen, work / "photos")), model=find_model(args.model)), args, "quick")
    held_out = {}
    for split in ("val", "test"):
        wanted = [e for e in examples if e.split == split and e.label in ROOMS + NEW_ROOMS]
        found = answers(find_model("mine"), wanted)
        right = np.array([answer == example.label for answer, example in zip(found, wanted, strict=True)])
        of = {room: [example.label == room for example in wanted] for room in NEW_ROOMS}
        held_out[split] = {
            "photos": len(wanted),
            "accuracy": round(float(right.mean()), 4),
            "recall": {room: round(float(right[mask].mean()), 4) for room, mask in of.items()},
        }
    tell(args, **done, held_out=held_out)


def corrections(args: argparse.Namespace, work: Path) -> None:
    """Quick on 100 photos that the model in use gets wrong beside 1,900 that it gets right; held out: its other errors.

    The photos are those of training and validation, the labelled ones of the pool too, with the labels that were
    mended by eye. Of the 1,900, those that the model is unsure of have been confirmed, and nobody said anything of the
    others. Each of `--seeds` draws other photos. With `--judge val` the accuracy is that on the validation split, none
    of which is corrected then: for choosing, so that the test split chooses nothing.
    """
    model = find_model(args.model)
    with (LABELS / "corrections.csv").open(newline="", encoding="utf-8") as stream:
        mended = {args.data.parent / row["file"]: row["label"] for row in csv.DictReader(stream)}
    examples = read_all(args.data, pool=True)
    judged = [example for example in examples if example.split == args.judge and example.label in ROOMS]
    known = [(e.path, mended.get(e.path, e.label)) for e in examples if e.split not in ("test", args.judge)]
    known = [(path, label) for path, label in known if label in ROOMS]
    logits = predict_logits(model, [path for path, _ in known], RunControl(lambda event: None))
    known = [(path, label) for path, label in known if path in logits]
    probabilities = class_probabilities(np.stack([logits[path] for path, _ in known]), model.card.calibration)
    named = [model.rooms.names[place] for place in probabilities.argmax(axis=1)]
    errors = [item for item, name in zip(known, named, strict=True) if item[1] != name]
    right = [
        LabelledPhoto(item[0], item[1], origin=KEPT if score >= model.card.calibration.threshold else ACCEPTED)
        for item, name, score in zip(known, named, probabilities.max(axis=1), strict=True)
        if item[1] == name
    ]
    before = accuracy(model, judged)
    mended_shares, changes = [], []
    for seed in range(args.seed, args.seed + args.seeds):
        rng, wrong = random.Random(seed), list(errors)
        rng.shuffle(wrong)
        left = rng.sample(right, 1900)
        decided = [LabelledPhoto(path, label, origin=CORRECTED) for path, label in wrong[:100]]
        decided += [photo for photo in left if photo.origin == ACCEPTED]
        kept = tuple(photo for photo in left if photo.origin == KEPT)
        examination = examine(Source(decided=tuple(decided), kept=kept), model=model)
        done = train(examination, args, "quick", name=f"mine{seed}", model=model)
        found = answers(find_model(f"mine{seed}"), [Example(path, label, "", "", "") for path, label in wrong[100:]])
        mended_shares.append(sum(a == label for a, (_, label) in zip(found, wrong[100:], strict=True)) / len(found))
        after = accuracy(find_model(f"mine{seed}"), judged)
        changes.append(after - before)
        tell(
            args,
            run=seed,
            **done,
            errors=len(wrong),
            held_out_errors=len(found),
            held_out_errors_less=round(mended_shares[-1], 4),
            judged_on=args.judge,
            accuracy_before=before,
            accuracy=after,
        )
    tell(
        args,
        runs=args.seeds,
        held_out_errors_less=round(float(np.mean(mended_shares)), 4),
        change_of_accuracy=round(float(np.mean(changes)), 4),
    )


def kills(args: argparse.Namespace, work: Path) -> None:
    """Ten runs killed at random moments and resumed (standard: one run, killed ten times), beside one left alone."""
    examples = read_all(args.data)
    examination = examine(
        Source(make_folder(pick(examples, ROOMS, args.photos // len(ROOMS), args.seed), work / "photos")),
        model=find_model(args.model),
    )
    test = [example for example in examples if example.split == "test" and example.label in ROOMS]
    cache = work / "data" / "cache"
    shutil.rmtree(cache)
    whole = train(examination, args, args.recipe, name="whole")
    expected = accuracy(find_model("whole"), test)
    rng, found, moments = random.Random(args.seed), [], []
    runs, kills_each = (10, 1) if args.recipe == "quick" else (1, 10)
    for number in range(runs):
        name = f"killed{number}"
        shutil.rmtree(cache, ignore_errors=True)
        process = TrainingProcess.start(plan_for(examination, args, args.recipe, name))
        for _ in range(kills_each):
            moment = rng.uniform(0.2, whole["seconds"] / max(1, kills_each / 3))
            deadline = time.monotonic() + moment
            while time.monotonic() < deadline and process.running:
                process.poll()
                time.sleep(0.02)
            if not process.running:
                break
            process.kill()
            moments.append(round(moment, 2))
            (run,) = unfinished_runs()
            process = TrainingProcess.resume(run)
        follow(process)
        found.append(accuracy(find_model(name), test))
    tell(args, kills=len(moments), moments=moments, uninterrupted=expected, test_accuracies=found,
         largest_difference=round(max(abs(value - expected) for value in found), 4))  # fmt: skip


# --- parts


def read_all(manifest: Path, *, scenes: bool = False, pool: bool = False) -> list[Example]:
    """The labelled photos, and those of the `pool`; with `scenes`, dining rooms and hallways are classes, too."""
    more = [LABELS / "pool.csv"] if pool else []
    examples = list(read_manifest(manifest, ROOMS, extra_labels=more, splits=("train", "val", "test")).examples)
    if not scenes:
        return examples
    with manifest.open(newline="", encoding="utf-8") as stream:
        scene = {manifest.parent / row["file"]: row["scene"] for row in csv.DictReader(stream)}
    return [
        Example(e.path, scene[e.path], e.source, e.group, e.split) if scene.get(e.path) in NEW_ROOMS else e
        for e in examples
    ]


def pick(examples: Sequence[Example], labels: Sequence[str], each: int, seed: int) -> list[Example]:
    rng = random.Random(seed)
    chosen: list[Example] = []
    for label in labels:
        chosen += rng.sample([e for e in examples if e.split == "train" and e.label == label], each)
    return chosen


def make_folder(examples: Sequence[Example], folder: Path) -> Path:
    """Class folders with copies of the photos; those of one house in a folder of their own."""
    for number, example in enumerate(examples):
        group = example.group and f"{example.source} {example.group}".replace("/", "-")[:80]
        target = folder / example.label / group if group else folder / example.label
        target.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(example.path, target / f"{number}{example.path.suffix}")
    return folder


def plan_for(examination: Examination, args: argparse.Namespace, recipe: str, name: str) -> Any:
    options = {key: value for key, value in (("network", args.network), ("epochs", args.epochs)) if value is not None}
    return make_plan(examination, name=name, recipe=recipe, model=find_model(args.model), options=options)


def train(
    examination: Examination,
    args: argparse.Namespace,
    recipe: str,
    *,
    name: str = "mine",
    model: ModelFile | None = None,
) -> dict[str, Any]:
    """Run a whole training and return its seconds, and the peak memory of its process in MB."""
    began = time.monotonic()
    process = TrainingProcess.start(plan_for(examination, args, recipe, name))
    peak = Peak(process._child.pid)
    last = follow(process)
    seconds = time.monotonic() - began
    peak.stop()
    if last["event"] != "done":
        raise SystemExit(f"the training ended in {last}")
    card = find_model(name).card
    return {
        "recipe": card.recipe,
        "seconds": round(seconds, 1),
        "peak_memory_mb": peak.megabytes,
        "validation_accuracy": card.measured["val"]["accuracy"],
    }


class Peak:
    """The most memory that a process held, looked at ten times a second."""

    def __init__(self, pid: int) -> None:
        self.megabytes = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, args=(psutil.Process(pid),))
        self._thread.start()

    def _watch(self, process: psutil.Process) -> None:
        while not self._ended.wait(0.1):
            try:
                self.megabytes = max(self.megabytes, process.memory_info().rss >> 20)
            except psutil.Error:
                return

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()


def follow(process: TrainingProcess) -> dict[str, Any]:
    last: dict[str, Any] = {}
    while process.running:
        for event in process.poll():
            last = event
        time.sleep(0.05)
    return last


def answers(model: ModelFile, examples: Sequence[Example]) -> list[str]:
    logits = predict_logits(model, [example.path for example in examples], RunControl(lambda event: None))
    return [model.rooms.names[int(logits[e.path][: len(model.rooms)].argmax())] for e in examples]


def accuracy(model: ModelFile, examples: Sequence[Example]) -> float:
    found = answers(model, examples)
    return round(sum(a == e.label for a, e in zip(found, examples, strict=True)) / len(examples), 4)


def tell(args: argparse.Namespace, **figures: Any) -> None:
    print(json.dumps({"what": args.what, "seed": args.seed, **figures}, indent=1), flush=True)


if __name__ == "__main__":
    main()
