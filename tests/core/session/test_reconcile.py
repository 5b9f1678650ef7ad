"""A second look at a folder: each photo is known again, wherever it went, and only what is new goes to the model."""

from __future__ import annotations

import os
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roomnet_core.photos.identity import content_key
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.scan import scan_all
from roomnet_core.prediction import Reading
from roomnet_core.session.changes import label, make_cover
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.reconcile import Finding, Remembered, State, reconcile
from roomnet_core.session.store import Catalog
from tests.core.session.catalogs import MODEL, PREDICTIONS, ROOMS, load, opened

_clock = iter(range(1_000_000_000_000, 2_000_000_000_000_000, 1_000_000))


def write(path: Path, content: str) -> Path:
    """A file that the scan takes for a JPEG; each writing has a date of its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00 a photo of " + content.encode())
    return touch(path)


def touch(path: Path) -> Path:
    time = next(_clock)
    os.utime(path, ns=(time, time))
    return path


class Desk:
    """A catalog and folders, visited as the window and the command line do; "classifying" reads the content."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "photos"
        self.folder.mkdir()
        self.catalog_path = folder / "catalog.sqlite"

    def visit(self, *roots: Path, document: SessionDocument | None = None) -> tuple[SessionDocument, list[Finding]]:
        with opened(self.catalog_path) as catalog:
            return self.look(catalog, roots or (self.folder,), document)

    def look(
        self, catalog: Catalog, roots: Sequence[Path], document: SessionDocument | None = None
    ) -> tuple[SessionDocument, list[Finding]]:
        document = document or load(catalog, *roots)
        items = scan_all(roots)
        findings = list(
            catalog.reconcile(document.known(), items, roots=roots, rooms=document.rooms, model=MODEL)
        )
        document.settle(findings)
        for finding in findings:
            if finding.classify:
                photo_id = document.id_of(finding.item.path)
                assert photo_id is not None
                content = content_key(finding.item.path)
                document.record({photo_id: Reading(PREDICTIONS[content[0] % 3], None, content)})
        return document, findings

    def states(self, *roots: Path) -> dict[str, State]:
        return {finding.item.relative: finding.state for finding in self.visit(*roots)[1]}


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def decide(desk: Desk, name: str, room: int, root: Path | None = None) -> int:
    """Label a photo, as a person does in the window; returns its id."""
    folder = root or desk.folder
    with opened(desk.catalog_path) as catalog:
        document = load(catalog, folder)
        photo_id = document.id_of(folder / name)
        assert photo_id is not None
        document.apply(label(document, [photo_id], room))
    return photo_id


def test_a_second_visit_classifies_nothing_and_reads_no_photo(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        write(desk.folder / f"{number}.jpg", f"room {number}")
    first, findings = desk.visit()
    assert [finding.state for finding in findings] == [State.NEW] * 5 and all(f.classify for f in findings)
    monkeypatch.setattr("roomnet_core.session.reconcile.content_key", lambda path: pytest.fail("read again"))
    second, findings = desk.visit()
    assert [finding.state for finding in findings] == [State.UNCHANGED] * 5
    assert not any(finding.classify for finding in findings)
    assert list(second) == list(first)


def test_what_moves_within_the_folder_stays_the_same_photo(desk: Desk) -> None:
    for name in "abc":
        write(desk.folder / f"{name}.jpg", name)
    desk.visit()
    ids = {name: decide(desk, f"{name}.jpg", 2) for name in "abc"}
    (desk.folder / "upstairs").mkdir()
    (desk.folder / "a.jpg").rename(desk.folder / "upstairs" / "a.jpg")
    (desk.folder / "b.jpg").rename(desk.folder / "z.jpg")
    touch(desk.folder / "c.jpg")
    document, findings = desk.visit()
    assert {f.item.relative: f.state for f in findings} == {
        "c.jpg": State.MOVED, "z.jpg": State.MOVED, "upstairs/a.jpg": State.MOVED,
    }  # fmt: skip
    assert not any(finding.classify for finding in findings)
    for name, place in (("a", "upstairs/a.jpg"), ("b", "z.jpg"), ("c", "c.jpg")):
        photo = document[ids[name]]
        assert photo.file.relative == place and photo.decided == 2 and photo.prediction is not None


def test_renumbering_and_changing_places_keeps_each_photos_marks(desk: Desk) -> None:
    """IMG_1 .. IMG_4 become IMG_2 .. IMG_5, and two others swap."""
    for number in range(1, 5):
        write(desk.folder / f"IMG_{number}.jpg", f"{number} of four")
    write(desk.folder / "x.jpg", "x and y have the same length")
    write(desk.folder / "y.jpg", "y and x have the same length")
    desk.visit()
    ids = {name: decide(desk, f"{name}.jpg", 1) for name in ("IMG_1", "IMG_4", "x")}
    for number in range(4, 0, -1):
        (desk.folder / f"IMG_{number}.jpg").rename(desk.folder / f"IMG_{number + 1}.jpg")
    (desk.folder / "x.jpg").rename(desk.folder / "t.jpg")
    (desk.folder / "y.jpg").rename(desk.folder / "x.jpg")
    (desk.folder / "t.jpg").rename(desk.folder / "y.jpg")
    document, findings = desk.visit()
    assert {finding.state for finding in findings} == {State.MOVED} and len(findings) == 6
    places = {name: document[photo_id].file.relative for name, photo_id in ids.items()}
    assert places == {"IMG_1": "IMG_2.jpg", "IMG_4": "IMG_5.jpg", "x": "y.jpg"}
    assert {photo.id for photo in document if photo.decided == 1} == set(ids.values())
    assert set(desk.states().values()) == {State.UNCHANGED}


def test_an_edited_photo_keeps_the_marks_and_is_classified_again(desk: Desk) -> None:
    write(desk.folder / "a.jpg", "before")
    desk.visit()
    photo_id = decide(desk, "a.jpg", 2)
    write(desk.folder / "a.jpg", "after it was made brighter")
    document, (finding,) = desk.visit()
    assert finding.state is State.CHANGED and finding.classify
    assert document[photo_id].decided == 2 and document[photo_id].file.content == content_key(desk.folder / "a.jpg")


def test_vanished_photos_are_shown_once_and_come_back_with_their_marks(desk: Desk) -> None:
    write(desk.folder / "a.jpg", "a"), write(desk.folder / "b.jpg", "b")
    desk.visit()
    photo_id = decide(desk, "a.jpg", 2)
    (desk.folder / "a.jpg").rename(desk.folder.parent / "a.jpg")
    document, findings = desk.visit()
    assert [finding.state for finding in findings] == [State.UNCHANGED, State.MISSING]
    problem = document[photo_id].problem
    assert problem is not None and problem.kind == "missing" and document[photo_id].decided == 2
    document, findings = desk.visit()
    assert [photo.file.relative for photo in document] == ["b.jpg"] and len(findings) == 1
    shutil.move(desk.folder.parent / "a.jpg", desk.folder / "again.jpg")
    document, findings = desk.visit()
    assert [finding.state for finding in findings] == [State.MOVED, State.UNCHANGED]
    assert not any(finding.classify for finding in findings)
    photo = document[photo_id]
    assert photo.file.relative == "again.jpg" and photo.decided == 2 and photo.problem is None and photo.prediction
    assert set(desk.states().values()) == {State.UNCHANGED}


def test_a_photo_comes_back_while_the_folder_is_open(desk: Desk) -> None:
    write(desk.folder / "a.jpg", "a")
    with opened(desk.catalog_path) as catalog:
        document, _ = desk.look(catalog, [desk.folder])
        (desk.folder / "a.jpg").rename(desk.folder.parent / "away.jpg")
        desk.look(catalog, [desk.folder], document)
        (photo,) = document
        assert photo.problem is not None and photo.problem.kind == "missing"
        (desk.folder.parent / "away.jpg").rename(desk.folder / "a.jpg")
        _, (finding,) = desk.look(catalog, [desk.folder], document)
        assert finding.state is State.UNCHANGED and document[photo.id].problem is None and document[photo.id].prediction
    assert set(desk.states().values()) == {State.UNCHANGED}


def test_another_picture_under_a_vanished_photos_name_is_another_photo(desk: Desk) -> None:
    write(desk.folder / "IMG_1.jpg", "the first card")
    desk.visit()
    photo_id = decide(desk, "IMG_1.jpg", 2)
    (desk.folder / "IMG_1.jpg").unlink()
    desk.visit()
    write(desk.folder / "IMG_1.jpg", "the second card, whose camera counts from one again")
    document, (finding,) = desk.visit()
    assert finding.state is State.NEW and document.id_of(desk.folder / "IMG_1.jpg") != photo_id
    assert all(photo.decided is None for photo in document)


def test_a_folder_that_was_renamed_keeps_everything(desk: Desk) -> None:
    write(desk.folder / "12 Elm" / "a.jpg", "a"), write(desk.folder / "12 Elm" / "b.jpg", "b")
    desk.visit(desk.folder / "12 Elm")
    photo_id = decide(desk, "a.jpg", 2, desk.folder / "12 Elm")
    (desk.folder / "12 Elm").rename(desk.folder / "sold")
    document, findings = desk.visit(desk.folder / "sold")
    assert [finding.state for finding in findings] == [State.MOVED, State.MOVED]
    assert document[photo_id].decided == 2 and document[photo_id].file.root == desk.folder / "sold"
    assert not any(finding.classify for finding in findings)
    assert set(desk.states(desk.folder / "sold").values()) == {State.UNCHANGED}


def test_another_way_to_the_same_folder_finds_the_same_photos(desk: Desk) -> None:
    write(desk.folder / "12 Elm" / "a.jpg", "a")
    desk.visit(desk.folder / "12 Elm")
    photo_id = decide(desk, "a.jpg", 2, desk.folder / "12 Elm")
    (desk.folder / "link").symlink_to(desk.folder / "12 Elm", target_is_directory=True)
    for way in ("link", "12 Elm"):
        document, (finding,) = desk.visit(desk.folder / way)
        assert finding.state is State.MOVED and not finding.classify and document[photo_id].decided == 2
    hard = desk.folder / "hard" / "a.jpg"
    hard.parent.mkdir()
    hard.hardlink_to(desk.folder / "12 Elm" / "a.jpg")  # as a sort makes them: another file with the same content
    assert desk.visit(hard.parent)[1][0].state is State.NEW
    assert desk.visit(desk.folder / "12 Elm")[1][0].state is State.UNCHANGED


def test_a_copy_is_a_new_photo_and_copies_that_move_are_told_apart_by_name(desk: Desk) -> None:
    write(desk.folder / "a.jpg", "the same")
    desk.visit()
    first = decide(desk, "a.jpg", 1)
    shutil.copy2(desk.folder / "a.jpg", desk.folder / "b.jpg")
    document, findings = desk.visit()
    assert [finding.state for finding in findings] == [State.UNCHANGED, State.NEW]
    second = decide(desk, "b.jpg", 2)
    (desk.folder / "z").mkdir()
    for name in "ab":
        (desk.folder / f"{name}.jpg").rename(desk.folder / "z" / f"{name}.jpg")
    document, findings = desk.visit()
    assert [finding.state for finding in findings] == [State.MOVED, State.MOVED]
    assert document[first].file.relative == "z/a.jpg" and document[second].file.relative == "z/b.jpg"


def test_an_unreadable_place_is_not_a_vanished_one(desk: Desk) -> None:
    write(desk.folder / "in" / "a.jpg", "a"), write(desk.folder / "b.jpg", "b")
    desk.visit()
    (desk.folder / "b.jpg").write_bytes(b"")
    states = desk.states()
    assert states == {"b.jpg": State.PROBLEM, "in/a.jpg": State.UNCHANGED}
    shutil.move(desk.folder, desk.folder.parent / "unplugged")
    with opened(desk.catalog_path) as catalog:
        document = load(catalog, desk.folder)
        findings = list(reconcile(document.known(), [], roots=[desk.folder]))
        assert findings == [] and len(document) == 2
    shutil.move(desk.folder.parent / "unplugged", desk.folder)
    write(desk.folder / "b.jpg", "b is whole again")
    assert desk.states() == {"b.jpg": State.CHANGED, "in/a.jpg": State.UNCHANGED}
    assert desk.states() == {"b.jpg": State.UNCHANGED, "in/a.jpg": State.UNCHANGED}


def test_a_cancelled_scan_says_nothing_of_what_it_has_not_seen(desk: Desk) -> None:
    for name in "abc":
        write(desk.folder / f"{name}.jpg", name)
    document, _ = desk.visit()
    asked = iter([False, False, True, True, True])
    findings = list(
        reconcile(document.known(), scan_all([desk.folder]), roots=[desk.folder], cancelled=lambda: next(asked))
    )
    assert [finding.state for finding in findings] == [State.UNCHANGED] * 2
    known = document.known()
    assert list(reconcile(known, [], roots=[desk.folder], cancelled=lambda: True)) == []


def test_lasting_problems_are_not_tried_again_and_passing_ones_are(desk: Desk) -> None:
    for kind in ("damaged", "too_large", "permission", "unreadable"):
        write(desk.folder / f"{kind}.jpg", kind)
    with opened(desk.catalog_path) as catalog:
        document = load(catalog, desk.folder)
        for photo_id in document.add(scan_all([desk.folder])):
            path = document[photo_id].file.path
            document.record({photo_id: Problem(path, desk.folder, path.stem, "It cannot be read.")})
    with opened(desk.catalog_path) as catalog:
        document = load(catalog, desk.folder)
        findings = list(reconcile(document.known(), scan_all([desk.folder]), roots=[desk.folder]))
        assert {finding.item.path.stem for finding in findings if finding.classify} == {"permission", "unreadable"}
        document.settle(findings)
        assert {p.file.path.stem for p in document if p.problem is not None} == {"damaged", "too_large"}


def test_the_source_is_read_lazily() -> None:
    taken = []

    def items() -> Iterator[PhotoFile]:
        for number in range(10):
            taken.append(number)
            yield PhotoFile(Path(f"/p/{number}.jpg"), Path("/p"), 1, 1)

    next(reconcile(Remembered(), items(), roots=[Path("/p")]))
    assert taken == [0]


# --- any history of a folder

_NAMES = st.sampled_from(["a.jpg", "b.jpg", "c.jpg", "sub/a.jpg", "sub/d.jpg"])
_EVENTS = st.one_of(
    st.tuples(st.just("write"), _NAMES, _NAMES),
    st.tuples(st.just("rename"), _NAMES, _NAMES),
    st.tuples(st.just("swap"), _NAMES, _NAMES),
    st.tuples(st.sampled_from(["delete", "touch", "visit", "mark"]), _NAMES, _NAMES),
)


@settings(max_examples=60)
@given(st.lists(_EVENTS, max_size=12))
def test_whatever_happens_to_files_with_different_pictures_marks_follow_the_picture(
    tmp_path_factory: pytest.TempPathFactory, events: list[tuple[str, str, str]]
) -> None:
    desk = Desk(tmp_path_factory.mktemp("desk"))
    decided: dict[bytes, int] = {}
    number = 0
    with opened(desk.catalog_path) as catalog:
        document = load(catalog, desk.folder)
        for what, name, other in (*events, ("visit", "", "")):
            path, target = desk.folder / name, desk.folder / other
            if what == "write" and not path.exists():
                number += 1
                write(path, f"picture {number:04}")  # all of one size: only the content tells them apart
            elif what == "rename" and path.exists() and not target.exists():
                target.parent.mkdir(exist_ok=True)
                path.rename(target)
            elif what == "swap" and path.exists() and target.exists() and path != target:
                spare = desk.folder / "spare"
                path.rename(spare)
                target.rename(path)
                spare.rename(target)
            elif what == "delete" and path.exists():
                path.unlink()
            elif what == "touch" and path.exists():
                touch(path)
            elif what in ("visit", "mark"):
                document, _ = desk.look(catalog, [desk.folder], document)
                photo_id = document.id_of(path)
                if what == "mark" and path.exists() and photo_id is not None:
                    document.apply(make_cover(document, photo_id))
                    document.apply(label(document, [photo_id], number % 3))
                    decided[document[photo_id].file.content] = number % 3
        shown = {str(photo.file.path): photo for photo in document if photo.problem is None}
        there = {str(item.path): item for item in scan_all([desk.folder])}
        assert shown.keys() == there.keys()
        for path, photo in shown.items():
            key = content_key(Path(path))
            assert photo.file.content == key and photo.prediction == PREDICTIONS[key[0] % 3]
            assert photo.decided == decided.get(key)
        assert max(Counter(photo.room_id for photo in document if photo.cover).values(), default=0) <= 1
        catalog.flush()
        again, findings = desk.look(catalog, [desk.folder])
        assert not any(finding.classify for finding in findings)
        assert {p.id: p.marks for p in again} == {p.id: p.marks for p in shown.values()}
        assert again.rooms == ROOMS
