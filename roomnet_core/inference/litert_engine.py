"""The LiteRT engine: small, quick to start, CPU only."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np

from roomnet_core.errors import ModelError
from roomnet_core.inference.cores import available_cores
from roomnet_core.inference.engine import Batch
from roomnet_core.inference.model_file import LITE_NAME, ModelFile

# More photos than this at once would take memory (15 to 30 MB each) and bring nothing: decoding is slower.
_MOST_LANES = 8


class LiteRTEngine:
    """Runs `graph.tflite` with XNNPACK: up to `threads` photos side by side, each on one core.

    One photo on several cores would finish sooner, but its layers are too small to share: the cores would spend their
    time waiting for each other, time that the decoding threads can use.

    Raises:
        ModelError: the runtime is not installed, or the file is missing, changed or not a network for the card.
    """

    name = "litert"
    device = "CPU"
    notice = ""
    reason = ""

    def __init__(self, model: ModelFile, *, threads: int | None = None) -> None:
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise ModelError(
                "The LiteRT runtime is not installed on this system. Use the TensorFlow engine: --engine tensorflow"
            ) from error
        self._interpreter_class: Any = Interpreter
        self._content = model.read(LITE_NAME)
        try:
            self._lanes = [self._new_lane()]
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"{model.folder / LITE_NAME} is not a LiteRT network: {error}") from error
        inputs, outputs = self._lanes[0].get_input_details(), self._lanes[0].get_output_details()
        size = model.card.preprocessing.input_size
        expected = ([1, size, size, 3], [1, model.card.outputs])
        found = ([int(n) for n in inputs[0]["shape"]], [int(n) for n in outputs[0]["shape"]])
        if len(inputs) != 1 or len(outputs) != 1 or found != expected:
            raise ModelError(
                f"{model.folder / LITE_NAME} does not match its card: the card says input and output {expected}, "
                f"the network has {found}."
            )
        self._input, self._output = inputs[0]["index"], outputs[0]["index"]
        self._most_lanes = threads or min(available_cores(), _MOST_LANES)
        self._pool = ThreadPoolExecutor(max(1, self._most_lanes - 1), thread_name_prefix="litert")
        self.batch_size = max(4, 2 * self._most_lanes)

    def logits(self, batch: Batch) -> Batch:
        # Two photos are done before a second thread is awake; and where decoding is slower, it has the other cores.
        lanes = min((len(batch) + 1) // 2, self._most_lanes)
        while len(self._lanes) < lanes:  # opened when they are first of use: the decoders may never fill two
            self._lanes.append(self._new_lane())
        first, *others = np.array_split(batch, lanes)
        running = [
            self._pool.submit(self._run, lane, part) for lane, part in zip(self._lanes[1:], others, strict=False)
        ]
        rows = self._run(self._lanes[0], first)
        for future in running:
            rows += future.result()
        return np.stack(rows)

    def close(self) -> None:
        self._pool.shutdown()
        self._lanes = []

    def _new_lane(self) -> Any:
        interpreter = self._interpreter_class(model_content=self._content, num_threads=1)
        interpreter.allocate_tensors()
        return interpreter

    def _run(self, interpreter: Any, batch: Batch) -> list[Batch]:
        rows = []
        for image in batch:
            interpreter.set_tensor(self._input, image[None])
            interpreter.invoke()
            rows.append(interpreter.get_tensor(self._output)[0])
        return rows
