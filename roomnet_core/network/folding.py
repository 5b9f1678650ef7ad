"""Fold batch normalisation away: the same function in fewer operations, ready to be frozen."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers

_LINEAR = (layers.Conv2D, layers.DepthwiseConv2D, layers.Dense)


@keras.saving.register_keras_serializable(package="roomnet")
class Affine(layers.Layer):
    """`x * scale + offset` for each channel: what a batch normalisation is once its statistics stand still."""

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        channels = (input_shape[-1],)
        self.scale = self.add_weight(shape=channels, initializer="ones", name="scale")
        self.offset = self.add_weight(shape=channels, initializer="zeros", name="offset")

    def call(self, x: Any) -> Any:
        return x * self.scale + self.offset


def fold_batch_norm(model: Any) -> Any:
    """Return an inference copy of a functional Keras model without batch normalisation or dropout.

    A batch norm right behind a convolution or dense layer goes into that layer's kernel and a bias. Any other
    becomes an `Affine` layer. Outputs are equal up to floating-point rounding.
    """
    plan = {layer.name: _producer(layer) for layer in model.layers if isinstance(layer, layers.BatchNormalization)}
    folded_into = {producer.name: name for name, producer in plan.items() if producer is not None}

    def clone(layer: Any) -> Any:
        if isinstance(layer, layers.BatchNormalization):
            return Affine(name=layer.name) if plan[layer.name] is None else _identity(layer)
        if isinstance(layer, layers.Dropout):
            return _identity(layer)
        config = layer.get_config()
        if layer.name in folded_into:
            config["use_bias"] = True
        return layer.__class__.from_config(config)

    # The replaced layers take no `mask` or `training`, which is all that keyword arguments carry here.
    def call(layer: Any, *args: Any, **_: Any) -> Any:
        return layer(*args)

    folded = keras.models.clone_model(model, clone_function=clone, call_function=call)
    for layer in model.layers:
        target = folded.get_layer(layer.name)
        if layer.name in folded_into:
            scale, offset = _scale_and_offset(model.get_layer(folded_into[layer.name]))
            kernel, *bias = layer.get_weights()
            # A depthwise kernel is (h, w, channels, 1): its channels are not on the last axis.
            shape = (1, 1, -1, 1) if isinstance(layer, layers.DepthwiseConv2D) else (-1,)
            target.set_weights([kernel * scale.reshape(shape), offset + (bias[0] * scale if bias else 0.0)])
        elif isinstance(target, Affine):
            target.set_weights(list(_scale_and_offset(layer)))
        elif target.weights:
            target.set_weights(layer.get_weights())
    return folded


def _producer(batch_norm: Any) -> Any | None:
    """The linear layer whose output goes into this batch norm and nowhere else, or None."""
    (node,) = batch_norm._inbound_nodes
    (parent,) = node.parent_nodes
    producer = parent.operation
    if isinstance(producer, _LINEAR) and len(producer._outbound_nodes) == 1 and _is_linear(producer):
        return producer
    return None


def _is_linear(layer: Any) -> bool:
    return bool(keras.activations.serialize(layer.activation) == "linear")


def _identity(layer: Any) -> Any:
    return layers.Identity(name=layer.name)


def _scale_and_offset(batch_norm: Any) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    gamma, beta, mean, variance = batch_norm.get_weights()
    scale = gamma / np.sqrt(variance + batch_norm.epsilon)
    return scale, beta - mean * scale
