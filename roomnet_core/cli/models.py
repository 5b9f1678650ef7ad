"""`roomnet models`: which models are installed."""

from __future__ import annotations

import argparse
from typing import Any

from roomnet_core.cli import console


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "models", help="list the installed models", description="List the shipped models and your own."
    )
    console.add_json_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List the models; returns the exit status."""
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
