"""Leave one source out: `python -m training.leave_one_out --data MANIFEST`, one short fine-tuning for every source.

EfficientNet-Lite2, the network of `roomnet-large`, with its ImageNet weights. Its last ten blocks and the head, which
hold nine tenths of the weights, are fine-tuned on the training photos of all other sources, for 3,840 photos at 128
pixels, and tested on those of the source left out, which the network has never seen. What the blocks before them make
of each photo is computed once. Ten runs of the shipped recipe would take days on two cores:
the figures show which sources are strange to the others. A source that was done is not done again.
"""

from __future__ import annotations

import argparse
import copy
import json
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from roomnet_core.training.packed import pack_photos
from training.fine_tune import epoch_rows, to_input
from training.make import CORRECTIONS, all_photos, files, pretrained, read_labelled, targets
from training.recipes import CLASSES, LARGE, TEACHER
from training.report import write_part
from training.torch_network import Lite

Array = np.ndarray[Any, Any]

SIZE, PHOTOS, BATCH, LEARNING_RATE = 128, 3_840, 32, 5e-4
_FIRST_BLOCK = 11  # the first that is trained
_PART = 1_024  # photos in one file of the cache


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/manifest.csv"))
    parser.add_argument("--work", type=Path, default=Path("runs"))
    args = parser.parse_args()
    torch.set_flush_denormal(True)
    dataset = read_labelled(args.data, ("train",))
    examples = dataset.split("train")
    labels = np.array(dataset.label_ids(examples))
    sources = np.array([example.source for example in examples])
    network = pretrained(TEACHER)
    middle = _middle(network, [example.path for example in examples], args.data, args.work)
    corrected = set(files(CORRECTIONS, args.data.parent))
    nobody = np.zeros((len(examples), len(CLASSES) + 1), np.float32)
    goals, weights = targets(LARGE, dataset, examples, nobody, corrected, opinion=0.0)
    table = ["| source left out | photos | accuracy | macro recall |", "|---|---|---|---|"]
    total = np.zeros(2)
    for source in sorted(set(sources)):
        cache = args.work / f"left-out-{source}.json"
        if not cache.is_file():
            inside = np.flatnonzero(sources != source)
            trained = _train(network, middle, goals, weights, inside)
            out = np.flatnonzero((sources == source) & (labels < len(CLASSES)))
            right = _answers(trained, middle, out) == labels[out]
            recall = np.mean([right[labels[out] == room].mean() for room in sorted(set(labels[out]))])
            cache.write_text(json.dumps([int(right.sum()), len(out), float(recall)]))
        right_count, count, recall = json.loads(cache.read_text())
        table.append(f"| {source} | {count} | {100 * right_count / count:.1f} % | {100 * recall:.1f} % |")
        print(table[-1], flush=True)
        total += right_count, count
    table.append(f"| all | {total[1]:.0f} | {100 * total[0] / total[1]:.1f} % | |")
    write_part("sources", "\n".join(table) + "\n")


def _middle(network: Lite, wanted: Sequence[Path], manifest: Path, work: Path) -> torch.Tensor:
    """`(N, C, T, T)` bfloat16: what the blocks that stand still make of each wanted photo."""
    paths = all_photos(manifest)
    pixels = pack_photos(paths, TEACHER.preprocessing, work)
    row_of = {path: row for row, path in enumerate(paths)}
    parts = []
    for start in range(0, len(wanted), _PART):
        cache = work / f"leave-one-out-{start}.pt"
        if not cache.is_file():
            photos = torch.from_numpy(np.stack([pixels[row_of[path]] for path in wanted[start : start + _PART]]))
            found = []
            with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
                for some in photos.split(64):
                    x = F.interpolate(to_input(some, TEACHER.preprocessing), (SIZE, SIZE), mode="area")
                    x = x.contiguous(memory_format=torch.channels_last)
                    found.append(network.blocks[:_FIRST_BLOCK](network.stem(x)).bfloat16().contiguous())
            torch.save(torch.cat(found).clone(), cache.with_suffix(".part"))
            cache.with_suffix(".part").replace(cache)
        parts.append(torch.load(cache, weights_only=True))
    return torch.cat(parts)


def _logits(network: Lite, middle: torch.Tensor) -> torch.Tensor:
    x = network.blocks[_FIRST_BLOCK:](middle.contiguous(memory_format=torch.channels_last))
    return network.logits_of(x).float()


def _train(network: Lite, middle: torch.Tensor, goals: Array, weights: Array, inside: Array) -> Lite:
    """A copy of `network` fine-tuned on the rows `inside`."""
    torch.manual_seed(0)
    trained = copy.deepcopy(network).train()
    learning = [*trained.blocks[_FIRST_BLOCK:].parameters(), *trained.head.parameters(), *trained.logits.parameters()]
    optimizer = torch.optim.AdamW(learning, lr=LEARNING_RATE, weight_decay=0.02, foreach=True)
    steps = PHOTOS // BATCH
    for step, (places, _) in enumerate(epoch_rows(weights[inside], PHOTOS, BATCH, seed=0, epoch=0)):
        factor = min(1.0, (step + 1) / 6) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * step / steps)))
        for group in optimizer.param_groups:
            group["lr"] = LEARNING_RATE * factor
        rows = inside[places]
        seen = middle[torch.from_numpy(rows)]
        with torch.autocast("cpu", torch.bfloat16):
            loss = F.cross_entropy(_logits(trained, seen), torch.from_numpy(goals[rows]))
        optimizer.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(learning, 1.0, foreach=True)
        optimizer.step()
    return trained.eval()


def _answers(network: Lite, plain: torch.Tensor, rows: Array) -> Array:
    found = []
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        for start in range(0, len(rows), 64):
            found.append(_logits(network, plain[torch.from_numpy(rows[start : start + 64])])[:, : len(CLASSES)])
    return torch.cat(found).argmax(1).numpy()


if __name__ == "__main__":
    main()
