"""`make torture`: sort any tree in a process of its own, kill that with SIGKILL at a random moment, and look for loss.

A run makes a tree and a sort of it by chance (`tests/trees.py`), does it undisturbed to know the result and how long it
takes, puts the tree back by undo, and then does it again in a child process that is killed. What is left must hold
every content; then a recovery, in a process that may be killed too, finishes the sort or undoes it; at the end an undo
must give the tree back, byte for byte, with times and permissions. Ends after `--minutes` and prints what it saw.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from roomnet_core.sorting import carrier
from roomnet_core.sorting.execute import execute
from roomnet_core.sorting.journal import Journal, RunState
from roomnet_core.sorting.undo import recover, undo
from tests.trees import RandomChoices, Scene, leave_probes_out, make_scene

_MEMORY = Path("/dev/shm")
_MOST_PHOTOS = 40


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--runs", type=int, default=100_000, help="stop after so many runs")
    parser.add_argument("--minutes", type=float, default=8.0, help="stop after so many minutes (default: 8)")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**9))
    args = parser.parse_args()
    if not hasattr(os, "fork"):
        print("torture needs fork and SIGKILL; it is skipped here")
        return 0
    print(f"seed {args.seed}; again with: make torture ARGS='--seed {args.seed}'", flush=True)
    deadline = time.monotonic() + 60 * args.minutes
    seen: Counter[str] = Counter()
    failures = 0
    for number in range(args.runs):
        if time.monotonic() > deadline:
            break
        try:
            _run(random.Random(args.seed + number), seen)
        except Exception:  # a failure is the figure that this program is for
            failures += 1
            print(f"FAILED: run {number} (--seed {args.seed + number} --runs 1)", flush=True)
            traceback.print_exc()
        seen["runs"] += 1
        if seen["runs"] % 200 == 0:
            print(f"  {seen['runs']:,} runs, {seen['kills']:,} kills, {failures} failures", flush=True)
    _tell(seen, failures)
    return 1 if failures else 0


def _run(rng: random.Random, seen: Counter[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="roomnet-torture-", dir=rng.choice([None, _memory()])) as folder:
        other = _other(Path(folder))
        try:
            _set_batches(rng, seen)
            scene = make_scene(RandomChoices(rng), Path(folder) / "home", other, most=_MOST_PHOTOS)
            _torture(rng, scene, Path(folder) / "sorts.sqlite", seen)
        finally:
            if other is not None:
                shutil.rmtree(other)


def _set_batches(rng: random.Random, seen: Counter[str]) -> None:
    """Half of the runs in batches of two files, finished in a thread of their own as big copies are."""
    small = rng.random() < 0.5
    carrier.BATCH_FILES, carrier.WORTH_A_THREAD = (2, 0) if small else (256, 4 << 20)
    seen["in many batches, with a thread"] += small


def _torture(rng: random.Random, scene: Scene, journal_path: Path, seen: Counter[str]) -> None:
    with Journal.open(journal_path) as journal:
        started = time.monotonic()
        report = execute(scene.plan(), journal)
        seconds = time.monotonic() - started
        assert not report.failed and not report.cancelled, report.failed
        sorted_tree = scene.snapshot()
        if report.run_id is None:
            seen["sorts of nothing"] += 1
            return
        undone = undo(journal, report.run_id, trash=scene.throw_away)
        assert not undone.not_undone
        scene.check_all_is_back()
    journal_path.unlink()
    seen["files"] += len(list(scene.plan().files()))
    seen[f"mode {scene.options.mode.value}"] += 1
    seen["to another file system"] += scene.other is not None and scene.options.destination.is_relative_to(scene.other)

    finish = rng.random() < 0.5
    _killed(rng, seconds, journal_path, seen, lambda journal: execute(scene.plan(), journal))
    scene.check_nothing_is_lost()
    while rng.random() < 0.5:
        with Journal.open(journal_path) as journal:
            unfinished = journal.unfinished()
        if not unfinished:
            break
        run_id = unfinished[0].id
        seen["recoveries disturbed"] += 1
        _killed(
            rng, seconds, journal_path, seen,
            lambda journal, run_id=run_id: recover(journal, run_id, finish=finish, trash=scene.throw_away),
        )  # fmt: skip
        scene.check_nothing_is_lost()
    with Journal.open(journal_path) as journal:
        for run in journal.unfinished():
            seen["found unfinished"] += 1
            seen["finished" if (run.state is RunState.DOING) is finish else "undone"] += 1
            recover(journal, run.id, finish=finish, trash=scene.throw_away)
        leave_probes_out(scene)
        for run in journal.runs():
            if run.state is RunState.DONE:
                differing = scene.snapshot().items() ^ sorted_tree.items()
                assert not differing, differing
                report = undo(journal, run.id, trash=scene.throw_away)
                assert not report.not_undone, report.not_undone
            assert journal.run(run.id).state is RunState.UNDONE
    scene.check_all_is_back()


def _killed(
    rng: random.Random, seconds: float, journal_path: Path, seen: Counter[str], action: Callable[[Journal], object]
) -> None:
    """Run `action` in a child process and kill it at a random moment of the time that it will take."""
    moment = rng.random() * seconds
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with Journal.open(journal_path) as journal:
                os.write(tell, b"!")
                action(journal)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(tell)
    os.read(ready, 1)
    os.close(ready)
    time.sleep(moment)
    os.kill(child, signal.SIGKILL)
    _, result = os.waitpid(child, 0)
    if os.WIFSIGNALED(result):
        seen["kills"] += 1
    else:
        seen["ended before the kill"] += 1
        assert os.WEXITSTATUS(result) == 0, "the child failed"


def _memory() -> str | None:
    return str(_MEMORY) if os.access(_MEMORY, os.W_OK) else None


def _other(folder: Path) -> Path | None:
    """A folder on another file system than `folder`, or None where there is none."""
    for place in (_memory(), None):
        other = Path(tempfile.mkdtemp(prefix="roomnet-torture-", dir=place))
        if other.stat().st_dev != folder.stat().st_dev:
            return other
        other.rmdir()
    return None


def _tell(seen: Counter[str], failures: int) -> None:
    print()
    for name in sorted(seen, key=lambda name: (name != "runs", name != "kills", name)):
        print(f"{seen[name]:8,}  {name}")
    print(f"{failures:8,}  failures (a content lost, a recovery that did not work, a tree that undo did not give back)")


if __name__ == "__main__":
    sys.exit(main())
