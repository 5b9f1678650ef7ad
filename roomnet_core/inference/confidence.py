"""From logits to honest probabilities: temperature, the unsure rule, and how both are fitted on validation photos."""

from __future__ import annotations

from typing import Any

import numpy as np

from roomnet_core.network.card import Calibration
from roomnet_core.prediction import Prediction

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]


def softmax(logits: Floats) -> Floats:
    """Softmax over the last axis, in float64."""
    shifted = np.asarray(logits, dtype=np.float64)
    exponentials = np.exp(shifted - shifted.max(axis=-1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True))


def class_probabilities(logits: Floats, calibration: Calibration) -> Floats:
    """`(N, outputs)` logits to `(N, classes)` probabilities, whose largest is the photo's confidence.

    They sum to 1, or with a rejection output to 1 less the probability of "none of these": a hallway gets a low
    confidence however clear its closest room is. The number that a person reads is the one that the threshold judges.
    """
    shares = softmax(np.asarray(logits, dtype=np.float64) / calibration.temperature)
    return shares[:, :-1] if calibration.rejection else shares


def predictions(logits: Floats, calibration: Calibration, *, threshold: float | None = None) -> list[Prediction]:
    """`(N, outputs)` logits to one `Prediction` a photo; `threshold` replaces the card's."""
    limit = calibration.threshold if threshold is None else threshold
    return [
        Prediction(tuple(float(p) for p in row), bool(row.max() < limit))
        for row in class_probabilities(logits, calibration)
    ]


def fit_temperature(logits: Floats, labels: np.ndarray[Any, Any]) -> float:
    """The temperature in [0.05, 20] that minimises the negative log-likelihood of `labels` (N,) under `logits` (N, C).

    Source: Guo et al., "On Calibration of Modern Neural Networks", 2017. The likelihood has one minimum along
    log-temperature, which a golden-section search finds.
    """

    def loss(log_temperature: float) -> float:
        scaled = np.asarray(logits, dtype=np.float64) / np.exp(log_temperature)
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        log_likelihood = scaled[np.arange(len(labels)), labels] - np.log(np.exp(scaled).sum(axis=1))
        return float(-log_likelihood.mean())

    low, high = np.log(0.05), np.log(20.0)
    ratio = (np.sqrt(5) - 1) / 2
    for _ in range(60):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if loss(left) < loss(right):
            high = right
        else:
            low = left
    return float(np.exp((low + high) / 2))


def choose_threshold(scores: Floats, correct: np.ndarray[Any, Any], *, accepted_accuracy: float = 0.98) -> float:
    """The lowest threshold at which the photos scoring at least that much are right `accepted_accuracy` of the time.

    `scores` (N,) and `correct` (N,) bool, of validation photos; photos of no room count as wrong when accepted.
    Returns a value just above the highest score when no threshold is good enough: then every photo is unsure.
    """
    order = np.argsort(-np.asarray(scores), kind="stable")
    accuracy = np.cumsum(np.asarray(correct)[order]) / np.arange(1, len(order) + 1)
    # A threshold takes all photos of one score or none.
    ends = np.append(np.diff(np.asarray(scores)[order]) != 0, True)
    good = np.flatnonzero((accuracy >= accepted_accuracy) & ends)
    return float(np.asarray(scores)[order][good[-1]]) if len(good) else min(1.0, float(np.max(scores)) + 1e-6)
