"""A small network cut out of a trained large one: fewer blocks, fewer channels, outputs fitted by least squares."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F

from training.torch_network import Bottleneck, Convolution, Lite

_RIDGE = 1e-3


@torch.no_grad()
def cut_out(
    large: Lite, blocks: Sequence[Sequence[int]], hidden: Sequence[int], head: int, photos: torch.Tensor
) -> Lite:
    """Return a network of one block for every entry of `blocks`: the numbers of the blocks of `large` it stands for.

    Its channels are `hidden` of the first of them: those whose activation moves the output most. Its projection is
    then fitted so that on `photos` (N, 3, S, S) the block's output is what `large` has after the last of them.
    The head with its `head` filters and the classifier start from random weights.
    """
    rows = []
    for numbers, width in zip(blocks, hidden, strict=True):
        *_, depthwise, project = large.blocks[numbers[0]].layers
        rows.append((width, project.weight.shape[0], depthwise.kernel, depthwise.stride))
    small = Lite(large.stem.weight.shape[0], rows, head, large.logits.out_features, large.dropout.p)
    small.stem.load_state_dict(large.stem.state_dict())
    original = large.stem(photos)
    ours = original.clone()
    for numbers, mine in zip(blocks, small.blocks, strict=True):
        source = large.blocks[numbers[0]]
        for number in numbers:
            original = large.blocks[number](original)
        _choose_channels(source, mine, ours)
        inner = mine.layers[:-1](ours)
        wanted = original - ours if mine.residual else original
        _fit(mine.layers[-1], inner, wanted)
        ours = mine(ours)
    for layer, fan_in in ((small.head, ours.shape[1]), (small.logits, head)):
        torch.nn.init.normal_(layer.weight, std=(2 / fan_in) ** 0.5 if layer is small.head else 0.01)
        torch.nn.init.zeros_(layer.bias)
    # A random head must neither clip nor vanish: bring its inputs' scale into the weights.
    small.head.weight.div_(ours.std())
    return small.to(memory_format=torch.channels_last)


def _choose_channels(source: Bottleneck, target: Bottleneck, x: torch.Tensor) -> None:
    project = source.layers[-1]
    inner = source.layers[:-1](x)
    importance = inner.std((0, 2, 3)) * project.weight.flatten(1).norm(dim=0)
    kept = importance.topk(target.layers[-1].weight.shape[1]).indices.sort().values
    for mine, theirs in zip(target.layers[:-1], source.layers[:-1], strict=True):
        mine.weight.copy_(theirs.weight[kept])
        mine.bias.copy_(theirs.bias[kept])


def _fit(project: Convolution, inner: torch.Tensor, wanted: torch.Tensor) -> None:
    """Ridge regression from the kept channels to the wanted output, over all photos and places."""
    x = inner.permute(0, 2, 3, 1).flatten(0, 2).double()
    y = wanted.permute(0, 2, 3, 1).flatten(0, 2).double()
    x_mean, y_mean = x.mean(0), y.mean(0)
    x, y = x - x_mean, y - y_mean
    gram = x.T @ x
    gram.diagonal().add_(_RIDGE * gram.diagonal().mean())
    weight = torch.linalg.solve(gram, x.T @ y)
    project.weight.copy_(weight.T[:, :, None, None])
    project.bias.copy_(y_mean - x_mean @ weight)


def relative_error(small: Lite, large: Lite, photos: torch.Tensor, after: int) -> float:
    """How far the trunk's output is from that of `large` after block `after`, relative to its spread."""
    with torch.no_grad():
        wanted = large.stem(photos)
        for block in large.blocks[: after + 1]:
            wanted = block(wanted)
        found = small.blocks(small.stem(photos))
        return float(F.mse_loss(found, wanted) / wanted.var())
