"""What was tried for temperature, shown number and threshold: `python -m training.confidence_choices MODEL...`.

Writes the table of docs/models.md from the logits that `training.report` has kept. Every choice is made on the
validation split; the test split only shows what it comes to.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from roomnet_core.inference.confidence import choose_threshold, fit_temperature, softmax
from roomnet_core.inference.model_file import find_model
from roomnet_core.training.evaluation import calibration_error
from training.make import read_labelled
from training.recipes import CLASSES
from training.report import kept, label_ids, markdown_table, percent, write_part

Array = np.ndarray[Any, Any]
_TEMPERATURES = np.geomspace(0.4, 2.0, 81)
_FEWEST = 20  # photos of a source that has a say
_ROOMS = len(CLASSES)
_LESS = -np.eye(_ROOMS + 1)[_ROOMS]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/manifest.csv"))
    parser.add_argument("--work", type=Path, default=Path("runs"))
    parser.add_argument("models", nargs="+", help="names or folders of models with a rejection output")
    args = parser.parse_args()
    dataset = read_labelled(args.data, ("val", "test"))
    validation, test = dataset.split("val"), dataset.split("test")
    sources = np.array([example.source for example in validation])
    rows: list[tuple[str, ...]] = []
    for name in args.models:
        model = find_model(name)
        seen = (kept(model, args.work, "validation", len(validation)), label_ids(validation))
        unseen = (kept(model, args.work, "test", len(test)), label_ids(test))
        rows += [(model.name, *row) for row in _choices(seen, sources, unseen)]
    header = ("model", "choice", "temperature", "validation: error over rooms", "over all", "accepted",
              "test: error over rooms", "over all", "accepted", "right of those")  # fmt: skip
    write_part("choices", markdown_table(header, rows))


def _choices(seen: tuple[Array, Array], sources: Array, unseen: tuple[Array, Array]) -> list[tuple[str, ...]]:
    logits, labels = seen
    known = labels >= 0
    right = _right(logits, labels)
    groups = [(sources == source) & known for source in sorted(set(sources[known]))]
    everything = np.where(known, labels, _ROOMS)
    of_rooms = fit_temperature(logits[known], labels[known])
    by_source = [
        np.mean([calibration_error(_share(logits[g], t), right[g]) for g in groups if g.sum() >= _FEWEST])
        for t in _TEMPERATURES
    ]
    fewer = logits + _LESS
    found = []

    def add(
        choice: str, temperature: float, score: Callable[[Array, float], Array], limit: float | None = None
    ) -> None:
        values = score(logits, temperature)
        threshold = choose_threshold(values[known], right[known]) if limit is None else limit
        figures: list[float] = []
        for z, ids in (seen, unseen):
            shown, rooms, correct = score(z, temperature), ids >= 0, _right(z, ids)
            accepted = rooms & (shown >= threshold)
            figures += [calibration_error(shown[rooms], correct[rooms]), calibration_error(shown, correct)]
            figures += [accepted.sum() / rooms.sum()]
        found.append((choice, f"{temperature:.2f}", *map(percent, (*figures, correct[accepted].mean()))))

    add("the rooms among themselves", fit_temperature(logits[known][:, :_ROOMS], labels[known]), _among_rooms)
    add("**share beside the rejection output**", of_rooms, _share)
    add("share, fitted to all photos", fit_temperature(logits, everything), _share)
    add("share, least mean error of the sources", float(_TEMPERATURES[int(np.argmin(by_source))]), _share)
    add("share, rejection output less 1", fit_temperature(fewer[known], labels[known]), _share_of_fewer)
    thresholds = []
    for group in groups:
        rest = known & ~group
        temperature = fit_temperature(logits[rest], labels[rest])
        thresholds.append(choose_threshold(_share(logits[rest], temperature), right[rest]))
    add("share, mean of the thresholds without one source", of_rooms, _share, float(np.mean(thresholds)))
    z, ids = unseen
    best = choose_threshold(_share(z, of_rooms)[ids >= 0], _right(z, ids)[ids >= 0])
    add("share, the threshold that test itself would choose", of_rooms, _share, best)
    return found


def _right(logits: Array, labels: Array) -> Array:
    return np.asarray(logits[:, :_ROOMS].argmax(1) == labels)


def _share(logits: Array, temperature: float) -> Array:
    return np.asarray(softmax(logits / temperature)[:, :_ROOMS].max(1))


def _among_rooms(logits: Array, temperature: float) -> Array:
    return np.asarray(softmax(logits[:, :_ROOMS] / temperature).max(1))


def _share_of_fewer(logits: Array, temperature: float) -> Array:
    return _share(logits + _LESS, temperature)


if __name__ == "__main__":
    main()
