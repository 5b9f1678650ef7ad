"""The epochs of a run: told as events, and written down so that a resumed run and the report have them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from roomnet_core.training.control import RunControl
from roomnet_core.training.evaluation import evaluate_predictions

HISTORY_NAME = "epochs.json"


def read_epochs(work: Path) -> list[dict[str, Any]]:
    """The `epoch` events that the run in the folder `work` has come to so far; empty where they cannot be read."""
    try:
        return list(json.loads((work / HISTORY_NAME).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return []


class History:
    """The `epoch` events of one run in the folder `work`; an epoch that is run again replaces its entry."""

    def __init__(self, work: Path, classes: Sequence[str], control: RunControl) -> None:
        self._path = work / HISTORY_NAME
        self._classes = tuple(classes)
        self._control = control
        self.epochs = read_epochs(work)

    def add(
        self,
        epoch: int,
        epochs: int,
        *,
        loss: float,
        accuracy: float,
        val_loss: float,
        labels: np.ndarray[Any, Any],
        answers: np.ndarray[Any, Any],
        best: bool,
    ) -> None:
        """Tell and note down how `epoch` (from 1) ended: `labels` and `answers` (N,) are of the validation photos.

        Raises:
            OSError: the work folder cannot be written.
        """
        classes = len(self._classes)
        certain = np.eye(classes)[answers]
        report = evaluate_predictions(labels, certain, np.zeros(len(labels), bool), self._classes)
        figures = [report.per_class[name] for name in self._classes]
        entry: dict[str, Any] = {
            "epoch": epoch,
            "epochs": epochs,
            "loss": round(loss, 5),
            "accuracy": round(accuracy, 5),
            "val_loss": round(val_loss, 5),
            "val_accuracy": round(report.accuracy, 5),
            "best": best,
            "confusion": report.confusion,
            "precision": [round(figure.precision, 4) for figure in figures],
            "recall": [round(figure.recall, 4) for figure in figures],
            "f_score": [round(figure.f1, 4) for figure in figures],
        }
        self.epochs = [known for known in self.epochs if known["epoch"] < epoch] + [entry]
        staged = self._path.with_suffix(".part")
        staged.write_text(json.dumps(self.epochs), encoding="utf-8")
        staged.replace(self._path)
        self._control.emit("epoch", **entry)
