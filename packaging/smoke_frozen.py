"""Tries a finished bundle as a stranger would: starts it, lets it work through its own self-test, reads its log.

    python packaging/smoke_frozen.py dist/roomnet-light [--photos FOLDER] [--figures FILE.json] [--only-times]

On Linux it runs under Xvfb, as an ordinary user, from a read-only folder whose name has spaces and Chinese letters,
with nothing on the PATH, and strace tells whether it tried to reach a network. Elsewhere none of that is checked.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

LINUX = sys.platform == "linux"
_NAME = "Ordner mit Leerzeichen für 房间"
_PHOTOS, _DROPPED = 40, 50
_USER = 65534  # nobody
_ALLOWED_LOG = (
    r" INFO ",
    r"^OpenType support missing for ",  # Qt, where a font of the system lacks tables for a script
)
_ALLOWED_OUTPUT = (
    r"^INFO: Created TensorFlow Lite XNNPACK delegate for CPU\.$",
    r"^WARNING: All log messages before absl::InitializeLog\(\) is called are written to STDERR$",
    r"^qt\.qpa\.theme\.dbus|^qt\.qpa\.services|^qt\.dbus",  # there is no desktop under Xvfb
    r"^$",
)
_NETWORK = re.compile(r"\b(connect|sendto|sendmsg)\(.*sa_family=AF_INET6?\b")


class Failed(Exception):
    """The bundle does not do what it should."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bundle", type=Path)
    parser.add_argument("--photos", type=Path, help=f"a folder of at least {_DROPPED} photos; default: made-up ones")
    parser.add_argument("--figures", type=Path, help="write what was measured to this JSON file")
    parser.add_argument("--only-times", action="store_true", help="measure how quickly it starts, and nothing else")
    args = parser.parse_args()
    with contextlib.ExitStack() as stack:
        place = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="roomnet-smoke-")))
        place.chmod(0o755)
        stack.callback(lambda: _writable(place))
        try:
            user = installed_for_a_user(args.bundle.resolve(), place, stack)
            figures = {} if args.only_times else smoke(user, args.photos, place)
            dropped = _photos(args.photos, place / "Fotos vom Haus 一号" / "fifty", _DROPPED)
            user.own(dropped.parent)
            figures |= start_times(user, dropped)
        except Failed as error:
            print(f"FAILED {error}", file=sys.stderr)
            return 1
    if args.figures:
        args.figures.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    print(json.dumps(figures, indent=1))
    return 0


def installed_for_a_user(bundle: Path, place: Path, stack: contextlib.ExitStack) -> User:
    """A copy of the bundle that may not be written to, and someone who uses it, with a display of their own."""
    installed = place / _NAME / bundle.name
    shutil.copytree(bundle, installed, symlinks=True)
    for path in [installed, *installed.rglob("*")]:
        if not path.is_symlink():
            path.chmod(path.stat().st_mode & ~0o222)
    return User(place / "home", installed, display=stack.enter_context(_display()) if LINUX else None)


def smoke(user: User, photos: Path | None, place: Path) -> dict[str, Any]:
    """Everything but the times to start; returns the figures."""
    house = _photos(photos, place / "Fotos vom Haus 一号" / "forty", _PHOTOS)
    user.own(house.parent)
    figures = work_through(user, house)
    for command in (["--version"], ["doctor"]):
        user.command_line(command)
    formats = _formats(place / "Fotos vom Haus 一号" / "formats")
    user.own(formats)
    user.command_line(["classify", str(formats)])  # exit status 1 if one of them cannot be read
    labelled = _labelled(place / "Fotos vom Haus 一号" / "labelled")
    user.own(labelled)
    recipes = ["quick"]
    libraries = user.bundle.rglob("*tensorflow*")
    if any(path.name.startswith(("libtensorflow", "_pywrap_tensorflow")) for path in libraries):
        recipes.append("standard")  # through TensorFlow
    for recipe in recipes:
        figures[f"seconds to train {recipe}"] = train(user, labelled, recipe)
    if LINUX:
        print("no network connection was attempted (strace of all processes)")
    return figures


def work_through(user: User, house: Path) -> dict[str, Any]:
    """Classify with each model, export, sort, undo, read the help, quit; then look at what it left."""
    before = {path.name: path.read_bytes() for path in house.iterdir()}
    report = user.self_test(house, work=True, traced=True)
    if report["photos"] != len(before):
        raise Failed(f"{report['photos']} photos were found, not {len(before)}")
    models = report["models"]
    if len(models) < 2 or any(sum(rooms.values()) != len(before) for rooms in models.values()):
        raise Failed(f"not every photo was classified with each model: {models}")
    _check_excel(Path(report["excel"]), len(before))
    if str(len(before)) not in report["sorted"] or str(len(before)) not in report["undone"]:
        raise Failed(f"sorting said {report['sorted']!r}, undoing said {report['undone']!r}")
    if "photos" not in report["help"]:
        raise Failed(f"the help shows {report['help']!r}")
    if {path.name: path.read_bytes() for path in house.iterdir()} != before:
        raise Failed("the photos are not as they were")
    print(f"classified with {models}; sorted: {report['sorted'].strip()}; undone: {report['undone'].strip()}")
    return {"models": sorted(models)}


def train(user: User, labelled: Path, recipe: str) -> float:
    """One epoch in the process that the bundle starts for it; returns the seconds. The new model must classify."""
    started = time.monotonic()
    user.command_line(["train", str(labelled), "--out", recipe, "--recipe", recipe, "--epochs", "1"])
    seconds = time.monotonic() - started
    if not (user.home / ".local/share/RoomNet/models" / recipe / "card.json").is_file() and LINUX:
        raise Failed(f"training {recipe} left no model")
    user.command_line(["classify", str(labelled), "--model", recipe])
    return round(seconds, 1)


def start_times(user: User, folder: Path, rounds: int = 5) -> dict[str, Any]:
    """Seconds from the start of the program to its window, and to the first prediction; warm, the median."""
    reports = [user.self_test(folder) for _ in range(rounds + 1)][1:]
    return {
        f"seconds to {words}": round(statistics.median(report[name] - report["started"] for report in reports), 2)
        for name, words in (("window", "window"), ("first_prediction", "first prediction"))
    }


class User:
    """Someone with a home of their own, who may not write to the program's folder and has no Python."""

    def __init__(self, home: Path, bundle: Path, display: str | None) -> None:
        self.home, self.bundle = home, bundle
        self.program = bundle / ("Contents/MacOS/roomnet-gui" if bundle.suffix == ".app" else _program_name())
        self._runs = 0
        (home / "nothing").mkdir(parents=True)
        self.environment = dict(os.environ)
        if LINUX:
            self.environment = {"DISPLAY": display or "", "LANG": "C.UTF-8", "QT_QPA_PLATFORM": "xcb"}
        self.environment |= {"HOME": str(home), "PATH": str(home / "nothing"), "XDG_RUNTIME_DIR": str(home)}
        self.own(home)

    def own(self, folder: Path) -> None:
        if LINUX and os.geteuid() == 0:
            for path in [folder, *folder.rglob("*")]:
                os.chown(path, _USER, _USER)

    def self_test(self, folder: Path, *, work: bool = False, traced: bool = False) -> dict[str, Any]:
        """Start the program on `folder` with a data folder that is new; returns its report, and when it was started."""
        self._runs += 1
        place = self.home / f"run {self._runs}"
        (place / "work").mkdir(parents=True)
        request = {"report": str(place / "report.json"), "work": str(place / "work") if work else None}
        (place / "request.json").write_text(json.dumps(request), encoding="utf-8")
        self.own(place)
        trace = place / "trace"
        data = {"ROOMNET_DATA_DIR": str(place / "data")}
        started = time.time()
        self._run(["--self-test", str(place / "request.json"), str(folder)], data, trace if traced else None)
        report: dict[str, Any] = json.loads((place / "report.json").read_text(encoding="utf-8"))
        if report["error"]:
            raise Failed(report["error"])
        _check_lines((place / "data" / "logs").glob("*.log"), _ALLOWED_LOG)
        return report | {"started": started}

    def command_line(self, arguments: list[str]) -> None:
        self._run(["--command-line", *arguments], {}, self.home / "trace")

    def _run(self, arguments: list[str], more: dict[str, str], trace: Path | None) -> None:
        command = [str(self.program), *arguments]
        if trace is not None and LINUX:
            calls = "trace=connect,sendto,sendmsg"
            command = [_tool("strace"), "-f", "--seccomp-bpf", "-e", calls, "-o", str(trace), *command]
        if LINUX and os.geteuid() == 0:
            user = [_tool("setpriv"), f"--reuid={_USER}", f"--regid={_USER}", "--clear-groups", "--no-new-privs"]
            command = [*user, *command]
        result = subprocess.run(
            command,
            env=self.environment | more,
            cwd=self.home,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            errors="replace",
            timeout=600,
        )
        if arguments[0] == "--self-test":
            _check(result.stdout.splitlines(), _ALLOWED_OUTPUT, "standard output")
        if result.returncode != 0:
            report = Path(arguments[1]).with_name("report.json")
            words = report.read_text(encoding="utf-8") if report.is_file() else ""
            raise Failed(f"exit status {result.returncode} of {arguments}:\n{result.stdout}\n{words}")
        if trace is not None and LINUX:
            lines = trace.read_text(errors="replace").splitlines()
            if reached := [line for line in lines if _NETWORK.search(line)]:
                raise Failed(f"{arguments} tried to reach a network:\n" + "\n".join(reached[:10]))
            if not any("+++ exited with" in line for line in lines):
                raise Failed(f"strace did not follow {arguments}")


@contextlib.contextmanager
def _display() -> Iterator[str]:
    """An X server of our own, which anybody on this machine may use."""
    read, write = os.pipe()
    server = subprocess.Popen(
        [_tool("Xvfb"), "-displayfd", str(write), "-screen", "0", "1600x1000x24", "-ac", "-nolisten", "tcp"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    try:
        with os.fdopen(read) as stream:
            yield f":{stream.readline().strip()}"
    finally:
        server.terminate()
        server.wait()


def _photos(source: Path | None, target: Path, number: int) -> Path:
    """`number` photos in a new folder: copies of those in `source`, or made up, as large as a telephone's."""
    target.mkdir(parents=True)
    if source is not None:
        found = sorted(path for path in source.rglob("*") if path.suffix.lower() in (".jpg", ".jpeg"))[:number]
        if len(found) < number:
            raise Failed(f"{source} holds only {len(found)} photos")
        for index, path in enumerate(found):
            shutil.copyfile(path, target / f"Bild {index:03} 房.jpg")
        return target
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(0)
    for index in range(number):
        coarse = random.integers(0, 255, (30, 40, 3), dtype=np.uint8)
        Image.fromarray(coarse).resize((4000, 3000), Image.Resampling.BICUBIC).save(
            target / f"Bild {index:03} 房.jpg", quality=90
        )
    return target


def _formats(target: Path) -> Path:
    """One photo of each format, each with a decoder of its own in the bundle."""
    from PIL import Image
    from pillow_heif import register_heif_opener

    register_heif_opener()
    target.mkdir(parents=True)
    for suffix in ("jpg", "png", "webp", "tif", "bmp", "gif", "avif", "heic"):
        Image.linear_gradient("L").convert("RGB").resize((640, 480)).save(target / f"photo.{suffix}")
    return target


def _labelled(target: Path) -> Path:
    """Two rooms that nobody could confuse, with 24 photos each, as a folder to train on."""
    import numpy as np
    from PIL import Image

    random = np.random.default_rng(1)
    for room, colour in (("Red room", (200, 30, 30)), ("Blue room", (30, 30, 200))):
        (target / room).mkdir(parents=True)
        for index in range(24):
            noise = random.integers(-30, 30, (24, 32, 3))
            pixels = np.clip(np.array(colour) + noise, 0, 255).astype(np.uint8)
            Image.fromarray(pixels).resize((640, 480)).save(target / room / f"{index:02}.jpg")
    return target


def _check_excel(path: Path, rows: int) -> None:
    from openpyxl import load_workbook

    book = load_workbook(path)
    if not any(sheet.max_row >= rows + 1 for sheet in book):
        raise Failed(f"{path.name} does not list {rows} photos")


def _check_lines(files: Iterator[Path], allowed: tuple[str, ...]) -> None:
    for path in files:
        _check(path.read_text(encoding="utf-8").splitlines(), allowed, path.name)


def _check(lines: list[str], allowed: tuple[str, ...], where: str) -> None:
    if strange := [line for line in lines if not any(re.search(pattern, line) for pattern in allowed)]:
        raise Failed(f"{where} says what it should not:\n" + "\n".join(strange[:30]))


def _program_name() -> str:
    return "roomnet-gui.exe" if sys.platform == "win32" else "roomnet-gui"


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Failed(f"{name} is needed for this test and is not installed")
    return found


def _writable(folder: Path) -> None:
    """So that it can be deleted again."""
    for path in folder.rglob("*"):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)


if __name__ == "__main__":
    sys.exit(main())
