"""What `contracode demo` shows in a terminal: stages and bars on stderr, results on stdout."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from contracode.cli.demo.results import Augmented, Results, Trained, Watch


class StageError(Exception):
    """A stage failed; the message says which and why."""


class StageClock:
    """Announces stages and times them.

    Attributes:
        seconds: of each finished stage by its title, in order.
    """

    def __init__(self, console: Console) -> None:
        self.seconds: dict[str, float] = {}
        self._console = console

    @contextmanager
    def stage(self, title: str) -> Iterator[None]:
        """Run the block as a stage.

        Raises:
            StageError: the block raised an exception.
        """
        self._console.rule(f"{len(self.seconds) + 1}  {title}", align="left", style="dim")
        began = time.perf_counter()
        try:
            yield
        except Exception as error:
            raise StageError(f"the stage {title!r} failed: {error}") from error
        self.seconds[title] = time.perf_counter() - began


@contextmanager
def watching(title: str, console: Console) -> Iterator[Watch]:
    """Show a bar with figures while the block runs; a line for every quarter where the console is
    no terminal.
    """
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    bar = Progress(
        TextColumn(title),
        BarColumn(bar_width=24),
        TextColumn("{task.fields[figures]}"),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    )
    task = bar.add_task("", total=None, figures="")
    quarters = 0

    def watch(done: int, total: int, figures: dict[str, float]) -> None:
        nonlocal quarters
        text = "  ".join(f"{name} {value:.4g}" for name, value in figures.items())
        bar.update(task, completed=done, total=total, figures=text)
        if not console.is_terminal and 4 * done // total > quarters:
            quarters = 4 * done // total
            console.print(f"{title} {done}/{total}  {text}", soft_wrap=True, highlight=False)

    with bar:
        yield watch


def print_augmented(augmented: Augmented, out: Console) -> None:
    """Print the counts, and one function beside three views."""
    from rich.columns import Columns
    from rich.panel import Panel
    from rich.syntax import Syntax

    out.print(
        f"{augmented.functions} functions, {augmented.views:,} views in {augmented.seconds:.1f} s "
        f"on one core: "
        f"{augmented.views / augmented.seconds:,.0f} a second, {augmented.distinct:,} distinct",
        highlight=False,
    )
    shown = [(f"{augmented.name}, as written", augmented.source)]
    shown += [(", ".join(view.transforms) or "unchanged", view.text) for view in augmented.shown]
    in_row = 4 if out.width >= 160 else 2 if out.width >= 80 else 1
    width = out.width // in_row - 1
    panels = [
        Panel(
            Syntax(
                text.strip(),
                "javascript",
                theme="ansi_dark",
                background_color="default",
                word_wrap=True,
            ),
            title=title,
            width=width,
        )
        for title, text in shown
    ]
    out.print(Columns(panels, width=width))


def print_curve(title: str, trained: Trained, metrics: list[str], out: Console) -> None:
    """Print where figures began and where they ended."""
    parts = []
    for metric in metrics:
        values = [row[metric] for row in trained.history if metric in row]
        if values:
            parts.append(f"{metric} {values[0]:.3f} -> {values[-1]:.3f}")
    steps = int(trained.history[-1]["step"]) if trained.history else 0
    out.print(
        f"{title}: {steps} steps in {trained.seconds:.1f} s, {', '.join(parts)}", highlight=False
    )


def print_results(results: Results, out: Console) -> None:
    """Print the tables and the file with its hints."""
    from rich.text import Text

    from contracode.cli.demo.page import caution, hints_note

    for report in results.reports:
        out.print(report.table())
    out.print(caution(results), highlight=False)
    out.print(f"\n{results.hinted.path}: {hints_note(results)}\n", highlight=False)
    drawn = Text()
    for part in results.hinted.parts:
        drawn.append(part.text, style=None if part.probability is None else "italic magenta")
    out.print(drawn, soft_wrap=True)
