"""`roomnet batch`: millions of photos, in folders or in object storage, on all cores or on a Ray cluster."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from roomnet_core.cli import console
from roomnet_core.errors import UsageError

if TYPE_CHECKING:
    from roomnet_core.batch.run import Outcome
    from roomnet_core.rooms import RoomSet

_EPILOG = """\
examples:
  roomnet batch Photos Rooms                                      all cores of this machine
  roomnet batch s3://bucket/photos s3://bucket/rooms --resume     go on where it was cut off, or begin
  roomnet batch "Photos/**/*.jpg" Rooms --model roomnet-compact
  roomnet batch photos.parquet s3://bucket/rooms --column url --address ray://head:10001

OUTPUT becomes a Parquet data set, a file for each shard of the photos; it must be empty, or hold the batch to resume.
exit status: 0 all well, 1 some photos could not be read, 2 the request could not be carried out
"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "batch",
        help="classify millions of photos, on all cores or a Ray cluster (needs the extra cluster)",
        description="Tell the room of every photo of INPUT and write the results to OUTPUT as a Parquet data set. The "
        "photos are only read.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "input",
        metavar="INPUT",
        help="a folder, a glob, a prefix (s3://, gs://, http(s)://, file://), or a list of URIs (.parquet, .csv, .txt)",
    )
    parser.add_argument("output", metavar="OUTPUT", help="a folder that every machine sees, or a place in s3:// or gs://")
    parser.add_argument("--column", metavar="NAME", help="the column of a list that holds the URIs (default: uri)")
    console.add_model_options(parser)
    parser.add_argument(
        "--address",
        default="auto",
        metavar="WHERE",
        help="auto: the running Ray cluster, else this machine; local: this machine; or ray://HOST:PORT, HOST:PORT",
    )
    parser.add_argument(
        "--shards", type=_whole(1), default=0, metavar="N", help="cut the photos into N parts (default: of 100 to 1000)"
    )
    parser.add_argument("--resume", action="store_true", help="go on with the batch in OUTPUT, or begin one")
    parser.add_argument(
        "--retries", type=_whole(0), default=4, metavar="N", help="ask storage again so often for a file (default: 4)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the batch and print what came of it; returns the exit status."""
    from roomnet_core.inference.model_file import find_model

    try:
        from roomnet_core.batch.run import Request, connected, native_remarks_dropped, run_batch
        from roomnet_core.batch.work import pack_model
    except ImportError as error:
        raise UsageError(
            f"`roomnet batch` needs Ray and PyArrow ({error}). Install them: pip install 'roomnet[cluster]'"
        ) from error
    model = find_model(args.model)
    request = Request(
        args.input,
        args.output,
        model.card,
        model.key(args.min_confidence).key,
        args.column,
        args.engine,
        args.min_confidence,
        args.shards,
        args.retries,
        args.resume,
    )
    content = pack_model(model)
    with native_remarks_dropped(), connected(args.address), console.ProgressBar("Classifying") as bar:
        outcome = run_batch(request, content, bar.show)
    _print_summary(outcome, model.rooms)
    return _report(outcome, args.output)


def _print_summary(outcome: Outcome, rooms: RoomSet) -> None:
    total = outcome.total
    rows = [("Room", "Photos", "Unsure")]
    for room in rooms.in_listing_order():
        rows.append((room.english, str(total.rooms[room.name]), str(total.unsure_rooms[room.name] or "")))
    rows.append(("Total", str(total.photos - total.problems), str(total.unsure_rooms.total() or "")))
    console.print_table(rows, sys.stdout)
    rate = outcome.photos_now / max(outcome.seconds, 1e-6)
    print(
        f"\n{console.count(outcome.photos_now, 'photo')} in {outcome.seconds:,.1f} s ({rate:,.1f} a second), "
        f"{console.count(total.problems, 'problem')} in all {total.photos:,}"
    )


def _report(outcome: Outcome, output: str) -> int:
    from roomnet_core.photos.problems import escaped

    total = outcome.total
    if total.problems:
        print(f"\n{console.count(total.problems, 'file')} could not be read:", file=sys.stderr)
        for uri, message in total.examples:
            print(f"  {escaped(uri)}: {message}", file=sys.stderr)
        if (more := total.problems - len(total.examples)) > 0:
            print(f"  and {more:,} more: the rows of {output} with a problem", file=sys.stderr)
    if outcome.unfinished:
        why = f" ({outcome.reason})" if outcome.reason else ""
        print(
            f"\n{console.count(outcome.unfinished, 'shard')} could not be finished{why}. Run the same command with "
            "--resume to try again.",
            file=sys.stderr,
        )
    return console.SOME_FAILED if total.problems or outcome.unfinished else console.OK


def _whole(least: int) -> Any:
    def number(text: str) -> int:
        if not text.isdecimal() or int(text) < least:
            raise argparse.ArgumentTypeError(f"must be a whole number from {least}. Received: {text}")
        return int(text)

    return number
