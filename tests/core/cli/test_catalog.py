"""The command line remembers: what was classified, and what a person said in the window."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from roomnet_core.cli import main
from roomnet_core.inference.model_file import find_model
from roomnet_core.session.changes import label, make_cover
from roomnet_core.session.store import Catalog, catalog_path

REPOSITORY = Path(__file__).resolve().parents[3]
ENGINE = "roomnet_core.cli.pipeline.open_engine_in_background"


def run(*arguments: object) -> int:
    return main([str(argument) for argument in arguments])


def classified(folder: Path, *options: object) -> dict[str, Any]:
    target = folder.parent / "rooms.json"
    target.unlink(missing_ok=True)
    assert run("classify", folder, "--json", target, *options) == 0
    result: dict[str, Any] = json.loads(target.read_text())
    return result


def correct(folder: Path, name: str, room: int) -> None:
    """As a person does in the window."""
    model = find_model()
    catalog = Catalog.open(on_error=pytest.fail)
    document = catalog.load([folder], model.rooms, model.key())
    photo_id = document.id_of(folder / name)
    assert photo_id is not None
    document.apply(label(document, [photo_id], room))
    document.apply(make_cover(document, photo_id))
    catalog.close()


def test_a_second_visit_says_the_same_and_loads_no_engine(photo_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = classified(photo_folder)
    (photo_folder / "IMG_1.jpg").rename(photo_folder / "IMG_0.jpg")
    monkeypatch.setattr(ENGINE, lambda *_, **__: pytest.fail("the model was loaded"))
    second = classified(photo_folder)
    assert second["photos"][0]["file"] == "IMG_0.jpg"
    first["photos"][0]["file"] = "IMG_0.jpg"
    assert second == first


def test_a_second_visit_imports_no_engine_at_all(photo_folder: Path) -> None:
    code = (
        "import sys; from roomnet_core.cli import main; status = main(sys.argv[1:]);"
        "print(status, *(name for name in ('tensorflow', 'ai_edge_litert') if name in sys.modules), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, "classify", str(photo_folder)]
    said = [subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True) for _ in range(2)]
    assert [result.stderr.split() for result in said] == [["0", "ai_edge_litert"], ["0"]]
    assert said[0].stdout == said[1].stdout


def test_only_what_is_new_or_changed_is_classified(
    photo_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from roomnet_core.cli import pipeline

    classified(photo_folder)
    shutil.copy(photo_folder / "IMG_2.jpg", photo_folder / "IMG_7.jpg")
    shutil.copyfile(photo_folder / "IMG_1.jpg", photo_folder / "IMG_3.jpg")
    seen: list[str] = []
    whole = pipeline.classify

    def listening(files: Any, *args: Any, **options: Any) -> Any:
        seen.extend(file.path.name for file in files)
        return whole(files, *args, **options)

    monkeypatch.setattr(pipeline, "classify", listening)
    result = classified(photo_folder)
    assert seen == ["IMG_3.jpg", "IMG_7.jpg"]
    assert [photo["file"] for photo in result["photos"]] == [
        *(f"IMG_{number}.jpg" for number in (1, 2, 3, 4, 7)), "upstairs/IMG_9.jpg", "upstairs/IMG_10.jpg",
    ]  # fmt: skip
    (photo_folder / "IMG_7.jpg").unlink()
    assert len(classified(photo_folder)["photos"]) == 6  # what is gone is gone from the list


def test_corrections_count_unless_they_are_not_wanted(photo_folder: Path, tmp_path: Path) -> None:
    rooms = find_model().rooms
    first = classified(photo_folder)["photos"][0]
    room = (rooms.by_name(first["room"]).id + 1) % len(rooms)  # type: ignore[union-attr]
    correct(photo_folder, "IMG_1.jpg", room)
    assert classified(photo_folder)["photos"][0]["room"] == rooms[room].name
    assert classified(photo_folder, "--no-catalog")["photos"][0]["room"] == first["room"]
    strict = classified(photo_folder, "--min-confidence", "1")  # another threshold; the same decisions
    assert strict["photos"][0]["room"] == rooms[room].name and not strict["photos"][0]["unsure"]
    assert run("sort", photo_folder, "--to", tmp_path / "sorted") == 0
    assert (tmp_path / "sorted" / rooms[room].folder / "IMG_1.jpg").is_file()


def test_without_the_catalog_nothing_is_kept(photo_folder: Path) -> None:
    classified(photo_folder, "--no-catalog")
    assert not catalog_path().exists()


def test_a_sort_by_moving_and_its_undo_take_the_decisions_along(photo_folder: Path, tmp_path: Path) -> None:
    rooms = find_model().rooms
    classified(photo_folder)
    correct(photo_folder, "IMG_1.jpg", 2)
    assert run("sort", photo_folder, "--to", tmp_path / "sorted", "--move") == 0
    moved = classified(tmp_path / "sorted")
    assert moved["photos"][[p["file"] for p in moved["photos"]].index(f"{rooms[2].folder}/IMG_1.jpg")]["room"]
    catalog = Catalog.open(on_error=pytest.fail)
    document = catalog.load([tmp_path / "sorted"], rooms, find_model().key())
    catalog.close()
    assert len(document) == 6 and document.cover_of(2) is not None
    assert run("undo") == 0
    catalog = Catalog.open(on_error=pytest.fail)
    document = catalog.load([photo_folder], rooms, find_model().key())
    catalog.close()
    assert len(document) == 6 and document[document.cover_of(2) or 0].file.path == photo_folder / "IMG_1.jpg"


def test_an_excel_file_has_its_thumbnails_on_the_second_visit_too(
    photo_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run("classify", photo_folder) == 0  # makes no thumbnails
    monkeypatch.setattr(ENGINE, lambda *_, **__: pytest.fail("the model was loaded"))
    assert run("classify", photo_folder, "--excel", tmp_path / "one.xlsx") == 0
    monkeypatch.setattr("roomnet_core.cli.pipeline.decode_photo", lambda *_, **__: pytest.fail("decoded again"))
    assert run("classify", photo_folder, "--excel", tmp_path / "two.xlsx") == 0
    for name in ("one.xlsx", "two.xlsx"):
        book = openpyxl.load_workbook(tmp_path / name)
        assert len(book["Photos"]._images) == 6


def test_a_damaged_catalog_is_said_and_done_without_and_the_backup_comes_back(
    photo_folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    classified(photo_folder)
    correct(photo_folder, "IMG_1.jpg", 2)
    content = bytearray(catalog_path().read_bytes())
    content[:4096] = b"\xa5" * 4096
    catalog_path().write_bytes(content)
    capsys.readouterr()
    assert run("classify", photo_folder, "--json", "-") == 0
    output = capsys.readouterr()
    assert len(json.loads(output.out)["photos"]) == 6
    assert "is damaged" in output.err and "--restore-catalog" in output.err and "Going on without" in output.err
    assert catalog_path().read_bytes() == content  # not replaced
    monkeypatch.setattr("roomnet_core.inference.engine.describe_tensorflow_device", lambda seconds: "CPU")
    assert run("doctor") == 1
    assert "is damaged" in capsys.readouterr().out
    assert run("doctor", "--restore-catalog") == 0
    said = capsys.readouterr().out
    assert "catalog.damaged-" in said and "6 photos, 1 with a room" in said
    assert classified(photo_folder)["photos"][0]["room"] == find_model().rooms[2].name
    assert run("doctor") == 0 and "intact" in capsys.readouterr().out
    assert run("doctor", "--new-catalog") == 0
    assert "starts a new one" in capsys.readouterr().out
    assert not catalog_path().exists() and len(list(catalog_path().parent.glob("catalog.damaged-*"))) == 3


def test_evaluating_measures_the_model_and_not_the_memory(photo_folder: Path, tmp_path: Path) -> None:
    rooms = find_model().rooms
    folder = tmp_path / "labelled" / rooms[0].name
    folder.mkdir(parents=True)
    shutil.copy(photo_folder / "IMG_1.jpg", folder)
    assert run("evaluate", tmp_path / "labelled") == 0
    assert not catalog_path().exists()
