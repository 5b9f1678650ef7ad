"""The TensorFlow engine: a verified frozen graph behind one compiled function, on the GPU when there is one."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

from roomnet_core.errors import ModelError
from roomnet_core.inference.engine import Batch, nvidia_gpu_present
from roomnet_core.inference.model_file import GRAPH_NAME, ModelFile

# Pure arithmetic on tensors, and nothing else: no op here can read or write a file, start a process, run Python,
# or keep state. A graph with any other op is refused.
# fmt: off
ALLOWED_OPS = frozenset(
    {
        "Add", "AddN", "AddV2", "AvgPool", "BiasAdd", "Cast", "ConcatV2", "Const", "Conv2D",
        "DepthwiseConv2dNative", "Div", "DivNoNan", "Elu", "Exp", "ExpandDims", "Fill", "FusedBatchNorm",
        "FusedBatchNormV3", "GatherV2", "Identity", "LeakyRelu", "MatMul", "Max", "MaxPool", "Maximum", "Mean",
        "Min", "Minimum", "Mul", "Neg", "Pack", "Pad", "PadV2", "Placeholder", "RealDiv", "Relu", "Relu6",
        "Reshape", "ResizeBilinear", "ResizeNearestNeighbor", "Round", "Rsqrt", "Selu", "Shape", "Sigmoid", "Softmax",
        "Softplus", "Sqrt", "Square", "SquaredDifference", "Squeeze", "StridedSlice", "Sub", "Sum", "Tanh",
        "Tile", "Transpose", "Unpack",
    }
)
# fmt: on


class TensorFlowEngine:
    """Runs `graph.pb` in batches of one size through one function of fixed signature.

    Raises:
        ModelError: TensorFlow is not installed, or the graph is missing, changed, truncated, holds a forbidden op,
            or does not match its card.
    """

    name = "tensorflow"
    reason = ""

    def __init__(self, model: ModelFile, *, threads: int | None = None) -> None:
        content = model.read(GRAPH_NAME)
        os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # its start-up notes are not for users
        try:
            import tensorflow as tf
        except ImportError as error:
            raise ModelError("TensorFlow is not installed. Install it, or use --engine litert.") from error
        self._tf = tf
        graph = _parse_graph(tf, content, model)
        self.device, self.notice = _choose_device(tf, threads)
        self.batch_size = 8 if self.device == "CPU" else 32
        size = model.card.preprocessing.input_size
        self._function = self._build(graph, model, (self.batch_size, size, size, 3))
        try:
            outputs = self._run(np.zeros((1, size, size, 3), np.float32)).shape[1:]
        except tf.errors.OpError as error:
            if self.device == "CPU":
                raise ModelError(f"{model.folder / GRAPH_NAME} cannot be run: {error.message}") from error
            self.notice = f"{self.device} failed ({error.message.splitlines()[0]}), so the CPU is used."
            self.device, self.batch_size = "CPU", 8
            self._function = self._build(graph, model, (self.batch_size, size, size, 3))
            outputs = self._run(np.zeros((1, size, size, 3), np.float32)).shape[1:]
        if outputs != (model.card.outputs,):
            raise ModelError(
                f"{model.folder / GRAPH_NAME} does not match its card: the card says {model.card.outputs} outputs, "
                f"the graph has {outputs}."
            )

    def logits(self, batch: Batch) -> Batch:
        size = self.batch_size
        return np.concatenate([self._run(batch[start : start + size]) for start in range(0, len(batch), size)])

    def close(self) -> None:
        self._function = None

    def _run(self, batch: Batch) -> Batch:
        """One call; a short batch is padded, because another shape would be compiled anew."""
        count = len(batch)
        if count < self.batch_size:
            batch = np.concatenate([batch, np.zeros((self.batch_size - count, *batch.shape[1:]), np.float32)])
        with self._tf.device("/CPU:0" if self.device == "CPU" else "/GPU:0"):
            return np.asarray(self._function(self._tf.constant(batch)).numpy()[:count])

    def _build(self, graph: Any, model: ModelFile, shape: tuple[int, ...]) -> Any:
        tf = self._tf

        def load(image: Any) -> Any:
            return tf.graph_util.import_graph_def(
                graph, input_map={"image:0": image}, return_elements=["logits:0"], name=""
            )[0]

        try:
            signature = [tf.TensorSpec(shape, tf.float32)]
            return tf.function(load, input_signature=signature, autograph=False).get_concrete_function()
        except (ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{model.folder / GRAPH_NAME} is not a graph from `image` to `logits`: {error}") from error


def _parse_graph(tf: Any, content: bytes, model: ModelFile) -> Any:
    """Parse the graph and check every op before TensorFlow gets to see it as something to run."""
    path = model.folder / GRAPH_NAME
    graph = tf.compat.v1.GraphDef()
    try:
        graph.ParseFromString(content)
    except Exception as error:  # protobuf's DecodeError lives in a module that moved between versions
        raise ModelError(f"{path} is not a frozen graph: it is damaged or cut short.") from error
    if not graph.node:
        raise ModelError(f"{path} holds no operation: it is not a frozen graph.")
    if graph.library.function or graph.library.gradient:
        raise ModelError(f"{path} defines functions of its own, which a frozen graph does not need. It was not loaded.")
    for node in graph.node:
        if node.op not in ALLOWED_OPS:
            raise ModelError(
                f"{path} holds the operation {node.op} (node {node.name!r}), which a room classifier does not need "
                "and which could harm. It was not loaded."
            )
    return graph


def _choose_device(tf: Any, threads: int | None) -> tuple[str, str]:
    """Set the devices up and return the device's name and a notice. TensorFlow allows this once a process."""
    try:
        gpus = tf.config.list_physical_devices("GPU")
        for gpu in gpus:
            tf.config.experimental.set_memory_growth(gpu, True)
        if threads:
            tf.config.threading.set_intra_op_parallelism_threads(threads)
    except RuntimeError:
        pass  # already initialised by an earlier engine, with the same settings
    if gpus:
        details = tf.config.experimental.get_device_details(gpus[0])
        return str(details.get("device_name", "GPU")), ""
    if nvidia_gpu_present():
        return "CPU", "There is a GPU, but TensorFlow cannot use it (CUDA libraries missing?), so the CPU is used."
    return "CPU", ""
