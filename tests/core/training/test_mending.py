"""Corrections change the last layer as little as they can."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roomnet_core.network.head import Head
from roomnet_core.training.logistic import Material, mend_head

CLASSES = 4


def _material(features: np.ndarray, labels: np.ndarray) -> Material:
    targets = np.eye(CLASSES, dtype=np.float32)[labels]
    return Material(features.astype(np.float32), targets, np.full(len(labels), 1 / len(labels), np.float32))


def _last(*arguments: Any, **options: Any) -> Head:
    *_, (head, _) = mend_head(*arguments, **options)
    return head


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**31), count=st.integers(1, 8))
def test_a_corrected_class_rises_above_the_one_that_was_named_where_there_is_room(seed: int, count: int) -> None:
    """The other photos have half of the features, and the corrected ones the other half."""
    rng = np.random.default_rng(seed)
    start = Head(rng.normal(size=(32, CLASSES)).astype(np.float32), np.zeros(CLASSES, np.float32))
    kept = np.hstack([50 * rng.normal(size=(200, 16)), np.zeros((200, 16))]).astype(np.float32)
    wrong = np.hstack([np.zeros((count, 16)), rng.normal(size=(count, 16))]).astype(np.float32)
    wanted = rng.integers(0, CLASSES, count)
    labels = np.concatenate([wanted, start(kept).argmax(axis=1)])
    corrected = np.arange(len(labels)) < count
    mended = _last(_material(np.vstack([wrong, kept]), labels), corrected, start, pull=1e-6, rounds=3)
    rows, before, after = np.arange(count), start(wrong), mended(wrong)
    before[rows, wanted] = -np.inf
    highest = before.argmax(axis=1)
    assert (after[rows, wanted] > after[rows, highest]).all()


@settings(max_examples=50, deadline=None)
@given(
    seed=st.integers(0, 2**31), count=st.integers(1, 60), pull=st.sampled_from([1e-3, 0.3, 10]), scale=st.floats(0.1, 9)
)
def test_no_more_than_one_in_a_hundred_of_the_others_changes(seed: int, count: int, pull: float, scale: float) -> None:
    rng = np.random.default_rng(seed)
    start = Head(rng.normal(size=(8, CLASSES)).astype(np.float32), np.zeros(CLASSES, np.float32))
    features = (scale * rng.normal(size=(300 + count, 8))).astype(np.float32)
    corrected = np.arange(len(features)) < count
    material = _material(features, rng.integers(0, CLASSES, len(features)))
    for head, _ in mend_head(material, corrected, start, pull=pull, rounds=4):
        others = features[~corrected]
        assert (head(others).argmax(axis=1) != start(others).argmax(axis=1)).sum() <= 3


@pytest.mark.parametrize("pull", [0.03, 0.3])
def test_corrections_that_are_right_already_change_nothing(pull: float) -> None:
    features = np.eye(CLASSES, dtype=np.float32).repeat(2, axis=0)
    start = Head(5 * np.eye(CLASSES, dtype=np.float32), np.zeros(CLASSES, np.float32))
    material = _material(features, np.arange(CLASSES).repeat(2))
    mended = _last(material, np.arange(8) % 2 == 0, start, pull=pull, rounds=3)
    assert np.array_equal(mended.kernel, start.kernel) and np.array_equal(mended.bias, start.bias)


def test_the_stronger_the_pull_the_less_changes() -> None:
    rng = np.random.default_rng(0)
    start = Head(rng.normal(size=(8, CLASSES)).astype(np.float32), np.zeros(CLASSES, np.float32))
    material = _material(rng.normal(size=(60, 8)), rng.integers(0, CLASSES, 60))
    changes = []
    for pull in (1.0, 10.0, 100.0, 1000.0):
        mended = _last(material, np.arange(60) < 10, start, pull=pull, rounds=15)
        changes.append(float(np.abs(mended(material.features[10:]) - start(material.features[10:])).mean()))
    assert changes == sorted(changes, reverse=True)
