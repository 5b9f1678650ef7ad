"""What a finished network sees in photos: its features, computed once with LiteRT and remembered."""

from __future__ import annotations

import hashlib
import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from roomnet_core.errors import ModelError
from roomnet_core.inference.cores import available_cores
from roomnet_core.inference.model_file import LITE_NAME, ModelFile
from roomnet_core.inference.stages import Pipeline
from roomnet_core.network.head import Head, read_head, trunk, trunk_key
from roomnet_core.photos.identity import content_key
from roomnet_core.photos.photo_file import PhotoFile, Problem
from roomnet_core.resources import data_dir

Floats = np.ndarray[Any, np.dtype[np.float32]]

VIEWS = 2
"""The photo as it is and its mirror image, which shows the same room."""

# Raised when a photo and a pre-processing come to other pixels than before: what is remembered no longer holds.
_DECODING = 2
_CACHE_NAME = "features.sqlite"
# Far more photos than anybody labels; the file is made anew when it grows beyond.
_MOST_CACHE_BYTES = 2 << 30
_COMMIT_SECONDS = 1.0
_HASH_COLUMNS, _HASH_ROWS = 9, 8


def never() -> bool:
    """The cancel check of a caller that never cancels."""
    return False


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What is known of one photo: `features` (VIEWS, D) float32, its `content_key` and a 64-bit `perceptual_hash`."""

    path: Path
    features: Floats
    content: bytes
    look: int


class Backbone:
    """The network of a model up to its last layer. Close it after use.

    Raises:
        ModelError: the model has no LiteRT file that ends in a dense layer, or its hash is not the card's.
    """

    def __init__(self, model: ModelFile) -> None:
        content = model.read(LITE_NAME)
        self.model = model
        self.head: Head = read_head(content)
        self._content = trunk(content)
        parts = (trunk_key(content), sorted(asdict(model.card.preprocessing).items()), VIEWS, _DECODING)
        self.key = hashlib.sha256(repr(parts).encode()).digest()
        """Two backbones with one key see the same in every photo."""

    @property
    def width(self) -> int:
        return len(self.head.kernel)

    def look_at(
        self,
        paths: Sequence[Path],
        cache: FeatureCache,
        *,
        cancelled: Callable[[], bool] = never,
        workers: int | None = None,
    ) -> Iterator[Seen | Problem]:
        """The features of each photo, in any order; only those that the cache lacks are computed, and are added.

        Memory stays bounded. Once `cancelled` is true, the iteration ends.
        """
        missing: list[Path] = []
        for path in paths:
            if cancelled():
                return
            seen = cache.get(self.key, path)
            if seen is None:
                missing.append(path)
            else:
                yield seen
        if not missing:
            return
        files = [PhotoFile(path, path.parent, _size(path), 0) for path in missing]
        engine = _TrunkEngine(self._content)
        with (
            closing(engine),
            closing(Pipeline(files, self.model.card, engine, cancelled=cancelled, workers=workers).run()) as stream,
        ):
            for item in stream:
                if isinstance(item, Problem):
                    yield item
                    continue
                photo, rows = item
                # Rounded as the cache rounds them: a run that is resumed must see the same.
                features = rows.reshape(VIEWS, -1).astype(np.float16).astype(np.float32)
                seen = Seen(photo.file.path, features, photo.content, perceptual_hash(photo.views[0]))
                cache.put(self.key, seen)
                yield seen


class FeatureCache:
    """Features by network and photo, in one SQLite file that may be thrown away at any time. For one thread."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or data_dir() / "cache" / _CACHE_NAME
        self._committed = time.monotonic()
        self._connection = self._open()

    def __enter__(self) -> FeatureCache:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        with suppress(sqlite3.Error):
            self._connection.commit()
        self._connection.close()

    def get(self, backbone: bytes, path: Path) -> Seen | None:
        try:
            content = content_key(path)
        except OSError:
            return None  # the decoder says what is wrong with it
        query = "SELECT value, look FROM features WHERE key = ?"
        try:
            row = self._connection.execute(query, (backbone + content,)).fetchone()
        except sqlite3.Error:
            return None
        if row is None:
            return None
        features = np.frombuffer(row[0], np.float16).astype(np.float32).reshape(VIEWS, -1)
        return Seen(path, features, content, int(row[1]) & (2**64 - 1))

    def put(self, backbone: bytes, seen: Seen) -> None:
        """Remember; a disk that is full costs the time of computing it again, and nothing else."""
        signed = seen.look - 2**64 if seen.look >= 2**63 else seen.look
        row = (backbone + seen.content, seen.features.astype(np.float16).tobytes(), signed)
        with suppress(sqlite3.Error):
            self._connection.execute("INSERT OR REPLACE INTO features VALUES (?, ?, ?)", row)
            if time.monotonic() - self._committed > _COMMIT_SECONDS:
                self._connection.commit()
                self._committed = time.monotonic()

    def _open(self) -> sqlite3.Connection:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            if self._path.exists() and self._path.stat().st_size > _MOST_CACHE_BYTES:
                self._path.unlink()
            return _connect(self._path)
        except sqlite3.DatabaseError:
            with suppress(OSError):  # damaged: what it held can be computed again
                self._path.unlink()
                return _connect(self._path)
        except OSError:
            pass
        return _connect(":memory:")


def perceptual_hash(rgb: np.ndarray[Any, np.dtype[np.uint8]]) -> int:
    """64 bits that stay nearly the same when a photo is resized or compressed: is each spot brighter than the next?

    `rgb`: `(H, W, 3) uint8`. Source: N. Krawetz, "Kind of Like That", 2013 (dHash).
    """
    small = Image.fromarray(rgb).convert("L").resize((_HASH_COLUMNS, _HASH_ROWS), Image.Resampling.BOX)
    grey = np.asarray(small, dtype=np.int16)
    return int.from_bytes(np.packbits(grey[:, 1:] > grey[:, :-1]).tobytes(), "big")


class _TrunkEngine:
    """Runs the trunk on both views of each photo, one photo a core."""

    name, device, notice, reason = "litert", "CPU", "", ""

    def __init__(self, content: bytes) -> None:
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise ModelError("Training needs the LiteRT runtime, which is not installed on this system.") from error
        lanes = min(available_cores(), 8)
        self._lanes = [Interpreter(model_content=content, num_threads=1) for _ in range(lanes)]
        for lane in self._lanes:
            lane.allocate_tensors()
        self._input = self._lanes[0].get_input_details()[0]["index"]
        self._output = self._lanes[0].get_output_details()[0]["index"]
        self._pool = ThreadPoolExecutor(lanes, thread_name_prefix="features")
        self.batch_size = 2 * lanes

    def logits(self, batch: Floats) -> Floats:
        """`(N, S, S, 3)` pixels to `(N, VIEWS * D)` features."""
        parts = np.array_split(batch, min(len(batch), len(self._lanes)))
        running = [self._pool.submit(self._run, lane, part) for lane, part in zip(self._lanes, parts, strict=False)]
        return np.concatenate([future.result() for future in running])

    def close(self) -> None:
        self._pool.shutdown()
        self._lanes = []

    def _run(self, lane: Any, batch: Floats) -> Floats:
        rows = []
        for image in batch:
            views = []
            for view in (image, image[:, ::-1]):
                lane.set_tensor(self._input, np.ascontiguousarray(view[None]))
                lane.invoke()
                views.append(lane.get_tensor(self._output).reshape(-1))
            rows.append(np.concatenate(views))
        return np.stack(rows)


def _connect(path: Path | str) -> sqlite3.Connection:
    connection = sqlite3.connect(path, timeout=5.0)
    try:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")  # a power cut may cost the last second, never the file
        connection.execute(
            "CREATE TABLE IF NOT EXISTS features (key BLOB PRIMARY KEY, value BLOB, look INTEGER) WITHOUT ROWID"
        )
    except BaseException:
        connection.close()
        raise
    return connection


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
