"""Photo file to RGB pixels: reduced-size decode, upright, any mode, every failure a reason."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True, slots=True)
class DecodedPhoto:
    """`rgb` is `(H, W, 3) uint8`, upright, possibly reduced; `width` and `height` are the upright full size in pixels."""

    rgb: np.ndarray[Any, np.dtype[np.uint8]]
    width: int
    height: int


def decode_photo(path: Path, *, min_side: int | None = None) -> DecodedPhoto:
    """Decode the photo at `path`, upright, in RGB.

    Args:
        path: the file.
        min_side: the decoder may reduce the photo as long as its short side keeps at least this many pixels
            (photos that are smaller stay as they are). None decodes at full size.

    Raises:
        PhotoError: the file cannot be read; its `kind` and message say why.
    """
    raise NotImplementedError
