"""The shipped models' two files are one network: both engines say the same of real photos."""

from __future__ import annotations

import csv
import os
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from roomnet_core.inference.confidence import softmax
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import ModelFile, list_models
from roomnet_core.inference.preprocessing import prepare, scale_pixels
from roomnet_core.photos.decode import decode_photo
from roomnet_core.resources import assets_dir

REPOSITORY = Path(__file__).resolve().parents[3]
DATA = Path(os.environ.get("ROOMNET_SHARED", REPOSITORY.parent / "shared")) / "data"

SHIPPED = [model for model in list_models() if model.folder.is_relative_to(assets_dir())]


@pytest.mark.skipif(not (DATA / "manifest.csv").is_file(), reason="the labelled photos are not here")
@pytest.mark.parametrize("model", SHIPPED, ids=lambda model: model.name)
def test_engines_agree_on_test_photos(model: ModelFile) -> None:
    with (DATA / "manifest.csv").open(encoding="utf-8", newline="") as stream:
        files = [DATA / row["file"] for row in csv.DictReader(stream) if row["split"] == "test"][::8]
    spec = model.card.preprocessing
    views = [prepare(decode_photo(file, min_side=spec.decode_side), spec) for file in files]
    batch = scale_pixels(np.concatenate(views), spec)
    found = {}
    for name in ("tensorflow", "litert"):
        with closing(open_engine(model, name)) as engine:
            found[name] = engine.logits(batch)
    graph, lite = found["tensorflow"], found["litert"]
    assert len(batch) >= 50
    assert np.array_equal(graph.argmax(axis=1), lite.argmax(axis=1))
    assert np.abs(softmax(graph) - softmax(lite)).max() <= 1e-3
