"""Multinomial logistic regression in numpy: a linear head on features, pulled toward where it starts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from roomnet_core.inference.confidence import softmax
from roomnet_core.network.head import Head

Floats = np.ndarray[Any, np.dtype[np.float32]]
Mask = np.ndarray[Any, np.dtype[np.bool_]]

_POWER_STEPS = 20
_MARGIN, _RIDGE, _MOST_CHANGED = 0.5, 0.3, 0.01


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """`features` (N, D) float32, `targets` (N, C) probabilities, `weights` (N,) that sum to 1."""

    features: Floats
    targets: Floats
    weights: Floats


def fit_head(
    material: Material, start: Head, *, pull: float, rounds: int, steps: int = 10
) -> Iterator[tuple[Head, float]]:
    """Minimise the weighted cross-entropy plus `pull / 2 * |W - W_start|^2`: the head and its loss after each round.

    The distance is measured on standardised features, so that `pull` means the same for every network; the bias is
    free. Gradient descent with Nesterov's momentum, restarted when it overshoots; the step is one over the curvature.

    Source: Nesterov 1983; O'Donoghue and Candes, "Adaptive Restart for Accelerated Gradient Schemes", 2015.
    """
    mean = material.weights @ material.features
    spread = np.sqrt(material.weights @ (material.features - mean) ** 2) + 1e-3 * (np.abs(mean).mean() + 1e-6)
    x = np.asarray((material.features - mean) / spread, dtype=np.float32)
    weights = material.weights.astype(np.float32)[:, None]
    origin = (start.kernel * spread[:, None]).astype(np.float32)
    kernel, bias = origin.copy(), (start.bias + mean @ start.kernel).astype(np.float32)
    rate = 1.0 / (0.5 * _largest_curvature(x, material.weights) + pull)
    ahead_kernel, ahead_bias, momentum = kernel.copy(), bias.copy(), 1.0
    for _ in range(rounds):
        for _ in range(steps):
            error = (softmax(x @ ahead_kernel + ahead_bias).astype(np.float32) - material.targets) * weights
            kernel_slope = x.T @ error + pull * (ahead_kernel - origin)
            bias_slope = error.sum(axis=0)
            next_kernel, next_bias = ahead_kernel - rate * kernel_slope, ahead_bias - rate * bias_slope
            overshot = float((kernel_slope * (next_kernel - kernel)).sum() + bias_slope @ (next_bias - bias)) > 0
            following = 1.0 if overshot else (1 + np.sqrt(1 + 4 * momentum**2)) / 2
            factor = 0.0 if overshot else (momentum - 1) / following
            ahead_kernel = next_kernel + factor * (next_kernel - kernel)
            ahead_bias = next_bias + factor * (next_bias - bias)
            kernel, bias, momentum = next_kernel, next_bias, following
        raw = kernel / spread[:, None]
        head = Head(raw.astype(np.float32), (bias - mean @ raw).astype(np.float32))
        yield head, cross_entropy(head(material.features), material.targets, material.weights)


def mend_head(
    material: Material, corrected: Mask, start: Head, *, pull: float, rounds: int
) -> Iterator[tuple[Head, float]]:
    """The least change of `start` that gives the `corrected` (N,) photos their class, in `rounds` steps: head and loss.

    A corrected photo asks for what its class lacks to stand `_MARGIN` nats above the highest other one. Least is what
    changes the logits of the other photos least, whatever they are called; a ridge holds the directions in which they
    do not vary. `pull` is the weight of staying. That has a closed form. The way to it ends before more
    than `_MOST_CHANGED` of the other photos get another answer than from `start`.

    Source: Meng et al., "Locating and Editing Factual Associations in GPT", 2022 (the second moment of what must stay).
    """
    x = np.hstack([material.features, np.ones((len(material.features), 1), np.float32)])
    wrong, stays = x[corrected], x[~corrected]
    change = _least_change(wrong, material.targets[corrected].argmax(axis=1), stays, start, pull)
    before, added = start(material.features[~corrected]), stays @ change
    answers = before.argmax(axis=1)
    ways = np.linspace(1, 0, 51, dtype=np.float32)
    way = next(w for w in ways if ((before + w * added).argmax(axis=1) != answers).mean() <= _MOST_CHANGED)
    for step in range(1, rounds + 1):
        part = np.float32(way * step / rounds) * change
        head = Head(start.kernel + part[:-1], start.bias + part[-1])
        yield head, cross_entropy(head(material.features), material.targets, material.weights)


def _least_change(wrong: Floats, labels: np.ndarray[Any, Any], stays: Floats, start: Head, pull: float) -> Floats:
    """The `(D + 1, C)` change of kernel and bias; `wrong` and `stays` are features with a column of ones."""
    logits, rows = start(wrong[:, :-1]), np.arange(len(wrong))
    others = np.where(np.eye(logits.shape[1], dtype=bool)[labels], -np.inf, logits)
    above = others.argmax(axis=1)
    lacks = np.maximum(0, others[rows, above] + _MARGIN - logits[rows, labels])
    asked = np.zeros_like(logits)
    asked[rows, labels], asked[rows, above] = lacks / 2, -lacks / 2
    cost = stays.T @ stays / len(stays)
    cost += _RIDGE * np.trace(cost) / len(cost) * np.eye(len(cost), dtype=np.float32)
    return np.linalg.solve(pull * cost + wrong.T @ wrong / len(wrong), wrong.T @ asked / len(wrong)).astype(np.float32)


def cross_entropy(logits: Floats, targets: Floats, weights: Floats) -> float:
    """The weighted mean cross-entropy of `logits` (N, C) against `targets` (N, C)."""
    probabilities = softmax(logits)
    return float(-(weights * (targets * np.log(np.maximum(probabilities, 1e-12))).sum(axis=1)).sum() / weights.sum())


def class_weights(labels: np.ndarray[Any, Any], power: float = 0.5) -> Floats:
    """A weight for each label (N,), together 1: `count(class) ** -power`, so that small classes are not drowned."""
    counts = np.bincount(labels)
    weights = counts[labels].astype(np.float64) ** -power
    return np.asarray(weights / weights.sum(), dtype=np.float32)


def _largest_curvature(x: Floats, weights: Floats) -> float:
    """The largest eigenvalue of the weighted second moment of `x` with a column of ones, by power iteration."""
    vector = np.random.default_rng(0).normal(size=x.shape[1] + 1).astype(np.float32)
    value = 1.0
    for _ in range(_POWER_STEPS):
        vector /= np.linalg.norm(vector)
        projected = weights * (x @ vector[:-1] + vector[-1])
        vector = np.append(x.T @ projected, projected.sum()).astype(np.float32)
        value = float(np.linalg.norm(vector))
    return 1.1 * value
