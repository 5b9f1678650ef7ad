"""A LiteRT network in 8-bit arithmetic as a TensorFlow graph that computes the very same integers.

TensorFlow has no such arithmetic for processors, so whole numbers are held in float32, which is exact: products of 8
bits add up to less than 2^24 here. Activations are held without their zero, as `q - zero`. Kernels are stored as 8-bit
integers, steps as bfloat16 and biases as float16; what they become is folded once, when the graph is loaded.
"""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np

from roomnet_core.network.head import constant_values, operator_kind, read_lite
from roomnet_core.network.quantize import HIGHEST, LOWEST

Array = np.ndarray[Any, Any]


def integer_graph(tf: Any, lite: bytes, biases: list[Array], *, image: str, logits: str) -> Any:
    """The `GraphDef` from `image` (N, S, S, 3) float32 to `logits` (N, C) float32 of a network made by `quantize`.

    `biases` are those of the convolutions in their order, as they were before they became integers.
    """
    return _Builder(tf, lite, biases).build(image, logits)


class _Builder:
    def __init__(self, tf: Any, lite: bytes, biases: list[Array]) -> None:
        self._tf, self._ops = tf, tf.raw_ops
        self._schema, self._model, self._lite, self._dense = read_lite(lite)
        self._biases = iter(biases)
        self._made: dict[int, Any] = {}
        self._constants: dict[float, Any] = {}

    def build(self, image: str, logits: str) -> Any:
        tf, kinds = self._tf, self._schema.BuiltinOperator
        (entry,) = (int(number) for number in self._lite.inputs)
        with tf.Graph().as_default() as graph:
            _, *size = (int(n) for n in self._lite.tensors[entry].shape)
            self._made[entry] = tf.compat.v1.placeholder(tf.float32, [None, *size], name=image)
            make = {
                kinds.QUANTIZE: self._quantize,
                kinds.CONV_2D: self._convolution,
                kinds.DEPTHWISE_CONV_2D: self._convolution,
                kinds.ADD: self._add,
                kinds.DEQUANTIZE: self._dequantize,
                kinds.MEAN: self._mean,
                kinds.FULLY_CONNECTED: self._dense_layer,
            }
            for operator in self._lite.operators:
                (output,) = (int(number) for number in operator.outputs)
                self._made[output] = make[operator_kind(self._model, operator)](operator)
            (output,) = (int(number) for number in self._lite.outputs)
            tf.identity(self._made[output], name=logits)
        return graph.as_graph_def()

    def _quantize(self, operator: Any) -> Any:
        scale, _ = self._scale(operator.outputs[0])
        steps = self._ops.Mul(x=self._input(operator), y=self._number(1 / scale))
        return self._cut(self._ops.Round(x=steps), operator)

    def _convolution(self, operator: Any) -> Any:
        tf, ops = self._tf, self._ops
        depthwise = operator_kind(self._model, operator) == self._schema.BuiltinOperator.DEPTHWISE_CONV_2D
        options = operator.builtinOptions
        weights = self._lite.tensors[int(operator.inputs[1])]
        whole = np.frombuffer(bytes(self._model.buffers[weights.buffer].data), np.int8).reshape(weights.shape)
        kernel = ops.Cast(x=tf.constant(whole.transpose(1, 2, 3, 0)), DstT=tf.float32)
        steps = np.asarray(weights.quantization.scale, np.float32).astype(ml_dtypes.bfloat16)
        entering, leaving = (self._number(self._scale(n)[0]) for n in (operator.inputs[0], operator.outputs[0]))
        each = ops.Mul(x=ops.Cast(x=tf.constant(steps), DstT=tf.float32), y=entering)
        bias = ops.Cast(x=tf.constant(next(self._biases).astype(np.float16)), DstT=tf.float32)
        bias = ops.Round(x=ops.RealDiv(x=bias, y=each))
        same = {
            "strides": [1, options.strideH, options.strideW, 1],
            "padding": "SAME" if options.padding == self._schema.Padding.SAME else "VALID",
        }
        if depthwise:
            sums = ops.DepthwiseConv2dNative(input=self._input(operator), filter=kernel, **same)
        else:
            sums = ops.Conv2D(input=self._input(operator), filter=kernel, **same)
        sums = ops.BiasAdd(value=sums, bias=bias)
        return self._cut(ops.Round(x=ops.Mul(x=sums, y=ops.RealDiv(x=each, y=leaving))), operator)

    def _add(self, operator: Any) -> Any:
        # The summands have the scale of the sum: see `quantize`.
        first, second = (self._made[int(number)] for number in operator.inputs)
        return self._cut(self._ops.AddV2(x=first, y=second), operator)

    def _dequantize(self, operator: Any) -> Any:
        return self._ops.Mul(x=self._input(operator), y=self._number(self._scale(operator.inputs[0])[0]))

    def _mean(self, operator: Any) -> Any:
        return self._ops.Mean(input=self._input(operator), axis=self._tf.constant([1, 2]))

    def _dense_layer(self, operator: Any) -> Any:
        kernel, bias = (constant_values(self._model, self._lite, int(number)) for number in operator.inputs[1:3])
        # Halves hold the weights of an 8-bit grid exactly.
        halves = self._tf.constant(np.ascontiguousarray(kernel.T, np.float16))
        product = self._ops.MatMul(a=self._input(operator), b=self._ops.Cast(x=halves, DstT=self._tf.float32))
        return self._ops.BiasAdd(value=product, bias=self._tf.constant(bias))

    def _cut(self, x: Any, operator: Any) -> Any:
        """Keep `q` within 8 bits."""
        _, zero = self._scale(operator.outputs[0])
        low = self._ops.Relu(features=x) if zero == LOWEST else self._ops.Maximum(x=x, y=self._number(LOWEST - zero))
        return self._ops.Minimum(x=low, y=self._number(HIGHEST - zero))

    def _input(self, operator: Any) -> Any:
        return self._made[int(operator.inputs[0])]

    def _scale(self, number: Any) -> tuple[float, int]:
        parameters = self._lite.tensors[int(number)].quantization
        return float(parameters.scale[0]), int(parameters.zeroPoint[0])

    def _number(self, value: float) -> Any:
        """A constant, made once for all that use it."""
        key = float(np.float32(value))
        if key not in self._constants:
            self._constants[key] = self._tf.constant(key, self._tf.float32)
        return self._constants[key]
