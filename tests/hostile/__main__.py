"""`make hostile`: measure every file of the whole corpus, each in a process of its own, and write docs/safety.md.

Processor time and memory are those of everything that is done with one photo but the network, whose share is always
the same: read, decode, turn, shrink, thumbnail, hash. The memory is the whole process's, Python and libraries included.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import signal
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif  # noqa: F401 (here, so that no child's time holds its import)

from roomnet_core.inference.model_file import find_model
from roomnet_core.inference.stages import Pipeline
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.scan import scan
from tests.hostile.case import CLASSIFIED, PASSED_OVER, Case, amiss, tree_hash, write_corpus
from tests.hostile.corpus import all_cases, unlock
from tests.hostile.page import write_figures
from tests.hostile.rights import as_anybody

MOST_SECONDS, MOST_MEMORY = 10.0, 1_500_000_000
_GIVE_UP_SECONDS, _ADDRESS_SPACE = 120, 12 << 30


@dataclass(frozen=True, slots=True)
class Measured:
    """`seconds` (of all cores together) and `peak` (bytes) of one photo; zero where the scan alone said what it is."""

    case: Case
    outcome: str
    seconds: float = 0.0
    peak: int = 0


class _NoEngine:
    """In the network's place: the pipeline around it is what is measured."""

    name, device, notice, reason, batch_size = "none", "CPU", "", "", 4

    def __init__(self, outputs: int) -> None:
        self._outputs = outputs

    def logits(self, batch: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        return np.zeros((len(batch), self._outputs), np.float32)

    def close(self) -> None:
        pass


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.hostile", description=__doc__)
    parser.add_argument("--kind", default="", help="only the kinds whose name holds this; nothing is written then")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="roomnet-hostile-") as temporary:
        folder = Path(temporary) / "corpus"
        cases = write_corpus(folder, (one for one in all_cases(heavy=True) if args.kind in one.kind))
        try:
            return _measure_all(folder, cases, write=not args.kind)
        finally:
            unlock(folder, cases)


def _measure_all(folder: Path, cases: list[Case], *, write: bool) -> int:
    before = tree_hash(folder)
    with as_anybody():
        started = time.monotonic()
        scanned = {item.relative: item for item in scan(folder)}
        print(f"{len(cases):,} cases; the scan took {time.monotonic() - started:.1f} s", flush=True)
        measured = [_measure(one, scanned.get(one.place)) for one in cases]
    unchanged = tree_hash(folder) == before
    faults = amiss(cases, {one.case.place: one.outcome for one in measured})
    faults += [f"{one.case.place!r} took {one.seconds:.1f} s" for one in measured if one.seconds > MOST_SECONDS]
    faults += [f"{one.case.place!r} took {one.peak >> 20} MB" for one in measured if one.peak > MOST_MEMORY]
    if not unchanged:
        faults.append("something on the disk was changed")
    for fault in faults:
        print(fault)
    table = report(measured)
    print(table)
    if write and not faults:
        write_figures("hostile", table)
    return 1 if faults else 0


def _measure(one: Case, item: PhotoFile | Problem | None) -> Measured:
    if item is None:
        return Measured(one, PASSED_OVER)
    if isinstance(item, Problem):
        return Measured(one, item.kind)
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(ready)
        try:
            resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
            signal.alarm(_GIVE_UP_SECONDS)
            os.write(tell, json.dumps(_classified(item)).encode())
        finally:
            os._exit(0)
    os.close(tell)
    with os.fdopen(ready, "rb") as stream:
        told = stream.read()
    os.waitpid(child, 0)
    if not told:
        return Measured(one, f"dead after {_GIVE_UP_SECONDS} s or by a crash")
    outcome, seconds, peak = json.loads(told)
    return Measured(one, outcome, seconds, peak)


def _classified(file: PhotoFile) -> tuple[str, float, int]:
    card = find_model().card
    started = time.process_time()  # what else the computer does meanwhile is not the photo's fault
    pipeline = Pipeline([file], card, _NoEngine(card.outputs), cancelled=lambda: False, thumbnail_side=256, workers=1)
    (result,) = pipeline.run()
    seconds = time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    return result.kind if isinstance(result, Problem) else CLASSIFIED, seconds, peak


def report(measured: list[Measured]) -> str:
    """The table of kinds and outcomes, in Markdown."""
    kinds: dict[str, list[Measured]] = defaultdict(list)
    for one in measured:
        kinds[one.case.kind].append(one)
    lines = ["| kind | cases | outcome | slowest | most memory |", "|---|---|---|---|---|"]
    for kind, group in kinds.items():
        outcomes = Counter(one.outcome for one in group)
        words = ", ".join(
            outcome if len(outcomes) == 1 else f"{number} {outcome}" for outcome, number in outcomes.most_common()
        )
        slowest, largest = max(one.seconds for one in group), max(one.peak for one in group)
        figures = f"{slowest:.2f} s | {largest / 1e6:,.0f} MB" if largest else " | "
        lines.append(f"| {kind} | {len(group)} | {words.replace('_', ' ')} | {figures} |")
    lines.append(
        f"| **{len(kinds)} kinds** | **{len(measured)}** | | **{max(one.seconds for one in measured):.2f} s** "
        f"| **{max(one.peak for one in measured) / 1e6:,.0f} MB** |"
    )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
