"""The laws of the house: who may import whom, what an import costs, and what the repository must not hold."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
HEAVY = ("tensorflow", "keras", "ai_edge_litert", "torch", "PySide6", "roomnet_gui", "ray", "pyarrow", "fsspec")
# Where a text would tie the project to one machine or one package server.
FORBIDDEN_TEXT = re.compile(
    rb"(?<![\w.])/(?:work|home|root)/\w"  # a developer's own folders
    rb"|(?:--|\b)(?:extra-)?index-url\b"
    rb"|https?://[^\s)>\"']*(?:pypi|pythonhosted|/simple)\b",
    re.IGNORECASE,
)
TEXT_SUFFIXES = {".py", ".md", ".toml", ".txt", ".sh", ".json", ".spec", ".yml", ".yaml", ".cfg", ".csv", ".svg", ""}


def test_imports_keep_the_laws() -> None:
    pytest.importorskip("importlinter", reason="import-linter is of the extra dev")
    command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"]
    result = subprocess.run([*command, "--no-cache"], cwd=REPOSITORY, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Contracts: " in result.stdout  # it ran at all


@pytest.mark.parametrize("module", ["roomnet_core", "roomnet_core.cli", "roomnet_core.inference.classify"])
def test_importing_the_core_loads_nothing_heavy(module: str) -> None:
    code = f"import sys, {module}; print(*(name for name in {HEAVY!r} if name in sys.modules))"
    result = subprocess.run([sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    assert result.stdout.split() == []


def test_no_tracked_file_names_a_package_server_or_a_folder_of_one_machine() -> None:
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True)
    if listing.returncode != 0:
        pytest.skip("not a git checkout")
    found = []
    for name in filter(None, listing.stdout.split("\0")):
        path = REPOSITORY / name
        if path == Path(__file__).resolve() or path.suffix not in TEXT_SUFFIXES or not path.is_file():
            continue
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            if match := FORBIDDEN_TEXT.search(line):
                found.append(f"{name}:{number}: {match.group().decode(errors='replace')}")
    assert found == []


def test_constraints_hold_names_and_versions_only() -> None:
    lines = (REPOSITORY / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert [line for line in pins if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line)] == []
