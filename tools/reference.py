"""Write what the documentation takes from the program: python -m tools.reference [--check]

`docs/guide/command-line.md` is made from the parser of the command line, the table of keys in `review.md` from the
list that the window shows under `?`, and the fields of `templates.md` from those of name templates. With `--check`
nothing is written; status 1 says that something is out of date.
"""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "guide"

_INTRODUCTION = """\
# Command line

`roomnet` does without a window what RoomNet does with one; both share one catalog, so corrections made in the window
count here too. `roomnet COMMAND --help` says the same as this page.

Photos are only read, unless you ask for them to be moved or given keywords, and both can be undone. No file is ever
overwritten.

The exit status is 0 when all went well, 1 when some files failed, 2 when the request could not be carried out, and 130
after Ctrl-C.
"""
# Examples that take minutes, or need what only the reader has; the reason stands in the page for those who run them.
_NOT_RUN = {
    "batch": "it needs photos in object storage and a cluster",
    "undo": "the numbers are those of your own sorts",
    "train": "they train",
    "import-checkpoint": "it needs a checkpoint of the original RoomNet",
}


# --- the command line


def command_line() -> str:
    """The page, from the parser itself and not from its help text, which Python's versions lay out differently."""
    from roomnet_core.cli import build_parser

    parts = [_INTRODUCTION]
    for name, parser in _subparsers(build_parser()).items():
        parts.append(f"## {name}\n\n{parser.description}\n")
        parts.append(f"```text\n{_usage(f'roomnet {name}', parser)}\n```\n")
        parts += _groups(parser)
        for action, below in _subparsers(parser).items():
            parts.append(f"### {name} {action}\n\n{_sentence(_helps(parser)[action])}\n")
            parts.append(f"```text\n{_usage(f'roomnet {name} {action}', below)}\n```\n")
            parts += _groups(below)
        parts += _epilog(name, parser.epilog or "")
    return "\n".join(parts)


def _subparsers(parser: argparse.ArgumentParser) -> dict[str, argparse.ArgumentParser]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return dict(action.choices)
    return {}


def _helps(parser: argparse.ArgumentParser) -> dict[str, str]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            return {choice.dest: choice.help or "" for choice in action._choices_actions}
    return {}


def _usage(program: str, parser: argparse.ArgumentParser) -> str:
    words = [program]
    options = False
    for action in parser._actions:
        if isinstance(action, argparse._HelpAction):
            continue
        if isinstance(action, argparse._SubParsersAction):
            words.append("[ACTION ...]")
        elif not action.option_strings:
            words.append(_argument(action) if action.nargs != "?" else f"[{_argument(action)}]")
        elif action.required:
            words.append(f"{action.option_strings[0]} {_argument(action)}")
        else:
            options = True
    return " ".join([*words, "[OPTIONS]"] if options else words)


def _groups(parser: argparse.ArgumentParser) -> list[str]:
    """A table for each group of options that has any."""
    tables = []
    for group in parser._action_groups:
        rows = [
            f"| {_name(action)} | {_meaning(action)} |"
            for action in group._group_actions
            if action.help and not isinstance(action, argparse._HelpAction | argparse._SubParsersAction)
        ]
        if rows:
            own = group.title not in ("positional arguments", "options", "optional arguments")
            title = f"{_sentence(group.title or '').removesuffix('.')}:\n\n" if own else ""
            head = "| option | |" if group._group_actions[-1].option_strings else "| argument | |"
            tables.append(f"{title}{head}\n|---|---|\n" + "\n".join(rows) + "\n")
    return tables


def _name(action: argparse.Action) -> str:
    if not action.option_strings:
        return f"`{_argument(action)}`"
    argument = "" if action.nargs == 0 else _argument(action)
    argument = f" [{argument}]" if action.nargs == "?" else f" {argument}" if argument else ""
    return ", ".join(f"`{option}{argument}`" for option in action.option_strings)


def _argument(action: argparse.Action) -> str:
    if action.choices is not None:
        return "{" + ",".join(map(str, action.choices)) + "}"
    return str(action.metavar or action.dest.upper())


def _meaning(action: argparse.Action) -> str:
    words = (action.help or "") % {"default": action.default} if "%" in (action.help or "") else action.help or ""
    words = re.sub(r"(\{\w+\}|(?<![\w`])--[a-z-]+|(?<!\w)_other\b)", r"`\1`", words)
    return _sentence(words).replace("|", "\\|")


def _sentence(words: str) -> str:
    words = words[:1].upper() + words[1:]
    return words if not words or words.endswith((".", ")")) else f"{words}."


def _epilog(name: str, epilog: str) -> list[str]:
    """What stands below the options: paragraphs as text, examples as commands, lists as they are."""
    parts = []
    epilog = re.sub(r"^exit status:.*\n?", "", epilog.strip() + "\n", flags=re.MULTILINE).strip()
    for paragraph in filter(None, re.split(r"\n\s*\n", epilog)):
        head, _, body = paragraph.partition("\n")
        if head == "examples:":
            marker = f"<!-- not run: {_NOT_RUN[name]} -->\n" if name in _NOT_RUN else ""
            parts.append(f"{marker}```sh\n{_examples(body)}\n```\n")
        elif head.endswith(":") and body:
            parts.append(f"```text\n{paragraph}\n```\n")
        else:
            parts.append(re.sub(r"(\(restored\)|_other\b|\.xmp\b|\.aae\b|`[^`]+`)", _quoted, paragraph) + "\n")
    return parts


def _examples(body: str) -> str:
    """Commands with what they are for as comments, each with what goes on in the next line."""
    lines: list[str] = []
    for line in body.splitlines():
        if line.startswith("  roomnet"):
            lines.append(line.strip())
        elif line.strip() and lines:
            lines[-1] += f" {line.strip()}"
    split = [re.sub(r" {2,}", "\0", line, count=1).partition("\0") for line in lines]
    width = max(len(command) for command, _, _ in split)
    return "\n".join(f"{command:<{width}}  # {comment}" if comment else command for command, _, comment in split)


def _quoted(match: re.Match[str]) -> str:
    return match[0] if match[0].startswith("`") else f"`{match[0]}`"


# --- keys and fields


def keys(language: str = "en") -> str:
    """What the window lists under `?`, as tables."""
    from PySide6.QtGui import QUndoGroup

    from roomnet_core.inference.model_file import find_model
    from roomnet_gui.actions import Actions
    from roomnet_gui.review.key_list import key_columns

    with _speaking(language) as application:
        actions = Actions(QUndoGroup(application))
        rooms = find_model().rooms
        actions.set_rooms(rooms)
        parts = []
        for column in key_columns(actions, rooms):
            for group in column:
                lines = [f"| {', '.join(f'`{key}`' for key in line.keys)} | {line.words} |" for line in group.lines]
                parts.append(f"| {group.title} | |\n|---|---|\n" + "\n".join(lines) + "\n")
        return "\n".join(parts)


def fields(language: str = "en") -> str:
    """The fields of a name template."""
    from roomnet_core.sorting.template import FIELDS
    from roomnet_gui.core_texts import spoken

    with _speaking(language):
        meanings = {name: spoken(meaning) for name, meaning in FIELDS.items()}
    lines = [f"| `{{{name}}}` | {meaning[:1].upper()}{meaning[1:]} |" for name, meaning in meanings.items()]
    return f"| {'field' if language == 'en' else '字段'} | |\n|---|---|\n" + "\n".join(lines) + "\n"


@contextmanager
def _speaking(language: str) -> Iterator[Any]:
    """The application, made where there is none, in that language while the block is entered."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtWidgets import QApplication

    from roomnet_gui.language import Language

    application = QApplication.instance() or QApplication([])
    spoken = Language.of(application)
    before = spoken.choice
    spoken.use(language)
    try:
        yield application
    finally:
        spoken.use(before)


# --- writing


def pages() -> dict[Path, str]:
    """Each page that is made, wholly or in part, with what it should hold."""
    made = {GUIDE / "command-line.md": command_line()}
    for language, folder in (("en", GUIDE), ("zh_CN", GUIDE / "zh_CN")):
        review, templates = folder / "review.md", folder / "templates.md"
        made[review] = _between(review.read_text(encoding="utf-8"), "keys", keys(language))
        made[templates] = _between(templates.read_text(encoding="utf-8"), "fields", fields(language))
    return made


def _between(page: str, name: str, text: str) -> str:
    pattern = re.compile(rf"(<!-- {name}: begin[^>]*-->\n).*?(<!-- {name}: end -->)", re.DOTALL)
    return pattern.sub(lambda match: f"{match[1]}{text}{match[2]}", page)


def main() -> int:
    check = sys.argv[1:] == ["--check"]
    stale = [path for path, text in pages().items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in stale:
        print(f"{path.relative_to(ROOT)} is out of date" if check else f"Wrote {path.relative_to(ROOT)}")
        if not check:
            path.write_text(pages()[path], encoding="utf-8")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
