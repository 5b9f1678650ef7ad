"""Starts the window: `python -m roomnet_gui [FOLDER or PHOTO ...]`.

In a frozen bundle this is the only program, so it also is the command line, `roomnet-gui --command-line sort ...`, and
the process that trains.
"""

from __future__ import annotations

import multiprocessing

multiprocessing.freeze_support()  # in a frozen bundle a child process must not open a second window

# ruff: noqa: E402
import contextlib
import faulthandler
import os
import sys
from pathlib import Path

for _name in ("stdout", "stderr"):
    if getattr(sys, _name) is None:  # a windowed program on Windows has none, and libraries write to them
        setattr(sys, _name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115


def main() -> int:
    """The entry point. Returns the exit status."""
    from roomnet_core.resources import COMMAND_LINE, TRAINING_WORKER

    if sys.argv[1:2] == [COMMAND_LINE]:
        from roomnet_core.cli import main as command_line

        return command_line(sys.argv[2:])
    if sys.argv[1:2] == [TRAINING_WORKER]:
        from roomnet_core.training.worker import main as train

        return train(sys.argv[2:])
    from roomnet_gui.logs import open_crash_log

    with contextlib.ExitStack() as stack:
        with contextlib.suppress(OSError):
            faulthandler.enable(stack.enter_context(open_crash_log()))
            stack.callback(faulthandler.disable)
        # Before Qt: on Windows the two bring libraries that do not load in the other order.
        with contextlib.suppress(ImportError):
            import ai_edge_litert.interpreter  # noqa: F401

        from roomnet_gui.application import run

        return run(sys.argv)


if __name__ == "__main__":
    sys.exit(main())
