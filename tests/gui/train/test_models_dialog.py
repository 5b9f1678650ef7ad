"""The models: use, rename, export, import, remove; refusals are said, and nothing is lost."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog, QInputDialog, QMessageBox
from pytestqt.qtbot import QtBot

from roomnet_core.inference.model_file import ModelFile, find_model
from roomnet_core.models import store as store_module
from roomnet_core.models.store import ModelStore
from roomnet_gui.main_window import MainWindow
from roomnet_gui.train.models_dialog import ModelsDialog
from tests.windows import MakeWindow, drop


@pytest.fixture
def own(tmp_path: Path, data_folder: Path) -> ModelFile:
    """A model of the user's own, as an import leaves it."""
    store = ModelStore()
    return store.import_file(store.export_file(find_model("roomnet-compact"), tmp_path / "m.roomnet"), "mine")


@pytest.fixture
def window(make_window: MakeWindow, own: ModelFile) -> MainWindow:
    return make_window(find_model("roomnet-compact"))


@pytest.fixture
def dialog(qtbot: QtBot, window: MainWindow) -> ModelsDialog:
    window.actions_.manage_models.trigger()
    dialog = window.findChild(ModelsDialog)
    idle(qtbot, dialog)
    choose(dialog, "mine")
    return dialog


def idle(qtbot: QtBot, dialog: ModelsDialog) -> None:
    qtbot.waitUntil(lambda: dialog._job is None, timeout=20_000)


def names(dialog: ModelsDialog) -> list[str]:
    return [row.model.name for row in dialog.table_model.rows]


def choose(dialog: ModelsDialog, name: str) -> None:
    dialog.table.selectRow(names(dialog).index(name))


def test_shipped_models_can_be_used_and_exported_only(dialog: ModelsDialog) -> None:
    assert set(names(dialog)) == {"roomnet-large", "roomnet-compact", "roomnet-classic", "mine"}
    choose(dialog, "roomnet-large")
    enabled = (dialog.use_button, dialog.export_button, dialog.import_button)
    disabled = (dialog.rename_button, dialog.remove_button, dialog.report_button)
    assert all(button.isEnabled() for button in enabled)
    assert not any(button.isEnabled() for button in disabled)
    choose(dialog, "roomnet-compact")
    assert not dialog.use_button.isEnabled()  # it is in use


def test_using_a_model(qtbot: QtBot, dialog: ModelsDialog, window: MainWindow) -> None:
    dialog.use_button.click()
    idle(qtbot, dialog)
    assert window.session.model_name == "mine"
    assert dialog.table_model.index(names(dialog).index("mine"), 0).data() == "mine (in use)"


def test_renaming_the_model_in_use(
    qtbot: QtBot, dialog: ModelsDialog, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog.use_button.click()
    idle(qtbot, dialog)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("roomnet-large", True))
    dialog.rename_button.click()
    idle(qtbot, dialog)
    assert "ships with RoomNet" in dialog.message.text()
    assert "mine" in names(dialog)
    monkeypatch.setattr(QInputDialog, "getText", lambda *_, **__: ("ours", True))
    dialog.rename_button.click()
    qtbot.waitUntil(lambda: "ours" in names(dialog), timeout=10_000)
    idle(qtbot, dialog)
    assert window.session.model_name == "ours"
    assert find_model("ours").folder.is_dir()


def test_export_and_import_on_another_computer(
    qtbot: QtBot, dialog: ModelsDialog, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "usb" / "mine"
    target.parent.mkdir()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    dialog.export_button.click()
    idle(qtbot, dialog)
    written = target.with_name("mine.roomnet")
    assert written.is_file() and str(written) in dialog.message.text()
    shutil.rmtree(find_model("mine").folder)  # the other computer does not have it
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(written), ""))
    dialog.import_button.click()
    qtbot.waitUntil(lambda: "was imported" in dialog.message.text(), timeout=20_000)
    idle(qtbot, dialog)
    assert dialog.chosen is not None and dialog.chosen.model.name == "mine"


def test_what_is_no_model_is_refused_with_the_reason(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    evil = tmp_path / "evil.roomnet"
    with zipfile.ZipFile(evil, "w") as archive:
        archive.writestr("../outside.txt", "boo")
    drop(window, [evil])  # a model's file may be dropped on the window
    dialog = window.findChild(ModelsDialog)
    assert dialog is not None
    idle(qtbot, dialog)
    assert "outside its folder" in dialog.message.text()
    assert not (tmp_path / "outside.txt").exists()
    assert len(window.session.document) == 0


def test_removing_the_model_in_use_takes_the_default(
    qtbot: QtBot, dialog: ModelsDialog, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    trash = tmp_path / "trash"
    trash.mkdir()
    monkeypatch.setattr(
        store_module, "send_to_trash", lambda paths: [shutil.move(path, trash) for path in paths]
    )
    dialog.use_button.click()
    idle(qtbot, dialog)

    def answer(box: QMessageBox) -> int:
        next(button for button in box.buttons() if "trash" in button.text()).click()
        return 0

    monkeypatch.setattr(QMessageBox, "exec", answer)
    dialog.remove_button.click()
    qtbot.waitUntil(lambda: "is in the trash" in dialog.message.text(), timeout=10_000)
    idle(qtbot, dialog)
    assert (trash / "mine" / "card.json").is_file()
    assert "mine" not in names(dialog)
    assert window.session.model_name == "roomnet-large"


def test_removing_asks_and_no_means_no(
    qtbot: QtBot, dialog: ModelsDialog, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QMessageBox, "exec", lambda box: 0)
    dialog.remove_button.click()
    assert find_model("mine").folder.is_dir()
