"""Bring the translations up to date: python -m tools.translations [--check]

Finds every text of the window, and every sentence of the core that the window may show, in the source; writes them into
`assets/translations/roomnet_LANGUAGE.ts`, keeping what is translated; and compiles those to the `.qm` files that the
program loads. A new text is there as `unfinished` afterwards: write its translation into the `.ts` file (Qt Linguist is
`pyside6-linguist`) and run this again. With `--check` nothing is written; status 1 says that something is out of date.

Texts are found where they are marked: `self.tr("…")` (its context is the class), `tr("…")` where a module defines
`tr` over `QCoreApplication.translate("Context", text)`, and `QT_TRANSLATE_NOOP("Context", "…")`. A text with `%n` or
`%Ln` has plural forms; English has a file for those alone. The core marks nothing, because it knows no window: of its
errors, findings and options all sentences are taken, and `roomnet_gui.language` recognises them when they come.
"""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path

import PySide6

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "assets" / "translations"
LANGUAGES = {"en": 2, "zh_CN": 1}
"""How many plural forms each has, in Qt's order."""
CORE = "Core"
CORE_INDEX = FOLDER / "core.txt"

Key = tuple[str, str]  # context, text
_PLURAL = re.compile(r"%L?n")
# Parts of the core whose sentences never reach the window: commands, clusters, tools for developers, networks' own.
_UNSEEN = ("batch/", "cli/", "network/", *(f"training/{name}.py" for name in (
    "augmentation", "classic", "command", "dataset", "plots", "recipe", "trainer",
)))  # fmt: skip
# Where single words are texts too: titles of options, columns and figures.
_WORDS = ("export/cells.py", "export/excel.py", "training/options.py", "training/report.py", "training/process.py")
# What looks like a sentence and is none: queries, formats, markup, and words by which the program knows things.
_NO_SENTENCE = re.compile(
    r"SELECT|INSERT|DELETE|UPDATE|CREATE|DROP|PRAGMA|BEGIN|WHERE|IS NULL| = \?| AND |id IN|np\.|^<|xmlns|%[YHm]"
    r"|^[^a-zA-Z]*\{\d\}[^a-zA-Z]*$|^[\W\d]*$|RoomSet\(|fill=|import tensorflow|\.tt[cf]$|^[a-z]+=|yyyy|h:mm|restored"
    r"|^(min_side|unreachable|intact|not there yet|empty; it|Pillow was|malformed|system volume|Front yard|Living room"
    r"|near duplicate|few photos|case clash|bad name|loose photos|in place|done before|partly undone|my model"
    r"|\{0\} file$|Calibri$|- unsure|- decided|Confusion \(|share right|the user's own|Validation accuracy"
    r"|Room \{0\}|No room|confidence beside)"
)


# What a system without a language of its own says in the core's sentences.
_SYSTEM = (
    "Permission denied",
    "Operation not permitted",
    "No space left on device",
    "Disk quota exceeded",
    "Read-only file system",
    "No such file or directory",
    "Input/output error",
    "Is a directory",
    "Not a directory",
    "File exists",
    "File name too long",
    "Device or resource busy",
    "Transport endpoint is not connected",
    "Stale file handle",
)


# --- finding


@functools.cache
def gui_texts() -> dict[Key, None]:
    """Every marked text of `roomnet_gui`, in the order of the files."""
    found: dict[Key, None] = {}
    for path in sorted((ROOT / "roomnet_gui").rglob("*.py")):
        finder = _Finder(path)
        finder.visit(ast.parse(path.read_text(encoding="utf-8")))
        found.update(dict.fromkeys(finder.found))
    return found


class _Finder(ast.NodeVisitor):
    def __init__(self, path: Path) -> None:
        self.found: list[Key] = []
        self._path = path
        self._classes: list[str] = []
        self._contexts: dict[str, str] = {}  # of `tr`, and of `module.tr`

    def visit_Module(self, node: ast.Module) -> None:
        self._contexts |= _contexts(node)
        for one in node.body:
            if isinstance(one, ast.ImportFrom) and one.module and one.module.startswith("roomnet_gui"):
                for alias in one.names:
                    self._import(one.module, alias.name, alias.asname or alias.name)
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._classes.append(node.name)
        self.generic_visit(node)
        self._classes.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        before = dict(self._contexts)
        self._contexts |= _contexts(node)
        self.generic_visit(node)
        self._contexts = before

    def visit_Call(self, node: ast.Call) -> None:
        self.generic_visit(node)
        name = ast.unparse(node.func)
        if name == "self.tr":
            self._add(node, self._classes[-1], node.args[0])
        elif name in self._contexts:
            self._add(node, self._contexts[name], node.args[0])
        elif name in ("QCoreApplication.translate", "QT_TRANSLATE_NOOP"):
            context = node.args[0]
            if isinstance(context, ast.Constant):
                self._add(node, str(context.value), node.args[1])
        elif name.endswith(".tr") or name == "tr":
            raise SystemExit(f"{self._path}:{node.lineno}: {name} has no context that could be found")

    def _add(self, node: ast.Call, context: str, text: ast.expr) -> None:
        if isinstance(text, ast.Constant) and isinstance(text.value, str):
            self.found.append((context, text.value))
        elif not isinstance(text, ast.Name | ast.Attribute):  # a name holds what QT_TRANSLATE_NOOP marked
            raise SystemExit(f"{self._path}:{node.lineno}: only a literal text can be translated")

    def _import(self, module: str, name: str, alias: str) -> None:
        if name == "tr":
            path = ROOT / (module.replace(".", "/") + ".py")
            key = "tr"
        else:
            path = ROOT / module.replace(".", "/") / f"{name}.py"
            key = f"{alias}.tr"
        if path.is_file() and (context := _contexts(ast.parse(path.read_text(encoding="utf-8"))).get("tr")):
            self._contexts[key] = context


def _contexts(node: ast.Module | ast.FunctionDef) -> dict[str, str]:
    """The context of a `def tr` right in this module or function."""
    for one in node.body:
        if isinstance(one, ast.FunctionDef) and one.name == "tr":
            for call in ast.walk(one):
                if isinstance(call, ast.Call) and ast.unparse(call.func) == "QCoreApplication.translate":
                    assert isinstance(call.args[0], ast.Constant)
                    return {"tr": str(call.args[0].value)}
    return {}


@functools.cache
def core_texts() -> dict[Key, None]:
    """The sentences of the core that the window may show, what is put into them as `{0}`, `{1}` …"""
    found: dict[str, None] = {}
    for path in sorted((ROOT / "roomnet_core").rglob("*.py")):
        name = path.relative_to(ROOT / "roomnet_core").as_posix()
        if not name.startswith(_UNSEEN):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found.update(dict.fromkeys(_sentences(tree, words=name in _WORDS)))
    return {(CORE, text): None for text in sorted((*found, *_SYSTEM))}


def _sentences(tree: ast.Module, *, words: bool) -> Iterator[str]:
    passed = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))  # a docstring
        elif isinstance(node, ast.AnnAssign):
            passed.add(id(node.annotation))
    for node in ast.walk(tree):
        if id(node) in passed:
            continue
        if isinstance(node, ast.JoinedStr):
            text = _template(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = _numbered(node.value)
        else:
            continue
        text = text.strip()
        sentence = " " in text or (words and re.fullmatch(r"[A-Z][a-z-]+(\{0\})?|better|worse|OK", text))
        if sentence and re.search(r"[a-z]{2}|^OK$", text) and not _NO_SENTENCE.search(text):
            yield text


def _template(node: ast.JoinedStr) -> str:
    parts, number = [], 0
    for part in node.values:
        if isinstance(part, ast.Constant):
            parts.append(str(part.value).replace("{", "{{").replace("}", "}}"))
        else:
            parts.append(f"{{{number}}}")
            number += 1
    return "".join(parts)


def _numbered(text: str) -> str:
    """The fields of a text for `str.format` by number."""
    names = dict.fromkeys(re.findall(r"(?<!\{)\{(\w+)\}(?!\})", text))
    for number, name in enumerate(names):
        text = text.replace(f"{{{name}}}", f"{{{number}}}")
    return text


# --- the files


def wanted(language: str) -> dict[Key, None]:
    """What the file of `language` has to hold. English translates nothing but plural forms."""
    texts = gui_texts() | core_texts()
    return {key: None for key in texts if language != "en" or _PLURAL.search(key[1])}


def read(language: str) -> dict[Key, list[str]]:
    """The translations of the `.ts` file, one for each plural form; those that are not finished are left out."""
    path = FOLDER / f"roomnet_{language}.ts"
    found: dict[Key, list[str]] = {}
    if path.is_file():
        for context in ET.parse(path).getroot().iter("context"):
            for message in context.iter("message"):
                translation = message.find("translation")
                assert translation is not None
                forms = [form.text or "" for form in translation.iter("numerusform")] or [translation.text or ""]
                if translation.get("type") is None and all(forms):
                    found[context.findtext("name", ""), message.findtext("source", "")] = forms
    return found


def as_ts(language: str, translations: dict[Key, list[str]]) -> str:
    """The `.ts` file with everything that is wanted, and nothing else."""
    root = ET.Element("TS", version="2.1", language=language, sourcelanguage="en")
    contexts: dict[str, ET.Element] = {}
    for name, text in wanted(language):
        if name not in contexts:
            contexts[name] = ET.Element("context")
            ET.SubElement(contexts[name], "name").text = name
        plural = bool(_PLURAL.search(text))
        message = ET.SubElement(contexts[name], "message", {"numerus": "yes"} if plural else {})
        ET.SubElement(message, "source").text = text
        forms = translations.get((name, text))
        translation = ET.SubElement(message, "translation", {} if forms else {"type": "unfinished"})
        if plural:
            for form in forms or [""] * LANGUAGES[language]:
                ET.SubElement(translation, "numerusform").text = form
        elif forms:
            translation.text = forms[0]
    for name in sorted(contexts):
        root.append(contexts[name])
    ET.indent(root, " ")
    body = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n{body}\n'


def compiled(ts: str) -> bytes:
    """The `.qm` file of a `.ts` file, by Qt's own compiler."""
    compiler = next(Path(PySide6.__path__[0]).glob("**/lrelease*"))
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "one.ts", Path(folder) / "one.qm"
        source.write_text(ts, encoding="utf-8")
        subprocess.run([compiler, "-silent", source, "-qm", target], check=True)
        return target.read_bytes()


def core_index() -> str:
    """What `roomnet_gui.language` recognises the core's sentences by, one a line."""
    return "".join(text.replace("\n", "\\n") + "\n" for _, text in core_texts())


def files() -> dict[Path, bytes]:
    """Every file as it should be."""
    made = {CORE_INDEX: core_index().encode()}
    for language in LANGUAGES:
        ts = as_ts(language, read(language))
        made[FOLDER / f"roomnet_{language}.ts"] = ts.encode()
        made[FOLDER / f"roomnet_{language}.qm"] = compiled(ts)
    return made


def main() -> int:
    stale = [path for path, content in files().items() if not path.is_file() or path.read_bytes() != content]
    for path in stale:
        print(f"{path.relative_to(ROOT)} {'is out of date' if '--check' in sys.argv else 'was brought up to date'}")
    if "--check" in sys.argv:
        return 1 if stale else 0
    for path, content in files().items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    for language in LANGUAGES:
        missing = wanted(language).keys() - read(language).keys()
        print(f"{language}: {len(missing)} of {len(wanted(language))} texts are not translated")
    return 0


if __name__ == "__main__":
    sys.exit(main())
