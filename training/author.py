"""The original architecture by its author's recipe, in two fifths of Keras's time: `python -m training.author`.

The recipe is `roomnet_core.training.recipe.AUTHOR`, which `roomnet train --recipe author` runs through Keras; here the
same batches train `training.torch_roomnet`. `--views` is what there is time for: each phase gets its share of them. All
of its 36 epochs are 325,620 views, 15 hours of two cores. A run that was stopped goes on after the last 200 steps.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from roomnet_core.network.roomnet import build_roomnet
from roomnet_core.training.command import write_measured_model
from roomnet_core.training.dataset import read_terms, sampling_weights
from roomnet_core.training.reader import TrainingReader
from roomnet_core.training.recipe import AUTHOR, Phase
from training.make import LABELS, SOURCES, read_labelled
from training.native import keep_memory
from training.recipes import CLASSES
from training.torch_roomnet import RoomNet, to_keras

Array = np.ndarray[Any, Any]
_STEPS_BETWEEN_CHECKPOINTS = 200


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/manifest.csv"))
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--work", type=Path, default=Path("runs"))
    parser.add_argument("--labels", type=Path, default=LABELS, help="labels of photos of the pool")
    parser.add_argument("--views", type=int, default=36_000, help="how many views it trains on")
    parser.add_argument("--quick", action="store_true", help="192 views: to see that all works")
    args = parser.parse_args(arguments)
    views = 192 if args.quick else args.views
    dataset = read_labelled(args.data, ("train", "val", "test"), args.labels)
    examples = [example for example in dataset.split("train") if example.label in CLASSES]
    targets = np.eye(len(CLASSES), dtype=np.float32)[dataset.label_ids(examples)]
    weights = sampling_weights(examples, class_power=AUTHOR.class_power, source_weights=AUTHOR.source_weights)
    args.work.mkdir(parents=True, exist_ok=True)
    network = train([example.path for example in examples], targets, weights, views, args.work)
    model = build_roomnet(len(CLASSES))
    to_keras(network, model)
    write_measured_model(
        model,
        args.out,
        dataset,
        terms=read_terms(SOURCES),
        preprocessing=AUTHOR.preprocessing,
        rejection=False,
        storage=AUTHOR.storage,
        architecture=AUTHOR.architecture,
        description=AUTHOR.description,
        lineage="random weights",
        licence="MIT",
        recipe={**asdict(AUTHOR), "views": views},
    )


def train(paths: Sequence[Path], targets: Array, weights: Sequence[float], views: int, work: Path) -> RoomNet:
    """Train on the photos `paths` with their `(N, 6)` targets, drawn by their weights; its checkpoint is in `work`."""
    assert AUTHOR.decay is not None
    torch.set_flush_denormal(True)
    keep_memory()
    torch.manual_seed(AUTHOR.seed)
    network = RoomNet(len(CLASSES)).to(memory_format=torch.channels_last)
    kernels = [layer.weight for layer in (*network.convolutions, *network.dense)]
    optimizer = torch.optim.Adam(network.parameters(), lr=AUTHOR.learning_rate, eps=1e-7, foreach=True)
    checkpoint = work / "author.checkpoint"
    step = 0
    if checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        optimizer.load_state_dict(state["optimizer"])
        step = state["step"]
    steps = [_steps_of(phase, views) for phase in AUTHOR.phases]
    losses: list[float] = []
    seen, started = 0, time.monotonic()
    for number, phase in enumerate(AUTHOR.phases):
        first, last = sum(steps[:number]), sum(steps[: number + 1])
        network.train()
        network.dropout.p = AUTHOR.dropout_of(phase)
        for norm in network.norms_in_order():
            norm.train(not phase.frozen_batch_norm)
        for pixels, goals in _batches(paths, targets, weights, phase, number, max(step, first) - first, last - first):
            for group in optimizer.param_groups:
                group["lr"] = AUTHOR.learning_rate * AUTHOR.decay.rate ** (step / AUTHOR.decay.steps)
            error = F.cross_entropy(network(pixels), goals)
            penalty = AUTHOR.l2 * sum((kernel**2).sum() for kernel in kernels)
            network.zero_grad()
            (error + penalty).backward()
            optimizer.step()
            step += 1
            seen += len(pixels)
            losses.append(error.item())
            if step % _STEPS_BETWEEN_CHECKPOINTS == 0 or step == sum(steps):
                state = {"network": network.state_dict(), "optimizer": optimizer.state_dict(), "step": step}
                staged = checkpoint.with_suffix(".part")
                torch.save(state, staged)
                staged.replace(checkpoint)
                pace = 1000 * (time.monotonic() - started) / seen
                mean = np.mean(losses[-_STEPS_BETWEEN_CHECKPOINTS:])
                print(f"step {step} of {sum(steps)}: loss {mean:.4f}, {pace:.0f} ms a photo", flush=True)
    return network.eval()


def _steps_of(phase: Phase, views: int) -> int:
    return max(1, round(views * phase.epochs / AUTHOR.epochs / phase.batch_size))


def _batches(
    paths: Sequence[Path], targets: Array, weights: Sequence[float], phase: Phase, number: int, begin: int, end: int
) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
    """The steps `begin` to `end` of the phase: `(B, 3, S, S)` float32 pixels and `(B, 6)` targets, made ahead."""
    epochs = {}

    def batch(step: int) -> tuple[torch.Tensor, torch.Tensor]:
        reader = epochs[step // per_epoch]
        pixels, goals = reader[step % per_epoch]
        return torch.from_numpy(pixels).permute(0, 3, 1, 2), torch.from_numpy(goals)

    per_epoch = max(1, len(paths) // phase.batch_size)
    for epoch in range(begin // per_epoch, math.ceil(end / per_epoch)):
        epochs[epoch] = TrainingReader(
            paths,
            targets,
            weights=weights,
            size=phase.input_size,
            batch_size=phase.batch_size,
            preprocessing=AUTHOR.preprocessing,
            augmentation=AUTHOR.augmentation,
            seed=AUTHOR.seed,
            first_epoch=1000 * number + epoch,
        )
    with ThreadPoolExecutor(2) as pool:
        ahead = [pool.submit(batch, step) for step in range(begin, min(end, begin + 4))]
        for step in range(begin, end):
            if step + 4 < end:
                ahead.append(pool.submit(batch, step + 4))
            yield ahead.pop(0).result()


if __name__ == "__main__":
    sys.exit(main())
