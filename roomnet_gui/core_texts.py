"""The core's sentences in the window's language.

The core speaks English: to the command line, to files, and to the catalog, where a sentence of last year may still be.
So what it says is recognised by its pattern when it is about to be shown, and said again. The patterns are listed in
`assets/translations/core.txt`, which `tools/translations.py` takes from the core's source.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from roomnet_core.resources import assets_dir
from roomnet_gui.language import is_chinese

_FIELD = re.compile(r"\{(\d)\}")
# A pattern that begins with a field and has fewer letters than this says too little: its fields have to be numbers.
_FEW_LETTERS = 12
_NUMBER = re.compile(r"[\d.,%\s]*s?")
_ABOUT_OPTIONS = ("{0} must be", "{0} does not apply")
_SENTENCES = re.compile(r"(?<=[.!?]) +(?=[A-Z0-9“])")
_DETAIL = re.compile(r"(.+[.!?]) \((.+)\)", re.DOTALL)


def tr(text: str) -> str:
    return QCoreApplication.translate("CoreTexts", text)


@dataclass(frozen=True, slots=True)
class _Pattern:
    text: str
    clear: bool  # it cannot be mistaken for another, whatever stands in its fields
    order: tuple[bool, int]
    regex: re.Pattern[str]


def spoken(text: str) -> str:
    """`text`, which the core made, in the window's language; what is no sentence of the core stays as it is."""
    return _spoken(text) if text and is_chinese() else text


@functools.lru_cache(maxsize=4096)
def _spoken(text: str) -> str:
    if "\n" in text:
        return "\n".join(_spoken(line) for line in text.split("\n"))
    if (whole := _translated(text.strip())) is not None:
        return whole
    if (detail := _DETAIL.fullmatch(text)) is not None:  # the technical reason, behind the sentence
        return tr("{sentence} ({detail})").format(sentence=_spoken(detail[1]), detail=_spoken(detail[2]))
    if len(parts := _SENTENCES.split(text)) > 1:
        return "".join(_spoken(part) for part in parts)
    head, colon, tail = text.rpartition(": ")
    if colon and (reason := _translated(tail)) is not None:
        return tr("{what}: {why}").format(what=head, why=reason)
    return text


def _translated(text: str) -> str | None:
    """None where no pattern fits."""
    fixed, patterns = _patterns()
    if text in fixed:
        return QCoreApplication.translate("Core", text)
    for pattern in patterns:
        if (match := pattern.regex.fullmatch(text)) is not None:
            values = match.groups()
            if pattern.clear or all(_NUMBER.fullmatch(value) for value in values):
                words = QCoreApplication.translate("Core", pattern.text)
                return words.format(*(_field(pattern.text, value) for value in values))
    return None


def _field(pattern: str, value: str) -> str:
    """What stands in a field may be a phrase of the core itself, `5 photos`; a single capitalised word is a name."""
    name = value[:1].isupper() and " " not in value and not pattern.startswith(_ABOUT_OPTIONS)
    return value if name else _spoken(value)


@functools.cache
def _patterns() -> tuple[frozenset[str], tuple[_Pattern, ...]]:
    """The texts without fields, and the patterns: those first whose beginning tells them, and which say most."""
    lines = (assets_dir() / "translations" / "core.txt").read_text(encoding="utf-8").splitlines()
    texts = [line.replace("\\n", "\n") for line in lines]
    patterns = []
    for text in texts:
        if _FIELD.search(text):
            literals = [part.replace("{{", "{").replace("}}", "}") for part in _FIELD.split(text)[::2]]
            regex = re.compile("(.*?)".join(map(re.escape, literals)), re.DOTALL)
            begins, letters = bool(literals[0]), sum(map(len, literals))
            patterns.append(_Pattern(text, begins or letters >= _FEW_LETTERS, (not begins, -letters), regex))
    patterns.sort(key=lambda pattern: pattern.order)
    return frozenset(texts), tuple(patterns)
