"""The protocol every engine keeps, and the choice between them."""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np

Batch = np.ndarray[Any, np.dtype[np.float32]]


class Engine(Protocol):
    """Runs a network. One engine serves one thread at a time."""

    name: str
    """`tensorflow` or `litert`."""
    device: str
    """What it runs on, for people: `CPU`, or the name of the GPU."""
    notice: str
    """Why it runs there when that is worth saying (a GPU that failed), else empty."""

    def logits(self, batch: Batch) -> Batch:
        """`(N, S, S, 3)` float32 pre-processed pixels to `(N, C)` float32 logits, for any N >= 1."""
        ...

    def close(self) -> None:
        """Give memory and threads back; the engine must not be used afterwards."""
        ...
