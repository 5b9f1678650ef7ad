"""The stages that the original RoomNet is made of, and their gradients, as PyTorch functions over `stage.cpp`.

Activations are `(N, C, H, W)` float32 stored channels last. One thread works on a photo while that is in the cache.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
import torch.nn.functional as F
from torch import nn

from training.native import POOL, library


def stage(x: torch.Tensor, kernel: torch.Tensor, norm: nn.BatchNorm2d, pool: int, stride: int) -> torch.Tensor:
    """3 x 3 convolution without padding, ReLU6, mean of `pool` x `pool` pixels (0: none) and batch norm.

    `kernel` is `(filters, 9 * C)`, channels last.
    """
    if x.shape[1] == 3:  # pixels: the kernels take channels by 8
        x = F.pad(x, (0, 0, 0, 0, 0, 5))
        kernel = F.pad(kernel.unflatten(1, (9, 3)), (0, 5)).flatten(1)
    return _nchw(_Stage.apply(_nhwc(x), kernel, norm.weight, norm.bias, norm, pool, stride))


def block_sum(first: torch.Tensor, last: torch.Tensor, norm: nn.BatchNorm2d) -> torch.Tensor:
    """Batch norm of `last` and `first`, which is brought to its size on TensorFlow 1's bilinear grid."""
    return _nchw(_Sum.apply(_nhwc(first), _nhwc(last), norm.weight, norm.bias, norm))


def _nhwc(x: torch.Tensor) -> torch.Tensor:
    return x.permute(0, 2, 3, 1).contiguous()


def _nchw(x: torch.Tensor) -> torch.Tensor:
    return x.permute(0, 3, 1, 2)


def _kernels() -> Any:
    return library(
        "stage",
        stage_forward=(5, 6),
        stage_backward=(8, 6),
        gradient_sums=(3, 2),
        scale=(4, 2),
        sum_forward=(4, 3),
        sum_backward=(5, 3),
    )


def _for_photos(job: Callable[[int], None], photos: int) -> None:
    list(POOL.map(job, range(photos)))


def _at(*tensors: torch.Tensor | None) -> list[int | None]:
    return [None if tensor is None else tensor.data_ptr() for tensor in tensors]


def _packed(kernel: torch.Tensor) -> torch.Tensor:
    """`(filters, row and column, channels)` as `convolve` reads it: 16 filters, or 8, lie together."""
    lanes = min(16, kernel.shape[0])
    return kernel.unflatten(0, (-1, lanes)).permute(0, 2, 3, 1).contiguous()


class _Norm:
    """Batch norm as a factor and a term for each channel, and its gradient; in training of the batch's statistics."""

    def __init__(self, sums: torch.Tensor, count: int, norm: nn.BatchNorm2d):
        """`sums` (N, 2, C) float64: each photo's sums and sums of squares; `count`: values of a channel."""
        if norm.training:
            mean, square = sums.sum(0) / count
            variance = (square - mean * mean).clamp_(min=0)
            with torch.no_grad():
                norm.running_mean.lerp_(mean.float(), norm.momentum)
                norm.running_var.lerp_((variance * count / max(1, count - 1)).float(), norm.momentum)
        else:
            mean, variance = norm.running_mean.double(), norm.running_var.double()
        # Statistics that stand still depend on no value, as if on infinitely many.
        self.count = count if norm.training else math.inf
        self.mean, self.deviation = mean, (variance + norm.eps).sqrt()
        self.weight = norm.weight.detach().double()
        self.factor = (self.weight / self.deviation).float()
        self.term = (norm.bias.detach() - mean * self.weight / self.deviation).float()

    def gradients(self, sums: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """What turns the gradient g and the value p into p's gradient (3, C), then those of weight and bias.

        `sums` (N, 2, C) float64: each photo's sums of g and of g * p.
        """
        plain, product = sums.sum(0)
        to_weight = (product - self.mean * plain) / self.deviation
        one = self.weight / self.deviation
        two = -one * to_weight / self.deviation / self.count
        three = -one * plain / self.count - two * self.mean
        return torch.stack((one, two, three)).float(), to_weight.float(), plain.float()


class _Stage(torch.autograd.Function):
    """Convolution, ReLU6, mean pool and batch norm of `(N, H, W, C)` float32; see `stage.cpp`."""

    @staticmethod
    def forward(
        context: Any, x: torch.Tensor, kernel: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor,
        norm: nn.BatchNorm2d, pool: int, stride: int,
    ) -> torch.Tensor:  # fmt: skip
        photos, height, width, channels = x.shape
        filters = kernel.shape[0]
        shape = (height, width, channels, filters, pool, stride)
        rows, columns = (((n - 2 - pool) // stride + 1) if pool else n - 2 for n in (height, width))
        y = x.new_empty((photos, height - 2, width - 2, filters))
        p = x.new_empty((photos, rows, columns, filters)) if pool else y
        sums = torch.zeros((photos, 2, filters), dtype=torch.float64)
        packed, native = _packed(kernel.view(filters, 9, channels)), _kernels()
        _for_photos(lambda n: native.stage_forward(*_at(x[n], packed, y[n], p[n], sums[n]), *shape), photos)
        batch = _Norm(sums, photos * rows * columns, norm)
        z = torch.empty_like(p)
        _for_photos(lambda n: native.scale(*_at(p[n], batch.factor, batch.term, z[n]), rows * columns, filters), photos)
        context.save_for_backward(x, kernel, y, p)
        context.batch, context.shape = batch, shape
        return z

    @staticmethod
    def backward(context: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        g = gradients[0].contiguous()
        x, kernel, y, p = context.saved_tensors
        photos, rows, columns, filters = p.shape
        channels, native = x.shape[3], _kernels()
        sums = torch.zeros((photos, 2, filters), dtype=torch.float64)
        _for_photos(lambda n: native.gradient_sums(*_at(g[n], p[n], sums[n]), rows * columns, filters), photos)
        batch, to_weight, to_bias = context.batch.gradients(sums)
        back = _packed(kernel.view(filters, 9, channels).flip(1).transpose(0, 2).contiguous())
        to_x = torch.empty_like(x) if context.needs_input_grad[0] else None
        to_kernel = x.new_zeros((photos, 9, channels, filters))

        def job(n: int) -> None:
            its = None if to_x is None else to_x[n]
            native.stage_backward(*_at(g[n], p[n], y[n], x[n], back, batch, its, to_kernel[n]), *context.shape)

        _for_photos(job, photos)
        return to_x, to_kernel.sum(0).permute(2, 0, 1).flatten(1), to_weight, to_bias, None, None, None


class _Sum(torch.autograd.Function):
    """Batch norm of `last` (N, S, S, C) and `first` (N, T, T, C) brought to its size."""

    @staticmethod
    def forward(
        context: Any, first: torch.Tensor, last: torch.Tensor, weight: torch.Tensor, bias: torch.Tensor,
        norm: nn.BatchNorm2d,
    ) -> torch.Tensor:  # fmt: skip
        photos, side, _, channels = last.shape
        native, shape = _kernels(), (first.shape[1], side, channels)
        total, z = torch.empty_like(last), torch.empty_like(last)
        sums = torch.zeros((photos, 2, channels), dtype=torch.float64)
        _for_photos(lambda n: native.sum_forward(*_at(first[n], last[n], total[n], sums[n]), *shape), photos)
        batch = _Norm(sums, photos * side * side, norm)
        _for_photos(
            lambda n: native.scale(*_at(total[n], batch.factor, batch.term, z[n]), side * side, channels), photos
        )
        context.save_for_backward(total)
        context.batch, context.shape = batch, shape
        return z

    @staticmethod
    def backward(context: Any, *gradients: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        g = gradients[0].contiguous()
        (total,) = context.saved_tensors
        photos, side, _, channels = total.shape
        native = _kernels()
        sums = torch.zeros((photos, 2, channels), dtype=torch.float64)
        _for_photos(lambda n: native.gradient_sums(*_at(g[n], total[n], sums[n]), side * side, channels), photos)
        batch, to_weight, to_bias = context.batch.gradients(sums)
        to_last, to_first = torch.empty_like(total), g.new_empty((photos, *[context.shape[0]] * 2, channels))
        _for_photos(
            lambda n: native.sum_backward(*_at(g[n], total[n], batch, to_last[n], to_first[n]), *context.shape),
            photos,
        )
        return to_first, to_last, to_weight, to_bias, None
