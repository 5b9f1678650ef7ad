"""The catalog: whatever happened in a session, the next one finds it, whoever else has the catalog open."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roomnet_core.photos.info import PhotoInfo
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.prediction import ModelKey, Reading
from roomnet_core.rooms import RoomSet
from roomnet_core.session.changes import label, make_cover, reject
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.photo import Marks, SessionPhoto
from roomnet_core.session.reconcile import Finding, State
from roomnet_core.session.store import Catalog
from tests.core.session.catalogs import MODEL, PREDICTIONS, ROOMS, ROOT, file, load, opened, reopened
from tests.core.session.test_document import change_of

OTHER = ModelKey("second", "key of the second model")
INFO = PhotoInfo(6000, 4000, datetime(2024, 5, 17, 9, 30, 1), "Canon EOS R5")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "data" / "catalog.sqlite"


def fill(document: SessionDocument, count: int = 6) -> tuple[int, ...]:
    """Photos of which all but the last have a prediction."""
    ids = document.add(file(f"{number}.jpg") for number in range(count))
    document.record({photo_id: Reading(PREDICTIONS[n % 3], INFO, bytes([n])) for n, photo_id in enumerate(ids[:-1])})
    return ids


def test_a_later_session_finds_everything_as_it_was(path: Path) -> None:
    with opened(path) as catalog:
        document = load(catalog)
        ids = fill(document)
        damaged = Problem(ROOT / "5.jpg", ROOT, "damaged", "5.jpg is damaged.")
        document.record({ids[5]: damaged})
        document.apply(label(document, ids[:2], 2))
        document.apply(make_cover(document, ids[2]))
        document.apply(reject(document, [ids[3]], True))
    again = reopened(path)
    assert list(again) == list(document)
    assert again.summary() == document.summary()
    assert again[ids[0]].model == "first" and again[ids[0]].info == INFO


def test_what_comes_later_counts_on(path: Path) -> None:
    with opened(path) as catalog:
        first = fill(load(catalog))
    with opened(path) as catalog:
        document = load(catalog)
        second = document.add([file("9.jpg"), file("0.jpg")])
    assert len(second) == 1 and second[0] > max(first)
    assert [photo.id for photo in reopened(path)] == [*first, *second]


# --- any interleaving

_IDS = st.lists(st.integers(1, 6), min_size=1, max_size=3, unique=True)
_ACTIONS = st.one_of(
    st.tuples(st.just("label"), _IDS, st.sampled_from([0, 1, 2, None])),
    st.tuples(st.sampled_from(["accept", "cover", "uncover"]), _IDS, st.none()),
    st.tuples(st.just("reject"), _IDS, st.booleans()),
    st.tuples(st.sampled_from(["record", "fail", "move", "swap", "edit", "embed"]), _IDS, st.integers(0, 2)),
    st.tuples(st.sampled_from(["undo", "reopen"]), _IDS, st.none()),
)


def act(document: SessionDocument, what: str, ids: list[int], value: Any) -> None:
    """What a model, a sort or another program does to photos."""
    if what == "record":
        document.record({n: Reading(PREDICTIONS[value], INFO, b"%d" % n) for n in ids})
    elif what == "fail":
        document.record(
            {n: Problem(document[n].file.path, ROOT, ("damaged", "permission", "too_large")[value], "No.") for n in ids}
        )
    elif what == "move":
        document.relocate({n: replace(document[n].file, path=ROOT / f"moved {n} {value}.jpg") for n in ids})
    elif what == "swap":
        files = [document[n].file for n in ids]
        document.relocate(dict(zip(ids, files[1:] + files[:1], strict=True)))
    elif what == "edit":
        edited = {n: replace(document[n].file, mtime_ns=value, content=b"edited %d" % value) for n in ids}
        document.settle(Finding(State.CHANGED, file, document[n], True) for n, file in edited.items())
    elif what == "embed":
        document.relocate({n: replace(document[n].file, size=value + 1, mtime_ns=value, content=b"") for n in ids})


@settings(max_examples=60)
@given(st.lists(_ACTIONS, max_size=14))
def test_after_any_sequence_a_reopened_folder_is_in_the_same_state(
    tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, list[int], Any]]
) -> None:
    path = tmp_path_factory.mktemp("catalog") / "catalog.sqlite"
    catalog = Catalog.open(path, on_error=pytest.fail)
    try:
        document = load(catalog)
        ids = fill(document)
        undo = []
        for what, numbers, value in actions:
            chosen = [ids[number - 1] for number in numbers]
            if what == "reopen":
                catalog.close()
                catalog = Catalog.open(path, on_error=pytest.fail)
                again = load(catalog)
                assert list(again) == list(document)
                document = again
            elif what == "undo":
                if undo:
                    document.apply(undo.pop())
            elif what in ("label", "accept", "reject", "cover", "uncover"):
                undo.append(document.apply(change_of(document, (what, chosen, value))))
            else:
                act(document, what, chosen, value)
    finally:
        catalog.close()
    with opened(path) as catalog:
        again = load(catalog)
        assert list(again) == list(document)
        assert again.summary() == document.summary()


# --- models and rooms


def test_another_model_predicts_anew_and_decisions_stay(path: Path) -> None:
    with opened(path) as catalog:
        document = load(catalog)
        ids = fill(document)
        document.apply(label(document, ids[:1], 2))
        other = load(catalog, model=OTHER)
        assert all(photo.prediction is None for photo in other) and other[ids[0]].decided == 2
        other.record({ids[0]: Reading(PREDICTIONS[1], INFO, bytes([0]))})
        assert other[ids[0]].corrected and other[ids[0]].model == "second"
        back = load(catalog)
        assert list(back) == list(document)
        strict = load(catalog, model=replace(MODEL, key="another threshold"))
        assert all(photo.prediction is None for photo in strict)


def test_a_decision_for_a_room_that_the_model_lacks_is_kept_and_shown(path: Path) -> None:
    garage = RoomSet.from_names(["Garage", "kitchen"])
    with opened(path) as catalog:
        document = load(catalog, rooms=garage, model=OTHER)
        ids = document.add([file("0.jpg"), file("1.jpg"), file("2.jpg")])
        document.apply(label(document, ids[:1], 0))
        document.apply(label(document, ids[1:2], 1))
    document = reopened(path)
    assert document.rooms.names == ("Bathroom", "Kitchen", "LivingRoom", "Garage")
    assert [document[photo_id].decided for photo_id in ids] == [3, 1, None]
    assert document.rooms[:3] == tuple(ROOMS) and document.rooms[3].hotkey not in {room.hotkey for room in ROOMS}
    with opened(path) as catalog:  # where the set of rooms cannot grow the decision is out of sight, and safe
        remembered = catalog.read([ROOT], ROOMS, MODEL)
        assert [photo.decided for photo in remembered.photos] == [None, 1, None]
        document = SessionDocument(ROOMS)
        document.admit(remembered)
    with opened(path) as catalog:
        document = load(catalog)
        document.apply(reject(document, ids[:1], True))
    assert reopened(path)[ids[0]].marks == Marks(3, rejected=True)


def test_a_photo_that_became_another_picture_loses_every_models_prediction(path: Path) -> None:
    with opened(path) as catalog:
        document = load(catalog)
        ids = fill(document)
        other = load(catalog, model=OTHER)
        other.record({ids[0]: Reading(PREDICTIONS[1], INFO, bytes([0]))})
        document.apply(label(document, ids[:1], 2))
        edited = replace(document[ids[0]].file, mtime_ns=7, content=b"another")
        document.settle([Finding(State.CHANGED, edited, document[ids[0]], True)])
        assert document[ids[0]].prediction is None and document[ids[0]].decided == 2
    for model in (MODEL, OTHER):
        photo = reopened(path, model=model)[ids[0]]
        assert photo.prediction is None and photo.decided == 2 and photo.file.mtime_ns == 7


# --- folders


def test_nested_and_overlapping_folders_hold_each_photo_once(path: Path) -> None:
    inner, beside = ROOT / "upstairs", ROOT.parent / "12 Elm Street (2)"
    with opened(path) as catalog:
        document = load(catalog, ROOT)
        document.add([file("a.jpg"), file("upstairs/b.jpg")])
        load(catalog, beside).add([file("c.jpg", beside)])
    assert [photo.file.relative for photo in reopened(path, ROOT)] == ["a.jpg", "upstairs/b.jpg"]
    assert [photo.file.relative for photo in reopened(path, inner)] == ["b.jpg"]
    assert [photo.file.relative for photo in reopened(path, inner, ROOT, inner)] == ["b.jpg", "a.jpg"]
    every = reopened(path, ROOT, beside, inner)
    assert [photo.file.relative for photo in every] == ["a.jpg", "upstairs/b.jpg", "c.jpg"]
    assert [photo.file.relative for photo in reopened(path, ROOT / "a.jpg")] == ["a.jpg"]
    assert len(reopened(path, Path("/"))) == 3
    assert len(reopened(path, Path("/listings/12"))) == 0


def test_another_folder_joins_an_open_document(path: Path) -> None:
    beside = ROOT.parent / "beside"
    with opened(path) as catalog:
        document = load(catalog, beside)
        ids = document.add([file("c.jpg", beside)])
        document.apply(label(document, ids, 1))
    with opened(path) as catalog:
        document = load(catalog, ROOT)
        assert document.admit(catalog.read([beside], document.rooms, MODEL)) == ids
        catalog.flush()
        document.apply(reject(document, ids, True))
        document.add([file("d.jpg", beside)])
    assert [photo.marks for photo in reopened(path, beside)] == [Marks(1, rejected=True), Marks()]


@pytest.mark.skipif(sys.platform != "linux", reason="only there may a file name be any bytes")
def test_names_that_are_no_unicode_come_back(path: Path) -> None:
    undecodable = os.fsdecode(b"\xff\xfe caf\xe9.jpg")
    names = [undecodable, "\u202egpj.jpg", "a\nb'\"%?.jpg", "日本.jpg", "-rf.jpg", "x" * 240 + ".jpg"]
    with opened(path) as catalog:
        document = load(catalog)
        document.apply(label(document, document.add(map(file, names)), 1))
    assert [photo.file.path.name for photo in reopened(path)] == names
    assert all(photo.decided == 1 for photo in reopened(path))


def test_files_that_a_sort_moved_while_nobody_had_them_open(path: Path) -> None:
    with opened(path) as catalog:
        document = load(catalog)
        ids = document.add([file("a.jpg"), file("b.jpg"), file("c.jpg")])
        document.apply(label(document, ids, 1))
        a, b, c = (photo.file.path for photo in document)
        catalog.moved({a: b, b: a, c: ROOT / "Kitchen" / "c.jpg", ROOT / "unknown.jpg": ROOT / "d.jpg"})
    again = reopened(path)
    assert [again[photo_id].file.path for photo_id in ids] == [b, a, ROOT / "Kitchen" / "c.jpg"]
    assert len(again) == 3 and all(photo.decided == 1 for photo in again)


# --- several at once


def test_two_sessions_on_one_folder_share_their_photos_and_overwrite_only_the_same_mark(path: Path) -> None:
    with opened(path) as one, opened(path) as two:
        mine, theirs = load(one), load(two)
        ours = mine.add([file("a.jpg"), file("b.jpg")])
        one.flush()
        others = theirs.add([file("b.jpg"), file("a.jpg")])
        assert not {*ours} & {*others}
        mine.apply(label(mine, ours, 1))
        one.flush()
        theirs.record({others[0]: Reading(PREDICTIONS[0], INFO, b"b")})
        theirs.apply(reject(theirs, others[:1], True))
        two.flush()
        mine.apply(make_cover(mine, ours[0]))
    again = reopened(path)
    assert [photo.id for photo in again] == list(ours)
    assert again[ours[1]].marks == Marks(1, rejected=True) and again[ours[1]].prediction == PREDICTIONS[0]
    assert again[ours[0]].cover


def test_two_covers_of_one_room_from_two_sessions_become_one(path: Path) -> None:
    with opened(path) as catalog:
        ids = fill(load(catalog))
    with opened(path) as one, opened(path) as two:
        for document, photo_id in ((load(one), ids[0]), (load(two), ids[3])):
            document.apply(label(document, [photo_id], 1))
            document.apply(make_cover(document, photo_id))
    document = reopened(path)
    assert document.cover_of(1) == ids[0] and document.summary().covers == 1 and document[ids[3]].decided == 1


def test_many_photos_are_read_at_once(path: Path) -> None:
    root = Path("/many")
    with opened(path) as catalog:
        document = load(catalog, root)
        document.add(PhotoFile(root / f"{n}.jpg", root, n, n) for n in range(3000))
    assert [photo.file.size for photo in reopened(path, root)] == list(range(3000))
    assert isinstance(reopened(path, root)[document.id_of(root / "7.jpg") or 0], SessionPhoto)
