"""The version resource of the Windows program, which Explorer and SmartScreen show."""

from __future__ import annotations

from typing import Any


def fields(version: str) -> tuple[tuple[int, int, int, int], dict[str, str]]:
    """The four numbers and the words of the resource. `version` is `MAJOR.MINOR.PATCH`."""
    major, minor, patch = (int(part) for part in version.split("."))
    words = {
        "CompanyName": "The RoomNet developers",
        "FileDescription": "RoomNet",
        "FileVersion": version,
        "InternalName": "roomnet-gui",
        "LegalCopyright": "MIT licence; the licences of what it contains are in the folder licences",
        "OriginalFilename": "roomnet-gui.exe",
        "ProductName": "RoomNet",
        "ProductVersion": version,
    }
    return (major, minor, patch, 0), words


def resource(version: str) -> Any:
    """What PyInstaller writes into the program."""
    from PyInstaller.utils.win32 import versioninfo as v

    numbers, words = fields(version)
    table = v.StringTable("040904B0", [v.StringStruct(name, value) for name, value in words.items()])
    return v.VSVersionInfo(
        ffi=v.FixedFileInfo(filevers=numbers, prodvers=numbers),
        kids=[v.StringFileInfo([table]), v.VarFileInfo([v.VarStruct("Translation", [0x0409, 1200])])],
    )
