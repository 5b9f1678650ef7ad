"""Builds a bundle and its installers: `make bundle FLAVOUR=light`, `make installer FLAVOUR=light`.

    python packaging/build.py bundle|installer light|full
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.metadata
import json
import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "linux")]  # the modules beside this one, whoever imports it

import bundle_rules  # noqa: E402
import check_bundle  # noqa: E402
import icons  # noqa: E402

ROOT = HERE.parent
DIST, WORK = ROOT / "dist", ROOT / "build"
# Debuggers' symbols are a fifth of TensorFlow. Libraries that a wheel's repair rewrote (*.libs) do not survive strip.
_STRIPPED = ("tensorflow/", "ai_edge_litert/", "libpython3")
_LIMITS = {
    "light": {"installer MB": 110, "installed MB": 280},
    "full": {"installer MB": 420, "installed MB": 1250},
}
_TIME_LIMITS = {"seconds to window": 1.2, "seconds to first prediction": 2.5}


def build_bundle(flavour: str) -> Path:
    """Freeze, strip, and check what came out."""
    subprocess.run(
        [
            *(sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"),
            *("--distpath", str(DIST), "--workpath", str(WORK / f"pyinstaller-{flavour}")),
            str(ROOT / "build_installer.spec"),
        ],
        cwd=ROOT,
        env={**os.environ, "ROOMNET_FLAVOUR": flavour},
        check=True,
    )
    bundle = DIST / ("RoomNet.app" if sys.platform == "darwin" else f"roomnet-{flavour}")
    if sys.platform == "linux":
        strip(bundle)
    files = check_bundle.content(bundle)
    print(check_bundle.report(files))
    if wrong := check_bundle.faults(files, flavour):
        raise SystemExit("\n".join(f"FAULT {fault}" for fault in wrong))
    return bundle


def strip(bundle: Path) -> None:
    inner = bundle / "_internal"
    for path in inner.rglob("*.so*"):
        if path.relative_to(inner).as_posix().startswith(_STRIPPED) and not path.is_symlink():
            path.chmod(0o755)
            subprocess.run(["strip", "--strip-unneeded", path], check=True)


def build_installers(bundle: Path, flavour: str) -> list[Path]:
    """The installers of this system, the one that people are to take first."""
    version = importlib.metadata.version("roomnet")
    drawn = icons.make(ROOT / "assets/icons", WORK / "icons")
    if sys.platform == "linux":
        import packages

        return [
            packages.make_deb(bundle, drawn, flavour, version, DIST, WORK / "deb"),
            packages.make_tar(bundle, drawn, flavour, version, DIST, WORK / "tar"),
        ]
    if sys.platform == "win32":
        setup = DIST / f"RoomNet-{version}-{flavour}-setup.exe"
        compiler = shutil.which("iscc") or r"C:\Program Files (x86)\Inno Setup 6\ISCC.exe"
        options = [f"/DVersion={version}", f"/DFlavour={flavour}", f"/DIcon={drawn['ico']}", f"/O{DIST}"]
        subprocess.run([compiler, *options, f"/F{setup.stem}", HERE / "windows/roomnet.iss"], check=True)
        return [setup]
    image = DIST / f"RoomNet-{version}-{flavour}-{platform.machine()}.dmg"
    subprocess.run([HERE / "macos/make_dmg.sh", bundle, image], check=True)
    return [image]


def write_sums(installers: list[Path]) -> Path:
    """`SHA256SUMS` beside the installers, for `sha256sum --check`."""
    path = DIST / "SHA256SUMS"
    lines = dict(reversed(line.split("  ", 1)) for line in path.read_text().splitlines()) if path.is_file() else {}
    for installer in installers:
        with installer.open("rb") as stream:
            lines[installer.name] = hashlib.file_digest(stream, "sha256").hexdigest()
    path.write_text("".join(f"{lines[name]}  {name}\n" for name in sorted(lines) if (DIST / name).is_file()))
    return path


def measure(bundle: Path, installers: list[Path], flavour: str) -> bool:
    """Run the smoke test and print every figure beside its limit; returns whether those of size are kept.

    How quickly it starts is for an idle machine to say, which a build machine seldom is.
    """
    smoke = [sys.executable, HERE / "smoke_frozen.py", bundle, "--figures", WORK / "figures.json"]
    subprocess.run(smoke, check=True)
    measured = json.loads((WORK / "figures.json").read_text(encoding="utf-8"))
    measured["installed MB"] = round(sum(check_bundle.content(bundle).values()) / check_bundle.MB, 1)
    measured["installer MB"] = round(installers[0].stat().st_size / check_bundle.MB, 1)
    kept = True
    print(f"\n| {flavour} | measured | limit |\n|---|---|---|")
    for name, limit in {**_LIMITS[flavour], **_TIME_LIMITS}.items():
        kept = kept and (measured[name] <= limit or name in _TIME_LIMITS)
        print(f"| {name} | {measured[name]} | {limit}{'' if measured[name] <= limit else ' EXCEEDED'} |")
    for installer in installers[1:]:
        print(f"| {installer.name}, MB | {installer.stat().st_size / check_bundle.MB:.1f} | |")
    return kept


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("bundle", "installer"))
    parser.add_argument("flavour", choices=bundle_rules.FLAVOURS)
    args = parser.parse_args()
    bundle = build_bundle(args.flavour)
    if args.what == "bundle":
        return 0
    installers = build_installers(bundle, args.flavour)
    write_sums(installers)
    kept = measure(bundle, installers, args.flavour)
    print(*installers, sep="\n")
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
