"""`roomnet undo`: take a sort back, do it again, or finish one that was interrupted."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from roomnet_core.cli import console
from roomnet_core.errors import UsageError
from roomnet_core.photos.problems import escaped

if TYPE_CHECKING:
    from roomnet_core.sorting.journal import Journal, Run
    from roomnet_core.sorting.report import UndoReport

_EPILOG = """\
Moved photos go back to where they were, copies go to the trash. A copy that was changed since stays, and is named.

examples:
  roomnet undo             take the latest sort back
  roomnet undo --list      the sorts that there were
  roomnet undo 7           take sort number 7 back
  roomnet undo 7 --redo    do it again after all
  roomnet undo 7 --finish  go on with sort number 7, which was interrupted

exit status: 0 all well, 1 something could not be undone, 2 the request could not be carried out
"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "undo",
        help="take a sort back, also after a restart",
        description="Take a sort back: the latest, or that with the number RUN.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("number", nargs="?", type=int, metavar="RUN", help="the number of a sort (see --list)")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="list the sorts, the latest first")
    what.add_argument("--redo", action="store_true", help="do a sort again that was undone")
    what.add_argument("--finish", action="store_true", help="finish what was interrupted instead of taking it back")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Undo, redo, finish or list; returns the exit status."""
    from roomnet_core.cli.catalog import open_catalog
    from roomnet_core.cli.sort import tell_sort
    from roomnet_core.sorting.journal import Journal
    from roomnet_core.sorting.report import SortReport
    from roomnet_core.sorting.undo import recover, redo, undo

    with Journal.open() as journal:
        if args.list:
            tell_unfinished(journal)
            _print_runs(journal.runs())
            return console.OK
        run = _find(journal, args)
        tell_unfinished(journal, but=run.id)
        title = "Finishing" if args.finish else "Sorting" if args.redo else "Undoing"
        with console.ProgressBar(title) as bar, console.interruptible() as cancelled:
            report: SortReport | UndoReport
            if args.finish:
                report = recover(journal, run.id, finish=True, progress=bar.show, cancelled=cancelled)
            elif args.redo:
                report = redo(journal, run.id, progress=bar.show, cancelled=cancelled)
            else:
                report = undo(journal, run.id, progress=bar.show, cancelled=cancelled)
        with open_catalog(bool(report.moves())) as catalog:
            if catalog is not None:
                catalog.moved(report.moves())
        if isinstance(report, SortReport):
            return tell_sort(report, run.kind, run.destination)
        return _tell_undo(report)


def tell_unfinished(journal: Journal, *, but: int | None = None) -> None:
    """Say which sorts were interrupted with the program, and what can be done about it; `but` is being seen to."""
    for run in journal.unfinished():
        if run.id == but:
            continue
        print(
            f"{describe_unfinished(run)} `roomnet undo {run.id}` takes it back, `roomnet undo {run.id} --finish`"
            " finishes it.",
            file=sys.stderr,
        )


def describe_unfinished(run: Run) -> str:
    """One sentence about a run that was interrupted."""
    from roomnet_core.sorting.journal import Kind, RunState

    if run.kind is Kind.EMBED:
        return (
            f"Writing keywords into the photos in {run.destination} (number {run.id}, {_local(run)}) was interrupted;"
            " every file is whole."
        )
    what = "The undo of sort" if run.state is RunState.UNDOING else "Sort"
    return (
        f"{what} {run.id} of {_local(run)} to {run.destination} was interrupted with {run.done:,} of"
        f" {console.count(run.photos, 'photo')} in the new place; no photo is lost."
    )


def _find(journal: Journal, args: argparse.Namespace) -> Run:
    if args.number is not None:
        return journal.run(args.number)
    for run in journal.runs():
        if run.can_finish if args.finish else run.can_redo if args.redo else run.can_undo:
            return run
    raise UsageError("There is no sort for that. `roomnet undo --list` lists the sorts.")


def _print_runs(runs: list[Run]) -> None:
    if not runs:
        print("There are no sorts yet.")
        return
    rows = [("Sort", "Started", "What", "Photos", "State", "To")]
    rows += [
        (str(run.id), _local(run), run.kind.value, str(run.photos), run.state.value, str(run.destination))
        for run in runs
    ]
    console.print_table(rows, sys.stdout)


def _local(run: Run) -> str:
    return run.started.astimezone().strftime("%Y-%m-%d %H:%M")


def _tell_undo(report: UndoReport) -> int:
    if report.moved_back:
        print(f"Moved {console.count(len(report.moved_back), 'file')} back.")
    if report.removed:
        print(f"Removed {console.count(len(report.removed), 'file')}; copies are in the trash.")
    if report.restored:
        print(f"Restored {console.count(len(report.restored), 'file')}.")
    for note in report.notes:
        print(note)
    for left in report.not_undone:
        print(f"not undone: {escaped(str(left.path))}: {left.reason}", file=sys.stderr)
    if report.cancelled:
        print(f"Interrupted; `roomnet undo {report.run_id}` goes on.", file=sys.stderr)
        return console.INTERRUPTED
    if not report.photos and not report.not_undone:
        print("There was nothing left to undo.")
    return console.SOME_FAILED if report.not_undone else console.OK
