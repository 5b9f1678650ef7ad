"""How good a model is: accuracy, recall, calibration and coverage from labels and predictions. Pure numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

_BINS = 15


@dataclass(frozen=True, slots=True)
class ClassReport:
    """Precision, recall and F1 of one class, 0 where undefined; `support` is its number of labelled photos."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True, slots=True)
class EvaluationReport:
    """`macro_recall` is the mean over the classes with photos; `ece` the expected calibration error; `coverage` the
    share of photos that are not unsure and `accepted_accuracy` the accuracy among those; `confusion[i][j]` counts
    photos of class i called class j."""

    photos: int
    accuracy: float
    macro_recall: float
    per_class: dict[str, ClassReport]
    ece: float
    coverage: float
    accepted_accuracy: float
    confusion: list[list[int]]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def evaluate_predictions(
    labels: np.ndarray[Any, Any],
    probabilities: np.ndarray[Any, Any],
    unsure: np.ndarray[Any, Any],
    names: Sequence[str],
) -> EvaluationReport:
    """Compare `labels` (N,) with `probabilities` (N, C) and `unsure` (N,) bool, N >= 0, for the C classes `names`."""
    labels = np.asarray(labels, dtype=np.int64)
    count, classes = len(labels), len(names)
    probabilities = np.asarray(probabilities, dtype=np.float64).reshape(count, classes)
    predicted = probabilities.argmax(axis=1)
    confusion = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(confusion, (labels, predicted), 1)
    hits, support, called = np.diag(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    recall, precision = _ratio(hits, support), _ratio(hits, called)
    f1 = _ratio(2 * hits, support + called)
    right = predicted == labels
    accepted = ~np.asarray(unsure, dtype=bool)
    return EvaluationReport(
        photos=count,
        accuracy=_mean(right),
        macro_recall=_mean(recall[support > 0]),
        per_class={
            name: ClassReport(float(precision[i]), float(recall[i]), float(f1[i]), int(support[i]))
            for i, name in enumerate(names)
        },
        ece=calibration_error(probabilities.max(axis=1, initial=0.0), right),
        coverage=_mean(accepted),
        accepted_accuracy=_mean(right[accepted]),
        confusion=confusion.tolist(),
    )


def calibration_error(confidence: np.ndarray[Any, Any], right: np.ndarray[Any, Any], bins: int = _BINS) -> float:
    """Expected calibration error over `bins` equal-width bins of `confidence` (N,) in 0..1, `right` (N,) bool.

    Source: Guo et al., "On Calibration of Modern Neural Networks", 2017.
    """
    if not len(confidence):
        return 0.0
    bin_of = np.minimum((confidence * bins).astype(np.int64), bins - 1)
    gaps = np.bincount(bin_of, weights=right - confidence, minlength=bins)
    return float(np.abs(gaps).sum() / len(confidence))


def _ratio(numerator: np.ndarray[Any, Any], denominator: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.asarray(numerator / np.maximum(denominator, 1), dtype=np.float64)


def _mean(values: np.ndarray[Any, Any]) -> float:
    return float(values.mean()) if len(values) else 0.0
