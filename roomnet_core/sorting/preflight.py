"""Looks before a sort starts: what cannot work is said before anything is touched, what is worth knowing too."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from roomnet_core.errors import SortError
from roomnet_core.sorting import files
from roomnet_core.sorting.plan import Mode, SortPlan

_SPARE = 1.05  # file systems need room for more than the bytes
_LONG_PATH = 259  # what programs on Windows can open that know nothing of longer paths


@dataclass(frozen=True, slots=True)
class Preflight:
    """What was found. `notes` are sentences for the user; none of them stops the sort."""

    same_device: bool  # all photos lie on the destination's file system
    links: bool  # the destination's file system has hard links
    case_sensitive: bool
    needed_bytes: int  # of free space, a reserve of 5 % included
    free_bytes: int
    notes: tuple[str, ...]


def check(plan: SortPlan) -> Preflight:
    """Try what `plan` needs, with a file of a few bytes that is removed again.

    Raises:
        SortError: the sort cannot work; the message says why and what to do.
    """
    try:
        return _check(plan)
    except OSError as error:
        raise SortError(f"{plan.destination}: {error.strerror or error}. Choose another destination.") from error


def _check(plan: SortPlan) -> Preflight:
    folders = sorted({plan.destination, *(planned.target.parent for planned in plan.files())})
    for folder in folders:
        if files.io_path(folder).exists() and not files.io_path(folder).is_dir():
            raise SortError(f"{folder} is not a folder. Choose another destination.")
    base = next(path for path in (plan.destination, *plan.destination.parents) if files.io_path(path).exists())
    if not files.io_path(base).is_dir():
        raise SortError(f"{base} is not a folder. Choose another destination.")
    links, case_sensitive = _probe(base)
    for folder in folders:
        if folder != base and files.io_path(folder).is_dir():
            _probe(folder)
    device = files.io_path(base).stat().st_dev
    devices = {folder: _device(folder) for folder in {planned.source.parent for planned in plan.files()}}
    if plan.mode is Mode.MOVE:
        for folder in devices:
            if not os.access(files.io_path(folder), os.W_OK | os.X_OK):
                raise SortError(f"Photos cannot be moved out of {folder}, which may not be changed. Copy them instead.")
    free = shutil.disk_usage(files.io_path(base)).free
    copied = sum(
        planned.file.size
        for planned in plan.files()
        if _takes_space(plan.mode, devices[planned.source.parent] == device, links)
    )
    needed = int(copied * _SPARE)
    if free < needed:
        raise SortError(
            f"{base} has {free / 1e6:,.0f} MB free, but {needed / 1e6:,.0f} MB are needed. Free some space or choose"
            " another destination."
        )
    same_device = all(found == device for found in devices.values())
    notes = tuple(_notes(plan, same_device, links))
    return Preflight(same_device, links, case_sensitive, needed, free, notes)


def _takes_space(mode: Mode, same_device: bool, links: bool) -> bool:
    return mode is Mode.COPY or not same_device or (mode is Mode.LINK and not links)


def _device(folder: Path) -> int:
    try:
        return files.io_path(folder).stat().st_dev
    except OSError:  # its photos will be reported one by one
        return -1


def _notes(plan: SortPlan, same_device: bool, links: bool) -> Iterator[str]:
    if plan.mode is Mode.LINK and not links:
        yield "The destination's file system has no hard links: the photos are copied."
    elif plan.mode is Mode.LINK and not same_device:
        yield "Some photos lie on another drive than the destination, where no hard link can lead: those are copied."
    elif plan.mode is Mode.MOVE and not same_device:
        yield (
            "The photos go to another drive: each is copied and compared, and only then removed here. That takes"
            " longer."
        )
    long = sum(len(str(planned.target)) > _LONG_PATH for planned in plan.files())
    if long:
        yield (
            f"{long:,} of the new paths are longer than {_LONG_PATH} characters. Some programs on Windows cannot open"
            " them; a destination with a shorter path helps."
        )


def _probe(folder: Path) -> tuple[bool, bool]:
    """Whether hard links and letter case work in `folder`. Permissions lie on network drives and on Windows: only
    making a file shows that one can be made."""
    probe = folder / f".roomnet-{secrets.token_hex(4)}.part"
    link = probe.with_name(f"{probe.stem}2.part")
    try:
        try:
            os.close(files.create(probe))
        except OSError as error:
            raise SortError(
                f"{folder} cannot be written to: {error.strerror or error}. Choose another destination."
            ) from error
        case_sensitive = files.status_of(probe.with_name(probe.name.upper())) is None
        try:
            files.link(probe, link)
            links = True
        except OSError:
            links = False
    finally:
        for made in (link, probe):
            with contextlib.suppress(OSError):
                files.remove_name(made)
    return links, case_sensitive
