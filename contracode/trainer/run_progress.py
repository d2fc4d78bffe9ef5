"""The progress bar of a run on stderr."""

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn


class RunProgress:
    """A bar with the latest figures; without a terminal, a line of text for every tenth of the run.

    Args:
        console: the console to draw on.
        title: the title of the bar.
    """

    def __init__(self, console: Console, title: str) -> None:
        self._console = console
        self._title = title
        self._tenths = 0
        self._progress = Progress(
            TextColumn(title),
            BarColumn(bar_width=24),
            TextColumn("{task.fields[figures]}"),
            TimeRemainingColumn(),
            console=console,
            disable=not console.is_terminal,
        )
        self._task = self._progress.add_task("", total=1.0, figures="")

    def start(self) -> None:
        """Show the bar."""
        self._progress.start()

    def stop(self) -> None:
        """Stop updating the bar, and leave it visible."""
        self._progress.stop()

    def advance(self, progress: float) -> None:
        """Move the bar to a share of the run, in [0, 1]."""
        self._progress.update(self._task, completed=progress)

    def show(self, figures: str, progress: float) -> None:
        """Show the latest figures.

        Args:
            figures: text to show.
            progress: share of the run, in [0, 1].
        """
        self._progress.update(self._task, figures=figures)
        if not self._console.is_terminal and int(10 * progress) > self._tenths:
            self._tenths = int(10 * progress)
            line = f"{self._title} {progress:4.0%}  {figures}"
            self._console.print(line, soft_wrap=True, highlight=False)
