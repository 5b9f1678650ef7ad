"""What the commands share: exit statuses, options, the progress bar, tables and the list of problems."""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from roomnet_core.errors import RoomNetError
from roomnet_core.photos.photo_file import Problem
from roomnet_core.photos.problems import escaped

OK, SOME_FAILED, BAD_USE, INTERRUPTED, BROKEN_PIPE = 0, 1, 2, 130, 141

STDOUT = "-"


def add_photo_options(parser: argparse.ArgumentParser, folder_help: str) -> None:
    """FOLDER and the options of every command that runs a model on photos."""
    parser.add_argument("folder", type=Path, metavar="FOLDER", help=folder_help)
    add_model_options(parser)


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Which model, what runs it, and what counts as sure."""
    parser.add_argument("--model", metavar="NAME", help="a model's name, or a folder with graph.pb and card.json")
    parser.add_argument(
        "--engine", choices=("auto", "tensorflow", "litert"), default="auto", help="what runs the model (default: auto)"
    )
    parser.add_argument(
        "--min-confidence",
        type=share,
        metavar="P",
        help="call photos below this confidence, from 0 to 1, unsure (default: the model's own threshold)",
    )


def add_catalog_option(parser: argparse.ArgumentParser) -> None:
    """For the commands that remember what they and the window found out."""
    parser.add_argument(
        "--no-catalog",
        action="store_true",
        help="neither use nor keep what is remembered of these photos: classify all, and ignore corrections",
    )


def add_json_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--json",
        nargs="?",
        const=STDOUT,
        metavar="FILE",
        help="write JSON; - is standard output, with nothing else on it",
    )


def share(text: str) -> float:
    """An argument from 0 to 1."""
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f"must be a number from 0 to 1, for example 0.8. Received: {text}")
    return value


def output_path(given: str | None, default: str) -> Path | None:
    """The file that an option names, `default` where it has no name; a name that nobody chose is never one in use."""
    from roomnet_core.export.target import free_path

    if given is None:
        return None
    return Path(given) if given else free_path(Path(default))


def check_json_target(target: str | None) -> None:
    """Raises ExportError, before the work is done, where `write_json` would refuse `target`."""
    if target not in (None, STDOUT):
        from roomnet_core.export.json import check_target

        check_target(Path(str(target)))


def write_json(target: str, document: dict[str, Any]) -> None:
    """Write `document` to a file or, for `-`, to standard output."""
    from roomnet_core.export import json

    if target == STDOUT:
        sys.stdout.write(json.dump(document))
    else:
        json.write_json(Path(target), document)


def text_stream(json_target: str | None) -> TextIO:
    """Where tables go: standard output, unless that belongs to JSON."""
    return sys.stderr if json_target == STDOUT else sys.stdout


def print_table(rows: Sequence[Sequence[str]], file: TextIO) -> None:
    """Columns as wide as their longest cell: the first to the left, the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))
        print("  ".join([row[0].ljust(widths[0]), *cells]).rstrip(), file=file)


def report_problems(problems: Iterable[Problem]) -> int:
    """List the files that could not be read on standard error and return the exit status."""
    listed = list(problems)
    if listed:
        print(f"\n{count(len(listed), 'file')} could not be read:", file=sys.stderr)
    for problem in listed:
        print(f"  {escaped(problem.relative)}: {problem.message}", file=sys.stderr)
    return SOME_FAILED if listed else OK


def count(number: int, noun: str) -> str:
    """`1 photo`, `2 photos`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


NOT_INSTALLED = "not installed"


def package_version(*distributions: str) -> str:
    """The version of the first of these distributions that is installed, looked up without importing it."""
    from importlib.metadata import PackageNotFoundError, version

    for name in distributions:
        try:
            return version(name)
        except PackageNotFoundError:
            continue
    return NOT_INSTALLED


def own_version() -> str:
    """The version of this program."""
    version = package_version("roomnet")
    return "(run from its source folder)" if version == NOT_INSTALLED else version


@contextmanager
def native_libraries_quiet() -> Iterator[None]:
    """Keep what TensorFlow and LiteRT remark about themselves off standard error, unless the block fails unexpectedly.

    They write past Python, so this moves the file descriptor: not for use while another thread writes.
    """
    sys.stderr.flush()
    stderr = os.dup(2)
    with tempfile.TemporaryFile() as remarks:
        os.dup2(remarks.fileno(), 2)
        try:
            yield
        except RoomNetError:  # says all there is to say
            raise
        except Exception:
            os.dup2(stderr, 2)
            remarks.seek(0)
            os.write(2, remarks.read())
            raise
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Ctrl-C asks the work in the block to stop at the next good moment: it makes the yielded function true."""
    asked = False

    def ask(*_: object) -> None:
        nonlocal asked
        asked = True

    before = signal.signal(signal.SIGINT, ask) if threading.current_thread() is threading.main_thread() else None
    try:
        yield lambda: asked
    finally:
        if before is not None:
            signal.signal(signal.SIGINT, before)


class ProgressBar:
    """A bar on standard error while `show` is called; nothing at all where that is not a terminal."""

    def __init__(self, title: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._title, self._clock = title, clock
        self._visible = sys.stderr.isatty()
        self._started = clock()
        self._drawn = float("-inf")

    def __enter__(self) -> ProgressBar:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    def clear(self) -> None:
        """Make room for other lines; the next `show` draws the bar again."""
        self._drawn = float("-inf")
        if self._visible:
            sys.stderr.write(f"\r{' ' * (shutil.get_terminal_size().columns - 1)}\r")
            sys.stderr.flush()

    def show(self, done: int, total: int) -> None:
        """Draw, at most ten times a second."""
        now = self._clock()
        if not self._visible or (now - self._drawn < 0.1 and done < total):
            return
        self._drawn = now
        rate = done / max(now - self._started, 1e-6)
        filled = 24 * done // max(total, 1)
        line = f"{self._title} [{'#' * filled}{'.' * (24 - filled)}] {done:,}/{total:,}"
        if done:
            line += f"  {rate:.0f}/s  {clock_time((total - done) / rate)} left"
        width = shutil.get_terminal_size().columns - 1  # a full line would wrap
        sys.stderr.write(f"\r{line[:width].ljust(width)}")
        sys.stderr.flush()


def clock_time(seconds: float) -> str:
    """`3:07`."""
    minutes, seconds = divmod(round(seconds), 60)
    return f"{minutes}:{seconds:02}"
