"""The original RoomNet architecture: 178,062 parameters with the default six classes."""

from __future__ import annotations

from typing import Any

import keras
from keras import layers

from roomnet_core.network.blocks import convolution_block, dense_block

INPUT_SIZE = 224

# One row a block: filters, depth, pooling size (None: no pooling), pooling stride.
CONVOLUTION_BLOCKS: tuple[tuple[int, int, int | None, int], ...] = (
    (8, 1, 3, 1),
    (32, 3, 4, 1),
    (64, 2, 4, 2),
    (128, 1, None, 1),
    (16, 3, 4, 2),
)
DENSE_BLOCKS = (32, 16, 8)


def build_roomnet(num_classes: int = 6, *, dropout: float = 0.0, l2: float = 0.0, relu6_logits: bool = False) -> Any:
    """Return the Keras model: `(N, 224, 224, 3)` float RGB in [-1, 1] to `(N, num_classes)` logits.

    Args:
        num_classes: width of the last dense layer.
        dropout: rate of the dropout layer after every block; 0 leaves the layers out.
        l2: weight of the L2 penalty on every kernel.
        relu6_logits: clip the logits to [0, 6], as the reference does before its softmax.
    """
    inputs = keras.Input((INPUT_SIZE, INPUT_SIZE, 3), name="image")
    x = inputs
    for number, (filters, depth, pool_size, pool_strides) in enumerate(CONVOLUTION_BLOCKS, start=1):
        name = f"block{number}"
        x = convolution_block(
            x, filters, name=name, depth=depth, pool_size=pool_size, pool_strides=pool_strides, l2=l2
        )
        if dropout:
            x = layers.Dropout(dropout, name=f"{name}_dropout")(x)
    x = layers.Flatten(name="flatten")(x)
    for number, units in enumerate(DENSE_BLOCKS, start=1):
        x = dense_block(x, units, name=f"dense{number}", l2=l2)
        if dropout:
            x = layers.Dropout(dropout, name=f"dense{number}_dropout")(x)
    x = layers.Dense(num_classes, name="logits")(x)
    if relu6_logits:
        x = layers.ReLU(max_value=6.0, name="logits_relu6")(x)
    return keras.Model(inputs, x, name="roomnet")
