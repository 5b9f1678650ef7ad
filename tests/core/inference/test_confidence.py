"""Calibration: the fit recovers a known temperature, the threshold keeps its promise, rejection lowers the score."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roomnet_core.inference.confidence import (
    choose_threshold,
    class_probabilities,
    fit_temperature,
    predictions,
    softmax,
)
from roomnet_core.network.card import Calibration


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_the_fit_recovers_the_temperature_that_made_the_labels(temperature: float) -> None:
    random = np.random.default_rng(0)
    honest = random.normal(0, 2, (20_000, 5))
    labels = np.array([random.choice(5, p=p) for p in softmax(honest)])
    assert fit_temperature(honest * temperature, labels) == pytest.approx(temperature, rel=0.05)


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9, 0.95]), st.booleans()), min_size=1, max_size=60))
def test_what_is_accepted_is_as_right_as_promised(rows: list[tuple[float, bool]]) -> None:
    scores, correct = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    threshold = choose_threshold(scores, correct, accepted_accuracy=0.9)
    accepted = scores >= threshold
    assert not accepted.any() or correct[accepted].mean() >= 0.9
    # It is the lowest such threshold: no lower score in the data keeps the promise.
    for lower in {score for score in scores.tolist() if score < threshold}:
        assert correct[scores >= lower].mean() < 0.9


def test_rejection_takes_its_share_of_every_probability() -> None:
    logits = np.array([[4.0, 0.0, -1.0, 8.0], [4.0, 0.0, -1.0, -9.0]])
    calibration = Calibration(threshold=0.5, rejection=True)
    probabilities = class_probabilities(logits, calibration)
    np.testing.assert_allclose(probabilities[0] / probabilities[0].sum(), probabilities[1] / probabilities[1].sum())
    none_of_these = softmax(logits)[:, -1]
    np.testing.assert_allclose(probabilities.sum(axis=1), 1 - none_of_these)
    first, second = predictions(logits, calibration)
    assert first.unsure and first.confidence < 0.05
    assert not second.unsure and second.confidence > 0.9


@given(st.lists(st.floats(-30, 30), min_size=3, max_size=8), st.floats(0, 1), st.booleans())
def test_no_confidence_below_the_threshold_is_sure(logits: list[float], threshold: float, rejection: bool) -> None:
    (prediction,) = predictions(np.array([logits]), Calibration(threshold=threshold, rejection=rejection))
    assert prediction.unsure == (prediction.confidence < threshold)


def test_min_confidence_replaces_the_threshold() -> None:
    logits = np.array([[1.0, 0.0]])
    calibration = Calibration(threshold=0.1)
    assert not predictions(logits, calibration)[0].unsure
    assert predictions(logits, calibration, threshold=0.99)[0].unsure


@given(st.lists(st.floats(-30, 30), min_size=2, max_size=8))
def test_a_prediction_names_its_best_class(logits: list[float]) -> None:
    (prediction,) = predictions(np.array([logits]), Calibration())
    assert sum(prediction.probabilities) == pytest.approx(1)
    assert prediction.probabilities[prediction.room_id] == max(prediction.probabilities) == prediction.confidence
    assert 0 <= prediction.margin <= prediction.confidence
