"""A real training in a real process: it learns, ends in a model that classifies, and survives being killed."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from roomnet_core.errors import TrainingError
from roomnet_core.inference.classify import Classified, classify
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import ModelFile, find_model
from roomnet_core.models.store import ModelStore
from roomnet_core.photos.scan import scan
from roomnet_core.training.examination import Examination, examine
from roomnet_core.training.plan import TrainingPlan, make_plan
from roomnet_core.training.process import LAST_WORDS, TrainingProcess, discard_run, unfinished_runs
from roomnet_core.training.report import read_report
from roomnet_core.training.sources import Source
from tests.core.training.labelled import write_classes

CLASSES = ("Brick", "Lawn", "Sky")
PATIENCE_SECONDS = 120.0


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_classes(tmp_path_factory.mktemp("labelled"), CLASSES)


@pytest.fixture
def compact() -> ModelFile:
    return find_model("roomnet-compact")


@pytest.fixture
def examination(folder: Path, compact: ModelFile) -> Examination:
    return examine(Source(folder), model=compact)


def follow(process: TrainingProcess, until: Callable[[dict[str, Any]], bool] = lambda event: False) -> list[dict]:
    """Poll until the worker is gone, or an event comes for which `until` is true."""
    events: list[dict[str, Any]] = []
    deadline = time.monotonic() + PATIENCE_SECONDS
    while process.running and time.monotonic() < deadline:
        new = process.poll()
        events.extend(new)
        if any(until(event) for event in new):
            break
        time.sleep(0.02)
    return events


def quick(examination: Examination, model: ModelFile, name: str = "mine", **options: Any) -> TrainingPlan:
    return make_plan(examination, name=name, recipe="quick", model=model, options=options)


def test_a_quick_training_learns_and_ends_in_a_model_that_classifies(
    examination: Examination, compact: ModelFile, folder: Path, data_folder: Path
) -> None:
    process = TrainingProcess.start(quick(examination, compact))
    events = follow(process)
    assert [event["event"] for event in events if event["event"] in LAST_WORDS] == ["done"], events
    assert [event["name"] for event in events if event["event"] == "stage"] == [
        "reading", "training", "measuring", "saving",
    ]  # fmt: skip
    started = events[0]
    assert started["event"] == "started" and started["classes"] == list(CLASSES)
    epochs = [event for event in events if event["event"] == "epoch"]
    assert epochs[-1]["val_accuracy"] == 1.0 and epochs[-1]["loss"] < epochs[0]["loss"]
    assert np.sum(epochs[-1]["confusion"]) == started["validation_photos"]

    model = find_model("mine")
    assert model.rooms.names == CLASSES and model.card.recipe["name"] == "quick"
    assert model.card.measured["val"]["accuracy"] == 1.0
    assert str(folder) not in json.dumps(model.card.to_json())  # a card travels
    for engine_name in ("litert", "tensorflow"):
        engine = open_engine(model, engine_name)
        found = [item for item in classify(scan(folder), model, engine) if isinstance(item, Classified)]
        engine.close()
        assert len(found) == 36
        assert all(item.file.relative.startswith(CLASSES[item.prediction.room_id]) for item in found)

    report = read_report(Path(events[-1]["report"]))
    assert report.table[0].title.startswith("Accuracy") and report.table[0].new == 1.0
    assert report.table[0].old is None  # the shipped model knows none of these classes
    assert {path.suffix for path in report.pictures.values()} == {".svg"}
    assert all(path.is_file() for path in (*report.pictures.values(), *report.tables.values()))
    assert not list((data_folder / "training").iterdir()) and not unfinished_runs()
    assert sorted(path.suffix for path in folder.rglob("*") if path.is_file()) == [".jpg"] * 36


def test_a_killed_run_is_found_again_and_ends_as_it_would_have(examination: Examination, compact: ModelFile) -> None:
    process = TrainingProcess.start(quick(examination, compact, "whole"))
    assert follow(process)[-1]["event"] == "done"
    process = TrainingProcess.start(quick(examination, compact, "killed", epochs=1000))
    follow(process, lambda event: event["event"] == "epoch" and event["epoch"] >= 2)
    assert not unfinished_runs()  # it is at work
    process.kill()
    assert follow(process)[-1]["event"] == "failed"
    (run,) = unfinished_runs()
    assert run.name == "killed" and 0 < run.progress < 1
    plan = run.plan()
    plan.options["epochs"] = find_model("whole").card.recipe["epochs"]
    plan.save(run.folder)
    events = follow(TrainingProcess.resume(run))
    assert events[0]["resumed"] and events[-1]["event"] == "done"
    ours, theirs = find_model("killed"), find_model("whole")
    assert ours.card.files == theirs.card.files and ours.card.calibration == theirs.card.calibration
    assert not unfinished_runs()


def test_pause_stop_quit_and_cancel(examination: Examination, compact: ModelFile) -> None:
    process = TrainingProcess.start(quick(examination, compact, epochs=1000))
    follow(process, lambda event: event["event"] == "epoch")
    process.send("pause")
    follow(process, lambda event: event["event"] == "paused")
    time.sleep(0.3)
    process.poll()
    time.sleep(0.3)
    assert not process.poll()
    process.send("quit")
    assert follow(process)[-1]["event"] == "stopped"
    (run,) = unfinished_runs()

    process = TrainingProcess.resume(run)
    follow(process, lambda event: event["event"] == "epoch")
    process.send("stop")
    events = follow(process)
    assert events[-1]["event"] == "done" and events[-1]["folder"] == str(ModelStore().folder / "mine")
    assert len(read_report(Path(events[-1]["report"])).history) < 1000

    process = TrainingProcess.start(quick(examination, compact, "other", epochs=1000))
    follow(process, lambda event: event["event"] == "epoch")
    process.send("cancel")
    assert follow(process)[-1]["event"] == "cancelled"
    assert not unfinished_runs() and not ModelStore().check_name("other")


def test_a_worker_whose_parent_is_gone_ends_and_can_be_resumed(examination: Examination, compact: ModelFile) -> None:
    process = TrainingProcess.start(quick(examination, compact, epochs=1000))
    follow(process, lambda event: event["event"] == "epoch")
    assert process._child.stdin is not None
    process._child.stdin.close()  # what the system does when a process ends
    assert process.wait(PATIENCE_SECONDS)
    (run,) = unfinished_runs()
    discard_run(run)
    assert not unfinished_runs()


def test_names_and_options_are_checked_before_anything_starts(examination: Examination, compact: ModelFile) -> None:
    for name, reason in (("", "needs a name"), ("../x", "cannot be called"), ("CON", "cannot be called"),
                         ("roomnet-large", "ships with RoomNet")):  # fmt: skip
        with pytest.raises(TrainingError, match=reason):
            quick(examination, compact, name)
    for options, reason in (({"epochs": 0}, "whole number from 1"), ({"l2": float("nan")}, "L2 must be"),
                            ({"dropout": 0.5}, "does not apply"), ({"magic": 1}, "no option"),
                            ({"augmentation": "wild"}, "must be one of")):  # fmt: skip
        with pytest.raises(TrainingError, match=reason):
            quick(examination, compact, **options)
    with pytest.raises(TrainingError, match="no recipe"):
        make_plan(examination, name="mine", recipe="magic", model=compact)
