"""`roomnet import-checkpoint`: a model folder from a checkpoint of the original RoomNet."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from roomnet_core.cli import console

_EPILOG = """\
examples:
  roomnet import-checkpoint final_model/model --out classic  make a model folder
  roomnet classify Photos --model classic                    and use it
"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "import-checkpoint",
        help="make a model of a checkpoint of the original RoomNet",
        description="Make a model folder of a TensorFlow 1 checkpoint of the original RoomNet.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("prefix", type=Path, metavar="PREFIX", help="the checkpoint's path without .index or .data-...")
    parser.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="the new model folder")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Import; returns the exit status."""
    prefix = args.prefix.with_suffix("") if args.prefix.suffix == ".index" else args.prefix
    with console.native_libraries_quiet():
        from roomnet_core.network.checkpoint import import_checkpoint

        card = import_checkpoint(prefix, args.out)
    print(f"Wrote {args.out}: {card.parameters:,} parameters, {', '.join(card.rooms.names)}")
    print(f"Use it with: roomnet classify FOLDER --model {args.out}")
    return console.OK
