"""Frozen function to LiteRT flatbuffer, computing what the frozen graph computes to the last few bits."""

from __future__ import annotations

from typing import Any

import numpy as np


def lite_model(tf: Any, concrete: Any, *, storage: str, min_size: int) -> bytes:
    """Convert `concrete` (one float32 input of fixed shape, one output), its large constants halved but for `float32`.

    The converter's own float16 mode also halves biases, and those errors reach every pixel: probabilities then differ
    from the frozen graph's by up to 0.008. Halving the very constants that the graph's file halves leaves 2e-6.
    Kernels on the 8-bit grid become halves too, which hold them exactly: the runtime's own 8-bit kernels would round
    the activations as well.
    """
    content = bytes(tf.lite.TFLiteConverter.from_concrete_functions([concrete]).convert())
    return _store_as_float16(content, min_size) if storage != "float32" else content


def _store_as_float16(content: bytes, min_size: int) -> bytes:
    """Keep every float32 constant of at least `min_size` numbers as float16 behind a DEQUANTIZE, folded once at load.

    XNNPACK recognises this form, which is the one that TensorFlow's converter writes.
    """
    from tensorflow.lite.python import schema_py_generated as schema
    from tensorflow.lite.tools import flatbuffer_utils

    model = flatbuffer_utils.read_model_from_bytearray(bytearray(content))
    (graph,) = model.subgraphs
    dequantize = schema.OperatorCodeT()
    dequantize.builtinCode = dequantize.deprecatedBuiltinCode = schema.BuiltinOperator.DEQUANTIZE
    dequantize.version = 1
    casts = []
    for index, tensor in enumerate(list(graph.tensors)):
        data = model.buffers[tensor.buffer].data
        if tensor.type != schema.TensorType.FLOAT32 or data is None or len(data) < 4 * min_size:
            continue
        values = np.frombuffer(bytes(data), np.float32)
        if np.abs(values).max() > np.finfo(np.float16).max:
            continue
        half, halves = schema.TensorT(), schema.BufferT()
        halves.data = np.frombuffer(values.astype(np.float16).tobytes(), np.uint8)
        half.shape, half.type, half.name = tensor.shape, schema.TensorType.FLOAT16, tensor.name + b"_half"
        half.buffer = len(model.buffers)
        model.buffers.append(halves)
        tensor.buffer = 0  # the empty buffer: the tensor is computed now
        cast = schema.OperatorT()
        cast.opcodeIndex, cast.inputs, cast.outputs = len(model.operatorCodes), [len(graph.tensors)], [index]
        graph.tensors.append(half)
        casts.append(cast)
    if casts:
        model.operatorCodes.append(dequantize)
        graph.operators[:0] = casts
    # What no tensor points at any more goes: the converter's metadata buffers stay.
    kept = {tensor.buffer for tensor in graph.tensors} | {entry.buffer for entry in model.metadata or []} | {0}
    for number, buffer in enumerate(model.buffers):
        if number not in kept:
            buffer.data = None
    return bytes(flatbuffer_utils.convert_object_to_bytearray(model))
