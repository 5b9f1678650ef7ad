"""The three-line use from other programs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from roomnet_core import classify_folder
from roomnet_core.errors import RoomNetError
from roomnet_core.inference.model_file import find_model
from tests.pictures import make_picture


def test_every_file_gets_a_room_or_a_reason(tmp_path: Path) -> None:
    for number in range(3):
        make_picture(number).save(tmp_path / f"{number}.jpg")
    (tmp_path / "torn.jpg").write_bytes((tmp_path / "0.jpg").read_bytes()[:200])

    found = {photo.path.name: photo for photo in classify_folder(str(tmp_path), engine="litert")}

    rooms = find_model().rooms.names
    assert sorted(found) == ["0.jpg", "1.jpg", "2.jpg", "torn.jpg"]
    for name in ("0.jpg", "1.jpg", "2.jpg"):
        photo = found[name]
        assert list(photo.probabilities) == list(rooms)
        assert photo.confidence == max(photo.probabilities.values()) == photo.probabilities[photo.room]
        assert 0 < sum(photo.probabilities.values()) <= 1 + 1e-5  # the rest is "none of these"
        assert not photo.problem
    assert found["torn.jpg"].problem and not found["torn.jpg"].room


def test_a_stricter_threshold_makes_photos_unsure(tmp_path: Path) -> None:
    make_picture(1).save(tmp_path / "1.jpg")
    (photo,) = classify_folder(tmp_path, model="roomnet-compact", min_confidence=1.0, engine="litert")
    assert photo.unsure


def test_it_can_be_left_half_way(tmp_path: Path) -> None:
    for number in range(8):
        make_picture(number).save(tmp_path / f"{number}.jpg")
    results = classify_folder(tmp_path, engine="litert")
    assert next(iter(results)).room
    results.close()  # type: ignore[attr-defined]  # the threads end with it: the guard of leftover threads watches


@pytest.mark.parametrize("request_", [{"folder": "nowhere"}, {"folder": ".", "model": "no-such-model"}])
def test_a_request_that_makes_no_sense_is_refused_at_once(request_: dict[str, str]) -> None:
    with pytest.raises(RoomNetError):
        classify_folder(**request_)


def test_the_import_is_light() -> None:
    code = "import sys, roomnet_core; print([m for m in ('numpy', 'PIL', 'keras', 'tensorflow') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
