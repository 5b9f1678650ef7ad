"""The stages overlap, hold little, wait for nothing they need not wait for, and stop when they are told to."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from roomnet_core.errors import ModelError
from roomnet_core.inference import stages
from roomnet_core.inference.channel import ByteBudget, Channel
from roomnet_core.inference.classify import Classified, classify
from roomnet_core.inference.engine import Engine
from roomnet_core.photos import decode
from roomnet_core.photos.identity import content_key
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.photos.scan import scan
from tests.core.inference.test_classify import BrightnessEngine, make_model, make_photos
from tests.patience import PATIENCE_SECONDS, all_end, quickest


def stopping() -> bool:
    return False


def test_photos_are_decoded_while_the_engine_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_photos(tmp_path, 6)
    decoded = threading.Semaphore(0)
    original = stages.decode_photo

    def counted(*args: Any, **options: Any) -> Any:
        decoded.release()
        return original(*args, **options)

    monkeypatch.setattr(stages, "decode_photo", counted)
    engine: Future[Engine] = Future()
    results: list[Any] = []
    thread = threading.Thread(target=lambda: results.extend(classify(scan(tmp_path), make_model(), engine)))
    thread.start()
    for _ in range(6):
        assert decoded.acquire(timeout=PATIENCE_SECONDS)
    assert not results
    engine.set_result(BrightnessEngine())
    assert all_end([thread]) and len(results) == 6


def test_an_engine_that_cannot_be_opened_is_the_callers_error(tmp_path: Path) -> None:
    make_photos(tmp_path, 3)
    before = set(threading.enumerate())
    engine: Future[Engine] = Future()
    engine.set_exception(ModelError("the graph was changed"))
    with pytest.raises(ModelError, match="was changed"):
        list(classify(scan(tmp_path), make_model(), engine))
    assert all_end(set(threading.enumerate()) - before)


def test_cancel_does_not_wait_for_an_engine_that_loads(tmp_path: Path) -> None:
    make_photos(tmp_path, 3)

    def cancelled() -> float:
        cancel = threading.Event()
        threading.Timer(0.1, cancel.set).start()
        started = time.monotonic()
        assert list(classify(scan(tmp_path), make_model(), Future(), cancelled=cancel.is_set)) == []
        return time.monotonic() - started

    assert quickest(cancelled, below=0.5) < 0.5


def test_a_read_that_hangs_does_not_hang_cancel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_photos(tmp_path, 4)

    def cancelled() -> float:
        release, cancel = threading.Event(), threading.Event()

        def hang(path: Path) -> bytes:
            release.wait(PATIENCE_SECONDS)
            return path.read_bytes()

        monkeypatch.setattr(stages, "read_photo", hang)
        threading.Timer(0.1, cancel.set).start()
        started = time.monotonic()
        assert list(classify(scan(tmp_path), make_model(), BrightnessEngine(), cancelled=cancel.is_set)) == []
        seconds = time.monotonic() - started
        release.set()
        return seconds

    assert quickest(cancelled, below=0.5) < 0.5


def test_a_large_photo_that_waits_for_its_turn_does_not_hang_cancel(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_photos(tmp_path, 4)
    monkeypatch.setattr(decode, "_LARGE_BYTES", 0)
    cancel = threading.Event()
    threading.Timer(0.1, cancel.set).start()
    with decode._one_large_photo:  # another run's panorama is being decoded
        stream = classify(scan(tmp_path), make_model(), BrightnessEngine(), cancelled=cancel.is_set)
        assert list(stream) == []


def test_no_result_waits_for_a_full_batch(tmp_path: Path) -> None:
    make_photos(tmp_path, 3)
    engine = BrightnessEngine()
    engine.batch_size = 1000
    more = threading.Event()

    def slow_scan() -> Iterator[PhotoFile | Problem]:
        yield from scan(tmp_path)
        more.wait(PATIENCE_SECONDS)

    stream = classify(slow_scan(), make_model(), engine)
    assert all(isinstance(next(iter(stream)), Classified) for _ in range(3))  # while the source still blocks
    more.set()
    assert list(stream) == []


def test_a_file_too_large_to_be_held_is_left_to_the_decoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_photos(tmp_path, 2)
    monkeypatch.setattr(stages, "_LARGEST_READ_AHEAD", 0)
    monkeypatch.setattr(stages, "read_photo", lambda path: pytest.fail("was read ahead"))
    results = list(classify(scan(tmp_path), make_model(), BrightnessEngine()))
    assert [type(item) for item in results] == [Classified, Classified]
    assert all(item.content == content_key(item.file.path) for item in results if isinstance(item, Classified))


def test_a_file_that_goes_away_is_a_problem_and_the_rest_goes_on(tmp_path: Path) -> None:
    make_photos(tmp_path, 5)
    found = list(scan(tmp_path))
    (tmp_path / "2.jpg").unlink()
    results = list(classify(found, make_model(), BrightnessEngine()))
    assert [(item.relative, item.kind) for item in results if isinstance(item, Problem)] == [("2.jpg", "missing")]
    assert sum(isinstance(item, Classified) for item in results) == 4


def test_storing_overlaps_with_inference(tmp_path: Path) -> None:
    """A caller as slow as the engine: one after the other would take the sum of both."""
    make_photos(tmp_path, 24)
    seconds, count = 0.02, 24

    def classified() -> float:
        started = time.monotonic()
        for _ in classify(scan(tmp_path), make_model(), BrightnessEngine(seconds)):
            time.sleep(seconds)
        return time.monotonic() - started

    limit = 2 * count * seconds * 0.85
    assert quickest(classified, below=limit) < limit


@pytest.mark.parametrize("size", [(3000, 2000), (64, 48)])
def test_reading_ahead_is_bounded_in_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    Image.new("RGB", size).save(tmp_path / "0.bmp")  # 18 MB, or 9 KB
    length = (tmp_path / "0.bmp").stat().st_size
    monkeypatch.setattr(stages, "_LARGEST_READ_AHEAD", 2 * length)
    monkeypatch.setattr(stages, "_READ_AHEAD_BYTES", 3 * length)
    held = most = 0
    lock = threading.Lock()
    original_read, original_decode = stages.read_photo, stages.decode_photo

    def read(path: Path) -> bytes:
        nonlocal held, most
        content = original_read(path)
        with lock:
            held += 1
            most = max(most, held)
        return content

    def decode(path: Path, **options: Any) -> Any:
        nonlocal held
        decoded = original_decode(path, **options)
        with lock:
            held -= 1
        return decoded

    monkeypatch.setattr(stages, "read_photo", read)
    monkeypatch.setattr(stages, "decode_photo", decode)
    files = [PhotoFile(tmp_path / "0.bmp", tmp_path, length, 0)] * 12
    assert len(list(classify(files, make_model(), BrightnessEngine(0.005), workers=2))) == 12
    assert most <= 3 + 2  # the budget, one that is read before it is counted, one that was just given back


# --- what joins them


def test_a_channel_hands_each_item_to_one_consumer_and_ends_for_all() -> None:
    channel: Channel[int] = Channel(4, producers=3, stopping=stopping)

    def produce(start: int) -> None:
        for number in range(start, 300, 3):
            channel.put(number)
        channel.end()

    def consume() -> list[int]:
        taken = []
        while (item := channel.get()) is not None:
            taken.append(item)
        return taken

    with ThreadPoolExecutor(6) as pool:
        consumers = [pool.submit(consume) for _ in range(3)]
        for start in range(3):
            pool.submit(produce, start)
        assert sorted(number for future in consumers for number in future.result(PATIENCE_SECONDS)) == list(range(300))


def test_a_full_channel_holds_its_producer_and_an_empty_one_gives_nothing() -> None:
    channel: Channel[int] = Channel(2, producers=1, stopping=stopping)
    assert channel.get_ready() is None
    channel.put(1)
    channel.put(2)
    blocked = threading.Thread(target=channel.put, args=(3,))
    blocked.start()
    blocked.join(0.1)
    assert blocked.is_alive()
    assert channel.get_ready() == 1
    assert all_end([blocked]) and (channel.get(), channel.get()) == (2, 3)


def test_whoever_waits_at_a_channel_or_a_budget_notices_a_stop() -> None:
    stop = threading.Event()
    empty: Channel[int] = Channel(1, 1, stop.is_set)
    full: Channel[int] = Channel(1, 1, stop.is_set)
    full.put(1)
    spent = ByteBudget(10, stop.is_set)
    spent.take(25)  # larger than the whole budget, and alone
    waiting = [
        threading.Thread(target=empty.get),
        threading.Thread(target=full.put, args=(2,)),
        threading.Thread(target=spent.take, args=(1,)),
    ]
    for thread in waiting:
        thread.start()
    time.sleep(0.1)
    assert all(thread.is_alive() for thread in waiting)
    stop.set()
    assert all_end(waiting)
