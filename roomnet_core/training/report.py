"""What a finished run has to show: figures, curves, mistakes, and the comparison with the model in use."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from roomnet_core.errors import TrainingError
from roomnet_core.inference.confidence import class_probabilities
from roomnet_core.network.card import Calibration
from roomnet_core.training.evaluation import EvaluationReport, evaluate_predictions
from roomnet_core.training.plots import DIAGONAL, confusion_chart, line_chart, write_csv

REPORT_NAME = "report.json"
_SCHEMA = 1
_BINS = 10
_MOST_MISTAKES = 500

Floats = np.ndarray[Any, np.dtype[np.floating[Any]]]


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the comparison; None where a model has no such figure. `percent`: the values are shares in 0..1."""

    title: str
    new: float | None
    old: float | None
    percent: bool = True
    higher_is_better: bool = True


@dataclass(frozen=True, slots=True)
class Mistake:
    """A validation photo that the new model calls `predicted`, with `confidence` in 0..1."""

    path: Path
    label: str
    predicted: str
    confidence: float


@dataclass(frozen=True, slots=True)
class TrainingReport:
    """`pictures` and `tables` map titles to SVG and CSV files; `reliability`: (confidence, share right, photos).

    `confusion` counts the validation photos: a row for each label, a column for each answer, in the order of classes.
    """

    model: str
    recipe: str
    classes: tuple[str, ...]
    seconds: float
    training_photos: int
    validation_photos: int
    verdict: str
    worse: bool
    table: tuple[Row, ...]
    old_model: str
    history: tuple[dict[str, Any], ...]
    reliability: tuple[tuple[float, float, int], ...]
    confusion: tuple[tuple[int, ...], ...]
    mistakes: tuple[Mistake, ...]
    pictures: dict[str, Path]
    tables: dict[str, Path]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """What a model says of N photos: `(N, C)` probabilities of its `classes`, and which it is unsure of."""

    model: str
    classes: tuple[str, ...]
    probabilities: Floats
    unsure: np.ndarray[Any, Any]

    @classmethod
    def of(cls, model: str, classes: Sequence[str], logits: Floats, calibration: Calibration) -> Answers:
        probabilities = class_probabilities(logits, calibration)
        return cls(model, tuple(classes), probabilities, probabilities.max(axis=1) < calibration.threshold)


def compare(new: Answers, old: Answers | None, labels: Sequence[str]) -> tuple[tuple[Row, ...], str, bool]:
    """The table, the verdict in words, and whether the new model is worse. `labels` (N,) are names of classes of `new`.

    Where the old model does not know every class, both are compared on the photos of those it knows.
    """
    everything = _evaluate(new, labels, range(len(labels)))
    rows = []
    shared: list[int] = []
    if old is not None:
        known = {name.casefold() for name in old.classes}
        shared = [index for index, label in enumerate(labels) if label.casefold() in known]
    before = None
    if old is not None and shared:
        before = _evaluate(old, labels, shared)
    all_known = len(shared) == len(labels)
    mine = everything if all_known or before is None else _evaluate(new, labels, shared)
    where = "" if all_known or before is None else f" on the {len(shared)} photos of classes that both know"
    rows.append(Row(f"Accuracy{where}", mine.accuracy, before.accuracy if before else None))
    if where:
        rows.append(Row("Accuracy on all", everything.accuracy, None))
    rows.append(Row("Mean recall of the classes", mine.macro_recall, before.macro_recall if before else None))
    rows.append(Row("Sure of", mine.coverage, before.coverage if before else None))
    rows.append(Row("Right among those", mine.accepted_accuracy, before.accepted_accuracy if before else None))
    rows.append(Row("Calibration error", mine.ece, before.ece if before else None, higher_is_better=False))
    for name in new.classes:
        old_name = next((n for n in old.classes if n.casefold() == name.casefold()), None) if old else None
        recall = before.per_class[old_name].recall if before and old_name else None
        rows.append(Row(f"Recall of {name}", everything.per_class[name].recall, recall))
    verdict, worse = _verdict(new, old, labels, shared, mine, before, everything)
    return tuple(rows), verdict, worse


def _evaluate(answers: Answers, labels: Sequence[str], rows: Sequence[int]) -> EvaluationReport:
    places = {name.casefold(): place for place, name in enumerate(answers.classes)}
    ids = np.array([places[labels[row].casefold()] for row in rows], dtype=np.int64)
    chosen = list(rows)
    return evaluate_predictions(ids, answers.probabilities[chosen], answers.unsure[chosen], answers.classes)


def _verdict(
    new: Answers,
    old: Answers | None,
    labels: Sequence[str],
    shared: Sequence[int],
    mine: EvaluationReport,
    before: EvaluationReport | None,
    everything: EvaluationReport,
) -> tuple[str, bool]:
    accuracy = f"{new.model} is right on {everything.accuracy:.1%} of the {len(labels)} photos it was checked with."
    if old is None or before is None:
        return accuracy, False
    scope = "the same photos" if len(shared) == len(labels) else f"the {len(shared)} photos of classes that both know"
    gained = round(mine.accuracy * mine.photos) - round(before.accuracy * before.photos)
    if gained == 0:
        text = f"On {scope} it is as good as {old.model}: both {mine.accuracy:.1%}."
    else:
        word = "better" if gained > 0 else "worse"
        text = f"On {scope} it is {word} than {old.model}: {mine.accuracy:.1%} against {before.accuracy:.1%}."
        if abs(gained) <= 1.96 * np.sqrt(max(1, _disagreements(new, old, labels, shared))):
            text += " With so few photos that may be chance."
    if gained < 0:
        text += f" Keep {old.model} unless you know why."
    return f"{accuracy} {text}", gained < 0


def _disagreements(new: Answers, old: Answers, labels: Sequence[str], shared: Sequence[int]) -> int:
    """The photos on which one of the two is right and the other wrong (McNemar): their number bounds what is chance."""

    def right(answers: Answers) -> np.ndarray[Any, Any]:
        names = [answers.classes[place].casefold() for place in answers.probabilities[list(shared)].argmax(axis=1)]
        return np.array([name == labels[row].casefold() for name, row in zip(names, shared, strict=True)])

    return int((right(new) != right(old)).sum())


def reliability(probabilities: Floats, labels: np.ndarray[Any, Any]) -> tuple[tuple[float, float, int], ...]:
    """(mean confidence, share right, photos) of each tenth of the confidence that holds photos."""
    confidence, right = probabilities.max(axis=1), probabilities.argmax(axis=1) == labels
    bins = np.minimum((confidence * _BINS).astype(int), _BINS - 1)
    return tuple(
        (float(confidence[bins == b].mean()), float(right[bins == b].mean()), int((bins == b).sum()))
        for b in range(_BINS)
        if (bins == b).any()
    )


def count_confusion(new: Answers, labels: Sequence[str]) -> tuple[tuple[int, ...], ...]:
    """How often each class was called what: `labels` (N,) are names of classes of `new`."""
    counts = np.zeros((len(new.classes), len(new.classes)), np.int64)
    np.add.at(counts, ([new.classes.index(label) for label in labels], new.probabilities.argmax(axis=1)), 1)
    return tuple(tuple(int(count) for count in row) for row in counts)


def find_mistakes(new: Answers, labels: Sequence[str], paths: Sequence[Path]) -> tuple[Mistake, ...]:
    """The photos that the new model gets wrong, the most confident first."""
    answers, confidence = new.probabilities.argmax(axis=1), new.probabilities.max(axis=1)
    wrong = [row for row, label in enumerate(labels) if new.classes[answers[row]] != label]
    wrong.sort(key=lambda row: -confidence[row])
    return tuple(
        Mistake(paths[row], labels[row], new.classes[answers[row]], round(float(confidence[row]), 4))
        for row in wrong[:_MOST_MISTAKES]
    )


def write_report(report: TrainingReport, folder: Path) -> TrainingReport:
    """Write the figures, the pictures and the tables into `folder`, and return the report with their places.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    pictures, tables = {}, {}
    for title, name, svg, header, rows in _charts(report):
        pictures[title], tables[title] = folder / f"{name}.svg", folder / f"{name}.csv"
        pictures[title].write_text(svg, encoding="utf-8")
        write_csv(tables[title], header, rows)
    document = {
        "schema": _SCHEMA,
        **{name: getattr(report, name) for name in _PLAIN},
        "table": [[r.title, r.new, r.old, r.percent, r.higher_is_better] for r in report.table],
        "mistakes": [[str(m.path), m.label, m.predicted, m.confidence] for m in report.mistakes],
        "pictures": {title: path.name for title, path in pictures.items()},
        "tables": {title: path.name for title, path in tables.items()},
    }
    text = json.dumps(document, indent=1, ensure_ascii=False)
    (folder / REPORT_NAME).write_text(text, encoding="utf-8", errors="surrogatepass")
    return read_report(folder)


def read_report(folder: Path) -> TrainingReport:
    """Read what `write_report` wrote.

    Raises:
        TrainingError: there is no report, or it cannot be read.
    """
    path = folder / REPORT_NAME
    try:
        data = json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))
        return TrainingReport(
            **{name: data[name] for name in _PLAIN if name not in ("classes", "history", "reliability", "confusion")},
            classes=tuple(data["classes"]),
            history=tuple(data["history"]),
            reliability=tuple((float(a), float(b), int(c)) for a, b, c in data["reliability"]),
            confusion=tuple(tuple(int(count) for count in row) for row in data["confusion"]),
            table=tuple(Row(*row) for row in data["table"]),
            mistakes=tuple(Mistake(Path(row[0]), *row[1:]) for row in data["mistakes"]),
            pictures={title: folder / Path(name).name for title, name in data["pictures"].items()},
            tables={title: folder / Path(name).name for title, name in data["tables"].items()},
        )
    except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
        raise TrainingError(f"There is no report to be read in {folder} ({error}).") from error


_PLAIN = ("model", "recipe", "classes", "seconds", "training_photos", "validation_photos", "verdict", "worse",
          "old_model", "history", "reliability", "confusion")  # fmt: skip

_Chart = tuple[str, str, str, Sequence[str], Sequence[Sequence[object]]]


def _charts(report: TrainingReport) -> list[_Chart]:
    """Title, file name, picture, and the same as a table."""
    epochs = [entry["epoch"] for entry in report.history]
    charts: list[_Chart] = []

    def over_epochs(title: str, name: str, y: str, series: dict[str, list[float]], top: float | None = 1.0) -> None:
        lines = {label: list(zip(epochs, values, strict=True)) for label, values in series.items()}
        svg = line_chart(title, lines, x_label="epoch", y_label=y, top=top)
        rows = [[epoch, *(values[i] for values in series.values())] for i, epoch in enumerate(epochs)]
        charts.append((title, name, svg, ["epoch", *series], rows))

    def column(key: str) -> list[float]:
        return [entry[key] for entry in report.history]

    both = {"training": column("accuracy"), "validation": column("val_accuracy")}
    over_epochs("Validation accuracy", "accuracy", "share right", both)
    over_epochs("Loss", "loss", "cross-entropy", {"training": column("loss"), "validation": column("val_loss")}, None)
    for title, key in (("F-score", "f_score"), ("Precision", "precision"), ("Recall", "recall")):
        by_class = {name: [entry[key][i] for entry in report.history] for i, name in enumerate(report.classes)}
        over_epochs(title, key.replace("_", "-"), title, by_class)
    points = {report.model: [(a, b) for a, b, _ in report.reliability], DIAGONAL: [(0.0, 0.0), (1.0, 1.0)]}
    svg = line_chart("Reliability", points, x_label="confidence", y_label="share right", marks=True)
    charts.append(("Reliability", "reliability", svg, ["confidence", "share right", "photos"], report.reliability))
    svg = confusion_chart("Confusion (rows: label, columns: answer)", report.classes, report.confusion)
    rows = [[name, *row] for name, row in zip(report.classes, report.confusion, strict=True)]
    charts.append(("Confusion", "confusion", svg, ["", *report.classes], rows))
    return charts
