"""What the verbs share: progress on stderr, numbers that options take."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from contracode.support.errors import InputError


@contextmanager
def bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar while the block runs, and give the function that moves it: what is done, and what
    there is in all.
    """
    from rich.console import Console
    from rich.progress import Progress

    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as shown:
        task = shown.add_task(title, total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)


@contextmanager
def stages() -> Iterator[Callable[[str, int, int], None]]:
    """Show a bar for each stage, and say when an earlier run had begun; yields what to call with
    stage, done, total.
    """
    from rich.console import Console
    from rich.progress import MofNCompleteColumn, Progress, TaskID

    console = Console(stderr=True)
    columns = (*Progress.get_default_columns(), MofNCompleteColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as progress:
        tasks: dict[str, TaskID] = {}

        def show(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = progress.add_task(stage)
                if done:
                    print(
                        f"contracode corpus: goes on from an earlier run: {done} of {total} {stage}",
                        file=sys.stderr,
                    )
            progress.update(tasks[stage], completed=done, total=total)

        yield show


def positive(option: str, number: int) -> int:
    """Return the number that an option has.

    Raises:
        InputError: it is below 1.
    """
    if number < 1:
        raise InputError(f"{option} must be at least 1, not {number}")
    return number
