"""The blocks of a page: charts, maps, tables, counts, texts and listings, as plain data."""

from collections.abc import Sequence
from typing import NamedTuple


class CodePart(NamedTuple):
    """A stretch of a listing: source text, or a hint with its probability."""

    text: str
    probability: float | None


class Curve(NamedTuple):
    """A line of a chart."""

    name: str
    xs: Sequence[float]
    ys: Sequence[float]


class Chart(NamedTuple):
    """Curves over a common axis; values that are not finite are left out."""

    title: str
    x_label: str
    curves: Sequence[Curve]


class Point(NamedTuple):
    """A point of a map with a tooltip."""

    x: float
    y: float
    group: str
    tooltip: str


class Map(NamedTuple):
    """Points in the plane, with a colour and a shape per group."""

    title: str
    points: Sequence[Point]


class Table(NamedTuple):
    """Rows of text; columns after the first are aligned as numbers. Rows marked in `strong` are
    bold.
    """

    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    strong: Sequence[bool] = ()


class Bar(NamedTuple):
    """Number of items with a size from `low` to `high`, both included."""

    low: int
    high: int
    number: int


class Histogram(NamedTuple):
    """Shares of items by size; all bars are equally wide, whatever their range."""

    title: str
    x_label: str
    bars: Sequence[Bar]


class CountTable(NamedTuple):
    """Counts by name, with their shares as numbers and as bars."""

    title: str
    counts: Sequence[tuple[str, int]]


class Text(NamedTuple):
    """A paragraph."""

    text: str


class Listing(NamedTuple):
    """Source text; parts with a probability are shown as hints."""

    title: str
    parts: Sequence[CodePart]


class Listings(NamedTuple):
    """Source texts, side by side if there is room."""

    listings: Sequence[Listing]


Block = Chart | Histogram | Map | Table | CountTable | Text | Listing | Listings


class Section(NamedTuple):
    """A heading with blocks. Adjacent charts, histograms and counts are placed side by side if
    there is room.
    """

    title: str
    blocks: Sequence[Block]
