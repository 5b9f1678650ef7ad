"""`roomnet export`: what is known of the photos, for people and programs, and on or in the photos themselves."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from roomnet_core.cli import console
from roomnet_core.errors import UsageError
from roomnet_core.photos.problems import escaped

if TYPE_CHECKING:
    from roomnet_core.export.overlay import NotExported
    from roomnet_core.session.document import SessionDocument
    from roomnet_core.sorting.journal import Journal

_DEFAULT_EXCEL, _DEFAULT_CSV = "rooms.xlsx", "rooms.csv"

_EPILOG = """\
examples:
  roomnet export Photos --excel                     rooms.xlsx, or rooms (2).xlsx ..., with thumbnails and a chart
  roomnet export Photos --csv rooms.csv --bom       for Excel, which knows UTF-8 only by that mark
  roomnet export Photos --json - | jq .photos       for another program; docs/export.schema.json describes it
  roomnet export Photos --overlay Labelled          copies with the room written on them
  roomnet export Photos --xmp                       the room as a keyword for Lightroom and Bridge; `roomnet undo` takes
                                                    it back

Rooms that you chose in the window are in it. An export replaces an earlier export of that name, and no other file.
exit status: 0 all well, 1 some files failed, 2 the request could not be carried out
"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "export",
        help="list the photos in a file, label copies of them, or write the rooms into them as keywords",
        description="Export what is known of the photos in FOLDER. Photos that are new are classified first.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    console.add_photo_options(parser, "a folder of photos, or one photo")
    console.add_catalog_option(parser)
    parser.add_argument(
        "--excel", nargs="?", const="", metavar="FILE", help=f"write an Excel file with thumbnails ({_DEFAULT_EXCEL})"
    )
    parser.add_argument("--csv", nargs="?", const="", metavar="FILE", help=f"write a CSV file ({_DEFAULT_CSV})")
    parser.add_argument("--bom", action="store_true", help="begin the CSV file with Excel's mark of UTF-8")
    console.add_json_option(parser)
    parser.add_argument(
        "--full-paths",
        action="store_true",
        help="in the lists, say where a sort has put a photo with its whole path (default: from the destination on, so "
        "that a list that is passed on does not tell your user name)",
    )
    parser.add_argument(
        "--overlay", type=Path, metavar="DIR", help="write copies into DIR with the room and the confidence on them"
    )
    parser.add_argument(
        "--xmp",
        action="store_true",
        help="write the room into the JPEG files themselves as a keyword; the pictures stay byte for byte",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Classify what is new and export; returns the exit status."""
    if args.excel is args.csv is args.json is args.overlay is None and not args.xmp:
        raise UsageError("Say what to export: --excel, --csv, --json, --overlay DIR or --xmp.")
    if args.bom and args.csv is None:
        raise UsageError("--bom belongs to --csv.")
    from roomnet_core.cli.catalog import open_catalog
    from roomnet_core.cli.pipeline import ThumbnailStore, problems_of, run_model
    from roomnet_core.export import csv, excel, json, overlay
    from roomnet_core.inference.model_file import find_model
    from roomnet_core.photos.thumbnail_cache import ThumbnailCache
    from roomnet_core.sorting.journal import Journal
    from roomnet_core.sorting.places import sorted_places, without_home

    excel_path = console.output_path(args.excel, _DEFAULT_EXCEL)
    csv_path = console.output_path(args.csv, _DEFAULT_CSV)
    if excel_path is not None:
        excel.check_target(excel_path)
    if csv_path is not None:
        csv.check_target(csv_path)
    console.check_json_target(args.json)
    if args.overlay is not None:
        overlay.check_folder(args.overlay)

    output = console.text_stream(args.json)
    model = find_model(args.model)
    with (
        Journal.open() as journal,
        open_catalog(not args.no_catalog) as catalog,
        closing(ThumbnailCache.open()) as cache,
    ):
        # Labelled copies of an earlier export, inside the folder, are not photos to export.
        exclude = [] if args.overlay is None or _same(args.overlay, args.folder) else [args.overlay]
        store = ThumbnailStore(excel.THUMBNAIL_WIDTH, cache) if excel_path is not None else None
        document = run_model(args, model, catalog=catalog, thumbnails=store, exclude=exclude)
        photos = list(document)
        places = sorted_places(journal, photos)
        if not args.full_paths:
            places = without_home(places)
        if excel_path is not None and store is not None:
            with console.ProgressBar("Writing Excel") as bar:
                excel.write_excel(
                    excel_path, photos, document.rooms, model=model.name, thumbnail=store.get, places=places,
                    progress=bar.show,
                )  # fmt: skip
            print(f"Wrote {excel_path}", file=output)
        if csv_path is not None:
            csv.write_csv(csv_path, photos, document.rooms, places=places, bom=args.bom)
            print(f"Wrote {csv_path}", file=output)
        if args.json is not None:
            listed = json.classification_document(photos, document.rooms, model=model.name, places=places)
            console.write_json(args.json, listed)
            if args.json != console.STDOUT:
                print(f"Wrote {args.json}", file=output)
        status = console.OK
        if args.overlay is not None:
            status = _overlay(args, document, output)
        if args.xmp and status != console.INTERRUPTED:
            status = max(status, _embed(args, document, journal, output))
    return max(status, console.report_problems(problems_of(document)))


def _overlay(args: argparse.Namespace, document: SessionDocument, output: TextIO) -> int:
    from roomnet_core.export.overlay import write_overlays

    with console.ProgressBar("Labelling") as bar, console.interruptible() as cancelled:
        report = write_overlays(list(document), document.rooms, args.overlay, progress=bar.show, cancelled=cancelled)
    print(f"Labelled {console.count(len(report.written), 'photo')} in {args.overlay}", file=output)
    for photo in report.bare:
        print(f"without its metadata, which is damaged: {escaped(photo.file.relative)}", file=sys.stderr)
    return _told(report.failed, "not labelled", cancelled=report.cancelled)


def _embed(args: argparse.Namespace, document: SessionDocument, journal: Journal, output: TextIO) -> int:
    from roomnet_core.export.embed import embed

    with console.ProgressBar("Writing keywords") as bar, console.interruptible() as cancelled:
        report = embed(
            list(document), document.rooms, journal, args.folder.absolute(), progress=bar.show, cancelled=cancelled
        )
    document.relocate(report.files)
    print(f"Wrote keywords into {console.count(len(report.files), 'photo')}", end="", file=output)
    print(f" and {console.count(len(report.sidecars), 'sidecar')}" if report.sidecars else "", end="", file=output)
    print(f"; `roomnet undo {report.run_id}` takes that back." if report.run_id is not None else ".", file=output)
    if report.unchanged:
        print(f"{console.count(report.unchanged, 'photo')} had theirs already.", file=output)
    for entry in report.left_out:
        if entry.photo.problem is None:  # those are told at the end
            print(f"no keyword: {escaped(entry.photo.file.relative)}: {entry.reason}", file=output)
    for note in report.notes:
        print(note, file=sys.stderr)
    status = _told(report.failed, "not changed", cancelled=report.cancelled)
    return max(status, console.SOME_FAILED if report.notes else console.OK)


def _told(failed: Sequence[NotExported], what: str, *, cancelled: bool) -> int:
    for entry in failed:
        print(f"{what}: {escaped(entry.photo.file.relative)}: {entry.reason}", file=sys.stderr)
    if cancelled:
        print("Interrupted: what was done is whole and stays.", file=sys.stderr)
        return console.INTERRUPTED
    return console.SOME_FAILED if failed else console.OK


def _same(one: Path, other: Path) -> bool:
    return one.resolve() == other.resolve()
