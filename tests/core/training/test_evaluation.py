"""The figures, against values worked out by hand and against their invariants."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roomnet_core.training.evaluation import calibration_error, evaluate_predictions

NAMES = ("A", "B", "C")


def test_the_figures_of_a_small_case_worked_out_by_hand() -> None:
    labels = np.array([0, 0, 0, 1, 1])
    probabilities = np.array([[0.9, 0.1, 0], [0.8, 0.2, 0], [0.3, 0.7, 0], [0.4, 0.6, 0], [0.5, 0.3, 0.2]])
    unsure = np.array([False, False, True, False, False])
    report = evaluate_predictions(labels, probabilities, unsure, NAMES)
    assert report.confusion == [[2, 1, 0], [1, 1, 0], [0, 0, 0]]
    assert report.accuracy == pytest.approx(3 / 5)
    assert report.macro_recall == pytest.approx((2 / 3 + 1 / 2) / 2)
    a = report.per_class["A"]
    assert (a.precision, a.recall, a.f1, a.support) == pytest.approx((2 / 3, 2 / 3, 2 / 3, 3))
    assert report.per_class["C"].support == 0 and report.per_class["C"].f1 == 0
    assert report.coverage == pytest.approx(4 / 5) and report.accepted_accuracy == pytest.approx(3 / 4)
    # One photo a bin: the gaps are 0.1, 0.2, 0.7, 0.4 and 0.5 (right or wrong against confidence).
    assert report.ece == pytest.approx((0.1 + 0.2 + 0.7 + 0.4 + 0.5) / 5)
    assert json.loads(json.dumps(report.to_json()))["photos"] == 5


def test_confidence_that_is_right_as_often_as_it_says_has_no_calibration_error() -> None:
    confidence = np.full(100, 0.75)
    assert calibration_error(confidence, np.arange(100) < 75) == pytest.approx(0)
    assert calibration_error(confidence, np.arange(100) < 25) == pytest.approx(0.5)


@given(st.integers(0, 40), st.integers(0, 2**32 - 1))
def test_invariants(count: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    probabilities = random.dirichlet(np.ones(3), count)
    labels, unsure = random.integers(0, 3, count), random.random(count) < 0.3
    report = evaluate_predictions(labels, probabilities, unsure, NAMES)
    assert np.sum(report.confusion) == count == sum(entry.support for entry in report.per_class.values())
    assert report.accuracy * count == pytest.approx(np.trace(report.confusion))
    for value in (report.accuracy, report.macro_recall, report.ece, report.coverage, report.accepted_accuracy):
        assert 0 <= value <= 1
