"""Charts as SVG, written by hand: a plotting library would be the largest part of the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path

Points = Sequence[tuple[float, float]]

# Eight hues that keep apart for most kinds of colour blindness (Okabe and Ito), darkened for white paper.
COLORS = ("#0072b2", "#d55e00", "#009e73", "#a6447c", "#8a6d00", "#3f8fc0", "#333333", "#7a7a00")
DIAGONAL = "perfect"

_WIDTH, _HEIGHT, _LEFT, _TOP, _PLOT_WIDTH, _PLOT_HEIGHT = 640, 400, 62, 44, 420, 300
_TICKS = 5


def line_chart(
    title: str,
    series: Mapping[str, Points],
    *,
    x_label: str,
    y_label: str,
    top: float | None = 1.0,
    marks: bool = False,
) -> str:
    """Lines over a common x axis, y from 0 to `top` (None: to the largest value); `marks` puts a dot on each point.

    A series called `DIAGONAL` is drawn thin and grey.
    """
    points = [point for line in series.values() for point in line]
    left, right = min((x for x, _ in points), default=0.0), max((x for x, _ in points), default=1.0)
    if left == right:
        left, right = left - 0.5, right + 0.5
    high = top if top is not None else max((y for _, y in points), default=1.0) * 1.05 or 1.0
    low = _TOP + _PLOT_HEIGHT

    def place(x: float, y: float) -> tuple[float, float]:
        return _LEFT + _PLOT_WIDTH * (x - left) / (right - left), low - _PLOT_HEIGHT * min(max(y, 0.0), high) / high

    parts = _frame(title)
    for tick in range(_TICKS + 1):
        share = tick / _TICKS
        x, y = _LEFT + _PLOT_WIDTH * share, low - _PLOT_HEIGHT * share
        parts.append(f'<path d="M{_LEFT} {y:.1f}H{_LEFT + _PLOT_WIDTH}" stroke="#dddddd"/>')
        parts.append(_text(x, low + 18, f"{left + (right - left) * share:.3g}", anchor="middle"))
        parts.append(_text(_LEFT - 8, y + 4, f"{high * share:.2g}", anchor="end"))
    for number, (name, line) in enumerate(series.items()):
        diagonal = name == DIAGONAL
        color, width = ("#999999", 1) if diagonal else (COLORS[number % len(COLORS)], 2)
        dash = ' stroke-dasharray="7 4"' if number >= len(COLORS) else ""
        placed = [place(x, y) for x, y in line]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        parts.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="{width}"{dash}/>')
        if (marks or len(placed) == 1) and not diagonal:
            parts.extend(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{color}"/>' for x, y in placed)
        y = _TOP + 8 + 18 * number
        x = _LEFT + _PLOT_WIDTH + 14
        parts.append(f'<path d="M{x} {y - 4}h18" stroke="{color}" stroke-width="{width}"{dash}/>')
        parts.append(_text(_LEFT + _PLOT_WIDTH + 38, y, name))
    parts.append(_text(_LEFT + _PLOT_WIDTH / 2, low + 40, x_label, anchor="middle"))
    middle = _TOP + _PLOT_HEIGHT / 2
    parts.append(_text(16, middle, y_label, anchor="middle", extra=f'transform="rotate(-90 16 {middle})"'))
    return "\n".join([*parts, "</svg>", ""])


def confusion_chart(title: str, names: Sequence[str], confusion: Sequence[Sequence[int]]) -> str:
    """Rows: what the photos show; columns: what they were called. The darker, the larger the share of its row."""
    side = max(26, min(56, 420 // max(1, len(names))))
    left, top = 130, 130
    width, height = left + side * len(names) + 20, top + side * len(names) + 20
    parts = _frame(title, max(width, 320), height)
    for row, (name, counts) in enumerate(zip(names, confusion, strict=True)):
        y = top + side * row
        parts.append(_text(left - 8, y + side / 2 + 4, name, anchor="end"))
        x = left + side * row + side / 2
        parts.append(_text(x, top - 8, name, extra=f'transform="rotate(-45 {x} {top - 8})"'))
        for column, count in enumerate(counts):
            share = count / max(1, sum(counts))
            color = "0,114,178" if row == column else "213,94,0"
            x = left + side * column
            parts.append(
                f'<rect x="{x}" y="{y}" width="{side - 1}" height="{side - 1}" fill="rgb({color})" '
                f'fill-opacity="{0.04 + 0.8 * share:.2f}"/>'
            )
            if count:
                ink = "#ffffff" if share > 0.6 else "#222222"
                parts.append(_text(x + side / 2, y + side / 2 + 4, str(count), anchor="middle", color=ink))
    return "\n".join([*parts, "</svg>", ""])


def write_csv(path: Path, header: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    """A table that spreadsheets open as it is."""
    import csv

    with path.open("w", newline="", encoding="utf-8-sig") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows(rows)


def _frame(title: str, width: int = _WIDTH, height: int = _HEIGHT) -> list[str]:
    return [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>',
        f'<text x="16" y="24" font-size="15" fill="#222222">{escape(title)}</text>',
    ]


def _text(x: float, y: float, text: str, *, anchor: str = "start", color: str = "#444444", extra: str = "") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{color}" {extra}>{escape(text)}</text>'
