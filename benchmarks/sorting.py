"""How fast sorting is beside `cp -a`: python -m benchmarks.sorting [--photos N] [--folder DIR]

Makes N files of 50 to 300 KB of noise (the size of a portal's photos), all on one file system and in the page cache,
and measures, each with a fresh destination and after the disk has come to rest:

- `cp -a`, and `cp -a` followed by `sync`: our copies are on the disk when the sort says so, `cp`'s are not;
- a sort by copy: journalled, every copy compared with its original by size and hash, and flushed;
- a sort by move, and its undo.

The times of the sorts are those of `execute`: preflight, journal, everything but the plan, which is given apart.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from roomnet_core.photos.photo_file import PhotoFile
from roomnet_core.prediction import Prediction
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import SessionPhoto
from roomnet_core.sorting.execute import execute
from roomnet_core.sorting.journal import Journal
from roomnet_core.sorting.plan import Mode, SortOptions, make_plan
from roomnet_core.sorting.undo import undo

ROOMS = RoomSet.from_names(["Backyard", "Bathroom", "Bedroom", "Frontyard", "Kitchen", "LivingRoom"])


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sorting", description=__doc__)
    parser.add_argument("--photos", type=int, default=10_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--folder", type=Path, help="where to make the files (default: the temporary folder)")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="roomnet-bench-", dir=args.folder) as folder:
        _measure(Path(folder), args.photos, args.repeat)


def _measure(folder: Path, count: int, repeat: int) -> None:
    source = folder / "source"
    photos = _make_photos(source, count)
    total = sum(photo.file.size for photo in photos)
    print(f"{count:,} files, {total / 1e6:,.0f} MB, 50 to 300 KB each; best and median of {repeat}")

    def timed(work: Callable[[], object]) -> float:
        os.sync()
        started = time.perf_counter()
        work()
        return time.perf_counter() - started

    def cp(target: Path) -> None:
        subprocess.run(["cp", "-a", str(source), str(target)], check=True)

    def cp_and_sync(target: Path) -> None:
        cp(target)
        os.sync()

    times: dict[str, list[float]] = {}

    def note(name: str, seconds: float) -> None:
        times.setdefault(name, []).append(seconds)

    def sort(mode: Mode, target: Path, journal: Journal) -> int:
        started = time.perf_counter()
        plan = make_plan(photos, ROOMS, SortOptions(target, mode, "{order:05}_{room}_{n}"))
        note("plan", time.perf_counter() - started)
        report = None

        def work() -> None:
            nonlocal report
            report = execute(plan, journal)

        note(f"sort by {mode.value}", timed(work))
        assert report is not None and report.photos == count and report.run_id is not None
        return report.run_id

    # Nothing is removed before the end: ext4 is slow to make files for minutes after many were removed.
    for number in range(repeat):
        place = folder / str(number)
        place.mkdir()
        with Journal.open(place / "sorts.sqlite") as journal:
            works: list[Callable[[], object]] = [
                lambda place=place: note("cp -a", timed(lambda: cp(place / "cp"))),  # type: ignore[misc]
                lambda place=place, journal=journal: sort(Mode.COPY, place / "copy", journal),  # type: ignore[misc]
                lambda place=place: note("cp -a; sync", timed(lambda: cp_and_sync(place / "cp2"))),  # type: ignore[misc]
            ]
            for work in works if number % 2 == 0 else reversed(works):
                work()
            run_id = sort(Mode.MOVE, place / "move", journal)
            note("undo of the move", timed(lambda journal=journal, run_id=run_id: undo(journal, run_id)))  # type: ignore[misc]
    for name, seconds in times.items():
        best = min(seconds)
        print(
            f"  {name:18} {best:6.2f} s {statistics.median(seconds):6.2f} s  {count / best:8,.0f} files/s"
            f" {total / best / 1e6:7,.0f} MB/s"
        )
    for other in ("cp -a", "cp -a; sync"):
        rounds = [theirs / ours for theirs, ours in zip(times[other], times["sort by copy"], strict=True)]
        print(
            f"  a sort by copy has {statistics.median(rounds):.0%} of the throughput of {other}"
            f" (in the rounds: {', '.join(f'{ratio:.0%}' for ratio in rounds)})"
        )


def _make_photos(folder: Path, count: int) -> list[SessionPhoto]:
    rng = random.Random(1)
    noise = rng.randbytes(1 << 20)
    photos = []
    for number in range(count):
        path = folder / f"set {number // 500:03}" / f"IMG_{number:05}.jpg"
        path.parent.mkdir(parents=True, exist_ok=True)
        size, start = rng.randint(50_000, 300_000), rng.randint(0, 700_000)
        path.write_bytes(number.to_bytes(8, "big") + noise[start : start + size - 8])
        status = path.stat()
        room = number % len(ROOMS)
        probabilities = tuple(0.9 if index == room else 0.02 for index in range(len(ROOMS)))
        file = PhotoFile(path, folder, status.st_size, status.st_mtime_ns)
        photos.append(SessionPhoto(number + 1, file, Prediction(probabilities, False)))
    return photos


if __name__ == "__main__":
    main()
