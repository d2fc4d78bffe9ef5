"""From figures to one self-contained HTML page: inline SVG and CSS, nothing fetched, readable in
light and in dark.

Pure functions: the same input gives the same page. The page forbids itself all loading and all
    scripts.
"""

import math
from collections.abc import Callable, Sequence
from html import escape
from typing import NamedTuple


class CodePart(NamedTuple):
    """A stretch of the drawing: text of the source, or a hint with its probability."""

    text: str
    probability: float | None


class Curve(NamedTuple):
    """A line of a chart."""

    name: str
    xs: Sequence[float]
    ys: Sequence[float]


class Chart(NamedTuple):
    """Curves over one axis; values that are not finite are left out."""

    title: str
    x_label: str
    curves: Sequence[Curve]


class Point(NamedTuple):
    """A place on a map; the tooltip shows on hovering."""

    x: float
    y: float
    group: str
    tooltip: str


class Map(NamedTuple):
    """Points in a plane, coloured and shaped by group."""

    title: str
    points: Sequence[Point]


class Table(NamedTuple):
    """Rows of text; from the second column on they are set as numbers. Rows of which `strong` is
    true stand out.
    """

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    strong: Sequence[bool] = ()


class Bar(NamedTuple):
    """How many of a histogram's things have a size from `low` to `high`, both included."""

    low: int
    high: int
    number: int


class Histogram(NamedTuple):
    """Shares of things by size; the bars stand side by side, whatever the widths of their
    ranges.
    """

    title: str
    x_label: str
    bars: Sequence[Bar]


class Counts(NamedTuple):
    """Counts by name, with their shares of the total, as numbers and as lengths."""

    title: str
    counts: Sequence[tuple[str, int]]


class Text(NamedTuple):
    """A paragraph."""

    text: str


class Listing(NamedTuple):
    """Source text; parts with a probability are drawn as hints."""

    title: str
    parts: Sequence[CodePart]


class Listings(NamedTuple):
    """Source texts side by side where there is room."""

    listings: Sequence[Listing]


Block = Chart | Histogram | Map | Table | Counts | Text | Listing | Listings


class Section(NamedTuple):
    """A heading and what stands under it; neighbouring charts, histograms or counts stand side by
    side where there is room.
    """

    title: str
    blocks: Sequence[Block]


NUM_COLOURS = 10
"""Of curves and groups; the eleventh begins again, with another shape."""

_WIDTH, _HEIGHT = 560, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 14, 12, 40

_DIGIT, _GAP = 7, 12
"""Width of a digit below the bars of a histogram, and between two numbers."""

_SHAPES: tuple[str, ...] = (
    "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0Z",
    "M-3.6-3.6h7.2v7.2h-7.2Z",
    "M0-4.8L4.6 3.4h-9.2Z",
    "M0-5L5 0L0 5L-5 0Z",
)

_STYLE = """
:root { color-scheme: light dark; --page: #ffffff; --text: #1d2129; --quiet: #5b6472; --line: #d9dee5; --panel: #f5f7f9; --hint: #6d5bd0;
  --c0: #0b6bcb; --c1: #c4500a; --c2: #2b8a3e; --c3: #a61e9a; --c4: #b08900; --c5: #0c8599; --c6: #c92a2a; --c7: #5f3dc4; --c8: #7a5230;
  --c9: #495057; }
@media (prefers-color-scheme: dark) { :root { --page: #14171c; --text: #e4e8ee; --quiet: #9aa5b4; --line: #323945; --panel: #1c2128;
  --hint: #b0a3ff; --c0: #6cb6ff; --c1: #ff9d5c; --c2: #69db7c; --c3: #f0a6e8; --c4: #ffd43b; --c5: #66d9e8; --c6: #ff8787; --c7: #b197fc;
  --c8: #d9b38c; --c9: #ced4da; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 76rem; background: var(--page); color: var(--text);
  font: 16px/1.5 system-ui, sans-serif; }
h1 { font-size: 1.7rem; line-height: 1.2; margin: 0 0 .25rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .5rem; padding-top: 1rem; border-top: 1px solid var(--line); }
h3, caption { font-size: .95rem; font-weight: 600; margin: .75rem 0 .35rem; text-align: left; }
p { max-width: 48rem; margin: .4rem 0 .8rem; }
.lead { color: var(--quiet); }
.side { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); }
.side > * { min-width: 0; }
figure { margin: 0; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--quiet); font: 12px system-ui, sans-serif; }
.grid { stroke: var(--line); stroke-width: 1; }
.curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
.bar { fill: var(--c0); }
.bar:hover { fill: var(--text); }
.point { stroke: var(--page); stroke-width: .7; fill-opacity: .85; }
.point:hover { fill-opacity: 1; stroke: var(--text); stroke-width: 1.5; }
.legend { display: flex; flex-wrap: wrap; gap: .2rem 1rem; margin: .35rem 0 .5rem; padding: 0; list-style: none; font-size: .85rem; }
.legend svg { display: inline-block; width: 14px; height: 14px; margin-right: .35rem; vertical-align: -2px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .9rem; margin: .5rem 0 1.25rem; font-variant-numeric: tabular-nums; }
th, td { padding: .3rem .9rem .3rem 0; border-bottom: 1px solid var(--line); text-align: right; white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
.counts td:last-child { width: 100%; padding-right: 0; }
.counts svg { min-width: 4rem; height: .8rem; }
tr.strong td { font-weight: 600; }
pre { margin: 0; padding: .8rem 1rem; overflow-x: auto; background: var(--panel); border: 1px solid var(--line); border-radius: 6px;
  font: 13px/1.45 ui-monospace, monospace; tab-size: 2; }
.hint { color: var(--hint); background: color-mix(in srgb, var(--hint) 14%, transparent); border-radius: 3px; font-style: italic; }
"""


def render(title: str, lead: str, sections: Sequence[Section]) -> str:
    """Return the page.

    Args:
        title: heading and window title.
        lead: one paragraph below it.
        sections: what follows.
    """
    body = "".join(
        f"<section>\n<h2>{escape(section.title)}</h2>\n{_blocks(section.blocks)}</section>\n"
        for section in sections
    )
    policy = "default-src 'none'; style-src 'unsafe-inline'"
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
        f'<h1>{escape(title)}</h1>\n<p class="lead">{escape(lead)}</p>\n{body}</body>\n</html>\n'
    )


def _blocks(blocks: Sequence[Block]) -> str:
    parts: list[str] = []
    at = 0
    while at < len(blocks):
        end = at
        while end < len(blocks) and isinstance(blocks[end], Chart | Histogram | Counts):
            end += 1
        if end > at + 1:
            parts.append(_side([_block(block) for block in blocks[at:end]]))
            at = end
        else:
            parts.append(_block(blocks[at]))
            at += 1
    return "".join(parts)


def _block(block: Block) -> str:
    match block:
        case Chart():
            return _chart(block)
        case Histogram():
            return _histogram(block)
        case Counts():
            return _counts(block)
        case Map():
            return _map(block)
        case Table():
            return _table(block)
        case Text():
            return f"<p>{escape(block.text)}</p>\n"
        case Listing():
            return _listing(block)
        case Listings():
            return _side([_listing(one) for one in block.listings])


def _side(parts: Sequence[str]) -> str:
    return '<div class="side">\n' + "".join(parts) + "</div>\n"


def _chart(chart: Chart) -> str:
    curves = [
        Curve(
            curve.name,
            *zip(
                *(pair for pair in zip(curve.xs, curve.ys, strict=True) if _finite(pair)),
                strict=True,
            ),
        )
        for curve in chart.curves
        if any(_finite(pair) for pair in zip(curve.xs, curve.ys, strict=True))
    ]
    if not curves:
        return f"<figure>\n<h3>{escape(chart.title)}</h3>\n<p>No values.</p>\n</figure>\n"
    x_ticks = ticks(min(x for c in curves for x in c.xs), max(x for c in curves for x in c.xs))
    y_ticks = ticks(min(y for c in curves for y in c.ys), max(y for c in curves for y in c.ys))
    x_of = _scale(x_ticks[0], x_ticks[-1], _LEFT, _WIDTH - _RIGHT)
    y_of = _scale(y_ticks[0], y_ticks[-1], _HEIGHT - _BOTTOM, _TOP)
    parts: list[str] = []
    for y in y_ticks:
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y_of(y):.1f}" y2="{y_of(y):.1f}"/>'
        )
        parts.append(f'<text x="{_LEFT - 8}" y="{y_of(y) + 4:.1f}" text-anchor="end">{y:g}</text>')
    parts += [
        f'<text x="{x_of(x):.1f}" y="{_HEIGHT - _BOTTOM + 17}" text-anchor="middle">{x:g}</text>'
        for x in x_ticks
    ]
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(
        f'<text x="{middle}" y="{_HEIGHT - 5}" text-anchor="middle">{escape(chart.x_label)}</text>'
    )
    for number, curve in enumerate(curves):
        places = " ".join(
            f"{x_of(x):.1f},{y_of(y):.1f}" for x, y in zip(curve.xs, curve.ys, strict=True)
        )
        last = f"{escape(curve.name)}: {curve.ys[0]:.4g} at {curve.xs[0]:g}, {curve.ys[-1]:.4g} at {curve.xs[-1]:g}"
        stroke = f"stroke:var(--c{number % NUM_COLOURS})"
        if len(curve.xs) == 1:  # a line of one point draws nothing
            parts.append(
                _mark(number, f'transform="translate({places.replace(",", " ")})"')
                + f"<title>{last}</title></path>"
            )
        parts.append(
            f'<polyline class="curve" style="{stroke}" points="{places}"><title>{last}</title></polyline>'
        )
    return _figure(
        chart.title, parts, (_WIDTH, _HEIGHT), [curve.name for curve in curves], dots=False
    )


def _histogram(histogram: Histogram) -> str:
    total = sum(bar.number for bar in histogram.bars)
    if not total:
        return f"<figure>\n<h3>{escape(histogram.title)}</h3>\n<p>No values.</p>\n</figure>\n"
    shares = [100 * bar.number / total for bar in histogram.bars]
    y_ticks = ticks(0, max(shares))
    y_of = _scale(0, y_ticks[-1], _HEIGHT - _BOTTOM, _TOP)
    width = (_WIDTH - _RIGHT - _LEFT) / len(shares)
    parts: list[str] = []
    for y in y_ticks:
        parts.append(
            f'<line class="grid" x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y_of(y):.1f}" y2="{y_of(y):.1f}"/>'
        )
        parts.append(
            f'<text x="{_LEFT - 8}" y="{y_of(y) + 4:.1f}" text-anchor="end">{y:g} %</text>'
        )
    every = math.ceil((_DIGIT * max(len(str(bar.low)) for bar in histogram.bars) + _GAP) / width)
    for number, (bar, share) in enumerate(zip(histogram.bars, shares, strict=True)):
        left = _LEFT + number * width
        size = f"{bar.low:,}" if bar.low == bar.high else f"{bar.low:,} to {bar.high:,}"
        place = f'x="{left + 1:.1f}" width="{max(width - 2, 1):.1f}" y="{y_of(share):.1f}" height="{y_of(0) - y_of(share):.1f}"'
        parts.append(
            f'<rect class="bar" {place}><title>{size}: {bar.number:,} ({share:.1f} %)</title></rect>'
        )
        if number % every == 0:
            parts.append(
                f'<text x="{left + width / 2:.1f}" y="{_HEIGHT - _BOTTOM + 17}" text-anchor="middle">{bar.low}</text>'
            )
    middle = (_LEFT + _WIDTH - _RIGHT) / 2
    parts.append(
        f'<text x="{middle}" y="{_HEIGHT - 5}" text-anchor="middle">{escape(histogram.x_label)}</text>'
    )
    return _figure(histogram.title, parts, (_WIDTH, _HEIGHT), [], dots=False)


def _counts(counts: Counts) -> str:
    total = sum(number for _, number in counts.counts)
    largest = max((number for _, number in counts.counts), default=0)
    rows = "".join(
        f"<tr><td>{escape(name)}</td><td>{number:,}</td><td>{100 * number / (total or 1):.1f} %</td>"
        '<td><svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        f'<rect class="bar" width="{100 * number / (largest or 1):.2f}" height="10"/></svg></td></tr>\n'
        for name, number in counts.counts
    )
    rows = rows or '<tr><td colspan="4">none</td></tr>\n'
    return f'<div class="scroll"><table class="counts"><caption>{escape(counts.title)}</caption>\n<tbody>\n{rows}</tbody></table></div>\n'


def _map(plane: Map) -> str:
    if not plane.points:
        return f"<figure>\n<h3>{escape(plane.title)}</h3>\n<p>No points.</p>\n</figure>\n"
    width, height, edge = 900, 560, 16
    x_of = _scale(
        min(p.x for p in plane.points), max(p.x for p in plane.points), edge, width - edge
    )
    y_of = _scale(
        min(p.y for p in plane.points), max(p.y for p in plane.points), height - edge, edge
    )
    groups = list(dict.fromkeys(sorted(point.group for point in plane.points)))
    parts = [
        f'<rect x=".5" y=".5" width="{width - 1}" height="{height - 1}" fill="none" class="grid" rx="6"/>'
    ]
    for point in plane.points:
        place = f'class="point" transform="translate({x_of(point.x):.1f} {y_of(point.y):.1f})"'
        tooltip = f"<title>{escape(point.tooltip)}</title></path>"
        parts.append(_mark(groups.index(point.group), place) + tooltip)
    return _figure(plane.title, parts, (width, height), groups, dots=True)


def _figure(
    title: str, parts: Sequence[str], size: tuple[int, int], names: Sequence[str], *, dots: bool
) -> str:
    legend = "".join(
        '<li><svg viewBox="-7 -7 14 14" aria-hidden="true">'
        + (
            _mark(number, "") + "</path>"
            if dots
            else f'<path d="M-7 0H7" stroke-width="3" style="stroke:var(--c{number % NUM_COLOURS})"/>'
        )
        + f"</svg>{escape(name)}</li>"
        for number, name in enumerate(names)
    )
    legend = f'<ul class="legend">{legend}</ul>\n' if legend else ""
    drawing = "\n".join(parts)
    return (
        f"<figure>\n<h3>{escape(title)}</h3>\n{legend}"
        f'<svg viewBox="0 0 {size[0]} {size[1]}" role="img" aria-label="{escape(title)}">\n{drawing}\n</svg>\n</figure>\n'
    )


def _mark(group: int, attributes: str) -> str:
    shape = _SHAPES[(group + group // NUM_COLOURS) % len(_SHAPES)]
    return f'<path d="{shape}" style="fill:var(--c{group % NUM_COLOURS})" {attributes}>'


def _table(table: Table) -> str:
    head = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in table.header)
    strong = [*table.strong, *[False] * (len(table.rows) - len(table.strong))]
    rows = "".join(
        ('<tr class="strong">' if stands_out else "<tr>")
        + "".join(f"<td>{escape(cell)}</td>" for cell in row)
        + "</tr>\n"
        for row, stands_out in zip(table.rows, strong, strict=True)
    )
    caption = f"<caption>{escape(table.title)}</caption>" if table.title else ""
    return f'<div class="scroll"><table>{caption}\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody></table></div>\n'


def _listing(listing: Listing) -> str:
    code = "".join(
        escape(part.text, quote=False)
        if part.probability is None
        else f'<span class="hint" title="{part.probability:.0%}">{escape(part.text, quote=False)}</span>'
        for part in listing.parts
    )
    return f"<figure>\n<h3>{escape(listing.title)}</h3>\n<pre>{code}</pre>\n</figure>\n"


def ticks(low: float, high: float, *, count: int = 6) -> list[float]:
    """Return about `count` round numbers, evenly spaced, that enclose the range.

    Steps are 1, 2 or 5 times a power of ten. A range of one number is widened.
    """
    if low == high:
        low, high = low - 0.5, high + 0.5
    raw = (high - low) / (count - 1)
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return [round(number * step, 12) for number in range(first, last + 1)]


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    width = (high - low) or 1.0
    return lambda value: start + (value - low) / width * (end - start)


def _finite(pair: tuple[float, float]) -> bool:
    return math.isfinite(pair[0]) and math.isfinite(pair[1])
