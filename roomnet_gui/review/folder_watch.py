"""Notices that photos came, changed or went in the opened folders. It only tells; nobody's photos are added unasked."""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QFileSystemWatcher, QObject, QTimer, Signal

from roomnet_core.errors import RoomNetError
from roomnet_core.session.reconcile import Finding, State
from roomnet_gui.jobs.classification import Source
from roomnet_gui.jobs.job import Callbacks, Job
from roomnet_gui.jobs.runner import Lane, Runner

# Watching costs a file handle a folder on some systems; what lies deeper is found by "Classify the rest".
MOST_FOLDERS = 200
# A camera card that is being copied reports every file: wait until it is quiet.
_QUIET_MS = 1200


@dataclass(frozen=True, slots=True)
class Changes:
    """What a look at the folders found."""

    new: int
    changed: int
    gone: int

    def __bool__(self) -> bool:
        return bool(self.new or self.changed or self.gone)


class FolderWatch(QObject):
    """`look` makes the source that compares the folders with the session; None while the session is busy itself."""

    noticed = Signal(object)  # Changes, also when there are none any more

    def __init__(self, runner: Runner, look: Callable[[], Source | None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner, self._look = runner, look
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(lambda path: self._timer.start())
        self._timer = QTimer(self, singleShot=True, interval=_QUIET_MS)
        self._timer.timeout.connect(self._compare)
        self._job: Job | None = None

    def watch(self, paths: Sequence[Path]) -> None:
        """Watch these folders and what is below them, instead of any earlier ones."""
        self.stop()
        if paths:
            self._runner.start(
                Lane.CATALOG,
                "list folders",
                lambda job: _folders(paths, job.cancelled),
                Callbacks(done=self._set_folders, failed=lambda error: None),
            )

    def stop(self) -> None:
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()
            self._job = None
        if watched := self._watcher.directories():
            self._watcher.removePaths(watched)

    def look_again(self) -> None:
        """Compare soon; for when the session was busy."""
        self._timer.start()

    def _set_folders(self, folders: list[str]) -> None:
        if watched := self._watcher.directories():
            self._watcher.removePaths(watched)
        if folders:
            self._watcher.addPaths(folders)

    def _compare(self) -> None:
        source = self._look()
        if source is None or self._job is not None:
            self._timer.start()
            return

        def done(changes: Changes) -> None:
            self._job = None
            self.noticed.emit(changes)

        def failed(error: BaseException) -> None:
            self._job = None
            if not isinstance(error, RoomNetError | OSError):  # a drive that was pulled out is no mistake of ours
                raise error

        self._job = self._runner.start(
            Lane.CATALOG,
            "compare folders",
            lambda job: _count(source(job.cancelled)),
            Callbacks(done=done, failed=failed),
        )


def _count(findings: Iterable[Finding]) -> Changes:
    counts: Counter[str] = Counter()
    for finding in findings:
        known = finding.photo
        if finding.state is State.NEW or (known is None and finding.state is State.PROBLEM):
            counts["new"] += 1
        elif finding.state in (State.CHANGED, State.MOVED):
            counts["changed"] += 1
        elif finding.state is State.MISSING and known is not None and known.problem is None:
            counts["gone"] += 1
    return Changes(counts["new"], counts["changed"], counts["gone"])


def _folders(paths: Iterable[Path], cancelled: Callable[[], bool]) -> list[str]:
    """The folders at and below `paths` that may be read, nearest first, at most `MOST_FOLDERS`."""
    found: dict[str, None] = {}
    waiting = deque(str(path) for path in paths if path.is_dir())
    while waiting and len(found) < MOST_FOLDERS and not cancelled():
        folder = waiting.popleft()
        if folder in found:
            continue
        try:
            with os.scandir(folder) as entries:
                found[folder] = None
                waiting.extend(
                    entry.path
                    for entry in entries
                    if not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
                )
        except OSError:
            continue
    return list(found)
