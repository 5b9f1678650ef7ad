"""Trainings that an earlier sitting left are offered, also where their worker takes a moment to end."""

from __future__ import annotations

from pathlib import Path

from pytestqt.qtbot import QtBot

from roomnet_core.inference.model_file import find_model
from roomnet_core.sorting.lock import WorkLock
from roomnet_core.training.examination import Examination
from roomnet_core.training.plan import make_plan
from roomnet_core.training.process import begun_runs, training_dir, unfinished_runs
from roomnet_core.training.sources import LabelledPhoto
from roomnet_core.training.worker import LOCK_NAME
from roomnet_gui.train.questions import UnfinishedBox
from tests.windows import MakeWindow


def left_behind(name: str) -> Path:
    """A run as a killed window leaves it; returns its folder."""
    photos = tuple(LabelledPhoto(Path(f"{label}{n}.jpg"), label) for label in ("Attic", "Bath") for n in range(9))
    examination = Examination(classes=("Attic", "Bath"), photos=photos)
    plan = make_plan(examination, name=name, recipe="quick", model=find_model("roomnet-compact"))
    folder = training_dir() / name
    plan.save(folder)
    return folder


def test_a_run_that_its_worker_still_holds_is_offered_as_soon_as_it_is_free(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    left_behind("first")
    held = left_behind("second")
    with WorkLock(held / LOCK_NAME).held():
        assert [run.name for run in begun_runs() if run.running] == ["second"]
        window = make_window()
        qtbot.waitUntil(lambda: window.findChild(UnfinishedBox) is not None, timeout=10_000)
        box = window.findChild(UnfinishedBox)
        assert box is not None and "first" in box.text()
        box.later_button.click()
        qtbot.waitUntil(lambda: window.findChild(UnfinishedBox) is None)
    qtbot.waitUntil(lambda: window.findChild(UnfinishedBox) is not None, timeout=10_000)
    box = window.findChild(UnfinishedBox)
    assert box is not None and "second" in box.text()  # and "first", which is for later, is not asked about again
    box.discard_button.click()
    qtbot.waitUntil(lambda: [run.name for run in unfinished_runs()] == ["first"])
