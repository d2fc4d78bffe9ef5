"""Progress on standard error, in one style for all commands.

On a terminal it is a bar that disappears at the end. Elsewhere, such as in a log file, long work
prints a line now and then.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

SECONDS_BETWEEN_LINES = 15.0
"""Interval of the lines that are printed without a terminal."""


class ProgressDisplay:
    """Bars by title; call it with a title, the number of finished items, their total (None if it is
    unknown) and a note.
    """

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}
        self._printed = time.monotonic()

    def __call__(self, title: str, done: int, total: int | None, note: str = "") -> None:
        """Move the bar of a title, which is added at its first call."""
        if title not in self._tasks:
            self._tasks[title] = self._progress.add_task(title, total=total, note=note)
        self._progress.update(self._tasks[title], completed=done, total=total, note=note)
        if self._progress.disable and time.monotonic() - self._printed > SECONDS_BETWEEN_LINES:
            self._printed = time.monotonic()
            count = f"{done:,}" if total is None else f"{done:,} of {total:,}"
            print(f"{title}: {count}  {note}".rstrip(), file=sys.stderr, flush=True)


@contextmanager
def display() -> Iterator[ProgressDisplay]:
    """Show progress while the block runs."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    progress = Progress(
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[note]}"),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    )
    with progress:
        yield ProgressDisplay(progress)


@contextmanager
def bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show one bar while the block runs; yields the function that moves it (done, total)."""
    with display() as show:
        yield lambda done, total: show(title, done, total)


@contextmanager
def stages() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar per stage of resumable work; yields the function that moves one (stage, done,
    total). A stage that starts with finished items is reported in a line.
    """
    begun: set[str] = set()
    with display() as show:

        def move(stage: str, done: int, total: int) -> None:
            if stage not in begun and done:
                print(f"contracode corpus: resuming, {done} of {total} {stage}", file=sys.stderr)
            begun.add(stage)
            show(stage, done, total)

        yield move
