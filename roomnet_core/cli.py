"""The command line: `roomnet classify | evaluate | sort | train | models | doctor | import-checkpoint`.

Nothing heavy is imported before a command needs it, so `roomnet --help` answers at once.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roomnet_core.errors import ExportError, RoomNetError, UsageError
from roomnet_core.training import command as training_command

if TYPE_CHECKING:
    from roomnet_core.inference.model_file import ModelFile
    from roomnet_core.session.document import SessionDocument

OK, SOME_FAILED, BAD_USE, INTERRUPTED = 0, 1, 2, 130

_EXAMPLES = """\
examples:
  roomnet classify Photos/                         show the rooms of a folder
  roomnet classify Photos/ --excel rooms.xlsx      and write them to an Excel file
  roomnet classify Photos/ --json -                for another program
  roomnet sort Photos/ --to Sorted/ --dry-run      show what would be copied where
  roomnet evaluate Labelled/                       how accurate the model is on your own labels
  roomnet train Labelled/ --out my-rooms           learn from your own labels

exit status: 0 all well, 1 some files failed, 2 the request could not be carried out
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # file names may hold what the terminal cannot show
            stream.reconfigure(errors="backslashreplace")
    args = build_parser().parse_args(argv)
    try:
        status = int(args.run(args))
        sys.stdout.flush()
        return status
    except RoomNetError as error:
        print(f"roomnet: {error}", file=sys.stderr)
        return BAD_USE
    except KeyboardInterrupt:
        print("roomnet: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader has gone; keep Python's own flush at exit from complaining.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return OK


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = argparse.ArgumentParser(
        prog="roomnet",
        description="Sort house photos by room. Everything happens on this computer; no photo is sent anywhere.",
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="version", version=f"roomnet {_version('roomnet')}")
    commands = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")

    classify = commands.add_parser("classify", help="tell the room of every photo in a folder")
    _add_input(classify)
    classify.add_argument("--excel", type=Path, metavar="FILE", help="write an Excel file with thumbnails")
    classify.add_argument("--csv", type=Path, metavar="FILE", help="write a CSV file")
    classify.add_argument("--json", metavar="FILE", help="write JSON; - is standard output, with nothing else on it")
    classify.set_defaults(run=_classify)

    evaluate = commands.add_parser(
        "evaluate",
        help="measure a model on labelled photos",
        description="Measure a model. The subfolders of FOLDER are named after rooms; a subfolder _other holds photos "
        "of none of them, of which the share marked unsure is reported.",
    )
    _add_input(evaluate)
    evaluate.add_argument("--json", metavar="FILE", help="write JSON; - is standard output, with nothing else on it")
    evaluate.set_defaults(run=_evaluate)

    sort = commands.add_parser("sort", help="copy photos into one folder a room; originals are never touched")
    _add_input(sort)
    sort.add_argument("--to", type=Path, required=True, metavar="DEST", help="where the room folders go")
    sort.add_argument("--dry-run", action="store_true", help="only show what would be copied")
    sort.set_defaults(run=_sort)

    training_command.add_parser(commands)

    models = commands.add_parser("models", help="list the installed models")
    models.add_argument("--json", metavar="FILE", help="write JSON; - is standard output, with nothing else on it")
    models.set_defaults(run=_models)

    doctor = commands.add_parser("doctor", help="show versions, the device found, and whether the models are intact")
    doctor.set_defaults(run=_doctor)

    checkpoint = commands.add_parser("import-checkpoint", help="make a model of an original RoomNet checkpoint")
    checkpoint.add_argument("prefix", type=Path, metavar="PREFIX", help="path of the checkpoint without its suffix")
    checkpoint.add_argument("--out", type=Path, required=True, metavar="FOLDER", help="the new model folder")
    checkpoint.set_defaults(run=_import_checkpoint)
    return parser


def _add_input(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("folder", type=Path, metavar="FOLDER", help="a folder of photos, or one photo")
    parser.add_argument("--model", metavar="NAME", help="a model's name, or a folder with graph.pb and card.json")
    parser.add_argument("--engine", choices=("auto", "tensorflow", "litert"), default="auto", help="default: auto")
    parser.add_argument(
        "--min-confidence", type=_share, metavar="P", help="mark photos below this confidence (0 to 1) as unsure"
    )


def _share(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"must be a number from 0 to 1, for example 0.8. Received: {text}")
    return value


def _classify(args: argparse.Namespace) -> int:
    from roomnet_core.export.csv import write_csv
    from roomnet_core.export.excel import write_excel
    from roomnet_core.export.json import classification_document

    for path in (args.excel, args.csv, None if args.json in (None, "-") else Path(args.json)):
        if path is not None and not path.absolute().parent.is_dir():  # before the work, not after it
            raise ExportError(f"The folder {path.absolute().parent} does not exist. Make it or choose another.")
    thumbnails: dict[int, Any] = {}
    document, model = _run_model(args, thumbnails if args.excel else None)
    photos = list(document)
    if args.excel:
        write_excel(args.excel, photos, document.rooms, model=model.name, thumbnail=lambda p: thumbnails.get(p.id))
    if args.csv:
        write_csv(args.csv, photos, document.rooms)
    if args.json:
        _write_json(args.json, classification_document(photos, document.rooms, model=model.name))
    if args.json != "-":
        _print_rooms(document)
        for path in (args.excel, args.csv, args.json):
            if path is not None:
                print(f"Wrote {path}")
    return _report_problems(document)


def _evaluate(args: argparse.Namespace) -> int:
    import numpy as np

    from roomnet_core.inference.model_file import find_model
    from roomnet_core.training.evaluation import evaluate_predictions

    rooms = find_model(args.model).rooms
    if not args.folder.is_dir():
        raise UsageError(f"There is no folder {args.folder}.")
    labels: dict[str, int | None] = {}
    for entry in sorted(args.folder.iterdir()):
        if not entry.is_dir() or entry.name.startswith("."):
            continue
        room = rooms.by_name(entry.name)
        if room is None and entry.name != "_other":
            raise UsageError(
                f"The subfolder {entry.name!r} is not a room of the model. Rename it to one of "
                f"{', '.join(rooms.names)}, or to _other for photos of none of them."
            )
        labels[entry.name] = None if room is None else room.id
    document, model = _run_model(args, None)
    truth, probabilities, unsure, other = [], [], [], []
    for photo in document:
        top = photo.file.relative.split("/")[0]
        if photo.prediction is None or top not in labels:
            continue
        label = labels[top]
        if label is None:
            other.append(photo.prediction.unsure)
        else:
            truth.append(label)
            probabilities.append(photo.prediction.probabilities)
            unsure.append(photo.prediction.unsure)
    if not truth and not other:
        raise UsageError(f"{args.folder} holds no readable photo in a subfolder named after a room.")
    report = evaluate_predictions(np.array(truth), np.array(probabilities), np.array(unsure), rooms.names)
    result = {
        "schema": 1,
        "model": model.name,
        **report.to_json(),
        "other": {"photos": len(other), "unsure": sum(other)},
        "problems": [
            {"file": photo.problem.relative, "kind": photo.problem.kind, "message": photo.problem.message}
            for photo in document
            if photo.problem is not None
        ],
    }
    if args.json:
        _write_json(args.json, result)
    if args.json != "-":
        _print_evaluation(result, rooms.names)
    return _report_problems(document)


def _sort(args: argparse.Namespace) -> int:
    from roomnet_core.sorting.execute import check, execute
    from roomnet_core.sorting.plan import SortOptions, make_plan

    document, _ = _run_model(args, None)
    plan = make_plan(document, document.rooms, SortOptions(args.to.absolute()))
    check(plan)
    for name, count in plan.counts().items():
        print(f"{name:<16}{count:>6}")
    for skipped in plan.skipped:
        print(f"left alone: {skipped.file.relative}: {skipped.reason}", file=sys.stderr)
    if args.dry_run:
        print(f"Nothing was copied (dry run). {len(plan.items)} photos would go to {args.to}.")
        return _report_problems(document)
    bar = _Bar("Copying")
    report = execute(plan, progress=bar.show)
    bar.close()
    print(f"Copied {len(report.copied)} photos to {args.to}.")
    for failure in (*report.failed, *report.skipped[len(plan.skipped) :]):
        print(f"not copied: {failure.file.relative}: {failure.reason}", file=sys.stderr)
    complete = len(report.copied) == len(plan.items)
    return max(_report_problems(document), OK if complete else SOME_FAILED)


def _models(args: argparse.Namespace) -> int:
    from roomnet_core.inference.model_file import list_models

    entries = [
        {
            "name": model.name,
            "folder": str(model.folder),
            "files": {name: entry["bytes"] for name, entry in model.card.files.items()},
            "parameters": model.card.parameters,
            "classes": list(model.rooms.names),
            "default": model.is_default,
        }
        for model in list_models()
    ]
    if args.json:
        _write_json(args.json, {"schema": 1, "models": entries})
    if args.json != "-":
        for entry in entries:
            sizes = ", ".join(f"{name} {size / 1e6:.2f} MB" for name, size in entry["files"].items())
            print(f"{entry['name']}{' (default)' if entry['default'] else ''}: {entry['parameters']:,} parameters, {sizes}")
            print(f"    {', '.join(entry['classes'])}")
        if not entries:
            print("No model is installed. Train one: roomnet train FOLDER --out NAME")
    return OK


def _doctor(args: argparse.Namespace) -> int:
    import platform

    from PIL import features

    from roomnet_core.inference import engine
    from roomnet_core.inference.model_file import model_folders
    from roomnet_core.network.card import CARD_NAME, read_card
    from roomnet_core.resources import assets_dir, data_dir

    print(f"RoomNet {_version('roomnet')}, Python {platform.python_version()}, {platform.platform()}")
    for package in ("numpy", "pillow", "pillow-heif", "openpyxl", "PySide6-Essentials", "ai-edge-litert", "tensorflow"):
        print(f"  {package:<20}{_version(package)}")
    print(f"Assets: {assets_dir()}\nKept for you: {data_dir()}")
    print(f"Cores: {engine.available_cores()}; AVIF: {'yes' if features.check('avif') else 'no'}")
    device = engine.describe_tensorflow_device() if _version("tensorflow") != "not installed" else "not installed"
    print(f"TensorFlow device: {device}")
    if device == "CPU":
        print(f"  Why no GPU: {_why_no_gpu(engine.nvidia_gpu_present())}")
    healthy = True
    for parent in model_folders():
        for card in sorted(parent.glob(f"*/{CARD_NAME}")):
            try:
                from roomnet_core.inference.model_file import ModelFile

                model = ModelFile(card.parent, read_card(card.parent))
                for name in model.card.files:
                    model.read(name)
                print(f"Model {model.name}: intact")
            except RoomNetError as error:
                healthy = False
                print(f"Model {card.parent.name}: {error}")
    return OK if healthy else SOME_FAILED


def _why_no_gpu(present: bool) -> str:
    if sys.platform == "win32":
        return "TensorFlow uses no GPU on native Windows since version 2.10. The CPU is ample for classifying."
    if sys.platform == "darwin":
        return "TensorFlow uses no GPU on a Mac without an extra plugin. The CPU is ample for classifying."
    if present:
        return "there is an NVIDIA GPU, but TensorFlow's CUDA libraries are missing: pip install 'roomnet[gpu]'"
    return "there is no NVIDIA GPU on this computer. The CPU is ample for classifying."


def _import_checkpoint(args: argparse.Namespace) -> int:
    from roomnet_core.network.checkpoint import import_checkpoint

    card = import_checkpoint(args.prefix, args.out)
    print(f"Wrote {args.out}: {card.parameters:,} parameters. Use it with: --model {args.out}")
    return OK


def _run_model(args: argparse.Namespace, thumbnails: dict[int, Any] | None) -> tuple[SessionDocument, ModelFile]:
    """Classify the folder of `args`; fills `thumbnails` by photo id where asked to. Photos are in scan order."""
    from roomnet_core.export.excel import THUMBNAIL_HEIGHT
    from roomnet_core.inference.classify import Classified, classify
    from roomnet_core.inference.engine import open_engine
    from roomnet_core.inference.model_file import find_model
    from roomnet_core.photos.scan import scan
    from roomnet_core.session.document import SessionDocument

    model = find_model(args.model)
    document = SessionDocument(model.rooms)
    document.add(scan(args.folder.absolute()))
    files = [photo.file for photo in document if photo.problem is None]
    engine = open_engine(model, args.engine)
    if engine.notice:
        print(engine.notice, file=sys.stderr)
    bar = _Bar("Classifying")
    side = None if thumbnails is None else THUMBNAIL_HEIGHT * 3 // 2
    try:
        results = classify(files, model, engine, thumbnail_side=side, min_confidence=args.min_confidence)
        for number, result in enumerate(results, start=1):
            photo_id = document.id_of(result.file.path if isinstance(result, Classified) else result.path)
            assert photo_id is not None
            document.record({photo_id: result.prediction if isinstance(result, Classified) else result})
            if thumbnails is not None and isinstance(result, Classified):
                thumbnails[photo_id] = result.thumbnail
            bar.show(number, len(files))
    finally:
        engine.close()
        bar.close()
    return document, model


def _print_rooms(document: SessionDocument) -> None:
    summary = document.summary()
    for room in document.rooms.in_listing_order():
        print(f"{room.english:<16}{summary.by_room[room.id]:>6}")
    print(f"{'Photos':<16}{summary.photos - summary.problems:>6}")
    if summary.unsure:
        print(f"{'of them unsure':<16}{summary.unsure:>6}")


def _print_evaluation(result: dict[str, Any], names: Sequence[str]) -> None:
    print(f"Model {result['model']}, {result['photos']} photos")
    print(f"Accuracy {result['accuracy']:.1%}, macro recall {result['macro_recall']:.1%}, ", end="")
    print(f"calibration error {result['ece']:.1%}")
    print(f"Sure of {result['coverage']:.1%}, and right in {result['accepted_accuracy']:.1%} of those")
    if result["other"]["photos"]:
        print(f"Photos of no room: {result['other']['unsure']} of {result['other']['photos']} marked unsure")
    width = max(len(name) for name in names) + 2
    print(f"\n{'':{width}}{'precision':>10}{'recall':>10}{'F1':>10}{'photos':>8}")
    for name, entry in result["per_class"].items():
        print(f"{name:{width}}{entry['precision']:>10.1%}{entry['recall']:>10.1%}{entry['f1']:>10.1%}{entry['support']:>8}")
    print(f"\n{'is, called':{width}}" + "".join(f"{name[:10]:>12}" for name in names))
    for name, row in zip(names, result["confusion"], strict=True):
        print(f"{name:{width}}" + "".join(f"{count:>12}" for count in row))


def _report_problems(document: SessionDocument) -> int:
    problems = [photo.problem for photo in document if photo.problem is not None]
    if problems:
        print(f"{len(problems)} could not be read:", file=sys.stderr)
    for problem in problems:
        print(f"  {problem.relative}: {problem.message}", file=sys.stderr)
    return SOME_FAILED if problems else OK


def _write_json(target: str, document: dict[str, Any]) -> None:
    from roomnet_core.export.json import dump, write_json

    if target == "-":
        sys.stdout.write(dump(document))
    else:
        write_json(Path(target), document)


def _version(package: str) -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


class _Bar:
    """A progress bar on standard error, only where that is a terminal, at most ten times a second."""

    def __init__(self, title: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._title, self._clock = title, clock
        self._visible = sys.stderr.isatty()
        self._started, self._last = clock(), 0.0

    def show(self, done: int, total: int) -> None:
        now = self._clock()
        if not self._visible or (now - self._last < 0.1 and done < total):
            return
        self._last = now
        rate = done / max(now - self._started, 1e-6)
        filled = 30 * done // max(total, 1)
        text = f"{self._title} [{'#' * filled}{'.' * (30 - filled)}] {done}/{total}, {rate:.0f} a second, "
        sys.stderr.write(f"\r{text}{(total - done) / max(rate, 1e-6):.0f} s left  ")
        sys.stderr.flush()

    def close(self) -> None:
        if self._visible:
            sys.stderr.write("\n")


if __name__ == "__main__":
    sys.exit(main())
