"""What MkDocs does not find in `docs`: pages made of the files at the top, and a list of all decisions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parent.parent
TOP = {
    "CONTRIBUTING.md": "contributing.md",
    "SECURITY.md": "security.md",
    "CHANGELOG.md": "changelog.md",
    "LICENSE": "licence.md",
}
"""Files at the top of the repository, where readers of the source look for them, and their pages."""
ICON = ROOT / "assets" / "icons" / "roomnet.svg"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """List all decisions, and under "In depth" what mkdocs.yml does not name."""
    listed = set(_pages_in(config.nav))
    docs = ROOT / "docs"
    others = sorted(path.relative_to(docs).as_posix() for path in docs.rglob("*.md") if path.parent.name != "adr")
    for entry in config.nav or []:
        if "In depth" in entry:
            entry["In depth"] += [page for page in others if page not in listed]
        if "For developers" in entry:
            decisions = [f"adr/{path.name}" for path in _decisions()]
            entry["For developers"].append({"Decisions": ["decisions.md", *decisions]})
    return config


def _pages_in(entry: Any) -> Iterator[str]:
    if isinstance(entry, str):
        yield entry
    for below in entry.values() if isinstance(entry, dict) else entry if isinstance(entry, list) else ():
        yield from _pages_in(below)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    for source, page in TOP.items():
        text = (ROOT / source).read_text(encoding="utf-8")
        text = f"# Licence\n\n{text}" if source == "LICENSE" else _moved(text)
        files.append(File.generated(config, page, content=text))
    files.append(File.generated(config, "decisions.md", content=_list_of_decisions()))
    files.append(File.generated(config, "assets/icon.svg", content=ICON.read_text(encoding="utf-8")))
    return files


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Links from `docs` to the files at the top lead to their pages."""
    return re.sub(r"\]\((?:\.\./)+(" + "|".join(TOP) + r")", lambda match: f"]({TOP[match[1]]}", markdown)


def _moved(text: str) -> str:
    """The links of a file at the top, as they are from within `docs`."""
    text = text.replace("](docs/adr)", "](decisions.md)").replace("](docs/", "](")
    for source, page in TOP.items():
        text = text.replace(f"]({source})", f"]({page})")
    return text


def _decisions() -> list[Path]:
    return sorted((ROOT / "docs" / "adr").glob("*.md"))


def _list_of_decisions() -> str:
    lines = ["# Decisions", "", "One page each: the decision, what was rejected and why, the consequences.", ""]
    for path in _decisions():
        title = path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
        lines.append(f"- [{title}](adr/{path.name})")
    return "\n".join(lines) + "\n"
