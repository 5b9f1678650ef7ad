"""Photos whose label the network strongly disputes: mislabelled ones are among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from roomnet_core.inference.confidence import class_probabilities, softmax
from roomnet_core.network.head import Head
from roomnet_core.training.dataset import OTHER
from roomnet_core.training.features import Backbone, Seen
from roomnet_core.training.logistic import Material, class_weights, fit_head
from roomnet_core.training.similarity import Groups
from roomnet_core.training.sources import LabelledPhoto

_LEAST_CONFIDENCE, _MOST_FOR_LABEL = 0.9, 0.03
_MOST_DISPUTES = 200
_FOLDS, _ROUNDS, _PULL = 4, 12, 0.01

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]


@dataclass(frozen=True, slots=True)
class Dispute:
    """`photo` looks like `suggested` with `confidence` in 0..1."""

    photo: LabelledPhoto
    suggested: str
    confidence: float


def find_disputes(
    photos: Sequence[LabelledPhoto],
    seen: Sequence[Seen],
    backbone: Backbone,
    duplicates: Sequence[Sequence[Path]] = (),
) -> list[Dispute]:
    """The photos that look like another class than their label says, the surest first.

    Where the model knows all the classes, it is the judge. Otherwise each photo is judged by a linear probe that saw
    no photo of its listing, and none of its duplicates.
    """
    rows = [index for index, photo in enumerate(photos) if photo.label != OTHER]
    if len(rows) < 2:
        return []
    labelled = [photos[row] for row in rows]
    features = np.stack([seen[row].features for row in rows])
    rooms = {name.casefold(): name for name in backbone.model.rooms.names}
    if all(photo.label.casefold() in rooms for photo in labelled):
        names = list(backbone.model.rooms.names)
        calibration = replace(backbone.model.card.calibration, threshold=0.0)
        probabilities = class_probabilities(backbone.head(features.mean(axis=1)), calibration)
        # Somebody said that each of them is of a class; the question is which.
        probabilities /= probabilities.sum(axis=1, keepdims=True)
        known = {name.casefold(): place for place, name in enumerate(names)}
        labels = np.array([known[photo.label.casefold()] for photo in labelled])
    else:
        names = sorted({photo.label for photo in labelled})
        labels = np.array([names.index(photo.label) for photo in labelled])
        probabilities = _out_of_fold(features.mean(axis=1), labels, _units(labelled, duplicates))
    everyone = np.arange(len(labels))
    best, confidence = probabilities.argmax(axis=1), probabilities.max(axis=1)
    wrong = (best != labels) & (confidence >= _LEAST_CONFIDENCE) & (probabilities[everyone, labels] <= _MOST_FOR_LABEL)
    surest = sorted(np.flatnonzero(wrong), key=lambda row: -confidence[row])[:_MOST_DISPUTES]
    return [Dispute(labelled[row], names[best[row]], float(confidence[row])) for row in surest]


def _out_of_fold(features: Floats, labels: np.ndarray[Any, Any], units: Sequence[object]) -> Floats:
    """`(N, C)` probabilities, each from a probe that saw no photo of the same unit."""
    classes = int(labels.max()) + 1
    places = {unit: place for place, unit in enumerate(dict.fromkeys(units))}
    shuffled = np.random.default_rng(0).permutation(len(places)) % _FOLDS
    fold = np.array([shuffled[places[unit]] for unit in units])
    result = np.zeros((len(labels), classes))
    for part in range(_FOLDS):
        inside, outside = fold != part, fold == part
        if not outside.any() or not inside.any():
            continue
        start = Head(np.zeros((features.shape[1], classes), np.float32), np.zeros(classes, np.float32))
        targets = np.eye(classes, dtype=np.float32)[labels[inside]]
        material = Material(features[inside].astype(np.float32), targets, class_weights(labels[inside]))
        *_, (head, _) = fit_head(material, start, pull=_PULL, rounds=_ROUNDS)
        result[outside] = softmax(head(features[outside].astype(np.float32)))
    return result


def _units(photos: Sequence[LabelledPhoto], duplicates: Sequence[Sequence[Path]]) -> list[object]:
    groups = Groups()
    for first, *others in duplicates:
        for other in others:
            groups.join(first, other)
    for photo in photos:
        if photo.group:
            groups.join(photo.path, photo.group)
    return [groups.find(photo.path) for photo in photos]
