"""What a person said of labelled photos, by path: it outlives the page, another folder, and the window."""

from __future__ import annotations

import contextlib
import json
import os
import threading
from collections.abc import Iterable
from pathlib import Path

from roomnet_core.resources import data_dir
from roomnet_gui.train.photo_set import Labels

NAME = "labels-for-training.json"


class Said:
    """Labels and what is left out. `read` and `write` touch the disk, once each; any thread may call."""

    def __init__(self) -> None:
        self._path = data_dir() / NAME
        self._lock = threading.Lock()
        self._labels: dict[str, str] = {}
        self._left_out: set[str] = set()
        self._read = False
        self._changed = False

    def read(self) -> None:
        """Take up what an earlier sitting left; a file that cannot be read is as good as none."""
        with self._lock:
            if self._read:
                return
            self._read = True
            with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
                content = json.loads(self._path.read_text(encoding="utf-8", errors="surrogatepass"))
                self._labels = {str(path): str(label) for path, label in content["labels"].items()} | self._labels
                self._left_out |= {str(path) for path in content["left out"]}

    def write(self) -> None:
        """Keep it for the next sitting, in the program's own folder."""
        with self._lock:
            if not self._changed:
                return
            content = {"labels": self._labels, "left out": sorted(self._left_out)}
            with contextlib.suppress(OSError):
                self._path.parent.mkdir(parents=True, exist_ok=True)
                staged = self._path.with_suffix(".part")
                staged.write_text(json.dumps(content, indent=1), encoding="utf-8", errors="surrogatepass")
                staged.replace(self._path)
                self._changed = False

    def of(self, paths: Iterable[Path]) -> tuple[dict[Path, str], list[Path]]:
        """What was said of these photos: their labels, and which of them are left out."""
        with self._lock:
            known = [(path, os.fspath(path)) for path in paths]
            labels = {path: self._labels[name] for path, name in known if name in self._labels}
            return labels, [path for path, name in known if name in self._left_out]

    def remember(self, labels: Labels) -> None:
        """This is all that is said of these photos now."""
        names = {os.fspath(path) for path in labels.paths()}
        relabelled = {os.fspath(path): label for path, label in labels.relabelled().items()}
        left_out = {os.fspath(path) for path in labels.left_out()}
        with self._lock:
            new_labels = {name: label for name, label in self._labels.items() if name not in names} | relabelled
            new_left_out = (self._left_out - names) | left_out
            if (new_labels, new_left_out) != (self._labels, self._left_out):
                self._labels, self._left_out, self._changed = new_labels, new_left_out, True
