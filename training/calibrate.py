"""Fit the confidence of finished models anew: `python -m training.calibrate MODEL...` rewrites their cards.

Temperature and threshold come from the validation split, the measured figures from the frozen graph on both splits.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from roomnet_core.inference.model_file import find_model
from roomnet_core.training.command import calibrate_and_measure
from training.make import read_labelled


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/manifest.csv"))
    parser.add_argument("models", nargs="+", help="names or folders of models")
    args = parser.parse_args()
    dataset = read_labelled(args.data, ("train", "val", "test"))
    for name in args.models:
        calibrate_and_measure(find_model(name).folder, dataset)


if __name__ == "__main__":
    main()
