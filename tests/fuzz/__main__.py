"""`make fuzz`: every target in a process of its own for an equal share of `--minutes`.

With atheris (`pip install atheris`; not everywhere) the inputs follow the code's coverage, else hypothesis makes them
by chance. An input that breaks a promise is written to the working folder and ends its target; mend it, and put it into
`test_fuzz.py`.
"""

from __future__ import annotations

import argparse
import importlib.util
import random
import re
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

from tests.fuzz.targets import Target, make_targets


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--target", default="", help="only the targets whose name holds this")
    parser.add_argument("--inner", nargs=2, metavar=("NAME", "SECONDS"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    warnings.simplefilter("ignore")
    targets = {name: target for name, target in make_targets().items() if args.target in name}
    if args.inner:
        name, seconds = args.inner
        return _with_coverage(targets[name], seconds) if _atheris() else _by_chance(targets[name], float(seconds))
    failed = []
    started = time.monotonic()
    for name in targets:
        seconds = max(1, round(60 * args.minutes / len(targets)))
        command = [sys.executable, "-m", "tests.fuzz", "--inner", name, str(seconds)]
        result = subprocess.run(command, capture_output=True, text=True, errors="replace")
        counted = re.findall(r"Done (\d+) (?:runs|inputs)", result.stdout + result.stderr)
        print(f"{name:28} {int(counted[-1]) if counted else 0:>11,} inputs", flush=True)
        if result.returncode:
            failed.append(name)
            print(result.stdout[-2000:], result.stderr[-4000:], sep="\n", flush=True)
    how = "with coverage feedback (atheris)" if _atheris() else "by chance (hypothesis)"
    print(f"{len(targets)} targets, {(time.monotonic() - started) / 60:.0f} minutes {how}; failed: {failed or 'none'}")
    return 1 if failed else 0


def _atheris() -> bool:
    return importlib.util.find_spec("atheris") is not None


def _with_coverage(target: Target, seconds: str) -> int:
    import atheris

    for owner in ("roomnet_core", "roomnet_gui.sort.presets", "roomnet_gui.export.kinds"):
        for module in [name for name in sys.modules if name.startswith(owner)]:
            for function in vars(sys.modules[module]).values():
                if (
                    callable(function)
                    and getattr(function, "__module__", "") == module
                    and hasattr(function, "__code__")
                ):
                    function.__code__ = atheris.instrument_func(function).__code__
    with tempfile.TemporaryDirectory() as folder:
        for number, seed in enumerate(target.seeds):
            (Path(folder) / str(number)).write_bytes(seed)
        options = [sys.argv[0], f"-max_total_time={seconds}", "-rss_limit_mb=4000", "-timeout=30", folder]
        atheris.Setup(options, target.check)
        atheris.Fuzz()
    return 0


def _by_chance(target: Target, seconds: float) -> int:
    from hypothesis import given, seed, settings

    from tests.fuzz.mutate import mutated

    count, until = 0, time.monotonic() + seconds
    while time.monotonic() < until:

        @seed(random.randrange(1 << 32))
        @settings(max_examples=200, deadline=None, database=None)
        @given(mutated(target.seeds))
        def check(data: bytes) -> None:
            nonlocal count
            count += 1
            target.check(data)

        check()
    print(f"Done {count} inputs")
    return 0


if __name__ == "__main__":
    sys.exit(main())
