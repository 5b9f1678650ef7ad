"""Which photos are the same picture, and which photos must stay on one side of a split for it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

# Two photos are nearly the same where both agree: few bits differ, and the network sees the same in them.
_MOST_BITS, _LEAST_COSINE = 6, 0.98
_ROWS_AT_ONCE = 1024


class Groups:
    """Things that belong together, directly or through others (union-find)."""

    def __init__(self) -> None:
        self._parents: dict[Hashable, Hashable] = {}

    def find(self, thing: Hashable) -> Hashable:
        root = thing
        while (parent := self._parents.setdefault(root, root)) != root:
            root = parent
        while (parent := self._parents[thing]) != root:
            self._parents[thing], thing = root, parent
        return root

    def join(self, first: Hashable, second: Hashable) -> None:
        self._parents[self.find(first)] = self.find(second)


def same_content(keys: Sequence[bytes]) -> Iterator[list[int]]:
    """The indices of each set of at least two equal `content_key`s."""
    found: dict[bytes, list[int]] = defaultdict(list)
    for index, key in enumerate(keys):
        found[key].append(index)
    yield from (indices for indices in found.values() if len(indices) > 1)


def similar_pairs(looks: Sequence[int], features: np.ndarray[Any, Any]) -> Iterator[tuple[int, int]]:
    """The pairs (i, j), i < j, of photos that are nearly the same picture.

    `looks`: N perceptual hashes of 64 bits; `features`: (N, D) float32 of one network.
    """
    if len(looks) < 2:
        return
    bits = np.unpackbits(np.array(looks, dtype=">u8").view(np.uint8).reshape(-1, 8), axis=1)
    signs = bits.astype(np.float32) * 2 - 1
    for start in range(0, len(signs), _ROWS_AT_ONCE):
        differing = (64 - signs[start : start + _ROWS_AT_ONCE] @ signs.T) / 2
        for row, column in zip(*np.nonzero(differing <= _MOST_BITS), strict=True):
            first, second = int(start + row), int(column)
            if first < second and _cosine(features[first], features[second]) >= _LEAST_COSINE:
                yield first, second


def joined(pairs: Iterable[tuple[int, int]]) -> list[list[int]]:
    """The sets of indices that `pairs` connect, each sorted."""
    groups = Groups()
    members: set[int] = set()
    for first, second in pairs:
        groups.join(first, second)
        members.update((first, second))
    found: dict[Hashable, list[int]] = defaultdict(list)
    for index in sorted(members):
        found[groups.find(index)].append(index)
    return list(found.values())


def _cosine(first: np.ndarray[Any, Any], second: np.ndarray[Any, Any]) -> float:
    return float(first @ second / (np.linalg.norm(first) * np.linalg.norm(second) + 1e-9))
