"""Labelled copies: readable, upright, with their metadata, beside and never over what is there."""

from __future__ import annotations

import io
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from roomnet_core.errors import ExportError
from roomnet_core.export import label
from roomnet_core.export.carried_metadata import upright_exif, with_metadata_of
from roomnet_core.export.jpeg_segments import APP1, APP2, APP13, COMMENT, EXIF, read_layout, segment
from roomnet_core.export.label import draw_label
from roomnet_core.export.overlay import OverlayReport, check_folder, describe, write_overlays
from roomnet_core.export.xmp import splice
from roomnet_core.photos.orientation import read_orientation
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.prediction import Prediction
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import Marks, SessionPhoto
from tests.pictures import make_picture

ROOMS = RoomSet.from_names(["Bathroom", "Kitchen"])
SURE, UNSURE = Prediction((0.03, 0.97), False), Prediction((0.51, 0.49), True)
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def exif_of(orientation: int = 1) -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F], exif[0x0110] = orientation, "Canon", "EOS R5"
    exif[0x8769] = {0x9003: "2026:05:17 14:30:05", 0xA002: 320, 0xA003: 240}
    return exif


class Listing:
    """Photos on disk and the session's view of them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.photos: list[SessionPhoto] = []

    def add(self, name: str, image: Image.Image | bytes, **options: Any) -> SessionPhoto:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        prediction, marks = options.pop("prediction", SURE), options.pop("marks", Marks())
        if isinstance(image, bytes):
            path.write_bytes(image)
        else:
            image.save(path, **options)
        status = path.stat()
        file = PhotoFile(path, self.root, status.st_size, status.st_mtime_ns)
        self.photos.append(SessionPhoto(len(self.photos) + 1, file, prediction, marks=marks))
        return self.photos[-1]

    def contents(self) -> dict[str, bytes]:
        return {str(path): path.read_bytes() for path in sorted(self.root.rglob("*")) if path.is_file()}

    def write(self, folder: Path, **options: Any) -> OverlayReport:
        before = self.contents()
        report = write_overlays(self.photos, ROOMS, folder, **options)
        assert {path: content for path, content in self.contents().items() if path in before} == before
        assert not list(folder.rglob("*.part"))
        return report


@pytest.fixture
def listing(tmp_path: Path) -> Listing:
    return Listing(tmp_path / "12 Elm Street")


def load(path: Path) -> Image.Image:
    return Image.open(io.BytesIO(path.read_bytes()))


def difference(one: Image.Image, other: Image.Image) -> np.ndarray[Any, Any]:
    """Where two pictures differ by more than what saving as JPEG does: `(H, W) bool`."""
    pair = [np.asarray(image.convert("RGB"), dtype=np.int16) for image in (one, other)]
    return np.abs(pair[0] - pair[1]).max(axis=2) > 40  # type: ignore[no-any-return]


def test_copies_are_labelled_in_a_corner_and_otherwise_the_same(listing: Listing, tmp_path: Path) -> None:
    picture = make_picture(1, (800, 600))
    listing.add("IMG_1.jpg", picture, quality=95)
    listing.add("upstairs/IMG_1.jpg", make_picture(2), quality=95)
    report = listing.write(tmp_path / "out" / "labelled")
    assert sorted(path.relative_to(tmp_path / "out" / "labelled").as_posix() for path in report.written.values()) == [
        "IMG_1.jpg", "upstairs/IMG_1.jpg",
    ]  # fmt: skip
    changed = difference(load(report.written[1]), picture)
    rows, columns = np.nonzero(changed)
    assert load(report.written[1]).size == (800, 600)
    assert rows.min() > 480 and columns.max() < 420 and changed.mean() > 0.01
    assert not report.failed and not report.skipped and not report.bare


@pytest.mark.parametrize("orientation", range(1, 9))
def test_copies_lie_upright_and_say_so(listing: Listing, tmp_path: Path, orientation: int) -> None:
    photo = listing.add("a.jpg", make_picture(3), quality=95, exif=exif_of(orientation), icc_profile=PROFILE)
    upright = ImageOps.exif_transpose(load(photo.file.path))
    copy = load(listing.write(tmp_path / "out").written[1])
    assert copy.size == upright.size
    changed = difference(copy, upright)
    assert not changed[: copy.height // 2].any() and changed[copy.height // 2 :, : copy.width // 2].any()
    exif = copy.getexif()
    assert exif[0x0112] == 1 and exif[0x0110] == "EOS R5" and copy.info["icc_profile"] == PROFILE
    sides = exif.get_ifd(0x8769)
    assert sides[0x9003] == "2026:05:17 14:30:05"
    assert (sides[0xA002], sides[0xA003]) == copy.size


def test_every_kind_of_metadata_of_a_jpeg_is_kept(listing: Listing, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    make_picture(1).save(buffer, "JPEG", exif=exif_of(6), icc_profile=PROFILE, comment=b"by me")
    content = splice(buffer.getvalue(), ["Elm Street"])
    layout = read_layout(content)
    place = layout.header[0].end
    extras = (
        (APP13, b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x06\x1c\x02\x19\0\x01a"),
        (APP1, b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 40),
        (APP2, b"MPF\0MM\0*"),  # an index of pictures that the copy does not have
    )
    content = content[:place] + b"".join(segment(marker, payload) for marker, payload in extras) + content[place:]
    content = content.replace(b"rdf:about=\"\"", b"rdf:about=\"\" xmlns:tiff='t' tiff:Orientation='6'", 1)
    length = layout.header[2]
    assert b"tiff:Orientation" in content and length.marker == APP1
    grown = len(b" xmlns:tiff='t' tiff:Orientation='6'")
    start = content.index(b"http://ns.adobe.com/xap") - 2
    size = int.from_bytes(content[start : start + 2], "big") + grown
    content = content[:start] + size.to_bytes(2, "big") + content[start + 2 :]
    listing.add("a.jpg", content)
    copy = listing.write(tmp_path / "out").written[1].read_bytes()
    kept = [(part.marker, copy[part.payload : part.end]) for part in read_layout(copy).header]
    assert extras[0] in kept and extras[1] in kept and extras[2] not in kept and (COMMENT, b"by me") in kept
    assert b"Elm Street" in copy and b"tiff:Orientation='1'" in copy
    assert [marker for marker, _ in kept][:2] == [0xE0, APP1] or kept[1][0] == APP13


def save_png(exif: bytes) -> bytes:
    buffer = io.BytesIO()
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", "<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    image = Image.merge("RGBA", (*make_picture(4).split(), Image.new("L", (320, 240), 200)))
    image.save(buffer, "PNG", exif=exif, icc_profile=PROFILE, pnginfo=info)
    return buffer.getvalue()


def test_other_formats_become_jpegs_with_their_metadata(listing: Listing, tmp_path: Path) -> None:
    exif = exif_of(6).tobytes()
    listing.add("a.png", save_png(exif))
    listing.add("b.webp", make_picture(5), exif=exif, icc_profile=PROFILE)
    described = Image.Exif()
    described.load(exif)  # Pillow cannot write a block that it has not read
    listing.add("c.tif", make_picture(6), exif=described, icc_profile=PROFILE)
    listing.add("d.bmp", make_picture(7))
    report = listing.write(tmp_path / "out")
    assert len(report.written) == 4 and not report.bare
    for number in (1, 2, 3):
        copy = load(report.written[number])
        assert copy.format == "JPEG" and copy.size == (240, 320)
        assert copy.getexif().get(0x0112, 1) == 1 and copy.getexif()[0x0110] == "EOS R5"
        assert copy.info["icc_profile"] == PROFILE
        assert copy.getexif().get_ifd(0x8769)[0x9003] == "2026:05:17 14:30:05"
        assert 0x0100 not in copy.getexif() and 0x0111 not in copy.getexif()  # those are the TIFF file's
    assert b"xmpmeta" in load(report.written[1]).info["xmp"]


def test_a_profile_for_other_colours_is_left_out(listing: Listing, tmp_path: Path) -> None:
    grey_profile = PROFILE[:16] + b"GRAY" + PROFILE[20:]
    listing.add("a.jpg", make_picture(1).convert("L"), icc_profile=grey_profile)
    listing.add("b.jpg", make_picture(2).convert("CMYK"), icc_profile=PROFILE[:16] + b"CMYK" + PROFILE[20:])
    for path in listing.write(tmp_path / "out").written.values():
        copy = load(path)
        assert copy.mode == "RGB" and "icc_profile" not in copy.info


def test_nothing_is_replaced_and_no_two_copies_share_a_name(listing: Listing, tmp_path: Path) -> None:
    for name in ("a.jpg", "a.png", "A.webp", "CON.jpg"):
        listing.add(name, make_picture(1, (64, 48)))
    out = tmp_path / "out"
    out.mkdir()
    (out / "a (2).jpg").write_bytes(b"mine")
    first = listing.write(out)
    names = {path.name for path in first.written.values()}
    assert {"a.jpg", "_CON.jpg"} < names and len({name.casefold() for name in names}) == 4
    kept = {path: path.read_bytes() for path in out.iterdir()}
    assert kept[out / "a (2).jpg"] == b"mine"
    listing.write(out)
    assert all(path.read_bytes() == content for path, content in kept.items()) and len(list(out.iterdir())) == 9


def test_the_photos_own_folder_is_no_danger(listing: Listing) -> None:
    listing.add("a.jpg", make_picture(1, (64, 48)))
    assert listing.write(listing.root).written[1].name == "a (2).jpg"


def test_failures_are_told_and_the_rest_goes_on(listing: Listing, tmp_path: Path) -> None:
    listing.add("a.jpg", make_picture(1, (64, 48)))
    gone = listing.add("gone.jpg", make_picture(2, (64, 48)))
    gone.file.path.unlink()
    listing.add("broken.jpg", b"\xff\xd8\xff\xe0 no photo")
    listing.add("later.jpg", make_picture(3, (64, 48)), prediction=None)
    problem = Problem(tmp_path / "p.jpg", tmp_path, "damaged", "p.jpg is damaged.")
    listing.photos.append(replace(listing.photos[-1], id=9, problem=problem))
    listing.add("z.jpg", make_picture(4, (64, 48)))
    seen: list[tuple[int, int]] = []
    report = listing.write(tmp_path / "out", progress=lambda done, total: seen.append((done, total)))
    assert sorted(report.written) == [1, 6] and seen == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert ["no longer there" in entry.reason for entry in report.failed] == [True, False]
    assert "damaged" in report.failed[1].reason
    assert [entry.reason for entry in report.skipped] == ["it was not classified", "p.jpg is damaged."]


def test_a_photo_with_damaged_metadata_gets_its_copy(listing: Listing, tmp_path: Path) -> None:
    buffer = io.BytesIO()
    make_picture(1, (64, 48)).save(buffer, "JPEG")
    listing.add("a.jpg", buffer.getvalue()[:20] + b"\0" + buffer.getvalue()[20:])  # readable all the same
    report = listing.write(tmp_path / "out")
    assert list(report.written) == [1] and report.bare == listing.photos


def test_cancel_stops_soon_and_leaves_whole_copies(listing: Listing, tmp_path: Path) -> None:
    for number in range(30):
        listing.add(f"{number}.jpg", make_picture(1, (64, 48)))
    seen: list[int] = []
    report = listing.write(
        tmp_path / "out", progress=lambda done, total: seen.append(done), cancelled=lambda: len(seen) >= 3
    )
    assert report.cancelled and 3 <= len(report.written) < 30
    for path in (tmp_path / "out").iterdir():
        load(path).load()


def test_a_folder_that_cannot_be_used_is_told_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    file.touch()
    for folder in (file, file / "below"):
        with pytest.raises(ExportError, match="not a folder"):
            check_folder(folder)
    check_folder(tmp_path / "new" / "deep")
    assert not (tmp_path / "new").exists()
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(ExportError, match="may not be written"):
        check_folder(tmp_path / "new")


def test_the_words(listing: Listing, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    photo = listing.add("a.jpg", make_picture(1))
    assert describe(photo, ROOMS[1]) == "Kitchen 97 %"
    assert describe(replace(photo, prediction=UNSURE), ROOMS[0]) == "Bathroom 51 % - unsure"
    assert describe(replace(photo, marks=Marks(1)), ROOMS[1]) == "Kitchen 97 % - decided by you"
    assert describe(replace(photo, marks=Marks(0)), ROOMS[0]) == "Bathroom - decided by you"
    drawn: list[list[str]] = []
    monkeypatch.setattr(
        "roomnet_core.export.overlay.draw_label", lambda image, texts, color: drawn.append([*texts, color])
    )
    listing.write(tmp_path / "out", caption=lambda photo: "厨房 97 %")
    assert drawn[0][0] == "厨房 97 %" and drawn[0][1] == "Kitchen 97 %" and drawn[0][-1] == ROOMS[1].color


class TestLabel:
    def drawn(self, texts: list[str], size: tuple[int, int] = (600, 400)) -> np.ndarray[Any, Any]:
        image = Image.new("RGB", size, "white")
        draw_label(image, texts, "#c62828")
        return np.asarray(image)

    def test_text_is_light_on_dark_on_any_background(self) -> None:
        for background in ("white", "black", "#888888"):
            image = Image.new("RGB", (600, 400), background)
            draw_label(image, ["Kitchen 97 %"], "#c62828")
            panel = np.asarray(image)[350:385, 15:150].astype(int)
            light, dark = np.percentile(panel.sum(axis=2) / 3, [99, 40])
            assert light > 200 and dark < 110

    def test_a_script_that_no_font_has_gives_way_to_the_next_text(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(label, "_system_fonts", tuple)
        assert np.array_equal(self.drawn(["厨房 97 %", "Küche", "Kitchen"]), self.drawn(["Kitchen"]))
        assert np.array_equal(self.drawn(["厨房 97 %"]), self.drawn(["?? 97 %"]))

    def test_other_scripts_are_shown_where_a_font_has_them(self) -> None:
        if not label._system_fonts():
            pytest.skip("no other font than Pillow's own is installed here")
        assert not np.array_equal(self.drawn(["Küche"]), self.drawn(["K?che"]))

    @pytest.mark.parametrize("size", [(1, 1), (3, 200), (40, 30), (300, 20), (9000, 60)])
    def test_tiny_and_narrow_photos(self, size: tuple[int, int]) -> None:
        assert self.drawn(["A rather long name of a room 97 %"], size).shape == (size[1], size[0], 3)

    def test_size_follows_the_photo(self) -> None:
        small, large = (np.argwhere(self.drawn(["Kitchen"], size) != 255) for size in ((600, 400), (2400, 1600)))
        assert 3.5 < np.ptp(large[:, 1]) / np.ptp(small[:, 1]) < 4.5


@pytest.mark.parametrize("block", [b"", b"Exif\0\0", b"Exif\0\0II*\0", b"Exif\0\0MM\0*\0\0\0\x08\0\x01", b"\xff" * 40])
def test_damaged_exif_is_passed_on_as_far_as_it_goes(block: bytes) -> None:
    assert len(upright_exif(block)) == len(block)


@given(st.data())
def test_any_damage_to_exif_leaves_a_block_of_the_same_size(data: st.DataObject) -> None:
    block = bytearray(EXIF + exif_of(6).tobytes().removeprefix(EXIF))
    for _ in range(data.draw(st.integers(1, 6))):
        block[data.draw(st.integers(0, len(block) - 1))] = data.draw(st.integers(0, 255))
    damaged = bytes(block)[: data.draw(st.integers(0, len(block)))]
    turned = upright_exif(damaged)
    assert len(turned) == len(damaged) and read_orientation(turned) == 1


def test_the_small_preview_is_dropped(tmp_path: Path) -> None:
    directory = b"MM\0*\0\0\0\x08\0\x01" + b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0" + b"\0\0\0\x1a" + bytes(40)
    turned = upright_exif(EXIF + directory)
    assert read_orientation(turned) == 1 and turned[-44:-40] == bytes(4)
    assert with_metadata_of(Path(__file__), _blank_jpeg()) == _blank_jpeg()  # what is no photo has nothing to give


def _blank_jpeg() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (8, 8)).save(buffer, "JPEG")
    return buffer.getvalue()
