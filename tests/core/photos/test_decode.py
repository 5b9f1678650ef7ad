"""Decoding: upright, at least as large as asked, every failure with its reason."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
import warnings
import zlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from roomnet_core.errors import PhotoError
from roomnet_core.photos import decode
from roomnet_core.photos.decode import decode_photo
from roomnet_core.photos.orientation import read_orientation
from roomnet_core.photos.problems import MAX_PIXELS
from tests.patience import PATIENCE_SECONDS, all_end
from tests.pictures import make_picture

ORIENTATION = 0x0112
# The stored picture of each orientation, as what is done to the upright one.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


def quadrants(width: int = 96, height: int = 64) -> Image.Image:
    """Four plain colours, so that every turn and mirroring shows."""
    image = Image.new("RGB", (width, height), (200, 30, 30))
    image.paste((30, 200, 30), (width // 2, 0, width, height // 2))
    image.paste((30, 30, 200), (0, height // 2, width // 2, height))
    image.paste((220, 220, 220), (width // 2, height // 2, width, height))
    return image


def corners(rgb: np.ndarray) -> list[list[int]]:
    height, width = rgb.shape[:2]
    rows, columns = (height // 4, height * 3 // 4), (width // 4, width * 3 // 4)
    return [rgb[y, x].tolist() for y in rows for x in columns]


CORNERS = [[200, 30, 30], [30, 200, 30], [30, 30, 200], [220, 220, 220]]


def exif(orientation: int) -> Image.Exif:
    block = Image.Exif()
    block[ORIENTATION] = orientation
    return block


def error_of(path: Path, **options: int) -> PhotoError:
    with pytest.raises(PhotoError) as caught:
        decode_photo(path, **options)
    assert path.name in str(caught.value)
    return caught.value


# --- embedded smaller versions


def heic_with_thumbnail(path: Path, side: int) -> Path:
    pytest.importorskip("pillow_heif").register_heif_opener()
    make_picture(1, (800, 600)).save(path, quality=80, thumbnails=[side])
    return path


def test_a_heic_photo_is_decoded_from_its_embedded_version_where_that_is_large_enough(tmp_path: Path) -> None:
    path = heic_with_thumbnail(tmp_path / "a.heic", 256)
    photo = decode_photo(path, min_side=128)
    assert photo.image.size == (256, 192) and (photo.info.width, photo.info.height) == (800, 600)
    whole = np.asarray(Image.fromarray(decode_photo(path).rgb).resize((256, 192), Image.Resampling.BOX))
    assert np.abs(photo.rgb.astype(int) - whole).mean() < 6
    assert min(decode_photo(path, min_side=193).image.size) >= 193  # too small now: the whole photo is read
    assert decode_photo(path).image.size == (800, 600)


# --- orientation


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "avif"])
def test_every_orientation_gives_the_upright_picture(tmp_path: Path, orientation: int, suffix: str) -> None:
    turn = STORED[orientation]
    stored = quadrants() if turn is None else quadrants().transpose(turn)
    path = tmp_path / f"a.{suffix}"
    stored.save(path, exif=exif(orientation), quality=95)
    for min_side in (None, 16):
        photo = decode_photo(path, min_side=min_side)
        assert (photo.info.width, photo.info.height) == (96, 64)
        assert photo.rgb.shape[1] > photo.rgb.shape[0]
        assert np.allclose(corners(photo.rgb), CORNERS, atol=14)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_of_heic(tmp_path: Path, orientation: int) -> None:
    pillow_heif = pytest.importorskip("pillow_heif")
    turn = STORED[orientation]
    stored = quadrants() if turn is None else quadrants().transpose(turn)
    path = tmp_path / "a.heic"
    pillow_heif.from_pillow(stored).save(path, quality=90, exif=exif(orientation).tobytes())
    photo = decode_photo(path)
    assert (photo.info.width, photo.info.height) == (96, 64)
    assert np.allclose(corners(photo.rgb), CORNERS, atol=14)


@pytest.mark.parametrize(
    "block",
    [
        exif(0).tobytes(),
        exif(9).tobytes(),
        exif(65535).tobytes(),
        b"Exif\0\0",
        b"Exif\0\0II*\0\xff\xff\xff\xff",
        b"Exif\0\0MM\0*\0\0\0\x08\xff\xff\x01\x12",
        b"Exif\0\0" + bytes(range(256)),
        b"no such thing as EXIF",
    ],
)
def test_nonsense_in_the_exif_is_ignored(tmp_path: Path, block: bytes) -> None:
    path = tmp_path / "a.jpg"
    quadrants().save(path, exif=block, quality=95)
    assert np.allclose(corners(decode_photo(path).rgb), CORNERS, atol=14)


def test_the_orientation_survives_damage_elsewhere_in_the_exif() -> None:
    good = exif(6)
    good[0x010F] = "Maker" * 10
    block = good.tobytes()
    assert read_orientation(block) == 6
    assert read_orientation(block[: len(block) - 45]) == 6  # the maker's name is cut off


@given(st.binary(max_size=200), st.sampled_from([b"", b"MM\0*", b"II*\0\x08\0\0\0", b"Exif\0\0MM\0*\0\0\0\x08"]))
def test_any_exif_bytes_give_an_orientation(rest: bytes, beginning: bytes) -> None:
    assert read_orientation(beginning + rest) in range(1, 9)


# --- size


@pytest.mark.parametrize("suffix", ["jpg", "png", "webp", "tif", "bmp", "gif"])
@pytest.mark.parametrize("size", [(1000, 700), (700, 1000), (513, 512), (2050, 300), (100, 60)])
@pytest.mark.parametrize("min_side", [64, 224])
def test_the_short_side_keeps_min_side(tmp_path: Path, suffix: str, size: tuple[int, int], min_side: int) -> None:
    path = tmp_path / f"a.{suffix}"
    make_picture(3, size).save(path)
    photo = decode_photo(path, min_side=min_side)
    assert (photo.info.width, photo.info.height) == size
    short = min(photo.rgb.shape[:2])
    assert min(min_side, *size) <= short
    assert short < 2 * min_side or short == min(size) < 2 * min_side
    assert photo.rgb.shape[1] / photo.rgb.shape[0] == pytest.approx(size[0] / size[1], rel=0.02)


@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_min_side_holds_for_photos_lying_on_their_side(tmp_path: Path, orientation: int) -> None:
    path = tmp_path / "a.jpg"
    make_picture(3, (1600, 900)).save(path, exif=exif(orientation))
    photo = decode_photo(path, min_side=256)
    assert (photo.info.width, photo.info.height) == ((900, 1600) if orientation > 4 else (1600, 900))
    assert 256 <= min(photo.rgb.shape[:2]) < 512


@pytest.mark.parametrize("suffix", ["jpg", "png"])
def test_the_reduced_picture_is_the_same_picture(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"a.{suffix}"
    original = make_picture(4, (1200, 900))
    original.save(path, quality=95)
    reduced = decode_photo(path, min_side=100).rgb
    expected = np.asarray(original.resize((reduced.shape[1], reduced.shape[0]), Image.Resampling.BOX))
    assert np.abs(reduced.astype(int) - expected).mean() < 3


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize(("suffix", "reduction"), [("jpg", 8), ("png", 9)])
def test_the_frame_is_where_the_photo_lies(tmp_path: Path, suffix: str, reduction: int, orientation: int) -> None:
    """A ramp to the right and one downward: their values in a reduced photo say where it was sampled."""
    width, height = 601, 777
    across, down = np.linspace(10, 245, width), np.linspace(10, 245, height)
    ramps = np.stack([*np.broadcast_arrays(across[None], down[:, None]), np.full((height, width), 99)], axis=2)
    picture = Image.fromarray(ramps.round().astype(np.uint8))
    turn = STORED[orientation]
    stored = picture if turn is None else picture.transpose(turn)
    path = tmp_path / f"a.{suffix}"
    stored.save(path, exif=exif(orientation), **({"quality": 98, "subsampling": 0} if suffix == "jpg" else {}))
    photo = decode_photo(path, min_side=64)
    left, top, right, bottom = photo.frame
    assert (right - left, bottom - top) == pytest.approx((width / reduction, height / reduction))
    rgb = photo.rgb.astype(float)
    columns, rows = np.arange(1, rgb.shape[1] - 1) + 0.5 - left, np.arange(1, rgb.shape[0] - 1) + 0.5 - top
    seen_across, seen_down = rgb[2:-2, 1:-1, 0].mean(axis=0), rgb[1:-1, 2:-2, 1].mean(axis=1)
    assert np.interp(columns * reduction - 0.5, range(width), across) == pytest.approx(seen_across, abs=0.5)
    assert np.interp(rows * reduction - 0.5, range(height), down) == pytest.approx(seen_down, abs=0.5)


def test_the_result_is_three_channels_of_bytes_that_nobody_can_change(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    quadrants().save(path)
    rgb = decode_photo(path).rgb
    assert rgb.dtype == np.uint8 and rgb.shape == (64, 96, 3)
    assert not rgb.flags.writeable


def test_min_side_must_be_positive(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Received: 0"):
        decode_photo(tmp_path / "a.jpg", min_side=0)


# --- large photos


def test_a_panorama_of_a_hundred_megapixels(tmp_path: Path) -> None:
    path = tmp_path / "panorama.jpg"
    Image.new("L", (25_000, 4_000), 120).save(path, quality=40)
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # Pillow's limit for warnings is lower than this
        photo = decode_photo(path, min_side=256)
    assert (photo.info.width, photo.info.height) == (25_000, 4_000)
    assert 256 <= photo.rgb.shape[0] < 512
    assert abs(int(photo.rgb[5, 5, 0]) - 120) < 3


def test_a_tiff_above_pillows_own_limit(tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    Image.new("1", (14_000, 13_000), 1).save(path, compression="group4")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        photo = decode_photo(path, min_side=64)
    assert (photo.info.width, photo.info.height) == (14_000, 13_000)
    assert photo.rgb.min() == 255


@pytest.mark.parametrize("min_side", [None, 64])
def test_a_bomb_is_refused_by_its_header(tmp_path: Path, min_side: int | None) -> None:
    path = tmp_path / "bomb.png"
    Image.new("1", (8, 8)).save(path)
    content = bytearray(path.read_bytes())
    content[16:24] = (20_000).to_bytes(4, "big") + (20_000).to_bytes(4, "big")
    content[29:33] = crc32(bytes(content[12:29]))
    path.write_bytes(content)
    error = error_of(path) if min_side is None else error_of(path, min_side=min_side)
    assert error.kind == "too_large"
    assert str(MAX_PIXELS // 1_000_000) in str(error) and "20000 x 20000" in str(error)


def crc32(data: bytes) -> bytes:
    return zlib.crc32(data).to_bytes(4, "big")


def test_too_little_memory_is_that_photos_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.png"
    quadrants().save(path)

    def full(*_: object) -> None:
        raise MemoryError

    monkeypatch.setattr(Image.core, "new", full)
    assert error_of(path).kind == "too_large"


# --- what cannot be read


def test_missing(tmp_path: Path) -> None:
    assert error_of(tmp_path / "gone.jpg").kind == "missing"
    (tmp_path / "file").write_bytes(b"x")
    assert error_of(tmp_path / "file" / "below.jpg").kind == "missing"


def test_empty(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    assert error_of(tmp_path / "a.jpg").kind == "empty"


def test_another_kind_of_file(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"%PDF-1.7 with quite a different content")
    assert error_of(tmp_path / "a.jpg").kind == "unsupported"
    assert error_of(tmp_path).kind == "unsupported"


@pytest.mark.skipif(os.name != "posix", reason="needs POSIX files")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    assert error_of(tmp_path / "pipe.jpg").kind == "unsupported"


def test_no_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jpg"
    quadrants().save(path)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    error = error_of(path)
    assert error.kind == "permission"
    assert str(error).endswith("(Permission denied)")


def test_a_file_that_windows_holds_for_a_moment_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.png"
    quadrants().save(path)
    original, refusals = Path.open, [None, None]

    def busy(self: Path, mode: str) -> object:
        if refusals:
            refusals.pop()
            error = PermissionError(13, "in use")
            error.winerror = 32
            raise error
        return original(self, mode)

    monkeypatch.setattr(Path, "open", busy)
    assert decode_photo(path).info.width == 96


def test_a_drive_that_fails_while_reading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.jpg"
    quadrants().save(path)

    def fail(*_: object, **__: object) -> None:
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(Path, "open", fail)
    error = error_of(path)
    assert error.kind == "unreadable"
    assert str(error).endswith("(Input/output error)")


# --- many threads


def test_many_threads_decode_at_once(tmp_path: Path) -> None:
    paths = []
    for index in range(24):
        suffix = ("jpg", "png", "webp", "tif", "gif", "avif")[index % 6]
        path = tmp_path / f"{index}.{suffix}"
        make_picture(index, (300, 200)).save(path)
        paths.append(path)
    alone = [decode_photo(path, min_side=50).rgb for path in paths]
    before = set(threading.enumerate())
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda path: decode_photo(path, min_side=50).rgb, paths * 4))
    for index, rgb in enumerate(together):
        assert np.array_equal(rgb, alone[index % len(alone)])
    assert all_end(set(threading.enumerate()) - before)


def test_large_photos_go_one_at_a_time_and_small_ones_do_not_wait(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pixels of one are gone when the next begins, however slowly its thread runs on."""
    make_picture(1, (300, 200)).save(tmp_path / "large.png")
    make_picture(2, (60, 40)).save(tmp_path / "small.png")
    monkeypatch.setattr(decode, "_LARGE_BYTES", 4 * 100 * 100)
    begun: list[Image.Image] = []
    go_on, reduce = threading.Event(), decode.to_small_rgb

    def slow(image: Image.Image, min_side: int | None) -> Image.Image:
        if image.width == 300:
            for earlier in begun:
                with pytest.raises(ValueError, match="closed"):
                    earlier.getpixel((0, 0))
            begun.append(image)
            assert go_on.wait(PATIENCE_SECONDS)
        return reduce(image, min_side)

    monkeypatch.setattr(decode, "to_small_rgb", slow)
    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(decode_photo, tmp_path / "large.png", min_side=50) for _ in range(3)]
        try:
            assert decode_photo(tmp_path / "small.png", min_side=20).info.width == 60
            time.sleep(0.05)
            assert len(begun) <= 1
        finally:
            go_on.set()
        assert [future.result(PATIENCE_SECONDS).info.width for future in running] == [300] * 3
    assert len(begun) == 3


_ON_THREADS = """
import sys, threading
from pathlib import Path
from roomnet_core.photos.decode import decode_photo
folder = Path(sys.argv[1])
small, kept = (folder / "small.jpg").read_bytes(), []
def work():
    for content in (small, None, small):
        kept.append(decode_photo(folder / "large.png", min_side=200, content=content))
def resident():
    return next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("VmRSS:")) // 1024
for _ in range(3):
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    print(resident())
"""


@pytest.mark.skipif(not Path("/proc/self/status").is_file(), reason="needs /proc")
def test_no_thread_keeps_the_memory_of_a_large_photo(tmp_path: Path) -> None:
    """With Pillow's own blocks each decoding thread went on holding up to a whole panorama, until its next one."""
    Image.new("RGB", (6_000, 5_000), (60, 70, 80)).save(tmp_path / "large.png", compress_level=1)
    make_picture(1, (1_600, 1_200)).save(tmp_path / "small.jpg")
    result = subprocess.run([sys.executable, "-c", _ON_THREADS, str(tmp_path)], capture_output=True, text=True)
    assert result.returncode == 0, result.stderr
    held = [int(line) for line in result.stdout.split()]
    assert max(held) - min(held) < 40, held  # megabytes; decoded whole, the photo takes 120


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc")
def test_files_are_closed(tmp_path: Path) -> None:
    for suffix in ("jpg", "png", "webp", "tif", "gif", "avif", "bmp"):
        quadrants().save(tmp_path / f"a.{suffix}")
        (tmp_path / f"b.{suffix}").write_bytes((tmp_path / f"a.{suffix}").read_bytes()[:-30])
    before = len(list(Path("/proc/self/fd").iterdir()))
    for path in tmp_path.iterdir():
        try:
            decode_photo(path)
        except PhotoError:
            continue
    assert len(list(Path("/proc/self/fd").iterdir())) == before
