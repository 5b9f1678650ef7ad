"""From labelled photos to a model that classifies, through the real page and a real process of its own."""

from __future__ import annotations

import shutil
from pathlib import Path

import psutil
import pytest
from PySide6.QtWidgets import QFileDialog, QMessageBox
from pytestqt.qtbot import QtBot

from roomnet_core.inference.model_file import find_model, list_models
from roomnet_core.training.process import training_dir, unfinished_runs
from roomnet_gui import main_window
from roomnet_gui.main_window import MainWindow
from roomnet_gui.train.questions import UnfinishedBox
from roomnet_gui.train.train_page import METHOD, PHOTOS, RESULT, TRAINING, TrainPage
from roomnet_gui.train.training_run import State
from tests.hostile.drives import fill, small_drive
from tests.labelled import make_labelled
from tests.patience import PATIENCE_SECONDS
from tests.windows import MakeWindow, drop, wait_idle

CLASSES = {"Attic": 14, "Bath": 14, "Cellar": 14}
# An epoch of the quick recipe takes milliseconds: on a crowded computer a number that could be reached would be.
UNTIL_STOPPED = 1000


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    return make_labelled(tmp_path / "house", CLASSES)


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    return make_window(find_model("roomnet-compact"))


def chosen(qtbot: QtBot, window: MainWindow, photos: Path, name: str = "mine", epochs: int = 8) -> TrainPage:
    """Up to the point where Start training is pressed."""
    window.actions_.show_train.trigger()
    train = window.train
    drop(window, [photos])
    qtbot.waitUntil(train.data.next_button.isEnabled, timeout=30_000)
    train.data.next_button.click()
    assert train.step == METHOD
    train.method.name_field.setText(name)
    train.method.form.fields["epochs"].setValue(epochs)
    return train


def until(qtbot: QtBot, train: TrainPage, *states: State) -> None:
    qtbot.waitUntil(lambda: train.run.state in states)


def pid(train: TrainPage) -> int:
    assert train.run._process is not None
    return train.run._process._child.pid


def epoch_reached(qtbot: QtBot, train: TrainPage, epoch: int) -> None:
    qtbot.waitUntil(lambda: len(train.run.figures.history) >= epoch)


def answer(monkeypatch: pytest.MonkeyPatch, words: str) -> list[str]:
    """Press the button with those words in any question; what was asked is noted."""
    asked: list[str] = []

    def press(box: QMessageBox) -> int:
        asked.append(box.text())
        next(button for button in box.buttons() if words in button.text().replace("&", "")).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", press)
    return asked


def test_photos_become_a_model_that_classifies(
    qtbot: QtBot, window: MainWindow, photos: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {path: path.read_bytes() for path in photos.rglob("*.jpg")}
    train = chosen(qtbot, window, photos, epochs=UNTIL_STOPPED)
    train.method.start_button.click()
    assert train.step == TRAINING
    until(qtbot, train, State.RUNNING)
    assert window.training_status.isVisible()

    # Classifying works meanwhile.
    window.actions_.show_review.trigger()
    window.open_paths([photos / "Attic"])
    wait_idle(qtbot, window)
    assert all(photo.prediction is not None for photo in window.session.document)
    window.actions_.show_train.trigger()

    epoch_reached(qtbot, train, 20)
    train.running.stop_button.click()
    until(qtbot, train, State.DONE, State.FAILED)
    assert train.run.figures.message == ""
    qtbot.waitUntil(lambda: train.step == RESULT, timeout=10_000)
    assert not window.training_status.isVisible()
    report = train.result.report
    assert report is not None and report.classes == ("Attic", "Bath", "Cellar")
    first, last = report.history[0], report.history[-1]
    assert last["loss"] < first["loss"]  # it learned
    assert max(epoch["val_accuracy"] for epoch in report.history) >= 0.8
    assert train.running.loss.lines[0].points and train.running.loss.lines[1].points
    assert train.result.verdict.text() == report.verdict != ""
    counts = train.result.confusion.matrix
    shown = [int(counts.index(row, column).data() or 0) for row in range(3) for column in range(3)]
    assert sum(shown) == report.validation_photos
    assert train.result.charts["F-score"].lines[2].name == "Cellar"

    # Pictures and tables go where the person says.
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path))
    train.result.save_button.click()
    qtbot.waitUntil(lambda: "Saved in" in train.notices.text("report"), timeout=10_000)
    saved = {path.suffix for path in (tmp_path / "mine - training").iterdir()}
    assert saved == {".svg", ".csv"}

    # The model is in the picker, and it classifies.
    assert "mine" in [model.name for model in list_models()]
    train.result.activate_button.click()
    assert window.session.model_name == "mine"
    assert not train.result.activate_button.isEnabled()
    window.actions_.show_review.trigger()
    wait_idle(qtbot, window)
    rooms = window.session.document.rooms
    assert [action.text() for action in window.actions_.rooms.values()] == ["Attic", "Bath", "Cellar"]
    right = [
        rooms[photo.room_id].name == photo.file.path.parent.name
        for photo in window.session.document
        if photo.room_id is not None
    ]
    assert sum(right) >= 12 and len(right) == 14
    assert {path: path.read_bytes() for path in photos.rglob("*.jpg")} == before
    assert sorted(path.name for path in photos.rglob("*")) == sorted([*CLASSES, *(path.name for path in before)])


def test_mistakes_are_corrected_and_fed_back(qtbot: QtBot, window: MainWindow, photos: Path) -> None:
    """Three photos lie in the wrong folder; the model finds them, and learns from what the person says."""
    for number in range(3):
        shutil.move(photos / "Attic" / f"Attic_0_{number}.jpg", photos / "Cellar")
    train = chosen(qtbot, window, photos, epochs=12)
    train.method.form.fields["validation_share"].setText("0.5")
    train.method.start_button.click()
    until(qtbot, train, State.DONE, State.FAILED)
    qtbot.waitUntil(lambda: train.step == RESULT, timeout=10_000)
    report = train.result.report
    assert report is not None
    confident = [mistake.confidence for mistake in report.mistakes]
    assert confident == sorted(confident, reverse=True)
    wrong = [m for m in report.mistakes if m.path.name.startswith("Attic") and m.label == "Cellar"]
    assert wrong, [str(mistake) for mistake in report.mistakes]
    train.result.tabs.setCurrentIndex(1)
    grid = train.result.panel.grid
    for mistake in wrong:
        document = train.result.photos.document
        assert document is not None
        grid.select_ids([document.id_of(mistake.path)])
        train.label_selected(0)
    qtbot.waitUntil(train.result.again_button.isEnabled)
    train.result.again_button.click()
    qtbot.waitUntil(lambda: train.step == METHOD, timeout=10_000)
    assert train.data.photos.relabelled() == {mistake.path: "Attic" for mistake in wrong}
    assert train.method.name == "mine 2"
    assert train.method.start_button.isEnabled()


def test_pausing_stopping_and_keeping_the_best(qtbot: QtBot, window: MainWindow, photos: Path) -> None:
    train = chosen(qtbot, window, photos, epochs=UNTIL_STOPPED)
    train.method.start_button.click()
    epoch_reached(qtbot, train, 2)
    train.running.pause_button.click()
    until(qtbot, train, State.PAUSED)
    paused_at = len(train.run.figures.history)
    qtbot.wait(400)
    assert len(train.run.figures.history) == paused_at
    train.running.pause_button.click()
    epoch_reached(qtbot, train, paused_at + 2)
    train.running.stop_button.click()
    until(qtbot, train, State.DONE, State.FAILED)
    assert train.run.state is State.DONE
    qtbot.waitUntil(lambda: train.step == RESULT, timeout=10_000)
    assert train.result.report is not None and len(train.result.report.history) < UNTIL_STOPPED
    assert find_model("mine").rooms.names == ("Attic", "Bath", "Cellar")


def test_cancelling_asks_and_keeps_nothing(
    qtbot: QtBot, window: MainWindow, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train = chosen(qtbot, window, photos, epochs=UNTIL_STOPPED)
    train.method.start_button.click()
    epoch_reached(qtbot, train, 1)
    asked = answer(monkeypatch, "Go on training")
    train.running.cancel_button.click()
    assert asked and train.run.busy
    answer(monkeypatch, "Cancel the training")
    train.running.cancel_button.click()
    until(qtbot, train, State.CANCELLED)
    assert "mine" not in [model.name for model in list_models()]
    assert list(training_dir().iterdir()) == []
    train.running.again_button.click()
    assert train.step == METHOD and train.method.start_button.isEnabled()


def test_closing_asks_and_the_training_goes_on_next_time(
    qtbot: QtBot, make_window: MakeWindow, photos: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_window(find_model("roomnet-compact"))
    monkeypatch.setattr(main_window, "_CLOSE_SECONDS", PATIENCE_SECONDS)
    train = chosen(qtbot, window, photos, epochs=UNTIL_STOPPED)
    train.method.start_button.click()
    epoch_reached(qtbot, train, 2)
    asked = answer(monkeypatch, "Do not close")
    assert not window.close()
    assert asked == ["“mine” is still being trained."]
    assert window.isVisible() and train.run.busy
    child, trained = pid(train), len(train.run.figures.history)
    answer(monkeypatch, "next time")
    assert window.close()
    assert not psutil.pid_exists(child)
    (run,) = unfinished_runs()
    assert run.name == "mine" and run.progress > 0

    again = make_window(find_model("roomnet-compact"))
    qtbot.waitUntil(lambda: again.findChild(UnfinishedBox) is not None, timeout=10_000)
    box = again.findChild(UnfinishedBox)
    assert box is not None and "mine" in box.text()
    box.go_on_button.click()
    assert again.pages.training and again.train.step == TRAINING
    epoch_reached(qtbot, again.train, trained + 5)
    again.train.running.stop_button.click()
    until(qtbot, again.train, State.DONE, State.FAILED)
    assert again.train.run.state is State.DONE
    epochs = [event["epoch"] for event in again.train.run.figures.history]
    assert epochs == list(range(1, len(epochs) + 1))  # the curve has the epochs of the earlier sitting too
    qtbot.waitUntil(lambda: again.train.step == RESULT, timeout=10_000)
    assert unfinished_runs() == []
    # Its photos are known again, so that a correction can be fed back.
    again.train.result.again_wanted.emit()
    qtbot.waitUntil(lambda: again.train.step == METHOD, timeout=10_000)
    assert again.train.method.start_button.isEnabled()
    assert len(again.train.data.photos.document or ()) == sum(CLASSES.values())


def test_a_killed_training_is_told_and_resumed(
    qtbot: QtBot, window: MainWindow, photos: Path
) -> None:
    train = chosen(qtbot, window, photos, epochs=UNTIL_STOPPED)
    train.method.start_button.click()
    epoch_reached(qtbot, train, 3)
    psutil.Process(pid(train)).kill()
    until(qtbot, train, State.FAILED)
    assert train.running.message.isVisible() and train.running.message.text()
    assert train.running.resume_button.isVisible()
    trained = len(train.run.figures.history)
    train.running.resume_button.click()
    epoch_reached(qtbot, train, trained + 5)
    train.running.stop_button.click()
    until(qtbot, train, State.DONE, State.FAILED)
    assert train.run.state is State.DONE
    qtbot.waitUntil(lambda: train.step == RESULT, timeout=10_000)
    report = train.result.report
    assert report is not None
    assert [epoch["epoch"] for epoch in report.history] == list(range(1, len(report.history) + 1))


def test_a_model_for_which_there_is_no_room_is_saved_once_there_is(
    qtbot: QtBot, window: MainWindow, photos: Path, data_folder: Path
) -> None:
    with small_drive(data_folder / "models", 4096) as models:
        filler = fill(models)
        train = chosen(qtbot, window, photos)
        train.method.start_button.click()
        until(qtbot, train, State.DONE, State.FAILED)
        assert train.run.state is State.FAILED
        message = train.running.message.text()
        assert message.startswith("The disk is full") and str(data_folder) in message and "nothing" in message
        assert [path.name for path in models.iterdir()] == [filler.name]  # no half a model
        assert len(unfinished_runs()) == 1 and train.running.resume_button.isVisible()
        train.running.resume_button.click()  # still no room: said again, and still nothing is lost
        qtbot.waitUntil(lambda: train.run.state is State.STARTING)
        until(qtbot, train, State.DONE, State.FAILED)
        assert train.running.message.text() == message

        filler.unlink()
        trained = len(train.run.figures.history)
        train.running.resume_button.click()
        qtbot.waitUntil(lambda: train.run.state is State.STARTING)
        until(qtbot, train, State.DONE, State.FAILED)
        assert train.run.state is State.DONE and len(train.run.figures.history) == trained  # not trained again
        qtbot.waitUntil(lambda: train.step == RESULT, timeout=10_000)
        assert find_model("mine").rooms.names == tuple(CLASSES) and unfinished_runs() == []


def test_a_folder_that_goes_meanwhile_is_told(qtbot: QtBot, window: MainWindow, photos: Path) -> None:
    train = chosen(qtbot, window, photos)
    shutil.rmtree(photos)
    train.method.start_button.click()
    until(qtbot, train, State.DONE, State.FAILED)
    assert train.run.state is State.FAILED
    assert train.running.message.text()
    train.running.again_button.click()
    assert train.step == METHOD
    train.method.back_wanted.emit()
    assert train.step == PHOTOS
