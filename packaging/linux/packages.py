"""Makes the two Linux packages of a finished bundle: a .deb, and a tar.gz that needs no root."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections.abc import Iterable
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
METAINFO = "app.roomnet.RoomNet.metainfo.xml"

_DESCRIPTION = """\
sorts house photos by room
 Drop a folder of house photos: RoomNet says which room each shows, and sorts
 them into folders or lists them in a table. No photo leaves the computer."""
_FLAVOUR = {
    "light": " .\n This is the light flavour: everything but training a model of your own.",
    "full": " .\n This is the full flavour, which can also train a model on your own photos.",
}


def package_name(flavour: str) -> str:
    """Only one of the two can be installed: they hold the same commands."""
    return "roomnet" if flavour == "full" else "roomnet-light"


def make_deb(bundle: Path, icons: dict[str, Path], flavour: str, version: str, target: Path, work: Path) -> Path:
    """The Debian package. Its files belong to root, whoever builds it."""
    shutil.rmtree(work, ignore_errors=True)
    usr = work / "usr"
    shutil.copytree(bundle, usr / "lib/roomnet", symlinks=True)
    (usr / "bin").mkdir()
    (usr / "bin/roomnet-gui").symlink_to("../lib/roomnet/roomnet-gui")
    (usr / "bin/roomnet").write_text('#!/bin/sh\nexec /usr/lib/roomnet/roomnet-gui --command-line "$@"\n')
    (usr / "bin/roomnet").chmod(0o755)
    share(usr / "share", icons)
    documents = usr / "share/doc" / package_name(flavour)
    documents.mkdir(parents=True)
    shutil.copyfile(ROOT / "LICENSE", documents / "copyright")
    with (documents / "copyright").open("a", encoding="utf-8") as stream:
        stream.write("\nWhat else is in this package, and its licences: /usr/lib/roomnet/_internal/licences\n")
    control(work, flavour, version)
    for path in [work, *work.rglob("*")]:
        if not path.is_symlink():
            executable = path.is_dir() or os.access(path, os.X_OK)
            path.chmod(0o755 if executable else 0o644)
    deb = target / f"{package_name(flavour)}_{version}_{_architecture()}.deb"
    subprocess.run(["dpkg-deb", "--root-owner-group", "-Zxz", "--build", work, deb], check=True, stdout=sys.stderr)
    shutil.rmtree(work)
    return deb


def share(target: Path, icons: dict[str, Path]) -> None:
    """The desktop entry, the icons in all sizes and the AppStream metadata, as they lie in a `share` folder."""
    for folder, name in (("applications", "roomnet.desktop"), ("metainfo", METAINFO)):
        (target / folder).mkdir(parents=True)
        shutil.copyfile(HERE / name, target / folder / name)
    for size, icon in icons.items():
        if size.isdigit() and int(size) <= 512:
            place = target / f"icons/hicolor/{size}x{size}/apps/roomnet.png"
            place.parent.mkdir(parents=True)
            shutil.copyfile(icon, place)
    place = target / "icons/hicolor/scalable/apps/roomnet.svg"
    place.parent.mkdir(parents=True)
    shutil.copyfile(ROOT / "assets/icons/roomnet.svg", place)


def control(work: Path, flavour: str, version: str) -> None:
    """DEBIAN/control and md5sums for the tree in `work`."""
    name, other = package_name(flavour), package_name("light" if flavour == "full" else "full")
    files = sorted(path for path in (work / "usr").rglob("*") if path.is_file() and not path.is_symlink())
    kilobytes = sum(path.stat().st_size for path in files) // 1024
    fields = {
        "Package": name,
        "Version": version,
        "Architecture": _architecture(),
        "Maintainer": "The RoomNet developers <developers@roomnet.invalid>",
        "Section": "graphics",
        "Priority": "optional",
        "Installed-Size": str(kilobytes),
        "Depends": ", ".join(depends(work / "usr/lib/roomnet", files)),
        "Recommends": "fonts-dejavu-core | fonts-freefont-ttf, xdg-desktop-portal",
        "Conflicts": other,
        "Replaces": other,
        "Description": _DESCRIPTION + "\n" + _FLAVOUR[flavour],
    }
    folder = work / "DEBIAN"
    folder.mkdir()
    (folder / "control").write_text("".join(f"{key}: {value}\n" for key, value in fields.items()), encoding="utf-8")
    sums = subprocess.run(
        ["md5sum", "--", *(path.relative_to(work) for path in files)], cwd=work, check=True, capture_output=True
    )
    (folder / "md5sums").write_bytes(sums.stdout)


def depends(bundle: Path, files: Iterable[Path]) -> list[str]:
    """The Debian packages of the system's libraries that the bundle links to, with versions, as dpkg-shlibdeps says."""
    programs = [path for path in files if path.is_relative_to(bundle) and _is_elf(path)]
    folders = sorted({path.parent for path in programs})
    (bundle.parents[1] / "debian").mkdir()
    (bundle.parents[1] / "debian/control").write_text("Source: roomnet\n\nPackage: roomnet\nArchitecture: any\n")
    try:
        answer = subprocess.run(
            [
                *("dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0"),
                *(f"-l{folder}" for folder in folders),
                # TensorFlow's own links lead to the C and C++ libraries alone, and reading 1 GB of them takes minutes.
                *(f"-e{path}" for path in programs if "tensorflow" not in path.parts),
            ],
            cwd=bundle.parents[1],
            check=True,
            capture_output=True,
            text=True,
        )
    finally:
        shutil.rmtree(bundle.parents[1] / "debian")
    match = re.search(r"^shlibs:Depends=(.*)$", answer.stdout, re.MULTILINE)
    assert match is not None, answer.stdout
    return match.group(1).split(", ")


def make_tar(bundle: Path, icons: dict[str, Path], flavour: str, version: str, target: Path, work: Path) -> Path:
    """The folder for people without root: it runs where it lies, and `add-to-menu.sh` puts it into the menu."""
    name = f"{package_name(flavour)}-{version}-linux-{_machine()}"
    shutil.rmtree(work, ignore_errors=True)
    share(work / "share", icons)
    shutil.copyfile(HERE / "add-to-menu.sh", work / "add-to-menu.sh")
    (work / "add-to-menu.sh").chmod(0o755)
    path = target / f"{name}.tar.gz"

    def owned_by_root(member: tarfile.TarInfo) -> tarfile.TarInfo:
        member.uid = member.gid = 0
        member.uname = member.gname = "root"
        return member

    with tarfile.open(path, "w:gz", compresslevel=6) as archive:
        archive.add(bundle, name, filter=owned_by_root)
        for extra in sorted(work.iterdir()):
            archive.add(extra, f"{name}/{extra.name}", filter=owned_by_root)
    shutil.rmtree(work)
    return path


def _is_elf(path: Path) -> bool:
    with path.open("rb") as stream:
        return stream.read(4) == b"\x7fELF"


def _machine() -> str:
    return os.uname().machine


def _architecture() -> str:
    return {"x86_64": "amd64", "aarch64": "arm64"}.get(_machine(), _machine())
