"""A run of the journal in words."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QDateTime, QLocale

from roomnet_core.sorting.journal import Kind, Run, RunState
from roomnet_gui import texts


def tr(text: str) -> str:
    return QCoreApplication.translate("RunTexts", text)


def when(moment: datetime) -> str:
    """`24 Nov 14:03`, in the computer's time; with the year where it is another one."""
    local = moment.astimezone()
    pattern = tr("d MMM HH:mm") if local.year == datetime.now().year else tr("d MMM yyyy HH:mm")
    return QLocale().toString(QDateTime(local.replace(tzinfo=None)), pattern)


def what(run: Run) -> str:
    """`212 photos moved`."""
    pattern = {
        Kind.COPY: tr("{photos} copied"),
        Kind.MOVE: tr("{photos} moved"),
        Kind.LINK: tr("{photos} linked"),
        Kind.EMBED: tr("keywords in {photos}"),
    }[run.kind]
    undone = run.state in (RunState.UNDOING, RunState.PARTLY_UNDONE, RunState.UNDONE)
    return pattern.format(photos=texts.photos(run.photos if undone else run.done))


def name(run: Run) -> str:
    """`Undo sort of 24 Nov 14:03 (212 photos moved)`, without the first word."""
    return tr("sort of {when} ({what})").format(when=when(run.started), what=what(run))


def state(run: Run) -> str:
    """Where the run stands, in a few words."""
    words = {
        RunState.DOING: tr("Interrupted"),
        RunState.STOPPED: tr("Stopped half-way"),
        RunState.DONE: tr("Done"),
        RunState.UNDOING: tr("Undo interrupted"),
        RunState.PARTLY_UNDONE: tr("Partly undone"),
        RunState.UNDONE: tr("Undone"),
    }[run.state]
    if run.state in (RunState.DOING, RunState.STOPPED, RunState.UNDOING, RunState.PARTLY_UNDONE):
        done, whole = texts.number(run.done), texts.number(run.photos)
        words = tr("{state}, {done} of {all}").format(state=words, done=done, all=whole)
    if run.failed:
        words = tr("{state}, {count} failed").format(state=words, count=texts.number(run.failed))
    return words


def explained(run: Run) -> str:
    """An interrupted run in one sentence."""
    place = {"done": texts.number(run.done), "all": texts.photos(run.photos), "folder": str(run.destination)}
    if run.state == RunState.UNDOING:
        pattern = tr("RoomNet was stopped while it undid the sort of {when}: {done} of {all} are still in {folder}.")
    else:
        pattern = {
            Kind.COPY: tr("RoomNet was stopped on {when} while it copied {all} to {folder} ({done} done)."),
            Kind.MOVE: tr("RoomNet was stopped on {when} while it moved {all} to {folder} ({done} done)."),
            Kind.LINK: tr("RoomNet was stopped on {when} while it linked {all} into {folder} ({done} done)."),
            Kind.EMBED: tr("RoomNet was stopped on {when} while it wrote keywords into {all} ({done} done)."),
        }[run.kind]
    return pattern.format(when=when(run.started), **place)
