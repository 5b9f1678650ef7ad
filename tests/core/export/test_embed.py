"""Keywords written into files on disk: journalled, undone to the byte, and nothing touched that is not sure."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from PIL import Image

from roomnet_core.errors import SortError
from roomnet_core.export.embed import EmbedReport, embed, plan_embedding
from roomnet_core.export.xmp import keywords_of
from roomnet_core.export.xmp_packet import read_keywords
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.prediction import Prediction
from roomnet_core.rooms import RoomSet
from roomnet_core.session.photo import Marks, SessionPhoto
from roomnet_core.sorting.journal import Journal, Kind, OpState, RunState
from roomnet_core.sorting.undo import recover, undo
from tests.core.export.test_xmp import streams
from tests.pictures import make_picture

ROOMS = RoomSet.from_names(["Kitchen", "LivingRoom"])
KITCHEN, LIVING, UNSURE = Prediction((0.9, 0.1), False), Prediction((0.1, 0.9), False), Prediction((0.6, 0.4), True)


class Disk:
    """A folder of photos, the session's view of it, and a journal."""

    def __init__(self, folder: Path, journal: Journal) -> None:
        self.folder, self.journal = folder, journal
        self.photos: list[SessionPhoto] = []

    def add(self, name: str, prediction: Prediction | None = KITCHEN, content: bytes | None = None) -> SessionPhoto:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if content is None:
            make_picture(len(self.photos), (64, 48)).save(path, quality=90)
        else:
            path.write_bytes(content)
        path.chmod(0o640)
        os.utime(path, ns=(10**18 + 5, 10**18 + 123_456_789))
        file = PhotoFile(path, self.folder, path.stat().st_size, path.stat().st_mtime_ns)
        problem = None if prediction else Problem(path, self.folder, "unsupported", f"{name} is a camera raw file.")
        self.photos.append(SessionPhoto(len(self.photos) + 1, file, prediction, problem=problem))
        return self.photos[-1]

    def mark(self, number: int, marks: Marks) -> None:
        self.photos[number] = replace(self.photos[number], marks=marks)

    def embed(self, **options: object) -> EmbedReport:
        report = embed(self.photos, ROOMS, self.journal, self.folder, **options)  # type: ignore[arg-type]
        self.photos = [replace(one, file=report.files.get(one.id, one.file)) for one in self.photos]
        assert not list(self.folder.rglob("*.part"))
        return report

    def state(self) -> dict[str, tuple[bytes, int, int]]:
        """Content, time and permissions of every file."""
        return {
            str(path.relative_to(self.folder)): (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode)
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        }

    def keywords(self, name: str) -> tuple[str, ...]:
        content = (self.folder / name).read_bytes()
        return (read_keywords(content) if name.endswith(".xmp") else keywords_of(content))[0]


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    with Journal.open(tmp_path / "sorts.sqlite") as journal:
        yield Disk(tmp_path / "photos", journal)


def discard(paths: Sequence[Path]) -> None:
    """A trash for tests: this system's has no place here."""
    for path in paths:
        path.rename(path.with_name(f".trashed-{path.name}"))


def test_rooms_are_written_and_undone_to_the_byte(disk: Disk) -> None:
    disk.add("a.jpg")
    disk.add("deep/b.JPG", LIVING)
    before = disk.state()
    report = disk.embed()
    assert disk.keywords("a.jpg") == ("Kitchen",) and disk.keywords("deep/b.JPG") == ("Living room",)
    after = disk.state()
    for name, (content, mtime_ns, mode) in after.items():
        assert (mtime_ns, mode) == before[name][1:] and len(content) > len(before[name][0])
        with Image.open(disk.folder / name) as image:
            image.load()
    assert not report.failed and report.unchanged == 0 and report.run_id is not None
    assert {one.size for one in report.files.values()} == {len(content) for content, _, _ in after.values()}
    result = undo(disk.journal, report.run_id)
    assert disk.state() == before and len(result.restored) == 2 and not result.not_undone
    assert set(result.relocated()) == {1, 2}


def test_writing_again_changes_only_what_is_new(disk: Disk) -> None:
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        disk.add(name)
    disk.embed()
    before = disk.state()
    disk.mark(1, Marks(1))
    report = disk.embed()
    assert report.unchanged == 2 and list(report.files) == [2] and disk.keywords("b.jpg") == ("Living room",)
    assert disk.embed().run_id is None
    assert report.run_id is not None
    undo(disk.journal, report.run_id)
    assert disk.state() == before and disk.keywords("b.jpg") == ("Kitchen",)


def test_what_is_not_sure_gets_no_keyword_and_is_told(disk: Disk) -> None:
    disk.add("a.jpg", UNSURE)
    disk.add("b.jpg")
    disk.mark(1, Marks(rejected=True))
    disk.add("c.png")
    disk.add("d.jpg", content=b"\xff\xd8\xff\xe0 damaged")
    disk.add("e.jpg")
    (disk.folder / "e.jpg").write_bytes(b"\xff\xd8\xff changed by somebody")
    disk.add("gone.jpg")
    (disk.folder / "gone.jpg").unlink()
    disk.add("z.jpg")
    before = disk.state()
    report = disk.embed()
    reasons = {entry.photo.file.path.name: entry.reason for entry in [*report.left_out, *report.failed]}
    assert "unsure" in reasons["a.jpg"] and reasons["b.jpg"] == "it is rejected" and "PNG file" in reasons["c.png"]
    assert "damaged" in reasons["d.jpg"] and "changed" in reasons["e.jpg"] and "cannot be read" in reasons["gone.jpg"]
    assert [path for path, state in disk.state().items() if state != before[path]] == ["z.jpg"]


def test_raw_files_get_a_sidecar_of_their_own(disk: Disk) -> None:
    disk.add("pair.jpg")
    (disk.folder / "pair.CR2").write_bytes(b"raw")
    disk.add("alone.NEF", None, content=b"raw")
    disk.mark(1, Marks(1))
    disk.add("negative.dng", None, content=b"raw")
    disk.mark(2, Marks(1))
    disk.add("known.ARW", None, content=b"raw")
    disk.mark(3, Marks(0))
    sidecar = (
        b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        b"<rdf:Description rdf:about='' xmlns:dc='http://purl.org/dc/elements/1.1/'><dc:subject><rdf:Bag>"
        b"<rdf:li>mine</rdf:li></rdf:Bag></dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    (disk.folder / "known.ARW.xmp").write_bytes(sidecar)
    before = disk.state()
    report = disk.embed()
    assert {path.name for path in report.sidecars} == {"pair.xmp", "alone.xmp", "known.ARW.xmp"}
    assert disk.keywords("pair.xmp") == disk.keywords("pair.jpg") == ("Kitchen",)
    assert disk.keywords("alone.xmp") == ("Living room",) and disk.keywords("known.ARW.xmp") == ("mine", "Kitchen")
    assert [entry.photo.file.path.name for entry in report.left_out] == ["negative.dng"]
    assert all(disk.state()[name][0] == before[name][0] for name in before if not name.endswith(("jpg", "xmp")))
    assert report.run_id is not None
    result = undo(disk.journal, report.run_id, trash=discard)
    for trashed in disk.folder.glob(".trashed-*"):
        trashed.unlink()
    assert disk.state() == before and {path.name for path in result.removed} == {"pair.xmp", "alone.xmp"}


def test_a_sidecar_that_was_changed_since_stays(disk: Disk) -> None:
    disk.add("a.NEF", None, content=b"raw")
    disk.mark(0, Marks(0))
    report = disk.embed()
    (disk.folder / "a.xmp").write_bytes(b"edited in Lightroom")
    assert report.run_id is not None
    result = undo(disk.journal, report.run_id, trash=discard)
    assert (disk.folder / "a.xmp").read_bytes() == b"edited in Lightroom" and len(result.not_undone) == 1


def test_undo_leaves_a_photo_that_was_changed_since(disk: Disk) -> None:
    disk.add("a.jpg")
    disk.add("b.jpg")
    before = disk.state()
    report = disk.embed()
    edited = (disk.folder / "a.jpg").read_bytes() + b"more"
    (disk.folder / "a.jpg").write_bytes(edited)
    assert report.run_id is not None
    result = undo(disk.journal, report.run_id)
    assert (disk.folder / "a.jpg").read_bytes() == edited and disk.state()["b.jpg"] == before["b.jpg"]
    assert [entry.path.name for entry in result.not_undone] == ["a.jpg"]
    assert disk.journal.run(report.run_id).state is RunState.PARTLY_UNDONE


@pytest.mark.parametrize("finish", [True, False])
def test_a_stop_in_the_middle_loses_nothing(disk: Disk, monkeypatch: pytest.MonkeyPatch, finish: bool) -> None:
    """Stopped with one of three photos replaced and all three new contents on the disk."""
    for name in ("a.jpg", "b.jpg", "c.jpg"):
        disk.add(name)
    before = disk.state()
    calls: list[Path] = []
    real = Path.replace

    def stop(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        disk.embed()
    monkeypatch.setattr(Path, "replace", real)
    (run,) = disk.journal.unfinished()
    assert run.kind is Kind.EMBED and run.can_finish
    changed = [name for name, state in disk.state().items() if state != before.get(name)]
    assert changed == ["a.jpg"]
    recover(disk.journal, run.id, finish=finish)
    assert not disk.journal.unfinished()
    assert (disk.state() == before) is not finish and not list(disk.folder.rglob("*.part"))
    if finish:
        states = [op.state for op in disk.journal.ops(run.id)]
        assert states == [OpState.DONE, OpState.FAILED, OpState.FAILED] and disk.keywords("a.jpg") == ("Kitchen",)
        undo(disk.journal, run.id)
        assert disk.state() == before


def test_cancel_leaves_whole_files_that_can_be_undone(disk: Disk) -> None:
    for number in range(70):
        disk.add(f"{number:02}.jpg")
    before = disk.state()
    seen: list[int] = []
    report = disk.embed(progress=lambda done, total: seen.append(done), cancelled=lambda: len(seen) == 1)
    assert report.cancelled and 0 < len(report.files) < 70 and report.run_id is not None
    undo(disk.journal, report.run_id)
    assert disk.state() == before


def test_one_at_a_time(disk: Disk) -> None:
    disk.add("a.jpg")
    before = disk.state()
    with disk.journal.lock().held(), pytest.raises(SortError, match="Another"):
        disk.embed()
    assert disk.state() == before


def test_a_link_is_refused_and_a_folder_that_cannot_be_listed_is_no_obstacle(disk: Disk) -> None:
    disk.add("real/a.jpg")
    link = disk.folder / "link.jpg"
    link.symlink_to(disk.folder / "real" / "a.jpg")
    status = link.stat()
    file = PhotoFile(link, disk.folder, status.st_size, status.st_mtime_ns)
    disk.photos.append(SessionPhoto(2, file, KITCHEN))
    report = disk.embed()
    assert [entry.reason for entry in report.failed] == ["it is a link to another file"] and link.is_symlink()
    plan = plan_embedding([replace(disk.photos[0], file=PhotoFile(Path("/nowhere/a.jpg"), Path("/"), 1, 1))], ROOMS)
    assert not plan.photos and "cannot be read" in plan.left_out[0].reason


@settings(max_examples=60)
@given(content=streams())
def test_whatever_the_file_undo_gives_it_back(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder, Journal.open(Path(folder) / "sorts.sqlite") as journal:
        disk = Disk(Path(folder) / "photos", journal)
        disk.add("a.jpg", content=content)
        before = disk.state()
        first = disk.embed()
        if first.run_id is None:
            assert disk.state() == before
            return
        between = disk.state()
        disk.mark(0, Marks(1))
        second = disk.embed()
        if second.run_id is not None:
            undo(journal, second.run_id)
        assert disk.state() == between
        undo(journal, first.run_id)
        assert disk.state() == before


def test_real_photos(disk: Disk, shared_data: Path) -> None:
    """Photos as sites and cameras wrote them."""
    for room in ("Kitchen", "Bathroom", "Frontyard"):
        for path in sorted((shared_data / "photos" / room).glob("*.jpg"))[:15]:
            disk.add(f"{room}/{path.name}", content=path.read_bytes())
    if not disk.photos:
        pytest.skip("no photos")
    before = disk.state()
    report = disk.embed()
    assert len(report.files) + len(report.failed) == len(disk.photos) and not report.failed
    for name, (content, _, _) in before.items():
        with Image.open(disk.folder / name) as new:
            pixels = new.convert("RGB").tobytes()
        (disk.folder / "old.bin").write_bytes(content)
        with Image.open(disk.folder / "old.bin") as old:
            assert old.convert("RGB").tobytes() == pixels
    (disk.folder / "old.bin").unlink()
    assert report.run_id is not None
    undo(disk.journal, report.run_id)
    assert disk.state() == before
