"""A run inside this process: corrections, a full disk, and a model in use that is better."""

from __future__ import annotations

import shutil
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from roomnet_core.inference.classify import Classified, classify
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import find_model
from roomnet_core.models.store import ModelStore
from roomnet_core.network.card import Calibration
from roomnet_core.photos.scan import scan
from roomnet_core.session.changes import Change
from roomnet_core.session.photo import Marks
from roomnet_core.session.store import Catalog
from roomnet_core.training import run as running
from roomnet_core.training.control import Pace, RunControl, RunEnded
from roomnet_core.training.examination import examine
from roomnet_core.training.history import History
from roomnet_core.training.plan import TrainingPlan, make_plan
from roomnet_core.training.report import Answers, compare, read_report
from roomnet_core.training.sources import Source, corrections_source
from roomnet_core.training.worker import _explain
from tests.core.training.labelled import write_classes

CLASSES = ("Brick", "Lawn", "Sky")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_classes(tmp_path_factory.mktemp("labelled"), CLASSES)


def run(plan: TrainingPlan, work: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    events: list[dict[str, Any]] = []
    work.mkdir(exist_ok=True)
    return running.run(plan, work, RunControl(events.append)), events


def plan_of(folder: Path, name: str, model: str = "roomnet-compact") -> TrainingPlan:
    found = find_model(model)
    return make_plan(examine(Source(folder), model=found), name=name, recipe="quick", model=found)


def test_a_full_disk_while_saving_loses_nothing(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of(folder, "mine")
    real = shutil.copyfile

    def full(source: Path, target: Path) -> Any:
        if source.name == "graph.tflite":
            raise OSError(28, "No space left on device")
        return real(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copyfile", full)
        with pytest.raises(OSError, match="No space") as caught:
            run(plan, tmp_path / "work")
    sentence = _explain(caught.value, tmp_path / "work")
    assert "The disk is full" in sentence and "nothing that was done is lost" in sentence
    assert not list(ModelStore().folder.iterdir())  # no half a model
    result, events = run(plan, tmp_path / "work")
    assert not [event for event in events if event["event"] == "epoch"]  # it was trained already
    assert find_model(Path(result["folder"])).rooms.names == CLASSES
    assert run(plan, tmp_path / "work")[0]["folder"] == result["folder"]  # killed right after it was saved


def test_replacing_a_model_keeps_the_old_one_until_the_new_one_stands(folder: Path, tmp_path: Path) -> None:
    first, _ = run(plan_of(folder, "mine"), tmp_path / "one")
    again = make_plan(
        examine(Source(folder), model=find_model("mine")),
        name="mine",
        recipe="quick",
        model=find_model("mine"),
        replace_model=True,
    )
    second, _ = run(again, tmp_path / "two")
    assert first["folder"] == second["folder"]
    report = read_report(Path(second["report"]))
    assert report.old_model == "mine" and report.table[0].old == 1.0
    assert "as good as mine" in report.verdict and not report.worse


def test_what_a_person_said_in_the_window_is_learnt(folder: Path, tmp_path: Path) -> None:
    """Bricks that it learns from become lawns because a person says so; what nobody touched stays as it was."""
    run(plan_of(folder, "mine"), tmp_path / "work")
    model = find_model("mine")
    lawn = model.rooms.by_name("Lawn")
    assert lawn is not None
    with closing(Catalog.open()) as catalog:
        document = catalog.load([folder], model.rooms, model.key())
        document.add(scan(folder))
        with closing(open_engine(model, "litert")) as engine:
            for item in classify(scan(folder), model, engine, min_confidence=0.0):
                assert isinstance(item, Classified)
                document.record({document.id_of(item.file.path): item.reading})
        bricks = [photo.id for photo in document if "Brick" in photo.file.relative]
        document.apply(Change({photo_id: Marks(decided=lawn.id) for photo_id in bricks}))
        source = corrections_source(catalog, model)
    assert {(photo.label, photo.origin) for photo in source.decided} == {("Lawn", "corrected")}
    assert {photo.label for photo in source.kept} == {"Lawn", "Sky"} and len(source.kept) == 24
    examination = examine(source, model=model)
    assert not examination.blocking and examination.classes == model.rooms.names  # no class is lost
    assert examine(replace(source, decided=source.decided[:3]), model=model).blocking
    plan = make_plan(examination, name="better", recipe="quick", model=model, options={"epochs": 60, "l2": 0.01})
    result, _ = run(plan, tmp_path / "again")
    better = find_model(Path(result["folder"]))
    with closing(open_engine(better, "litert")) as engine:
        found = [item for item in classify(scan(folder), better, engine) if isinstance(item, Classified)]
    names = {item.file.path: better.rooms[item.prediction.room_id].name for item in found}
    learnt, held_out = ([photo for photo in side if photo.origin == "corrected"] for side in plan.split())
    assert len(learnt) >= 8 and held_out  # which bricks are held out hangs on the folder's name
    assert {names[photo.path] for photo in learnt} == {"Lawn"}
    untouched = [photo for photo in plan.photos if photo.origin == "kept"]
    assert len(untouched) == 24 and all(names[photo.path] == photo.label for photo in untouched)


def test_the_verdict_is_plain() -> None:
    labels = ["a"] * 50 + ["b"] * 50

    def answers(name: str, right: int, classes: tuple[str, ...] = ("a", "b")) -> Answers:
        logits = np.zeros((100, len(classes)), np.float32)
        for row, label in enumerate(labels):
            place = classes.index(label) if label in classes else 0
            logits[row, place if row % 100 < right else (place + 1) % len(classes)] = 4
        return Answers.of(name, classes, logits, Calibration())

    table, verdict, worse = compare(answers("new", 60), answers("old", 90), labels)
    assert worse and "worse than old: 60.0% against 90.0%" in verdict and "Keep old" in verdict
    assert (table[0].new, table[0].old) == (0.6, 0.9)
    _, verdict, worse = compare(answers("new", 91), answers("old", 90), labels)
    assert not worse and "better" in verdict and "may be chance" in verdict
    table, verdict, worse = compare(answers("new", 100), answers("old", 100, ("A", "c")), labels)
    assert not worse and "50 photos of classes that both know" in verdict and table[1].old is None
    _, verdict, worse = compare(answers("new", 100), None, labels)
    assert not worse and verdict.count(".") == 2


def test_commands_are_heeded_at_the_next_moment(tmp_path: Path) -> None:
    events: list[dict[str, Any]] = []
    control = RunControl(events.append)
    control.command("nonsense")
    assert control.check() == 0 and not events
    control.command("pause")
    control.command("cancel")  # also while paused
    with pytest.raises(RunEnded, match="cancel"):
        control.check()
    now = [0.0]
    pace = Pace(100, clock=lambda: now[0])
    assert pace.seconds_left is None
    now[0] = 10.0
    pace.advance(25, paused=5.0)
    assert pace.photos_per_second == 5.0 and pace.seconds_left == 15.0
    history = History(tmp_path, ("a", "b"), control)
    for epoch in (1, 2, 2):
        history.add(epoch, 3, loss=1, accuracy=0.5, val_loss=1, best=True,
                    labels=np.array([0, 1, 1]), answers=np.array([0, 1, 0]))  # fmt: skip
    again = History(tmp_path, ("a", "b"), control)
    assert [entry["epoch"] for entry in again.epochs] == [1, 2]
    assert again.epochs[0]["confusion"] == [[1, 0], [1, 1]] and again.epochs[0]["recall"] == [1.0, 0.5]


def test_a_plan_survives_being_written_down(folder: Path, tmp_path: Path) -> None:
    plan = plan_of(folder, "mine")
    plan.save(tmp_path / "work")
    assert TrainingPlan.load(tmp_path / "work") == plan
    training, validation = plan.split()
    assert {photo.label for photo in validation} == set(CLASSES) and len(training) > len(validation)
    listings = {photo.group for photo in training} & {photo.group for photo in validation}
    assert not listings
