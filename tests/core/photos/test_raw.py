"""Camera raw files: the camera's preview where it is honest, developed where it is not, a clear word without LibRaw."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from roomnet_core.errors import PhotoError
from roomnet_core.photos import raw as raw_module
from roomnet_core.photos import scan as scan_module
from roomnet_core.photos.decode import decode_photo
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.scan import scan
from tests.raw_files import make_dng

pytest.importorskip("rawpy")

RED, GREEN, BLUE, GREY = (200, 30, 30), (30, 200, 30), (30, 30, 200), (128, 128, 128)


def quadrants(width: int, height: int) -> Image.Image:
    image = Image.new("RGB", (width, height), RED)
    image.paste(GREEN, (width // 2, 0, width, height // 2))
    image.paste(BLUE, (0, height // 2, width // 2, height))
    image.paste(GREY, (width // 2, height // 2, width, height))
    return image


def strongest(rgb: np.ndarray) -> list[str]:
    """The leading colour of the four quarters, row by row."""
    height, width = rgb.shape[:2]
    names = []
    for y in (height // 4, height * 3 // 4):
        for x in (width // 4, width * 3 // 4):
            pixel = rgb[y, x].astype(int)
            names.append("rgb"[int(pixel.argmax())] if pixel.max() - pixel.min() > 40 else "grey")
    return names


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def test_the_preview_is_what_is_decoded(tmp_path: Path) -> None:
    preview = Image.new("RGB", (300, 200), (240, 240, 10))  # unlike the raw picture, so that it shows which was used
    path = write(tmp_path / "a.dng", make_dng(quadrants(600, 400), preview=preview))
    photo = decode_photo(path, min_side=150)
    assert np.abs(photo.rgb.reshape(-1, 3).mean(axis=0) - (240, 240, 10)).max() < 6
    assert (photo.info.width, photo.info.height, photo.info.camera) == (600, 400, "Acme One")


@pytest.mark.parametrize(
    ("size", "why"), [((150, 100), "too small"), ((300, 300), "cropped"), (None, "there is none")]
)
def test_without_an_honest_preview_the_raw_picture_is_developed(
    tmp_path: Path, size: tuple[int, int] | None, why: str
) -> None:
    preview = None if size is None else Image.new("RGB", size, (240, 240, 10))
    path = write(tmp_path / "a.dng", make_dng(quadrants(600, 400), preview=preview))
    photo = decode_photo(path, min_side=150)
    assert strongest(photo.rgb) == ["r", "g", "b", "grey"], why
    assert 150 <= min(photo.rgb.shape[:2]) < 300


@pytest.mark.parametrize("with_preview", [True, False])
@pytest.mark.parametrize(
    ("orientation", "expected"),
    [(3, ["grey", "b", "g", "r"]), (6, ["b", "r", "grey", "g"]), (8, ["g", "grey", "r", "b"])],
)
def test_a_raw_photo_is_seen_upright(
    tmp_path: Path, orientation: int, expected: list[str], with_preview: bool
) -> None:
    preview = quadrants(300, 200) if with_preview else None
    path = write(tmp_path / "a.dng", make_dng(quadrants(600, 400), preview=preview, orientation=orientation))
    photo = decode_photo(path, min_side=100)
    assert strongest(photo.rgb) == expected
    size = (photo.info.width, photo.info.height)
    assert size == ((400, 600) if orientation in (6, 8) else (600, 400))
    assert (photo.rgb.shape[0] > photo.rgb.shape[1]) == (orientation in (6, 8))


def test_content_that_was_read_ahead_gives_the_same(tmp_path: Path) -> None:
    content = make_dng(quadrants(600, 400))
    path = write(tmp_path / "a.dng", content)
    assert np.array_equal(decode_photo(path, min_side=100).rgb, decode_photo(path, min_side=100, content=content).rgb)


@pytest.mark.parametrize("length", [64, 300, 5000])
def test_a_damaged_raw_file_is_a_problem(tmp_path: Path, length: int) -> None:
    path = write(tmp_path / "a.nef", make_dng(quadrants(60, 40))[:length])
    with pytest.raises(PhotoError) as caught:
        decode_photo(path, min_side=10)
    assert caught.value.kind in ("damaged", "unsupported") and "a.nef" in str(caught.value)


def test_the_scan_takes_raw_files_only_where_they_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.dng", make_dng(quadrants(60, 40)))
    (found,) = scan(tmp_path)
    assert isinstance(found, PhotoFile)
    monkeypatch.setattr(scan_module, "raw_supported", lambda: False)
    (refused,) = scan(tmp_path)
    assert isinstance(refused, Problem) and refused.kind == "unsupported"
    assert "roomnet[raw]" in refused.message and "a.dng" in refused.message


def test_without_the_library_decoding_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "rawpy", None)
    with pytest.raises(PhotoError, match=r"roomnet\[raw\]") as caught:
        decode_photo(write(tmp_path / "a.dng", make_dng(quadrants(60, 40))), min_side=10)
    assert caught.value.kind == "unsupported"
    assert raw_module.raw_supported()  # told by what is installed, not by a failed import
