"""Excel, CSV and JSON, read back: right values, harmless text, and never a half-written or a wrongly replaced file."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import fastjsonschema
import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from roomnet_core.errors import ExportError
from roomnet_core.export.cells import status
from roomnet_core.export.csv import write_csv
from roomnet_core.export.excel import Cancelled, write_excel
from roomnet_core.export.json import classification_document, dump, write_json
from roomnet_core.export.target import free_path
from roomnet_core.photos.info import PhotoInfo
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.prediction import Prediction
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import Marks, SessionPhoto

REPOSITORY = Path(__file__).resolve().parents[3]
ROOMS = RoomSet.from_names(["Bathroom", "Kitchen", "LivingRoom"])
ROOT = Path("/listings/12 Elm Street")
SURE = Prediction((0.05, 0.9, 0.05), False)
UNSURE = Prediction((0.4, 0.35, 0.25), True)


def photo(name: str, prediction: Prediction | None = SURE, **changes: Any) -> SessionPhoto:
    return replace(SessionPhoto(1, PhotoFile(ROOT / name, ROOT, 100, 1), prediction), **changes)


def damaged(name: str) -> SessionPhoto:
    return photo(name, None, problem=Problem(ROOT / name, ROOT, "damaged", f"{name} is damaged."))


PHOTOS = [
    photo("IMG_2.jpg"),
    photo("upstairs/IMG_10.jpg", UNSURE),
    photo("IMG_3.jpg", UNSURE, marks=Marks(2)),
    photo("IMG_4.jpg", SURE, marks=Marks(1)),
    damaged("broken.jpg"),
    photo("later.jpg", None),
]
TAKEN = datetime(2026, 5, 17, 14, 30, 5)
# What only a person, a camera and a sort know; photo 7 is in a room that the model does not know.
KNOWN_ROOMS = RoomSet.from_names([*ROOMS.names, "Attic"])
KNOWN = [
    photo("a.jpg", id=7, marks=Marks(3, cover=True), info=PhotoInfo(40, 30, TAKEN, "=Canon EOS R5"), model="tiny"),
    photo("b.jpg", id=8, marks=Marks(rejected=True), info=PhotoInfo(40, 30, datetime(1, 1, 1), "")),
    replace(damaged("c.jpg"), id=9, marks=Marks(2)),
]
PLACES = {7: Path("/sorted/Attic/01_Attic_1.jpg")}

HOSTILE = [
    '=HYPERLINK("mailto:x","y").jpg',
    "+1.jpg",
    "-1+cmd|' /C calc'!A0.jpg",
    "@SUM(1).jpg",
    "\tTab.jpg",
    "\rReturn.jpg",
    "bell\x07 and \x1b[31mred.jpg",
    "latin-\udce9.jpg",
    "nonchar\uffff.jpg",
    'quote",comma;semicolon.jpg',
    "two\nlines.jpg",
    "厨房 🛁.jpg",
    "00123.jpg",
    "<b>&amp;.jpg",
]


def excel(folder: Path, photos: list[SessionPhoto], **options: Any) -> openpyxl.Workbook:
    path = folder / "rooms.xlsx"
    write_excel(path, photos, ROOMS, model="tiny", **options)
    return openpyxl.load_workbook(path)


def test_the_workbook_holds_every_photo_with_numbers_as_numbers(tmp_path: Path) -> None:
    book = excel(tmp_path, PHOTOS)
    assert book.sheetnames == ["Photos", "Summary"]
    sheet = book["Photos"]
    header, *rows = [list(row) for row in sheet.values]
    assert header == [
        *("Thumbnail", "File", "Folder", "Room", "Decided by", "Predicted", "Confidence", *ROOMS.names),
        *("Cover", "Rejected", "Captured", "Camera", "New place", "Status"),
    ]
    assert [row[1] for row in rows] == ["IMG_2.jpg", "IMG_10.jpg", "IMG_3.jpg", "IMG_4.jpg", "broken.jpg", "later.jpg"]
    assert [row[2] for row in rows[:2]] == ["12 Elm Street", "12 Elm Street/upstairs"]
    assert [row[3] for row in rows] == ["Kitchen", "Bathroom", "LivingRoom", "Kitchen", None, None]
    assert [row[4] for row in rows] == ["Model", "Model", "You", "You", None, None]
    assert [row[5] for row in rows] == ["Kitchen", "Bathroom", "Bathroom", "Kitchen", None, None]
    assert rows[0][6:10] == [0.9, 0.05, 0.9, 0.05] and rows[4][6:10] == [None] * 4
    assert [row[-1] for row in rows] == [
        "OK", "Unsure", "Corrected", "Accepted", "Problem: broken.jpg is damaged.", "Not classified",
    ]  # fmt: skip
    assert {cell.number_format for cell in sheet["G"][1:5]} == {"0.0%"}
    assert sheet.freeze_panes == "A2" and sheet.auto_filter.ref == "A1:P7"
    summary = dict(list(book["Summary"].values)[1:])
    # In the order of a listing.
    assert list(summary.items())[:3] == [("LivingRoom", 1), ("Kitchen", 2), ("Bathroom", 1)]
    assert (summary["All photos"], summary["Unsure"], summary["Corrected"], summary["Problems"]) == (6, 1, 1, 1)
    assert book["Summary"].freeze_panes == "A2"


def test_the_workbook_holds_what_a_person_a_camera_and_a_sort_know(tmp_path: Path) -> None:
    path = tmp_path / "rooms.xlsx"
    write_excel(path, KNOWN, KNOWN_ROOMS, model="tiny", places=PLACES)
    book = openpyxl.load_workbook(path)
    header, *rows = [list(row) for row in book["Photos"].values]
    first, second, third = (dict(zip(header, row, strict=True)) for row in rows)
    assert first["Room"] == "Attic" and first["Predicted"] == "Kitchen" and first["Decided by"] == "You"
    assert first["Kitchen"] == 0.9 and first["Attic"] is None and first["Confidence"] == 0.9
    assert first["Cover"] == "Yes" and first["Rejected"] is None and first["Status"] == "Corrected"
    assert first["Captured"] == TAKEN and first["Camera"] == "=Canon EOS R5"
    assert first["New place"] == str(PLACES[7])
    assert second["Rejected"] == "Yes" and second["Cover"] is None and second["Status"] == "Rejected"
    assert second["Captured"] == "0001-01-01 00:00:00" and second["New place"] is None  # before Excel's first day
    assert third["Room"] == "LivingRoom" and third["Predicted"] is None and third["Confidence"] is None
    summary = dict(list(book["Summary"].values)[1:])
    assert summary["Rejected"] == 1 and summary["Attic"] == 1


def test_the_summary_draws_the_photos_per_room(tmp_path: Path) -> None:
    sheet = excel(tmp_path, PHOTOS)["Summary"]
    (chart,) = sheet._charts
    series = chart.series[0]
    assert series.cat.numRef.f == "'Summary'!$A$2:$A$4" and series.val.numRef.f == "'Summary'!$B$2:$B$4"
    assert [row[0].value for row in sheet["A2:A4"]] == ["LivingRoom", "Kitchen", "Bathroom"]
    assert chart.anchor._from.col == 3  # beside the table, not over it


def test_thumbnails_sit_in_their_rows(tmp_path: Path) -> None:
    pixels = np.full((300, 400, 3), (200, 30, 30), dtype=np.uint8)
    sheet = excel(tmp_path, PHOTOS, thumbnail=lambda photo: pixels if photo.prediction else None)["Photos"]
    assert [(picture.anchor._from.row, picture.anchor._from.col) for picture in sheet._images] == [
        (row, 0) for row in range(1, 5)
    ]
    with zipfile.ZipFile(tmp_path / "rooms.xlsx") as archive:
        media = [name for name in archive.namelist() if name.startswith("xl/media/")]
        assert b"oneCellAnchor" in archive.read("xl/drawings/drawing1.xml")
        image = Image.open(io.BytesIO(archive.read(media[0])))
    assert len(media) == 4 and image.format == "JPEG" and image.height == 96 and image.info["dpi"] == (96, 96)
    assert sheet.row_dimensions[2].height >= 72 and sheet.row_dimensions[6].height is None
    # 7 pixels a unit: the picture must not lap over into the next column.
    assert sheet.column_dimensions["A"].width * 7 >= image.width


def test_text_in_excel_stays_text(tmp_path: Path) -> None:
    sheet = excel(tmp_path, [photo(name) for name in HOSTILE])["Photos"]
    for name, cell in zip(HOSTILE, sheet["B"][1:], strict=True):
        assert cell.data_type == "s", name
    shown = [cell.value for cell in sheet["B"][1:]]
    assert shown[0] == HOSTILE[0] and shown[6] == "bell and [31mred.jpg" and shown[7] == "latin-\ufffd.jpg"
    assert shown[11] == "厨房 🛁.jpg" and shown[12] == "00123.jpg"
    with zipfile.ZipFile(tmp_path / "rooms.xlsx") as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_an_empty_session_is_a_valid_workbook(tmp_path: Path) -> None:
    assert excel(tmp_path, [])["Photos"].auto_filter.ref == "A1:P1"


def test_csv_is_utf8_and_harmless(tmp_path: Path) -> None:
    path = tmp_path / "rooms.csv"
    write_csv(path, [*PHOTOS, *(photo(name) for name in HOSTILE)], ROOMS)
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    assert rows[0] == {
        "file": "IMG_2.jpg", "room": "Kitchen", "confidence": "0.900000", "Bathroom": "0.050000",
        "Kitchen": "0.900000", "LivingRoom": "0.050000", "status": "OK", "decided_by": "model", "predicted": "Kitchen",
        "cover": "", "rejected": "", "captured": "", "camera": "", "new_place": "",
    }  # fmt: skip
    assert rows[1]["file"] == "upstairs/IMG_10.jpg" and rows[4]["confidence"] == ""
    names = [row["file"] for row in rows[len(PHOTOS) :]]
    assert names[:6] == [f"'{name}" for name in HOSTILE[:6]] and names[11] == "厨房 🛁.jpg"
    for row in rows:
        assert not any(value[:1] in tuple("=+-@\t\r") for value in row.values() if value)


def test_csv_holds_what_a_person_a_camera_and_a_sort_know(tmp_path: Path) -> None:
    path = tmp_path / "rooms.csv"
    write_csv(path, KNOWN, KNOWN_ROOMS, places=PLACES)
    with path.open(encoding="utf-8", newline="") as stream:
        first, second, third = csv.DictReader(stream)
    assert first == {
        "file": "a.jpg", "room": "Attic", "confidence": "0.900000", "Bathroom": "0.050000", "Kitchen": "0.900000",
        "LivingRoom": "0.050000", "Attic": "", "status": "Corrected", "decided_by": "you", "predicted": "Kitchen",
        "cover": "yes", "rejected": "", "captured": "2026-05-17 14:30:05", "camera": "'=Canon EOS R5",
        "new_place": str(PLACES[7]),
    }  # fmt: skip
    assert second["rejected"] == "yes" and second["status"] == "Rejected" and second["decided_by"] == "model"
    assert third["room"] == "LivingRoom" and third["confidence"] == third["predicted"] == ""


def test_csv_begins_with_a_mark_for_excel_if_asked(tmp_path: Path) -> None:
    path = tmp_path / "rooms.csv"
    for bom in (True, False, True):  # each replaces the one before
        write_csv(path, PHOTOS, ROOMS, bom=bom)
        assert path.read_bytes().startswith(b"\xef\xbb\xbffile,room" if bom else b"file,room")
    with path.open(encoding="utf-8-sig", newline="") as stream:
        assert next(csv.DictReader(stream))["file"] == "IMG_2.jpg"


@pytest.fixture(scope="module")
def validate() -> Callable[[Any], Any]:
    """Raises where a document is not what `docs/export.schema.json` describes."""
    schema = json.loads((REPOSITORY / "docs" / "export.schema.json").read_text(encoding="utf-8"))
    return fastjsonschema.compile(schema)  # type: ignore[no-any-return]


def test_json_is_what_the_schema_says(tmp_path: Path, validate: Callable[[Any], Any]) -> None:
    path = tmp_path / "rooms.json"
    write_json(path, classification_document(PHOTOS, ROOMS, model="tiny"))
    document = json.loads(path.read_bytes())
    validate(document)
    assert list(document) == ["schema", "model", "photos", "problems"]
    assert document["schema"] == 2 and document["model"] == "tiny"
    assert document["photos"][1] == {
        "file": "upstairs/IMG_10.jpg",
        "room": "Bathroom",
        "confidence": 0.4,
        "probabilities": {"Bathroom": 0.4, "Kitchen": 0.35, "LivingRoom": 0.25},
        "unsure": True,
        "decided_by": "model",
        "predicted": "Bathroom",
        "model": None,
        "cover": False,
        "rejected": False,
        "captured": None,
        "camera": None,
        "new_place": None,
    }
    assert document["photos"][2]["room"] == "LivingRoom" and document["photos"][2]["unsure"] is False
    assert document["photos"][4]["file"] == "later.jpg" and document["photos"][4]["room"] is None
    assert document["problems"] == [{"file": "broken.jpg", "kind": "damaged", "message": "broken.jpg is damaged."}]


def test_json_holds_what_a_person_a_camera_and_a_sort_know(validate: Callable[[Any], Any]) -> None:
    document = json.loads(dump(classification_document(KNOWN, KNOWN_ROOMS, model="tiny", places=PLACES)))
    validate(document)
    first, second, third = document["photos"]
    assert (first["room"], first["predicted"], first["decided_by"]) == ("Attic", "Kitchen", "you")
    assert first["model"] == "tiny"
    assert first["cover"] and first["captured"] == "2026-05-17T14:30:05" and first["camera"] == "=Canon EOS R5"
    assert first["new_place"] == str(PLACES[7]) and "Attic" not in first["probabilities"]
    assert second["rejected"] and third["room"] == "LivingRoom" and third["confidence"] is None
    assert [problem["file"] for problem in document["problems"]] == ["c.jpg"]


def test_the_schema_refuses_what_is_not_it(validate: Callable[[Any], Any]) -> None:
    for key, value in (("schema", 1), ("photos", [{}]), ("problems", None), ("extra", 1)):
        document = {**classification_document(KNOWN, KNOWN_ROOMS, model="tiny"), key: value}
        with pytest.raises(fastjsonschema.JsonSchemaValueException):
            validate(document)


def test_json_keeps_any_name_in_plain_ascii(validate: Callable[[Any], Any]) -> None:
    text = dump(classification_document([photo(name) for name in HOSTILE], ROOMS, model="tiny"))
    assert text.isascii()
    document = json.loads(text)
    validate(document)
    assert [entry["file"] for entry in document["photos"]] == HOSTILE


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(name=st.text(st.characters(exclude_characters="/\0"), min_size=1, max_size=30).filter(lambda n: n not in "..."))
def test_any_name_can_be_exported(tmp_path: Path, name: str) -> None:
    photos = [photo(name), replace(damaged("x"), file=PhotoFile(ROOT / name, ROOT, 1, 1))]
    cell = excel(tmp_path, photos)["Photos"]["B2"]
    assert cell.data_type != "f"
    write_csv(tmp_path / "rooms.csv", photos, ROOMS)
    write_json(tmp_path / "rooms.json", classification_document(photos, ROOMS, model="tiny"))


def test_status_of_a_damaged_photo_that_was_sorted_by_hand_keeps_the_reason() -> None:
    assert status(replace(damaged("a.jpg"), marks=Marks(1))) == "Problem: a.jpg is damaged."


def write_as(kind: str, path: Path) -> None:
    if kind == "xlsx":
        write_excel(path, PHOTOS, ROOMS, model="tiny")
    elif kind == "csv":
        write_csv(path, PHOTOS, ROOMS)
    else:
        write_json(path, classification_document(PHOTOS, ROOMS, model="tiny"))


@pytest.mark.parametrize("kind", ["xlsx", "csv", "json"])
def test_an_earlier_export_is_replaced_and_nothing_else_is(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"rooms.{kind}"
    path.write_bytes(b"")  # as `mktemp` makes one
    write_as(kind, path)
    write_as(kind, path)
    for content in (b"my own notes", b"PK\x03\x04 a damaged archive", b'{"cells": []}', b"name,price\n"):
        foreign = tmp_path / f"mine.{kind}"
        foreign.write_bytes(content)
        with pytest.raises(ExportError, match="is there already"):
            write_as(kind, foreign)
        assert foreign.read_bytes() == content
    (tmp_path / f"folder.{kind}").mkdir()
    with pytest.raises(ExportError, match="is there already and is not a file"):
        write_as(kind, tmp_path / f"folder.{kind}")
    with pytest.raises(ExportError, match="does not exist"):
        write_as(kind, tmp_path / "nowhere" / f"rooms.{kind}")
    assert not list(tmp_path.glob(".*"))


def test_a_zip_archive_or_a_photo_is_no_workbook(tmp_path: Path) -> None:
    archive = tmp_path / "photos.xlsx"
    with zipfile.ZipFile(archive, "w") as stream:
        stream.writestr("a.jpg", b"photo")
    with pytest.raises(ExportError, match="is there already"):
        write_as("xlsx", archive)
    with pytest.raises(ExportError, match=r"does not end in \.xlsx"):
        write_as("xlsx", tmp_path / "rooms.xls")
    with pytest.raises(ExportError, match=r"does not end in \.csv"):
        write_as("csv", tmp_path / "photo.jpg")


@pytest.mark.parametrize("kind", ["xlsx", "csv", "json"])
@pytest.mark.parametrize("function", ["fsync", "replace"])
def test_a_full_disk_leaves_the_earlier_export_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, function: str
) -> None:
    path = tmp_path / f"rooms.{kind}"
    write_as(kind, path)
    before = path.read_bytes()

    def full(*args: object, **kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, function, full)
    with pytest.raises(ExportError, match="No space left"):
        write_as(kind, path)
    assert [entry.name for entry in tmp_path.iterdir()] == [path.name] and path.read_bytes() == before


def test_a_file_that_another_program_holds_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*args: object, **kwargs: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(os, "replace", locked)
    with pytest.raises(ExportError, match=r"rooms\.xlsx cannot be written.*open in another program"):
        write_as("xlsx", tmp_path / "rooms.xlsx")


def test_a_link_is_followed_and_permissions_are_those_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "rooms.csv").symlink_to(tmp_path / "real" / "rooms.csv")
    write_as("csv", tmp_path / "rooms.csv")
    (tmp_path / "plain").touch()
    assert (tmp_path / "rooms.csv").is_symlink()
    assert (tmp_path / "real" / "rooms.csv").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_cancel_writes_nothing(tmp_path: Path) -> None:
    seen: list[int] = []
    cancelled: Callable[[], bool] = lambda: len(seen) == 2  # noqa: E731
    with pytest.raises(Cancelled):
        excel(tmp_path, PHOTOS, progress=lambda done, total: seen.append(done), cancelled=cancelled)
    assert seen == [1, 2] and not list(tmp_path.iterdir())


def test_a_free_name_is_found_beside_what_is_there(tmp_path: Path) -> None:
    assert free_path(tmp_path / "rooms.xlsx").name == "rooms.xlsx"
    (tmp_path / "rooms.xlsx").touch()
    (tmp_path / "rooms (2).xlsx").symlink_to("nowhere")
    assert free_path(tmp_path / "rooms.xlsx").name == "rooms (3).xlsx"
