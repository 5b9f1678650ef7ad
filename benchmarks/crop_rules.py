"""Which crop serves best? The same network on the same validation photos under every crop rule.

    python -m benchmarks.crop_rules MANIFEST [--model NAME]

Prints accuracy and macro recall by rule. The rule that measured best is the one in the model's card.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import find_model
from roomnet_core.network.card import Preprocessing
from roomnet_core.training.calibration import example_logits, measure
from roomnet_core.training.dataset import read_manifest

RULES = (("center", 1.0), ("squeeze", 1.33), ("squeeze", 1.5), ("squeeze", 2.0), ("two", 1.0))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("--model", default=None)
    parser.add_argument("--labels", type=Path, action="append", default=[])
    args = parser.parse_args()
    model = find_model(args.model)
    dataset = read_manifest(args.manifest, model.rooms.names, extra_labels=args.labels, splits=("val",))
    engine = open_engine(model)
    print(f"{model.name}, {len(dataset.examples)} validation photos")
    for crop, aspect in RULES:
        spec: Preprocessing = replace(model.card.preprocessing, crop=crop, max_aspect=aspect)
        examples, logits = example_logits(dataset.examples, replace(model.card, preprocessing=spec), engine)
        figures = measure(examples, logits, dataset.classes, model.card.calibration)
        print(f"{crop:8} {aspect:4.2f}  accuracy {figures['accuracy']:.2%}  macro recall {figures['macro_recall']:.2%}")
    engine.close()


if __name__ == "__main__":
    main()
