"""The original RoomNet architecture in PyTorch, where bfloat16 halves the time of a step, and its way to Keras."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

from roomnet_core.network.blocks import BATCH_NORM_EPSILON
from roomnet_core.network.roomnet import CONVOLUTION_BLOCKS, DENSE_BLOCKS, INPUT_SIZE

# A short run must forget the statistics that a batch norm starts with.
_MOMENTUM = 0.03


class RoomNet(nn.Module):
    """`(N, 3, S, S)` pixels to `(N, outputs)` logits; the same numbers as `roomnet_core.network.roomnet` at S = 224.

    The 2 x 2 places that 224 pixels leave are flattened. Of smaller photos nothing would be left: for them
    convolutions and pools are padded and the places averaged, so that half the side, a quarter of the work, trains
    the same kernels.
    """

    def __init__(self, outputs: int, dropout: float = 0.0):
        super().__init__()
        self.dropout = nn.Dropout(dropout)
        convolutions, norms, sums, width = [], [], [], 3
        for filters, depth, _, _ in CONVOLUTION_BLOCKS:
            for _ in range(depth):
                convolutions.append(nn.Conv2d(width, filters, 3, bias=False))
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

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        small = x.shape[2] < INPUT_SIZE
        layers = iter(zip(self.convolutions, self.norms, strict=True))
        for (_, depth, pool, stride), total in zip(CONVOLUTION_BLOCKS, self.sums, strict=True):
            first = None
            for _ in range(depth):
                convolution, norm = next(layers)
                x = F.relu6(F.conv2d(x, convolution.weight, padding=int(small)))
                if pool is not None:
                    # A pool of four pixels has no middle: three come closest at the same size.
                    side = 3 if small and stride == 1 else pool
                    x = F.avg_pool2d(x, side, stride, padding=int(small), count_include_pad=False)
                x = norm(x)
                first = x if first is None else first
            if depth > 1:
                x = x + _resized(first, x.shape[2])
            x = self.dropout(total(x))
        # Keras flattens (height, width, channels); an average stands for each of the four places alike.
        x = x.mean((2, 3)).repeat(1, 4) if small else x.permute(0, 2, 3, 1).flatten(1)
        for dense, norm in zip(self.dense, self.dense_norms, strict=True):
            x = self.dropout(norm(F.relu6(dense(x)).float()))
        return self.logits(x)


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
            layer.set_weights([_array(next(convolutions).weight).transpose(2, 3, 1, 0)])
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
