"""`Chance`: a stream of random choices, the same for the same seed."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import TypeVar

_T = TypeVar("_T")


class Chance:
    """A stream of random choices.

    Has a `random.Random` and is none: a class that inherits from it is not compiled, and the choices of the standard library take several
    times as long as what they do.

    Attributes:
        random: returns the next number of the stream, from 0 to below 1.
    """

    def __init__(self, seed: int) -> None:
        self.random: Callable[[], float] = random.Random(seed).random

    def choice(self, options: Sequence[_T]) -> _T:
        """Return one of `options`, of which there are some."""
        return options[int(self.random() * len(options))]

    def randrange(self, first: int, stop: int) -> int:
        """Return a number from `first` to below `stop`."""
        return first + int(self.random() * (stop - first))
