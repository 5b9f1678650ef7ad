"""The session document: whatever a person does can be undone, and every count and message is right."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roomnet_core.photos.info import PhotoInfo
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.prediction import Prediction, Reading
from roomnet_core.rooms import RoomSet
from roomnet_core.session.changes import Change, accept, clear_cover, label, make_cover, reject
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.photo import Marks, SessionPhoto
from roomnet_core.session.reconcile import Remembered
from roomnet_core.session.summary import Summary

ROOMS = RoomSet.from_names(["Bathroom", "Kitchen", "LivingRoom"])
ROOT = Path("/listings/12 Elm Street")
PREDICTIONS = [
    Prediction((0.05, 0.9, 0.05), False),
    Prediction((0.4, 0.35, 0.25), True),
    Prediction((0.1, 0.1, 0.8), False),
]
DAMAGED = Problem(ROOT / "x.jpg", ROOT, "damaged", "x.jpg is damaged.")


def file(name: str, size: int = 100) -> PhotoFile:
    return PhotoFile(ROOT / name, ROOT, size, 1)


def make_document(photos: int = 6) -> SessionDocument:
    """Photos 1.. of which the last two have no prediction: one is damaged, one was not classified."""
    document = SessionDocument(ROOMS, model="test")
    ids = document.add(file(f"{number}.jpg") for number in range(photos))
    document.record({photo_id: PREDICTIONS[photo_id % 3] for photo_id in ids[:-2]})
    document.record({ids[-2]: DAMAGED})
    return document


def counted(document: SessionDocument) -> Summary:
    """The summary, counted anew from the photos."""
    photos = list(document)
    return Summary(
        photos=len(photos),
        by_room={room.id: sum(photo.room_id == room.id for photo in photos) for room in ROOMS},
        unsure=sum(photo.needs_review for photo in photos),
        corrected=sum(photo.corrected for photo in photos),
        not_reviewed=sum(photo.not_reviewed for photo in photos),
        rejected=sum(photo.rejected for photo in photos),
        covers=sum(photo.cover for photo in photos),
        problems=sum(photo.problem is not None for photo in photos),
    )


# --- any sequence of what a person, a model and a sort do

_IDS = st.lists(st.integers(1, 6), min_size=1, max_size=4, unique=True)
_STEPS = st.one_of(
    st.tuples(st.just("label"), _IDS, st.sampled_from([0, 1, 2, None])),
    st.tuples(st.just("accept"), _IDS, st.none()),
    st.tuples(st.just("reject"), _IDS, st.booleans()),
    st.tuples(st.just("cover"), _IDS, st.none()),
    st.tuples(st.just("uncover"), _IDS, st.none()),
)


def change_of(document: SessionDocument, step: tuple[str, list[int], int | bool | None]) -> Change:
    what, ids, value = step
    if what == "label":
        return label(document, ids, value)
    if what == "accept":
        return accept(document, ids)
    if what == "reject":
        return reject(document, ids, bool(value))
    return (make_cover if what == "cover" else clear_cover)(document, ids[0])


@given(st.lists(_STEPS, max_size=12))
def test_any_sequence_of_changes_undone_gives_the_first_state(steps: list[tuple[str, list[int], int | None]]) -> None:
    document = make_document()
    states, inverses, changes = [list(document)], [], []
    for step in steps:
        change = change_of(document, step)
        changes.append(change)
        inverses.append(document.apply(change))
        states.append(list(document))
        assert document.summary() == counted(document)
    for inverse, state in zip(reversed(inverses), reversed(states[:-1]), strict=True):
        document.apply(inverse)
        assert list(document) == state
    for change, state in zip(changes, states[1:], strict=True):
        document.apply(change)
        assert list(document) == state
    assert document.summary() == counted(document)


@given(st.lists(st.one_of(_STEPS, st.tuples(st.just("model"), _IDS, st.integers(0, 2))), max_size=12))
def test_a_room_has_at_most_one_cover_whatever_happens(steps: list[tuple[str, list[int], int | None]]) -> None:
    document = make_document()
    for what, ids, value in steps:
        if what == "model":
            document.record({photo_id: PREDICTIONS[value or 0] for photo_id in ids})
        else:
            document.apply(change_of(document, (what, ids, value)))
        covers = [photo for photo in document if photo.cover]
        assert len({photo.room_id for photo in covers}) == len(covers)
        for photo in covers:
            assert photo.decided is not None and not photo.rejected
            assert document.cover_of(photo.decided) == photo.id
        assert document.summary() == counted(document)


@given(_STEPS, _STEPS)
def test_observers_are_told_exactly_the_photos_that_changed(
    first: tuple[str, list[int], int | None], second: tuple[str, list[int], int | None]
) -> None:
    document = make_document()
    document.apply(change_of(document, first))
    before = {photo.id: photo for photo in document}
    told: list[tuple[int, ...]] = []
    document.observe(told.append)
    change = change_of(document, second)
    document.apply(change)
    changed = {photo.id for photo in document if photo != before[photo.id]}
    assert set(change.marks) == changed
    assert [set(ids) for ids in told] == ([changed] if changed else [])
    document.apply(change)
    assert len(told) == bool(changed)


# --- each change for itself


def test_a_decision_and_taking_it_back() -> None:
    document = make_document()
    inverse = document.apply(label(document, [1, 2], 2))
    assert document[1].decided == 2 and document[1].corrected and document[1].reviewed and not document[1].accepted
    assert document[2].decided == 2 and document[2].accepted and not document[2].corrected
    assert not label(document, [1, 2], 2)
    document.apply(label(document, [1], None))
    assert document[1].room_id == 0 and document[1].needs_review
    document.apply(inverse)
    assert document[2].marks == Marks()


def test_accepting_takes_the_models_word_and_leaves_photos_without_one() -> None:
    document = make_document()
    document.apply(label(document, [1], 1))
    change = accept(document, range(1, 7))
    assert set(change.marks) == {1, 2, 3, 4}
    document.apply(change)
    assert document[1].decided == 0 and all(document[photo_id].accepted for photo_id in (1, 2, 3, 4))
    assert document.summary().not_reviewed == 1  # the photo that was not classified; the damaged one is a problem


def test_a_cover_moves_within_its_room_and_goes_with_rejection_or_another_room() -> None:
    document = make_document()
    document.apply(label(document, [1, 2], 1))
    document.apply(make_cover(document, 1))
    assert document.cover_of(1) == 1
    document.apply(make_cover(document, 2))
    assert document.cover_of(1) == 2 and not document[1].cover and document[1].decided == 1
    document.apply(reject(document, [2], True))
    assert document.cover_of(1) is None and document[2].rejected
    document.apply(make_cover(document, 2))
    assert document.cover_of(1) == 2 and not document[2].rejected
    document.apply(label(document, [2], 2))
    assert document.cover_of(1) is None and document.cover_of(2) is None
    document.apply(make_cover(document, 2))
    document.apply(clear_cover(document, 2))
    assert document[2].marks == Marks(2)
    assert not make_cover(document, 6)


def test_another_model_moves_predictions_and_no_decision() -> None:
    document = make_document()
    document.apply(label(document, [1], 2))
    document.apply(make_cover(document, 3))
    document.model = "other"
    info = PhotoInfo(64, 48)
    document.record({1: Reading(PREDICTIONS[0], info, b"key"), 2: PREDICTIONS[0], 3: DAMAGED})
    assert (document[1].decided, document[1].model, document[1].info) == (2, "other", info)
    assert document[1].file.content == b"key"
    assert document[2].room_id == 1
    assert document[3].cover and document[3].problem is not None and document[3].prediction is None
    document.record({1: PREDICTIONS[1]})
    assert document[1].info == info and document[1].file.content == b"key"


def test_photos_that_move_stay_the_same_photos() -> None:
    document = make_document()
    document.apply(label(document, [1], 2))
    told: list[tuple[int, ...]] = []
    document.observe(told.append)
    one, two = document[1].file, document[2].file
    document.relocate({1: replace(one, path=two.path), 2: replace(two, path=one.path)})  # they change places
    assert document.id_of(two.path) == 1 and document.id_of(one.path) == 2
    document.relocate({2: file("Kitchen/a.jpg")})
    assert document.id_of(one.path) is None and document.id_of(ROOT / "Kitchen/a.jpg") == 2
    assert document[1].decided == 2 and document[2].prediction == PREDICTIONS[2]
    assert told == [(1, 2), (2,)]


def test_adding_what_is_there_adds_nothing() -> None:
    document = make_document(3)
    assert document.add([file("0.jpg"), file("9.jpg"), file("9.jpg")]) == (4,)
    assert document.add([DAMAGED]) == (5,)
    assert document.id_of(DAMAGED.path) == 5 and document[5].problem == DAMAGED


def test_what_an_earlier_session_knew() -> None:
    cover = SessionPhoto(70, file("a.jpg"), PREDICTIONS[0], "m", Marks(1, cover=True))
    photos = [cover, SessionPhoto(9, file("b.jpg"))]
    document = SessionDocument(ROOMS, model="m", ids=iter([1000]))
    assert document.admit(Remembered(tuple(photos))) == (70, 9)
    assert document.admit(Remembered(tuple(photos))) == ()
    assert list(document) == photos and document.cover_of(1) == 70 and document.id_of(ROOT / "b.jpg") == 9
    assert document.add([file("c.jpg"), file("b.jpg")]) == (1000,)
    assert document.summary() == counted(document)
    assert 70 in document and 71 not in document
    with pytest.raises(KeyError):
        document[71]


def test_a_change_of_one_photo_costs_the_same_in_a_large_session() -> None:
    """Far under a millisecond among 20,000, whatever else the machine does meanwhile."""
    document = make_document(20_000)
    started = time.thread_time()
    for number in range(500):
        document.apply(label(document, [number + 1], number % 3))
        document.apply(make_cover(document, number + 1))
        document.summary()
    assert (time.thread_time() - started) / 500 < 0.001
