"""`roomnet sort` and `roomnet undo` as one types them, with a real crash between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from roomnet_core.cli import main
from roomnet_core.sorting.journal import Journal, RunState
from tests.patience import PATIENCE_SECONDS

REPOSITORY = Path(__file__).resolve().parents[3]


def run(*args: object) -> int:
    return main([str(argument) for argument in args])


def tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_move_list_undo_redo(photo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (photo_folder / "IMG_1.xmp").write_text("edits")
    before = tree(photo_folder)
    assert run("undo", "--list") == 0
    assert "no sorts yet" in capsys.readouterr().out
    assert run("undo") == 2
    assert "no sort" in capsys.readouterr().err
    target = tmp_path / "sorted"
    options = ("--move", "--template", "{order:02}_{n}", "--unsure", "Kitchen", "--folder-name", "Kitchen=All")
    names = [f"--folder-name={room}=All" for room in ("Backyard", "Bathroom", "Bedroom", "Frontyard", "LivingRoom")]
    assert run("sort", photo_folder, "--to", target, *options, *names, "--dry-run") == 0
    assert "-> All/01_1.jpg" in capsys.readouterr().out.replace("Kitchen/", "All/") and tree(photo_folder) == before
    assert run("sort", photo_folder, "--to", target, *options, *names) == 0
    assert "Moved 6 photos" in capsys.readouterr().out
    moved = tree(target)
    assert len(moved) == 7 and not tree(photo_folder)
    assert run("undo", "--list") == 0
    assert "move" in capsys.readouterr().out
    assert run("undo") == 0
    assert "Moved 7 files back" in capsys.readouterr().out
    assert tree(photo_folder) == before and not target.exists()
    assert run("undo", 1) == 2
    assert "undone already" in capsys.readouterr().err
    assert run("undo", 1, "--redo") == 0
    assert tree(target) == moved
    assert run("undo", 99) == 2
    assert "no sort number 99" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "said"),
    [
        (("--template", "{rom}"), "{rom} is no field"),
        (("--order", "Attic"), "no room Attic"),
        (("--folder-name", "Attic=A"), "write ROOM=NAME"),
    ],
)
def test_a_wrong_option_is_named_before_anything_happens(
    photo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], option: tuple[str, str], said: str
) -> None:
    assert run("sort", photo_folder, "--to", tmp_path / "out", *option) == 2
    assert said in capsys.readouterr().err and not (tmp_path / "out").exists()


# A sort that stays in the middle of its work until it is killed.
_STUCK = """
import os, sys, time
from roomnet_core.cli import main
from roomnet_core.sorting import files
real = files.remove_name
def slow(path):
    real(path)
    if path.suffix == ".jpg":
        print("in the middle", flush=True)
        time.sleep(600)
files.remove_name = slow
main(sys.argv[1:])
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL")
@pytest.mark.parametrize("finish", [True, False])
def test_a_sort_that_was_killed_is_told_and_can_be_finished_or_undone(
    photo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], finish: bool
) -> None:
    before = tree(photo_folder)
    target = tmp_path / "sorted"
    command = [sys.executable, "-c", _STUCK, "sort", str(photo_folder), "--to", str(target), "--move"]
    with subprocess.Popen(command, cwd=REPOSITORY, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        deadline = time.monotonic() + PATIENCE_SECONDS
        while process.stdout.readline().strip() != "in the middle":
            assert time.monotonic() < deadline and process.poll() is None
        # While that process lives, its sort is no crash, and nobody else may sort.
        with Journal.open() as journal:
            assert not journal.unfinished() and journal.runs()[0].state is RunState.DOING
        assert run("undo") == 2
        assert "Another window" in capsys.readouterr().err
        process.send_signal(signal.SIGKILL)
    assert run("sort", photo_folder, "--to", target, "--dry-run") == 0
    said = capsys.readouterr().err
    assert "was interrupted" in said and "roomnet undo 1 --finish" in said
    assert run("undo", 1, *(["--finish"] if finish else [])) == 0
    if finish:
        assert len(tree(target)) == 6 and not tree(photo_folder)
        assert run("undo", 1) == 0
    assert tree(photo_folder) == before and not target.exists()
