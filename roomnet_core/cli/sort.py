"""`roomnet sort`: bring every photo into the folder of its room, by copying, moving or linking."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roomnet_core.cli import console
from roomnet_core.errors import UsageError
from roomnet_core.photos.problems import escaped

if TYPE_CHECKING:
    from roomnet_core.rooms import RoomSet
    from roomnet_core.sorting.plan import SortOptions, SortPlan
    from roomnet_core.sorting.report import SortReport

LEAVE = "leave"

_EPILOG = """\
Nothing is overwritten: a second photo of one name becomes `name (2)`. Sorting again does only what is new. Sidecars
(.xmp, .aae) and raw files travel with the photo beside them. `roomnet undo` takes a sort back, also after a restart.

fields of --template:
{fields}
  Numbers may have a width: {{n:02}}. The suffix is kept.

examples:
  roomnet sort Photos --to Sorted                                    copies, under their names
  roomnet sort Photos --to Upload --template "{{order:02}}_{{room}}_{{n}}"  in listing order, ready to upload
  roomnet sort Photos --to Sorted --move --rejected Rejected         moves everything, rejected photos too

exit status: 0 all well, 1 some files failed, 2 the request could not be carried out
"""


def add_parser(subparsers: Any) -> None:
    from roomnet_core.sorting.template import FIELDS

    fields = "\n".join(f"  {{{name}}}".ljust(14) + meaning for name, meaning in FIELDS.items())
    parser = subparsers.add_parser(
        "sort",
        help="copy, move or link photos into one folder a room",
        description="Classify the photos in FOLDER and bring each into the folder of its room below DEST.",
        epilog=_EPILOG.format(fields=fields),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    console.add_photo_options(parser, "a folder of photos, or one photo")
    console.add_catalog_option(parser)
    parser.add_argument("--to", type=Path, required=True, metavar="DEST", help="where the room folders go")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--move", action="store_true", help="move the photos instead of copying them")
    mode.add_argument("--link", action="store_true", help="make hard links, which take no space, or else copies")
    parser.add_argument("--template", default="", metavar="NAME", help="new names (default: they keep theirs)")
    parser.add_argument("--order", default="", metavar="ROOM,...", help="the rooms in listing order, for {order}")
    parser.add_argument(
        "--folder-name",
        action="append",
        default=[],
        metavar="ROOM=NAME",
        help="another folder name for a room; may be given for several",
    )
    parser.add_argument(
        "--unsure", default="Unsure", metavar="FOLDER", help="where unsure photos go, or `leave` (default: Unsure)"
    )
    parser.add_argument(
        "--rejected", default=LEAVE, metavar="FOLDER", help="where rejected photos go, or `leave` (default: leave)"
    )
    parser.add_argument("--no-companions", action="store_true", help="leave sidecars and raw files where they are")
    parser.add_argument("--dry-run", action="store_true", help="only show what would go where")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Classify, plan and sort; returns the exit status."""
    from roomnet_core.cli.catalog import open_catalog
    from roomnet_core.cli.pipeline import problems_of, run_model
    from roomnet_core.cli.undo import tell_unfinished
    from roomnet_core.inference.model_file import find_model
    from roomnet_core.sorting.execute import execute
    from roomnet_core.sorting.journal import Journal
    from roomnet_core.sorting.plan import make_plan
    from roomnet_core.sorting.preflight import check

    with Journal.open() as journal, open_catalog(not args.no_catalog) as catalog:
        tell_unfinished(journal)
        model = find_model(args.model)
        options = _options(args, model.rooms)
        source, destination = args.folder.resolve(), args.to.resolve()
        # What was sorted into a folder inside the source is not sorted again.
        exclude = [destination] if source != destination and destination.is_relative_to(source) else []
        document = run_model(args, model, catalog=catalog, exclude=exclude)
        plan = make_plan(document, document.rooms, options)
        preflight = check(plan)
        _print_plan(plan, every_name=args.dry_run)
        status = console.OK
        if args.dry_run:
            for note in preflight.notes:
                print(note)
            print(f"Dry run: nothing was touched. {console.count(len(plan.items), 'photo')} would go to {args.to}.")
        elif plan.items:
            with console.ProgressBar(_DOING[plan.mode.value]) as bar, console.interruptible() as cancelled:
                report = execute(plan, journal, progress=bar.show, cancelled=cancelled)
            document.relocate(report.relocated())
            status = tell_sort(report, plan.mode.value, args.to, known=len(plan.skipped))
        else:
            print("There is nothing to sort.")
        return max(status, console.report_problems(problems_of(document)))


_DOING = {"copy": "Copying", "move": "Moving", "link": "Linking"}
_DONE = {"copy": "Copied", "move": "Moved", "link": "Linked"}


def tell_sort(report: SortReport, mode: str, destination: Path, *, known: int = 0) -> int:
    """Print what a sort did; the first `known` of what it skipped were told before. Returns the exit status."""
    photos = console.count(report.photos, "photo")
    done = f"{_DONE[mode]} {photos} to" if mode in _DONE else f"Kept the keywords of {photos} in"
    print(f"{done} {destination}.", end=" ")
    print(f"`roomnet undo {report.run_id}` takes that back.")
    for note in report.notes:
        print(note)
    not_sorted = [*report.failed, *report.skipped[known:]]
    for failure in not_sorted:
        print(f"not sorted: {escaped(str(failure.file.path))}: {failure.reason}", file=sys.stderr)
    if report.cancelled:
        print(
            f"Interrupted: what was done is whole. `roomnet undo {report.run_id} --finish` does the rest,"
            f" `roomnet undo {report.run_id}` takes it back.",
            file=sys.stderr,
        )
        return console.INTERRUPTED
    return console.SOME_FAILED if not_sorted else console.OK


def _options(args: argparse.Namespace, rooms: RoomSet) -> SortOptions:
    from roomnet_core.sorting.plan import Mode, SortOptions

    folders = {}
    for entry in args.folder_name:
        name, equals, folder = entry.partition("=")
        room = rooms.by_name(name)
        if room is None or not equals:
            raise UsageError(f"--folder-name {entry}: write ROOM=NAME with one of the rooms {', '.join(rooms.names)}.")
        folders[room.name] = folder
    return SortOptions(
        args.to.absolute(),
        mode=Mode.MOVE if args.move else Mode.LINK if args.link else Mode.COPY,
        template=args.template,
        folders=folders,
        order=tuple(name.strip() for name in args.order.split(",") if name.strip()),
        unsure_folder=None if args.unsure == LEAVE else args.unsure,
        rejected_folder=None if args.rejected == LEAVE else args.rejected,
        companions=not args.no_companions,
    )


def _print_plan(plan: SortPlan, *, every_name: bool) -> None:
    rows = [(name or ".", str(number)) for name, number in sorted(plan.counts().items())]
    if rows:
        console.print_table([("Folder", "Photos"), *rows], sys.stdout)
    if every_name:
        for item in plan.items:
            for planned in item.files():
                print(escaped(f"{planned.source} -> {planned.target.relative_to(plan.destination)}"))
    left = (skipped.reason for skipped in plan.skipped if skipped not in plan.problems)  # those are listed at the end
    for reason, number in Counter(left).items():
        print(f"{console.count(number, 'photo')} left out: {reason}")
