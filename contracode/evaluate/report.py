"""The result of an evaluation: figures with intervals, as JSON or as tables."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from contracode.evaluate.resampling import Sampled
from contracode.support.metrics import bootstrap

if TYPE_CHECKING:
    from rich.table import Table


Progress = Callable[[int, int], None]
"""Called with the number of finished items and the number of all."""


class Figure(msgspec.Struct, kw_only=True):
    """A figure in per cent with its 95 % interval."""

    method: str
    metric: str
    value: float
    low: float
    high: float


class Difference(msgspec.Struct, kw_only=True):
    """Paired difference of two methods in a figure, in points, with its 95 % interval."""

    method: str
    other: str
    metric: str
    value: float
    low: float
    high: float


class EvaluationCurve(msgspec.Struct, kw_only=True):
    """A curve of a method, such as its ROC curve; both axes range from 0 to 1."""

    method: str
    name: str
    xs: list[float]
    ys: list[float]


class Example(msgspec.Struct, kw_only=True):
    """An item that a method got right or wrong, with its sources."""

    method: str
    right: bool
    text: str
    sources: list[str]


class Report(msgspec.Struct, kw_only=True):
    """The figures of one evaluation.

    Attributes:
        task: name of the evaluation.
        num_items: number of items.
        num_groups: number of files, repositories or problems, the unit of the bootstrap.
        figures: figures in the order of measurement.
        details: curves, bins and tables of each method, for the page.
        differences: paired differences of methods.
        curves: ROC curves.
        examples: single items.
    """

    task: str
    num_items: int
    num_groups: int
    figures: list[Figure] = msgspec.field(default_factory=list)
    details: dict[str, dict[str, object]] = msgspec.field(default_factory=dict)
    differences: list[Difference] = msgspec.field(default_factory=list)
    curves: list[EvaluationCurve] = msgspec.field(default_factory=list)
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
        """Add a figure with its bootstrap interval.

        Args:
            method: name of the method.
            metric: name of the figure.
            statistic: function from indices of items to the figure, as a share of one.
            groups: group of each item.
            seed: seed of the bootstrap.
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
        """Add the paired difference of two methods.

        Args:
            method: name of one method.
            other: name of the other method.
            metric: name of the figure.
            statistic: function from indices of items to the difference, as a share of one.
            groups: group of each item.
            seed: seed of the bootstrap.
        """
        found = bootstrap(statistic, groups, seed=seed)
        value, low, high = (100 * share for share in found)
        self.differences.append(
            Difference(method=method, other=other, metric=metric, value=value, low=low, high=high)
        )

    def add_sampled(self, method: str, metric: str, found: Sampled) -> None:
        """Add a figure, given as a share of one, with its interval."""
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

    def add_differences(
        self, models: Sequence[str], measured: Mapping[str, Mapping[str, Sampled]]
    ) -> None:
        """Add the paired differences of some methods from all others.

        Args:
            models: names of these methods.
            measured: figures of all methods, by method and metric.
        """
        for name in models:
            for other in (one for one in measured if one not in models):
                for metric, sampled in measured[name].items():
                    self._add_difference(
                        name, other, metric, sampled.minus(measured[other][metric])
                    )

    def _add_difference(self, method: str, other: str, metric: str, found: Sampled) -> None:
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
        """Return the figure of a method, in per cent."""
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
        size = f"{self.num_items} items in {self.num_groups} groups"
        return f"{self.task}: {size}, % with 95 % intervals"

    def tables(self) -> list[Table]:
        """Return figures and differences as tables that fit a screen."""
        found = _tables(self._title, "method", self.cells())
        for method in dict.fromkeys(difference.method for difference in self.differences):
            rows: dict[str, dict[str, str]] = {}
            for one in self.differences:
                if one.method == method:
                    text = f"{_signed(one.value)} [{_signed(one.low)}, {_signed(one.high)}]"
                    rows.setdefault(one.other, {})[one.metric] = text
            found += _tables(f"{method} minus the others, in points, paired", "minus", rows)
        return found


def _signed(points: float) -> str:
    return f"{round(points, 1) + 0.0:+.1f}"  # adding zero makes -0.0 a zero


_COLUMNS = 5
"""Maximum number of columns of a table on a screen."""


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
