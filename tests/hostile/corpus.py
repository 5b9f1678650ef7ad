"""The whole corpus: every kind of hostile file, in the order in which a report lists them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from tests.hostile import damage, extremes, metadata, modes, names, places
from tests.hostile.case import Case


def all_cases(*, heavy: bool) -> Iterator[Case]:
    """Those of the whole corpus, or those that a test suite has time for."""
    for part in (damage, modes, metadata, extremes, names, places):
        for one in part.cases():
            if heavy or not one.heavy:
                yield one


def unlock(folder: Path, cases: Iterable[Case]) -> None:
    """Give what was locked its permissions back, so that it can be removed."""
    for one in cases:
        if one.kind.startswith("unreadable"):
            (folder / one.place).chmod(0o700)
