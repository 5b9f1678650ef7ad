"""From paths to updates, without Qt."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from roomnet_core.errors import UsageError
from roomnet_core.inference.classify import Classified
from roomnet_core.inference.model_file import ModelFile
from roomnet_core.photos.photo_file import Problem
from roomnet_core.photos.scan import scan_all
from roomnet_core.session.document import SessionDocument
from roomnet_core.session.reconcile import Remembered, reconcile
from roomnet_gui.jobs.classification import Classifier, EngineInfo, Found, ScanEnded, Source
from tests.windows import ROOMS, ColourEngine, colour_model, write_photo, write_rooms

NOTHING = Remembered()


def compared(*paths: Path, known: Remembered = NOTHING) -> Source:
    return lambda cancelled: reconcile(known, scan_all(paths, cancelled=cancelled), roots=paths)


def run(classifier: Classifier, source: Source) -> list[object]:
    updates: list[object] = []
    classifier.run(source, updates.append, cancelled=lambda: False, thumbnail_side=64)
    return updates


@pytest.fixture
def classifier(tmp_path: Path) -> Classifier:
    return Classifier(colour_model(tmp_path), lambda model: ColourEngine())


def test_every_photo_is_found_before_its_result(tmp_path: Path, classifier: Classifier) -> None:
    folder = write_rooms(tmp_path / "photos", [0, 1, 2, 3, 4, 5, None] * 5)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 and no more")
    found: set[Path] = set()
    rooms: dict[str, int] = {}
    for update in run(classifier, compared(folder)):
        if isinstance(update, Found):
            found |= {finding.item.path for finding in update.findings}
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


def test_what_the_model_has_seen_is_reported_and_not_classified_again(tmp_path: Path) -> None:
    folder = write_rooms(tmp_path / "photos", [0, 1, 2])
    engines: list[ColourEngine] = []

    def opener(model: ModelFile) -> ColourEngine:
        engines.append(ColourEngine())
        return engines[-1]

    classifier = Classifier(colour_model(tmp_path), opener)
    document = SessionDocument(ROOMS)
    for update in run(classifier, compared(folder)):
        if isinstance(update, Found):
            document.settle(update.findings)
        elif isinstance(update, Classified):
            document.record({document.id_of(update.file.path): update.reading})
    write_photo(folder / "IMG_4.jpg", (200, 30, 30))
    updates = run(classifier, compared(folder, known=document.known()))
    assert [finding.state.value for update in updates if isinstance(update, Found) for finding in update.findings] == [
        "unchanged",
        "unchanged",
        "unchanged",
        "new",
    ]
    assert [update.file.path.name for update in updates if isinstance(update, Classified)] == ["IMG_4.jpg"]
    fresh = Classifier(colour_model(tmp_path), lambda model: pytest.fail("nothing needs the engine"))
    (folder / "IMG_4.jpg").unlink()
    assert not any(isinstance(update, Classified) for update in run(fresh, compared(folder, known=document.known())))


def test_a_folder_that_is_not_there_is_an_error_and_no_thread_stays(tmp_path: Path, classifier: Classifier) -> None:
    with pytest.raises(UsageError):
        run(classifier, compared(tmp_path / "nowhere"))


def test_cancelling_stops_soon(tmp_path: Path) -> None:
    folder = write_rooms(tmp_path / "photos", [0] * 60)
    classifier = Classifier(colour_model(tmp_path), lambda model: ColourEngine(seconds_a_photo=0.02))
    stop = threading.Event()
    results = []

    def send(update: object) -> None:
        if isinstance(update, Classified):
            results.append(update)
            stop.set()

    classifier.run(compared(folder), send, cancelled=stop.is_set, thumbnail_side=64)
    assert 0 < len(results) < 60
