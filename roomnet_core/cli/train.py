"""`roomnet train`: a model of your own from labelled photos, in a process of its own that can be resumed."""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roomnet_core.cli import console
from roomnet_core.errors import UsageError

if TYPE_CHECKING:
    from roomnet_core.training.examination import Examination
    from roomnet_core.training.plan import TrainingPlan
    from roomnet_core.training.process import RunInfo, TrainingProcess

_POLL_SECONDS = 0.1
# A little more than a worker takes to end whose parent was killed.
_ENDING_SECONDS = 6.0
_MOST_LISTED = 12

_EPILOG = """\
DATA is a folder with one subfolder of photos for each class, named after it; photos in a folder below that belong to
one listing, and a listing is never split. A subfolder _other holds photos of none of the classes. Nothing is written
into DATA.

recipes:
  quick     a new last layer on the network of the model in use: about a minute for 1,000 photos
  standard  the whole network, from what it knows already: minutes to half an hour for 1,000 photos
  classic   the original RoomNet from scratch: thousands of photos, and hours

Ctrl-C leaves the training for later; the same command with --resume goes on. DATA may also be a manifest in CSV with
the columns file, room, source, group and split, for the recipes large, classic and author.

examples:
  roomnet train Labelled --out my-rooms                      check the photos and train
  roomnet train Labelled --out my-rooms --recipe standard    take longer, for a better model
  roomnet train --reviewed --out my-rooms                    learn from what you corrected in the window
  roomnet train Labelled --out my-rooms --resume             go on after Ctrl-C or a crash
"""


def add_parser(subparsers: Any) -> None:
    """Add the `train` subcommand. Nothing heavy is imported until it runs."""
    from roomnet_core.training.options import OPTIONS

    parser = subparsers.add_parser(
        "train",
        help="train a model on your own labelled photos",
        description="Check labelled photos, train a model on them, and compare it with the model in use.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("data", type=Path, nargs="?", metavar="DATA", help="folder of class folders, or manifest.csv")
    parser.add_argument("--out", required=True, metavar="NAME", help="name of the new model")
    parser.add_argument("--recipe", default=None, help="quick (default), standard or classic")
    parser.add_argument("--reviewed", action="store_true", help="train on what you said of photos in the window, too")
    parser.add_argument("--model", metavar="NAME", help="the model in use, to compare with and to start from")
    parser.add_argument("--resume", action="store_true", help="go on with the training of that name")
    parser.add_argument("--check", action="store_true", help="only check the photos")
    parser.add_argument("--leave-out-disputed", action="store_true", help="leave out photos whose label looks wrong")
    parser.add_argument("--replace", action="store_true", help="replace a model of that name")
    parser.add_argument("--json", action="store_true", help="write what happens as JSON lines on standard output")
    advanced = parser.add_argument_group("advanced")
    for option in OPTIONS:
        kind = {"int": int, "float": float}.get(option.kind, str)
        defaults = ", ".join(f"{recipe} {value}" for recipe, value in option.defaults.items())
        text = f"{option.meaning} Default: {defaults}.".replace("%", "%%")
        choices = option.choices or None
        advanced.add_argument(
            f"--{option.name.replace('_', '-')}",
            dest=option.name,
            type=kind,
            choices=choices,
            metavar=None if choices else "N",
            help=text,
        )
    manifest = parser.add_argument_group("with a manifest")
    manifest.add_argument("--classes", metavar="NAMES", help="class names in output order, separated by commas")
    manifest.add_argument(
        "--labels", type=Path, action="append", default=[], metavar="CSV", help="more labels for a manifest's photos"
    )
    manifest.add_argument(
        "--corrections", type=Path, action="append", default=[], metavar="CSV", help="labels that replace a manifest's"
    )
    manifest.add_argument("--sources", type=Path, metavar="CSV", help="terms of the photos: columns source, terms")
    manifest.add_argument("--licence", default="", help="the licence that the card names")
    manifest.add_argument("--work", type=Path, metavar="FOLDER", help="where checkpoints are kept")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Train; returns the exit status."""
    if args.data is not None and not args.data.is_dir() and not args.resume:
        from roomnet_core.training import command

        return command.run(args)
    from roomnet_core.training.process import TrainingProcess

    if args.resume:
        found = _find_begun(args.out)
        with _quit_on_interrupt() as interrupted:
            return _follow(TrainingProcess.resume(found), args, interrupted)
    plan = _plan(args)
    if plan is None:
        return console.OK
    with _quit_on_interrupt() as interrupted:
        return _follow(TrainingProcess.start(plan), args, interrupted)


def _find_begun(name: str) -> RunInfo:
    """The run of that name. One that was killed a moment ago is waited for: its worker ends itself."""
    from roomnet_core.training.process import begun_runs

    deadline = time.monotonic() + _ENDING_SECONDS
    while True:
        found = next((run for run in begun_runs() if run.name == name), None)
        if found is None:
            raise UsageError(f"There is no training of {name} to go on with.")
        if not found.running:
            return found
        if time.monotonic() > deadline:
            raise UsageError(f"The training of {name} is running in another window or command of RoomNet.")
        time.sleep(_POLL_SECONDS)


def _plan(args: argparse.Namespace) -> TrainingPlan | None:
    """Check the photos, tell what was found, and plan the run; None where only the check was wanted."""
    from roomnet_core.errors import TrainingError
    from roomnet_core.inference.engine import open_engine
    from roomnet_core.inference.model_file import find_model
    from roomnet_core.models.store import ModelStore
    from roomnet_core.session.store import Catalog
    from roomnet_core.training.examination import DISPUTED, examine
    from roomnet_core.training.options import OPTIONS, QUICK
    from roomnet_core.training.plan import make_plan
    from roomnet_core.training.sources import Source, corrections_source

    if args.data is None and not args.reviewed:
        raise UsageError("Give a folder of labelled photos, or --reviewed.")
    if problem := ModelStore().check_name(args.out, taken_is_fine=args.replace):
        raise UsageError(problem)
    model = find_model(args.model)
    source = Source(args.data)
    if args.reviewed:
        catalog = Catalog.open()
        try:
            source = corrections_source(catalog, model, args.data)
        finally:
            catalog.close()
    with console.native_libraries_quiet(), closing(open_engine(model, "litert")):
        pass  # the runtime remarks on itself once, when it is first used
    with console.ProgressBar("Checking") as bar, console.interruptible() as cancelled:
        examination = examine(source, model=model, progress=bar.show, cancelled=cancelled)
    if examination.cancelled:
        raise KeyboardInterrupt
    if args.leave_out_disputed:
        disputed = [path for item in examination.findings if item.kind == DISPUTED for path in item.paths]
        examination = examination.without(disputed)
    _tell_examination(examination, args)
    if examination.blocking:
        raise TrainingError(" ".join(examination.blocking))
    if args.check:
        return None
    chosen = {option.name: value for option in OPTIONS if (value := getattr(args, option.name)) is not None}
    return make_plan(
        examination,
        name=args.out,
        recipe=args.recipe or QUICK,
        model=model,
        options=chosen,
        replace_model=args.replace,
    )


def _tell_examination(examination: Examination, args: argparse.Namespace) -> None:
    if args.json:
        findings = [
            {"kind": f.kind, "text": f.text, "paths": [str(path) for path in f.paths], "suggested": f.suggested}
            for f in examination.findings
        ]
        _print_line({"event": "examined", "counts": examination.counts(), "findings": findings})
        return
    if examination.photos:
        console.print_table([("Class", "Photos"), *((n, str(c)) for n, c in examination.counts().items())], sys.stdout)
    for finding in examination.findings[:_MOST_LISTED]:
        print(f"note: {finding.text}", file=sys.stderr)
    if len(examination.findings) > _MOST_LISTED:
        print(f"note: and {len(examination.findings) - _MOST_LISTED} more like these.", file=sys.stderr)


def _follow(process: TrainingProcess, args: argparse.Namespace, interrupted: threading.Event) -> int:
    """Show what the worker does until it ends; returns the exit status."""
    from roomnet_core.cli.training_screen import TrainingScreen

    told, status = False, console.SOME_FAILED
    screen = TrainingScreen()
    while process.running:
        for event in process.poll():
            if args.json:
                _print_line(event)
            else:
                screen.show(event)
            if event["event"] == "done":
                status = console.OK
            elif event["event"] == "failed":
                status = console.BAD_USE
            elif event["event"] == "stopped":
                status = console.INTERRUPTED
        if interrupted.is_set() and not told:
            told = True
            process.send("quit")
        time.sleep(_POLL_SECONDS)
    return status


@contextmanager
def _quit_on_interrupt() -> Iterator[threading.Event]:
    """Ctrl-C leaves the run for later."""
    asked = threading.Event()
    if threading.current_thread() is not threading.main_thread():
        yield asked
        return
    before = signal.signal(signal.SIGINT, lambda *_: asked.set())
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)


def _print_line(document: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(document) + "\n")
    sys.stdout.flush()
