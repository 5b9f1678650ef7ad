"""Keras model to model folder: `graph.pb`, `graph.tflite` and `card.json`.

Freezing needs the TensorFlow backend. What was trained under another one is frozen in a process of its own.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path
from typing import Any

import keras
import numpy as np

from roomnet_core.errors import ModelError
from roomnet_core.inference.confidence import softmax
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import GRAPH_NAME, LITE_NAME, ModelFile
from roomnet_core.network.card import ModelCard, describe_file, write_card
from roomnet_core.network.folding import fold_batch_norm
from roomnet_core.network.integer_graph import integer_graph
from roomnet_core.network.lite import lite_model
from roomnet_core.network.quantize import channel_scales, on_grid, quantize

Images = np.ndarray[Any, np.dtype[np.float32]]

INPUT_NAME = "image"
OUTPUT_NAME = "logits"
_FREEZING_BACKEND, _SAVED_NAME = "tensorflow", "network.keras"
STORAGES = ("float32", "float16", "int8")

# Constants of at least this many numbers are stored as float16, in both files.
_MIN_HALVED = 512
# The two files are one network: how far their probabilities may lie apart.
_MAX_DIFFERENCE = 1e-3
_CONVOLUTIONS = (keras.layers.Conv2D, keras.layers.DepthwiseConv2D)


def write_model(
    model: Any, folder: Path, *, storage: str = "float16", images: Images | None = None, **card: Any
) -> ModelCard:
    """Freeze `model` into the new folder `folder` with a card made of the keyword arguments (`ModelCard`'s fields).

    `images`: see `freeze`. The files are made in a temporary folder beside it, which then takes its name: a
    half-written model never stands under a model's name.

    Raises:
        ModelError: `folder` holds something already, `storage` is unknown, or the two graphs disagree.
    """
    if storage not in STORAGES:
        raise ModelError(f"Storage must be one of {', '.join(STORAGES)}. Received: {storage!r}")
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ModelError(f"{folder} is not empty. Choose a new folder, so that nothing is replaced.")
    graph, lite = freeze(model, storage=storage, images=images)
    folder.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        (staging / GRAPH_NAME).write_bytes(graph)
        (staging / LITE_NAME).write_bytes(lite)
        complete = ModelCard(
            parameters=model.count_params(),
            storage=storage,
            files={GRAPH_NAME: describe_file(graph), LITE_NAME: describe_file(lite)},
            **card,
        )
        write_card(complete, staging)
        verify_engines_agree(ModelFile(staging, complete))
        staging.chmod(0o755)  # mkdtemp makes a private folder; a model is not private
        if folder.exists():
            folder.rmdir()
        staging.rename(folder)
    except BaseException:
        shutil.rmtree(staging, ignore_errors=True)
        raise
    return complete


def freeze(model: Any, *, storage: str = "float16", images: Images | None = None) -> tuple[bytes, bytes]:
    """Return the serialised frozen graph and the LiteRT flatbuffer of `model`.

    The graph has one input, `image` (N, S, S, 3) float32, and one output, `logits` (N, C) float32. With `images`
    (N, S, S, 3), some hundred inputs such as the network will see, both files compute with 8-bit integers, as
    `network.quantize` says; without, 8 bits are only how the weights are stored.

    Raises:
        ModelError: Keras runs on another backend than TensorFlow, and TensorFlow is not there to freeze with; or
            `images` are given for a network or a storage that there is no 8-bit arithmetic for.
    """
    if images is not None and storage != "int8":
        raise ModelError(f"8-bit arithmetic goes with the storage int8. Received: {storage!r}")
    if keras.backend.backend() != _FREEZING_BACKEND:
        if images is not None:
            raise ModelError("8-bit arithmetic is only made where Keras runs on TensorFlow.")
        return _freeze_elsewhere(model, storage)
    import tensorflow as tf

    folded = fold_batch_norm(model)
    if storage == "int8":
        _round_kernels(folded)
    size = model.input_shape[1:]
    if images is not None:
        return _integer_files(tf, folded, size, images)
    return _frozen_graph(tf, folded, size, storage), _lite_model(tf, folded, size, storage)


def _freeze_elsewhere(model: Any, storage: str) -> tuple[bytes, bytes]:
    """Freeze in a process whose Keras runs on TensorFlow: a backend is chosen once for a process."""
    with tempfile.TemporaryDirectory(prefix="roomnet-freeze-") as name:
        folder = Path(name)
        model.save(folder / _SAVED_NAME)
        command = [sys.executable, "-m", "roomnet_core.network.freeze", name, storage]
        environment = {**os.environ, "KERAS_BACKEND": _FREEZING_BACKEND}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, errors="replace")
        if done.returncode != 0:
            reason = (done.stderr.strip().splitlines() or ["without a word"])[-1]
            raise ModelError(f"The network could not be frozen, for which TensorFlow is needed: {reason}")
        return (folder / GRAPH_NAME).read_bytes(), (folder / LITE_NAME).read_bytes()


def _freeze_saved(folder: Path, storage: str) -> None:
    """The other process's part."""
    model = keras.models.load_model(folder / _SAVED_NAME, safe_mode=True, compile=False)
    for name, content in zip((GRAPH_NAME, LITE_NAME), freeze(model, storage=storage), strict=True):
        (folder / name).write_bytes(content)


def _freeze_function(tf: Any, model: Any, shape: tuple[int | None, ...]) -> Any:
    """A concrete function of `model` for inputs of `shape` with every variable turned into a constant."""
    # Private since TensorFlow 2, but the only freezer there is, and stable for years.
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    def forward(image: Any) -> Any:
        return tf.identity(model(image, training=False), name=OUTPUT_NAME)

    signature = tf.TensorSpec(shape, tf.float32, name=INPUT_NAME)
    concrete = tf.function(forward, autograph=False).get_concrete_function(signature)
    return convert_variables_to_constants_v2(concrete, lower_control_flow=False)


def _frozen_graph(tf: Any, model: Any, size: tuple[int, ...], storage: str) -> bytes:
    graph = _simplify(tf, _freeze_function(tf, model, (None, *size)).graph)
    _shorten_names(graph)
    if storage == "float16":
        _store_as_float16(tf, graph)
    elif storage == "int8":
        _store_as_int8(tf, graph)
        _strip_defaults(tf, graph)
    return _serialised(tf, graph)


def _integer_files(tf: Any, model: Any, size: tuple[int, ...], images: Images) -> tuple[bytes, bytes]:
    """Both files of `model` in 8-bit arithmetic."""
    lite = quantize(_lite_model(tf, model, size, "float32"), images)
    biases = [layer.get_weights()[1] for layer in model.layers if isinstance(layer, _CONVOLUTIONS)]
    graph = integer_graph(tf, lite, biases, image=INPUT_NAME, logits=OUTPUT_NAME)
    _shorten_names(graph)
    _strip_defaults(tf, graph)
    return _serialised(tf, graph), lite


def _serialised(tf: Any, graph: Any) -> bytes:
    graph.ClearField("library")
    graph.ClearField("versions")
    graph.versions.producer = tf.version.GRAPH_DEF_VERSION
    return bytes(graph.SerializeToString(deterministic=True))


def _simplify(tf: Any, graph: Any) -> Any:
    """Let TensorFlow's own optimiser fold constants and drop what computes nothing (identities, shape arithmetic)."""
    from tensorflow.core.protobuf import config_pb2, meta_graph_pb2
    from tensorflow.python.grappler import tf_optimizer

    meta_graph = tf.compat.v1.train.export_meta_graph(graph_def=graph.as_graph_def(), graph=graph)
    fetch = meta_graph_pb2.CollectionDef()
    fetch.node_list.value.append(OUTPUT_NAME)
    meta_graph.collection_def["train_op"].CopyFrom(fetch)
    config = config_pb2.ConfigProto()
    rewrite = config.graph_options.rewrite_options
    rewrite.meta_optimizer_iterations = rewrite.TWO
    rewrite.min_graph_nodes = -1
    rewrite.optimizers.extend(["pruning", "constfold", "arithmetic", "dependency", "pruning"])
    return tf_optimizer.OptimizeGraph(config, meta_graph)


def _shorten_names(graph: Any) -> None:
    """Number the inner nodes, to the base of 36: Keras's long scopes would be a fifth of a small graph."""
    names = {INPUT_NAME: INPUT_NAME, OUTPUT_NAME: OUTPUT_NAME}
    for node in graph.node:
        names.setdefault(node.name, np.base_repr(len(names), 36).lower())
    for node in graph.node:
        node.name = names[node.name]
        inputs = [reference for reference in node.input if not reference.startswith("^")]
        del node.input[:]
        for reference in inputs:
            base, colon, output = reference.partition(":")
            node.input.append(names[base] + colon + output)
        for attribute in [key for key in node.attr if key.startswith("_")]:
            del node.attr[attribute]


def _store_as_float16(tf: Any, graph: Any) -> None:
    """Keep every float32 constant of at least `_MIN_HALVED` numbers as float16 behind a cast, folded once at load.

    Biases, scales and the smallest kernels stay whole: they weigh next to nothing, and their errors reach every pixel.
    """
    for node in list(graph.node):
        if node.op != "Const" or node.attr["dtype"].type != tf.float32.as_datatype_enum:
            continue
        values = tf.make_ndarray(node.attr["value"].tensor)
        if values.size < _MIN_HALVED or np.abs(values).max() > np.finfo(np.float16).max:
            continue
        half = graph.node.add(name=f"{node.name}.h", op="Const")
        half.attr["dtype"].type = tf.float16.as_datatype_enum
        half.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(values.astype(np.float16)))
        node.op = "Cast"
        node.attr.clear()
        node.attr["SrcT"].type = tf.float16.as_datatype_enum
        node.attr["DstT"].type = tf.float32.as_datatype_enum
        node.input.append(half.name)


def _round_kernels(model: Any) -> None:
    """Round the kernels to the 8-bit grid, so that both frozen forms compute with the same numbers."""
    for layer in model.layers:
        if isinstance(layer, (*_CONVOLUTIONS, keras.layers.Dense)):
            kernel, *rest = layer.get_weights()
            rounded = on_grid(kernel, depthwise=isinstance(layer, keras.layers.DepthwiseConv2D))
            layer.set_weights([rounded, *(bias.astype(np.float16) for bias in rest)])


def _store_as_int8(tf: Any, graph: Any) -> None:
    """Keep the kernels as 8-bit integers behind a cast and a scale for each output channel, folded once at load."""
    kernels = {
        node.input[1]: node.op == "DepthwiseConv2dNative"
        for node in graph.node
        if node.op in ("Conv2D", "DepthwiseConv2dNative", "MatMul")
    }
    for node in list(graph.node):
        if node.op != "Const" or node.attr["dtype"].type != tf.float32.as_datatype_enum:
            continue
        kernel = tf.make_ndarray(node.attr["value"].tensor)
        if node.name not in kernels:
            if kernel.size > 1:
                _cast_from(tf, graph, node, kernel.astype(np.float16))
            continue
        scales = channel_scales(kernel, depthwise=kernels[node.name])
        whole, steps = (graph.node.add(name=f"{node.name}.{suffix}") for suffix in "qs")
        _cast_from(tf, graph, whole, np.rint(kernel / scales.astype(np.float32)).astype(np.int8))
        _cast_from(tf, graph, steps, scales)
        node.op = "Mul"
        node.attr.clear()
        node.attr["T"].type = tf.float32.as_datatype_enum
        node.input.extend([whole.name, steps.name])


def _cast_from(tf: Any, graph: Any, node: Any, value: np.ndarray[Any, Any]) -> None:
    """Make `node` the cast to float32 of a new constant `value`."""
    constant = graph.node.add(name=f"{node.name}.v", op="Const")
    constant.attr["dtype"].type = tf.as_dtype(value.dtype).as_datatype_enum
    constant.attr["value"].tensor.CopyFrom(tf.make_tensor_proto(value))
    node.op = "Cast"
    node.attr.clear()
    node.attr["SrcT"].type = constant.attr["dtype"].type
    node.attr["DstT"].type = tf.float32.as_datatype_enum
    node.input.append(constant.name)


def _strip_defaults(tf: Any, graph: Any) -> None:
    """Drop attributes that say what the operation's definition says anyway: 100 bytes a convolution."""
    from tensorflow.python.framework import op_def_registry

    for node in graph.node:
        defaults = {attr.name: attr.default_value for attr in op_def_registry.get(node.op).attr}
        for name in list(node.attr):
            default = defaults.get(name)
            if default is not None and default.ByteSize() and default == node.attr[name]:
                del node.attr[name]


def _lite_model(tf: Any, model: Any, size: tuple[int, ...], storage: str) -> bytes:
    # One photo at a time: on a CPU a batch gains nothing, and a fixed shape lets the runtime plan its memory once.
    return lite_model(tf, _freeze_function(tf, model, (1, *size)), storage=storage, min_size=_MIN_HALVED)


def verify_engines_agree(model: ModelFile, *, images: int = 4) -> None:
    """Run both files of `model` on noise and compare the probabilities.

    Raises:
        ModelError: they differ by more than 0.001, or one of them is refused by its engine.
    """
    size = model.card.preprocessing.input_size
    batch = np.random.default_rng(0).uniform(-1, 1, (images, size, size, 3)).astype(np.float32)
    found = []
    for name in ("tensorflow", "litert"):
        with closing(open_engine(model, name)) as engine:
            found.append(softmax(engine.logits(batch)))
    difference = float(np.abs(found[0] - found[1]).max())
    if not difference <= _MAX_DIFFERENCE:
        raise ModelError(
            f"{GRAPH_NAME} and {LITE_NAME} of model {model.name} disagree: their probabilities differ by up to "
            f"{difference:.4f}. The model was not written."
        )


if __name__ == "__main__":
    _freeze_saved(Path(sys.argv[1]), sys.argv[2])
