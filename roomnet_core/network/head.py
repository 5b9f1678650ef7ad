"""Models as files, without TensorFlow: the network up to its features, and the same network under another classifier.

The last operation of both files is one dense layer, `logits = features @ kernel + bias`. Everything before it is the
trunk. `trunk` makes a network that ends in the features; `with_head` puts another dense layer behind them, with as many
outputs as it likes, in both files alike.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from roomnet_core.errors import ModelError

Floats = np.ndarray[Any, np.dtype[np.float32]]

_OUTPUT_NAME = "logits"
# Numbers of `TensorType` in LiteRT's schema.
_INTEGERS = {2: np.int32, 9: np.int8}
_FLOAT = 1  # DT_FLOAT of tensorflow/core/framework/types.proto


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """A dense layer: `kernel` (D, C) and `bias` (C,), float32."""

    kernel: Floats
    bias: Floats

    def __call__(self, features: Floats) -> Floats:
        """`(N, D)` features to `(N, C)` logits."""
        return np.asarray(features @ self.kernel + self.bias, dtype=np.float32)


def trunk(lite: bytes) -> bytes:
    """The LiteRT network `lite` without its last dense layer: it gives the `(1, D)` features.

    Raises:
        ModelError: the file is no network that ends in a dense layer.
    """
    schema, model, graph, dense = read_lite(lite)
    graph.operators = [operator for operator in graph.operators if operator is not dense]
    graph.outputs = [int(dense.inputs[0])]
    model.signatureDefs = None
    return write_lite(schema, model, graph)


def trunk_key(lite: bytes) -> bytes:
    """32 bytes that two LiteRT networks share when they compute the same features, whatever comes behind."""
    _, model, graph, dense = read_lite(lite)
    digest = hashlib.sha256()
    places: dict[int, int] = {}  # tensors are numbered as they are met: files differ in what they number besides

    for operator in graph.operators:
        constants = [model.buffers[graph.tensors[int(number)].buffer].data for number in operator.inputs if number >= 0]
        if operator is dense or (constants and _leads_only_to(graph, operator, dense)):
            continue
        kind = operator_kind(model, operator)
        options = sorted(vars(operator.builtinOptions).items()) if operator.builtinOptions else []
        numbers = [places.setdefault(int(n), len(places)) for n in (*operator.inputs, *operator.outputs)]
        digest.update(repr((kind, options, numbers)).encode())
        for data in constants:
            digest.update(b"" if data is None else bytes(data))
        for number in operator.outputs:
            steps = graph.tensors[int(number)].quantization
            if steps is not None and steps.scale is not None:
                digest.update(np.asarray(steps.scale, np.float32).tobytes())
    return digest.digest()


def read_head(lite: bytes) -> Head:
    """The last dense layer of the LiteRT network `lite`.

    Raises:
        ModelError: the file is no network that ends in a dense layer.
    """
    _, model, graph, dense = read_lite(lite)
    kernel = constant_values(model, graph, int(dense.inputs[1]))
    bias = (
        constant_values(model, graph, int(dense.inputs[2])) if len(dense.inputs) > 2 and dense.inputs[2] >= 0 else None
    )
    if bias is None:
        bias = np.zeros(len(kernel), np.float32)
    return Head(np.ascontiguousarray(kernel.T), bias)


def lite_with_head(lite: bytes, head: Head) -> bytes:
    """The LiteRT network `lite` with `head` in the place of its last dense layer.

    Raises:
        ModelError: the file does not end in a dense layer, or `head` takes another number of features.
    """
    schema, model, graph, dense = read_lite(lite)
    features = graph.tensors[int(dense.inputs[0])]
    _check_width(int(features.shape[-1]), head)
    weights = _new_constant(schema, model, graph, "head", np.ascontiguousarray(head.kernel.T))
    bias = _new_constant(schema, model, graph, "head_bias", head.bias)
    dense.inputs = [int(dense.inputs[0]), weights, bias]
    output = graph.tensors[int(graph.outputs[0])]
    output.shape = np.array([1, len(head.bias)], np.int32)
    output.shapeSignature = None
    return write_lite(schema, model, graph)


def graph_with_head(content: bytes, head: Head) -> bytes:
    """The frozen graph `content` with `head` in the place of its last dense layer.

    Raises:
        ModelError: the graph does not end in a dense layer, or `head` takes another number of features.
    """
    graph = graph_message()()
    try:
        graph.ParseFromString(content)
    except Exception as error:  # protobuf's DecodeError lives in a module that moved between versions
        raise ModelError("The frozen graph is damaged or cut short.") from error
    nodes = {node.name: node for node in graph.node}
    product, between = nodes.get(_OUTPUT_NAME), []
    while product is not None and product.op in ("Identity", "BiasAdd", "AddV2", "Add"):
        between.append(product)
        product = nodes.get(_base(product.input[0]))
    sums = [node for node in between if node.op != "Identity"]
    if (
        product is None
        or product.op != "MatMul"
        or any(attribute.value.b for attribute in product.attr)  # a transposed operand
        or len(sums) != 1
    ):
        raise ModelError("The frozen graph does not end in a dense layer, so its classifier cannot be replaced.")
    product.input[1] = _graph_constant(graph, nodes, "head", head.kernel)
    sums[0].input[1] = _graph_constant(graph, nodes, "head_bias", head.bias)
    _drop_unused(graph)
    return bytes(graph.SerializeToString(deterministic=True))


def _leads_only_to(graph: Any, operator: Any, target: Any) -> bool:
    """Whether `operator` only prepares a constant of `target` (its kernel, kept as float16)."""
    outputs = {int(number) for number in operator.outputs}
    users = [other for other in graph.operators if outputs.intersection(int(number) for number in other.inputs)]
    return users == [target] and not outputs & {int(target.inputs[0])}


def _check_width(width: int, head: Head) -> None:
    if width != len(head.kernel):
        raise ModelError(f"The classifier takes {len(head.kernel)} features, the network has {width}.")


# --- LiteRT


def read_lite(content: bytes) -> tuple[Any, Any, Any, Any]:
    """The schema's module, the model, its only graph and the dense layer that makes the output.

    Raises:
        ModelError: the file is no network that ends in a dense layer.
    """
    try:
        from ai_edge_litert import schema_py_generated as schema
    except ImportError as error:
        raise ModelError("Training needs the LiteRT runtime, which is not installed on this system.") from error
    try:
        model = schema.ModelT.InitFromPackedBuf(content, 0)
        (graph,) = model.subgraphs
        (output,) = (int(number) for number in graph.outputs)
        (last,) = (operator for operator in graph.operators if output in operator.outputs)
        kind = operator_kind(model, last)
    except Exception as error:  # the reader of a damaged file raises nearly anything
        raise ModelError(f"The network cannot be read: {type(error).__name__}.") from error
    activation = getattr(last.builtinOptions, "fusedActivationFunction", 0)
    if kind != schema.BuiltinOperator.FULLY_CONNECTED or activation != schema.ActivationFunctionType.NONE:
        raise ModelError("The network does not end in a dense layer, so its classifier cannot be replaced.")
    return schema, model, graph, last


def operator_kind(model: Any, operator: Any) -> int:
    """The number of the operation in the schema's `BuiltinOperator`."""
    code = model.operatorCodes[operator.opcodeIndex]
    return int(max(code.builtinCode, code.deprecatedBuiltinCode))


def constant_values(model: Any, graph: Any, index: int) -> Floats:
    """The numbers of a constant, kept as float32, as float16 behind a DEQUANTIZE, or as integers with scales."""
    tensor = graph.tensors[index]
    data = model.buffers[tensor.buffer].data
    if data is not None and tensor.type in _INTEGERS:
        shape = [1] * len(tensor.shape)
        shape[tensor.quantization.quantizedDimension] = -1
        whole = np.frombuffer(bytes(data), _INTEGERS[tensor.type]).reshape(tensor.shape).astype(np.float32)
        return np.asarray(whole * np.asarray(tensor.quantization.scale, np.float32).reshape(shape))
    if data is None:
        (cast,) = (operator for operator in graph.operators if index in operator.outputs)
        source = graph.tensors[int(cast.inputs[0])]
        data, kind = model.buffers[source.buffer].data, np.float16
    else:
        kind = np.float32  # type: ignore[assignment]
    return np.frombuffer(bytes(data), kind).astype(np.float32).reshape(tensor.shape)


def _new_constant(schema: Any, model: Any, graph: Any, name: str, values: Floats) -> int:
    tensor, buffer = schema.TensorT(), schema.BufferT()
    buffer.data = np.frombuffer(values.astype("<f4").tobytes(), np.uint8)
    tensor.shape, tensor.type, tensor.name = list(values.shape), schema.TensorType.FLOAT32, name.encode()
    tensor.buffer = len(model.buffers)
    model.buffers.append(buffer)
    graph.tensors.append(tensor)
    return len(graph.tensors) - 1


def write_lite(schema: Any, model: Any, graph: Any) -> bytes:
    """Pack the model without the operations and constants that lead to no output any more."""
    import flatbuffers

    needed = {int(number) for number in graph.outputs}
    kept = []
    for operator in reversed(graph.operators):
        if needed.intersection(int(number) for number in operator.outputs):
            kept.append(operator)
            needed.update(int(number) for number in operator.inputs)
    graph.operators = kept[::-1]
    used = {graph.tensors[number].buffer for number in needed if number >= 0}
    used |= {0} | {entry.buffer for entry in model.metadata or []}
    for number, buffer in enumerate(model.buffers):
        if number not in used:
            buffer.data = None
    for number, tensor in enumerate(graph.tensors):
        if number not in needed:
            tensor.buffer = 0
    builder = flatbuffers.Builder(1 << 20)
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())


# --- the frozen graph


@cache
def graph_message() -> Any:
    """The part of TensorFlow's `GraphDef` that is needed here; every other field is kept as it is.

    Source of the numbers: tensorflow/core/framework/{graph,node_def,attr_value,tensor,tensor_shape}.proto.
    """
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    kinds = descriptor_pb2.FieldDescriptorProto
    file = descriptor_pb2.FileDescriptorProto(name="roomnet/graph.proto", package="roomnet", syntax="proto3")

    def message(name: str, *fields: tuple[str, int, Any, bool]) -> None:
        entry = file.message_type.add(name=name)
        for title, number, kind, repeated in fields:
            field = entry.field.add(name=title, number=number)
            field.label = kinds.LABEL_REPEATED if repeated else kinds.LABEL_OPTIONAL
            if isinstance(kind, str):
                field.type, field.type_name = kinds.TYPE_MESSAGE, f".roomnet.{kind}"
            else:
                field.type = kind

    message("Dimension", ("size", 1, kinds.TYPE_INT64, False))
    message("Shape", ("dim", 2, "Dimension", True))
    message(
        "Tensor",
        ("dtype", 1, kinds.TYPE_INT32, False),
        ("tensor_shape", 2, "Shape", False),
        ("tensor_content", 4, kinds.TYPE_BYTES, False),
    )
    message(
        "Value",
        ("b", 5, kinds.TYPE_BOOL, False),
        ("type", 6, kinds.TYPE_INT32, False),
        ("tensor", 8, "Tensor", False),
    )
    message("Attribute", ("key", 1, kinds.TYPE_STRING, False), ("value", 2, "Value", False))
    message(
        "Node",
        ("name", 1, kinds.TYPE_STRING, False),
        ("op", 2, kinds.TYPE_STRING, False),
        ("input", 3, kinds.TYPE_STRING, True),
        ("attr", 5, "Attribute", True),
    )
    message("Library", ("function", 1, kinds.TYPE_BYTES, True), ("gradient", 2, kinds.TYPE_BYTES, True))
    message("Graph", ("node", 1, "Node", True), ("library", 2, "Library", False))
    pool = descriptor_pool.DescriptorPool()
    pool.Add(file)
    return message_factory.GetMessageClass(pool.FindMessageTypeByName("roomnet.Graph"))


def _base(reference: str) -> str:
    """The node's name in an input such as `^name` or `name:0`."""
    return reference.removeprefix("^").partition(":")[0]


def _graph_constant(graph: Any, nodes: dict[str, Any], wanted: str, values: Floats) -> str:
    """Add a constant in front and return its name."""
    name = wanted
    while name in nodes:
        name += "_"
    node = graph.node.add(name=name, op="Const")
    nodes[name] = node
    dtype, value = node.attr.add(key="dtype"), node.attr.add(key="value")
    dtype.value.type = value.value.tensor.dtype = _FLOAT
    for size in values.shape:
        value.value.tensor.tensor_shape.dim.add(size=size)
    value.value.tensor.tensor_content = values.astype("<f4").tobytes()
    return name


def _drop_unused(graph: Any) -> None:
    nodes = {node.name: node for node in graph.node}
    needed: set[str] = set()
    waiting = [_OUTPUT_NAME]
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting.extend(_base(reference) for reference in nodes[name].input)
    kept = [node for node in graph.node if node.name in needed or node.op == "Placeholder"]
    constants = [node for node in kept if node.op == "Const"]
    rest = [node for node in kept if node.op != "Const"]
    copies = [type(node).FromString(node.SerializeToString()) for node in (*constants, *rest)]
    del graph.node[:]
    graph.node.extend(copies)
