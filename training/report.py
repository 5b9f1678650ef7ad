"""Every figure of docs/models.md: `python -m training.report --data MANIFEST` rewrites the part between its markers.

Each model is measured from its frozen graph on the test split, with the labels as they are and with
`labels/test_corrections.csv` applied.
"""

from __future__ import annotations

import argparse
import csv
import io
import tempfile
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
from PIL import ExifTags, Image, ImageEnhance, ImageOps

from roomnet_core.inference.confidence import choose_threshold, class_probabilities, softmax
from roomnet_core.inference.engine import open_engine
from roomnet_core.inference.model_file import GRAPH_NAME, ModelFile, find_model
from roomnet_core.inference.preprocessing import prepare, scale_pixels
from roomnet_core.photos.decode import DecodedPhoto, decode_photo
from roomnet_core.training.calibration import measure
from roomnet_core.training.dataset import OTHER, Example
from roomnet_core.training.evaluation import calibration_error, evaluate_predictions
from training.make import read_labelled
from training.recipes import CLASSES

Array = np.ndarray[Any, Any]
Change = Callable[[Image.Image], Image.Image]

DOCS = Path(__file__).parents[1] / "docs"
CORRECTIONS = Path(__file__).parent / "labels" / "test_corrections.csv"
COLORS = ("#2f6f4f", "#c05a1c", "#3b5b92", "#8a3b6b")


def _jpeg(image: Image.Image) -> Image.Image:
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=40)
    return Image.open(buffer).convert("RGB")


def _scaled(factor: float) -> Change:
    return lambda image: image.resize((max(1, round(image.width * factor)), max(1, round(image.height * factor))))


def _turned(image: Image.Image) -> Image.Image:
    """The photo as a camera held otherwise would have stored it, with the tag that says so, decoded again.

    Which of the seven orientations is drawn from the picture itself.
    """
    orientation = 2 + int(np.asarray(image).astype(np.uint64).sum() % 7)
    stored = image.transpose(_STORED[orientation])
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "turned.png"
        stored.save(path, exif=exif)
        return Image.fromarray(decode_photo(path).rgb)


# By orientation tag: how the upright picture is laid down.
_STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}

CHANGES: dict[str, Change] = {
    "stored turned, with its tag": _turned,
    "mirrored": ImageOps.mirror,
    "0.5 x": _scaled(0.5),
    "4 x": _scaled(4),
    "JPEG 40": _jpeg,
    "dark (0.6)": lambda image: ImageEnhance.Brightness(image).enhance(0.6),
    "bright (1.4)": lambda image: ImageEnhance.Brightness(image).enhance(1.4),
    "grey": lambda image: image.convert("L").convert("RGB"),
}

# What could say "unsure": rows of (N, classes + 1) logits divided by the temperature, the last for "none of these".
SCORES: dict[str, Callable[[Array], Array]] = {
    "top share beside the rejection output": lambda z: softmax(z)[:, :-1].max(1),
    "top probability of the rooms alone": lambda z: softmax(z[:, :-1]).max(1),
    "energy of the rooms": lambda z: np.logaddexp.reduce(z[:, :-1], 1),
    "energy of the rooms less the rejection output": lambda z: np.logaddexp.reduce(z[:, :-1], 1) - z[:, -1],
    "largest logit of a room": lambda z: z[:, :-1].max(1),
}


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data/manifest.csv"))
    parser.add_argument("--work", type=Path, default=Path("runs"), help="where the answers of each network are kept")
    parser.add_argument("--mistakes", type=Path, help="a folder for a contact sheet of each model's 40 surest mistakes")
    parser.add_argument("models", nargs="+", help="names or folders of models")
    args = parser.parse_args(arguments)
    dataset = read_labelled(args.data, ("val", "test"))
    examples, validation = dataset.split("test"), dataset.split("val")
    corrected = _corrected(examples, args.data.parent)
    photos = [Image.fromarray(decode_photo(example.path).rgb) for example in examples]
    labels = label_ids(examples)
    rooms = np.flatnonzero(labels >= 0)
    results = {}
    for name in args.models:
        model = find_model(name)

        upright = _measured(model, args.work, "test", examples, _in_use(model))
        probabilities = class_probabilities(upright, model.card.calibration)
        answers = probabilities[rooms].argmax(1)
        of_rooms = [photos[row] for row in rooms]
        agreement = {}
        for what, change in CHANGES.items():
            logits = _measured(model, args.work, what, of_rooms, _changed(change))[:, : len(CLASSES)]
            agreement[what] = float((logits.argmax(1) == answers).mean())
        results[model.name] = {
            "model": model,
            "probabilities": probabilities,
            "raw": measure(examples, upright, CLASSES, model.card.calibration),
            "corrected": measure(corrected, upright, CLASSES, model.card.calibration),
            "agreement": agreement,
            "doubt": _doubt(
                _measured(model, args.work, "validation", validation, _in_use(model)),
                label_ids(validation),
                model.card.calibration.temperature,
            ),
        }
    write_part("figures", _tables(results, labels))
    _plots(results, labels)
    for name, result in results.items() if args.mistakes else ():
        _contact_sheet(result, labels, examples, photos, args.mistakes / f"{name}.jpg")


def write_part(name: str, text: str) -> None:
    """Replace what stands between the two markers of `name` in docs/models.md."""
    page = DOCS / "models.md"
    begin, end = f"<!-- begin of generated {name} -->", f"<!-- end of generated {name} -->"
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    page.write_text(f"{before}{begin}\n{text}\n{end}{rest.partition(end)[2]}", encoding="utf-8")


def label_ids(examples: Sequence[Example]) -> Array:
    """`(N,)` class ids, -1 for a photo of none of the classes."""
    ids = {name: index for index, name in enumerate(CLASSES)}
    return np.array([ids.get(example.label, -1) for example in examples])


def _corrected(examples: Sequence[Example], root: Path) -> list[Example]:
    """The examples with the labels of the corrections file; a label that is no class counts as `Other`."""
    from dataclasses import replace

    with CORRECTIONS.open(newline="", encoding="utf-8") as stream:
        labels = {root / row["file"]: row["label"] for row in csv.DictReader(stream)}
    return [replace(example, label=labels.get(example.path, example.label)) for example in examples]


def _doubt(logits: Array, labels: Array, temperature: float) -> dict[str, tuple[float, float]]:
    """By score: the share of the rooms accepted when 98 % of those are right, and the share of `Other` that is not."""
    found = {}
    right = logits[:, : len(CLASSES)].argmax(1) == labels
    for what, score in SCORES.items() if logits.shape[1] > len(CLASSES) else ():
        values = score(logits / temperature)
        threshold = choose_threshold(values[labels >= 0], right[labels >= 0])
        found[what] = (float((values[labels >= 0] >= threshold).mean()), float((values[labels < 0] < threshold).mean()))
    return found


def _in_use(model: ModelFile) -> Callable[[Example], DecodedPhoto]:
    """Decodes an example as `roomnet classify` does."""
    return lambda example: decode_photo(example.path, min_side=model.card.preprocessing.decode_side)


def _changed(change: Change) -> Callable[[Image.Image], Array]:
    return lambda image: np.asarray(change(image))


def _measured(
    model: ModelFile, work: Path, what: str, items: Sequence[Any], photo_of: Callable[[Any], DecodedPhoto | Array]
) -> Array:
    """The `(N, outputs)` logits of the photos of `items`, kept for the next time: it takes minutes."""
    cache = _cache(model, work, what, len(items))
    if not cache.is_file():
        cache.parent.mkdir(parents=True, exist_ok=True)
        spec = model.card.preprocessing
        with closing(open_engine(model, "litert")) as engine:
            logits = [engine.logits(scale_pixels(prepare(photo_of(item), spec)[:1], spec)) for item in items]
        np.save(cache, np.concatenate(logits))
    return np.asarray(np.load(cache))


def kept(model: ModelFile, work: Path, what: str, photos: int) -> Array:
    """The logits that an earlier report kept: of `validation` or `test` with that many photos."""
    return np.asarray(np.load(_cache(model, work, what, photos)))


def _cache(model: ModelFile, work: Path, what: str, photos: int) -> Path:
    digest = model.card.files[GRAPH_NAME]["sha256"][:16]
    return work / "report" / f"{digest}-{what.replace(' ', '-').replace(',', '')}-{photos}.npy"


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table in Markdown, with a line break at its end."""
    lines = ["| " + " | ".join(header) + " |", "|" + "---|" * len(header)]
    return "\n".join(lines + ["| " + " | ".join(row) + " |" for row in rows]) + "\n"


def percent(value: float) -> str:
    """A share with one decimal, such as `92.4 %`."""
    return f"{100 * value:.1f} %"


def _tables(results: dict[str, dict[str, Any]], labels: Array) -> str:
    parts = ["### Test split, frozen graphs\n"]
    header = ("", "labels", "accuracy", "macro recall", "Backyard", "calibration error", "accepted", "right of those",
              "Other unsure")  # fmt: skip
    rows = []
    for name, result in results.items():
        for kind in ("raw", "corrected"):
            figures = result[kind]
            keys = ("accuracy", "macro_recall")
            rows.append((name, kind, *(percent(figures[key]) for key in keys), percent(figures["recall"]["Backyard"]),
                         *(percent(figures[key]) for key in ("ece", "coverage", "accepted_accuracy")),
                         percent(figures["other"]["unsure"])))  # fmt: skip
    parts.append(markdown_table(header, rows))
    parts.append("### Calibration error (raw labels)\n")
    parts.append(_calibration(results, labels))
    parts.append("### Accuracy by source (raw labels)\n")
    sources = sorted(next(iter(results.values()))["raw"]["by_source"])
    found = list(results.values())
    first = found[0]["raw"]["by_source"]
    rows = [
        (source, str(first[source]["photos"]), *(percent(r["raw"]["by_source"][source]["accuracy"]) for r in found))
        for source in sources
    ]
    parts.append(markdown_table(("source", "photos", *results), rows))
    parts.append(f"### Agreement with the answer for the unchanged photo ({(labels >= 0).sum()} test photos)\n")
    rows = [(what, *(percent(r["agreement"][what]) for r in results.values())) for what in CHANGES]
    rows.append(("mean", *(percent(float(np.mean(list(r["agreement"].values())))) for r in results.values())))
    parts.append(markdown_table(("change", *results), rows))
    parts.append("### What says unsure (validation split; threshold at which 98 % of the accepted are right)\n")
    header = ("model", "score", "accepted", "Other unsure")
    rows = [
        (name, what, *(percent(share) for share in shares))
        for name, result in results.items()
        for what, shares in result["doubt"].items()
    ]
    parts.append(markdown_table(header, rows))
    for name, result in results.items():
        parts.append(f"### Confusion of {name} (raw labels; rows: label, columns: answer)\n")
        known = labels >= 0
        nothing = np.zeros(known.sum(), bool)
        report = evaluate_predictions(labels[known], result["probabilities"][known], nothing, CLASSES)
        rows = [(room, *map(str, line)) for room, line in zip(CLASSES, report.confusion, strict=True)]
        parts.append(markdown_table(("", *CLASSES), rows))
    parts.append("![Reliability](models/reliability.svg) ![Risk and coverage](models/risk-coverage.svg)\n")
    return "\n".join(parts)


def _calibration(results: dict[str, dict[str, Any]], labels: Array) -> str:
    """The calibration errors beside those of perfect confidences: of a few hundred photos chance alone makes some."""
    rows, known = [], labels >= 0
    for name, result in results.items():
        confidence, right = result["probabilities"].max(1), result["probabilities"].argmax(1) == labels
        chance = _perfect_errors(confidence[known])
        found = (calibration_error(confidence[known], right[known]), chance.mean(), np.quantile(chance, 0.95))
        rows.append((name, *map(percent, (*found, calibration_error(confidence, right)))))
    header = ("", "photos of rooms", "perfect: mean", "perfect: 95 of 100 below", "all photos (no room: wrong)")
    return markdown_table(header, rows)


def _perfect_errors(confidence: Array, tests: int = 500) -> Array:
    """The calibration errors that chance alone gives photos which are right exactly as often as `confidence` says."""
    random = np.random.default_rng(0)
    return np.array([calibration_error(confidence, random.random(len(confidence)) < confidence) for _ in range(tests)])


def _plots(results: dict[str, dict[str, Any]], labels: Array) -> None:
    known = labels >= 0
    reliability, risk = {}, {}
    for name, result in results.items():
        confidence = result["probabilities"][known].max(1)
        right = result["probabilities"][known].argmax(1) == labels[known]
        bins = np.minimum((confidence * 10).astype(int), 9)
        used = [b for b in range(10) if (bins == b).sum() >= 5]
        reliability[name] = [(confidence[bins == b].mean(), right[bins == b].mean()) for b in used]
        order = np.argsort(-confidence)
        errors = np.cumsum(~right[order]) / np.arange(1, len(order) + 1)
        steps = np.arange(len(order) // 20, len(order), max(1, len(order) // 60))
        risk[name] = [((step + 1) / len(order), errors[step]) for step in steps]
    (DOCS / "models").mkdir(exist_ok=True)
    perfect = {"perfect": [(0.0, 0.0), (1.0, 1.0)]}
    _chart(DOCS / "models" / "reliability.svg", reliability | perfect, "confidence", "share right", 1.0)
    _chart(DOCS / "models" / "risk-coverage.svg", risk, "share of photos accepted, surest first", "share wrong", 0.2)


def _chart(path: Path, series: dict[str, list[tuple[float, float]]], x: str, y: str, top: float) -> None:
    """A small line chart as SVG: x from 0 to 1, y from 0 to `top`."""
    left, low, width, height = 60, 300, 360, 270
    font = 'font-family="sans-serif" font-size="11"'
    lines = [f'<svg xmlns="http://www.w3.org/2000/svg" width="440" height="350" {font}>']
    lines.append('<rect width="440" height="350" fill="white"/>')
    for tick in range(6):
        at_x, at_y = left + width * tick / 5, low - height * tick / 5
        lines.append(f'<path d="M{left} {at_y}H{left + width}M{at_x} {low}V{low - height}" stroke="#ddd"/>')
        lines.append(f'<text x="{at_x}" y="{low + 14}" text-anchor="middle">{tick / 5:.1f}</text>')
        lines.append(f'<text x="{left - 6}" y="{at_y + 4}" text-anchor="end">{top * tick / 5:.2f}</text>')
    colors = (*COLORS[: len(series) - ("perfect" in series)], "#999999")
    for number, ((name, points), color) in enumerate(zip(series.items(), colors, strict=False)):
        path_data = " ".join(f"{left + width * a:.1f},{low - height * min(b, top) / top:.1f}" for a, b in points)
        lines.append(f'<polyline points="{path_data}" fill="none" stroke="{color}" stroke-width="2"/>')
        lines.append(f'<text x="{left + 10}" y="{low - height + 16 + 14 * number}" fill="{color}">{name}</text>')
    lines.append(f'<text x="{left + width / 2}" y="{low + 34}" text-anchor="middle">{x}</text>')
    lines.append(f'<text x="14" y="{low - height / 2}" transform="rotate(-90 14 {low - height / 2})">{y}</text></svg>')
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _contact_sheet(
    result: dict[str, Any], labels: Array, examples: Sequence[Example], photos: Sequence[Image.Image], path: Path
) -> None:
    """The 40 surest mistakes with what they were called, for a person to look at; their files are printed in order."""
    answers = result["probabilities"].argmax(1)
    wrong = np.flatnonzero((labels >= 0) & (answers != labels))
    confidence = result["probabilities"].max(1)
    wrong = wrong[np.argsort(-confidence[wrong])][:40]
    sheet = Image.new("RGB", (8 * 200, 5 * 200), "white")
    for place, index in enumerate(wrong):
        sheet.paste(ImageOps.pad(photos[index], (196, 196)), (place % 8 * 200, place // 8 * 200))
        label = examples[index].label or OTHER
        print(f"{place}: {examples[index].path.name} {label} called {CLASSES[answers[index]]} {confidence[index]:.2f}")
    path.parent.mkdir(parents=True, exist_ok=True)
    sheet.save(path)


if __name__ == "__main__":
    main()
