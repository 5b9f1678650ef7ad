"""Leave one source out: `python -m training.leave_one_out --data MANIFEST`, one short fine-tuning for every source.

EfficientNet-Lite2, the network of `roomnet-large`, is fine-tuned whole from its ImageNet weights on the training photos
of all other sources, for 3,840 photos at 128 pixels, and tested on those of the source left out, which it has never
seen. Ten runs of the shipped recipe, 35 times as long with its teachers, would take days on two cores: the figures show
which sources are strange to the others and stay below what the shipped model reaches. A source that was done is not
done again.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np

from roomnet_core.training.packed import pack_photos
from training.fine_tune import Material, fit, predict
from training.make import CORRECTIONS, all_photos, files, pretrained, read_labelled, targets
from training.recipes import CLASSES, LARGE, TEACHER
from training.report import write_part

_TEST_SIZE = 160
RECIPE = replace(
    TEACHER,
    name="leave-one-out",
    schedule=replace(TEACHER.schedule, phases=((1, 128, 32),), photos=3_840, learning_rate=5e-4),
    opinion=0.0,
    class_power=LARGE.class_power,
    source_weights=LARGE.source_weights,
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/manifest.csv"))
    parser.add_argument("--work", type=Path, default=Path("runs"))
    args = parser.parse_args()
    dataset = read_labelled(args.data, ("train",))
    examples = dataset.split("train")
    paths = all_photos(args.data)
    pixels = pack_photos(paths, RECIPE.preprocessing, args.work)
    row_of = {path: row for row, path in enumerate(paths)}
    rows = np.array([row_of[example.path] for example in examples])
    labels = np.array(dataset.label_ids(examples))
    sources = np.array([example.source for example in examples])
    corrected = set(files(CORRECTIONS, args.data.parent))
    table = ["| source left out | photos | accuracy | macro recall |", "|---|---|---|---|"]
    total = np.zeros(2)
    for source in sorted(set(sources)):
        cache = args.work / f"leave-out-{source}.json"
        if not cache.is_file():
            inside = sources != source
            kept = [example for example, keep in zip(examples, inside, strict=True) if keep]
            goals, weights = targets(RECIPE, dataset, kept, np.zeros((len(kept), len(CLASSES) + 1)), corrected)
            material = Material(pixels, goals, weights, rows[inside])
            checkpoint = args.work / f"leave-out-{source}.checkpoint"
            network = fit(pretrained(RECIPE), material, RECIPE.schedule, RECIPE.preprocessing, checkpoint)
            checkpoint.unlink()
            out = np.flatnonzero(~inside & (labels < len(CLASSES)))
            logits = predict(network, pixels[rows[out]], _TEST_SIZE, RECIPE.preprocessing)
            right = logits[:, : len(CLASSES)].argmax(1) == labels[out]
            recall = np.mean([right[labels[out] == room].mean() for room in sorted(set(labels[out]))])
            cache.write_text(json.dumps([int(right.sum()), len(out), float(recall)]))
        right_count, count, recall = json.loads(cache.read_text())
        table.append(f"| {source} | {count} | {100 * right_count / count:.1f} % | {100 * recall:.1f} % |")
        print(table[-1], flush=True)
        total += right_count, count
    table.append(f"| all | {total[1]:.0f} | {100 * total[0] / total[1]:.1f} % | |")
    write_part("sources", "\n".join(table) + "\n")


if __name__ == "__main__":
    main()
