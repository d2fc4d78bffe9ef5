"""The one exception that stands for bad input: the command line prints it as one line and exits
with 2.
"""

from pathlib import Path


class InputError(ValueError):
    """Something the user gave is wrong: a file, a line of it, an option, a configuration key.

    Args:
        message: what is wrong, as one clear line.
        path: the file it was found in.
        line: its 1-based line there.
    """

    def __init__(
        self, message: str, *, path: str | Path | None = None, line: int | None = None
    ) -> None:
        self.path = path
        self.line = line
        where = "" if path is None else f"{path}: " if line is None else f"{path}:{line}: "
        super().__init__(f"{where}{message}")
