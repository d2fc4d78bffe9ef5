"""`Chance`: a stream of random choices, the same for the same seed."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from hashlib import blake2b
from typing import Final, TypeVar

_STEP: Final = 2.0**-32

_T = TypeVar("_T")

_NUMBERS: Final = struct.Struct("<16I")


class Chance:
    """A stream of random choices: hashes of the seed and of a counter, cut into numbers.

    Not a `random.Random`: a view makes some sixty choices, and to seed one takes longer than all of
    them; and a class that inherits from it is not compiled.

    Args:
        seed: what the stream is told apart by.
    """

    def __init__(self, seed: str) -> None:
        self._seed = seed
        self._block = 0
        self._at = 16
        self._numbers: tuple[int, ...] = ()

    def random(self) -> float:
        """Return the next number of the stream, from 0 to below 1."""
        at = self._at
        if at == 16:
            at = 0
            self._numbers = _NUMBERS.unpack(
                blake2b(f"{self._seed}/{self._block}".encode()).digest()
            )
            self._block += 1
        self._at = at + 1
        return self._numbers[at] * _STEP

    def choice(self, options: Sequence[_T]) -> _T:
        """Return one of `options`, of which there are some."""
        return options[int(self.random() * len(options))]

    def randrange(self, first: int, stop: int) -> int:
        """Return a number from `first` to below `stop`."""
        return first + int(self.random() * (stop - first))
