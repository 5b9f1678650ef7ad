"""A LiteRT network in 8-bit arithmetic: weights and activations are integers, which processors multiply fastest.

An integer `q` stands for the number `(q - zero) * scale`. Kernels have a scale for each output channel and no zero;
activations have one scale, and -128 for zero behind a ReLU6, whose numbers are never negative. All summands of a chain
of skip connections share one scale, so that adding them is adding integers. Where the mean over all places is taken,
the integers become numbers again: features and logits are float32, and the last layer can be replaced as ever.

Source: Jacob et al., "Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference",
2018. How sums are rounded is XNNPACK's way: `rint(sum * (input_scale * kernel_scale / output_scale))` in float32.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import ml_dtypes
import numpy as np

from roomnet_core.errors import ModelError
from roomnet_core.network.head import constant_values, operator_kind, read_lite, write_lite

Array = np.ndarray[Any, Any]

LOWEST, HIGHEST = -128, 127
# Sums of products stay below 2^24, up to which float32 counts in ones.
_LARGEST_BIAS = 1 << 22


@dataclass(frozen=True, slots=True)
class Scale:
    """What the integers of one activation stand for."""

    scale: np.float32
    zero: int


def channel_scales(kernel: Array, *, depthwise: bool) -> Array:
    """The step of an 8-bit kernel, one for each output channel: the largest absolute weight is at most 127 steps.

    `kernel` is (h, w, in, out), or (h, w, channels, 1) of a depthwise layer. A step has four significant bits, rounded
    up. Seven bits of steps times four are eleven, so that float16 holds every weight exactly, and the LiteRT file can
    keep halves that are the same numbers.
    """
    axes = (0, 1, 3) if depthwise else tuple(range(kernel.ndim - 1))
    largest = np.abs(kernel).max(axis=axes, keepdims=True)
    return _four_bits(np.where(largest > 0, largest, 1) / HIGHEST)


def _four_bits(values: Array) -> Array:
    """Positive `values` rounded up to four significant bits, as bfloat16."""
    mantissa, exponent = np.frexp(values)
    return np.asarray(np.ldexp(np.ceil(mantissa * 16) / 16, exponent).astype(ml_dtypes.bfloat16))


def on_grid(kernel: Array, *, depthwise: bool) -> Array:
    """`kernel` rounded to its 8-bit grid; `channel_scales` of the result is that grid."""
    # Where rounding made the largest weight smaller, a finer grid may suffice, and then the second round takes it.
    for _ in range(2):
        scales = channel_scales(kernel, depthwise=depthwise).astype(np.float32)
        kernel = np.rint(kernel / scales) * scales
    return kernel


def integer_bias(bias: Array, step: Array) -> Array:
    """`bias` (C,) in units of `step` (C,), the input's scale times the kernel's: float32 whole numbers."""
    return np.asarray(np.rint(bias.astype(np.float32) / step.astype(np.float32)))


def quantize(lite: bytes, images: Array) -> bytes:
    """The float32 LiteRT network `lite` in 8-bit arithmetic; `images` (N, S, S, 3) show how large activations get.

    The kernels must lie on their 8-bit grid (`on_grid`).

    Raises:
        ModelError: the network has other layers than convolutions with or without ReLU6, sums, one mean over all
            places and one dense layer.
    """
    schema, model, graph, _ = read_lite(lite)
    scales = _activation_scales(lite, schema, model, graph, images)
    editor = _Editor(schema, model, graph)
    kinds = schema.BuiltinOperator
    for operator in graph.operators:
        operator.inputs = [int(number) for number in operator.inputs]
    mean = next(o for o in graph.operators if operator_kind(model, o) == kinds.MEAN)
    (image,) = (int(number) for number in graph.inputs)
    first = next(o for o in graph.operators if image in o.inputs)
    first.inputs[0] = editor.insert_before(first, kinds.QUANTIZE, image, scales[image])
    for operator in graph.operators:
        kind = operator_kind(model, operator)
        if kind in (kinds.CONV_2D, kinds.DEPTHWISE_CONV_2D):
            entering = scales[image if operator is first else operator.inputs[0]]
            editor.quantize_weights(operator, entering, depthwise=kind == kinds.DEPTHWISE_CONV_2D)
    for number, scale in scales.items():
        if number != image:
            editor.make_integer(number, scale)
    mean.inputs[0] = editor.insert_before(mean, kinds.DEQUANTIZE, mean.inputs[0], None)
    for code in model.operatorCodes:
        # The first versions that take 8-bit numbers.
        versions = {kinds.CONV_2D: 3, kinds.DEPTHWISE_CONV_2D: 3, kinds.ADD: 2, kinds.DEQUANTIZE: 2}
        code.version = versions.get(code.builtinCode, code.version)
    return write_lite(schema, model, graph)


def _activation_scales(lite: bytes, schema: Any, model: Any, graph: Any, images: Array) -> dict[int, Scale]:
    """The scale of every activation from the image to what the mean is taken of, by the number of its tensor."""
    kinds, functions = schema.BuiltinOperator, schema.ActivationFunctionType
    largest = _largest(lite, images)
    (image,) = (int(number) for number in graph.inputs)
    # Pixels lie between -1 and 1, and those of EfficientNet-Lite, (p - 127) / 128, fall on these very steps.
    found = {image: Scale(np.float32(1 / 128), -1)}
    shared: dict[int, set[int]] = {}
    for operator in graph.operators:
        kind = operator_kind(model, operator)
        if kind == kinds.MEAN:
            return found
        (output,) = (int(number) for number in operator.outputs)
        function = operator.builtinOptions.fusedActivationFunction
        if kind in (kinds.CONV_2D, kinds.DEPTHWISE_CONV_2D) and function == functions.RELU6:
            found[output] = Scale(np.float32(largest[output] / 255), LOWEST)
            continue
        if function != functions.NONE or kind not in (kinds.CONV_2D, kinds.ADD):
            break
        chain = {output}
        if kind == kinds.ADD:
            chain = chain.union(*(shared[int(number)] for number in operator.inputs))
        for number in chain:
            shared[number] = chain
            found[number] = Scale(np.float32(max(largest[each] for each in chain) / HIGHEST), 0)
    raise ModelError("This network has layers for which there is no 8-bit arithmetic here.")


def _largest(lite: bytes, images: Array) -> dict[int, float]:
    """The mean over `images` of the largest absolute value of each tensor; what is still larger will be cut off."""
    from ai_edge_litert.interpreter import Interpreter, OpResolverType

    # The optimised kernels would compute several layers as one and keep nothing in between.
    plain = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES
    interpreter = Interpreter(
        model_content=lite, experimental_op_resolver_type=plain, experimental_preserve_all_tensors=True
    )
    interpreter.allocate_tensors()
    (entry,) = (detail["index"] for detail in interpreter.get_input_details())
    numbers = [detail["index"] for detail in interpreter.get_tensor_details() if detail["dtype"] == np.float32]
    found = dict.fromkeys(numbers, 0.0)
    for image in images:
        interpreter.set_tensor(entry, image[None])
        interpreter.invoke()
        for number in numbers:
            found[number] += float(np.abs(interpreter.get_tensor(number)).max()) / len(images)
    return found


@dataclass(frozen=True, slots=True)
class _Editor:
    """Changes tensors and operations of a LiteRT graph in place."""

    schema: Any
    model: Any
    graph: Any

    def insert_before(self, operator: Any, kind: int, source: int, scale: Scale | None) -> int:
        """Put an operation of `kind` on the tensor `source` in front of `operator`; returns what it makes.

        That is integers of `scale`, or numbers without one.
        """
        old = self.graph.tensors[source]
        tensor = self.schema.TensorT()
        tensor.shape, tensor.name = old.shape, old.name + b"_made"
        tensor.type, tensor.buffer = self.schema.TensorType.FLOAT32, 0
        self.graph.tensors.append(tensor)
        made = len(self.graph.tensors) - 1
        if scale is not None:
            self.make_integer(made, scale)
        code = self.schema.OperatorCodeT()
        code.builtinCode = code.deprecatedBuiltinCode = kind
        code.version = 1
        inserted = self.schema.OperatorT()
        inserted.opcodeIndex, inserted.inputs, inserted.outputs = len(self.model.operatorCodes), [source], [made]
        self.model.operatorCodes.append(code)
        self.graph.operators.insert(self.graph.operators.index(operator), inserted)
        return made

    def make_integer(self, number: int, scale: Scale) -> None:
        tensor = self.graph.tensors[number]
        tensor.type = self.schema.TensorType.INT8
        tensor.quantization = self._parameters([scale.scale], [scale.zero], 0)

    def quantize_weights(self, operator: Any, entering: Scale, *, depthwise: bool) -> None:
        """Store kernel and bias of a convolution as integers."""
        kernel_number, bias_number = operator.inputs[1:3]
        # (out, h, w, in) and (1, h, w, channels) of a depthwise layer become (h, w, in, out) and (h, w, channels, 1).
        kernel = constant_values(self.model, self.graph, kernel_number).transpose(1, 2, 3, 0)
        bias = constant_values(self.model, self.graph, bias_number)
        steps = channel_scales(kernel, depthwise=depthwise)
        # A channel whose kernel died says its bias alone, which must be a number of steps that can be added up.
        least = _four_bits(np.maximum(np.abs(bias), 1e-30) / (entering.scale * _LARGEST_BIAS))
        steps = np.maximum(steps.astype(np.float32), least.astype(np.float32).reshape(steps.shape))
        whole = np.rint(kernel / steps).astype(np.int8).transpose(3, 0, 1, 2)
        each = entering.scale * steps.reshape(-1)
        axis = 3 if depthwise else 0
        self._replace(operator, 1, whole, self.schema.TensorType.INT8, steps.reshape(-1), axis)
        self._replace(operator, 2, integer_bias(bias, each).astype(np.int32), self.schema.TensorType.INT32, each, 0)

    def _replace(self, operator: Any, place: int, values: Array, kind: int, steps: Array, axis: int) -> None:
        old = self.graph.tensors[operator.inputs[place]]
        tensor, buffer = self.schema.TensorT(), self.schema.BufferT()
        buffer.data = np.frombuffer(np.ascontiguousarray(values).tobytes(), np.uint8)
        tensor.shape, tensor.type, tensor.name = list(values.shape), kind, old.name
        tensor.buffer = len(self.model.buffers)
        tensor.quantization = self._parameters(steps, np.zeros(len(steps)), axis)
        self.model.buffers.append(buffer)
        self.graph.tensors.append(tensor)
        operator.inputs[place] = len(self.graph.tensors) - 1

    def _parameters(self, scale: Any, zero: Any, axis: int) -> Any:
        parameters = self.schema.QuantizationParametersT()
        parameters.scale = np.asarray(scale, np.float32)
        parameters.zeroPoint = np.asarray(zero, np.int64)
        parameters.quantizedDimension = axis
        return parameters
