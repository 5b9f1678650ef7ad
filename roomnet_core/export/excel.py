"""The Excel file: every photo with its thumbnail, room and probabilities, and a summary."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.drawing.image import Image as SheetImage
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from PIL import Image

from roomnet_core.errors import ExportError
from roomnet_core.export import target
from roomnet_core.export.cells import clean_text, folder_name, room_name, status
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto

THUMBNAIL_HEIGHT = 96
"""Pixels, shown at 96 an inch."""
THUMBNAIL_WIDTH = 144
_POINTS_A_PIXEL = 0.75
_THUMBNAIL_COLUMN = 21  # in widths of a digit: 7 pixels each
_MAX_ROWS = 1_048_576
_MAX_TEXT = 32_767
_CENTERED, _WRAPPED = Alignment(vertical="center"), Alignment(vertical="center", wrap_text=True)
_HEADER_FILL = PatternFill("solid", fgColor="FFE7ECF1")

Thumbnail = Callable[[SessionPhoto], "np.ndarray[Any, np.dtype[np.uint8]] | None"]
Progress = Callable[[int, int], None]


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
    progress: Progress = lambda done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> None:
    """Write the workbook to `path`; an Excel file of that name is replaced only when the new one is whole.

    `thumbnail` gives the `(h, w, 3) uint8` picture of a photo or None; without it the column stays empty.

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
    sheet.title = "Photos"
    columns = ["Thumbnail", "File", "Folder", "Room", "Confidence", *rooms.names, "Status"]
    _header(sheet, columns, [_THUMBNAIL_COLUMN, 34, 30, 16, 12, *[12] * len(rooms), 40])
    for row, photo in enumerate(photos, start=2):
        if cancelled():
            raise Cancelled
        _photo_row(sheet, row, photo, rooms)
        picture = None if thumbnail is None else thumbnail(photo)
        if picture is not None:
            sheet.add_image(_sheet_image(picture), f"A{row}")  # anchored in this one cell
            sheet.row_dimensions[row].height = THUMBNAIL_HEIGHT * _POINTS_A_PIXEL + 4
        progress(row - 1, len(photos))
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{max(1, len(photos) + 1)}"
    _summary(book.create_sheet("Summary"), photos, rooms, model)
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


def _photo_row(sheet: Any, row: int, photo: SessionPhoto, rooms: RoomSet) -> None:
    last = 6 + len(rooms)
    texts = {2: photo.file.path.name, 3: folder_name(photo), 4: room_name(photo, rooms), last: status(photo)}
    for column, text in texts.items():
        _text(sheet.cell(row, column), text)
    if photo.prediction is not None:
        for column, value in enumerate((photo.prediction.confidence, *photo.prediction.probabilities), start=5):
            sheet.cell(row, column, round(value, 6)).number_format = "0.0%"
    for column in range(2, last + 1):
        sheet.cell(row, column).alignment = _WRAPPED if column == last else _CENTERED


def _summary(sheet: Any, photos: Sequence[SessionPhoto], rooms: RoomSet, model: str) -> None:
    _header(sheet, ["Room", "Photos"], [24, 12])
    decided = [photo.room_id for photo in photos]
    rows: list[tuple[str, int | str]] = [(room.name, decided.count(room.id)) for room in rooms.in_listing_order()]
    rows.append(("All photos", len(photos)))
    rows.append(("Unsure", sum(photo.needs_review for photo in photos)))
    rows.append(("Corrected", sum(photo.corrected for photo in photos)))
    rows.append(("Problems", sum(photo.problem is not None for photo in photos)))
    rows.append(("Model", model))
    for row, (label, value) in enumerate(rows, start=2):
        _text(sheet.cell(row, 1), label)
        if isinstance(value, str):
            _text(sheet.cell(row, 2), value)
        else:
            sheet.cell(row, 2, value)


def _header(sheet: Any, titles: Sequence[str], widths: Sequence[int]) -> None:
    for column, (title, width) in enumerate(zip(titles, widths, strict=True), start=1):
        cell = sheet.cell(1, column)
        _text(cell, title)
        cell.font, cell.fill = Font(bold=True), _HEADER_FILL
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"


def _text(cell: Cell, text: str) -> None:
    """Text stays text: a file named `=HYPERLINK(...)` must not become a formula. Excel cells end at 32,767 letters."""
    cell.value = clean_text(text)[:_MAX_TEXT]
    cell.data_type = "s"


def _sheet_image(rgb: np.ndarray[Any, np.dtype[np.uint8]]) -> Any:
    image = Image.fromarray(rgb)
    image.thumbnail((THUMBNAIL_WIDTH, THUMBNAIL_HEIGHT), Image.Resampling.BILINEAR)
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=80, dpi=(96, 96))
    buffer.seek(0)
    return SheetImage(buffer)
