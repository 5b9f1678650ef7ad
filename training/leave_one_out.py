"""Leave one source out: EfficientNet-Lite2 fine-tuned on all other sources of the training split, for each source.

`python -m training.leave_one_out --data MANIFEST`. Each run begins at the ImageNet weights under a linear probe on
their features, which harms what they know of other photos less than a random last layer would (Kumar et al.,
"Fine-tuning can distort pretrained features and underperform out-of-distribution", 2022), and then trains the whole
network. The runs are short beside those of the shipped model, so this shows which sources are strange to the
others. A source that is done is not done again: its answers are kept under `--work`.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from roomnet_core.training.packed import pack_photos
from training.fine_tune import Material, fit, predict
from training.make import CORRECTIONS, all_photos, files, pretrained, read_labelled, targets
from training.probe import probe
from training.recipes import CLASSES, LARGE_FIRST
from training.report import markdown_table, percent

Array = np.ndarray[Any, Any]

# As the shipped model is trained, without the opinions of teachers, which have seen every source.
_RECIPE = replace(LARGE_FIRST, opinion=0.0, teachers=(), start="", unlabelled=0.0)
_SIZE = 160  # smaller views are strange to the probe


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/manifest.csv"))
    parser.add_argument("--work", type=Path, default=Path("runs"))
    parser.add_argument("--views", type=int, default=2880, help="how many views a run trains on")
    args = parser.parse_args()
    dataset = read_labelled(args.data, ("train",))
    examples = dataset.split("train")
    paths = all_photos(args.data)
    packed = pack_photos(paths, _RECIPE.preprocessing, args.work)
    row_of = {path: row for row, path in enumerate(paths)}
    rows = np.array([row_of[example.path] for example in examples])
    labels = np.array(dataset.label_ids(examples))
    sources = np.array([example.source for example in examples])
    none = np.zeros((len(examples), len(CLASSES) + 1), np.float32)
    goals, weights = targets(_RECIPE, dataset, examples, none, set(files(CORRECTIONS, args.data.parent)))
    folder = args.work / "leave-one-out"
    folder.mkdir(parents=True, exist_ok=True)
    cache = folder / "features.npy"
    if not cache.is_file():
        seen = packed[rows]
        np.save(cache, predict(pretrained(_RECIPE), seen, _SIZE, _RECIPE.preprocessing, features=True))
    features = np.load(cache)

    table, right, of_probe, photos = [], 0, 0, 0
    for source in sorted(set(sources)):
        out = (sources == source) & (labels < len(CLASSES))
        kept = folder / f"{source}-{args.views}.npy"
        if not kept.is_file():
            inside = np.nonzero(sources != source)[0]
            network = _probed(features[inside], labels[inside], weights[inside])
            before = predict(network, packed[rows[out]], _SIZE, _RECIPE.preprocessing)
            schedule = replace(_RECIPE.schedule, phases=((1, _SIZE, 48),), photos=args.views, learning_rate=1e-4)
            material = Material(packed, goals[inside], weights[inside], rows[inside])
            checkpoint = folder / f"{source}.checkpoint"
            network = fit(network, material, schedule, _RECIPE.preprocessing, checkpoint)
            after = predict(network, packed[rows[out]], _SIZE, _RECIPE.preprocessing)
            checkpoint.unlink()
            np.save(kept, np.stack((before, after)))
        first, last = (logits[:, : len(CLASSES)].argmax(1) == labels[out] for logits in np.load(kept))
        recall = np.mean([last[labels[out] == room].mean() for room in sorted(set(labels[out]))])
        table.append([source, str(out.sum()), percent(first.mean()), percent(last.mean()), percent(recall)])
        print(*table[-1], flush=True)
        photos, of_probe, right = photos + out.sum(), of_probe + first.sum(), right + last.sum()
    table.append(["all", str(photos), percent(of_probe / photos), percent(right / photos), ""])
    print(markdown_table(("source left out", "photos", "probe", "fine-tuned", "its macro recall"), table))


def _probed(features: Array, labels: Array, weights: Array) -> Any:
    """The ImageNet network with the probe on its `(N, D)` features as its last layer."""
    mean, spread = features.mean(0), features.std(0) + 1e-3
    matrix, offset = probe(
        ((features - mean) / spread).astype(np.float32), labels, weights, len(CLASSES) + 1, decay=3e-3
    )
    network = pretrained(_RECIPE)
    with torch.no_grad():
        network.logits.weight.copy_(torch.from_numpy((matrix / spread[:, None]).T))
        network.logits.bias.copy_(torch.from_numpy(offset - (mean / spread) @ matrix))
    return network


if __name__ == "__main__":
    main()
