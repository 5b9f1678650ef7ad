"""The training loop of the shipped models: random variants of packed photos, soft targets, averaged weights."""

from __future__ import annotations

import copy
import math
import queue
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from roomnet_core.network.card import Preprocessing
from roomnet_core.training.augmentation import Augmentation, augment
from training.torch_network import HALVES

Array = np.ndarray[Any, Any]


@dataclass(frozen=True, slots=True)
class Schedule:
    """`phases`: rows of (epochs, input size, batch size); `photos`: drawn an epoch. One cosine spans all phases.

    `muon` is the learning rate of the hidden layers' matrices under Muon (Jordan et al., 2024), AdamW having the rest
    of the parameters at `learning_rate`; 0: AdamW has all.
    """

    phases: tuple[tuple[int, int, int], ...]
    photos: int
    learning_rate: float
    muon: float = 0.0
    trunk: bool = True
    warmup_share: float = 0.05
    weight_decay: float = 0.02
    ema: float = 0.998
    augmentation: Augmentation = field(default_factory=Augmentation)
    seed: int = 0

    @property
    def steps(self) -> int:
        return sum(epochs * (self.photos // batch) for epochs, _, batch in self.phases)


@dataclass(frozen=True, slots=True)
class Material:
    """`targets` (N, C) probabilities and `weights` (N,), how often each is drawn, of the photos `pixels[rows]`.

    `pixels` is (M, P, P, 3) uint8 RGB, `rows` (N,).
    """

    pixels: Array
    targets: Array
    weights: Array
    rows: Array


def to_input(pixels: Array | torch.Tensor, preprocessing: Preprocessing) -> torch.Tensor:
    """`(B, S, S, 3)` uint8 RGB to the `(B, 3, S, S)` float32 pixels of the network, stored channels last."""
    x = torch.as_tensor(pixels).permute(0, 3, 1, 2).float()
    return x.mul_(preprocessing.scale).add_(preprocessing.offset)


def batches(
    material: Material, schedule: Schedule, preprocessing: Preprocessing, first_epoch: int = 0
) -> Iterator[tuple[int, torch.Tensor, torch.Tensor]]:
    """(epoch, pixels, targets) of the run, made on a second thread, which ends when the generator is closed.

    The variant of a photo is drawn from (seed, epoch, position).
    """
    ready: queue.Queue[tuple[int, torch.Tensor, torch.Tensor] | BaseException | None] = queue.Queue(6)
    closed = threading.Event()

    def put(item: tuple[int, torch.Tensor, torch.Tensor] | BaseException | None) -> None:
        while not closed.is_set():
            try:
                return ready.put(item, timeout=0.1)
            except queue.Full:
                continue

    def make() -> Iterator[tuple[int, torch.Tensor, torch.Tensor]]:
        phases = ((size, batch) for epochs, size, batch in schedule.phases for _ in range(epochs))
        with ThreadPoolExecutor(2) as pool:
            for epoch, (size, batch) in enumerate(phases):
                if epoch < first_epoch:
                    continue
                for rows, numbers in _epoch(material.weights, schedule, epoch, batch):
                    random = [np.random.default_rng((schedule.seed, epoch, n)) for n in numbers]
                    photos = [material.pixels[row] for row in material.rows[rows]]
                    jobs = [
                        pool.submit(augment, photo, size, schedule.augmentation, source)
                        for photo, source in zip(photos, random, strict=True)
                    ]
                    pixels = to_input(np.stack([job.result() for job in jobs]), preprocessing)
                    yield epoch, pixels, torch.from_numpy(material.targets[rows])

    def produce() -> None:
        try:
            for item in make():
                put(item)
                if closed.is_set():
                    return
            put(None)
        except BaseException as error:
            put(error)

    thread = threading.Thread(target=produce, daemon=True)
    thread.start()
    try:
        while (item := ready.get()) is not None:
            if isinstance(item, BaseException):
                raise item
            yield item
    finally:
        closed.set()
        thread.join()


def _epoch(weights: Array, schedule: Schedule, epoch: int, batch: int) -> Iterator[tuple[Array, range]]:
    """Systematic sampling keeps each photo's count within one of its expectation."""
    random = np.random.default_rng((schedule.seed, epoch))
    shuffled = random.permutation(len(weights))
    cumulated = np.cumsum(weights[shuffled]) / weights.sum()
    points = (np.arange(schedule.photos) + random.random()) / schedule.photos
    drawn = shuffled[np.searchsorted(cumulated, points).clip(0, len(weights) - 1)][random.permutation(schedule.photos)]
    for start in range(0, schedule.photos - batch + 1, batch):
        yield drawn[start : start + batch], range(start, start + batch)


def computing() -> torch.autocast:
    """Convolutions and products within are computed in what this processor is quickest at."""
    return torch.autocast("cpu", torch.bfloat16, enabled=HALVES)


def fit(
    network: Any,
    material: Material,
    schedule: Schedule,
    preprocessing: Preprocessing,
    checkpoint: Path,
    *,
    loss: Callable[[Any, torch.Tensor, torch.Tensor], torch.Tensor] | None = None,
    after_epoch: Callable[[int, Any], str] = lambda epoch, averaged: "",
) -> Any:
    """Train `network` and return its averaged copy. A run whose `checkpoint` is there goes on after its last epoch.

    `loss` takes the network, pixels and targets; without it, it is the cross-entropy with the targets.
    """
    loss_of = _cross_entropy if loss is None else loss
    torch.set_flush_denormal(True)
    torch.manual_seed(schedule.seed)
    network.train()
    averaged = copy.deepcopy(network).eval()
    optimizers = _optimizers(network, schedule)
    step, first_epoch = 0, 0
    if checkpoint.is_file():
        state = torch.load(checkpoint, weights_only=True)
        network.load_state_dict(state["network"])
        averaged.load_state_dict(state["averaged"])
        for optimizer, its in zip(optimizers, state["optimizers"], strict=True):
            optimizer.load_state_dict(its)
        step, first_epoch = state["step"], state["epoch"]
    warmup = max(1, round(schedule.steps * schedule.warmup_share))
    losses: list[float] = []
    started, seen, current = time.monotonic(), 0, first_epoch

    def finish(epoch: int) -> None:
        nonlocal started, seen
        state = {"network": network.state_dict(), "averaged": averaged.state_dict(), "step": step, "epoch": epoch + 1}
        staged = checkpoint.with_suffix(".part")
        torch.save({**state, "optimizers": [optimizer.state_dict() for optimizer in optimizers]}, staged)
        staged.replace(checkpoint)
        seconds = time.monotonic() - started
        note = after_epoch(epoch, averaged)
        pace = f"{seconds:.0f} s, {1000 * seconds / seen:.1f} ms a photo"
        print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, {pace}. {note}", flush=True)
        losses.clear()
        started, seen = time.monotonic(), 0

    with closing(batches(material, schedule, preprocessing, first_epoch)) as run:
        for epoch, pixels, targets in run:
            if epoch != current:
                finish(current)
                current = epoch
            progress = max(0.0, (step - warmup) / max(1, schedule.steps - warmup))
            factor = min(1.0, (step + 1) / warmup) * (0.01 + 0.99 * 0.5 * (1 + math.cos(math.pi * progress)))
            for optimizer in optimizers:
                for group in optimizer.param_groups:
                    group["lr"] = group["peak"] * factor
            with computing():
                error = loss_of(network, pixels, targets)
            network.zero_grad()
            error.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0, foreach=True)
            for optimizer in optimizers:
                optimizer.step()
            step += 1
            # A running average must have forgotten its start by the end of a short run.
            decay = min(schedule.ema, 1 - 20 / schedule.steps, (1 + step) / (10 + step))
            with torch.no_grad():
                torch._foreach_lerp_(list(averaged.parameters()), list(network.parameters()), 1 - decay)
                for mine, theirs in zip(averaged.buffers(), network.buffers(), strict=True):
                    mine.copy_(theirs)
            losses.append(error.item())
            seen += len(pixels)
            if step % 50 == 0:
                pace = 1000 * (time.monotonic() - started) / seen
                mean = np.mean(losses[-50:])
                print(f"step {step} of {schedule.steps}: loss {mean:.4f}, {pace:.1f} ms a photo", flush=True)
    if seen:  # else the checkpoint was of a finished run
        finish(current)
    return averaged


def _optimizers(network: Any, schedule: Schedule) -> list[torch.optim.Optimizer]:
    """What trains `network`; each group has its own `peak`, the learning rate that the cosine comes down from."""
    matrices = [p for p in network.parameters() if p.ndim == 2 and p is not network.logits.weight]
    matrices = matrices if schedule.muon else []
    taken = {id(parameter) for parameter in matrices}
    decayed = [p for p in network.parameters() if p.ndim > 1 and id(p) not in taken]
    plain = [p for p in network.parameters() if p.ndim == 1]
    groups = [
        {"params": decayed, "weight_decay": schedule.weight_decay, "peak": schedule.learning_rate},
        {"params": plain, "weight_decay": 0.0, "peak": schedule.learning_rate},
    ]
    optimizers: list[torch.optim.Optimizer] = [torch.optim.AdamW(groups, lr=schedule.learning_rate, foreach=True)]
    if matrices:
        group = {"params": matrices, "peak": schedule.muon}
        optimizers.append(torch.optim.Muon([group], lr=schedule.muon, weight_decay=schedule.weight_decay))
    return optimizers


def _cross_entropy(network: Any, pixels: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
    return F.cross_entropy(network(pixels).float(), targets)


def predict(network: Any, pixels: Array, size: int, preprocessing: Preprocessing, *, features: bool = False) -> Array:
    """`(N, P, P, 3)` uint8 RGB to `(N, C)` float32 logits at input size `size` (pixels), or to the pooled features."""
    network.eval()
    found = []
    with torch.inference_mode(), computing():
        for start in range(0, len(pixels), 64):
            x = torch.from_numpy(np.array(pixels[start : start + 64])).permute(0, 3, 1, 2).float()
            if x.shape[-1] != size:
                x = F.interpolate(x, size=(size, size), mode="bilinear", antialias=True)
            x = x.mul_(preprocessing.scale).add_(preprocessing.offset).to(memory_format=torch.channels_last)
            found.append((network.features(x) if features else network(x)).float().numpy())
    return np.concatenate(found)
