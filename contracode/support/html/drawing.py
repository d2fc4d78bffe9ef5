"""Charts, histograms and maps as inline SVG.

Pure functions: the same input yields the same drawing. Colours are the CSS variables `--c0` to
`--c9` of `templates/page.css`.
"""

import math
from collections.abc import Callable, Sequence
from html import escape
from typing import NamedTuple

from contracode.support.html.blocks import Chart, Curve, Histogram, Map

NUM_COLOURS = 10
"""Colours of curves and groups; further groups reuse them with another shape."""

_WIDTH, _HEIGHT = 560, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 14, 12, 40
_MAP_WIDTH, _MAP_HEIGHT, _MAP_MARGIN = 900, 560, 16

_DIGIT, _GAP = 7, 12
"""Width of a digit below a histogram, and space between two numbers."""

_SHAPES = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z",
    "M-3.6-3.6h7.2v7.2h-7.2Z",
    "M0-4.8L4.6 3.4h-9.2Z",
    "M0-5L5 0L0 5L-5 0Z",
)


class Drawing(NamedTuple):
    """An SVG element with the legend above it: marks and names of its curves or groups."""

    svg: str
    legend: Sequence[tuple[str, str]] = ()


def draw_chart(chart: Chart) -> Drawing | None:
    """Draw the curves of a chart; None if it has no finite value."""
    curves = [finite for curve in chart.curves if (finite := _finite(curve)).xs]
    if not curves:
        return None
    x_ticks = ticks(min(x for c in curves for x in c.xs), max(x for c in curves for x in c.xs))
    y_ticks = ticks(min(y for c in curves for y in c.ys), max(y for c in curves for y in c.ys))
    x_of = _scale(x_ticks[0], x_ticks[-1], _LEFT, _WIDTH - _RIGHT)
    y_of = _scale(y_ticks[0], y_ticks[-1], _HEIGHT - _BOTTOM, _TOP)
    parts = _grid(y_ticks, y_of, unit="")
    parts += [_below(x_of(x), f"{x:g}") for x in x_ticks]
    parts.append(_axis_label(chart.x_label))
    for number, curve in enumerate(curves):
        points = [f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in zip(curve.xs, curve.ys, strict=True)]
        ends = ", ".join(f"{curve.ys[at]:.4g} at {curve.xs[at]:g}" for at in (0, -1))
        tooltip = f"<title>{escape(curve.name)}: {ends}</title>"
        if len(points) == 1:  # a line with a single point is invisible
            place = f'transform="translate({points[0].replace(",", " ")})"'
            parts.append(_mark(number, place, tooltip))
        parts.append(
            f'<polyline class="curve" style="stroke:{_colour(number)}" points="{" ".join(points)}">'
            f"{tooltip}</polyline>"
        )
    lines = ((_line_mark(number), curve.name) for number, curve in enumerate(curves))
    return Drawing(_svg(chart.title, parts, _WIDTH, _HEIGHT), tuple(lines))


def draw_histogram(histogram: Histogram) -> Drawing | None:
    """Draw the bars of a histogram; None if all are empty."""
    total = sum(bar.number for bar in histogram.bars)
    if not total:
        return None
    shares = [100 * bar.number / total for bar in histogram.bars]
    y_ticks = ticks(0, max(shares))
    y_of = _scale(0, y_ticks[-1], _HEIGHT - _BOTTOM, _TOP)
    width = (_WIDTH - _RIGHT - _LEFT) / len(shares)
    parts = _grid(y_ticks, y_of, unit=" %")
    every = math.ceil((_DIGIT * max(len(str(bar.low)) for bar in histogram.bars) + _GAP) / width)
    for number, (bar, share) in enumerate(zip(histogram.bars, shares, strict=True)):
        left, top = _LEFT + number * width, y_of(share)
        size = f"{bar.low:,}" if bar.low == bar.high else f"{bar.low:,} to {bar.high:,}"
        parts.append(
            f'<rect class="bar" x="{left + 1:.1f}" width="{max(width - 2, 1):.1f}"'
            f' y="{top:.1f}" height="{y_of(0) - top:.1f}">'
            f"<title>{size}: {bar.number:,} ({share:.1f} %)</title></rect>"
        )
        if number % every == 0:
            parts.append(_below(left + width / 2, str(bar.low)))
    parts.append(_axis_label(histogram.x_label))
    return Drawing(_svg(histogram.title, parts, _WIDTH, _HEIGHT))


def draw_map(plane: Map) -> Drawing | None:
    """Draw the points of a map; None if there are none."""
    points = plane.points
    if not points:
        return None
    xs, ys = [point.x for point in points], [point.y for point in points]
    x_of = _scale(min(xs), max(xs), _MAP_MARGIN, _MAP_WIDTH - _MAP_MARGIN)
    y_of = _scale(min(ys), max(ys), _MAP_HEIGHT - _MAP_MARGIN, _MAP_MARGIN)
    groups = {group: at for at, group in enumerate(sorted({point.group for point in points}))}
    parts = [
        f'<rect x=".5" y=".5" width="{_MAP_WIDTH - 1}" height="{_MAP_HEIGHT - 1}" fill="none"'
        ' class="grid" rx="6"/>'
    ]
    for point in points:
        place = f'class="point" transform="translate({x_of(point.x):.1f} {y_of(point.y):.1f})"'
        tooltip = f"<title>{escape(point.tooltip)}</title>"
        parts.append(_mark(groups[point.group], place, tooltip))
    legend = tuple((_mark(at, "", ""), group) for group, at in groups.items())
    return Drawing(_svg(plane.title, parts, _MAP_WIDTH, _MAP_HEIGHT), legend)


def ticks(low: float, high: float, *, count: int = 6) -> list[float]:
    """Return about `count` evenly spaced round numbers that enclose a range.

    Steps are 1, 2 or 5 times a power of ten. An empty range is widened.
    """
    if low == high:
        low, high = low - 0.5, high + 0.5
    raw = (high - low) / (count - 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


def _finite(curve: Curve) -> Curve:
    pairs = [
        (x, y)
        for x, y in zip(curve.xs, curve.ys, strict=True)
        if math.isfinite(x) and math.isfinite(y)
    ]
    return Curve(curve.name, [x for x, _ in pairs], [y for _, y in pairs])


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    width = (high - low) or 1.0
    return lambda value: start + (value - low) / width * (end - start)


def _svg(title: str, parts: Sequence[str], width: int, height: int) -> str:
    label = escape(title)
    drawing = "\n".join(parts)
    return (
        f'<svg viewBox="0 0 {width} {height}" role="img" aria-label="{label}">\n{drawing}\n</svg>'
    )


def _grid(y_ticks: Sequence[float], y_of: Callable[[float], float], *, unit: str) -> list[str]:
    parts: list[str] = []
    for y in y_ticks:
        place = f'y1="{y_of(y):.1f}" y2="{y_of(y):.1f}"'
        parts.append(f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" {place}/>')
        place = f'x="{_LEFT - 8}" y="{y_of(y) + 4:.1f}"'
        parts.append(f'<text {place} text-anchor="end">{y:g}{unit}</text>')
    return parts


def _below(x: float, text: str) -> str:
    return f'<text x="{x:.1f}" y="{_HEIGHT - _BOTTOM + 17}" text-anchor="middle">{text}</text>'


def _axis_label(text: str) -> str:
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    return f'<text x="{middle}" y="{_HEIGHT - 5}" text-anchor="middle">{escape(text)}</text>'


def _colour(group: int) -> str:
    return f"var(--c{group % NUM_COLOURS})"


def _mark(group: int, attributes: str, content: str) -> str:
    shape = _SHAPES[(group + group // NUM_COLOURS) % len(_SHAPES)]
    return f'<path d="{shape}" style="fill:{_colour(group)}" {attributes}>{content}</path>'


def _line_mark(curve: int) -> str:
    return f'<path d="M-7 0H7" stroke-width="3" style="stroke:{_colour(curve)}"/>'
