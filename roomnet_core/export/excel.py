"""The Excel file: every photo with its thumbnail, room and probabilities, and a summary."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, BinaryIO

import numpy as np
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.chart import BarChart, Reference
from openpyxl.chart.label import DataLabelList
from openpyxl.drawing.image import Image as SheetImage
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.properties import PageSetupProperties
from PIL import Image

from roomnet_core.errors import ExportError
from roomnet_core.export import cells, target
from roomnet_core.rooms import Room, RoomSet
from roomnet_core.session.photo import SessionPhoto

THUMBNAIL_HEIGHT = 96
"""Pixels, shown at 96 an inch."""
THUMBNAIL_WIDTH = 144
_POINTS_A_PIXEL = 0.75
_THUMBNAIL_COLUMN = 21  # in widths of a digit: 7 pixels each
_MAX_ROWS = 1_048_576
_MAX_TEXT = 32_767
_FIRST_YEAR = 1901  # Excel counts its days from the beginning of 1900, and miscounts that year
_CENTERED, _WRAPPED = Alignment(vertical="center"), Alignment(vertical="center", wrap_text=True)
_LEFT = Alignment(vertical="center", horizontal="left")
_HEADER_FONT = Font(name="Calibri", size=11, bold=True)  # the other cells' font, which has to be named
_HEADER_FILL = PatternFill("solid", fgColor="FFE7ECF1")

_ROOMS_AT = 7  # the place of the first room's probability among the columns
_DATE_AND_TIME = "m/d/yy h:mm"  # one of the formats that Excel writes as the reader's country does

Thumbnail = Callable[[SessionPhoto], "np.ndarray[Any, np.dtype[np.uint8]] | None"]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Words:
    """How a workbook speaks: `text` translates a fixed English text, `room` names a room."""

    text: Callable[[str], str]
    room: Callable[[Room], str]


ENGLISH = Words(str, lambda room: room.name)


class Cancelled(Exception):
    """The export was cancelled; nothing was written."""


def check_target(path: Path) -> None:
    """Raises ExportError where `write_excel` would refuse `path`."""
    target.check_target(path, ".xlsx", _is_workbook)


def write_excel(
    path: Path,
    photos: Sequence[SessionPhoto],
    rooms: RoomSet,
    *,
    model: str,
    thumbnail: Thumbnail | None = None,
    places: Mapping[int, Path] = MappingProxyType({}),
    words: Words = ENGLISH,
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Write the workbook to `path`; an Excel file of that name is replaced only when the new one is whole.

    `thumbnail` gives the `(h, w, 3) uint8` picture of a photo or None; without it the column stays empty.
    `places` says by photo id where a sort has put the files. Titles, states and rooms are in `words`; dates and numbers
    are shown as the reader's Excel shows them.

    Raises:
        ExportError: the file cannot be written, or `path` is a file that is no Excel workbook.
        Cancelled: `cancelled` turned true.
    """
    check_target(path)
    if len(photos) >= _MAX_ROWS:
        raise ExportError(f"An Excel sheet ends at {_MAX_ROWS:,} rows. Export {len(photos):,} photos as CSV.")
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = words.text("Photos")
    columns = [(words.text(title), width) for title, width in _columns()]
    columns[_ROOMS_AT:_ROOMS_AT] = [(words.room(room), 12) for room in rooms]
    _header(sheet, [title for title, _ in columns], [width for _, width in columns])
    for row, photo in enumerate(photos, start=2):
        if cancelled():
            raise Cancelled
        _photo_row(sheet, row, photo, rooms, places, words)
        picture = None if thumbnail is None else thumbnail(photo)
        if picture is not None:
            sheet.add_image(_sheet_image(picture), f"A{row}")  # anchored in this one cell
            sheet.row_dimensions[row].height = THUMBNAIL_HEIGHT * _POINTS_A_PIXEL + 4
        progress(row - 1, len(photos))
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(1, len(photos) + 1)}"
    _summary(book.create_sheet(words.text("Summary")), photos, rooms, model, words)
    buffer = io.BytesIO()
    book.save(buffer)
    with target.atomic_file(path) as stream:
        stream.write(buffer.getbuffer())


def _is_workbook(stream: BinaryIO) -> bool:
    try:
        with zipfile.ZipFile(stream) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except zipfile.BadZipFile:
        return False


def _columns() -> list[tuple[str, int]]:
    """Titles and widths; the probabilities of the rooms come at `_ROOMS_AT`."""
    return [
        *(("Thumbnail", _THUMBNAIL_COLUMN), ("File", 34), ("Folder", 30), ("Room", 16), ("Decided by", 12)),
        *(("Predicted", 16), ("Confidence", 12)),
        *(("Cover", 9), ("Rejected", 11), ("Captured", 19), ("Camera", 20), ("New place", 44), ("Status", 40)),
    ]


def _photo_row(
    sheet: Any,
    row: int,
    photo: SessionPhoto,
    rooms: RoomSet,
    places: Mapping[int, Path],
    words: Words,
) -> None:
    decided_by = {"you": words.text("You"), "model": words.text("Model")}
    confidence = None if photo.prediction is None else photo.prediction.confidence
    taken = None if photo.info is None else photo.info.captured
    values: list[str | float | datetime | None] = [
        photo.file.path.name,
        cells.folder_name(photo),
        "" if photo.room_id is None else words.room(rooms[photo.room_id]),
        decided_by.get(cells.decided_by(photo), ""),
        "" if photo.prediction is None else words.room(rooms[photo.prediction.room_id]),
        confidence,
        *cells.probabilities(photo, rooms),
        words.text("Yes") if photo.cover else None,
        words.text("Yes") if photo.rejected else None,
        taken if taken is not None and taken.year >= _FIRST_YEAR else cells.captured(photo),
        cells.camera(photo),
        cells.new_place(photo, places),
        words.text(cells.status(photo)),
    ]
    for column, value in enumerate(values, start=2):
        cell = sheet.cell(row, column)
        cell.alignment = _CENTERED
        if isinstance(value, str):
            _text(cell, value)
        elif isinstance(value, datetime):
            cell.value, cell.number_format, cell.alignment = value, _DATE_AND_TIME, _LEFT
        elif value is not None:
            cell.value, cell.number_format = round(value, 6), "0.0%"
    cell.alignment = _WRAPPED  # the status may be a sentence


def _summary(
    sheet: Any,
    photos: Sequence[SessionPhoto],
    rooms: RoomSet,
    model: str,
    words: Words,
) -> None:
    _header(sheet, [words.text("Room"), words.text("Photos")], [24, 12])
    decided = [photo.room_id for photo in photos]
    by_room: list[tuple[str, int | str]] = [
        (words.room(room), decided.count(room.id)) for room in rooms.in_listing_order()
    ]
    rest: list[tuple[str, int | str]] = [
        (words.text("All photos"), len(photos)),
        (words.text("Unsure"), sum(photo.needs_review for photo in photos)),
        (words.text("Corrected"), sum(photo.corrected for photo in photos)),
        (words.text("Rejected"), sum(photo.rejected for photo in photos)),
        (words.text("Problems"), sum(photo.problem is not None for photo in photos)),
        (words.text("Model"), model),
    ]
    for row, (label, value) in enumerate([*by_room, *rest], start=2):
        _text(sheet.cell(row, 1), label)
        if isinstance(value, str):
            _text(sheet.cell(row, 2), value)
        else:
            sheet.cell(row, 2, value)
    sheet.add_chart(_chart(sheet, len(by_room), words.text("Photos per room")), "D2")


def _chart(sheet: Any, rooms: int, title: str) -> BarChart:
    """Photos per room, from the first rows of the summary."""
    chart = BarChart()
    chart.type = "bar"
    chart.title = title
    chart.add_data(Reference(sheet, min_col=2, min_row=1, max_row=rooms + 1), titles_from_data=True)
    chart.set_categories(Reference(sheet, min_col=1, min_row=2, max_row=rooms + 1))
    chart.legend = None
    chart.gapWidth = 60
    chart.dataLabels = DataLabelList(showVal=True, showSerName=False, showCatName=False, showLegendKey=False)
    chart.x_axis.scaling.orientation = "maxMin"  # the first room on top
    chart.x_axis.delete, chart.y_axis.delete = False, True  # the bars carry their numbers
    chart.y_axis.scaling.min = 0
    chart.y_axis.majorGridlines = None
    chart.width, chart.height = 18, 2.5 + 0.9 * rooms  # centimetres
    return chart


def _header(sheet: Any, titles: Sequence[str], widths: Sequence[int]) -> None:
    for column, (title, width) in enumerate(zip(titles, widths, strict=True), start=1):
        cell = sheet.cell(1, column)
        _text(cell, title)
        cell.font, cell.fill = _HEADER_FONT, _HEADER_FILL
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    # Printed, every page is as wide as the table and begins with these titles.
    sheet.print_title_rows = "1:1"
    sheet.page_setup.orientation, sheet.page_setup.fitToHeight = "landscape", 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)


def _text(cell: Cell, text: str) -> None:
    """Text stays text: a file named `=HYPERLINK(...)` must not become a formula. Excel cells end at 32,767 letters."""
    cell.value = cells.clean_text(text)[:_MAX_TEXT]
    cell.data_type = "s"


def _sheet_image(rgb: np.ndarray[Any, np.dtype[np.uint8]]) -> Any:
    image = Image.fromarray(rgb)
    image.thumbnail((THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT), Image.Resampling.BILINEAR)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80, dpi=(96, 96))
    buffer.seek(0)
    return SheetImage(buffer)
