"""The command line: `roomnet classify | sort | undo | export | evaluate | train | batch | models | doctor |
import-checkpoint`.

One module a command, each with `add_parser(subparsers)` and `run(args) -> exit status`. Nothing heavy is imported
before a command needs it, so `roomnet --help` answers at once.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
import warnings
from collections.abc import Sequence
from typing import Any

from roomnet_core.cli import batch, classify, doctor, evaluate, export, import_checkpoint, models, sort, train, undo
from roomnet_core.cli.console import BAD_USE, BROKEN_PIPE, INTERRUPTED, own_version
from roomnet_core.errors import RoomNetError

_COMMANDS = (classify, sort, undo, export, evaluate, train, batch, models, doctor, import_checkpoint)

_DESCRIPTION = """\
Sort house photos by room.

Everything happens on this computer; no photo is sent anywhere. Your photos are only read, unless you ask for them to
be moved or given keywords, and both can be undone; no file is ever overwritten.
"""

_EXAMPLES = """\
examples:
  roomnet classify Photos                        show how many photos of each room there are
  roomnet classify Photos --excel rooms.xlsx     and list them in an Excel file, with thumbnails
  roomnet classify Photos --json -               for another program
  roomnet sort Photos --to Sorted --dry-run      show what would be copied where
  roomnet sort Photos --to Sorted                copy every photo into the folder of its room
  roomnet undo                                   take the latest sort back
  roomnet export Photos --overlay Labelled       copies with the room written on them
  roomnet evaluate Labelled                      measure a model on your own labelled photos
  roomnet train Labelled --out my-rooms          make a better model of them

`roomnet COMMAND --help` says more about each command.

exit status: 0 all well, 1 some files failed, 2 the request could not be carried out
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):  # file names may hold what the terminal cannot show
            stream.reconfigure(errors="backslashreplace")
    warnings.filterwarnings("ignore", module="PIL")  # about odd metadata, which costs no photo
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # TensorFlow's remarks on the processor help nobody here
    with _Ending() as ending:
        try:
            status = _run(argv)
        except Exception:
            if ending.status is None:
                raise
        # Code that was cut off, a C extension being imported above all, may fail in a way of its own or go on.
        return status if ending.status is None else ending.status


def _run(argv: Sequence[str] | None) -> int:
    try:
        args = build_parser().parse_args(argv)
        status = int(args.run(args))
        sys.stdout.flush()
        return status
    except SystemExit as request:  # argparse: --help and bad use; SIGTERM
        return request.code if isinstance(request.code, int) else 0
    except RoomNetError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        print("roomnet: interrupted", file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has gone; keep Python's own flush at exit from complaining.
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, sys.stdout.fileno())
        os.close(devnull)
        return BROKEN_PIPE
    except OSError as error:
        return _fail(str(error))


class _Ending:
    """While it is entered, SIGTERM cleans up on its way out, as Ctrl-C does; `status` is then the exit status."""

    def __init__(self) -> None:
        self.status: int | None = None
        self._before: Any = None

    def __enter__(self) -> _Ending:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGTERM, self._end)
        return self

    def __exit__(self, *_: object) -> None:
        if self._before is not None:
            signal.signal(signal.SIGTERM, self._before)

    def _end(self, number: int, _: object) -> None:
        self.status = 128 + number
        raise SystemExit(self.status)


def build_parser() -> argparse.ArgumentParser:
    """The whole command line."""
    parser = argparse.ArgumentParser(
        prog="roomnet",
        description=_DESCRIPTION,
        epilog=_EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show the version and exit")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND", title="commands")
    for command in _COMMANDS:
        command.add_parser(subparsers)
    return parser


class _Version(argparse.Action):
    """Looks the version up only when it is asked for: that takes as long as everything else that --help does."""

    def __call__(self, parser: argparse.ArgumentParser, *_: Any) -> None:
        print(f"roomnet {own_version()}")
        parser.exit()


def _fail(message: str) -> int:
    print(f"roomnet: {message}", file=sys.stderr)
    return BAD_USE
