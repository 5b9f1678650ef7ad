"""Plans: names by template, covers first, companions, folders, names that make way for each other."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from roomnet_core.errors import SortError
from roomnet_core.photos.info import PhotoInfo
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import Marks, SessionPhoto
from roomnet_core.sorting.execute import execute
from roomnet_core.sorting.journal import Journal
from roomnet_core.sorting.plan import Mode, SortOptions, SortPlan, make_plan
from roomnet_core.sorting.room_folders import Why
from roomnet_core.sorting.template import FIELDS, NameTemplate
from roomnet_core.sorting.undo import undo
from tests.core.sorting.houses import ROOMS, photo, snapshot, write

SHIPPED = RoomSet.from_names(["Backyard", "Bathroom", "Bedroom", "Frontyard", "Kitchen", "LivingRoom"])


def house(tmp_path: Path, rooms: dict[str, str]) -> list[SessionPhoto]:
    """Photos by name, each decided to be a room."""
    found = []
    for number, (name, room) in enumerate(rooms.items(), start=1):
        path = write(tmp_path / "12 Elm Street" / name, name.encode())
        decided = SHIPPED.by_name(room)
        assert decided is not None
        marks = Marks(decided=decided.id)
        found.append(replace(photo(path, number=number, root=tmp_path / "12 Elm Street"), marks=marks))
    return found


def names(plan: SortPlan) -> dict[str, str]:
    return {item.source.name: item.target.relative_to(plan.destination).as_posix() for item in plan.items}


def test_an_upload_ready_sequence(tmp_path: Path) -> None:
    photos = house(
        tmp_path,
        {"1.jpg": "Kitchen", "2.JPG": "Frontyard", "3.jpg": "Kitchen", "4.jpg": "Bathroom", "5.jpg": "LivingRoom"},
    )
    photos[2] = replace(photos[2], marks=replace(photos[2].marks, cover=True))
    options = SortOptions(tmp_path / "out", template="{order:02}_{room}_{n}", folders={"LivingRoom": "Lounge"})
    assert names(make_plan(photos, SHIPPED, options)) == {
        "1.jpg": "Kitchen/04_Kitchen_2.jpg",
        "2.JPG": "Frontyard/01_Frontyard_1.JPG",
        "3.jpg": "Kitchen/03_Kitchen_1.jpg",
        "4.jpg": "Bathroom/05_Bathroom_1.jpg",
        "5.jpg": "Lounge/02_Lounge_1.jpg",
    }
    flat = replace(options, folders={room.name: "" for room in SHIPPED}, order=("Bathroom", "kitchen"))
    assert names(make_plan(photos, SHIPPED, flat)) == {
        "1.jpg": "03_Kitchen_2.jpg",
        "2.JPG": "04_Frontyard_1.JPG",
        "3.jpg": "02_Kitchen_1.jpg",
        "4.jpg": "01_Bathroom_1.jpg",
        "5.jpg": "05_LivingRoom_1.jpg",
    }
    with pytest.raises(SortError, match="no room Attic"):
        make_plan(photos, SHIPPED, replace(options, order=("Attic",)))


def test_every_field(tmp_path: Path) -> None:
    path = write(tmp_path / "12 Elm Street/upstairs/IMG_7.jpg", b"x")
    one = replace(photo(path, root=tmp_path / "12 Elm Street"), info=PhotoInfo(1, 1, datetime(2024, 5, 31, 23), ""))
    template = " ".join(f"{{{field}}}" for field in FIELDS)
    options = SortOptions(tmp_path / "out", template=template)
    assert names(make_plan([one], ROOMS, options)) == {
        "IMG_7.jpg": "Bath/Bath 1 1 IMG_7 2024-05-31 upstairs 12 Elm Street.jpg"
    }


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("{rom}", "{rom} is no field"),
        ("{room.name}", "{room.name} is no field"),
        ("{}", "{} is no field"),
        ("{0}", "{0} is no field"),
        ("{room", "not complete"),
        ("room}", "not complete"),
        ("{room:>9}", "only numbers have a width"),
        ("{n:.2f}", "the width is one digit"),
        ("{n!r}", "write {n}"),
        ("{room}/{n}", "cannot hold '/'"),
        ("{n}?", "cannot hold '?'"),
    ],
)
def test_a_wrong_template_is_named(template: str, said: str) -> None:
    with pytest.raises(SortError, match=re.escape(said)):
        NameTemplate(template)


def test_unsure_rejected_and_problems(tmp_path: Path) -> None:
    photos = [
        photo(write(tmp_path / "in/1.jpg", b"1"), number=1, unsure=True),
        photo(write(tmp_path / "in/2.jpg", b"2"), number=2, marks=Marks(rejected=True)),
        photo(write(tmp_path / "in/3.jpg", b"3"), None, number=3),
        replace(photo(write(tmp_path / "in/4.jpg", b"4"), None, number=4), marks=Marks(decided=1)),
    ]
    options = SortOptions(tmp_path / "out", template="{order}_{room}", rejected_folder="Rejects")
    plan = make_plan(photos, ROOMS, options)
    assert names(plan) == {"1.jpg": "Unsure/2_Unsure.jpg", "2.jpg": "Rejects/3_Rejects.jpg", "4.jpg": "Bed/1_Bed.jpg"}
    assert [skipped.photo_id for skipped in plan.problems] == [3]
    alone = make_plan(photos, ROOMS, replace(options, unsure_folder=None, rejected_folder=None))
    assert {skipped.photo_id: skipped.why for skipped in alone.skipped} == {
        1: Why.UNSURE,
        2: Why.REJECTED,
        3: Why.PROBLEM,
    }


def test_companions_travel_and_are_renamed_together(tmp_path: Path) -> None:
    source = tmp_path / "in"
    for name in (
        *("IMG_1.JPG", "img_1.xmp", "IMG_1.AAE", "IMG_1.CR2", "IMG_1.CR2.xmp", "IMG_1.JPG.xmp"),
        *("IMG_1.png", "IMG_1.png.xmp", "IMG_10.xmp", "IMG_1.txt", "Kitchen v1.2.jpg", "Kitchen v1.2.xmp"),
    ):
        write(source / name, name.encode())
    write(tmp_path / "out/Bath/new.CR2", b"theirs")
    photos = [
        photo(source / name, number=number)
        for number, name in enumerate(["IMG_1.JPG", "IMG_1.png", "Kitchen v1.2.jpg"], start=1)
    ]
    with Journal.open() as journal:
        plan = make_plan(photos[:1], ROOMS, SortOptions(tmp_path / "out", Mode.MOVE, "new"))
        report = execute(plan, journal)
        assert set(snapshot(tmp_path / "out")) == {
            *("Bath/new.CR2", "Bath/new (2).JPG", "Bath/new (2).xmp", "Bath/new (2).AAE", "Bath/new (2).CR2"),
            *("Bath/new (2).CR2.xmp", "Bath/new (2).JPG.xmp"),
        }
        undo(journal, report.run_id or 0)
    plan = make_plan(photos, ROOMS, SortOptions(tmp_path / "out"))
    companions = {item.source.name: {file.source.name for file in item.companions} for item in plan.items}
    assert companions["IMG_1.png"] == {"IMG_1.png.xmp"}
    assert companions["Kitchen v1.2.jpg"] == {"Kitchen v1.2.xmp"}
    alone = make_plan(photos, ROOMS, SortOptions(tmp_path / "out", companions=False))
    assert not any(item.companions for item in alone.items)


def test_a_raw_photo_goes_with_its_jpeg_though_the_session_holds_both(tmp_path: Path) -> None:
    for name in ("a.cr2", "a.jpg", "b.cr2", "b.xmp"):
        write(tmp_path / "in" / name, name.encode())
    photos = [
        photo(tmp_path / "in" / name, number=number, room=number % 2)
        for number, name in enumerate(["a.cr2", "a.jpg", "b.cr2"])
    ]
    plan = make_plan(photos, ROOMS, SortOptions(tmp_path / "out"))
    assert names(plan) == {"a.jpg": "Bed/a.jpg", "b.cr2": "Bath/b.cr2"}
    assert [file.target.name for item in plan.items for file in item.companions] == ["a.cr2", "b.xmp"]
    assert [(skipped.why, skipped.reason) for skipped in plan.skipped] == [(Why.COMPANION, "it goes with a.jpg")]


def test_a_companion_that_fails_keeps_its_group(tmp_path: Path) -> None:
    for name in ("a.jpg", "a.xmp", "b.jpg"):
        write(tmp_path / "in" / name, name.encode())
    photos = [photo(tmp_path / "in" / name, number=number) for number, name in enumerate(["a.jpg", "b.jpg"])]
    with Journal.open() as journal:
        for mode in Mode:
            plan = make_plan(photos, ROOMS, SortOptions(tmp_path / f"out {mode.value}", mode))
            write(tmp_path / "in/a.xmp", f"changed for {mode}".encode())
            report = execute(plan, journal)
            assert [placed.old.name for placed in report.placed] == ["b.jpg"]
            assert [skipped.photo_id for skipped in report.skipped] == [0]
            assert set(snapshot(tmp_path / "in")) >= {"a.jpg", "a.xmp"}
            undo(journal, report.run_id or 0, trash=lambda paths: [path.unlink() for path in paths])  # type: ignore[arg-type]


def test_names_that_make_way_for_each_other(tmp_path: Path) -> None:
    """Renumbering in place: 1 becomes 2 and 2 becomes 1."""
    for name in ("Bath_1.jpg", "Bath_1.xmp", "Bath_2.jpg", "Bath_3.jpg"):
        write(tmp_path / "Bath" / name, name.encode())
    photos = [
        photo(tmp_path / "Bath" / f"Bath_{number}.jpg", number=number, marks=Marks(decided=0, cover=number == 2))
        for number in (1, 2, 3)
    ]
    options = SortOptions(tmp_path, Mode.MOVE, "{room}_{n}")
    before = snapshot(tmp_path)
    with Journal.open() as journal:
        report = execute(make_plan(photos, ROOMS, options), journal)
        assert snapshot(tmp_path) == {
            "Bath/Bath_1.jpg": b"Bath_2.jpg",
            "Bath/Bath_2.jpg": b"Bath_1.jpg",
            "Bath/Bath_2.xmp": b"Bath_1.xmp",
            "Bath/Bath_3.jpg": b"Bath_3.jpg",
        }
        assert {number: file.path.name for number, file in report.relocated().items()} == {
            1: "Bath_2.jpg",
            2: "Bath_1.jpg",
        }
        undone = undo(journal, report.run_id or 0)
        assert snapshot(tmp_path) == before
        assert {number: file.path.name for number, file in undone.relocated().items()} == {
            1: "Bath_1.jpg",
            2: "Bath_2.jpg",
        }
        assert not [path for path in tmp_path.rglob(".roomnet-*")]


def test_only_the_case_of_a_name_changes(tmp_path: Path) -> None:
    write(tmp_path / "Bath/bath 1.jpg", b"x")
    one = photo(tmp_path / "Bath/bath 1.jpg")
    with Journal.open() as journal:
        report = execute(make_plan([one], ROOMS, SortOptions(tmp_path, Mode.MOVE, "{room} {n}")), journal)
        assert [path.name for path in (tmp_path / "Bath").iterdir()] == ["Bath 1.jpg"]
        undo(journal, report.run_id or 0)
        assert [path.name for path in (tmp_path / "Bath").iterdir()] == ["bath 1.jpg"]


def test_sorting_what_is_sorted_does_nothing(tmp_path: Path) -> None:
    photos = [
        photo(write(tmp_path / "in" / f"{n}.jpg", bytes([n])), n % 2, number=n, root=tmp_path) for n in range(1, 6)
    ]
    for mode in Mode:
        for template in ("", "{order:02}_{room}_{n}"):
            options = SortOptions(tmp_path / f"{mode.value} {bool(template)}", mode, template)
            with Journal.open() as journal:
                report = execute(make_plan(photos, ROOMS, options), journal)
                there = [
                    replace(one, file=replace(one.file, path=placed.new))
                    for one, placed in zip(photos, report.placed, strict=True)
                ]
                again = make_plan(there, ROOMS, options)
                assert not again.items and {skipped.why for skipped in again.skipped} == {Why.IN_PLACE}
                undo(journal, report.run_id or 0, trash=lambda paths: [path.unlink() for path in paths])  # type: ignore[arg-type]
