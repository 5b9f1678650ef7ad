"""What can be told of the Windows and Mac installers without those systems: that what they name is there."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree

from tests.conftest import REPOSITORY
from tests.packaging.conftest import PACKAGING

SETTINGS = "{http://schemas.microsoft.com/SMI/2016/WindowsSettings}"


def test_the_windows_program_takes_long_paths() -> None:
    root = ElementTree.parse(PACKAGING / "windows/roomnet.manifest").getroot()
    (long_paths,) = root.iter(f"{SETTINGS}longPathAware")
    assert long_paths.text == "true"
    (level,) = root.iter("{urn:schemas-microsoft-com:asm.v3}requestedExecutionLevel")
    assert level.get("level") == "asInvoker"


def test_the_windows_installer_is_for_one_user_and_offers_folders_to_the_program() -> None:
    script = (PACKAGING / "windows/roomnet.iss").read_text(encoding="utf-8")
    assert "PrivilegesRequired=lowest" in script
    assert re.search(r"SortPhotos=Sort photos with RoomNet\n", script)
    commands = [line for line in script.splitlines() if line.startswith("Root") and "\\command" in line]
    opened = {line.split("Classes\\")[1].split("\\shell")[0] for line in commands}
    assert {"Directory", "Directory\\Background"} <= opened
    for line in commands:  # a doubled quote is one: the program and what it opens, each in quotes
        assert re.search(r'ValueData: """\{app\}\\roomnet-gui\.exe"" ""%[1V]"""', line), line
    spec = (REPOSITORY / "build_installer.spec").read_text(encoding="utf-8")
    assert 'name="roomnet-gui"' in spec and 'f"roomnet-{flavour}"' in spec
    assert "dist\\roomnet-{#Flavour}\\*" in script


def test_the_workflow_calls_what_is_there() -> None:
    workflow = (REPOSITORY / ".github/workflows/installers.yml").read_text(encoding="utf-8")
    called = re.findall(r"packaging/\S+\.(?:py|sh)", workflow)
    assert {"packaging/build.py", "packaging/linux/test_deb.sh"} <= set(called)
    for name in called:
        assert (REPOSITORY / name).is_file()
    for system in ("ubuntu", "windows", "macos"):
        assert system in workflow
