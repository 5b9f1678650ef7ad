"""`make bench`: every figure of docs/performance.md in one run, ours and the reference's side by side, as ratios.

Each measurement runs in a process of its own. What is compared runs in turn, several rounds, in alternating order, and
the median of the rounds' ratios counts: a machine that is slow for a minute is slow for both.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path

from benchmarks.bench import FULL, QUICK, Bench, say
from benchmarks.parts import PARTS
from benchmarks.photos import MODELS, REPOSITORY
from benchmarks.report import compare, describe_machine, print_table, write_docs
from roomnet_core.errors import ModelError
from roomnet_core.inference.model_file import find_model

NEEDED = {"cv2": "opencv-python-headless", "psutil": "psutil", "tensorflow": "tensorflow"}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.run", description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the work: to try it out, not to quote")
    parser.add_argument(
        "--models",
        nargs="+",
        default=list(MODELS),
        metavar="MODEL",
        help="names or folders; the goals are for the first, the others are only timed (default: %(default)s)",
    )
    parser.add_argument("--only", nargs="+", metavar="PART", choices=PARTS, help=f"only these of {', '.join(PARTS)}")
    parser.add_argument("--json", type=Path, default=REPOSITORY / "runs" / "bench.json", help="where the figures go")
    parser.add_argument("--compare", type=Path, metavar="JSON", help="show the change since an earlier run's figures")
    parser.add_argument("--docs", action="store_true", help="put the tables into docs/performance.md and README.md")
    options = parser.parse_args(arguments)
    if missing := [package for module, package in NEEDED.items() if find_spec(module) is None]:
        parser.error(f"{', '.join(missing)} missing: pip install -e .[bench] -c constraints.txt, or use `make bench`")
    if options.docs and (options.only or options.quick):
        parser.error("the tables come from a whole run: leave out --only and --quick, or --docs")
    try:
        models = [find_model(name) for name in options.models]
        earlier = json.loads(options.compare.read_text(encoding="utf-8")) if options.compare else None
    except (ModelError, OSError, ValueError) as error:
        parser.error(str(error))
    options.json.parent.mkdir(parents=True, exist_ok=True)

    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="roomnet-bench-") as name:
        bench = Bench(Path(name), QUICK if options.quick else FULL, models)
        for part in options.only or PARTS:
            say(f"{part} ({time.perf_counter() - started:.0f} s so far)")
            PARTS[part](bench)
            report = {
                "machine": describe_machine(),
                "quick": options.quick,
                "models": [model.name for model in models],
                "photos": bench.origin,
                "seconds": round(time.perf_counter() - started),
                "rows": [row.to_json() for row in bench.rows],
                "details": bench.details,
            }
            # After each part: who stops it keeps what was measured.
            options.json.write_text(json.dumps(report, indent=2) + "\n", encoding="utf-8")
    print_table(report)
    if earlier is not None:
        compare(earlier, report)
    if options.docs:
        write_docs(report)
    print(f"Written to {options.json} after {report['seconds']} s")
    return 0 if all(row.reached is not False for row in bench.rows) else 1


if __name__ == "__main__":
    sys.exit(main())
