"""The original RoomNet architecture in PyTorch, where bfloat16 halves the time of a step, and its way to Keras."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from roomnet_core.network.blocks import BATCH_NORM_EPSILON
from roomnet_core.network.roomnet import CONVOLUTION_BLOCKS, DENSE_BLOCKS

# A short run must forget the statistics that a batch norm starts with.
_MOMENTUM = 0.03
# The side of what the blocks before the last make of a whole photo.
_WHOLE = 46


class _Pool(torch.autograd.Function):
    """Mean of 4 x 4 pixels, no padding, of bfloat16 activations (N, C, H, W) stored channels last.

    The same numbers as `avg_pool2d`, which takes a quarter of a training step; a depthwise convolution is several
    times faster, both ways.
    """

    @staticmethod
    def forward(context: Any, x: torch.Tensor, stride: int) -> torch.Tensor:
        context.shape, context.stride = x.shape, stride
        return F.conv2d(x, _mean_kernel(x), stride=stride, groups=x.shape[1])

    @staticmethod
    def backward(context: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor, None]:
        gradient = gradients[0].contiguous(memory_format=torch.channels_last)
        photos, channels, height, width = context.shape
        if context.stride > 1 or gradient.shape[2] + 3 != height:
            # The transposed convolution, as a plain one over the gradient with zeros in between.
            wide = gradient.new_zeros((photos, height - 3, width - 3, channels)).permute(0, 3, 1, 2)
            wide[:, :, :: context.stride, :: context.stride] = gradient
            gradient = wide
        return F.conv2d(gradient, _mean_kernel(gradient), padding=3, groups=channels), None


def _mean_kernel(x: torch.Tensor) -> torch.Tensor:
    return x.new_full((x.shape[1], 1, 4, 4), 1 / 16)


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
            x = self.dropout(norm(F.relu6(dense(x)).float()))
        return self.logits(x)

    def _block(self, x: torch.Tensor, block: int, padding: int) -> torch.Tensor:
        _, depth, pool, stride = CONVOLUTION_BLOCKS[block]
        before = sum(each[1] for each in CONVOLUTION_BLOCKS[:block])
        first = None
        for number in range(before, before + depth):
            x = F.relu6(F.conv2d(x, _kernel(self.convolutions[number]), padding=padding))
            if pool == 4 and x.dtype == torch.bfloat16 and not padding:
                x = _Pool.apply(x, stride)
            elif pool is not None:
                x = F.avg_pool2d(x, pool, stride, padding=padding, count_include_pad=False)
            x = self.norms[number](x)
            first = x if first is None else first
        if depth > 1:
            x = x + _resized(first, x.shape[2])
        return self.dropout(self.sums[block](x))


def _kernel(convolution: nn.Linear) -> torch.Tensor:
    """`(filters, channels, 3, 3)`, stored channels last."""
    return convolution.weight.unflatten(1, (3, 3, -1)).permute(0, 3, 1, 2)


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
            layer.set_weights([_array(_kernel(next(convolutions))).transpose(2, 3, 1, 0)])
        elif layer.name.endswith("_dense"):
            layer.set_weights([_array(next(dense).weight).T])
        elif layer.name == "logits":
            classes = layer.units
            layer.set_weights([_array(network.logits.weight).T[:, :classes], _array(network.logits.bias)[:classes]])
        else:
            of_dense = layer.name.startswith("dense")
            norm = next(dense_norms if of_dense else sums if layer.name.endswith("_residual_bn") else norms)
            layer.set_weights([_array(v) for v in (norm.weight, norm.bias, norm.running_mean, norm.running_var)])


def _array(value: torch.Tensor) -> np.ndarray[Any, Any]:
    return value.detach().float().numpy()
