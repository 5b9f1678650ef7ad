"""What can be told of the Windows and Mac installers without those systems: that what they name is there."""

from __future__ import annotations

import importlib.metadata as metadata
import plistlib
import re
import xml.etree.ElementTree as ElementTree
from collections import defaultdict
from pathlib import PureWindowsPath

import mac_info
import windows_version

from tests.conftest import REPOSITORY
from tests.packaging.conftest import PACKAGING

SETTINGS = "{http://schemas.microsoft.com/SMI/2016/WindowsSettings}"
# Messages and folders that Inno Setup brings along, of those that it documents.
INNO_MESSAGES = {"CreateDesktopIcon", "AdditionalIcons", "LaunchProgram"}
INNO_FOLDERS = {"app", "autopf", "autoprograms", "autodesktop", "userdocs"}

Entry = dict[str, str]


def inno_sections() -> tuple[Entry, dict[str, list[Entry]]]:
    """The settings, and the entries of every other section by parameter, with Inno Setup's quotes taken off."""
    settings: Entry = {}
    sections: dict[str, list[Entry]] = defaultdict(list)
    section = ""
    for line in (PACKAGING / "windows/roomnet.iss").read_text(encoding="utf-8").splitlines():
        if not line or line.lstrip().startswith((";", "#")):
            continue
        if match := re.fullmatch(r"\[(\w+)\]", line):
            section = match.group(1)
        elif section in ("Setup", "CustomMessages"):
            name, value = line.split("=", 1)
            (settings if section == "Setup" else sections[section].append({}) or sections[section][-1])[name] = value
        else:
            entry: Entry = {}
            rest = line
            while rest:
                match = re.match(r'\s*(\w+):\s*("(?:[^"]|"")*"|[^";]*)\s*(?:;|$)', rest)
                assert match is not None, f"not an entry of Inno Setup: {line}"
                value = match.group(2).strip()
                entry[match.group(1)] = value[1:-1].replace('""', '"') if value.startswith('"') else value
                rest = rest[match.end() :]
            sections[section].append(entry)
    return settings, sections


def test_the_windows_program_takes_long_paths() -> None:
    root = ElementTree.parse(PACKAGING / "windows/roomnet.manifest").getroot()
    (long_paths,) = root.iter(f"{SETTINGS}longPathAware")
    assert long_paths.text == "true"
    (level,) = root.iter("{urn:schemas-microsoft-com:asm.v3}requestedExecutionLevel")
    assert level.get("level") == "asInvoker"


def test_the_windows_installer_is_for_one_user() -> None:
    settings, sections = inno_sections()
    assert settings["PrivilegesRequired"] == "lowest"
    assert settings["DefaultDirName"] == r"{autopf}\RoomNet"
    assert re.fullmatch(r"\{\{[0-9A-F-]{36}\}", settings["AppId"])
    assert "Uninstallable" not in settings  # its default is yes
    assert {entry["Root"] for entry in sections["Registry"]} == {"HKA"}
    for entry in sections["Icons"] + sections["Files"]:
        assert not re.search(r"\{(common|pf|sys|win)", str(entry))  # all of which belong to everybody
    assert any(entry["Name"].startswith("{autoprograms}") for entry in sections["Icons"])
    (files,) = sections["Files"]
    assert files["Source"] == r"dist\roomnet-{#Flavour}\*"
    spec = (REPOSITORY / "build_installer.spec").read_text(encoding="utf-8")
    assert 'name="roomnet-gui"' in spec and 'f"roomnet-{flavour}"' in spec


def test_the_windows_installer_offers_folders_and_drives_to_the_program() -> None:
    _, sections = inno_sections()
    keys = {(entry["Subkey"], entry.get("ValueName", "")): entry for entry in sections["Registry"]}
    (words,) = (entry["SortPhotos"] for entry in sections["CustomMessages"] if "SortPhotos" in entry)
    assert words == "Sort photos with RoomNet"
    for kind in ("Directory", r"Directory\Background", "Drive"):
        menu = keys[rf"Software\Classes\{kind}\shell\RoomNet", ""]
        assert menu["ValueData"] == "{cm:SortPhotos}"
        assert menu["Flags"] == "uninsdeletekey"  # the uninstaller takes it away
        command = keys[rf"Software\Classes\{kind}\shell\RoomNet\command", ""]["ValueData"]
        assert re.fullmatch(r'"\{app\}\\roomnet-gui\.exe" "%[1V]\\\."', command)
    assert str(PureWindowsPath("D:\\\\.")) == "D:\\" and str(PureWindowsPath(r"D:\photos\.")) == r"D:\photos"


def test_what_the_windows_installer_refers_to_is_defined() -> None:
    settings, sections = inno_sections()
    everything = [settings, *(entry for entries in sections.values() for entry in entries)]
    messages = INNO_MESSAGES.union(*sections["CustomMessages"])
    for entry in everything:
        for name in re.findall(r"\{cm:(\w+)", str(entry)):
            assert name in messages
        for name in re.findall(r"(?<!\{)\{(\w+)\}", " ".join(entry.values())):
            assert name in INNO_FOLDERS
    tasks = {entry["Name"] for entry in sections["Tasks"]}
    assert {entry["Tasks"] for entry in everything if "Tasks" in entry} == tasks
    assert (REPOSITORY / settings["LicenseFile"]).is_file()
    passed = set(re.findall(r"/D(\w+)=", (PACKAGING / "build.py").read_text(encoding="utf-8")))
    used = set(re.findall(r"\{#(\w+)\}", (PACKAGING / "windows/roomnet.iss").read_text(encoding="utf-8")))
    assert used == passed


def test_the_windows_program_says_its_version() -> None:
    numbers, words = windows_version.fields(metadata.version("roomnet"))
    assert numbers == (*map(int, words["FileVersion"].split(".")), 0)
    assert words["OriginalFilename"] == f"{words['InternalName']}.exe" == "roomnet-gui.exe"


def test_the_mac_application_takes_folders_and_photos() -> None:
    made = plistlib.loads(plistlib.dumps(mac_info.plist("1.2.3", ["en", "zh_CN"])))
    types = {name for kind in made["CFBundleDocumentTypes"] for name in kind["LSItemContentTypes"]}
    assert {"public.folder", "public.image"} <= types
    assert made["LSArchitecturePriority"] == ["arm64"]
    assert made["CFBundleShortVersionString"] == "1.2.3"
    assert made["CFBundleLocalizations"] == ["en", "zh_CN"]


def test_the_workflow_calls_what_is_there() -> None:
    workflow = (REPOSITORY / ".github/workflows/installers.yml").read_text(encoding="utf-8")
    called = re.findall(r"packaging/\S+\.(?:py|sh)", workflow)
    assert {"packaging/build.py", "packaging/linux/test_deb.sh"} <= set(called)
    for name in called:
        assert (REPOSITORY / name).is_file()
    for system in ("ubuntu", "windows", "macos"):
        assert system in workflow
