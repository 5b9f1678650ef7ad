"""Everything about sorting that the window offers, in one place: the window only says which action asks for what."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QSettings, QTimer, Signal
from PySide6.QtWidgets import QWidget

from roomnet_core.errors import RoomNetError
from roomnet_core.photos.formats import PHOTO_SUFFIXES
from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.resources import samples_dir
from roomnet_core.sorting.execute import execute
from roomnet_core.sorting.journal import Journal, Kind, Run, RunState
from roomnet_core.sorting.plan import Mode, SortOptions, SortPlan
from roomnet_core.sorting.report import Placed, SortReport, UndoReport
from roomnet_core.sorting.undo import recover, redo, undo
from roomnet_gui import texts
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner
from roomnet_gui.jobs.task_dialog import Further, Outcome, TaskDialog
from roomnet_gui.language import is_chinese
from roomnet_gui.review.catalog_door import CatalogDoor
from roomnet_gui.review.session import ReviewSession
from roomnet_gui.sort import outcomes, run_texts
from roomnet_gui.sort.earlier_sorts import EarlierSorts
from roomnet_gui.sort.interrupted import InterruptedBox
from roomnet_gui.sort.presets import Presets
from roomnet_gui.sort.sort_dialog import SortDialog

# The session follows so many photos in one step, and steps are taken for so long in one go.
_AT_ONCE, _STEPS_SECONDS = 100, 0.008


class Sorts(QObject):
    """Sorting, undoing, redoing and finishing over `window`, and the session that follows the files.

    A sort is not a command of the undo stack of labels. Its undo is file work that takes minutes, can be cancelled,
    can fail in part, and must be there after a restart; Ctrl+Z promises none of that. docs/adr/0012 says more.
    """

    sorted = Signal(int)  # place of the undo stack whose labels the sorted files now show
    undoable_changed = Signal(object)  # name of the sort that "Undo last sort" would undo, or None

    def __init__(
        self,
        session: ReviewSession,
        door: CatalogDoor,
        runner: Runner,
        settings: QSettings,
        report_error: Callable[[BaseException], None],
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._door, self._runner, self._settings = session, door, runner, settings
        self._report_error, self._window = report_error, window
        self._undoable: Run | None = None
        self._earlier: EarlierSorts | None = None

    # --- sorting

    def open(self) -> None:
        """The sort dialog, with the options of the last sort."""
        session, presets = self._session, Presets(self._settings)
        destination = self._suggestion()
        options = presets.last(destination) or self._usual_options(destination)
        at_start = session.undo_stack.index()
        dialog = SortDialog(
            session.photos(),
            session.document.rooms,
            options,
            presets,
            self._runner,
            self._settings,
            self._window,
            may_move=not session.busy,  # a file that is being read must not go
        )
        dialog.wanted.connect(lambda plan: self._sort(plan, at_start))
        dialog.open()

    def _usual_options(self, destination: Path) -> SortOptions:
        """Those of the first sort: the folders are called as the window calls the rooms."""
        options = SortOptions(destination, unsure_folder=self.tr("Unsure"))
        rooms = self._session.document.rooms
        return replace(options, folders={room.name: room.chinese for room in rooms}) if is_chinese() else options

    def _sort(self, plan: SortPlan, at_start: int) -> None:
        doing = {
            Mode.COPY: self.tr("Copying {photos} to {folder}…"),
            Mode.MOVE: self.tr("Moving {photos} to {folder}…"),
            Mode.LINK: self.tr("Linking {photos} into {folder}…"),
        }[plan.mode].format(photos=texts.photos(len(plan.items)), folder=str(plan.destination))

        def work(job: Job) -> tuple[SortReport, Run | None]:
            with Journal.open() as journal:
                report = execute(plan, journal, progress=job.progress, cancelled=job.cancelled)
                return report, None if report.run_id is None else journal.run(report.run_id)

        def present(result: tuple[SortReport, Run | None]) -> Outcome:
            report, run = result
            if not report.cancelled and not report.failed:
                self.sorted.emit(at_start)
            return self._after_sort(report, run)

        self._carry_out(self.tr("Sort into folders"), doing, work, present)

    # --- undo, redo, finish

    def undo_last(self) -> None:
        """Undo the sort that the menu names."""
        if self._undoable is not None:
            self.undo(self._undoable)

    def undo(self, run: Run) -> TaskDialog:
        def work(job: Job) -> UndoReport:
            with Journal.open() as journal:
                return undo(journal, run.id, progress=job.progress, cancelled=job.cancelled)

        doing = self.tr("Undoing the {sort}…").format(sort=run_texts.name(run))
        return self._carry_out(self.tr("Undo sort"), doing, work, lambda report: self._after_undo(report, run))

    def undo_run(self, run_id: int) -> None:
        """Undo a run of which only the number is known."""

        def work(job: Job) -> Run:
            with Journal.open() as journal:
                return journal.run(run_id)

        callbacks = Callbacks(done=self.undo, failed=self._report_error)
        self._runner.start(Lane.FILES, "look up the run", work, callbacks)

    def redo(self, run: Run) -> TaskDialog:
        def work(job: Job) -> tuple[SortReport, Run]:
            with Journal.open() as journal:
                report = redo(journal, run.id, progress=job.progress, cancelled=job.cancelled)
                return report, journal.run(run.id)

        doing = self.tr("Doing the {sort} again…").format(sort=run_texts.name(run))
        return self._carry_out(self.tr("Redo sort"), doing, work, lambda result: self._after_sort(*result))

    def finish(self, run: Run) -> TaskDialog:
        """Do what an interrupted or cancelled run has left: of its undoing, where that is what was interrupted."""

        def work(job: Job) -> tuple[SortReport | UndoReport, Run]:
            with Journal.open() as journal:
                report = recover(journal, run.id, finish=True, progress=job.progress, cancelled=job.cancelled)
                return report, journal.run(run.id)

        def present(result: tuple[SortReport | UndoReport, Run]) -> Outcome:
            report, now = result
            return self._after_undo(report, now) if isinstance(report, UndoReport) else self._after_sort(report, now)

        doing = self.tr("Finishing the {sort}…").format(sort=run_texts.name(run))
        return self._carry_out(self.tr("Finish sort"), doing, work, present)

    def show_earlier(self) -> None:
        """The list of all sorts."""
        dialog = self._earlier = EarlierSorts(self._window)
        dialog.undo_wanted.connect(self.undo)
        dialog.redo_wanted.connect(self.redo)
        dialog.finish_wanted.connect(self.finish)
        dialog.finished.connect(lambda _: setattr(self, "_earlier", None))
        dialog.open()
        self.refresh()

    # --- what the journal knows

    def start(self) -> None:
        """Once, when the window is there: name what can be undone, and ask about sorts that were interrupted."""

        def work(job: Job) -> list[Run]:
            with Journal.open() as journal:
                return journal.unfinished()

        self._runner.start(
            Lane.FILES, "look for interrupted sorts", work, Callbacks(done=self._ask, failed=self._report_error)
        )
        self.refresh()

    def refresh(self) -> None:
        """Read the journal again, in the background."""

        def work(job: Job) -> list[Run]:
            with Journal.open() as journal:
                return journal.runs()

        self._runner.start(Lane.FILES, "list the sorts", work, Callbacks(done=self._show_runs, failed=self._unreadable))

    def _show_runs(self, runs: list[Run]) -> None:
        # What is left of a sort that was undone in part is in the list of earlier sorts; the menu goes on to the next.
        self._undoable = next((run for run in runs if run.can_undo and run.state is not RunState.PARTLY_UNDONE), None)
        self.name_undoable()
        if self._earlier is not None:
            self._earlier.show_runs(runs)

    def name_undoable(self) -> None:
        """Say, in the language of the moment, which sort can be undone."""
        self.undoable_changed.emit(None if self._undoable is None else run_texts.name(self._undoable))

    def _unreadable(self, error: BaseException) -> None:
        """At the start that was said already, and sorting says it again."""
        self._undoable = None
        self.undoable_changed.emit(None)
        if self._earlier is not None or not isinstance(error, RoomNetError):
            self._report_error(error)

    def _ask(self, runs: list[Run]) -> None:
        """About the interrupted sorts, one after the other; "Later" asks again at the next start."""
        if not runs:
            return
        run, *others = runs

        def ask_on(task: TaskDialog) -> None:
            task.finished.connect(lambda _: self._ask(others))

        box = InterruptedBox(run, self._window)
        box.finish_wanted.connect(lambda: ask_on(self.finish(run)))
        box.undo_wanted.connect(lambda: ask_on(self.undo(run)))
        box.later_wanted.connect(lambda: self._ask(others))
        box.open()

    # --- afterwards

    def _carry_out(
        self, title: str, doing: str, work: Callable[[Job], Any], present: Callable[[Any], Outcome]
    ) -> TaskDialog:
        dialog = TaskDialog(title, doing, self._earlier or self._window)
        dialog.ended.connect(self.refresh)
        dialog.follow(self._runner, title, work, present)
        return dialog

    def _after_sort(self, report: SortReport, run: Run | None) -> Outcome:
        self._follow(report.placed)
        further = []
        if run is not None:
            if run.can_finish:
                further.append(Further(self.tr("&Finish"), lambda: self.finish(run)))
            if run.can_undo and report.placed:
                further.append(Further(self.tr("&Undo"), lambda: self.undo(run)))
        return outcomes.of_sort(report, run, tuple(further))

    def _after_undo(self, report: UndoReport, run: Run) -> Outcome:
        self._follow([*report.moved_back, *report.restored])
        further = []
        if report.cancelled:
            further.append(Further(self.tr("&Go on undoing"), lambda: self.undo(run)))
        if run.kind is not Kind.EMBED and report.photos:
            further.append(Further(self.tr("&Redo"), lambda: self.redo(run)))
        return outcomes.of_undo(report, tuple(further))

    def _follow(self, placed: Sequence[Placed]) -> None:
        """The photos on the screen are the same ones in their new place. By path: the run may be of another session."""
        self._go_on(self._following(placed))

    def _following(self, placed: Sequence[Placed]) -> Iterator[None]:
        document = self._session.document
        files: list[tuple[int, PhotoFile]] = []
        elsewhere: dict[Path, Path] = {}
        # All photos are looked up before the first is relocated: one may go where another was.
        for number, one in enumerate(placed):
            if number % _AT_ONCE == 0:
                yield
            if one.kind not in (Kind.MOVE, Kind.EMBED):  # a file that was rewritten has another time
                continue
            if (photo_id := document.id_of(one.old)) is not None:
                files.append((photo_id, one.file))
            elif one.old != one.new:
                elsewhere[one.old] = one.new
        if elsewhere and self._door.catalog is not None:
            self._door.catalog.moved(elsewhere)  # what is remembered of photos that are not open goes with them
        for first in range(0, len(files), _AT_ONCE):
            document.relocate(dict(files[first : first + _AT_ONCE]))
            yield

    def _go_on(self, steps: Iterator[None]) -> None:
        """Take steps for a few milliseconds, and the rest after the next events: ten thousand photos take 0.1 s."""
        deadline = time.perf_counter() + _STEPS_SECONDS
        for _ in steps:
            if time.perf_counter() > deadline:
                QTimer.singleShot(1, self, lambda: self._go_on(steps))
                return

    def _suggestion(self) -> Path:
        """Beside the photos and not among them, so that the copies are not found when the folder is opened again."""
        start = self._session.origin or Path(str(self._settings.value("lastFolder", str(Path.home()))))
        folder = folder_of(start)
        return place_beside(folder) / self.tr("{folder} sorted").format(folder=folder.name or "RoomNet")


def place_beside(folder: Path) -> Path:
    """The folder that what comes of the photos in `folder` is proposed for: that which it lies in.

    The sample photos lie within the program, where nothing is to be written: the person's own folder for them.
    """
    return Path.home() if folder.is_relative_to(samples_dir()) else folder.parent


def folder_of(path: Path) -> Path:
    """The folder of photos that `path` stands for. Without touching the disk: a photo's suffix is a photo."""
    return path.parent if path.suffix.lower() in PHOTO_SUFFIXES else path
