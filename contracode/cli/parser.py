"""The argument parser of every command: usage errors are one line, as all other bad input."""

import argparse
import difflib
from collections.abc import Iterable
from typing import Any, NoReturn

from contracode.support.errors import InputError


class CommandParser(argparse.ArgumentParser):
    """A parser that keeps the layout of descriptions and raises `InputError` on wrong usage."""

    def __init__(self, *args: Any, **options: Any) -> None:
        options.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        super().__init__(*args, **options)

    def error(self, message: str) -> NoReturn:
        """Raise an `InputError` that points to the help."""
        raise InputError(f"{message}; see {self.prog} --help")


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a suggestion such as "; did you mean embed?", or "" if no word is similar."""
    found = difflib.get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {found[0]}?" if found else ""
