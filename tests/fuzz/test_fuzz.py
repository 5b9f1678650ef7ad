"""A few hundred inputs a target in every run of the tests; what `make fuzz` found stands here by name."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.mutate import mutated
from tests.fuzz.targets import make_targets

TARGETS = make_targets()
SLOW = {"catalog": 20, "model file": 30, "journal and thumbnails": 20, "photos": 60, "graphs": 60}

# Inputs that once broke a promise, by target.
FOUND: list[tuple[str, bytes]] = [
    # SQLite quotes the damaged name, which is no text, and Python's module failed on that.
    ("catalog", TARGETS["catalog"].seeds[0].replace(b"tableopenings", b"table\x9epenings")),
    *(
        ("journal and thumbnails", seed.replace(name, b"\x9e" + name[1:]))
        for seed in TARGETS["journal and thumbnails"].seeds
        for name in (b"CREATE TABLE", b"CREATE INDEX", b"thumbnails", b"runs")
        if name in seed
    ),
    ("settings", b"[" * 100_000),
    ("training plan and report", b"[" * 100_000),
    ("training plan and report", b'{"schema": 1, "photos": [[]], "classes": [], "model_in_use": "/m", "base": null}'),
]


@pytest.mark.parametrize("name", TARGETS)
def test_whatever_the_bytes(name: str) -> None:
    target = TARGETS[name]

    @settings(max_examples=SLOW.get(name, 120))
    @given(mutated(target.seeds))
    def check(data: bytes) -> None:
        target.check(data)

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # Pillow's, about odd metadata
        for seed in target.seeds:
            target.check(seed)
        check()


@pytest.mark.parametrize(("name", "data"), FOUND)
def test_what_was_found(name: str, data: bytes) -> None:
    TARGETS[name].check(data)


@settings(max_examples=20)
@given(st.data())
def test_the_mutations_do_change_something(data: st.DataObject) -> None:
    assert any(data.draw(mutated((b"sound",))) != b"sound" for _ in range(5))
