"""The wheel, installed where the repository is not on the path: its assets are found and its command runs."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("hatchling", reason="builds the wheel with hatchling, of the extra dev")
pytestmark = pytest.mark.install

REPOSITORY = Path(__file__).resolve().parent.parent
WINDOWS = sys.platform == "win32"
PRINT_PLACES = "import roomnet_core, roomnet_core.resources as r; print(roomnet_core.__file__); print(r.assets_dir())"


class Environment:
    """A fresh virtual environment that sees the dependencies of this one, but not the repository."""

    def __init__(self, folder: Path) -> None:
        venv.create(folder, with_pip=False)
        self.scripts = folder / ("Scripts" if WINDOWS else "bin")
        self.python = self.scripts / ("python.exe" if WINDOWS else "python")
        self.workplace = folder / "elsewhere"
        self.workplace.mkdir()
        self.site_packages = Path(self.run(self.python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"))
        # A path file adds the folder alone: path files inside it, such as that of an editable RoomNet, do not count.
        (self.site_packages / "dependencies.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")

    def install(self, *arguments: str | Path) -> None:
        """`pip install` without an index: nothing but what is given is installed."""
        pip = (sys.executable, "-m", "pip", "--python", self.python, "--disable-pip-version-check", "install")
        self.run(*pip, "--quiet", "--no-deps", "--no-index", *arguments)

    def run(self, *command: str | Path) -> str:
        """Run `command` outside the repository; returns its standard output."""
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PIP_"))}
        result = subprocess.run(
            command, cwd=self.workplace, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=600
        )
        assert result.returncode == 0, result.stdout + result.stderr
        return result.stdout.strip()


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder]
    result = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    return next(folder.glob("roomnet-*.whl"))


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Environment:
    environment = Environment(tmp_path_factory.mktemp("installed"))
    environment.install(wheel)
    return environment


def test_wheel_holds_both_packages_the_assets_and_the_licence_and_nothing_else(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    tops = {name.split("/")[0] for name in names}
    assert tops == {"roomnet_core", "roomnet_gui", next(top for top in tops if top.endswith(".dist-info"))}
    assert "roomnet_core/py.typed" in names
    assert any(name.endswith("/licenses/LICENSE") for name in names)
    for asset in (REPOSITORY / "assets").rglob("*"):
        if asset.is_file():
            assert f"roomnet_core/{asset.relative_to(REPOSITORY).as_posix()}" in names
    assert [name for name in names if "__pycache__" in name] == []


def test_installed_wheel_finds_its_assets_inside_site_packages(installed: Environment) -> None:
    package, assets = map(Path, installed.run(installed.python, "-I", "-c", PRINT_PLACES).splitlines())
    assert package.is_relative_to(installed.site_packages)
    assert assets == installed.site_packages / "roomnet_core" / "assets"
    assert list(assets.glob("models/*/card.json"))
    assert list(assets.glob("icons/*"))
    assert {path.name for path in assets.glob("translations/*.qm")} == {"roomnet_en.qm", "roomnet_zh_CN.qm"}


def test_installed_wheel_has_a_model_that_opens(installed: Environment) -> None:
    code = "from roomnet_core.inference.model_file import find_model; print(find_model(None).folder)"
    folder = Path(installed.run(installed.python, "-I", "-c", code))
    assert folder.is_relative_to(installed.site_packages)


def test_installed_command_prints_its_help(installed: Environment) -> None:
    text = installed.run(installed.scripts / "roomnet", "--help")
    assert "classify" in text


def test_installed_window_can_be_imported(installed: Environment) -> None:
    installed.run(installed.python, "-I", "-c", "import roomnet_gui.application")
    assert (installed.scripts / ("roomnet-gui.exe" if WINDOWS else "roomnet-gui")).is_file()


def test_editable_install_uses_the_assets_of_the_source_tree(tmp_path: Path) -> None:
    environment = Environment(tmp_path / "editable")
    environment.install("--no-build-isolation", "--editable", REPOSITORY)
    package, assets = map(Path, environment.run(environment.python, "-I", "-c", PRINT_PLACES).splitlines())
    assert package == REPOSITORY / "roomnet_core" / "__init__.py"
    assert assets == REPOSITORY / "assets"


def test_frozen_bundle_uses_the_assets_beside_its_libraries(tmp_path: Path) -> None:
    code = f"import sys; sys._MEIPASS = {str(tmp_path)!r}; {PRINT_PLACES}"
    output = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert Path(output.stdout.splitlines()[1]) == tmp_path / "assets"


def test_installed_wheel_has_the_page_of_every_dialog_and_its_pictures(installed: Environment) -> None:
    """What F1 opens: the guide is found where the wheel put it, and nothing of it is missing."""
    code = (
        "from roomnet_core.resources import docs_dir; from roomnet_gui.help import GUIDE, PAGES;"
        "from roomnet_gui.help_window import read_guide; guide = read_guide(docs_dir(), GUIDE, 'zh_CN');"
        "print(docs_dir()); print({place.partition('#')[0] for place in PAGES.values()} - set(guide.pages),"
        " [name for name, (_, size) in guide.pictures.items() if size.isEmpty()], len(guide.pages),"
        " len(guide.pictures) > 8)"
    )
    folder, found = installed.run(installed.python, "-I", "-c", code).splitlines()
    assert Path(folder) == installed.site_packages / "roomnet_core" / "assets" / "docs"
    assert found == "set() [] 9 True"
