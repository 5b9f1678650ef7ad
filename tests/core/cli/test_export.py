"""`roomnet export` with the shipped model: files, labelled copies and keywords, and how it is taken back."""

from __future__ import annotations

import csv
import json
import os
import zipfile
from pathlib import Path

import openpyxl
import pytest
from PIL import Image

from roomnet_core.cli import main
from roomnet_core.export.xmp import keywords_of
from tests.pictures import write_photo_folder

NAMES = {"IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg", "IMG_4.jpg", "upstairs/IMG_9.jpg", "upstairs/IMG_10.jpg"}


def run(*args: object) -> int:
    return main([str(argument) for argument in args])


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_lists_agree_and_know_where_a_sort_has_put_the_photos(
    photo_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(photo_folder)
    assert run("sort", photo_folder, "--to", tmp_path / "sorted", "--unsure", "Unsure") == 0
    excel, table, document = (tmp_path / f"out.{suffix}" for suffix in ("xlsx", "csv", "json"))
    lists = ("--excel", excel, "--csv", table, "--bom", "--json", document)
    assert run("export", photo_folder, *lists, "--full-paths") == 0
    assert f"Wrote {excel}" in capsys.readouterr().out and contents(photo_folder) == before
    entries = {entry["file"]: entry for entry in json.loads(document.read_text())["photos"]}
    assert set(entries) == NAMES and table.read_bytes().startswith(b"\xef\xbb\xbf")
    with table.open(encoding="utf-8-sig", newline="") as stream:
        lines = {line["file"]: line for line in csv.DictReader(stream)}
    sheet = openpyxl.load_workbook(excel)["Photos"]
    rows = {row[1]: row for row in sheet.iter_rows(min_row=2, values_only=True)}
    titles = [cell.value for cell in sheet[1]]
    assert len(sheet._images) == 6
    for file, entry in entries.items():
        place = Path(entry["new_place"])
        assert place.is_relative_to(tmp_path / "sorted") and place.read_bytes() == before[file][0]
        assert lines[file]["new_place"] == rows[Path(file).name][titles.index("New place")] == entry["new_place"]


def test_no_list_tells_where_the_user_lives(photo_folder: Path, tmp_path: Path) -> None:
    home = tmp_path / "Users" / "jane" / "Sorted"
    assert run("sort", photo_folder, "--to", home, "--unsure", "Unsure") == 0
    excel, table, document = (tmp_path / f"out.{suffix}" for suffix in ("xlsx", "csv", "json"))
    assert run("export", photo_folder, "--excel", excel, "--csv", table, "--json", document) == 0
    copies = [str(path) for path in home.rglob("*.jpg")]
    for entry in json.loads(document.read_text())["photos"]:
        assert any(copy.endswith(os.sep + entry["new_place"]) for copy in copies)
    with zipfile.ZipFile(excel) as archive:
        parts = [archive.read(name) for name in archive.namelist()]
    for content in (table.read_bytes(), document.read_bytes(), *parts):
        assert b"jane" not in content and os.fsencode(tmp_path) not in content


def test_json_on_standard_output_is_alone(photo_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("export", photo_folder, "--json", "-", "--overlay", photo_folder.parent / "out") == 0
    output = capsys.readouterr()
    assert {entry["file"] for entry in json.loads(output.out)["photos"]} == NAMES and "Labelled 6 photos" in output.err


def test_labelled_copies_leave_the_originals_alone(photo_folder: Path) -> None:
    before = contents(photo_folder)
    for _ in range(2):  # the copies of the first time, inside the folder, are not labelled again
        assert run("export", photo_folder, "--overlay", photo_folder / "labelled") == 0
    after = contents(photo_folder)
    assert {name: after[name] for name in before} == before and len(after) == 3 * len(before)
    with Image.open(photo_folder / "labelled" / "upstairs" / "IMG_9.jpg") as image:
        assert image.size == (240, 320)


def test_keywords_are_written_and_undone(photo_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (photo_folder / "other.png").write_bytes((photo_folder / "IMG_1.jpg").read_bytes())  # a JPEG by its content
    before = contents(photo_folder)
    assert run("export", photo_folder, "--xmp", "--min-confidence", 0) == 0
    told = capsys.readouterr().out
    assert "Wrote keywords into 7 photos; `roomnet undo 1`" in told
    for name, (content, mtime_ns) in contents(photo_folder).items():
        flat, tree = keywords_of(content)
        assert len(flat) == 1 and tree == (f"RoomNet|{flat[0]}",) and mtime_ns == before[name][1]
    assert run("export", photo_folder, "--xmp", "--min-confidence", 0) == 0
    assert "7 photos had theirs already" in capsys.readouterr().out
    assert run("undo", 1) == 0
    assert contents(photo_folder) == before and "Restored 7 files" in capsys.readouterr().out


def test_unsure_photos_get_no_keyword(photo_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(photo_folder)
    assert run("export", photo_folder, "--xmp", "--min-confidence", 1) == 0
    assert contents(photo_folder) == before and "no keyword: IMG_1.jpg: the model is unsure" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Say what to export"),
        (["--excel", "x.xlsx", "--bom"], "--bom belongs to --csv"),
        (["--csv", "x.txt"], "does not end in .csv"),
        (["--overlay", "file"], "not a folder"),
    ],
)
def test_bad_use_is_told_before_the_model_is_loaded(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    arguments: list[str],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file").touch()
    monkeypatch.setattr(
        "roomnet_core.cli.pipeline.open_engine_in_background", lambda *_: pytest.fail("the model was loaded")
    )
    assert run("export", write_photo_folder(tmp_path / "photos"), *arguments) == 2
    assert message in capsys.readouterr().err


def test_keywords_that_were_interrupted_are_kept_or_taken_back(
    photo_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(photo_folder)
    real = Path.replace

    def stop(self: Path, target: Path) -> Path:
        if target.name == "IMG_3.jpg":
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", stop)
    assert run("export", photo_folder, "--xmp", "--min-confidence", 0) == 130
    monkeypatch.setattr(Path, "replace", real)
    assert run("sort", photo_folder, "--to", photo_folder / "sorted", "--dry-run") == 0
    assert "was interrupted; every file is whole" in " ".join(capsys.readouterr().err.split())
    assert run("undo", 1, "--finish") == 1
    told = capsys.readouterr()
    assert "Kept the keywords of 2 photos" in told.out and "stopped before its turn" in told.err
    assert run("undo", 1) == 0 and contents(photo_folder) == before


def test_the_catalog_knows_the_photos_with_and_without_keywords(
    photo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def exported() -> dict[str, str]:
        assert run("export", photo_folder, "--json", tmp_path / "out.json", "--min-confidence", 0) == 0
        listed = json.loads((tmp_path / "out.json").read_text())["photos"]
        return {entry["file"]: entry["room"] for entry in listed}

    assert run("export", photo_folder, "--xmp", "--min-confidence", 0) == 0
    with monkeypatch.context() as no_engine:
        no_engine.setattr(
            "roomnet_core.cli.pipeline.open_engine_in_background", lambda *_, **__: pytest.fail("the model was loaded")
        )
        rooms = exported()
    assert set(rooms) == NAMES and all(rooms.values())
    assert run("undo") == 0
    assert exported() == rooms
