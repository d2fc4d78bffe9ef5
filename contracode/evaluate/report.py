"""What an evaluation returns: every figure with its interval, by method and metric, as JSON or as a
table.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from contracode.evaluate.resampling import Sampled
from contracode.support.metrics import bootstrap

if TYPE_CHECKING:
    from rich.table import Table


class Figure(msgspec.Struct, kw_only=True):
    """One figure in per cent with its 95 % interval."""

    method: str
    metric: str
    value: float
    low: float
    high: float


class Difference(msgspec.Struct, kw_only=True):
    """By how much a method is above another in a figure, in points, with the 95 % interval over the
    same samples.
    """

    method: str
    other: str
    metric: str
    value: float
    low: float
    high: float


class Curve(msgspec.Struct, kw_only=True):
    """Points of a curve of a method, such as its ROC curve; both axes are shares of one."""

    method: str
    name: str
    xs: list[float]
    ys: list[float]


class Example(msgspec.Struct, kw_only=True):
    """Something that a method got right or wrong, with the sources that it was about."""

    method: str
    right: bool
    text: str
    sources: list[str]


class Report(msgspec.Struct, kw_only=True):
    """The figures of one evaluation.

    Attributes:
        task: what was measured.
        num_items: over how many items.
        num_groups: and how many files, repositories or problems, the unit of the intervals.
        figures: in the order in which they were measured.
        details: of a method, what a page draws: curves, bins, tables.
        differences: between methods, paired.
        curves: behind the figures.
        examples: of single items.
    """

    task: str
    num_items: int
    num_groups: int
    figures: list[Figure] = msgspec.field(default_factory=list)
    details: dict[str, dict[str, object]] = msgspec.field(default_factory=dict)
    differences: list[Difference] = msgspec.field(default_factory=list)
    curves: list[Curve] = msgspec.field(default_factory=list)
    examples: list[Example] = msgspec.field(default_factory=list)

    def add(
        self,
        method: str,
        metric: str,
        statistic: Callable[[np.ndarray], float],
        groups: Sequence[Hashable],
        *,
        seed: int = 0,
    ) -> None:
        """Measure a statistic of item numbers (a share between 0 and 1) with its bootstrap
        interval.
        """
        found = bootstrap(statistic, groups, seed=seed)
        self.figures.append(
            Figure(
                method=method,
                metric=metric,
                value=100 * found.value,
                low=100 * found.low,
                high=100 * found.high,
            )
        )

    def compare(
        self,
        method: str,
        other: str,
        metric: str,
        statistic: Callable[[np.ndarray], float],
        groups: Sequence[Hashable],
        *,
        seed: int = 0,
    ) -> None:
        """Measure by how much `method` is above `other` in a statistic of item numbers, a
        difference of shares, as `add` does a share.
        """
        found = bootstrap(statistic, groups, seed=seed)
        value, low, high = (100 * share for share in found)
        self.differences.append(
            Difference(method=method, other=other, metric=metric, value=value, low=low, high=high)
        )

    def add_sampled(self, method: str, metric: str, found: Sampled) -> None:
        """Enter a figure (a share of one) with its interval."""
        low, high = found.interval()
        self.figures.append(
            Figure(
                method=method,
                metric=metric,
                value=100 * found.value,
                low=100 * low,
                high=100 * high,
            )
        )

    def add_difference(self, method: str, other: str, metric: str, found: Sampled) -> None:
        """Enter by how much `method` is above `other`."""
        low, high = found.interval()
        self.differences.append(
            Difference(
                method=method,
                other=other,
                metric=metric,
                value=100 * found.value,
                low=100 * low,
                high=100 * high,
            )
        )

    def value(self, method: str, metric: str) -> float:
        """Return one figure."""
        return next(
            figure.value
            for figure in self.figures
            if (figure.method, figure.metric) == (method, metric)
        )

    def cells(self) -> dict[str, dict[str, str]]:
        """Return each method's figures as text, by metric."""
        found: dict[str, dict[str, str]] = {}
        for figure in self.figures:
            text = f"{figure.value:.1f} [{figure.low:.1f}, {figure.high:.1f}]"
            found.setdefault(figure.method, {})[figure.metric] = text
        return found

    def table(self) -> Table:
        """Return the figures as one table, one line for each method."""
        return _tables(self._title, "method", self.cells(), columns=len(self.figures))[0]

    @property
    def _title(self) -> str:
        return f"{self.task}: {self.num_items} items in {self.num_groups} groups, % with 95 % intervals"

    def tables(self) -> list[Table]:
        """Return the figures as tables that fit a screen, and the differences likewise."""
        found = _tables(self._title, "method", self.cells())
        for method in dict.fromkeys(difference.method for difference in self.differences):
            rows: dict[str, dict[str, str]] = {}
            for one in self.differences:
                if one.method == method:
                    text = f"{_signed(one.value)} [{_signed(one.low)}, {_signed(one.high)}]"
                    rows.setdefault(one.other, {})[one.metric] = text
            found += _tables(
                f"{method} above the others, in points, over the same samples", "above", rows
            )
        return found


def _signed(points: float) -> str:
    return f"{round(points, 1) + 0.0:+.1f}"  # adding zero makes -0.0 a zero


_COLUMNS = 5
"""Figures that stand beside one another on a screen."""


def _tables(
    title: str, corner: str, cells: dict[str, dict[str, str]], *, columns: int = _COLUMNS
) -> list[Table]:
    from rich.table import Table

    metrics = list(dict.fromkeys(metric for row in cells.values() for metric in row))
    tables: list[Table] = []
    for start in range(0, len(metrics) or 1, columns or 1):
        shown = metrics[start : start + columns]
        table = Table(title=title if not start else None, title_justify="left")
        table.add_column(corner)
        for metric in shown:
            table.add_column(metric, justify="right")
        for method, row in cells.items():
            if any(metric in row for metric in shown):
                table.add_row(method, *(row.get(metric, "") for metric in shown))
        tables.append(table)
    return tables
