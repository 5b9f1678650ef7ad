"""`roomnet models`: the installed models; import, export, rename and remove your own."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from roomnet_core.cli import console
from roomnet_core.errors import UsageError

_EPILOG = """\
A model from elsewhere is a program, so it is checked before it is taken in: nothing but its three files is unpacked,
their hashes must fit, and the network may only compute. A removed model goes to the trash.

examples:
  roomnet models                                        the shipped models and your own
  roomnet models export my-rooms my-rooms.roomnet       one file, to give to somebody
  roomnet models import my-rooms.roomnet --name portal  take it in, here under another name
  roomnet models rename portal listings
  roomnet models remove listings
"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "models",
        help="list the installed models; import, export, rename and remove your own",
        description="List the shipped models and your own.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    console.add_json_option(parser)
    actions = parser.add_subparsers(metavar="ACTION", dest="action")
    actions.add_parser("list", help="list them (this is the default)")
    adding = actions.add_parser("import", help="take in a model from a file")
    adding.add_argument("file", type=Path, metavar="FILE")
    adding.add_argument("--name", help="another name for it")
    giving = actions.add_parser("export", help="write one of them into a file")
    giving.add_argument("name", metavar="NAME")
    giving.add_argument("file", type=Path, metavar="FILE")
    giving.add_argument("--replace", action="store_true", help="replace a file of that name")
    renaming = actions.add_parser("rename", help="give one of your own another name")
    renaming.add_argument("name", metavar="NAME")
    renaming.add_argument("new_name", metavar="NEW")
    removing = actions.add_parser("remove", help="put one of your own into the trash")
    removing.add_argument("name", metavar="NAME")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List the models, or do what was asked with one; returns the exit status."""
    from roomnet_core.inference.model_file import find_model
    from roomnet_core.models.store import SUFFIX, ModelStore

    if args.action in (None, "list"):
        return _list(args)
    store = ModelStore()
    if args.action == "import":
        model = store.import_file(args.file, args.name)
        print(f"Took in {model.name}: {', '.join(model.rooms.names)}")
        return console.OK
    model = find_model(args.name)
    if args.action == "export":
        path = args.file if args.file.suffix else args.file.with_suffix(SUFFIX)
        if path.exists() and not args.replace:
            raise UsageError(f"There is a file {path} already. Choose another name, or give --replace.")
        print(f"Wrote {store.export_file(model, path)}")
    elif args.action == "rename":
        print(f"{model.name} is called {store.rename(model, args.new_name).name} now.")
    else:
        store.remove(model)
        print(f"{model.name} is in the trash.")
    return console.OK


def _list(args: argparse.Namespace) -> int:
    from roomnet_core.inference.model_file import list_models

    console.check_json_target(args.json)
    models = list_models()
    output = console.text_stream(args.json)
    if not models:
        print("No model is installed. Train one: roomnet train FOLDER --out NAME", file=output)
    for model in models:
        card = model.card
        sizes = ", ".join(f"{name} {entry['bytes'] / 1e6:.2f} MB" for name, entry in card.files.items())
        print(f"{model.name}{' (default)' if model.is_default else ''}", file=output)
        print(f"    {card.parameters:,} parameters; {sizes}", file=output)
        print(f"    {', '.join(model.rooms.names)}", file=output)
        if card.description:
            print(f"    {card.description}", file=output)
    if args.json is not None:
        entries = [
            {
                "name": model.name,
                "folder": str(model.folder),
                "files": {name: entry["bytes"] for name, entry in model.card.files.items()},
                "parameters": model.card.parameters,
                "classes": list(model.rooms.names),
                "default": model.is_default,
            }
            for model in models
        ]
        console.write_json(args.json, {"schema": 1, "models": entries})
    return console.OK
