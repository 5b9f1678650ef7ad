"""The process that trains: `python -m roomnet_core.training.worker FOLDER`, where FOLDER holds the plan.

Events go out on standard output, one JSON object a line; commands come in on standard input, likewise. It imports no
Qt. When standard input ends, whoever started it is gone: it leaves the run for later and ends.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TextIO

from roomnet_core.errors import RoomNetError, SortError
from roomnet_core.sorting.lock import WorkLock
from roomnet_core.training.control import CANCEL, QUIT, RunControl, RunEnded
from roomnet_core.training.plan import TrainingPlan

LOCK_NAME, FINISHED_NAME = "lock", "finished.json"

# How long a run whose parent is gone may take to notice, in a step of a library that cannot be interrupted. Until it
# has ended nobody can go on with it.
_PATIENCE_SECONDS = 4.0
_NICE = 5


def main(arguments: Sequence[str]) -> int:
    """Run the training in the folder `arguments[0]`; returns the exit status."""
    folder = Path(arguments[0])
    events = _take_standard_output()
    lock = threading.Lock()

    def emit(event: dict[str, Any]) -> None:
        with lock, contextlib.suppress(OSError, ValueError):  # nobody listens any more
            events.write(json.dumps(event) + "\n")
            events.flush()

    _give_way()
    control = RunControl(emit)
    threading.Thread(target=_read_commands, args=(control,), name="commands", daemon=True).start()
    try:
        with WorkLock(folder / LOCK_NAME).held():
            _run(folder, control)
    except RunEnded as ended:
        control.emit("cancelled" if ended.command == CANCEL else "stopped")
    except SortError:
        control.emit("failed", message="This training is running already in another window or command of RoomNet.")
        return 1
    except RoomNetError as error:
        control.emit("failed", message=str(error))
        return 1
    except OSError as error:
        control.emit("failed", message=_explain(error, folder))
        return 1
    except ImportError as error:
        control.emit(
            "failed",
            message=f"This installation of RoomNet lacks what the recipe needs ({error.name}). The quick recipe needs "
            "the least; the full version of RoomNet has everything.",
        )
        return 1
    except MemoryError:
        control.emit("failed", message="There is not enough memory. Close other programs, or choose a smaller batch.")
        return 1
    except Exception as error:  # a fault of ours: told in full on standard error, which the parent keeps
        traceback.print_exc()
        control.emit("failed", message=f"Training failed ({type(error).__name__}: {error}). It can be resumed.")
        return 1
    return 0


def _run(folder: Path, control: RunControl) -> None:
    from roomnet_core.training.run import run

    plan = TrainingPlan.load(folder)
    result = run(plan, folder, control)
    with contextlib.suppress(OSError):
        (folder / FINISHED_NAME).write_text(json.dumps(result), encoding="utf-8")
    control.emit("done", **result)


def _read_commands(control: RunControl) -> None:
    """Pass commands on until there are no more; then the parent is gone, however it ended."""
    with contextlib.suppress(OSError, ValueError):
        for line in sys.stdin:
            with contextlib.suppress(ValueError, AttributeError):
                control.command(str(json.loads(line).get("command")))
    if not control.ending:
        control.command(QUIT)
    time.sleep(_PATIENCE_SECONDS)
    os._exit(1)  # still in some long step: what matters is on the disk


def _take_standard_output() -> TextIO:
    """Standard output for the events alone; whatever libraries print goes to standard error."""
    sys.stdout.flush() if sys.stdout is not None else None
    events = os.fdopen(os.dup(1), "w", encoding="utf-8", newline="\n")
    with contextlib.suppress(OSError):
        os.dup2(2, 1)
    return events


def _give_way() -> None:
    """The window and other programs come first; on Windows the parent has seen to it."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(_NICE)


def _explain(error: OSError, folder: Path) -> str:
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", None)):
        return (
            f"The disk is full, so the training could not be saved in {folder.parent.parent}. Free some space, and "
            "resume it: nothing that was done is lost."
        )
    return f"{error.filename or folder}: {error.strerror or error}. The training can be resumed."


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
