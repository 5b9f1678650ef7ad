"""The Parquet files of a batch: their schema, which `docs/scale.md` describes, and rows made of what the core says."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow
import pyarrow.parquet

from roomnet_core.photos.info import PhotoInfo
from roomnet_core.prediction import Prediction

SCHEMA_VERSION = 1
"""In the metadata of every file as `roomnet.schema`; raised when a column changes its meaning or goes."""


@dataclass(frozen=True, slots=True)
class Result:
    """One photo: the model's word and the photo's size, or `kind` and `problem` where it could not be read."""

    uri: str
    prediction: Prediction | None = None
    info: PhotoInfo | None = None
    kind: str = ""
    problem: str = ""


def result_schema(rooms: Sequence[str], model: str) -> pyarrow.Schema:
    """The columns for a model with these rooms; `model` is its name, kept in the metadata."""
    number, text = pyarrow.float32(), pyarrow.string()
    return pyarrow.schema(
        [
            pyarrow.field("uri", text, nullable=False),
            ("room", text),
            ("confidence", number),
            *((f"p_{room}", number) for room in rooms),
            ("unsure", pyarrow.bool_()),
            ("problem_kind", text),
            ("problem", text),
            ("width", pyarrow.int32()),
            ("height", pyarrow.int32()),
            pyarrow.field("model_sha256", text, nullable=False),
            pyarrow.field("time", pyarrow.timestamp("ms", tz="UTC"), nullable=False),
        ],
        metadata={"roomnet.schema": str(SCHEMA_VERSION), "roomnet.model": model},
    )


def to_parquet(results: Sequence[Result], rooms: Sequence[str], model: str, model_sha256: str) -> bytes:
    """The content of one Parquet file, a row for each of `results` in their order."""
    now = datetime.now(UTC)
    said = [result.prediction for result in results]
    columns: dict[str, list[object]] = {
        "uri": [result.uri for result in results],
        "room": [None if word is None else rooms[word.room_id] for word in said],
        "confidence": [None if word is None else word.confidence for word in said],
        **{
            f"p_{room}": [None if word is None else word.probabilities[index] for word in said]
            for index, room in enumerate(rooms)
        },
        "unsure": [None if word is None else word.unsure for word in said],
        "problem_kind": [result.kind or None for result in results],
        "problem": [result.problem or None for result in results],
        "width": [None if result.info is None else result.info.width for result in results],
        "height": [None if result.info is None else result.info.height for result in results],
        "model_sha256": [model_sha256] * len(results),
        "time": [now] * len(results),
    }
    table = pyarrow.table(columns, schema=result_schema(rooms, model))
    target = io.BytesIO()
    pyarrow.parquet.write_table(table, target, compression="zstd")
    return target.getvalue()
