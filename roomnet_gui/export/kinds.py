"""What can be exported, and the options of an export as a value that is kept between runs."""

from __future__ import annotations

import enum
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QSettings

from roomnet_core.session.photo import SessionPhoto

_KEY = "export/last"
_FLAGS = ("thumbnails", "bom", "full_paths", "unsure", "rejected", "unreadable")


class ExportKind(enum.Enum):
    EXCEL = "excel"
    CSV = "csv"
    JSON = "json"
    LABELLED = "labelled"
    KEYWORDS = "keywords"

    @property
    def suffix(self) -> str:
        """Of the one file that is written; empty where that is a folder of files, or the photos themselves."""
        return {"excel": ".xlsx", "csv": ".csv", "json": ".json"}.get(self.value, "")

    @property
    def title(self) -> str:
        return {
            ExportKind.EXCEL: tr("&Excel workbook"),
            ExportKind.CSV: tr("&CSV table"),
            ExportKind.JSON: tr("&JSON document"),
            ExportKind.LABELLED: tr("&Labelled copies"),
            ExportKind.KEYWORDS: tr("&Keywords in the photos"),
        }[self]

    @property
    def explanation(self) -> str:
        return {
            ExportKind.EXCEL: tr("Every photo with its room and thumbnail, and a summary with a chart."),
            ExportKind.CSV: tr("One line a photo, for spreadsheets and databases."),
            ExportKind.JSON: tr("For programs: a documented format with all probabilities."),
            ExportKind.LABELLED: tr("Copies with room and confidence written on them; the originals stay."),
            ExportKind.KEYWORDS: tr("Writes the room into the photo files, for Lightroom, Bridge and others."),
        }[self]


@dataclass(frozen=True, slots=True)
class ExportOptions:
    """`target` is the file, or the folder of labelled copies. The other fields say what goes into it."""

    kind: ExportKind = ExportKind.EXCEL
    target: Path = Path()
    thumbnails: bool = True  # in an Excel workbook
    bom: bool = False  # byte order mark of a CSV table
    full_paths: bool = False  # of the places of sorted photos, in a list
    unsure: bool = True
    rejected: bool = True
    unreadable: bool = True

    def choose(self, photos: Iterable[SessionPhoto]) -> list[SessionPhoto]:
        """The photos that go into the export."""
        return [
            photo
            for photo in photos
            if (self.unsure or not photo.needs_review)
            and (self.rejected or not photo.rejected)
            and (self.unreadable or photo.problem is None)
        ]


def remembered(settings: QSettings) -> ExportOptions:
    """The options of the last export, or the usual ones. `target` holds only the folder it went to."""
    try:
        data: dict[str, Any] = json.loads(str(settings.value(_KEY)))
        flags = {name: bool(data[name]) for name in _FLAGS if name in data}
        return ExportOptions(ExportKind(data["kind"]), Path(data["target"]), **flags)
    except (KeyError, RecursionError, TypeError, ValueError):
        return ExportOptions()


def remember(settings: QSettings, options: ExportOptions) -> None:
    """Keep the options and the folder of an export that was started."""
    folder = options.target.parent if options.target.name else Path()
    data = asdict(replace(options, target=folder))
    settings.setValue(_KEY, json.dumps(data | {"kind": options.kind.value, "target": str(folder)}))


def tr(text: str) -> str:
    return QCoreApplication.translate("ExportKinds", text)
