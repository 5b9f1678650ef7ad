"""The photo model and its filter: groups of rows, changes by id, nothing shown that the filter leaves out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from roomnet_core.photos.info import PhotoInfo
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.prediction import Prediction, Reading
from roomnet_core.session import changes
from roomnet_core.session.changes import Change
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.photo import Marks
from roomnet_gui.jobs.runner import Runner
from roomnet_gui.review.photo_model import PhotoModel, Role
from roomnet_gui.review.problem_list import ProblemModel
from roomnet_gui.review.query import Query, Selection, Show, Sort
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
    assert runner.shutdown(60)


def test_rows_come_in_one_insertion_a_group(model: PhotoModel, document: SessionDocument) -> None:
    inserted: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda parent, first, last: inserted.append((first, last)))
    document.add(file(f"{number}.jpg") for number in range(100))
    document.add([file("5.jpg"), file("new.jpg")])
    assert inserted == [(0, 99), (100, 100)]
    assert model.rowCount() == 101
    assert model.data(model.index(100)) == "new.jpg"


@pytest.mark.parametrize("name", ["two\nlines.jpg", "photo\u202egpj.exe.jpg", "caf\udce9.jpg", "bell\a.jpg"])
def test_a_name_is_shown_on_one_line_and_the_right_way_round(
    model: PhotoModel, document: SessionDocument, name: str
) -> None:
    document.add([PhotoFile(ROOT / name, ROOT, 1, 1), Problem(ROOT / f"x{name}", ROOT, "damaged", "It is damaged.")])
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole)
    for row in range(2):
        for role in roles:
            lines = str(model.data(model.index(row), role) or "").splitlines()
            assert all(line.isprintable() for line in lines) and "lines.jpg" not in lines[1:]
    problems = ProblemModel()
    problems.show(document)
    assert str(problems.data(problems.index(0, 0))).isprintable()
    assert len(problems.as_text().splitlines()) == 1


def test_changes_are_signalled_in_runs_with_their_roles(model: PhotoModel, document: SessionDocument) -> None:
    ids = document.add(file(f"{number}.jpg") for number in range(10))
    changed: list[tuple[int, int, list[int]]] = []
    model.dataChanged.connect(lambda first, last, roles: changed.append((first.row(), last.row(), list(roles))))
    document.record({ids[row]: predict(2) for row in (7, 1, 2, 3)})
    assert [(first, last) for first, last, _ in changed] == [(1, 3), (7, 7)]
    assert all(Role.PHOTO in roles and Qt.ItemDataRole.DecorationRole not in roles for _, _, roles in changed)
    assert model.data(model.index(7), Role.PHOTO).room_id == 2


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


def shown(photos: PhotoModel) -> list[str]:
    return [photos.data(photos.index(row, 0)) for row in range(photos.rowCount())]


def test_the_filter_follows_every_change(model: PhotoModel, document: SessionDocument) -> None:
    model.set_query(Query(Selection(Show.ROOM, 4)))
    ids = document.add(file(f"{number}.jpg") for number in range(6))
    document.add([Problem(ROOT / "bad.jpg", ROOT, "damaged", "bad.jpg is damaged.")])
    assert shown(model) == []
    document.record({ids[0]: predict(4), ids[1]: predict(1), ids[2]: predict(4, 0.4), ids[5]: predict(4)})
    assert shown(model) == ["0.jpg", "2.jpg", "5.jpg"]
    inverse = document.apply(Change({ids[0]: Marks(1), ids[3]: Marks(4)}))
    assert shown(model) == ["2.jpg", "3.jpg", "5.jpg"]
    model.set_query(Query(Selection(Show.UNSURE)))
    assert shown(model) == ["2.jpg"]
    model.set_query(Query(Selection(Show.CORRECTED)))
    assert shown(model) == ["0.jpg"]
    model.set_query(Query(Selection(Show.NOT_REVIEWED)))
    assert shown(model) == ["1.jpg", "2.jpg", "4.jpg", "5.jpg"]
    document.apply(inverse)
    assert shown(model) == [f"{number}.jpg" for number in range(6)]
    document.apply(changes.reject(document, ids[:1], True))
    assert shown(model) == [f"{number}.jpg" for number in range(1, 6)]
    model.set_query(Query(Selection(Show.REJECTED)))
    assert shown(model) == ["0.jpg"]
    model.set_query(Query(Selection(Show.PROBLEMS)))
    assert shown(model) == ["bad.jpg"]
    model.set_query(Query())
    assert len(shown(model)) == 7


def test_search_by_name_and_folder_together_with_a_room(model: PhotoModel, document: SessionDocument) -> None:
    ids = document.add([file("IMG_20.jpg"), file("Upstairs/IMG_1.jpg"), file("Upstairs/IMG_2.jpg")])
    document.record(dict.fromkeys((ids[0], ids[2]), predict(3)))
    model.set_query(Query(search="upstairs"))
    assert shown(model) == ["IMG_1.jpg", "IMG_2.jpg"]
    model.set_query(Query(Selection(Show.ROOM, 3), search="upstairs"))
    assert shown(model) == ["IMG_2.jpg"]
    model.set_query(Query(Selection(Show.ROOM, 3), search="img_2"))
    assert shown(model) == ["IMG_20.jpg", "IMG_2.jpg"]
    assert model.row_of(ids[0]) == 0
    assert model.row_of(ids[1]) is None
    assert model.row_of(999) is None
    assert not model.index_of(ids[1]).isValid()


def test_every_order_and_its_reverse(model: PhotoModel, document: SessionDocument) -> None:
    ids = document.add(file(name) for name in ("IMG_10.jpg", "IMG_2.jpg", "b/IMG_1.jpg", "IMG_3.jpg"))
    document.add([Problem(ROOT / "bad.jpg", ROOT, "damaged", "bad.jpg is damaged.")])
    days = {ids[0]: 3, ids[1]: 1, ids[2]: 2}
    for photo_id, day in days.items():
        taken = PhotoInfo(4, 3, datetime(2024, 5, day))
        document.record({photo_id: Reading(predict({3: 0, 1: 5, 2: 4}[day], 0.5 + day / 10), taken)})
    orders = {
        (Sort.NAME, False): ["bad.jpg", "IMG_2.jpg", "IMG_3.jpg", "IMG_10.jpg", "IMG_1.jpg"],
        (Sort.NAME, True): ["IMG_1.jpg", "IMG_10.jpg", "IMG_3.jpg", "IMG_2.jpg", "bad.jpg"],
        # Photos without the value come last either way, by name.
        (Sort.CAPTURED, False): ["IMG_2.jpg", "IMG_1.jpg", "IMG_10.jpg", "bad.jpg", "IMG_3.jpg"],
        (Sort.CAPTURED, True): ["IMG_10.jpg", "IMG_1.jpg", "IMG_2.jpg", "bad.jpg", "IMG_3.jpg"],
        # In the order of a listing: living room, kitchen, backyard.
        (Sort.ROOM, False): ["IMG_2.jpg", "IMG_1.jpg", "IMG_10.jpg", "bad.jpg", "IMG_3.jpg"],
        (Sort.CONFIDENCE, False): ["IMG_2.jpg", "IMG_1.jpg", "IMG_10.jpg", "bad.jpg", "IMG_3.jpg"],
        (Sort.MARGIN, True): ["IMG_10.jpg", "IMG_1.jpg", "IMG_2.jpg", "bad.jpg", "IMG_3.jpg"],
    }
    for (sort, descending), expected in orders.items():
        model.set_query(Query(sort=sort, descending=descending))
        assert shown(model) == expected, (sort, descending)


def test_new_photos_take_their_places(model: PhotoModel, document: SessionDocument) -> None:
    document.add(file(f"{number}.jpg") for number in range(0, 40, 2))
    inserted: list[tuple[int, int]] = []
    model.rowsInserted.connect(lambda parent, first, last: inserted.append((first, last)))
    document.add(file(f"{number}.jpg") for number in (3, 5, 41, 42))
    assert inserted == [(20, 21), (3, 3), (2, 2)]
    names = shown(model)
    assert names == sorted(names, key=lambda name: int(name[:-4]))


def test_a_photo_stays_where_it_is_until_sorted_again(model: PhotoModel, document: SessionDocument) -> None:
    ids = document.add(file(f"{number}.jpg") for number in range(4))
    document.record({photo_id: predict(2, 0.5 + row / 10) for row, photo_id in enumerate(ids)})
    model.set_query(Query(sort=Sort.ROOM))
    document.apply(changes.label(document, ids[3:], 3))  # the front yard is first in a listing
    assert shown(model) == ["0.jpg", "1.jpg", "2.jpg", "3.jpg"]
    model.sort_again()
    assert shown(model) == ["3.jpg", "0.jpg", "1.jpg", "2.jpg"]


def test_what_comes_and_goes_in_many_places_is_shown_anew(model: PhotoModel, document: SessionDocument) -> None:
    ids = document.add(file(f"{number}.jpg") for number in range(400))
    document.record(dict.fromkeys(ids, predict(2)))
    model.set_query(Query(Selection(Show.ROOM, 2)))
    resets: list[None] = []
    model.modelReset.connect(lambda: resets.append(None))
    inverse = document.apply(changes.label(document, ids[::2], 1))
    assert len(resets) == 1
    assert shown(model) == [f"{number}.jpg" for number in range(1, 400, 2)]
    document.apply(inverse)
    assert len(resets) == 2
    assert shown(model) == [f"{number}.jpg" for number in range(400)]


def test_the_next_photo_to_check_goes_round(model: PhotoModel, document: SessionDocument) -> None:
    ids = document.add(file(f"{number}.jpg") for number in range(6))
    document.record({photo_id: predict(2, 0.4 if row in (1, 4) else 0.9) for row, photo_id in enumerate(ids)})
    assert [model.next_to_review(row, 1) for row in (-1, 0, 1, 4, 5)] == [1, 1, 4, 1, 1]
    assert [model.next_to_review(row, -1) for row in (-1, 0, 1, 4, 5)] == [4, 4, 4, 1, 4]
    document.apply(changes.accept(document, [ids[1]]))
    assert model.next_to_review(4, 1) == 4
    document.apply(changes.reject(document, [ids[4]], True))
    assert model.next_to_review(0, 1) is None


@given(
    st.lists(
        st.tuples(st.integers(0, 59), st.sampled_from([None, 0, 1, 2]), st.booleans()), min_size=1, max_size=12
    ),
    st.sampled_from(list(Sort)),
    st.booleans(),
    st.sampled_from([Selection(), Selection(Show.ROOM, 1), Selection(Show.NOT_REVIEWED), Selection(Show.REJECTED)]),
)
def test_any_changes_leave_just_what_the_query_accepts(
    strokes: list[tuple[int, int | None, bool]], sort: Sort, descending: bool, selection: Selection
) -> None:
    document = SessionDocument(ROOMS)
    ids = document.add(file(f"{number}.jpg") for number in range(60))
    document.record({photo_id: predict(row % 3, 0.5 + row / 200) for row, photo_id in enumerate(ids[:50])})
    runner = Runner(pytest.fail)
    model = PhotoModel(document, ThumbnailStore(runner, QSize(60, 40)))
    query = Query(selection, sort=sort, descending=descending)
    model.set_query(query)
    mirror = shown(model)

    def inserted(parent: Any, first: int, last: int) -> None:
        mirror[first:first] = shown(model)[first : last + 1]

    def removed(parent: Any, first: int, last: int) -> None:
        del mirror[first : last + 1]

    def reset() -> None:
        mirror[:] = shown(model)

    model.rowsInserted.connect(inserted)
    model.rowsRemoved.connect(removed)
    model.modelReset.connect(reset)
    for start, room, rejected in strokes:
        touched = ids[start : start + 17]
        document.apply(changes.label(document, touched, room))
        document.apply(changes.reject(document, touched[:5], rejected))
    assert mirror == shown(model)  # the signals told the whole story
    assert sorted(mirror) == sorted(photo.file.path.name for photo in document if selection.accepts(photo))
    assert [model.row_of(model.id_at(row)) for row in range(model.rowCount())] == list(range(model.rowCount()))
    model.sort_again()
    assert shown(model) == shown(fresh_model(document, query))
    assert runner.shutdown(60)


def fresh_model(document: SessionDocument, query: Query) -> PhotoModel:
    """A model that never saw anything else."""
    model = PhotoModel(document, ThumbnailStore(Runner(pytest.fail), QSize(60, 40)))
    model.set_query(query)
    return model


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
