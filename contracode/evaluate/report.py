"""What an evaluation returns: every figure with its interval, by method and metric, as JSON or as a table."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from contracode.evaluate.metrics import bootstrap

if TYPE_CHECKING:
    from rich.table import Table


class Figure(msgspec.Struct, kw_only=True):
    """One figure in per cent with its 95 % interval."""

    method: str
    metric: str
    value: float
    low: float
    high: float


class Report(msgspec.Struct, kw_only=True):
    """The figures of one evaluation.

    Attributes:
        task: what was measured.
        num_items: over how many items.
        num_groups: and how many files or repositories, the unit of the intervals.
        figures: in the order in which they were measured.
        details: of a method, what a page draws: curves, bins, tables.
    """

    task: str
    num_items: int
    num_groups: int
    figures: list[Figure] = msgspec.field(default_factory=list)
    details: dict[str, dict[str, object]] = msgspec.field(default_factory=dict)

    def add(
        self,
        method: str,
        metric: str,
        statistic: Callable[[np.ndarray], float],
        groups: Sequence[Hashable],
        *,
        seed: int = 0,
    ) -> None:
        """Measure a statistic of item numbers (a share between 0 and 1) with its bootstrap interval."""
        found = bootstrap(statistic, groups, seed=seed)
        self.figures.append(
            Figure(method=method, metric=metric, value=100 * found.value, low=100 * found.low, high=100 * found.high)
        )

    def value(self, method: str, metric: str) -> float:
        """Return one figure."""
        return next(figure.value for figure in self.figures if (figure.method, figure.metric) == (method, metric))

    def table(self) -> Table:
        """Return the figures as a table, one line for each method."""
        from rich.table import Table

        metrics = list(dict.fromkeys(figure.metric for figure in self.figures))
        cells: dict[str, dict[str, str]] = {}
        for figure in self.figures:
            text = f"{figure.value:.1f} [{figure.low:.1f}, {figure.high:.1f}]"
            cells.setdefault(figure.method, {})[figure.metric] = text
        table = Table(
            title=f"{self.task}: {self.num_items} items in {self.num_groups} groups, % with 95 % intervals",
            title_justify="left",
        )
        table.add_column("method")
        for metric in metrics:
            table.add_column(metric, justify="right")
        for method, row in cells.items():
            table.add_row(method, *(row.get(metric, "") for metric in metrics))
        return table
