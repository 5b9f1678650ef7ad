"""The code blocks of README and docs: found, taken apart into commands, and checked against the program."""

from __future__ import annotations

import importlib.util
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt

from roomnet_core.cli import build_parser

ROOT = Path(__file__).resolve().parents[2]
_MARKER = re.compile(r"<!-- not run: (.+) -->")
_PROGRAMS = ("roomnet", "make", "python")


@dataclass(frozen=True, slots=True)
class Block:
    """`why_not` is the reason that stands in a comment above a block which is only parsed."""

    page: str
    line: int
    language: str
    text: str
    why_not: str = ""

    @property
    def name(self) -> str:
        return f"{self.page}:{self.line}"

    def commands(self) -> list[list[str]]:
        """The words of each line, without comments."""
        return [words for line in self.text.splitlines() if (words := shlex.split(line, comments=True))]


def pages() -> list[Path]:
    """Every page that people read."""
    top = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
    # Translated pages have the blocks of the English ones, which a test of the help compares.
    docs = [path for path in sorted((ROOT / "docs").rglob("*.md")) if path.parent.name != "zh_CN"]
    return [*top, ROOT / "assets" / "samples" / "README.md", *docs]


def blocks() -> list[Block]:
    return [block for page in pages() for block in _blocks_of(page)]


def _blocks_of(path: Path) -> Iterator[Block]:
    why_not = ""
    for token in MarkdownIt("commonmark").parse(path.read_text(encoding="utf-8")):
        if token.type == "html_block" and (marker := _MARKER.search(token.content)):
            why_not = marker[1]
        elif token.type in ("fence", "code_block"):
            assert token.map is not None
            language = token.info.strip() or _language(token.content)
            name = path.relative_to(ROOT).as_posix()
            yield Block(name, token.map[0] + 1, language, token.content, why_not)
            why_not = ""
        elif token.type.endswith("_open"):
            why_not = ""


def _language(text: str) -> str:
    """Of a block that does not name it: lines of a shell, or text such as a drawing."""
    return "sh" if text.split(maxsplit=1)[0] in _PROGRAMS else "text"


def inline_commands() -> list[tuple[str, list[str]]]:
    """Commands in the middle of a sentence, as `page` and words; what stands for a value is in capital letters."""
    found = []
    for path in pages():
        for token in MarkdownIt("commonmark").enable("table").parse(path.read_text(encoding="utf-8")):
            for child in token.children or ():
                if child.type == "code_inline" and child.content.split(" ")[0] in _PROGRAMS and " " in child.content:
                    found.append((path.relative_to(ROOT).as_posix(), child.content.split()))
    return found


# --- checking without running


def check(words: list[str]) -> str:
    """What is wrong with a command, or nothing. Of `roomnet` all words are parsed, of others what can be known."""
    program = words[0]
    if program == "make":
        return _check_make(words[1:])
    if program == "roomnet":
        return parse(arguments(words))
    if program == "python" and words[1:2] == ["-m"]:
        return "" if importlib.util.find_spec(words[2]) is not None else f"There is no module {words[2]}"
    return ""


def arguments(words: list[str]) -> list[str]:
    """What comes after `roomnet`, up to a pipe."""
    return words[1 : words.index("|") if "|" in words else None]


def parse(arguments: list[str]) -> str:
    try:
        build_parser().parse_args(arguments)
    except SystemExit as request:
        return "" if request.code == 0 else f"roomnet {shlex.join(arguments)} is refused"
    return ""


def _check_make(words: list[str]) -> str:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for word in words:
        name, is_variable, _ = word.partition("=")
        known = rf"\$\({name}\)|ifdef {name}" if is_variable else rf"^(?:[\w -]+ )?{name}(?: [\w -]+)?:"
        if not re.search(known, makefile, re.MULTILINE):
            return f"The Makefile knows no {name}"
    return ""


def check_reader(words: list[str], output: str) -> None:
    """What stands after a pipe would understand what comes through it; `jq .key` is all that there is."""
    program, key = words[words.index("|") + 1 :]
    assert program == "jq" and key.removeprefix(".") in json.loads(output)
