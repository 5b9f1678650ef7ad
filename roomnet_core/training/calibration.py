"""Fit a trained model's confidence on validation photos, and measure it source by source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from roomnet_core.inference.classify import stream_logits
from roomnet_core.inference.confidence import choose_threshold, class_probabilities, fit_temperature
from roomnet_core.inference.engine import Engine
from roomnet_core.network.card import Calibration, ModelCard
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.training.dataset import OTHER, Example
from roomnet_core.training.evaluation import evaluate_predictions


def example_logits(
    examples: Sequence[Example], card: ModelCard, engine: Engine
) -> tuple[list[Example], np.ndarray[Any, np.dtype[np.float32]]]:
    """Run the frozen model on `examples` as `classify` does: the readable ones, and their `(N, outputs)` logits."""
    by_path = {example.path: example for example in examples}
    photos = [PhotoFile(path, path.parent, 0, 0) for path in by_path]
    found = {
        item[0].file.path: item[1] for item in stream_logits(photos, card, engine) if not isinstance(item, Problem)
    }
    readable = [example for path, example in by_path.items() if path in found]
    return readable, np.stack([found[example.path] for example in readable])


def fit(
    examples: Sequence[Example],
    logits: np.ndarray[Any, Any],
    classes: Sequence[str],
    calibration: Calibration,
    *,
    temperature: float | None = None,
) -> Calibration:
    """Temperature (unless it is given) and threshold from the photos of the classes: of those accepted, 98 % are right.

    The temperature makes the labels of those photos as likely as can be among all outputs, the rejection output too.
    Photos labelled `Other` are the business of the rejection output; counted here as wrong, they would push the
    threshold so high that half of the good answers were doubted (measured: coverage 0.46 instead of 0.78).
    """
    ids = {name: index for index, name in enumerate(classes)}
    labels = np.array([ids.get(example.label, -1) for example in examples])
    known = labels >= 0
    if temperature is None:
        temperature = fit_temperature(logits[known], labels[known])
    fitted = replace(calibration, temperature=temperature, threshold=0.0)
    probabilities = class_probabilities(logits, fitted)
    right = probabilities.argmax(axis=1) == labels
    return replace(fitted, threshold=choose_threshold(probabilities.max(axis=1)[known], right[known]))


def measure(
    examples: Sequence[Example], logits: np.ndarray[Any, Any], classes: Sequence[str], calibration: Calibration
) -> dict[str, Any]:
    """The card's figures: accuracy, macro recall, calibration error, coverage, unsure share of `Other`, by source."""
    ids = {name: index for index, name in enumerate(classes)}
    labels = np.array([ids.get(example.label, -1) for example in examples])
    probabilities = class_probabilities(logits, calibration)
    unsure = probabilities.max(axis=1) < calibration.threshold
    known, other = labels >= 0, np.array([example.label == OTHER for example in examples])

    def figures(chosen: np.ndarray[Any, Any]) -> dict[str, Any]:
        rooms = chosen & known
        if not rooms.any():
            return {}
        report = evaluate_predictions(labels[rooms], probabilities[rooms], unsure[rooms], classes)
        return {
            "photos": int(rooms.sum()),
            "accuracy": round(report.accuracy, 4),
            "macro_recall": round(report.macro_recall, 4),
        }

    everything = np.ones(len(labels), dtype=bool)
    report = evaluate_predictions(labels[known], probabilities[known], unsure[known], classes)
    result = figures(everything) | {
        "ece": round(report.ece, 4),
        "coverage": round(report.coverage, 4),
        "accepted_accuracy": round(report.accepted_accuracy, 4),
        "recall": {name: round(report.per_class[name].recall, 4) for name in classes},
    }
    if other.any():
        result["other"] = {"photos": int(other.sum()), "unsure": round(float(unsure[other].mean()), 4)}
    sources = sorted({example.source for example in examples})
    by_source = {name: figures(np.array([example.source == name for example in examples])) for name in sources}
    result["by_source"] = {name: value for name, value in by_source.items() if value}
    return result
