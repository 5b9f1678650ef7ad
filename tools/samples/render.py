"""Render the sample photos: python tools/samples/render.py [--only NAME ...] [--preview] [--develop]

Needs Blender as a module (`pip install bpy==4.5.* pillow`, Python 3.11), in an environment of its own. The photos go
to assets/samples, previews to runs/samples. Each photo is the same on every run.
"""

from __future__ import annotations

import argparse
import sys
import time
import zlib
from pathlib import Path

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parent.parent
SCRATCH = REPOSITORY / "runs" / "samples"
SAMPLES = REPOSITORY / "assets" / "samples"


def main() -> int:
    import plan
    import rooms

    scenes = rooms.scenes()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--only",
        nargs="+",
        choices=[*scenes, plan.NAME],
        default=[*scenes, plan.NAME],
        metavar="NAME",
        help=", ".join([*scenes, plan.NAME]),
    )
    parser.add_argument("--preview", action="store_true", help="small and quick, as a PNG in runs/samples")
    parser.add_argument(
        "--develop", action="store_true", help="do not render again: make the photo from the last render"
    )
    parser.add_argument("--samples", type=int, help="paths for each pixel (64; 10 for a preview)")
    parser.add_argument("--percent", type=int, default=100, help="of the size that is rendered; the photo is enlarged")
    parser.add_argument("--threads", type=int, default=1)
    args = parser.parse_args()
    SCRATCH.mkdir(parents=True, exist_ok=True)
    for name in args.only:
        started = time.monotonic()
        if name == plan.NAME:
            plan.draw((SCRATCH if args.preview else SAMPLES) / f"{name}.png")
        else:
            shoot(scenes[name], name, args)
        print(f"{name}: {time.monotonic() - started:.0f} s", flush=True)
    return 0


def shoot(scene: object, name: str, args: argparse.Namespace) -> None:
    from kit.stage import Stage
    from photo import finish
    from rooms import Scene

    assert isinstance(scene, Scene)
    seed = zlib.crc32(name.encode())
    stage = Stage(seed)
    scene.build(stage)
    size = (420, 280) if args.preview else (1600 * args.percent // 100, 1067 * args.percent // 100)
    developed = SCRATCH / f"{name}{'-preview' if args.preview else ''}.png"
    if args.develop:
        stage.develop(developed.with_suffix(".exr"), developed)
    else:
        stage.render(developed, size, args.samples or (10 if args.preview else 64), args.threads)
    if not args.preview:
        finish(developed, SAMPLES / f"{name}.jpg", scene.shot, seed, portrait=stage.portrait)


if __name__ == "__main__":
    sys.exit(main())
