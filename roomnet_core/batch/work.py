"""What a worker does with a shard: read ahead and decode its photos, run the network, write the results."""

from __future__ import annotations

import json
import tempfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from roomnet_core.batch.job import Finished, Job, read_model, read_shard, shard_path
from roomnet_core.batch.listing import Listed
from roomnet_core.batch.results import Result, to_parquet
from roomnet_core.batch.storage import Store, fetch, is_local, photo_of
from roomnet_core.errors import BatchError, PhotoError, RoomNetError
from roomnet_core.inference.confidence import predictions
from roomnet_core.inference.engine import Engine, open_engine
from roomnet_core.inference.model_file import ModelFile
from roomnet_core.inference.stages import PreparedPhoto, infer_batch, prepare_photo
from roomnet_core.network.card import CARD_NAME, ModelCard, read_card
from roomnet_core.photos.photo_file import Problem
from roomnet_core.photos.problems import as_problem

# Reads that are under way while a core decodes: a request to an object store takes as long as a decode or two, a drive
# is only to be asked ahead.
_READS_AHEAD, _LOCAL_READS_AHEAD = 8, 2
# So many photos that storage would not give, and more than half of those asked for, are no matter of single photos.
_FEWEST_REFUSALS = 8
_EXAMPLES = 20


@dataclass(frozen=True, slots=True)
class Work:
    """What every worker of a batch must know. `gpu`: decoding and the network are apart."""

    output: str
    job: Job
    card: ModelCard
    engine: str
    min_confidence: float | None
    retries: int
    gpu: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Decoded:
    """A photo of the list, ready for the network or with the reason why not; `size` is what was read, in bytes."""

    listed: Listed
    outcome: PreparedPhoto | Problem
    size: int


class StorageAway(BatchError):
    """Storage refuses most photos of a shard: no fault of theirs, so that the shard is to be done another time."""


def pack_model(model: ModelFile) -> dict[str, bytes]:
    """The model's files, verified."""
    names = [name for name in model.card.files if model.has(name)]
    return {CARD_NAME: (model.folder / CARD_NAME).read_bytes(), **{name: model.read(name) for name in names}}


def decode_shard(work: Work, shard: int) -> Iterator[Decoded]:
    """The photos of a shard, decoded one by one while the next ones are read.

    Raises:
        StorageAway: storage gives none of them, or few.
        BatchError: the output, where the list is, cannot be read.
    """
    listed = read_shard(Store(work.output, work.retries), work.job, shard)
    asked = refused = 0
    for item, reading in _reading(listed, work.retries):
        photo = photo_of(item.uri)
        if reading is None:
            yield Decoded(item, Problem(photo.path, photo.root, item.kind, item.problem), 0)
            continue
        asked += 1
        try:
            file, content = reading.result()
        except PhotoError as error:
            refused += error.kind in ("unreadable", "permission")
            if refused >= _FEWEST_REFUSALS and 2 * refused > asked:
                raise StorageAway(str(error)) from error
            yield Decoded(item, as_problem(photo.path, photo.root, error), 0)
        else:
            yield Decoded(item, prepare_photo(file, content, work.card), file.size)


def _reading(listed: Iterable[Listed], retries: int) -> Iterator[tuple[Listed, Future[Any] | None]]:
    """Each of `listed` with its content on the way, in order; None where there is nothing to read."""
    waiting: deque[tuple[Listed, Future[Any] | None]] = deque()
    with ThreadPoolExecutor(_READS_AHEAD, thread_name_prefix="read") as pool:
        for item in listed:
            waiting.append((item, None if item.kind else pool.submit(fetch, item.uri, retries)))
            if len(waiting) > (_LOCAL_READS_AHEAD if is_local(item.uri) else _READS_AHEAD):
                yield waiting.popleft()
        while waiting:
            yield waiting.popleft()


class ShardClassifier:
    """An actor of Ray Data: keeps an engine, and does a shard at each call. Its answer is a report in JSON.

    A report is `{"finished": ...}` as `Finished`, `{"away": why}` where storage refuses, or `{"error": why}` for what
    no other shard would fare better with.
    """

    def __init__(self, work: Work) -> None:
        self._work = work
        self._engine: Engine | None = None
        self._store = Store(work.output, work.retries)

    def __call__(self, batch: dict[str, Any]) -> dict[str, Any]:
        shard = int(batch["shard"][0])
        try:
            if "problem" in batch and batch["problem"][0]:
                return _reply({"shard": shard, **json.loads(batch["problem"][0])})
            photos = batch["photos"][0] if "photos" in batch else decode_shard(self._work, shard)
            return _reply({"shard": shard, "finished": asdict(self._classify(shard, photos))})
        except StorageAway as error:
            return _reply({"shard": shard, "away": str(error)})
        except RoomNetError as error:
            return _reply({"shard": shard, "error": str(error)})

    def _classify(self, shard: int, photos: Iterable[Decoded]) -> Finished:
        job = self._work.job
        results: list[Result] = []
        batch: list[tuple[int, PreparedPhoto]] = []
        engine = self._opened()
        size = 0
        for decoded in photos:
            size += decoded.size
            outcome = decoded.outcome
            if isinstance(outcome, Problem):
                results.append(Result(decoded.listed.uri, kind=outcome.kind, problem=outcome.message))
                continue
            batch.append((len(results), outcome))
            results.append(Result(decoded.listed.uri, info=outcome.info))
            if sum(len(photo.views) for _, photo in batch) >= engine.batch_size:
                self._infer(engine, batch, results)
                batch = []
        if batch:
            self._infer(engine, batch, results)
        content = to_parquet(results, job.rooms, job.model, job.model_sha256)
        self._store.put(shard_path(shard), content)
        return _account(shard, results, job, size, len(content))

    def _infer(self, engine: Engine, batch: list[tuple[int, PreparedPhoto]], results: list[Result]) -> None:
        card = self._work.card
        for (place, _), (photo, logits) in zip(
            batch, infer_batch(engine, [photo for _, photo in batch], card), strict=True
        ):
            (said,) = predictions(logits[None], card.calibration, threshold=self._work.min_confidence)
            results[place] = Result(results[place].uri, said, photo.info)

    def _opened(self) -> Engine:
        if self._engine is None:
            with tempfile.TemporaryDirectory(prefix="roomnet-model-") as folder:
                read_model(self._store, Path(folder))
                model = ModelFile(Path(folder), read_card(Path(folder)))
                # One core an actor; with a GPU the engine takes what it needs.
                self._engine = open_engine(model, self._work.engine, threads=None if self._work.gpu else 1)
        return self._engine


def decode_apart(batch: dict[str, Any], work: Work) -> dict[str, Any]:
    """A task of Ray Data, where the network has machines of its own: a shard's photos, decoded, in one row."""
    shard = int(batch["shard"][0])
    photos = np.empty(1, dtype=object)
    problem = ""
    try:
        photos[0] = list(decode_shard(work, shard))
    except StorageAway as error:
        problem = json.dumps({"away": str(error)})
    except RoomNetError as error:
        problem = json.dumps({"error": str(error)})
    return {"shard": np.array([shard]), "photos": photos, "problem": np.array([problem])}


def _account(shard: int, results: list[Result], job: Job, read: int, written: int) -> Finished:
    said = [(job.rooms[word.room_id], word.unsure) for result in results if (word := result.prediction) is not None]
    problems = [(result.uri, result.problem) for result in results if result.kind]
    return Finished(
        shard,
        len(results),
        len(problems),
        dict(Counter(room for room, _ in said)),
        dict(Counter(room for room, unsure in said if unsure)),
        read,
        written,
        tuple(problems[:_EXAMPLES]),
    )


def _reply(report: dict[str, Any]) -> dict[str, Any]:
    return {"report": np.array([json.dumps(report)])}
