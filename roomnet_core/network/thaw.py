"""A frozen network made trainable again: the weights of a LiteRT file in a Keras model without batch normalisation."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers

from roomnet_core.errors import ModelError
from roomnet_core.network.efficientnet_lite import VARIANTS, build_efficientnet_lite
from roomnet_core.network.folding import fold_batch_norm
from roomnet_core.network.head import constant_values, operator_kind, read_lite

_PREFIX = "efficientnet_"


def can_thaw(architecture: str) -> bool:
    """Whether `thaw` knows a model's architecture, as its card names it."""
    return architecture.removeprefix(_PREFIX) in VARIANTS


def build_folded(
    architecture: str, outputs: int, *, input_size: int | None = None, dropout: float = 0.0, l2: float = 0.0
) -> Any:
    """An EfficientNet-Lite whose batch norms are folded into its convolutions, and a dense layer of `outputs` logits.

    Fine-tuning on few photos would spoil the statistics of a batch norm; this network has none. Without `input_size`
    it takes `(N, S, S, 3)` pixels of any S.

    Raises:
        ModelError: the architecture is no EfficientNet-Lite.
    """
    variant = architecture.removeprefix(_PREFIX)
    whole = build_efficientnet_lite(
        variant, num_classes=outputs, input_size=input_size, any_size=input_size is None, dropout=0.0
    )
    folded = fold_batch_norm(whole)
    x = folded.get_layer("features").output
    if dropout:
        x = layers.Dropout(dropout, name="dropout")(x)
    penalty = keras.regularizers.L2(l2) if l2 else None
    x = layers.Dense(outputs, kernel_regularizer=penalty, name="logits")(x)
    return keras.Model(folded.inputs, x, name=f"{_PREFIX}{variant}")


def thaw(model: Any, lite: bytes) -> None:
    """Copy the weights of the LiteRT network `lite` into `model` (of `build_folded`), but for the last layer.

    Raises:
        ModelError: the file is of another architecture.
    """
    schema, content, graph, last = read_lite(lite)
    kinds = {schema.BuiltinOperator.CONV_2D, schema.BuiltinOperator.DEPTHWISE_CONV_2D}
    found = []
    for operator in graph.operators:
        if operator is not last and operator_kind(content, operator) in kinds:
            kernel, bias = (constant_values(content, graph, int(number)) for number in operator.inputs[1:3])
            # LiteRT keeps (out, h, w, in), and (1, h, w, channels) of a depthwise layer.
            found.append([np.transpose(kernel, (1, 2, 3, 0)), bias])
    trunk = [layer for layer in model.layers if layer.weights and layer.name != "logits"]
    shapes = [[tuple(weight.shape) for weight in layer.weights] for layer in trunk]
    if shapes != [[value.shape for value in values] for values in found]:
        raise ModelError("The network of this model cannot be trained further: its layers are not those of its card.")
    for layer, values in zip(trunk, found, strict=True):
        layer.set_weights(values)
