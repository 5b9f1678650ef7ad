"""Networks from elsewhere: every operation in them must be on a list of pure arithmetic, before anything runs them."""

from __future__ import annotations

from pathlib import Path

from roomnet_core.errors import ModelError
from roomnet_core.inference.tensorflow_engine import ALLOWED_OPS
from roomnet_core.network.head import graph_message
from roomnet_core.photos.problems import printable

# The same arithmetic under LiteRT's names. No control flow, no custom operations, no variables.
# fmt: off
ALLOWED_LITE_OPS = frozenset(
    {
        "ADD", "ADD_N", "AVERAGE_POOL_2D", "BATCH_MATMUL", "BROADCAST_TO", "CAST", "CONCATENATION", "CONV_2D",
        "DEPTHWISE_CONV_2D", "DEQUANTIZE", "DIV", "ELU", "EXP", "EXPAND_DIMS", "FILL", "FULLY_CONNECTED", "GATHER",
        "GELU", "HARD_SWISH", "LEAKY_RELU", "LOGISTIC", "MAXIMUM", "MAX_POOL_2D", "MEAN", "MINIMUM", "MUL", "NEG",
        "PACK", "PAD", "PADV2", "PRELU", "QUANTIZE", "REDUCE_MAX", "REDUCE_MIN", "RELU", "RELU6", "RESHAPE",
        "RESIZE_BILINEAR", "RESIZE_NEAREST_NEIGHBOR", "RSQRT", "SHAPE", "SLICE", "SOFTMAX", "SPLIT", "SQRT", "SQUARE",
        "SQUARED_DIFFERENCE", "SQUEEZE", "STRIDED_SLICE", "SUB", "SUM", "TANH", "TILE", "TRANSPOSE", "UNPACK",
    }
)
# fmt: on


def check_graph(content: bytes, path: Path) -> None:
    """Refuse a frozen graph that could do anything but arithmetic; TensorFlow is not needed for this.

    Raises:
        ModelError: the graph is damaged or holds another operation, which is named.
    """
    graph = graph_message()()
    try:
        graph.ParseFromString(content)
    except Exception as error:  # protobuf's DecodeError lives in a module that moved between versions
        raise ModelError(f"{path.name} is not a frozen graph: it is damaged or cut short.") from error
    if not graph.node:
        raise ModelError(f"{path.name} holds no operation: it is not a frozen graph.")
    if graph.library.function or graph.library.gradient:
        raise ModelError(f"{path.name} defines functions of its own, which a frozen graph does not need.")
    for node in graph.node:
        if node.op not in ALLOWED_OPS:
            raise _refused(path, node.op)


def check_lite(content: bytes, path: Path) -> None:
    """Refuse a LiteRT network that could do anything but arithmetic.

    Raises:
        ModelError: the network is damaged or holds another operation, which is named; or LiteRT is not installed.
    """
    try:
        from ai_edge_litert import schema_py_generated as schema
    except ImportError as error:
        raise ModelError("A model can only be checked with the LiteRT runtime, which is not installed.") from error
    names = {value: name for name, value in vars(schema.BuiltinOperator).items() if not name.startswith("_")}
    try:
        if content[4:8] != b"TFL3":
            raise ValueError("no LiteRT file")
        codes = schema.ModelT.InitFromPackedBuf(content, 0).operatorCodes
        kinds = [max(code.builtinCode, code.deprecatedBuiltinCode) for code in codes]
    except Exception as error:  # the reader of a damaged file raises nearly anything
        raise ModelError(f"{path.name} is not a LiteRT network: it is damaged or cut short.") from error
    for code, kind in zip(codes, kinds, strict=True):
        name = names.get(kind, str(kind))
        if name not in ALLOWED_LITE_OPS:
            custom = code.customCode.decode("utf-8", "replace") if code.customCode else name
            raise _refused(path, custom)


def _refused(path: Path, operation: str) -> ModelError:
    return ModelError(
        f"{path.name} holds the operation {printable(operation)}, which a room classifier does not need and which "
        "could harm. It was not imported."
    )
