"""The original RoomNet architecture in PyTorch, with stages of our own, and its way to Keras."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from roomnet_core.network.blocks import BATCH_NORM_EPSILON
from roomnet_core.network.head import constant_values, operator_kind, read_lite
from roomnet_core.network.roomnet import CONVOLUTION_BLOCKS, DENSE_BLOCKS
from training.stages import block_sum, stage

# A short run must forget the statistics that a batch norm starts with.
_MOMENTUM = 0.03
# The side of what the blocks before the last make of a whole photo.
_WHOLE = 46


class RoomNet(nn.Module):
    """`(N, 3, S, S)` pixels to `(N, outputs)` logits; the same numbers as `roomnet_core.network.roomnet` at S = 224.

    The 2 x 2 places that 224 pixels leave are flattened. Of smaller photos nothing would be left: for them the last
    block is padded and the places averaged, so that half the side, a fifth of the work, trains the same kernels.
    With `trunk_learns` false the last block and the dense layers learn alone, in a third of the time.

    `hint` is the number of channels of a teacher's feature map; a 1 x 1 convolution that is no part of the shipped
    network says them, and the logits, from the last block's input.
    """

    def __init__(self, outputs: int, dropout: float = 0.0, hint: int = 0):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        self.trunk_learns = True
        convolutions, norms, sums, width = [], [], [], 3
        for filters, depth, _, _ in CONVOLUTION_BLOCKS:
            for _ in range(depth):
                convolutions.append(nn.Linear(9 * width, filters, bias=False))  # matrices, as Muon wants them
                norms.append(nn.BatchNorm2d(filters, BATCH_NORM_EPSILON, _MOMENTUM))
                width = filters
            sums.append(nn.BatchNorm2d(filters, BATCH_NORM_EPSILON, _MOMENTUM) if depth > 1 else nn.Identity())
        self.convolutions, self.norms, self.sums = (
            nn.ModuleList(convolutions),
            nn.ModuleList(norms),
            nn.ModuleList(sums),
        )
        widths = (4 * width, *DENSE_BLOCKS)
        self.dense = nn.ModuleList(nn.Linear(a, b, bias=False) for a, b in pairwise(widths))
        self.dense_norms = nn.ModuleList(nn.BatchNorm1d(b, BATCH_NORM_EPSILON, _MOMENTUM) for b in DENSE_BLOCKS)
        self.logits = nn.Linear(DENSE_BLOCKS[-1], outputs)
        for layer in (*self.convolutions, *self.dense):
            nn.init.xavier_uniform_(layer.weight)
        self.hint = nn.Conv2d(CONVOLUTION_BLOCKS[-2][0], hint + outputs, 1) if hint else None

    def norms_in_order(self) -> list[Any]:
        """The batch norms in the order of the forward pass."""
        found, norms = [], iter(self.norms)
        for (_, depth, _, _), norm in zip(CONVOLUTION_BLOCKS, self.sums, strict=True):
            found += [next(norms) for _ in range(depth)]
            found += [norm] if depth > 1 else []
        return [*found, *self.dense_norms]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.logits_of(self.trunk(x))

    def trunk(self, x: torch.Tensor) -> torch.Tensor:
        """All blocks of convolutions but the last: `(N, 128, T, T)`, whose pixels see 43 x 43 of the photo's."""
        with torch.set_grad_enabled(torch.is_grad_enabled() and self.trunk_learns):
            for block in range(len(CONVOLUTION_BLOCKS) - 1):
                x = self._block(x, block, padding=0)
        return x

    def logits_of(self, x: torch.Tensor) -> torch.Tensor:
        """`(N, outputs)` logits from what `trunk` returned."""
        small = x.shape[2] < _WHOLE
        x = self._block(x, len(CONVOLUTION_BLOCKS) - 1, padding=int(small))
        # Keras flattens (height, width, channels); an average stands for each of the four places alike.
        x = x.mean((2, 3)).repeat(1, 4) if small else x.permute(0, 2, 3, 1).flatten(1)
        for dense, norm in zip(self.dense, self.dense_norms, strict=True):
            x = self.dropout(norm(F.relu6(dense(x)).to(norm.weight.dtype)))
        return self.logits(x)

    def _block(self, x: torch.Tensor, block: int, padding: int) -> torch.Tensor:
        _, depth, pool, stride = CONVOLUTION_BLOCKS[block]
        before = sum(each[1] for each in CONVOLUTION_BLOCKS[:block])
        fused = not padding and x.dtype == torch.float32
        first = None
        for number in range(before, before + depth):
            kernel, norm = self.convolutions[number].weight, self.norms[number]
            if fused:
                x = stage(x, kernel, norm, pool or 0, stride)
            else:
                x = F.relu6(F.conv2d(x, _kernel(kernel), padding=padding))
                if pool is not None:
                    x = F.avg_pool2d(x, pool, stride, padding=padding, count_include_pad=False)
                x = norm(x)
            first = x if first is None else first
        if depth > 1 and fused:
            x = block_sum(first, x, self.sums[block])
        elif depth > 1:
            x = self.sums[block](x + _resized(first, x.shape[2]))
        return self.dropout(x)


def _kernel(weight: torch.Tensor) -> torch.Tensor:
    """`(filters, channels, 3, 3)`, stored channels last."""
    return weight.unflatten(1, (3, 3, -1)).permute(0, 3, 1, 2)


def _resized(x: torch.Tensor, side: int) -> torch.Tensor:
    """TensorFlow 1's bilinear grid: output `i` samples input position `i * in / out`."""
    if x.shape[2] == side:
        return x
    x = x.permute(0, 2, 3, 1)  # whole pixels lie together, and are what is gathered
    for axis in (1, 2):
        inside = x.shape[axis]
        position = np.arange(side) * (inside / side)
        low = np.minimum(position.astype(np.int64), inside - 1)
        shape = [1, 1, 1, 1]
        shape[axis] = side
        mix = torch.from_numpy((position - low).astype(np.float32).reshape(shape)).to(x.dtype)
        lower = x.index_select(axis, torch.from_numpy(low))
        upper = x.index_select(axis, torch.from_numpy(np.minimum(low + 1, inside - 1)))
        x = lower + (upper - lower) * mix
    return x.permute(0, 3, 1, 2)


def to_keras(network: RoomNet, model: Any) -> None:
    """Write the weights into the Keras model of `build_roomnet`; logits that it has no class for are left out."""
    convolutions, norms, dense_norms = iter(network.convolutions), iter(network.norms), iter(network.dense_norms)
    dense, sums = iter(network.dense), (norm for norm in network.sums if isinstance(norm, nn.BatchNorm2d))
    for layer in (layer for layer in model.layers if layer.weights):
        if layer.name.endswith("_conv"):
            layer.set_weights([_array(_kernel(next(convolutions).weight)).transpose(2, 3, 1, 0)])
        elif layer.name.endswith("_dense"):
            layer.set_weights([_array(next(dense).weight).T])
        elif layer.name == "logits":
            classes = layer.units
            layer.set_weights([_array(network.logits.weight).T[:, :classes], _array(network.logits.bias)[:classes]])
        else:
            of_dense = layer.name.startswith("dense")
            norm = next(dense_norms if of_dense else sums if layer.name.endswith("_residual_bn") else norms)
            layer.set_weights([_array(v) for v in (norm.weight, norm.bias, norm.running_mean, norm.running_var)])


def from_lite(lite: bytes, outputs: int, dropout: float, hint: int) -> RoomNet:
    """The network of a float32 `graph.tflite` of this architecture; the hint and the logits it lacks begin at zero.

    Batch norms come as a factor and a term for each channel, so with the statistics 0 and 1: see `settle`.
    """
    schema, model, graph, _ = read_lite(lite)
    kinds = schema.BuiltinOperator
    matrices: list[np.ndarray[Any, Any]] = []
    factors: list[np.ndarray[Any, Any]] = []
    terms: list[np.ndarray[Any, Any]] = []
    for operator in graph.operators:
        kind = operator_kind(model, operator)
        if kind in (kinds.CONV_2D, kinds.FULLY_CONNECTED):
            matrices.append(constant_values(model, graph, int(operator.inputs[1])))
        elif kind in (kinds.MUL, kinds.ADD) and len(graph.tensors[int(operator.inputs[1])].shape) == 1:
            into = factors if kind == kinds.MUL else terms
            into.append(constant_values(model, graph, int(operator.inputs[1])))
    logits, bias = matrices.pop(), constant_values(model, graph, int(graph.operators[-1].inputs[2]))
    network = RoomNet(outputs, dropout, hint)
    with torch.no_grad():
        for layer, kernel in zip((*network.convolutions, *network.dense), matrices, strict=True):
            layer.weight.copy_(torch.from_numpy(kernel.reshape(len(kernel), -1)))
        # The last batch norm has become a part of the logits.
        for norm, factor, term in zip(network.norms_in_order()[:-1], factors, terms, strict=True):
            norm.weight.copy_(torch.from_numpy(factor))
            norm.bias.copy_(torch.from_numpy(term))
        for norm in network.norms_in_order():
            norm.running_var.fill_(1 - BATCH_NORM_EPSILON)
        for parameter in (*network.logits.parameters(), *(network.hint.parameters() if network.hint else ())):
            parameter.zero_()
        network.logits.weight[: len(logits)] = torch.from_numpy(logits)
        network.logits.bias[: len(logits)] = torch.from_numpy(bias)
    return network


def settle(network: RoomNet, x: torch.Tensor) -> None:
    """Give each batch norm the statistics of what it sees of the photos `x` (N, 3, S, S), and answer as before.

    A batch norm that is to learn must start with the statistics that a batch will have. In float64, which goes through
    each batch norm by itself.
    """

    def adopt(norm: nn.BatchNorm1d | nn.BatchNorm2d, inputs: tuple[torch.Tensor]) -> None:
        places = [axis for axis in range(inputs[0].ndim) if axis != 1]
        mean, variance = inputs[0].mean(places), inputs[0].var(places, correction=0)
        scale = (norm.running_var + norm.eps).sqrt()
        factor = norm.weight / scale
        norm.bias.add_((mean - norm.running_mean) * factor)
        norm.weight.copy_(factor * (variance + norm.eps).sqrt())
        norm.running_mean.copy_(mean)
        norm.running_var.copy_(variance)

    hooks = [norm.register_forward_pre_hook(adopt) for norm in network.norms_in_order()]
    with torch.no_grad():
        network.double().eval()(x.double())
    network.float()
    for hook in hooks:
        hook.remove()


def _array(value: torch.Tensor) -> np.ndarray[Any, Any]:
    return value.detach().float().numpy()
