"""The three building blocks of the RoomNet architecture, in plain Keras 3.

Every block is a function from one symbolic tensor to another, so a model is read top to bottom. Nothing here
calls a TensorFlow op: the same model builds and trains under the JAX and torch backends.
"""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers

# TensorFlow 1 used 1e-3 for batch normalisation, and the reference checkpoint was trained with it.
BATCH_NORM_EPSILON = 1e-3


def batch_norm(x: Any, *, momentum: float = 0.99, name: str | None = None) -> Any:
    """Batch normalisation with the reference's epsilon; `momentum` is the decay of the moving statistics."""
    return layers.BatchNormalization(epsilon=BATCH_NORM_EPSILON, momentum=momentum, name=name)(x)


@keras.saving.register_keras_serializable(package="roomnet")
class ResizeBilinear(layers.Layer):
    """Bilinear resize with TensorFlow 1's sampling grid: output pixel `i` samples input position `i * in / out`.

    `keras.layers.Resizing` samples at half-pixel centres, which is not what the reference checkpoint was trained
    with (`align_corners=False, half_pixel_centers=False`). Rows and columns are separable: along each axis the two
    neighbours are gathered and mixed, which every backend can differentiate and which freezes to a few bytes.

    Input `(N, H, W, C)`, output `(N, height, width, C)`. Source of the formula: `tf.compat.v1.image.resize_bilinear`.
    """

    def __init__(self, height: int, width: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.height = height
        self.width = width

    def call(self, x: Any) -> Any:
        return _interpolate(_interpolate(x, 1, self.height), 2, self.width)

    def compute_output_shape(self, input_shape: tuple[int | None, ...]) -> tuple[int | None, ...]:
        return (input_shape[0], self.height, self.width, input_shape[3])

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "height": self.height, "width": self.width}


def _interpolate(x: Any, axis: int, out_size: int) -> Any:
    """Linear interpolation along `axis` at source position `i * in_size / out_size`, clamped at the last pixel."""
    in_size = x.shape[axis]
    position = np.arange(out_size) * (in_size / out_size)
    low = np.minimum(position.astype("int32"), in_size - 1)
    high = np.minimum(low + 1, in_size - 1)
    shape = [1, 1, 1, 1]
    shape[axis] = out_size
    fraction = (position - low).astype("float32").reshape(shape)
    ops = keras.ops
    lower, upper = ops.take(x, low, axis=axis), ops.take(x, high, axis=axis)
    return lower + (upper - lower) * ops.convert_to_tensor(fraction, dtype=x.dtype)


def convolution_block(
    x: Any,
    filters: int,
    *,
    name: str,
    depth: int = 1,
    kernel_size: int = 3,
    strides: int = 1,
    pool_size: int | None = None,
    pool_strides: int = 1,
    l2: float = 0.0,
) -> Any:
    """`depth` repeats of convolution -> ReLU6 -> average pooling -> batch norm, all with valid padding and no bias.

    With `depth > 1` the output of the first repeat is resized to the last one's size and added, and the sum is
    batch-normalised once more (the residual block of the reference).
    """
    first = None
    for repeat in range(1, depth + 1):
        prefix = f"{name}_{repeat}"
        x = layers.Conv2D(
            filters,
            kernel_size,
            strides=strides,
            use_bias=False,
            kernel_regularizer=keras.regularizers.L2(l2) if l2 else None,
            name=f"{prefix}_conv",
        )(x)
        x = layers.ReLU(max_value=6.0, name=f"{prefix}_relu6")(x)
        if pool_size is not None:
            x = layers.AveragePooling2D(pool_size, strides=pool_strides, name=f"{prefix}_pool")(x)
        x = batch_norm(x, name=f"{prefix}_bn")
        if first is None:
            first = x
    if depth > 1:
        shortcut = ResizeBilinear(x.shape[1], x.shape[2], name=f"{name}_shortcut")(first)
        x = layers.Add(name=f"{name}_add")([x, shortcut])
        x = batch_norm(x, name=f"{name}_residual_bn")
    return x


def dense_block(x: Any, units: int, *, name: str, l2: float = 0.0) -> Any:
    """Dense without bias -> ReLU6 -> batch norm."""
    x = layers.Dense(
        units, use_bias=False, kernel_regularizer=keras.regularizers.L2(l2) if l2 else None, name=f"{name}_dense"
    )(x)
    x = layers.ReLU(max_value=6.0, name=f"{name}_relu6")(x)
    return batch_norm(x, name=f"{name}_bn")
