"""A teacher that looks at the very variant of a photo that its student sees, and explains what it saw there."""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F

from training.torch_network import Lite

# The teacher's input size: its answers hold up below the size that it was trained at, at half of the time.
_TEACHER_SIZE = 160


class Lesson:
    """A loss: the cross-entropy with `share` of the teacher's probabilities in its targets.

    With `hint`, for a `RoomNet` with a hint layer, also that many times what its middle gets wrong: the mean square
    error of its guess at the teacher's last feature map, channel by channel in units of its spread, and the
    cross-entropy of its own word on the photo. A label is one word; the map says 5 x 5 times hundreds of
    numbers, and neither has to come through the narrow last block. Sources: Beyer et al., "Knowledge distillation: a
    good teacher is patient and consistent", 2022 (the same variant); Romero et al., "FitNets", 2015 (hints).
    """

    def __init__(self, teacher: Lite, *, share: float, hint: float = 0.0):
        self._teacher, self._share, self._hint = teacher.eval().requires_grad_(False), share, hint
        self._spread = torch.nn.BatchNorm2d(teacher.head.weight.shape[1], affine=False, momentum=0.1)

    def __call__(self, network: Any, pixels: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        """`(B, 3, S, S)` pixels and the labels' `(B, outputs)` probabilities, or zeros where nobody labelled."""
        with torch.no_grad():
            seen = F.interpolate(pixels, (_TEACHER_SIZE, _TEACHER_SIZE), mode="bilinear", antialias=True)
            seen = self._teacher.trunk(seen.contiguous(memory_format=torch.channels_last))
            said = self._teacher.logits_of(seen).float().softmax(1)
        middle = network.trunk(pixels)
        outputs = network.logits_of(middle).float()
        loss = F.cross_entropy(outputs, (1 - self._share) * targets + self._share * said)
        if self._hint and middle.requires_grad:
            guess = network.hint(F.adaptive_avg_pool2d(middle, seen.shape[2:])).float()
            shown, word = guess[:, : seen.shape[1]], guess[:, seen.shape[1] :].mean((2, 3))
            loss = loss + self._hint * (F.mse_loss(shown, self._spread(seen.float())) + F.cross_entropy(word, said))
        return loss


def hint_channels(teacher: Lite) -> int:
    """How many channels the feature map of `teacher` has."""
    return int(teacher.head.weight.shape[1])
