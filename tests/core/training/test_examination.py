"""What is said of labelled photos before training: every kind of trouble, in a sentence, and nothing touched."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from roomnet_core.inference.model_file import ModelFile, find_model
from roomnet_core.training.examination import Examination, examine
from roomnet_core.training.plan import split_photos
from roomnet_core.training.similarity import Groups
from roomnet_core.training.sources import LabelledPhoto, Source, check_class_name
from tests.core.training.labelled import draw, write_classes

CLASSES = ("Brick", "Lawn", "Sky")


@pytest.fixture(scope="module")
def model() -> ModelFile:
    return find_model("roomnet-compact")


def look(folder: Path, model: ModelFile) -> Examination:
    before = sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*")) if folder.exists() else []
    examination = examine(Source(folder), model=model)
    after = sorted((path, path.stat().st_mtime_ns) for path in folder.rglob("*")) if folder.exists() else []
    assert before == after
    return examination


def kinds(examination: Examination) -> list[str]:
    return [finding.kind for finding in examination.findings]


def test_a_sound_folder_has_nothing_to_say(tmp_path: Path) -> None:
    # The default model: the compact one has its doubts about a drawing or two.
    examination = look(write_classes(tmp_path, CLASSES, photos=24), find_model())
    assert examination.classes == CLASSES and not examination.blocking and not examination.cancelled
    assert examination.counts() == dict.fromkeys(CLASSES, 24)
    assert {photo.group for photo in examination.photos} == {f"house{number}" for number in range(4)}
    assert set(kinds(examination)) <= {"near duplicate"}


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda folder: None, "holds no folders with photos"),
        (lambda folder: shutil.rmtree(folder), "cannot be opened"),
        (lambda folder: write_classes(folder, ("Sky",)), "one class only: Sky"),
        (lambda folder: write_classes(folder, ("Sky", "Lawn"), photos=2, listings=0), r"Lawn \(2\), Sky \(2\)"),
        (lambda folder: write_classes(folder, ("CON", "Sky")), "“CON”: Windows allows no folder"),
        (lambda folder: write_classes(folder, tuple(f"c{n}" for n in range(51)), photos=1, listings=0), "at most 50"),
    ],
)
def test_what_forbids_training_is_said_in_a_sentence(tmp_path: Path, model: ModelFile, make, sentence: str) -> None:
    make(tmp_path)
    (found, *_) = look(tmp_path, model).blocking
    import re

    assert re.search(sentence, found), found


def test_three_photos_are_too_few(tmp_path: Path, model: ModelFile) -> None:
    write_classes(tmp_path, ("Sky",), photos=2, listings=0)
    write_classes(tmp_path, ("Lawn",), photos=1, listings=0)
    (sentence,) = look(tmp_path, model).blocking
    assert "Too few photos" in sentence and "Lawn (1)" in sentence


def test_photos_that_cannot_be_read_are_named_and_all_of_them_forbid_training(tmp_path: Path, model: ModelFile) -> None:
    for label in ("Lawn", "Sky"):
        (tmp_path / label).mkdir()
        for number in range(3):
            (tmp_path / label / f"{number}.jpg").write_bytes(b"\xff\xd8\xff\xe0 broken")
    examination = look(tmp_path, model)
    assert kinds(examination) == ["unreadable"] * 6
    assert any("Not one of the 6 photos" in sentence for sentence in examination.blocking)


def test_classes_that_differ_in_letters_only(tmp_path: Path, model: ModelFile) -> None:
    write_classes(tmp_path, ("Sky", "Lawn"), photos=5)
    (tmp_path / "sky").mkdir()
    if len(list(tmp_path.iterdir())) < 3:
        pytest.skip("the file system keeps no two such folders")
    write_classes(tmp_path, ("sky",), photos=5)
    examination = look(tmp_path, model)
    assert "case clash" in kinds(examination)
    assert any("differ only in small and capital letters" in sentence for sentence in examination.blocking)
    merged = examination.relabelled({photo.path: "Sky" for photo in examination.photos if photo.label == "sky"})
    assert not merged.blocking and merged.counts() == {"Lawn": 5, "Sky": 10}


@pytest.mark.parametrize("name", ["", "../x", "a/b", "a\\b", "CON", "con", "nul", "..", "a.", "x?", "_other", "Other"])
def test_names_that_are_no_folder_everywhere_are_refused(name: str) -> None:
    assert check_class_name(name)


@pytest.mark.parametrize("name", ["Kitchen", "Salle à manger", "客厅", "Bath & spa", "2nd floor"])
def test_ordinary_names_are_fine(name: str) -> None:
    assert not check_class_name(name)


def test_duplicates_are_found_and_a_label_that_looks_wrong_is_disputed(tmp_path: Path, model: ModelFile) -> None:
    write_classes(tmp_path, CLASSES, photos=20, listings=0)
    original = tmp_path / "Sky" / "Sky0.jpg"
    shutil.copy(original, tmp_path / "Lawn" / "copy.jpg")
    large = Image.open(original).resize((256, 256), Image.Resampling.BICUBIC)
    large.save(tmp_path / "Sky" / "larger.png")
    draw("Brick", np.random.default_rng(99)).save(tmp_path / "Sky" / "wrong.jpg")
    examination = look(tmp_path, model)
    duplicate = next(finding for finding in examination.findings if finding.kind == "duplicate")
    assert {path.name for path in duplicate.paths} == {"Sky0.jpg", "copy.jpg"}
    assert "labelled differently: Lawn, Sky" in duplicate.text
    near = [{path.name for path in finding.paths} for finding in examination.findings if "near" in finding.kind]
    assert any({"Sky0.jpg", "larger.png"} <= names for names in near)
    disputed = {finding.paths[0].name: finding for finding in examination.findings if finding.kind == "disputed"}
    assert disputed["wrong.jpg"].suggested == "Brick" and disputed["wrong.jpg"].confidence >= 0.9

    wrong = disputed["wrong.jpg"].paths[0]
    mended = examination.relabelled({wrong: "Brick"})
    assert mended.counts()["Brick"] == 21 and all(wrong not in f.paths for f in mended.findings if f.kind == "disputed")
    assert examination.without([wrong]).counts()["Sky"] == 21
    assert examination.counts()["Sky"] == 22  # a value: the choices made another one


def test_the_look_can_be_cancelled(tmp_path: Path, model: ModelFile) -> None:
    write_classes(tmp_path, CLASSES, photos=12)
    seen: list[tuple[int, int]] = []
    examination = examine(
        Source(tmp_path), model=model, progress=lambda *at: seen.append(at), cancelled=lambda: len(seen) >= 3
    )
    assert examination.cancelled and len(seen) < 36


photos = st.lists(
    st.builds(
        LabelledPhoto,
        st.integers(0, 400).map(lambda number: Path(f"p{number}.jpg")),
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["", "h1", "h2", "h3", "h4", "h5"]),
    ),
    min_size=1,
    unique_by=lambda photo: photo.path,
)


@given(photos, st.floats(0.05, 0.5), st.integers(0, 5), st.data())
def test_a_split_keeps_what_belongs_together(items: list[LabelledPhoto], share: float, seed: int, data) -> None:
    paths = [photo.path for photo in items]
    copies = data.draw(st.lists(st.lists(st.sampled_from(paths), min_size=2, max_size=3, unique=True), max_size=2)
                       if len(paths) > 1 else st.just([]))  # fmt: skip
    split = split_photos(items, copies, share=share, seed=seed)
    assert [photo.path for photo in split] == paths and {photo.side for photo in split} <= {"train", "val"}
    assert split == split_photos(items, copies, share=share, seed=seed)
    sides = {photo.path: photo.side for photo in split}
    for label in {photo.label for photo in items}:
        members = [photo for photo in items if photo.label == label]
        groups = Groups()
        for first, *others in copies:
            for other in others:
                groups.join(first, other)
        pictures = {groups.find(photo.path) for photo in members}
        if len(pictures) > 1:
            assert {sides[photo.path] for photo in members} == {"train", "val"}
