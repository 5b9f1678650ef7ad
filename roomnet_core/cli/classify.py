"""`roomnet classify`: the room of every photo in a folder, as a table, Excel, CSV or JSON."""

from __future__ import annotations

import argparse
from contextlib import closing
from typing import TYPE_CHECKING, Any, TextIO

from roomnet_core.cli import console

if TYPE_CHECKING:
    from roomnet_core.session.document import SessionDocument

# An option without a file name takes these names in the working folder, or `rooms (2).xlsx` where they are taken.
_DEFAULT_EXCEL, _DEFAULT_CSV = "rooms.xlsx", "rooms.csv"

_EPILOG = """\
examples:
  roomnet classify Photos                            a table of rooms
  roomnet classify Photos --excel                    and an Excel file, rooms.xlsx or rooms (2).xlsx ...
  roomnet classify Photos --json - | jq .photos      for another program
  roomnet classify Photos --min-confidence 0.9       be strict about what counts as sure

An export replaces an earlier export of that name, and no other file.
exit status: 0 all well, 1 some files could not be read, 2 the request could not be carried out
"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "classify",
        help="tell the room of every photo in a folder",
        description="Tell the room of every photo in FOLDER and its subfolders. The photos are only read. Photos that "
        "were seen before are not classified again, and corrections made in the window count.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    console.add_photo_options(parser, "a folder of photos, or one photo")
    console.add_catalog_option(parser)
    parser.add_argument(
        "--excel", nargs="?", const="", metavar="FILE", help=f"write an Excel file with thumbnails ({_DEFAULT_EXCEL})"
    )
    parser.add_argument("--csv", nargs="?", const="", metavar="FILE", help=f"write a CSV file ({_DEFAULT_CSV})")
    console.add_json_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Classify and export; returns the exit status."""
    from roomnet_core.cli.catalog import open_catalog
    from roomnet_core.cli.pipeline import ThumbnailStore, problems_of, run_model
    from roomnet_core.export import csv, json
    from roomnet_core.inference.model_file import find_model
    from roomnet_core.photos.thumbnail_cache import ThumbnailCache

    excel_path = console.output_path(args.excel, _DEFAULT_EXCEL)
    csv_path = console.output_path(args.csv, _DEFAULT_CSV)
    if excel_path is not None:
        from roomnet_core.export import excel  # 0.05 s, and often not asked for

        excel.check_target(excel_path)
    if csv_path is not None:
        csv.check_target(csv_path)
    console.check_json_target(args.json)

    model = find_model(args.model)
    with open_catalog(not args.no_catalog) as catalog, closing(ThumbnailCache.open()) as cache:
        thumbnails = ThumbnailStore(excel.THUMBNAIL_WIDTH, cache) if excel_path is not None else None
        document = run_model(args, model, catalog=catalog, thumbnails=thumbnails)
        photos = list(document)
        output = console.text_stream(args.json)
        _print_rooms(document, output)
        if excel_path is not None and thumbnails is not None:
            with console.ProgressBar("Writing Excel") as bar:
                excel.write_excel(
                    excel_path, photos, document.rooms, model=model.name, thumbnail=thumbnails.get, progress=bar.show
                )
            print(f"Wrote {excel_path}", file=output)
    if csv_path is not None:
        csv.write_csv(csv_path, photos, document.rooms)
        print(f"Wrote {csv_path}", file=output)
    if args.json is not None:
        console.write_json(args.json, json.classification_document(photos, document.rooms, model=model.name))
        if args.json != console.STDOUT:
            print(f"Wrote {args.json}", file=output)
    return console.report_problems(problems_of(document))


def _print_rooms(document: SessionDocument, output: TextIO) -> None:
    summary = document.summary()
    unsure = [photo.room_id for photo in document if photo.needs_review]
    rows = [("Room", "Photos", "Unsure")]
    for room in document.rooms.in_listing_order():
        rows.append((room.english, str(summary.by_room[room.id]), str(unsure.count(room.id) or "")))
    rows.append(("Total", str(summary.photos - summary.problems), str(summary.unsure or "")))
    console.print_table(rows, output)
