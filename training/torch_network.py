"""EfficientNet-Lite in PyTorch, batch norm folded into its convolutions, for fine-tuning on a CPU.

Why not the Keras model itself: a training step of Lite0 at 160 pixels takes 24 ms a photo on two cores in TensorFlow,
and a third of that here (bfloat16, channels last, no batch statistics, and a depthwise gradient of our own). The
weights go back into the Keras model of `roomnet_core.network`, which is what gets frozen and measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from roomnet_core.network.head import constant_values, operator_kind, read_lite
from training.native import POOL, library

Array = np.ndarray[Any, Any]

# Whether convolutions are computed in bfloat16: a processor without AVX-512 imitates it, an order of magnitude slower.
HALVES = torch.backends.cpu.get_cpu_capability() not in ("DEFAULT", "NO AVX", "AVX2")


def same_padding(size: int, kernel: int, stride: int) -> tuple[int, int]:
    """TensorFlow's `SAME` padding of one axis: (before, after)."""
    total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
    return total // 2, total - total // 2


def _pad(x: torch.Tensor, kernel: int, stride: int) -> torch.Tensor:
    rows, columns = (same_padding(x.shape[axis], kernel, stride) for axis in (2, 3))
    return F.pad(x, (*columns, *rows)) if any((*rows, *columns)) else x  # padding by nothing would copy


class _Depthwise(torch.autograd.Function):
    """Depthwise convolution, `SAME` padding, of activations (N, C, H, W) stored channels last.

    The gradient of its kernel is taken of bfloat16 values, whatever the activations are.
    """

    @staticmethod
    def forward(context: Any, x: torch.Tensor, weight: torch.Tensor, stride: int) -> torch.Tensor:
        kernel = weight.shape[-1]
        half = weight.to(x.dtype)
        context.save_for_backward(x, half)
        context.stride = stride
        if stride == 1:
            return F.conv2d(x, half, padding=kernel // 2, groups=x.shape[1])
        return F.conv2d(_pad(x, kernel, stride), half, stride=stride, groups=x.shape[1])

    @staticmethod
    def backward(context: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, None]:
        x, weight = context.saved_tensors
        gradient = gradients[0].contiguous(memory_format=torch.channels_last)
        stride, kernel, channels = context.stride, weight.shape[-1], x.shape[1]
        flipped = weight.flip(2, 3)
        if stride == 1:
            to_input = F.conv2d(gradient, flipped, padding=kernel // 2, groups=channels)
        else:
            # The transposed convolution, as a plain one over the gradient with zeros in between.
            spread = []
            for axis in (2, 3):
                before = kernel - 1 - same_padding(x.shape[axis], kernel, stride)[0]
                spread.append((before, x.shape[axis] + kernel - 1))
            (top, height), (left, width) = spread
            wide = gradient.new_zeros((x.shape[0], height, width, channels)).permute(0, 3, 1, 2)
            wide[:, :, top::stride, left::stride][:, :, : gradient.shape[2], : gradient.shape[3]] = gradient
            to_input = F.conv2d(wide, flipped, groups=channels)
        x = x.contiguous(memory_format=torch.channels_last).bfloat16()
        gradient = gradient.bfloat16()
        top, left = (same_padding(x.shape[axis], kernel, stride)[0] for axis in (2, 3))
        to_weight = torch.empty((channels, 1, kernel, kernel), dtype=torch.float32)
        middle = channels // 32 * 16
        compute = library("depthwise", depthwise_kernel_gradient=(3, 12)).depthwise_kernel_gradient

        def part(limits: tuple[int, int]) -> None:
            compute(
                x.data_ptr(), gradient.data_ptr(), to_weight.data_ptr(), kernel, stride, x.shape[0], channels,
                *x.shape[2:], *gradient.shape[2:], top, left, *limits,
            )  # fmt: skip

        list(POOL.map(part, [(0, middle), (middle, channels)]))
        return to_input, to_weight, None


class Convolution(nn.Module):
    """A convolution with bias (a folded batch norm), `SAME` padding, and ReLU6 where `relu6`."""

    def __init__(
        self, inputs: int, filters: int, kernel: int, stride: int = 1, *, depthwise: bool = False, relu6: bool
    ):
        super().__init__()
        if depthwise and filters % 16:
            raise ValueError(f"The depthwise kernel takes channels by 16. Received: {filters}")
        self.kernel, self.stride, self.depthwise, self.relu6 = kernel, stride, depthwise, relu6
        self.weight = nn.Parameter(torch.zeros(filters, 1 if depthwise else inputs, kernel, kernel))
        self.bias = nn.Parameter(torch.zeros(filters))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.depthwise:
            x = _Depthwise.apply(x, self.weight, self.stride) + self.bias.to(x.dtype)[:, None, None]
        else:
            x = F.conv2d(_pad(x, self.kernel, self.stride), self.weight, self.bias, self.stride)
        return F.relu6(x) if self.relu6 else x


class Bottleneck(nn.Module):
    """Inverted residual: expand, depthwise, project, and the input added where the shapes allow it."""

    def __init__(self, inputs: int, hidden: int, filters: int, kernel: int, stride: int, *, expand: bool):
        super().__init__()
        self.residual = stride == 1 and inputs == filters
        layers = [Convolution(inputs, hidden, 1, relu6=True)] if expand else []
        layers.append(Convolution(hidden, hidden, kernel, stride, depthwise=True, relu6=True))
        layers.append(Convolution(hidden, filters, 1, relu6=False))
        self.layers = nn.Sequential(*layers)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return x + self.layers(x) if self.residual else self.layers(x)


class Lite(nn.Module):
    """`(N, 3, S, S)` pixels to `(N, outputs)` logits. `blocks`: rows of (hidden, filters, kernel, stride)."""

    def __init__(
        self, stem: int, blocks: list[tuple[int, int, int, int]], head: int, outputs: int, dropout: float = 0.2
    ):
        super().__init__()
        self.stem = Convolution(3, stem, 3, 2, relu6=True)
        width, rows = stem, []
        for number, (hidden, filters, kernel, stride) in enumerate(blocks):
            rows.append(Bottleneck(width, hidden, filters, kernel, stride, expand=number > 0))
            width = filters
        self.blocks = nn.Sequential(*rows)
        self.head = Convolution(width, head, 1, relu6=True)
        self.dropout = nn.Dropout(dropout)
        self.logits = nn.Linear(head, outputs)

    def trunk(self, x: torch.Tensor) -> torch.Tensor:
        """The last block's feature map `(N, C, T, T)`."""
        return self.blocks(self.stem(x))

    def logits_of(self, x: torch.Tensor) -> torch.Tensor:
        """`(N, outputs)` logits from what `trunk` returned."""
        return self.logits(self.dropout(self._pooled(x)))

    def features(self, x: torch.Tensor) -> torch.Tensor:
        return self._pooled(self.trunk(x))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.logits_of(self.trunk(x))

    def _pooled(self, x: torch.Tensor) -> torch.Tensor:
        return self.head(x).float().mean((2, 3))

    def convolutions(self) -> list[Convolution]:
        """In the order of the forward pass, which is the order of every checkpoint."""
        return [module for module in self.modules() if isinstance(module, Convolution)]


@dataclass(frozen=True, slots=True)
class Weights:
    """One folded layer: `kernel` in TensorFlow's order, `bias`, and the stride and kind of a convolution."""

    kernel: Array
    bias: Array
    stride: int
    depthwise: bool


def from_keras(model: Any, dropout: float) -> Lite:
    """The same network as a Keras model of `build_efficientnet_lite`, with its weights, batch norms folded."""
    from roomnet_core.network.folding import fold_batch_norm

    found = []
    for layer in fold_batch_norm(model).layers:
        if layer.weights:
            strides = getattr(layer, "strides", (1, 1))
            found.append(Weights(*layer.get_weights(), strides[0], type(layer).__name__ == "DepthwiseConv2D"))
    return _assemble(found, dropout)


def from_lite(lite: bytes, dropout: float) -> Lite:
    """The network of a `graph.tflite` whose trunk is an EfficientNet-Lite, as numbers if it computes with integers."""
    schema, model, graph, dense = read_lite(lite)
    kinds = schema.BuiltinOperator
    layers = []
    for operator in graph.operators:
        kind = operator_kind(model, operator)
        if kind in (kinds.CONV_2D, kinds.DEPTHWISE_CONV_2D):
            kernel, bias = (constant_values(model, graph, int(number)) for number in operator.inputs[1:3])
            depthwise = kind == kinds.DEPTHWISE_CONV_2D
            layers.append(Weights(kernel.transpose(1, 2, 3, 0), bias, operator.builtinOptions.strideH, depthwise))
    kernel, bias = (constant_values(model, graph, int(number)) for number in dense.inputs[1:3])
    return _assemble([*layers, Weights(kernel.T, bias, 1, False)], dropout)


def _assemble(layers: Sequence[Weights], dropout: float) -> Lite:
    *convolutions, logits = layers
    blocks, open_block = [], None
    for layer in convolutions[1:-1]:
        if layer.depthwise:
            open_block = layer
        elif open_block is not None:
            hidden, kernel = open_block.kernel.shape[2], open_block.kernel.shape[0]
            blocks.append((hidden, layer.kernel.shape[3], kernel, open_block.stride))
            open_block = None
    stem, head = (layer.kernel.shape[3] for layer in (convolutions[0], convolutions[-1]))
    network = Lite(stem, blocks, head, logits.kernel.shape[1], dropout)
    with torch.no_grad():
        for target, layer in zip(network.convolutions(), convolutions, strict=True):
            order = (2, 3, 0, 1) if layer.depthwise else (3, 2, 0, 1)
            target.weight.copy_(torch.from_numpy(np.ascontiguousarray(layer.kernel.transpose(order))))
            target.bias.copy_(torch.from_numpy(layer.bias))
        network.logits.weight.copy_(torch.from_numpy(logits.kernel.T.copy()))
        network.logits.bias.copy_(torch.from_numpy(logits.bias))
    return network.to(memory_format=torch.channels_last)


def to_keras(network: Lite, model: Any) -> None:
    """Write the weights into a Keras model of the same shape; its batch norms then pass everything but the bias."""
    layers = [layer for layer in model.layers if layer.weights]
    convolutions = iter(network.convolutions())
    current: Convolution | None = None
    for layer in layers:
        kind = type(layer).__name__
        if kind in ("Conv2D", "DepthwiseConv2D"):
            current = next(convolutions)
            kernel = current.weight.detach().float().numpy()
            layer.set_weights([kernel.transpose((2, 3, 0, 1) if current.depthwise else (2, 3, 1, 0))])
        elif kind == "BatchNormalization":
            assert current is not None
            bias = current.bias.detach().float().numpy()
            ones, zeros = np.ones_like(bias), np.zeros_like(bias)
            layer.set_weights([ones, bias, zeros, ones - layer.epsilon])
        else:
            layer.set_weights([network.logits.weight.detach().numpy().T, network.logits.bias.detach().numpy()])
