"""The pictures and tables of a training, copied to where a person wants them; on a worker."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

from roomnet_core.training.report import TrainingReport


def save_report(report: TrainingReport, parent: Path) -> Path:
    """Copy every picture and table of `report` into a new folder below `parent`, and return that folder.

    Raises:
        OSError: something cannot be written; no file that was there is touched.
    """
    folder = _new_folder(parent, f"{report.model} - training")
    for source in (*report.pictures.values(), *report.tables.values()):
        shutil.copyfile(source, folder / source.name)
    return folder


def _new_folder(parent: Path, name: str) -> Path:
    for number in itertools.count(1):
        folder = parent / (name if number == 1 else f"{name} {number}")
        try:
            folder.mkdir()
        except FileExistsError:
            continue
        return folder
    raise AssertionError("unreachable")
