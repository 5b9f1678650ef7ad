"""A look at the labelled photos before training: what is there, what is wrong, and what a person might mend."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from roomnet_core.inference.model_file import ModelFile
from roomnet_core.photos.photo_file import Problem
from roomnet_core.photos.problems import printable
from roomnet_core.photos.scan import never
from roomnet_core.sorting.naming import collision_key
from roomnet_core.training.dataset import OTHER
from roomnet_core.training.disputes import Dispute, find_disputes
from roomnet_core.training.features import Backbone, FeatureCache, Seen
from roomnet_core.training.similarity import joined, same_content, similar_pairs
from roomnet_core.training.sources import LabelledPhoto, Source, check_class_name, read_folder, relabel

UNREADABLE, DUPLICATE, NEAR_DUPLICATE, DISPUTED = "unreadable", "duplicate", "near duplicate", "disputed"
FEW_PHOTOS, CASE_CLASH, BAD_NAME, LOOSE = "few photos", "case clash", "bad name", "loose photos"

MOST_CLASSES = 50
FEW = 20
"""A class with fewer photos than this learns poorly."""
LEAST = 5
"""A class with fewer photos than this cannot be trained: there would be next to nothing to check it with."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know or to mend. `kind` is one of the constants above, `text` a sentence.

    Where the label is disputed, `suggested` is what the photo looks like, and `confidence` how sure that is, in 0..1.
    """

    kind: str
    text: str
    paths: tuple[Path, ...] = ()
    label: str = ""
    suggested: str = ""
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Examination:
    """What was found. `photos` are those that can be read; `blocking` are the sentences that forbid training.

    `duplicates` are the sets of photos that show one picture; a split keeps each set on one side. `known` are classes
    that need no photos, because the model that is corrected has them.
    """

    classes: tuple[str, ...] = ()
    photos: tuple[LabelledPhoto, ...] = ()
    kept: tuple[LabelledPhoto, ...] = ()
    findings: tuple[Finding, ...] = ()
    blocking: tuple[str, ...] = ()
    duplicates: tuple[tuple[Path, ...], ...] = ()
    known: tuple[str, ...] = ()
    folder: Path | None = None
    cancelled: bool = False

    def counts(self) -> dict[str, int]:
        """The photos of each class; `Other`, where there are some, holds those of none of them."""
        counted = Counter(photo.label for photo in self.photos)
        return {name: counted[name] for name in (*self.classes, *([OTHER] if OTHER in counted else []))}

    def without(self, paths: Collection[Path]) -> Examination:
        """The same, had these photos not been there."""
        left_out = set(paths)
        photos = tuple(photo for photo in self.photos if photo.path not in left_out)
        return self._judged(photos, left_out)

    def relabelled(self, labels: Mapping[Path, str]) -> Examination:
        """The same, had these photos other labels. A label that is new becomes a class. The files stay as they are."""
        return self._judged(relabel(self.photos, dict(labels)), set(labels))

    def _judged(self, photos: tuple[LabelledPhoto, ...], settled: set[Path]) -> Examination:
        """What is said of single photos stays, unless a person has settled it; what is said of classes is said anew."""
        kept = tuple(
            finding
            for finding in self.findings
            if finding.kind not in (FEW_PHOTOS, CASE_CLASH, BAD_NAME)
            and not (finding.kind == DISPUTED and settled.intersection(finding.paths))
        )
        used = {photo.label for photo in photos} - {OTHER}
        names = sorted({*used, *self.known}, key=_in_order_of(self.classes))
        about_classes, blocking = _judge_classes(names, photos, self.folder, known=self.known)
        return replace(
            self,
            classes=tuple(names),
            photos=photos,
            findings=(*about_classes, *kept),
            blocking=blocking,
        )


def examine(
    source: Source,
    *,
    model: ModelFile | None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Callable[[], bool] = never,
) -> Examination:
    """Read every photo once and look for trouble. The photos are only read, and nothing is written beside them.

    Args:
        model: the model in use, whose network looks at the photos; None finds neither near duplicates nor disputes.
        progress: is told (done, total), in photos.
        cancelled: asked many times a second; once true, what was found until then comes back with `cancelled` set.

    Bad data raise nothing: they are told in `blocking`.
    """
    photos, findings, names = list(source.decided), [], []
    seen: dict[Path, Seen] = {}
    if source.folder is not None:
        try:
            content = read_folder(source.folder, cancelled=cancelled)
        except OSError as error:
            reason = f"The folder {printable(str(source.folder))} cannot be opened: {error.strerror or error}."
            return Examination(blocking=(reason,), folder=source.folder)
        chosen = {photo.path for photo in photos}
        # What a person said in the window counts for more than where the file lies.
        photos += [photo for photo in content.photos if photo.path not in chosen]
        names = list(content.names)
        findings += [Finding(UNREADABLE, problem.message, (problem.path,)) for problem in content.problems]
        if content.loose:
            text = f"{_photos(len(content.loose))} beside the class folders are not used: they have no class."
            findings.append(Finding(LOOSE, text, content.loose))
    unreadable: set[Path] = set()
    if model is not None and photos:
        backbone = Backbone(model)
        with FeatureCache() as cache:
            for number, item in enumerate(
                backbone.look_at([photo.path for photo in photos], cache, cancelled=cancelled), start=1
            ):
                if isinstance(item, Problem):
                    unreadable.add(item.path)
                    findings.append(Finding(UNREADABLE, item.message, (item.path,)))
                else:
                    seen[item.path] = item
                progress(number, len(photos))
        photos = [photo for photo in photos if photo.path not in unreadable]
    stopped = cancelled()
    duplicates: tuple[tuple[Path, ...], ...] = ()
    if seen and not stopped:
        looked_at = [photo for photo in photos if photo.path in seen]
        about_copies, duplicates = _find_duplicates(looked_at, seen)
        findings += about_copies
        if model is not None:
            disputes = find_disputes(looked_at, [seen[photo.path] for photo in looked_at], backbone, duplicates)
            findings += [_disputed(dispute) for dispute in disputes]
    known = model.rooms.names if model is not None and source.folder is None else ()
    used = {photo.label for photo in photos} - {OTHER} | set(known)
    ordered = [name for name in names if name in used]
    ordered += sorted(used - set(ordered), key=_in_order_of(model.rooms.names if model else ()))
    about_classes, blocking = _judge_classes(
        ordered, photos, source.folder, known=known, unreadable=_count_unreadable(findings)
    )
    return Examination(
        tuple(ordered),
        tuple(photos),
        source.kept,
        (*about_classes, *findings),
        blocking,
        duplicates,
        known,
        source.folder,
        stopped,
    )


def _find_duplicates(
    photos: Sequence[LabelledPhoto], seen: Mapping[Path, Seen]
) -> tuple[list[Finding], tuple[tuple[Path, ...], ...]]:
    found = [seen[photo.path] for photo in photos]
    exact = list(same_content([item.content for item in found]))
    pairs = [(indices[0], index) for indices in exact for index in indices[1:]]
    near = [
        (first, second)
        for first, second in similar_pairs([item.look for item in found], np.stack([i.features[0] for i in found]))
        if found[first].content != found[second].content
    ]
    findings = []
    for kind, what, groups in (
        (DUPLICATE, "the same photo", exact),
        (NEAR_DUPLICATE, "nearly the same picture", joined(near)),
    ):
        for indices in groups:
            labels = sorted({photos[index].label for index in indices})
            text = f"{len(indices)} files hold {what}; they are kept on one side of the split."
            if len(labels) > 1:
                text += f" They are labelled differently: {', '.join(labels)}."
            findings.append(Finding(kind, text, tuple(photos[index].path for index in indices), labels[0]))
    groups = joined([*pairs, *near])
    return findings, tuple(tuple(photos[index].path for index in indices) for indices in groups)


def _disputed(dispute: Dispute) -> Finding:
    photo = dispute.photo
    text = f"{printable(photo.path.name)} is labelled {photo.label}, and looks like {dispute.suggested}."
    return Finding(DISPUTED, text, (photo.path,), photo.label, dispute.suggested, dispute.confidence)


def _judge_classes(
    names: Sequence[str],
    photos: Sequence[LabelledPhoto],
    folder: Path | None,
    *,
    known: Collection[str] = (),
    unreadable: int = 0,
) -> tuple[list[Finding], tuple[str, ...]]:
    """What is to be said of the classes, and what forbids training."""
    counts = Counter(photo.label for photo in photos)
    findings: list[Finding] = []
    blocking: list[str] = []
    where = "The corrections" if folder is None else printable(str(folder))
    for name in names:
        if problem := check_class_name(name):
            findings.append(Finding(BAD_NAME, problem, label=name))
            blocking.append(problem)
    by_key: dict[str, list[str]] = {}
    for name in names:
        by_key.setdefault(collision_key(name), []).append(name)
    for clashing in by_key.values():
        if len(clashing) > 1:
            text = (
                f"The classes {' and '.join(clashing)} differ only in small and capital letters. "
                "Rename one, or put their photos together."
            )
            findings.append(Finding(CASE_CLASH, text, label=clashing[0]))
            blocking.append(text)
    few = [name for name in names if counts[name] < FEW and name not in known]
    for name in few:
        text = f"{name} has only {_photos(counts[name])}; {FEW} or more teach a class much better."
        findings.append(Finding(FEW_PHOTOS, text, label=name))
    if not photos and unreadable:
        blocking.append(f"Not one of the {_photos(unreadable)} in {where} can be read.")
    elif not photos and folder is None:
        blocking.append("There are no corrections yet. Review some photos first, or choose a folder.")
    elif not photos:
        blocking.append(
            f"{where} holds no folders with photos. Put the photos into one subfolder for each class, named after it."
        )
    elif known and len(photos) < LEAST:
        blocking.append(f"There are only {_photos(len(photos))} with corrections. Review {LEAST} or more first.")
    elif len(names) < 2:
        blocking.append(
            f"{where} holds photos of one class only: {', '.join(names) or OTHER}. Training needs at least two classes."
        )
    elif len(names) > MOST_CLASSES:
        blocking.append(f"{where} has {len(names)} classes; at most {MOST_CLASSES} can be trained.")
    if len(names) >= 2:
        too_few = [f"{name} ({counts[name]})" for name in names if counts[name] < LEAST and name not in known]
        if too_few:
            blocking.append(
                f"Too few photos to learn from: {', '.join(too_few)}. Give every class at least {LEAST}, better {FEW}."
            )
    return findings, tuple(blocking)


def _count_unreadable(findings: Sequence[Finding]) -> int:
    return sum(finding.kind == UNREADABLE for finding in findings)


def _in_order_of(names: Sequence[str]) -> Callable[[str], tuple[int, str]]:
    """Known names in their order, then the others by name."""
    places = {name: place for place, name in enumerate(names)}
    return lambda name: (places.get(name, len(places)), name.casefold())


def _photos(count: int) -> str:
    return f"{count:,} photo{'' if count == 1 else 's'}"
