"""What people find at the top of the repository says what it must, and the same as everywhere else."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from tests.docs.blocks import blocks

yaml = pytest.importorskip("yaml", reason="reads settings with PyYAML, which comes with the extra docs")
ROOT = Path(__file__).resolve().parents[2]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_readme_says_what_it_does_shows_it_and_takes_two_commands() -> None:
    text = read("README.md")
    picture, start = text.index("![The window"), text.index("## Start")
    assert text.index("RoomNet sorts house photos by room.") < picture < start
    first, second, *_ = [block for block in blocks() if block.page == "README.md"]
    assert first.commands() == [["make", "run"], ["make", "test"]]
    assert second.language == "bat" and "pip install -e .[test,dev] -c constraints.txt" in second.text
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", text):
        assert (ROOT / target).exists(), target
    assert "](docs/guide/quick-start.md)" in text and "](docs/api.md)" in text


def test_before_a_commit_the_same_is_checked_as_by_continuous_integration() -> None:
    recipe = re.search(r"^lint: setup\n((?:\t.*\n)+)", read("Makefile"), re.MULTILINE)
    assert recipe is not None and "make lint" in read(".ci/run")
    lint = [line.strip().replace("$(PYTHON)", ".venv/bin/python").removesuffix(" .") for line in recipe[1].splitlines()]
    (repository,) = yaml.safe_load(read(".pre-commit-config.yaml"))["repos"]
    assert [hook["entry"] for hook in repository["hooks"]] == lint


def test_the_licence_is_the_one_that_is_stated() -> None:
    project = tomllib.loads(read("pyproject.toml"))["project"]
    assert project["license"] == "MIT" and read("LICENSE").startswith("MIT License")
    assert "[MIT](LICENSE)" in read("README.md") and "[MIT licence](LICENSE)" in read("CONTRIBUTING.md")


def test_the_changelog_names_the_version_that_is_there() -> None:
    version = tomllib.loads(read("pyproject.toml"))["project"]["version"]
    titles = re.findall(r"^## \[?([\w.]+)", read("CHANGELOG.md"), re.MULTILINE)
    assert titles[0] == "Unreleased" and (version in titles or len(titles) == 1)


def test_there_are_templates_for_faults_ideas_and_changes() -> None:
    folder = ROOT / ".github"
    for name in ("bug.md", "idea.md"):
        _, front, body = (folder / "ISSUE_TEMPLATE" / name).read_text(encoding="utf-8").split("---\n", 2)
        assert set(yaml.safe_load(front)) >= {"name", "about"} and body.strip()
    assert "CHANGELOG.md" in (folder / "pull_request_template.md").read_text(encoding="utf-8")
