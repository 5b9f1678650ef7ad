"""A real spreadsheet program opens the exports: the cells are right, and no file name is run as a formula.

Needs LibreOffice (`soffice`); skipped where it is not installed.
"""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from roomnet_core.export.cells import clean_text
from roomnet_core.export.csv import write_csv
from roomnet_core.export.excel import write_excel
from roomnet_core.photos.info import PhotoInfo
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.prediction import Prediction
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import Marks, SessionPhoto

ROOMS = RoomSet.from_names(["Bathroom", "Kitchen"])
ROOT = Path("/listings/12 Elm Street")
CAMERA = '=HYPERLINK("http://x","y")'
PLACE = Path("/sorted/Kitchen/01_Kitchen_1.jpg")
NAMES = [
    '=HYPERLINK("mailto:x","y").jpg',
    "=1+1",
    "+1.jpg",
    "-1+cmd|'C calc'!A0.jpg",
    "@SUM(1).jpg",
    "\tTab.jpg",
    "bell\x07 and \x1b[31mred.jpg",
    "latin-\udce9.jpg",
    "nonchar\uffff.jpg",
    'quote",comma;semicolon.jpg',
    "two\nlines.jpg",
    "厨房 🛁 e\u0301.jpg",
    "00123",
    "2026-05-17",
    "<b>&amp;.jpg",
    "L" * 251 + ".jpg",
]
_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"


@dataclass(frozen=True)
class Cell:
    """As LibreOffice understands it: `kind` is float, percentage, date or string, or empty."""

    kind: str
    value: str
    text: str
    formula: str | None


def photos() -> list[SessionPhoto]:
    prediction = Prediction((0.125, 0.875), False)
    listed = [SessionPhoto(n, PhotoFile(ROOT / name, ROOT, 1, 1), prediction) for n, name in enumerate(NAMES)]
    info = PhotoInfo(40, 30, datetime(2026, 5, 17, 14, 30, 5), CAMERA)
    last = PhotoFile(ROOT / "last.jpg", ROOT, 1, 1)
    return [*listed, SessionPhoto(99, last, prediction, marks=Marks(1, cover=True), info=info)]


@pytest.fixture(scope="module")
def converted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, ElementTree.Element]:
    """Both exports, opened by LibreOffice and saved as one XML file each."""
    soffice = shutil.which("soffice")
    if soffice is None:
        pytest.skip("needs LibreOffice (soffice)")
    folder = tmp_path_factory.mktemp("office")
    pixels = np.full((30, 40, 3), 90, dtype=np.uint8)
    write_excel(
        folder / "book.xlsx", photos(), ROOMS, model="=model", places={99: PLACE}, thumbnail=lambda photo: pixels
    )
    write_csv(folder / "table.csv", photos(), ROOMS, places={99: PLACE}, bom=True)
    profile = (folder / "profile").as_uri()
    for name, options in (("book.xlsx", ()), ("table.csv", ("--infilter=CSV:44,34,UTF8,1",))):
        command = [soffice, f"-env:UserInstallation={profile}", "--headless", *options, "--convert-to", "fods", name]
        result = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=600)
        assert result.returncode == 0, result.stderr
    return {name: ElementTree.parse(folder / f"{name}.fods").getroot() for name in ("book", "table")}


def text_of(node: ElementTree.Element) -> str:
    """The text of a paragraph, in which blanks and tabs may be elements."""
    text = node.text or ""
    for child in node:
        if child.tag == f"{_TEXT}s":
            text += " " * int(child.get(f"{_TEXT}c", "1"))
        elif child.tag == f"{_TEXT}tab":
            text += "\t"
        else:
            text += text_of(child)
        text += child.tail or ""
    return text


def cells_of(row: ElementTree.Element) -> Iterator[Cell]:
    for node in row.findall(f"{_TABLE}table-cell"):
        value = node.get(f"{_OFFICE}value") or node.get(f"{_OFFICE}date-value") or ""
        lines = [text_of(paragraph) for paragraph in node.findall(f"{_TEXT}p")]
        cell = Cell(node.get(f"{_OFFICE}value-type", ""), value, "\n".join(lines), node.get(f"{_TABLE}formula"))
        for _ in range(min(50, int(node.get(f"{_TABLE}number-columns-repeated", "1")))):
            yield cell


def table(root: ElementTree.Element, name: str) -> list[dict[str, Cell]]:
    """The rows of a sheet by the titles in its first row."""
    sheet = next(node for node in root.iter(f"{_TABLE}table") if node.get(f"{_TABLE}name") == name)
    rows = [list(cells_of(row)) for row in sheet.iter(f"{_TABLE}table-row")]
    titles = [cell.text for cell in rows[0] if cell.text]
    return [dict(zip(titles, row, strict=False)) for row in rows[1:] if any(cell.text for cell in row)]


def is_number(cell: Cell, kind: str, value: float) -> bool:
    return cell.kind == kind and float(cell.value) == value


def test_the_workbook_has_the_right_cells(converted: dict[str, Any]) -> None:
    rows = table(converted["book"], "Photos")
    assert [row["File"].text for row in rows] == [*map(clean_text, NAMES), "last.jpg"]
    for row in rows:
        assert row["File"].kind == "string" and row["Room"].text == "Kitchen"
        assert is_number(row["Confidence"], "percentage", 0.875) and is_number(row["Bathroom"], "percentage", 0.125)
    last = rows[-1]
    assert last["Decided by"].text == "You" and last["Cover"].text == "Yes" and last["Camera"].text == CAMERA
    assert last["Captured"].kind == "date" and last["Captured"].value == "2026-05-17T14:30:05"
    assert last["New place"].text == str(PLACE)
    summary = {row["Room"].text: row["Photos"] for row in table(converted["book"], "Summary")}
    assert is_number(summary["Kitchen"], "float", len(NAMES) + 1) and summary["Model"].text == "=model"


def test_the_workbook_has_its_pictures_in_their_rows_and_a_chart(converted: dict[str, Any]) -> None:
    sheets = {node.get(f"{_TABLE}name"): node for node in converted["book"].iter(f"{_TABLE}table")}
    rows = list(sheets["Photos"].iter(f"{_TABLE}table-row"))
    pictures = [len(list(row.iter(f"{_DRAW}image"))) for row in rows]
    assert pictures[: len(NAMES) + 2] == [0, *[1] * (len(NAMES) + 1)]
    assert len(list(sheets["Summary"].iter(f"{_DRAW}object"))) == 1


def test_the_csv_file_has_the_right_cells(converted: dict[str, Any]) -> None:
    rows = table(converted["table"], "table")
    names = [row["file"].text for row in rows]
    escaped = [f"'{name}" if name[0] in "=+-@\t" else clean_text(name) for name in NAMES]
    # What looks like a number or a date is for a spreadsheet to read as one; nothing is lost, nothing is run.
    assert [name for name in names if name not in ("123", "2026-05-17")] == [
        *(name for name in escaped if name not in ("00123", "2026-05-17")), "last.jpg",
    ]  # fmt: skip
    for row in rows:
        assert row["room"].text == "Kitchen"
        assert is_number(row["confidence"], "float", 0.875) and is_number(row["Bathroom"], "float", 0.125)
    last = rows[-1]
    assert last["decided_by"].text == "you" and last["cover"].text == "yes" and last["camera"].text == f"'{CAMERA}"
    assert last["captured"].value == "2026-05-17T14:30:05" and last["new_place"].text == str(PLACE)


def test_nothing_is_a_formula_or_a_link(converted: dict[str, Any]) -> None:
    for root in converted.values():
        assert not [node for node in root.iter() if node.get(f"{_TABLE}formula")]
        assert not list(root.iter(f"{_TEXT}a"))
