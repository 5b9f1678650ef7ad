"""The sample photos that `make run` opens: what they are as files, and that the shipped model knows their rooms."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest
from PIL import ExifTags, Image

from roomnet_core.inference.classify import Classified, classify
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import find_model
from roomnet_core.photos.scan import scan
from roomnet_core.resources import assets_dir

SAMPLES = assets_dir() / "samples"
ROOMS = {
    "backyard": "Backyard",
    "bathroom": "Bathroom",
    "bedroom": "Bedroom",
    "frontyard": "Frontyard",
    "kitchen": "Kitchen",
    "living-room": "LivingRoom",
}
PHOTOS = [f"{room}-{number}.jpg" for room in ROOMS for number in (1, 2)]
PORTRAIT, HALLWAY, PLAN = "bathroom-2.jpg", "hallway.jpg", "floor-plan.png"
EXIF, BASE = ExifTags.IFD.Exif, ExifTags.Base


def test_there_are_two_of_each_room_a_hallway_and_a_floor_plan_in_four_megabytes() -> None:
    files = [path for path in SAMPLES.iterdir() if path.suffix != ".md"]
    assert sorted(path.name for path in files) == sorted([*PHOTOS, HALLWAY, PLAN])
    assert sum(path.stat().st_size for path in files) <= 4_000_000


@pytest.mark.parametrize("name", [*PHOTOS, HALLWAY, PLAN])
def test_all_have_the_size_of_a_listing_photo(name: str) -> None:
    with Image.open(SAMPLES / name) as photo:
        assert photo.size == (1600, 1067)
        photo.load()


@pytest.mark.parametrize("name", [*PHOTOS, HALLWAY])
def test_photos_say_when_and_how_they_were_taken(name: str) -> None:
    with Image.open(SAMPLES / name) as photo:
        exif = photo.getexif()
        details = exif.get_ifd(EXIF)
    assert exif[BASE.Model] == "Sample camera"
    assert details[BASE.DateTimeOriginal].startswith("2026:")
    assert 18 <= details[BASE.FocalLength] <= 24
    assert {BASE.ExposureTime, BASE.FNumber, BASE.ISOSpeedRatings} <= set(details)


def test_one_is_a_portrait_that_lies_on_its_side() -> None:
    orientations = {}
    for name in [*PHOTOS, HALLWAY]:
        with Image.open(SAMPLES / name) as photo:
            orientations[name] = photo.getexif()[BASE.Orientation]
    assert orientations == {name: 6 if name == PORTRAIT else 1 for name in orientations}


@pytest.fixture(scope="module")
def answers() -> dict[str, Classified]:
    """What the default model says of each sample, by file name."""
    model = find_model(None)
    with closing(open_engine(model, "litert")) as engine:
        found = [result for result in classify(scan(SAMPLES), model, engine) if isinstance(result, Classified)]
    return {result.file.relative: result for result in found}


def test_the_shipped_model_knows_the_room_of_at_least_eleven_of_the_twelve(answers: dict[str, Classified]) -> None:
    names = find_model(None).rooms.names
    wrong = [
        f"{name}: {said}"
        for name in PHOTOS
        if (said := names[answers[name].prediction.room_id]) != ROOMS[Path(name).stem.rsplit("-", 1)[0]]
    ]
    assert len(wrong) <= 1, wrong


def test_what_is_no_room_is_marked_as_unsure(answers: dict[str, Classified]) -> None:
    assert answers[HALLWAY].prediction.unsure
    assert answers[PLAN].prediction.unsure


def test_the_portrait_stands_upright(answers: dict[str, Classified]) -> None:
    info = answers[PORTRAIT].info
    assert (info.width, info.height) == (1067, 1600)
