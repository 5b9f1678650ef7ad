"""The benchmarks' tables say what was measured, and replace nothing but the tables in the docs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import report
from benchmarks.report import Row, write_docs


def figures(rate: float) -> dict[str, Any]:
    return {"photos_per_second": rate, "milliseconds": 100 / rate, "peak_mebibytes": 99.6}


@pytest.fixture
def measured() -> dict[str, Any]:
    rows = [
        Row("ours / theirs", 60.0, 10.0, "photos/s", 6, ">=", (5.0, 7.5, 6.5)),
        Row("memory", 400.0, None, "MiB", 350, "<="),
    ]
    large = {"reference": figures(10), "ours": figures(60), "ours, TensorFlow": figures(40), "other": figures(50)}
    return {
        "machine": {"processor": "P", "cores": 2, "system": "S", "python": "3", "packages": {"numpy": "2"}},
        "models": ["first", "other"],
        "photos": "real photos",
        "seconds": 700,
        "rows": [row.to_json() for row in rows],
        "details": {
            "12 MP": large,
            "1 MP": {name: found for name, found in large.items() if name != "ours, TensorFlow"},
            "network": {"first": figures(50), "other": figures(20), "reference": figures(10)},
            "threads, 12 MP": {"1 engine, 2 decode": figures(60)},
        },
    }


def test_the_median_of_the_rounds_decides_whether_a_goal_is_reached() -> None:
    assert Row("", 1.0, 1.0, "s", 0.9, ">=", (0.5, 0.91, 0.95)).reached is True
    assert Row("", 1.0, 1.0, "s", 0.9, ">=", (0.5, 0.89, 0.95)).reached is False
    assert Row("", 0.3, 1.0, "s", 0.35, "<=").reached is True
    assert Row("", 151.0, None, "ms", 150, "<=").reached is False
    assert Row("", 1.0, 1.0, "s", None, "<=").reached is None


def test_the_tables_are_replaced_and_nothing_else(tmp_path: Path, measured: dict[str, Any]) -> None:
    docs, readme = tmp_path / "docs.md", tmp_path / "README.md"
    for file in (docs, readme):
        file.write_text(f"before\n{report._BEGIN}\nold\n{report._END}\nafter\n", encoding="utf-8")
    for _ in range(2):  # what was written is replaced in its turn
        write_docs(json.loads(json.dumps(measured)), docs, readme)
    for file in (docs, readme):
        text = file.read_text(encoding="utf-8")
        assert text.startswith("before\n") and text.endswith("\nafter\n") and "old" not in text
        assert "| 12-megapixel photos a second | 10 | 60 (6.0 x) | 40 (4.0 x) | 50 (5.0 x) |" in text
        assert "| 1-megapixel photos a second | 10 | 60 (6.0 x) |  | 50 (5.0 x) |" in text
        assert "| the network alone, one core, a photo | 10 ms | 2 ms |  | 5 ms |" in text
    text = docs.read_text(encoding="utf-8")
    assert "| ours / theirs | 60 / 10 photos/s | 6.50 (5.00 to 7.50) | >= 6 | yes |" in text
    assert "| memory | 400 MiB | 400 MiB | <= 350 | no |" in text
    assert "| 12 MP | 60.0 |" in text


def test_a_file_without_the_markers_is_left_alone(tmp_path: Path, measured: dict[str, Any]) -> None:
    docs = tmp_path / "docs.md"
    docs.write_text("by hand\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="has lost the line"):
        write_docs(measured, docs, docs)
    assert docs.read_text(encoding="utf-8") == "by hand\n"


def test_the_docs_have_their_markers() -> None:
    for file in (report.DOCS, report.README):
        assert file.read_text(encoding="utf-8").count(report._BEGIN) == 1
        assert file.read_text(encoding="utf-8").count(report._END) == 1
