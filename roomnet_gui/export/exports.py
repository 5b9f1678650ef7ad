"""Everything about exports that the window offers: the dialog, the work, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QSettings, Signal
from PySide6.QtWidgets import QWidget

from roomnet_core.export.embed import EmbedReport
from roomnet_core.export.overlay import NotExported, OverlayReport
from roomnet_gui import texts
from roomnet_gui.core_texts import spoken
from roomnet_gui.export.export_dialog import ExportDialog
from roomnet_gui.export.kinds import ExportKind, ExportOptions
from roomnet_gui.export.work import Report, write
from roomnet_gui.jobs.job import Job
from roomnet_gui.jobs.runner import Runner
from roomnet_gui.jobs.task_dialog import Further, LeftOut, Outcome, TaskDialog
from roomnet_gui.review.session import ReviewSession
from roomnet_gui.sort.sorts import Sorts, folder_of, place_beside


class Exports(QObject):
    """Opens the export dialog over `window`. Keywords are undone where sorts are: they change files as those do."""

    exported = Signal(int)  # place of the undo stack whose labels a file holds now

    def __init__(
        self, session: ReviewSession, runner: Runner, settings: QSettings, sorts: Sorts, window: QWidget
    ) -> None:
        super().__init__(window)
        self._session, self._runner, self._settings = session, runner, settings
        self._sorts, self._window = sorts, window

    def open(self) -> None:
        """The export dialog, with the options of the last export."""
        session = self._session
        origin = session.origin or Path(str(self._settings.value("lastFolder", str(Path.home()))))
        folder = folder_of(origin)
        at_start = session.undo_stack.index()
        dialog = ExportDialog(
            session.photos(),
            session.document.rooms,
            place_beside(folder),
            folder.name or "RoomNet",
            self._runner,
            self._settings,
            self._window,
        )
        dialog.wanted.connect(lambda options: self._export(options, at_start))
        dialog.open()

    def _export(self, options: ExportOptions, at_start: int) -> None:
        session = self._session
        photos, rooms, model = session.photos(), session.document.rooms, session.model_name
        doing = {
            ExportKind.LABELLED: tr("Writing labelled copies to {target}…"),
            ExportKind.KEYWORDS: tr("Writing keywords into the photos…"),
        }.get(options.kind, tr("Writing {target}…"))

        def work(job: Job) -> Report:
            return write(photos, rooms, model, options, job)

        def present(report: Report) -> Outcome:
            if report is None or not report.cancelled:
                self.exported.emit(at_start)
            return self._outcome(options, report)

        dialog = TaskDialog(tr("Export"), doing.format(target=str(options.target)), self._window)
        dialog.ended.connect(self._sorts.refresh)
        dialog.follow(self._runner, "export", work, present)

    def _outcome(self, options: ExportOptions, report: Report) -> Outcome:
        if isinstance(report, EmbedReport):
            return self._of_keywords(report)
        if isinstance(report, OverlayReport):
            return _of_copies(report, options.target)
        return Outcome(
            tr("Exported to {name}").format(name=options.target.name),
            str(options.target),
            file=options.target,
            folder=options.target.parent,
        )

    def _of_keywords(self, report: EmbedReport) -> Outcome:
        self._session.document.relocate(report.files)
        lines = [spoken(note) for note in report.notes]
        if report.cancelled:
            lines.insert(0, tr("You stopped it. Every file is whole."))
        if report.sidecars:
            count = texts.files(len(report.sidecars))
            lines.append(tr("{files} beside raw photos were written too.").format(files=count))
        if report.unchanged:
            lines.append(tr("{photos} had their keyword already.").format(photos=texts.photos(report.unchanged)))
        if report.left_out:
            lines.append(tr("{photos} got none, as was said.").format(photos=texts.photos(len(report.left_out))))
        run_id = report.run_id
        return Outcome(
            tr("Keywords written into {photos}").format(photos=texts.photos(len(report.files))),
            "\n".join(lines),
            warning=report.cancelled or bool(report.failed),
            further=() if run_id is None else (Further(tr("&Undo"), lambda: self._sorts.undo_run(run_id)),),
            **_failures(report.failed),
        )


def tr(text: str) -> str:
    return QCoreApplication.translate("Exports", text)


def _of_copies(report: OverlayReport, folder: Path) -> Outcome:
    lines = []
    if report.cancelled:
        lines.append(tr("You stopped it. Every copy is whole."))
    if report.skipped:
        lines.append(tr("{photos} have no room and were left out.").format(photos=texts.photos(len(report.skipped))))
    return Outcome(
        tr("{photos} copied to {folder}").format(photos=texts.photos(len(report.written)), folder=str(folder)),
        "\n".join(lines),
        warning=report.cancelled or bool(report.failed),
        folder=folder if report.written else None,
        **_failures(report.failed),
    )


def _failures(failed: Sequence[NotExported]) -> dict[str, Any]:
    return {
        "left_title": tr("{photos} could not be done:").format(photos=texts.photos(len(failed))),
        "left": tuple(LeftOut(one.photo.file.path, spoken(one.reason)) for one in failed),
    }
