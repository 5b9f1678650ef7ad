"""Read the original RoomNet's TensorFlow 1 checkpoint into our network, and make a model folder of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from keras import layers

from roomnet_core.errors import ModelError
from roomnet_core.network.card import Calibration, ModelCard, Preprocessing
from roomnet_core.network.freeze import write_model
from roomnet_core.network.roomnet import INPUT_SIZE, build_roomnet
from roomnet_core.rooms import RoomSet

REFERENCE_CLASSES = ("Backyard", "Bathroom", "Bedroom", "Frontyard", "Kitchen", "LivingRoom")

# Measured on the original graph: the centre square, then bilinear resize without antialiasing, of the whole photo.
REFERENCE_PREPROCESSING = Preprocessing(
    input_size=INPUT_SIZE,
    crop="center",
    resize="bilinear",
    scale=2 / 255,
    offset=-1.0,
    decode_side=None,
)


def load_checkpoint(prefix: Path) -> Any:
    """Build the RoomNet model and fill it from the checkpoint at `prefix` (the path without `.index`).

    The variables carry TensorFlow 1's automatic names: `conv2d`, `conv2d_1`, ... in graph order, and so on for each
    kind of layer, which is the order of the layers of `build_roomnet`.

    Raises:
        ModelError: there is no checkpoint, or a variable is missing or has another shape.
    """
    import tensorflow as tf

    if not Path(f"{prefix}.index").is_file():
        raise ModelError(
            f"There is no checkpoint at {prefix}: {prefix}.index was not found. "
            "Give the path of the checkpoint without its suffix."
        )
    try:
        reader = tf.train.load_checkpoint(str(prefix))
        shapes = reader.get_variable_to_shape_map()
    except Exception as error:  # TensorFlow raises many kinds here
        raise ModelError(f"{prefix} is not a readable TensorFlow checkpoint: {error}") from error

    class_count = shapes.get("dense_3/bias", [len(REFERENCE_CLASSES)])[0]
    model = build_roomnet(class_count, relu6_logits=True)
    counters: dict[str, int] = {}
    for layer in model.layers:
        for kind, base, names in (
            (layers.Conv2D, "conv2d", ("kernel",)),
            (layers.BatchNormalization, "batch_normalization", ("gamma", "beta", "moving_mean", "moving_variance")),
            (layers.Dense, "dense", ("kernel", "bias")),
        ):
            if not isinstance(layer, kind):
                continue
            number = counters[base] = counters.get(base, -1) + 1
            scope = f"{base}_{number}" if number else base
            values = []
            for weight, name in zip(layer.weights, names, strict=False):
                variable = f"{scope}/{name}"
                if shapes.get(variable) != list(weight.shape):
                    raise ModelError(
                        f"{prefix} is not a RoomNet checkpoint: {variable} should have shape {list(weight.shape)}, "
                        f"it has {shapes.get(variable, 'not been saved')}."
                    )
                values.append(reader.get_tensor(variable))
            layer.set_weights(values)
    return model


def import_checkpoint(prefix: Path, out: Path, *, storage: str = "float32") -> ModelCard:
    """Make a model folder `out` of the checkpoint at `prefix`; `out` must not hold a model yet.

    The classes are the original's six; a checkpoint with another number of classes gets `Class0`, `Class1`, ...

    Raises:
        ModelError: the checkpoint cannot be read, or `out` is not an empty or new folder.
    """
    model = load_checkpoint(prefix)
    count = model.output_shape[-1]
    names = REFERENCE_CLASSES if count == len(REFERENCE_CLASSES) else [f"Class{index}" for index in range(count)]
    return write_model(
        model,
        out,
        name=out.name or "imported",
        rooms=RoomSet.from_names(names),
        preprocessing=REFERENCE_PREPROCESSING,
        calibration=Calibration(),
        architecture="roomnet",
        storage=storage,
        description="Imported from a TensorFlow 1 checkpoint of the original RoomNet. Not calibrated.",
        lineage=f"checkpoint {prefix.name}",
    )
