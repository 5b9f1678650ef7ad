"""What the sort dialog remembers between runs: the last options, presets by name, and recent destinations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QSettings

from roomnet_core.sorting.plan import Mode, SortOptions

_LAST, _PRESETS, _DESTINATIONS = "sort/last", "sort/presets", "sort/destinations"
_MOST_DESTINATIONS = 8


class Presets:
    """Over the window's settings. What cannot be read there counts as not there."""

    def __init__(self, settings: QSettings) -> None:
        self._settings = settings

    # --- options; the destination is not part of a preset

    def last(self, destination: Path) -> SortOptions | None:
        """The options of the last sort."""
        return _from_json(_parsed(self._settings.value(_LAST)), destination)

    def remember(self, options: SortOptions) -> None:
        """Keep the options and the destination of a sort that was started."""
        self._settings.setValue(_LAST, json.dumps(_to_json(options)))
        recent = [options.destination, *(path for path in self.destinations() if path != options.destination)]
        names = [str(path) for path in recent[:_MOST_DESTINATIONS]]
        self._settings.setValue(_DESTINATIONS, json.dumps(names))

    def names(self) -> list[str]:
        return sorted(self._all(), key=str.casefold)

    def get(self, name: str, destination: Path) -> SortOptions | None:
        return _from_json(self._all().get(name), destination)

    def save(self, name: str, options: SortOptions) -> None:
        """Keep `options` as `name`, also where that name is taken."""
        self._store(self._all() | {name: _to_json(options)})

    def delete(self, name: str) -> None:
        self._store({key: value for key, value in self._all().items() if key != name})

    # --- destinations

    def destinations(self) -> list[Path]:
        """Where was sorted to lately, the latest first."""
        names = _parsed(self._settings.value(_DESTINATIONS))
        return [Path(name) for name in names if isinstance(name, str)] if isinstance(names, list) else []

    def _all(self) -> dict[str, Any]:
        presets = _parsed(self._settings.value(_PRESETS))
        return presets if isinstance(presets, dict) else {}

    def _store(self, presets: dict[str, Any]) -> None:
        self._settings.setValue(_PRESETS, json.dumps(presets))


def _parsed(text: Any) -> Any:
    try:
        return json.loads(text)
    except (RecursionError, TypeError, ValueError):
        return None


def _to_json(options: SortOptions) -> dict[str, Any]:
    return {
        "mode": options.mode.name,
        "template": options.template,
        "folders": dict(options.folders),
        "order": list(options.order),
        "unsure": options.unsure_folder,
        "rejected": options.rejected_folder,
        "companions": options.companions,
    }


def _from_json(data: Any, destination: Path) -> SortOptions | None:
    try:
        return SortOptions(
            destination=destination,
            mode=Mode[data["mode"]],
            template=str(data["template"]),
            folders={str(room): str(folder) for room, folder in data["folders"].items()},
            order=tuple(str(room) for room in data["order"]),
            unsure_folder=_text_or_none(data["unsure"]),
            rejected_folder=_text_or_none(data["rejected"]),
            companions=bool(data["companions"]),
        )
    except (AttributeError, KeyError, TypeError):
        return None


def _text_or_none(value: Any) -> str | None:
    return None if value is None else str(value)
