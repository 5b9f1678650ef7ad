"""An examination made ready to be looked at, on a worker: its photos, and the rows of what there is to see."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP

from roomnet_core.errors import ModelError
from roomnet_core.rooms import RoomSet
from roomnet_core.training import examination as findings
from roomnet_core.training.examination import Examination
from roomnet_gui import texts
from roomnet_gui.core_texts import spoken
from roomnet_gui.language import Words
from roomnet_gui.review.painting import Badge
from roomnet_gui.review.query import Query, Selection, Show
from roomnet_gui.train.photo_panel import Filter, room_filters
from roomnet_gui.train.photo_set import Labelled, Labels, LoadedPhotos, load_photos
from roomnet_gui.train.said import Said
from roomnet_gui.train.words import tr

_MOST_SENTENCES = 6


@dataclass(frozen=True, slots=True)
class Examined:
    """Photos for the grid (`loaded`; None: they cannot be shown), the rows beside it, and what was `said` before."""

    examination: Examination
    judgement: Judgement
    loaded: LoadedPhotos | None
    filters: tuple[Filter, ...]
    said: tuple[dict[Path, str], list[Path]] = field(default_factory=lambda: ({}, []))


def judged(found: Examination, labels: Labels | None) -> Examination:
    """The examination with what a person changed of it."""
    if labels is None:
        return found
    if relabelled := labels.relabelled():
        found = found.relabelled(relabelled)
    left_out = labels.left_out()
    return found.without(left_out) if left_out else found


@dataclass(frozen=True, slots=True)
class Judgement:
    """What forbids training, and how many photos are used, relabelled and left out."""

    blocking: tuple[str, ...]
    classes: int
    used: int
    relabelled: int
    left_out: int


def judge(found: Examination, labels: Labels) -> Judgement:
    """What comes of an examination and what a person changed of it."""
    result = judged(found, labels)
    return Judgement(
        result.blocking, len(result.classes), labels.used, len(labels.relabelled()), len(labels.left_out())
    )


_KINDS: dict[str, tuple[str, Badge]] = {
    findings.DISPUTED: (QT_TRANSLATE_NOOP("Train", "Disputed labels"), Badge.UNSURE),
    findings.UNREADABLE: (QT_TRANSLATE_NOOP("Train", "Unreadable"), Badge.PROBLEM),
    findings.DUPLICATE: (QT_TRANSLATE_NOOP("Train", "Duplicates"), Badge.NOT_REVIEWED),
    findings.NEAR_DUPLICATE: (QT_TRANSLATE_NOOP("Train", "Near duplicates"), Badge.NOT_REVIEWED),
    findings.LOOSE: (QT_TRANSLATE_NOOP("Train", "Without a class"), Badge.NOT_REVIEWED),
}


def prepare(found: Examination, said: Said) -> Examined:
    """The photos of an examination and what there is to look at, ready to be shown."""
    names = [name for name in found.counts() if name]
    try:
        rooms = RoomSet.from_names(names)
    except ModelError:  # one class, or two that differ in case: the sentences say so
        return Examined(found, Judgement(found.blocking, len(found.classes), 0, 0, 0), None, ())
    remarks: dict[Path, tuple[Words, Badge]] = {}
    paths: dict[str, list[Path]] = {}
    sentences: dict[str, list[str]] = {}
    problems: dict[Path, str] = {}
    for finding in found.findings:
        paths.setdefault(finding.kind, []).extend(finding.paths)
        sentences.setdefault(finding.kind, []).append(finding.text)
        if finding.kind == findings.DISPUTED:
            words = functools.partial(_looks_like, rooms, finding.suggested, finding.confidence)
            remarks.update((path, (words, Badge.UNSURE)) for path in finding.paths)
        elif finding.kind == findings.UNREADABLE:
            problems.update((path, finding.text) for path in finding.paths)
    shown = [
        Labelled(photo.path, photo.label, *remarks.get(photo.path, ("", None))) for photo in found.photos
    ]
    shown += [Labelled(path, "", problem=text) for path, text in problems.items()]
    loaded = load_photos(shown, rooms)
    judgement = judge(found, Labels(tuple(loaded.document), loaded))
    before = said.of(photo.file.path for photo in loaded.document)
    return Examined(found, judgement, loaded, tuple(_filters(found, loaded, paths, sentences)), before)


def _filters(
    found: Examination, loaded: LoadedPhotos, paths: Mapping[str, list[Path]], sentences: Mapping[str, list[str]]
) -> list[Filter]:
    rooms = loaded.document.rooms
    few = {finding.label: finding.text for finding in found.findings if finding.kind == findings.FEW_PHOTOS}
    general = [*few.values(), *sentences.get(findings.LOOSE, ())][:_MOST_SENTENCES]
    rows = [
        Filter(lambda: tr("All photos"), Query(), lambda: "\n".join(map(spoken, general))),
        Filter(lambda: tr("Classes")),
    ]
    for row in room_filters(rooms):
        name = rooms[row.room_id].name
        rows.append(
            Filter(row.title, row.query, functools.partial(spoken, few[name]), Badge.UNSURE, row.room_id)
            if name in few
            else row
        )
    looks = []
    for kind, (title, badge) in _KINDS.items():
        ids = frozenset(filter(None, (loaded.document.id_of(path) for path in paths.get(kind, ()))))
        if ids:
            about = functools.partial(_about, kind, sentences[kind])
            looks.append(Filter(functools.partial(tr, title), Query(only=ids), about, badge))
    if looks:
        rows += [Filter(lambda: tr("To look at")), *looks]
    left_out = Filter(lambda: tr("Left out"), Query(Selection(Show.REJECTED)), "", Badge.REJECTED)
    rows += [Filter(lambda: tr("Done")), left_out]
    return rows


def _about(kind: str, sentences: list[str]) -> str:
    if kind == findings.DISPUTED:
        return tr(
            "The model in use is sure that these show something else. A class's key gives the photo that label, "
            "X leaves it out; what is right can stay."
        )
    if kind in (findings.DUPLICATE, findings.NEAR_DUPLICATE):
        differing = [sentence for sentence in sentences if "labelled differently" in sentence]
        words = tr("Nothing has to be done: they are kept together, all to learn from or all to check with.")
        return "\n".join([words, *map(spoken, differing[:3])])
    if kind == findings.UNREADABLE:
        return tr("These files cannot be read and are not used.")
    return spoken(sentences[0]) if sentences else ""


def _looks_like(rooms: RoomSet, name: str, confidence: float) -> str:
    room = rooms.by_name(name)
    spoken = name if room is None else texts.room_name(room)
    return tr("{room}, {confidence}?").format(room=spoken, confidence=texts.per_cent(confidence))
