"""What the sort dialog remembers, also when the settings hold nonsense."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from roomnet_core.sorting.plan import Mode, SortOptions
from roomnet_gui.settings import open_settings
from roomnet_gui.sort.presets import Presets

OUT = Path("/out")
OPTIONS = SortOptions(
    OUT,
    mode=Mode.MOVE,
    template="{order:02}_{room}",
    folders={"Kitchen": "Küche"},
    order=("Kitchen", "Bedroom"),
    unsure_folder=None,
    rejected_folder="Aside",
    companions=False,
)


def test_options_come_back_in_the_next_run() -> None:
    Presets(open_settings()).remember(OPTIONS)
    again = Presets(open_settings())
    assert again.last(OUT) == OPTIONS
    assert again.last(Path("/elsewhere")) == replace(OPTIONS, destination=Path("/elsewhere"))


def test_presets_have_names_and_can_be_deleted() -> None:
    presets = Presets(open_settings())
    assert presets.names() == [] and presets.last(OUT) is None
    presets.save("Portal", OPTIONS)
    presets.save("archive", SortOptions(OUT))
    presets.save("archive", SortOptions(OUT, mode=Mode.LINK))
    again = Presets(open_settings())
    assert again.names() == ["archive", "Portal"]
    assert again.get("Portal", OUT) == OPTIONS
    saved = again.get("archive", OUT)
    assert saved is not None and saved.mode is Mode.LINK
    again.delete("archive")
    assert again.names() == ["Portal"] and again.get("archive", OUT) is None


def test_destinations_are_kept_latest_first_and_not_without_end() -> None:
    presets = Presets(open_settings())
    for number in range(12):
        presets.remember(replace(OPTIONS, destination=Path(f"/out/{number}")))
    presets.remember(replace(OPTIONS, destination=Path("/out/7")))
    found = presets.destinations()
    assert found[:3] == [Path("/out/7"), Path("/out/11"), Path("/out/10")]
    assert len(found) == 8 == len(set(found))


@pytest.mark.parametrize("nonsense", ["", "{", "[]", "3", '{"mode": "TELEPORT"}', '{"Portal": 3}', "null"])
def test_nonsense_counts_as_nothing(nonsense: str) -> None:
    settings = open_settings()
    for key in ("sort/last", "sort/presets", "sort/destinations"):
        settings.setValue(key, nonsense)
    presets = Presets(settings)
    assert presets.last(OUT) is None
    assert presets.get("Portal", OUT) is None
    assert presets.destinations() == []
    presets.remember(OPTIONS)
    assert presets.last(OUT) == OPTIONS
