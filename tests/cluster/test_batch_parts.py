"""What a batch is made of, without a cluster: inputs, patience with storage, and the record that makes it resumable."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

pytest.importorskip("pyarrow", reason="needs the extra cluster")
pytest.importorskip("fsspec", reason="needs the extra cluster")

import pyarrow
import pyarrow.parquet

from roomnet_core.batch import storage
from roomnet_core.batch.job import Finished, Job, JobFolder, default_shards, read_shard, shard_path
from roomnet_core.batch.listing import Listed, list_photos
from roomnet_core.batch.results import SCHEMA_VERSION, Result, to_parquet
from roomnet_core.batch.storage import Store, as_uri, fetch, join, local_path
from roomnet_core.cli import main
from roomnet_core.errors import BatchError, PhotoError, UsageError
from roomnet_core.photos.scan import scan
from roomnet_core.prediction import Prediction

JOB = Job("Photos", None, "model", "abc", ("Kitchen", "Bath room"))


class TestInputs:
    def test_a_folder_is_looked_through_as_classify_does(self, photo_folder: Path) -> None:
        (photo_folder / "empty.png").touch()
        (photo_folder / "notes.txt").write_text("no photo")
        found = list(list_photos(str(photo_folder)))
        assert [item.uri for item in found] == [item.path.as_uri() for item in scan(photo_folder)]
        assert [(item.kind, "empty.png" in item.problem) for item in found if item.kind] == [("empty", True)]
        assert list(list_photos(photo_folder.as_uri())) == found

    def test_a_glob_means_the_photos_among_what_it_matches(self, photo_folder: Path) -> None:
        (photo_folder / "notes.txt").write_text("no photo")
        found = [item.uri for item in list_photos(f"{photo_folder}/**/IMG_[19]*")]
        names = ("IMG_1.jpg", "upstairs/IMG_9.jpg", "upstairs/IMG_10.jpg")
        assert found == [(photo_folder / name).as_uri() for name in names]
        odd = photo_folder.rename(photo_folder.parent / "[a] photos?")  # no glob, where there is such a folder
        assert len(list(list_photos(str(odd)))) == 6

    @pytest.mark.parametrize("kind", ["text", "csv", "parquet", "column"])
    def test_a_list_names_uris_or_files_beside_it(self, tmp_path: Path, kind: str) -> None:
        entries = ["s3://bucket/a b#1.jpg", "here/1.jpg", "https://example.org/2.jpg?w=1", "0012"]
        expected = [entries[0], (tmp_path / "here/1.jpg").as_uri(), entries[2], (tmp_path / "0012").as_uri()]
        column = None
        if kind == "text":
            path = tmp_path / "photos.txt"
            path.write_bytes("\ufeff".encode() + "\n".join([entries[0], "", "# a remark", *entries[1:]]).encode())
        elif kind == "csv":
            path = tmp_path / "photos.csv"
            path.write_text("id,uri\n" + "".join(f"{number},{entry}\n" for number, entry in enumerate(entries)))
        else:
            path, name = tmp_path / "photos.parquet", "uri" if kind == "parquet" else "where"
            column = None if kind == "parquet" else name
            pyarrow.parquet.write_table(pyarrow.table({"id": [1, 2, 3, 4], name: entries}), path)
        assert [item.uri for item in list_photos(str(path), column)] == expected

    def test_a_list_without_the_column_says_what_it_has(self, tmp_path: Path) -> None:
        path = tmp_path / "photos.csv"
        path.write_text("id,name\n1,a.jpg\n")
        with pytest.raises(UsageError, match=r"no column uri.*Its columns: id, name.*--column"):
            list(list_photos(str(path)))
        with pytest.raises(UsageError, match="no column key"):
            list(list_photos(str(path), "key"))

    @pytest.mark.parametrize("place", ["nowhere", "nowhere/*.jpg", "nowhere.csv", "nowhere.txt", "xyz://a/b"])
    def test_what_is_not_there_is_named(self, tmp_path: Path, place: str) -> None:
        with pytest.raises(UsageError, match=r"nowhere|xyz"):
            list(list_photos(place if "://" in place else str(tmp_path / place)))

    @given(st.text(st.characters(exclude_characters="/\0", exclude_categories=("Cs",)), min_size=1, max_size=30))
    def test_a_path_survives_its_uri(self, name: str) -> None:
        if name not in (".", ".."):
            path = Path.cwd() / name
            assert local_path(path.as_uri()) == path
            assert as_uri(path.as_uri()) == path.as_uri()

    def test_names_that_are_no_unicode_survive_too(self) -> None:
        path = Path("/photos/caf\udce9.jpg")
        path.as_uri().encode("utf-8")
        assert local_path(path.as_uri()) == path
        assert local_path(join(Path("/photos").as_uri(), "a%20b.jpg")) == Path("/photos/a%20b.jpg")


class TestPatience:
    @pytest.fixture(autouse=True)
    def waits(self, monkeypatch: pytest.MonkeyPatch) -> list[float]:
        waits: list[float] = []
        monkeypatch.setattr(storage, "sleep", waits.append)
        return waits

    def test_what_may_pass_is_tried_again_with_longer_and_longer_waits(
        self, photo_folder: Path, waits: list[float], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        uri, original, calls = (photo_folder / "IMG_1.jpg").as_uri(), storage.read_ahead, []

        def falters(file: Any) -> bytes | None:
            calls.append(file)
            if len(calls) < 4:
                raise PhotoError("unreadable", "the network drive is away")
            return original(file)

        monkeypatch.setattr(storage, "read_ahead", falters)
        assert fetch(uri, 3)[1] == (photo_folder / "IMG_1.jpg").read_bytes()
        assert len(waits) == 3 and all(0.5 * 2**n / 2 <= wait <= 0.75 * 2**n for n, wait in enumerate(waits))
        calls.clear()
        with pytest.raises(PhotoError, match="the network drive is away"):
            fetch(uri, 2)
        assert len(calls) == 3

    def test_what_will_not_pass_is_not(self, tmp_path: Path, waits: list[float]) -> None:
        with pytest.raises(PhotoError) as error:
            fetch((tmp_path / "gone.jpg").as_uri(), 5)
        assert error.value.kind == "missing" and waits == []

    def test_a_store_shows_a_file_whole_or_not_at_all(self, tmp_path: Path) -> None:
        store = Store(tmp_path.as_uri())
        (tmp_path / "a").mkdir()
        (tmp_path / "a" / ".b.killed.part").write_bytes(b"half")
        store.put("a/b", b"whole")
        store.put("a/b", b"whole again")
        assert store.names("a") == {"b": 11} and store.get("a/b") == b"whole again"
        assert store.names("elsewhere") == {} and not store.has("a/c")
        (tmp_path / "file").touch()
        with pytest.raises(BatchError, match=r"cannot be used for the results.*--resume"):
            Store((tmp_path / "file").as_uri()).put("b", b"")
        with pytest.raises(UsageError, match="cannot be written to"):
            Store("https://example.org/rooms")


class TestRecord:
    @given(photos=st.integers(1, 100_000_000))
    def test_shards_hold_each_photo_once(self, photos: int) -> None:
        job = Job("", None, "", "", (), photos, default_shards(photos))
        shards = {0, job.shards // 2, job.shards - 1}
        assert job.bounds(0)[0] == 0 and job.bounds(job.shards - 1)[1] == photos
        for shard in shards:
            start, stop = job.bounds(shard)
            assert 0 < stop - start <= 1000
            assert shard + 1 == job.shards or job.bounds(shard + 1)[0] == stop

    def test_the_list_is_read_back_shard_by_shard(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("roomnet_core.batch.job._GROUP_ROWS", 3)
        monkeypatch.setattr("roomnet_core.batch.job._FILE_ROWS", 9)
        photos = [Listed(f"s3://b/{n}.jpg", *(("empty", "is empty") if n % 4 == 0 else ())) for n in range(31)]
        asked = Job("x", None, "m", "k", ("A", "B"), shards=7)
        folder = JobFolder.prepare(Store(tmp_path.as_uri()), asked, photos, {"card.json": b"{}"}, resume=False)
        assert [read_shard(folder.store, folder.job, shard) for shard in range(7)] == [
            photos[slice(*folder.job.bounds(shard))] for shard in range(7)
        ]

    def test_a_resumed_batch_knows_what_is_finished_and_keeps_its_list(self, tmp_path: Path) -> None:
        store = Store((tmp_path / "rooms").as_uri())
        photos = [Listed(f"file:///{n}.jpg") for n in range(10)]
        asked = Job("x", None, "m", "k", ("A", "B"), shards=5)
        folder = JobFolder.prepare(store, asked, photos, {}, resume=True)  # there is none to go on with: it begins
        for shard in (0, 3, 4):
            store.put(shard_path(shard), b"12345")
            folder.add(Finished(shard, 2, 1, {"A": 1}, {"A": 1}, 100, 5, (("file:///0.jpg", "why"),)))
        folder.note()
        store.put(shard_path(4), b"changed")  # not what was written
        again = JobFolder.prepare(store, asked, iter([Listed("file:///new.jpg")]), {}, resume=True)
        assert again.unfinished == [1, 2, 4] and again.job == folder.job
        total = again.summary()
        assert (total.photos, total.problems, total.rooms["A"], len(total.examples)) == (4, 2, 2, 2)
        again.add(Finished(1, 2, 0, {"B": 2}, {}, 1, 1))
        again.note()
        assert len(store.names("_roomnet/finished")) == 3  # nothing is written over

    def test_another_model_input_or_number_of_shards_is_refused(self, tmp_path: Path) -> None:
        store = Store((tmp_path / "rooms").as_uri())
        JobFolder.prepare(store, JOB, [Listed("file:///1.jpg")], {}, resume=False)
        for change, words in (
            ({"model_sha256": "other"}, "another model model"),
            ({"input": "Elsewhere"}, "another input Photos"),
            ({"shards": 9}, "another --shards 1"),
        ):
            asked = replace(JOB, **change)  # type: ignore[arg-type]
            with pytest.raises(UsageError, match=words):
                JobFolder.prepare(store, asked, [], {}, resume=True)

    def test_nothing_is_put_among_other_files(self, tmp_path: Path) -> None:
        (tmp_path / "holiday.txt").write_text("mine")
        for resume, words in ((False, "not empty"), (True, "no batch to go on with")):
            with pytest.raises(UsageError, match=words):
                JobFolder.prepare(Store(tmp_path.as_uri()), JOB, [Listed("file:///1.jpg")], {}, resume=resume)
        assert [path.name for path in tmp_path.iterdir()] == ["holiday.txt"]

    def test_a_damaged_record_is_told(self, tmp_path: Path) -> None:
        store = Store(tmp_path.as_uri())
        JobFolder.prepare(store, JOB, [Listed("file:///1.jpg")], {}, resume=False)
        store.put("_roomnet/job.json", b"{")
        with pytest.raises(BatchError, match="damaged"):
            JobFolder.prepare(store, JOB, [], {}, resume=True)
        store.put("_roomnet/job.json", json.dumps({"version": 2}).encode())
        with pytest.raises(BatchError, match="later version"):
            JobFolder.prepare(store, JOB, [], {}, resume=True)


def test_the_schema_is_as_documented() -> None:
    said = Result("s3://b/1.jpg", Prediction((0.25, 0.75), True), None)
    content = to_parquet([said, Result("s3://b/2.jpg", kind="missing", problem="gone")], JOB.rooms, "model", "abc")
    table = pyarrow.parquet.read_table(pyarrow.BufferReader(content))
    assert table.schema.metadata[b"roomnet.schema"] == str(SCHEMA_VERSION).encode() == b"1"
    assert table.schema.names == [
        *("uri", "room", "confidence", "p_Kitchen", "p_Bath room", "unsure", "problem_kind", "problem"),
        *("width", "height", "model_sha256", "time"),
    ]
    first, second = table.to_pylist()
    assert (first["room"], first["confidence"], first["p_Kitchen"], first["unsure"]) == ("Bath room", 0.75, 0.25, True)
    assert (second["room"], second["unsure"], second["problem_kind"]) == (None, None, "missing")


def test_without_ray_the_remedy_is_named(
    photo_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "roomnet_core.batch.run", raising=False)
    monkeypatch.setitem(sys.modules, "ray", None)
    assert main(["batch", str(photo_folder), "rooms"]) == 2
    assert "pip install 'roomnet[cluster]'" in capsys.readouterr().err
