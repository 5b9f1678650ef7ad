"""The record of a batch, kept with its results: what was asked for, the list of photos, and which shards are finished.

    OUTPUT/shard=00012/photos.parquet     the results of a shard, whole or not there
    OUTPUT/_roomnet/job.json              what was asked for; written last, once the list is complete
    OUTPUT/_roomnet/list/00000.parquet    the photos, in the order in which they were found
    OUTPUT/_roomnet/model/                the model, so that every machine runs the same
    OUTPUT/_roomnet/finished/00000.json   shards that are finished, a file for each while; none is written twice

A shard is a run of the list, and its file has one name, so that whoever does a shard again writes the same rows in the
same place: a photo is never in the results twice, and one of a finished shard never missing.
"""

from __future__ import annotations

import io
import json
import math
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from roomnet_core.batch.listing import Listed
from roomnet_core.batch.storage import Store
from roomnet_core.errors import BatchError, UsageError

RECORD_VERSION = 1
_HOME = "_roomnet"
_JOB, _LIST, _MODEL, _FINISHED = f"{_HOME}/job.json", f"{_HOME}/list", f"{_HOME}/model", f"{_HOME}/finished"

# A read of a shard's photos touches a few row groups of one or two files.
_GROUP_ROWS, _FILE_ROWS = 1_000, 100_000
_LIST_SCHEMA = pyarrow.schema([("uri", pyarrow.string()), ("kind", pyarrow.string()), ("problem", pyarrow.string())])

# Small enough to be done again when a machine fails, and to share few photos among many cores; large enough for files
# of a useful size and for little said about each.
_SMALLEST_SHARD, _LARGEST_SHARD, _SHARDS_OF_FEW = 100, 1_000, 256

# A killed batch does again what finished since the last note: two seconds at first, a hundredth of its time later.
_NOTE_SECONDS, _NOTE_SHARE = 2.0, 0.01


@dataclass(frozen=True, slots=True)
class Job:
    """What was asked for. `model_sha256` is the `ModelKey` of network, pre-processing, rooms and thresholds."""

    input: str
    column: str | None
    model: str
    model_sha256: str
    rooms: tuple[str, ...]
    photos: int = 0
    shards: int = 0
    version: int = RECORD_VERSION

    def bounds(self, shard: int) -> tuple[int, int]:
        """The first photo of a shard and the one after its last."""
        return shard * self.photos // self.shards, (shard + 1) * self.photos // self.shards

    def check_same(self, asked: Job) -> None:
        """Raises UsageError where `asked` would not go on with this job."""
        for mine, yours, what in (
            (self.model_sha256, asked.model_sha256, f"model {self.model} (or another version or threshold of it)"),
            (self.input, asked.input, f"input {self.input}"),
            (self.column, asked.column, f"column {self.column or '(none named)'}"),
            (self.shards, asked.shards or self.shards, f"--shards {self.shards}"),
        ):
            if mine != yours:
                raise UsageError(
                    f"The batch in this output was begun with another {what}. Give that again, or choose a new output."
                )


@dataclass(frozen=True, slots=True)
class Finished:
    """What came of one shard. `examples` holds a few of its problems as (uri, message)."""

    shard: int
    photos: int
    problems: int
    rooms: dict[str, int]
    unsure_rooms: dict[str, int]
    bytes_read: int
    bytes_written: int
    examples: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Summary:
    """All finished shards together."""

    photos: int = 0
    problems: int = 0
    bytes_read: int = 0
    rooms: Counter[str] = field(default_factory=Counter)
    unsure_rooms: Counter[str] = field(default_factory=Counter)
    examples: list[tuple[str, str]] = field(default_factory=list)


def shard_path(shard: int) -> str:
    """Where the results of a shard are, below the output."""
    return f"shard={shard:05}/photos.parquet"


def default_shards(photos: int) -> int:
    """How many shards so many photos make unless somebody asks for another number."""
    size = min(max(_SMALLEST_SHARD, photos // _SHARDS_OF_FEW), _LARGEST_SHARD)
    return math.ceil(photos / size)


class JobFolder:
    """The record of one batch in its output."""

    def __init__(self, store: Store, job: Job) -> None:
        self.store, self.job = store, job
        self.finished: dict[int, Finished] = {}
        self._unnoted: list[Finished] = []
        self._notes = 0
        self._started, self._noted = time.monotonic(), float("-inf")  # the first is noted at once

    @classmethod
    def prepare(
        cls, store: Store, asked: Job, photos: Iterable[Listed], model: Mapping[str, bytes], *, resume: bool
    ) -> JobFolder:
        """Begin the batch `asked` for, or with `resume` go on with the one that is there. `model`: files by name.

        Raises:
            UsageError: the output is not empty and `resume` is not set, or holds another batch or something else.
            BatchError: the output cannot be used.
        """
        there = store.names()
        if there and not resume:
            raise UsageError(
                f"{store.uri} is not empty, and nothing in it is overwritten. Choose a new folder, or add --resume to "
                "go on with a batch that was cut off."
            )
        if there and _HOME not in there:
            raise UsageError(f"{store.uri} holds no batch to go on with, but other files. Choose a new folder.")
        if there and store.has(_JOB):
            job = _read_job(store)
            job.check_same(asked)
            folder = cls(store, job)
            folder._read_notes()
            return folder
        # Nothing there, or a batch whose list was not complete: its shards had not begun.
        count = _write_list(store, photos)
        if not count:
            raise UsageError(f"There are no photos in {asked.input}.")
        for name, content in model.items():
            store.put(f"{_MODEL}/{name}", content)
        job = replace(asked, photos=count, shards=min(asked.shards or default_shards(count), count))
        store.put(_JOB, (json.dumps(asdict(job), indent=2, ensure_ascii=False) + "\n").encode())
        return cls(store, job)

    @property
    def unfinished(self) -> list[int]:
        return [shard for shard in range(self.job.shards) if shard not in self.finished]

    def add(self, finished: Finished) -> None:
        """A shard is done. It is noted in the output now, or with the next ones within a while."""
        self.finished[finished.shard] = finished
        self._unnoted.append(finished)
        now = time.monotonic()
        if now - self._noted > max(_NOTE_SECONDS, _NOTE_SHARE * (now - self._started)):
            self.note()

    def note(self) -> None:
        """Write down what is not yet noted."""
        if self._unnoted:
            lines = (json.dumps(asdict(entry), ensure_ascii=False) for entry in self._unnoted)
            self.store.put(f"{_FINISHED}/{self._notes:05}.json", ("\n".join(lines) + "\n").encode())
            self._unnoted, self._notes = [], self._notes + 1
        self._noted = time.monotonic()

    def summary(self, most_examples: int = 20) -> Summary:
        total = Summary()
        for shard in sorted(self.finished):
            entry = self.finished[shard]
            total.photos += entry.photos
            total.problems += entry.problems
            total.bytes_read += entry.bytes_read
            total.rooms.update(entry.rooms)
            total.unsure_rooms.update(entry.unsure_rooms)
            total.examples.extend(entry.examples[: most_examples - len(total.examples)])
        return total

    def _read_notes(self) -> None:
        """Also looks whether a finished shard's file is still as it was written: else it is not finished."""
        for name in sorted(self.store.names(_FINISHED)):
            self._notes = max(self._notes, int(name.partition(".")[0]) + 1)
            for line in self.store.get(f"{_FINISHED}/{name}").splitlines():
                entry = json.loads(line)
                entry["examples"] = tuple(map(tuple, entry["examples"]))
                self.finished[entry["shard"]] = Finished(**entry)
        for shard, finished in list(self.finished.items()):
            folder, _, name = shard_path(shard).partition("/")
            if self.store.names(folder).get(name) != finished.bytes_written:
                del self.finished[shard]


def read_model(store: Store, folder: Path) -> None:
    """Copy the batch's model into a folder on this machine."""
    for name in store.names(_MODEL):
        (folder / name).write_bytes(store.get(f"{_MODEL}/{name}"))


def read_shard(store: Store, job: Job, shard: int) -> list[Listed]:
    """The photos of one shard."""
    start, stop = job.bounds(shard)
    found: list[Listed] = []
    while start < stop:
        file, first = divmod(start, _FILE_ROWS)
        last = min(stop - file * _FILE_ROWS, _FILE_ROWS)
        group = first // _GROUP_ROWS
        with store.open(f"{_LIST}/{file:05}.parquet") as stream:
            groups = list(range(group, (last - 1) // _GROUP_ROWS + 1))
            table = pyarrow.parquet.ParquetFile(stream).read_row_groups(groups)
        rows = table.slice(first - group * _GROUP_ROWS, last - first)
        found.extend(Listed(row["uri"], row["kind"] or "", row["problem"] or "") for row in rows.to_pylist())
        start = file * _FILE_ROWS + last
    return found


def _write_list(store: Store, photos: Iterable[Listed]) -> int:
    rest: Iterator[Listed] = iter(photos)
    count = 0
    while rows := list(islice(rest, _FILE_ROWS)):
        columns = {
            "uri": [row.uri for row in rows],
            "kind": [row.kind or None for row in rows],
            "problem": [row.problem or None for row in rows],
        }
        target = io.BytesIO()
        table = pyarrow.table(columns, schema=_LIST_SCHEMA)
        pyarrow.parquet.write_table(table, target, row_group_size=_GROUP_ROWS, compression="zstd")
        store.put(f"{_LIST}/{count // _FILE_ROWS:05}.parquet", target.getvalue())
        count += len(rows)
    return count


def _read_job(store: Store) -> Job:
    try:
        record: dict[str, Any] = json.loads(store.get(_JOB))
        if record["version"] > RECORD_VERSION:
            raise BatchError(f"The batch in {store.uri} was begun by a later version of RoomNet. Use that to go on.")
        record["rooms"] = tuple(record["rooms"])
        return Job(**record)
    except (ValueError, KeyError, TypeError) as error:
        raise BatchError(f"{store.uri}/{_JOB} is damaged ({error}). Choose a new output.") from error
