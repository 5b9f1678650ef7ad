"""`roomnet sort`: copy every photo into the folder of its room."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roomnet_core.cli import console

if TYPE_CHECKING:
    from roomnet_core.sorting.plan import SortPlan

_EPILOG = """\
Photos that the model is unsure of go into the folder Unsure. Nothing is overwritten: a second photo of one name
becomes `name (2)`. Sorting again copies only what is new.

exit status: 0 all well, 1 some files failed, 2 the request could not be carried out
"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "sort",
        help="copy photos into one folder a room; the originals stay as they are",
        description="Classify the photos in FOLDER and copy each into the folder of its room below DEST.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    console.add_photo_options(parser, "a folder of photos, or one photo")
    parser.add_argument("--to", type=Path, required=True, metavar="DEST", help="where the room folders go")
    parser.add_argument("--skip-unsure", action="store_true", help="leave out what the model is unsure of")
    parser.add_argument("--dry-run", action="store_true", help="only show what would be copied where")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Classify, plan and copy; returns the exit status."""
    from roomnet_core.cli.pipeline import problems_of, run_model
    from roomnet_core.inference.model_file import find_model
    from roomnet_core.sorting.execute import check, execute
    from roomnet_core.sorting.plan import SortOptions, make_plan

    source, destination = args.folder.resolve(), args.to.resolve()
    # What was sorted into a folder inside the source is not sorted again.
    exclude = [destination] if source != destination and destination.is_relative_to(source) else []
    document = run_model(args, find_model(args.model), exclude=exclude)
    options = SortOptions(args.to.absolute(), **({"unsure_folder": None} if args.skip_unsure else {}))
    plan = make_plan((photo for photo in document if photo.room_id is not None), document.rooms, options)
    check(plan)
    _print_plan(plan)
    status = console.OK
    if args.dry_run:
        print(f"Dry run: nothing was copied. {console.count(len(plan.items), 'photo')} would go to {args.to}.")
    elif plan.items:
        try:
            with console.ProgressBar("Copying") as bar:
                report = execute(plan, progress=bar.show)
        except KeyboardInterrupt:
            print("The copies made so far are complete and stay; sorting again makes the rest.", file=sys.stderr)
            raise
        print(f"Copied {console.count(len(report.copied), 'photo')} to {args.to}.")
        not_copied = [*report.failed, *report.skipped[len(plan.skipped) :]]
        for failure in not_copied:
            print(f"not copied: {failure.file.relative}: {failure.reason}", file=sys.stderr)
        status = console.SOME_FAILED if not_copied else console.OK
    else:
        print("There is nothing to copy.")
    return max(status, console.report_problems(problems_of(document)))


def _print_plan(plan: SortPlan) -> None:
    rows = [(name, str(number)) for name, number in sorted(plan.counts().items())]
    if rows:
        console.print_table([("Folder", "Photos"), *rows], sys.stdout)
    for reason, number in Counter(skipped.reason for skipped in plan.skipped).items():
        print(f"{console.count(number, 'photo')} left out: {reason}")
