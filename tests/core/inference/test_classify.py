"""The stream: every photo once, problems passed on, bounded memory, quick cancel, no thread left."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from roomnet_core.inference import stages as module
from roomnet_core.inference.classify import Classified, classify
from roomnet_core.inference.engine import Batch
from roomnet_core.inference.model_file import ModelFile
from roomnet_core.network.card import Calibration, ModelCard, Preprocessing
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.scan import scan
from roomnet_core.rooms import RoomSet
from tests.patience import PATIENCE_SECONDS, all_end, quickest


class BrightnessEngine:
    """A real classifier small enough to check by hand: class 1 for bright photos, class 0 for dark ones."""

    name, device, notice, reason, batch_size = "brightness", "CPU", "", "", 4

    def __init__(self, seconds_a_photo: float = 0.0) -> None:
        self.batches: list[int] = []
        self.seconds_a_photo = seconds_a_photo

    def logits(self, batch: Batch) -> Batch:
        self.batches.append(len(batch))
        time.sleep(self.seconds_a_photo * len(batch))
        brightness = batch.mean(axis=(1, 2, 3))
        return np.stack([-brightness, brightness], axis=1).astype(np.float32) * 10

    def close(self) -> None: ...


def make_model(crop: str = "center") -> ModelFile:
    card = ModelCard(
        name="brightness",
        rooms=RoomSet.from_names(["Dark", "Bright"]),
        preprocessing=Preprocessing(input_size=16, crop=crop, decode_side=32),
        calibration=Calibration(threshold=0.6),
        architecture="none",
        parameters=0,
        storage="float32",
        files={},
    )
    return ModelFile(Path("nowhere"), card)


def make_photos(folder: Path, count: int) -> Path:
    for number in range(count):
        Image.new("RGB", (64, 48), (230,) * 3 if number % 2 else (20,) * 3).save(folder / f"{number}.jpg")
    return folder


def test_every_photo_gets_its_room_and_broken_files_a_reason(tmp_path: Path) -> None:
    make_photos(tmp_path, 21)
    (tmp_path / "broken.jpg").write_bytes((tmp_path / "0.jpg").read_bytes()[:200])
    (tmp_path / "empty.jpg").write_bytes(b"")
    results = list(classify(scan(tmp_path), make_model(), BrightnessEngine(), thumbnail_side=32))
    good = [item for item in results if isinstance(item, Classified)]
    problems = {item.relative: item.kind for item in results if isinstance(item, Problem)}
    assert problems == {"broken.jpg": "damaged", "empty.jpg": "empty"}
    assert sorted(int(item.file.path.stem) for item in good) == list(range(21))
    for item in good:
        assert item.prediction.room_id == int(item.file.path.stem) % 2
        assert (item.info.width, item.info.height) == (64, 48)
        assert item.thumbnail is not None and item.thumbnail.shape == (24, 32, 3)


def test_two_views_of_a_photo_are_averaged(tmp_path: Path) -> None:
    half = np.zeros((32, 64, 3), np.uint8)
    half[:, 32:] = 255
    Image.fromarray(half).save(tmp_path / "half.png")
    (result,) = classify(scan(tmp_path), make_model("two"), BrightnessEngine())
    assert isinstance(result, Classified)
    assert result.prediction.confidence == pytest.approx(0.5, abs=0.05) and result.prediction.unsure
    (result,) = classify(scan(tmp_path), make_model("two"), BrightnessEngine(), min_confidence=0.1)
    assert isinstance(result, Classified) and not result.prediction.unsure


def test_cancel_ends_within_0_3_seconds_and_leaves_no_thread(tmp_path: Path) -> None:
    make_photos(tmp_path, 60)
    before = set(threading.enumerate())

    def cancelled() -> float:
        cancel = threading.Event()
        stream = classify(scan(tmp_path), make_model(), BrightnessEngine(0.02), cancelled=cancel.is_set)
        next(iter(stream))
        cancel.set()
        started = time.monotonic()
        rest = list(stream)
        seconds = time.monotonic() - started
        assert len(rest) < 30
        return seconds

    assert quickest(cancelled, below=0.3) < 0.3
    assert all_end(set(threading.enumerate()) - before)


def test_a_read_that_hangs_does_not_hang_cancel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_photos(tmp_path, 4)

    def cancelled() -> float:
        release, cancel = threading.Event(), threading.Event()
        monkeypatch.setattr(module, "decode_photo", lambda path, **_: release.wait(PATIENCE_SECONDS))
        threading.Timer(0.1, cancel.set).start()
        started = time.monotonic()
        assert list(classify(scan(tmp_path), make_model(), BrightnessEngine(), cancelled=cancel.is_set)) == []
        seconds = time.monotonic() - started
        release.set()
        return seconds

    assert quickest(cancelled, below=0.5) < 0.5


def test_closing_the_stream_early_stops_the_threads(tmp_path: Path) -> None:
    make_photos(tmp_path, 40)
    before = set(threading.enumerate())
    stream = classify(scan(tmp_path), make_model(), BrightnessEngine())
    next(iter(stream))
    stream.close()  # type: ignore[attr-defined]
    assert all_end(set(threading.enumerate()) - before)


def test_the_source_is_read_lazily(tmp_path: Path) -> None:
    make_photos(tmp_path, 1)
    path = tmp_path / "0.jpg"
    taken = 0

    def endless() -> Iterator[PhotoFile]:
        nonlocal taken
        while True:
            taken += 1
            yield PhotoFile(path, tmp_path, 0, 0)

    stream: Any = classify(endless(), make_model(), BrightnessEngine(0.001), workers=2)
    for _ in range(20):
        next(stream)
    stream.close()
    # What was asked for, what waits to be decoded, inferred and taken, one in hand a thread, one batch.
    assert taken <= 20 + (8 + 32 + 16) + (1 + 2 + 1) + 4


def test_errors_of_the_source_and_of_the_engine_reach_the_caller(tmp_path: Path) -> None:
    make_photos(tmp_path, 3)

    def failing() -> Iterator[PhotoFile]:
        yield PhotoFile(tmp_path / "0.jpg", tmp_path, 0, 0)
        raise OSError("the drive went away")

    with pytest.raises(OSError, match="went away"):
        list(classify(failing(), make_model(), BrightnessEngine()))

    class Broken(BrightnessEngine):
        def logits(self, batch: Batch) -> Batch:
            raise RuntimeError("out of memory")

    before = set(threading.enumerate())
    with pytest.raises(RuntimeError, match="out of memory"):
        list(classify(scan(tmp_path), make_model(), Broken()))
    assert all_end(set(threading.enumerate()) - before)
