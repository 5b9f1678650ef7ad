"""The desktop entry, the icons, the metadata and the package, without a bundle to put into them."""

from __future__ import annotations

import configparser
import importlib.metadata as metadata
import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import icons
import packages
import pytest
import stand_in
from PIL import Image

from tests.packaging.conftest import PACKAGING

LINUX = PACKAGING / "linux"
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="Linux packages are made on Linux")


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("icons")
    command = [sys.executable, PACKAGING / "icons.py", PACKAGING.parent / "assets/icons", folder]
    subprocess.run(command, check=True)
    return {path.stem.removeprefix("roomnet-"): path for path in folder.glob("*.png")}


def test_the_scripts_are_sound() -> None:
    if shutil.which("shellcheck") is None:
        pytest.skip("needs shellcheck")
    subprocess.run(["shellcheck", *PACKAGING.rglob("*.sh"), PACKAGING.parent / ".ci/run"], check=True)


def heif_libraries() -> list[Path]:
    return list(Path(str(metadata.distribution("pillow-heif").locate_file("pillow_heif.libs"))).glob("*"))


@pytest.mark.skipif(not any("x265" in path.name for path in heif_libraries()), reason="there is no encoder to replace")
@pytest.mark.skipif(shutil.which("cc") is None or shutil.which("nm") is None, reason="needs a C compiler and binutils")
def test_heic_is_read_with_a_stand_in_for_the_encoder(tmp_path: Path) -> None:
    import pillow_heif

    pillow_heif.from_pillow(Image.new("RGB", (64, 48), (200, 30, 30))).save(tmp_path / "red.heic")
    (encoder,) = (path for path in heif_libraries() if "x265" in path.name)
    made = stand_in.make(encoder, tmp_path / "made")
    assert made.name == encoder.name and made.stat().st_size < stand_in.LARGEST
    site = tmp_path / "site"
    shutil.copytree(Path(pillow_heif.__file__).parent, site / "pillow_heif")
    shutil.copytree(encoder.parent, site / "pillow_heif.libs")
    for extension in encoder.parents[1].glob("_pillow_heif*.so"):
        shutil.copyfile(extension, site / extension.name)
    shutil.copyfile(made, site / "pillow_heif.libs" / made.name)
    code = """
from pillow_heif import HeifImageFile
with open("red.heic", "rb") as stream:
    image = HeifImageFile(stream)
    print(image.size, *(round(value, -1) for value in image.getpixel((32, 24))))
print(*{line.split()[-1] for line in open("/proc/self/maps") if "x265" in line})
"""
    environment = {**os.environ, "PYTHONPATH": str(site), "LD_BIND_NOW": "1"}  # every function that it wants is there
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    assert answer.stdout.splitlines() == ["(64, 48) 200 30 30", str(site / "pillow_heif.libs" / made.name)]


def entry() -> configparser.SectionProxy:
    parser = configparser.ConfigParser(interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read(LINUX / "roomnet.desktop", encoding="utf-8")
    return parser["Desktop Entry"]


def test_the_desktop_entry_opens_folders_and_photos() -> None:
    assert entry()["Exec"] == "roomnet-gui %F"
    types = entry()["MimeType"].split(";")
    assert {"inode/directory", "image/jpeg", "image/heif"} <= set(types)
    if shutil.which("desktop-file-validate"):
        subprocess.run(["desktop-file-validate", LINUX / "roomnet.desktop"], check=True)


def test_the_metadata_belongs_to_the_entry_and_is_valid() -> None:
    root = ElementTree.parse(LINUX / packages.METAINFO).getroot()
    assert root.findtext("launchable") == "roomnet.desktop"
    assert root.findtext("id") == packages.METAINFO.removesuffix(".metainfo.xml")
    if shutil.which("appstreamcli"):
        subprocess.run(["appstreamcli", "validate", "--no-net", LINUX / packages.METAINFO], check=True)


def test_icons_of_all_sizes_show_something(drawn: dict[str, Path]) -> None:
    for size in icons.SIZES:
        with Image.open(drawn[str(size)]) as image:
            assert image.size == (size, size)
            assert image.mode == "RGBA"
            assert len(image.getcolors(maxcolors=1 << 20) or ()) > 4
            assert image.getpixel((0, 0))[3] == 0  # type: ignore[index]


def test_the_icon_files_of_windows_and_macs(drawn: dict[str, Path]) -> None:
    folder = drawn["16"].parent
    with Image.open(folder / "roomnet.ico") as icon:
        assert {(16, 16), (32, 32), (256, 256)} <= icon.info["sizes"]
    with Image.open(folder / "roomnet.icns") as icon:
        assert icon.format == "ICNS"


@pytest.fixture
def bundle(tmp_path: Path) -> Path:
    """A program that is really linked, in the place of the bundle's."""
    folder = tmp_path / "dist" / "roomnet-light"
    (folder / "_internal").mkdir(parents=True)
    shutil.copyfile(os.path.realpath("/bin/sh"), folder / "roomnet-gui")
    (folder / "roomnet-gui").chmod(0o755)
    (folder / "_internal" / "data.txt").write_text("data")
    return folder


@pytest.mark.skipif(shutil.which("dpkg-shlibdeps") is None, reason="needs dpkg-dev")
def test_the_package(drawn: dict[str, Path], bundle: Path, tmp_path: Path) -> None:
    deb = packages.make_deb(bundle, drawn, "light", "1.2.3", tmp_path, tmp_path / "work")
    assert deb.name.startswith("roomnet-light_1.2.3_")

    def ask(*arguments: str) -> str:
        return subprocess.run(["dpkg-deb", *arguments], check=True, capture_output=True, text=True).stdout

    assert "libc6 (>= " in ask("--field", str(deb), "Depends")
    assert ask("--field", str(deb), "Conflicts").strip() == "roomnet"
    content = ask("--contents", str(deb))
    for path in (
        "./usr/lib/roomnet/roomnet-gui",
        "./usr/bin/roomnet-gui -> ../lib/roomnet/roomnet-gui",
        "./usr/share/applications/roomnet.desktop",
        "./usr/share/icons/hicolor/256x256/apps/roomnet.png",
        "./usr/share/icons/hicolor/scalable/apps/roomnet.svg",
        "./usr/share/doc/roomnet-light/copyright",
    ):
        assert path in content
    assert all("root/root" in line for line in content.splitlines())
    assert not (tmp_path / "work").exists()


def test_the_folder_puts_itself_into_the_menu_and_out(drawn: dict[str, Path], bundle: Path, tmp_path: Path) -> None:
    tar = packages.make_tar(bundle, drawn, "light", "1.2.3", tmp_path, tmp_path / "work")
    place, home = tmp_path / 'Pro "gramme" 50% `x`', tmp_path / "home"
    place.mkdir()
    subprocess.run(["tar", "xzf", tar, "-C", place], check=True)
    (folder,) = place.iterdir()
    environment = {"HOME": str(home), "PATH": os.environ["PATH"]}
    subprocess.run([folder / "add-to-menu.sh"], check=True, env=environment)
    written = (home / ".local/share/applications/roomnet.desktop").read_text(encoding="utf-8")
    escaped = str(folder).replace('"', '\\\\"').replace("`", r"\\`").replace("%", "%%")
    assert f'Exec="{escaped}/roomnet-gui" %F\n' in written
    assert (home / ".local/share/icons/hicolor/48x48/apps/roomnet.png").is_file()
    subprocess.run([folder / "add-to-menu.sh", "--remove"], check=True, env=environment)
    assert [path for path in home.rglob("*") if path.is_file()] == []
