"""`roomnet evaluate`: how good a model is on photos in folders named after their rooms."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from roomnet_core.cli import console
from roomnet_core.errors import UsageError

if TYPE_CHECKING:
    from roomnet_core.photos.photo_file import PhotoFile, Problem
    from roomnet_core.rooms import RoomSet

OTHER = "_other"

_EPILOG = """\
FOLDER has one subfolder a room, named after it in small or capital letters: Kitchen, bathroom, ... A subfolder _other
holds photos of none of the rooms; of those, the share that the model is unsure of is reported.

exit status: 0 all well, 1 some files could not be read, 2 the request could not be carried out
"""


def add_parser(subparsers: Any) -> None:
    parser = subparsers.add_parser(
        "evaluate",
        help="measure a model on labelled photos",
        description="Measure a model: accuracy, precision and recall of each room, calibration, confusion matrix.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    console.add_photo_options(parser, "a folder with one subfolder a room")
    console.add_json_option(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Classify the labelled photos and report; returns the exit status."""
    import numpy as np

    from roomnet_core.cli.pipeline import problems_of, run_model
    from roomnet_core.export.json import problem_entries
    from roomnet_core.inference.model_file import find_model
    from roomnet_core.training.evaluation import evaluate_predictions

    console.check_json_target(args.json)
    model = find_model(args.model)
    labels = class_folders(args.folder, model.rooms)

    def labelled(item: PhotoFile | Problem) -> bool:
        return _class_folder(item) in labels

    document = run_model(args, model, wanted=labelled)
    photos = [(labels[_class_folder(photo.file)], photo.prediction) for photo in document if photo.prediction]
    if not photos:
        raise UsageError(f"The class folders in {args.folder} hold no readable photo.")
    known = [(label, prediction) for label, prediction in photos if label is not None]
    others = [prediction for label, prediction in photos if label is None]
    report = evaluate_predictions(
        np.array([label for label, _ in known], dtype=np.int64),
        np.array([prediction.probabilities for _, prediction in known]),
        np.array([prediction.unsure for _, prediction in known], dtype=bool),
        model.rooms.names,
    )
    result = {
        "schema": 1,
        "model": model.name,
        **report.to_json(),
        "other": {"photos": len(others), "unsure": sum(prediction.unsure for prediction in others)},
        "problems": problem_entries(problems_of(document)),
    }
    _print(result, model.rooms.names, console.text_stream(args.json))
    if args.json is not None:
        console.write_json(args.json, result)
    return console.report_problems(problems_of(document))


def class_folders(folder: Path, rooms: RoomSet) -> dict[str, int | None]:
    """The room id of each class folder in `folder`, None for `_other`. Hidden folders are left out.

    Raises:
        UsageError: there is no such folder, none in it is a class, or one is named after no room.
    """
    try:
        names = sorted(entry.name for entry in folder.iterdir() if entry.is_dir() and not entry.name.startswith("."))
    except OSError as error:
        raise UsageError(f"{folder} cannot be opened: {error.strerror or error}.") from error
    ids = {text.casefold(): room.id for room in rooms for text in (room.folder, room.name)}
    ids_or_other: dict[str, int | None] = {**ids, OTHER: None}
    known = f"{', '.join(rooms.names)}, or {OTHER} for photos of none of them"
    unknown = [name for name in names if name.casefold() not in ids_or_other]
    if unknown:
        raise UsageError(f"{folder / unknown[0]} is named after no room of the model. Rename it to one of: {known}.")
    if not names:
        raise UsageError(f"{folder} has no class folders. It needs a subfolder a room, named: {known}.")
    return {name: ids_or_other[name.casefold()] for name in names}


def _class_folder(item: PhotoFile | Problem) -> str:
    return item.relative.split("/")[0]


def _print(result: dict[str, Any], names: Sequence[str], output: TextIO) -> None:
    print(f"Model {result['model']} on {console.count(result['photos'], 'photo')} of its rooms", file=output)
    print(f"  accuracy           {result['accuracy']:7.1%}", file=output)
    print(f"  macro recall       {result['macro_recall']:7.1%}", file=output)
    print(f"  calibration error  {result['ece']:7.1%}", file=output)
    print(f"  sure of            {result['coverage']:7.1%}", file=output)
    print(f"  right among those  {result['accepted_accuracy']:7.1%}", file=output)
    other = result["other"]
    if other["photos"]:
        print(f"Photos of no room: {other['unsure']} of {other['photos']} marked unsure", file=output)
    rows = [("Room", "precision", "recall", "F1", "photos")]
    for name, entry in result["per_class"].items():
        figures = (f"{entry[key]:.1%}" for key in ("precision", "recall", "f1"))
        rows.append((name, *figures, str(entry["support"])))
    print(file=output)
    console.print_table(rows, output)
    print("\nRows: what the photos show. Columns: what the model called them.", file=output)
    matrix = [[name, *map(str, row)] for name, row in zip(names, result["confusion"], strict=True)]
    console.print_table([["", *names], *matrix], output)
