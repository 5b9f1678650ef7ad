"""The protocol every engine keeps, and the choice between them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from roomnet_core.errors import ModelError
from roomnet_core.inference.model_file import LITE_NAME, ModelFile

Batch = np.ndarray[Any, np.dtype[np.float32]]

ENGINES = ("auto", "tensorflow", "litert")


class Engine(Protocol):
    """Runs a network. One engine serves one thread at a time."""

    name: str
    """`tensorflow` or `litert`."""
    device: str
    """What it runs on, for people: `CPU`, or the name of the GPU."""
    notice: str
    """A warning about what it runs on (a GPU that failed), else empty."""
    reason: str
    """Why it was chosen, for people; set by `open_engine`."""
    batch_size: int
    """How many photos a call takes at best."""

    def logits(self, batch: Batch) -> Batch:
        """`(N, S, S, 3)` float32 pre-processed pixels to `(N, C)` float32 logits, for any N >= 1."""
        ...

    def close(self) -> None:
        """Give memory and threads back; the engine must not be used afterwards."""
        ...


def open_engine(model: ModelFile, preference: str = "auto", *, threads: int | None = None) -> Engine:
    """Load `model` into an engine. `auto` takes TensorFlow where there is a GPU for it, else LiteRT.

    `threads` bounds the CPU threads of the network itself (default: all the cores this process may use).
    Takes 0.1 s with LiteRT and seconds with TensorFlow: call it on a worker thread.

    Raises:
        ModelError: the preference is unknown, the model cannot be trusted or read, or the engine is not installed.
    """
    name, reason = choose_engine(model, preference)
    engine: Engine
    if name == "litert":
        from roomnet_core.inference.litert_engine import LiteRTEngine

        engine = LiteRTEngine(model, threads=threads)
    else:
        from roomnet_core.inference.tensorflow_engine import TensorFlowEngine

        engine = TensorFlowEngine(model, threads=threads)
    engine.reason = reason
    return engine


def open_engine_in_background(
    model: ModelFile,
    preference: str = "auto",
    *,
    threads: int | None = None,
    context: AbstractContextManager[object] = nullcontext(),  # noqa: B008 (it holds nothing)
) -> Future[Engine]:
    """`open_engine` on a thread of its own, so that scanning and decoding need not wait for it.

    The thread is a daemon, so a program may end while the engine loads. Whoever takes the engine out closes it.
    `context` is entered on that thread while the engine is opened.
    """
    future: Future[Engine] = Future()

    def work() -> None:
        try:
            with context:
                engine = open_engine(model, preference, threads=threads)
            future.set_result(engine)
        except BaseException as error:  # raised again where the engine is wanted
            future.set_exception(error)

    threading.Thread(target=work, name="open-engine", daemon=True).start()
    return future


def choose_engine(model: ModelFile, preference: str = "auto") -> tuple[str, str]:
    """The engine that `open_engine` would load, and why in words for people.

    Raises:
        ModelError: the preference is unknown.
    """
    if preference not in ENGINES:
        raise ModelError(f"There is no engine {preference!r}. Choose one of {', '.join(ENGINES)}.")
    if preference != "auto":
        return preference, "it was asked for"
    if nvidia_gpu_present() and gpu_tensorflow_installed():
        return "tensorflow", "there is a GPU"
    if not litert_installed():
        return "tensorflow", "LiteRT is not installed"
    if not model.has(LITE_NAME):
        return "tensorflow", f"the model has no {LITE_NAME}"
    if nvidia_gpu_present():
        return "litert", "this installation is without the TensorFlow that the GPU would need"
    return "litert", "no GPU found" if sys.platform == "linux" else "TensorFlow uses no GPU on this system"


def litert_installed() -> bool:
    """Whether the LiteRT runtime can be imported (it has no wheel for some systems)."""
    from importlib.util import find_spec

    return find_spec("ai_edge_litert") is not None


def gpu_tensorflow_installed() -> bool:
    """Whether a TensorFlow that can use a GPU is there, without importing it.

    The light bundle has none, and the full one its build for the CPU, which takes seconds to load for nothing.
    """
    from importlib.metadata import PackageNotFoundError, version
    from importlib.util import find_spec

    if find_spec("tensorflow") is None:
        return False
    try:
        version("tensorflow-cpu")
    except PackageNotFoundError:
        return True
    return False


def nvidia_gpu_present() -> bool:
    """Whether there is a GPU that TensorFlow might use, without importing TensorFlow.

    TensorFlow has used no GPU on native Windows since version 2.10, and none on a Mac without a plugin.
    """
    return sys.platform == "linux" and os.environ.get("CUDA_VISIBLE_DEVICES") not in ("", "-1") and any(
        Path("/dev").glob("nvidia[0-9]*")
    )


def describe_tensorflow_device(timeout: float = 60.0) -> str:
    """What TensorFlow finds on this machine, asked in a process of its own so that it can neither hang nor stay."""
    question = (
        "import tensorflow as tf; g = tf.config.list_physical_devices('GPU');"
        "print(', '.join(tf.config.experimental.get_device_details(d).get('device_name', d.name) for d in g))"
    )
    if getattr(sys, "frozen", False):  # there is no interpreter to ask in a bundle
        return "a GPU is there" if nvidia_gpu_present() and gpu_tensorflow_installed() else "CPU"
    environment = {**os.environ, "TF_CPP_MIN_LOG_LEVEL": "3"}
    try:
        command = [sys.executable, "-c", question]
        answer = subprocess.run(
            command, capture_output=True, text=True, timeout=timeout, env=environment, check=True
        )
    except (OSError, subprocess.SubprocessError) as error:
        return f"unknown ({error})"
    return answer.stdout.strip() or "CPU"
