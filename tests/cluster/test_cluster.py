"""Batches on a real cluster: a head and two workers with object stores of their own, and a server that speaks S3."""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import psutil
import pytest

fsspec_asyn = pytest.importorskip("fsspec.asyn", reason="needs the extra cluster")
pytest.importorskip("ray", reason="needs the extra cluster")

import pyarrow.dataset  # noqa: E402
import pyarrow.fs  # noqa: E402

from roomnet_core import classify_folder  # noqa: E402
from roomnet_core.batch.listing import list_photos  # noqa: E402
from roomnet_core.batch.storage import fetch  # noqa: E402
from roomnet_core.cli import main  # noqa: E402
from roomnet_core.errors import UsageError  # noqa: E402
from tests.pictures import make_picture, write_photo_folder  # noqa: E402

pytestmark = [
    pytest.mark.skipif(os.name != "posix", reason="kills processes as POSIX does"),
    # Ray leaves the closing of its logs to the garbage collector.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"),
]

REPOSITORY = Path(__file__).resolve().parents[2]
MODEL = "roomnet-compact"


@dataclass
class Cluster:
    address: str
    client_address: str
    add_node: Any


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The address of an S3 server on this machine, with the buckets `photos` and `results`."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with pytest.MonkeyPatch.context() as environment:
        address = f"http://127.0.0.1:{port}"
        for name, value in {
            "AWS_ENDPOINT_URL": address,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_EC2_METADATA_DISABLED": "true",
        }.items():
            environment.setenv(name, value)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            yield address
        finally:
            process.terminate()
            process.wait(10)


@pytest.fixture(scope="module")
def cluster(s3: str) -> Iterator[Cluster]:
    from ray.cluster_utils import Cluster as RayCluster

    fsspec_asyn.get_loop()  # its thread stays with the process
    folder = tempfile.mkdtemp(prefix="rn-", dir="/tmp")  # short: sockets lie in it
    (Path(folder) / "ray").mkdir()
    client_port = free_port()
    environment = pytest.MonkeyPatch()
    environment.setenv("RAY_TMPDIR", folder)  # where Ray notes which cluster runs here
    ray_cluster = RayCluster(
        initialize_head=True,
        head_node_args={
            "num_cpus": 0,
            "include_dashboard": False,
            "temp_dir": folder,
            "ray_client_server_port": client_port,
        },
    )
    try:
        for _ in range(2):
            ray_cluster.add_node(num_cpus=1, object_store_memory=80 << 20)
        yield Cluster(ray_cluster.address, f"ray://127.0.0.1:{client_port}", ray_cluster.add_node)
    finally:
        started = psutil.Process().children(recursive=True)
        ray_cluster.shutdown()
        environment.undo()
        _, left = psutil.wait_procs([p for p in started if "ray" in " ".join(command_of(p))], timeout=10)
        for process in left:
            process.kill()
        shutil.rmtree(folder, ignore_errors=True)
        del ray_cluster
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            gc.collect()  # here, not in another test
    assert not left, f"still there after the cluster's end: {left}"


@pytest.fixture
def web(cluster: Cluster, photo_folder: Path) -> Iterator[str]:
    """The address of a web server that shows the photo folder with index pages. The cluster made fsspec's thread."""

    class Handler(SimpleHTTPRequestHandler):
        def __init__(self, *args: Any) -> None:
            super().__init__(*args, directory=str(photo_folder))

        def log_message(self, *_: object) -> None:
            pass

    (photo_folder / "top floor").mkdir()
    (photo_folder / "top floor" / "100 % höher.jpg").write_bytes((photo_folder / "IMG_1.jpg").read_bytes())
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_web_server_is_looked_through_by_its_index_pages(web: str, photo_folder: Path) -> None:
    found = [item.uri for item in list_photos(f"{web}/")]
    expected = {path.relative_to(photo_folder).as_posix() for path in photo_folder.rglob("*.jpg")}
    assert {unquote(uri.removeprefix(f"{web}/")) for uri in found} >= expected and len(found) == len(set(found))
    for uri in found:
        _, content = fetch(uri, 0)
        assert content == (photo_folder / unquote(uri.removeprefix(f"{web}/"))).read_bytes()
    assert [item.uri for item in list_photos(f"{web}/IMG_1.jpg")] == [f"{web}/IMG_1.jpg"]
    with pytest.raises(UsageError, match="nowhere"):
        list(list_photos(f"{web}/nowhere/"))


def test_a_batch_between_buckets_says_what_classify_says(
    cluster: Cluster, s3: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = write_photo_folder(tmp_path / "photos")
    make_picture(7).save(folder / "upstairs" / "plan no. 1.png")
    make_picture(8, (900, 700)).save(folder / "progressive.jpg", progressive=True)
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no photo at all")
    (folder / "empty.png").touch()
    (folder / "notes.txt").write_text("no photo")
    upload(s3, folder, "photos/listing")

    command = ["batch", "s3://photos/listing", "s3://results/rooms", "--address", cluster.address, "--model", MODEL]
    status = main([*command, "--shards", "3"])
    said = capfd.readouterr()
    assert status == 1, said.err
    assert "10 photos in" in said.out and "2 problems in all 10" in said.out
    assert "2 files could not be read" in said.err and "broken.jpg is damaged" in said.err
    assert len(said.err.splitlines()) == 4, said.err  # nothing of Ray's

    rows = read("s3://results/rooms")
    assert {row["shard"] for row in rows} == {0, 1, 2}
    by_name = {row["uri"].removeprefix("s3://photos/listing/"): row for row in rows}
    expected = {photo.path.relative_to(folder).as_posix(): photo for photo in classify_folder(folder, model=MODEL)}
    assert by_name.keys() == expected.keys() and len(rows) == len(expected)
    for name, photo in expected.items():
        row = by_name[name]
        if photo.problem:
            assert row["problem"] == photo.problem and row["room"] is None and row["problem_kind"]
            continue
        assert row["room"] == photo.room and row["unsure"] == photo.unsure and row["problem"] is None
        assert row["confidence"] == pytest.approx(photo.confidence, abs=1e-6)
        for room, probability in photo.probabilities.items():
            assert row[f"p_{room}"] == pytest.approx(probability, abs=1e-6)
    assert (by_name["progressive.jpg"]["width"], by_name["progressive.jpg"]["height"]) == (900, 700)
    assert (by_name["upstairs/IMG_9.jpg"]["width"], by_name["upstairs/IMG_9.jpg"]["height"]) == (240, 320)


def test_a_worker_that_is_killed_and_storage_that_falters_cost_only_time(cluster: Cluster, tmp_path: Path) -> None:
    folder = write_photo_folder(tmp_path / "photos")
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.jpg"))
    flaky, gated = names[0], names[3]
    with Photos(folder, flaky={flaky: 2}, gated=gated).serve() as (server, address):
        uris = [f"{address}/{name}" for name in [*names, "gone.jpg"]]
        (tmp_path / "photos.csv").write_text("id,url\n" + "".join(f"{n},{uri}\n" for n, uri in enumerate(uris)))

        def kill() -> None:
            client = server.wait_for_gated()
            os.kill(process_at(client).pid, signal.SIGKILL)
            server.gate.set()

        killer = threading.Thread(target=kill)
        killer.start()
        command = ["batch", str(tmp_path / "photos.csv"), str(tmp_path / "rooms"), "--address", cluster.address]
        status = main([*command, "--model", MODEL, "--shards", "2", "--retries", "2"])
        killer.join()
    assert status == 1  # the one that is gone
    assert server.asked[flaky] >= 3 and server.asked[gated] >= 2
    rows = read(tmp_path / "rooms")
    assert sorted(row["uri"] for row in rows) == sorted(uris)
    assert {row["uri"]: row["problem_kind"] for row in rows if row["problem"]} == {f"{address}/gone.jpg": "missing"}
    assert not list((tmp_path / "rooms").rglob("*.part"))


def test_a_shard_that_kills_its_workers_is_left_out_and_told(
    cluster: Cluster, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = write_photo_folder(tmp_path / "photos")
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.jpg"))
    output = tmp_path / "rooms"
    with Photos(folder, gated=names[-1]).serve() as (server, address):
        (tmp_path / "photos.txt").write_text("".join(f"{address}/{name}\n" for name in names))
        command = ["batch", str(tmp_path / "photos.txt"), str(output), "--address", cluster.address, "--model", MODEL]
        command += ["--shards", "2"]

        def kill() -> None:
            while not over.is_set():
                with suppress(AssertionError):
                    os.kill(process_at(server.wait_for_gated(0.2)).pid, signal.SIGKILL)

        over = threading.Event()
        killer = threading.Thread(target=kill)
        killer.start()
        try:
            status = main(command)
        finally:
            over.set()
            killer.join()
        assert 4 <= server.asked[names[-1]] <= 8  # the first try and three more, not for ever
        said = capfd.readouterr().err
        assert status == 1 and "1 shard could not be finished" in said and "--resume" in said, said
        done = {row["uri"] for row in read(output)}
        assert 0 < len(done) < len(names) and f"{address}/{names[-1]}" not in done
        server.gate.set()
        assert main([*command, "--resume"]) == 0
    assert sorted(row["uri"] for row in read(output)) == [f"{address}/{name}" for name in names]


def test_a_shard_that_storage_refuses_is_left_for_another_time(
    cluster: Cluster, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = write_photo_folder(tmp_path / "photos")
    names = [f"{number}.jpg" for number in range(12)]
    for name in names:
        shutil.copyfile(folder / "IMG_1.jpg", folder / name)
    output = tmp_path / "rooms"
    with Photos(folder, flaky=dict.fromkeys(names, 99)).serve() as (server, address):
        (tmp_path / "photos.txt").write_text("".join(f"{address}/{name}\n" for name in names))
        command = ["batch", str(tmp_path / "photos.txt"), str(output), "--address", cluster.address, "--model", MODEL]
        command += ["--shards", "1", "--retries", "0"]
        status = main(command)
        said = capfd.readouterr().err
        assert status == 1 and "503" in said and "--resume" in said, said
        server.flaky.clear()
        assert main([*command, "--resume"]) == 0
    assert sorted(row["uri"] for row in read(output)) == sorted(f"{address}/{name}" for name in names)
    assert not any(row["problem"] for row in read(output))


def test_a_batch_that_is_killed_or_interrupted_goes_on(
    cluster: Cluster, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    folder = write_photo_folder(tmp_path / "photos")
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.jpg"))
    output = tmp_path / "rooms"
    with Photos(folder, gated=names[-1]).serve() as (server, address):
        (tmp_path / "photos.txt").write_text("".join(f"{address}/{name}\n" for name in names))
        command = ["batch", str(tmp_path / "photos.txt"), str(output), "--address", cluster.address, "--model", MODEL]
        command += ["--shards", str(len(names))]
        for ending, status in ((signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)):
            running = subprocess.Popen(
                [sys.executable, "-m", "roomnet_core", *command, "--resume"], cwd=REPOSITORY, stderr=subprocess.PIPE
            )
            server.wait_for_gated()
            deadline = time.monotonic() + 20
            while not list(output.glob("_roomnet/finished/*.json")) and time.monotonic() < deadline:
                time.sleep(0.05)
            running.send_signal(ending)
            _, said = running.communicate(timeout=20)
            assert running.returncode == status, said.decode()
        notes = [line for note in output.glob("_roomnet/finished/*.json") for line in note.read_text().splitlines()]
        noted = [output / f"shard={json.loads(line)['shard']:05}" / "photos.parquet" for line in notes]
        finished = {path: path.stat().st_mtime_ns for path in noted}
        assert len(finished) == len(notes) >= 1  # none twice
        server.gate.set()
        assert main(command) == 2
        assert "add --resume" in capfd.readouterr().err
        assert main([*command, "--resume"]) == 0
    assert {path: path.stat().st_mtime_ns for path in finished} == finished  # not done again
    assert sorted(row["uri"] for row in read(output)) == [f"{address}/{name}" for name in names]


def test_with_a_gpu_decoding_and_network_are_apart_and_a_client_may_be_outside(
    cluster: Cluster, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """The GPU is one by name only, so that its actor runs on the processor; the way of the pixels is the same."""
    cluster.add_node(num_cpus=0, num_gpus=1, object_store_memory=80 << 20)
    folder = write_photo_folder(tmp_path / "photos")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff\xe0 no photo at all")
    command = ["batch", str(folder), str(tmp_path / "rooms"), "--address", cluster.client_address, "--model", MODEL]
    for _ in range(4):  # Ray waits for its client's server only so long, and gives up on a busy computer
        status = main([*command, "--shards", "2"])
        said = capfd.readouterr()
        if "cannot be reached" not in said.err:
            break
    assert status == 1, said.err
    rows = {row["uri"]: row for row in read(tmp_path / "rooms")}
    for photo in classify_folder(folder, model=MODEL):
        row = rows.pop(photo.path.as_uri())
        assert (row["problem"] or "") == photo.problem
        for room, probability in photo.probabilities.items():
            assert row[f"p_{room}"] == pytest.approx(probability, abs=1e-6)
    assert not rows


# --- what the tests stand on


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def command_of(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def process_at(port: int) -> psutil.Process:
    """The process whose end of a connection has this port."""
    for process in psutil.Process().children(recursive=True):
        try:
            if any(link.laddr.port == port for link in process.net_connections()):
                return process
        except psutil.Error:
            continue
    raise AssertionError(f"no process of ours is at port {port}")


def upload(address: str, folder: Path, target: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            break
        except OSError:
            assert time.monotonic() < deadline, "the S3 server does not answer"
            time.sleep(0.1)
    system, _ = pyarrow.fs.FileSystem.from_uri("s3://photos?allow_bucket_creation=true")
    for bucket in ("photos", "results"):
        system.create_dir(bucket)
    for path in folder.rglob("*"):
        if path.is_file():
            with system.open_output_stream(f"{target}/{path.relative_to(folder).as_posix()}") as stream:
                stream.write(path.read_bytes())


def read(place: Path | str) -> list[dict[str, Any]]:
    """The rows of a batch's output, as anybody would read them."""
    if isinstance(place, Path):
        data = pyarrow.dataset.dataset(place, partitioning="hive")
    else:
        system, path = pyarrow.fs.FileSystem.from_uri(place)
        data = pyarrow.dataset.dataset(path, filesystem=system, partitioning="hive")
    return list(data.to_table().to_pylist())


@dataclass
class Photos:
    """A server of the photos in a folder. A `flaky` one is refused a few times; the `gated` one waits."""

    folder: Path
    flaky: dict[str, int] = field(default_factory=dict)
    gated: str = ""
    gate: threading.Event = field(default_factory=threading.Event)
    asked: dict[str, int] = field(default_factory=dict)
    _arrived: list[int] = field(default_factory=list)
    _arrival: threading.Event = field(default_factory=threading.Event)

    def wait_for_gated(self, seconds: float = 30) -> int:
        """Until somebody asks for the gated photo anew; the port that the request came from."""
        assert self._arrival.wait(seconds), "nobody asked"
        self._arrival.clear()
        return self._arrived[-1]

    @contextmanager
    def serve(self) -> Iterator[tuple[Photos, str]]:
        photos = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                name = self.path.lstrip("/")
                photos.asked[name] = photos.asked.get(name, 0) + 1
                if photos.asked[name] <= photos.flaky.get(name, 0):
                    self.send_error(503)
                    return
                if name == photos.gated:
                    photos._arrived.append(self.client_address[1])
                    photos._arrival.set()
                    photos.gate.wait(60)
                path = photos.folder / name
                if not path.is_file():
                    self.send_error(404)
                    return
                content = path.read_bytes()
                self.send_response(200)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                with suppress(OSError):  # who asked was killed
                    self.wfile.write(content)

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.05,))
        thread.start()
        try:
            yield self, f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            self.gate.set()
            server.shutdown()
            thread.join()
            server.server_close()
