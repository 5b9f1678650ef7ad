"""`roomnet train` and `roomnet models` as a person types them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from roomnet_core.cli import main
from roomnet_core.cli.training_screen import TrainingScreen
from roomnet_core.inference.model_file import find_model
from roomnet_core.models import store
from roomnet_core.training import process
from tests.core.training.labelled import write_classes

# What the portal wants: rooms of the shipped models, and others.
EIGHT = ("Attic", "Bathroom", "Bedroom", "DiningRoom", "Frontyard", "Hallway", "Kitchen", "LivingRoom")


@pytest.fixture(scope="module")
def eight(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_classes(tmp_path_factory.mktemp("eight"), EIGHT, photos=10, listings=0)


def test_eight_classes_from_training_to_sorted_folders(
    eight: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", str(eight), "--out", "portal", "--model", "roomnet-compact", "--check"]) == 0
    assert "Hallway         10" in capsys.readouterr().out and not (store.ModelStore().folder / "portal").exists()
    assert main(["train", str(eight), "--out", "portal", "--model", "roomnet-compact", "--l2", "0.01", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert lines[0]["event"] == "examined" and lines[0]["counts"]["DiningRoom"] == 10
    assert lines[1]["event"] == "started" and lines[-1]["event"] == "done"
    model = find_model("portal")
    assert model.rooms.names == EIGHT and model.card.recipe["l2"] == 0.01
    keys = [room.hotkey for room in model.rooms]
    assert keys == list("12345678") and len({room.color for room in model.rooms}) == 8
    assert model.rooms.by_name("Kitchen").chinese == "厨房" and model.rooms.by_name("Hallway").folder == "Hallway"

    assert main(["evaluate", str(eight), "--model", "portal", "--json", "-"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert result["accuracy"] > 0.6 and set(result["per_class"]) == set(EIGHT)
    flags = ["--model", "portal", "--no-catalog"]
    outputs = [f"--{kind}={tmp_path / 'r'}.{kind}" for kind in ("csv", "json")] + [f"--excel={tmp_path / 'r.xlsx'}"]
    assert main(["classify", str(eight), *flags, *outputs]) == 0
    assert "Hallway" in (tmp_path / "r.csv").read_text(encoding="utf-8-sig")
    assert {photo["room"] for photo in json.loads((tmp_path / "r.json").read_text())["photos"]} == set(EIGHT)
    template = ["--template", "{order:02}_{room}_{n}", "--order", "Hallway,DiningRoom", "--min-confidence", "0"]
    assert main(["sort", str(eight), "--to", str(tmp_path / "sorted"), *flags, *template]) == 0
    assert (tmp_path / "sorted" / "Hallway" / "01_Hallway_1.jpg").is_file()
    orders = {
        room: [int(path.name[:2]) for path in (tmp_path / "sorted" / room).iterdir()]
        for room in ("Hallway", "DiningRoom")
    }
    assert max(orders["Hallway"]) + 1 == min(orders["DiningRoom"])


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["{empty}", "--out", "x"], "holds no folders with photos"),
        (["{empty}/nothing", "--out", "x"], "There is no folder or manifest"),
        (["--out", "x"], "Give a folder"),
        (["--out", "x", "--reviewed"], "There are no corrections yet"),
        (["{empty}", "--out", "../x"], "cannot be called"),
        (["{empty}", "--out", "roomnet-large"], "ships with RoomNet"),
        (["--out", "x", "--resume"], "no training of x"),
    ],
)
def test_bad_requests_are_answered_with_a_sentence(
    arguments: list[str], reason: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", *(argument.format(empty=tmp_path) for argument in arguments)]) == 2
    assert reason in capsys.readouterr().err
    assert process.unfinished_runs() == []


def test_a_terminal_shows_a_bar_with_the_pace_and_a_file_only_lines(capsys: pytest.CaptureFixture[str]) -> None:
    step = {"event": "step", "stage": "training", "epoch": 2, "step": 12, "steps": 48, "loss": 0.41, "accuracy": 0.87,
            "photos_per_second": 35.2, "seconds_left": 140.0}  # fmt: skip
    epoch = {"event": "epoch", "epoch": 2, "epochs": 8, "loss": 0.4, "accuracy": 0.87, "val_accuracy": 0.9,
             "best": True}  # fmt: skip
    for terminal in (True, False):
        written = io.StringIO()
        screen = TrainingScreen(Console(file=written, force_terminal=terminal, width=80))
        for event in ({"event": "stage", "name": "training"}, step, epoch, step):
            screen.show(event)
        screen.close()
        shown = written.getvalue()
        bar = "Training, epoch 2" in shown and "12/48 · 35 photos/s · 2:20 left · loss 0.410" in shown
        assert bar == terminal
        assert capsys.readouterr().out == "epoch 2/8: loss 0.400, accuracy 87.0%, on the photos to check with 90.0%\n"


def test_models_go_out_and_come_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    trash: list[Path] = []
    monkeypatch.setattr(store, "send_to_trash", trash.extend)
    file = tmp_path / "compact"
    assert main(["models", "export", "roomnet-compact", str(file)]) == 0
    assert main(["models", "export", "roomnet-compact", str(file)]) == 2
    assert main(["models", "import", f"{file}.roomnet", "--name", "mine"]) == 0
    assert main(["models", "rename", "mine", "portal"]) == 0
    assert main(["models", "list"]) == 0 and "portal" in capsys.readouterr().out
    assert main(["models", "--json", "-"]) == 0
    assert "portal" in [entry["name"] for entry in json.loads(capsys.readouterr().out)["models"]]
    assert main(["models", "remove", "portal"]) == 0 and [path.name for path in trash] == ["portal"]
    assert main(["models", "remove", "roomnet-large"]) == 2 and "ships with" in capsys.readouterr().err
