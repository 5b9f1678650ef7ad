"""What `roomnet train` shows a person: bars and times on a terminal, a line an epoch, and the verdict at the end."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from roomnet_core.cli import console
from roomnet_core.training.process import STAGES
from roomnet_core.training.report import read_report

# With the longest words and figures a line fits into 80 columns.
_BAR_WIDTH = 12


class TrainingScreen:
    """Takes the events of a run one by one. Bars go to standard error, and only where that is a terminal."""

    def __init__(self, terminal: Console | None = None) -> None:
        """`terminal` is where the bars go; default: standard error."""
        self._terminal = terminal or Console(stderr=True, highlight=False)
        self._bars: Progress | None = None
        self._task = TaskID(0)
        self._title = ""

    def show(self, event: dict[str, Any]) -> None:
        """Show one event; lines wait until the bar is out of their way."""
        match event["event"]:
            case "started":
                counts = f"{event['training_photos']:,} photos, {event['validation_photos']:,} to check with"
                self._line(f"{'Going on with' if event['resumed'] else 'Training on'} {counts}, on: {event['device']}.")
            case "stage":
                self.close()
                self._title = STAGES.get(event["name"], event["name"])
            case "step":
                self._step(event)
            case "epoch" if event["best"] or event["epoch"] == event["epochs"]:
                self._line(
                    f"epoch {event['epoch']}/{event['epochs']}: loss {event['loss']:.3f}, "
                    f"accuracy {event['accuracy']:.1%}, on the photos to check with {event['val_accuracy']:.1%}"
                )
            case "done":
                self.close()
                _print_report(event)
            case "stopped":
                self._line("Left for later. The same command with --resume goes on.", error=True)
            case "failed":
                self._line(f"roomnet: {event['message']}", error=True)

    def close(self) -> None:
        """Take the bar off the screen."""
        if self._bars is not None:
            self._bars.stop()
            self._bars = None

    def _line(self, text: str, *, error: bool = False) -> None:
        self.close()
        print(text, file=sys.stderr if error else sys.stdout, flush=True)

    def _step(self, event: dict[str, Any]) -> None:
        if not self._terminal.is_terminal:
            return
        if self._bars is None:
            columns = (TextColumn("{task.description}"), BarColumn(_BAR_WIDTH), TextColumn("{task.fields[figures]}"))
            self._bars = Progress(*columns, console=self._terminal, transient=True, auto_refresh=False)
            self._task = self._bars.add_task(self._title, figures="")
            self._bars.start()
        title = f"{self._title}, epoch {event['epoch']}" if event["epoch"] else self._title
        self._bars.update(
            self._task,
            description=title,
            completed=event["step"],
            total=event["steps"],
            figures=_figures(event),
            refresh=True,
        )


def _figures(event: dict[str, Any]) -> str:
    """`312/1,200 · 41 photos/s · 0:22 left · loss 0.410`."""
    parts = [f"{event['step']:,}/{event['steps']:,}"]
    if event["photos_per_second"]:
        parts.append(f"{event['photos_per_second']:,.0f} photos/s")
    if event["seconds_left"] is not None:
        parts.append(f"{console.clock_time(event['seconds_left'])} left")
    if event["loss"] is not None:
        parts.append(f"loss {event['loss']:.3f}")
    return " · ".join(parts)


def _print_report(event: dict[str, Any]) -> None:
    report = read_report(Path(event["report"]))
    print()

    def shown(value: float | None, percent: bool) -> str:
        return "" if value is None else f"{value:.1%}" if percent else f"{value:.3f}"

    rows = [("", report.model, report.old_model)]
    rows += [(row.title, shown(row.new, row.percent), shown(row.old, row.percent)) for row in report.table]
    console.print_table(rows, sys.stdout)
    print(f"\n{report.verdict}")
    print(f"Trained in {event['seconds']:.0f} s. Pictures, tables and mistakes: {event['report']}")
    print(f"Use it with: roomnet classify FOLDER --model {report.model}")
