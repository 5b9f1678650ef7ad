"""The LiteRT engine: small, quick to start, CPU only."""

from __future__ import annotations

from typing import Any

import numpy as np

from roomnet_core.errors import ModelError
from roomnet_core.inference.engine import Batch, available_cores
from roomnet_core.inference.model_file import LITE_NAME, ModelFile


class LiteRTEngine:
    """Runs `graph.tflite` with XNNPACK, one photo at a time on `threads` cores.

    Raises:
        ModelError: the runtime is not installed, or the file is missing, changed or not a network for the card.
    """

    name = "litert"
    device = "CPU"
    notice = ""
    batch_size = 4

    def __init__(self, model: ModelFile, *, threads: int | None = None) -> None:
        try:
            from ai_edge_litert.interpreter import Interpreter
        except ImportError as error:
            raise ModelError(
                "The LiteRT runtime is not installed on this system. Use the TensorFlow engine: --engine tensorflow"
            ) from error
        content = model.read(LITE_NAME)
        try:
            self._interpreter: Any = Interpreter(model_content=content, num_threads=threads or available_cores())
            self._interpreter.allocate_tensors()
        except (ValueError, RuntimeError) as error:
            raise ModelError(f"{model.folder / LITE_NAME} is not a LiteRT network: {error}") from error
        inputs, outputs = self._interpreter.get_input_details(), self._interpreter.get_output_details()
        size = model.card.preprocessing.input_size
        expected = ([1, size, size, 3], [1, model.card.outputs])
        found = ([int(n) for n in inputs[0]["shape"]], [int(n) for n in outputs[0]["shape"]])
        if len(inputs) != 1 or len(outputs) != 1 or found != expected:
            raise ModelError(
                f"{model.folder / LITE_NAME} does not match its card: the card says input and output {expected}, "
                f"the network has {found}."
            )
        self._input, self._output = inputs[0]["index"], outputs[0]["index"]

    def logits(self, batch: Batch) -> Batch:
        rows = []
        for image in batch:
            self._interpreter.set_tensor(self._input, image[None])
            self._interpreter.invoke()
            rows.append(self._interpreter.get_tensor(self._output)[0])
        return np.stack(rows)

    def close(self) -> None:
        self._interpreter = None
