"""From paths to updates, without Qt."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from roomnet_core.errors import UsageError
from roomnet_core.inference.classify import Classified
from roomnet_core.photos.photo_file import Problem
from roomnet_gui.jobs.classification import Classifier, EngineInfo, Found, ScanEnded, files_below, files_given
from tests.windows import ColourEngine, colour_model, write_rooms


def run(classifier: Classifier, *paths: Path, known: frozenset[Path] = frozenset()) -> list[object]:
    updates: list[object] = []
    classifier.run(files_below(paths), updates.append, known=known, cancelled=lambda: False, thumbnail_side=64)
    return updates


@pytest.fixture
def classifier(tmp_path: Path) -> Classifier:
    return Classifier(colour_model(tmp_path), lambda model: ColourEngine())


def test_every_photo_is_found_before_its_result(tmp_path: Path, classifier: Classifier) -> None:
    folder = write_rooms(tmp_path / "photos", [0, 1, 2, 3, 4, 5, None] * 5)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    found: set[Path] = set()
    rooms: dict[str, int] = {}
    for update in run(classifier, folder):
        if isinstance(update, Found):
            found |= {file.path for file in update.files}
        elif isinstance(update, Classified):
            assert update.file.path in found
            assert update.thumbnail is not None
            rooms[update.file.path.name] = update.prediction.room_id
        elif isinstance(update, Problem):
            assert update.path in found
            assert update.path.name == "broken.jpg"
        else:
            assert isinstance(update, EngineInfo | ScanEnded)
    assert len(rooms) == 35
    assert [rooms[f"IMG_{number}.jpg"] for number in range(1, 7)] == [0, 1, 2, 3, 4, 5]


def test_known_photos_are_reported_and_not_classified_again(tmp_path: Path, classifier: Classifier) -> None:
    folder = write_rooms(tmp_path / "photos", [0, 1, 2])
    updates = run(classifier, folder, known=frozenset({folder / "IMG_2.jpg"}))
    assert sum(update.to_classify for update in updates if isinstance(update, Found)) == 2
    names = {update.file.path.name for update in updates if isinstance(update, Classified)}
    assert names == {"IMG_1.jpg", "IMG_3.jpg"}


def test_a_folder_that_is_not_there_is_an_error_and_no_thread_stays(tmp_path: Path, classifier: Classifier) -> None:
    with pytest.raises(UsageError):
        run(classifier, tmp_path / "nowhere")


def test_cancelling_stops_soon(tmp_path: Path) -> None:
    folder = write_rooms(tmp_path / "photos", [0] * 60)
    classifier = Classifier(colour_model(tmp_path), lambda model: ColourEngine(seconds_a_photo=0.02))
    stop = threading.Event()
    results = []

    def send(update: object) -> None:
        if isinstance(update, Classified):
            results.append(update)
            stop.set()

    started = time.monotonic()
    classifier.run(files_below([folder]), send, cancelled=stop.is_set, thumbnail_side=64)
    assert time.monotonic() - started < 3
    assert 0 < len(results) < 60


def test_files_of_an_earlier_scan_can_be_classified(tmp_path: Path, classifier: Classifier) -> None:
    folder = write_rooms(tmp_path / "photos", [0, 1])
    files = [file for update in run(classifier, folder) if isinstance(update, Found) for file in update.files]
    updates: list[object] = []
    classifier.run(files_given(files[:1]), updates.append, cancelled=lambda: False, thumbnail_side=64)
    assert [update.file for update in updates if isinstance(update, Classified)] == files[:1]
