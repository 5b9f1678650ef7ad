"""A linear probe on frozen features: out-of-fold opinions on every label, and leave-one-source-out figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

Array = np.ndarray[Any, Any]


def probe(features: Array, labels: Array, weights: Array, classes: int, *, decay: float = 3e-4) -> tuple[Array, Array]:
    """Multinomial logistic regression: returns `(D, C)` and `(C,)`. Weights (N,) count the photos."""
    x, y = torch.from_numpy(features), torch.from_numpy(labels)
    w = torch.from_numpy((weights / weights.sum()).astype(np.float32))
    matrix, offset = torch.zeros(x.shape[1], classes, requires_grad=True), torch.zeros(classes, requires_grad=True)
    optimizer = torch.optim.LBFGS([matrix, offset], max_iter=60, line_search_fn="strong_wolfe")

    def closure() -> torch.Tensor:
        optimizer.zero_grad()
        loss = (F.cross_entropy(x @ matrix + offset, y, reduction="none") * w).sum() + decay * (matrix**2).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    return matrix.detach().numpy(), offset.detach().numpy()


def standardize(features: Array) -> Array:
    features = features.astype(np.float32)
    return np.asarray((features - features.mean(0)) / (features.std(0) + 1e-3))


def out_of_fold(features: Array, labels: Array, weights: Array, groups: Sequence[str], folds: int = 4) -> Array:
    """`(N, C)` probabilities of each photo, from probes that saw no photo of its group."""
    classes = int(labels.max()) + 1
    names = sorted(set(groups))
    number = dict(zip(names, np.random.default_rng(0).permutation(len(names)) % folds, strict=True))
    fold = np.array([number[group] for group in groups])
    result = np.zeros((len(labels), classes), np.float32)
    for part in range(folds):
        inside = fold != part
        matrix, offset = probe(features[inside], labels[inside], weights[inside], classes)
        result[~inside] = torch.softmax(torch.from_numpy(features[~inside] @ matrix + offset), 1).numpy()
    return result
