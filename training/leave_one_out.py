"""Leave one source out: a linear probe on frozen features, trained on all other sources of the training split.

`python -m training.leave_one_out --data MANIFEST`. Fine-tuning the whole network once for every source would take
most of a day on two cores, so this is a stand-in: it shows which sources are strange to the others, not what the
shipped model reaches on them.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from roomnet_core.training.dataset import read_manifest, sampling_weights
from roomnet_core.training.packed import pack_photos
from training.fine_tune import predict
from training.make import LABELS, pretrained
from training.probe import probe, standardize
from training.recipes import CLASSES, TEACHER


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/manifest.csv"))
    parser.add_argument("--work", type=Path, default=Path("runs"))
    args = parser.parse_args()
    dataset = read_manifest(args.data, CLASSES, extra_labels=[LABELS])
    examples = dataset.split("train")
    cache = args.work / "leave-one-out-features.npy"
    if not cache.is_file():
        pixels = pack_photos([example.path for example in examples], TEACHER.preprocessing, args.work)
        np.save(cache, predict(pretrained(TEACHER), pixels, 192, TEACHER.preprocessing, features=True))
    features = standardize(np.load(cache))
    labels = np.array(dataset.label_ids(examples))
    sources = np.array([example.source for example in examples])
    weights = np.array(sampling_weights(examples, source_weights=TEACHER.source_weights))
    print("| source left out | photos | accuracy | macro recall |\n|---|---|---|---|")
    total = np.zeros(2)
    for source in sorted(set(sources)):
        inside = sources != source
        matrix, offset = probe(features[inside], labels[inside], weights[inside], len(CLASSES) + 1)
        out = ~inside & (labels < len(CLASSES))
        answers = (features[out] @ matrix + offset)[:, : len(CLASSES)].argmax(1)
        right = answers == labels[out]
        recall = np.mean([right[labels[out] == room].mean() for room in sorted(set(labels[out]))])
        print(f"| {source} | {out.sum()} | {right.mean():.1%} | {recall:.1%} |", flush=True)
        total += right.sum(), out.sum()
    print(f"| all | {total[1]:.0f} | {total[0] / total[1]:.1%} | |")


if __name__ == "__main__":
    main()
