"""A batch as a stream of Ray Data: shards -> decode -> network -> write, on this machine's cores or on a cluster."""

from __future__ import annotations

import json
import logging
import os
import secrets
import shutil
import signal
import sys
import tempfile
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# Before Ray is imported, for it looks only then: it must tell nobody of its use, and draw nothing on the terminal.
os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
os.environ["RAY_DATA_DISABLE_PROGRESS_BARS"] = "1"
os.environ.setdefault("RAY_DATA_LOG_LEVEL", "ERROR")

import ray
import ray.data
from ray.util.annotations import RayDeprecationWarning

from roomnet_core.batch.job import Finished, Job, JobFolder, Summary
from roomnet_core.batch.listing import list_photos
from roomnet_core.batch.storage import Store, as_uri
from roomnet_core.batch.work import ShardClassifier, Work, decode_apart
from roomnet_core.errors import BatchError, RoomNetError
from roomnet_core.inference.cores import available_cores
from roomnet_core.network.card import ModelCard

AUTO, LOCAL = "auto", "local"

# A worker that dies takes its shard with it, which is begun again so often at most, and then left for --resume.
_TRIES_AFTER_DEATHS = 3
# Where storage refuses so many shards, and more than it gives, the batch ends.
_FEWEST_AWAY = 3
# Nothing large goes through it: the photos stay where they are decoded. With GPUs Ray chooses.
_LOCAL_STORE_BYTES = 128 << 20
_POLL_SECONDS = 0.5

Model = Mapping[str, bytes]
"""A model's files by name."""
Progress = Callable[[int, int], None]
"""Called with the photos that are done and all photos."""


@dataclass(frozen=True, slots=True)
class Request:
    """One batch: `model_sha256` as in `Job`; `shards` 0 leaves their number to us."""

    input: str
    output: str
    card: ModelCard
    model_sha256: str
    column: str | None = None
    engine: str = "auto"
    min_confidence: float | None = None
    shards: int = 0
    retries: int = 4
    resume: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to. `photos_now` were classified in `seconds` by this run, the others of `total` by earlier ones.

    `unfinished` counts the shards that are left for another run, and `reason` says why the last of them was.
    """

    total: Summary
    photos_now: int
    seconds: float
    unfinished: int
    reason: str


@contextmanager
def connected(address: str) -> Iterator[None]:
    """A connection to Ray: to the cluster at `address`, or to one on this machine alone that ends with the block.

    Raises:
        BatchError: there is no cluster at `address`.
    """
    logging.getLogger("ray").setLevel(logging.ERROR)
    before = signal.getsignal(signal.SIGTERM) if threading.current_thread() is threading.main_thread() else None
    folder: str | None = None
    try:
        with _explained(f"Ray cannot be reached at {address}" if address != LOCAL else "Ray cannot be started here"):
            if address == AUTO:
                address = _running_cluster() or LOCAL
            if address == LOCAL:
                folder = _start_here()
            else:
                ray.init(address=address, log_to_driver=False, logging_level=logging.ERROR, configure_logging=False)
        if before is not None:
            signal.signal(signal.SIGTERM, before)  # Ray puts its own in place, which forgets our exit status
        yield
    finally:
        ray.shutdown()
        if before is not None:
            signal.signal(signal.SIGTERM, before)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def native_remarks_dropped() -> Iterator[None]:
    """What libraries write to the terminal past Python is dropped: Ray's remarks would tear up the progress bar."""
    stderr = sys.stderr
    stderr.flush()
    terminal = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    with os.fdopen(os.dup(terminal), "w", encoding="utf-8", errors="backslashreplace", buffering=1) as ours:
        sys.stderr = ours
        try:
            yield
        finally:
            sys.stderr = stderr
            os.dup2(terminal, 2)
            os.close(terminal)


def _start_here() -> str:
    """Start Ray on this machine, with its sockets and logs in a folder of its own, which is returned."""
    # Not the user's own temporary folder: a socket's path has 104 bytes at most on a Mac.
    parent = "/tmp" if os.name == "posix" else None
    # Nobody else on this machine may give it work. Left to itself, Ray keeps a token in the person's home folder.
    os.environ.setdefault("RAY_AUTH_TOKEN", secrets.token_hex(32))
    folder = tempfile.mkdtemp(prefix="roomnet-", dir=parent)
    try:
        ray.init(
            address=LOCAL,
            num_cpus=available_cores(),
            object_store_memory=None if _gpus_here() else _LOCAL_STORE_BYTES,
            include_dashboard=False,
            log_to_driver=False,
            logging_level=logging.ERROR,
            configure_logging=False,
            _temp_dir=folder,
        )
    except BaseException:
        ray.shutdown()
        shutil.rmtree(folder, ignore_errors=True)
        raise
    return folder


def _gpus_here() -> bool:
    from roomnet_core.inference.engine import nvidia_gpu_present

    return nvidia_gpu_present()


def _running_cluster() -> str | None:
    """The cluster that the environment names or that was started on this machine (`ray start`), if there is one."""
    from ray._private.services import canonicalize_bootstrap_address

    if os.environ.get("RAY_ADDRESS"):
        return os.environ["RAY_ADDRESS"]
    with suppress(Exception):  # there is none, or what is left of one
        found = canonicalize_bootstrap_address(AUTO)
        return str(found) if found else None
    return None


def run_batch(request: Request, model: Model, progress: Progress) -> Outcome:
    """Do all that is unfinished of the batch. Ray must be connected.

    What is finished is noted in the output also when this is interrupted.

    Raises:
        UsageError: input or output make no sense.
        BatchError: the batch cannot go on; what is finished is kept.
    """
    if ray.util.client.ray.is_connected():
        return _run_there(request, model, progress)
    return _run(request, model, progress)


def _run(request: Request, model: Model, progress: Progress) -> Outcome:
    store = Store(as_uri(request.output), request.retries)
    source = request.input if "://" in request.input else str(Path(request.input).expanduser().absolute())
    card = request.card
    asked = Job(source, request.column, card.name, request.model_sha256, card.rooms.names, shards=request.shards)
    folder = JobFolder.prepare(store, asked, list_photos(source, request.column), model, resume=request.resume)
    started, before, reason = time.monotonic(), folder.summary().photos, ""
    done, total = before, folder.job.photos
    try:
        progress(done, total)
        away = 0
        for report in _stream(request, folder):
            if "error" in report:
                raise BatchError(report["error"])
            if "away" in report:
                away, reason = away + 1, report["away"]
                if away >= _FEWEST_AWAY and away > len(folder.finished):
                    raise BatchError(
                        f"Storage refuses most photos: {reason} What is finished is kept; once storage is there again, "
                        "run the same command with --resume."
                    )
                continue
            entry = report["finished"]
            entry["examples"] = tuple(map(tuple, entry["examples"]))
            folder.add(Finished(**entry))
            done += entry["photos"]
            progress(done, total)
    finally:
        folder.note()
    seconds = time.monotonic() - started
    return Outcome(folder.summary(), done - before, seconds, len(folder.unfinished), reason)


def _stream(request: Request, folder: JobFolder) -> Iterator[dict[str, Any]]:
    """The report of each shard as it is done."""
    shards = folder.unfinished
    if not shards:
        return
    resources = ray.cluster_resources()
    gpus, cores = int(resources.get("GPU", 0)), max(1, int(resources.get("CPU", 1)))
    work = Work(
        folder.store.uri, folder.job, request.card, request.engine, request.min_confidence, request.retries, gpus > 0
    )
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.max_errored_blocks = -1  # a shard that kills its workers is left out, and the others are done
    context.target_max_block_size = None  # a shard stays in one piece
    stream = ray.data.from_items([{"shard": shard} for shard in shards], override_num_blocks=len(shards))
    pool = ray.data.ActorPoolStrategy(
        min_size=1,
        max_size=min(gpus or cores, len(shards)),
        initial_size=min(gpus or cores, len(shards)),
        max_tasks_in_flight_per_actor=2 if gpus else 1,  # a shard that waits for one core could be done by another
    )
    with warnings.catch_warnings():
        # `max_task_retries` and `max_retries` have no other place yet; the extra keeps below the release that has.
        warnings.simplefilter("ignore", RayDeprecationWarning)
        if gpus:
            stream = stream.map_batches(
                decode_apart, batch_size=1, fn_args=(work,), num_cpus=1, max_retries=_TRIES_AFTER_DEATHS
            )
        stream = stream.map_batches(
            ShardClassifier,
            batch_size=1,
            fn_constructor_args=(work,),
            compute=pool,
            num_cpus=0 if gpus else 1,
            num_gpus=1 if gpus else 0,
            max_task_retries=_TRIES_AFTER_DEATHS,
        )
    with _explained("Ray gave the batch up"):
        # Not `iter_batches`, which holds results back to make batches of them, and may leave a thread behind.
        for bundle in stream.iter_internal_ref_bundles():
            for entry in bundle.blocks:
                for report in ray.get(entry.ref).column("report").to_pylist():
                    yield json.loads(report)


@contextmanager
def _explained(what: str) -> Iterator[None]:
    try:
        yield
    except RoomNetError:
        raise
    except Exception as error:  # Ray's own, and whatever a broken cluster makes of them
        words = (str(error).strip() or type(error).__name__).splitlines()
        raise BatchError(f"{what}: {words[0]} ({words[-1]})" if len(words) > 1 else f"{what}: {words[0]}") from error


# --- over the network (ray://)


class _Conductor:
    """Runs a batch inside the cluster for a client that is not in it: Ray Data does not work over Ray's client."""

    def __init__(self) -> None:
        self._progress = (0, 0)

    def run(self, request: Request, model: Model) -> Outcome | RoomNetError:
        try:
            return _run(request, model, self._note)
        except RoomNetError as error:
            return error

    def progress(self) -> tuple[int, int]:
        return self._progress

    def _note(self, done: int, total: int) -> None:
        self._progress = (done, total)


def _run_there(request: Request, model: Model, progress: Progress) -> Outcome:
    conductor = ray.remote(_Conductor).options(num_cpus=0, max_concurrency=2).remote()
    try:
        with _explained("The connection to the cluster broke"):
            running = conductor.run.remote(request, model)
            while not ray.wait([running], timeout=_POLL_SECONDS)[0]:
                done, total = ray.get(conductor.progress.remote())
                if total:
                    progress(done, total)
            outcome = ray.get(running)
    finally:
        with suppress(Exception):
            ray.kill(conductor)
    if isinstance(outcome, RoomNetError):
        raise outcome
    assert isinstance(outcome, Outcome)
    return outcome
