"""All photos of a data set decoded once into one array on disk, so that an epoch reads memory and decodes nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap

from roomnet_core.errors import PhotoError
from roomnet_core.inference.preprocessing import prepare
from roomnet_core.network.card import Preprocessing
from roomnet_core.photos.decode import decode_photo

PACKED_SIDE = 256
"""Pixels a side: a little more than any network takes, so that a random crop still has something to show."""

Pixels = np.ndarray[Any, np.dtype[np.uint8]]


def pack_photos(
    paths: Sequence[Path],
    preprocessing: Preprocessing,
    folder: Path,
    *,
    workers: int = 2,
    progress: Callable[[int], None] = lambda done: None,
) -> Pixels:
    """Return `(N, PACKED_SIDE, PACKED_SIDE, 3)` uint8 RGB of `paths`, memory-mapped read-only from `folder`.

    Every photo is cut and squeezed into the square by the rule of `preprocessing`. The array's name holds a hash of
    the paths, sizes and rule: it is made again when one of them changes. A photo that cannot be read is left black.
    `progress` is told after each photo how many are done; what it raises ends the work.
    """
    rule = Preprocessing(input_size=PACKED_SIDE, crop=preprocessing.crop, max_aspect=preprocessing.max_aspect)
    key = hashlib.sha256(repr((rule, [(str(path), path.stat().st_size) for path in paths])).encode())
    target = folder / f"photos-{key.hexdigest()[:16]}.npy"
    if not target.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        staged = target.with_suffix(".part")
        shape = (len(paths), PACKED_SIDE, PACKED_SIDE, 3)
        array = open_memmap(staged, mode="w+", dtype=np.uint8, shape=shape)

        def decode(index: int) -> None:
            try:
                array[index] = prepare(decode_photo(paths[index], min_side=PACKED_SIDE), rule)[0]
            except PhotoError:
                array[index] = 0

        pool = ThreadPoolExecutor(workers)
        try:
            for done, _ in enumerate(pool.map(decode, range(len(paths))), start=1):
                progress(done)
        finally:
            pool.shutdown(cancel_futures=True)
        array.flush()
        del array
        staged.replace(target)
    packed: Pixels = np.load(target, mmap_mode="r")
    return packed
