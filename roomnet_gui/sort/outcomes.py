"""What came of a sort or of its undo, as the person reads it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from roomnet_core.sorting.journal import Kind, Run
from roomnet_core.sorting.report import SortReport, UndoReport
from roomnet_core.sorting.room_folders import Why
from roomnet_gui import texts
from roomnet_gui.core_texts import spoken
from roomnet_gui.jobs.task_dialog import Further, LeftOut, Outcome


def tr(text: str) -> str:
    return QCoreApplication.translate("SortOutcomes", text)


def of_sort(report: SortReport, run: Run | None, further: tuple[Further, ...]) -> Outcome:
    """Of a sort, a redo or the finishing of one. The photos that the plan left alone are no news; those that should
    have gone and did not are listed."""
    if run is None:
        return Outcome(tr("There was nothing to do: every photo stays where it is."))
    patterns = {
        Kind.COPY: tr("{photos} copied to {folder}"),
        Kind.MOVE: tr("{photos} moved to {folder}"),
        Kind.LINK: tr("{photos} linked into {folder}"),
        Kind.EMBED: tr("Keywords written into {photos} in {folder}"),
    }
    photos = texts.photos(report.photos)
    if report.cancelled:
        photos = tr("{done} of {photos}").format(done=texts.number(report.photos), photos=texts.photos(run.photos))
    headline = patterns[run.kind].format(photos=photos, folder=str(run.destination))
    left = [*report.failed, *(skipped for skipped in report.skipped if skipped.why is Why.CHANGED)]
    lines = [spoken(note) for note in report.notes]
    if report.placed and not report.cancelled:
        lines.insert(0, tr("The Edit menu can undo this, also after a restart."))
    if report.cancelled:
        lines.insert(0, tr("You stopped it. Every file is whole; the rest can be done now or later, or all be undone."))
    if staying := len(report.skipped) + len(report.failed) - len(left):
        lines.append(tr("{photos} stayed where they are, as the preview said.").format(photos=texts.photos(staying)))
    return Outcome(
        headline,
        "\n".join(lines),
        warning=report.cancelled or bool(left),
        left_title=tr("{photos} could not be sorted:").format(photos=texts.photos(len(left))),
        left=tuple(LeftOut(skipped.file.path, spoken(skipped.reason)) for skipped in left),
        folder=run.destination if report.placed else None,
        further=further,
    )


def of_undo(report: UndoReport, further: tuple[Further, ...]) -> Outcome:
    """Of an undo, also of one that ends a sort that was interrupted."""
    parts = []
    if report.moved_back:
        parts.append(tr("{files} back in their old place").format(files=texts.files(len(report.moved_back))))
    if report.removed:
        parts.append(tr("{files} removed from the destination").format(files=texts.files(len(report.removed))))
    if report.restored:
        parts.append(tr("{files} as they were before").format(files=texts.files(len(report.restored))))
    nothing = tr("Nothing was undone") if report.not_undone else tr("Nothing was left to undo")
    headline = texts.listed(parts) or nothing
    lines = [spoken(note) for note in report.notes]
    if report.removed:
        lines.insert(0, tr("Removed copies are in the trash; the originals were not touched."))
    if report.cancelled:
        lines.insert(0, tr("You stopped it. What is left can be undone later."))
    return Outcome(
        headline,
        "\n".join(lines),
        warning=report.cancelled or bool(report.not_undone),
        left_title=tr("{files} could not be undone:").format(files=texts.files(len(report.not_undone))),
        left=tuple(LeftOut(left.path, spoken(left.reason)) for left in report.not_undone),
        further=further,
    )
