"""The exception of bad input: commands print it as one line and exit with code 2."""

from pathlib import Path


class InputError(ValueError):
    """A file, a line of a file, an option or a configuration key of the user is invalid.

    Args:
        message: the fault, in one line.
        path: the file with the fault.
        line: its line, counted from 1.
    """

    def __init__(
        self, message: str, *, path: str | Path | None = None, line: int | None = None
    ) -> None:
        self.path = path
        self.line = line
        where = "" if path is None else f"{path}: " if line is None else f"{path}:{line}: "
        super().__init__(f"{where}{message}")
