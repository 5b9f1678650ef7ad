"""The pictures and tables of a training, copied to where a person wants them."""

from __future__ import annotations

import itertools
import shutil
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QSettings
from PySide6.QtWidgets import QFileDialog, QWidget

from roomnet_core.training.report import TrainingReport
from roomnet_gui.jobs.job import Callbacks
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.review.notices import Notices


def tr(text: str) -> str:
    return QCoreApplication.translate("ReportSaver", text)


class ReportSaver:
    """Asks where to, copies on a worker, and says in `notices` what came of it."""

    def __init__(self, runner: Runner, settings: QSettings, notices: Notices) -> None:
        self._runner, self._settings, self._notices = runner, settings, notices

    def ask(self, report: TrainingReport | None, page: QWidget) -> None:
        if report is None:
            return
        start = str(self._settings.value("train/exportFolder", str(Path.home())))
        chosen = QFileDialog.getExistingDirectory(page, tr("Save pictures and tables in"), start)
        if not chosen:
            return
        self._settings.setValue("train/exportFolder", chosen)
        self._notices.withdraw("report")

        def done(folder: Path) -> None:
            self._notices.say("report", lambda: tr("Saved in {folder}").format(folder=str(folder)))

        def failed(error: BaseException) -> None:
            if not isinstance(error, OSError):
                raise error  # the runner hands it to the one place for errors
            self._notices.say("report", lambda: tr("Not saved: {error}").format(error=str(error)), serious=True)

        self._runner.start(
            Lane.TRAINING,
            "save the report",
            lambda job: save_report(report, Path(chosen)),
            Callbacks(done=done, failed=failed),
        )


def save_report(report: TrainingReport, parent: Path) -> Path:
    """Copy every picture and table of `report` into a new folder below `parent`, and return that folder.

    Raises:
        OSError: something cannot be written; no file that was there is touched, and nothing half is left.
    """
    folder = _new_folder(parent, f"{report.model} - training")
    try:
        for source in (*report.pictures.values(), *report.tables.values()):
            shutil.copyfile(source, folder / source.name)
    except OSError:
        shutil.rmtree(folder, ignore_errors=True)  # it is new, and ours
        raise
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
