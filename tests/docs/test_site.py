"""The site of the documentation: built without a warning, opened from the disk, loading nothing from elsewhere."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from roomnet_gui.help import GUIDE
from tools.reference import pages

pytest.importorskip("mkdocs", reason="builds the site with mkdocs, of the extra docs")
yaml = pytest.importorskip("yaml")

ROOT = Path(__file__).resolve().parents[2]
# What a browser loads of itself, by element and attribute. A link to click on is another matter.
_LOADED = {
    *((tag, "src") for tag in ("script", "img", "iframe", "audio", "video", "source", "embed", "input", "track")),
    *(("img", "srcset"), ("source", "srcset"), ("video", "poster"), ("object", "data"), ("image", "href")),
}
_IN_STYLE = re.compile(r"url\(\s*['\"]?([^'\")]+)|@import\s+['\"]([^'\"]+)")


class Page(HTMLParser):
    """What a page loads, and where it leads."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.leads: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attributes}
        self.loads += [value for name, value in found.items() if (tag, name) in _LOADED]
        self.loads += ["".join(match) for match in _IN_STYLE.findall(found.get("style", ""))]
        if tag == "link" and not {"canonical", "next", "prev"} & set(found.get("rel", "").split()):
            self.loads.append(found.get("href", ""))
        if tag == "a":
            self.leads.append(found.get("href", ""))


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=600)
    assert (result.returncode, result.stdout + result.stderr) == (0, "")
    return folder


def test_a_page_loads_nothing_that_is_not_beside_it(site: Path) -> None:
    found = list(site.rglob("*.html"))
    assert len(found) > 40
    wrong, loaded = [], 0
    for path in found:
        if path.name == "404.html":  # which only a server shows, and which therefore begins at its top
            continue
        for address in Page(path.read_text(encoding="utf-8")).loads:
            parts = urlsplit(address)
            loaded += 1
            if parts.scheme or parts.netloc or not (path.parent / unquote(parts.path)).resolve().is_file():
                wrong.append(f"{path.relative_to(site)}: {address}")
    assert wrong == [] and loaded > 200
    for path in site.rglob("*.css"):
        for match in _IN_STYLE.findall(path.read_text(encoding="utf-8")):
            assert not urlsplit("".join(match)).netloc, f"{path.name}: {match}"


def test_nothing_makes_the_theme_ask_others(site: Path) -> None:
    """Its script asks for a repository's stars, what draws diagrams and other versions, where a page has such."""
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert 'data-md-component="source"' not in text and 'class="mermaid"' not in text, path.name
        assert '"version": null' in text, path.name


def test_every_link_within_the_site_leads_to_a_page(site: Path) -> None:
    for path in site.rglob("*.html"):
        for address in Page(path.read_text(encoding="utf-8")).leads:
            parts = urlsplit(address)
            if path.name != "404.html" and parts.path and not parts.scheme:
                assert (path.parent / unquote(parts.path)).resolve().exists(), f"{path.relative_to(site)}: {address}"


def test_the_search_works_without_a_server(site: Path) -> None:
    assert (site / "search" / "search_index.js").read_text(encoding="utf-8").startswith("var __index = ")
    index = Page((site / "index.html").read_text(encoding="utf-8"))
    assert "javascripts/iframe-worker.js" in index.loads


def test_the_guide_has_the_order_of_the_help() -> None:
    text = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    (guide,) = (entry["Guide"] for entry in yaml.safe_load(text)["nav"] if "Guide" in entry)
    assert guide == [f"guide/{name}" for name in GUIDE]


@pytest.mark.skipif(sys.platform == "darwin", reason="a Mac has other names for keys")
def test_what_is_taken_from_the_program_is_up_to_date(qapp: object) -> None:
    stale = [path.name for path, text in pages().items() if path.read_text(encoding="utf-8") != text]
    assert stale == [], "run `python -m tools.reference`"
