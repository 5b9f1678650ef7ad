"""Every shipped model agrees with its card, and is as good on a few real photos as it was when it was shipped."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from roomnet_core.inference.classify import Classified, classify
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import GRAPH_NAME, ModelFile, list_models
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.resources import assets_dir

SHIPPED = [model for model in list_models() if model.folder.parent == assets_dir() / "models"]
SHARED = Path(__file__).parents[3].parent / "shared" / "data"


@pytest.mark.parametrize("model", SHIPPED, ids=lambda model: model.name)
def test_card_and_graph_agree(model: ModelFile) -> None:
    for name in model.card.files:
        assert model.read(name)  # the hash is the card's
    assert model.card.licence and model.card.lineage and model.card.made_by_commit
    assert all(entry["terms"] != "not stated" for entry in model.card.training_data)
    assert model.card.measured["test"]["photos"] == 550
    if model.name == "roomnet-compact":
        assert model.card.files[GRAPH_NAME]["bytes"] <= 700_000


@pytest.mark.parametrize("model", SHIPPED, ids=lambda model: model.name)
def test_a_fixed_sample_of_the_test_split_is_still_recognised(model: ModelFile) -> None:
    if not (SHARED / "manifest.csv").is_file():
        pytest.skip("The labelled photos are not there.")
    with (SHARED / "manifest.csv").open(newline="", encoding="utf-8") as stream:
        rows = [row for row in csv.DictReader(stream) if row["split"] == "test" and row["room"] != "Other"]
    sample = sorted(rows, key=lambda row: row["file"])[::10]
    photos = [PhotoFile(SHARED / row["file"], SHARED, 0, 0) for row in sample]
    engine = open_engine(model, "litert")
    found = {
        item.file.path: item.prediction.room_id
        for item in classify(photos, model, engine)
        if isinstance(item, Classified)
    }
    engine.close()
    names = model.card.rooms.names
    right = sum(names[found[SHARED / row["file"]]] == row["room"] for row in sample)
    # 55 photos: three standard errors below the accuracy on the whole split.
    accuracy = model.card.measured["test"]["accuracy"]
    assert right / len(sample) >= accuracy - 3 * (accuracy * (1 - accuracy) / len(sample)) ** 0.5
