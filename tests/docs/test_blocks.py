"""Every command and every piece of code in README and docs does what it says there."""

from __future__ import annotations

import contextlib
import io
import shutil
from pathlib import Path

import pytest
import send2trash
from PIL import Image, ImageEnhance

from roomnet_core.cli import main
from roomnet_core.inference.model_file import find_model
from roomnet_core.models.store import ModelStore
from roomnet_core.resources import samples_dir
from tests.docs.blocks import Block, arguments, blocks, check, check_reader, inline_commands

BLOCKS = blocks()
RUN = [block for block in BLOCKS if block.language in ("sh", "python") and not block.why_not]
# Commands that take long, and the tests that run them; here they are only parsed.
ELSEWHERE = {"doctor": "tests/core/cli/test_cli.py"}


@pytest.fixture(scope="module")
def workplace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the pages speak of: `Photos`, `Labelled`, and `data` with a model of one's own, `my-rooms`."""
    folder = tmp_path_factory.mktemp("workplace")
    names = ("kitchen-1.jpg", "bathroom-2.jpg", "floor-plan.png")
    for name in names:
        with Image.open(samples_dir() / name) as photo:
            small = photo.convert("RGB").resize((320, 240))
            (folder / "Photos").mkdir(exist_ok=True)
            small.save((folder / "Photos" / name).with_suffix(".jpg"), quality=85)
            for room in [] if name == names[2] else [name.split("-")[0].capitalize()]:
                (folder / "Labelled" / room).mkdir(parents=True)
                for number in range(6):  # a room needs five photos to be trained
                    seen = ImageEnhance.Brightness(small.crop((20 * number, 0, 200 + 20 * number, 200)))
                    seen.enhance(0.8 + 0.1 * number).save(folder / "Labelled" / room / f"{number}.jpg")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ROOMNET_DATA_DIR", str(folder / "data"))
        store = ModelStore()
        given = store.export_file(find_model("roomnet-compact"), folder / "given.roomnet")
        store.import_file(given, "my-rooms")
        given.unlink()
    return folder


@pytest.fixture
def scratch(workplace: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the workplace as the working folder; what is thrown away goes into `trash`."""
    shutil.copytree(workplace, tmp_path, dirs_exist_ok=True)
    trash = tmp_path / "trash"
    trash.mkdir()

    def throw_away(paths: list[str]) -> None:
        for path in paths:
            shutil.move(path, trash / f"{len(list(trash.iterdir()))}-{Path(path).name}")

    monkeypatch.setattr(send2trash, "send2trash", throw_away)
    monkeypatch.setenv("ROOMNET_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("block", RUN, ids=lambda block: block.name)
def test_it_runs(block: Block, scratch: Path, capsys: pytest.CaptureFixture[str]) -> None:
    if block.language == "python":
        exec(compile(block.text, block.name, "exec"), {"__name__": "__main__"})
        return
    if "roomnet train" in block.text:
        shutil.rmtree(scratch / "data" / "models" / "my-rooms")  # it is about to be made
    for words in block.commands():
        assert words[0] == "roomnet", f"{block.name}: say why {words[0]} is not run, in a comment above the block"
        assert check(words) == ""
        if words[1] in ELSEWHERE:
            continue
        output = io.StringIO()
        with contextlib.redirect_stdout(output):
            status = main(arguments(words))
        assert status == 0, f"{block.name}: {' '.join(words)}\n{output.getvalue()}{capsys.readouterr().err}"
        if "|" in words:
            check_reader(words, output.getvalue())


def test_the_three_lines_of_a_notebook_tell_rooms(scratch: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first = next(block for block in RUN if block.page == "docs/api.md")
    assert len(first.text.split("\n\n")[1].splitlines()) + 1 == 3
    exec(compile(first.text, first.name, "exec"), {})
    assert "kitchen-1.jpg Kitchen " in capsys.readouterr().out


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.why_not], ids=lambda block: block.name)
def test_what_is_not_run_is_at_least_right_as_far_as_it_can_be_known(
    block: Block, capsys: pytest.CaptureFixture[str]
) -> None:
    print(f"not run: {block.name}: {block.why_not}")
    assert len(block.why_not) >= 10
    if block.language == "sh":
        assert [wrong for words in block.commands() if (wrong := check(words))] == [], capsys.readouterr().err


def test_commands_within_sentences_are_right() -> None:
    wrong = []
    for page, words in inline_commands():
        if words[0] == "roomnet":
            # Values that the reader fills in are in capital letters, and not all that a command needs is there.
            known = check(["roomnet", words[1], "--help"]) if words[1].islower() else ""
        else:
            known = check([word for word in words if "$" not in word])
        if known:
            wrong.append(f"{page}: {' '.join(words)}: {known}")
    assert wrong == []


def test_every_block_is_of_a_known_kind_and_most_are_run() -> None:
    assert {block.language for block in BLOCKS} == {"sh", "python", "text", "bat", "yaml"}
    assert [block.name for block in BLOCKS if block.language == "bat" and not block.why_not] == []
    assert sum(len(block.commands()) for block in RUN if block.language == "sh") > 40
    assert len([block for block in RUN if block.language == "python"]) >= 6


def test_what_is_told_to_run_elsewhere_does() -> None:
    for command, place in ELSEWHERE.items():
        assert f'"{command}"' in (Path(__file__).resolve().parents[2] / place).read_text(encoding="utf-8")


def test_the_samples_of_the_pages_are_there(workplace: Path) -> None:
    assert len(list((workplace / "Labelled").rglob("*.jpg"))) == 12 and len(list((workplace / "Photos").iterdir())) == 3
