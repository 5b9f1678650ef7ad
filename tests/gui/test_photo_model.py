"""The photo model and its filter: groups of rows, changes by id, nothing shown that the filter leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.prediction import Prediction
from roomnet_core.session.changes import Change
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.photo import Marks
from roomnet_gui.jobs.runner import Runner
from roomnet_gui.review.photo_filter import PhotoFilter, Selection, Show
from roomnet_gui.review.photo_model import PhotoModel, Role
from roomnet_gui.review.problem_list import ProblemModel
from roomnet_gui.review.thumbnails import ThumbnailStore
from tests.windows import ROOMS

ROOT = Path("/photos")


def file(name: str) -> PhotoFile:
    return PhotoFile(ROOT / name, ROOT, 1000, 1)


def predict(room: int, confidence: float = 0.9) -> Prediction:
    rest = (1 - confidence) / (len(ROOMS) - 1)
    return Prediction(tuple(confidence if i == room else rest for i in range(len(ROOMS))), confidence < 0.6)


@pytest.fixture
def document() -> SessionDocument:
    return SessionDocument(ROOMS)


@pytest.fixture
def model(qapp: Any, document: SessionDocument) -> Iterator[PhotoModel]:
    runner = Runner(pytest.fail)
    store = ThumbnailStore(runner, QSize(60, 40))
    store.comes_anyway = lambda photo: True  # these files do not exist
    model = PhotoModel(document, store)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning, model)
    yield model
    assert runner.shutdown()


def test_rows_come_in_one_insertion_a_group(model: PhotoModel, document: SessionDocument) -> None:
    inserted: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda parent, first, last: inserted.append((first, last)))
    document.add(file(f"{number}.jpg") for number in range(100))
    document.add([file("5.jpg"), file("new.jpg")])
    assert inserted == [(0, 99), (100, 100)]
    assert model.rowCount() == 101
    assert model.data(model.index(100)) == "new.jpg"


def test_changes_are_signalled_in_runs_with_their_roles(model: PhotoModel, document: SessionDocument) -> None:
    ids = document.add(file(f"{number}.jpg") for number in range(10))
    changed: list[tuple[int, int, list[int]]] = []
    model.dataChanged.connect(lambda first, last, roles: changed.append((first.row(), last.row(), list(roles))))
    document.record({ids[row]: predict(2) for row in (7, 1, 2, 3)})
    assert [(first, last) for first, last, _ in changed] == [(1, 3), (7, 7)]
    assert all(Role.STATE in roles and Qt.ItemDataRole.DecorationRole not in roles for _, _, roles in changed)
    assert model.data(model.index(7), Role.STATE) == 2


def test_another_document_replaces_the_rows_and_the_old_one_is_not_heard(
    model: PhotoModel, document: SessionDocument
) -> None:
    document.add([file("old.jpg")])
    other = SessionDocument(ROOMS)
    other.add([file("a.jpg"), file("b.jpg")])
    model.set_document(other)
    document.add([file("late.jpg")])
    assert [model.data(model.index(row)) for row in range(model.rowCount())] == ["a.jpg", "b.jpg"]


def test_words_for_every_state(model: PhotoModel, document: SessionDocument) -> None:
    ids = document.add(file(f"{number}.jpg") for number in range(4))
    document.add([Problem(ROOT / "bad.jpg", ROOT, "damaged", "bad.jpg is damaged.")])
    document.record({ids[0]: predict(4), ids[1]: predict(1, 0.4), ids[2]: predict(0)})
    document.apply(Change({ids[2]: Marks(5)}))
    spoken = [model.data(model.index(row), Qt.ItemDataRole.AccessibleTextRole) for row in range(5)]
    assert spoken == [
        "0.jpg, Kitchen, 90%",
        "1.jpg, perhaps Bathroom, 40%, please check",
        "2.jpg, Living room, corrected by you",
        "3.jpg, not classified yet",
        "bad.jpg, bad.jpg is damaged.",
    ]


def shown(photos: PhotoFilter) -> list[str]:
    return [photos.data(photos.index(row, 0)) for row in range(photos.rowCount())]


def test_the_filter_follows_every_change(qtbot: QtBot, model: PhotoModel, document: SessionDocument) -> None:
    photos = PhotoFilter(model)
    QAbstractItemModelTester(photos, QAbstractItemModelTester.FailureReportingMode.Warning, photos)
    photos.set_selection(Selection(Show.ROOM, 4))
    ids = document.add(file(f"{number}.jpg") for number in range(6))
    document.add([Problem(ROOT / "bad.jpg", ROOT, "damaged", "bad.jpg is damaged.")])
    assert shown(photos) == []
    document.record({ids[0]: predict(4), ids[1]: predict(1), ids[2]: predict(4, 0.4), ids[5]: predict(4)})
    assert shown(photos) == ["0.jpg", "2.jpg", "5.jpg"]
    inverse = document.apply(Change({ids[0]: Marks(1), ids[3]: Marks(4)}))
    assert shown(photos) == ["2.jpg", "3.jpg", "5.jpg"]
    photos.set_selection(Selection(Show.UNSURE))
    assert shown(photos) == ["2.jpg"]
    photos.set_selection(Selection(Show.CORRECTED))
    assert shown(photos) == ["0.jpg"]
    document.apply(inverse)
    assert shown(photos) == []
    photos.set_selection(Selection(Show.PROBLEMS))
    assert shown(photos) == ["bad.jpg"]
    photos.set_selection(Selection())
    assert len(shown(photos)) == 7


def test_search_by_name_and_folder_together_with_a_room(model: PhotoModel, document: SessionDocument) -> None:
    photos = PhotoFilter(model)
    ids = document.add([file("Upstairs/IMG_1.jpg"), file("Upstairs/IMG_2.jpg"), file("IMG_20.jpg")])
    document.record(dict.fromkeys(ids[1:], predict(3)))
    photos.set_search(" upSTAIRS ")
    assert shown(photos) == ["IMG_1.jpg", "IMG_2.jpg"]
    photos.set_selection(Selection(Show.ROOM, 3))
    assert shown(photos) == ["IMG_2.jpg"]
    photos.set_search("img_2")
    assert shown(photos) == ["IMG_2.jpg", "IMG_20.jpg"]
    assert photos.index_of(ids[2]).row() == 1
    assert not photos.index_of(ids[0]).isValid()
    assert not photos.index_of(999).isValid()


def test_the_problem_model(qtbot: QtBot, document: SessionDocument) -> None:
    problems = ProblemModel()
    QAbstractItemModelTester(problems, QAbstractItemModelTester.FailureReportingMode.Warning, problems)
    problems.show(document)
    assert problems.rowCount() == 0
    ids = document.add([file("a.jpg"), file("b.jpg")])
    document.record({ids[1]: Problem(ROOT / "b.jpg", ROOT, "empty", "b.jpg is empty.")})
    problems.show(document)
    assert problems.photo_id(0) == ids[1]
    row = [problems.data(problems.index(0, column)) for column in range(problems.columnCount())]
    assert row == ["b.jpg", "b.jpg is empty."]
    assert "b.jpg is empty." in problems.as_text()
