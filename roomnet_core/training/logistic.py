"""Multinomial logistic regression in numpy: a linear head on features, pulled toward where it starts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from roomnet_core.inference.confidence import softmax
from roomnet_core.network.head import Head

Floats = np.ndarray[Any, np.dtype[np.float32]]

_POWER_STEPS = 20


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """`features` (N, D) float32, `targets` (N, C) probabilities, `weights` (N,) that sum to 1."""

    features: Floats
    targets: Floats
    weights: Floats


def fit_head(
    material: Material, start: Head, *, pull: float, rounds: int, steps: int = 10, one_scale: bool = False
) -> Iterator[tuple[Head, float]]:
    """Minimise the weighted cross-entropy plus `pull / 2 * |W - W_start|^2`: the head and its loss after each round.

    The distance is measured on standardised features, so that `pull` means the same for every network; the bias is
    free. With `one_scale` all features are divided by their mean spread instead of each by its own: then what is
    nearly constant in these photos, but may not be in others, is not learned from. Gradient descent with Nesterov's
    momentum, restarted when it overshoots; the step is one over the curvature.

    Source: Nesterov 1983; O'Donoghue and Candes, "Adaptive Restart for Accelerated Gradient Schemes", 2015.
    """
    mean = material.weights @ material.features
    spread = np.sqrt(material.weights @ (material.features - mean) ** 2) + 1e-3 * (np.abs(mean).mean() + 1e-6)
    if one_scale:
        spread = np.full_like(spread, np.sqrt(np.mean(spread**2)))
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
