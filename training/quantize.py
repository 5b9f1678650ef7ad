"""Give finished models 8-bit arithmetic: `python -m training.quantize MODEL --out FOLDER`.

The weights stay as they are; the confidence is fitted anew and all figures are measured again.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from pathlib import Path

from roomnet_core.inference.model_file import LITE_NAME, find_model
from roomnet_core.network.card import write_card
from roomnet_core.network.freeze import write_model
from roomnet_core.network.head import read_head
from roomnet_core.network.thaw import build_folded, thaw
from roomnet_core.training.command import calibrate_and_measure
from training.make import example_images, read_labelled


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="name or folder of an EfficientNet-Lite whose kernels lie on the 8-bit grid")
    parser.add_argument("--data", type=Path, default=Path("../shared/data/manifest.csv"))
    parser.add_argument("--work", type=Path, default=Path("runs"))
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    model = find_model(args.model)
    card, lite = model.card, model.read(LITE_NAME)
    network = build_folded(card.architecture, card.outputs, input_size=card.preprocessing.input_size)
    thaw(network, lite)
    head = read_head(lite)
    network.get_layer("logits").set_weights([head.kernel, head.bias])
    images = example_images(args.data, card.preprocessing, args.work)
    known = {key: value for key, value in asdict(card).items() if key in _KEPT}
    made = write_model(
        network,
        args.out,
        storage="int8",
        images=images,
        rooms=card.rooms,
        preprocessing=card.preprocessing,
        calibration=card.calibration,
        **known,
    )
    write_card(replace(made, parameters=card.parameters), args.out)  # those of the batch norms count, too
    calibrate_and_measure(args.out, read_labelled(args.data, ("train", "val", "test")))


_KEPT = (
    "name",
    "architecture",
    "description",
    "licence",
    "lineage",
    "training_data",
    "recipe",
    "made_by_commit",
)


if __name__ == "__main__":
    main()
